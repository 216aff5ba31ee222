/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/prf12.h"

#include <string.h>

#include "hex.h"
#include "unit.h"

static const tlsc_hash *sha256(void)
{
    return tlsc_provider_suite(tlsc_provider_default(), 0xc02b)->hash;
}

static const tlsc_hash *sha384(void)
{
    return tlsc_provider_suite(tlsc_provider_default(), 0xc02c)->hash;
}

/* The known answers that the TLS working group's list has for TLS 1.2's PRF. */
static void known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *secret;
        const char *seed;
        const char *output;
        bool is_384;
    } cases[] = {
        { "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
          "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
          "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
          "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
          "87347b66", false },
        { "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465",
          "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd"
          "e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd"
          "8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
          "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6"
          "91c8f3a26854308d5eaa3be85e0990703d73e56f", true },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tlsc_buf secret = test_hex(cases[i].secret);
        tlsc_buf seed = test_hex(cases[i].seed);
        tlsc_buf expected = test_hex(cases[i].output);
        uint8_t out[160];
        assert_ok(tlsc_prf12(cases[i].is_384 ? sha384() : sha256(), tlsc_buf_bytes(&secret),
                             "test label", tlsc_buf_bytes(&seed), (tlsc_bytes){ NULL, 0 }, out,
                             expected.n));
        assert_bytes_equal(tlsc_bytes_of(out, expected.n), tlsc_buf_bytes(&expected));
        /* where the seed is cut makes no difference */
        memset(out, 0, sizeof(out));
        assert_ok(tlsc_prf12(cases[i].is_384 ? sha384() : sha256(), tlsc_buf_bytes(&secret),
                             "test label", tlsc_bytes_of(seed.p, 5),
                             tlsc_bytes_of(seed.p + 5, seed.n - 5), out, expected.n));
        assert_bytes_equal(tlsc_bytes_of(out, expected.n), tlsc_buf_bytes(&expected));
        tlsc_buf_clear(&secret);
        tlsc_buf_clear(&seed);
        tlsc_buf_clear(&expected);
    }
}

/* Client and server write with different keys, and both randoms go in, in their order. */
static void keys_depend_on_both_randoms(void **state)
{
    (void)state;
    const tlsc_suite *suite = tlsc_provider_suite(tlsc_provider_default(), 0xcca8);
    tlsc_hmac master;
    uint8_t zeros[TLSC_MASTER12_LEN] = { 0 };
    uint8_t a[TLSC_RANDOM_LEN] = { 1 };
    uint8_t b[TLSC_RANDOM_LEN] = { 2 };
    tlsc_keys12 one;
    tlsc_keys12 other;
    tlsc_hmac_init(&master, suite->hash, tlsc_bytes_of(zeros, sizeof(zeros)));
    assert_ok(tlsc_keys12_derive(suite, 12, &master, a, b, &one));
    assert_ok(tlsc_keys12_derive(suite, 12, &master, b, a, &other));
    assert_memory_not_equal(&one, &other, sizeof(one));
    assert_memory_not_equal(one.client_key, one.server_key, 32);
    assert_memory_not_equal(one.client_iv, one.server_iv, 12);
    tlsc_keys12_clear(&one);
    tlsc_keys12 zero = { 0 };
    assert_memory_equal(&one, &zero, sizeof(one));
}

static void the_two_master_secrets_and_finished_differ(void **state)
{
    (void)state;
    uint8_t random[TLSC_RANDOM_LEN] = { 1 };
    uint8_t hash[TLSC_HASH_MAX] = { 1 };
    uint8_t client[TLSC_VERIFY_DATA12_LEN];
    uint8_t server[TLSC_VERIFY_DATA12_LEN];
    tlsc_secret plain;
    tlsc_secret extended;
    assert_ok(tlsc_master12(sha256(), TEXT("premaster"), random, random, &plain));
    assert_ok(tlsc_master12_extended(sha256(), TEXT("premaster"), hash, &extended));
    assert_int_equal(plain.n, TLSC_MASTER12_LEN);
    assert_int_equal(extended.n, TLSC_MASTER12_LEN);
    assert_memory_not_equal(plain.b, extended.b, TLSC_MASTER12_LEN);
    tlsc_hmac keyed;
    tlsc_hmac_init(&keyed, sha256(), tlsc_secret_bytes(&plain));
    assert_ok(tlsc_finished12(&keyed, false, hash, client));
    assert_ok(tlsc_finished12(&keyed, true, hash, server));
    assert_memory_not_equal(client, server, sizeof(client));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(keys_depend_on_both_randoms),
        cmocka_unit_test(the_two_master_secrets_and_finished_differ),
    };
    return cmocka_run_group_tests_name("prf12", tests, NULL, NULL);
}
