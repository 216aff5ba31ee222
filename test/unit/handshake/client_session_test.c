/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client_session_test.c: which sessions a client offers, which tickets it makes sessions of, and
 * what they hold. */
#include "unit.h"

#include <string.h>

#include "client_place.h"
#include "handshake/config.h"
#include "keys/session.h"
#include "wire/enums.h"

static const tlsc_bytes nothing = { NULL, 0 };

/* ---- tickets ---- */

static void a_ticket_becomes_a_session(void **state)
{
    (void)state;
    client_site clients = { .alpn = "h2" };
    placed_client p;
    tlsc_session s;
    tlsc_secret psk;
    assert_ok(client_site_open(&clients));
    client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
    hand13_say_ticket(&p.server, 3600, TEXT("nonce"), TEXT("ticket"),
                      BYTES(0, 42, 0, 4, 0, 0, 0x40, 0, 0x1a, 0x1a, 0, 1, 7));
    assert_ok(client_place_to_client(&p));
    assert_int_equal(clients.num_sessions, 1);
    assert_ok(tlsc_session_parse(&s, tlsc_buf_bytes(&clients.sessions[0])));
    assert_ok(tlsc_ticket_psk13(p.server.suite->hash, &p.server.resumption, TEXT("nonce"), &psk));
    assert_bytes_equal(tlsc_secret_bytes(&s.secret), tlsc_secret_bytes(&psk));
    assert_int_equal(s.version, TLSC_TLS13);
    assert_int_equal(s.suite, 0x1301);
    assert_int_equal(s.group, 0x001d);
    assert_int_equal(s.lifetime_s, 3600);
    assert_int_equal(s.age_add, 0x01020304);
    assert_int_equal(s.max_early_data, 0x4000);
    assert_int_equal(s.issued_ms, clients.now_ms);
    assert_bytes_equal(s.ticket, TEXT("ticket"));
    assert_bytes_equal(s.server_name, TEXT("a.test"));
    assert_bytes_equal(s.alpn, nothing);
    assert_true(s.peer_authenticated);
    tlsc_session_clear(&s);
    client_place_close(&p);
    client_site_close(&clients);
}

/* RFC 8446 4.6.1: a nonce of any length, a lifetime of at most seven days, 0 for "not at all". */
static void nonces_and_lifetimes_have_their_bounds(void **state)
{
    (void)state;
    static const uint8_t nonce[255] = { 1 };
    const struct {
        uint32_t lifetime_s;
        size_t nonce_n;
        size_t sessions;
        int64_t lives_ms;
    } rows[] = { { 1, 0, 1, 1000 },
                 { 604800, 255, 1, 604800000 },
                 { 604801, 64, 1, 604800000 },
                 { UINT32_MAX, 65, 1, 604800000 },
                 { 0, 1, 0, 0 } };
    client_site clients = { 0 };
    assert_ok(client_site_open(&clients));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        placed_client p;
        tlsc_session_info about;
        client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
        hand13_say_ticket(&p.server, rows[i].lifetime_s, tlsc_bytes_of(nonce, rows[i].nonce_n),
                          TEXT("t"), nothing);
        assert_ok(client_place_to_client(&p));
        assert_int_equal(clients.num_sessions, rows[i].sessions);
        if (rows[i].sessions > 0) {
            assert_ok(tlsc_session_describe(tlsc_buf_bytes(&clients.sessions[0]), &about));
            assert_int_equal(about.expires_ms - about.issued_ms, rows[i].lives_ms);
        }
        client_place_works(&p);
        client_place_close(&p);
        client_site_forget(&clients);
    }
    client_site_close(&clients);
}

static void the_longest_ticket_is_taken(void **state)
{
    (void)state;
    static const uint8_t ticket[65535] = { 1 };
    client_site clients = { 0 };
    placed_client p;
    assert_ok(client_site_open(&clients));
    client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
    hand13_say_ticket(&p.server, 60, nothing, tlsc_bytes_of(ticket, sizeof(ticket)), nothing);
    assert_ok(client_place_to_client(&p));
    assert_int_equal(clients.num_sessions, 1);
    client_place_works(&p);
    client_place_close(&p);
    client_site_close(&clients);
}

static void malformed_tickets_are_refused(void **state)
{
    (void)state;
    const struct {
        tlsc_bytes ticket;
        tlsc_bytes extensions;
        tlsc_err error;
    } rows[] = {
        { nothing, nothing, TLSC_E_DECODE },
        { TEXT("t"), BYTES(0, 42, 0, 3, 0, 0, 0), TLSC_E_DECODE },
        { TEXT("t"), BYTES(0, 42, 0, 5, 0, 0, 0, 0, 0), TLSC_E_DECODE },
        { TEXT("t"), BYTES(0, 42, 0, 4, 0, 0, 0, 1, 0, 42, 0, 4, 0, 0, 0, 1),
          TLSC_E_DUPLICATE_EXTENSION },
        { TEXT("t"), BYTES(0, 43, 0, 2, 3, 4), TLSC_E_MISPLACED_EXTENSION },
    };
    client_site clients = { 0 };
    assert_ok(client_site_open(&clients));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        placed_client p;
        client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
        hand13_say_ticket(&p.server, 60, nothing, rows[i].ticket, rows[i].extensions);
        assert_err(client_place_to_client(&p), rows[i].error);
        client_place_failed(&p, rows[i].error, NULL);
        assert_int_equal(clients.num_sessions, 0);
        client_place_close(&p);
    }
    client_site_close(&clients);
}

/* A server may send tickets for ever; a client has had enough at some time. */
static void tickets_without_end_are_passed_over(void **state)
{
    (void)state;
    client_site clients = { 0 };
    placed_client p;
    tlsc_info info;
    assert_ok(client_site_open(&clients));
    client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
    for (int i = 0; i < 100; i++) {
        hand13_say_ticket(&p.server, 60, nothing, TEXT("t"), nothing);
        assert_ok(client_place_to_client(&p));
    }
    tlsc_conn_info(p.conn, &info);
    assert_int_equal(info.tickets_received, 100);
    assert_int_equal(clients.num_sessions, 64);
    client_place_works(&p);
    client_place_close(&p);
    client_site_close(&clients);
}

static tlsc_err want_none(tlsc_config_builder *b)
{
    tlsc_config_want_sessions(b, false);
    return TLSC_OK;
}

static void who_wants_no_sessions_gets_none(void **state)
{
    (void)state;
    const client_site rows[] = { { .set_up = want_none }, { .no_session = true }, { .no_clock = true } };
    for (size_t i = 0; i < 3; i++) {
        client_site clients = rows[i];
        placed_client p;
        assert_ok(client_site_open(&clients));
        client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
        assert_int_equal(tlsc_exts_has(&p.server.hello.exts, TLSC_EXT_psk_key_exchange_modes),
                         i != 0);
        hand13_say_ticket(&p.server, 60, nothing, TEXT("t"), nothing);
        assert_ok(client_place_to_client(&p));
        assert_int_equal(clients.num_sessions, 0);
        client_place_works(&p);
        client_place_close(&p);
        client_site_close(&clients);
    }
}

/* ---- what is offered ---- */

/* A session for this client, as its bytes. */
static tlsc_buf session_for(const client_site *clients, const char *ticket)
{
    tlsc_buf encoded = tlsc_buf_of(1 << 17);
    tlsc_session s = {
        .version = TLSC_TLS13,
        .suite = 0x1301,
        .secret = { .n = 32 },
        .server_name = TEXT("a.test"),
        .issued_ms = clients->now_ms - 1000,
        .age_add = 7,
        .lifetime_s = 60,
        .peer_authenticated = true,
        .ticket = tlsc_bytes_of_str(ticket),
    };
    memcpy(s.identity, clients->config->identity, sizeof(s.identity));
    assert_ok(tlsc_session_emit(&encoded, &s));
    return encoded;
}

typedef void (*spoil_fn)(tlsc_session *s);

static tlsc_buf spoilt(const client_site *clients, spoil_fn spoil)
{
    tlsc_buf good = session_for(clients, "ticket");
    tlsc_buf encoded = tlsc_buf_of(1 << 17);
    tlsc_session s;
    assert_ok(tlsc_session_parse(&s, tlsc_buf_bytes(&good)));
    spoil(&s);
    assert_ok(tlsc_session_emit(&encoded, &s));
    tlsc_buf_clear(&good);
    return encoded;
}

static void nothing_wrong(tlsc_session *s)
{
    (void)s;
}
static void another_name(tlsc_session *s)
{
    s->server_name = TEXT("b.test");
}
static void no_name(tlsc_session *s)
{
    s->server_name = nothing;
}
static void another_identity(tlsc_session *s)
{
    s->identity[31] ^= 1;
}
static void too_old(tlsc_session *s)
{
    s->lifetime_s = 1;
}
static void from_the_future(tlsc_session *s)
{
    s->issued_ms += 1001;
}
static void over_a_week(tlsc_session *s)
{
    s->issued_ms -= INT64_C(604800000);
    s->lifetime_s = UINT32_MAX;
}
static void unknown_suite(tlsc_session *s)
{
    s->suite = 0x1304;
}
static void suite_of_tls12(tlsc_session *s)
{
    s->suite = 0xc02f;
}
static void another_secret_length(tlsc_session *s)
{
    s->secret.n = 48;
}
static void without_a_ticket(tlsc_session *s)
{
    s->ticket = nothing;
}
static void of_nobody(tlsc_session *s)
{
    s->peer_authenticated = false;
}
static void of_a_raw_key(tlsc_session *s)
{
    s->peer_type = TLSC_CERT_RAW_PUBLIC_KEY;
}
static void a_ticket_too_long(tlsc_session *s)
{
    static const uint8_t ticket[32769];
    s->ticket = tlsc_bytes_of(ticket, sizeof(ticket));
}

static unsigned identities_in(const tlsc_client_hello *ch)
{
    tlsc_rd r = tlsc_rd_of(ch->psk_identities);
    tlsc_psk_identity identity;
    unsigned num = 0;
    while (tlsc_psk_identity_next(&r, &identity)) {
        num++;
    }
    return num;
}

static void what_does_not_fit_is_passed_over(void **state)
{
    (void)state;
    const spoil_fn spoils[] = { nothing_wrong,  another_name,  no_name,
                                another_identity, too_old,     from_the_future,
                                over_a_week,    unknown_suite, suite_of_tls12,
                                another_secret_length, without_a_ticket, of_nobody,
                                of_a_raw_key,   a_ticket_too_long };
    client_site clients = { 0 };
    assert_ok(client_site_open(&clients));
    for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
        placed_client p;
        tlsc_buf session = spoilt(&clients, spoils[i]);
        tlsc_bytes offered = tlsc_buf_bytes(&session);
        clients.offered = &offered;
        clients.num_offered = 1;
        client_place_open(&p, &clients, CLIENT_AT_SERVER_HELLO);
        if (identities_in(&p.server.hello) != (i == 0 ? 1 : 0)) {
            fail_msg("row %zu", i);
        }
        client_place_works(&p);
        client_place_close(&p);
        tlsc_buf_clear(&session);
    }
    client_site_close(&clients);
}

/* A byte less, a byte more, a bit changed in its first bytes: no session, no harm. */
static void malformed_sessions_are_passed_over(void **state)
{
    (void)state;
    client_site clients = { 0 };
    assert_ok(client_site_open(&clients));
    tlsc_buf session = session_for(&clients, "ticket");
    assert_ok(tlsc_buf_append(&session, BYTES(0)));
    const tlsc_bytes rows[] = { tlsc_bytes_of(session.p, session.n),
                                tlsc_bytes_of(session.p, session.n - 2), nothing, BYTES(9, 9) };
    for (size_t i = 0; i < 4; i++) {
        placed_client p;
        tlsc_session_info about;
        assert_err(tlsc_session_describe(rows[i], &about), TLSC_E_BAD_SESSION);
        clients.offered = &rows[i];
        clients.num_offered = 1;
        client_place_open(&p, &clients, CLIENT_AT_SERVER_HELLO);
        assert_int_equal(identities_in(&p.server.hello), 0);
        client_place_works(&p);
        client_place_close(&p);
    }
    tlsc_buf_clear(&session);
    client_site_close(&clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_becomes_a_session),
        cmocka_unit_test(nonces_and_lifetimes_have_their_bounds),
        cmocka_unit_test(the_longest_ticket_is_taken),
        cmocka_unit_test(malformed_tickets_are_refused),
        cmocka_unit_test(tickets_without_end_are_passed_over),
        cmocka_unit_test(who_wants_no_sessions_gets_none),
        cmocka_unit_test(what_does_not_fit_is_passed_over),
        cmocka_unit_test(malformed_sessions_are_passed_over),
    };
    return cmocka_run_group_tests_name("client_session", tests, NULL, NULL);
}
