/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/client.c: a whole client connection, from its ClientHello to application data and beyond,
 * with cryptography that mutations get past. test/lib/client_play.h tells the input's form. */
#include "client_play.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    client_play_run(data, size, NULL);
    return 0;
}
