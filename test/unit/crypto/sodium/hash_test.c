/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium/sodium.h"

#include "hash_check.h"

int main(void)
{
    static const tlsc_hash *const hashes[] = { &tlsc_sodium_sha256 };
    return hash_check(hashes, 1);
}
