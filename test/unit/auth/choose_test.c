/* SPDX-License-Identifier: Apache-2.0 */
/* auth/choose_test.c: names x issuers x chains x schemes x curves x kinds. */
#include "auth/choose.h"

#include "auth/credential.h"
#include "unit.h"

static const uint16_t rsa_schemes[] = { TLSC_SIG_RSA_PSS_SHA256, TLSC_SIG_RSA_PSS_SHA512,
                                        TLSC_SIG_RSA_PKCS1_SHA256 };
static const uint16_t p256_schemes[] = { TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ECDSA_P384_SHA384 };
static const uint16_t p384_schemes[] = { TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P256_SHA256 };
static const uint16_t ed25519_schemes[] = { TLSC_SIG_ED25519 };

static tlsc_credential rsa = { .schemes = rsa_schemes,
                               .num_schemes = 3,
                               .leaf_key = { .kind = TLSC_SPKI_RSA } };
static tlsc_credential p256 = { .schemes = p256_schemes,
                                .num_schemes = 2,
                                .leaf_key = { .kind = TLSC_SPKI_P256 } };
static tlsc_credential p384 = { .schemes = p384_schemes,
                                .num_schemes = 2,
                                .leaf_key = { .kind = TLSC_SPKI_P384 } };
static tlsc_credential ed25519 = { .schemes = ed25519_schemes,
                                   .num_schemes = 1,
                                   .leaf_key = { .kind = TLSC_SPKI_ED25519 } };
static tlsc_credential *const all[] = { &p384, &p256, &rsa, &ed25519 };

#define SCHEME(s) (uint8_t)((s) >> 8), (uint8_t)((s)&0xff)

static const uint8_t x509 = TLSC_CERT_X509;

static tlsc_credential_request wish_of(tlsc_bytes schemes, uint16_t version)
{
    return (tlsc_credential_request){ .size = sizeof(tlsc_credential_request),
                                      .version = version,
                                      .schemes = schemes,
                                      .types = { &x509, 1 } };
}

static void assert_chosen(tlsc_bytes accepted, uint16_t version, size_t index, uint16_t scheme)
{
    tlsc_auth_choice choice;
    uint8_t *copy = test_copy(accepted);
    tlsc_credential_request wish = wish_of(tlsc_bytes_of(copy, accepted.n), version);
    assert_ok(tlsc_auth_choose(&wish, TLSC_AUTH_ANY, all, 4, &choice));
    assert_ptr_equal(choice.credential, all[index]);
    assert_int_equal(choice.scheme, scheme);
    tlsc_mem_free(copy);
}

static void expect_none(const tlsc_credential_request *wish, uint8_t authentication,
                        tlsc_credential *const *credentials, size_t num, tlsc_err expected)
{
    tlsc_auth_choice choice = { .scheme = 99, .rank = 99 };
    assert_err(tlsc_auth_choose(wish, authentication, credentials, num, &choice), expected);
    assert_null(choice.credential);
    assert_int_equal(choice.scheme, 0);
    assert_int_equal(choice.rank, 0);
}

static void assert_none(tlsc_credential *const *credentials, size_t num, tlsc_bytes accepted,
                        uint16_t version, tlsc_err expected)
{
    tlsc_credential_request wish = wish_of(accepted, version);
    expect_none(&wish, TLSC_AUTH_ANY, credentials, num, expected);
}

/* ---- schemes ---- */

static void the_first_that_fits_serves(void **state)
{
    (void)state;
    tlsc_bytes browser =
        BYTES(SCHEME(TLSC_SIG_ECDSA_P256_SHA256), SCHEME(TLSC_SIG_RSA_PSS_SHA256),
              SCHEME(TLSC_SIG_RSA_PKCS1_SHA256), SCHEME(TLSC_SIG_ECDSA_P384_SHA384));
    assert_chosen(browser, TLSC_TLS13, 0, TLSC_SIG_ECDSA_P384_SHA384);
    assert_chosen(BYTES(SCHEME(TLSC_SIG_RSA_PSS_SHA256), SCHEME(TLSC_SIG_ECDSA_P256_SHA256)),
                  TLSC_TLS13, 1, TLSC_SIG_ECDSA_P256_SHA256);
    assert_chosen(BYTES(SCHEME(TLSC_SIG_ED25519)), TLSC_TLS13, 3, TLSC_SIG_ED25519);
}

static void our_order_of_schemes_counts(void **state)
{
    (void)state;
    assert_chosen(BYTES(SCHEME(TLSC_SIG_RSA_PSS_SHA512), SCHEME(TLSC_SIG_RSA_PSS_SHA256)),
                  TLSC_TLS13, 2, TLSC_SIG_RSA_PSS_SHA256);
    assert_chosen(BYTES(SCHEME(TLSC_SIG_RSA_PSS_SHA512)), TLSC_TLS13, 2, TLSC_SIG_RSA_PSS_SHA512);
}

static void unknown_schemes_are_passed_over(void **state)
{
    (void)state;
    assert_chosen(BYTES(0x0a, 0x0a, 0x09, 0x04, SCHEME(TLSC_SIG_ED25519), 0xff, 0xff), TLSC_TLS13,
                  3, TLSC_SIG_ED25519);
    /* not at an odd place: 04|03 in the middle of two others */
    assert_none(all, 4, BYTES(0x04, 0x04, 0x03, 0x03), TLSC_TLS13, TLSC_E_NO_SHARED_SIGNATURE);
}

static void pkcs1_signs_tls12_only(void **state)
{
    (void)state;
    tlsc_bytes old = BYTES(SCHEME(TLSC_SIG_RSA_PKCS1_SHA256), SCHEME(TLSC_SIG_RSA_PKCS1_SHA384),
                           SCHEME(TLSC_SIG_RSA_PKCS1_SHA512), 0x02, 0x01);
    assert_none(all, 4, old, TLSC_TLS13, TLSC_E_NO_SHARED_SIGNATURE);
    assert_chosen(old, TLSC_TLS12, 2, TLSC_SIG_RSA_PKCS1_SHA256);
}

static void tls12_ties_no_hash_to_a_curve(void **state)
{
    (void)state;
    tlsc_bytes sha256 = BYTES(SCHEME(TLSC_SIG_ECDSA_P256_SHA256));
    assert_chosen(sha256, TLSC_TLS13, 1, TLSC_SIG_ECDSA_P256_SHA256);
    assert_chosen(sha256, TLSC_TLS12, 0, TLSC_SIG_ECDSA_P256_SHA256);
    /* its own hash comes first all the same */
    assert_chosen(BYTES(SCHEME(TLSC_SIG_ECDSA_P256_SHA256), SCHEME(TLSC_SIG_ECDSA_P384_SHA384)),
                  TLSC_TLS12, 0, TLSC_SIG_ECDSA_P384_SHA384);
}

static void nothing_in_common_is_an_error(void **state)
{
    (void)state;
    tlsc_bytes browser = BYTES(SCHEME(TLSC_SIG_ECDSA_P256_SHA256));
    assert_none(all, 4, (tlsc_bytes){ NULL, 0 }, TLSC_TLS13, TLSC_E_NO_SHARED_SIGNATURE);
    assert_none(all, 4, BYTES(0x04), TLSC_TLS13, TLSC_E_NO_SHARED_SIGNATURE);
    assert_none(all, 1, browser, TLSC_TLS13, TLSC_E_NO_SHARED_SIGNATURE);
    assert_none(all, 0, browser, TLSC_TLS13, TLSC_E_NO_CERTIFICATE);
    assert_none(NULL, 0, browser, TLSC_TLS13, TLSC_E_NO_CERTIFICATE);
}

/* ---- TLS 1.2: suites and curves ---- */

#define EVERY_SCHEME                                                                              \
    BYTES(SCHEME(TLSC_SIG_ECDSA_P256_SHA256), SCHEME(TLSC_SIG_ECDSA_P384_SHA384),                  \
          SCHEME(TLSC_SIG_ED25519), SCHEME(TLSC_SIG_RSA_PSS_SHA256))

static void a_suite_says_what_kind_of_key_signs(void **state)
{
    (void)state;
    static tlsc_credential *const ecdsa_alone[] = { &p384, &p256 };
    tlsc_auth_choice choice;
    tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS12);
    assert_ok(tlsc_auth_choose(&wish, TLSC_AUTH_RSA, all, 4, &choice));
    assert_ptr_equal(choice.credential, &rsa);
    assert_ok(tlsc_auth_choose(&wish, TLSC_AUTH_ECDSA, all, 4, &choice));
    assert_ptr_equal(choice.credential, &p384);
    /* Ed25519 too, RFC 8422 5.10 */
    wish.schemes = BYTES(SCHEME(TLSC_SIG_ED25519));
    assert_ok(tlsc_auth_choose(&wish, TLSC_AUTH_ECDSA, all, 4, &choice));
    assert_ptr_equal(choice.credential, &ed25519);
    expect_none(&wish, TLSC_AUTH_RSA, ecdsa_alone, 2, TLSC_E_NO_SHARED_SIGNATURE);
    expect_none(&wish, TLSC_AUTH_RSA, all, 4, TLSC_E_NO_SHARED_SIGNATURE);
}

static void tls12_wants_a_curve_that_the_client_knows(void **state)
{
    (void)state;
    tlsc_auth_choice choice;
    tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS12);
    wish.groups = BYTES(0, 0x1d, 0, 0x17);
    assert_ok(tlsc_auth_choose(&wish, TLSC_AUTH_ANY, all, 4, &choice));
    assert_ptr_equal(choice.credential, &p256);
    wish.groups = BYTES(0, 0x1d);
    assert_ok(tlsc_auth_choose(&wish, TLSC_AUTH_ANY, all, 4, &choice));
    assert_ptr_equal(choice.credential, &rsa);
    expect_none(&wish, TLSC_AUTH_ANY, all, 2, TLSC_E_NO_SHARED_SIGNATURE);
    assert_ok(tlsc_auth_choose(&wish, TLSC_AUTH_ANY, all + 3, 1, &choice)); /* no curve of the list */
    wish.version = TLSC_TLS13; /* where the scheme says it */
    assert_ok(tlsc_auth_choose(&wish, TLSC_AUTH_ANY, all, 4, &choice));
    assert_ptr_equal(choice.credential, &p384);
}

/* ---- names, issuers, chains ---- */

static const tlsc_bytes a_names[] = { { (const uint8_t *)"other.test", 10 },
                                      { (const uint8_t *)"A.example", 9 } };
static const tlsc_bytes wild_names[] = { { (const uint8_t *)"*.example", 9 } };
static const tlsc_bytes first_ca[] = { { (const uint8_t *)"0-leaf", 6 },
                                       { (const uint8_t *)"0-first", 7 } };
static const tlsc_bytes second_ca[] = { { (const uint8_t *)"0-second", 8 } };
static uint16_t signed_by_rsa[] = { TLSC_SIG_RSA_PKCS1_SHA256, 0 };
static uint16_t signed_by_ecdsa[] = { TLSC_SIG_ECDSA_P256_SHA256 };
static uint16_t signed_by_pss[] = { TLSC_SIG_RSA_PSS_SHA384 };

#define P256 .schemes = p256_schemes, .num_schemes = 2, .leaf_key = { .kind = TLSC_SPKI_P256 }

static tlsc_credential named_a = { P256, .names = a_names, .num_names = 2 };
static tlsc_credential named_wild = { P256, .names = wild_names, .num_names = 1 };
static tlsc_credential of_first = {
    P256, .issuers = first_ca, .num_chain = 2, .signed_with = signed_by_rsa
};
static tlsc_credential of_second = {
    P256, .issuers = second_ca, .num_chain = 1, .signed_with = signed_by_ecdsa
};
static tlsc_credential of_pss = {
    P256, .issuers = second_ca, .num_chain = 1, .signed_with = signed_by_pss
};
static tlsc_credential only_first = {
    P256, .issuers = first_ca, .num_chain = 2, .signed_with = signed_by_rsa, .must_match_issuer = true
};
static tlsc_credential raw = { P256, .type = TLSC_CERT_RAW_PUBLIC_KEY };
static tlsc_credential only_raw = { P256, .type = TLSC_CERT_RAW_PUBLIC_KEY,
                                    .must_match_issuer = true };

/* The index of the credential that serves. */
static size_t chosen(const tlsc_credential_request *wish, tlsc_credential *const *list, size_t num)
{
    tlsc_auth_choice choice;
    assert_ok(tlsc_auth_choose(wish, TLSC_AUTH_ANY, list, num, &choice));
    size_t i = 0;
    while (list[i] != choice.credential) {
        i++;
    }
    return i;
}

static void the_certificate_with_the_name_serves(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &p256, &named_a, &named_wild };
    static const struct {
        const char *name;
        size_t expected;
    } rows[] = {
        { "", 0 },
        { "a.example", 1 }, /* both name it: the first */
        { "b.example", 2 },
        { "a.b.example", 0 }, /* a wildcard stands for one label */
        { ".example", 0 },
        { "example", 0 },
        { "*.example", 2 },
        { "other.test", 1 },
        { "other.tes", 0 },
        { "another.test", 0 },
        { "b.examplf", 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS13);
        uint8_t *copy = test_copy(tlsc_bytes_of_str(rows[i].name));
        wish.server_name = tlsc_bytes_of(copy, strlen(rows[i].name));
        assert_int_equal(chosen(&wish, list, 3), rows[i].expected);
        tlsc_mem_free(copy);
    }
}

static void odd_names_in_certificates_match_nothing(void **state)
{
    (void)state;
    static const char *const odd[] = { "*", "*.", "a*.example", "*.*", "", "*.a.example" };
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        tlsc_bytes name = tlsc_bytes_of_str(odd[i]);
        tlsc_credential c = { P256, .names = &name, .num_names = 1 };
        tlsc_credential *const list[] = { &p256, &c };
        tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS13);
        wish.server_name = TEXT("ab.example");
        assert_int_equal(chosen(&wish, list, 2), 0);
        wish.server_name = TEXT("a.example");
        assert_int_equal(chosen(&wish, list, 2), 0);
    }
}

#define CA_FIRST "\x00\x07" "0-first"
#define CA_SECOND "\x00\x08" "0-second"
#define CA_OTHER "\x00\x07" "0-firsu"

static void the_certificate_of_an_authority_that_is_named_serves(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &p256, &of_first, &of_second };
    static const struct {
        tlsc_bytes ca_names;
        size_t expected;
    } rows[] = {
        { { NULL, 0 }, 0 },
        { { (const uint8_t *)CA_FIRST, 9 }, 1 },
        { { (const uint8_t *)CA_SECOND, 10 }, 2 },
        { { (const uint8_t *)CA_SECOND CA_FIRST, 19 }, 1 }, /* ours is the order */
        { { (const uint8_t *)CA_OTHER, 9 }, 0 },            /* a hint, no more */
        { { (const uint8_t *)CA_OTHER CA_SECOND, 19 }, 2 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS13);
        wish.schemes_cert = BYTES(SCHEME(TLSC_SIG_RSA_PKCS1_SHA256),
                                  SCHEME(TLSC_SIG_ECDSA_P256_SHA256));
        wish.ca_names = rows[i].ca_names;
        assert_int_equal(chosen(&wish, list, 3), rows[i].expected);
    }
}

static void some_serve_only_where_their_issuer_is_named(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &only_first, &of_second };
    tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS13);
    assert_int_equal(chosen(&wish, list, 2), 1);
    expect_none(&wish, TLSC_AUTH_ANY, list, 1, TLSC_E_NO_MATCHING_ISSUER);
    wish.ca_names = TEXT(CA_OTHER);
    assert_int_equal(chosen(&wish, list, 2), 1);
    expect_none(&wish, TLSC_AUTH_ANY, list, 1, TLSC_E_NO_MATCHING_ISSUER);
    wish.ca_names = TEXT(CA_OTHER CA_FIRST);
    assert_int_equal(chosen(&wish, list, 2), 0);
    assert_int_equal(chosen(&wish, list, 1), 0);
    /* the nearest reason is told */
    wish.schemes = BYTES(SCHEME(TLSC_SIG_ED25519));
    expect_none(&wish, TLSC_AUTH_ANY, list, 1, TLSC_E_NO_SHARED_SIGNATURE);
    static tlsc_credential *const raw_list[] = { &only_raw };
    static const uint8_t raw_type = TLSC_CERT_RAW_PUBLIC_KEY;
    wish = wish_of(EVERY_SCHEME, TLSC_TLS13);
    wish.ca_names = TEXT(CA_FIRST);
    wish.types = tlsc_bytes_of(&raw_type, 1);
    expect_none(&wish, TLSC_AUTH_ANY, raw_list, 1, TLSC_E_NO_MATCHING_ISSUER);
}

static void a_chain_that_the_peer_can_check_is_a_wish(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &of_first, &of_second, &of_pss };
    tlsc_credential_request wish = wish_of(BYTES(SCHEME(TLSC_SIG_ECDSA_P256_SHA256)), TLSC_TLS13);
    assert_int_equal(chosen(&wish, list, 3), 1); /* signature_algorithms is for certificates too */
    wish.schemes_cert = BYTES(SCHEME(TLSC_SIG_RSA_PKCS1_SHA256));
    assert_int_equal(chosen(&wish, list, 3), 0);
    wish.schemes_cert = BYTES(SCHEME(TLSC_SIG_RSA_PSS_SHA384));
    assert_int_equal(chosen(&wish, list, 3), 2);
    wish.schemes_cert = BYTES(0x08, 0x0a); /* rsa_pss_pss_sha384 */
    assert_int_equal(chosen(&wish, list, 3), 2);
    wish.schemes_cert = BYTES(SCHEME(TLSC_SIG_ED25519)); /* none fits: sent all the same */
    assert_int_equal(chosen(&wish, list, 3), 0);
    wish.ca_names = TEXT(CA_SECOND); /* who may have issued it counts for more */
    wish.schemes_cert = BYTES(SCHEME(TLSC_SIG_RSA_PKCS1_SHA256));
    assert_int_equal(chosen(&wish, list, 3), 1);
}

static void a_name_counts_for_more_than_an_issuer(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &of_first, &named_a };
    tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS13);
    wish.ca_names = TEXT(CA_FIRST);
    wish.server_name = TEXT("b.example");
    assert_int_equal(chosen(&wish, list, 2), 0);
    wish.server_name = TEXT("a.example");
    assert_int_equal(chosen(&wish, list, 2), 1);
}

/* ---- raw keys ---- */

static void the_kind_is_one_that_the_peer_takes(void **state)
{
    (void)state;
    enum { FIRST = 0xfe };
    static tlsc_credential *const list[] = { &p256, &raw };
    static tlsc_credential *const reversed[] = { &raw, &p256 };
    static const struct {
        uint8_t types[3];
        size_t num;
        uint8_t expected; /* 0xff: none; FIRST: the one that was added first */
    } rows[] = {
        { { TLSC_CERT_X509 }, 1, TLSC_CERT_X509 },
        { { TLSC_CERT_RAW_PUBLIC_KEY }, 1, TLSC_CERT_RAW_PUBLIC_KEY },
        { { TLSC_CERT_X509, TLSC_CERT_RAW_PUBLIC_KEY }, 2, FIRST },
        { { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 }, 2, FIRST },
        { { 1, 42, TLSC_CERT_RAW_PUBLIC_KEY }, 3, TLSC_CERT_RAW_PUBLIC_KEY },
        { { 1, 42 }, 2, 0xff },
        { { 0 }, 0, 0xff },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS13);
        wish.types = tlsc_bytes_of(rows[i].types, rows[i].num);
        if (rows[i].expected == 0xff) {
            expect_none(&wish, TLSC_AUTH_ANY, list, 2, TLSC_E_NO_SHARED_CERTIFICATE_TYPE);
            continue;
        }
        if (rows[i].expected == FIRST) {
            assert_int_equal(chosen(&wish, list, 2), 0);
            assert_int_equal(chosen(&wish, reversed, 2), 0);
            continue;
        }
        assert_int_equal(list[chosen(&wish, list, 2)]->type, rows[i].expected);
        assert_int_equal(reversed[chosen(&wish, reversed, 2)]->type, rows[i].expected);
    }
}

static void choosing_allocates_nothing(void **state)
{
    (void)state;
    static tlsc_credential *const list[] = { &named_a, &named_wild, &of_first, &only_first, &raw };
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_credential_request wish = wish_of(EVERY_SCHEME, TLSC_TLS13);
    wish.server_name = TEXT("c.example");
    wish.ca_names = TEXT(CA_OTHER CA_FIRST);
    tlsc_mem_get_stats(&before);
    assert_int_equal(chosen(&wish, list, 5), 1);
    tlsc_mem_get_stats(&after);
    assert_int_equal(after.allocations, before.allocations);
}

/* What a policy's curves leave, whatever the hash. */
static void curves_may_be_left_out(void **state)
{
    (void)state;
    static const struct {
        uint8_t terms;
        size_t index; /* of `all`; 4: none */
    } rows[] = { { TLSC_AUTH_NO_P521, 0 },
                 { TLSC_AUTH_NO_P384, 1 },
                 { TLSC_AUTH_ECDSA | TLSC_AUTH_NO_P384, 1 },
                 { TLSC_AUTH_NO_P256 | TLSC_AUTH_NO_P384, 4 },
                 { TLSC_AUTH_RSA | TLSC_AUTH_NO_P384, 4 } };
    static const uint8_t accepted[] = { SCHEME(TLSC_SIG_ECDSA_P384_SHA384) };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_auth_choice choice;
        tlsc_credential_request wish =
            wish_of(tlsc_bytes_of(accepted, sizeof(accepted)), TLSC_TLS12);
        if (rows[i].index == 4) {
            expect_none(&wish, rows[i].terms, all, 4, TLSC_E_NO_SHARED_SIGNATURE);
            continue;
        }
        assert_ok(tlsc_auth_choose(&wish, rows[i].terms, all, 4, &choice));
        assert_ptr_equal(choice.credential, all[rows[i].index]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_fits_serves),
        cmocka_unit_test(our_order_of_schemes_counts),
        cmocka_unit_test(unknown_schemes_are_passed_over),
        cmocka_unit_test(pkcs1_signs_tls12_only),
        cmocka_unit_test(tls12_ties_no_hash_to_a_curve),
        cmocka_unit_test(nothing_in_common_is_an_error),
        cmocka_unit_test(a_suite_says_what_kind_of_key_signs),
        cmocka_unit_test(tls12_wants_a_curve_that_the_client_knows),
        cmocka_unit_test(the_certificate_with_the_name_serves),
        cmocka_unit_test(odd_names_in_certificates_match_nothing),
        cmocka_unit_test(the_certificate_of_an_authority_that_is_named_serves),
        cmocka_unit_test(some_serve_only_where_their_issuer_is_named),
        cmocka_unit_test(a_chain_that_the_peer_can_check_is_a_wish),
        cmocka_unit_test(a_name_counts_for_more_than_an_issuer),
        cmocka_unit_test(the_kind_is_one_that_the_peer_takes),
        cmocka_unit_test(choosing_allocates_nothing),
        cmocka_unit_test(curves_may_be_left_out),
    };
    return cmocka_run_group_tests_name("choose", tests, NULL, NULL);
}
