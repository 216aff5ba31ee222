/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client12_test.c: the client's side of TLS 1.2 against a server made by hand: every shape of a
 * handshake, each message too early and too late, and each that is wrong. */
#include "unit.h"

#include <string.h>

#include "auth/credential.h"
#include "base/try.h"
#include "client_site.h"
#include "conn/conn.h"
#include "hand_server12.h"
#include "keys/session.h"
#include "record/protect12.h"
#include "tls_server.h"
#include "wire/enums.h"

enum { X25519 = 0x001d, P256 = 0x0017, HYBRID = 0x11ec, ECDSA_SUITE = 0xc02b, RSA_SUITE = 0xc02f };

static const tlsc_bytes nothing = { NULL, 0 };

/* A client, and the server that it talks to. */
typedef struct talk {
    client_site clients;
    tlsc_stream *client;
    hand_server12 server;
    tlsc_server_hello12 hello; /* what the server will say */
    bool requests;             /* it asks for a certificate */
    bool staples;              /* it has a staple */
} talk;

static void start(talk *t)
{
    assert_ok(client_new(&t->clients, &t->client));
    hand12_take(&t->server, t->client);
    t->hello = hand12_hello(&t->server);
}

/* in: a zeroed one, or one with `clients` filled in. */
static void open_with(talk *t, const char *cert, uint16_t suite)
{
    assert_ok(client_site_open(&t->clients));
    hand12_open(&t->server, cert, suite, X25519);
    start(t);
}

static void open_talk(talk *t)
{
    open_with(t, "p256", ECDSA_SUITE);
}

static void close_talk(talk *t)
{
    tlsc_stream_free(t->client);
    hand12_close(&t->server);
    client_site_close(&t->clients);
}

/* The same client's next connection. */
static void next_talk(talk *t)
{
    tlsc_stream_free(t->client);
    hand12_close(&t->server);
    hand12_open(&t->server, "p256", ECDSA_SUITE, X25519);
    start(t);
}

static tlsc_conn *conn(const talk *t)
{
    return tlsc_stream_conn(t->client);
}

static tlsc_info info(const talk *t)
{
    tlsc_info i;
    tlsc_conn_info(conn(t), &i);
    return i;
}

/* Gives it what was said, and hears the answer. */
static tlsc_err tell(talk *t)
{
    tlsc_err rc = hand12_give(&t->server, t->client);
    hand12_take(&t->server, t->client);
    return rc;
}

/* ---- a handshake, step by step ---- */

static void say_status(talk *t)
{
    static const uint8_t status[] = { 1, 0, 0, 3, 'o', 'c', 's' };
    hand12_say(&t->server, TLSC_HS_CERTIFICATE_STATUS, tlsc_bytes_of(status, sizeof(status)));
}

typedef enum step {
    SAY_HELLO,
    SAY_CERTIFICATE,
    SAY_STATUS,
    SAY_KEY_EXCHANGE,
    SAY_REQUEST,
    SAY_DONE,
    SAY_TICKET,
    SAY_CCS,
    SAY_FINISHED,
    STEPS
} step;

/* What the client is in while it waits for that step; all are there where the server staples, asks for a
 * certificate and gives a ticket. */
static const char *const states[STEPS] = {
    "client: expect ServerHello",
    "client12: expect Certificate",
    "client12: expect CertificateStatus or ServerKeyExchange",
    "client12: expect ServerKeyExchange",
    "client12: expect CertificateRequest or ServerHelloDone",
    "client12: expect ServerHelloDone",
    "client12: expect NewSessionTicket",
    "client12: expect ChangeCipherSpec",
    "client12: expect Finished",
};

static void say_ccs(talk *t)
{
    tlsc_hs *hs = &t->server.hs;
    assert_ok(tlsc_rl_put_ccs(&t->server.rl));
    assert_ok(tlsc_protect12_start(&t->server.rl.wr, hs->suite, hs->keys12.server_key,
                                   hs->keys12.server_iv));
}

static void verify_data(talk *t, uint8_t out[TLSC_VERIFY_DATA12_LEN])
{
    tlsc_hs *hs = &t->server.hs;
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, transcript);
    assert_ok(tlsc_finished12(&hs->keyed_master, true, transcript, out));
}

static void say_step(talk *t, step what)
{
    hand_server12 *s = &t->server;
    uint8_t data[TLSC_VERIFY_DATA12_LEN];
    switch (what) {
    case SAY_HELLO: hand12_say_hello(s, &t->hello); break;
    case SAY_CERTIFICATE: hand12_say_certificate(s); break;
    case SAY_STATUS: say_status(t); break;
    case SAY_KEY_EXCHANGE: hand12_say_key_exchange(s); break;
    case SAY_REQUEST: hand12_say_request(s); break;
    case SAY_DONE: hand12_say_done(s); break;
    case SAY_TICKET: hand12_say_ticket(s, 300, TEXT("a ticket")); break;
    case SAY_CCS: say_ccs(t); break;
    case SAY_FINISHED:
        verify_data(t, data);
        hand12_say(s, TLSC_HS_FINISHED, tlsc_bytes_of(data, sizeof(data)));
        break;
    case STEPS: break;
    }
}

static bool has_step(const talk *t, step what)
{
    return what == SAY_STATUS    ? t->staples
           : what == SAY_REQUEST ? t->requests
           : what == SAY_TICKET  ? t->hello.session_ticket
                                 : true;
}

/* Up to that step, which is not said. */
static void go_to(talk *t, step what)
{
    for (step i = SAY_HELLO; i < what; i++) {
        if (has_step(t, i)) {
            say_step(t, i);
            assert_ok(tell(t));
        }
    }
}

static void expect_data_flows(talk *t)
{
    uint8_t got[8];
    assert_true(info(t).handshake_done);
    hand12_say_record(&t->server, TLSC_CT_APPLICATION_DATA, TEXT("ping"));
    assert_ok(tell(t));
    assert_int_equal(tlsc_stream_read(t->client, got, sizeof(got)), 4);
    assert_memory_equal(got, "ping", 4);
    assert_ok(tlsc_stream_write(t->client, (const uint8_t *)"pong", 4));
    hand12_take(&t->server, t->client);
}

static void expect_works(talk *t)
{
    go_to(t, STEPS);
    assert_true(t->server.finished_came);
    assert_true((info(t).peer_authenticated));
    expect_data_flows(t);
}

/* The last thing said must have failed like this, and the server hears of it. */
static void expect_failed(talk *t, tlsc_err rc, tlsc_err e)
{
    tlsc_failure f;
    assert_err(rc, e);
    tlsc_conn_error(conn(t), &f);
    assert_err(f.code, e);
    assert_int_equal(f.alert_sent, tlsc_err_alert(e));
    assert_int_equal(t->server.alert, tlsc_err_alert(e));
    assert_false(info(t).handshake_done);
    assert_int_equal(tlsc_conn_wait(conn(t)), TLSC_WAIT_NONE);
    assert_int_equal(t->clients.num_sessions, 0);
}

static tlsc_err ask_staples(tlsc_config_builder *b)
{
    tlsc_config_request_ocsp(b, true);
    tlsc_config_request_scts(b, true);
    return TLSC_OK;
}

/* Opens a talk that has every step. */
static void open_full(talk *t)
{
    memset(t, 0, sizeof(*t));
    t->clients.set_up = ask_staples;
    open_talk(t);
    t->staples = true;
    t->requests = true;
    t->hello.status_request = true;
    t->hello.session_ticket = true;
}

/* ---- what works ---- */

static void every_shape_works(void **state)
{
    (void)state;
    for (unsigned shape = 0; shape < 32; shape++) {
        talk t = { .clients = { .set_up = ask_staples, .alpn = "h2,http/1.1" } };
        open_talk(&t);
        t.hello.extended_master_secret = (shape & 1) != 0;
        t.hello.session_ticket = (shape & 2) != 0;
        t.hello.status_request = (shape & 4) != 0;
        t.staples = (shape & 4) != 0;
        t.requests = (shape & 8) != 0;
        t.hello.server_name = (shape & 16) != 0;
        t.hello.ec_point_formats = (shape & 16) != 0;
        t.hello.alpn = (shape & 16) != 0 ? TEXT("http/1.1") : nothing;
        expect_works(&t);
        tlsc_info i = info(&t);
        assert_true(i.client && !i.resumed);
        assert_int_equal(i.version, TLSC_TLS12);
        assert_int_equal(i.suite, ECDSA_SUITE);
        assert_int_equal(i.group, X25519);
        assert_int_equal(i.scheme, 0);
        assert_int_equal(i.peer_scheme, TLSC_SIG_ECDSA_P256_SHA256);
        assert_int_equal(i.extended_master_secret, t.hello.extended_master_secret);
        assert_bytes_equal(i.alpn, t.hello.alpn);
        assert_int_equal(t.clients.verified, 1);
        assert_string_equal(t.clients.verified_name, "a.test");
        assert_int_equal(t.server.certificate_came, t.requests);
        assert_int_equal(t.server.num_certificates, 0);
        assert_int_equal(t.clients.num_sessions, t.hello.session_ticket);
        assert_int_equal(i.tickets_received, t.hello.session_ticket);
        close_talk(&t);
    }
}

/* RFC 6066 8: a server may announce a staple and then have none. */
static void an_announced_staple_may_stay_away(void **state)
{
    (void)state;
    talk t;
    open_full(&t);
    t.staples = false;
    expect_works(&t);
    close_talk(&t);
}

/* RFC 5746 guards the server; a client that never renegotiates can do without. */
static void renegotiation_info_is_not_needed(void **state)
{
    (void)state;
    talk t = { .requests = false };
    open_talk(&t);
    t.hello.renegotiation_info = false;
    expect_works(&t);
    close_talk(&t);
}

/* The whole flight in one record, and each byte in a piece of its own. */
static void records_may_be_cut_anywhere(void **state)
{
    (void)state;
    talk t;
    open_full(&t);
    hand_server12 *s = &t.server;
    for (step i = SAY_HELLO; i <= SAY_DONE; i++) {
        say_step(&t, i);
    }
    for (size_t i = 0; i < s->rl.out.n; i++) {
        assert_ok(tlsc_stream_feed(t.client, s->rl.out.p + i, 1));
    }
    tlsc_buf_clear(&s->rl.out);
    hand12_take(s, t.client);
    for (step i = SAY_TICKET; i < STEPS; i++) {
        say_step(&t, i);
    }
    assert_ok(tell(&t));
    expect_data_flows(&t);
    close_talk(&t);
    open_full(&t);
    tlsc_buf flight = tlsc_buf_of(1 << 16);
    s = &t.server;
    for (step i = SAY_HELLO; i <= SAY_DONE; i++) {
        say_step(&t, i);
        assert_ok(tlsc_buf_append(&flight, tlsc_bytes_of(s->rl.out.p + 5, s->rl.out.n - 5)));
        tlsc_buf_clear(&s->rl.out);
    }
    hand12_say_record(s, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&flight));
    tlsc_buf_clear(&flight);
    assert_ok(tell(&t));
    for (step i = SAY_TICKET; i < STEPS; i++) {
        say_step(&t, i);
    }
    assert_ok(tell(&t));
    expect_data_flows(&t);
    close_talk(&t);
}

/* The verdict comes later, and what had come with ServerHelloDone waits. */
static void the_verdict_may_come_later(void **state)
{
    (void)state;
    talk t = { .clients = { .decides_later = true } };
    open_talk(&t);
    for (step i = SAY_HELLO; i <= SAY_DONE; i++) {
        if (has_step(&t, i)) {
            say_step(&t, i);
        }
    }
    assert_ok(tell(&t));
    assert_int_equal(tlsc_conn_wait(conn(&t)), TLSC_WAIT_VERIFY);
    assert_false(t.server.ccs_came);
    tlsc_verdict v = { .size = sizeof(v), .kind = TLSC_VERDICT_ACCEPT, .index = -1 };
    tlsc_opened opened;
    assert_ok(tlsc_conn_answer_verdict(conn(&t), &v, &opened));
    hand12_take(&t.server, t.client);
    assert_true(t.server.finished_came);
    hand12_say_finished(&t.server);
    assert_ok(tell(&t));
    expect_data_flows(&t);
    close_talk(&t);
}

/* ---- our certificate ---- */

static void it_shows_its_certificate(void **state)
{
    (void)state;
    static const struct {
        const char *cert;
        uint16_t suite;
        uint16_t scheme;
    } rows[] = {
        { "p256", ECDSA_SUITE, TLSC_SIG_ECDSA_P256_SHA256 },
        { "p384", ECDSA_SUITE, TLSC_SIG_ECDSA_P384_SHA384 },
        { "rsa2048", RSA_SUITE, TLSC_SIG_RSA_PSS_SHA256 },
        /* the request lists two hashes for ECDSA; neither is this curve's own */
        { "p521", ECDSA_SUITE, TLSC_SIG_ECDSA_P384_SHA384 },
    };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        talk t = { .requests = true };
        t.clients.set_up = NULL;
        assert_ok(tls_credential_load(tlsc_provider_default(), rows[i].cert,
                                      &t.clients.credential));
        if (rows[i].scheme == TLSC_SIG_ECDSA_P384_SHA384 && strcmp(rows[i].cert, "p521") == 0) {
            static const uint16_t groups[] = { X25519, P256 };
            t.clients.groups = groups; /* a P-521 server isn't for this client, its own key is */
            t.clients.num_groups = 2;
            tlsc_credential_free(t.clients.credential);
            assert_ok(tls_credential_load(tlsc_provider_default(), "p521",
                                          &t.clients.credential));
            open_with(&t, "p256", rows[i].suite);
            /* the hand-made server checks with its own key: give it the client's */
            go_to(&t, SAY_DONE);
            tlsc_credential_free(t.server.credential);
            t.server.credential = tlsc_credential_ref(t.clients.credential);
            say_step(&t, SAY_DONE);
            assert_ok(tell(&t));
            hand12_say_finished(&t.server);
            assert_ok(tell(&t));
            expect_data_flows(&t);
        } else {
            open_with(&t, rows[i].cert, rows[i].suite);
            expect_works(&t);
        }
        assert_int_equal(t.server.num_certificates, t.clients.credential->num_chain);
        assert_int_equal(t.server.verify_scheme, rows[i].scheme);
        assert_int_equal(info(&t).scheme, rows[i].scheme);
        assert_ptr_equal(info(&t).credential, t.clients.credential);
        close_talk(&t);
        tlsc_credential_free(t.clients.credential);
    }
}

static void its_key_may_be_elsewhere(void **state)
{
    (void)state;
    tlsc_credential *whole;
    static const uint16_t scheme = TLSC_SIG_ECDSA_P256_SHA256;
    assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &whole));
    talk t = { .requests = true };
    assert_ok(tlsc_credential_external(tlsc_provider_default(), whole->chain, whole->num_chain,
                                       &scheme, 1, &t.clients.credential));
    open_talk(&t);
    go_to(&t, SAY_TICKET);
    assert_int_equal(tlsc_conn_wait(conn(&t)), TLSC_WAIT_SIGN);
    uint16_t wanted;
    tlsc_bytes message;
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    assert_ok(tlsc_conn_sign_request(conn(&t), &wanted, &message));
    assert_int_equal(wanted, scheme);
    assert_ok(whole->key->sign(whole->key, wanted, message, signature, &n));
    tlsc_opened opened;
    assert_ok(tlsc_conn_answer_signature(conn(&t), tlsc_bytes_of(signature, n), &opened));
    hand12_take(&t.server, t.client);
    assert_int_equal(t.server.verify_scheme, scheme);
    hand12_say_finished(&t.server);
    assert_ok(tell(&t));
    expect_data_flows(&t);
    close_talk(&t);
    tlsc_credential_free(t.clients.credential);
    tlsc_credential_free(whole);
}

/* ---- sessions ---- */

static void parse_session(const talk *t, size_t i, tlsc_session *out)
{
    assert_true(i < t->clients.num_sessions);
    assert_ok(tlsc_session_parse(out, tlsc_buf_bytes(&t->clients.sessions[i])));
}

static void a_ticket_is_handed_out_at_the_end(void **state)
{
    (void)state;
    talk t;
    open_full(&t);
    go_to(&t, SAY_FINISHED);
    assert_int_equal(t.clients.num_sessions, 0);
    say_step(&t, SAY_FINISHED);
    assert_ok(tell(&t));
    assert_int_equal(t.clients.num_sessions, 1);
    tlsc_session s;
    parse_session(&t, 0, &s);
    assert_int_equal(s.version, TLSC_TLS12);
    assert_int_equal(s.suite, ECDSA_SUITE);
    assert_int_equal(s.group, X25519);
    assert_true(s.extended_master_secret && s.peer_authenticated);
    assert_int_equal(s.lifetime_s, 300);
    assert_int_equal(s.issued_ms, t.clients.now_ms);
    assert_bytes_equal(s.ticket, TEXT("a ticket"));
    assert_bytes_equal(s.server_name, TEXT("a.test"));
    assert_int_equal(s.session_id.n, 0);
    assert_int_equal(s.secret.n, TLSC_MASTER12_LEN);
    assert_memory_equal(s.secret.b, t.server.hs.master.b, TLSC_MASTER12_LEN);
    close_talk(&t);
}

/* RFC 5077 3.3: a hint of 0 says nothing, and an empty ticket is none. */
static void tickets_without_a_lifetime_and_without_a_ticket(void **state)
{
    (void)state;
    for (int empty = 0; empty < 2; empty++) {
        talk t = { .requests = false };
        open_talk(&t);
        t.hello.session_ticket = true;
        t.hello.session_id = TEXT("an id");
        go_to(&t, SAY_TICKET);
        hand12_say_ticket(&t.server, 0, empty ? nothing : TEXT("a ticket"));
        hand12_say_finished(&t.server);
        assert_ok(tell(&t));
        expect_data_flows(&t);
        tlsc_session s;
        parse_session(&t, 0, &s);
        assert_int_equal(s.lifetime_s, 7200);
        assert_bytes_equal(s.ticket, empty ? nothing : TEXT("a ticket"));
        assert_bytes_equal(s.session_id, empty ? TEXT("an id") : nothing);
        assert_int_equal(info(&t).tickets_received, !empty);
        close_talk(&t);
    }
}

static tlsc_err want_no_sessions(tlsc_config_builder *b)
{
    tlsc_config_want_sessions(b, false);
    return TLSC_OK;
}

static void who_wants_no_sessions_gets_none(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        talk t = { .requests = false };
        t.clients.set_up = how == 0 ? want_no_sessions : NULL;
        t.clients.no_clock = how == 1;
        t.clients.no_session = how == 2;
        open_talk(&t);
        t.hello.session_id = TEXT("an id");
        expect_works(&t);
        assert_int_equal(t.clients.num_sessions, 0);
        close_talk(&t);
    }
}

/* A first connection, with a ticket or a session id; then the next has begun. */
static void open_second(talk *t, bool ticket, bool extended)
{
    open_talk(t);
    t->hello.extended_master_secret = extended;
    t->hello.session_ticket = ticket;
    t->hello.session_id = ticket ? nothing : TEXT("an id");
    expect_works(t);
    assert_int_equal(t->clients.num_sessions, 1);
    static tlsc_bytes offered;
    offered = tlsc_buf_bytes(&t->clients.sessions[0]);
    t->clients.offered = &offered;
    t->clients.num_offered = 1;
    next_talk(t);
    t->hello.extended_master_secret = extended;
}

static void say_resumed(talk *t)
{
    tlsc_session s;
    parse_session(t, 0, &s);
    t->hello.session_id = t->server.hello.session_id;
    hand12_say_hello(&t->server, &t->hello);
    hand12_resume(&t->server, &s.secret);
}

static void sessions_are_resumed(void **state)
{
    (void)state;
    for (unsigned shape = 0; shape < 8; shape++) {
        bool ticket = (shape & 1) != 0;
        bool extended = (shape & 2) != 0;
        bool renews = (shape & 4) != 0;
        talk t = { .requests = false };
        open_second(&t, ticket, extended);
        assert_bytes_equal(t.server.hello.session_ticket, ticket ? TEXT("a ticket") : nothing);
        if (ticket) { /* made up, so that its echo tells. RFC 5077 3.4 */
            assert_int_equal(t.server.hello.session_id.n, 32);
        } else {
            assert_bytes_equal(t.server.hello.session_id, TEXT("an id"));
        }
        t.hello.session_ticket = renews;
        say_resumed(&t);
        if (renews) {
            hand12_say_ticket(&t.server, 60, TEXT("the next ticket"));
        }
        hand12_say_finished(&t.server);
        assert_ok(tell(&t));
        assert_true(t.server.finished_came);
        expect_data_flows(&t);
        tlsc_info i = info(&t);
        assert_true(i.resumed && i.peer_authenticated);
        assert_int_equal(i.group, X25519);
        assert_int_equal(i.extended_master_secret, extended);
        assert_int_equal(i.session_issued_ms, t.clients.now_ms);
        assert_int_equal(t.clients.verified, 1);
        assert_int_equal(t.clients.num_sessions, renews ? 2 : 1);
        if (renews) {
            tlsc_session s;
            parse_session(&t, 1, &s);
            assert_bytes_equal(s.ticket, TEXT("the next ticket"));
            assert_memory_equal(s.secret.b, t.server.hs.master.b, TLSC_MASTER12_LEN);
            assert_true(s.peer_authenticated);
        }
        close_talk(&t);
    }
}

static void a_server_may_decline_a_session(void **state)
{
    (void)state;
    for (int ticket = 0; ticket < 2; ticket++) {
        talk t = { .requests = false };
        open_second(&t, ticket != 0, true);
        t.hello.session_id = TEXT("another id");
        expect_works(&t);
        assert_false(info(&t).resumed);
        assert_int_equal(t.clients.verified, 2);
        assert_int_equal(t.clients.num_sessions, 2);
        close_talk(&t);
    }
}

/* What a session was made with stays. RFC 5246 7.4.1.3, RFC 7627 5.3 */
static void a_resumed_session_changes_nothing(void **state)
{
    (void)state;
    static const tlsc_err errors[] = { TLSC_E_CHANGED_SESSION, TLSC_E_LOST_EXTENDED_MASTER_SECRET,
                                       TLSC_E_LOST_EXTENDED_MASTER_SECRET,
                                       TLSC_E_UNEXPECTED_MESSAGE, TLSC_E_BAD_FINISHED };
    for (size_t how = 0; how < TLSC_COUNT(errors); how++) {
        talk t = { .requests = false };
        open_second(&t, true, how != 2);
        t.server.hs.suite = how == 0 ? tlsc_provider_suite(tlsc_provider_default(), 0xc02c)
                                     : t.server.hs.suite;
        t.hello.suite = t.server.hs.suite->id;
        t.hello.extended_master_secret = how != 1;
        say_resumed(&t);
        if (how == 3) { /* a Certificate has no place here */
            hand12_say_certificate(&t.server);
        } else if (how == 4) { /* somebody without the secret */
            t.server.hs.keyed_master.outer[0] ^= 1;
            hand12_say_finished(&t.server);
        }
        tlsc_err rc = tell(&t);
        assert_err(rc, errors[how]);
        assert_int_equal(t.server.alert, tlsc_err_alert(errors[how]));
        assert_int_equal(t.clients.num_sessions, 1);
        assert_false(info(&t).handshake_done);
        close_talk(&t);
    }
}

/* The session id of a client that does TLS 1.3 is for middleboxes; no session belongs to it. */
static void an_id_without_a_session_is_not_echoed(void **state)
{
    (void)state;
    talk t = { .requests = false };
    open_talk(&t);
    assert_int_equal(t.server.hello.session_id.n, 32);
    t.hello.session_id = t.server.hello.session_id;
    say_step(&t, SAY_HELLO);
    expect_failed(&t, tell(&t), TLSC_E_WRONG_SESSION);
    close_talk(&t);
}

static tlsc_err verify_again(tlsc_config_builder *b)
{
    tlsc_config_verify_on_resumption(b, true);
    return TLSC_OK;
}

static void the_verifier_may_be_asked_again(void **state)
{
    (void)state;
    for (int rejects = 0; rejects < 2; rejects++) {
        talk t = { .clients = { .set_up = verify_again } };
        open_second(&t, true, true);
        t.clients.rejects = rejects != 0;
        say_resumed(&t);
        hand12_say_finished(&t.server);
        tlsc_err rc = tell(&t);
        assert_int_equal(t.clients.verified, 2);
        if (rejects) {
            assert_err(rc, TLSC_E_CERTIFICATE_REJECTED);
            assert_int_equal(t.server.alert, TLSC_ALERT_bad_certificate);
        } else {
            assert_ok(rc);
            expect_data_flows(&t);
        }
        close_talk(&t);
    }
}

/* ---- out of order ---- */

/* The message types that are right at a step. */
static bool is_due(step at, unsigned type)
{
    switch (at) {
    case SAY_HELLO: return type == TLSC_HS_SERVER_HELLO;
    case SAY_CERTIFICATE: return type == TLSC_HS_CERTIFICATE;
    case SAY_STATUS:
        return type == TLSC_HS_CERTIFICATE_STATUS || type == TLSC_HS_SERVER_KEY_EXCHANGE;
    case SAY_KEY_EXCHANGE: return type == TLSC_HS_SERVER_KEY_EXCHANGE;
    case SAY_REQUEST:
        return type == TLSC_HS_CERTIFICATE_REQUEST || type == TLSC_HS_SERVER_HELLO_DONE;
    case SAY_DONE: return type == TLSC_HS_SERVER_HELLO_DONE;
    case SAY_TICKET: return type == TLSC_HS_NEW_SESSION_TICKET;
    case SAY_FINISHED: return type == TLSC_HS_FINISHED;
    case SAY_CCS:
    case STEPS: break;
    }
    return false;
}

static void every_other_message_is_refused(void **state)
{
    (void)state;
    static const uint8_t types[] = { 0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 22, 24, 25,
                                     31, 32, 67, 254, 255 };
    for (step at = SAY_HELLO; at < STEPS; at++) {
        for (size_t i = 0; i < TLSC_COUNT(types); i++) {
            if (is_due(at, types[i])) {
                continue;
            }
            talk t;
            tlsc_failure f;
            open_full(&t);
            go_to(&t, at);
            if (at == SAY_HELLO) { /* its transcript knows no hash yet */
                assert_ok(tlsc_transcript_start(&t.server.hs.transcript, t.server.hs.suite->hash));
            }
            hand12_say(&t.server, types[i], nothing);
            expect_failed(&t, tell(&t), TLSC_E_UNEXPECTED_MESSAGE);
            tlsc_conn_error(conn(&t), &f);
            assert_string_equal(f.state, states[at]);
            assert_string_equal(f.got, tlsc_handshake_name(types[i]));
            close_talk(&t);
        }
    }
}

static void change_cipher_spec_has_one_place(void **state)
{
    (void)state;
    for (step at = SAY_HELLO; at < STEPS; at++) {
        talk t;
        open_full(&t);
        go_to(&t, at);
        if (at == SAY_CCS) {
            hand12_say_record(&t.server, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(2));
            expect_failed(&t, tell(&t), TLSC_E_BAD_CCS);
        } else {
            hand12_say_record(&t.server, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
            tlsc_err rc = tell(&t);
            if (at == SAY_HELLO) { /* the version isn't known yet, and TLS 1.3 passes it over */
                assert_ok(rc);
            } else {
                expect_failed(&t, rc, at == SAY_FINISHED ? TLSC_E_RECORD_TYPE
                                                         : TLSC_E_UNEXPECTED_CCS);
            }
        }
        close_talk(&t);
    }
}

static void half_a_message_bars_change_cipher_spec(void **state)
{
    (void)state;
    talk t;
    open_full(&t);
    go_to(&t, SAY_CCS);
    hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(20, 0));
    say_ccs(&t);
    tlsc_err rc = tell(&t);
    expect_failed(&t, rc, TLSC_E_UNEXPECTED_CCS);
    close_talk(&t);
}

static void data_before_the_end_is_refused(void **state)
{
    (void)state;
    for (step at = SAY_CERTIFICATE; at < STEPS; at++) {
        talk t;
        open_full(&t);
        go_to(&t, at);
        hand12_say_record(&t.server, TLSC_CT_APPLICATION_DATA, TEXT("too early"));
        expect_failed(&t, tell(&t), TLSC_E_RECORD_TYPE);
        close_talk(&t);
    }
    talk t;
    open_full(&t);
    go_to(&t, SAY_TICKET); /* nor does any go out: no False Start */
    assert_err(tlsc_stream_write(t.client, (const uint8_t *)"x", 1), TLSC_E_NOT_READY);
    close_talk(&t);
}

/* ---- wrong messages ---- */

static void expect_hello_refused(const tlsc_server_hello12 *change, const client_site *clients,
                                 tlsc_err e)
{
    talk t = { .clients = *clients };
    open_talk(&t);
    tlsc_server_hello12 hello = *change;
    hello.random = t.hello.random;
    if (hello.suite == 0) {
        hello.suite = ECDSA_SUITE;
    }
    hand12_say_hello(&t.server, &hello);
    expect_failed(&t, tell(&t), e);
    close_talk(&t);
}

static tlsc_err require_extended(tlsc_config_builder *b)
{
    tlsc_config_require_extended_master_secret(b, true);
    return TLSC_OK;
}

static tlsc_err raw_keys_alone(tlsc_config_builder *b)
{
    static const uint8_t types[] = { TLSC_CERT_RAW_PUBLIC_KEY };
    return tlsc_config_set_peer_certificate_types(b, types, 1);
}

static void a_hello_answers_what_was_offered(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0xc02b, 0x1301 };
    const client_site plain = { .alpn = "h2" };
    const client_site silent = { .name = NULL };
    const client_site strict = { .set_up = require_extended };
    const client_site few = { .suites = suites, .num_suites = 2 };
    const client_site raw = { .set_up = raw_keys_alone };
    const client_site quiet = { .set_up = want_no_sessions };
#define HELLO(...) (&(const tlsc_server_hello12){ .extended_master_secret = true, __VA_ARGS__ })
    expect_hello_refused(HELLO(.alpn = TEXT("h3")), &plain, TLSC_E_WRONG_ALPN);
    expect_hello_refused(HELLO(.alpn = TEXT("h2")), &silent, TLSC_E_UNSOLICITED_EXTENSION);
    expect_hello_refused(HELLO(.status_request = true), &plain, TLSC_E_UNSOLICITED_EXTENSION);
    expect_hello_refused(HELLO(.has_server_type = true, .server_type = 2), &plain,
                         TLSC_E_UNSOLICITED_EXTENSION);
    expect_hello_refused(HELLO(.session_ticket = true), &quiet, TLSC_E_UNSOLICITED_EXTENSION);
    expect_hello_refused(HELLO(.has_server_type = true, .server_type = 0), &raw,
                         TLSC_E_WRONG_CERTIFICATE_TYPE);
    expect_hello_refused(HELLO(.suite = 0xc02c), &few, TLSC_E_WRONG_SUITE);
    expect_hello_refused(HELLO(.suite = 0x1301), &few, TLSC_E_WRONG_SUITE);
    expect_hello_refused(HELLO(.suite = 0x002f), &plain, TLSC_E_WRONG_SUITE);
#undef HELLO
    const tlsc_server_hello12 without = { .suite = ECDSA_SUITE };
    expect_hello_refused(&without, &strict, TLSC_E_MISSING_EXTENDED_MASTER_SECRET);
    /* X.509, when it is raw keys that are accepted */
    expect_hello_refused(&without, &raw, TLSC_E_WRONG_CERTIFICATE);
}

/* RFC 8446 4.1.3: whoever could do better says so. */
static void a_downgrade_is_noticed(void **state)
{
    (void)state;
    for (uint8_t mark = 0; mark < 2; mark++) {
        for (int only12 = 0; only12 < 2; only12++) {
            talk t = { .clients = { .max_version = only12 ? TLSC_TLS12 : 0 } };
            open_talk(&t);
            uint8_t random[32];
            memcpy(random, t.server.hs.server_random, 24);
            memcpy(random + 24, tlsc_downgrade12, 8);
            random[31] = mark;
            t.hello.random = tlsc_bytes_of(random, sizeof(random));
            if (only12) { /* it has nothing better to lose */
                expect_works(&t);
            } else {
                say_step(&t, SAY_HELLO);
                expect_failed(&t, tell(&t), TLSC_E_DOWNGRADE);
            }
            close_talk(&t);
        }
    }
}

static void expect_refused_at(step at, uint8_t type, tlsc_bytes body, tlsc_err e)
{
    talk t;
    open_full(&t);
    go_to(&t, at);
    hand12_say(&t.server, type, body);
    expect_failed(&t, tell(&t), e);
    close_talk(&t);
}

static void malformed_messages_are_refused(void **state)
{
    (void)state;
    const tlsc_err decode = TLSC_E_DECODE;
    expect_refused_at(SAY_CERTIFICATE, TLSC_HS_CERTIFICATE, nothing, decode);
    expect_refused_at(SAY_CERTIFICATE, TLSC_HS_CERTIFICATE, BYTES(0, 0, 0), decode); /* none */
    expect_refused_at(SAY_CERTIFICATE, TLSC_HS_CERTIFICATE, BYTES(0, 0, 4, 0, 0, 1), decode);
    expect_refused_at(SAY_STATUS, TLSC_HS_CERTIFICATE_STATUS, BYTES(2, 0, 0, 1, 0), decode);
    expect_refused_at(SAY_STATUS, TLSC_HS_CERTIFICATE_STATUS, BYTES(1, 0, 0, 0), decode);
    expect_refused_at(SAY_KEY_EXCHANGE, TLSC_HS_SERVER_KEY_EXCHANGE, BYTES(3, 0, 0x1d), decode);
    expect_refused_at(SAY_REQUEST, TLSC_HS_CERTIFICATE_REQUEST, BYTES(0, 0, 0, 0, 0), decode);
    expect_refused_at(SAY_REQUEST, TLSC_HS_CERTIFICATE_REQUEST, BYTES(1, 1, 0, 3, 4), decode);
    expect_refused_at(SAY_REQUEST, TLSC_HS_SERVER_HELLO_DONE, BYTES(0), decode);
    expect_refused_at(SAY_DONE, TLSC_HS_SERVER_HELLO_DONE, BYTES(0), decode);
    expect_refused_at(SAY_TICKET, TLSC_HS_NEW_SESSION_TICKET, BYTES(0, 0, 0, 1, 0), decode);
    expect_refused_at(SAY_TICKET, TLSC_HS_NEW_SESSION_TICKET, BYTES(0, 0, 0, 1, 0, 1, 1, 1),
                      decode);
    expect_refused_at(SAY_FINISHED, TLSC_HS_FINISHED, BYTES(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
                      decode);
    expect_refused_at(SAY_FINISHED, TLSC_HS_FINISHED,
                      BYTES(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13), decode);
    expect_refused_at(SAY_FINISHED, TLSC_HS_FINISHED, BYTES(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
                      TLSC_E_BAD_FINISHED);
}

/* RFC 5246 7.4.2, RFC 8422 5.1: the suite says what kind of key, the groups which curves. */
static void the_certificate_fits_the_suite_and_the_groups(void **state)
{
    (void)state;
    static const struct {
        const char *cert;
        uint16_t suite;
    } rows[] = { { "rsa2048", ECDSA_SUITE }, { "p256", RSA_SUITE }, { "ed25519", RSA_SUITE },
                 { "p521", ECDSA_SUITE } };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        talk t = { .requests = false };
        open_with(&t, rows[i].cert, rows[i].suite);
        go_to(&t, SAY_CERTIFICATE);
        say_step(&t, SAY_CERTIFICATE);
        expect_failed(&t, tell(&t), TLSC_E_WRONG_CERTIFICATE_KEY);
        close_talk(&t);
    }
}

static tlsc_err pkcs1_alone(tlsc_config_builder *b)
{
    static const uint16_t schemes[] = { TLSC_SIG_RSA_PKCS1_SHA256 };
    return tlsc_config_set_schemes(b, schemes, 1);
}

static tlsc_err sha384_alone(tlsc_config_builder *b)
{
    static const uint16_t schemes[] = { TLSC_SIG_ECDSA_P384_SHA384 };
    return tlsc_config_set_schemes(b, schemes, 1);
}

/* Says a ServerKeyExchange signed with `scheme`. */
static tlsc_err say_signed(talk *t, uint16_t scheme)
{
    tlsc_buf body = tlsc_buf_of(4096);
    hand12_make_key_exchange(&t->server, scheme, &body);
    hand12_say(&t->server, TLSC_HS_SERVER_KEY_EXCHANGE, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    return tell(t);
}

static void the_signature_is_one_that_was_offered(void **state)
{
    (void)state;
    const struct {
        const char *cert;
        uint16_t suite;
        tlsc_err (*set_up)(tlsc_config_builder *b);
        uint16_t scheme;
        tlsc_err e;
    } rows[] = {
        { "rsa2048", RSA_SUITE, NULL, TLSC_SIG_RSA_PSS_SHA256, TLSC_OK },
        { "rsa2048", RSA_SUITE, NULL, TLSC_SIG_RSA_PSS_SHA512, TLSC_OK },
        { "rsa2048", RSA_SUITE, NULL, TLSC_SIG_RSA_PKCS1_SHA256, TLSC_OK },
        { "rsa2048", RSA_SUITE, NULL, TLSC_SIG_RSA_PKCS1_SHA384, TLSC_OK },
        { "rsa2048", RSA_SUITE, pkcs1_alone, TLSC_SIG_RSA_PKCS1_SHA256, TLSC_OK },
        { "rsa2048", RSA_SUITE, pkcs1_alone, TLSC_SIG_RSA_PSS_SHA256,
          TLSC_E_WRONG_SIGNATURE_SCHEME },
        { "ed25519", ECDSA_SUITE, NULL, TLSC_SIG_ED25519, TLSC_OK },
        { "p384", ECDSA_SUITE, NULL, TLSC_SIG_ECDSA_P384_SHA384, TLSC_OK },
        /* TLS 1.2 ties no curve to a hash */
        { "p384", ECDSA_SUITE, NULL, TLSC_SIG_ECDSA_P256_SHA256, TLSC_OK },
        { "p256", ECDSA_SUITE, NULL, TLSC_SIG_ECDSA_P521_SHA512, TLSC_OK },
        { "p256", ECDSA_SUITE, sha384_alone, TLSC_SIG_ECDSA_P384_SHA384, TLSC_OK },
        { "p256", ECDSA_SUITE, sha384_alone, TLSC_SIG_ECDSA_P256_SHA256,
          TLSC_E_WRONG_SIGNATURE_SCHEME },
    };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        talk t = { .clients = { .set_up = rows[i].set_up } };
        open_with(&t, rows[i].cert, rows[i].suite);
        go_to(&t, SAY_KEY_EXCHANGE);
        tlsc_err rc = say_signed(&t, rows[i].scheme);
        if (rows[i].e == TLSC_OK) {
            assert_ok(rc);
            assert_int_equal(info(&t).peer_scheme, rows[i].scheme);
        } else {
            expect_failed(&t, rc, rows[i].e);
        }
        close_talk(&t);
    }
}

/* A ServerKeyExchange with a byte changed. */
static tlsc_err say_changed(talk *t, size_t at, uint8_t mask)
{
    tlsc_buf body = tlsc_buf_of(4096);
    open_full(t);
    go_to(t, SAY_KEY_EXCHANGE);
    hand12_make_key_exchange(&t->server, 0, &body);
    bool inside = at < body.n;
    if (inside) {
        body.p[at] ^= mask;
        hand12_say(&t->server, TLSC_HS_SERVER_KEY_EXCHANGE, tlsc_buf_bytes(&body));
    }
    tlsc_buf_clear(&body);
    return inside ? tell(t) : TLSC_OK;
}

/* curve type | group | length, 32 bytes of point | scheme | length, signature */
static void every_byte_of_the_key_exchange_counts(void **state)
{
    (void)state;
    talk t;
    size_t at = 0;
    for (;; at++) {
        tlsc_err rc = say_changed(&t, at, 0x01);
        if (rc == TLSC_OK) {
            break;
        }
        assert_int_equal(t.server.alert, tlsc_err_alert(rc));
        if (at == 1 || at == 2) {
            assert_err(rc, TLSC_E_WRONG_GROUP);
        } else if (at >= 4 && at < 36) {
            assert_err(rc, TLSC_E_BAD_SIGNATURE);
        } else if (at == 36) { /* another hash, which TLS 1.2 allows */
            assert_err(rc, TLSC_E_BAD_SIGNATURE);
        } else if (at == 37) {
            assert_err(rc, TLSC_E_WRONG_SIGNATURE_SCHEME);
        }
        assert_false(info(&t).handshake_done);
        close_talk(&t);
    }
    close_talk(&t);
    assert_true(at > 100);
}

static void the_group_is_one_of_tls12_that_was_offered(void **state)
{
    (void)state;
    static const uint16_t x25519[] = { X25519 };
    for (int hybrid = 0; hybrid < 2; hybrid++) {
        talk t = { .clients = { .groups = hybrid ? NULL : x25519,
                                .num_groups = hybrid ? 0 : 1 } };
        if (!hybrid) { /* whose certificate isn't on a curve that isn't offered */
            assert_ok(client_site_open(&t.clients));
            hand12_open(&t.server, "rsa2048", RSA_SUITE, P256);
            start(&t);
            go_to(&t, SAY_KEY_EXCHANGE);
            say_step(&t, SAY_KEY_EXCHANGE);
        } else {
            open_talk(&t);
            go_to(&t, SAY_KEY_EXCHANGE);
            hand12_say(&t.server, TLSC_HS_SERVER_KEY_EXCHANGE,
                       BYTES(3, 0x11, 0xec, 1, 4, 4, 3, 0, 1, 0));
        }
        expect_failed(&t, tell(&t), TLSC_E_WRONG_GROUP);
        close_talk(&t);
    }
}

/* Signed by the server, but no point: X25519's zero, one that is too short. */
static void a_signed_point_may_still_be_none(void **state)
{
    (void)state;
    for (int how = 0; how < 2; how++) {
        talk t = { .requests = false };
        open_talk(&t);
        go_to(&t, SAY_KEY_EXCHANGE);
        tlsc_group cut = *t.server.hs.group;
        cut.share_len = how == 0 ? 32 : 31;
        memset(t.server.hs.share, 0, sizeof(t.server.hs.share));
        const tlsc_group *whole = t.server.hs.group;
        t.server.hs.group = &cut;
        say_step(&t, SAY_KEY_EXCHANGE);
        t.server.hs.group = whole;
        assert_ok(tell(&t));
        say_step(&t, SAY_DONE);
        expect_failed(&t, tell(&t), TLSC_E_BAD_KEY_SHARE);
        close_talk(&t);
    }
}

static void a_signature_is_for_one_handshake(void **state)
{
    (void)state;
    for (int whose = 0; whose < 2; whose++) {
        talk t;
        open_full(&t);
        go_to(&t, SAY_KEY_EXCHANGE);
        uint8_t *random = whose == 0 ? t.server.outcome.client_random : t.server.hs.server_random;
        random[0] ^= 1;
        expect_failed(&t, say_signed(&t, 0), TLSC_E_BAD_SIGNATURE);
        close_talk(&t);
    }
}

/* Whoever doesn't hold the key is refused before the verifier is asked. */
static void the_signature_comes_before_the_verdict(void **state)
{
    (void)state;
    talk t = { .clients = { .rejects = true } };
    open_talk(&t);
    go_to(&t, SAY_KEY_EXCHANGE);
    t.server.hs.server_random[31] ^= 1;
    expect_failed(&t, say_signed(&t, 0), TLSC_E_BAD_SIGNATURE);
    assert_int_equal(t.clients.verified, 0);
    close_talk(&t);
    talk u = { .clients = { .rejects = true } };
    open_talk(&u);
    go_to(&u, SAY_DONE);
    say_step(&u, SAY_DONE);
    expect_failed(&u, tell(&u), TLSC_E_CERTIFICATE_REJECTED);
    assert_int_equal(u.clients.verified, 1);
    close_talk(&u);
}

/* What follows ServerHelloDone in its record can't be an answer to our flight. */
static void server_hello_done_ends_its_record(void **state)
{
    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        talk t = { .requests = asked != 0 };
        open_talk(&t);
        go_to(&t, SAY_DONE);
        hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(14, 0, 0, 0, 4));
        expect_failed(&t, tell(&t), TLSC_E_KEY_CHANGE_IN_RECORD);
        close_talk(&t);
    }
    talk t;
    open_full(&t);
    go_to(&t, SAY_FINISHED);
    uint8_t message[4 + TLSC_VERIFY_DATA12_LEN + 4] = { 20, 0, 0, TLSC_VERIFY_DATA12_LEN };
    verify_data(&t, message + 4);
    hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, tlsc_bytes_of(message, sizeof(message)));
    expect_failed(&t, tell(&t), TLSC_E_KEY_CHANGE_IN_RECORD);
    close_talk(&t);
}

/* ---- HelloRequest ---- */

/* RFC 5246 7.4.1.1; a connection that was made isn't renegotiated. */
static void a_hello_request_ends_the_connection(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[5];
        size_t n;
        tlsc_err e;
    } rows[] = { { { 0, 0, 0, 0 }, 4, TLSC_E_RENEGOTIATION },
                 { { 0, 0, 0, 1, 1 }, 5, TLSC_E_DECODE },
                 { { 0, 0, 0, 0, 0 }, 5, TLSC_E_RENEGOTIATION },
                 { { 12, 0, 0, 0 }, 4, TLSC_E_UNEXPECTED_MESSAGE },
                 { { 1, 0, 0, 0 }, 4, TLSC_E_UNEXPECTED_MESSAGE },
                 { { 4, 0, 0, 0 }, 4, TLSC_E_UNEXPECTED_MESSAGE } };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        talk t = { .requests = false };
        open_talk(&t);
        expect_works(&t);
        hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, tlsc_bytes_of(rows[i].bytes, rows[i].n));
        tlsc_err rc = tell(&t);
        assert_err(rc, rows[i].e);
        assert_int_equal(t.server.alert, tlsc_err_alert(rows[i].e));
        close_talk(&t);
    }
    /* half of one waits for the rest, and nothing may come in between */
    talk t = { .requests = false };
    open_talk(&t);
    expect_works(&t);
    hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(0, 0));
    assert_ok(tell(&t));
    hand12_say_record(&t.server, TLSC_CT_APPLICATION_DATA, TEXT("x"));
    assert_err(tell(&t), TLSC_E_INTERLEAVED_MESSAGE);
    close_talk(&t);
}

static tlsc_err passes_over(tlsc_config_builder *b)
{
    return tlsc_config_ignore_hello_requests(b, true);
}

/* RFC 5246 7.4.1.1: "This message MAY be ignored by the client"; not without end. */
static void hello_requests_may_be_passed_over(void **state)
{
    (void)state;
    talk t = { .clients.set_up = passes_over };
    open_talk(&t);
    expect_works(&t);
    hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_ok(tell(&t));
    hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(0, 0)); /* the rest of the third */
    assert_ok(tell(&t));
    expect_data_flows(&t);
    for (int i = 0; i < TLSC_REQUESTS_MAX; i++) {
        hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(0, 0, 0, 0));
        assert_ok(tell(&t));
    }
    expect_data_flows(&t);
    for (int i = 0; i < TLSC_REQUESTS_MAX; i++) {
        hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(0, 0, 0, 0));
        assert_ok(tell(&t));
    }
    hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(0, 0, 0, 0));
    assert_err(tell(&t), TLSC_E_TOO_MANY_REQUESTS);
    close_talk(&t);
    /* what is none ends it all the same */
    static const struct {
        uint8_t bytes[5];
        size_t n;
        tlsc_err e;
    } rows[] = { { { 0, 0, 0, 1, 1 }, 5, TLSC_E_DECODE },
                 { { 0, 0, 0, 0, 20 }, 5, TLSC_E_UNEXPECTED_MESSAGE },
                 { { 1, 0, 0, 0 }, 4, TLSC_E_UNEXPECTED_MESSAGE } };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        open_talk(&t);
        expect_works(&t);
        hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, tlsc_bytes_of(rows[i].bytes, rows[i].n));
        assert_err(tell(&t), rows[i].e);
        close_talk(&t);
    }
    open_talk(&t);
    expect_works(&t);
    hand12_say_record(&t.server, TLSC_CT_HANDSHAKE, BYTES(0, 0));
    assert_ok(tell(&t));
    hand12_say_record(&t.server, TLSC_CT_APPLICATION_DATA, TEXT("x"));
    assert_err(tell(&t), TLSC_E_INTERLEAVED_MESSAGE);
    close_talk(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_works),
        cmocka_unit_test(an_announced_staple_may_stay_away),
        cmocka_unit_test(renegotiation_info_is_not_needed),
        cmocka_unit_test(records_may_be_cut_anywhere),
        cmocka_unit_test(the_verdict_may_come_later),
        cmocka_unit_test(it_shows_its_certificate),
        cmocka_unit_test(its_key_may_be_elsewhere),
        cmocka_unit_test(a_ticket_is_handed_out_at_the_end),
        cmocka_unit_test(tickets_without_a_lifetime_and_without_a_ticket),
        cmocka_unit_test(who_wants_no_sessions_gets_none),
        cmocka_unit_test(sessions_are_resumed),
        cmocka_unit_test(a_server_may_decline_a_session),
        cmocka_unit_test(a_resumed_session_changes_nothing),
        cmocka_unit_test(an_id_without_a_session_is_not_echoed),
        cmocka_unit_test(the_verifier_may_be_asked_again),
        cmocka_unit_test(every_other_message_is_refused),
        cmocka_unit_test(change_cipher_spec_has_one_place),
        cmocka_unit_test(half_a_message_bars_change_cipher_spec),
        cmocka_unit_test(data_before_the_end_is_refused),
        cmocka_unit_test(a_hello_answers_what_was_offered),
        cmocka_unit_test(a_downgrade_is_noticed),
        cmocka_unit_test(malformed_messages_are_refused),
        cmocka_unit_test(the_certificate_fits_the_suite_and_the_groups),
        cmocka_unit_test(the_signature_is_one_that_was_offered),
        cmocka_unit_test(every_byte_of_the_key_exchange_counts),
        cmocka_unit_test(the_group_is_one_of_tls12_that_was_offered),
        cmocka_unit_test(a_signed_point_may_still_be_none),
        cmocka_unit_test(a_signature_is_for_one_handshake),
        cmocka_unit_test(the_signature_comes_before_the_verdict),
        cmocka_unit_test(server_hello_done_ends_its_record),
        cmocka_unit_test(a_hello_request_ends_the_connection),
        cmocka_unit_test(hello_requests_may_be_passed_over),
    };
    return cmocka_run_group_tests_name("client12", tests, NULL, NULL);
}
