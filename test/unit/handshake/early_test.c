/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/early_test.c: early data at a server: taken, refused for each reason, too much, where it
 * doesn't belong; and a server's data behind its Finished. */
#include "unit.h"

#include <string.h>

#include "boring_pair.h"
#include "hand_peer.h"
#include "handshake/config.h"
#include "keys/session.h"
#include "keys/ticket_seal.h"
#include "spy_store.h"
#include "wire/encrypted_extensions.h"
#include "wire/enums.h"

enum { LIMIT = 16, AGE_MS = 10000, GUARD_MAX = 8 };
static const uint32_t age_add = 0xfffff000; /* so that the sum wraps */

/* Remembers what it saw. */
typedef struct guard {
    tlsc_replay_guard guard;
    uint8_t seen[GUARD_MAX][32];
    unsigned asked;
    unsigned num;
    int64_t until_ms;
    tlsc_err fails;
} guard;

static tlsc_err is_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    guard *g = (guard *)ctx;
    g->asked++;
    g->until_ms = until_ms;
    *first = true;
    for (unsigned i = 0; i < g->num; i++) {
        *first = *first && memcmp(g->seen[i], id, 32) != 0;
    }
    assert_true(g->num < GUARD_MAX);
    memcpy(g->seen[g->num++], id, 32);
    return g->fails;
}

/* A site that takes early data, a ticket that it opens, and what a client says with it. */
typedef struct stage {
    tls_site site;
    guard guard;
    spy_store spy;
    tlsc_session session;
    tlsc_buf ticket;
    hand_hello hello;
    hand_peer peer;
    int64_t skew_ms; /* that was told */
} stage;

static void stage_open(stage *s)
{
    memset(s, 0, sizeof(*s));
    s->guard.guard = (tlsc_replay_guard){ sizeof(tlsc_replay_guard), &s->guard, is_first };
    s->site.tickets = true;
    s->site.max_early_data = LIMIT;
    s->site.guard = &s->guard.guard;
    assert_ok(tls_site_open(&s->site));
    spy_open(&s->spy, &s->site.now_ms);
    s->ticket = tlsc_buf_of(2048);
    s->session = (tlsc_session){ .version = TLSC_TLS13,
                                 .suite = 0x1301,
                                 .secret = { .b = { 1, 2, 3 }, .n = 32 },
                                 .issued_ms = s->site.now_ms - AGE_MS,
                                 .age_add = age_add,
                                 .max_early_data = LIMIT };
    s->hello = (hand_hello){ .early_data = true,
                             .psk = &s->session.secret,
                             .obfuscated_age = AGE_MS + age_add };
}

/* The same with the site's configuration made anew. */
static void stage_change(stage *s, void (*change)(tls_site *site))
{
    tlsc_ticket_keys keys = s->site.keys;
    tls_site_close(&s->site);
    s->site.keys = keys;
    change(&s->site);
    assert_ok(tls_site_open(&s->site));
}

static void stage_close(stage *s)
{
    tlsc_buf_clear(&s->ticket);
    spy_close(&s->spy);
    tls_site_close(&s->site);
}

/* Seals the session, into a ticket or the store. */
static void seal(stage *s)
{
    static const uint8_t key[TLSC_STORE_KEY_MAX] = { 2, 4, 6 };
    tlsc_buf encoded = tlsc_buf_of(1024);
    tlsc_buf_clear(&s->ticket);
    assert_ok(tlsc_session_emit(&encoded, &s->session));
    assert_ok(tlsc_ticket_seal(s->site.provider, s->site.provider->random, &s->site.keys,
                               s->site.now_ms, tlsc_buf_bytes(&encoded), &s->ticket));
    tlsc_buf_clear(&encoded);
    if (s->site.store != NULL) {
        assert_ok(s->spy.inner.put(s->spy.inner.ctx, tlsc_bytes_of(key, sizeof(key)),
                                   tlsc_buf_bytes(&s->ticket), 3600));
        tlsc_buf_clear(&s->ticket);
        assert_ok(tlsc_buf_append(&s->ticket, tlsc_bytes_of(key, sizeof(key))));
    }
    s->hello.ticket = tlsc_buf_bytes(&s->ticket);
}

/* Up to the server's Finished, which was read; what the client says now is under the early key. */
static void begin(stage *s, uint16_t suite)
{
    seal(s);
    assert_ok(hand_peer_begin(&s->peer, &s->site, suite, &s->hello));
    hand_enter_early(&s->peer.client);
    hand_take_flight(&s->peer);
}

/* From there on to traffic; EndOfEarlyData has been said. */
static void finish(stage *s, bool accepted)
{
    hand_peer *p = &s->peer;
    hand_leave_early(&p->client);
    for (size_t at = 0; at < p->client.flight.n;) {
        const uint8_t *m = p->client.flight.p + at;
        size_t n = (size_t)m[2] << 8 | m[3];
        if (m[0] == TLSC_HS_ENCRYPTED_EXTENSIONS) {
            tlsc_encrypted_extensions ee;
            assert_ok(tlsc_encrypted_extensions_parse(&ee, tlsc_bytes_of(m + 4, n)));
            assert_int_equal(ee.early_data, accepted);
        }
        at += 4 + n;
    }
    if (accepted) {
        assert_ok(tlsc_transcript_add(&p->client.transcript, BYTES(5, 0, 0, 0)));
    }
    hand_expect_works(p);
}

static tlsc_early_data became(stage *s)
{
    tlsc_info info;
    tlsc_conn_info(s->peer.conn, &info);
    s->skew_ms = info.ticket_age_skew_ms;
    return info.early_data;
}

static tlsc_err say_data(stage *s, size_t n)
{
    static const uint8_t data[LIMIT + 1] = "early data early";
    return hand_say(&s->peer, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(data, n));
}

static tlsc_err say_end(stage *s)
{
    return hand_say(&s->peer, TLSC_CT_HANDSHAKE, BYTES(5, 0, 0, 0));
}

static size_t read_all(stage *s)
{
    uint8_t got[64];
    return tlsc_stream_read(s->peer.server, got, sizeof(got));
}

static void expect_accepted(stage *s)
{
    begin(s, 0);
    assert_int_equal(became(s), TLSC_EARLY_ACCEPTED);
    assert_ok(say_data(s, 5));
    assert_int_equal(read_all(s), 5);
    assert_ok(say_end(s));
    finish(s, true);
    assert_true(s->peer.client.resumed);
    assert_int_equal(became(s), TLSC_EARLY_ACCEPTED);
    hand_peer_close(&s->peer);
}

/* Its records are passed over, and the handshake goes on. */
static void expect_refused_with(stage *s, tlsc_early_data reason, uint16_t suite)
{
    begin(s, suite);
    assert_int_equal(became(s), reason);
    assert_ok(say_data(s, 5));
    assert_ok(say_end(s));
    assert_int_equal(read_all(s), 0);
    finish(s, false);
    assert_int_equal(s->peer.client.resumed, reason != TLSC_EARLY_NOT_RESUMED);
    assert_int_equal(became(s), reason);
    hand_peer_close(&s->peer);
}

static void expect_refused(stage *s, tlsc_early_data reason)
{
    expect_refused_with(s, reason, 0);
}

/* ---- taken ---- */

static void early_data_is_taken_and_told_apart(void **state)
{
    (void)state;
    stage s;
    tlsc_opened opened;
    stage_open(&s);
    begin(&s, 0);
    tlsc_buf record = tlsc_buf_of(TLSC_MAX_RECORD);
    for (int i = 0; i < 2; i++) {
        hand_seal(&s.peer.client, &record, TLSC_CT_APPLICATION_DATA, TEXT("early"));
        assert_ok(tlsc_conn_open(s.peer.conn, record.p, record.n, &opened));
        assert_int_equal(opened.consumed, record.n);
        assert_bytes_equal(opened.data, TEXT("early"));
        assert_int_equal(opened.events, TLSC_EVENT_EARLY_DATA);
        assert_int_equal(opened.wait, TLSC_WAIT_MESSAGE);
        tlsc_buf_clear(&record);
    }
    assert_int_equal(s.guard.asked, 1);
    assert_int_equal(s.guard.until_ms, s.site.now_ms + 120000);
    assert_non_null(strstr(s.site.key_log, "CLIENT_EARLY_TRAFFIC_SECRET "));
    assert_ok(say_end(&s));
    finish(&s, true);
    /* what comes now is no early data */
    hand_seal(&s.peer.client, &record, TLSC_CT_APPLICATION_DATA, TEXT("late"));
    assert_ok(tlsc_conn_open(s.peer.conn, record.p, record.n, &opened));
    assert_bytes_equal(opened.data, TEXT("late"));
    assert_int_equal(opened.events, 0);
    tlsc_buf_clear(&record);
    hand_peer_close(&s.peer);
    stage_close(&s);
}

static void there_may_be_none_of_it(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    begin(&s, 0);
    assert_ok(say_end(&s));
    finish(&s, true);
    hand_peer_close(&s.peer);
    stage_close(&s);
}

static void its_bytes_are_counted_but_not_its_padding(void **state)
{
    (void)state;
    static const struct {
        size_t sizes[3];
        bool fits;
    } rows[] = { { { LIMIT, 0, 0 }, true },    { { LIMIT + 1, 0, 0 }, false },
                 { { 10, 6, 0 }, true },       { { 10, 0, 6 }, true },
                 { { 10, 7, 0 }, false },      { { LIMIT, 1, 0 }, false } };
    stage s;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_err rc = TLSC_OK;
        stage_open(&s);
        begin(&s, 0);
        for (size_t k = 0; k < 3 && rc == TLSC_OK; k++) {
            rc = say_data(&s, rows[i].sizes[k]);
        }
        if (rows[i].fits) {
            tlsc_buf record = tlsc_buf_of(TLSC_MAX_RECORD);
            assert_ok(rc);
            hand_seal_padded(&s.peer.client, &record, TLSC_CT_APPLICATION_DATA,
                             (tlsc_bytes){ NULL, 0 }, 1000);
            assert_ok(hand_feed(&s.peer, tlsc_buf_bytes(&record)));
            tlsc_buf_clear(&record);
            assert_int_equal(read_all(&s), LIMIT);
            assert_ok(say_end(&s));
            finish(&s, true);
        } else {
            assert_err(rc, TLSC_E_TOO_MUCH_EARLY_DATA);
            hand_expect_failed(&s.peer, TLSC_E_TOO_MUCH_EARLY_DATA,
                               "server13: expect EndOfEarlyData");
        }
        hand_peer_close(&s.peer);
        stage_close(&s);
    }
}

/* ---- refused ---- */

static void switch_off(tls_site *site)
{
    site->max_early_data = 0;
}

static void allow_less(tls_site *site)
{
    site->max_early_data = LIMIT - 1;
}

static void with_alpn(tls_site *site)
{
    site->alpn = "h2";
}

static void it_is_refused_for_each_reason(void **state)
{
    (void)state;
    static const uint8_t chacha[] = { 0x13, 3 };
    for (int what = 0; what < 8; what++) {
        stage s;
        tlsc_early_data reason = TLSC_EARLY_SESSION;
        uint16_t suite = 0;
        stage_open(&s);
        switch (what) {
        case 0:
            stage_change(&s, switch_off);
            reason = TLSC_EARLY_OFF;
            break;
        case 1:
            s.session.identity[0] ^= 1;
            reason = TLSC_EARLY_NOT_RESUMED;
            break;
        case 2:
            s.session.server_name = TEXT("other.test");
            reason = TLSC_EARLY_NOT_RESUMED;
            break;
        case 3:
            s.hello.strangers = 1;
            break;
        case 4:
            s.session.max_early_data = 0;
            break;
        case 5:
            stage_change(&s, allow_less);
            break;
        case 6:
            suite = 0x1303; /* of the same hash */
            s.hello.suites = tlsc_bytes_of(chacha, sizeof(chacha));
            reason = TLSC_EARLY_SUITE;
            break;
        default:
            s.session.alpn = TEXT("h2");
            reason = TLSC_EARLY_ALPN;
            break;
        }
        expect_refused_with(&s, reason, suite);
        assert_int_equal(s.guard.asked, 0);
        stage_close(&s);
    }
}

static void another_protocol_than_the_sessions_refuses_it(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    stage_change(&s, with_alpn);
    s.hello.alpn = TEXT("\x02h2");
    s.session.alpn = TEXT("h2");
    expect_accepted(&s);
    s.session.alpn = TEXT("h3");
    expect_refused(&s, TLSC_EARLY_ALPN);
    s.session.alpn = (tlsc_bytes){ NULL, 0 };
    expect_refused(&s, TLSC_EARLY_ALPN);
    stage_close(&s);
}

/* A replay would act in the name of whose certificate it was. */
static void it_is_off_where_client_certificates_are_asked_for(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    /* as a builder with a verifier would have made it */
    tlsc_config asking = *s.site.config;
    const tlsc_config *plain = s.site.config;
    asking.client_auth = TLSC_CLIENT_AUTH_OPTIONAL;
    s.site.config = &asking;
    expect_refused(&s, TLSC_EARLY_OFF);
    s.site.config = plain;
    stage_close(&s);
}

/* The reason that is told is the first that would have been enough. */
static void a_hello_retry_request_refuses_it(void **state)
{
    (void)state;
    enum { OFF, NOT_RESUMED, RESUMED, CASES };
    static const tlsc_early_data at_once[] = { TLSC_EARLY_OFF, TLSC_EARLY_RETRY, TLSC_EARLY_RETRY };
    static const tlsc_early_data at_last[] = { TLSC_EARLY_OFF, TLSC_EARLY_NOT_RESUMED,
                                               TLSC_EARLY_RETRY };
    for (int what = OFF; what < CASES; what++) {
        stage s;
        tlsc_server_hello retry;
        tlsc_bytes out;
        stage_open(&s);
        if (what == OFF) {
            stage_change(&s, switch_off);
        }
        s.session.identity[0] ^= what == NOT_RESUMED ? 1 : 0;
        seal(&s);
        s.hello.no_share = true;
        assert_ok(hand_peer_begin(&s.peer, &s.site, 0, &s.hello));
        assert_int_equal(became(&s), at_once[what]);
        hand_enter_early(&s.peer.client);
        assert_ok(say_data(&s, 5));
        hand_leave_early(&s.peer.client);
        assert_ok(tlsc_stream_output(s.peer.server, &out));
        assert_int_equal(hand_read_retry(&s.peer.client, out.p, out.n, &retry), out.n);
        tlsc_stream_sent(s.peer.server, out.n);
        s.hello.no_share = false;
        s.hello.early_data = false;
        assert_ok(hand_say_hello(&s.peer, &s.hello));
        assert_int_equal(read_all(&s), 0);
        hand_take_flight(&s.peer);
        finish(&s, false);
        assert_int_equal(s.peer.client.resumed, what != NOT_RESUMED);
        assert_int_equal(became(&s), at_last[what]);
        assert_int_equal(s.guard.asked, 0);
        hand_peer_close(&s.peer);
        stage_close(&s);
    }
}

static void the_tickets_age_must_fit_the_clock_within_a_minute(void **state)
{
    (void)state;
    static const struct {
        int64_t off_ms;
        bool fits;
    } rows[] = { { 0, true },      { 60000, true },   { -60000, true }, { 60001, false },
                 { -60001, false }, { 61000, false }, { -61000, false } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        stage s;
        stage_open(&s);
        s.session.issued_ms = s.site.now_ms - 200000;
        s.hello.obfuscated_age = (uint32_t)(200000 + rows[i].off_ms) + age_add;
        if (rows[i].fits) {
            expect_accepted(&s);
            assert_int_equal(s.guard.until_ms, s.site.now_ms + rows[i].off_ms + 120000);
        } else {
            expect_refused(&s, TLSC_EARLY_AGE);
            assert_int_equal(s.guard.asked, 0);
        }
        assert_int_equal(s.skew_ms, rows[i].off_ms);
        stage_close(&s);
    }
}

/* The clock was set back: the ticket is from the future, and the client says it is five seconds old. */
static void a_clock_that_goes_backwards_refuses_it_in_time(void **state)
{
    (void)state;
    for (int late = 0; late < 2; late++) {
        stage s;
        stage_open(&s);
        s.session.issued_ms = s.site.now_ms + 55000 + late;
        s.hello.obfuscated_age = 5000 + age_add;
        if (late) {
            expect_refused(&s, TLSC_EARLY_AGE);
        } else {
            expect_accepted(&s);
        }
        s.session.issued_ms = s.site.now_ms + 60001;
        s.hello.obfuscated_age = age_add;
        expect_refused(&s, TLSC_EARLY_NOT_RESUMED);
        stage_close(&s);
    }
}

/* ---- replayed ---- */

/* Says the same bytes again to another connection. */
static void replay(stage *s, tlsc_early_data expected)
{
    tlsc_buf hello = tlsc_buf_of(4096);
    tlsc_stream *server;
    tlsc_info info;
    hand_plain(&hello, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&s->peer.client.hello));
    assert_ok(tls_server_new(&s->site, &server));
    assert_ok(tls_server_feed(&s->site, server, hello.p, hello.n));
    tlsc_conn_info(tlsc_stream_conn(server), &info);
    assert_int_equal(info.early_data, expected);
    tlsc_stream_free(server);
    tlsc_buf_clear(&hello);
}

static void a_replay_is_refused_by_the_guard(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    begin(&s, 0);
    assert_int_equal(became(&s), TLSC_EARLY_ACCEPTED);
    replay(&s, TLSC_EARLY_REPLAY);
    replay(&s, TLSC_EARLY_REPLAY);
    hand_peer_close(&s.peer);
    /* another ClientHello with the same ticket is no replay */
    expect_accepted(&s);
    /* who can't tell refuses */
    s.guard.fails = TLSC_E_INTERNAL;
    expect_refused(&s, TLSC_EARLY_REPLAY);
    stage_close(&s);
}

static void use_store(stage *s)
{
    tlsc_ticket_keys keys = s->site.keys;
    tls_site_close(&s->site);
    s->site.keys = keys;
    s->site.store = &s->spy.store;
    s->site.guard = NULL;
    assert_ok(tls_site_open(&s->site));
}

static void a_replay_finds_no_session_in_the_store(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    use_store(&s);
    begin(&s, 0);
    assert_int_equal(became(&s), TLSC_EARLY_ACCEPTED);
    replay(&s, TLSC_EARLY_NOT_RESUMED);
    hand_peer_close(&s.peer);
    expect_accepted(&s); /* stored again */
    assert_int_equal(s.spy.takes, 3);
    stage_close(&s);
}

static void a_store_that_answers_later_serves_as_well(void **state)
{
    (void)state;
    stage s;
    tlsc_bytes key;
    tlsc_opened opened;
    bool take;
    uint8_t value[TLSC_STORE_VALUE_MAX];
    stage_open(&s);
    use_store(&s);
    s.spy.later = true;
    seal(&s);
    assert_ok(hand_peer_begin(&s.peer, &s.site, 0, &s.hello));
    hand_enter_early(&s.peer.client);
    assert_int_equal(tlsc_conn_wait(s.peer.conn), TLSC_WAIT_SESSION);
    assert_ok(say_data(&s, 5)); /* lies there meanwhile */
    assert_ok(tlsc_conn_session_request(s.peer.conn, &key, &take));
    size_t n = spy_look_up(&s.spy, key, take, value, sizeof(value));
    assert_ok(tlsc_conn_answer_session(s.peer.conn, tlsc_bytes_of(value, n), &opened));
    assert_int_equal(became(&s), TLSC_EARLY_ACCEPTED);
    assert_ok(tlsc_stream_step(s.peer.server));
    assert_int_equal(read_all(&s), 5);
    assert_ok(say_end(&s));
    hand_take_flight(&s.peer);
    finish(&s, true);
    hand_peer_close(&s.peer);
    stage_close(&s);
}

static const tlsc_replay_guard *the_guard;

static void with_guard(tls_site *site)
{
    site->guard = the_guard;
}

static void a_store_whose_take_is_not_atomic_takes_none(void **state)
{
    (void)state;
    for (int guarded = 0; guarded < 2; guarded++) {
        stage s;
        stage_open(&s);
        s.spy.store.atomic_take = false;
        use_store(&s);
        if (guarded) {
            the_guard = &s.guard.guard;
            stage_change(&s, with_guard);
            expect_accepted(&s);
            assert_int_equal(s.guard.asked, 1);
        } else {
            expect_refused(&s, TLSC_EARLY_REPLAY);
        }
        stage_close(&s);
    }
}

/* ---- where it doesn't belong ---- */

static const char end_expected[] = "server13: expect EndOfEarlyData";

static void expect_dead(stage *s, tlsc_err rc, tlsc_err expected, const char *where)
{
    assert_err(rc, expected);
    hand_expect_failed(&s->peer, expected, where);
    hand_peer_close(&s->peer);
    stage_close(s);
}

static void nothing_but_end_of_early_data_ends_it(void **state)
{
    (void)state;
    stage s;
    for (unsigned type = 0; type < 256; type++) { /* all messages, under the early key */
        uint8_t message[4] = { (uint8_t)type, 0, 0, 0 };
        if (type == TLSC_HS_END_OF_EARLY_DATA) {
            continue;
        }
        stage_open(&s);
        begin(&s, 0);
        assert_ok(say_data(&s, 5));
        expect_dead(&s, hand_say(&s.peer, TLSC_CT_HANDSHAKE, tlsc_bytes_of(message, 4)),
                    TLSC_E_UNEXPECTED_MESSAGE, end_expected);
    }
    /* Finished under the handshake key, without it */
    stage_open(&s);
    begin(&s, 0);
    assert_ok(say_data(&s, 5));
    hand_leave_early(&s.peer.client);
    assert_err(hand_say_finished(&s.peer), TLSC_E_BAD_RECORD_MAC);
    hand_peer_close(&s.peer);
    stage_close(&s);
}

static void end_of_early_data_is_empty_and_ends_its_record(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    begin(&s, 0);
    expect_dead(&s, hand_say(&s.peer, TLSC_CT_HANDSHAKE, BYTES(5, 0, 0, 1, 0)), TLSC_E_DECODE,
                end_expected);
    stage_open(&s);
    begin(&s, 0);
    expect_dead(&s, hand_say(&s.peer, TLSC_CT_HANDSHAKE, BYTES(5, 0, 0, 0, 20)),
                TLSC_E_KEY_CHANGE_IN_RECORD, end_expected);
    /* data in the middle of it */
    stage_open(&s);
    begin(&s, 0);
    assert_ok(hand_say(&s.peer, TLSC_CT_HANDSHAKE, BYTES(5, 0)));
    expect_dead(&s, say_data(&s, 1), TLSC_E_INTERLEAVED_MESSAGE, end_expected);
}

static void it_comes_once_and_only_after_early_data_that_was_taken(void **state)
{
    (void)state;
    static const char finished_expected[] = "server13: expect Finished";
    stage s;
    /* twice, under the early key that is gone */
    stage_open(&s);
    begin(&s, 0);
    assert_ok(say_end(&s));
    expect_dead(&s, say_end(&s), TLSC_E_BAD_RECORD_MAC, finished_expected);
    /* twice, under the handshake key */
    stage_open(&s);
    begin(&s, 0);
    assert_ok(say_end(&s));
    hand_leave_early(&s.peer.client);
    assert_err(say_end(&s), TLSC_E_UNEXPECTED_MESSAGE);
    hand_expect_failed(&s.peer, TLSC_E_UNEXPECTED_MESSAGE, finished_expected);
    hand_peer_close(&s.peer);
    stage_close(&s);
    /* where none was taken */
    stage_open(&s);
    stage_change(&s, switch_off);
    begin(&s, 0);
    hand_leave_early(&s.peer.client);
    assert_err(say_end(&s), TLSC_E_UNEXPECTED_MESSAGE);
    hand_expect_failed(&s.peer, TLSC_E_UNEXPECTED_MESSAGE, finished_expected);
    hand_peer_close(&s.peer);
    stage_close(&s);
}

static void no_data_comes_behind_its_end(void **state)
{
    (void)state;
    static const char finished_expected[] = "server13: expect Finished";
    stage s;
    stage_open(&s); /* under the early key */
    begin(&s, 0);
    assert_ok(say_end(&s));
    expect_dead(&s, say_data(&s, 1), TLSC_E_BAD_RECORD_MAC, finished_expected);
    stage_open(&s); /* under the handshake key */
    begin(&s, 0);
    assert_ok(say_end(&s));
    hand_leave_early(&s.peer.client);
    assert_err(say_data(&s, 1), TLSC_E_RECORD_TYPE);
    hand_expect_failed(&s.peer, TLSC_E_RECORD_TYPE, finished_expected);
    hand_peer_close(&s.peer);
    stage_close(&s);
    stage_open(&s); /* after Finished, still under the early key */
    begin(&s, 0);
    tlsc_buf late = tlsc_buf_of(256);
    assert_ok(say_end(&s));
    hand_seal(&s.peer.client, &late, TLSC_CT_APPLICATION_DATA, TEXT("x"));
    finish(&s, true);
    assert_err(hand_feed(&s.peer, tlsc_buf_bytes(&late)), TLSC_E_BAD_RECORD_MAC);
    tlsc_buf_clear(&late);
    hand_peer_close(&s.peer);
    stage_close(&s);
}

static void an_alert_under_the_early_key_is_heard(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    begin(&s, 0);
    assert_ok(say_data(&s, 1));
    assert_err(hand_say(&s.peer, TLSC_CT_ALERT, BYTES(2, 40)), TLSC_E_PEER_ALERT);
    hand_peer_close(&s.peer);
    /* close_notify instead of EndOfEarlyData is no end of a handshake */
    begin(&s, 0);
    assert_err(hand_say(&s.peer, TLSC_CT_ALERT, BYTES(1, 0)), TLSC_E_CLOSED_EARLY);
    hand_peer_close(&s.peer);
    stage_close(&s);
}

static void a_bit_changed_in_an_early_record_is_fatal(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    begin(&s, 0);
    tlsc_buf record = tlsc_buf_of(256);
    hand_seal(&s.peer.client, &record, TLSC_CT_APPLICATION_DATA, TEXT("early"));
    record.p[record.n - 1] ^= 1;
    expect_dead(&s, hand_feed(&s.peer, tlsc_buf_bytes(&record)), TLSC_E_BAD_RECORD_MAC,
                end_expected);
    tlsc_buf_clear(&record);
}

/* ---- data behind the server's Finished ---- */

static void half_rtt(tls_site *site)
{
    site->half_rtt_data = true;
}

static void read_half_rtt(stage *s)
{
    tlsc_bytes out;
    tlsc_bytes content;
    uint8_t type = 0;
    assert_ok(tlsc_stream_output(s->peer.server, &out));
    uint8_t *copy = test_copy(out);
    assert_int_equal(hand_open_record(&s->peer.client, copy, out.n, &type, &content), out.n);
    assert_int_equal(type, TLSC_CT_APPLICATION_DATA);
    assert_bytes_equal(content, TEXT("soon"));
    tlsc_mem_free(copy);
    tlsc_stream_sent(s->peer.server, out.n);
}

static void a_server_may_speak_behind_its_finished(void **state)
{
    (void)state;
    for (int resumes = 0; resumes < 2; resumes++) {
        stage s;
        tlsc_plan plan;
        stage_open(&s);
        if (!resumes) {
            s.session.identity[0] ^= 1;
        }
        begin(&s, 0); /* not allowed: it waits */
        assert_err(tlsc_conn_plan(s.peer.conn, 1, &plan), TLSC_E_NOT_READY);
        assert_err(tlsc_conn_update_keys(s.peer.conn, false), TLSC_E_NOT_READY);
        hand_peer_close(&s.peer);
        stage_change(&s, half_rtt);
        begin(&s, 0);
        assert_ok(tlsc_stream_write(s.peer.server, (const uint8_t *)"soon", 4));
        read_half_rtt(&s);
        tlsc_conn_send_tickets(s.peer.conn);
        assert_false(tlsc_conn_has_output(s.peer.conn));
        assert_err(tlsc_conn_update_keys(s.peer.conn, false), TLSC_E_NOT_READY);
        hand_peer_close(&s.peer);
        stage_close(&s);
    }
}

static void it_waits_where_a_client_certificate_is_asked_for(void **state)
{
    (void)state;
    stage s;
    tlsc_plan plan;
    stage_open(&s);
    stage_change(&s, half_rtt);
    const tlsc_config *plain = s.site.config;
    tlsc_config asking = *plain;
    asking.client_auth = TLSC_CLIENT_AUTH_OPTIONAL;
    s.site.config = &asking;
    begin(&s, 0);
    assert_err(tlsc_conn_plan(s.peer.conn, 1, &plan), TLSC_E_NOT_READY);
    hand_peer_close(&s.peer);
    s.site.config = plain;
    stage_close(&s);
}

static void it_goes_on_with_the_connection(void **state)
{
    (void)state;
    stage s;
    stage_open(&s);
    stage_change(&s, half_rtt);
    begin(&s, 0);
    assert_ok(say_data(&s, 5));
    assert_int_equal(read_all(&s), 5);
    assert_ok(say_end(&s));
    hand_leave_early(&s.peer.client);
    assert_ok(tlsc_stream_write(s.peer.server, (const uint8_t *)"soon", 4));
    read_half_rtt(&s);
    assert_ok(tlsc_transcript_add(&s.peer.client.transcript, BYTES(5, 0, 0, 0)));
    uint64_t seq = s.peer.client.rd.seq;
    assert_ok(hand_say_finished(&s.peer)); /* which starts the keys anew, and these go on */
    s.peer.client.rd.seq = seq;
    s.peer.at = AT_TRAFFIC;
    hand_expect_works(&s.peer);
    hand_peer_close(&s.peer);
    stage_close(&s);
}

/* ---- with BoringSSL's client ---- */

/* A connection that leaves a session. */
static tls_client_session *session_of(tls_site *site, tls_client_options *options)
{
    tls_client_session *session;
    options->session = NULL;
    assert_false(boring_connect(site, options, &session));
    assert_non_null(session);
    options->session = session;
    return session;
}

/* "early" before the handshake; the server's answer to it may come before the client's Finished. */
static void boring_early(tls_site *site, const tls_client_options *options, bool accepted)
{
    boring_pair p;
    uint8_t got[64];
    boring_open(&p, site, options);
    assert_int_equal(tls_client_handshake(p.client), TLS_CLIENT_WANTS);
    assert_true(tls_client_in_early_data(p.client));
    assert_true(tls_client_write(p.client, (const uint8_t *)"early", 5));
    (void)boring_pump(&p);
    assert_ok(p.error);
    assert_int_equal(tlsc_stream_read(p.server, got, sizeof(got)), accepted ? 5 : 0);
    if (accepted && site->half_rtt_data) {
        assert_false(boring_info(&p).handshake_done);
        assert_ok(tlsc_stream_write(p.server, (const uint8_t *)"soon", 4));
        boring_client_reads(&p, "soon");
    }
    boring_works(&p);
    assert_int_equal(tls_client_early_data_accepted(p.client), accepted);
    assert_int_equal(boring_info(&p).early_data == TLSC_EARLY_ACCEPTED, accepted);
    boring_close(&p);
}

static void boringssl_sends_early_data(void **state)
{
    (void)state;
    for (int way = 0; way < 4; way++) { /* with a guard or a store; with an early answer or without */
        guard g = { .num = 0 };
        spy_store spy;
        tls_site site = { .tickets = true, .max_early_data = 1000, .half_rtt_data = way / 2 };
        g.guard = (tlsc_replay_guard){ sizeof(g.guard), &g, is_first };
        spy_open(&spy, &site.now_ms);
        if (way % 2) {
            site.store = &spy.store;
        } else {
            site.guard = &g.guard;
        }
        assert_ok(tls_site_open(&site));
        tls_client_options options = { .server_name = "alpha.tlsx.test", .early_data = true };
        tls_client_session *session = session_of(&site, &options);
        assert_true(tls_client_session_early_data(session));
        boring_early(&site, &options, true);
        tls_client_session_free(session);
        session = session_of(&site, &options);
        site.now_ms += 61000; /* its own clock stands still */
        boring_early(&site, &options, false);
        tls_client_session_free(session);
        tls_site_close(&site);
        spy_close(&spy);
    }
}

static void a_ticket_says_whether_it_is_good_for_early_data(void **state)
{
    (void)state;
    guard g = { .num = 0 };
    g.guard = (tlsc_replay_guard){ sizeof(g.guard), &g, is_first };
    for (int on = 0; on < 2; on++) {
        tls_site site = { .tickets = true, .max_early_data = on ? 1 : 0, .guard = &g.guard };
        tls_client_options options = { .early_data = true };
        assert_ok(tls_site_open(&site));
        tls_client_session *session = session_of(&site, &options);
        assert_int_equal(tls_client_session_early_data(session), on);
        tls_client_session_free(session);
        tls_site_close(&site);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early_data_is_taken_and_told_apart),
        cmocka_unit_test(there_may_be_none_of_it),
        cmocka_unit_test(its_bytes_are_counted_but_not_its_padding),
        cmocka_unit_test(it_is_refused_for_each_reason),
        cmocka_unit_test(another_protocol_than_the_sessions_refuses_it),
        cmocka_unit_test(it_is_off_where_client_certificates_are_asked_for),
        cmocka_unit_test(a_hello_retry_request_refuses_it),
        cmocka_unit_test(the_tickets_age_must_fit_the_clock_within_a_minute),
        cmocka_unit_test(a_clock_that_goes_backwards_refuses_it_in_time),
        cmocka_unit_test(a_replay_is_refused_by_the_guard),
        cmocka_unit_test(a_replay_finds_no_session_in_the_store),
        cmocka_unit_test(a_store_that_answers_later_serves_as_well),
        cmocka_unit_test(a_store_whose_take_is_not_atomic_takes_none),
        cmocka_unit_test(nothing_but_end_of_early_data_ends_it),
        cmocka_unit_test(end_of_early_data_is_empty_and_ends_its_record),
        cmocka_unit_test(it_comes_once_and_only_after_early_data_that_was_taken),
        cmocka_unit_test(no_data_comes_behind_its_end),
        cmocka_unit_test(an_alert_under_the_early_key_is_heard),
        cmocka_unit_test(a_bit_changed_in_an_early_record_is_fatal),
        cmocka_unit_test(a_server_may_speak_behind_its_finished),
        cmocka_unit_test(it_waits_where_a_client_certificate_is_asked_for),
        cmocka_unit_test(it_goes_on_with_the_connection),
        cmocka_unit_test(boringssl_sends_early_data),
        cmocka_unit_test(a_ticket_says_whether_it_is_good_for_early_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
