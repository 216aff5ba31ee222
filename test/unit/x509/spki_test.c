/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/spki.h"

#include <string.h>

#include "pem_file.h"
#include "tlscore/provider.h"
#include "unit.h"
#include "wire/writer.h"
#include "x509/certificate.h"

/* The key of a test certificate; `der` keeps its bytes. */
static tlsc_err key_of(const char *name, tlsc_buf *der, tlsc_spki *out)
{
    *der = test_der(name);
    tlsc_certificate c;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(der)));
    return tlsc_spki_parse(out, c.spki);
}

typedef struct row {
    const char *file;
    const char *name;
    tlsc_spki_kind kind;
    unsigned bits;
    size_t point_len;
} row;

static const row served[] = {
    { "rsa2048.crt.pem", "RSA", TLSC_SPKI_RSA, 2048, 0 },
    { "rsa3072.crt.pem", "RSA", TLSC_SPKI_RSA, 3072, 0 },
    { "rsa4096.crt.pem", "RSA", TLSC_SPKI_RSA, 4096, 0 },
    { "p256.crt.pem", "ECDSA P-256", TLSC_SPKI_P256, 256, 65 },
    { "p384.crt.pem", "ECDSA P-384", TLSC_SPKI_P384, 384, 97 },
    { "p521.crt.pem", "ECDSA P-521", TLSC_SPKI_P521, 521, 133 },
    { "compressed.crt.pem", "ECDSA P-256", TLSC_SPKI_P256, 256, 33 },
    { "ed25519.crt.pem", "Ed25519", TLSC_SPKI_ED25519, 256, 32 },
    { "mldsa44.crt.pem", "ML-DSA-44", TLSC_SPKI_MLDSA44, 8 * 1312, 1312 },
    { "mldsa65.crt.pem", "ML-DSA-65", TLSC_SPKI_MLDSA65, 8 * 1952, 1952 },
    { "mldsa87.crt.pem", "ML-DSA-87", TLSC_SPKI_MLDSA87, 8 * 2592, 2592 },
};

static void keys_that_sign_here_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++) {
        tlsc_buf der;
        tlsc_spki key;
        assert_ok(key_of(served[i].file, &der, &key));
        assert_int_equal(key.kind, served[i].kind);
        assert_string_equal(tlsc_spki_kind_name(key.kind), served[i].name);
        assert_int_equal(key.bits, served[i].bits);
        assert_int_equal(key.point.n, served[i].point_len);
        assert_int_equal(key.modulus.n, key.kind == TLSC_SPKI_RSA ? key.bits / 8 : 0);
        assert_true(key.kind != TLSC_SPKI_RSA ||
                    tlsc_bytes_equal(key.exponent, BYTES(0x01, 0x00, 0x01)));
        tlsc_buf_clear(&der);
    }
}

static void others_are_not_supported(void **state)
{
    (void)state;
    static const char *const files[] = { "rsa1024.crt.pem", "rsapss.crt.pem", "ed448.crt.pem",
                                         "secp256k1.crt.pem", "explicit.crt.pem" };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        tlsc_buf der;
        tlsc_spki key;
        assert_err(key_of(files[i], &der, &key), TLSC_E_UNSUPPORTED_KEY);
        assert_int_equal(key.kind, TLSC_SPKI_NONE);
        tlsc_buf_clear(&der);
    }
}

static void a_key_is_equal_to_itself_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++) {
        for (size_t j = 0; j < sizeof(served) / sizeof(served[0]); j++) {
            tlsc_buf a_der, b_der;
            tlsc_spki a, b;
            assert_ok(key_of(served[i].file, &a_der, &a));
            assert_ok(key_of(served[j].file, &b_der, &b));
            /* compressed.crt.pem holds p256.crt.pem's key */
            bool both_p256 = a.kind == TLSC_SPKI_P256 && b.kind == TLSC_SPKI_P256;
            assert_int_equal(tlsc_spki_equal(&a, &b), i == j || both_p256);
            tlsc_buf_clear(&a_der);
            tlsc_buf_clear(&b_der);
        }
    }
    tlsc_spki none = { 0 };
    assert_false(tlsc_spki_equal(&none, &none));
}

static void the_other_point_with_this_x_is_another_key(void **state)
{
    (void)state;
    tlsc_buf whole_der, short_der;
    tlsc_spki whole, compressed;
    assert_ok(key_of("p256.crt.pem", &whole_der, &whole));
    assert_ok(key_of("compressed.crt.pem", &short_der, &compressed));
    uint8_t *point = test_copy(compressed.point);
    compressed.point.p = point;
    assert_true(tlsc_spki_equal(&whole, &compressed));
    point[0] ^= 1; /* its parity */
    assert_false(tlsc_spki_equal(&whole, &compressed));
    assert_false(tlsc_spki_equal(&compressed, &whole));
    point[0] ^= 1;
    point[32] ^= 1; /* its x */
    assert_false(tlsc_spki_equal(&whole, &compressed));
    tlsc_mem_free(point);
    tlsc_buf_clear(&whole_der);
    tlsc_buf_clear(&short_der);
}

/* -- built by hand */

#define ED25519_OID 0x06, 0x03, 0x2b, 0x65, 0x70
#define EC_OID 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01
#define P256_OID 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07
#define RSA_OID 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01
#define EIGHT 1, 2, 3, 4, 5, 6, 7, 8
#define THIRTY_TWO EIGHT, EIGHT, EIGHT, EIGHT

static tlsc_err parse(tlsc_bytes der)
{
    tlsc_spki key;
    uint8_t *p = test_copy(der);
    tlsc_err rc = tlsc_spki_parse(&key, tlsc_bytes_of(p, der.n));
    tlsc_mem_free(p);
    return rc;
}

static void ed25519_has_no_parameters_and_32_bytes(void **state)
{
    (void)state;
    assert_ok(parse(BYTES(0x30, 42, 0x30, 5, ED25519_OID, 0x03, 33, 0, THIRTY_TWO)));
    assert_err(parse(BYTES(0x30, 44, 0x30, 7, ED25519_OID, 0x05, 0x00, 0x03, 33, 0, THIRTY_TWO)),
               TLSC_E_BAD_DER);
    assert_err(parse(BYTES(0x30, 43, 0x30, 5, ED25519_OID, 0x03, 34, 0, THIRTY_TWO, 9)),
               TLSC_E_BAD_DER);
    assert_err(parse(BYTES(0x30, 18, 0x30, 5, ED25519_OID, 0x03, 9, 0, EIGHT)), TLSC_E_BAD_DER);
    assert_err(parse(BYTES(0x30, 42, 0x30, 5, ED25519_OID, 0x03, 33, 1, THIRTY_TWO)),
               TLSC_E_BAD_DER);
    /* a byte behind, inside and outside */
    assert_err(parse(BYTES(0x30, 43, 0x30, 5, ED25519_OID, 0x03, 33, 0, THIRTY_TWO, 0)),
               TLSC_E_BAD_DER);
    assert_err(parse(BYTES(0x30, 42, 0x30, 5, ED25519_OID, 0x03, 33, 0, THIRTY_TWO, 0)),
               TLSC_E_BAD_DER);
}

#define P256_SPKI(form, ...)                                                                  \
    BYTES(0x30, 19 + 2 + 2 + 2 + sizeof((uint8_t[]){ __VA_ARGS__ }), 0x30, 19, EC_OID, P256_OID, \
          0x03, 2 + sizeof((uint8_t[]){ __VA_ARGS__ }), 0, form, __VA_ARGS__)

/* out: room for it; `set` ends the OID. Returns its length. */
static size_t mldsa_spki(uint8_t *out, uint8_t set, bool with_null, const uint8_t *bits, size_t n)
{
    tlsc_buf buf = tlsc_buf_of(4096);
    tlsc_wr w = tlsc_wr_of(&buf);
    size_t identifier = with_null ? 13 : 11;
    size_t string = 1 + n;
    const uint8_t head[] = { 0x30, 0x82, (uint8_t)((2 + identifier + 4 + string) >> 8),
                             (uint8_t)(2 + identifier + 4 + string), 0x30, (uint8_t)identifier,
                             0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, set };
    tlsc_wr_bytes(&w, tlsc_bytes_of(head, sizeof(head)));
    if (with_null) {
        tlsc_wr_bytes(&w, BYTES(5, 0));
    }
    tlsc_wr_bytes(&w, BYTES(0x03, 0x82, (uint8_t)(string >> 8), (uint8_t)string, 0));
    tlsc_wr_bytes(&w, tlsc_bytes_of(bits, n));
    assert_ok(tlsc_wr_end(&w));
    size_t total = buf.n;
    memcpy(out, buf.p, total);
    tlsc_buf_clear(&buf);
    return total;
}

/* RFC 9881 2, 4 */
static void mldsa_has_no_parameters_and_the_length_of_its_set(void **state)
{
    (void)state;
    static const size_t lengths[] = { 1312, 1952, 2592 };
    for (uint8_t set = 0; set < 3; set++) {
        for (size_t k = 0; k < 3; k++) {
            for (size_t off = 0; off < 3; off++) {
                for (int with_null = 0; with_null < 2; with_null++) {
                    static uint8_t der[4096];
                    static uint8_t bits[2600];
                    tlsc_spki key;
                    size_t n = lengths[k] + off - 1;
                    bool good = k == set && off == 1 && with_null == 0;
                    size_t total = mldsa_spki(der, (uint8_t)(17 + set), with_null != 0, bits, n);
                    assert_err(tlsc_spki_parse(&key, tlsc_bytes_of(der, total)),
                               good ? TLSC_OK : TLSC_E_BAD_DER);
                }
            }
        }
    }
    static uint8_t der[4096];
    static uint8_t bits[1312];
    tlsc_spki key;
    size_t total = mldsa_spki(der, 20, false, bits, sizeof(bits)); /* SLH-DSA's */
    assert_err(tlsc_spki_parse(&key, tlsc_bytes_of(der, total)), TLSC_E_UNSUPPORTED_KEY);
}

static void points_have_their_curves_length(void **state)
{
    (void)state;
    assert_ok(parse(P256_SPKI(4, THIRTY_TWO, THIRTY_TWO)));
    assert_ok(parse(P256_SPKI(2, THIRTY_TWO)));
    assert_ok(parse(P256_SPKI(3, THIRTY_TWO)));
    assert_err(parse(P256_SPKI(4, THIRTY_TWO)), TLSC_E_BAD_DER);
    assert_err(parse(P256_SPKI(6, THIRTY_TWO, THIRTY_TWO)), TLSC_E_BAD_DER); /* hybrid form */
    assert_err(parse(P256_SPKI(2, THIRTY_TWO, THIRTY_TWO)), TLSC_E_BAD_DER);
    assert_err(parse(P256_SPKI(4, THIRTY_TWO, THIRTY_TWO, 0)), TLSC_E_BAD_DER);
    assert_err(parse(P256_SPKI(0, 0)), TLSC_E_BAD_DER);
    /* no parameters, NULL, or something behind the curve's name */
    assert_err(parse(BYTES(0x30, 16, 0x30, 9, EC_OID, 0x03, 3, 0, 4, 0)), TLSC_E_UNSUPPORTED_KEY);
    assert_err(parse(BYTES(0x30, 18, 0x30, 11, EC_OID, 0x05, 0, 0x03, 3, 0, 4, 0)),
               TLSC_E_UNSUPPORTED_KEY);
    assert_err(parse(BYTES(0x30, 28, 0x30, 21, EC_OID, P256_OID, 0x05, 0, 0x03, 3, 0, 4, 0)),
               TLSC_E_BAD_DER);
}

/* An RSA key of `n` bytes whose first is `first`. */
static tlsc_err parse_rsa(size_t n, uint8_t first, tlsc_bytes exponent, bool with_null)
{
    tlsc_buf b = tlsc_buf_of(4096);
    uint16_t key_len = (uint16_t)(4 + n + exponent.n);
    uint16_t bits_len = (uint16_t)(1 + 4 + key_len);
    uint8_t algorithm_len = with_null ? 13 : 11;
    uint16_t all = (uint16_t)(2 + algorithm_len + 4 + bits_len);
    assert_ok(tlsc_buf_append(&b, BYTES(0x30, 0x82, (uint8_t)(all >> 8), (uint8_t)all)));
    assert_ok(tlsc_buf_append(&b, BYTES(0x30, algorithm_len, RSA_OID)));
    if (with_null) {
        assert_ok(tlsc_buf_append(&b, BYTES(0x05, 0x00)));
    }
    assert_ok(tlsc_buf_append(&b, BYTES(0x03, 0x82, (uint8_t)(bits_len >> 8), (uint8_t)bits_len,
                                        0, 0x30, 0x82, (uint8_t)(key_len >> 8), (uint8_t)key_len,
                                        0x02, 0x82, (uint8_t)(n >> 8), (uint8_t)n, first)));
    for (size_t i = 1; i < n; i++) {
        assert_ok(tlsc_buf_append(&b, BYTES(0xff)));
    }
    assert_ok(tlsc_buf_append(&b, exponent));
    tlsc_err rc = parse(tlsc_buf_bytes(&b));
    tlsc_buf_clear(&b);
    return rc;
}

static void rsa_sizes_are_bounded(void **state)
{
    (void)state;
    tlsc_bytes f4 = BYTES(0x02, 0x03, 0x01, 0x00, 0x01);
    assert_ok(parse_rsa(257, 0x00, f4, true));  /* 2048 bits behind a sign byte */
    assert_ok(parse_rsa(257, 0x01, f4, true));  /* 2049 */
    assert_ok(parse_rsa(257, 0x00, f4, false)); /* absent parameters are tolerated */
    assert_err(parse_rsa(256, 0x7f, f4, true), TLSC_E_UNSUPPORTED_KEY); /* 2047 */
    assert_ok(parse_rsa(1025, 0x00, f4, true));                         /* 8192 */
    assert_err(parse_rsa(1025, 0x01, f4, true), TLSC_E_UNSUPPORTED_KEY); /* 8193 */
    assert_err(parse_rsa(256, 0x80, f4, true), TLSC_E_BAD_DER);          /* negative */
    assert_err(parse_rsa(257, 0x00, BYTES(0x02, 0x01, 0x00), true), TLSC_E_BAD_DER);
    assert_err(parse_rsa(257, 0x00, BYTES(0x02, 0x01, 0xff), true), TLSC_E_BAD_DER);
    assert_err(parse_rsa(257, 0x00, BYTES(0x05, 0x00), true), TLSC_E_BAD_DER);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++) {
        tlsc_buf der = test_der(served[i].file);
        tlsc_certificate c;
        assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
        assert_ok(parse(c.spki));
        for (size_t n = 0; n < c.spki.n; n++) {
            assert_err(parse((tlsc_bytes){ c.spki.p, n }), TLSC_E_BAD_DER);
        }
        tlsc_buf_clear(&der);
    }
}

static void schemes_fit_their_kind_alone(void **state)
{
    (void)state;
    static const struct {
        uint16_t scheme;
        tlsc_spki_kind kind;
    } rows[] = {
        { TLSC_SIG_RSA_PKCS1_SHA256, TLSC_SPKI_RSA },
        { TLSC_SIG_RSA_PKCS1_SHA384, TLSC_SPKI_RSA },
        { TLSC_SIG_RSA_PKCS1_SHA512, TLSC_SPKI_RSA },
        { TLSC_SIG_RSA_PSS_SHA256, TLSC_SPKI_RSA },
        { TLSC_SIG_RSA_PSS_SHA384, TLSC_SPKI_RSA },
        { TLSC_SIG_RSA_PSS_SHA512, TLSC_SPKI_RSA },
        { TLSC_SIG_ECDSA_P256_SHA256, TLSC_SPKI_P256 },
        { TLSC_SIG_ECDSA_P384_SHA384, TLSC_SPKI_P384 },
        { TLSC_SIG_ECDSA_P521_SHA512, TLSC_SPKI_P521 },
        { TLSC_SIG_ED25519, TLSC_SPKI_ED25519 },
        { TLSC_SIG_MLDSA44, TLSC_SPKI_MLDSA44 },
        { TLSC_SIG_MLDSA65, TLSC_SPKI_MLDSA65 },
        { TLSC_SIG_MLDSA87, TLSC_SPKI_MLDSA87 },
        { 0x0201, TLSC_SPKI_NONE },
        { 0, TLSC_SPKI_NONE },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool ecdsa = (rows[i].scheme & 0xff) == 3;
        bool pkcs1 = (rows[i].scheme & 0xff) == 1;
        bool mldsa = rows[i].scheme >> 8 == 9;
        for (unsigned k = TLSC_SPKI_NONE; k <= TLSC_SPKI_MLDSA87; k++) {
            bool is_ec = k >= TLSC_SPKI_P256 && k <= TLSC_SPKI_P521;
            bool own = k == rows[i].kind && k != TLSC_SPKI_NONE;
            assert_int_equal(tlsc_spki_kind_fits((tlsc_spki_kind)k, rows[i].scheme, TLSC_TLS13),
                             own && !pkcs1);
            assert_int_equal(tlsc_spki_kind_fits((tlsc_spki_kind)k, rows[i].scheme, TLSC_TLS12),
                             ecdsa ? is_ec : own && !mldsa);
        }
    }
    assert_string_equal(tlsc_spki_kind_name(TLSC_SPKI_NONE), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_sign_here_are_known),
        cmocka_unit_test(others_are_not_supported),
        cmocka_unit_test(a_key_is_equal_to_itself_alone),
        cmocka_unit_test(the_other_point_with_this_x_is_another_key),
        cmocka_unit_test(ed25519_has_no_parameters_and_32_bytes),
        cmocka_unit_test(mldsa_has_no_parameters_and_the_length_of_its_set),
        cmocka_unit_test(points_have_their_curves_length),
        cmocka_unit_test(rsa_sizes_are_bounded),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(schemes_fit_their_kind_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
