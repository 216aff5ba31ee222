/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_peer.c: from a new connection to any place, with one record a step. */
#include "hand_peer.h"

#include <string.h>

#include "pem_file.h"
#include "unit.h"
#include "wire/enums.h"

static tls_site ordinary;
static tls_site external_tickets;
static tls_site external_key;

int hand_sites_open(void **state)
{
    (void)state;
    memset(&ordinary, 0, sizeof(ordinary));
    memset(&external_tickets, 0, sizeof(external_tickets));
    memset(&external_key, 0, sizeof(external_key));
    /* the peer speaks TLS 1.3 and nothing else: a hello that doesn't is refused, not served */
    ordinary.min_version = TLSC_TLS13;
    external_tickets.min_version = TLSC_TLS13;
    external_key.min_version = TLSC_TLS13;
    ordinary.tickets = true;
    assert_ok(tls_site_open(&ordinary));
    external_tickets.tickets = true;
    external_tickets.external_tickets = true;
    assert_ok(tls_site_open(&external_tickets));
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_bytes leaf = tlsc_buf_bytes(&der);
    static const uint16_t scheme = TLSC_SIG_ECDSA_P256_SHA256;
    assert_ok(tlsc_credential_external(tlsc_provider_default(), &leaf, 1, &scheme, 1,
                                       &external_key.credential));
    tlsc_buf_clear(&der);
    assert_ok(tls_site_open(&external_key));
    return 0;
}

int hand_sites_close(void **state)
{
    (void)state;
    tls_site_close(&ordinary);
    tls_site_close(&external_tickets);
    tls_site_close(&external_key);
    tlsc_credential_free(external_key.credential);
    return 0;
}

tls_site *hand_site(hand_place at)
{
    return at == AT_TICKET ? &external_tickets : at == AT_SIGN ? &external_key : &ordinary;
}

const char *hand_place_name(hand_place at)
{
    switch (at) {
    case AT_CLIENT_HELLO:
        return "server: expect ClientHello";
    case AT_CONFIG:
        return "server: choose a configuration";
    case AT_SECOND_HELLO:
        return "server13: expect second ClientHello";
    case AT_TICKET:
        return "server13: find a session";
    case AT_SIGN:
        return "server13: sign";
    case AT_FINISHED:
        return "server13: expect Finished";
    case AT_TRAFFIC:
        return "traffic";
    case HAND_PLACES:
        break;
    }
    return "";
}

bool hand_place_pauses(hand_place at)
{
    return at == AT_CONFIG || at == AT_TICKET || at == AT_SIGN;
}

/* ---- to the server ---- */

tlsc_err hand_feed(hand_peer *p, tlsc_bytes bytes)
{
    return tlsc_stream_feed(p->server, bytes.p, bytes.n);
}

static tlsc_err feed_and_clear(hand_peer *p, tlsc_buf *record)
{
    tlsc_err rc = hand_feed(p, tlsc_buf_bytes(record));
    tlsc_buf_clear(record);
    return rc;
}

tlsc_err hand_say_plain(hand_peer *p, uint8_t type, tlsc_bytes content)
{
    tlsc_buf record = tlsc_buf_of(TLSC_MAX_RECORD);
    hand_plain(&record, type, content);
    return feed_and_clear(p, &record);
}

tlsc_err hand_say(hand_peer *p, uint8_t type, tlsc_bytes content)
{
    if (p->client.wr.suite == NULL && !p->client.says_early) {
        return hand_say_plain(p, type, content);
    }
    tlsc_buf record = tlsc_buf_of(TLSC_MAX_RECORD);
    hand_seal(&p->client, &record, type, content);
    return feed_and_clear(p, &record);
}

tlsc_err hand_say_hello(hand_peer *p, const hand_hello *h)
{
    hand_make_hello(&p->client, h);
    return hand_say_plain(p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&p->client.hello));
}

tlsc_err hand_say_finished(hand_peer *p)
{
    tlsc_buf message = tlsc_buf_of(128);
    hand_finished_message(&p->client, &message);
    tlsc_err rc = hand_say(p, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    hand_enter_traffic(&p->client);
    tlsc_buf_clear(&message);
    return rc;
}

tlsc_err hand_answer(hand_peer *p)
{
    static const uint8_t signature[70] = { 0x30, 0x44 };
    static const tlsc_bytes nothing = { NULL, 0 };
    tlsc_opened opened;
    switch (tlsc_conn_wait(p->conn)) {
    case TLSC_WAIT_CONFIG:
        return tlsc_conn_answer_config(p->conn, p->site->config, nothing, NULL, &opened);
    case TLSC_WAIT_SIGN:
        return tlsc_conn_answer_signature(p->conn, tlsc_bytes_of(signature, sizeof(signature)),
                                          &opened);
    case TLSC_WAIT_TICKET:
        return tlsc_conn_answer_ticket(p->conn, nothing, &opened);
    case TLSC_WAIT_SEAL:
        return tlsc_conn_answer_sealed(p->conn, nothing, &opened);
    case TLSC_WAIT_NONE:
    case TLSC_WAIT_MESSAGE:
    case TLSC_WAIT_VERIFY:
    case TLSC_WAIT_CREDENTIAL:
    case TLSC_WAIT_SESSION:
        break;
    }
    fail_msg("no pause to answer");
    return TLSC_E_INTERNAL;
}

/* ---- from the server ---- */

static tlsc_buf take_output(hand_peer *p)
{
    tlsc_bytes out;
    tlsc_buf copy = tlsc_buf_of(1 << 20);
    assert_ok(tlsc_stream_output(p->server, &out));
    assert_ok(tlsc_buf_append(&copy, out));
    tlsc_stream_sent(p->server, out.n);
    return copy;
}

static void read_retry(hand_peer *p)
{
    tlsc_server_hello retry;
    tlsc_buf out = take_output(p);
    assert_int_equal(hand_read_retry(&p->client, out.p, out.n, &retry), out.n);
    tlsc_buf_clear(&out);
}

/* The server has its traffic keys from its Finished on. */
void hand_take_flight(hand_peer *p)
{
    tlsc_buf out = take_output(p);
    assert_int_equal(hand_read_flight(&p->client, out.p, out.n), out.n);
    assert_ok(tlsc_protect13_start(&p->client.rd, p->client.suite, &p->client.server_traffic));
    tlsc_buf_clear(&out);
}

/* ---- ways ---- */

static void go_to_second_hello(hand_peer *p)
{
    hand_hello first = p->hello;
    first.no_share = first.shares.n == 0;
    assert_ok(hand_say_hello(p, &first));
    assert_ok(hand_answer(p));
    read_retry(p);
}

static void go(hand_peer *p)
{
    static const uint8_t ticket[] = "not a ticket";
    if (p->at == AT_CLIENT_HELLO) {
        return;
    }
    if (p->at == AT_SECOND_HELLO) {
        go_to_second_hello(p);
        return;
    }
    if (p->at == AT_TICKET) {
        static const tlsc_secret psk = { .n = 32 };
        p->hello.ticket = tlsc_bytes_of(ticket, sizeof(ticket));
        p->hello.psk = &psk;
    }
    assert_ok(hand_say_hello(p, &p->hello));
    if (p->at == AT_CONFIG) {
        return;
    }
    assert_ok(hand_answer(p));
    if (hand_place_pauses(p->at)) {
        return;
    }
    hand_take_flight(p);
    if (p->at == AT_TRAFFIC) {
        assert_ok(hand_say_finished(p));
    }
}

void hand_peer_open(hand_peer *p, hand_place at, const hand_hello *hello)
{
    memset(p, 0, sizeof(*p));
    p->at = at;
    p->site = hand_site(at);
    if (hello != NULL) {
        p->hello = *hello;
    }
    assert_ok(tls_server_new(p->site, &p->server));
    p->conn = tlsc_stream_conn(p->server);
    hand_open(&p->client, p->site->provider, 0);
    go(p);
    static const tlsc_wait waits[HAND_PLACES] = { TLSC_WAIT_MESSAGE, TLSC_WAIT_CONFIG,
                                                  TLSC_WAIT_MESSAGE, TLSC_WAIT_TICKET,
                                                  TLSC_WAIT_SIGN,    TLSC_WAIT_MESSAGE,
                                                  TLSC_WAIT_NONE };
    assert_int_equal(tlsc_conn_wait(p->conn), waits[at]);
}

tlsc_err hand_peer_begin(hand_peer *p, tls_site *site, uint16_t suite, const hand_hello *hello)
{
    *p = (hand_peer){ .site = site, .hello = *hello, .at = AT_FINISHED };
    assert_ok(tls_server_new(site, &p->server));
    p->conn = tlsc_stream_conn(p->server);
    hand_open(&p->client, site->provider, suite);
    assert_ok(hand_say_hello(p, hello));
    return hand_answer(p);
}

void hand_peer_close(hand_peer *p)
{
    tlsc_stream_free(p->server);
    hand_close(&p->client);
}

/* ---- what came of it ---- */

void hand_expect_failed(hand_peer *p, tlsc_err e, const char *state)
{
    tlsc_failure failure;
    tlsc_conn_error(p->conn, &failure);
    assert_err(failure.code, e);
    assert_string_equal(failure.state, state == NULL ? hand_place_name(p->at) : state);
    tlsc_alert alert = tlsc_err_alert(e);
    assert_int_equal(failure.alert_sent, alert);
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_NONE);
    tlsc_buf out = take_output(p);
    if (alert == TLSC_ALERT_NONE) {
        assert_int_equal(out.n, 0);
    } else {
        uint8_t type = 0;
        tlsc_bytes content;
        assert_int_equal(hand_open_record(&p->client, out.p, out.n, &type, &content), out.n);
        assert_int_equal(type, TLSC_CT_ALERT);
        assert_bytes_equal(content, BYTES(2, (uint8_t)alert));
    }
    tlsc_buf_clear(&out);
    /* it stays dead, for the same reason, asked without a byte and with one */
    assert_err(tlsc_stream_step(p->server), e);
    assert_err(hand_feed(p, BYTES(22)), e);
}

static void answer_pauses(hand_peer *p)
{
    while (tlsc_conn_wait(p->conn) != TLSC_WAIT_NONE &&
           tlsc_conn_wait(p->conn) != TLSC_WAIT_MESSAGE) {
        assert_ok(hand_answer(p));
    }
}

void hand_expect_works(hand_peer *p)
{
    uint8_t type = 0;
    uint8_t got[4];
    tlsc_bytes content;
    if (p->at == AT_CLIENT_HELLO || p->at == AT_SECOND_HELLO) {
        assert_ok(hand_say_hello(p, &p->hello));
    }
    answer_pauses(p);
    if (p->client.wr.suite == NULL) {
        hand_take_flight(p);
    }
    if (p->at != AT_TRAFFIC) {
        assert_ok(hand_say_finished(p));
        answer_pauses(p);
    }
    assert_ok(hand_say(p, TLSC_CT_APPLICATION_DATA, TEXT("ping")));
    assert_int_equal(tlsc_stream_read(p->server, got, sizeof(got)), 4);
    assert_memory_equal(got, "ping", 4);
    assert_ok(tlsc_stream_write(p->server, (const uint8_t *)"pong", 4));
    tlsc_buf out = take_output(p);
    size_t at = 0;
    do { /* tickets and answers to KeyUpdate stand before it */
        size_t size = hand_open_record(&p->client, out.p + at, out.n - at, &type, &content);
        assert_true(size > 0);
        at += size;
        if (type == TLSC_CT_HANDSHAKE && content.p[0] == TLSC_HS_KEY_UPDATE) {
            assert_ok(tlsc_protect13_update(&p->client.rd));
        }
    } while (type == TLSC_CT_HANDSHAKE);
    assert_int_equal(at, out.n);
    assert_int_equal(type, TLSC_CT_APPLICATION_DATA);
    assert_bytes_equal(content, TEXT("pong"));
    tlsc_buf_clear(&out);
}
