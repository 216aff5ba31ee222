/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/server.c: a whole server connection, from its first byte to application data and
 * beyond, with cryptography that mutations get past. test/lib/server_play.h tells the input's form.
 */
#include "server_play.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    server_play_run(data, size, NULL);
    return 0;
}
