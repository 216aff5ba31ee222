/* SPDX-License-Identifier: Apache-2.0 */
/* conn/server_play_test.c: the seeds of the fuzzers client_hello, deframe and server. Each seed of
 * the last is played here, and leads where its name says: past the client's Finished, that is, or
 * to one error.
 *
 * TLSX_SEEDS_WRITE=DIR writes them to DIR/{client_hello,deframe,server}/. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hand_client.h"
#include "keys/prf12.h"
#include "keys/session.h"
#include "keys/ticket_seal.h"
#include "leaf_der.h"
#include "rfc8448.h"
#include "server_play.h"
#include "tls_client.h"
#include "toy_provider.h"
#include "wire/certificate.h"
#include "wire/enums.h"
#include "wire/key_exchange12.h"
#include "wire/record_header.h"

/* A seed under way, and the client whose words it holds. */
typedef struct seed {
    hand_client client;
    tlsc_buf bytes;
    uint8_t answers[8];
    size_t num_answers;
} seed;

static void write_seed(const char *fuzzer, const char *name, tlsc_bytes bytes)
{
    char path[512];
    const char *dir = getenv("TLSX_SEEDS_WRITE");
    if (dir == NULL) {
        return;
    }
    (void)snprintf(path, sizeof(path), "%s/%s/%s", dir, fuzzer, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
}

/* ---- writing plays ---- */

static void op(seed *s, uint8_t v)
{
    assert_ok(tlsc_buf_append(&s->bytes, tlsc_bytes_of(&v, 1)));
}

static void begin(seed *s, uint8_t flags)
{
    memset(s, 0, sizeof(*s));
    s->bytes = tlsc_buf_of(1 << 17);
    hand_open(&s->client, toy_provider(), 0);
    op(s, flags);
}

/* The pauses' answers in the order of the pauses: they are read from the back. */
static void answer(seed *s, uint8_t v)
{
    s->answers[s->num_answers++] = v;
}

static void feed(seed *s, tlsc_bytes bytes)
{
    op(s, PLAY_FEED_LONG);
    op(s, (uint8_t)(bytes.n >> 8));
    op(s, (uint8_t)bytes.n);
    assert_ok(tlsc_buf_append(&s->bytes, bytes));
}

/* In one record, protected once there are keys. */
static void say(seed *s, uint8_t type, tlsc_bytes content)
{
    tlsc_buf record = tlsc_buf_of(1 << 16);
    if (s->client.wr.suite == NULL) {
        hand_plain(&record, type, content);
    } else {
        hand_seal(&s->client, &record, type, content);
    }
    feed(s, tlsc_buf_bytes(&record));
    tlsc_buf_clear(&record);
}

static void say_hello(seed *s, const hand_hello *h)
{
    hand_make_hello(&s->client, h);
    say(s, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&s->client.hello));
}

static void say_message(seed *s, uint8_t type, tlsc_bytes body)
{
    tlsc_buf message = tlsc_buf_of(1 << 16);
    hand_message(&message, type, body);
    say(s, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    tlsc_buf_clear(&message);
}

/* As if the server's flight had been read: with this provider every secret is the same. */
static void enter_handshake(seed *s)
{
    s->client.client_handshake.n = s->client.suite->hash->len;
    assert_ok(tlsc_protect13_start(&s->client.wr, s->client.suite, &s->client.client_handshake));
}

static void say_finished(seed *s)
{
    tlsc_buf message = tlsc_buf_of(128);
    enter_handshake(s);
    hand_finished_message(&s->client, &message);
    say(s, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    tlsc_buf_clear(&message);
}

/* Data both ways, keys renewed both ways, tickets, the end. */
static void talk(seed *s)
{
    say(s, TLSC_CT_APPLICATION_DATA, TEXT("ping"));
    op(s, PLAY_SEAL);
    op(s, 2);
    say(s, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 1));
    op(s, PLAY_SEAL);
    op(s, 7);
    op(s, PLAY_UPDATE_BOTH);
    op(s, PLAY_STALE_PLAN);
    op(s, PLAY_TICKETS);
    op(s, PLAY_SEAL);
    op(s, 0);
    say(s, TLSC_CT_APPLICATION_DATA, TEXT(""));
    say(s, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_user_canceled));
    say(s, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_close_notify));
    op(s, PLAY_CLOSE);
    op(s, PLAY_END_OF_INPUT);
}

/* Ends the seed, plays it, and checks what came of it. Views in `out` are gone. */
static void play(seed *s, const char *name, tlsc_err expected, server_play *out)
{
    for (size_t i = s->num_answers; i > 0; i--) {
        op(s, s->answers[i - 1]);
    }
    server_play_run(s->bytes.p, s->bytes.n, out);
    assert_err(out->failure.code, expected);
    write_seed("server", name, tlsc_buf_bytes(&s->bytes));
    tlsc_buf_clear(&s->bytes);
    hand_close(&s->client);
}

static const hand_hello browser_like = {
    .session_id = { (const uint8_t *)"0123456789abcdef0123456789abcdef", 32 },
    .suites = { (const uint8_t *)"\x13\x01\x13\x02\x13\x03", 6 },
    .groups = { (const uint8_t *)"\x11\xec\0\x1d\0\x17", 6 },
    .server_name = { (const uint8_t *)"Fuzz.test", 9 },
    .alpn = { (const uint8_t *)"\x08http/1.1\x02h2", 12 },
    .share_group = 0x11ec,
};

/* ---- the server's seeds ---- */

static void full_handshakes_reach_application_data(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t flags;
        uint8_t config;
        uint16_t group;
    } rows[] = {
        { "full", 0, PLAY_CONFIG_PLAIN, 0x11ec },
        { "full-small-fragments", PLAY_SMALL_FRAGMENTS, PLAY_CONFIG_WRONG, 0x11ec },
        { "full-alpn", PLAY_NO_CLOCK, PLAY_CONFIG_ALPN, 0x11ec },
        { "full-other-config", PLAY_SHORT_MESSAGES | PLAY_LITTLE_SKIP, PLAY_CONFIG_OVERRIDE,
          0x0017 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static server_play out;
        seed s;
        begin(&s, rows[i].flags);
        hand_hello h = browser_like;
        h.share_group = rows[i].group;
        if (rows[i].group ==
            0x0017) { /* that configuration prefers the suite with the longer hash */
            hand_close(&s.client);
            hand_open(&s.client, toy_provider(), 0x1302);
        }
        answer(&s, rows[i].config);
        answer(&s, 0);
        say_hello(&s, &h);
        say(&s, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
        say_finished(&s);
        talk(&s);
        play(&s, rows[i].name, TLSC_OK, &out);
        assert_true(out.info.handshake_done && out.info.close_notify_received);
        assert_int_equal(out.info.group, rows[i].group);
        assert_int_equal(out.pauses, 2);
        assert_int_equal(out.plaintext, 4);
        assert_int_equal(out.info.key_updates_received, 1);
        assert_true(out.info.key_updates_sent >= 3);
    }
}

static void a_hello_retry_reaches_application_data(void **state)
{
    (void)state;
    static server_play out;
    seed s;
    begin(&s, 0);
    hand_hello h = browser_like;
    h.no_share = true;
    h.early_data = true;
    answer(&s, PLAY_CONFIG_PLAIN);
    answer(&s, 0);
    say_hello(&s, &h);
    say(&s, TLSC_CT_APPLICATION_DATA, TEXT("early data that is skipped"));
    say_hello(&s, &browser_like);
    say_finished(&s);
    talk(&s);
    play(&s, "hello-retry", TLSC_OK, &out);
    assert_true(out.info.handshake_done && out.info.hello_retry);
}

static tlsc_buf toy_ticket(uint32_t max_early_data)
{
    static const tlsc_random *random;
    random = toy_provider()->random;
    tlsc_ticket_keys ring = { .num = 1 };
    tlsc_session session = { .version = TLSC_TLS13,
                             .suite = 0x1301,
                             .group = 0x11ec,
                             .secret = { .n = 32 },
                             .server_name = TEXT("fuzz.test"),
                             .identity = { 1 },
                             .issued_ms = INT64_C(1789999990000),
                             .max_early_data = max_early_data };
    tlsc_buf encoded = tlsc_buf_of(512);
    tlsc_buf ticket = tlsc_buf_of(1024);
    assert_ok(tlsc_ticket_key_new(toy_provider(), 0, INT64_MAX, &ring.keys[0]));
    assert_ok(tlsc_session_emit(&encoded, &session));
    assert_ok(
        tlsc_ticket_seal(toy_provider(), random, &ring, 1, tlsc_buf_bytes(&encoded), &ticket));
    tlsc_buf_clear(&encoded);
    return ticket;
}

static void resumptions_reach_application_data(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t flags;
        uint8_t ticket;
        uint8_t seal;
        bool resumed;
    } rows[] = {
        { "resumed", 0, 0, 0, true },
        { "resumed-outside", PLAY_EXTERNAL_TICKETS, PLAY_TICKET_OPEN, PLAY_SEAL_RIGHT, true },
        { "resumed-outside-unsealed", PLAY_EXTERNAL_TICKETS, PLAY_TICKET_OPEN, PLAY_SEAL_NONE, true },
        { "not-resumed-outside", PLAY_EXTERNAL_TICKETS, PLAY_TICKET_NONE, PLAY_SEAL_GARBAGE, false },
        { "not-resumed-garbage", PLAY_EXTERNAL_TICKETS, PLAY_TICKET_GARBAGE, PLAY_SEAL_TOO_LONG,
          false },
    };
    static const tlsc_secret psk = { .n = 32 };
    tlsc_buf ticket = toy_ticket(0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static server_play out;
        seed s;
        begin(&s, rows[i].flags);
        hand_hello h = browser_like;
        h.early_data = true;
        h.ticket = tlsc_buf_bytes(&ticket);
        h.psk = &psk;
        answer(&s, PLAY_CONFIG_PLAIN);
        if (rows[i].flags != 0) {
            answer(&s, rows[i].ticket);
        }
        if (!rows[i].resumed) {
            answer(&s, 0);
        }
        for (unsigned k = 0; rows[i].flags != 0 && k < (rows[i].resumed ? 1 : 2); k++) {
            answer(&s, rows[i].seal);
        }
        say_hello(&s, &h);
        say(&s, TLSC_CT_APPLICATION_DATA, TEXT("early data that does not open"));
        say_finished(&s);
        talk(&s);
        play(&s, rows[i].name, TLSC_OK, &out);
        assert_true(out.info.handshake_done);
        assert_int_equal(out.info.resumed, rows[i].resumed);
    }
    tlsc_buf_clear(&ticket);
}

/* With this provider the early key is every other, too; each begins with record 0. */
static void say_early(seed *s)
{
    static const tlsc_secret early = { .n = 32 };
    assert_ok(tlsc_protect13_start(&s->client.wr, s->client.suite, &early));
    say(s, TLSC_CT_APPLICATION_DATA, TEXT("early"));
    say(s, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_END_OF_EARLY_DATA, 0, 0, 0));
    assert_ok(tlsc_transcript_add(&s->client.transcript, BYTES(TLSC_HS_END_OF_EARLY_DATA, 0, 0, 0)));
}

static void early_data_reaches_application_data(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t flags;
        uint8_t config;
        uint8_t answer;
    } rows[] = {
        { "early-data", 0, PLAY_CONFIG_PLAIN, 0 },
        { "early-data-outside", PLAY_EXTERNAL_TICKETS, PLAY_CONFIG_PLAIN, PLAY_TICKET_GOOD },
        { "early-data-store", 0, PLAY_CONFIG_STORE, PLAY_SESSION_GOOD },
    };
    static const tlsc_secret psk = { .n = 32 };
    static const uint8_t key[TLSC_STORE_KEY_MAX] = { 2, 3 };
    tlsc_buf ticket = toy_ticket(PLAY_EARLY_DATA);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static server_play out;
        seed s;
        begin(&s, rows[i].flags);
        hand_hello h = browser_like;
        h.early_data = true;
        h.ticket = rows[i].config == PLAY_CONFIG_STORE ? tlsc_bytes_of(key, sizeof(key))
                                                       : tlsc_buf_bytes(&ticket);
        h.psk = &psk;
        answer(&s, rows[i].config);
        if (rows[i].answer != 0) {
            answer(&s, rows[i].answer);
        }
        if (rows[i].flags != 0) {
            answer(&s, PLAY_SEAL_RIGHT);
        }
        say_hello(&s, &h);
        say_early(&s);
        if (rows[i].config == PLAY_CONFIG_STORE) { /* behind the server's Finished */
            op(&s, PLAY_SEAL);
            op(&s, 5);
        }
        say_finished(&s);
        talk(&s);
        play(&s, rows[i].name, TLSC_OK, &out);
        assert_true(out.info.handshake_done && out.info.resumed);
        assert_int_equal(out.info.early_data, TLSC_EARLY_ACCEPTED);
        assert_int_equal(out.plaintext, 5 + 4);
    }
    tlsc_buf_clear(&ticket);
}

static void refusals_lead_to_their_errors(void **state)
{
    (void)state;
    static server_play out;
    seed s;

    begin(&s, 0);
    feed(&s, TEXT("GET / HTTP/1.1\r\nHost: fuzz.test\r\n\r\n"));
    play(&s, "http", TLSC_E_HTTP_REQUEST, &out);

    begin(&s, 0);
    answer(&s, PLAY_CONFIG_REFUSE);
    say_hello(&s, &browser_like);
    play(&s, "unknown-name", TLSC_E_UNKNOWN_SERVER_NAME, &out);

    begin(&s, 0);
    answer(&s, PLAY_CONFIG_PLAIN);
    answer(&s, 0xff);
    say_hello(&s, &browser_like);
    play(&s, "signing-failed", TLSC_E_SIGNING_FAILED, &out);

    begin(&s, 0);
    answer(&s, PLAY_CONFIG_PLAIN);
    answer(&s, 0);
    say_hello(&s, &browser_like);
    say(&s, TLSC_CT_ALERT, BYTES(2, TLSC_ALERT_unknown_ca));
    play(&s, "unknown-ca", TLSC_E_PEER_ALERT, &out);

    begin(&s, 0);
    answer(&s, PLAY_CONFIG_PLAIN);
    answer(&s, 0);
    say_hello(&s, &browser_like);
    enter_handshake(&s);
    say(&s, TLSC_CT_HANDSHAKE, BYTES(20, 0, 0, 1, 0));
    play(&s, "short-finished", TLSC_E_DECODE, &out);

    begin(&s, 0);
    answer(&s, PLAY_CONFIG_PLAIN);
    answer(&s, 0);
    say_hello(&s, &browser_like);
    say_finished(&s);
    for (int i = 0; i < 40; i++) {
        say(&s, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 0));
    }
    play(&s, "key-update-flood", TLSC_E_TOO_MANY_KEY_UPDATES, &out);
}

static void certificates_are_asked_for(void **state)
{
    (void)state;
    const tlsc_certificate_entry entry = { { leaf_der, sizeof(leaf_der) }, { NULL, 0 } };
    tlsc_buf list = tlsc_buf_of(4096);
    tlsc_buf body = tlsc_buf_of(4096);
    tlsc_wr w = tlsc_wr_of(&list);
    tlsc_certificate_entry_emit(&w, &entry);
    assert_ok(tlsc_wr_end(&w));
    const tlsc_certificate_msg msg = { .entries = tlsc_buf_bytes(&list) };
    w = tlsc_wr_of(&body);
    tlsc_certificate_msg_emit(&w, &msg);
    assert_ok(tlsc_wr_end(&w));
    for (int sends = 0; sends < 2; sends++) {
        static server_play out;
        seed s;
        begin(&s, 0);
        answer(&s, PLAY_CONFIG_ASK);
        answer(&s, 0);
        answer(&s, PLAY_VERDICT_ACCEPT);
        say_hello(&s, &browser_like);
        enter_handshake(&s);
        say_message(&s, TLSC_HS_CERTIFICATE, sends ? tlsc_buf_bytes(&body) : BYTES(0, 0, 0, 0));
        if (sends) {
            say_message(&s, TLSC_HS_CERTIFICATE_VERIFY, BYTES(4, 3, 0, 2, 1, 2));
        }
        say_finished(&s);
        talk(&s);
        play(&s, sends ? "certificate" : "no-certificate", TLSC_OK, &out);
        assert_true(out.info.handshake_done);
        assert_int_equal(out.info.peer_authenticated, sends);
    }
    tlsc_buf_clear(&list);
    tlsc_buf_clear(&body);
}

/* The client's answer to a question after the handshake, with data and a new key beside it. */
static void certificates_are_asked_for_later(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool shows;
        bool changed; /* another context than the question's */
        uint8_t verdict;
        tlsc_err error;
    } rows[] = {
        { "post-auth", true, false, PLAY_VERDICT_ACCEPT, TLSC_OK },
        { "post-auth-declined", false, false, 0, TLSC_OK },
        { "post-auth-rejected", true, false, PLAY_VERDICT_REJECT, TLSC_E_CERTIFICATE_REJECTED },
        { "post-auth-context", true, true, 0, TLSC_E_WRONG_REQUEST_CONTEXT },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static server_play out;
        uint8_t context[16];
        const tlsc_random *random = toy_provider()->random;
        assert_ok(random->fill(random->ctx, context, sizeof(context)));
        context[0] ^= rows[i].changed;
        const tlsc_certificate_entry entry = { { leaf_der, sizeof(leaf_der) }, { NULL, 0 } };
        tlsc_buf list = tlsc_buf_of(4096);
        tlsc_buf body = tlsc_buf_of(4096);
        tlsc_buf finished = tlsc_buf_of(128);
        tlsc_wr w = tlsc_wr_of(&list);
        if (rows[i].shows) {
            tlsc_certificate_entry_emit(&w, &entry);
        }
        assert_ok(tlsc_wr_end(&w));
        const tlsc_certificate_msg msg = { tlsc_bytes_of(context, sizeof(context)),
                                           tlsc_buf_bytes(&list) };
        w = tlsc_wr_of(&body);
        tlsc_certificate_msg_emit(&w, &msg);
        assert_ok(tlsc_wr_end(&w));
        seed s;
        hand_hello h = browser_like;
        h.extra = TEXT("\0\x31\0\0"); /* post_handshake_auth */
        begin(&s, 0);
        answer(&s, PLAY_CONFIG_ASK);
        answer(&s, 0);
        answer(&s, rows[i].verdict);
        say_hello(&s, &h);
        enter_handshake(&s);
        say_message(&s, TLSC_HS_CERTIFICATE, BYTES(0, 0, 0, 0));
        say_finished(&s);
        op(&s, PLAY_ASK);
        op(&s, PLAY_ASK);
        op(&s, PLAY_SEAL);
        op(&s, 1);
        say(&s, TLSC_CT_APPLICATION_DATA, TEXT("ping"));
        say(&s, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 1));
        say_message(&s, TLSC_HS_CERTIFICATE, tlsc_buf_bytes(&body));
        if (rows[i].shows) {
            say_message(&s, TLSC_HS_CERTIFICATE_VERIFY, BYTES(4, 3, 0, 2, 1, 2));
        }
        hand_finished_message(&s.client, &finished);
        say(&s, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&finished));
        talk(&s);
        play(&s, rows[i].name, rows[i].error, &out);
        assert_true(out.info.handshake_done);
        assert_int_equal(out.info.peer_authenticated, rows[i].shows && rows[i].error == TLSC_OK);
        tlsc_buf_clear(&list);
        tlsc_buf_clear(&body);
        tlsc_buf_clear(&finished);
    }
}

/* status_request, signed_certificate_timestamp, certificate_authorities, and the kinds of certificate: a raw
 * key, then X.509; or the latter alone. */
#define ASKS                                                                                       \
    "\0\x05\0\x05\x01\0\0\0\0"                                                                   \
    "\0\x12\0\0"                                                                                  \
    "\0\x2f\0\x06\0\x04\0\x02\x30\0"
#define RAW_TOO "\0\x14\0\x03\x02\x02\0"

static void credentials_are_chosen_here_and_by_the_caller(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t config;
        uint8_t credential;
        bool raw_too;
        tlsc_err error;
    } rows[] = {
        { "many", PLAY_CONFIG_MANY, 0, false, TLSC_OK },
        { "many-raw", PLAY_CONFIG_MANY, 0, true, TLSC_OK },
        { "chosen", PLAY_CONFIG_CHOOSE, PLAY_CREDENTIAL_PLAIN, false, TLSC_OK },
        { "chosen-stapled", PLAY_CONFIG_CHOOSE, PLAY_CREDENTIAL_STAPLED, true, TLSC_OK },
        { "chosen-raw", PLAY_CONFIG_CHOOSE, PLAY_CREDENTIAL_RAW, true, TLSC_OK },
        { "chosen-none", PLAY_CONFIG_CHOOSE, PLAY_CREDENTIAL_NONE, true,
          TLSC_E_NO_SHARED_SIGNATURE },
        { "chosen-misfit", PLAY_CONFIG_CHOOSE, PLAY_CREDENTIAL_RAW, false,
          TLSC_E_NO_SHARED_CERTIFICATE_TYPE },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static server_play out;
        seed s;
        hand_hello h = browser_like;
        h.extra = rows[i].raw_too ? TEXT(ASKS RAW_TOO) : TEXT(ASKS);
        begin(&s, 0);
        answer(&s, rows[i].config);
        if (rows[i].config == PLAY_CONFIG_CHOOSE) {
            answer(&s, rows[i].credential);
        }
        answer(&s, 0);
        say_hello(&s, &h);
        if (rows[i].error == TLSC_OK) {
            say_finished(&s);
            talk(&s);
        }
        play(&s, rows[i].name, rows[i].error, &out);
        assert_int_equal(out.info.handshake_done, rows[i].error == TLSC_OK);
        assert_int_equal(out.pauses, rows[i].config == PLAY_CONFIG_MANY || rows[i].error != TLSC_OK
                                         ? 2
                                         : 3);
    }
}

/* ---- TLS 1.2 ---- */

/* session_ticket, extended_master_secret, renegotiation_info, all empty. */
#define EXTRA12 "\0\x23\0\0\0\x17\0\0\xff\x01\0\x01\0"

static const hand_hello tls12_hello = {
    .suites = { (const uint8_t *)"\xc0\x2b\xcc\xa9\xc0\x30", 6 },
    .no_versions = true,
    .groups = { (const uint8_t *)"\0\x1d\0\x17", 4 },
    .server_name = { (const uint8_t *)"Fuzz.test", 9 },
    .alpn = { (const uint8_t *)"\x08http/1.1\x02h2", 12 },
    .no_key_share = true,
    .no_psk_modes = true,
    .extra = { (const uint8_t *)EXTRA12, sizeof(EXTRA12) - 1 },
};

/* A record of TLS 1.2 under the toy's key, with the explicit nonce of GCM. */
static void say12(seed *s, uint8_t type, tlsc_bytes content, size_t nonce_n)
{
    uint8_t tail[TLSC_AEAD_TAG_LEN];
    uint8_t record[4096];
    size_t n = nonce_n + content.n + sizeof(tail);
    const tlsc_record_header h = { type, TLSC_TLS12, (uint16_t)n };
    assert_true(n + TLSC_RECORD_HEADER <= sizeof(record));
    memset(record, 0, sizeof(record));
    tlsc_record_header_write(record, &h);
    tlsc_bytes_copy(record + TLSC_RECORD_HEADER + nonce_n, content);
    memset(record + TLSC_RECORD_HEADER + nonce_n + content.n, TOY_BYTE, sizeof(tail));
    feed(s, tlsc_bytes_of(record, TLSC_RECORD_HEADER + n));
}

static void say_finished12(seed *s, size_t nonce_n)
{
    uint8_t message[4 + TLSC_VERIFY_DATA12_LEN] = { TLSC_HS_FINISHED, 0, 0,
                                                    TLSC_VERIFY_DATA12_LEN };
    memset(message + 4, TOY_BYTE, TLSC_VERIFY_DATA12_LEN);
    say(s, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
    say12(s, TLSC_CT_HANDSHAKE, tlsc_bytes_of(message, sizeof(message)), nonce_n);
}

static void talk12(seed *s, size_t nonce_n)
{
    say12(s, TLSC_CT_APPLICATION_DATA, TEXT("ping"), nonce_n);
    op(s, PLAY_SEAL);
    op(s, 2);
    op(s, PLAY_UPDATE); /* which TLS 1.2 hasn't got */
    op(s, PLAY_TICKETS);
    say12(s, TLSC_CT_APPLICATION_DATA, TEXT(""), nonce_n);
    say12(s, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_close_notify), nonce_n);
    op(s, PLAY_CLOSE);
    op(s, PLAY_SEAL);
    op(s, 0);
    op(s, PLAY_END_OF_INPUT);
}

static const tlsc_bytes toy_point = { (const uint8_t *)"\x04\1\2\3\4", 5 };

static void tls12_reaches_application_data(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t flags;
        tlsc_bytes suites;
        bool plain; /* without extensions of TLS 1.2's own */
        uint8_t config;
    } rows[] = {
        { "tls12", 0, { (const uint8_t *)"\xc0\x2b", 2 }, false, PLAY_CONFIG_PLAIN },
        { "tls12-chacha", PLAY_SMALL_FRAGMENTS, { (const uint8_t *)"\xcc\xa9", 2 }, true,
          PLAY_CONFIG_WRONG },
        { "tls12-alpn", PLAY_NO_CLOCK, { (const uint8_t *)"\xc0\x2b", 2 }, false,
          PLAY_CONFIG_OTHER },
        { "tls12-many", 0, { (const uint8_t *)"\xc0\x2b", 2 }, false, PLAY_CONFIG_MANY },
        { "tls12-chosen", 0, { (const uint8_t *)"\xc0\x2b", 2 }, false, PLAY_CONFIG_CHOOSE },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static server_play out;
        seed s;
        size_t nonce_n = rows[i].suites.p[0] == 0xc0 ? 8 : 0;
        hand_hello h = tls12_hello;
        h.suites = rows[i].suites;
        h.extra = rows[i].plain ? (tlsc_bytes){ NULL, 0 } : h.extra;
        begin(&s, rows[i].flags);
        answer(&s, rows[i].config);
        if (rows[i].config == PLAY_CONFIG_MANY || rows[i].config == PLAY_CONFIG_CHOOSE) {
            h.extra = TEXT(EXTRA12 ASKS RAW_TOO);
        }
        if (rows[i].config == PLAY_CONFIG_CHOOSE) {
            answer(&s, PLAY_CREDENTIAL_STAPLED);
        }
        answer(&s, 0);
        say_hello(&s, &h);
        say_message(&s, TLSC_HS_CLIENT_KEY_EXCHANGE, toy_point);
        say_finished12(&s, nonce_n);
        talk12(&s, nonce_n);
        play(&s, rows[i].name, TLSC_OK, &out);
        assert_true(out.info.handshake_done && out.info.close_notify_received);
        assert_int_equal(out.info.version, TLSC_TLS12);
        assert_int_equal(out.info.extended_master_secret, !rows[i].plain);
        assert_int_equal(out.plaintext, 4);
    }
}

static void say_certificate12(seed *s)
{
    tlsc_buf body = tlsc_buf_of(4096);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_bytes leaf = { leaf_der, sizeof(leaf_der) };
    tlsc_certificate12_emit(&w, &leaf, 1);
    assert_ok(tlsc_wr_end(&w));
    say_message(s, TLSC_HS_CERTIFICATE, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
}

static void tls12_asks_for_certificates(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t config;
        bool sends;
        uint8_t verdict;
        tlsc_err e;
    } rows[] = {
        { "tls12-certificate", PLAY_CONFIG_ASK, true, PLAY_VERDICT_ACCEPT, TLSC_OK },
        { "tls12-certificate-error", PLAY_CONFIG_NEED, true, PLAY_VERDICT_WITH_ERROR, TLSC_OK },
        { "tls12-certificate-rejected", PLAY_CONFIG_NEED, true, PLAY_VERDICT_ALERT,
          TLSC_E_CERTIFICATE_REJECTED },
        { "tls12-no-certificate", PLAY_CONFIG_ASK, false, 0, TLSC_OK },
        { "tls12-no-certificate-needed", PLAY_CONFIG_NEED, false, 0,
          TLSC_E_CERTIFICATE_REQUIRED12 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static server_play out;
        seed s;
        begin(&s, 0);
        answer(&s, rows[i].config);
        answer(&s, 0);
        answer(&s, rows[i].verdict);
        say_hello(&s, &tls12_hello);
        if (rows[i].sends) {
            say_certificate12(&s);
        } else {
            say_message(&s, TLSC_HS_CERTIFICATE, BYTES(0, 0, 0));
        }
        say_message(&s, TLSC_HS_CLIENT_KEY_EXCHANGE, toy_point);
        if (rows[i].sends) {
            say_message(&s, TLSC_HS_CERTIFICATE_VERIFY, BYTES(4, 3, 0, 2, 1, 2));
        }
        say_finished12(&s, 8);
        talk12(&s, 8);
        play(&s, rows[i].name, rows[i].e, &out);
        assert_int_equal(out.info.handshake_done, rows[i].e == TLSC_OK);
        assert_int_equal(out.info.peer_authenticated, rows[i].sends && rows[i].e == TLSC_OK);
    }
}

static void tls12_resumes_and_is_not_renegotiated(void **state)
{
    (void)state;
    static server_play out;
    seed s;
    hand_hello h = tls12_hello;
    h.session_id = TEXT("0123456789abcdef");
    h.extra = TEXT("\0\x23\0\3abc\0\x17\0\0");
    begin(&s, PLAY_EXTERNAL_TICKETS);
    answer(&s, PLAY_CONFIG_PLAIN);
    answer(&s, PLAY_TICKET_GOOD);
    say_hello(&s, &h);
    say_finished12(&s, 8);
    talk12(&s, 8);
    play(&s, "tls12-resumed", TLSC_OK, &out);
    assert_true(out.info.handshake_done && out.info.resumed);

    begin(&s, 0);
    answer(&s, PLAY_CONFIG_PLAIN);
    answer(&s, 0);
    say_hello(&s, &tls12_hello);
    say_message(&s, TLSC_HS_CLIENT_KEY_EXCHANGE, toy_point);
    say_finished12(&s, 8);
    say12(&s, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_CLIENT_HELLO, 0, 0, 1, 0), 8);
    play(&s, "tls12-renegotiation", TLSC_E_RENEGOTIATION, &out);

    begin(&s, 0);
    answer(&s, PLAY_CONFIG_PLAIN);
    answer(&s, 0);
    say_hello(&s, &tls12_hello);
    op(&s, PLAY_ABORT);
    op(&s, TLSC_ALERT_access_denied);
    say_message(&s, TLSC_HS_CLIENT_KEY_EXCHANGE, toy_point);
    play(&s, "tls12-aborted", TLSC_E_ABORTED, &out);
}

/* ---- the others' seeds: real hellos and streams ---- */

static void hello_seed(const char *name, tlsc_bytes message)
{
    char file[64];
    assert_true(message.n > 4 && message.p[0] == TLSC_HS_CLIENT_HELLO);
    (void)snprintf(file, sizeof(file), "%s", name);
    write_seed("client_hello", file, tlsc_bytes_of(message.p + 4, message.n - 4));
}

static void hellos_of_the_traces_and_of_boringssl(void **state)
{
    (void)state;
    unsigned num = 0;
    for (size_t i = 0; rfc8448_names[i] != NULL; i++) {
        rfc8448_trace *t = rfc8448_open(rfc8448_names[i]);
        for (size_t k = 0; k < t->num_steps; k++) {
            if (rfc8448_is(&t->steps[k], "construct a ClientHello")) {
                char name[64];
                (void)snprintf(name, sizeof(name), "rfc8448-%s-%zu", t->name, k);
                hello_seed(name, rfc8448_message(t, k));
                num++;
            }
        }
        rfc8448_close(t);
    }
    assert_int_equal(num, 6);
    uint8_t buf[8192];
    tls_client *c =
        tls_client_new(&(tls_client_options){ .server_name = "fuzz.test", .alpn = "h2,http/1.1" });
    assert_non_null(c);
    assert_int_equal(tls_client_handshake(c), TLS_CLIENT_WANTS);
    size_t n = tls_client_take(c, buf, sizeof(buf));
    assert_true(n > 9);
    hello_seed("boringssl", tlsc_bytes_of(buf + 5, n - 5));
    tls_client_free(c);
}

/* What one side of a trace sends, and a hello cut into small records. */
static void streams_of_the_traces(void **state)
{
    (void)state;
    for (size_t i = 0; rfc8448_names[i] != NULL; i++) {
        rfc8448_trace *t = rfc8448_open(rfc8448_names[i]);
        for (int by_server = 0; by_server < 2; by_server++) {
            tlsc_buf stream = tlsc_buf_of(1 << 16);
            char name[64];
            assert_ok(tlsc_buf_append(&stream, BYTES(0, (uint8_t)(13 * i))));
            for (size_t k = 0; k < t->num_steps; k++) {
                if (rfc8448_is(&t->steps[k], "send ") && t->steps[k].by_server == by_server) {
                    assert_ok(
                        tlsc_buf_append(&stream, rfc8448_get(&t->steps[k], "complete record")));
                }
            }
            assert_true(stream.n > 200);
            (void)snprintf(name, sizeof(name), "rfc8448-%s-%s", t->name,
                           by_server ? "server" : "client");
            write_seed("deframe", name, tlsc_buf_bytes(&stream));
            tlsc_buf_clear(&stream);
        }
        rfc8448_close(t);
    }
    tlsc_buf pieces = tlsc_buf_of(1 << 16);
    hand_client c;
    hand_open(&c, toy_provider(), 0);
    hand_make_hello(&c, &browser_like);
    assert_ok(tlsc_buf_append(&pieces, BYTES(0, 3)));
    for (size_t at = 0; at < c.hello.n; at += 20) {
        size_t n = c.hello.n - at < 20 ? c.hello.n - at : 20;
        hand_plain(&pieces, TLSC_CT_HANDSHAKE, tlsc_bytes_of(c.hello.p + at, n));
    }
    write_seed("deframe", "pieces", tlsc_buf_bytes(&pieces));
    tlsc_buf_clear(&pieces);
    hand_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_handshakes_reach_application_data),
        cmocka_unit_test(a_hello_retry_reaches_application_data),
        cmocka_unit_test(resumptions_reach_application_data),
        cmocka_unit_test(early_data_reaches_application_data),
        cmocka_unit_test(refusals_lead_to_their_errors),
        cmocka_unit_test(certificates_are_asked_for),
        cmocka_unit_test(certificates_are_asked_for_later),
        cmocka_unit_test(credentials_are_chosen_here_and_by_the_caller),
        cmocka_unit_test(tls12_reaches_application_data),
        cmocka_unit_test(tls12_asks_for_certificates),
        cmocka_unit_test(tls12_resumes_and_is_not_renegotiated),
        cmocka_unit_test(hellos_of_the_traces_and_of_boringssl),
        cmocka_unit_test(streams_of_the_traces),
    };
    return cmocka_run_group_tests_name("server_play", tests, NULL, NULL);
}
