/* SPDX-License-Identifier: Apache-2.0 */
/* x509/spki.c: SubjectPublicKeyInfo of the keys that sign TLS handshakes. */
#include "x509/spki.h"

#include "base/bytes.h"
#include "base/try.h"
#include "tlscore/provider.h"
#include "x509/der.h"

enum {
    RSA_BITS_MIN = 2048,
    RSA_BITS_MAX = 8192, /* or checking takes too long */
    ED25519_LEN = 32
};

/* SEC 1 2.3.3 */
enum {
    POINT_COMPRESSED_EVEN = 2,
    POINT_COMPRESSED_ODD = 3,
    POINT_UNCOMPRESSED = 4
};

static const uint8_t oid_rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
static const uint8_t oid_ec[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const uint8_t oid_ed25519[] = { 0x2b, 0x65, 0x70 };

typedef struct curve {
    tlsc_bytes oid;
    tlsc_spki_kind kind;
    uint16_t bits;
    uint16_t field_len; /* bytes of a coordinate */
} curve;

static const uint8_t oid_p256[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const uint8_t oid_p384[] = { 0x2b, 0x81, 0x04, 0x00, 0x22 };
static const uint8_t oid_p521[] = { 0x2b, 0x81, 0x04, 0x00, 0x23 };

static const curve curves[] = {
    { { oid_p256, sizeof(oid_p256) }, TLSC_SPKI_P256, 256, 32 },
    { { oid_p384, sizeof(oid_p384) }, TLSC_SPKI_P384, 384, 48 },
    { { oid_p521, sizeof(oid_p521) }, TLSC_SPKI_P521, 521, 66 },
};

/* RFC 9881 2, FIPS 204 4 table 2 */
typedef struct mldsa {
    uint8_t oid[9];
    tlsc_spki_kind kind;
    uint16_t len;
} mldsa;

static const mldsa mldsas[] = {
    { { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11 }, TLSC_SPKI_MLDSA44, 1312 },
    { { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12 }, TLSC_SPKI_MLDSA65, 1952 },
    { { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13 }, TLSC_SPKI_MLDSA87, 2592 },
};

static unsigned bit_length(tlsc_bytes v)
{
    unsigned bits = (unsigned)v.n * 8;
    for (unsigned top = v.n > 0 ? v.p[0] : 0x80U; top < 0x80; top <<= 1) {
        bits--;
    }
    return bits;
}

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }   RFC 3279 2.3.1
 * with parameters NULL, which some leave out. */
static tlsc_err parse_rsa(tlsc_spki *out, tlsc_der *parameters, tlsc_bytes bits)
{
    if (tlsc_der_more(parameters)) {
        tlsc_der_null(parameters);
    }
    TRY(tlsc_der_end(parameters));
    tlsc_der d = tlsc_der_of(bits);
    tlsc_der key = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    out->modulus = tlsc_der_unsigned(&key);
    out->exponent = tlsc_der_unsigned(&key);
    tlsc_der_check(&key, out->exponent.n > 0);
    tlsc_der_leave(&d, &key);
    TRY(tlsc_der_end(&d));
    if (out->modulus.n > RSA_BITS_MAX / 8 || bit_length(out->modulus) < RSA_BITS_MIN) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    out->kind = TLSC_SPKI_RSA;
    out->bits = bit_length(out->modulus);
    return TLSC_OK;
}

static bool point_fits(tlsc_bytes point, size_t field_len)
{
    if (point.n == 1 + 2 * field_len) {
        return point.p[0] == POINT_UNCOMPRESSED;
    }
    return point.n == 1 + field_len &&
           (point.p[0] == POINT_COMPRESSED_EVEN || point.p[0] == POINT_COMPRESSED_ODD);
}

/* ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER, ... }   RFC 5480 2.1.1
 * The other choices spell the curve out, which invites curves that only look like a known one. */
static tlsc_err parse_ec(tlsc_spki *out, tlsc_der *parameters, tlsc_bytes bits)
{
    if (!tlsc_der_next_is(parameters, TLSC_DER_OID)) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    tlsc_bytes oid = tlsc_der_oid(parameters);
    TRY(tlsc_der_end(parameters));
    for (size_t i = 0; i < TLSC_COUNT(curves); i++) {
        if (!tlsc_bytes_equal(oid, curves[i].oid)) {
            continue;
        }
        if (!point_fits(bits, curves[i].field_len)) {
            return TLSC_E_BAD_DER;
        }
        out->kind = curves[i].kind;
        out->bits = curves[i].bits;
        out->point = bits;
        return TLSC_OK;
    }
    return TLSC_E_UNSUPPORTED_KEY;
}

/* RFC 8410 3, 4: no parameters, the key as it is. */
static tlsc_err parse_ed25519(tlsc_spki *out, tlsc_der *parameters, tlsc_bytes bits)
{
    TRY(tlsc_der_end(parameters));
    if (bits.n != ED25519_LEN) {
        return TLSC_E_BAD_DER;
    }
    out->kind = TLSC_SPKI_ED25519;
    out->bits = 8 * ED25519_LEN;
    out->point = bits;
    return TLSC_OK;
}

/* RFC 9881 4: no parameters, the key as it is. */
static tlsc_err parse_mldsa(tlsc_spki *out, const mldsa *set, tlsc_der *parameters, tlsc_bytes bits)
{
    TRY(tlsc_der_end(parameters));
    if (bits.n != set->len) {
        return TLSC_E_BAD_DER;
    }
    out->kind = set->kind;
    out->bits = 8U * set->len;
    out->point = bits;
    return TLSC_OK;
}

static bool is(tlsc_bytes oid, const uint8_t *known, size_t n)
{
    return tlsc_bytes_equal(oid, tlsc_bytes_of(known, n));
}

/* SubjectPublicKeyInfo ::= SEQUENCE {
 *     algorithm         SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL },
 *     subjectPublicKey  BIT STRING }   RFC 5280 4.1 */
static tlsc_err parse(tlsc_spki *out, tlsc_bytes der)
{
    tlsc_der d = tlsc_der_of(der);
    tlsc_der info = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_der algorithm = tlsc_der_enter(&info, TLSC_DER_SEQUENCE);
    tlsc_bytes bits = tlsc_der_bit_string_bytes(&info);
    tlsc_der_leave(&d, &info);
    TRY(tlsc_der_end(&d));
    tlsc_bytes oid = tlsc_der_oid(&algorithm);
    if (is(oid, oid_rsa, sizeof(oid_rsa))) {
        return parse_rsa(out, &algorithm, bits);
    }
    if (is(oid, oid_ec, sizeof(oid_ec))) {
        return parse_ec(out, &algorithm, bits);
    }
    if (is(oid, oid_ed25519, sizeof(oid_ed25519))) {
        return parse_ed25519(out, &algorithm, bits);
    }
    for (size_t i = 0; i < TLSC_COUNT(mldsas); i++) {
        if (is(oid, mldsas[i].oid, sizeof(mldsas[i].oid))) {
            return parse_mldsa(out, &mldsas[i], &algorithm, bits);
        }
    }
    return oid.n == 0 ? TLSC_E_BAD_DER : TLSC_E_UNSUPPORTED_KEY;
}

tlsc_err tlsc_spki_parse(tlsc_spki *out, tlsc_bytes der)
{
    *out = (tlsc_spki){ 0 };
    tlsc_err rc = parse(out, der);
    if (rc != TLSC_OK) {
        *out = (tlsc_spki){ 0 };
    }
    return rc;
}

/* The x of both is the same, and a compressed one's parity is that of the other's y: on a curve
 * that makes them the same point. */
static bool same_point(tlsc_bytes a, tlsc_bytes b)
{
    if (a.n == b.n) {
        return tlsc_bytes_equal(a, b);
    }
    tlsc_bytes longer = a.n > b.n ? a : b;
    tlsc_bytes shorter = a.n > b.n ? b : a;
    tlsc_rd whole = tlsc_rd_of(longer);
    tlsc_rd compressed = tlsc_rd_of(shorter);
    (void)tlsc_rd_u8(&whole);
    uint8_t form = tlsc_rd_u8(&compressed);
    tlsc_bytes x = tlsc_rd_rest(&compressed);
    return tlsc_bytes_equal(tlsc_rd_bytes(&whole, x.n), x) &&
           (longer.p[longer.n - 1] & 1) == (form & 1);
}

bool tlsc_spki_equal(const tlsc_spki *a, const tlsc_spki *b)
{
    if (a->kind != b->kind || a->kind == TLSC_SPKI_NONE) {
        return false;
    }
    if (a->kind == TLSC_SPKI_RSA) {
        return tlsc_bytes_equal(a->modulus, b->modulus) &&
               tlsc_bytes_equal(a->exponent, b->exponent);
    }
    return same_point(a->point, b->point);
}

const char *tlsc_spki_kind_name(tlsc_spki_kind kind)
{
    switch (kind) {
    case TLSC_SPKI_RSA: return "RSA";
    case TLSC_SPKI_P256: return "ECDSA P-256";
    case TLSC_SPKI_P384: return "ECDSA P-384";
    case TLSC_SPKI_P521: return "ECDSA P-521";
    case TLSC_SPKI_ED25519: return "Ed25519";
    case TLSC_SPKI_MLDSA44: return "ML-DSA-44";
    case TLSC_SPKI_MLDSA65: return "ML-DSA-65";
    case TLSC_SPKI_MLDSA87: return "ML-DSA-87";
    case TLSC_SPKI_NONE: break;
    }
    return "none";
}

static bool is_ecdsa(tlsc_spki_kind kind)
{
    return kind == TLSC_SPKI_P256 || kind == TLSC_SPKI_P384 || kind == TLSC_SPKI_P521;
}

bool tlsc_spki_kind_fits(tlsc_spki_kind kind, uint16_t scheme, uint16_t version)
{
    bool is_12 = version < TLSC_TLS13;
    switch (scheme) {
    case TLSC_SIG_RSA_PKCS1_SHA256:
    case TLSC_SIG_RSA_PKCS1_SHA384:
    case TLSC_SIG_RSA_PKCS1_SHA512: return kind == TLSC_SPKI_RSA && is_12;
    case TLSC_SIG_RSA_PSS_SHA256:
    case TLSC_SIG_RSA_PSS_SHA384:
    case TLSC_SIG_RSA_PSS_SHA512: return kind == TLSC_SPKI_RSA;
    case TLSC_SIG_ECDSA_P256_SHA256: return is_12 ? is_ecdsa(kind) : kind == TLSC_SPKI_P256;
    case TLSC_SIG_ECDSA_P384_SHA384: return is_12 ? is_ecdsa(kind) : kind == TLSC_SPKI_P384;
    case TLSC_SIG_ECDSA_P521_SHA512: return is_12 ? is_ecdsa(kind) : kind == TLSC_SPKI_P521;
    case TLSC_SIG_ED25519: return kind == TLSC_SPKI_ED25519;
    case TLSC_SIG_MLDSA44: return kind == TLSC_SPKI_MLDSA44 && !is_12;
    case TLSC_SIG_MLDSA65: return kind == TLSC_SPKI_MLDSA65 && !is_12;
    case TLSC_SIG_MLDSA87: return kind == TLSC_SPKI_MLDSA87 && !is_12;
    default: return false;
    }
}
