/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/sign.c: private keys that sign.
 *
 * libcrypto's own objects sign, below EVP, whose contexts would be allocated for each signature; but
 * for ML-DSA, which the flavours have in common on EVP alone.
 * RSA's blinding and its Montgomery contexts are libcrypto's business and stay as they are. */
#include <openssl/curve25519.h>
#include <openssl/ecdsa.h>
#include <openssl/mem.h>
#include <openssl/rsa.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

typedef struct libcrypto_key {
    tlsc_signing_key base; /* first, so that one pointer is both */
    tlsc_private_key key;
    uint8_t *spki;
} libcrypto_key;

/* Best first. PKCS #1 v1.5 is for TLS 1.2; RFC 8446 4.2.3 has no handshake signature with it. */
static const uint16_t rsa_schemes[] = {
    TLSC_SIG_RSA_PSS_SHA256,   TLSC_SIG_RSA_PSS_SHA384,   TLSC_SIG_RSA_PSS_SHA512,
    TLSC_SIG_RSA_PKCS1_SHA256, TLSC_SIG_RSA_PKCS1_SHA384, TLSC_SIG_RSA_PKCS1_SHA512,
};
/* The curve's own first, which is all that TLS 1.3 has for it; the others are for TLS 1.2. */
static const uint16_t p256_schemes[] = {
    TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P521_SHA512
};
static const uint16_t p384_schemes[] = {
    TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P521_SHA512, TLSC_SIG_ECDSA_P256_SHA256
};
static const uint16_t p521_schemes[] = {
    TLSC_SIG_ECDSA_P521_SHA512, TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P256_SHA256
};
static const uint16_t ed25519_schemes[] = { TLSC_SIG_ED25519 };
static const uint16_t mldsa44_schemes[] = { TLSC_SIG_MLDSA44 };
static const uint16_t mldsa65_schemes[] = { TLSC_SIG_MLDSA65 };
static const uint16_t mldsa87_schemes[] = { TLSC_SIG_MLDSA87 };

static bool has_scheme(const tlsc_signing_key *key, uint16_t scheme)
{
    for (size_t i = 0; i < key->num_schemes; i++) {
        if (key->schemes[i] == scheme) {
            return true;
        }
    }
    return false;
}

static bool sign_rsa(const tlsc_scheme *s, RSA *rsa, const uint8_t *digest, uint8_t *out,
                     size_t *out_len)
{
    if (s->pss) {
        /* RFC 8446 4.2.3: the salt is as long as the digest, and so is MGF1's hash. */
        return RSA_sign_pss_mgf1(rsa, out_len, out, TLSC_SIGNATURE_MAX, digest, s->digest_len,
                                 s->md(), s->md(), s->digest_len) == 1;
    }
    unsigned len = 0;
    bool ok = RSA_sign(s->digest_nid, digest, s->digest_len, out, &len, rsa) == 1;
    *out_len = len;
    return ok;
}

static bool sign_ec(const tlsc_scheme *s, const EC_KEY *ec, const uint8_t *digest, uint8_t *out,
                    size_t *out_len)
{
    unsigned len = 0;
    bool ok = ECDSA_sign(0, digest, s->digest_len, out, &len, ec) == 1;
    *out_len = len;
    return ok;
}

static bool sign_ed25519(const tlsc_private_key *key, tlsc_bytes message, uint8_t *out,
                         size_t *out_len)
{
    *out_len = ED25519_SIGNATURE_LEN;
    return ED25519_sign(out, message.p, message.n, key->ed25519) == 1;
}

static bool sign_by_kind(const tlsc_scheme *s, const tlsc_private_key *key, tlsc_bytes message,
                         uint8_t *out, size_t *out_len)
{
    uint8_t digest[TLSC_DIGEST_MAX];
    if (s->digest != NULL) {
        s->digest(message.p, message.n, digest);
    }
    switch (s->kind) {
    case TLSC_KEY_KIND_RSA:
        return sign_rsa(s, key->pub.rsa, digest, out, out_len);
    case TLSC_KEY_KIND_EC:
        return sign_ec(s, key->pub.ec, digest, out, out_len);
    case TLSC_KEY_KIND_ED25519:
        return sign_ed25519(key, message, out, out_len);
    case TLSC_KEY_KIND_MLDSA44:
    case TLSC_KEY_KIND_MLDSA65:
    case TLSC_KEY_KIND_MLDSA87:
        return tlsc_mldsa_sign(tlsc_mldsa_set_by_kind(s->kind), key->pub.mldsa, message, out,
                               out_len);
    }
    return false;
}

static tlsc_err sign(const tlsc_signing_key *key, uint16_t scheme, tlsc_bytes message,
                     uint8_t *out, size_t *out_len)
{
    const libcrypto_key *k = (const libcrypto_key *)key;
    const tlsc_scheme *s = tlsc_scheme_by_id(scheme);
    *out_len = 0;
    if (s == NULL || !has_scheme(key, scheme)) {
        return TLSC_E_USAGE;
    }
    if (!sign_by_kind(s, &k->key, message, out, out_len)) {
        *out_len = 0;
        return tlsc_libcrypto_error(TLSC_E_SIGNING_FAILED);
    }
    return TLSC_OK;
}

static void free_key(tlsc_signing_key *key)
{
    libcrypto_key *k = (libcrypto_key *)key;
    if (k == NULL) {
        return;
    }
    tlsc_private_key_clear(&k->key);
    OPENSSL_free(k->spki);
    tlsc_mem_free(k);
}

static void set_schemes(libcrypto_key *k, const uint16_t *schemes, size_t num_schemes)
{
    k->base.schemes = schemes;
    k->base.num_schemes = num_schemes;
}

static void choose_schemes(libcrypto_key *k)
{
    switch (k->key.pub.kind) {
    case TLSC_KEY_KIND_RSA:
        set_schemes(k, rsa_schemes, TLSC_COUNT(rsa_schemes));
        break;
    case TLSC_KEY_KIND_ED25519:
        set_schemes(k, ed25519_schemes, TLSC_COUNT(ed25519_schemes));
        break;
    case TLSC_KEY_KIND_MLDSA44:
        set_schemes(k, mldsa44_schemes, TLSC_COUNT(mldsa44_schemes));
        break;
    case TLSC_KEY_KIND_MLDSA65:
        set_schemes(k, mldsa65_schemes, TLSC_COUNT(mldsa65_schemes));
        break;
    case TLSC_KEY_KIND_MLDSA87:
        set_schemes(k, mldsa87_schemes, TLSC_COUNT(mldsa87_schemes));
        break;
    case TLSC_KEY_KIND_EC: {
        const tlsc_curve *curve = tlsc_curve_by_group(EC_KEY_get0_group(k->key.pub.ec));
        if (curve == &tlsc_curve_p256) {
            set_schemes(k, p256_schemes, TLSC_COUNT(p256_schemes));
        } else if (curve == &tlsc_curve_p384) {
            set_schemes(k, p384_schemes, TLSC_COUNT(p384_schemes));
        } else {
            set_schemes(k, p521_schemes, TLSC_COUNT(p521_schemes));
        }
        break;
    }
    }
}

/* One signature, verified: a key whose halves don't agree is found when it is loaded, not by the
 * first client; and what libcrypto computes at an RSA key's first use is computed now. */
static tlsc_err try_out(const libcrypto_key *k)
{
    static const uint8_t text[] = "tlscore key check";
    tlsc_bytes message = { text, sizeof(text) };
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    tlsc_err rc = sign(&k->base, k->base.schemes[0], message, signature, &n);
    if (rc == TLSC_OK) {
        rc = tlsc_libcrypto_verify(k->base.schemes[0], k->base.spki, message,
                                   (tlsc_bytes){ signature, n });
    }
    return rc == TLSC_OK || rc == TLSC_E_NO_MEMORY ? rc : TLSC_E_BAD_PRIVATE_KEY;
}

tlsc_err tlsc_libcrypto_load_key(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out)
{
    size_t spki_len = 0;
    *out = NULL;
    libcrypto_key *k = tlsc_mem_zalloc(sizeof(*k));
    if (k == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = tlsc_private_key_parse(format, der, &k->key);
    if (rc == TLSC_OK) {
        rc = tlsc_public_key_write(&k->key.pub, &k->spki, &spki_len);
    }
    if (rc == TLSC_OK) {
        k->base.size = sizeof(k->base);
        k->base.spki = (tlsc_bytes){ k->spki, spki_len };
        k->base.sign = sign;
        k->base.free = free_key;
        choose_schemes(k);
        rc = try_out(k);
    }
    if (rc != TLSC_OK) {
        free_key(&k->base);
        return rc;
    }
    *out = &k->base;
    return TLSC_OK;
}
