/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include "hash_check.h"

int main(void)
{
    static const tlsc_hash *const hashes[] = { &tlsc_libcrypto_sha256, &tlsc_libcrypto_sha384 };
    return hash_check(hashes, sizeof(hashes) / sizeof(hashes[0]));
}
