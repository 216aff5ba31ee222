/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential_options_test.c: what is said of a credential beyond its key and chain. */
#include "unit.h"

#include <string.h>

#include "auth/credential.h"
#include "builder.h"
#include "pem_file.h"
#include "tls_server.h"

#define OPTIONS(...)                                                                               \
    (&(tlsc_credential_options){ .size = sizeof(tlsc_credential_options), __VA_ARGS__ })

/* struct { opaque SerializedSCT<1..2^16-1> }, twice   RFC 6962 3.3 */
static const uint8_t two_scts[] = { 0, 9, 0, 3, 'o', 'n', 'e', 0, 2, 'i', 'i' };

static tlsc_bytes scts(void)
{
    return tlsc_bytes_of(two_scts, sizeof(two_scts));
}

static tlsc_credential *load(const char *name)
{
    tlsc_credential *c = NULL;
    assert_ok(tls_credential_load(provider(), name, &c));
    return c;
}

static void sign_with(const tlsc_credential *c, uint16_t scheme)
{
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    assert_ok(c->key->sign(c->key, scheme, TEXT("text"), signature, &n));
    assert_true(n > 0);
}

static void more_is_said_of_the_same_key_and_chain(void **state)
{
    (void)state;
    static const uint16_t one[] = { TLSC_SIG_RSA_PSS_SHA512 };
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_credential *base = load("rsa2048"); /* libcrypto makes a few things at first use, for good */
    sign_with(base, one[0]);
    tlsc_credential_free(base);
    tlsc_mem_get_stats(&before);
    base = load("rsa2048");
    tlsc_credential *c = NULL;
    uint8_t staple[] = { 's', 't', 'a', 'p', 'l', 'e' };
    assert_ok(tlsc_credential_with(base,
                                   OPTIONS(.ocsp = { staple, sizeof(staple) }, .scts = scts(),
                                           .schemes = one, .num_schemes = 1,
                                           .must_match_issuer = true),
                                   &c));
    staple[0] = 0; /* it was copied */
    assert_ptr_equal(c->key, base->key);
    assert_ptr_equal(c->certificate13.p, base->certificate13.p);
    assert_int_not_equal(base->num_schemes, 1);
    assert_int_equal(base->ocsp.n, 0);
    assert_false(base->must_match_issuer);
    tlsc_credential_free(base); /* what it made lives on */
    assert_bytes_equal(c->ocsp, TEXT("staple"));
    assert_bytes_equal(c->scts, scts());
    assert_true(c->must_match_issuer);
    size_t num;
    assert_int_equal(tlsc_credential_schemes(c, &num)[0], TLSC_SIG_RSA_PSS_SHA512);
    assert_int_equal(num, 1);
    assert_string_equal(tlsc_credential_kind(c), "RSA");
    assert_int_equal(tlsc_credential_type(c), TLSC_CERT_X509);
    assert_true(tlsc_credential_certificate(c, 0).n > 0);
    assert_true(tlsc_credential_spki(c).n > 0);
    sign_with(c, one[0]);
    tlsc_credential_free(c);
    tlsc_mem_get_stats(&after);
    assert_int_equal(after.live, before.live);
}

/* A staple is renewed every few days: that makes no chain of credentials. */
static void options_replace_all_that_was_said_before(void **state)
{
    (void)state;
    static const uint16_t one[] = { TLSC_SIG_RSA_PSS_SHA512 };
    static const uint16_t other[] = { TLSC_SIG_RSA_PSS_SHA256 };
    tlsc_credential *base = load("rsa2048");
    tlsc_credential *first = NULL;
    tlsc_credential *second = NULL;
    assert_ok(tlsc_credential_with(base,
                                   OPTIONS(.ocsp = TEXT("old"), .schemes = one, .num_schemes = 1,
                                           .must_match_issuer = true),
                                   &first));
    assert_ok(tlsc_credential_with(first, OPTIONS(.scts = scts()), &second));
    assert_int_equal(second->ocsp.n, 0);
    assert_false(second->must_match_issuer);
    assert_int_equal(second->num_schemes, base->num_schemes);
    assert_ptr_equal(second->base, base);
    tlsc_credential_free(second);
    /* also the schemes: what the key can is the bound, not what was said first */
    assert_ok(tlsc_credential_with(first, OPTIONS(.schemes = other, .num_schemes = 1), &second));
    tlsc_credential_free(first);
    tlsc_credential_free(base);
    assert_int_equal(second->schemes[0], other[0]);
    tlsc_credential_free(second);
}

static void an_external_key_keeps_its_schemes(void **state)
{
    (void)state;
    static const uint16_t schemes[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    tlsc_credential *base = new_credential();
    tlsc_credential *c = NULL;
    assert_ok(tlsc_credential_with(base, OPTIONS(.ocsp = TEXT("x")), &c));
    tlsc_credential_free(base);
    assert_null(c->key);
    assert_int_equal(c->num_schemes, 1);
    assert_int_equal(c->schemes[0], schemes[0]);
    tlsc_credential_free(c);
}

static void options_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const uint16_t ecdsa[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    static const uint16_t pss_and_ecdsa[] = { TLSC_SIG_RSA_PSS_SHA256,
                                              TLSC_SIG_ECDSA_P256_SHA256 };
    static uint8_t huge[65536];
    static const uint8_t short_scts[] = { 0, 5, 0, 3, 'o', 'n', 'e', 'x' };
    tlsc_credential *base = load("rsa2048");
    const struct {
        tlsc_credential_options options;
        tlsc_err error;
    } rows[] = {
        { { .size = sizeof(tlsc_credential_options) - 1 }, TLSC_E_USAGE },
        { { .schemes = ecdsa, .num_schemes = 0 }, TLSC_E_USAGE },
        { { .schemes = ecdsa, .num_schemes = 1 }, TLSC_E_UNSUPPORTED },
        { { .schemes = pss_and_ecdsa, .num_schemes = 2 }, TLSC_E_UNSUPPORTED },
        { { .ocsp = { huge, 65536 } }, TLSC_E_USAGE },
        { { .ocsp = { huge, 65524 } }, TLSC_E_USAGE },
        { { .ocsp = { huge, 65523 } }, TLSC_OK },
        { { .ocsp = { huge, 65523 - sizeof(two_scts) }, .scts = scts() }, TLSC_OK },
        { { .ocsp = { huge, 65524 - sizeof(two_scts) }, .scts = scts() }, TLSC_E_USAGE },
        { { .scts = { huge, 65536 } }, TLSC_E_USAGE },
        { { .scts = { two_scts, sizeof(two_scts) - 1 } }, TLSC_E_DECODE },
        { { .scts = { short_scts, sizeof(short_scts) } }, TLSC_E_DECODE },
        { { .scts = { huge, 2 } }, TLSC_E_DECODE }, /* none in it */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_credential_options o = rows[i].options;
        tlsc_credential *c = base;
        o.size = o.size == 0 ? sizeof(o) : o.size;
        assert_err(tlsc_credential_with(base, &o, &c), rows[i].error);
        assert_int_equal(c != NULL, rows[i].error == TLSC_OK);
        tlsc_credential_free(c);
    }
    tlsc_credential_free(base);
}

/* There is no certificate that a staple could speak of. RFC 7250 */
static void a_raw_key_has_no_staples(void **state)
{
    (void)state;
    tlsc_buf pem = test_pem("rsa2048.key.pem", NULL);
    tlsc_credential *base = NULL;
    tlsc_credential *c = NULL;
    assert_ok(tlsc_credential_raw_key(provider(), tlsc_buf_bytes(&pem), &base, NULL));
    tlsc_buf_clear(&pem);
    assert_err(tlsc_credential_with(base, OPTIONS(.ocsp = TEXT("x")), &c), TLSC_E_USAGE);
    assert_err(tlsc_credential_with(base, OPTIONS(.scts = scts()), &c), TLSC_E_USAGE);
    static const uint16_t one[] = { TLSC_SIG_RSA_PSS_SHA512 };
    assert_ok(tlsc_credential_with(base, OPTIONS(.schemes = one, .num_schemes = 1), &c));
    assert_int_equal(tlsc_credential_type(c), TLSC_CERT_RAW_PUBLIC_KEY);
    tlsc_credential_free(base);
    tlsc_credential_free(c);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const uint16_t one[] = { TLSC_SIG_RSA_PSS_SHA512 };
    tlsc_credential *base = load("rsa2048");
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    tlsc_err rc = TLSC_E_NO_MEMORY;
    uint64_t n = 0;
    while (rc != TLSC_OK) {
        tlsc_credential *c = base;
        tlsc_mem_fail_at(++n, false);
        rc = tlsc_credential_with(base,
                                  OPTIONS(.ocsp = TEXT("staple"), .scts = scts(), .schemes = one,
                                          .num_schemes = 1),
                                  &c);
        tlsc_mem_fail_at(0, false);
        assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY);
        assert_int_equal(c != NULL, rc == TLSC_OK);
        tlsc_credential_free(c);
        tlsc_mem_get_stats(&after);
        assert_int_equal(after.live, before.live);
    }
    assert_int_equal(n, 4); /* three allocations: itself, the schemes, the staples */
    tlsc_credential_free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_is_said_of_the_same_key_and_chain),
        cmocka_unit_test(options_replace_all_that_was_said_before),
        cmocka_unit_test(an_external_key_keeps_its_schemes),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(a_raw_key_has_no_staples),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("credential_options", tests, NULL, NULL);
}
