/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/mldsa.c: ML-DSA, FIPS 204, on libcrypto's EVP keys; how these are made is the
 * flavour's. TLS signs with an empty context, draft-ietf-tls-mldsa. */
#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

/* RFC 9881 2: id-ml-dsa-44, -65 and -87. FIPS 204 4, table 2, has the sizes. */
#define OID(last) { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last }

static const tlsc_mldsa_set sets[] = {
    { TLSC_KEY_KIND_MLDSA44, OID(0x11), 1312, 2560, 2420 },
    { TLSC_KEY_KIND_MLDSA65, OID(0x12), 1952, 4032, 3309 },
    { TLSC_KEY_KIND_MLDSA87, OID(0x13), 2592, 4896, 4627 },
};

const tlsc_mldsa_set *tlsc_mldsa_set_by_kind(tlsc_key_kind kind)
{
    for (size_t i = 0; i < TLSC_COUNT(sets); i++) {
        if (sets[i].kind == kind) {
            return &sets[i];
        }
    }
    return NULL;
}

const tlsc_mldsa_set *tlsc_mldsa_set_by_oid(tlsc_bytes oid)
{
    for (size_t i = 0; i < TLSC_COUNT(sets); i++) {
        if (tlsc_bytes_equal(oid, tlsc_bytes_of(sets[i].oid, sizeof(sets[i].oid)))) {
            return &sets[i];
        }
    }
    return NULL;
}

bool tlsc_mldsa_public_bytes(const tlsc_mldsa_set *set, const EVP_PKEY *key, uint8_t *out)
{
    size_t n = set->public_len;
    return EVP_PKEY_get_raw_public_key(key, out, &n) && n == set->public_len;
}

bool tlsc_mldsa_sign(const tlsc_mldsa_set *set, EVP_PKEY *key, tlsc_bytes message, uint8_t *out,
                     size_t *out_len)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t n = set->signature_len;
    bool ok = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) &&
              EVP_DigestSign(ctx, out, &n, message.p, message.n) && n == set->signature_len;
    EVP_MD_CTX_free(ctx);
    *out_len = ok ? n : 0;
    return ok;
}

bool tlsc_mldsa_verify(const tlsc_mldsa_set *set, EVP_PKEY *key, tlsc_bytes message,
                       tlsc_bytes signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx != NULL && signature.n == set->signature_len &&
              EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) &&
              EVP_DigestVerify(ctx, signature.p, signature.n, message.p, message.n) == 1;
    EVP_MD_CTX_free(ctx);
    return ok;
}
