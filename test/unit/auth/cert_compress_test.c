/* SPDX-License-Identifier: Apache-2.0 */
/* auth/cert_compress_test.c: messages compressed once per credential, and decompressed within bounds. */
#include "auth/cert_compress.h"

#include <pthread.h>

#include "pem_file.h"
#include "unit.h"
#include "wire/compressed_certificate.h"

static const tlsc_certificate_extras no_extras;

static tlsc_credential *load(void)
{
    tlsc_credential *c = NULL;
    tlsc_buf chain = test_pem("p256.crt.pem", "intermediate.crt.pem");
    tlsc_buf key = test_pem("p256.key.pem", NULL);
    assert_ok(tlsc_credential_from_pem(tlsc_provider_default(), tlsc_buf_bytes(&chain),
                                       tlsc_buf_bytes(&key), &c, NULL));
    tlsc_buf_clear(&chain);
    tlsc_buf_clear(&key);
    return c;
}

static tlsc_credential *with_staple(tlsc_credential *base, tlsc_bytes ocsp)
{
    tlsc_credential *c = NULL;
    tlsc_credential_options o = { .size = sizeof(o), .ocsp = ocsp };
    assert_ok(tlsc_credential_with(base, &o, &c));
    return c;
}

/* ---- algorithms that count ---- */

static unsigned times;

/* Takes the first two bytes away, which are zeroes. */
static tlsc_err cut(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    times++;
    assert_true(room > in.n && in.p[0] == 0 && in.p[1] == 0);
    *n = in.n - 2;
    tlsc_bytes_copy(out, tlsc_bytes_of(in.p + 2, *n));
    return TLSC_OK;
}

static tlsc_err uncut(tlsc_bytes in, uint8_t *out, size_t n)
{
    if (n != in.n + 2) {
        return TLSC_E_INTERNAL; /* an algorithm's error is of no interest to the peer */
    }
    out[0] = out[1] = 0;
    tlsc_bytes_copy(out + 2, in);
    return TLSC_OK;
}

static tlsc_err decline(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    (void)in, (void)out, (void)room, (void)n;
    times++;
    return TLSC_E_TOO_SMALL;
}

static tlsc_err break_down(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    (void)in, (void)out, (void)room, (void)n;
    times++;
    return TLSC_E_INTERNAL;
}

static const tlsc_compression cutting = { 0xff01, "cut", cut, uncut };
static const tlsc_compression other_cutting = { 0xff02, "cut, too", cut, uncut };
static const tlsc_compression declining = { 0xff03, "decline", decline, uncut };
static const tlsc_compression failing = { 0xff04, "fail", break_down, uncut };
static const tlsc_compression *const offered[] = { &other_cutting, &cutting };

/* ---- made once ---- */

static tlsc_bytes made(tlsc_credential *c, const tlsc_compression *by,
                       const tlsc_certificate_extras *extras)
{
    tlsc_bytes body;
    assert_ok(tlsc_cert_compressed(c, by, extras, &body));
    return body;
}

static void each_message_is_made_once_for_each_algorithm(void **state)
{
    (void)state;
    tlsc_credential *c = load();
    times = 0;
    tlsc_bytes body = made(c, &cutting, &no_extras);
    tlsc_compressed_certificate msg;
    assert_ok(tlsc_compressed_certificate_parse(&msg, body));
    assert_int_equal(msg.algorithm, 0xff01);
    assert_int_equal(msg.uncompressed_len, c->certificate13.n);
    assert_bytes_equal(msg.message,
                       tlsc_bytes_of(c->certificate13.p + 2, c->certificate13.n - 2));
    assert_ptr_equal(made(c, &cutting, &no_extras).p, body.p);
    assert_int_equal(times, 1);
    assert_ptr_not_equal(made(c, &other_cutting, &no_extras).p, body.p);
    assert_ptr_equal(made(c, &cutting, &no_extras).p, body.p);
    assert_int_equal(times, 2);
    tlsc_credential_free(c);
}

static void what_is_not_worth_it_is_found_out_once(void **state)
{
    (void)state;
    tlsc_credential *c = load();
    times = 0;
    assert_int_equal(made(c, &declining, &no_extras).n, 0);
    assert_int_equal(made(c, &declining, &no_extras).n, 0);
    assert_int_equal(times, 1);
    tlsc_credential_free(c);
}

static void a_failure_is_told_and_not_kept(void **state)
{
    (void)state;
    tlsc_credential *c = load();
    tlsc_bytes body;
    times = 0;
    assert_err(tlsc_cert_compressed(c, &failing, &no_extras, &body), TLSC_E_INTERNAL);
    assert_err(tlsc_cert_compressed(c, &failing, &no_extras, &body), TLSC_E_INTERNAL);
    assert_int_equal(times, 2);
    tlsc_credential_free(c);
}

/* Staples change every day, the chain doesn't: what has none of them is the base's. */
static void credentials_of_one_chain_share_what_has_no_staple(void **state)
{
    (void)state;
    tlsc_credential *base = load();
    tlsc_credential *today = with_staple(base, TEXT("today's"));
    tlsc_credential *tomorrow = with_staple(base, TEXT("tomorrow's"));
    tlsc_certificate_extras staple = { .ocsp = today->ocsp };
    times = 0;
    tlsc_bytes plain = made(today, &cutting, &no_extras);
    assert_ptr_equal(made(tomorrow, &cutting, &no_extras).p, plain.p);
    assert_ptr_equal(made(base, &cutting, &no_extras).p, plain.p);
    assert_int_equal(times, 1);
    tlsc_bytes stapled = made(today, &cutting, &staple);
    assert_true(stapled.n > plain.n + sizeof("today's") - 1);
    assert_ptr_equal(made(today, &cutting, &staple).p, stapled.p);
    assert_int_equal(times, 2);
    staple.ocsp = tomorrow->ocsp;
    assert_ptr_not_equal(made(tomorrow, &cutting, &staple).p, stapled.p);
    assert_int_equal(times, 3);
    tlsc_credential_free(base);
    tlsc_credential_free(today);
    tlsc_credential_free(tomorrow);
}

enum { THREADS = 8, ROUNDS = 50 };

static pthread_barrier_t barrier;
static tlsc_credential *shared;
static tlsc_bytes seen[THREADS][3];

static void *ask(void *arg)
{
    tlsc_bytes *out = (tlsc_bytes *)arg;
    size_t num;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    (void)pthread_barrier_wait(&barrier);
    for (size_t i = 0; i < num && i < 3; i++) {
        if (tlsc_cert_compressed(shared, all[i], &no_extras, &out[i]) != TLSC_OK) {
            out[i] = tlsc_bytes_of(NULL, 0);
        }
    }
    return NULL;
}

static void one_round(void)
{
    pthread_t threads[THREADS];
    size_t num;
    (void)tlsc_compressions(&num);
    shared = load();
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask, seen[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    for (size_t i = 1; i < THREADS; i++) {
        for (size_t k = 0; k < num && k < 3; k++) {
            assert_ptr_equal(seen[i][k].p, seen[0][k].p);
            assert_true(seen[i][k].n > 0);
        }
    }
    tlsc_credential_free(shared);
}

/* All come first at the same time: all get the same one, and what was made for nothing is freed. */
static void threads_agree_on_one_message(void **state)
{
    (void)state;
    tlsc_mem_stats before, after;
    tlsc_mem_get_stats(&before);
    assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
    for (size_t i = 0; i < ROUNDS; i++) {
        one_round();
    }
    (void)pthread_barrier_destroy(&barrier);
    tlsc_mem_get_stats(&after);
    assert_int_equal(after.live, before.live);
}

static void want_of_memory_is_said_and_leaks_nothing(void **state)
{
    (void)state;
    tlsc_mem_stats before, after;
    tlsc_credential *c = load();
    tlsc_bytes body;
    tlsc_err rc = TLSC_E_NO_MEMORY;
    tlsc_mem_get_stats(&before);
    uint64_t n = 0;
    while (rc == TLSC_E_NO_MEMORY) {
        tlsc_mem_fail_at(++n, false);
        rc = tlsc_cert_compressed(c, &cutting, &no_extras, &body);
        tlsc_mem_fail_at(0, false);
        tlsc_mem_get_stats(&after);
        assert_true(rc == TLSC_OK || after.live == before.live);
    }
    assert_ok(rc);
    assert_true(n > 4);
    tlsc_credential_free(c);
}

/* ---- the other way ---- */

static tlsc_err decompress(tlsc_bytes body, uint32_t longest, tlsc_decompressed *out)
{
    uint8_t *copy = test_copy(body);
    tlsc_err rc = tlsc_cert_decompress(offered, 2, tlsc_bytes_of(copy, body.n), longest, out);
    tlsc_mem_free(copy);
    assert_true(rc == TLSC_OK || (out->memory == NULL && out->body.n == 0));
    return rc;
}

#define FOUR_BYTES 0xff, 0x01, 0, 0, 4, 0, 0, 2, 'h', 'i'

static void what_was_offered_is_decompressed(void **state)
{
    (void)state;
    tlsc_decompressed out;
    assert_ok(decompress(BYTES(FOUR_BYTES), 4, &out));
    assert_bytes_equal(out.body, BYTES(0, 0, 'h', 'i'));
    assert_int_equal(out.algorithm, 0xff01);
    tlsc_mem_free(out.memory);
    assert_err(decompress(BYTES(FOUR_BYTES, 0), 4, &out), TLSC_E_DECODE);
}

static void another_algorithm_is_refused(void **state)
{
    (void)state;
    tlsc_decompressed out;
    assert_err(decompress(BYTES(0, 2, 0, 0, 4, 0, 0, 2, 'h', 'i'), 4, &out),
               TLSC_E_WRONG_COMPRESSION_ALGORITHM);
    assert_err(tlsc_cert_decompress(NULL, 0, BYTES(FOUR_BYTES), 4, &out),
               TLSC_E_WRONG_COMPRESSION_ALGORITHM);
    assert_int_equal(tlsc_err_alert(TLSC_E_WRONG_COMPRESSION_ALGORITHM),
                     TLSC_ALERT_illegal_parameter);
}

/* Nothing of that size is allocated first. */
static void more_than_a_message_may_have_is_refused_unread(void **state)
{
    (void)state;
    tlsc_decompressed out;
    tlsc_mem_stats before, after;
    tlsc_bytes big = BYTES(0xff, 0x01, 0xff, 0xff, 0xff, 0, 0, 2, 'h', 'i');
    assert_err(decompress(BYTES(FOUR_BYTES), 3, &out), TLSC_E_DECOMPRESSED_TOO_LONG);
    tlsc_mem_get_stats(&before);
    assert_err(tlsc_cert_decompress(offered, 2, big, 1 << 18, &out), TLSC_E_DECOMPRESSED_TOO_LONG);
    tlsc_mem_get_stats(&after);
    assert_int_equal(after.allocations, before.allocations);
    assert_int_equal(tlsc_err_alert(TLSC_E_DECOMPRESSED_TOO_LONG), TLSC_ALERT_bad_certificate);
}

static void a_length_that_is_not_so_is_refused(void **state)
{
    (void)state;
    tlsc_decompressed out;
    for (uint8_t n = 0; n < 8; n++) {
        if (n != 4) {
            assert_err(decompress(BYTES(0xff, 1, 0, 0, n, 0, 0, 2, 'h', 'i'), 100, &out),
                       TLSC_E_BAD_COMPRESSED_CERTIFICATE);
        }
    }
    assert_int_equal(tlsc_err_alert(TLSC_E_BAD_COMPRESSED_CERTIFICATE), TLSC_ALERT_bad_certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_is_made_once_for_each_algorithm),
        cmocka_unit_test(what_is_not_worth_it_is_found_out_once),
        cmocka_unit_test(a_failure_is_told_and_not_kept),
        cmocka_unit_test(credentials_of_one_chain_share_what_has_no_staple),
        cmocka_unit_test(threads_agree_on_one_message),
        cmocka_unit_test(want_of_memory_is_said_and_leaks_nothing),
        cmocka_unit_test(what_was_offered_is_decompressed),
        cmocka_unit_test(another_algorithm_is_refused),
        cmocka_unit_test(more_than_a_message_may_have_is_refused_unread),
        cmocka_unit_test(a_length_that_is_not_so_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
