/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/asking.c: see the header. */
#include "asking.h"

#include "auth/credential.h"
#include "base/try.h"
#include "pem_file.h"
#include "unit.h"

tlsc_err judge_verify(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    judge *j = (judge *)ctx;
    tlsc_bytes first = request->num_certificates > 0 ? request->certificates[0] : request->raw_key;
    assert_int_equal(out->size, sizeof(*out));
    assert_int_equal(out->index, -1);
    assert_null(out->chain);
    j->asked++;
    j->num = request->num_certificates;
    j->last = *request;
    j->bytes = 0;
    for (size_t i = 0; i < j->num; i++) {
        j->bytes += request->certificates[i].n;
    }
    assert_true(first.n <= sizeof(j->first));
    tlsc_bytes_copy(j->first, first);
    j->first_n = first.n;
    out->kind = j->says;
    out->error = j->error;
    out->alert = j->alert;
    out->index = j->index;
    if (j->gives_chain) {
        assert_ok(tlsc_chain_new(&first, 1, &out->chain));
    }
    return j->fails;
}

void judge_saw(const judge *j, const char *name)
{
    tlsc_buf der = test_der(name);
    assert_bytes_equal(tlsc_bytes_of(j->first, j->first_n), tlsc_buf_bytes(&der));
    tlsc_buf_clear(&der);
}

static tlsc_err set_pin(tlsc_config_builder *b, const char *name)
{
    tlsc_credential *credential;
    TRY(tls_credential_load(tlsc_provider_default(), name, &credential));
    tlsc_bytes spki = credential->leaf.spki;
    tlsc_err rc = tlsc_config_set_pinned_keys(b, &spki, 1);
    tlsc_credential_free(credential);
    return rc;
}

tlsc_err asking_setup(void *ctx, tlsc_config_builder *b)
{
    const rules *p = (const rules *)ctx;
    tlsc_verifier v = { .size = sizeof(v), .ctx = p->judge,
                        .verify = p->later ? NULL : judge_verify };
    TRY(tlsc_config_set_client_auth(b, p->mode));
    if (p->pin != NULL) {
        TRY(set_pin(b, p->pin));
    } else if (p->judge != NULL || p->later) {
        TRY(tlsc_config_set_verifier(b, &v));
    }
    if (p->num_types > 0) {
        TRY(tlsc_config_set_peer_certificate_types(b, p->types, p->num_types));
    }
    if (p->num_ca_names > 0) {
        TRY(tlsc_config_set_ca_names(b, p->ca_names, p->num_ca_names));
    }
    if (p->num_schemes > 0) {
        TRY(tlsc_config_set_schemes(b, p->schemes, p->num_schemes));
    }
    tlsc_config_request_ocsp(b, p->asks_ocsp);
    tlsc_config_post_handshake_auth(b, p->post_handshake);
    tlsc_config_keep_peer_chain(b, p->keeps_chain);
    tlsc_config_verify_on_resumption(b, p->verifies_again);
    return TLSC_OK;
}

void asking_open(tls_site *site, rules *policy)
{
    *site = (tls_site){ .min_version = TLSC_TLS12, .setup = asking_setup, .setup_ctx = policy };
    assert_ok(tls_site_open(site));
}

void asking_with_tickets(tls_site *site, rules *policy, const tls_site *keys_of)
{
    *site = (tls_site){ .min_version = TLSC_TLS12, .tickets = true, .setup = asking_setup,
                        .setup_ctx = policy };
    if (keys_of != NULL) {
        site->keys = keys_of->keys;
    }
    assert_ok(tls_site_open(site));
}

void asking_refuses(boring_pair *p, tlsc_err e, tlsc_alert alert)
{
    (void)boring_handshake(p);
    assert_err(p->error, e);
    tlsc_failure failure;
    tlsc_conn_error(p->conn, &failure);
    assert_err(failure.code, e);
    assert_string_equal(tlsc_alert_name(failure.alert_sent), tlsc_alert_name(alert));
    assert_false(boring_info(p).handshake_done);
    (void)boring_pump(p);
    uint8_t got[8];
    (void)tls_client_read(p->client, got, sizeof(got));
    assert_int_equal(tls_client_alert(p->client), alert);
}

void asking_pauses(boring_pair *p)
{
    (void)boring_handshake(p);
    assert_ok(p->error);
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_VERIFY);
    assert_false(boring_info(p).handshake_done);
    assert_false(boring_info(p).peer_authenticated);
}

tlsc_err asking_answer(boring_pair *p, tlsc_verdict_kind kind, tlsc_err error, tlsc_alert alert)
{
    tlsc_opened opened;
    tlsc_verdict v = { .size = sizeof(v), .kind = kind, .error = error, .alert = alert, .index = 0 };
    p->error = tlsc_conn_answer_verdict(p->conn, &v, &opened);
    if (p->error == TLSC_OK) {
        p->error = tlsc_stream_step(p->server);
    }
    return p->error;
}

tls_client_session *asking_session(tls_site *site, const tls_client_options *options)
{
    boring_pair p;
    boring_open(&p, site, options);
    boring_works(&p);
    tls_client_session *session = tls_client_session_get(p.client);
    assert_non_null(session);
    boring_close(&p);
    return session;
}

void asking_resume(boring_pair *p, tls_site *site, tls_client_session *session,
                        const tls_client_options *options)
{
    tls_client_options o = *options;
    o.session = session;
    boring_open(p, site, &o);
}
