/* SPDX-License-Identifier: Apache-2.0 */
/* x509/staple_test.c: our own servers' staples reach our own clients, and the other way round, and are
 * judged: staple.c, auth/trust.c. Every rule on responses is in test/x509/proofs. */
#include "x509/staple.h"

#include <stdio.h>
#include <string.h>

#include "base/try.h"
#include "file.h"
#include "pair.h"
#include "pem_file.h"
#include "tlscore/revocation.h"
#include "tlscore/sct.h"
#include "unit.h"

enum { WHEN_S = 1798761600 }; /* 2027-01-01 */

/* What the set-ups below go by; client_site's has no context. */
static tlsc_verify_options options;
static struct tlsc_revocation revocation;
static bool again;
static bool is_silent; /* asks for no staple */

static const tlsc_trust_store *trusted(void)
{
    tlsc_trust_builder *builder = tlsc_trust_builder_new(tlsc_provider_default(), NULL, NULL);
    const tlsc_trust_store *store = NULL;
    tlsc_buf text = test_pem("root.crt.pem", NULL);
    assert_ok(tlsc_trust_add_pem(builder, tlsc_buf_bytes(&text), NULL));
    assert_ok(tlsc_trust_build(builder, &store));
    tlsc_trust_builder_free(builder);
    tlsc_buf_clear(&text);
    return store;
}

static tlsc_err set_trust(tlsc_config_builder *b)
{
    const tlsc_trust_store *store = trusted();
    tlsc_err rc = tlsc_config_set_trust(b, store, &options);
    tlsc_trust_store_free(store);
    tlsc_config_verify_on_resumption(b, again);
    if (is_silent) {
        tlsc_config_request_ocsp(b, false);
    }
    return rc;
}

static tlsc_err asks_clients(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    TRY(set_trust(b));
    tlsc_config_request_ocsp(b, true);
    return tlsc_config_set_client_auth(b, TLSC_CLIENT_AUTH_REQUIRED);
}

typedef struct scene {
    tls_site site;
    client_site clients;
    pair p;
} scene;

static tlsc_buf proof(const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "test/vectors/proofs/%s", name);
    return test_file(path);
}

/* A certificate of p256's key with its intermediate and a response of test/vectors/proofs; `staple` may be
 * NULL. */
static tlsc_credential *stapled(bool must, const char *staple)
{
    tlsc_credential *plain;
    tlsc_credential *with = NULL;
    tlsc_buf key = test_file("test/vectors/certs/p256.key.pem");
    tlsc_buf chain = must ? proof("must.crt.pem") : test_pem("p256.crt.pem", NULL);
    tlsc_buf above = test_pem("intermediate.crt.pem", NULL);
    chain.max = 1 << 20;
    assert_ok(tlsc_buf_append(&chain, tlsc_buf_bytes(&above)));
    assert_ok(tlsc_credential_from_pem(tlsc_provider_default(), tlsc_buf_bytes(&chain),
                                       tlsc_buf_bytes(&key), &plain, NULL));
    tlsc_credential_options o = { .size = sizeof(o) };
    tlsc_buf response = tlsc_buf_of(0);
    if (staple != NULL) {
        response = proof(staple);
        o.ocsp = tlsc_buf_bytes(&response);
    }
    assert_ok(tlsc_credential_with(plain, &o, &with));
    tlsc_credential_free(plain);
    tlsc_buf_clear(&key);
    tlsc_buf_clear(&chain);
    tlsc_buf_clear(&above);
    tlsc_buf_clear(&response);
    return with;
}

static void prepare(scene *s, uint16_t version)
{
    memset(s, 0, sizeof(*s));
    again = false;
    is_silent = false;
    revocation = (struct tlsc_revocation){ .size = sizeof(revocation) };
    options = (tlsc_verify_options){
        .size = sizeof(options), .now_s = WHEN_S, .keep_chain = true, .revocation = &revocation
    };
    s->site.min_version = TLSC_TLS12;
    s->site.tickets = true;
    s->clients.min_version = version;
    s->clients.max_version = version;
    s->clients.name = "p256.tlsx.test";
    s->clients.set_up = set_trust;
}

static void open_sites(scene *s, bool must, const char *staple)
{
    s->site.credential = stapled(must, staple);
    s->clients.name = must ? "must.tlsx.test" : "p256.tlsx.test";
    pair_sites_open(&s->site, &s->clients);
    tlsc_credential_free(s->site.credential);
}

static void open_pair(scene *s, bool must, const char *staple)
{
    open_sites(s, must, staple);
    pair_open(&s->p, &s->site, &s->clients);
}

static void close_pair(scene *s)
{
    pair_close(&s->p);
    pair_sites_close(&s->site, &s->clients);
}

#define EACH_VERSION(v) for (uint16_t v = TLSC_TLS12; v <= TLSC_TLS13; v++)

static void works(scene *s, bool must, const char *staple)
{
    open_pair(s, must, staple);
    pair_works(&s->p);
    close_pair(s);
}

static void fails(scene *s, bool must, const char *staple, tlsc_err e, tlsc_alert alert)
{
    assert_int_equal(tlsc_err_alert(e), alert);
    open_pair(s, must, staple);
    pair_client_fails(&s->p, e);
    close_pair(s);
}

static void a_good_staple_is_fine_and_can_be_required(void **state)
{
    (void)state;
    EACH_VERSION(version)
    {
        scene s;
        prepare(&s, version);
        works(&s, false, NULL);
        prepare(&s, version);
        revocation.require_ocsp = true;
        works(&s, false, "good.der");
        prepare(&s, version);
        revocation.require_ocsp = true;
        works(&s, false, "delegated.der");
        prepare(&s, version);
        options.revocation = NULL;
        works(&s, false, "good.der");
    }
}

static void others_end_the_handshake_with_their_alert(void **state)
{
    static const struct {
        const char *staple;
        tlsc_err error;
        tlsc_alert alert;
    } bad[] = {
        { "revoked.der", TLSC_E_CERTIFICATE_REVOKED, TLSC_ALERT_certificate_revoked },
        { "unknown.der", TLSC_E_OCSP_UNKNOWN, TLSC_ALERT_bad_certificate_status_response },
        { "must.der", TLSC_E_OCSP_OTHER, TLSC_ALERT_bad_certificate_status_response },
        { "try-later.der", TLSC_E_OCSP_UNSUCCESSFUL, TLSC_ALERT_bad_certificate_status_response },
        { "must.crt.pem", TLSC_E_BAD_OCSP, TLSC_ALERT_bad_certificate_status_response },
    };
    (void)state;
    EACH_VERSION(version)
    {
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
            scene s;
            prepare(&s, version);
            fails(&s, false, bad[i].staple, bad[i].error, bad[i].alert);
            prepare(&s, version);
            revocation.ignore_staple = true;
            works(&s, false, bad[i].staple);
        }
    }
}

static void must_staple_needs_one(void **state)
{
    (void)state;
    EACH_VERSION(version)
    {
        scene s;
        prepare(&s, version);
        fails(&s, true, NULL, TLSC_E_STAPLE_REQUIRED, TLSC_ALERT_bad_certificate_status_response);
        prepare(&s, version);
        works(&s, true, "must.der");
        prepare(&s, version);
        is_silent = true; /* who doesn't ask gets none */
        fails(&s, true, "must.der", TLSC_E_STAPLE_REQUIRED, TLSC_ALERT_bad_certificate_status_response);
        prepare(&s, version);
        is_silent = true;
        revocation.ignore_must_staple = true;
        works(&s, true, "must.der");
    }
}

static void a_resumed_server_needs_none(void **state)
{
    (void)state;
    EACH_VERSION(version)
    {
        scene s;
        prepare(&s, version);
        again = true;
        revocation.require_ocsp = true;
        open_sites(&s, true, "must.der");
        pair_make_sessions(&s.site, &s.clients);
        tlsc_bytes session = tlsc_buf_bytes(&s.clients.sessions[0]);
        s.clients.offered = &session;
        s.clients.num_offered = 1;
        pair_open(&s.p, &s.site, &s.clients);
        pair_works(&s.p);
        assert_true(pair_client_info(&s.p).resumed);
        close_pair(&s);
    }
}

/* TLS 1.3 alone has staples of clients. */
static void a_client_may_staple(void **state)
{
    static const struct {
        const char *staple;
        bool required;
        tlsc_err error;
    } cases[] = {
        { "good.der", true, TLSC_OK },
        { NULL, false, TLSC_OK },
        { NULL, true, TLSC_E_STAPLE_REQUIRED },
        { "revoked.der", false, TLSC_E_CERTIFICATE_REVOKED },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        scene s;
        prepare(&s, TLSC_TLS13);
        s.clients.set_up = NULL;
        s.site.setup = asks_clients;
        s.clients.credential = stapled(false, cases[i].staple);
        revocation.require_ocsp = cases[i].required;
        open_pair(&s, false, NULL);
        pair_pump(&s.p);
        assert_err(s.p.server_error, cases[i].error);
        assert_true(pair_server_info(&s.p).handshake_done == (cases[i].error == TLSC_OK));
        close_pair(&s);
        tlsc_credential_free(s.clients.credential);
    }
}

/* ---- a responder that is asked ---- */

static tlsc_buf asked;
static unsigned times_asked;

static tlsc_err ask_later(void *ctx, const tlsc_ocsp_question *question, tlsc_bytes *response,
                          bool *later)
{
    assert_ptr_equal(ctx, &times_asked);
    assert_int_equal(response->n, 0);
    assert_bytes_equal(question->url, TEXT("http://ocsp.test/"));
    tlsc_buf_clear(&asked);
    asked = tlsc_buf_of(4096);
    assert_ok(tlsc_buf_append(&asked, question->request));
    times_asked++;
    *later = true;
    return TLSC_OK;
}

/* The verdict that the fetched response makes. */
static tlsc_verdict verdict_with(const tlsc_conn *c, const char *response)
{
    const tlsc_verify_request *request;
    const tlsc_trust_store *store = trusted();
    tlsc_buf der = proof(response);
    assert_ok(tlsc_conn_verify_request(c, &request));
    tlsc_verify_request with = *request;
    tlsc_verify_result result = { .size = sizeof(result) };
    with.ocsp = tlsc_buf_bytes(&der);
    tlsc_err rc = tlsc_verify_chain(store, &options, &with, &result);
    assert_false(result.later);
    tlsc_verdict v = { .size = sizeof(v), .error = rc, .index = result.index };
    v.kind = rc == TLSC_OK ? TLSC_VERDICT_ACCEPT : TLSC_VERDICT_REJECT;
    tlsc_trust_store_free(store);
    tlsc_buf_clear(&der);
    return v;
}

static tlsc_err answer(scene *s, const char *response)
{
    tlsc_conn *c = tlsc_stream_conn(s->p.client);
    tlsc_opened opened;
    tlsc_verdict v = verdict_with(c, response);
    TRY(tlsc_conn_answer_verdict(c, &v, &opened));
    return tlsc_stream_step(s->p.client);
}

static void ask(scene *s, uint16_t version)
{
    prepare(s, version);
    times_asked = 0;
    revocation.ask = ask_later;
    revocation.ask_ctx = &times_asked;
    open_pair(s, true, NULL);
    pair_pump(&s->p);
    assert_int_equal(times_asked, 1);
    assert_int_equal(tlsc_conn_wait(tlsc_stream_conn(s->p.client)), TLSC_WAIT_VERIFY);
    assert_false(pair_client_info(&s->p).handshake_done);
}

static void a_handshake_waits_for_a_responder(void **state)
{
    (void)state;
    tlsc_buf wanted = proof("request.der");
    EACH_VERSION(version)
    {
        scene s;
        ask(&s, version);
        assert_bytes_equal(tlsc_buf_bytes(&asked), tlsc_buf_bytes(&wanted));
        assert_ok(answer(&s, "must.der"));
        pair_works(&s.p);
        assert_int_equal(times_asked, 1);
        close_pair(&s);

        ask(&s, version);
        assert_err(answer(&s, "good.der"), TLSC_E_OCSP_OTHER);
        pair_pump(&s.p);
        assert_false(pair_client_info(&s.p).handshake_done);
        close_pair(&s);

        prepare(&s, version);
        revocation.ask = ask_later;
        revocation.ask_ctx = &times_asked;
        times_asked = 0;
        works(&s, true, "must.der"); /* nobody is asked where a staple came */
        assert_int_equal(times_asked, 0);
    }
    tlsc_buf_clear(&asked);
    tlsc_buf_clear(&wanted);
}

static tlsc_err out_of_order(void *ctx, const tlsc_ocsp_question *question, tlsc_bytes *response,
                             bool *later)
{
    (void)ctx;
    (void)question;
    (void)response;
    (void)later;
    return TLSC_E_NO_MEMORY;
}

static void an_error_of_who_asks_ends_the_handshake(void **state)
{
    (void)state;
    scene s;
    prepare(&s, TLSC_TLS13);
    revocation.ask = out_of_order;
    open_pair(&s, false, NULL);
    pair_pump(&s.p);
    assert_err(s.p.client_error, TLSC_E_NO_MEMORY);
    close_pair(&s);
}

/* ---- promises of logs ---- */

/* A list with one log, whose key is certs' p256new. */
static const tlsc_ct_logs *one_log(void)
{
    const tlsc_ct_logs *logs;
    tlsc_buf key = proof("log.key.der");
    tlsc_ct_log log = { tlsc_buf_bytes(&key), 0, 0 };
    assert_ok(tlsc_ct_logs_new(tlsc_provider_default(), &log, 1, &logs));
    tlsc_buf_clear(&key);
    return logs;
}

static tlsc_credential *with_scts(void)
{
    tlsc_credential *plain = stapled(false, NULL);
    tlsc_credential *with;
    tlsc_buf list = proof("scts");
    tlsc_credential_options o = { .size = sizeof(o), .scts = tlsc_buf_bytes(&list) };
    assert_ok(tlsc_credential_with(plain, &o, &with));
    tlsc_credential_free(plain);
    tlsc_buf_clear(&list);
    return with;
}

static void a_promise_of_a_known_log_is_wanted(void **state)
{
    (void)state;
    assert_int_equal(tlsc_err_alert(TLSC_E_TOO_FEW_SCTS), TLSC_ALERT_bad_certificate);
    EACH_VERSION(version)
    {
        for (unsigned wanted = 1; wanted <= 2; wanted++) {
            scene s;
            prepare(&s, version);
            const tlsc_ct_logs *logs = one_log();
            options.logs = logs;
            options.min_scts = wanted;
            s.site.credential = with_scts();
            pair_sites_open(&s.site, &s.clients);
            tlsc_credential_free(s.site.credential);
            tlsc_ct_logs_free(logs); /* the configuration has a reference */
            pair_open(&s.p, &s.site, &s.clients);
            if (wanted == 1) {
                pair_works(&s.p);
            } else {
                pair_client_fails(&s.p, TLSC_E_TOO_FEW_SCTS);
            }
            close_pair(&s);
        }
    }
}

static void options_that_ask_and_dont_look_are_refused(void **state)
{
    (void)state;
    scene s;
    tlsc_config_builder *b = tlsc_config_builder_new_client(tlsc_provider_default());
    prepare(&s, TLSC_TLS13);
    assert_ok(set_trust(b));
    revocation.require_ocsp = true;
    revocation.ignore_staple = true;
    assert_err(set_trust(b), TLSC_E_BAD_CONFIG);
    revocation.require_ocsp = false;
    assert_ok(set_trust(b));
    revocation.size = 1;
    assert_err(set_trust(b), TLSC_E_BAD_CONFIG);
    revocation.size = sizeof(revocation);
    options.min_scts = 1;
    assert_err(set_trust(b), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_staple_is_fine_and_can_be_required),
        cmocka_unit_test(others_end_the_handshake_with_their_alert),
        cmocka_unit_test(must_staple_needs_one),
        cmocka_unit_test(a_resumed_server_needs_none),
        cmocka_unit_test(a_client_may_staple),
        cmocka_unit_test(a_handshake_waits_for_a_responder),
        cmocka_unit_test(an_error_of_who_asks_ends_the_handshake),
        cmocka_unit_test(a_promise_of_a_known_log_is_wanted),
        cmocka_unit_test(options_that_ask_and_dont_look_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
