/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/error.c: from libcrypto's error queue to one of our errors. */
#include <openssl/bn.h>
#include <openssl/err.h>

#include "crypto/libcrypto/internal.h"

static bool is_lack_of_memory(uint32_t e)
{
    /* BN_CTX_start can't fail: where its allocation does, it drops that error, and the next
     * BN_CTX_get says this instead. */
    return ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE ||
           (ERR_GET_LIB(e) == ERR_LIB_BN &&
            ERR_GET_REASON(e) == BN_R_TOO_MANY_TEMPORARY_VARIABLES);
}

tlsc_err tlsc_libcrypto_error(tlsc_err e)
{
    uint32_t queued;
    /* This file is in every link that has libcrypto allocate, so this is the place to say it. */
    tlsc_libcrypto_memory();
    while ((queued = (uint32_t)ERR_get_error()) != 0) {
        if (is_lack_of_memory(queued)) {
            e = TLSC_E_NO_MEMORY;
        }
    }
    return e;
}
