/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/random.c: libcrypto's generator, which notices a fork by itself. */
#include <openssl/rand.h>

#include "crypto/libcrypto/internal.h"

static tlsc_err fill(void *ctx, uint8_t *out, size_t n)
{
    (void)ctx;
    return RAND_bytes(out, n) == 1 ? TLSC_OK : tlsc_libcrypto_error(TLSC_E_RANDOM);
}

const tlsc_random tlsc_libcrypto_random = {
    .size = sizeof(tlsc_random),
    .fill = fill,
    .ctx = NULL,
};
