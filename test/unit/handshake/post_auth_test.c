/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/post_auth_test.c: a server asks for a certificate after the handshake; our client answers,
 * and a hand-made one answers wrongly. */
#include "unit.h"

#include <string.h>

#include "asking.h"
#include "conn/conn.h"
#include "pair.h"
#include "wire/enums.h"

static tlsc_err allow(tlsc_config_builder *b)
{
    tlsc_config_post_handshake_auth(b, true);
    return TLSC_OK;
}

static tlsc_err allow_and_choose_later(tlsc_config_builder *b)
{
    tlsc_config_external_credentials(b, true);
    return allow(b);
}

typedef struct scene {
    tls_site site;
    client_site clients;
    rules policy;
    judge judge;
    tlsc_credential *credential;
    pair p;
} scene;

/* A connection that works, between a server and a client with this certificate; NULL: none. */
static void begin(scene *s, const char *cert, tlsc_err (*client_setup)(tlsc_config_builder *b))
{
    if (s->judge.says == TLSC_VERDICT_REJECT && s->judge.alert == 0) {
        s->judge.says = TLSC_VERDICT_ACCEPT;
    }
    s->policy.judge = &s->judge;
    s->policy.post_handshake = !s->policy.forbids;
    s->site.setup = asking_setup;
    s->site.setup_ctx = &s->policy;
    if (cert != NULL) {
        assert_ok(tls_credential_load(tlsc_provider_default(), cert, &s->credential));
    }
    s->clients.credential = s->credential;
    s->clients.set_up = client_setup;
    pair_sites_open(&s->site, &s->clients);
    pair_open(&s->p, &s->site, &s->clients);
    pair_works(&s->p);
    assert_false(pair_server_info(&s->p).peer_authenticated);
}

static void end(scene *s)
{
    pair_close(&s->p);
    pair_sites_close(&s->site, &s->clients);
    tlsc_credential_free(s->credential);
}

static tlsc_conn *server_of(scene *s)
{
    return tlsc_stream_conn(s->p.server);
}

static tlsc_conn *client_of(scene *s)
{
    return tlsc_stream_conn(s->p.client);
}

static void expect_traffic(scene *s)
{
    pair_client_says(&s->p, "more");
    pair_server_says(&s->p, "less");
    assert_ok(s->p.client_error);
    assert_ok(s->p.server_error);
    assert_true(pair_server_info(&s->p).handshake_done);
    assert_true(pair_client_info(&s->p).handshake_done);
}

/* ---- answers ---- */

static void a_client_shows_its_certificate_when_asked(void **state)
{
    (void)state;
    static const char *const certs[] = { "p256", "ed25519", "rsa2048" };
    for (size_t i = 0; i < sizeof(certs) / sizeof(certs[0]); i++) {
        scene s = { .policy.keeps_chain = true };
        begin(&s, certs[i], allow);
        assert_ok(tlsc_conn_request_certificate(server_of(&s)));
        assert_err(tlsc_conn_request_certificate(server_of(&s)), TLSC_E_USAGE);
        pair_pump(&s.p);
        assert_int_equal(s.judge.asked, 1);
        tlsc_info info = pair_server_info(&s.p);
        assert_true(info.peer_authenticated);
        assert_int_not_equal(info.peer_scheme, 0);
        assert_bytes_equal(tlsc_conn_peer_certificate(server_of(&s), 0),
                           tlsc_credential_certificate(s.credential, 0));
        assert_ptr_equal(pair_client_info(&s.p).credential, s.credential);
        expect_traffic(&s);
        /* and again */
        assert_ok(tlsc_conn_request_certificate(server_of(&s)));
        pair_pump(&s.p);
        assert_int_equal(s.judge.asked, 2);
        assert_true(pair_server_info(&s.p).peer_authenticated);
        expect_traffic(&s);
        end(&s);
    }
}

/* Who declines is nobody, also if it was somebody before. */
static void a_client_may_decline(void **state)
{
    (void)state;
    scene s = { 0 };
    begin(&s, NULL, allow_and_choose_later);
    assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &s.credential));
    for (int round = 0; round < 2; round++) {
        tlsc_opened opened;
        assert_ok(tlsc_conn_request_certificate(server_of(&s)));
        (void)pair_to_client(&s.p);
        assert_int_equal(tlsc_conn_wait(client_of(&s)), TLSC_WAIT_CREDENTIAL);
        assert_ok(tlsc_conn_answer_credential(client_of(&s), round == 0 ? s.credential : NULL,
                                              &opened));
        assert_int_equal(opened.wait, TLSC_WAIT_NONE);
        assert_true(opened.output);
        pair_pump(&s.p);
        assert_int_equal(pair_server_info(&s.p).peer_authenticated, round == 0);
        assert_int_equal(s.judge.asked, 1);
        expect_traffic(&s);
    }
    end(&s);
}

static void data_and_key_updates_go_on_beside_it(void **state)
{
    (void)state;
    scene s = { 0 };
    begin(&s, NULL, allow_and_choose_later);
    assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &s.credential));
    assert_ok(tlsc_conn_request_certificate(server_of(&s)));
    /* before the client hears of it */
    pair_server_says(&s.p, "a");
    assert_int_equal(tlsc_conn_wait(client_of(&s)), TLSC_WAIT_CREDENTIAL);
    assert_int_equal(tlsc_conn_wait(server_of(&s)), TLSC_WAIT_NONE);
    /* while it thinks: it writes, and both change their keys */
    pair_client_says(&s.p, "b");
    assert_ok(tlsc_conn_update_keys(client_of(&s), true));
    pair_client_says(&s.p, "c");
    assert_int_equal(pair_server_info(&s.p).key_updates_received, 1);
    tlsc_opened opened;
    assert_ok(tlsc_conn_answer_credential(client_of(&s), s.credential, &opened));
    assert_ok(tlsc_stream_step(s.p.client));
    pair_pump(&s.p);
    assert_true(pair_server_info(&s.p).peer_authenticated);
    expect_traffic(&s);
    assert_ok(tlsc_conn_update_keys(server_of(&s), true));
    expect_traffic(&s);
    end(&s);
}

/* ---- verdicts ---- */

static void a_rejected_certificate_ends_the_connection(void **state)
{
    (void)state;
    scene s = { .judge = { .says = TLSC_VERDICT_REJECT, .alert = TLSC_ALERT_unknown_ca } };
    begin(&s, "p256", allow);
    assert_ok(tlsc_conn_request_certificate(server_of(&s)));
    pair_pump(&s.p);
    assert_err(s.p.server_error, TLSC_E_CERTIFICATE_REJECTED);
    assert_err(s.p.client_error, TLSC_E_PEER_ALERT);
    tlsc_failure failure;
    tlsc_conn_error(client_of(&s), &failure);
    assert_int_equal(failure.alert_received, TLSC_ALERT_unknown_ca);
    tlsc_conn_error(server_of(&s), &failure);
    assert_string_equal(failure.state, "post13: verify the certificate");
    assert_err(tlsc_conn_request_certificate(server_of(&s)), TLSC_E_CLOSED);
    end(&s);
}

static void the_verdict_may_come_later(void **state)
{
    (void)state;
    scene s = { .judge = { .says = TLSC_VERDICT_LATER } };
    begin(&s, "p256", allow);
    assert_ok(tlsc_conn_request_certificate(server_of(&s)));
    pair_pump(&s.p);
    assert_int_equal(tlsc_conn_wait(server_of(&s)), TLSC_WAIT_VERIFY);
    const tlsc_verify_request *request;
    assert_ok(tlsc_conn_verify_request(server_of(&s), &request));
    assert_int_equal(request->num_certificates, 1);
    /* we may write meanwhile */
    pair_server_says(&s.p, "wait");
    tlsc_opened opened;
    tlsc_verdict v = { .size = sizeof(v), .kind = TLSC_VERDICT_ACCEPT, .index = -1 };
    assert_ok(tlsc_conn_answer_verdict(server_of(&s), &v, &opened));
    assert_true((opened.events & TLSC_EVENT_CERTIFICATE) != 0);
    assert_int_equal(opened.wait, TLSC_WAIT_NONE);
    assert_true(pair_server_info(&s.p).peer_authenticated);
    expect_traffic(&s);
    /* and a connection may go away in that pause */
    assert_ok(tlsc_conn_request_certificate(server_of(&s)));
    pair_pump(&s.p);
    assert_int_equal(tlsc_conn_wait(server_of(&s)), TLSC_WAIT_VERIFY);
    end(&s);
}

/* ---- where it isn't allowed ---- */

static void it_needs_both_sides(void **state)
{
    (void)state;
    scene unwilling_client = { 0 };
    begin(&unwilling_client, "p256", NULL);
    assert_err(tlsc_conn_request_certificate(server_of(&unwilling_client)), TLSC_E_UNSUPPORTED);
    expect_traffic(&unwilling_client);
    end(&unwilling_client);
    scene unwilling_server = { .policy.forbids = true };
    begin(&unwilling_server, "p256", allow);
    assert_err(tlsc_conn_request_certificate(server_of(&unwilling_server)), TLSC_E_UNSUPPORTED);
    expect_traffic(&unwilling_server);
    end(&unwilling_server);
    scene tls12 = { .clients.max_version = TLSC_TLS12, .site.min_version = TLSC_TLS12 };
    begin(&tls12, "p256", allow);
    assert_err(tlsc_conn_request_certificate(server_of(&tls12)), TLSC_E_UNSUPPORTED);
    expect_traffic(&tls12);
    end(&tls12);
}

static void it_is_for_servers_at_the_right_time(void **state)
{
    (void)state;
    scene s = { 0 };
    begin(&s, "p256", allow);
    assert_err(tlsc_conn_request_certificate(client_of(&s)), TLSC_E_USAGE);
    pair second;
    pair_open(&second, &s.site, &s.clients);
    assert_err(tlsc_conn_request_certificate(tlsc_stream_conn(second.server)), TLSC_E_NOT_READY);
    pair_close(&second);
    assert_ok(tlsc_conn_close(server_of(&s)));
    assert_err(tlsc_conn_request_certificate(server_of(&s)), TLSC_E_CLOSED);
    end(&s);
}

/* A client that has said goodbye has nothing to show any more; it may still be spoken to. */
static void a_client_that_closed_does_not_answer(void **state)
{
    (void)state;
    scene s = { 0 };
    begin(&s, "p256", allow);
    assert_ok(tlsc_conn_close(client_of(&s)));
    assert_ok(tlsc_conn_request_certificate(server_of(&s)));
    pair_pump(&s.p);
    assert_ok(s.p.client_error);
    assert_ok(s.p.server_error);
    assert_false(pair_server_info(&s.p).peer_authenticated);
    pair_server_says(&s.p, "still here");
    end(&s);
}

/* ---- who doesn't keep to it ---- */

/* Appends a handshake message. */
static void message(tlsc_buf *to, uint8_t type, tlsc_bytes body)
{
    const uint8_t header[] = { type, 0, (uint8_t)(body.n >> 8), (uint8_t)body.n };
    assert_ok(tlsc_buf_append(to, tlsc_bytes_of(header, sizeof(header))));
    assert_ok(tlsc_buf_append(to, body));
}

/* Says messages under the keys of a connection that doesn't know of it. */
static void say(tlsc_conn *c, tlsc_buf *messages)
{
    assert_ok(tlsc_rl_put(&c->rl, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(messages)));
    tlsc_buf_clear(messages);
}

/* What a client says in place of its answer. */
enum {
    ANSWER_NOTHING = 1 << 0,      /* an empty Certificate in the right context */
    ANSWER_OTHER_CONTEXT = 1 << 1,
    ANSWER_NO_CONTEXT = 1 << 2,
    ANSWER_VERIFY = 1 << 3,
    ANSWER_FINISHED = 1 << 4, /* a wrong one */
    ANSWER_SHORT_FINISHED = 1 << 5,
    ANSWER_KEY_UPDATE = 1 << 6,
    ANSWER_TICKET = 1 << 7,
    ANSWER_NOTHING_AGAIN = 1 << 8,
    ANSWER_GARBAGE = 1 << 9
};

static void make_answer(tlsc_buf *out, const tlsc_conn *server, unsigned what)
{
    static const uint8_t zeroes[64] = { 0 };
    uint8_t certificate[1 + 16 + 3] = { 16 };
    if (server->post != NULL) {
        memcpy(certificate + 1, server->post->request_context, 16);
    }
    if (what & ANSWER_OTHER_CONTEXT) {
        certificate[16] ^= 1;
    }
    if (what & (ANSWER_NOTHING | ANSWER_OTHER_CONTEXT)) {
        message(out, TLSC_HS_CERTIFICATE, tlsc_bytes_of(certificate, sizeof(certificate)));
    }
    if (what & ANSWER_NO_CONTEXT) {
        message(out, TLSC_HS_CERTIFICATE, tlsc_bytes_of(zeroes, 4));
    }
    if (what & ANSWER_GARBAGE) {
        message(out, TLSC_HS_CERTIFICATE, tlsc_bytes_of(certificate, sizeof(certificate) - 1));
    }
    if (what & ANSWER_NOTHING_AGAIN) {
        message(out, TLSC_HS_CERTIFICATE, tlsc_bytes_of(certificate, sizeof(certificate)));
    }
    if (what & ANSWER_VERIFY) {
        message(out, TLSC_HS_CERTIFICATE_VERIFY, BYTES(4, 3, 0, 0));
    }
    if (what & ANSWER_KEY_UPDATE) {
        message(out, TLSC_HS_KEY_UPDATE, BYTES(0));
    }
    if (what & ANSWER_TICKET) {
        message(out, TLSC_HS_NEW_SESSION_TICKET, BYTES(0));
    }
    if (what & (ANSWER_FINISHED | ANSWER_SHORT_FINISHED)) {
        size_t n = server->outcome.suite->hash->len;
        message(out, TLSC_HS_FINISHED,
                tlsc_bytes_of(zeroes, what & ANSWER_FINISHED ? n : n - 1));
    }
}

static void a_wrong_answer_is_fatal(void **state)
{
    (void)state;
    static const struct {
        bool asked;
        unsigned answer;
        tlsc_err error;
        tlsc_alert alert;
    } cases[] = {
        { false, ANSWER_NOTHING, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { false, ANSWER_VERIFY, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { false, ANSWER_FINISHED, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { true, ANSWER_VERIFY, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { true, ANSWER_FINISHED, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { true, ANSWER_TICKET, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { true, ANSWER_OTHER_CONTEXT, TLSC_E_WRONG_REQUEST_CONTEXT, TLSC_ALERT_illegal_parameter },
        { true, ANSWER_NO_CONTEXT, TLSC_E_WRONG_REQUEST_CONTEXT, TLSC_ALERT_illegal_parameter },
        { true, ANSWER_GARBAGE, TLSC_E_DECODE, TLSC_ALERT_decode_error },
        { true, ANSWER_NOTHING | ANSWER_NOTHING_AGAIN, TLSC_E_UNEXPECTED_MESSAGE,
          TLSC_ALERT_unexpected_message },
        { true, ANSWER_NOTHING | ANSWER_VERIFY, TLSC_E_UNEXPECTED_MESSAGE,
          TLSC_ALERT_unexpected_message },
        { true, ANSWER_NOTHING | ANSWER_KEY_UPDATE, TLSC_E_UNEXPECTED_MESSAGE,
          TLSC_ALERT_unexpected_message },
        { true, ANSWER_NOTHING | ANSWER_FINISHED, TLSC_E_BAD_FINISHED, TLSC_ALERT_decrypt_error },
        { true, ANSWER_NOTHING | ANSWER_SHORT_FINISHED, TLSC_E_DECODE, TLSC_ALERT_decode_error },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        scene s = { 0 };
        begin(&s, "p256", allow);
        if (cases[i].asked) {
            assert_ok(tlsc_conn_request_certificate(server_of(&s)));
        }
        tlsc_buf answer = tlsc_buf_of(1000);
        make_answer(&answer, server_of(&s), cases[i].answer);
        say(client_of(&s), &answer);
        (void)pair_to_server(&s.p);
        assert_err(s.p.server_error, cases[i].error);
        tlsc_failure failure;
        tlsc_conn_error(server_of(&s), &failure);
        assert_string_equal(tlsc_alert_name(failure.alert_sent), tlsc_alert_name(cases[i].alert));
        assert_false(pair_server_info(&s.p).peer_authenticated);
        if (cases[i].error == TLSC_E_UNEXPECTED_MESSAGE) {
            assert_string_not_equal(failure.got, "HelloRequest");
            assert_string_not_equal(failure.got, "");
        }
        end(&s);
    }
}

/* Certificate to Finished come together, with nothing between them. */
static void data_in_the_midst_of_an_answer_are_fatal(void **state)
{
    (void)state;
    scene s = { 0 };
    begin(&s, "p256", allow);
    assert_ok(tlsc_conn_request_certificate(server_of(&s)));
    tlsc_buf answer = tlsc_buf_of(1000);
    make_answer(&answer, server_of(&s), ANSWER_NOTHING);
    say(client_of(&s), &answer);
    (void)pair_to_server(&s.p);
    assert_ok(s.p.server_error);
    assert_ok(tlsc_stream_write(s.p.client, (const uint8_t *)"x", 1));
    (void)pair_to_server(&s.p);
    assert_err(s.p.server_error, TLSC_E_RECORD_TYPE);
    end(&s);
}

static void a_wrong_question_is_fatal(void **state)
{
    (void)state;
    static const struct {
        bool offered;
        tlsc_bytes body;
        tlsc_err error;
        tlsc_alert alert;
    } cases[] = {
        { false, { (const uint8_t *)"\1\1\0\10\0\15\0\4\0\2\4\3", 12 },
          TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { true, { (const uint8_t *)"\0\0\10\0\15\0\4\0\2\4\3", 11 },
          TLSC_E_WRONG_REQUEST_CONTEXT, TLSC_ALERT_illegal_parameter },
        { true, { (const uint8_t *)"\1\1\0\10\0\15\0\4\0\2\4", 11 }, TLSC_E_DECODE,
          TLSC_ALERT_decode_error },
        { true, { (const uint8_t *)"\1\1\0\0", 4 }, TLSC_E_MISSING_SIGNATURE_ALGORITHMS,
          TLSC_ALERT_missing_extension },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        scene s = { 0 };
        begin(&s, "p256", cases[i].offered ? allow : NULL);
        tlsc_buf question = tlsc_buf_of(1000);
        message(&question, TLSC_HS_CERTIFICATE_REQUEST, cases[i].body);
        say(server_of(&s), &question);
        (void)pair_to_client(&s.p);
        assert_err(s.p.client_error, cases[i].error);
        tlsc_failure failure;
        tlsc_conn_error(client_of(&s), &failure);
        assert_string_equal(tlsc_alert_name(failure.alert_sent), tlsc_alert_name(cases[i].alert));
        end(&s);
    }
}

/* A client answers one after the other, and reads what comes meanwhile. */
static void a_second_question_waits_for_the_first_answer(void **state)
{
    (void)state;
    static const uint8_t first[] = "\1a\0\10\0\15\0\4\0\2\4\3";
    static const uint8_t second[] = "\1b\0\10\0\15\0\4\0\2\4\3";
    scene s = { 0 };
    begin(&s, NULL, allow_and_choose_later);
    tlsc_buf questions = tlsc_buf_of(1000);
    message(&questions, TLSC_HS_CERTIFICATE_REQUEST, tlsc_bytes_of(first, sizeof(first) - 1));
    message(&questions, TLSC_HS_CERTIFICATE_REQUEST, tlsc_bytes_of(second, sizeof(second) - 1));
    say(server_of(&s), &questions);
    assert_ok(tlsc_stream_write(s.p.server, (const uint8_t *)"behind", 6));
    (void)pair_to_client(&s.p);
    assert_int_equal(tlsc_conn_wait(client_of(&s)), TLSC_WAIT_CREDENTIAL);
    uint8_t got[16];
    assert_int_equal(tlsc_stream_read(s.p.client, got, sizeof(got)), 0);
    tlsc_opened opened;
    assert_ok(tlsc_conn_answer_credential(client_of(&s), NULL, &opened));
    assert_int_equal(opened.wait, TLSC_WAIT_CREDENTIAL);
    assert_ok(tlsc_conn_answer_credential(client_of(&s), NULL, &opened));
    assert_int_equal(opened.wait, TLSC_WAIT_NONE);
    assert_ok(tlsc_stream_step(s.p.client));
    assert_int_equal(tlsc_stream_read(s.p.client, got, sizeof(got)), 6);
    end(&s);
}

/* Each question costs a signature. */
static void questions_flood(void **state)
{
    (void)state;
    scene s = { 0 };
    begin(&s, "p256", allow);
    for (unsigned i = 1; i <= TLSC_REQUESTS_MAX + 1; i++) {
        static const uint8_t question[] = "\1x\0\10\0\15\0\4\0\2\4\3";
        tlsc_buf messages = tlsc_buf_of(1000);
        message(&messages, TLSC_HS_CERTIFICATE_REQUEST,
                tlsc_bytes_of(question, sizeof(question) - 1));
        say(server_of(&s), &messages);
        (void)pair_to_client(&s.p);
        assert_err(s.p.client_error, i <= TLSC_REQUESTS_MAX ? TLSC_OK : TLSC_E_TOO_MANY_REQUESTS);
    }
    end(&s);
    /* with data between them there may be more */
    scene patient = { 0 };
    begin(&patient, "p256", allow);
    for (unsigned i = 1; i <= TLSC_REQUESTS_MAX + 1; i++) {
        assert_ok(tlsc_conn_request_certificate(server_of(&patient)));
        pair_server_says(&patient.p, "x");
        assert_true(pair_server_info(&patient.p).peer_authenticated);
    }
    end(&patient);
}

/* Opens what the client said, record by record; tells what happened. */
static uint32_t events_at_server(scene *s)
{
    tlsc_bytes out;
    uint32_t events = 0;
    assert_ok(tlsc_stream_output(s->p.client, &out));
    uint8_t *copy = test_copy(out);
    for (size_t at = 0; at < out.n;) {
        tlsc_opened opened;
        assert_ok(tlsc_conn_open(server_of(s), copy + at, out.n - at, &opened));
        assert_true(opened.consumed > 0);
        assert_int_equal(opened.wait, TLSC_WAIT_NONE);
        at += opened.consumed;
        events |= opened.events;
    }
    tlsc_mem_free(copy);
    tlsc_stream_sent(s->p.client, out.n);
    return events;
}

static void an_event_tells_of_the_answer(void **state)
{
    (void)state;
    scene s = { 0 };
    begin(&s, "p256", allow);
    assert_ok(tlsc_stream_write(s.p.client, (const uint8_t *)"x", 1));
    assert_int_equal(events_at_server(&s), 0);
    assert_ok(tlsc_conn_request_certificate(server_of(&s)));
    assert_ok(tlsc_stream_write(s.p.client, (const uint8_t *)"y", 1));
    assert_int_equal(events_at_server(&s), 0);
    (void)pair_to_client(&s.p);
    assert_int_equal(events_at_server(&s), TLSC_EVENT_CERTIFICATE);
    assert_true(pair_server_info(&s.p).peer_authenticated);
    end(&s);
}

/* Without it nothing outlives the handshake for its sake; with it, one state of a hash. */
static void only_a_hash_state_is_kept_for_it(void **state)
{
    (void)state;
    scene with = { 0 };
    begin(&with, "p256", allow);
    assert_true(server_of(&with)->outcome.post_transcript.n > 0);
    assert_true(server_of(&with)->outcome.post_transcript.n <= TLSC_HASH_STATE_MAX);
    assert_int_equal(client_of(&with)->outcome.post_transcript.n,
                     server_of(&with)->outcome.post_transcript.n);
    assert_null(server_of(&with)->post);
    assert_ok(tlsc_conn_request_certificate(server_of(&with)));
    assert_non_null(server_of(&with)->post);
    pair_pump(&with.p);
    assert_null(server_of(&with)->post);
    assert_null(client_of(&with)->post);
    end(&with);
    scene without = { 0 };
    begin(&without, "p256", NULL);
    assert_int_equal(server_of(&without)->outcome.post_transcript.n, 0);
    assert_int_equal(client_of(&without)->outcome.post_transcript.n, 0);
    end(&without);
}

/* ---- out of memory ---- */

static void every_allocation_fails_once(void **state)
{
    (void)state;
    bool failed = true;
    unsigned n = 0;
    while (failed) {
        scene s = { .policy.keeps_chain = true };
        begin(&s, "p256", allow);
        tlsc_mem_stats before;
        tlsc_mem_stats after;
        tlsc_mem_get_stats(&before);
        tlsc_mem_fail_at(++n, false);
        tlsc_err rc = tlsc_conn_request_certificate(server_of(&s));
        tlsc_bytes out;
        if (rc == TLSC_OK && tlsc_stream_output(s.p.server, &out) == TLSC_OK) {
            rc = tlsc_stream_feed(s.p.client, out.p, out.n);
            tlsc_stream_sent(s.p.server, out.n);
        }
        if (rc == TLSC_OK && tlsc_stream_output(s.p.client, &out) == TLSC_OK) {
            rc = tlsc_stream_feed(s.p.server, out.p, out.n);
            tlsc_stream_sent(s.p.client, out.n);
        }
        tlsc_mem_get_stats(&after);
        tlsc_mem_fail_at(0, false);
        failed = after.allocations - before.allocations >= n;
        assert_true(failed || pair_server_info(&s.p).peer_authenticated);
        assert_true(n < 500);
        end(&s);
    }
    print_message("authentication after the handshake: %u allocations failed in turn\n", n - 1);
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_shows_its_certificate_when_asked),
        cmocka_unit_test(a_client_may_decline),
        cmocka_unit_test(data_and_key_updates_go_on_beside_it),
        cmocka_unit_test(a_rejected_certificate_ends_the_connection),
        cmocka_unit_test(the_verdict_may_come_later),
        cmocka_unit_test(it_needs_both_sides),
        cmocka_unit_test(it_is_for_servers_at_the_right_time),
        cmocka_unit_test(a_client_that_closed_does_not_answer),
        cmocka_unit_test(a_wrong_answer_is_fatal),
        cmocka_unit_test(data_in_the_midst_of_an_answer_are_fatal),
        cmocka_unit_test(a_wrong_question_is_fatal),
        cmocka_unit_test(a_second_question_waits_for_the_first_answer),
        cmocka_unit_test(questions_flood),
        cmocka_unit_test(an_event_tells_of_the_answer),
        cmocka_unit_test(only_a_hash_state_is_kept_for_it),
        cmocka_unit_test(every_allocation_fails_once),
    };
    return cmocka_run_group_tests_name("post_auth", tests, NULL, NULL);
}
