/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/suites.h"

#include "unit.h"

/* RFC 8446 B.4, RFC 5289, RFC 7905: what a suite's name says is what its row holds. */
static void rows_are_what_their_names_say(void **state)
{
    (void)state;
    static const struct {
        uint16_t id;
        uint16_t version;
        uint8_t authentication;
        uint8_t nonce_len;
        const char *name;
        const char *openssl_name;
        const char *aead;
        const char *hash;
        unsigned key_len;
        unsigned hash_len;
    } expected[TLSC_NUM_LIBCRYPTO_SUITES] = {
        { 0x1301, TLSC_TLS13, TLSC_AUTH_ANY, 0, "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256",
          "AES-128-GCM", "SHA256", 16, 32 },
        { 0x1302, TLSC_TLS13, TLSC_AUTH_ANY, 0, "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384",
          "AES-256-GCM", "SHA384", 32, 48 },
        { 0x1303, TLSC_TLS13, TLSC_AUTH_ANY, 0, "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305", "SHA256", 32, 32 },
        { 0xc02b, TLSC_TLS12, TLSC_AUTH_ECDSA, 8, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "ECDHE-ECDSA-AES128-GCM-SHA256", "AES-128-GCM", "SHA256", 16, 32 },
        { 0xc02c, TLSC_TLS12, TLSC_AUTH_ECDSA, 8, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "ECDHE-ECDSA-AES256-GCM-SHA384", "AES-256-GCM", "SHA384", 32, 48 },
        { 0xcca9, TLSC_TLS12, TLSC_AUTH_ECDSA, 0, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "ECDHE-ECDSA-CHACHA20-POLY1305", "CHACHA20-POLY1305", "SHA256", 32, 32 },
        { 0xc02f, TLSC_TLS12, TLSC_AUTH_RSA, 8, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256", "AES-128-GCM", "SHA256", 16, 32 },
        { 0xc030, TLSC_TLS12, TLSC_AUTH_RSA, 8, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384", "AES-256-GCM", "SHA384", 32, 48 },
        { 0xcca8, TLSC_TLS12, TLSC_AUTH_RSA, 0, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "ECDHE-RSA-CHACHA20-POLY1305", "CHACHA20-POLY1305", "SHA256", 32, 32 },
    };
    for (size_t i = 0; i < TLSC_NUM_LIBCRYPTO_SUITES; i++) {
        const tlsc_suite *s = tlsc_libcrypto_suites[i];
        assert_int_equal(s->id, expected[i].id);
        assert_int_equal(s->version, expected[i].version);
        assert_int_equal(s->authentication, expected[i].authentication);
        assert_int_equal(s->explicit_nonce_len, expected[i].nonce_len);
        assert_string_equal(s->name, expected[i].name);
        assert_string_equal(s->openssl_name, expected[i].openssl_name);
        assert_string_equal(s->aead->name, expected[i].aead);
        assert_string_equal(s->hash->name, expected[i].hash);
        assert_int_equal(s->aead->key_len, expected[i].key_len);
        assert_int_equal(s->hash->len, expected[i].hash_len);
    }
}

/* RFC 8446 5.5 */
static void limits(void **state)
{
    (void)state;
    assert_true(tlsc_libcrypto_suites[0]->confidentiality_limit == UINT64_C(1) << 24);
    assert_true(tlsc_libcrypto_suites[1]->confidentiality_limit == UINT64_C(1) << 24);
    assert_true(tlsc_libcrypto_suites[2]->confidentiality_limit == UINT64_C(1) << 62);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_what_their_names_say),
        cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
