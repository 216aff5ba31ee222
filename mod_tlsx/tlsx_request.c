/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_request.c: requests and their connection. */
#include "tlsx_request.h"

#include <http_protocol.h>
#include <http_request.h>
#include <apr_strings.h>

#include "tlsx_build.h"
#include "tlsx_cert_vars.h"
#include "tlsx_log.h"

/* ---- refusals ---- */

/* Where the same page is to be had over TLS: what the client sent, so all of it is escaped. */
static const char *https_hint(const request_rec *r)
{
    const char *host = r->hostname ? r->hostname : r->server->server_hostname;
    apr_port_t port = r->connection->local_addr->port;
    const char *uri = r->unparsed_uri && *r->unparsed_uri == '/' ? r->unparsed_uri : "/";
    const char *url = port == 443
                          ? apr_pstrcat(r->pool, "https://", host, uri, NULL)
                          : apr_psprintf(r->pool, "https://%s:%u%s", host, (unsigned)port, uri);

    return ap_escape_html(r->pool, url);
}

/* The words are those that people search for: mod_ssl says the same. */
static int refuse_plain_http(request_rec *r)
{
    const char *url = https_hint(r);

    apr_table_setn(r->notes, "error-notes",
                   apr_psprintf(r->pool,
                                "Reason: You're speaking plain HTTP to an SSL-enabled server "
                                "port.<br />\n Instead, try <a href=\"%s\">%s</a>.<br />\n",
                                url, url));
    r->connection->keepalive = AP_CONN_CLOSE;
    return HTTP_BAD_REQUEST;
}

/* A strict server wants to be asked for by name, where there is a choice of names. */
static int check_name(request_rec *r, const tlsx_conn *cc)
{
    bool strict =
        tlsx_server_of(cc->server)->strict_sni == 1 || tlsx_server_of(r->server)->strict_sni == 1;

    if (cc->sni && !r->hostname) {
        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      "TLSX0090: refused: the client asked for %s in its TLS handshake (SNI), and "
                      "for no host in its request",
                      cc->sni);
        return HTTP_BAD_REQUEST;
    }
    if (!cc->sni && strict && cc->c->vhost_lookup_data) {
        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      "TLSX0091: refused: the client asked for no host in its TLS handshake (SNI), "
                      "and TLSStrictSNI is on");
        apr_table_setn(r->notes, "error-notes",
                       "Reason: The client did not name the host it wants when it made its TLS "
                       "connection (SNI), which this server asks for.<br />\n");
        return HTTP_FORBIDDEN;
    }
    return DECLINED;
}

/* A connection was made for one host, the request is for another. That is fine where the handshake
 * would have come out the same. */
static int check_direction(request_rec *r, const tlsx_conn *cc)
{
    if (tlsx_same_policy(tlsx_server_of(cc->server), tlsx_server_of(r->server))) {
        return DECLINED;
    }
    ap_log_rerror(
        APLOG_MARK, APLOG_INFO, 0, r,
        "TLSX0092: misdirected: the connection was made for %s, the request is for %s, and they "
        "differ in protocol, suites, groups, certificates or client certificates. The client is "
        "told to make a connection of its own for that (421).",
        tlsx_server_text(r->pool, cc->server), tlsx_server_text(r->pool, r->server));
    return HTTP_MISDIRECTED_REQUEST;
}

int tlsx_post_read_request(request_rec *r)
{
    const tlsx_conn *cc = tlsx_conn_of(r->connection);
    int rc;

    /* An error page that is itself fetched by a redirect must not be refused once more. */
    if (!cc || !ap_is_initial_req(r)) {
        return DECLINED;
    }
    if (cc->phase == TLSX_PLAIN_HTTP) {
        return refuse_plain_http(r);
    }
    if (cc->unavailable) {
        return HTTP_SERVICE_UNAVAILABLE; /* a stand-in certificate isn't for requests */
    }
    if (r->proxyreq == PROXYREQ_PROXY) {
        return DECLINED; /* the host it names is another's */
    }
    rc = check_name(r, cc);
    return rc == DECLINED ? check_direction(r, cc) : rc;
}

/* ---- the environment ---- */

int tlsx_fixups(request_rec *r)
{
    const tlsx_conn *cc = tlsx_conn_of(r->connection);
    apr_table_t *env = r->subprocess_env;

    if (!tlsx_is_tls(cc)) {
        return DECLINED;
    }
    apr_table_setn(env, "HTTPS", "on");
    if (cc->protocol) {
        apr_table_setn(env, "SSL_PROTOCOL", cc->protocol);
        apr_table_setn(env, "SSL_CIPHER", cc->cipher);
    }
    if (cc->sni) {
        apr_table_setn(env, "SSL_TLS_SNI", cc->sni);
    }
    if (tlsx_client_auth(tlsx_server_of(cc->server)) != TLSC_CLIENT_AUTH_NONE) {
        apr_table_setn(env, "SSL_CLIENT_VERIFY", cc->num_client_certs > 0 ? "SUCCESS" : "NONE");
    }
    if (cc->num_client_certs > 0) {
        tlsx_cert_export(env, r->pool, cc->client_certs[0], "SSL_CLIENT_");
    }
    return DECLINED;
}
