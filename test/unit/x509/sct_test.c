/* SPDX-License-Identifier: Apache-2.0 */
/* x509/sct_test.c: promises of logs whose keys are the tests' own, and lists of logs: sct.c, sct_check.c,
 * sct_logs.c. Embedded ones, and those in OCSP responses, are in test/x509/proofs. */
#include "x509/sct.h"

#include <string.h>

#include "pem_file.h"
#include "unit.h"
#include "wire/writer.h"

enum { WHEN_MS = 1000000 };

static tlsc_buf leaf;
static tlsc_buf issuer;
static tlsc_signing_key *keys[2]; /* of two logs: ECDSA, RSA */
static const tlsc_ct_logs *logs;

static tlsc_err open_logs(const tlsc_ct_log *list, size_t num, const tlsc_ct_logs **out)
{
    return tlsc_ct_logs_new(tlsc_provider_default(), list, num, out);
}

static int set_up(void **state)
{
    static const char *const names[] = { "p256.key.pem", "rsa2048.key.pem" };
    (void)state;
    leaf = test_der("ed25519.crt.pem");
    issuer = test_der("intermediate.crt.pem");
    for (size_t i = 0; i < 2; i++) {
        tlsc_buf der = test_der(names[i]);
        assert_ok(tlsc_provider_load_key(tlsc_provider_default(), TLSC_KEY_PKCS8,
                                         tlsc_buf_bytes(&der), &keys[i]));
        tlsc_buf_clear(&der);
    }
    tlsc_ct_log list[] = { { keys[0]->spki, 0, 0 }, { keys[1]->spki, 900, 1001 } };
    return open_logs(list, 2, &logs) == TLSC_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    keys[0]->free(keys[0]);
    keys[1]->free(keys[1]);
    tlsc_ct_logs_free(logs);
    tlsc_buf_clear(&leaf);
    tlsc_buf_clear(&issuer);
    return 0;
}

static tlsc_buf written(tlsc_buf *b, tlsc_wr *w)
{
    assert_ok(tlsc_wr_end(w));
    return *b;
}

/* What a log signs of the leaf as it is. RFC 6962 3.2 */
static tlsc_buf signed_part(uint64_t at_ms, tlsc_bytes extensions)
{
    tlsc_buf b = tlsc_buf_of(1 << 16);
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_wr_u16(&w, 0);
    tlsc_wr_u64(&w, at_ms);
    tlsc_wr_u16(&w, 0);
    tlsc_wr_vec24(&w, tlsc_buf_bytes(&leaf));
    tlsc_wr_vec16(&w, extensions);
    return written(&b, &w);
}

/* A promise of keys[i], alone in a list. */
static tlsc_buf promise_of(size_t i, uint64_t at_ms, tlsc_bytes extensions)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    uint8_t id[TLSC_HASH_MAX];
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n;
    const tlsc_hash *hash = tlsc_provider_default()->ticket_hash;
    uint16_t scheme = i == 0 ? TLSC_SIG_ECDSA_P256_SHA256 : TLSC_SIG_RSA_PKCS1_SHA256;
    tlsc_buf message = signed_part(at_ms, extensions);
    assert_ok(keys[i]->sign(keys[i], scheme, tlsc_buf_bytes(&message), signature, &n));
    tlsc_buf_clear(&message);
    hash->init(state);
    hash->update(state, keys[i]->spki);
    hash->final(state, id);

    tlsc_buf b = tlsc_buf_of(1 << 16);
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_wr_mark list = tlsc_wr_open16(&w);
    tlsc_wr_mark sct = tlsc_wr_open16(&w);
    tlsc_wr_u8(&w, 0);
    tlsc_wr_bytes(&w, tlsc_bytes_of(id, 32));
    tlsc_wr_u64(&w, at_ms);
    tlsc_wr_vec16(&w, extensions);
    tlsc_wr_u16(&w, scheme);
    tlsc_wr_vec16(&w, tlsc_bytes_of(signature, n));
    tlsc_wr_close(&w, sct);
    tlsc_wr_close(&w, list);
    return written(&b, &w);
}

static tlsc_err read_list(const tlsc_ct_logs *known, tlsc_bytes list, int64_t now_ms, tlsc_sct *out,
                          size_t *num)
{
    tlsc_sct_places places = { .size = sizeof(places),
                               .certificate = tlsc_buf_bytes(&leaf),
                               .tls = list,
                               .now_ms = now_ms };
    return tlsc_sct_read(tlsc_provider_default(), known, &places, out, 1, num);
}

static tlsc_sct_status status_of(const tlsc_ct_logs *known, const tlsc_buf *list, int64_t now_ms)
{
    tlsc_sct sct;
    size_t num;
    assert_ok(read_list(known, tlsc_buf_bytes(list), now_ms, &sct, &num));
    assert_int_equal(num, 1);
    assert_int_equal(sct.source, TLSC_SCT_TLS);
    return sct.status;
}

static void promises_of_both_kinds_of_keys_are_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        tlsc_buf list = promise_of(i, WHEN_MS, TEXT("xyz"));
        tlsc_sct sct;
        size_t num;
        assert_ok(read_list(logs, tlsc_buf_bytes(&list), WHEN_MS, &sct, &num));
        assert_int_equal(sct.status, TLSC_SCT_VALID);
        assert_int_equal(sct.log_id.n, 32);
        assert_int_equal(sct.timestamp_ms, WHEN_MS);
        assert_int_equal(status_of(NULL, &list, WHEN_MS), TLSC_SCT_UNCHECKED);
        tlsc_buf_clear(&list);
    }
}

static void the_time_is_neither_ahead_nor_outside_of_the_logs(void **state)
{
    (void)state;
    tlsc_buf list = promise_of(0, WHEN_MS, TEXT(""));
    assert_int_equal(status_of(logs, &list, WHEN_MS - 1), TLSC_SCT_FROM_FUTURE);
    tlsc_buf_clear(&list);
    list = promise_of(0, UINT64_MAX, TEXT(""));
    assert_int_equal(status_of(logs, &list, INT64_MAX - 1), TLSC_SCT_FROM_FUTURE);
    tlsc_buf_clear(&list);
    static const struct {
        uint64_t at_ms;
        tlsc_sct_status status;
    } times[] = { { 899999, TLSC_SCT_LOG_NOT_ACCEPTED }, { 900000, TLSC_SCT_VALID },
                  { 1000999, TLSC_SCT_VALID }, { 1001000, TLSC_SCT_LOG_NOT_ACCEPTED } };
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        list = promise_of(1, times[i].at_ms, TEXT(""));
        assert_int_equal(status_of(logs, &list, 2 * WHEN_MS), times[i].status);
        tlsc_buf_clear(&list);
    }
}

static void other_logs_are_unknown(void **state)
{
    (void)state;
    const tlsc_ct_logs *one;
    tlsc_ct_log first[] = { { keys[0]->spki, 0, 0 } };
    tlsc_buf list = promise_of(1, WHEN_MS, TEXT(""));
    assert_ok(open_logs(first, 1, &one));
    assert_int_equal(status_of(one, &list, WHEN_MS), TLSC_SCT_UNKNOWN_LOG);
    tlsc_ct_logs_free(tlsc_ct_logs_ref(one));
    tlsc_ct_logs_free(one);
    assert_ok(open_logs(NULL, 0, &one));
    assert_int_equal(status_of(one, &list, WHEN_MS), TLSC_SCT_UNKNOWN_LOG);
    tlsc_ct_logs_free(one);
    tlsc_ct_logs_free(NULL);
    tlsc_buf_clear(&list);
}

static void with_any_bit_changed_it_is_not_valid(void **state)
{
    (void)state;
    tlsc_buf list = promise_of(0, WHEN_MS, TEXT("xyz"));
    for (size_t bit = 0; bit < list.n * 8; bit++) {
        tlsc_sct sct = { 0 };
        size_t num;
        list.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
        tlsc_err rc = read_list(logs, tlsc_buf_bytes(&list), INT64_MAX, &sct, &num);
        assert_true(rc == TLSC_E_BAD_SCT || (rc == TLSC_OK && sct.status != TLSC_SCT_VALID));
        list.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    tlsc_buf_clear(&list);
}

static void a_byte_less_or_more_is_malformed(void **state)
{
    (void)state;
    tlsc_buf list = promise_of(0, WHEN_MS, TEXT(""));
    tlsc_sct sct;
    size_t num;
    for (size_t n = 1; n <= list.n; n++) {
        uint8_t *copy = (uint8_t *)tlsc_mem_dup(tlsc_bytes_of(list.p, n));
        assert_err(read_list(logs, tlsc_bytes_of(copy, n), WHEN_MS, &sct, &num),
                   n == list.n ? TLSC_OK : TLSC_E_BAD_SCT);
        tlsc_mem_free(copy);
    }
    assert_ok(tlsc_buf_append(&list, TEXT("x")));
    assert_err(read_list(logs, tlsc_buf_bytes(&list), WHEN_MS, &sct, &num), TLSC_E_BAD_SCT);
    assert_err(read_list(logs, TEXT("\0\0"), WHEN_MS, &sct, &num), TLSC_E_BAD_SCT);
    assert_err(read_list(logs, TEXT("\0\2\0\0"), WHEN_MS, &sct, &num), TLSC_E_BAD_SCT);
    tlsc_buf_clear(&list);
}

static void more_than_there_is_room_for_are_counted(void **state)
{
    (void)state;
    tlsc_sct sct[2] = { 0 };
    size_t num;
    assert_ok(read_list(logs, TEXT("\0\x09\0\1\1\0\1\2\0\1\3"), WHEN_MS, sct, &num));
    assert_int_equal(num, 3);
    assert_int_equal(sct[0].status, TLSC_SCT_UNKNOWN_VERSION);
    assert_int_equal(sct[0].log_id.n, 0);
    assert_int_equal(sct[1].status, 0);
}

static void places_that_cant_be_are_refused(void **state)
{
    (void)state;
    tlsc_sct_places places = { .size = sizeof(places), .certificate = TEXT("x") };
    size_t num;
    assert_err(tlsc_sct_read(tlsc_provider_default(), logs, &places, NULL, 0, &num), TLSC_E_BAD_DER);
    places.certificate = tlsc_buf_bytes(&leaf);
    assert_ok(tlsc_sct_read(tlsc_provider_default(), logs, &places, NULL, 0, &num));
    assert_int_equal(num, 0);
    places.ocsp = TEXT("x");
    assert_err(tlsc_sct_read(tlsc_provider_default(), logs, &places, NULL, 0, &num), TLSC_E_USAGE);
    places.issuer = tlsc_buf_bytes(&issuer);
    assert_ok(tlsc_sct_read(tlsc_provider_default(), logs, &places, NULL, 0, &num));
    places.size = 0;
    assert_err(tlsc_sct_read(tlsc_provider_default(), logs, &places, NULL, 0, &num), TLSC_E_USAGE);
}

static void lists_of_logs_are_checked(void **state)
{
    (void)state;
    static tlsc_ct_log many[TLSC_CT_LOGS_MAX + 1];
    const tlsc_ct_logs *out;
    tlsc_ct_log twice[] = { { keys[0]->spki, 0, 0 }, { keys[0]->spki, 1, 2 } };
    assert_err(open_logs(twice, 2, &out), TLSC_E_USAGE);
    assert_null(out);
    tlsc_ct_log bad[] = { { TEXT("x"), 0, 0 } };
    assert_err(open_logs(bad, 1, &out), TLSC_E_BAD_DER);
    assert_err(open_logs(many, TLSC_CT_LOGS_MAX + 1, &out), TLSC_E_USAGE);
    tlsc_certificate c;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&leaf))); /* Ed25519 */
    tlsc_ct_log other[] = { { c.spki, 0, 0 } };
    assert_err(open_logs(other, 1, &out), TLSC_E_UNSUPPORTED_KEY);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const tlsc_ct_logs *out;
    tlsc_ct_log list[] = { { keys[0]->spki, 0, 0 } };
    tlsc_mem_fail_at(1, false);
    assert_err(open_logs(list, 1, &out), TLSC_E_NO_MEMORY);
    tlsc_mem_fail_at(0, false);
    tlsc_buf promise = promise_of(0, WHEN_MS, TEXT(""));
    tlsc_sct sct;
    size_t num;
    tlsc_mem_fail_at(1, true);
    tlsc_err rc = read_list(logs, tlsc_buf_bytes(&promise), WHEN_MS, &sct, &num);
    tlsc_mem_fail_at(0, false);
    assert_err(rc, TLSC_E_NO_MEMORY);
    tlsc_buf_clear(&promise);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_of_both_kinds_of_keys_are_valid),
        cmocka_unit_test(the_time_is_neither_ahead_nor_outside_of_the_logs),
        cmocka_unit_test(other_logs_are_unknown),
        cmocka_unit_test(with_any_bit_changed_it_is_not_valid),
        cmocka_unit_test(a_byte_less_or_more_is_malformed),
        cmocka_unit_test(more_than_there_is_room_for_are_counted),
        cmocka_unit_test(places_that_cant_be_are_refused),
        cmocka_unit_test(lists_of_logs_are_checked),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
