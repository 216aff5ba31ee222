/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/request13_test.c: what a TLS 1.3 client says when it is asked for a certificate, right and
 * wrong, by hand. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "asking.h"
#include "auth/credential.h"
#include "hand_client.h"
#include "pem_file.h"
#include "wire/certificate.h"
#include "wire/certificate_verify.h"
#include "wire/enums.h"

/* What the client says, in this order. */
enum {
    CERTIFICATE = 1 << 0, /* with `cert` in it */
    EMPTY = 1 << 1,       /* none */
    AGAIN = 1 << 2,       /* the same once more */
    VERIFY = 1 << 3,
    FINISHED = 1 << 4,
    DATA = 1 << 5, /* application data */
    SAME_RECORD = 1 << 6
};

typedef struct play {
    bool optional;
    bool not_asked;
    bool asks_ocsp;
    bool later;
    unsigned says;
    const char *cert;     /* NULL: "p256" */
    tlsc_bytes context;
    tlsc_bytes extensions; /* beside the first certificate */
    unsigned copies;       /* of the certificate; 0: 1 */
    unsigned cut;          /* bytes missing at the Certificate's end */
    bool garbage;          /* the certificate isn't one */
    uint16_t scheme;       /* 0: the key's best */
    bool as_server;        /* signed in the server's name */
    bool flipped;          /* the signature's last bit */
    unsigned verify_cut;   /* bytes missing at CertificateVerify's end */
    /* what comes of it */
    tlsc_err error;
    tlsc_alert alert;
} play;

static uint8_t storage[4096];

/* A Certificate's body. */
static void make_certificate(const play *t, bool empty, tlsc_buf *body)
{
    tlsc_buf list = tlsc_buf_of(100000);
    tlsc_wr w = tlsc_wr_of(&list);
    char file[64];
    (void)snprintf(file, sizeof(file), "%s.crt.pem", t->cert == NULL ? "p256" : t->cert);
    tlsc_buf der = test_der(file);
    if (t->garbage) {
        der.p[0] ^= 1;
    }
    for (unsigned i = 0; !empty && i < (t->copies == 0 ? 1 : t->copies); i++) {
        tlsc_certificate_entry entry = { tlsc_buf_bytes(&der),
                                         i == 0 ? t->extensions : (tlsc_bytes){ NULL, 0 } };
        tlsc_certificate_entry_emit(&w, &entry);
    }
    assert_ok(tlsc_wr_end(&w));
    tlsc_certificate_msg msg = { t->context, tlsc_buf_bytes(&list) };
    tlsc_wr out = tlsc_wr_of(body);
    tlsc_certificate_msg_emit(&out, &msg);
    assert_ok(tlsc_wr_end(&out));
    body->n -= t->cut;
    tlsc_buf_clear(&der);
    tlsc_buf_clear(&list);
}

static void make_verify(const play *t, hand_client *c, tlsc_buf *body)
{
    uint8_t hash[TLSC_HASH_MAX];
    uint8_t content[TLSC_CV_CONTENT_MAX];
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    tlsc_credential *credential;
    assert_ok(tls_credential_load(tlsc_provider_default(), t->cert == NULL ? "p256" : t->cert,
                                  &credential));
    uint16_t scheme = t->scheme == 0 ? credential->key->schemes[0] : t->scheme;
    tlsc_transcript_hash(&c->transcript, hash);
    size_t content_n = tlsc_certificate_verify_content(content, t->as_server,
                                                       tlsc_bytes_of(hash, c->suite->hash->len));
    if (credential->key->sign(credential->key, scheme, tlsc_bytes_of(content, content_n), signature,
                              &n) != TLSC_OK) {
        memset(signature, 1, n = 64); /* what the key can't make is refused before it is looked at */
    }
    if (t->flipped) {
        signature[n - 1] ^= 1;
    }
    tlsc_certificate_verify cv = { scheme, tlsc_bytes_of(signature, n) };
    tlsc_wr w = tlsc_wr_of(body);
    tlsc_certificate_verify_emit(&w, &cv);
    assert_ok(tlsc_wr_end(&w));
    body->n -= t->verify_cut;
    tlsc_credential_free(credential);
}

/* One connection of such a client. */
typedef struct stage {
    tls_site site;
    rules policy;
    judge judge;
    tlsc_stream *server;
    hand_client client;
    tlsc_err error;
} stage;

static void feed(stage *s, tlsc_buf *record)
{
    if (s->error == TLSC_OK) {
        s->error = tls_server_feed(&s->site, s->server, record->p, record->n);
    }
    tlsc_buf_clear(record);
}

/* Sends messages in as few records as it takes. */
static void send(stage *s, tlsc_buf *messages)
{
    while (messages->n > 0) {
        size_t n = messages->n < TLSC_MAX_PLAINTEXT ? messages->n : TLSC_MAX_PLAINTEXT;
        tlsc_buf record = tlsc_buf_of(TLSC_MAX_RECORD);
        hand_seal(&s->client, &record, TLSC_CT_HANDSHAKE, tlsc_bytes_of(messages->p, n));
        feed(s, &record);
        tlsc_buf_consume(messages, n);
    }
}

/* Adds a message to what goes out; sends it, unless more comes in the same record. */
static void say(stage *s, tlsc_buf *messages, uint8_t type, tlsc_bytes body, bool hold)
{
    size_t at = messages->n;
    hand_message(messages, type, body);
    assert_ok(tlsc_transcript_add(&s->client.transcript,
                                  tlsc_bytes_of(messages->p + at, messages->n - at)));
    if (!hold) {
        send(s, messages);
    }
}

static void speak(stage *s, const play *t)
{
    bool hold = (t->says & SAME_RECORD) != 0;
    tlsc_buf messages = tlsc_buf_of(200000);
    tlsc_buf body = tlsc_buf_of(100000);
    for (unsigned times = t->says & AGAIN ? 2 : 1; times > 0; times--) {
        if (t->says & (CERTIFICATE | EMPTY)) {
            make_certificate(t, (t->says & EMPTY) != 0, &body);
            say(s, &messages, TLSC_HS_CERTIFICATE, tlsc_buf_bytes(&body), hold);
            tlsc_buf_clear(&body);
        }
    }
    if (t->says & VERIFY) {
        make_verify(t, &s->client, &body);
        say(s, &messages, TLSC_HS_CERTIFICATE_VERIFY, tlsc_buf_bytes(&body), hold);
        tlsc_buf_clear(&body);
    }
    if (t->says & DATA) {
        tlsc_buf record = tlsc_buf_of(1000);
        hand_seal(&s->client, &record, TLSC_CT_APPLICATION_DATA, TEXT("early"));
        feed(s, &record);
    }
    if (t->says & FINISHED) {
        hand_finished_message(&s->client, &messages);
        send(s, &messages);
    }
    tlsc_buf_clear(&messages);
}

static void stage_open(stage *s, const play *t)
{
    memset(s, 0, sizeof(*s));
    s->judge.says = t->later ? TLSC_VERDICT_LATER : TLSC_VERDICT_ACCEPT;
    s->judge.index = -1;
    s->policy.judge = &s->judge;
    s->policy.asks_ocsp = t->asks_ocsp;
    s->policy.mode = t->not_asked  ? TLSC_CLIENT_AUTH_NONE
                     : t->optional ? TLSC_CLIENT_AUTH_OPTIONAL
                                   : TLSC_CLIENT_AUTH_REQUIRED;
    s->site.setup = asking_setup;
    s->site.setup_ctx = &s->policy;
    s->site.min_version = TLSC_TLS13;
    assert_ok(tls_site_open(&s->site));
    assert_ok(tls_server_new(&s->site, &s->server));
    hand_open(&s->client, tlsc_provider_default(), 0);
    hand_make_hello(&s->client, &(hand_hello){ 0 });
    tlsc_buf record = tlsc_buf_of(10000);
    hand_plain(&record, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&s->client.hello));
    feed(s, &record);
    assert_ok(s->error);
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(s->server, &out));
    assert_true(out.n <= sizeof(storage));
    memcpy(storage, out.p, out.n);
    assert_int_equal(hand_read_flight(&s->client, storage, out.n), out.n);
    tlsc_stream_sent(s->server, out.n);
}

static void stage_close(stage *s)
{
    hand_close(&s->client);
    tlsc_stream_free(s->server);
    tls_site_close(&s->site);
}

static tlsc_info info_of(const stage *s)
{
    tlsc_info info;
    tlsc_conn_info(tlsc_stream_conn(s->server), &info);
    return info;
}

static void run(const play *t)
{
    stage s;
    stage_open(&s, t);
    speak(&s, t);
    assert_err(s.error, t->error);
    tlsc_failure failure;
    tlsc_conn_error(tlsc_stream_conn(s.server), &failure);
    assert_err(failure.code, t->error);
    if (t->error == TLSC_OK) {
        assert_true(info_of(&s).handshake_done);
        assert_int_equal(info_of(&s).peer_authenticated, (t->says & CERTIFICATE) != 0);
        assert_int_equal(s.judge.asked, (t->says & CERTIFICATE) != 0);
    } else {
        assert_string_equal(tlsc_alert_name(failure.alert_sent), tlsc_alert_name(t->alert));
        assert_false(info_of(&s).handshake_done);
        assert_false(info_of(&s).peer_authenticated && s.judge.asked == 0);
    }
    stage_close(&s);
}

/* ---- right ---- */

#define WHOLE (CERTIFICATE | VERIFY | FINISHED)

static void what_is_right_is_taken(void **state)
{
    (void)state;
    static const uint8_t staple[] = { 0, 5, 0, 6, 1, 0, 0, 2, 0x30, 0 };
    const play plays[] = {
        { .says = WHOLE },
        { .says = WHOLE | SAME_RECORD },
        { .says = WHOLE, .cert = "p384" },
        { .says = WHOLE, .cert = "ed25519" },
        { .says = WHOLE, .cert = "rsa2048", .scheme = TLSC_SIG_RSA_PSS_SHA384 },
        { .says = WHOLE, .copies = 64 },
        { .says = EMPTY | FINISHED, .optional = true },
        { .says = EMPTY | FINISHED | SAME_RECORD, .optional = true },
        { .says = FINISHED, .not_asked = true },
        { .says = WHOLE, .asks_ocsp = true, .extensions = { staple, sizeof(staple) } },
        { .says = WHOLE, .asks_ocsp = true },
    };
    for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
        run(&plays[i]);
    }
}

static void a_staple_reaches_the_verifier(void **state)
{
    (void)state;
    static const uint8_t staple[] = { 0, 5, 0, 6, 1, 0, 0, 2, 0x30, 0 };
    const play t = { .says = WHOLE | SAME_RECORD, .asks_ocsp = true, .later = true,
                     .extensions = { staple, sizeof(staple) } };
    stage s;
    stage_open(&s, &t);
    speak(&s, &t);
    assert_ok(s.error);
    tlsc_conn *c = tlsc_stream_conn(s.server);
    assert_int_equal(tlsc_conn_wait(c), TLSC_WAIT_VERIFY);
    const tlsc_verify_request *request;
    assert_ok(tlsc_conn_verify_request(c, &request));
    assert_bytes_equal(request->ocsp, BYTES(0x30, 0));
    assert_int_equal(request->scts.n, 0);
    /* Finished was in the same record, and is taken after the answer */
    tlsc_opened opened;
    tlsc_verdict v = { .size = sizeof(v), .kind = TLSC_VERDICT_ACCEPT, .index = -1 };
    assert_ok(tlsc_conn_answer_verdict(c, &v, &opened));
    assert_true((opened.events & TLSC_EVENT_HANDSHAKE_DONE) != 0);
    assert_true(info_of(&s).handshake_done);
    stage_close(&s);
}

/* ---- wrong ---- */

#define UNEXPECTED .error = TLSC_E_UNEXPECTED_MESSAGE, .alert = TLSC_ALERT_unexpected_message
#define MALFORMED .error = TLSC_E_DECODE, .alert = TLSC_ALERT_decode_error
#define WRONG_SCHEME \
    .error = TLSC_E_WRONG_SIGNATURE_SCHEME, .alert = TLSC_ALERT_illegal_parameter

static void messages_are_held_to_their_order(void **state)
{
    (void)state;
    const play plays[] = {
        { .says = FINISHED, UNEXPECTED },
        { .says = FINISHED, .optional = true, UNEXPECTED },
        { .says = VERIFY | FINISHED, UNEXPECTED },
        { .says = CERTIFICATE | FINISHED, UNEXPECTED },
        { .says = CERTIFICATE | FINISHED, .optional = true, UNEXPECTED },
        { .says = CERTIFICATE | AGAIN, UNEXPECTED },
        { .says = EMPTY | AGAIN, .optional = true, UNEXPECTED },
        { .says = EMPTY | VERIFY | FINISHED, .optional = true, UNEXPECTED },
        { .says = WHOLE, .not_asked = true, UNEXPECTED },
        { .says = EMPTY | FINISHED, .not_asked = true, UNEXPECTED },
        { .says = EMPTY | FINISHED, .error = TLSC_E_CERTIFICATE_REQUIRED,
          .alert = TLSC_ALERT_certificate_required },
        { .says = CERTIFICATE | DATA, .error = TLSC_E_RECORD_TYPE,
          .alert = TLSC_ALERT_unexpected_message },
        { .says = CERTIFICATE | VERIFY | DATA, .error = TLSC_E_RECORD_TYPE,
          .alert = TLSC_ALERT_unexpected_message },
    };
    for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
        run(&plays[i]);
    }
}

static void certificates_that_are_no_use_are_refused(void **state)
{
    (void)state;
    static const uint8_t context[] = { 7 };
    static const uint8_t staple[] = { 0, 5, 0, 6, 1, 0, 0, 2, 0x30, 0 };
    static const uint8_t broken[] = { 0, 5, 0, 6, 1, 0, 0, 3, 0x30, 0 };
    static const uint8_t unknown[] = { 0x7a, 0x7a, 0, 0 };
    static const uint8_t misplaced[] = { 0, 10, 0, 0 };
    static const uint8_t twice[] = { 0x7a, 0x7a, 0, 0, 0x7a, 0x7a, 0, 0 };
    const play plays[] = {
        { .says = WHOLE, .context = { context, 1 }, .error = TLSC_E_WRONG_REQUEST_CONTEXT,
          .alert = TLSC_ALERT_illegal_parameter },
        { .says = EMPTY, .context = { context, 1 }, .error = TLSC_E_WRONG_REQUEST_CONTEXT,
          .alert = TLSC_ALERT_illegal_parameter },
        { .says = WHOLE, .cut = 1, MALFORMED },
        { .says = WHOLE, .garbage = true, .error = TLSC_E_BAD_DER,
          .alert = TLSC_ALERT_decode_error },
        { .says = WHOLE, .copies = 65, .error = TLSC_E_TOO_MANY_CERTIFICATES,
          .alert = TLSC_ALERT_illegal_parameter },
        { .says = WHOLE, .cert = "intermediate", .error = TLSC_E_KEY_USAGE,
          .alert = TLSC_ALERT_illegal_parameter },
        { .says = CERTIFICATE, .cert = "rsa1024", .error = TLSC_E_UNSUPPORTED_KEY,
          .alert = TLSC_ALERT_unsupported_certificate },
        { .says = CERTIFICATE, .cert = "ed448", .error = TLSC_E_UNSUPPORTED_KEY,
          .alert = TLSC_ALERT_unsupported_certificate },
        { .says = WHOLE, .extensions = { staple, sizeof(staple) },
          .error = TLSC_E_UNSOLICITED_EXTENSION, .alert = TLSC_ALERT_unsupported_extension },
        { .says = WHOLE, .extensions = { unknown, sizeof(unknown) },
          .error = TLSC_E_UNSOLICITED_EXTENSION, .alert = TLSC_ALERT_unsupported_extension },
        { .says = WHOLE, .extensions = { misplaced, sizeof(misplaced) },
          .error = TLSC_E_MISPLACED_EXTENSION, .alert = TLSC_ALERT_illegal_parameter },
        { .says = WHOLE, .extensions = { twice, sizeof(twice) },
          .error = TLSC_E_DUPLICATE_EXTENSION, .alert = TLSC_ALERT_decode_error },
        { .says = WHOLE, .asks_ocsp = true, .extensions = { broken, sizeof(broken) }, MALFORMED },
    };
    for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
        run(&plays[i]);
    }
}

static void signatures_that_prove_nothing_are_refused(void **state)
{
    (void)state;
    const play plays[] = {
        { .says = WHOLE, .flipped = true, .error = TLSC_E_BAD_SIGNATURE,
          .alert = TLSC_ALERT_decrypt_error },
        { .says = WHOLE, .cert = "rsa2048", .flipped = true, .error = TLSC_E_BAD_SIGNATURE,
          .alert = TLSC_ALERT_decrypt_error },
        /* a server's signature can't be passed on as a client's */
        { .says = WHOLE, .as_server = true, .error = TLSC_E_BAD_SIGNATURE,
          .alert = TLSC_ALERT_decrypt_error },
        { .says = WHOLE, .verify_cut = 1, MALFORMED },
        { .says = WHOLE, .scheme = 0x0203, WRONG_SCHEME },
        { .says = WHOLE, .scheme = TLSC_SIG_ECDSA_P384_SHA384, WRONG_SCHEME },
        { .says = WHOLE, .scheme = TLSC_SIG_ED25519, WRONG_SCHEME },
        { .says = WHOLE, .cert = "p384", .scheme = TLSC_SIG_ECDSA_P256_SHA256, WRONG_SCHEME },
        /* that is for certificates, RFC 8446 4.2.3 */
        { .says = WHOLE, .cert = "rsa2048", .scheme = TLSC_SIG_RSA_PKCS1_SHA256, WRONG_SCHEME },
    };
    for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
        run(&plays[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right_is_taken),
        cmocka_unit_test(a_staple_reaches_the_verifier),
        cmocka_unit_test(messages_are_held_to_their_order),
        cmocka_unit_test(certificates_that_are_no_use_are_refused),
        cmocka_unit_test(signatures_that_prove_nothing_are_refused),
    };
    return cmocka_run_group_tests_name("request13", tests, NULL, NULL);
}
