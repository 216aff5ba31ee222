/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/awslc/mldsa.c: ML-DSA keys, of AWS-LC's kind PQDSA. */
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>

#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

static int nid(const tlsc_mldsa_set *set)
{
    switch (set->kind) {
    case TLSC_KEY_KIND_MLDSA44: return NID_MLDSA44;
    case TLSC_KEY_KIND_MLDSA65: return NID_MLDSA65;
    default: return NID_MLDSA87;
    }
}

EVP_PKEY *tlsc_mldsa_of_public(const tlsc_mldsa_set *set, tlsc_bytes key)
{
    return EVP_PKEY_pqdsa_new_raw_public_key(nid(set), key.p, key.n);
}

/* A private key is made of a seed or of the expanded form, as its length says. */
EVP_PKEY *tlsc_mldsa_of_seed(const tlsc_mldsa_set *set, tlsc_bytes seed)
{
    return seed.n == TLSC_MLDSA_SEED_LEN
               ? EVP_PKEY_pqdsa_new_raw_private_key(nid(set), seed.p, seed.n)
               : NULL;
}

tlsc_err tlsc_mldsa_of_expanded(const tlsc_mldsa_set *set, tlsc_bytes expanded, EVP_PKEY **out)
{
    *out = expanded.n == set->expanded_len
               ? EVP_PKEY_pqdsa_new_raw_private_key(nid(set), expanded.p, expanded.n)
               : NULL;
    return *out == NULL ? TLSC_E_BAD_PRIVATE_KEY : TLSC_OK;
}

bool tlsc_mldsa_is_expansion(const tlsc_mldsa_set *set, const EVP_PKEY *key, tlsc_bytes expanded)
{
    uint8_t own[TLSC_MLDSA_EXPANDED_MAX];
    size_t n = sizeof(own);
    bool same = EVP_PKEY_get_raw_private_key(key, own, &n) && n == set->expanded_len &&
                expanded.n == n && CRYPTO_memcmp(own, expanded.p, n) == 0;
    tlsc_wipe(own, sizeof(own));
    return same;
}
