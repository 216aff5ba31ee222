/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/negotiate12_test.c: TLS 1.2's choice: suites times credentials. */
#include "unit.h"

#include "auth/credential.h"
#include "builder.h"
#include "handshake/negotiate.h"

enum {
    ECDSA_AES128 = 0xc02b,
    ECDSA_AES256 = 0xc02c,
    RSA_AES128 = 0xc02f,
    RSA_AES256 = 0xc030,
    X25519 = 0x1d,
    P256 = 0x17,
    P384 = 0x18
};

#define U16(v) (uint8_t)((v) >> 8), (uint8_t)((v)&0xff)

static const uint16_t p256_schemes[] = { TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ECDSA_P384_SHA384 };
static const uint16_t rsa_schemes[] = { TLSC_SIG_RSA_PSS_SHA256, TLSC_SIG_RSA_PKCS1_SHA256 };
static const uint16_t ed25519_schemes[] = { TLSC_SIG_ED25519 };
static const tlsc_bytes a_name[] = { { (const uint8_t *)"a.test", 6 } };
static const tlsc_bytes b_name[] = { { (const uint8_t *)"b.test", 6 } };

static tlsc_credential p256_a = { .schemes = p256_schemes, .num_schemes = 2,
                                  .leaf_key = { .kind = TLSC_SPKI_P256 }, .names = a_name,
                                  .num_names = 1 };
static tlsc_credential rsa_b = { .schemes = rsa_schemes, .num_schemes = 2,
                                 .leaf_key = { .kind = TLSC_SPKI_RSA }, .names = b_name,
                                 .num_names = 1 };
static tlsc_credential ed25519 = { .schemes = ed25519_schemes, .num_schemes = 1,
                                   .leaf_key = { .kind = TLSC_SPKI_ED25519 } };

static const tlsc_config *config_of(bool own_order)
{
    static const uint16_t suites[] = { RSA_AES256, ECDSA_AES256, RSA_AES128, ECDSA_AES128 };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_suites(b, suites, 4));
    tlsc_config_honor_client_order(b, !own_order);
    const tlsc_config *config = built(b);
    tlsc_config_builder_free(b);
    return config;
}

/* A hello of a client that likes everything, ECDSA first. */
static tlsc_client_hello hello(void)
{
    static const uint8_t suites[] = { U16(0x1301), U16(ECDSA_AES128), U16(RSA_AES128),
                                      U16(ECDSA_AES256), U16(RSA_AES256) };
    static const uint8_t groups[] = { U16(0x11ec), U16(X25519), U16(P256), U16(P384) };
    static const uint8_t schemes[] = { U16(0x0403), U16(0x0503), U16(0x0804), U16(0x0401),
                                       U16(0x0807) };
    tlsc_client_hello ch = { .cipher_suites = { suites, sizeof(suites) },
                             .groups = { groups, sizeof(groups) },
                             .signature_algorithms = { schemes, sizeof(schemes) } };
    ch.exts.present = 1u << TLSC_EXT_supported_groups | 1u << TLSC_EXT_signature_algorithms;
    return ch;
}

static tlsc_err negotiate(bool own_order, const tlsc_client_hello *ch, const char *name,
                          tlsc_credential *const *list, size_t num, tlsc_choice12 *out)
{
    static const uint8_t x509 = TLSC_CERT_X509;
    const tlsc_config *config = config_of(own_order);
    tlsc_credential_request wish = { .size = sizeof(wish), .version = TLSC_TLS12,
                                     .server_name = tlsc_bytes_of_str(name),
                                     .schemes = ch->signature_algorithms,
                                     .groups = ch->groups, .types = { &x509, 1 } };
    tlsc_err rc = tlsc_negotiate12(config, ch, &wish, list, num, out);
    tlsc_config_free(config);
    return rc;
}

static void the_first_suite_with_a_credential_serves(void **state)
{
    (void)state;
    static tlsc_credential *const ecdsa[] = { &p256_a };
    static tlsc_credential *const rsa[] = { &rsa_b };
    static tlsc_credential *const both[] = { &rsa_b, &p256_a };
    static tlsc_credential *const edwards[] = { &ed25519 };
    static const struct {
        bool own_order;
        tlsc_credential *const *list;
        size_t num;
        uint16_t suite;
        uint16_t scheme;
    } rows[] = {
        { false, ecdsa, 1, ECDSA_AES128, 0x0403 },  { true, ecdsa, 1, ECDSA_AES256, 0x0403 },
        { false, rsa, 1, RSA_AES128, 0x0804 },      { true, rsa, 1, RSA_AES256, 0x0804 },
        { false, both, 2, ECDSA_AES128, 0x0403 },   { true, both, 2, RSA_AES256, 0x0804 },
        { false, edwards, 1, ECDSA_AES128, 0x0807 },
    };
    tlsc_client_hello ch = hello();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_choice12 choice;
        assert_ok(negotiate(rows[i].own_order, &ch, "", rows[i].list, rows[i].num, &choice));
        assert_int_equal(choice.suite->id, rows[i].suite);
        assert_int_equal(choice.own.scheme, rows[i].scheme);
        assert_int_equal(choice.group->id, X25519);
    }
}

/* Of groups that are as good, the client's first; none that TLS 1.2 hasn't. */
static void of_a_tier_the_client_chooses(void **state)
{
    (void)state;
    static const uint8_t x509 = TLSC_CERT_X509;
    static const uint16_t ids[] = { 0x11ec, X25519, P256, P384 };
    static const size_t sizes[] = { 3, 1 };
    static tlsc_credential *const list[] = { &p256_a };
    static const struct {
        uint8_t groups[8];
        size_t n;
        uint16_t expected; /* 0: none */
    } rows[] = {
        { { U16(0x11ec), U16(P384), U16(P256), U16(X25519) }, 8, P256 },
        { { U16(P384), U16(X25519), U16(P256) }, 6, X25519 },
        { { U16(0x11ec), U16(P384) }, 4, P384 },
        { { U16(0x11ec), U16(0x1e) }, 4, 0 },
    };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_group_tiers(b, ids, sizes, 2, TLSC_RETRY_BETTER_TIER));
    const tlsc_config *config = built(b);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_client_hello ch = hello();
        tlsc_choice12 choice;
        ch.groups = tlsc_bytes_of(rows[i].groups, rows[i].n);
        /* the key's own curve isn't what this is about */
        tlsc_credential_request wish = { .size = sizeof(wish), .version = TLSC_TLS12,
                                         .schemes = ch.signature_algorithms,
                                         .types = { &x509, 1 } };
        assert_err(tlsc_negotiate12(config, &ch, &wish, list, 1, &choice),
                   rows[i].expected == 0 ? TLSC_E_NO_SHARED_GROUP : TLSC_OK);
        if (rows[i].expected != 0) {
            assert_int_equal(choice.group->id, rows[i].expected);
        }
    }
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

/* The certificate of the name that was asked for serves, be its kind of suite not the first. */
static void a_name_counts_for_more_than_the_order_of_suites(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &p256_a, &rsa_b };
    tlsc_client_hello ch = hello();
    for (int own_order = 0; own_order < 2; own_order++) {
        tlsc_choice12 choice;
        assert_ok(negotiate(own_order != 0, &ch, "a.test", list, 2, &choice));
        assert_ptr_equal(choice.own.credential, &p256_a);
        assert_int_equal(choice.suite->id, own_order ? ECDSA_AES256 : ECDSA_AES128);
        assert_ok(negotiate(own_order != 0, &ch, "b.test", list, 2, &choice));
        assert_ptr_equal(choice.own.credential, &rsa_b);
        assert_int_equal(choice.suite->id, own_order ? RSA_AES256 : RSA_AES128);
    }
}

static void a_credential_that_cannot_sign_gives_way(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &p256_a, &rsa_b };
    tlsc_choice12 choice;
    tlsc_client_hello ch = hello();
    ch.signature_algorithms = BYTES(U16(0x0401));
    assert_ok(negotiate(false, &ch, "a.test", list, 2, &choice));
    assert_int_equal(choice.suite->id, RSA_AES128);
    assert_int_equal(choice.own.scheme, 0x0401);
    ch = hello();
    ch.groups = BYTES(U16(X25519), U16(P384)); /* the leaf's curve isn't there, RFC 8422 5.1 */
    assert_ok(negotiate(false, &ch, "a.test", list, 2, &choice));
    assert_int_equal(choice.suite->id, RSA_AES128);
    assert_int_equal(choice.group->id, X25519);
}

static void each_lack_has_its_error(void **state)
{
    (void)state;
    static tlsc_credential *const ecdsa[] = { &p256_a };
    static tlsc_credential *const both[] = { &p256_a, &rsa_b };
    tlsc_choice12 choice;
    tlsc_client_hello ch = hello();
    ch.cipher_suites = BYTES(U16(0x1301), U16(0xcca9));
    assert_err(negotiate(false, &ch, "", both, 2, &choice), TLSC_E_NO_SHARED_SUITE);
    ch.cipher_suites = BYTES(U16(RSA_AES128)); /* enabled here, but there is no such key */
    assert_err(negotiate(false, &ch, "", ecdsa, 1, &choice), TLSC_E_NO_SHARED_SIGNATURE);
    assert_null(choice.suite);
    ch = hello();
    ch.signature_algorithms = BYTES(U16(0x0201), U16(0x0203)); /* SHA-1 */
    assert_err(negotiate(false, &ch, "", both, 2, &choice), TLSC_E_NO_SHARED_SIGNATURE);
    ch.signature_algorithms = BYTES(U16(0x0804)); /* ECDSA suites are there, but nothing signs */
    assert_err(negotiate(false, &ch, "", ecdsa, 1, &choice), TLSC_E_NO_SHARED_SIGNATURE);
    ch = hello();
    ch.groups = BYTES(U16(0x11ec)); /* TLS 1.3's alone */
    static tlsc_credential *const rsa[] = { &rsa_b };
    assert_err(negotiate(false, &ch, "", rsa, 1, &choice), TLSC_E_NO_SHARED_GROUP);
}

/* Whichever kind of suite comes last. */
static void the_nearest_reason_is_told(void **state)
{
    (void)state;
    static tlsc_credential only = { .schemes = p256_schemes, .num_schemes = 2,
                                    .leaf_key = { .kind = TLSC_SPKI_P256 },
                                    .must_match_issuer = true };
    static tlsc_credential *const list[] = { &only };
    tlsc_choice12 choice;
    tlsc_client_hello ch = hello();
    assert_err(negotiate(false, &ch, "", list, 1, &choice), TLSC_E_NO_MATCHING_ISSUER);
    assert_err(negotiate(true, &ch, "", list, 1, &choice), TLSC_E_NO_MATCHING_ISSUER);
}

/* A client without supported_groups leaves the choice to us. RFC 8422 4 */
static void without_a_list_of_groups_it_is_p256(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &p256_a };
    tlsc_choice12 choice;
    tlsc_client_hello ch = hello();
    ch.exts.present = 1u << TLSC_EXT_signature_algorithms;
    ch.groups = (tlsc_bytes){ NULL, 0 };
    assert_ok(negotiate(false, &ch, "", list, 1, &choice));
    assert_int_equal(choice.group->id, P256);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_suite_with_a_credential_serves),
        cmocka_unit_test(of_a_tier_the_client_chooses),
        cmocka_unit_test(a_name_counts_for_more_than_the_order_of_suites),
        cmocka_unit_test(a_credential_that_cannot_sign_gives_way),
        cmocka_unit_test(each_lack_has_its_error),
        cmocka_unit_test(the_nearest_reason_is_told),
        cmocka_unit_test(without_a_list_of_groups_it_is_p256),
    };
    return cmocka_run_group_tests_name("negotiate12", tests, NULL, NULL);
}
