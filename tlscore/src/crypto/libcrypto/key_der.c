/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/key_der.c: keys from and to DER.
 *
 * The outer structures are read here rather than by EVP_parse_private_key and its like, for an
 * exact error (malformed, or well-formed and not supported), for PKCS #8's second version, which
 * BoringSSL refuses, and since EVP would allow kinds of keys that TLS has no use for. */
#include <openssl/bytestring.h>
#include <openssl/curve25519.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

/* RFC 8017 A.1, RFC 5480 2.1.1, RFC 8410 3 */
static const uint8_t rsa_oid[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
static const uint8_t ec_oid[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const uint8_t ed25519_oid[] = { 0x2b, 0x65, 0x70 };

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
typedef struct algorithm {
    tlsc_key_kind kind;
    const tlsc_curve *curve;     /* EC */
    const tlsc_mldsa_set *mldsa; /* ML-DSA */
} algorithm;

static bool has_contents(const CBS *cbs, const uint8_t *p, size_t n)
{
    return tlsc_bytes_equal(tlsc_bytes_of(CBS_data(cbs), CBS_len(cbs)), tlsc_bytes_of(p, n));
}

/* RFC 5480 2.1.1: EC's parameters are a curve's name; a curve spelled out is not allowed. */
static tlsc_err read_ec_parameters(CBS *parameters, algorithm *out, tlsc_err malformed)
{
    CBS curve;
    if (CBS_peek_asn1_tag(parameters, CBS_ASN1_SEQUENCE)) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    if (!CBS_get_asn1(parameters, &curve, CBS_ASN1_OBJECT) || CBS_len(parameters) != 0) {
        return malformed;
    }
    out->kind = TLSC_KEY_KIND_EC;
    out->curve = tlsc_curve_by_oid((tlsc_bytes){ CBS_data(&curve), CBS_len(&curve) });
    return out->curve == NULL ? TLSC_E_UNSUPPORTED_KEY : TLSC_OK;
}

/* RFC 8017 A.1: RSA's parameters are NULL; some writers leave them out. */
static tlsc_err read_rsa_parameters(CBS *parameters, algorithm *out, tlsc_err malformed)
{
    CBS null;
    out->kind = TLSC_KEY_KIND_RSA;
    if (CBS_len(parameters) == 0) {
        return TLSC_OK;
    }
    return CBS_get_asn1(parameters, &null, CBS_ASN1_NULL) && CBS_len(&null) == 0 &&
                   CBS_len(parameters) == 0
               ? TLSC_OK
               : malformed;
}

static tlsc_err read_algorithm(CBS *from, algorithm *out, tlsc_err malformed)
{
    CBS identifier, oid;
    if (!CBS_get_asn1(from, &identifier, CBS_ASN1_SEQUENCE) ||
        !CBS_get_asn1(&identifier, &oid, CBS_ASN1_OBJECT)) {
        return malformed;
    }
    if (has_contents(&oid, rsa_oid, sizeof(rsa_oid))) {
        return read_rsa_parameters(&identifier, out, malformed);
    }
    if (has_contents(&oid, ec_oid, sizeof(ec_oid))) {
        return read_ec_parameters(&identifier, out, malformed);
    }
    if (has_contents(&oid, ed25519_oid, sizeof(ed25519_oid))) {
        out->kind = TLSC_KEY_KIND_ED25519;
        return CBS_len(&identifier) == 0 ? TLSC_OK : malformed;
    }
    out->mldsa = tlsc_mldsa_set_by_oid((tlsc_bytes){ CBS_data(&oid), CBS_len(&oid) });
    if (out->mldsa != NULL) {
        out->kind = out->mldsa->kind;
        return CBS_len(&identifier) == 0 ? TLSC_OK : malformed; /* RFC 9881 2 */
    }
    return TLSC_E_UNSUPPORTED_KEY;
}

static tlsc_err check_rsa_size(const RSA *rsa)
{
    unsigned bits = RSA_bits(rsa);
    return bits < TLSC_RSA_MIN_BITS || bits > TLSC_RSA_MAX_BITS ? TLSC_E_UNSUPPORTED_KEY : TLSC_OK;
}

/* -- public keys */

static tlsc_err read_rsa_public(CBS *bits, tlsc_public_key *out)
{
    out->rsa = RSA_parse_public_key(bits);
    if (out->rsa == NULL || CBS_len(bits) != 0) {
        return TLSC_E_BAD_DER;
    }
    return check_rsa_size(out->rsa);
}

static tlsc_err read_ec_public(CBS *bits, const tlsc_curve *curve, tlsc_public_key *out)
{
    tlsc_err rc = TLSC_E_NO_MEMORY;
    EC_POINT *point = EC_POINT_new(curve->group());
    out->ec = EC_KEY_new();
    if (point == NULL || out->ec == NULL || !EC_KEY_set_group(out->ec, curve->group())) {
        goto done;
    }
    /* Compressed points are not for us to refuse here: RFC 5480 2.2 has them. */
    rc = TLSC_E_BAD_DER;
    if (EC_POINT_oct2point(curve->group(), point, CBS_data(bits), CBS_len(bits), NULL) &&
        EC_KEY_set_public_key(out->ec, point)) {
        rc = TLSC_OK;
    }

done:
    EC_POINT_free(point);
    return rc;
}

static tlsc_err read_ed25519_public(CBS *bits, tlsc_public_key *out)
{
    return CBS_copy_bytes(bits, out->ed25519, TLSC_ED25519_LEN) && CBS_len(bits) == 0
               ? TLSC_OK
               : TLSC_E_BAD_DER;
}

/* RFC 9881 4: the key as it is. */
static tlsc_err read_mldsa_public(CBS *bits, const tlsc_mldsa_set *set, tlsc_public_key *out)
{
    if (CBS_len(bits) != set->public_len) {
        return TLSC_E_BAD_DER;
    }
    out->mldsa = tlsc_mldsa_of_public(set, (tlsc_bytes){ CBS_data(bits), CBS_len(bits) });
    return out->mldsa == NULL ? TLSC_E_NO_MEMORY : TLSC_OK;
}

/* SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier,
 *                                     subjectPublicKey BIT STRING }          RFC 5280 4.1 */
static tlsc_err read_spki(CBS *der, tlsc_public_key *out)
{
    algorithm a = { 0 };
    CBS spki, bits;
    uint8_t unused_bits = 0;
    if (!CBS_get_asn1(der, &spki, CBS_ASN1_SEQUENCE) || CBS_len(der) != 0) {
        return TLSC_E_BAD_DER;
    }
    TRY(read_algorithm(&spki, &a, TLSC_E_BAD_DER));
    if (!CBS_get_asn1(&spki, &bits, CBS_ASN1_BITSTRING) || CBS_len(&spki) != 0 ||
        !CBS_get_u8(&bits, &unused_bits) || unused_bits != 0) {
        return TLSC_E_BAD_DER;
    }
    out->kind = a.kind;
    switch (a.kind) {
    case TLSC_KEY_KIND_RSA:
        return read_rsa_public(&bits, out);
    case TLSC_KEY_KIND_EC:
        return read_ec_public(&bits, a.curve, out);
    case TLSC_KEY_KIND_ED25519:
        return read_ed25519_public(&bits, out);
    case TLSC_KEY_KIND_MLDSA44:
    case TLSC_KEY_KIND_MLDSA65:
    case TLSC_KEY_KIND_MLDSA87:
        return read_mldsa_public(&bits, a.mldsa, out);
    }
    return TLSC_E_INTERNAL;
}

tlsc_err tlsc_public_key_parse(tlsc_bytes spki, tlsc_public_key *out)
{
    CBS der;
    CBS_init(&der, spki.p, spki.n);
    *out = (tlsc_public_key){ 0 };
    tlsc_err rc = read_spki(&der, out);
    if (rc != TLSC_OK) {
        tlsc_public_key_clear(out);
        return tlsc_libcrypto_error(rc);
    }
    return TLSC_OK;
}

void tlsc_public_key_clear(tlsc_public_key *key)
{
    RSA_free(key->rsa);
    EC_KEY_free(key->ec);
    EVP_PKEY_free(key->mldsa);
    *key = (tlsc_public_key){ 0 };
}

static bool add_oid(CBB *to, const uint8_t *oid, size_t oid_len)
{
    CBB contents;
    return CBB_add_asn1(to, &contents, CBS_ASN1_OBJECT) &&
           CBB_add_bytes(&contents, oid, oid_len) && CBB_flush(to);
}

static bool add_null(CBB *to)
{
    CBB contents;
    return CBB_add_asn1(to, &contents, CBS_ASN1_NULL) && CBB_flush(to);
}

static bool add_ec_parameters(CBB *to, const EC_KEY *ec)
{
    const tlsc_curve *curve = tlsc_curve_by_group(EC_KEY_get0_group(ec));
    return curve != NULL && add_oid(to, curve->oid, curve->oid_len);
}

static bool write_algorithm(CBB *spki, const tlsc_public_key *key)
{
    CBB identifier;
    bool ok = CBB_add_asn1(spki, &identifier, CBS_ASN1_SEQUENCE) == 1;
    switch (key->kind) {
    case TLSC_KEY_KIND_RSA:
        ok = ok && add_oid(&identifier, rsa_oid, sizeof(rsa_oid)) && add_null(&identifier);
        break;
    case TLSC_KEY_KIND_EC:
        ok = ok && add_oid(&identifier, ec_oid, sizeof(ec_oid)) &&
             add_ec_parameters(&identifier, key->ec);
        break;
    case TLSC_KEY_KIND_ED25519:
        ok = ok && add_oid(&identifier, ed25519_oid, sizeof(ed25519_oid));
        break;
    case TLSC_KEY_KIND_MLDSA44:
    case TLSC_KEY_KIND_MLDSA65:
    case TLSC_KEY_KIND_MLDSA87: {
        const tlsc_mldsa_set *set = tlsc_mldsa_set_by_kind(key->kind);
        ok = ok && add_oid(&identifier, set->oid, sizeof(set->oid));
        break;
    }
    }
    return ok && CBB_flush(spki);
}

static bool add_mldsa_bits(CBB *to, const tlsc_public_key *key)
{
    const tlsc_mldsa_set *set = tlsc_mldsa_set_by_kind(key->kind);
    uint8_t *bytes = NULL;
    return CBB_add_space(to, &bytes, set->public_len) &&
           tlsc_mldsa_public_bytes(set, key->mldsa, bytes);
}

static bool write_public_bits(CBB *spki, const tlsc_public_key *key)
{
    CBB bits;
    bool ok = CBB_add_asn1(spki, &bits, CBS_ASN1_BITSTRING) && CBB_add_u8(&bits, 0);
    switch (key->kind) {
    case TLSC_KEY_KIND_RSA:
        ok = ok && RSA_marshal_public_key(&bits, key->rsa);
        break;
    case TLSC_KEY_KIND_EC:
        ok = ok && EC_POINT_point2cbb(&bits, EC_KEY_get0_group(key->ec),
                                      EC_KEY_get0_public_key(key->ec),
                                      POINT_CONVERSION_UNCOMPRESSED, NULL);
        break;
    case TLSC_KEY_KIND_ED25519:
        ok = ok && CBB_add_bytes(&bits, key->ed25519, TLSC_ED25519_LEN);
        break;
    case TLSC_KEY_KIND_MLDSA44:
    case TLSC_KEY_KIND_MLDSA65:
    case TLSC_KEY_KIND_MLDSA87:
        ok = ok && add_mldsa_bits(&bits, key);
        break;
    }
    return ok && CBB_flush(spki);
}

tlsc_err tlsc_public_key_write(const tlsc_public_key *key, uint8_t **out, size_t *out_len)
{
    CBB cbb, spki;
    CBB_zero(&cbb);
    if (!CBB_init(&cbb, 128) || !CBB_add_asn1(&cbb, &spki, CBS_ASN1_SEQUENCE) ||
        !write_algorithm(&spki, key) || !write_public_bits(&spki, key) ||
        !CBB_finish(&cbb, out, out_len)) {
        CBB_cleanup(&cbb);
        return tlsc_libcrypto_error(TLSC_E_CRYPTO);
    }
    return TLSC_OK;
}

/* -- private keys */

/* RSAPrivateKey, RFC 8017 A.1.2. libcrypto checks that its numbers agree. */
static tlsc_err read_rsa_private(CBS *der, tlsc_private_key *out)
{
    out->pub.kind = TLSC_KEY_KIND_RSA;
    out->pub.rsa = RSA_parse_private_key(der);
    if (out->pub.rsa == NULL || CBS_len(der) != 0) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    return check_rsa_size(out->pub.rsa);
}

/* ECPrivateKey ::= SEQUENCE { version INTEGER { ecPrivkeyVer1(1) }, privateKey OCTET STRING,
 *                             parameters [0] ECParameters OPTIONAL,
 *                             publicKey [1] BIT STRING OPTIONAL }            RFC 5915 3
 * Looks ahead for the parameters, which must be there where no PKCS #8 tells the curve. */
static tlsc_err peek_curve(CBS der, const tlsc_curve **out)
{
    enum { PARAMETERS = CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 0 };
    algorithm a = { 0 };
    CBS key, parameters;
    if (!CBS_get_asn1(&der, &key, CBS_ASN1_SEQUENCE) ||
        !CBS_get_asn1(&key, NULL, CBS_ASN1_INTEGER) ||
        !CBS_get_asn1(&key, NULL, CBS_ASN1_OCTETSTRING) ||
        !CBS_get_asn1(&key, &parameters, PARAMETERS)) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    TRY(read_ec_parameters(&parameters, &a, TLSC_E_BAD_PRIVATE_KEY));
    *out = a.curve;
    return TLSC_OK;
}

/* libcrypto reads the key, and checks that the two halves agree and that a curve named inside is
 * this one. */
static tlsc_err read_ec_private(CBS *der, const tlsc_curve *curve, tlsc_private_key *out)
{
    out->pub.kind = TLSC_KEY_KIND_EC;
    out->pub.ec = EC_KEY_parse_private_key(der, curve->group());
    return out->pub.ec != NULL && CBS_len(der) == 0 ? TLSC_OK : TLSC_E_BAD_PRIVATE_KEY;
}

static tlsc_err read_sec1(CBS *der, tlsc_private_key *out)
{
    const tlsc_curve *curve = NULL;
    TRY(peek_curve(*der, &curve));
    return read_ec_private(der, curve, out);
}

/* CurvePrivateKey ::= OCTET STRING of the 32-byte seed, RFC 8410 7. */
static tlsc_err read_ed25519_private(CBS *der, tlsc_private_key *out)
{
    CBS seed;
    out->pub.kind = TLSC_KEY_KIND_ED25519;
    if (!CBS_get_asn1(der, &seed, CBS_ASN1_OCTETSTRING) || CBS_len(der) != 0 ||
        CBS_len(&seed) != TLSC_ED25519_LEN) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    ED25519_keypair_from_seed(out->pub.ed25519, out->ed25519, CBS_data(&seed));
    return TLSC_OK;
}

static tlsc_bytes bytes_of(const CBS *cbs)
{
    return (tlsc_bytes){ CBS_data(cbs), CBS_len(cbs) };
}

/* ML-DSA-44-PrivateKey ::= CHOICE { seed [0] OCTET STRING (SIZE (32)),
 *                                   expandedKey OCTET STRING (SIZE (2560)),
 *                                   both SEQUENCE { seed OCTET STRING (SIZE (32)),
 *                                                   expandedKey OCTET STRING (SIZE (2560)) } }
 * RFC 9881 6, with IMPLICIT tags; the other sizes alike. The expanded key beside a seed must be what
 * that expands to, 8.2. */
static tlsc_err read_mldsa_private(CBS *der, const tlsc_mldsa_set *set, tlsc_private_key *out)
{
    enum { SEED = CBS_ASN1_CONTEXT_SPECIFIC | 0 };
    CBS both, seed, expanded;
    out->pub.kind = set->kind;
    if (CBS_peek_asn1_tag(der, CBS_ASN1_OCTETSTRING)) {
        return CBS_get_asn1(der, &expanded, CBS_ASN1_OCTETSTRING) && CBS_len(der) == 0 &&
                       CBS_len(&expanded) == set->expanded_len
                   ? tlsc_mldsa_of_expanded(set, bytes_of(&expanded), &out->pub.mldsa)
                   : TLSC_E_BAD_PRIVATE_KEY;
    }
    bool has_both = CBS_peek_asn1_tag(der, CBS_ASN1_SEQUENCE) == 1;
    bool ok = has_both ? CBS_get_asn1(der, &both, CBS_ASN1_SEQUENCE) &&
                             CBS_get_asn1(&both, &seed, CBS_ASN1_OCTETSTRING) &&
                             CBS_get_asn1(&both, &expanded, CBS_ASN1_OCTETSTRING) &&
                             CBS_len(&both) == 0
                       : CBS_get_asn1(der, &seed, SEED) == 1;
    if (!ok || CBS_len(der) != 0 || CBS_len(&seed) != TLSC_MLDSA_SEED_LEN) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    out->pub.mldsa = tlsc_mldsa_of_seed(set, bytes_of(&seed));
    if (out->pub.mldsa == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    return !has_both || tlsc_mldsa_is_expansion(set, out->pub.mldsa, bytes_of(&expanded))
               ? TLSC_OK
               : TLSC_E_BAD_PRIVATE_KEY;
}

static bool is_mldsa_public(const CBS *bits, const tlsc_mldsa_set *set, const EVP_PKEY *key)
{
    uint8_t own[TLSC_MLDSA_PUBLIC_MAX];
    return tlsc_mldsa_public_bytes(set, key, own) && has_contents(bits, own, set->public_len);
}

/* OneAsymmetricKey ::= SEQUENCE { version INTEGER { v1(0), v2(1) },
 *                                 privateKeyAlgorithm AlgorithmIdentifier,
 *                                 privateKey OCTET STRING,
 *                                 attributes [0] Attributes OPTIONAL,
 *                                 publicKey [1] BIT STRING OPTIONAL }        RFC 5958 2
 * Attributes say nothing to us. RSA's and EC's private keys hold their public half themselves; for
 * Ed25519 and ML-DSA the one here must be the private half's. */
static tlsc_err read_pkcs8(CBS *der, tlsc_private_key *out)
{
    enum {
        ATTRIBUTES = CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 0,
        PUBLIC_KEY = CBS_ASN1_CONTEXT_SPECIFIC | 1
    };
    algorithm a = { 0 };
    CBS info, key, bits;
    uint64_t version = 0;
    int has_bits = 0;
    uint8_t unused_bits = 0;
    if (!CBS_get_asn1(der, &info, CBS_ASN1_SEQUENCE) || CBS_len(der) != 0 ||
        !CBS_get_asn1_uint64(&info, &version) || version > 1) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    TRY(read_algorithm(&info, &a, TLSC_E_BAD_PRIVATE_KEY));
    if (!CBS_get_asn1(&info, &key, CBS_ASN1_OCTETSTRING) ||
        !CBS_get_optional_asn1(&info, NULL, NULL, ATTRIBUTES) ||
        !CBS_get_optional_asn1(&info, &bits, &has_bits, PUBLIC_KEY) ||
        (has_bits && (version != 1 || !CBS_get_u8(&bits, &unused_bits) || unused_bits != 0)) ||
        CBS_len(&info) != 0) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    switch (a.kind) {
    case TLSC_KEY_KIND_RSA:
        return read_rsa_private(&key, out);
    case TLSC_KEY_KIND_EC:
        return read_ec_private(&key, a.curve, out);
    case TLSC_KEY_KIND_ED25519:
        TRY(read_ed25519_private(&key, out));
        return !has_bits || has_contents(&bits, out->pub.ed25519, TLSC_ED25519_LEN)
                   ? TLSC_OK
                   : TLSC_E_BAD_PRIVATE_KEY;
    case TLSC_KEY_KIND_MLDSA44:
    case TLSC_KEY_KIND_MLDSA65:
    case TLSC_KEY_KIND_MLDSA87:
        TRY(read_mldsa_private(&key, a.mldsa, out));
        return !has_bits || is_mldsa_public(&bits, a.mldsa, out->pub.mldsa)
                   ? TLSC_OK
                   : TLSC_E_BAD_PRIVATE_KEY;
    }
    return TLSC_E_INTERNAL;
}

static tlsc_err read_private(tlsc_key_format format, CBS *der, tlsc_private_key *out)
{
    switch (format) {
    case TLSC_KEY_PKCS8:
        return read_pkcs8(der, out);
    case TLSC_KEY_PKCS1:
        return read_rsa_private(der, out);
    case TLSC_KEY_SEC1:
        return read_sec1(der, out);
    }
    return TLSC_E_USAGE;
}

tlsc_err tlsc_private_key_parse(tlsc_key_format format, tlsc_bytes der, tlsc_private_key *out)
{
    CBS cbs;
    CBS_init(&cbs, der.p, der.n);
    *out = (tlsc_private_key){ 0 };
    tlsc_err rc = read_private(format, &cbs, out);
    if (rc != TLSC_OK) {
        tlsc_private_key_clear(out);
        return tlsc_libcrypto_error(rc);
    }
    return TLSC_OK;
}

void tlsc_private_key_clear(tlsc_private_key *key)
{
    tlsc_public_key_clear(&key->pub);
    tlsc_wipe(key, sizeof(*key));
}
