/* SPDX-License-Identifier: Apache-2.0 */
/* conn/client_play_test.c: the seeds of the fuzzer client. Each is played here, and leads where its name
 * says: to application data, that is, or to one error.
 *
 * TLSX_SEEDS_WRITE=DIR writes them to DIR/client/. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client_play.h"
#include "conn/conn.h"
#include "hand_client.h"
#include "hand_server13.h"
#include "leaf_der.h"
#include "toy_provider.h"
#include "wire/certificate_status.h"
#include "wire/enums.h"
#include "wire/key_exchange12.h"
#include "wire/server_hello12.h"

static const tlsc_bytes nothing = { NULL, 0 };

/* A seed under way, and the server whose words it holds. */
typedef struct seed {
    hand_server13 server;
    tlsc_buf bytes;
    uint8_t answers[8];
    size_t num_answers;
} seed;

static void write_seed(const char *name, tlsc_bytes bytes)
{
    char path[512];
    const char *dir = getenv("TLSX_SEEDS_WRITE");
    if (dir == NULL) {
        return;
    }
    (void)snprintf(path, sizeof(path), "%s/client/%s", dir, name);
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

static void give_credential(hand_server13 *server)
{
    static const uint16_t schemes[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    tlsc_bytes leaf = { leaf_der, sizeof(leaf_der) };
    assert_ok(tlsc_credential_external(toy_provider(), &leaf, 1, schemes, 1, &server->credential));
}

/* What the play's client says first is heard from another of its kind. */
static void begin(seed *s, uint8_t flags, uint8_t config, uint16_t suite, uint16_t group)
{
    static client_play heard;
    uint8_t hello[4096];
    tlsc_plan plan;
    size_t n;
    memset(s, 0, sizeof(*s));
    s->bytes = tlsc_buf_of(1 << 17);
    op(s, flags);
    op(s, config);
    hand13_open(&s->server, toy_provider(), NULL, suite, group);
    give_credential(&s->server);
    s->server.psk.n = s->server.suite->hash->len;
    tlsc_conn *c = client_play_connect(flags, config, &heard);
    while (tlsc_conn_wait(c) == TLSC_WAIT_VERIFY) {
        tlsc_verdict v = { .size = sizeof(v), .kind = TLSC_VERDICT_ACCEPT, .index = -1 };
        tlsc_opened opened;
        assert_ok(tlsc_conn_answer_verdict(c, &v, &opened));
    }
    assert_ok(tlsc_conn_plan(c, 0, &plan));
    assert_ok(tlsc_conn_seal(c, &plan, hello, sizeof(hello), NULL, 0, &n));
    if ((flags & CLIENT_PLAY_SMALL_FRAGMENTS) == 0) {
        hand13_give(&s->server, tlsc_bytes_of(hello, n));
        hand13_take_hello(&s->server);
    }
    tlsc_conn_free(c);
}

/* The pauses' answers in the order of the pauses: they are read from the back. */
static void answer(seed *s, uint8_t v)
{
    s->answers[s->num_answers++] = v;
}

/* Feeds what the server has said since. */
static void feed(seed *s)
{
    const tlsc_buf *out = &s->server.out;
    op(s, CLIENT_PLAY_FEED_LONG);
    op(s, (uint8_t)(out->n >> 8));
    op(s, (uint8_t)out->n);
    assert_ok(tlsc_buf_append(&s->bytes, tlsc_buf_bytes(out)));
    tlsc_buf_clear(&s->server.out);
}

/* Ends the seed, plays it, and checks what came of it. */
static void play(seed *s, const char *name, tlsc_err expected, client_play *out)
{
    for (size_t i = s->num_answers; i > 0; i--) {
        op(s, s->answers[i - 1]);
    }
    client_play_run(s->bytes.p, s->bytes.n, out);
    if (out->failure.code != expected) {
        fail_msg("%s: %s in %s", name, tlsc_err_name(out->failure.code), out->failure.state);
    }
    write_seed(name, tlsc_buf_bytes(&s->bytes));
    tlsc_buf_clear(&s->bytes);
    hand13_close(&s->server);
}

/* Data both ways, tickets, keys renewed both ways, the end. */
static void talk(seed *s)
{
    op(s, CLIENT_PLAY_APPLICATION);
    hand13_say_record(&s->server, TLSC_CT_APPLICATION_DATA, TEXT("ping"));
    hand13_say_ticket(&s->server, 60, TEXT("n"), TEXT("ticket"), BYTES(0, 42, 0, 4, 0, 0, 1, 0));
    hand13_say_record(&s->server, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 1));
    hand13_say_ticket(&s->server, 0, nothing, TEXT("none"), nothing);
    feed(s);
    op(s, CLIENT_PLAY_SEAL);
    op(s, 7);
    op(s, CLIENT_PLAY_UPDATE_BOTH);
    op(s, CLIENT_PLAY_STALE_PLAN);
    op(s, CLIENT_PLAY_SEAL);
    op(s, 0);
    hand13_say_record(&s->server, TLSC_CT_APPLICATION_DATA, nothing);
    hand13_say_record(&s->server, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_user_canceled));
    hand13_say_record(&s->server, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_close_notify));
    feed(s);
    op(s, CLIENT_PLAY_CLOSE);
    op(s, CLIENT_PLAY_END_OF_INPUT);
}

static void say_flight(seed *s, tlsc_bytes extensions, bool requests)
{
    hand13_say_extensions(&s->server, extensions);
    if (requests) {
        hand13_say_request(&s->server);
    }
    hand13_say_certificate(&s->server);
    hand13_say_verify(&s->server);
    hand13_say_finished(&s->server);
}

/* ---- TLS 1.3 ---- */

#define H2 "\0\x10\0\x05\0\x03\x02h2"

static void full_handshakes_reach_application_data(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t flags;
        uint8_t config;
        uint16_t suite;
        uint16_t group;
        bool requests;
        tlsc_bytes extensions;
    } rows[] = {
        { "full", 0, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec, false, { (const uint8_t *)H2, 9 } },
        { "full-sha384", CLIENT_PLAY_NO_CLOCK, CLIENT_PLAY_PLAIN, 0x1302, 0x001d, true, { NULL, 0 } },
        { "full-one-group", CLIENT_PLAY_ADDRESS, CLIENT_PLAY_TLS13, 0x1303, 0x0017, false,
          { NULL, 0 } },
        { "full-choosing", 0, CLIENT_PLAY_ASKING, 0x1301, 0x11ec, true, { NULL, 0 } },
        { "full-raw-keys", 0, CLIENT_PLAY_ASKING, 0x1301, 0x11ec, true,
          { (const uint8_t *)"\0\x13\0\x01\x02", 5 } },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_play out;
        seed s;
        begin(&s, rows[i].flags, rows[i].config, rows[i].suite, rows[i].group);
        answer(&s, CLIENT_PLAY_ACCEPT);
        if (rows[i].config == CLIENT_PLAY_ASKING) {
            answer(&s, rows[i].extensions.n > 0 ? CLIENT_PLAY_RAW_KEY : CLIENT_PLAY_CREDENTIAL);
        }
        answer(&s, 0);
        hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
        hand13_say_plain(&s.server, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
        say_flight(&s, rows[i].extensions, rows[i].requests);
        feed(&s);
        talk(&s);
        play(&s, rows[i].name, TLSC_OK, &out);
        assert_true(out.info.handshake_done && out.info.close_notify_received);
        assert_int_equal(out.info.suite, rows[i].suite);
        assert_int_equal(out.info.group, rows[i].group);
        assert_int_equal(out.plaintext, 4);
        assert_int_equal(out.info.tickets_received, 2);
        assert_int_equal(out.sessions, rows[i].flags == CLIENT_PLAY_NO_CLOCK ? 0 : 1);
        assert_int_equal(out.info.key_updates_received, 1);
        assert_int_equal(out.pauses, rows[i].config == CLIENT_PLAY_ASKING ? 3 : rows[i].requests ? 2 : 1);
    }
}

static void a_hello_retry_reaches_application_data(void **state)
{
    (void)state;
    client_play out;
    seed s;
    begin(&s, CLIENT_PLAY_SESSION13 | CLIENT_PLAY_EARLY_DATA, CLIENT_PLAY_PLAIN, 0x1301, 0x0017);
    op(&s, CLIENT_PLAY_SEAL);
    op(&s, 9);
    answer(&s, CLIENT_PLAY_ACCEPT_WITH_ERROR);
    hand13_say_hello(&s.server, &(hand_server_hello){ .retry = true, .cookie = TEXT("cookie") });
    hand13_say_plain(&s.server, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
    feed(&s);
    hand13_say_hello(&s.server, &(hand_server_hello){ .share = BYTES(1, 2, 3, 4) });
    say_flight(&s, nothing, false);
    feed(&s);
    talk(&s);
    play(&s, "hello-retry", TLSC_OK, &out);
    assert_true(out.info.handshake_done && out.info.hello_retry);
    assert_int_equal(out.info.early_data, TLSC_EARLY_RETRY);
    assert_int_equal(out.info.early_data_sent, 10);
    assert_err(out.info.verify_error, TLSC_E_CERTIFICATE_REJECTED);
}

static void resumptions_reach_application_data(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t flags;
        uint8_t config;
        uint16_t suite;
        uint16_t index;
        tlsc_bytes extensions;
        tlsc_early_data early;
    } rows[] = {
        { "resumed", CLIENT_PLAY_SESSION13, CLIENT_PLAY_PLAIN, 0x1301, 0, { NULL, 0 },
          TLSC_EARLY_NONE },
        { "resumed-second", CLIENT_PLAY_SESSION13, CLIENT_PLAY_PLAIN, 0x1302, 1, { NULL, 0 },
          TLSC_EARLY_NONE },
        { "resumed-verified", CLIENT_PLAY_SESSION13, CLIENT_PLAY_ASKING, 0x1301, 0, { NULL, 0 },
          TLSC_EARLY_NONE },
        { "early-data", CLIENT_PLAY_SESSION13 | CLIENT_PLAY_EARLY_DATA, CLIENT_PLAY_PLAIN, 0x1301, 0,
          { (const uint8_t *)"\0\x2a\0\0" H2, 13 }, TLSC_EARLY_ACCEPTED },
        { "early-data-refused", CLIENT_PLAY_SESSION13 | CLIENT_PLAY_EARLY_DATA, CLIENT_PLAY_PLAIN,
          0x1301, 0, { NULL, 0 }, TLSC_EARLY_REFUSED },
        { "early-data-verified", CLIENT_PLAY_SESSION13 | CLIENT_PLAY_EARLY_DATA,
          CLIENT_PLAY_ASKING, 0x1301, 0, { (const uint8_t *)"\0\x2a\0\0" H2, 13 },
          TLSC_EARLY_ACCEPTED },
        { "early-data-verified-twice", CLIENT_PLAY_SESSION13 | CLIENT_PLAY_EARLY_DATA,
          CLIENT_PLAY_ASKING, 0x1301, 0, { NULL, 0 }, TLSC_EARLY_REFUSED },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_play out;
        seed s;
        begin(&s, rows[i].flags, rows[i].config, rows[i].suite, 0x11ec);
        answer(&s, CLIENT_PLAY_ACCEPT);
        answer(&s, CLIENT_PLAY_ACCEPT);
        op(&s, CLIENT_PLAY_SEAL);
        op(&s, 9); /* one record of 10 bytes */
        hand13_say_hello(&s.server,
                         &(hand_server_hello){ .has_psk = true, .psk_index = rows[i].index });
        hand13_say_extensions(&s.server, rows[i].extensions);
        feed(&s);
        op(&s, CLIENT_PLAY_SEAL);
        op(&s, 21); /* another, of 22 bytes */
        hand13_say_finished(&s.server);
        feed(&s);
        talk(&s);
        play(&s, rows[i].name, TLSC_OK, &out);
        assert_true(out.info.handshake_done && out.info.resumed);
        assert_int_equal(out.info.early_data, rows[i].early);
        assert_int_equal(out.info.early_data_sent, rows[i].early == TLSC_EARLY_ACCEPTED ? 32
                                                   : rows[i].early == TLSC_EARLY_REFUSED ? 10
                                                                                         : 0);
    }
}

static void refusals_lead_to_their_errors(void **state)
{
    (void)state;
    client_play out;
    seed s;

    begin(&s, CLIENT_PLAY_SHORT_MESSAGES, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec);
    hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
    say_flight(&s, nothing, false);
    feed(&s);
    play(&s, "long-certificate", TLSC_E_MESSAGE_TOO_LONG, &out);

    begin(&s, 0, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec);
    answer(&s, CLIENT_PLAY_REJECT_WITH_ALERT);
    hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
    say_flight(&s, nothing, false);
    feed(&s);
    play(&s, "rejected", TLSC_E_CERTIFICATE_REJECTED, &out);
    assert_int_equal(out.failure.alert_sent, TLSC_ALERT_certificate_expired);

    begin(&s, CLIENT_PLAY_SMALL_FRAGMENTS, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec);
    hand13_say_plain(&s.server, TLSC_CT_ALERT, BYTES(2, TLSC_ALERT_handshake_failure));
    feed(&s);
    play(&s, "handshake-failure", TLSC_E_PEER_ALERT, &out);

    begin(&s, CLIENT_PLAY_SESSION13 | CLIENT_PLAY_EARLY_DATA, CLIENT_PLAY_ASKING, 0x1301, 0x11ec);
    answer(&s, CLIENT_PLAY_REJECT);
    feed(&s);
    play(&s, "session-rejected", TLSC_E_CERTIFICATE_REJECTED, &out);
    assert_int_equal(out.output, 0);

    begin(&s, 0, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec);
    answer(&s, CLIENT_PLAY_ACCEPT);
    hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
    say_flight(&s, nothing, false);
    for (int i = 0; i < 40; i++) {
        hand13_say_record(&s.server, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 0));
    }
    feed(&s);
    play(&s, "key-update-flood", TLSC_E_TOO_MANY_KEY_UPDATES, &out);

    begin(&s, 0, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec);
    answer(&s, CLIENT_PLAY_ACCEPT);
    answer(&s, 0xff);
    hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
    say_flight(&s, nothing, true);
    feed(&s);
    play(&s, "signing-failed", TLSC_E_SIGNING_FAILED, &out);

    begin(&s, 0, CLIENT_PLAY_ASKING, 0x1301, 0x11ec);
    answer(&s, CLIENT_PLAY_ACCEPT);
    answer(&s, CLIENT_PLAY_NO_CHOICE);
    hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
    say_flight(&s, nothing, true);
    feed(&s);
    play(&s, "no-choice", TLSC_E_NO_CERTIFICATE, &out);
}

/* The application ends it: before the answer, and in the middle of everything. */
static void aborting_ends_a_play(void **state)
{
    (void)state;
    client_play out;
    seed s;
    begin(&s, 0, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec);
    op(&s, CLIENT_PLAY_ABORT);
    op(&s, TLSC_ALERT_user_canceled); /* which is no end */
    op(&s, CLIENT_PLAY_ABORT);
    op(&s, TLSC_ALERT_internal_error);
    hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
    feed(&s);
    play(&s, "aborted-early", TLSC_E_ABORTED, &out);
    assert_int_equal(out.failure.alert_sent, TLSC_ALERT_internal_error);

    begin(&s, 0, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec);
    answer(&s, CLIENT_PLAY_ACCEPT);
    hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
    say_flight(&s, nothing, false);
    feed(&s);
    op(&s, CLIENT_PLAY_ABORT);
    op(&s, TLSC_ALERT_access_denied);
    talk(&s);
    play(&s, "aborted", TLSC_E_ABORTED, &out);
    assert_int_equal(out.failure.alert_sent, TLSC_ALERT_access_denied);
    assert_true(out.info.handshake_done);
}

/* A request after the handshake, and the answer with a certificate. */
static void the_client_answers_after_the_handshake(void **state)
{
    (void)state;
    client_play out;
    seed s;
    begin(&s, 0, CLIENT_PLAY_PLAIN, 0x1301, 0x11ec);
    answer(&s, CLIENT_PLAY_ACCEPT);
    answer(&s, 0);
    hand13_say_hello(&s.server, &(hand_server_hello){ 0 });
    say_flight(&s, nothing, false);
    hand13_say(&s.server, TLSC_HS_CERTIFICATE_REQUEST,
               BYTES(1, 7, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3));
    feed(&s);
    talk(&s);
    play(&s, "post-handshake", TLSC_OK, &out);
    assert_int_equal(out.pauses, 2);
    assert_int_equal(out.plaintext, 4);
}

/* ---- TLS 1.2 ---- */

/* A record of TLS 1.2 under the toy's key, with the explicit nonce of GCM. */
static void say12(seed *s, uint8_t type, tlsc_bytes content)
{
    uint8_t body[2048] = { 0 };
    size_t n = 8 + content.n;
    assert_true(n + TLSC_AEAD_TAG_LEN <= sizeof(body));
    tlsc_bytes_copy(body + 8, content);
    memset(body + n, TOY_BYTE, TLSC_AEAD_TAG_LEN);
    hand13_say_plain(&s->server, type, tlsc_bytes_of(body, n + TLSC_AEAD_TAG_LEN));
}

static void say_message12(seed *s, uint8_t type, tlsc_bytes body)
{
    tlsc_buf message = tlsc_buf_of(1 << 16);
    hand_message(&message, type, body);
    hand13_say_plain(&s->server, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    tlsc_buf_clear(&message);
}

static void say_hello12(seed *s, bool echoes, bool ticket)
{
    static const uint8_t random[32] = { 5 };
    tlsc_server_hello12 sh = { .random = { random, sizeof(random) },
                               .suite = 0xc02b,
                               .extended_master_secret = true,
                               .session_ticket = ticket };
    if (echoes) {
        sh.session_id = s->server.hello.session_id;
    }
    tlsc_buf body = tlsc_buf_of(512);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_server_hello12_emit(&w, &sh);
    assert_ok(tlsc_wr_end(&w));
    say_message12(s, TLSC_HS_SERVER_HELLO, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
}

static void say_key_exchange12(seed *s)
{
    tlsc_server_key_exchange ske = { .group = 0x001d,
                                     .point = BYTES(4, 3, 2, 1),
                                     .scheme = TLSC_SIG_ECDSA_P256_SHA256,
                                     .signature = BYTES(1, 2) };
    tlsc_bytes leaf = { leaf_der, sizeof(leaf_der) };
    tlsc_buf body = tlsc_buf_of(4096);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_certificate12_emit(&w, &leaf, 1);
    assert_ok(tlsc_wr_end(&w));
    say_message12(s, TLSC_HS_CERTIFICATE, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    w = tlsc_wr_of(&body);
    tlsc_server_key_exchange_emit(&w, &ske);
    assert_ok(tlsc_wr_end(&w));
    say_message12(s, TLSC_HS_SERVER_KEY_EXCHANGE, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
}

static void say_finished12(seed *s)
{
    uint8_t message[4 + TLSC_VERIFY_DATA12_LEN] = { TLSC_HS_FINISHED, 0, 0,
                                                    TLSC_VERIFY_DATA12_LEN };
    memset(message + 4, TOY_BYTE, TLSC_VERIFY_DATA12_LEN);
    hand13_say_plain(&s->server, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
    say12(s, TLSC_CT_HANDSHAKE, tlsc_bytes_of(message, sizeof(message)));
}

static void talk12(seed *s)
{
    say12(s, TLSC_CT_APPLICATION_DATA, TEXT("ping"));
    feed(s);
    op(s, CLIENT_PLAY_SEAL);
    op(s, 2);
    op(s, CLIENT_PLAY_UPDATE); /* which TLS 1.2 hasn't got */
    say12(s, TLSC_CT_APPLICATION_DATA, nothing);
    say12(s, TLSC_CT_ALERT, BYTES(1, TLSC_ALERT_close_notify));
    feed(s);
    op(s, CLIENT_PLAY_CLOSE);
    op(s, CLIENT_PLAY_END_OF_INPUT);
}

static void tls12_reaches_application_data(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t config;
        bool ticket;
        bool requests;
    } rows[] = {
        { "tls12", CLIENT_PLAY_TLS12, false, false },
        { "tls12-ticket", CLIENT_PLAY_PLAIN, true, true },
        { "tls12-choosing", CLIENT_PLAY_ASKING, false, true },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_play out;
        seed s;
        begin(&s, 0, rows[i].config, 0x1301, 0x001d);
        answer(&s, CLIENT_PLAY_ACCEPT);
        if (rows[i].config == CLIENT_PLAY_ASKING) {
            answer(&s, CLIENT_PLAY_CREDENTIAL);
        }
        say_hello12(&s, false, rows[i].ticket);
        say_key_exchange12(&s);
        if (rows[i].requests) {
            say_message12(&s, TLSC_HS_CERTIFICATE_REQUEST, BYTES(1, 64, 0, 2, 4, 3, 0, 0));
        }
        say_message12(&s, TLSC_HS_SERVER_HELLO_DONE, nothing);
        if (rows[i].ticket) {
            say_message12(&s, TLSC_HS_NEW_SESSION_TICKET, BYTES(0, 0, 1, 0, 0, 3, 7, 7, 7));
        }
        say_finished12(&s);
        if (rows[i].config == CLIENT_PLAY_TLS12) { /* which passes them over */
            say12(&s, TLSC_CT_HANDSHAKE, BYTES(0, 0, 0, 0, 0, 0, 0, 0));
        }
        feed(&s);
        talk12(&s);
        play(&s, rows[i].name, TLSC_OK, &out);
        assert_true(out.info.handshake_done && out.info.close_notify_received);
        assert_int_equal(out.info.version, TLSC_TLS12);
        assert_int_equal(out.plaintext, 4);
        assert_int_equal(out.sessions, rows[i].ticket ? 1 : 0);
    }
}

static void tls12_resumes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t flags;
        uint8_t config;
    } rows[] = {
        { "tls12-resumed", CLIENT_PLAY_SESSION12, CLIENT_PLAY_TLS12 },
        { "tls12-resumed-id", CLIENT_PLAY_SESSION12 | CLIENT_PLAY_SESSION_ID, CLIENT_PLAY_PLAIN },
        { "tls12-resumed-verified", CLIENT_PLAY_SESSION12, CLIENT_PLAY_ASKING },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_play out;
        seed s;
        begin(&s, rows[i].flags, rows[i].config, 0x1301, 0x001d);
        answer(&s, CLIENT_PLAY_ACCEPT);
        say_hello12(&s, true, false);
        say_finished12(&s);
        feed(&s);
        talk12(&s);
        play(&s, rows[i].name, TLSC_OK, &out);
        assert_true(out.info.handshake_done && out.info.resumed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_handshakes_reach_application_data),
        cmocka_unit_test(a_hello_retry_reaches_application_data),
        cmocka_unit_test(resumptions_reach_application_data),
        cmocka_unit_test(refusals_lead_to_their_errors),
        cmocka_unit_test(aborting_ends_a_play),
        cmocka_unit_test(the_client_answers_after_the_handshake),
        cmocka_unit_test(tls12_reaches_application_data),
        cmocka_unit_test(tls12_resumes),
    };
    return cmocka_run_group_tests_name("client_play", tests, NULL, NULL);
}
