/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/server13_test.c: ClientHellos that a TLS 1.3 server refuses, what may change in the
 * second one, PSKs, and early data passed over. */
#include "unit.h"

#include <string.h>

#include "conn/conn.h"
#include "hand_peer.h"
#include "wire/enums.h"

/* ---- ClientHellos ---- */

#define LIST(...)                                                                                  \
    {                                                                                              \
        (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })                 \
    }

/* Feeds one hello to a new server and answers its pauses. */
static tlsc_err fate(hand_peer *p, const hand_hello *h)
{
    hand_peer_open(p, AT_CLIENT_HELLO, NULL);
    tlsc_err rc = hand_say_hello(p, h);
    while (rc == TLSC_OK && tlsc_conn_wait(p->conn) != TLSC_WAIT_MESSAGE) {
        rc = hand_answer(p);
    }
    return rc;
}

static const uint8_t zero_share[] = { 0, 0x1d, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                      0, 0,    0, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
static const uint8_t short_share[] = { 0, 0x1d, 0, 31, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                       0, 0,    0, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
static const uint8_t long_share[] = { 0, 0x1d, 0, 33, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                      0, 0,    0, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
static const uint8_t two_shares[] = { 0, 0x1d, 0, 1, 9, 0, 0x1d, 0, 1, 8 };

static void each_unacceptable_hello_has_its_error_and_alert(void **state)
{
    (void)state;
    const struct {
        hand_hello hello;
        tlsc_err error;
        tlsc_alert alert;
        const char *where;
    } rows[] = {
        { { .no_versions = true },
          TLSC_E_NO_SHARED_VERSION,
          TLSC_ALERT_protocol_version,
          "server: choose a version" },
        { { .versions = LIST(3, 3, 3, 2) },
          TLSC_E_NO_SHARED_VERSION,
          TLSC_ALERT_protocol_version,
          "server: choose a version" },
        { { .versions = LIST(0x7f, 28) },
          TLSC_E_NO_SHARED_VERSION,
          TLSC_ALERT_protocol_version,
          "server: choose a version" },
        { { .compression = LIST(1) },
          TLSC_E_BAD_COMPRESSION,
          TLSC_ALERT_illegal_parameter,
          "server13: negotiate" },
        { { .compression = LIST(0, 1) },
          TLSC_E_BAD_COMPRESSION,
          TLSC_ALERT_illegal_parameter,
          "server13: negotiate" },
        { { .compression = LIST(1, 0) },
          TLSC_E_BAD_COMPRESSION,
          TLSC_ALERT_illegal_parameter,
          "server13: negotiate" },
        { { .no_groups = true },
          TLSC_E_MISSING_GROUPS,
          TLSC_ALERT_missing_extension,
          "server13: negotiate" },
        { { .no_key_share = true },
          TLSC_E_MISSING_KEY_SHARE,
          TLSC_ALERT_missing_extension,
          "server13: negotiate" },
        { { .suites = LIST(0x13, 4, 0xc0, 0x2f) },
          TLSC_E_NO_SHARED_SUITE,
          TLSC_ALERT_handshake_failure,
          "server13: negotiate" },
        { { .groups = LIST(0, 30, 1, 0) },
          TLSC_E_NO_SHARED_GROUP,
          TLSC_ALERT_handshake_failure,
          "server13: negotiate" },
        { { .shares = { two_shares, sizeof(two_shares) } },
          TLSC_E_DUPLICATE_KEY_SHARE,
          TLSC_ALERT_illegal_parameter,
          "server13: negotiate" },
        { { .no_schemes = true },
          TLSC_E_MISSING_SIGNATURE_ALGORITHMS,
          TLSC_ALERT_missing_extension,
          "server13: send ServerHello" },
        { { .schemes = LIST(8, 4, 2, 3) },
          TLSC_E_NO_SHARED_SIGNATURE,
          TLSC_ALERT_handshake_failure,
          "server13: send ServerHello" },
        { { .shares = { zero_share, sizeof(zero_share) } },
          TLSC_E_BAD_KEY_SHARE,
          TLSC_ALERT_illegal_parameter,
          "server13: send ServerHello" },
        { { .shares = { short_share, sizeof(short_share) } },
          TLSC_E_BAD_KEY_SHARE,
          TLSC_ALERT_illegal_parameter,
          "server13: send ServerHello" },
        { { .shares = { long_share, sizeof(long_share) } },
          TLSC_E_BAD_KEY_SHARE,
          TLSC_ALERT_illegal_parameter,
          "server13: send ServerHello" },
        { { .extra = LIST(0, 43, 0, 3, 2, 3, 4) },
          TLSC_E_DUPLICATE_EXTENSION,
          TLSC_ALERT_decode_error,
          "server: expect ClientHello" },
        { { .extra = LIST(0, 48, 0, 0) },
          TLSC_E_MISPLACED_EXTENSION,
          TLSC_ALERT_illegal_parameter,
          "server: expect ClientHello" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        hand_peer p;
        assert_err(fate(&p, &rows[i].hello), rows[i].error);
        assert_int_equal(tlsc_err_alert(rows[i].error), rows[i].alert);
        hand_expect_failed(&p, rows[i].error, rows[i].where);
        hand_peer_close(&p);
    }
}

/* What a server must live with. */
static void each_odd_but_acceptable_hello_is_served(void **state)
{
    (void)state;
    const hand_hello rows[] = {
        { .legacy_version = 0x0301 },
        { .legacy_version = 0x0304 },
        { .versions = LIST(0x3a, 0x3a, 3, 3, 3, 4) },
        { .suites = LIST(0x0a, 0x0a, 0, 0xff, 0x13, 1) },
        { .groups = LIST(0xaa, 0xaa, 0, 0x1d) },
        { .schemes = LIST(0x0a, 0x0a, 4, 3) },
        { .no_psk_modes = true },
        { .extra = LIST(0x1a, 0x1a, 0, 0) },
        { .extra = LIST(0xff, 0x01, 0, 1, 0) },
        { .server_name = { (const uint8_t *)"127.0.0.1", 9 } },
        { .session_id = LIST(7) },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        hand_peer p;
        hand_peer_open(&p, AT_CLIENT_HELLO, &rows[i]);
        hand_expect_works(&p);
        hand_peer_close(&p);
    }
}

/* Middlebox compatibility: a client with a session id is sent one ChangeCipherSpec, one without
 * none. */
static void change_cipher_spec_goes_to_those_with_a_session_id(void **state)
{
    (void)state;
    for (int with_id = 0; with_id < 2; with_id++) {
        for (int retry = 0; retry < 2; retry++) {
            static const uint8_t id[32] = { 1 };
            hand_hello h = { .session_id = { id, with_id ? sizeof(id) : 0 } };
            hand_peer p;
            tlsc_bytes out;
            hand_peer_open(&p, retry ? AT_SECOND_HELLO : AT_CLIENT_HELLO, &h);
            assert_ok(hand_say_hello(&p, &h));
            while (tlsc_conn_wait(p.conn) != TLSC_WAIT_MESSAGE) {
                assert_ok(hand_answer(&p));
            }
            assert_ok(tlsc_stream_output(p.server, &out));
            unsigned num = 0;
            for (size_t at = 0; at < out.n;
                 at += 5u + (size_t)(out.p[at + 3] << 8 | out.p[at + 4])) {
                num += out.p[at] == TLSC_CT_CHANGE_CIPHER_SPEC;
            }
            /* a HelloRetryRequest had it already */
            assert_int_equal(num, with_id && !retry);
            hand_peer_close(&p);
        }
    }
}

/* ---- the second ClientHello ---- */

static void what_must_not_change_in_the_second_hello(void **state)
{
    (void)state;
    const hand_hello first = {
        .server_name = { (const uint8_t *)"a.test", 6 },
        .alpn = { (const uint8_t *)"\x02h2", 3 },
        .suites = LIST(0x13, 1, 0x13, 2),
        .groups = LIST(0, 0x1d, 0, 0x17),
    };
    static const uint8_t id[] = { 1 };
    hand_hello rows[8];
    for (size_t i = 0; i < 8; i++) {
        rows[i] = first;
    }
    rows[0].session_id = tlsc_bytes_of(id, 1);
    rows[1].suites = BYTES(0x13, 1);
    rows[2].server_name = TEXT("b.test");
    rows[3].alpn = BYTES(2, 'h', '3');
    rows[4].groups = BYTES(0, 0x1d);
    rows[5].schemes = BYTES(4, 3, 8, 4);
    rows[6].versions = BYTES(3, 4, 3, 3);
    rows[7].legacy_version = 0x0302;
    for (size_t i = 0; i < 8; i++) {
        hand_peer p;
        hand_peer_open(&p, AT_SECOND_HELLO, &first);
        assert_err(hand_say_hello(&p, &rows[i]), TLSC_E_HRR_CHANGED_HELLO);
        hand_expect_failed(&p, TLSC_E_HRR_CHANGED_HELLO, NULL);
        hand_peer_close(&p);
    }
    /* nor the random */
    hand_peer p;
    hand_peer_open(&p, AT_SECOND_HELLO, &first);
    hand_make_hello(&p.client, &first);
    p.client.hello.p[4 + 2] ^= 1;
    assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&p.client.hello)),
               TLSC_E_HRR_CHANGED_HELLO);
    hand_peer_close(&p);
}

static void the_second_hello_has_the_one_share_asked_for(void **state)
{
    (void)state;
    static const uint8_t other[] = { 0, 0x17, 0, 1, 4 };
    static const uint8_t both[] = { 0, 0x1d, 0, 1, 4, 0, 0x17, 0, 1, 4 };
    static const hand_hello rows[] = {
        { .no_share = true },
        { .shares = { other, sizeof(other) } },
        { .shares = { both, sizeof(both) } },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        hand_peer p;
        hand_peer_open(&p, AT_SECOND_HELLO, NULL);
        assert_err(hand_say_hello(&p, &rows[i]), TLSC_E_HRR_WRONG_SHARE);
        hand_expect_failed(&p, TLSC_E_HRR_WRONG_SHARE, NULL);
        hand_peer_close(&p);
    }
    hand_peer p;
    hand_peer_open(&p, AT_SECOND_HELLO, NULL);
    assert_err(hand_say_hello(&p, &(hand_hello){ .no_key_share = true }), TLSC_E_MISSING_KEY_SHARE);
    hand_peer_close(&p);
}

static void what_may_change_in_the_second_hello(void **state)
{
    (void)state;
    const hand_hello first = { .early_data = true, .extra = LIST(0, 21, 0, 2, 0, 0) };
    hand_peer p;
    hand_peer_open(&p, AT_SECOND_HELLO, &first);
    p.hello.early_data = false;
    p.hello.extra = (tlsc_bytes){ NULL, 0 };
    hand_expect_works(&p);
    hand_peer_close(&p);
}

/* ---- PSKs ---- */

/* The wrong number of binders, and modes that are missing, are found before any ticket is opened.
 */
static void psk_rules_are_checked_before_tickets_are_opened(void **state)
{
    (void)state;
    /* identities: "t", "t"; binders: one of 32 bytes */
    static const uint8_t two_to_one[] = { 0, 41,  0, 51, 0, 14, 0, 1,  't', 0, 0, 0, 0, 0,
                                          1, 't', 0, 0,  0, 0,  0, 33, 32,  0, 0, 0, 0, 0,
                                          0, 0,   0, 0,  0, 0,  0, 0,  0,   0, 0, 0, 0, 0,
                                          0, 0,   0, 0,  0, 0,  0, 0,  0,   0, 0, 0, 0 };
    static const tlsc_secret psk = { .n = 32 };
    hand_peer p;
    hand_hello modes = { .no_psk_modes = true, .ticket = TEXT("t"), .psk = &psk };
    assert_err(fate(&p, &modes), TLSC_E_MISSING_PSK_MODES);
    hand_expect_failed(&p, TLSC_E_MISSING_PSK_MODES, "server13: find a session");
    hand_peer_close(&p);

    /* moved behind the others by hand: pre_shared_key is the last extension */
    hand_peer_open(&p, AT_CLIENT_HELLO, NULL);
    hand_make_hello(&p.client, &p.hello);
    tlsc_buf *m = &p.client.hello;
    assert_ok(tlsc_buf_append(m, tlsc_bytes_of(two_to_one, sizeof(two_to_one))));
    m->p[3] = (uint8_t)(m->p[3] + sizeof(two_to_one));
    size_t block = 4 + 2 + 32 + 1 + 2 + 2 + 1 + 1;
    m->p[block + 1] = (uint8_t)(m->p[block + 1] + sizeof(two_to_one));
    assert_int_equal(m->n, 4 + (size_t)m->p[3]);
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(m)));
    assert_err(hand_answer(&p), TLSC_E_PSK_COUNT_MISMATCH);
    hand_expect_failed(&p, TLSC_E_PSK_COUNT_MISMATCH, "server13: find a session");
    hand_peer_close(&p);
}

/* Brings a server to the pause for a ticket whose binder is of `psk`. */
static void at_ticket(hand_peer *p, const tlsc_secret *psk)
{
    memset(p, 0, sizeof(*p));
    p->site = hand_site(AT_TICKET);
    p->at = AT_TICKET;
    assert_ok(tls_server_new(p->site, &p->server));
    p->conn = tlsc_stream_conn(p->server);
    hand_open(&p->client, p->site->provider, 0);
    assert_ok(hand_say_hello(p, &(hand_hello){ .ticket = TEXT("t"), .psk = psk }));
    assert_ok(hand_answer(p));
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_TICKET);
}

/* A good session, a wrong binder: the one thing about a ticket that is fatal. */
static void a_binder_that_does_not_match_is_fatal(void **state)
{
    (void)state;
    tls_site *site = hand_site(AT_TICKET);
    tlsc_session session = { .version = TLSC_TLS13,
                             .suite = 0x1301,
                             .group = 0x1d,
                             .secret = { .b = { 1, 2, 3 }, .n = 32 },
                             .issued_ms = site->now_ms };
    tlsc_buf encoded = tlsc_buf_of(512);
    assert_ok(tlsc_session_emit(&encoded, &session));
    for (int good = 0; good < 2; good++) {
        hand_peer p;
        tlsc_opened opened;
        tlsc_secret psk = session.secret;
        psk.b[0] ^= good ? 0 : 1;
        at_ticket(&p, &psk);
        tlsc_err rc = tlsc_conn_answer_ticket(p.conn, tlsc_buf_bytes(&encoded), &opened);
        if (good) {
            assert_ok(rc);
            hand_expect_works(&p);
            assert_true(p.client.resumed);
        } else {
            assert_err(rc, TLSC_E_BAD_BINDER);
            hand_expect_failed(&p, TLSC_E_BAD_BINDER, NULL);
        }
        hand_peer_close(&p);
    }
    tlsc_buf_clear(&encoded);
}

/* A session that doesn't fit costs a full handshake and nothing else: each reason in turn. */
static void a_session_that_does_not_fit_is_passed_over(void **state)
{
    (void)state;
    tls_site *site = hand_site(AT_TICKET);
    tlsc_session good = { .version = TLSC_TLS13,
                          .suite = 0x1301,
                          .secret = { .b = { 1 }, .n = 32 },
                          .issued_ms = site->now_ms };
    enum { ROWS = 13 };
    tlsc_session rows[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        rows[i] = good;
    }
    rows[1].version = TLSC_TLS12;
    rows[2].suite = 0x1302; /* another hash */
    rows[10].suite = 0x1302; /* and a secret of its length */
    rows[10].secret.n = 48;
    rows[3].suite = 0x9999;
    rows[4].secret.n = 31;
    rows[5].server_name = TEXT("other.test");
    rows[6].identity[31] = 1;
    rows[7].issued_ms = site->now_ms - INT64_C(3600) * 1000 - 1;
    rows[8].issued_ms =
        site->now_ms + 60001; /* from a clock that runs ahead by more than a minute */
    rows[9].suite = 0x1303;   /* another suite with the same hash: fits */
    rows[11].issued_ms = site->now_ms - 800000; /* young, but of an old chain: seven days and a bit */
    rows[11].chain_age_s = 604800 - 799;
    rows[12].issued_ms = site->now_ms - 800000; /* seven days */
    rows[12].chain_age_s = 604800 - 800;
    for (size_t i = 0; i < ROWS; i++) {
        hand_peer p;
        tlsc_opened opened;
        tlsc_buf encoded = tlsc_buf_of(512);
        assert_ok(tlsc_session_emit(&encoded, &rows[i]));
        at_ticket(&p, &rows[i].secret);
        assert_ok(tlsc_conn_answer_ticket(p.conn, tlsc_buf_bytes(&encoded), &opened));
        hand_expect_works(&p);
        assert_int_equal(p.client.resumed, i == 0 || i == 9 || i == 12);
        hand_peer_close(&p);
        tlsc_buf_clear(&encoded);
    }
}

/* ---- early data ---- */

static const uint8_t early[1000];

/* After ServerHello: what the handshake keys don't open is early data, until the first that they
 * do. */
static void early_data_is_skipped_after_server_hello(void **state)
{
    (void)state;
    static const hand_hello h = { .early_data = true };
    hand_peer p;
    hand_peer_open(&p, AT_FINISHED, &h);
    for (int i = 0; i < 60; i++) {
        assert_ok(hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, 1000)));
    }
    assert_ok(hand_say_plain(&p, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1)));
    hand_expect_works(&p);
    hand_peer_close(&p);
}

/* 65,536 bytes, headers included: the last byte of them still fits, one more doesn't. */
static void early_data_budget(hand_place at, size_t over)
{
    static const hand_hello h = { .early_data = true };
    hand_peer p;
    hand_peer_open(&p, at, &h);
    for (int i = 0; i < 65; i++) {
        assert_ok(hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, 1000)));
    }
    enum { LEFT = 65536 - 65 * 1005, LAST = 22 };
    assert_ok(
        hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, LEFT - LAST - 5 + over)));
    tlsc_err rc = hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, LAST - 5));
    if (over == 0) {
        assert_ok(rc);
    } else {
        assert_err(rc, TLSC_E_TOO_MUCH_SKIPPED_DATA);
        hand_expect_failed(&p, TLSC_E_TOO_MUCH_SKIPPED_DATA, NULL);
    }
    hand_peer_close(&p);
}

static void early_data_over_its_budget_is_refused(void **state)
{
    (void)state;
    static const hand_place in[] = { AT_FINISHED, AT_SECOND_HELLO };
    for (size_t i = 0; i < 2; i++) {
        early_data_budget(in[i], 0);
        early_data_budget(in[i], 1);
    }
}

static void early_data_is_skipped_after_hello_retry(void **state)
{
    (void)state;
    static const hand_hello h = { .early_data = true };
    hand_peer p;
    hand_peer_open(&p, AT_SECOND_HELLO, &h);
    for (int i = 0; i < 10; i++) {
        assert_ok(hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, 1000)));
    }
    p.hello.early_data = false;
    hand_expect_works(&p);
    hand_peer_close(&p);
    /* a second offer of it */
    hand_peer_open(&p, AT_SECOND_HELLO, &h);
    assert_err(hand_say_hello(&p, &h), TLSC_E_HRR_EARLY_DATA);
    hand_expect_failed(&p, TLSC_E_HRR_EARLY_DATA, NULL);
    hand_peer_close(&p);
}

static void without_the_offer_nothing_is_skipped(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_FINISHED, NULL);
    assert_err(hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, 100)),
               TLSC_E_BAD_RECORD_MAC);
    hand_expect_failed(&p, TLSC_E_BAD_RECORD_MAC, NULL);
    hand_peer_close(&p);
    hand_peer_open(&p, AT_SECOND_HELLO, NULL);
    assert_err(hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, 100)),
               TLSC_E_RECORD_TYPE);
    hand_expect_failed(&p, TLSC_E_RECORD_TYPE, NULL);
    hand_peer_close(&p);
}

/* Half a Finished that opens ends the early data: what doesn't open behind it is an attack. */
static void early_data_ends_with_the_first_record_that_opens(void **state)
{
    (void)state;
    static const hand_hello h = { .early_data = true };
    hand_peer p;
    hand_peer_open(&p, AT_FINISHED, &h);
    assert_ok(hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, 100)));
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(20, 0)));
    assert_err(hand_say_plain(&p, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(early, 100)),
               TLSC_E_BAD_RECORD_MAC);
    hand_expect_failed(&p, TLSC_E_BAD_RECORD_MAC, NULL);
    hand_peer_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_unacceptable_hello_has_its_error_and_alert),
        cmocka_unit_test(each_odd_but_acceptable_hello_is_served),
        cmocka_unit_test(change_cipher_spec_goes_to_those_with_a_session_id),
        cmocka_unit_test(what_must_not_change_in_the_second_hello),
        cmocka_unit_test(the_second_hello_has_the_one_share_asked_for),
        cmocka_unit_test(what_may_change_in_the_second_hello),
        cmocka_unit_test(psk_rules_are_checked_before_tickets_are_opened),
        cmocka_unit_test(a_binder_that_does_not_match_is_fatal),
        cmocka_unit_test(a_session_that_does_not_fit_is_passed_over),
        cmocka_unit_test(early_data_is_skipped_after_server_hello),
        cmocka_unit_test(early_data_over_its_budget_is_refused),
        cmocka_unit_test(early_data_is_skipped_after_hello_retry),
        cmocka_unit_test(without_the_offer_nothing_is_skipped),
        cmocka_unit_test(early_data_ends_with_the_first_record_that_opens),
    };
    return cmocka_run_group_tests_name("server13", tests, hand_sites_open, hand_sites_close);
}
