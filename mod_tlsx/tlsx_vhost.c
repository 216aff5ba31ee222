/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_vhost.c: from the name that a client asks for to a server and its configuration. */
#include "tlsx_vhost.h"

#include <http_vhost.h>
#include <scoreboard.h>
#include <apr_strings.h>

#include "tlsx_alpn.h"

/* ---- the name ---- */

static bool in_names(const apr_array_header_t *names, const char *name)
{
    for (int i = 0; names && i < names->nelts; i++) {
        const char *candidate = APR_ARRAY_IDX(names, i, const char *);
        if (candidate && !strcasecmp(candidate, name)) {
            return true;
        }
    }
    return false;
}

static bool in_wildcards(const apr_array_header_t *patterns, const char *name)
{
    for (int i = 0; patterns && i < patterns->nelts; i++) {
        const char *pattern = APR_ARRAY_IDX(patterns, i, const char *);
        if (pattern && !ap_strcasecmp_match(name, pattern)) {
            return true;
        }
    }
    return false;
}

/* A server is asked by the same names, in the same order, as httpd asks for a Host header. */
static bool has_name(const server_rec *s, const char *name)
{
    return (s->server_hostname && !strcasecmp(s->server_hostname, name)) ||
           in_names(s->names, name) || in_wildcards(s->wild_names, name);
}

static int choose(void *baton, conn_rec *c, server_rec *s)
{
    tlsx_conn *cc = baton;

    (void)c;
    if (!has_name(s, cc->sni)) {
        return 0;
    }
    cc->server = s;
    return 1;
}

/* Sets `cc->server`. The port's default serves whoever asks for no name, or for one that is not
 * here, unless it is strict: then an unknown name ends the handshake. (Clients that ask for none
 * get a page, see tlsx_request.c: they could not tell from an alert what they did wrong.) */
static tlsc_err choose_server(tlsx_conn *cc, const tlsc_hello *hello)
{
    tlsc_bytes name = tlsc_hello_server_name(hello);
    conn_rec *c = cc->c;

    cc->server = c->base_server;
    if (name.n == 0) {
        return TLSC_OK;
    }
    cc->sni = apr_pstrmemdup(c->pool, (const char *)name.p, name.n);
    if (ap_vhost_iterate_given_conn(c, choose, cc)) {
        ap_update_child_status_from_server(c->sbh, SERVER_BUSY_READ, c, cc->server);
        return TLSC_OK;
    }
    return tlsx_server_of(c->base_server)->strict_sni == 1 ? TLSC_E_UNKNOWN_SERVER_NAME : TLSC_OK;
}

/* ---- the answer ---- */

tlsc_err tlsx_vhost_answer(tlsx_conn *cc, tlsc_opened *out)
{
    const tlsc_hello *hello = tlsc_conn_hello(cc->tls);
    tlsx_alpn alpn = {.name = {NULL, 0}};
    tlsc_err err = hello ? choose_server(cc, hello) : TLSC_E_INTERNAL;
    const tlsx_server *conf = tlsx_server_of(cc->server);
    const tlsc_config *config = conf->config;

    if (err == TLSC_OK && !config) {
        err = TLSC_E_NO_CERTIFICATE;
    }
    if (err == TLSC_OK) {
        err = tlsx_alpn_choose(cc, hello, &alpn);
    }
    if (err != TLSC_OK) {
        return tlsc_conn_answer_refuse(cc->tls, err);
    }
    cc->unavailable = conf->unavailable || alpn.credential;
    if (alpn.credential && conf->challenge_config) {
        config = conf->challenge_config;
    }
    err = tlsc_conn_answer_config(cc->tls, config, alpn.name, alpn.credential, out);
    tlsc_credential_free(alpn.credential);
    return err;
}
