/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/suites.h"

#include "unit.h"

/* RFC 8446 B.4: what a suite's name says is what its row holds. */
static void rows_are_what_their_names_say(void **state)
{
    (void)state;
    static const struct {
        uint16_t id;
        const char *name;
        const char *aead;
        const char *hash;
        unsigned key_len;
        unsigned hash_len;
    } expected[TLSC_NUM_LIBCRYPTO_SUITES] = {
        { 0x1301, "TLS_AES_128_GCM_SHA256", "AES-128-GCM", "SHA256", 16, 32 },
        { 0x1302, "TLS_AES_256_GCM_SHA384", "AES-256-GCM", "SHA384", 32, 48 },
        { 0x1303, "TLS_CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305", "SHA256", 32, 32 },
    };
    for (size_t i = 0; i < TLSC_NUM_LIBCRYPTO_SUITES; i++) {
        const tlsc_suite *s = tlsc_libcrypto_suites[i];
        assert_int_equal(s->id, expected[i].id);
        assert_int_equal(s->version, TLSC_TLS13);
        assert_string_equal(s->name, expected[i].name);
        assert_string_equal(s->openssl_name, expected[i].name);
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
