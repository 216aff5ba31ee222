/* SPDX-License-Identifier: Apache-2.0 */
/* x509/ocsp_test.c: OCSP responses that openssl made, and what becomes of them a byte or a bit away; requests:
 * ocsp.c, ocsp_check.c, ocsp_request.c, digest.c. Each rule on responses is in test/x509/proofs. */
#include "x509/ocsp.h"

#include <stdio.h>
#include <string.h>

#include "file.h"
#include "pem_file.h"
#include "unit.h"

enum { WHEN_S = 1798761600 }; /* 2027-01-01 */

static tlsc_buf leaf;
static tlsc_buf must;
static tlsc_buf issuer;

static tlsc_buf proof(const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "test/vectors/proofs/%s", name);
    return test_file(path);
}

static int open_certificates(void **state)
{
    (void)state;
    leaf = test_der("p256.crt.pem");
    must = test_der("../proofs/must.crt.pem");
    issuer = test_der("intermediate.crt.pem");
    return 0;
}

static int close_certificates(void **state)
{
    (void)state;
    tlsc_buf_clear(&leaf);
    tlsc_buf_clear(&must);
    tlsc_buf_clear(&issuer);
    return 0;
}

static tlsc_err check(tlsc_bytes response, const tlsc_buf *certificate, int64_t now_s, tlsc_ocsp *out)
{
    *out = (tlsc_ocsp){ .size = sizeof(*out) };
    return tlsc_ocsp_check(tlsc_provider_default(), response, tlsc_buf_bytes(certificate),
                           tlsc_buf_bytes(&issuer), now_s, 0, out);
}

static void each_says_what_it_says(void **state)
{
    static const struct {
        const char *name;
        bool of_must;
        tlsc_ocsp_status status;
    } known[] = {
        { "good.der", false, TLSC_OCSP_GOOD },       { "must.der", true, TLSC_OCSP_GOOD },
        { "delegated.der", false, TLSC_OCSP_GOOD },  { "revoked.der", false, TLSC_OCSP_REVOKED },
        { "unknown.der", false, TLSC_OCSP_UNKNOWN },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        tlsc_buf der = proof(known[i].name);
        tlsc_ocsp out;
        assert_ok(check(tlsc_buf_bytes(&der), known[i].of_must ? &must : &leaf, WHEN_S, &out));
        assert_int_equal(out.status, known[i].status);
        assert_true(out.this_update_s < WHEN_S && out.next_update_s > WHEN_S);
        assert_true(out.produced_s >= out.this_update_s && out.produced_s < out.this_update_s + 60);
        bool revoked = out.status == TLSC_OCSP_REVOKED;
        assert_int_equal(out.revoked_s, revoked ? 1767225600 : 0); /* 2026-01-01 */
        assert_int_equal(out.reason, revoked ? TLSC_REVOKED_KEY_COMPROMISE : 0);
        assert_err(check(tlsc_buf_bytes(&der), known[i].of_must ? &leaf : &must, WHEN_S, &out),
                   TLSC_E_OCSP_OTHER);
        tlsc_buf_clear(&der);
    }
}

static void its_dates_hold_within_the_skew(void **state)
{
    tlsc_buf der = proof("good.der");
    tlsc_bytes response = tlsc_buf_bytes(&der);
    tlsc_ocsp out;
    (void)state;
    assert_ok(check(response, &leaf, WHEN_S, &out));
    int64_t from = out.this_update_s;
    int64_t until = out.next_update_s;
    assert_ok(check(response, &leaf, from - 300, &out));
    assert_err(check(response, &leaf, from - 301, &out), TLSC_E_OCSP_EXPIRED);
    assert_int_equal(out.this_update_s, from); /* told nevertheless */
    assert_ok(check(response, &leaf, until + 300, &out));
    assert_err(check(response, &leaf, until + 301, &out), TLSC_E_OCSP_EXPIRED);
    assert_int_equal(out.next_update_s, until);
    assert_err(tlsc_ocsp_check(tlsc_provider_default(), response, tlsc_buf_bytes(&leaf),
                               tlsc_buf_bytes(&issuer), until + 2, 1, &out),
               TLSC_E_OCSP_EXPIRED);
    tlsc_buf_clear(&der);
}

/* Each input in a block of its own, so that a sanitizer sees a read beyond its ends. */
static tlsc_err check_copy(tlsc_bytes response)
{
    uint8_t *copy = (uint8_t *)tlsc_mem_dup(response);
    tlsc_ocsp out;
    tlsc_err rc = check(tlsc_bytes_of(copy, response.n), &leaf, WHEN_S, &out);
    tlsc_mem_free(copy);
    return rc;
}

static void a_byte_less_or_more_is_malformed(void **state)
{
    static const char *const names[] = { "good.der", "delegated.der", "revoked.der", "try-later.der" };
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        tlsc_buf der = proof(names[i]);
        for (size_t n = 0; n < der.n; n++) {
            assert_err(check_copy(tlsc_bytes_of(der.p, n)), TLSC_E_BAD_OCSP);
        }
        assert_ok(tlsc_buf_append(&der, TEXT("\0")));
        assert_err(check_copy(tlsc_buf_bytes(&der)), TLSC_E_BAD_OCSP);
        tlsc_buf_clear(&der);
    }
}

static void with_any_bit_changed_it_is_refused(void **state)
{
    tlsc_buf der = proof("good.der");
    (void)state;
    assert_ok(check_copy(tlsc_buf_bytes(&der)));
    for (size_t bit = 0; bit < der.n * 8; bit++) {
        der.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_true(check_copy(tlsc_buf_bytes(&der)) != TLSC_OK);
        der.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    tlsc_buf_clear(&der);
}

/* A responder's certificate isn't all needed: what is changed in it may not matter, but then the answer
 * is the same. */
static void with_any_bit_of_a_delegate_changed_it_says_nothing_else(void **state)
{
    tlsc_buf der = proof("delegated.der");
    tlsc_ocsp out;
    (void)state;
    for (size_t bit = 0; bit < der.n * 8; bit++) {
        der.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
        tlsc_err rc = check(tlsc_buf_bytes(&der), &leaf, WHEN_S, &out);
        assert_true(rc != TLSC_OK);
        der.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    tlsc_buf_clear(&der);
}

static void the_issuer_is_the_one_by_name_and_key(void **state)
{
    tlsc_buf root = test_der("root.crt.pem");
    tlsc_buf der = proof("good.der");
    tlsc_ocsp out = { .size = sizeof(out) };
    (void)state;
    assert_err(tlsc_ocsp_check(tlsc_provider_default(), tlsc_buf_bytes(&der), tlsc_buf_bytes(&leaf),
                               tlsc_buf_bytes(&root), WHEN_S, 0, &out),
               TLSC_E_OCSP_OTHER);
    assert_err(tlsc_ocsp_check(tlsc_provider_default(), tlsc_buf_bytes(&der), TEXT("x"),
                               tlsc_buf_bytes(&issuer), WHEN_S, 0, &out),
               TLSC_E_BAD_DER);
    out.size = 1;
    assert_err(tlsc_ocsp_check(tlsc_provider_default(), tlsc_buf_bytes(&der), tlsc_buf_bytes(&leaf),
                               tlsc_buf_bytes(&issuer), WHEN_S, 0, &out),
               TLSC_E_USAGE);
    tlsc_buf_clear(&root);
    tlsc_buf_clear(&der);
}

static void a_request_is_the_one_that_openssl_writes(void **state)
{
    tlsc_buf wanted = proof("request.der");
    uint8_t out[512];
    size_t n;
    (void)state;
    assert_ok(tlsc_ocsp_request(tlsc_provider_default(), tlsc_buf_bytes(&must), tlsc_buf_bytes(&issuer),
                                out, sizeof(out), &n));
    assert_bytes_equal(tlsc_bytes_of(out, n), tlsc_buf_bytes(&wanted));
    for (size_t cap = 0; cap < n; cap++) {
        size_t none;
        assert_err(tlsc_ocsp_request(tlsc_provider_default(), tlsc_buf_bytes(&must),
                                     tlsc_buf_bytes(&issuer), out, cap, &none),
                   TLSC_E_TOO_SMALL);
        assert_int_equal(none, 0);
    }
    assert_ok(tlsc_ocsp_request(tlsc_provider_default(), tlsc_buf_bytes(&must), tlsc_buf_bytes(&issuer),
                                out, n, &n));
    assert_err(tlsc_ocsp_request(tlsc_provider_default(), TEXT("x"), tlsc_buf_bytes(&issuer), out,
                                 sizeof(out), &n),
               TLSC_E_BAD_DER);
    tlsc_buf_clear(&wanted);
}

static void a_provider_without_sha1_asks_by_sha256(void **state)
{
    tlsc_provider without = *tlsc_provider_default();
    tlsc_buf der = proof("good.der");
    tlsc_ocsp out = { .size = sizeof(out) };
    uint8_t request[512];
    size_t n;
    (void)state;
    without.sha1 = NULL;
    assert_ok(tlsc_ocsp_request(&without, tlsc_buf_bytes(&must), tlsc_buf_bytes(&issuer), request,
                                sizeof(request), &n));
    assert_true(n > 100 && n <= TLSC_OCSP_REQUEST_MAX);
    assert_err(tlsc_ocsp_check(&without, tlsc_buf_bytes(&der), tlsc_buf_bytes(&leaf),
                               tlsc_buf_bytes(&issuer), WHEN_S, 0, &out),
               TLSC_E_OCSP_OTHER);
    without.fallback = tlsc_provider_default();
    assert_ok(tlsc_ocsp_check(&without, tlsc_buf_bytes(&der), tlsc_buf_bytes(&leaf),
                              tlsc_buf_bytes(&issuer), WHEN_S, 0, &out));
    tlsc_buf_clear(&der);
}

static void the_responders_url_is_found(void **state)
{
    tlsc_certificate c;
    (void)state;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&must)));
    assert_bytes_equal(tlsc_ocsp_url(&c), TEXT("http://ocsp.test/"));
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&leaf)));
    assert_int_equal(tlsc_ocsp_url(&c).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_says_what_it_says),
        cmocka_unit_test(its_dates_hold_within_the_skew),
        cmocka_unit_test(a_byte_less_or_more_is_malformed),
        cmocka_unit_test(with_any_bit_changed_it_is_refused),
        cmocka_unit_test(with_any_bit_of_a_delegate_changed_it_says_nothing_else),
        cmocka_unit_test(the_issuer_is_the_one_by_name_and_key),
        cmocka_unit_test(a_request_is_the_one_that_openssl_writes),
        cmocka_unit_test(a_provider_without_sha1_asks_by_sha256),
        cmocka_unit_test(the_responders_url_is_found),
    };
    return cmocka_run_group_tests(tests, open_certificates, close_certificates);
}
