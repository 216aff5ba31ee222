/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_alpn.c: the application protocol. RFC 7301; ACME's tls-alpn-01 is RFC 8737. */
#include "tlsx_alpn.h"

#include <string.h>

#include <http_protocol.h>
#include <http_ssl.h>
#include <apr_strings.h>

#include "tlsx_log.h"

/* The client's list as httpd wants it. A name with a NUL in it is none that httpd could mean. */
static apr_array_header_t *offers_of(apr_pool_t *pool, const tlsc_hello *hello)
{
    apr_array_header_t *offers = apr_array_make(pool, 4, sizeof(const char *));
    tlsc_bytes name;
    size_t at = 0;

    while (tlsc_hello_alpn_next(hello, &at, &name)) {
        if (!memchr(name.p, '\0', name.n)) {
            APR_ARRAY_PUSH(offers, const char *) =
                apr_pstrmemdup(pool, (const char *)name.p, name.n);
        }
    }
    return offers;
}

/* A protocol that isn't for requests may ask for a certificate of its own. */
static tlsc_err answer_challenge(tlsx_conn *cc, const char *protocol, tlsx_alpn *out)
{
    const char *cert = NULL, *key = NULL;
    tlsc_err err;

    if (!ap_ssl_answer_challenge(cc->c, cc->sni ? cc->sni : "", &cert, &key) || !cert) {
        return TLSC_OK;
    }
    err = tlsc_credential_from_pem(
        tlsc_provider_default(), (tlsc_bytes){(const uint8_t *)cert, strlen(cert)},
        (tlsc_bytes){(const uint8_t *)key, key ? strlen(key) : 0}, &out->credential, NULL);
    if (err != TLSC_OK) {
        ap_log_cerror(APLOG_MARK, APLOG_ERR, 0, cc->c,
                      "TLSX0060: cannot use the certificate for a %s challenge to %s: %s [%s]",
                      protocol, cc->sni ? cc->sni : "(no name)", tlsc_err_text(err),
                      tlsc_err_name(err));
        return TLSC_E_INTERNAL;
    }
    return TLSC_OK;
}

static tlsc_err switch_to(tlsx_conn *cc, const char *protocol, tlsx_alpn *out)
{
    apr_status_t rv;

    if (!strcmp(protocol, ap_get_protocol(cc->c))) {
        return TLSC_OK;
    }
    rv = ap_switch_protocol(cc->c, NULL, cc->server, protocol);
    if (rv != APR_SUCCESS) {
        ap_log_cerror(APLOG_MARK, APLOG_ERR, rv, cc->c,
                      "TLSX0061: no module took the connection over for the protocol %s", protocol);
        return TLSC_E_INTERNAL;
    }
    return strcmp(protocol, "h2") ? answer_challenge(cc, protocol, out) : TLSC_OK;
}

tlsc_err tlsx_alpn_choose(tlsx_conn *cc, const tlsc_hello *hello, tlsx_alpn *out)
{
    apr_array_header_t *offers = offers_of(cc->c->pool, hello);
    const char *chosen;
    tlsc_bytes any;
    size_t at = 0;

    memset(out, 0, sizeof(*out));
    if (!tlsc_hello_alpn_next(hello, &at, &any)) {
        return TLSC_OK; /* no ALPN: the connection is HTTP/1.1 */
    }
    chosen = ap_select_protocol(cc->c, NULL, cc->server, offers);
    if (!chosen && ap_array_str_contains(offers, ap_get_protocol(cc->c))) {
        chosen = ap_get_protocol(cc->c); /* Protocols leaves it out, yet all servers speak it */
    }
    if (!chosen) {
        return TLSC_E_NO_SHARED_ALPN;
    }
    out->name = (tlsc_bytes){(const uint8_t *)chosen, strlen(chosen)};
    return switch_to(cc, chosen, out);
}
