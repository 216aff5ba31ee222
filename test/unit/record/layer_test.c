/* SPDX-License-Identifier: Apache-2.0 */
/* record/layer_test.c: control records on their way out. */
#include "unit.h"
#include "record/protect13.h"

#include <string.h>

#include "record/layer.h"
#include "tlscore/conn.h"
#include "wire/enums.h"

static void start(tlsc_record_layer *l)
{
    const tlsc_suite *s = tlsc_provider_suite(tlsc_provider_default(), 0x1301);
    tlsc_secret secret = { .b = { 5 }, .n = 32 };
    assert_ok(tlsc_protect13_start(&l->wr, s, &secret));
    assert_ok(tlsc_protect13_start(&l->rd, s, &secret));
}

static void content_is_cut_into_as_few_records_as_it_takes(void **state)
{
    (void)state;
    static const uint8_t content[300] = { 1, 2, 3 };
    static const struct {
        size_t n;
        size_t records;
    } rows[] = { { 0, 1 }, { 1, 1 }, { 100, 1 }, { 101, 2 }, { 200, 2 }, { 300, 3 } };
    for (int sealed = 0; sealed < 2; sealed++) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            tlsc_record_layer l;
            tlsc_rl_init(&l, 100);
            if (sealed) {
                start(&l);
            }
            assert_ok(tlsc_rl_put(&l, TLSC_CT_HANDSHAKE, tlsc_bytes_of(content, rows[i].n)));
            size_t each = sealed ? 5 + 1 + 16 : 5;
            assert_int_equal(l.out.n, rows[i].n + rows[i].records * each);
            assert_int_equal(l.out.p[0], sealed ? 23 : 22);
            assert_true(l.wr.seq == (sealed ? rows[i].records : 0));
            tlsc_rl_clear(&l);
        }
    }
}

/* Never protected, also once there are keys. RFC 8446 D.4 */
static void change_cipher_spec_is_always_in_the_clear(void **state)
{
    (void)state;
    for (int sealed = 0; sealed < 2; sealed++) {
        tlsc_record_layer l;
        tlsc_rl_init(&l, 16384);
        if (sealed) {
            start(&l);
        }
        assert_ok(tlsc_rl_put_ccs(&l));
        assert_bytes_equal(tlsc_buf_bytes(&l.out), BYTES(20, 3, 3, 0, 1, 1));
        assert_true(l.wr.seq == 0);
        tlsc_rl_clear(&l);
    }
}

/* RFC 8446 6: all are fatal but close_notify and user_canceled. */
static void alerts_have_their_level(void **state)
{
    (void)state;
    static const struct {
        tlsc_alert alert;
        uint8_t level;
    } rows[] = { { TLSC_ALERT_close_notify, 1 },
                 { TLSC_ALERT_user_canceled, 1 },
                 { TLSC_ALERT_handshake_failure, 2 },
                 { TLSC_ALERT_internal_error, 2 },
                 { TLSC_ALERT_no_renegotiation, 2 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_record_layer l;
        tlsc_rl_init(&l, 16384);
        assert_ok(tlsc_rl_put_alert(&l, rows[i].alert));
        assert_bytes_equal(tlsc_buf_bytes(&l.out),
                           BYTES(21, 3, 3, 0, 2, rows[i].level, (uint8_t)rows[i].alert));
        tlsc_rl_clear(&l);
    }
}

/* In the order they were put, each under the keys of its time. */
static void records_keep_their_order_and_keys(void **state)
{
    (void)state;
    tlsc_record_layer l;
    uint8_t type = 0;
    tlsc_bytes content;
    tlsc_rl_init(&l, 16384);
    assert_ok(tlsc_rl_put(&l, TLSC_CT_HANDSHAKE, TEXT("plain")));
    start(&l);
    assert_ok(tlsc_rl_put(&l, TLSC_CT_HANDSHAKE, TEXT("sealed")));
    assert_ok(tlsc_protect13_update(&l.wr));
    assert_ok(tlsc_rl_put(&l, TLSC_CT_ALERT, TEXT("updated")));
    uint8_t *p = l.out.p;
    assert_memory_equal(p, "\x16\x03\x03\x00\x05plain", 10);
    p += 10;
    assert_ok(tlsc_protect13_open(&l.rd, tlsc_bytes_of(p, 5), p + 5, 6 + 17, &type, &content));
    assert_bytes_equal(content, TEXT("sealed"));
    p += 5 + 6 + 17;
    assert_ok(tlsc_protect13_update(&l.rd));
    assert_ok(tlsc_protect13_open(&l.rd, tlsc_bytes_of(p, 5), p + 5, 7 + 17, &type, &content));
    assert_bytes_equal(content, TEXT("updated"));
    assert_int_equal(type, TLSC_CT_ALERT);
    tlsc_rl_clear(&l);
    tlsc_rl_clear(&l);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    tlsc_record_layer l;
    for (int sealed = 0; sealed < 2; sealed++) {
        tlsc_rl_init(&l, 16384);
        if (sealed) {
            start(&l);
        }
        tlsc_mem_fail_at(1, true);
        tlsc_err rc = tlsc_rl_put(&l, TLSC_CT_HANDSHAKE, TEXT("x"));
        tlsc_mem_fail_at(0, false);
        assert_err(rc, TLSC_E_NO_MEMORY);
        assert_int_equal(l.out.n, 0);
        tlsc_rl_clear(&l);
    }
}

static void an_exhausted_key_writes_nothing(void **state)
{
    (void)state;
    tlsc_record_layer l;
    tlsc_rl_init(&l, 16384);
    start(&l);
    l.wr.seq = UINT64_MAX;
    assert_err(tlsc_rl_put(&l, TLSC_CT_HANDSHAKE, TEXT("x")), TLSC_E_SEQUENCE_EXHAUSTED);
    assert_int_equal(l.out.n, 0);
    tlsc_rl_clear(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_is_cut_into_as_few_records_as_it_takes),
        cmocka_unit_test(change_cipher_spec_is_always_in_the_clear),
        cmocka_unit_test(alerts_have_their_level),
        cmocka_unit_test(records_keep_their_order_and_keys),
        cmocka_unit_test(no_memory_is_told),
        cmocka_unit_test(an_exhausted_key_writes_nothing),
    };
    return cmocka_run_group_tests_name("layer", tests, NULL, NULL);
}
