/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/fips.c: what libcrypto says of itself. */
#include <openssl/crypto.h>

#include "crypto/libcrypto/internal.h"

bool tlsc_libcrypto_fips(void)
{
    return FIPS_mode() == 1;
}
