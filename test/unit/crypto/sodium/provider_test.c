/* SPDX-License-Identifier: Apache-2.0 */
#include "tlscore/provider.h"

#include "crypto/libcrypto/libcrypto.h"
#include "crypto/sodium/sodium.h"
#include "unit.h"

static void it_is_good_and_always_the_same(void **state)
{
    (void)state;
    const tlsc_provider *p = tlsc_provider_sodium();
    assert_non_null(p);
    assert_ok(tlsc_provider_check(p));
    assert_ptr_equal(p, tlsc_provider_sodium());
    assert_string_equal(p->name, "sodium");
    assert_null(p->fips);
    assert_null(p->fallback);
}

/* Without AES in the CPU it is its own in every part. */
static void its_suites(void **state)
{
    (void)state;
    static const uint16_t ids[] = { 0x1303, 0xcca9, 0x1302, 0xc02c };
    const tlsc_provider *p = tlsc_provider_sodium();
    assert_int_equal(p->num_suites, tlsc_sodium_has_aes256gcm() ? 4 : 2);
    for (size_t i = 0; i < p->num_suites; i++) {
        const tlsc_suite *theirs = tlsc_provider_suite(tlsc_provider_default(), ids[i]);
        const tlsc_suite *s = p->suites[i];
        assert_int_equal(s->id, ids[i]);
        assert_string_equal(s->name, theirs->name);
        assert_string_equal(s->openssl_name, theirs->openssl_name);
        assert_string_equal(s->name, tlsc_suite_name(s->id));
        assert_int_equal(s->version, theirs->version);
        assert_int_equal(s->authentication, theirs->authentication);
        assert_int_equal(s->explicit_nonce_len, theirs->explicit_nonce_len);
        assert_true(s->confidentiality_limit == theirs->confidentiality_limit);
        assert_ptr_equal(s->aead, i < 2 ? &tlsc_sodium_chacha20poly1305 : &tlsc_sodium_aes256gcm);
        assert_ptr_equal(s->hash, i < 2 ? &tlsc_sodium_sha256 : &tlsc_libcrypto_sha384);
    }
    assert_int_equal(p->num_groups, 1);
    assert_ptr_equal(tlsc_provider_group(p, 0x001d), &tlsc_sodium_x25519);
    assert_string_equal(p->groups[0]->name, tlsc_group_name(0x001d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_good_and_always_the_same),
        cmocka_unit_test(its_suites),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
