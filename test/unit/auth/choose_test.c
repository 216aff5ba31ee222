/* SPDX-License-Identifier: Apache-2.0 */
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

static void assert_chosen(tlsc_bytes accepted, uint16_t version, size_t index, uint16_t scheme)
{
    size_t i = 99;
    uint16_t s = 99;
    uint8_t *copy = test_copy(accepted);
    assert_ok(tlsc_auth_choose(all, 4, tlsc_bytes_of(copy, accepted.n), version, &i, &s));
    assert_int_equal(i, index);
    assert_int_equal(s, scheme);
    tlsc_mem_free(copy);
}

static void assert_none(tlsc_credential *const *credentials, size_t num, tlsc_bytes accepted,
                        uint16_t version, tlsc_err expected)
{
    size_t i = 99;
    uint16_t s = 99;
    assert_err(tlsc_auth_choose(credentials, num, accepted, version, &i, &s), expected);
    assert_int_equal(i, 0);
    assert_int_equal(s, 0);
}

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
    assert_none(all, 1, browser, TLSC_TLS13, TLSC_E_NO_SHARED_SIGNATURE);
    assert_none(all, 0, browser, TLSC_TLS13, TLSC_E_NO_CERTIFICATE);
    assert_none(NULL, 0, browser, TLSC_TLS13, TLSC_E_NO_CERTIFICATE);
}

static void an_odd_list_is_malformed(void **state)
{
    (void)state;
    assert_none(all, 4, BYTES(SCHEME(TLSC_SIG_ECDSA_P256_SHA256), 0x04), TLSC_TLS13,
                TLSC_E_DECODE);
    assert_none(all, 0, BYTES(0x04), TLSC_TLS13, TLSC_E_DECODE);
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
        cmocka_unit_test(an_odd_list_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
