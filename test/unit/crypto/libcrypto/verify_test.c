/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include <string.h>

#include "file.h"
#include "hex.h"
#include "unit.h"
#include "wire/writer.h"

#define KEYS "test/vectors/keys/"

static const uint16_t all_schemes[] = {
    TLSC_SIG_RSA_PSS_SHA256,    TLSC_SIG_RSA_PSS_SHA384,    TLSC_SIG_RSA_PSS_SHA512,
    TLSC_SIG_RSA_PKCS1_SHA256,  TLSC_SIG_RSA_PKCS1_SHA384,  TLSC_SIG_RSA_PKCS1_SHA512,
    TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P521_SHA512,
    TLSC_SIG_ED25519,
};

enum { NUM_SCHEMES = sizeof(all_schemes) / sizeof(all_schemes[0]) };

static const char *const key_paths[] = {
    KEYS "rsa2048.pkcs8", KEYS "p256.pkcs8", KEYS "p384.pkcs8", KEYS "p521.pkcs8",
    KEYS "ed25519.pkcs8",
};

enum { NUM_KEYS = sizeof(key_paths) / sizeof(key_paths[0]) };

static tlsc_signing_key *load(const char *path)
{
    tlsc_signing_key *key = NULL;
    tlsc_buf der = test_file(path);
    assert_ok(tlsc_libcrypto_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key));
    tlsc_buf_clear(&der);
    return key;
}

typedef struct signature {
    uint8_t b[TLSC_SIGNATURE_MAX];
    size_t n;
} signature;

static signature signed_with(const tlsc_signing_key *key, uint16_t scheme)
{
    signature s;
    assert_ok(key->sign(key, scheme, TEXT("message"), s.b, &s.n));
    return s;
}

static tlsc_err verify(uint16_t scheme, tlsc_bytes spki, const signature *s)
{
    return tlsc_libcrypto_verify(scheme, spki, TEXT("message"), tlsc_bytes_of(s->b, s->n));
}

/* Every signature with every scheme and every key: one combination is right. */
static void only_the_scheme_and_key_that_signed(void **state)
{
    (void)state;
    tlsc_signing_key *keys[NUM_KEYS];
    for (size_t i = 0; i < NUM_KEYS; i++) {
        keys[i] = load(key_paths[i]);
    }
    for (size_t i = 0; i < NUM_KEYS; i++) {
        for (size_t j = 0; j < keys[i]->num_schemes; j++) {
            uint16_t scheme = keys[i]->schemes[j];
            signature s = signed_with(keys[i], scheme);
            for (size_t k = 0; k < NUM_KEYS; k++) {
                for (size_t l = 0; l < NUM_SCHEMES; l++) {
                    tlsc_err rc = verify(all_schemes[l], keys[k]->spki, &s);
                    if (i == k && all_schemes[l] == scheme) {
                        assert_ok(rc);
                    } else {
                        assert_true(rc == TLSC_E_BAD_SIGNATURE || rc == TLSC_E_UNSUPPORTED_KEY);
                    }
                }
            }
        }
    }
    for (size_t i = 0; i < NUM_KEYS; i++) {
        keys[i]->free(keys[i]);
    }
}

static void a_key_of_another_kind_says_so(void **state)
{
    (void)state;
    tlsc_signing_key *p256 = load(KEYS "p256.pkcs8");
    tlsc_signing_key *rsa = load(KEYS "rsa2048.pkcs8");
    signature s = signed_with(p256, TLSC_SIG_ECDSA_P256_SHA256);
    assert_err(verify(TLSC_SIG_RSA_PSS_SHA256, p256->spki, &s), TLSC_E_UNSUPPORTED_KEY);
    assert_err(verify(TLSC_SIG_ED25519, p256->spki, &s), TLSC_E_UNSUPPORTED_KEY);
    /* of the kind, with another hash: TLS 1.2 has that, so it's the signature that is wrong */
    assert_err(verify(TLSC_SIG_ECDSA_P384_SHA384, p256->spki, &s), TLSC_E_BAD_SIGNATURE);
    assert_err(verify(TLSC_SIG_ECDSA_P256_SHA256, rsa->spki, &s), TLSC_E_UNSUPPORTED_KEY);
    /* schemes that we have not: SHA-1, rsa_pss_pss, none at all */
    assert_err(verify(0x0201, rsa->spki, &s), TLSC_E_UNSUPPORTED_KEY);
    assert_err(verify(0x0809, rsa->spki, &s), TLSC_E_UNSUPPORTED_KEY);
    assert_err(verify(0, rsa->spki, &s), TLSC_E_UNSUPPORTED_KEY);
    p256->free(p256);
    rsa->free(rsa);
}

static void every_changed_bit_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_KEYS; i++) {
        tlsc_signing_key *key = load(key_paths[i]);
        for (size_t j = 0; j < key->num_schemes; j++) {
            signature s = signed_with(key, key->schemes[j]);
            for (size_t bit = 0; bit < 8 * s.n; bit += 5) {
                s.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
                assert_err(verify(key->schemes[j], key->spki, &s), TLSC_E_BAD_SIGNATURE);
                s.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
            }
            assert_ok(verify(key->schemes[j], key->spki, &s));
        }
        key->free(key);
    }
}

static void every_other_length_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_KEYS; i++) {
        tlsc_signing_key *key = load(key_paths[i]);
        signature s = signed_with(key, key->schemes[0]);
        for (size_t n = 0; n <= s.n + 1; n++) {
            uint8_t *copy = (uint8_t *)tlsc_mem_zalloc(n);
            assert_non_null(copy);
            tlsc_bytes_copy(copy, tlsc_bytes_of(s.b, n < s.n ? n : s.n));
            tlsc_err rc = tlsc_libcrypto_verify(key->schemes[0], key->spki, TEXT("message"),
                                                tlsc_bytes_of(copy, n));
            assert_err(rc, n == s.n ? TLSC_OK : TLSC_E_BAD_SIGNATURE);
            tlsc_mem_free(copy);
        }
        key->free(key);
    }
}

static void every_truncated_key_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_KEYS; i++) {
        tlsc_signing_key *key = load(key_paths[i]);
        signature s = signed_with(key, key->schemes[0]);
        for (size_t n = 0; n <= key->spki.n + 1; n++) {
            uint8_t *copy = (uint8_t *)tlsc_mem_zalloc(n);
            assert_non_null(copy);
            tlsc_bytes_copy(copy, tlsc_bytes_of(key->spki.p, n < key->spki.n ? n : key->spki.n));
            assert_err(verify(key->schemes[0], tlsc_bytes_of(copy, n), &s),
                       n == key->spki.n ? TLSC_OK : TLSC_E_BAD_DER);
            tlsc_mem_free(copy);
        }
        key->free(key);
    }
}

static void expect_key_error(const char *hex, tlsc_err expected)
{
    tlsc_buf spki = test_hex(hex);
    static const signature s = { { 0 }, 64 };
    assert_err(verify(TLSC_SIG_ED25519, tlsc_buf_bytes(&spki), &s), expected);
    tlsc_buf_clear(&spki);
}

#define POINT_31 "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166"
#define POINT_32 POINT_31 "e1"

static void malformed_keys_are_refused(void **state)
{
    (void)state;
    /* Ed25519: good, a bit unused, a byte less, a byte more, with parameters */
    expect_key_error("302a300506032b6570032100" POINT_32, TLSC_E_BAD_SIGNATURE);
    expect_key_error("302a300506032b6570032101" POINT_32, TLSC_E_BAD_DER);
    expect_key_error("3029300506032b6570032000" POINT_31, TLSC_E_BAD_DER);
    expect_key_error("302b300506032b6570032200" POINT_32 "00", TLSC_E_BAD_DER);
    expect_key_error("302c300706032b65700500032100" POINT_32, TLSC_E_BAD_DER);
    /* something behind the bit string, and behind it all */
    expect_key_error("302c300506032b6570032100" POINT_32 "0500", TLSC_E_BAD_DER);
    expect_key_error("302a300506032b6570032100" POINT_32 "0500", TLSC_E_BAD_DER);
    /* P-256: a point that is not on the curve, the point at infinity, none */
    expect_key_error("3059301306072a8648ce3d020106082a8648ce3d03010703420004" POINT_32 POINT_32,
                     TLSC_E_BAD_DER);
    expect_key_error("3019301306072a8648ce3d020106082a8648ce3d030107030200" "00", TLSC_E_BAD_DER);
    expect_key_error("3018301306072a8648ce3d020106082a8648ce3d0301070301" "00", TLSC_E_BAD_DER);
    /* EC without a curve, with one that is not ours, with one spelled out; X25519 */
    expect_key_error("300f300906072a8648ce3d0201" "03020004", TLSC_E_BAD_DER);
    expect_key_error("3016301006072a8648ce3d020106052b8104000a" "03020004", TLSC_E_UNSUPPORTED_KEY);
    expect_key_error("3011300b06072a8648ce3d02013000" "03020004", TLSC_E_UNSUPPORTED_KEY);
    expect_key_error("302a300506032b656e032100" POINT_32, TLSC_E_UNSUPPORTED_KEY);
    /* RSA with parameters other than NULL, with rubbish inside, rsassaPss */
    expect_key_error("3015300e06092a864886f70d010101020100" "03030030" "00", TLSC_E_BAD_DER);
    expect_key_error("3014300d06092a864886f70d0101010500" "0303003000", TLSC_E_BAD_DER);
    expect_key_error("3012300b06092a864886f70d01010a" "0303003000", TLSC_E_UNSUPPORTED_KEY);
}

/* A compressed point is the same key, RFC 5480 2.2. */
static void a_compressed_point_is_accepted(void **state)
{
    (void)state;
    tlsc_signing_key *key = load(KEYS "p256.pkcs8");
    signature s = signed_with(key, TLSC_SIG_ECDSA_P256_SHA256);
    /* its last 65 bytes are 0x04, x, y */
    const uint8_t *point = key->spki.p + key->spki.n - 65;
    uint8_t form = (uint8_t)(2u + (point[64] & 1u));
    tlsc_buf spki = test_hex("3039301306072a8648ce3d020106082a8648ce3d030107032200");
    assert_ok(tlsc_buf_append(&spki, (tlsc_bytes){ &form, 1 }));
    assert_ok(tlsc_buf_append(&spki, (tlsc_bytes){ point + 1, 32 }));
    assert_ok(verify(TLSC_SIG_ECDSA_P256_SHA256, tlsc_buf_bytes(&spki), &s));
    tlsc_buf_clear(&spki);
    key->free(key);
}

/* A SubjectPublicKeyInfo with an RSA modulus of `n` bytes that starts with `first`, and 65537. */
static tlsc_buf rsa_spki(size_t n, uint8_t first)
{
    static const uint8_t rsa[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                   0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
    static const uint8_t exponent[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
    uint8_t modulus[1 + 2048];
    size_t padding = first >= 0x80 ? 1 : 0;
    memset(modulus, 0x55, sizeof(modulus));
    modulus[0] = 0;
    modulus[padding] = first;
    modulus[padding + n - 1] = 0x01;

    tlsc_buf spki = tlsc_buf_of(4096);
    tlsc_wr w = tlsc_wr_of(&spki);
    tlsc_wr_mark marks[4];
    /* DER's length in two bytes: 0x82, then a number that the writer fills in */
    tlsc_wr_u16(&w, 0x3082);
    marks[0] = tlsc_wr_open16(&w);
    tlsc_wr_bytes(&w, tlsc_bytes_of(rsa, sizeof(rsa)));
    tlsc_wr_u16(&w, 0x0382);
    marks[1] = tlsc_wr_open16(&w);
    tlsc_wr_u8(&w, 0);
    tlsc_wr_u16(&w, 0x3082);
    marks[2] = tlsc_wr_open16(&w);
    tlsc_wr_u16(&w, padding + n < 256 ? 0x0281 : 0x0282);
    marks[3] = padding + n < 256 ? tlsc_wr_open8(&w) : tlsc_wr_open16(&w);
    tlsc_wr_bytes(&w, tlsc_bytes_of(modulus, padding + n));
    tlsc_wr_close(&w, marks[3]);
    tlsc_wr_bytes(&w, tlsc_bytes_of(exponent, sizeof(exponent)));
    tlsc_wr_close(&w, marks[2]);
    tlsc_wr_close(&w, marks[1]);
    tlsc_wr_close(&w, marks[0]);
    assert_ok(tlsc_wr_end(&w));
    return spki;
}

static void weak_and_huge_rsa_keys_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t modulus_len;
        uint8_t first;
        tlsc_err expected;
    } sizes[] = {
        { 250, 0x80, TLSC_E_UNSUPPORTED_KEY },  /* 2000 bits */
        { 256, 0x40, TLSC_E_UNSUPPORTED_KEY },  /* 2047 */
        { 256, 0x80, TLSC_E_BAD_SIGNATURE },    /* 2048 */
        { 1024, 0x80, TLSC_E_BAD_SIGNATURE },   /* 8192 */
        { 1025, 0x01, TLSC_E_UNSUPPORTED_KEY }, /* 8193 */
        { 2048, 0x80, TLSC_E_UNSUPPORTED_KEY }, /* 16384 */
    };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        tlsc_buf spki = rsa_spki(sizes[i].modulus_len, sizes[i].first);
        signature s = { { 0 }, 1024 };
        s.n = sizes[i].modulus_len < s.n ? sizes[i].modulus_len : s.n;
        assert_err(verify(TLSC_SIG_RSA_PSS_SHA256, tlsc_buf_bytes(&spki), &s), sizes[i].expected);
        tlsc_buf_clear(&spki);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_scheme_and_key_that_signed),
        cmocka_unit_test(a_key_of_another_kind_says_so),
        cmocka_unit_test(every_changed_bit_is_noticed),
        cmocka_unit_test(every_other_length_is_noticed),
        cmocka_unit_test(every_truncated_key_is_refused),
        cmocka_unit_test(malformed_keys_are_refused),
        cmocka_unit_test(a_compressed_point_is_accepted),
        cmocka_unit_test(weak_and_huge_rsa_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
