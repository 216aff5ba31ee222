/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/peer_server_test.c: how a client looks at its server, in both versions, with a server of
 * ours. */
#include "unit.h"

#include <string.h>

#include "asking.h"
#include "auth/credential.h"
#include "base/try.h"
#include "pair.h"

/* What the client is told; its set-up has no context. */
static judge eye;
static const char *pin;
static bool asks_again;
static bool keeps;
static bool waits;

static tlsc_err set_pin(tlsc_config_builder *b)
{
    tlsc_credential *credential;
    TRY(tls_credential_load(tlsc_provider_default(), pin, &credential));
    tlsc_err rc = tlsc_config_set_pinned_keys(b, &credential->leaf.spki, 1);
    tlsc_credential_free(credential);
    return rc;
}

static tlsc_err look(tlsc_config_builder *b)
{
    tlsc_verifier v = { .size = sizeof(v), .ctx = &eye, .verify = waits ? NULL : judge_verify };
    TRY(pin == NULL ? tlsc_config_set_verifier(b, &v) : set_pin(b));
    tlsc_config_verify_on_resumption(b, asks_again);
    tlsc_config_keep_peer_chain(b, keeps);
    return TLSC_OK;
}

typedef struct scene {
    tls_site site;
    client_site clients;
    pair p;
} scene;

/* The sites of a test; the client's verifier accepts, pins nothing and is asked once. */
static void sites_open(scene *s, int tls12)
{
    memset(&eye, 0, sizeof(eye));
    eye.says = TLSC_VERDICT_ACCEPT;
    eye.index = -1;
    memset(s, 0, sizeof(*s));
    s->site.min_version = TLSC_TLS12;
    s->site.tickets = true;
    s->clients.max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13;
    s->clients.min_version = s->clients.max_version;
    s->clients.set_up = look;
    pair_sites_open(&s->site, &s->clients);
}

/* Other rules for clients that come now; their sessions stay. */
static void look_again(scene *s)
{
    tlsc_config_free(s->clients.config);
    s->clients.config = NULL;
    assert_ok(client_site_open(&s->clients));
}

static void sites_close(scene *s)
{
    pair_sites_close(&s->site, &s->clients);
    pin = NULL;
    asks_again = false;
    keeps = false;
    waits = false;
}

static tlsc_conn *client_of(scene *s)
{
    return tlsc_stream_conn(s->p.client);
}

static void expect_refused(scene *s, tlsc_err e, tlsc_alert alert)
{
    pair_pump(&s->p);
    assert_err(s->p.client_error, e);
    tlsc_failure failure;
    tlsc_conn_error(client_of(s), &failure);
    assert_string_equal(tlsc_alert_name(failure.alert_sent), tlsc_alert_name(alert));
    assert_err(s->p.server_error, TLSC_E_PEER_ALERT);
    assert_false(pair_client_info(&s->p).handshake_done);
}

/* ---- full handshakes ---- */

static void the_verifier_sees_the_servers_chain_and_name(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        scene s;
        keeps = true;
        sites_open(&s, tls12);
        eye.gives_chain = true;
        pair_open(&s.p, &s.site, &s.clients);
        pair_works(&s.p);
        assert_int_equal(eye.asked, 1);
        judge_saw(&eye, "p256.crt.pem");
        assert_int_equal(eye.last.purpose, TLSC_PURPOSE_SERVER);
        assert_int_equal(eye.last.name.n, strlen("a.test"));
        assert_int_equal(eye.last.now_ms, s.clients.now_ms);
        tlsc_info info = pair_client_info(&s.p);
        assert_true(info.peer_authenticated);
        assert_int_equal(info.peer_scheme, TLSC_SIG_ECDSA_P256_SHA256);
        assert_int_equal(tlsc_chain_len(info.verified_chain), 1);
        assert_bytes_equal(tlsc_conn_peer_certificate(client_of(&s), 0),
                           tlsc_bytes_of(eye.first, eye.first_n));
        pair_close(&s.p);
        sites_close(&s);
    }
}

static void a_rejection_has_its_alert_and_an_error_may_be_kept(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        scene s;
        sites_open(&s, tls12);
        eye.says = TLSC_VERDICT_REJECT;
        eye.alert = TLSC_ALERT_certificate_expired;
        eye.index = 0;
        pair_open(&s.p, &s.site, &s.clients);
        expect_refused(&s, TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_certificate_expired);
        assert_int_equal(pair_client_info(&s.p).verify_index, 0);
        pair_close(&s.p);
        eye.says = TLSC_VERDICT_ACCEPT_WITH_ERROR;
        eye.error = TLSC_E_BAD_CERTIFICATE;
        pair_open(&s.p, &s.site, &s.clients);
        pair_works(&s.p);
        assert_err(pair_client_info(&s.p).verify_error, TLSC_E_BAD_CERTIFICATE);
        pair_close(&s.p);
        sites_close(&s);
    }
}

static void a_client_may_wait_for_its_verdict(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        scene s;
        waits = true;
        sites_open(&s, tls12);
        for (int accepts = 0; accepts < 2; accepts++) {
            pair_open(&s.p, &s.site, &s.clients);
            pair_pump(&s.p);
            assert_int_equal(tlsc_conn_wait(client_of(&s)), TLSC_WAIT_VERIFY);
            const tlsc_verify_request *request;
            assert_ok(tlsc_conn_verify_request(client_of(&s), &request));
            assert_bytes_equal(request->name, TEXT("a.test"));
            tlsc_opened opened;
            tlsc_verdict v = { .size = sizeof(v),
                               .kind = accepts ? TLSC_VERDICT_ACCEPT : TLSC_VERDICT_REJECT,
                               .index = -1 };
            tlsc_err rc = tlsc_conn_answer_verdict(client_of(&s), &v, &opened);
            assert_err(rc, accepts ? TLSC_OK : TLSC_E_CERTIFICATE_REJECTED);
            if (accepts) {
                assert_ok(tlsc_stream_step(s.p.client));
                pair_works(&s.p);
            } else {
                s.p.client_error = rc;
                expect_refused(&s, rc, TLSC_ALERT_bad_certificate);
            }
            pair_close(&s.p);
        }
        sites_close(&s);
    }
}

/* ---- pinned keys and sessions ---- */

static void offer(scene *s, tlsc_bytes *session)
{
    *session = tlsc_buf_bytes(&s->clients.sessions[s->clients.num_sessions - 1]);
    s->clients.offered = session;
    s->clients.num_offered = 1;
}

static void a_session_is_no_way_around_a_pin(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        scene s;
        tlsc_bytes session;
        sites_open(&s, tls12);
        pair_make_sessions(&s.site, &s.clients); /* somebody accepted anything */
        offer(&s, &session);
        pin = "p384";
        look_again(&s);
        pair_open(&s.p, &s.site, &s.clients);
        expect_refused(&s, TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_bad_certificate);
        pair_close(&s.p);
        /* with the right one it is a full handshake, whose session resumes under that pin */
        pin = "p256";
        look_again(&s);
        pair_open(&s.p, &s.site, &s.clients);
        pair_works(&s.p);
        assert_false(pair_client_info(&s.p).resumed);
        assert_true(pair_client_info(&s.p).peer_authenticated);
        pair_close(&s.p);
        offer(&s, &session);
        pair_open(&s.p, &s.site, &s.clients);
        pair_works(&s.p);
        assert_true(pair_client_info(&s.p).resumed);
        pair_close(&s.p);
        sites_close(&s);
    }
}

static void a_client_asks_its_verifier_again_if_that_is_wanted(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        scene s;
        tlsc_bytes session;
        asks_again = true;
        sites_open(&s, tls12);
        eye.says = TLSC_VERDICT_ACCEPT_WITH_ERROR;
        eye.error = TLSC_E_BAD_CERTIFICATE;
        pair_make_sessions(&s.site, &s.clients);
        offer(&s, &session);
        pair_open(&s.p, &s.site, &s.clients);
        pair_works(&s.p);
        assert_true(pair_client_info(&s.p).resumed);
        assert_int_equal(eye.asked, 2);
        assert_true(eye.last.resumed);
        assert_err(eye.last.kept_error, TLSC_E_BAD_CERTIFICATE);
        judge_saw(&eye, "p256.crt.pem");
        pair_close(&s.p);
        eye.says = TLSC_VERDICT_REJECT;
        eye.error = TLSC_OK;
        eye.alert = TLSC_ALERT_certificate_revoked;
        offer(&s, &session);
        pair_open(&s.p, &s.site, &s.clients);
        expect_refused(&s, TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_certificate_revoked);
        assert_true(pair_client_info(&s.p).resumed);
        pair_close(&s.p);
        sites_close(&s);
    }
}

/* A session that kept no chain can't be judged again: it isn't offered. */
static void without_a_chain_there_is_nothing_to_ask_about(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        scene s;
        tlsc_bytes session;
        sites_open(&s, tls12);
        pair_make_sessions(&s.site, &s.clients);
        offer(&s, &session);
        asks_again = true;
        look_again(&s);
        pair_open(&s.p, &s.site, &s.clients);
        pair_works(&s.p);
        assert_false(pair_client_info(&s.p).resumed);
        assert_int_equal(eye.asked, 2);
        assert_false(eye.last.resumed);
        pair_close(&s.p);
        sites_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verifier_sees_the_servers_chain_and_name),
        cmocka_unit_test(a_rejection_has_its_alert_and_an_error_may_be_kept),
        cmocka_unit_test(a_client_may_wait_for_its_verdict),
        cmocka_unit_test(a_session_is_no_way_around_a_pin),
        cmocka_unit_test(a_client_asks_its_verifier_again_if_that_is_wanted),
        cmocka_unit_test(without_a_chain_there_is_nothing_to_ask_about),
    };
    return cmocka_run_group_tests_name("peer_server", tests, NULL, NULL);
}
