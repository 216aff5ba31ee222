/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/machine_test.c: every type of message in every place where the server rests: it waits
 * for a message, pauses, or is done. What is legal there is accepted, everything else refused with
 * the same error, its alert, and the state's name; during a pause nothing is read at all. */
#include "unit.h"

#include <string.h>

#include "conn/conn.h"
#include "hand_peer.h"
#include "wire/enums.h"

/* The one type that is legal at a place; 256: none. */
static unsigned legal(hand_place at)
{
    switch (at) {
    case AT_CLIENT_HELLO:
    case AT_SECOND_HELLO:
        return TLSC_HS_CLIENT_HELLO;
    case AT_FINISHED:
        return TLSC_HS_FINISHED;
    case AT_TRAFFIC:
        return TLSC_HS_KEY_UPDATE;
    default:
        return 256;
    }
}

static void refused_everywhere(hand_place at, unsigned type, size_t body_len)
{
    static const uint8_t zeros[64];
    hand_peer p;
    tlsc_failure failure;
    tlsc_buf message = tlsc_buf_of(128);
    hand_peer_open(&p, at, NULL);
    hand_message(&message, (uint8_t)type, tlsc_bytes_of(zeros, body_len));
    assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message)),
               TLSC_E_UNEXPECTED_MESSAGE);
    hand_expect_failed(&p, TLSC_E_UNEXPECTED_MESSAGE, NULL);
    tlsc_conn_error(p.conn, &failure);
    assert_string_equal(failure.got, tlsc_handshake_name(type));
    if (at != AT_TRAFFIC) {
        assert_string_equal(failure.expected, tlsc_handshake_name(legal(at)));
    }
    hand_peer_close(&p);
    tlsc_buf_clear(&message);
}

static void every_other_message_is_refused_where_one_is_expected(void **state)
{
    (void)state;
    static const hand_place places[] = { AT_CLIENT_HELLO, AT_SECOND_HELLO, AT_FINISHED,
                                         AT_TRAFFIC };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        for (unsigned type = 0; type < 256; type++) {
            if (type != legal(places[i])) {
                refused_everywhere(places[i], type, type % 2 == 0 ? 0 : 32);
            }
        }
    }
}

/* Nothing is consumed, so the message is still there, and refused, after the pause. */
static void nothing_is_read_during_a_pause(void **state)
{
    (void)state;
    static const hand_place places[] = { AT_CONFIG, AT_TICKET, AT_SIGN };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        for (unsigned type = 0; type < 256; type++) {
            hand_peer p;
            tlsc_buf record = tlsc_buf_of(128);
            tlsc_opened opened;
            hand_peer_open(&p, places[i], NULL);
            tlsc_wait wait = tlsc_conn_wait(p.conn);
            hand_plain(&record, TLSC_CT_HANDSHAKE, BYTES((uint8_t)type, 0, 0, 0));
            assert_ok(tlsc_conn_open(p.conn, record.p, record.n, &opened));
            assert_int_equal(opened.consumed, 0);
            assert_int_equal(opened.wait, wait);
            assert_int_equal(tlsc_conn_wait(p.conn), wait);
            assert_int_equal(opened.events, 0);
            hand_peer_close(&p);
            tlsc_buf_clear(&record);
        }
    }
}

static void the_legal_message_is_accepted_at_every_place(void **state)
{
    (void)state;
    for (hand_place at = AT_CLIENT_HELLO; at < HAND_PLACES; at++) {
        hand_peer p;
        hand_peer_open(&p, at, NULL);
        hand_expect_works(&p);
        hand_peer_close(&p);
    }
}

/* The right message, and one byte behind it in its record: keys change in between. RFC 8446 5.1 */
static void a_message_that_changes_keys_ends_its_record(void **state)
{
    (void)state;
    static const hand_place hellos[] = { AT_CLIENT_HELLO, AT_SECOND_HELLO };
    hand_peer p;
    for (size_t i = 0; i < 2; i++) {
        hand_peer_open(&p, hellos[i], NULL);
        hand_make_hello(&p.client, &p.hello);
        assert_ok(tlsc_buf_append(&p.client.hello, BYTES(20)));
        assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&p.client.hello)),
                   TLSC_E_KEY_CHANGE_IN_RECORD);
        hand_expect_failed(&p, TLSC_E_KEY_CHANGE_IN_RECORD, NULL);
        hand_peer_close(&p);
    }
    hand_peer_open(&p, AT_FINISHED, NULL);
    tlsc_buf message = tlsc_buf_of(128);
    hand_finished_message(&p.client, &message);
    assert_ok(tlsc_buf_append(&message, BYTES(24, 0, 0, 1, 0)));
    assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message)),
               TLSC_E_KEY_CHANGE_IN_RECORD);
    hand_expect_failed(&p, TLSC_E_KEY_CHANGE_IN_RECORD, NULL);
    hand_peer_close(&p);
    tlsc_buf_clear(&message);

    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(24, 0, 0, 1, 0, 24, 0, 0, 1, 0)),
               TLSC_E_KEY_CHANGE_IN_RECORD);
    hand_expect_failed(&p, TLSC_E_KEY_CHANGE_IN_RECORD, NULL);
    hand_peer_close(&p);
}

/* A refused message has touched nothing: its type alone decides, whatever its body. */
static void the_type_is_looked_at_before_the_body(void **state)
{
    (void)state;
    hand_peer p;
    tlsc_failure failure;
    hand_peer_open(&p, AT_FINISHED, NULL);
    hand_make_hello(&p.client, &p.hello); /* a good ClientHello, at the wrong time */
    assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&p.client.hello)),
               TLSC_E_UNEXPECTED_MESSAGE);
    tlsc_conn_error(p.conn, &failure);
    assert_string_equal(failure.got, "ClientHello");
    assert_string_equal(failure.expected, "Finished");
    hand_peer_close(&p);
}

/* With any of the proofs missing the right Finished leads nowhere. */
static void without_each_proof_no_application_data_flows(void **state)
{
    (void)state;
    static const uint32_t proofs[] = { TLSC_PROVEN_NEGOTIATED, TLSC_PROVEN_KEY_EXCHANGE,
                                       TLSC_PROVEN_AUTHENTICATED };
    for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
        hand_peer p;
        hand_peer_open(&p, AT_FINISHED, NULL);
        assert_int_equal(p.conn->hs->proven,
                         TLSC_PROVEN_SERVER13 & ~(uint32_t)TLSC_PROVEN_FINISHED);
        p.conn->hs->proven &= ~proofs[i];
        assert_err(hand_say_finished(&p), TLSC_E_INTERNAL);
        assert_int_equal(tlsc_stream_write(p.server, (const uint8_t *)"x", 1), TLSC_E_CLOSED);
        hand_peer_close(&p);
    }
}

/* Finished: each byte altered, and each length but the hash's. */
static void finished_with_any_byte_altered_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < 32; i++) {
        hand_peer p;
        tlsc_buf message = tlsc_buf_of(128);
        hand_peer_open(&p, AT_FINISHED, NULL);
        hand_finished_message(&p.client, &message);
        message.p[4 + i] ^= 0x80;
        assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message)), TLSC_E_BAD_FINISHED);
        hand_expect_failed(&p, TLSC_E_BAD_FINISHED, NULL);
        assert_false((p.conn->hs->proven & TLSC_PROVEN_FINISHED) != 0);
        hand_peer_close(&p);
        tlsc_buf_clear(&message);
    }
    static const uint8_t zeros[64];
    static const size_t lengths[] = { 0, 1, 31, 33, 48, 64 };
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        hand_peer p;
        tlsc_buf message = tlsc_buf_of(128);
        hand_peer_open(&p, AT_FINISHED, NULL);
        hand_message(&message, TLSC_HS_FINISHED, tlsc_bytes_of(zeros, lengths[i]));
        assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message)), TLSC_E_DECODE);
        hand_expect_failed(&p, TLSC_E_DECODE, NULL);
        hand_peer_close(&p);
        tlsc_buf_clear(&message);
    }
}

/* Longer than the connection takes: refused by its header alone, before a byte of its body. */
static void a_message_longer_than_the_limit_is_refused_by_its_header(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_CLIENT_HELLO, NULL);
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(1, 1, 0)));
    assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(1)), TLSC_E_MESSAGE_TOO_LONG);
    hand_expect_failed(&p, TLSC_E_MESSAGE_TOO_LONG, NULL);
    hand_peer_close(&p);
    hand_peer_open(&p, AT_CLIENT_HELLO, NULL);
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(1, 1, 0, 0))); /* 65,536 is the limit */
    hand_peer_close(&p);
}

/* The driver itself: a message outside of the wait for one is the caller's mistake. */
static void a_step_during_a_pause_is_an_internal_error(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_SIGN, NULL);
    tlsc_msg msg = { .type = TLSC_HS_FINISHED, .ends_record = true };
    assert_err(tlsc_hs_step(p.conn->hs, &msg), TLSC_E_INTERNAL);
    assert_int_equal(tlsc_conn_wait(p.conn), TLSC_WAIT_SIGN);
    hand_expect_works(&p);
    hand_peer_close(&p);
}

/* What fails behind our close_notify is told, and that the close_notify went; no alert follows it. */
static void a_failure_after_close_notify_sends_no_alert(void **state)
{
    (void)state;
    for (int closed = 0; closed < 2; closed++) {
        hand_peer p;
        tlsc_info info;
        tlsc_failure failure;
        hand_peer_open(&p, AT_TRAFFIC, NULL);
        if (closed) {
            assert_ok(tlsc_conn_close(p.conn));
        }
        assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(20, 0, 0, 0)), TLSC_E_UNEXPECTED_MESSAGE);
        tlsc_conn_info(p.conn, &info);
        tlsc_conn_error(p.conn, &failure);
        assert_int_equal(info.close_notify_sent, closed);
        assert_int_equal(failure.code, TLSC_E_UNEXPECTED_MESSAGE);
        assert_int_equal(failure.alert_sent,
                         closed ? TLSC_ALERT_NONE : TLSC_ALERT_unexpected_message);
        hand_peer_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_other_message_is_refused_where_one_is_expected),
        cmocka_unit_test(nothing_is_read_during_a_pause),
        cmocka_unit_test(the_legal_message_is_accepted_at_every_place),
        cmocka_unit_test(a_message_that_changes_keys_ends_its_record),
        cmocka_unit_test(the_type_is_looked_at_before_the_body),
        cmocka_unit_test(without_each_proof_no_application_data_flows),
        cmocka_unit_test(finished_with_any_byte_altered_is_refused),
        cmocka_unit_test(a_message_longer_than_the_limit_is_refused_by_its_header),
        cmocka_unit_test(a_step_during_a_pause_is_an_internal_error),
        cmocka_unit_test(a_failure_after_close_notify_sends_no_alert),
    };
    return cmocka_run_group_tests_name("machine", tests, hand_sites_open, hand_sites_close);
}
