/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/tickets_test.c: tickets that the caller seals, how many a client gets, and which of several
 * it resumes by. */
#include "unit.h"

#include <string.h>

#include "boring_pair.h"
#include "hand_peer.h"
#include "keys/session.h"
#include "keys/ticket_seal.h"
#include "pair.h"
#include "spy_store.h"
#include "wire/encrypted_extensions.h"
#include "wire/enums.h"

static const tlsc_bytes nothing = { NULL, 0 };

/* ---- sealed by the caller ---- */

enum { SEALED, NONE, NONE_FIRST, ANSWERS };

/* Answers all TLSC_WAIT_SEAL; tells how many. */
static unsigned seal_all(boring_pair *p, int answer)
{
    unsigned num = 0;
    tlsc_bytes session;
    tlsc_opened opened;
    static uint8_t large[65536];
    while (tlsc_conn_wait(p->conn) == TLSC_WAIT_SEAL) {
        tlsc_session s;
        tlsc_buf ticket = tlsc_buf_of(65535);
        assert_ok(tlsc_conn_seal_request(p->conn, &session));
        assert_ok(tlsc_session_parse(&s, session));
        assert_true(s.secret.n >= 32);
        assert_bytes_equal(s.server_name, TEXT("alpha.tlsx.test"));
        tlsc_session_clear(&s);
        if (answer == SEALED || (answer == NONE_FIRST && num > 0)) {
            assert_ok(tlsc_ticket_seal(p->site->provider, p->site->provider->random, &p->site->keys,
                                       p->site->now_ms, session, &ticket));
        }
        assert_err(tlsc_conn_answer_sealed(p->conn, tlsc_bytes_of(large, sizeof(large)), &opened),
                   TLSC_E_USAGE);
        assert_err(tlsc_conn_answer_ticket(p->conn, nothing, &opened), TLSC_E_USAGE);
        assert_ok(tlsc_conn_answer_sealed(p->conn, tlsc_buf_bytes(&ticket), &opened));
        tlsc_buf_clear(&ticket);
        num++;
    }
    assert_err(tlsc_conn_seal_request(p->conn, &session), TLSC_E_USAGE);
    assert_err(tlsc_conn_answer_sealed(p->conn, nothing, &opened), TLSC_E_USAGE);
    return num;
}

static void open_outside(boring_pair *p, bool known)
{
    tlsc_bytes ticket;
    tlsc_opened opened;
    uint8_t session[2048];
    size_t n = 0;
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_TICKET);
    assert_ok(tlsc_conn_ticket_request(p->conn, &ticket));
    assert_true(ticket.n <= sizeof(session));
    if (known) {
        assert_ok(tlsc_ticket_open(p->site->provider, &p->site->keys, ticket, session,
                                   sizeof(session), &n));
    }
    assert_ok(tlsc_conn_answer_ticket(p->conn, tlsc_bytes_of(session, n), &opened));
}

/* One connection; tells the newest session that the client got. */
static tls_client_session *connect_outside(tls_site *site, const tls_client_options *options,
                                           int answer, bool resumes)
{
    boring_pair p;
    boring_open(&p, site, options);
    (void)boring_handshake(&p);
    assert_ok(p.error);
    if (options->session != NULL) {
        open_outside(&p, resumes);
        (void)boring_handshake(&p);
    }
    assert_false(boring_info(&p).handshake_done && answer == SEALED && !options->max_tls12);
    unsigned num = seal_all(&p, answer);
    unsigned expected = options->max_tls12 ? !resumes : resumes ? 1 : 2;
    assert_int_equal(num, expected);
    boring_works(&p);
    assert_int_equal(tls_client_resumed(p.client), resumes);
    if (!options->max_tls12) {
        assert_int_equal(tls_client_tickets(p.client), answer == SEALED       ? num
                                                       : answer == NONE_FIRST ? num - 1
                                                                              : 0);
    }
    tls_client_session *session = tls_client_session_get(p.client);
    boring_close(&p);
    return session;
}

static void the_caller_seals_what_it_opens(void **state)
{
    (void)state;
    for (int tls12 = 0; tls12 < 2; tls12++) {
        for (int answer = SEALED; answer < ANSWERS - tls12; answer++) {
            tls_site site = { .tickets = true, .external_tickets = true, .min_version = TLSC_TLS12 };
            tls_client_options client = { .server_name = "alpha.tlsx.test", .max_tls12 = tls12 };
            assert_ok(tls_site_open(&site));
            tls_client_session *session = connect_outside(&site, &client, answer, false);
            assert_int_equal(session != NULL, answer != NONE);
            for (int known = 0; session != NULL && known < 2; known++) {
                client.session = session;
                tls_client_session_free(connect_outside(&site, &client, SEALED, known));
            }
            tls_client_session_free(session);
            tls_site_close(&site);
        }
    }
}

/* The tickets of the caller are not for the store; session ids are. */
static void a_store_beside_the_callers_tickets_has_session_ids_alone(void **state)
{
    (void)state;
    spy_store spy;
    tls_site site = { .tickets = true,
                      .external_tickets = true,
                      .min_version = TLSC_TLS12,
                      .store = &spy.store };
    tls_client_options client = { .server_name = "alpha.tlsx.test" };
    spy_open(&spy, &site.now_ms);
    assert_ok(tls_site_open(&site));
    tls_client_session *session = connect_outside(&site, &client, SEALED, false);
    client.session = session;
    tls_client_session_free(connect_outside(&site, &client, SEALED, true));
    assert_int_equal(spy.puts + spy.takes + spy.gets, 0);
    tls_client_session_free(session);
    client = (tls_client_options){ .server_name = "alpha.tlsx.test",
                                   .max_tls12 = true,
                                   .no_tickets = true };
    assert_false(boring_connect(&site, &client, &session));
    client.session = session;
    assert_true(boring_connect(&site, &client, NULL));
    assert_int_equal(spy.puts, 1);
    assert_int_equal(spy.gets, 1);
    tls_client_session_free(session);
    tls_site_close(&site);
    spy_close(&spy);
}

/* ---- how many ---- */

/* A handshake by hand with ticket_request; tells how many tickets came, and what was announced. */
static unsigned tickets_for(tls_site *site, const hand_hello *hello, int *announced)
{
    hand_peer p;
    unsigned num = 0;
    assert_ok(hand_peer_begin(&p, site, 0, hello));
    hand_take_flight(&p);
    *announced = -1;
    for (size_t at = 0; at < p.client.flight.n;) {
        const uint8_t *m = p.client.flight.p + at;
        size_t n = (size_t)m[2] << 8 | m[3];
        tlsc_encrypted_extensions ee;
        if (m[0] == TLSC_HS_ENCRYPTED_EXTENSIONS) {
            assert_ok(tlsc_encrypted_extensions_parse(&ee, tlsc_bytes_of(m + 4, n)));
            *announced = ee.has_ticket_count ? ee.ticket_count : -1;
        }
        at += 4 + n;
    }
    assert_ok(hand_say_finished(&p));
    tlsc_conn_send_tickets(p.conn);
    tlsc_bytes out;
    uint8_t type = 0;
    tlsc_bytes content = nothing;
    assert_ok(tlsc_stream_output(p.server, &out));
    if (out.n > 0) {
        uint8_t *copy = test_copy(out);
        assert_int_equal(hand_open_record(&p.client, copy, out.n, &type, &content), out.n);
        assert_int_equal(type, TLSC_CT_HANDSHAKE);
        for (size_t at = 0; at < content.n;) {
            assert_int_equal(content.p[at], TLSC_HS_NEW_SESSION_TICKET);
            at += 4 + ((size_t)content.p[at + 2] << 8 | content.p[at + 3]);
            num++;
        }
        tlsc_mem_free(copy);
    }
    hand_peer_close(&p);
    return num;
}

/* A ticket that this site opens, and its PSK. */
static tlsc_buf ticket_of(const tls_site *site, tlsc_session *session)
{
    tlsc_buf encoded = tlsc_buf_of(1024);
    tlsc_buf ticket = tlsc_buf_of(2048);
    *session = (tlsc_session){ .version = TLSC_TLS13,
                               .suite = 0x1301,
                               .secret = { .b = { 1, 2, 3 }, .n = 32 },
                               .issued_ms = site->now_ms };
    assert_ok(tlsc_session_emit(&encoded, session));
    assert_ok(tlsc_ticket_seal(site->provider, site->provider->random, &site->keys, site->now_ms,
                               tlsc_buf_bytes(&encoded), &ticket));
    tlsc_buf_clear(&encoded);
    return ticket;
}

static void a_client_that_asks_gets_as_many_tickets_as_it_wants_and_may_have(void **state)
{
    (void)state;
    static const struct {
        uint8_t after_full;
        uint8_t after_resumed;
        unsigned max; /* 0: num_tickets, which is 2 */
        unsigned full;
        unsigned resumed;
    } rows[] = { { 1, 0, 0, 1, 0 }, { 5, 3, 4, 4, 3 },     { 0, 0, 4, 0, 0 },
                 { 2, 2, 8, 2, 2 }, { 255, 255, 8, 8, 8 }, { 9, 9, 0, 2, 2 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tls_site site = { .tickets = true, .max_tickets = rows[i].max };
        tlsc_session session;
        int announced;
        uint8_t request[] = { 0, 58, 0, 2, rows[i].after_full, rows[i].after_resumed };
        assert_ok(tls_site_open(&site));
        hand_hello hello = { .extra = tlsc_bytes_of(request, sizeof(request)) };
        assert_int_equal(tickets_for(&site, &hello, &announced), rows[i].full);
        assert_int_equal(announced, rows[i].full);
        tlsc_buf ticket = ticket_of(&site, &session);
        hello.ticket = tlsc_buf_bytes(&ticket);
        hello.psk = &session.secret;
        assert_int_equal(tickets_for(&site, &hello, &announced), rows[i].resumed);
        assert_int_equal(announced, rows[i].resumed);
        tlsc_buf_clear(&ticket);
        tls_site_close(&site);
    }
}

static void a_client_that_does_not_ask_gets_two_and_then_one(void **state)
{
    (void)state;
    tls_site site = { .tickets = true, .max_tickets = 8 };
    tlsc_session session;
    int announced;
    hand_hello hello = { 0 };
    assert_ok(tls_site_open(&site));
    assert_int_equal(tickets_for(&site, &hello, &announced), 2);
    assert_int_equal(announced, -1);
    tlsc_buf ticket = ticket_of(&site, &session);
    hello.ticket = tlsc_buf_bytes(&ticket);
    hello.psk = &session.secret;
    assert_int_equal(tickets_for(&site, &hello, &announced), 1);
    tlsc_buf_clear(&ticket);
    tls_site_close(&site);
}

/* None is announced where none can come. */
static void a_client_that_asks_where_there_are_no_tickets_is_told(void **state)
{
    (void)state;
    tls_site site = { 0 };
    int announced;
    assert_ok(tls_site_open(&site));
    hand_hello hello = { .extra = BYTES(0, 58, 0, 2, 4, 4) };
    assert_int_equal(tickets_for(&site, &hello, &announced), 0);
    assert_int_equal(announced, 0);
    tls_site_close(&site);
}

static tlsc_err ask_for_three_then_one(tlsc_config_builder *b)
{
    return tlsc_config_request_tickets(b, 3, 1);
}

static void our_own_client_asks_for_tickets(void **state)
{
    (void)state;
    tls_site site = { .tickets = true, .max_tickets = 8 };
    client_site clients = { .set_up = ask_for_three_then_one };
    pair p;
    pair_sites_open(&site, &clients);
    pair_make_sessions(&site, &clients);
    assert_int_equal(clients.num_sessions, 3);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &session;
    clients.num_offered = 1;
    pair_open(&p, &site, &clients);
    pair_works(&p);
    assert_true(pair_server_info(&p).resumed);
    assert_int_equal(pair_client_info(&p).tickets_received, 1);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

/* ---- which of several ---- */

static void of_several_identities_the_first_that_is_good_serves(void **state)
{
    (void)state;
    enum { TRIES = 4 };
    tls_site site = { .tickets = true };
    tlsc_session session;
    assert_ok(tls_site_open(&site));
    tlsc_buf ticket = ticket_of(&site, &session);
    for (int good = 0; good < 2; good++) {
        for (unsigned strangers = 0; strangers <= TRIES; strangers++) {
            tlsc_secret psk = session.secret;
            hand_peer p;
            psk.b[31] ^= good ? 0 : 1;
            hand_hello hello = { .strangers = strangers,
                                 .ticket = tlsc_buf_bytes(&ticket),
                                 .psk = &psk };
            tlsc_err rc = hand_peer_begin(&p, &site, 0, &hello);
            if (good || strangers == TRIES) {
                assert_ok(rc);
                hand_take_flight(&p);
                hand_expect_works(&p);
                assert_int_equal(p.client.resumed, strangers < TRIES);
            } else { /* the binder of the one that was chosen */
                assert_err(rc, TLSC_E_BAD_BINDER);
                hand_expect_failed(&p, TLSC_E_BAD_BINDER, "server13: find a session");
            }
            hand_peer_close(&p);
        }
    }
    tlsc_buf_clear(&ticket);
    tls_site_close(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caller_seals_what_it_opens),
        cmocka_unit_test(a_store_beside_the_callers_tickets_has_session_ids_alone),
        cmocka_unit_test(a_client_that_asks_gets_as_many_tickets_as_it_wants_and_may_have),
        cmocka_unit_test(a_client_that_does_not_ask_gets_two_and_then_one),
        cmocka_unit_test(a_client_that_asks_where_there_are_no_tickets_is_told),
        cmocka_unit_test(our_own_client_asks_for_tickets),
        cmocka_unit_test(of_several_identities_the_first_that_is_good_serves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
