/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/server12_test.c: the server's side of TLS 1.2 against a client made by hand: every shape of a
 * handshake, each message too early and too late, and each that is wrong. */
#include "unit.h"

#include <string.h>

#include "base/try.h"
#include "hand_client12.h"
#include "keys/session.h"
#include "keys/ticket_seal.h"
#include "record/protect12.h"
#include "wire/enums.h"
#include "wire/key_exchange12.h"

enum { X25519 = 0x001d, ECDSA_SUITE = 0xc02b, CHACHA_SUITE = 0xcca9 };

static const tlsc_bytes nothing = { NULL, 0 };

/* A server, and the client that talks to it. */
typedef struct talk {
    tls_site site;
    tlsc_stream *server;
    hand_client12 client;
    hand_hello hello; /* what the client will say */
} talk;

static void start(talk *t, uint16_t suite)
{
    assert_ok(tls_server_new(&t->site, &t->server));
    client12_open(&t->client, suite, X25519);
    t->hello = client12_hello(&t->client);
}

/* in: a zeroed one, or one with `site` filled in. */
static void open_talk(talk *t)
{
    t->site.tickets = true;
    assert_ok(tls_site_open(&t->site));
    start(t, ECDSA_SUITE);
}

static void end_talk(talk *t)
{
    tlsc_stream_free(t->server);
    client12_close(&t->client);
}

static void close_talk(talk *t)
{
    end_talk(t);
    tls_site_close(&t->site);
}

static tlsc_info info(const talk *t)
{
    tlsc_info i;
    tlsc_conn_info(tlsc_stream_conn(t->server), &i);
    return i;
}

/* Gives it what was said, and hears the answer. */
static tlsc_err tell(talk *t)
{
    tlsc_err rc = client12_give(&t->client, &t->site, t->server);
    client12_take(&t->client, t->server);
    return rc;
}

/* ---- a handshake, step by step ---- */

typedef enum step { SAY_HELLO, SAY_KEY_EXCHANGE, SAY_CCS, SAY_FINISHED, STEPS } step;

static const char *const states[STEPS] = {
    "server: expect ClientHello",
    "server12: expect ClientKeyExchange",
    "server12: expect ChangeCipherSpec",
    "server12: expect Finished",
};

static void say_ccs(talk *t)
{
    tlsc_hs *hs = &t->client.hs;
    assert_ok(tlsc_rl_put_ccs(&t->client.rl));
    assert_ok(tlsc_protect12_start(&t->client.rl.wr, hs->suite, hs->keys12.client_key,
                                   hs->keys12.client_iv));
}

static void verify_data(talk *t, uint8_t out[TLSC_VERIFY_DATA12_LEN])
{
    tlsc_hs *hs = &t->client.hs;
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, transcript);
    assert_ok(tlsc_finished12(&hs->keyed_master, false, transcript, out));
}

static void say_step(talk *t, step what)
{
    uint8_t data[TLSC_VERIFY_DATA12_LEN];
    switch (what) {
    case SAY_HELLO: client12_say_hello(&t->client, &t->hello); break;
    case SAY_KEY_EXCHANGE: client12_say_key_exchange(&t->client); break;
    case SAY_CCS: say_ccs(t); break;
    case SAY_FINISHED:
        verify_data(t, data);
        client12_say(&t->client, TLSC_HS_FINISHED, tlsc_bytes_of(data, sizeof(data)));
        break;
    case STEPS: break;
    }
}

/* Up to that step, which is not said. */
static void go_to(talk *t, step what)
{
    for (step i = SAY_HELLO; i < what; i++) {
        say_step(t, i);
        assert_ok(tell(t));
    }
}

static void expect_data_flows(talk *t)
{
    uint8_t got[8];
    assert_true(info(t).handshake_done && t->client.finished_came);
    client12_say_record(&t->client, TLSC_CT_APPLICATION_DATA, TEXT("ping"));
    assert_ok(tell(t));
    assert_int_equal(tlsc_stream_read(t->server, got, sizeof(got)), 4);
    assert_memory_equal(got, "ping", 4);
    assert_ok(tlsc_stream_write(t->server, (const uint8_t *)"pong", 4));
    client12_take(&t->client, t->server);
    assert_bytes_equal(tlsc_bytes_of(t->client.data, t->client.data_n), TEXT("pong"));
}

static void expect_works(talk *t)
{
    go_to(t, STEPS);
    expect_data_flows(t);
}

/* The last thing said must have failed like this, and the client hears of it. */
static void expect_failed(talk *t, tlsc_err rc, tlsc_err e)
{
    tlsc_failure f;
    assert_err(rc, e);
    tlsc_conn_error(tlsc_stream_conn(t->server), &f);
    assert_err(f.code, e);
    assert_int_equal(f.alert_sent, tlsc_err_alert(e));
    assert_int_equal(t->client.alert, tlsc_err_alert(e));
    assert_false(info(t).handshake_done);
}

/* ---- what works ---- */

/* session_ticket, extended_master_secret, renegotiation_info: each there or not. */
static tlsc_bytes extra_of(unsigned shape, uint8_t out[64])
{
    static const uint8_t parts[3][5] = { { 0, 0x23, 0, 0 }, { 0, 0x17, 0, 0 },
                                         { 0xff, 1, 0, 1, 0 } };
    size_t n = 0;
    for (unsigned i = 0; i < 3; i++) {
        if ((shape >> i & 1) != 0) {
            memcpy(out + n, parts[i], i == 2 ? 5 : 4);
            n += i == 2 ? 5 : 4;
        }
    }
    return tlsc_bytes_of(out, n);
}

static void every_shape_works(void **state)
{
    (void)state;
    for (unsigned shape = 0; shape < 32; shape++) {
        uint8_t extra[64];
        talk t = { .site = { .alpn = "h2" } };
        open_talk(&t);
        if ((shape & 8) != 0) {
            end_talk(&t);
            start(&t, CHACHA_SUITE);
        }
        t.hello.extra = extra_of(shape, extra);
        t.hello.alpn = (shape & 16) != 0 ? TEXT("\2h2") : nothing;
        expect_works(&t);
        const tlsc_server_hello12 *sh = &t.client.hello;
        assert_int_equal(sh->session_ticket, (shape & 1) != 0);
        assert_int_equal(t.client.ticket.n > 0, (shape & 1) != 0);
        assert_int_equal(sh->extended_master_secret, (shape & 2) != 0);
        assert_int_equal(sh->renegotiation_info, (shape & 4) != 0);
        assert_bytes_equal(sh->alpn, (shape & 16) != 0 ? TEXT("h2") : nothing);
        assert_true(sh->server_name);
        assert_false(sh->ec_point_formats);
        tlsc_info i = info(&t);
        assert_int_equal(i.version, TLSC_TLS12);
        assert_int_equal(i.suite, (shape & 8) != 0 ? CHACHA_SUITE : ECDSA_SUITE);
        assert_int_equal(i.group, X25519);
        assert_int_equal(i.extended_master_secret, (shape & 2) != 0);
        close_talk(&t);
    }
}

static tlsc_err keeps_quiet(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    return tlsc_config_acknowledge_server_name(b, false);
}

/* RFC 6066 3: that it was used is said by who used it. */
static void a_name_may_go_unacknowledged(void **state)
{
    (void)state;
    talk t = { .site = { .setup = keeps_quiet } };
    open_talk(&t);
    expect_works(&t);
    assert_false(t.client.hello.server_name);
    assert_bytes_equal(info(&t).server_name, TEXT("a.test"));
    close_talk(&t);
}

/* RFC 5746 3.6: the signal among the suites asks for the same answer. */
static void the_signalling_suite_is_answered(void **state)
{
    (void)state;
    static const uint8_t suites[] = { 0x00, 0xff, 0xc0, 0x2b };
    talk t = { .server = NULL };
    open_talk(&t);
    t.hello.suites = tlsc_bytes_of(suites, sizeof(suites));
    t.hello.extra = nothing;
    expect_works(&t);
    assert_true(t.client.hello.renegotiation_info);
    close_talk(&t);
}

static void pieces_and_packed_records(void **state)
{
    (void)state;
    talk t = { .server = NULL };
    open_talk(&t);
    go_to(&t, SAY_KEY_EXCHANGE);
    for (step i = SAY_KEY_EXCHANGE; i < STEPS; i++) {
        say_step(&t, i);
    }
    tlsc_buf *out = &t.client.rl.out;
    for (size_t i = 0; i < out->n; i++) {
        assert_ok(tls_server_feed(&t.site, t.server, out->p + i, 1));
    }
    tlsc_buf_clear(out);
    client12_take(&t.client, t.server);
    expect_data_flows(&t);
    close_talk(&t);
}

/* ---- sessions ---- */

/* A first connection that left a ticket; then the next has begun, with the ticket in its hello. */
static void open_second(talk *t, bool extended, tlsc_secret *master, uint8_t extra[512])
{
    static const uint8_t ems[] = { 0, 0x17, 0, 0 };
    static const uint8_t ask[] = { 0, 0x23, 0, 0 };
    open_talk(t);
    size_t n = 0;
    memcpy(extra, ask, sizeof(ask));
    n += sizeof(ask);
    if (extended) {
        memcpy(extra + n, ems, sizeof(ems));
        n += sizeof(ems);
    }
    t->hello.extra = tlsc_bytes_of(extra, n);
    expect_works(t);
    tlsc_bytes ticket = tlsc_buf_bytes(&t->client.ticket);
    *master = t->client.hs.master;
    assert_true(ticket.n > 0 && ticket.n < 500);
    extra[2] = (uint8_t)(ticket.n >> 8);
    extra[3] = (uint8_t)ticket.n;
    tlsc_bytes_copy(extra + 4, ticket);
    n = 4 + ticket.n;
    if (extended) {
        memcpy(extra + n, ems, sizeof(ems));
        n += sizeof(ems);
    }
    end_talk(t);
    start(t, ECDSA_SUITE);
    t->hello.session_id = TEXT("made up for this");
    t->hello.extra = tlsc_bytes_of(extra, n);
}

/* The server's Finished comes with its hello, so the keys must be there before it is taken. */
static tlsc_err say_resuming_hello(talk *t, const tlsc_secret *master)
{
    uint8_t first[4096];
    client12_say_hello(&t->client, &t->hello);
    tlsc_err rc = client12_give(&t->client, &t->site, t->server);
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(t->server, &out));
    assert_true(out.n < sizeof(first));
    /* the random stands in the first record's ServerHello: 5 of record, 4 of message, 2 of version */
    if (rc == TLSC_OK) {
        memcpy(t->client.hs.server_random, out.p + 11, 32);
        client12_resume(&t->client, master);
    }
    client12_take(&t->client, t->server);
    return rc;
}

static void tickets_are_resumed(void **state)
{
    (void)state;
    for (int extended = 0; extended < 2; extended++) {
        uint8_t extra[512];
        tlsc_secret master;
        talk t = { .server = NULL };
        open_second(&t, extended != 0, &master, extra);
        assert_ok(say_resuming_hello(&t, &master));
        assert_true(t.client.finished_came);
        assert_bytes_equal(t.client.hello.session_id, TEXT("made up for this"));
        assert_false(t.client.hello.server_name); /* RFC 6066 3 */
        say_ccs(&t);
        say_step(&t, SAY_FINISHED);
        assert_ok(tell(&t));
        expect_data_flows(&t);
        assert_true(info(&t).resumed);
        assert_int_equal(info(&t).extended_master_secret, extended);
        close_talk(&t);
    }
}

/* The next connection, with a ticket in its hello that says what `s` does. */
static void open_with_session(talk *t, const tlsc_session *s, uint8_t extra[512])
{
    tlsc_buf encoded = tlsc_buf_of(512);
    tlsc_buf ticket = tlsc_buf_of(512);
    open_talk(t);
    tls_site *site = &t->site;
    assert_ok(tlsc_session_emit(&encoded, s));
    assert_ok(tlsc_ticket_seal(site->provider, site->provider->random, &site->keys, site->now_ms,
                               tlsc_buf_bytes(&encoded), &ticket));
    uint8_t head[] = { 0, 0x23, (uint8_t)(ticket.n >> 8), (uint8_t)ticket.n };
    assert_true(ticket.n < 500);
    memcpy(extra, head, sizeof(head));
    memcpy(extra + sizeof(head), ticket.p, ticket.n);
    t->hello.extra = tlsc_bytes_of(extra, sizeof(head) + ticket.n);
    t->hello.session_id = TEXT("made up for this");
    tlsc_buf_clear(&encoded);
    tlsc_buf_clear(&ticket);
}

/* RFC 5246 7.4.1.3: a session keeps its version and its suite, which the client must offer again. */
static void a_session_of_another_version_or_suite_is_declined(void **state)
{
    (void)state;
    static const struct {
        uint16_t version;
        uint16_t suite;
        uint8_t secret_n;
    } rows[] = { { TLSC_TLS12, ECDSA_SUITE, TLSC_MASTER12_LEN },
                 { TLSC_TLS13, ECDSA_SUITE, TLSC_MASTER12_LEN },
                 { TLSC_TLS13, 0x1301, 32 },
                 { TLSC_TLS12, 0x1301, TLSC_MASTER12_LEN },
                 { TLSC_TLS12, 0xc02c, TLSC_MASTER12_LEN }, /* not offered again */
                 { TLSC_TLS12, 0x9999, TLSC_MASTER12_LEN },
                 { TLSC_TLS12, ECDSA_SUITE, TLSC_MASTER12_LEN - 1 } };
    static const uint8_t suites[] = { ECDSA_SUITE >> 8, ECDSA_SUITE & 0xff };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t extra[512];
        tlsc_session s = { .version = rows[i].version,
                           .suite = rows[i].suite,
                           .group = X25519,
                           .secret = { .b = { 7 }, .n = rows[i].secret_n },
                           .server_name = TEXT("a.test"),
                           .issued_ms = INT64_C(1790000000000) };
        talk t = { .site = { .now_ms = s.issued_ms } };
        open_with_session(&t, &s, extra);
        t.hello.suites = tlsc_bytes_of(suites, sizeof(suites));
        if (i == 0) {
            assert_ok(say_resuming_hello(&t, &s.secret));
            say_ccs(&t);
            say_step(&t, SAY_FINISHED);
            assert_ok(tell(&t));
            expect_data_flows(&t);
        } else {
            expect_works(&t);
        }
        assert_int_equal(info(&t).resumed, i == 0);
        close_talk(&t);
    }
}

/* RFC 7627 5.3: gone, that is an attack; new, a full handshake gives it to the client. */
static void extended_master_secret_comes_and_goes_not_with_a_session(void **state)
{
    (void)state;
    uint8_t extra[512];
    tlsc_secret master;
    talk t = { .server = NULL };
    open_second(&t, true, &master, extra);
    t.hello.extra.n -= 4;
    say_step(&t, SAY_HELLO);
    expect_failed(&t, tell(&t), TLSC_E_LOST_EXTENDED_MASTER_SECRET);
    close_talk(&t);
    talk u = { .server = NULL };
    open_second(&u, false, &master, extra);
    static const uint8_t ems[] = { 0, 0x17, 0, 0 };
    memcpy(extra + u.hello.extra.n, ems, sizeof(ems));
    u.hello.extra.n += sizeof(ems);
    expect_works(&u);
    assert_false(info(&u).resumed);
    close_talk(&u);
}

static void a_ticket_without_its_secret_gets_nowhere(void **state)
{
    (void)state;
    uint8_t extra[512];
    tlsc_secret master;
    talk t = { .server = NULL };
    open_second(&t, true, &master, extra);
    assert_ok(say_resuming_hello(&t, &master));
    t.client.hs.keyed_master.outer[0] ^= 1;
    say_ccs(&t);
    say_step(&t, SAY_FINISHED);
    expect_failed(&t, tell(&t), TLSC_E_BAD_FINISHED);
    close_talk(&t);
}

/* ---- out of order ---- */

static bool is_due(step at, unsigned type)
{
    return (at == SAY_HELLO && type == TLSC_HS_CLIENT_HELLO) ||
           (at == SAY_KEY_EXCHANGE && type == TLSC_HS_CLIENT_KEY_EXCHANGE) ||
           (at == SAY_FINISHED && type == TLSC_HS_FINISHED);
}

static void every_other_message_is_refused(void **state)
{
    (void)state;
    static const uint8_t types[] = { 0, 1, 2, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 22, 24, 25, 31,
                                     32, 67, 254, 255 };
    for (step at = SAY_HELLO; at < STEPS; at++) {
        for (size_t i = 0; i < TLSC_COUNT(types); i++) {
            if (is_due(at, types[i])) {
                continue;
            }
            talk t = { .server = NULL };
            tlsc_failure f;
            open_talk(&t);
            go_to(&t, at);
            client12_say(&t.client, types[i], nothing);
            expect_failed(&t, tell(&t), TLSC_E_UNEXPECTED_MESSAGE);
            tlsc_conn_error(tlsc_stream_conn(t.server), &f);
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
        talk t = { .server = NULL };
        open_talk(&t);
        go_to(&t, at);
        bool due = at == SAY_CCS;
        client12_say_record(&t.client, TLSC_CT_CHANGE_CIPHER_SPEC, due ? BYTES(1, 1) : BYTES(1));
        expect_failed(&t, tell(&t),
                      due                  ? TLSC_E_BAD_CCS
                      : at == SAY_FINISHED ? TLSC_E_RECORD_TYPE
                                           : TLSC_E_UNEXPECTED_CCS);
        close_talk(&t);
    }
}

static void nothing_stands_behind_a_message_that_changes_keys(void **state)
{
    (void)state;
    talk t = { .server = NULL };
    open_talk(&t);
    go_to(&t, SAY_KEY_EXCHANGE);
    client12_say_record(&t.client, TLSC_CT_HANDSHAKE, BYTES(16, 0, 0, 2, 1, 1, 20));
    expect_failed(&t, tell(&t), TLSC_E_KEY_CHANGE_IN_RECORD);
    close_talk(&t);
    talk u = { .server = NULL };
    open_talk(&u);
    go_to(&u, SAY_FINISHED);
    uint8_t message[4 + TLSC_VERIFY_DATA12_LEN + 1] = { 20, 0, 0, TLSC_VERIFY_DATA12_LEN };
    verify_data(&u, message + 4);
    client12_say_record(&u.client, TLSC_CT_HANDSHAKE, tlsc_bytes_of(message, sizeof(message)));
    expect_failed(&u, tell(&u), TLSC_E_KEY_CHANGE_IN_RECORD);
    close_talk(&u);
}

static void data_before_the_end_is_refused(void **state)
{
    (void)state;
    for (step at = SAY_KEY_EXCHANGE; at < STEPS; at++) {
        talk t = { .server = NULL };
        open_talk(&t);
        go_to(&t, at);
        client12_say_record(&t.client, TLSC_CT_APPLICATION_DATA, TEXT("too early"));
        expect_failed(&t, tell(&t), TLSC_E_RECORD_TYPE);
        close_talk(&t);
    }
}

/* ---- wrong messages ---- */

static tlsc_err require_extended(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    tlsc_config_require_extended_master_secret(b, true);
    return TLSC_OK;
}

static void hellos_are_judged(void **state)
{
    (void)state;
    static const struct {
        hand_hello change; /* fields that count are those that are set */
        bool strict;
        tlsc_err e;
    } rows[] = {
        { { .compression = { (const uint8_t *)"\1", 1 } }, false, TLSC_E_NO_NULL_COMPRESSION },
        { { .compression = { (const uint8_t *)"\1\0", 2 } }, false, TLSC_OK },
        { { .extra = { (const uint8_t *)"\xff\1\0\2\1\7", 6 } }, false,
          TLSC_E_BAD_RENEGOTIATION_INFO },
        { { .extra = { (const uint8_t *)"\0\x0b\0\2\1\1", 6 } }, false, TLSC_E_BAD_POINT_FORMATS },
        { { .extra = { (const uint8_t *)"\0\x0b\0\3\2\1\0", 7 } }, false, TLSC_OK },
        { { .extra = { (const uint8_t *)"\0\x0b\0\2\1\0", 6 } }, true,
          TLSC_E_MISSING_EXTENDED_MASTER_SECRET },
        { { .extra = { (const uint8_t *)"\0\x17\0\0", 4 } }, true, TLSC_OK },
        { { .extra = { (const uint8_t *)"\0\x17\0\1\0", 5 } }, false, TLSC_E_DECODE },
        { { .suites = { (const uint8_t *)"\xc0\x2f", 2 } }, false, TLSC_E_NO_SHARED_SIGNATURE },
        { { .suites = { (const uint8_t *)"\x00\x2f", 2 } }, false, TLSC_E_NO_SHARED_SUITE },
        { { .suites = { (const uint8_t *)"\x13\x01", 2 } }, false, TLSC_E_NO_SHARED_SUITE },
        { { .groups = { (const uint8_t *)"\0\x17\1\0", 4 } }, false, TLSC_OK },
        { { .groups = { (const uint8_t *)"\x11\xec", 2 } }, false, TLSC_E_NO_SHARED_SIGNATURE },
        { { .schemes = { (const uint8_t *)"\2\1\2\3", 4 } }, false, TLSC_E_NO_SHARED_SIGNATURE },
    };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        talk t = { .site = { .setup = rows[i].strict ? require_extended : NULL } };
        const hand_hello *change = &rows[i].change;
        open_talk(&t);
        t.hello.extra = nothing;
        t.hello.compression = change->compression;
        t.hello.extra = change->extra;
        t.hello.suites = change->suites.n > 0 ? change->suites : t.hello.suites;
        t.hello.schemes = change->schemes.n > 0 ? change->schemes : t.hello.schemes;
        if (change->groups.n > 0) {
            t.hello.groups = change->groups;
            t.client.hs.group = tlsc_provider_group(tlsc_provider_default(), 0x0017);
        }
        if (rows[i].e == TLSC_OK) {
            expect_works(&t);
        } else {
            say_step(&t, SAY_HELLO);
            expect_failed(&t, tell(&t), rows[i].e);
        }
        close_talk(&t);
    }
}

static void expect_refused_at(step at, uint8_t type, tlsc_bytes body, tlsc_err e)
{
    talk t = { .server = NULL };
    open_talk(&t);
    go_to(&t, at);
    client12_say(&t.client, type, body);
    expect_failed(&t, tell(&t), e);
    close_talk(&t);
}

static void malformed_messages_are_refused(void **state)
{
    (void)state;
    static const uint8_t zero[33] = { 32 };
    const uint8_t kx = TLSC_HS_CLIENT_KEY_EXCHANGE;
    expect_refused_at(SAY_KEY_EXCHANGE, kx, nothing, TLSC_E_DECODE);
    expect_refused_at(SAY_KEY_EXCHANGE, kx, BYTES(0), TLSC_E_DECODE);
    expect_refused_at(SAY_KEY_EXCHANGE, kx, BYTES(2, 1), TLSC_E_DECODE);
    expect_refused_at(SAY_KEY_EXCHANGE, kx, BYTES(1, 1, 1), TLSC_E_DECODE);
    expect_refused_at(SAY_KEY_EXCHANGE, kx, BYTES(1, 1), TLSC_E_BAD_KEY_SHARE);
    expect_refused_at(SAY_KEY_EXCHANGE, kx, tlsc_bytes_of(zero, 33), TLSC_E_BAD_KEY_SHARE);
    expect_refused_at(SAY_FINISHED, TLSC_HS_FINISHED, BYTES(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
                      TLSC_E_DECODE);
    expect_refused_at(SAY_FINISHED, TLSC_HS_FINISHED,
                      BYTES(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13), TLSC_E_DECODE);
    expect_refused_at(SAY_FINISHED, TLSC_HS_FINISHED,
                      BYTES(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), TLSC_E_BAD_FINISHED);
}

static void every_bit_of_finished_counts(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * TLSC_VERIFY_DATA12_LEN; bit++) {
        uint8_t data[TLSC_VERIFY_DATA12_LEN];
        talk t = { .server = NULL };
        open_talk(&t);
        go_to(&t, SAY_FINISHED);
        verify_data(&t, data);
        data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        client12_say(&t.client, TLSC_HS_FINISHED, tlsc_bytes_of(data, sizeof(data)));
        expect_failed(&t, tell(&t), TLSC_E_BAD_FINISHED);
        close_talk(&t);
    }
}

/* A Finished in the clear, and one under a wrong key. */
static void finished_is_protected(void **state)
{
    (void)state;
    for (int how = 0; how < 2; how++) {
        talk t = { .server = NULL };
        open_talk(&t);
        go_to(&t, SAY_CCS);
        if (how == 0) {
            assert_ok(tlsc_rl_put_ccs(&t.client.rl));
        } else {
            t.client.hs.keys12.client_key[0] ^= 1;
            say_ccs(&t);
        }
        say_step(&t, SAY_FINISHED);
        expect_failed(&t, tell(&t), TLSC_E_BAD_RECORD_MAC);
        close_talk(&t);
    }
}

/* ---- renegotiation ---- */

static void a_second_hello_ends_the_connection(void **state)
{
    (void)state;
    for (int hello = 0; hello < 2; hello++) {
        tlsc_err e = hello ? TLSC_E_RENEGOTIATION : TLSC_E_UNEXPECTED_MESSAGE;
        talk t = { .server = NULL };
        open_talk(&t);
        expect_works(&t);
        client12_say_record(&t.client, TLSC_CT_HANDSHAKE,
                            hello ? BYTES(1, 0, 0, 40) : BYTES(0, 0, 0, 0));
        assert_err(tell(&t), e);
        assert_int_equal(t.client.alert, tlsc_err_alert(e));
        close_talk(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_works),
        cmocka_unit_test(the_signalling_suite_is_answered),
        cmocka_unit_test(a_name_may_go_unacknowledged),
        cmocka_unit_test(pieces_and_packed_records),
        cmocka_unit_test(tickets_are_resumed),
        cmocka_unit_test(a_session_of_another_version_or_suite_is_declined),
        cmocka_unit_test(extended_master_secret_comes_and_goes_not_with_a_session),
        cmocka_unit_test(a_ticket_without_its_secret_gets_nowhere),
        cmocka_unit_test(every_other_message_is_refused),
        cmocka_unit_test(change_cipher_spec_has_one_place),
        cmocka_unit_test(nothing_stands_behind_a_message_that_changes_keys),
        cmocka_unit_test(data_before_the_end_is_refused),
        cmocka_unit_test(hellos_are_judged),
        cmocka_unit_test(malformed_messages_are_refused),
        cmocka_unit_test(every_bit_of_finished_counts),
        cmocka_unit_test(finished_is_protected),
        cmocka_unit_test(a_second_hello_ends_the_connection),
    };
    return cmocka_run_group_tests_name("server12", tests, NULL, NULL);
}
