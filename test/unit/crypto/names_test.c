/* SPDX-License-Identifier: Apache-2.0 */
#include "tlscore/provider.h"

#include "unit.h"

/* Looks a suite up and expects the error and the code point. */
static void expect_suite(const char *name, tlsc_err expected, unsigned id)
{
    uint16_t found = 0xffff;
    assert_err(tlsc_suite_by_name(tlsc_provider_default(), name, &found), expected);
    assert_int_equal(found, id);
}

static void expect_group(const char *name, tlsc_err expected, unsigned id)
{
    uint16_t found = 0xffff;
    assert_err(tlsc_group_by_name(tlsc_provider_default(), name, &found), expected);
    assert_int_equal(found, id);
}

static void suites_by_name(void **state)
{
    (void)state;
    expect_suite("TLS_AES_128_GCM_SHA256", TLSC_OK, 0x1301);
    expect_suite("TLS_AES_256_GCM_SHA384", TLSC_OK, 0x1302);
    expect_suite("TLS_CHACHA20_POLY1305_SHA256", TLSC_OK, 0x1303);
    expect_suite("tls_aes_128_gcm_sha256", TLSC_OK, 0x1301);
}

static void suites_by_number(void **state)
{
    (void)state;
    expect_suite("TLS_CIPHER_0x1301", TLSC_OK, 0x1301);
    expect_suite("tls_cipher_0X1303", TLSC_OK, 0x1303);
    expect_suite("TLS_CIPHER_0x1304", TLSC_E_UNSUPPORTED, 0x1304);
    expect_suite("TLS_CIPHER_0xc02b", TLSC_OK, 0xc02b);
    expect_suite("TLS_CIPHER_0xC02B", TLSC_OK, 0xc02b);
    expect_suite("TLS_CIPHER_0x1a1a", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS_CIPHER_0x130", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS_CIPHER_0x13011", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS_CIPHER_0x13g1", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS_CIPHER_0x", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS_CIPHER_1301", TLSC_E_UNKNOWN_NAME, 0);
}

static void suites_of_tls12_are_known(void **state)
{
    (void)state;
    expect_suite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", TLSC_OK, 0xc02b);
    expect_suite("ECDHE-ECDSA-AES128-GCM-SHA256", TLSC_OK, 0xc02b);
    expect_suite("ECDHE-RSA-AES256-GCM-SHA384", TLSC_OK, 0xc030);
    expect_suite("ecdhe-rsa-chacha20-poly1305", TLSC_OK, 0xcca8);
    expect_suite("DHE-RSA-AES256-SHA", TLSC_E_UNSUPPORTED, 0x0039);
    expect_suite("DES-CBC3-SHA", TLSC_E_UNSUPPORTED, 0x000a);
}

static void unknown_suites_are_unknown(void **state)
{
    (void)state;
    expect_suite("", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS_AES_128_GCM_SHA25", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS_AES_128_GCM_SHA2566", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("HIGH", TLSC_E_UNKNOWN_NAME, 0);
    expect_suite("TLS_ECDHE_ECDSA_WITH_\xc4\xb0", TLSC_E_UNKNOWN_NAME, 0);
}

static void groups_by_name(void **state)
{
    (void)state;
    expect_group("X25519MLKEM768", TLSC_OK, 0x11ec);
    expect_group("x25519mlkem768", TLSC_OK, 0x11ec);
    expect_group("X25519", TLSC_OK, 0x001d);
    expect_group("x25519", TLSC_OK, 0x001d);
    expect_group("P-256", TLSC_OK, 0x0017);
    expect_group("prime256v1", TLSC_OK, 0x0017);
    expect_group("secp256r1", TLSC_OK, 0x0017);
    expect_group("P-384", TLSC_OK, 0x0018);
    expect_group("secp384r1", TLSC_OK, 0x0018);
    expect_group("P-521", TLSC_OK, 0x0019);
    expect_group("secp521r1", TLSC_OK, 0x0019);
    expect_group("SecP256r1MLKEM768", TLSC_OK, 0x11eb);
    expect_group("secp256r1-mlkem768", TLSC_OK, 0x11eb);
    expect_group("SecP384r1MLKEM1024", TLSC_OK, 0x11ed);
    expect_group("secp384r1-mlkem1024", TLSC_OK, 0x11ed);
    expect_group("MLKEM1024", TLSC_OK, 0x0202);
    expect_group("ML-KEM-1024", TLSC_OK, 0x0202);
    expect_group("MLKEM768", TLSC_E_UNSUPPORTED, 0x0201);
    expect_group("ffdhe2048", TLSC_E_UNSUPPORTED, 0x0100);
    expect_group("", TLSC_E_UNKNOWN_NAME, 0);
    expect_group("P-25", TLSC_E_UNKNOWN_NAME, 0);
    expect_group("P-2566", TLSC_E_UNKNOWN_NAME, 0);
}

static void names_for_log_lines(void **state)
{
    (void)state;
    assert_string_equal(tlsc_suite_name(0x1301), "TLS_AES_128_GCM_SHA256");
    assert_string_equal(tlsc_suite_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_string_equal(tlsc_suite_name(0x0a0a), "unknown");
    assert_string_equal(tlsc_group_name(0x11ec), "X25519MLKEM768");
    assert_string_equal(tlsc_group_name(0x0019), "secp521r1");
    assert_string_equal(tlsc_group_name(0x0a0a), "unknown");
    assert_string_equal(tlsc_scheme_name(TLSC_SIG_RSA_PSS_SHA256), "rsa_pss_rsae_sha256");
    assert_string_equal(tlsc_scheme_name(TLSC_SIG_ECDSA_P256_SHA256), "ecdsa_secp256r1_sha256");
    assert_string_equal(tlsc_scheme_name(TLSC_SIG_ED25519), "ed25519");
    assert_string_equal(tlsc_scheme_name(TLSC_SIG_MLDSA65), "mldsa65");
    assert_string_equal(tlsc_scheme_name(0x0203), "ecdsa_sha1");
    assert_string_equal(tlsc_scheme_name(0), "unknown");
}

/* What the provider has is in the tables too, by the same name. */
static void tables_agree_with_the_provider(void **state)
{
    (void)state;
    const tlsc_provider *p = tlsc_provider_default();
    for (size_t i = 0; i < p->num_suites; i++) {
        assert_string_equal(tlsc_suite_name(p->suites[i]->id), p->suites[i]->name);
        expect_suite(p->suites[i]->openssl_name, TLSC_OK, p->suites[i]->id);
    }
    for (size_t i = 0; i < p->num_groups; i++) {
        assert_string_equal(tlsc_group_name(p->groups[i]->id), p->groups[i]->name);
    }
}

/* A provider with a suite and a group that the tables have never heard of. */
static void a_provider_may_know_more(void **state)
{
    (void)state;
    tlsc_provider p = *tlsc_provider_default();
    tlsc_suite suite = *p.suites[0];
    tlsc_group group = *p.groups[0];
    const tlsc_suite *suites[] = { &suite };
    const tlsc_group *groups[] = { &group };
    suite.id = 0xfe01;
    suite.name = "TLS_OURS";
    group.id = 0xfe02;
    group.name = "ours";
    p.suites = suites;
    p.num_suites = 1;
    p.groups = groups;
    p.num_groups = 1;
    uint16_t id = 0;
    assert_ok(tlsc_suite_by_name(&p, "tls_ours", &id));
    assert_int_equal(id, 0xfe01);
    assert_ok(tlsc_suite_by_name(&p, "TLS_CIPHER_0xfe01", &id));
    assert_int_equal(id, 0xfe01);
    assert_ok(tlsc_group_by_name(&p, "OURS", &id));
    assert_int_equal(id, 0xfe02);
    assert_err(tlsc_suite_by_name(&p, "TLS_AES_256_GCM_SHA384", &id), TLSC_E_UNSUPPORTED);
    assert_err(tlsc_group_by_name(&p, "x25519", &id), TLSC_E_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suites_by_name),
        cmocka_unit_test(suites_by_number),
        cmocka_unit_test(suites_of_tls12_are_known),
        cmocka_unit_test(unknown_suites_are_unknown),
        cmocka_unit_test(groups_by_name),
        cmocka_unit_test(names_for_log_lines),
        cmocka_unit_test(tables_agree_with_the_provider),
        cmocka_unit_test(a_provider_may_know_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
