/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/random.c: libsodium's source, which asks the kernel each time: a fork needs no notice. */
#include <sodium.h>

#include "crypto/sodium/sodium.h"

/* It can't fail: a kernel that gives no random bytes was found by sodium_init. */
static tlsc_err fill(void *ctx, uint8_t *out, size_t n)
{
    (void)ctx;
    if (n > 0) {
        randombytes_buf(out, n);
    }
    return TLSC_OK;
}

const tlsc_random tlsc_sodium_random = {
    .size = sizeof(tlsc_random),
    .fill = fill,
    .ctx = NULL,
};
