/* SPDX-License-Identifier: Apache-2.0 */
/* conn/traffic_test.c: what a caller may not do with plan, seal, stream and the rest, and what
 * happens then: an error that leaves the connection as it was. */
#include "unit.h"

#include <string.h>

#include "client_site.h"
#include "conn/conn.h"
#include "hand_peer.h"
#include "wire/enums.h"

static const size_t one[] = { 1 };

/* ---- options ---- */

static void options_out_of_bounds_are_refused(void **state)
{
    (void)state;
    tlsc_conn *c = NULL;
    tlsc_conn_options o = { .size = sizeof(o) };
    assert_err(tlsc_conn_new_server(NULL, &c), TLSC_E_USAGE);
    o.size = sizeof(o) - 1;
    assert_err(tlsc_conn_new_server(&o, &c), TLSC_E_USAGE);
    o.size = sizeof(o);
    o.max_fragment = 63;
    assert_err(tlsc_conn_new_server(&o, &c), TLSC_E_USAGE);
    o.max_fragment = TLSC_MAX_PLAINTEXT + 1;
    assert_err(tlsc_conn_new_server(&o, &c), TLSC_E_USAGE);
    assert_null(c);
    static const uint16_t good[] = { 0, 64, TLSC_MAX_PLAINTEXT };
    for (size_t i = 0; i < 3; i++) {
        o.max_fragment = good[i];
        assert_ok(tlsc_conn_new_server(&o, &c));
        tlsc_conn_free(c);
    }
    tlsc_conn_free(NULL);
}

/* ---- before the handshake's end ---- */

static void data_waits_for_the_handshake(void **state)
{
    (void)state;
    for (hand_place at = AT_CLIENT_HELLO; at < AT_TRAFFIC; at++) {
        hand_peer p;
        tlsc_plan plan;
        uint8_t buf[64];
        size_t n = 7;
        hand_peer_open(&p, at, NULL);
        assert_err(tlsc_conn_plan(p.conn, 1, &plan), TLSC_E_NOT_READY);
        assert_int_equal(plan.head, 0);
        assert_err(tlsc_stream_write(p.server, (const uint8_t *)"x", 1), TLSC_E_NOT_READY);
        assert_err(tlsc_conn_update_keys(p.conn, false), TLSC_E_NOT_READY);
        tlsc_conn_send_tickets(p.conn);
        assert_ok(tlsc_conn_plan(p.conn, 0, &plan)); /* control records alone may go */
        assert_err(tlsc_conn_seal(p.conn, &plan, buf, sizeof(buf), one, 1, &n), TLSC_E_USAGE);
        assert_int_equal(n, 0);
        hand_expect_works(&p);
        hand_peer_close(&p);
    }
}

/* ---- plan and seal ---- */

static void lengths_of_nothing_and_too_much_are_refused(void **state)
{
    (void)state;
    static uint8_t buf[40000];
    static const size_t lens[][2] = {
        { 0, 1 }, { 1, 0 }, { 16385, 1 }, { 1, 16385 }, { 1, SIZE_MAX }
    };
    hand_peer p;
    tlsc_plan plan;
    size_t n;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(tlsc_conn_plan(p.conn, 2, &plan));
    assert_int_equal(plan.max_data, 16384);
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        assert_err(tlsc_conn_seal(p.conn, &plan, buf, sizeof(buf), lens[i], 2, &n), TLSC_E_USAGE);
        assert_int_equal(n, 0);
    }
    hand_expect_works(&p);
    hand_peer_close(&p);
}

/* Whatever changes the output makes a plan stale: its `front` is another now. */
static void a_stale_plan_is_refused(void **state)
{
    (void)state;
    uint8_t buf[4096] = { 0 };
    hand_peer p;
    tlsc_plan plan;
    size_t n;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(tlsc_conn_plan(p.conn, 1, &plan));
    assert_ok(tlsc_conn_update_keys(p.conn, false));
    assert_err(tlsc_conn_seal(p.conn, &plan, buf, sizeof(buf), one, 1, &n), TLSC_E_USAGE);
    assert_int_equal(n, 0);
    assert_ok(tlsc_conn_plan(p.conn, 1, &plan));
    assert_ok(tlsc_conn_close(p.conn));
    assert_err(tlsc_conn_seal(p.conn, &plan, buf, sizeof(buf), one, 1, &n), TLSC_E_USAGE);
    hand_peer_close(&p);
    /* and so does having sealed by it, since the tickets are gone then */
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(tlsc_conn_plan(p.conn, 1, &plan));
    assert_true(plan.front > 0);
    assert_ok(tlsc_conn_seal(p.conn, &plan, buf, sizeof(buf), one, 1, &n));
    assert_err(tlsc_conn_seal(p.conn, &plan, buf, sizeof(buf), one, 1, &n), TLSC_E_USAGE);
    hand_peer_close(&p);
}

/* One byte too few, and nothing is lost: the same plan fits a buffer that is long enough. */
static void a_buffer_that_is_too_small_loses_nothing(void **state)
{
    (void)state;
    uint8_t buf[4096] = { 0 };
    hand_peer p;
    tlsc_plan plan;
    size_t n;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(tlsc_conn_plan(p.conn, 1, &plan));
    size_t need = plan.front + plan.head + 1 + plan.tail;
    for (size_t cap = 0; cap < need; cap++) {
        assert_err(tlsc_conn_seal(p.conn, &plan, buf, cap, one, 1, &n), TLSC_E_TOO_SMALL);
        assert_int_equal(n, 0);
    }
    assert_ok(tlsc_conn_seal(p.conn, &plan, buf, need, one, 1, &n));
    assert_int_equal(n, need);
    hand_peer_close(&p);
}

/* Tickets don't count as output: they go with the first data, or when they are asked for. */
static void tickets_wait_for_the_first_data(void **state)
{
    (void)state;
    hand_peer p;
    tlsc_plan plan;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_false(tlsc_conn_has_output(p.conn));
    assert_ok(tlsc_conn_plan(p.conn, 0, &plan));
    assert_int_equal(plan.front, 0);
    tlsc_conn_send_tickets(p.conn);
    assert_true(tlsc_conn_has_output(p.conn));
    assert_ok(tlsc_conn_plan(p.conn, 0, &plan));
    assert_true(plan.front > 200);
    tlsc_conn_send_tickets(p.conn); /* once is enough */
    tlsc_plan again;
    assert_ok(tlsc_conn_plan(p.conn, 0, &again));
    assert_int_equal(again.front, plan.front);
    hand_expect_works(&p);
    hand_peer_close(&p);
}

/* The keys are renewed before a batch would pass their limit, and a batch over it is refused. */
static void a_batch_stays_below_the_confidentiality_limit(void **state)
{
    (void)state;
    tlsc_suite suite = *tlsc_provider_suite(tlsc_provider_default(), 0x1301);
    const tlsc_suite *const suites[] = { &suite };
    tlsc_provider provider = *tlsc_provider_default();
    suite.confidentiality_limit = 8;
    provider.suites = suites;
    provider.num_suites = 1;
    tls_site site = { .provider = &provider };
    assert_ok(tls_site_open(&site));
    static const size_t lens[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };
    uint8_t buf[1024] = { 0 };
    hand_peer p = { .site = &site, .at = AT_TRAFFIC };
    tlsc_plan plan;
    tlsc_info info;
    size_t n;
    assert_ok(tls_server_new(&site, &p.server));
    p.conn = tlsc_stream_conn(p.server);
    hand_open(&p.client, &provider, 0);
    p.at = AT_CLIENT_HELLO;
    hand_expect_works(&p); /* record 0 */
    assert_err(tlsc_conn_plan(p.conn, 8, &plan), TLSC_E_USAGE);
    assert_err(tlsc_conn_plan(p.conn, SIZE_MAX, &plan), TLSC_E_USAGE);
    tlsc_conn_info(p.conn, &info);
    assert_int_equal(info.key_updates_sent, 0);
    assert_ok(tlsc_conn_plan(p.conn, 6, &plan)); /* records 1 to 6: fits */
    assert_int_equal(plan.front, 0);
    /* a plan for few doesn't allow many */
    assert_err(tlsc_conn_seal(p.conn, &plan, buf, sizeof(buf), lens, 8, &n), TLSC_E_USAGE);
    assert_ok(tlsc_conn_seal(p.conn, &plan, buf, sizeof(buf), lens, 6, &n));
    assert_ok(tlsc_conn_plan(p.conn, 1, &plan)); /* record 7 is the KeyUpdate */
    assert_int_equal(plan.front, 5 + 5 + 1 + 16);
    tlsc_conn_info(p.conn, &info);
    assert_int_equal(info.key_updates_sent, 1);
    hand_peer_close(&p);
    tls_site_close(&site);
}

/* A client's configuration says nothing of what a server must ask for. */
static void a_server_takes_no_configuration_of_a_client(void **state)
{
    (void)state;
    hand_peer p;
    tlsc_opened opened;
    client_site clients = { 0 };
    assert_ok(client_site_open(&clients));
    hand_peer_open(&p, AT_CONFIG, NULL);
    assert_err(tlsc_conn_answer_config(p.conn, clients.config, (tlsc_bytes){ NULL, 0 }, NULL, &opened),
               TLSC_E_USAGE);
    hand_expect_works(&p);
    hand_peer_close(&p);
    client_site_close(&clients);
}

/* ---- after the end ---- */

static void nothing_is_sealed_after_close(void **state)
{
    (void)state;
    hand_peer p;
    tlsc_plan plan;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(tlsc_conn_close(p.conn));
    assert_ok(tlsc_conn_close(p.conn));
    assert_err(tlsc_conn_plan(p.conn, 1, &plan), TLSC_E_CLOSED);
    assert_err(tlsc_stream_write(p.server, (const uint8_t *)"x", 1), TLSC_E_CLOSED);
    assert_err(tlsc_conn_update_keys(p.conn, false), TLSC_E_CLOSED);
    tlsc_conn_send_tickets(p.conn);
    assert_ok(tlsc_conn_plan(p.conn, 0, &plan));
    assert_int_equal(plan.front, 5 + 2 + 1 + 16); /* one close_notify and nothing else */
    /* the peer may go on */
    assert_ok(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("more")));
    uint8_t got[8];
    assert_int_equal(tlsc_stream_read(p.server, got, sizeof(got)), 4);
    /* but a KeyUpdate that asks for an answer gets none */
    assert_ok(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 1)));
    tlsc_plan again;
    assert_ok(tlsc_conn_plan(p.conn, 0, &again));
    assert_int_equal(again.front, plan.front);
    hand_peer_close(&p);
}

/* A handshake, wherever it is, puts nothing behind our close_notify. RFC 8446 6.1 */
static void a_handshake_says_nothing_after_close(void **state)
{
    (void)state;
    static const hand_place places[] = { AT_CONFIG, AT_TICKET, AT_SIGN };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        hand_peer p;
        tlsc_plan plan;
        tlsc_plan again;
        hand_peer_open(&p, places[i], NULL);
        assert_ok(tlsc_conn_close(p.conn));
        assert_ok(tlsc_conn_plan(p.conn, 0, &plan));
        assert_true(plan.front > 0);
        assert_ok(hand_answer(&p));
        assert_ok(tlsc_conn_plan(p.conn, 0, &again));
        assert_int_equal(again.front, plan.front);
        hand_peer_close(&p);
    }
}

static void nothing_is_sealed_after_an_error(void **state)
{
    (void)state;
    static const hand_place places[] = { AT_CLIENT_HELLO, AT_FINISHED, AT_TRAFFIC };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        hand_peer p;
        tlsc_plan plan;
        hand_peer_open(&p, places[i], NULL);
        assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(99, 0, 0, 0)), TLSC_E_UNEXPECTED_MESSAGE);
        assert_err(tlsc_conn_plan(p.conn, 1, &plan), TLSC_E_CLOSED);
        assert_err(tlsc_conn_update_keys(p.conn, true), TLSC_E_CLOSED);
        assert_ok(tlsc_conn_close(p.conn)); /* no close_notify behind a fatal alert */
        hand_expect_failed(&p, TLSC_E_UNEXPECTED_MESSAGE, NULL);
        hand_peer_close(&p);
    }
}

/* Wherever it is, pauses too: the alert goes behind what waits, and nothing goes on. RFC 8446 6.2 */
static void the_application_may_end_it_with_an_alert_of_its_choice(void **state)
{
    (void)state;
    static const uint8_t none[] = { TLSC_ALERT_close_notify, TLSC_ALERT_user_canceled,
                                    TLSC_ALERT_no_renegotiation, TLSC_ALERT_NONE };
    for (hand_place at = AT_CLIENT_HELLO; at < HAND_PLACES; at++) {
        hand_peer p;
        tlsc_plan plan;
        tlsc_failure failure;
        hand_peer_open(&p, at, NULL);
        for (size_t i = 0; i < sizeof(none); i++) {
            assert_err(tlsc_conn_abort(p.conn, none[i]), TLSC_E_USAGE);
        }
        assert_ok(tlsc_conn_plan(p.conn, 0, &plan));
        size_t before = plan.front;
        assert_ok(tlsc_conn_abort(p.conn, TLSC_ALERT_access_denied));
        assert_int_equal(tlsc_conn_wait(p.conn), TLSC_WAIT_NONE);
        tlsc_conn_error(p.conn, &failure);
        assert_int_equal(failure.code, TLSC_E_ABORTED);
        assert_int_equal(failure.alert_sent, TLSC_ALERT_access_denied);
        assert_string_equal(failure.state, hand_place_name(at));
        assert_ok(tlsc_conn_plan(p.conn, 0, &plan));
        assert_true(plan.front >= before + 5 + 2);
        assert_err(tlsc_conn_abort(p.conn, TLSC_ALERT_internal_error), TLSC_E_CLOSED);
        assert_err(tlsc_conn_plan(p.conn, 1, &plan), TLSC_E_CLOSED);
        assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(24, 0, 0, 1, 0)), TLSC_E_ABORTED);
        hand_peer_close(&p);
    }
    /* a goodbye heard before changes nothing */
    hand_peer p;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(hand_say(&p, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_close_notify)));
    assert_ok(tlsc_conn_end_of_input(p.conn));
    assert_ok(tlsc_conn_abort(p.conn, TLSC_ALERT_internal_error));
    assert_err(tlsc_conn_end_of_input(p.conn), TLSC_E_ABORTED);
    hand_peer_close(&p);
    /* no alert goes behind a close_notify */
    tlsc_plan plan;
    hand_peer_open(&p, AT_TRAFFIC, NULL);
    assert_ok(tlsc_conn_close(p.conn));
    assert_ok(tlsc_conn_abort(p.conn, 30)); /* any code point will do */
    assert_ok(tlsc_conn_plan(p.conn, 0, &plan));
    assert_int_equal(plan.front, 5 + 2 + 1 + 16);
    assert_err(hand_say(&p, TLSC_CT_APPLICATION_DATA, TEXT("more")), TLSC_E_ABORTED);
    hand_peer_close(&p);
}

/* The peer's stream ends without its close_notify, at every place. */
static void an_end_without_close_notify_is_truncation(void **state)
{
    (void)state;
    for (hand_place at = AT_CLIENT_HELLO; at < HAND_PLACES; at++) {
        hand_peer p;
        hand_peer_open(&p, at, NULL);
        assert_err(tlsc_conn_end_of_input(p.conn), TLSC_E_TRUNCATED);
        assert_err(tlsc_conn_end_of_input(p.conn), TLSC_E_TRUNCATED);
        tlsc_failure failure;
        tlsc_conn_error(p.conn, &failure);
        assert_int_equal(failure.alert_sent, TLSC_ALERT_NONE);
        assert_string_equal(failure.state, hand_place_name(at));
        hand_peer_close(&p);
    }
}

/* ---- answers at the wrong time ---- */

static void an_answer_to_another_question_changes_nothing(void **state)
{
    (void)state;
    for (hand_place at = AT_CLIENT_HELLO; at < HAND_PLACES; at++) {
        hand_peer p;
        tlsc_opened opened;
        tlsc_bytes bytes;
        uint16_t scheme;
        static const tlsc_bytes nothing = { NULL, 0 };
        hand_peer_open(&p, at, NULL);
        const tlsc_config *config = p.site->config;
        if (at != AT_CONFIG) {
            assert_err(tlsc_conn_answer_config(p.conn, config, nothing, NULL, &opened),
                       TLSC_E_USAGE);
            assert_err(tlsc_conn_answer_refuse(p.conn, TLSC_E_INTERNAL), TLSC_E_USAGE);
        }
        if (at != AT_SIGN) {
            assert_err(tlsc_conn_sign_request(p.conn, &scheme, &bytes), TLSC_E_USAGE);
            assert_err(tlsc_conn_answer_signature(p.conn, TEXT("s"), &opened), TLSC_E_USAGE);
        }
        if (at != AT_TICKET) {
            assert_err(tlsc_conn_ticket_request(p.conn, &bytes), TLSC_E_USAGE);
            assert_err(tlsc_conn_answer_ticket(p.conn, nothing, &opened), TLSC_E_USAGE);
        }
        assert_int_equal(tlsc_conn_hello(p.conn) != NULL,
                         at != AT_CLIENT_HELLO && at != AT_TRAFFIC);
        hand_expect_works(&p);
        hand_peer_close(&p);
    }
}

static void a_configuration_must_fit_its_connection(void **state)
{
    (void)state;
    tlsc_provider other = *tlsc_provider_default();
    tls_site stranger = { .provider = &other };
    assert_ok(tls_site_open(&stranger));
    hand_hello h = { .alpn = TEXT("\x02h2") };
    hand_peer p;
    tlsc_opened opened;
    hand_peer_open(&p, AT_CONFIG, &h);
    assert_err(tlsc_conn_answer_config(p.conn, NULL, (tlsc_bytes){ NULL, 0 }, NULL, &opened),
               TLSC_E_USAGE);
    assert_err(
        tlsc_conn_answer_config(p.conn, stranger.config, (tlsc_bytes){ NULL, 0 }, NULL, &opened),
        TLSC_E_USAGE);
    /* a protocol that the client didn't offer */
    assert_err(tlsc_conn_answer_config(p.conn, p.site->config, TEXT("http/1.1"), NULL, &opened),
               TLSC_E_USAGE);
    assert_err(tlsc_conn_answer_refuse(p.conn, TLSC_OK), TLSC_E_USAGE);
    assert_ok(tlsc_conn_answer_config(p.conn, p.site->config, TEXT("h2"), NULL, &opened));
    hand_expect_works(&p);
    tlsc_info info;
    tlsc_conn_info(p.conn, &info);
    assert_bytes_equal(info.alpn, TEXT("h2"));
    hand_peer_close(&p);
    tls_site_close(&stranger);
}

static void a_refusal_carries_its_alert(void **state)
{
    (void)state;
    static const struct {
        tlsc_err reason;
        tlsc_alert alert;
    } rows[] = { { TLSC_E_UNKNOWN_SERVER_NAME, TLSC_ALERT_unrecognized_name },
                 { TLSC_E_NO_SHARED_ALPN, TLSC_ALERT_no_application_protocol },
                 { TLSC_E_INTERNAL, TLSC_ALERT_internal_error } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        hand_peer p;
        hand_peer_open(&p, AT_CONFIG, NULL);
        assert_err(tlsc_conn_answer_refuse(p.conn, rows[i].reason), rows[i].reason);
        assert_int_equal(tlsc_err_alert(rows[i].reason), rows[i].alert);
        hand_expect_failed(&p, rows[i].reason, NULL);
        hand_peer_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_out_of_bounds_are_refused),
        cmocka_unit_test(data_waits_for_the_handshake),
        cmocka_unit_test(lengths_of_nothing_and_too_much_are_refused),
        cmocka_unit_test(a_stale_plan_is_refused),
        cmocka_unit_test(a_buffer_that_is_too_small_loses_nothing),
        cmocka_unit_test(tickets_wait_for_the_first_data),
        cmocka_unit_test(a_batch_stays_below_the_confidentiality_limit),
        cmocka_unit_test(a_server_takes_no_configuration_of_a_client),
        cmocka_unit_test(nothing_is_sealed_after_close),
        cmocka_unit_test(a_handshake_says_nothing_after_close),
        cmocka_unit_test(nothing_is_sealed_after_an_error),
        cmocka_unit_test(the_application_may_end_it_with_an_alert_of_its_choice),
        cmocka_unit_test(an_end_without_close_notify_is_truncation),
        cmocka_unit_test(an_answer_to_another_question_changes_nothing),
        cmocka_unit_test(a_configuration_must_fit_its_connection),
        cmocka_unit_test(a_refusal_carries_its_alert),
    };
    return cmocka_run_group_tests_name("traffic", tests, hand_sites_open, hand_sites_close);
}
