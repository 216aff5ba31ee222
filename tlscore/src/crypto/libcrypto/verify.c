/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/verify.c: checks a signature with a public key. */
#include <openssl/curve25519.h>
#include <openssl/digest.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "base/try.h"
#include "crypto/libcrypto/internal.h"

static bool verify_rsa(const tlsc_scheme *s, RSA *rsa, const uint8_t *digest, tlsc_bytes signature)
{
    if (s->pss) {
        return RSA_verify_pss_mgf1(rsa, digest, s->digest_len, s->md(), s->md(), s->digest_len,
                                   signature.p, signature.n) == 1;
    }
    return RSA_verify(s->digest_nid, digest, s->digest_len, signature.p, signature.n, rsa) == 1;
}

static bool verify_by_kind(const tlsc_scheme *s, const tlsc_public_key *key, tlsc_bytes message,
                           tlsc_bytes signature)
{
    uint8_t digest[TLSC_DIGEST_MAX];
    if (s->digest != NULL) {
        s->digest(message.p, message.n, digest);
    }
    switch (s->kind) {
    case TLSC_KEY_KIND_RSA:
        return verify_rsa(s, key->rsa, digest, signature);
    case TLSC_KEY_KIND_EC:
        return ECDSA_verify(0, digest, s->digest_len, signature.p, signature.n, key->ec) == 1;
    case TLSC_KEY_KIND_ED25519:
        return signature.n == ED25519_SIGNATURE_LEN &&
               ED25519_verify(message.p, message.n, signature.p, key->ed25519) == 1;
    case TLSC_KEY_KIND_MLDSA44:
    case TLSC_KEY_KIND_MLDSA65:
    case TLSC_KEY_KIND_MLDSA87:
        return tlsc_mldsa_verify(tlsc_mldsa_set_by_kind(s->kind), key->mldsa, message, signature);
    }
    return false;
}

tlsc_err tlsc_libcrypto_verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                               tlsc_bytes signature)
{
    const tlsc_scheme *s = tlsc_scheme_by_id(scheme);
    tlsc_public_key key = { 0 };
    if (s == NULL) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    TRY(tlsc_public_key_parse(spki, &key));
    tlsc_err rc = TLSC_E_UNSUPPORTED_KEY;
    if (s->kind == key.kind) {
        rc = verify_by_kind(s, &key, message, signature)
                 ? TLSC_OK
                 : tlsc_libcrypto_error(TLSC_E_BAD_SIGNATURE);
    }
    tlsc_public_key_clear(&key);
    return rc;
}
