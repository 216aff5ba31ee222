/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/error.c: from libcrypto's error queue to one of our errors. */
#include <openssl/err.h>

#include "crypto/libcrypto/internal.h"

tlsc_err tlsc_libcrypto_error(tlsc_err e)
{
    uint32_t queued;
    while ((queued = (uint32_t)ERR_get_error()) != 0) {
        if (ERR_GET_REASON(queued) == ERR_R_MALLOC_FAILURE) {
            e = TLSC_E_NO_MEMORY;
        }
    }
    return e;
}
