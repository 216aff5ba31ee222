/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_client.c: clients' certificates.
 *
 * The engine checks that a client holds its key, then pauses; the chain is judged here, by
 * tlscore's verifier, where virtual host and connection are known: what is wrong goes to the log
 * with the certificate's name. A session that is resumed brings its chain along, which is judged
 * again: it may have expired since. */
#include "tlsx_client.h"

#include <apr_strings.h>

#include "tlsx_ca.h"
#include "tlsx_log.h"

enum { NAME_SHOWN = 200 }; /* bytes: names may be as long as a certificate */

/* ---- the configuration ---- */

int tlsx_client_load(apr_pool_t *pconf, apr_hash_t *registry, tlsx_server *conf)
{
    if (!conf->client_cas) {
        return 0;
    }
    conf->client_ca = tlsx_ca_load(registry, pconf, conf->server, conf->client_cas);
    return conf->client_ca ? 0 : 1;
}

int tlsx_client_check(apr_pool_t *ptemp, const tlsx_server *conf)
{
    if (tlsx_client_auth(conf) == TLSC_CLIENT_AUTH_NONE || conf->client_cas) {
        return 0;
    }
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, conf->server,
                 "TLSX0055: %s asks clients for certificates by %s, but nothing says whose are "
                 "good. What to do: add TLSClientCA <file>, with the authorities that issued them.",
                 tlsx_server_text(ptemp, conf->server),
                 tlsx_origin_text(ptemp, &conf->client_auth_at));
    return 1;
}

tlsc_err tlsx_client_configure(tlsc_config_builder *builder, const tlsx_server *conf)
{
    /* no function: the verdict always comes by tlsx_client_answer */
    const tlsc_verifier verifier = {.size = sizeof(verifier)};
    tlsc_err err = tlsc_config_set_client_auth(builder, tlsx_client_auth(conf));

    if (err == TLSC_OK) {
        err = tlsc_config_set_verifier(builder, &verifier);
    }
    if (err == TLSC_OK) {
        err = tlsc_config_set_ca_names(builder, conf->client_ca->names, conf->client_ca->num_names);
    }
    tlsc_config_keep_peer_chain(builder, true);
    tlsc_config_verify_on_resumption(builder, true);
    return err;
}

/* ---- what is wrong ---- */

static const char *name_text(apr_pool_t *pool, tlsc_bytes name)
{
    char text[NAME_SHOWN + 1];
    size_t n = tlsc_x509_name_text(name, text, sizeof(text));

    if (n == 0) {
        return "(no name)";
    }
    return apr_pstrcat(pool, text, n >= sizeof(text) ? "..." : "", NULL);
}

static const char *date_text(apr_pool_t *pool, int64_t when_s)
{
    char *text = apr_palloc(pool, 32);

    tlsc_time_text(when_s, text, 32);
    return text;
}

/* Where the certificate came from. */
static const char *source_text(const tlsx_conn *cc, const tlsc_verify_request *request,
                               const tlsc_verify_result *result)
{
    const tlsx_server *conf = tlsx_server_of(cc->server);
    const tlsx_ca_path *first = &APR_ARRAY_IDX(conf->client_cas, 0, tlsx_ca_path);
    apr_pool_t *pool = cc->c->pool;

    if (result->index < 0) {
        return apr_psprintf(pool, "a certificate of %s", tlsx_origin_text(pool, &first->at));
    }
    return apr_psprintf(pool, "certificate %d of the %lu that the client %s", result->index + 1,
                        (unsigned long)request->num_certificates,
                        request->resumed ? "showed when this session began" : "sent");
}

static const char *advice(const tlsx_conn *cc, const tlsc_x509 *x, tlsc_err err)
{
    const tlsx_server *conf = tlsx_server_of(cc->server);
    const tlsx_ca_path *first = &APR_ARRAY_IDX(conf->client_cas, 0, tlsx_ca_path);
    apr_pool_t *pool = cc->c->pool;

    switch (err) {
    case TLSC_E_UNKNOWN_ISSUER:
    case TLSC_E_SELF_SIGNED:
        return apr_psprintf(pool,
                            "If it is to be trusted, add the certificate of its authority to %s; "
                            "if an authority between the two is missing, the client has to send it",
                            tlsx_origin_text(pool, &first->at));
    case TLSC_E_CERTIFICATE_EXPIRED:
        return apr_psprintf(pool, "It was valid until %s: its owner needs a new one",
                            date_text(pool, x->not_after_s));
    case TLSC_E_CERTIFICATE_NOT_YET_VALID:
        return apr_psprintf(pool, "It is valid from %s: is the clock of this machine right?",
                            date_text(pool, x->not_before_s));
    case TLSC_E_EXTENDED_KEY_USAGE:
        return "A client's certificate and its authorities must be for clientAuth, if they say "
               "what "
               "they are for";
    case TLSC_E_CA_AS_LEAF:
        return "An authority's certificate is no client's: it should issue one";
    default:
        return "Its owner needs another one";
    }
}

static const char *fault_text(const tlsx_conn *cc, const tlsc_verify_request *request,
                              const tlsc_verify_result *result)
{
    apr_pool_t *pool = cc->c->pool;
    tlsc_x509 x = {.size = sizeof(x)};

    if (result->certificate.n == 0) {
        return " It is about the client's certificates as a whole.";
    }
    if (tlsc_x509_parse(&x, result->certificate) != TLSC_OK) {
        return apr_psprintf(pool, " It is %s.", source_text(cc, request, result));
    }
    return apr_psprintf(pool, " It is %s, %s, issued by %s. %s.", source_text(cc, request, result),
                        name_text(pool, x.subject), name_text(pool, x.issuer),
                        advice(cc, &x, result->error));
}

/* ---- the verdict ---- */

/* Errors that say nothing of the chain are ours: they end the handshake as what they are. */
static bool is_about_chain(tlsc_err err)
{
    return tlsc_err_blame(err) == TLSC_BLAME_CERT || tlsc_err_blame(err) == TLSC_BLAME_PEER;
}

tlsc_err tlsx_client_answer(tlsx_conn *cc, tlsc_opened *out)
{
    const tlsx_server *conf = tlsx_server_of(cc->server);
    const tlsc_verify_request *request = NULL;
    tlsc_verify_result result = {.size = sizeof(result)};
    tlsc_verdict verdict = {.size = sizeof(verdict), .index = -1};
    tlsc_err err = conf->client_ca ? tlsc_conn_verify_request(cc->tls, &request) : TLSC_E_INTERNAL;

    if (err != TLSC_OK) {
        return err;
    }
    verdict.error = tlsc_verify_chain(conf->client_ca->store, NULL, request, &result);
    verdict.index = result.index;
    if (verdict.error == TLSC_OK) {
        verdict.kind = TLSC_VERDICT_ACCEPT;
    } else if (is_about_chain(verdict.error) && APLOG_C_IS_LEVEL(cc->c, APLOG_INFO)) {
        cc->client_fault = fault_text(cc, request, &result);
    }
    return tlsc_conn_answer_verdict(cc->tls, &verdict, out);
}

void tlsx_client_note(tlsx_conn *cc, const tlsc_info *info)
{
    size_t num = 0;
    tlsc_bytes *certs;

    while (info->peer_authenticated && tlsc_conn_peer_certificate(cc->tls, num).n > 0) {
        num++;
    }
    if (num == 0) {
        return;
    }
    certs = apr_palloc(cc->c->pool, num * sizeof(*certs));
    for (size_t i = 0; i < num; i++) {
        certs[i] = tlsc_conn_peer_certificate(cc->tls, i);
    }
    cc->client_certs = certs;
    cc->num_client_certs = num;
}

/* ---- the log ---- */

const char *tlsx_client_remedy(const tlsx_conn *cc, tlsc_err err)
{
    const tlsx_server *conf = tlsx_server_of(cc->server);
    apr_pool_t *pool = cc->c->pool;

    if (cc->client_fault) {
        return cc->client_fault;
    }
    if (tlsx_client_auth(conf) == TLSC_CLIENT_AUTH_NONE) {
        return "";
    }
    if (err == TLSC_E_CERTIFICATE_REQUIRED || err == TLSC_E_CERTIFICATE_REQUIRED12) {
        const tlsx_ca_path *first = &APR_ARRAY_IDX(conf->client_cas, 0, tlsx_ca_path);
        return apr_psprintf(
            pool, " %s asks for one: the client needs one from an authority of %s, and its key.",
            tlsx_origin_text(pool, &conf->client_auth_at), tlsx_origin_text(pool, &first->at));
    }
    if (err == TLSC_E_KEY_USAGE) {
        return " It is the client's certificate: its key may not sign, which a client's has to do. "
               "Its owner needs another one, with digitalSignature among its uses, or without any.";
    }
    return tlsc_err_blame(err) == TLSC_BLAME_CERT ? " It is the client's certificate." : "";
}
