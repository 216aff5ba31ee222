/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/boringssl/mldsa.c: ML-DSA keys. BoringSSL makes private ones from their seed alone. */
#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

static const EVP_PKEY_ALG *algorithm(const tlsc_mldsa_set *set)
{
    switch (set->kind) {
    case TLSC_KEY_KIND_MLDSA44: return EVP_pkey_ml_dsa_44();
    case TLSC_KEY_KIND_MLDSA65: return EVP_pkey_ml_dsa_65();
    default: return EVP_pkey_ml_dsa_87();
    }
}

EVP_PKEY *tlsc_mldsa_of_public(const tlsc_mldsa_set *set, tlsc_bytes key)
{
    return EVP_PKEY_from_raw_public_key(algorithm(set), key.p, key.n);
}

EVP_PKEY *tlsc_mldsa_of_seed(const tlsc_mldsa_set *set, tlsc_bytes seed)
{
    return EVP_PKEY_from_private_seed(algorithm(set), seed.p, seed.n);
}

tlsc_err tlsc_mldsa_of_expanded(const tlsc_mldsa_set *set, tlsc_bytes expanded, EVP_PKEY **out)
{
    (void)set;
    (void)expanded;
    *out = NULL;
    return TLSC_E_UNSUPPORTED_KEY;
}

/* Both begin with rho, FIPS 204 7.2: there is no other part of the expanded key that BoringSSL tells. */
bool tlsc_mldsa_is_expansion(const tlsc_mldsa_set *set, const EVP_PKEY *key, tlsc_bytes expanded)
{
    enum { RHO = 32 };
    uint8_t pub[TLSC_MLDSA_PUBLIC_MAX];
    return expanded.n == set->expanded_len && tlsc_mldsa_public_bytes(set, key, pub) &&
           tlsc_bytes_equal(tlsc_bytes_of(expanded.p, RHO), tlsc_bytes_of(pub, RHO));
}
