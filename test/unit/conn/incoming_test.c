/* SPDX-License-Identifier: Apache-2.0 */
/* conn/incoming_test.c: content types, alerts, ChangeCipherSpec, KeyUpdate and floods, at every
 * place where the server reads. */
#include "unit.h"

#include <string.h>

#include "conn/conn.h"
#include "hand_peer.h"
#include "wire/enums.h"

/* Where bytes are read. */
static const hand_place places[] = { AT_CLIENT_HELLO, AT_SECOND_HELLO, AT_FINISHED, AT_TRAFFIC };
enum { PLACES = sizeof(places) / sizeof(places[0]) };

static void refused(hand_place at, bool plain, uint8_t type, tlsc_bytes content, tlsc_err error)
{
    hand_peer p;
    hand_peer_open(&p, at, NULL);
    tlsc_err rc = plain ? hand_say_plain(&p, type, content) : hand_say(&p, type, content);
    assert_err(rc, error);
    hand_expect_failed(&p, error, NULL);
    hand_peer_close(&p);
}

/* ---- content types ---- */

/* Records that are no TLS: the first tells that the peer speaks something else. */
static void unknown_content_types_are_refused_everywhere(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 256; type++) {
        if (type >= TLSC_CT_CHANGE_CIPHER_SPEC && type <= TLSC_CT_APPLICATION_DATA) {
            continue;
        }
        refused(AT_CLIENT_HELLO, true, (uint8_t)type, TEXT("0123"), TLSC_E_NOT_TLS);
        refused(AT_SECOND_HELLO, true, (uint8_t)type, TEXT("0123"), TLSC_E_RECORD_TYPE);
        refused(AT_FINISHED, true, (uint8_t)type, TEXT("0123"), TLSC_E_RECORD_TYPE);
        refused(AT_TRAFFIC, true, (uint8_t)type, TEXT("0123"), TLSC_E_RECORD_TYPE);
    }
}

/* The same inside of a protected record, ChangeCipherSpec included. RFC 8446 5 */
static void unknown_inner_types_are_refused(void **state)
{
    (void)state;
    for (unsigned type = 1; type < 256; type++) {
        if (type < TLSC_CT_ALERT || type > TLSC_CT_APPLICATION_DATA) {
            refused(AT_FINISHED, false, (uint8_t)type, BYTES(1), TLSC_E_RECORD_TYPE);
            refused(AT_TRAFFIC, false, (uint8_t)type, BYTES(1), TLSC_E_RECORD_TYPE);
        }
    }
    refused(AT_FINISHED, false, 0, TEXT(""), TLSC_E_NO_CONTENT_TYPE);
    refused(AT_TRAFFIC, false, 0, TEXT(""), TLSC_E_NO_CONTENT_TYPE);
}

static void application_data_waits_for_the_handshake(void **state)
{
    (void)state;
    refused(AT_CLIENT_HELLO, true, TLSC_CT_APPLICATION_DATA, TEXT("data"), TLSC_E_RECORD_TYPE);
    refused(AT_SECOND_HELLO, true, TLSC_CT_APPLICATION_DATA, TEXT("data"), TLSC_E_RECORD_TYPE);
    refused(AT_FINISHED, false, TLSC_CT_APPLICATION_DATA, TEXT("data"), TLSC_E_RECORD_TYPE);
    refused(AT_FINISHED, false, TLSC_CT_APPLICATION_DATA, TEXT(""), TLSC_E_RECORD_TYPE);
}

/* Once there are keys a handshake message in the clear is none. */
static void plaintext_is_refused_once_there_are_keys(void **state)
{
    (void)state;
    refused(AT_FINISHED, true, TLSC_CT_HANDSHAKE, BYTES(20, 0, 0, 0), TLSC_E_RECORD_TYPE);
    refused(AT_TRAFFIC, true, TLSC_CT_HANDSHAKE, BYTES(24, 0, 0, 1, 0), TLSC_E_RECORD_TYPE);
    refused(AT_TRAFFIC, true, TLSC_CT_ALERT, BYTES(2, 40), TLSC_E_RECORD_TYPE);
}

/* RFC 8446 5.4: neither may be empty. */
static void empty_handshake_and_alert_records_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        refused(places[i], false, TLSC_CT_ALERT, TEXT(""), TLSC_E_EMPTY_HANDSHAKE_RECORD);
        refused(places[i], false, TLSC_CT_HANDSHAKE, TEXT(""), TLSC_E_EMPTY_HANDSHAKE_RECORD);
    }
}

/* A handshake message in pieces, and something else between them. RFC 8446 5.1 */
static void nothing_comes_between_the_pieces_of_a_message(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(24, 0)));
    assert_err(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("data")), TLSC_E_INTERLEAVED_MESSAGE);
    hand_expect_failed(&p, TLSC_E_INTERLEAVED_MESSAGE, NULL);
    hand_peer_close(&p);
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(24, 0)));
    assert_err(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("")), TLSC_E_INTERLEAVED_MESSAGE);
    hand_peer_close(&p);
    /* a warning too, at every place */
    static const uint8_t begun[] = { TLSC_HS_CLIENT_HELLO, TLSC_HS_CLIENT_HELLO, TLSC_HS_FINISHED,
                                     TLSC_HS_KEY_UPDATE };
    for (size_t i = 0; i < PLACES; i++) {
        hand_peer_open(&p, places[i], NULL);
        assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_bytes_of(&begun[i], 1)));
        assert_err(hand_say(&p, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_user_canceled)),
                   TLSC_E_INTERLEAVED_MESSAGE);
        hand_expect_failed(&p, TLSC_E_INTERLEAVED_MESSAGE, NULL);
        hand_peer_close(&p);
    }
    /* pieces alone are a message */
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    static const uint8_t update[] = { 24, 0, 0, 1, 0 };
    for (size_t i = 0; i < sizeof(update); i++) {
        assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_bytes_of(update + i, 1)));
    }
    assert_ok(tlsc_protect13_update(&p.client.wr));
    hand_expect_works(&p);
    hand_peer_close(&p);
    /* early data after a HelloRetryRequest */
    static const hand_hello h = { .early_data = true };
    hand_peer_open(&p, AT_SECOND_HELLO, &h);
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(1, 0)));
    assert_err(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("data")), TLSC_E_INTERLEAVED_MESSAGE);
    hand_peer_close(&p);
}

/* ---- alerts ---- */

/* All but two end the connection, whatever their level says (once TLS 1.3 is agreed on), and nothing is
 * answered. */
static void every_alert_but_two_is_fatal(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        for (unsigned alert = 1; alert < 256; alert++) {
            if (alert == TLSC_ALERT_user_canceled) {
                continue;
            }
            hand_peer p;
            tlsc_failure failure;
            hand_peer_open(&p, places[i], NULL);
            uint8_t level = places[i] == AT_CLIENT_HELLO ? 2 : (uint8_t)(1 + alert % 2);
            assert_err(hand_say(&p, TLSC_CT_ALERT, BYTES(level, (uint8_t)alert)),
                       TLSC_E_PEER_ALERT);
            hand_expect_failed(&p, TLSC_E_PEER_ALERT, NULL);
            tlsc_conn_error(p.conn, &failure);
            assert_int_equal(failure.alert_received, alert);
            hand_peer_close(&p);
        }
    }
}

static void close_notify_ends_a_handshake_and_half_a_connection(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES - 1; i++) {
        refused(places[i], false, TLSC_CT_ALERT, BYTES(1, 0), TLSC_E_CLOSED_EARLY);
    }
    hand_peer p;
    tlsc_info info;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(hand_say(&p, TLSC_CT_ALERT, BYTES(1, 0)));
    tlsc_conn_info(p.conn, &info);
    assert_true(info.close_notify_received);
    assert_false(info.close_notify_sent);
    /* what comes behind it is dropped, whatever it is; our direction stays open */
    assert_ok(hand_feed(&p, TEXT("not a record at all")));
    assert_ok(tlsc_conn_end_of_input(p.conn));
    assert_ok(tlsc_stream_write(p.server, (const uint8_t *)"late", 4));
    assert_ok(tlsc_conn_close(p.conn));
    tlsc_conn_info(p.conn, &info);
    assert_true(info.close_notify_sent);
    hand_peer_close(&p);
}

static void user_canceled_is_passed_over_until_it_floods(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        hand_peer p;
        hand_peer_open(&p, places[i], NULL);
        for (int k = 0; k < TLSC_WARNINGS_MAX; k++) {
            assert_ok(hand_say(&p, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_user_canceled)));
        }
        assert_err(hand_say(&p, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_user_canceled)),
                   TLSC_E_TOO_MANY_WARNINGS);
        hand_expect_failed(&p, TLSC_E_TOO_MANY_WARNINGS, NULL);
        hand_peer_close(&p);
    }
    /* data in between starts the count anew */
    hand_peer p;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    for (int k = 0; k < 3 * TLSC_WARNINGS_MAX; k++) {
        assert_ok(hand_say(&p, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_user_canceled)));
        if (k % TLSC_WARNINGS_MAX == TLSC_WARNINGS_MAX - 1) {
            assert_ok(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("d")));
        }
    }
    hand_peer_close(&p);
}

static void malformed_alerts_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        refused(places[i], false, TLSC_CT_ALERT, BYTES(2), TLSC_E_BAD_ALERT);
        refused(places[i], false, TLSC_CT_ALERT, BYTES(2, 40, 0), TLSC_E_BAD_ALERT);
        refused(places[i], false, TLSC_CT_ALERT, BYTES(1, 90, 1, 90), TLSC_E_BAD_ALERT);
    }
}

/* A client that can't read our flight says so in the clear; after a record that opened it has keys.
 */
static void an_alert_in_the_clear_is_taken_until_the_first_record_that_opens(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_FINISHED, NULL);
    assert_err(hand_say_plain(&p, TLSC_CT_ALERT, BYTES(2, TLSC_ALERT_unknown_ca)),
               TLSC_E_PEER_ALERT);
    hand_peer_close(&p);
    hand_peer_open(&p, AT_FINISHED, NULL);
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(20, 0)));
    assert_err(hand_say_plain(&p, TLSC_CT_ALERT, BYTES(2, TLSC_ALERT_unknown_ca)),
               TLSC_E_RECORD_TYPE);
    hand_peer_close(&p);
}

/* ---- ChangeCipherSpec ---- */

static void change_cipher_spec_is_passed_over_in_the_handshake_only(void **state)
{
    (void)state;
    refused(AT_CLIENT_HELLO, true, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1), TLSC_E_UNEXPECTED_CCS);
    refused(AT_TRAFFIC, true, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1), TLSC_E_UNEXPECTED_CCS);
    static const hand_place in[] = { AT_SECOND_HELLO, AT_FINISHED };
    for (size_t i = 0; i < 2; i++) {
        hand_peer p;
        hand_peer_open(&p, in[i], NULL);
        for (int k = 0; k < TLSC_CCS_MAX; k++) {
            assert_ok(hand_say_plain(&p, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1)));
        }
        hand_expect_works(&p);
        hand_peer_close(&p);
        hand_peer_open(&p, in[i], NULL);
        for (int k = 0; k < TLSC_CCS_MAX; k++) {
            assert_ok(hand_say_plain(&p, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1)));
        }
        assert_err(hand_say_plain(&p, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1)), TLSC_E_TOO_MANY_CCS);
        hand_expect_failed(&p, TLSC_E_TOO_MANY_CCS, NULL);
        hand_peer_close(&p);
    }
}

static void change_cipher_spec_is_one_byte_of_one(void **state)
{
    (void)state;
    static const hand_place in[] = { AT_SECOND_HELLO, AT_FINISHED };
    for (size_t i = 0; i < 2; i++) {
        refused(in[i], true, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(0), TLSC_E_BAD_CCS);
        refused(in[i], true, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(2), TLSC_E_BAD_CCS);
        refused(in[i], true, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1, 1), TLSC_E_BAD_CCS);
        refused(in[i], true, TLSC_CT_CHANGE_CIPHER_SPEC, TEXT(""), TLSC_E_BAD_CCS);
    }
}

/* ---- KeyUpdate and empty records ---- */

static tlsc_err update(hand_peer *p, uint8_t request)
{
    tlsc_err rc = hand_say(p, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, request));
    assert_ok(tlsc_protect13_update(&p->client.wr));
    return rc;
}

static void key_updates_flood(void **state)
{
    (void)state;
    hand_peer p;
    tlsc_info info;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    for (int i = 0; i < TLSC_KEY_UPDATES_MAX; i++) {
        assert_ok(update(&p, 1));
    }
    tlsc_conn_info(p.conn, &info);
    assert_int_equal(info.key_updates_received, TLSC_KEY_UPDATES_MAX);
    assert_int_equal(info.key_updates_sent, 1); /* one that waits to be sent answers many */
    assert_ok(
        hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT(""))); /* an empty record is no progress */
    assert_err(update(&p, 0), TLSC_E_TOO_MANY_KEY_UPDATES);
    hand_peer_close(&p);
    /* data in between starts the count anew */
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    for (int i = 0; i < 3 * TLSC_KEY_UPDATES_MAX; i++) {
        assert_ok(update(&p, 0));
        assert_ok(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("d")));
    }
    hand_peer_close(&p);
}

static void malformed_key_updates_are_refused(void **state)
{
    (void)state;
    refused(AT_TRAFFIC, false, TLSC_CT_HANDSHAKE, BYTES(24, 0, 0, 1, 2), TLSC_E_BAD_KEY_UPDATE);
    refused(AT_TRAFFIC, false, TLSC_CT_HANDSHAKE, BYTES(24, 0, 0, 0), TLSC_E_DECODE);
    refused(AT_TRAFFIC, false, TLSC_CT_HANDSHAKE, BYTES(24, 0, 0, 2, 0, 0), TLSC_E_DECODE);
}

/* After it the old keys open nothing. */
static void the_old_keys_are_gone_after_a_key_update(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 0)));
    assert_err(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("d")), TLSC_E_BAD_RECORD_MAC);
    hand_expect_failed(&p, TLSC_E_BAD_RECORD_MAC, NULL);
    hand_peer_close(&p);
}

static void empty_records_flood(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    for (int i = 0; i < 3 * TLSC_EMPTY_RECORDS_MAX; i++) {
        assert_ok(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("")));
        if (i % TLSC_EMPTY_RECORDS_MAX == TLSC_EMPTY_RECORDS_MAX - 1) {
            assert_ok(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("d")));
        }
    }
    for (int i = 0; i < TLSC_EMPTY_RECORDS_MAX; i++) {
        assert_ok(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("")));
    }
    assert_err(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("")), TLSC_E_TOO_MANY_EMPTY_RECORDS);
    hand_expect_failed(&p, TLSC_E_TOO_MANY_EMPTY_RECORDS, NULL);
    hand_peer_close(&p);
}

/* Padding is accepted up to a whole record of it. RFC 8446 5.4 */
static void padding_is_accepted(void **state)
{
    (void)state;
    static const size_t paddings[] = { 1, 100, 16380 };
    hand_peer p;
    uint8_t got[4];
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    for (size_t i = 0; i < sizeof(paddings) / sizeof(paddings[0]); i++) {
        tlsc_buf record = tlsc_buf_of(TLSC_MAX_RECORD);
        hand_seal_padded(&p.client, &record, TLSC_CT_APPLICATION_DATA, TEXT("data"), paddings[i]);
        assert_ok(hand_feed(&p, tlsc_buf_bytes(&record)));
        assert_int_equal(tlsc_stream_read(p.server, got, sizeof(got)), 4);
        assert_memory_equal(got, "data", 4);
        tlsc_buf_clear(&record);
    }
    hand_peer_close(&p);
}

/* ---- plain HTTP ---- */

/* An error of its own: the bytes stay the caller's, no alert is made. */
static void plain_http_keeps_its_bytes(void **state)
{
    (void)state;
    static const char *const requests[] = { "GET / HTTP/1.1\r\n", "POST /x HTTP/1.0\r\n",
                                            "OPTIONS * HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n" };
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        hand_peer p;
        tlsc_opened opened;
        tlsc_failure failure;
        hand_peer_open(&p, AT_CLIENT_HELLO, NULL);
        size_t n = strlen(requests[i]);
        uint8_t *copy = test_copy(tlsc_bytes_of_str(requests[i]));
        assert_ok(tlsc_conn_open(p.conn, copy, 4, &opened)); /* too few to tell */
        assert_int_equal(opened.needed, 1);
        assert_err(tlsc_conn_open(p.conn, copy, n, &opened), TLSC_E_HTTP_REQUEST);
        assert_int_equal(opened.consumed, 0);
        assert_false(opened.output);
        assert_memory_equal(copy, requests[i], n);
        tlsc_conn_error(p.conn, &failure);
        assert_int_equal(failure.alert_sent, TLSC_ALERT_NONE);
        tlsc_mem_free(copy);
        hand_peer_close(&p);
    }
    /* later on it is a record like any other: none */
    refused(AT_SECOND_HELLO, true, 'G', TEXT("ET / HTTP/1.1"), TLSC_E_RECORD_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_content_types_are_refused_everywhere),
        cmocka_unit_test(unknown_inner_types_are_refused),
        cmocka_unit_test(application_data_waits_for_the_handshake),
        cmocka_unit_test(plaintext_is_refused_once_there_are_keys),
        cmocka_unit_test(empty_handshake_and_alert_records_are_refused),
        cmocka_unit_test(nothing_comes_between_the_pieces_of_a_message),
        cmocka_unit_test(every_alert_but_two_is_fatal),
        cmocka_unit_test(close_notify_ends_a_handshake_and_half_a_connection),
        cmocka_unit_test(user_canceled_is_passed_over_until_it_floods),
        cmocka_unit_test(malformed_alerts_are_refused),
        cmocka_unit_test(an_alert_in_the_clear_is_taken_until_the_first_record_that_opens),
        cmocka_unit_test(change_cipher_spec_is_passed_over_in_the_handshake_only),
        cmocka_unit_test(change_cipher_spec_is_one_byte_of_one),
        cmocka_unit_test(key_updates_flood),
        cmocka_unit_test(malformed_key_updates_are_refused),
        cmocka_unit_test(the_old_keys_are_gone_after_a_key_update),
        cmocka_unit_test(empty_records_flood),
        cmocka_unit_test(padding_is_accepted),
        cmocka_unit_test(plain_http_keeps_its_bytes),
    };
    return cmocka_run_group_tests_name("incoming", tests, hand_sites_open, hand_sites_close);
}
