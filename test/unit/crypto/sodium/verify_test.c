/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium/sodium.h"

#include <string.h>

#include "crypto/libcrypto/libcrypto.h"
#include "file.h"
#include "hex.h"
#include "unit.h"

#define KEYS "test/vectors/keys/"

typedef tlsc_err (*load_fn)(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out);
typedef tlsc_err (*verify_fn)(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                              tlsc_bytes signature);

static tlsc_signing_key *load(load_fn with, const char *path)
{
    tlsc_signing_key *key = NULL;
    tlsc_buf der = test_file(path);
    assert_ok(with(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key));
    tlsc_buf_clear(&der);
    return key;
}

/* What one provider signs the other accepts, and each notices every changed bit. */
static void agrees_with_libcrypto(void **state)
{
    (void)state;
    static const load_fn loads[] = { tlsc_sodium_load_key, tlsc_libcrypto_load_key };
    static const verify_fn verifies[] = { tlsc_sodium_verify, tlsc_libcrypto_verify };
    for (size_t i = 0; i < 2; i++) {
        tlsc_signing_key *key = load(loads[i], KEYS "ed25519.pkcs8");
        uint8_t s[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        assert_ok(key->sign(key, TLSC_SIG_ED25519, TEXT("message"), s, &n));
        assert_int_equal(n, 64);
        for (size_t j = 0; j < 2; j++) {
            verify_fn verify = verifies[j];
            tlsc_bytes signature = { s, n };
            assert_ok(verify(TLSC_SIG_ED25519, key->spki, TEXT("message"), signature));
            assert_err(verify(TLSC_SIG_ED25519, key->spki, TEXT("massage"), signature),
                       TLSC_E_BAD_SIGNATURE);
            for (size_t bit = 0; bit < 8 * n; bit++) {
                s[bit / 8] ^= (uint8_t)(1u << bit % 8);
                assert_err(verify(TLSC_SIG_ED25519, key->spki, TEXT("message"), signature),
                           TLSC_E_BAD_SIGNATURE);
                s[bit / 8] ^= (uint8_t)(1u << bit % 8);
            }
        }
        key->free(key);
    }
}

static void every_other_length_is_noticed(void **state)
{
    (void)state;
    tlsc_signing_key *key = load(tlsc_sodium_load_key, KEYS "ed25519.pkcs8");
    uint8_t s[TLSC_SIGNATURE_MAX] = { 0 };
    size_t n = 0;
    assert_ok(key->sign(key, TLSC_SIG_ED25519, TEXT("message"), s, &n));
    for (size_t i = 0; i <= n + 1; i++) {
        uint8_t *copy = test_copy(tlsc_bytes_of(s, i));
        assert_err(tlsc_sodium_verify(TLSC_SIG_ED25519, key->spki, TEXT("message"),
                                      tlsc_bytes_of(copy, i)),
                   i == n ? TLSC_OK : TLSC_E_BAD_SIGNATURE);
        tlsc_mem_free(copy);
    }
    key->free(key);
}

/* RFC 8032 5.1.7: S must be below the group's order, else a signature would have a twin. */
static void a_twin_of_a_signature_is_refused(void **state)
{
    (void)state;
    static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                       0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                       [31] = 0x10 };
    tlsc_signing_key *key = load(tlsc_sodium_load_key, KEYS "ed25519.pkcs8");
    uint8_t s[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    assert_ok(key->sign(key, TLSC_SIG_ED25519, TEXT("message"), s, &n));
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += s[32 + i] + order[i];
        s[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(carry, 0);
    assert_err(tlsc_sodium_verify(TLSC_SIG_ED25519, key->spki, TEXT("message"),
                                  tlsc_bytes_of(s, n)),
               TLSC_E_BAD_SIGNATURE);
    key->free(key);
}

/* A key of small order would verify what nobody signed. */
static void keys_of_small_order_are_refused(void **state)
{
    (void)state;
    static const char *const points[] = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    };
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        uint8_t signature[64] = { 1 }; /* R the neutral element, S zero */
        tlsc_buf spki = test_hex("302a300506032b6570032100");
        tlsc_buf point = test_hex(points[i]);
        assert_ok(tlsc_buf_append(&spki, tlsc_buf_bytes(&point)));
        assert_err(tlsc_sodium_verify(TLSC_SIG_ED25519, tlsc_buf_bytes(&spki), TEXT("message"),
                                      tlsc_bytes_of(signature, sizeof(signature))),
                   TLSC_E_BAD_SIGNATURE);
        tlsc_buf_clear(&spki);
        tlsc_buf_clear(&point);
    }
}

static void other_schemes_and_keys_say_so(void **state)
{
    (void)state;
    static const uint16_t schemes[] = { 0, 0x0201, TLSC_SIG_ECDSA_P256_SHA256,
                                        TLSC_SIG_RSA_PSS_SHA256, 0x0808 };
    tlsc_signing_key *ed25519 = load(tlsc_sodium_load_key, KEYS "ed25519.pkcs8");
    tlsc_signing_key *p256 = load(tlsc_libcrypto_load_key, KEYS "p256.pkcs8");
    tlsc_signing_key *rsa = load(tlsc_libcrypto_load_key, KEYS "rsa2048.pkcs8");
    static const uint8_t zeroes[64];
    tlsc_bytes s = { zeroes, sizeof(zeroes) };
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        assert_err(tlsc_sodium_verify(schemes[i], ed25519->spki, TEXT("m"), s),
                   TLSC_E_UNSUPPORTED_KEY);
    }
    assert_err(tlsc_sodium_verify(TLSC_SIG_ED25519, p256->spki, TEXT("m"), s),
               TLSC_E_UNSUPPORTED_KEY);
    assert_err(tlsc_sodium_verify(TLSC_SIG_ED25519, rsa->spki, TEXT("m"), s),
               TLSC_E_UNSUPPORTED_KEY);
    assert_err(tlsc_sodium_verify(TLSC_SIG_ED25519, tlsc_bytes_of(zeroes, 0), TEXT("m"), s),
               TLSC_E_BAD_DER);
    ed25519->free(ed25519);
    p256->free(p256);
    rsa->free(rsa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_libcrypto),
        cmocka_unit_test(every_other_length_is_noticed),
        cmocka_unit_test(a_twin_of_a_signature_is_refused),
        cmocka_unit_test(keys_of_small_order_are_refused),
        cmocka_unit_test(other_schemes_and_keys_say_so),
    };
    return tlsc_provider_sodium() == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
