/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_log.c: what goes to the error log. */
#include "tlsx_log.h"

#include <apr_strings.h>

#include "tlsx_client.h"
#include "tlsx_served.h"

const char *tlsx_origin_text(apr_pool_t *pool, const tlsx_origin *at)
{
    if (!at->directive) {
        return "the defaults";
    }
    return apr_psprintf(pool, "%s on line %d of %s", at->directive, at->line, at->file);
}

const char *tlsx_server_name(apr_pool_t *pool, const server_rec *s)
{
    const char *name = s->server_hostname ? s->server_hostname : "(no ServerName)";
    apr_port_t port = s->is_virtual && s->addrs ? s->addrs->host_port : s->port;

    return apr_psprintf(pool, "%s:%u", name, (unsigned)port);
}

const char *tlsx_server_text(apr_pool_t *pool, const server_rec *s)
{
    if (!s->is_virtual || !s->defn_name) {
        return apr_psprintf(pool, "the main server (%s)", tlsx_server_name(pool, s));
    }
    return apr_psprintf(pool, "%s (line %u of %s)", tlsx_server_name(pool, s), s->defn_line_number,
                        s->defn_name);
}

/* ---- what the client offered ---- */

typedef bool offer_at(const tlsc_hello *hello, size_t i, uint16_t *id);

enum { OFFERS_SHOWN = 32 }; /* some clients offer a hundred suites */

/* Reserved code points that clients sprinkle in to keep servers tolerant, RFC 8701. */
static bool is_grease(uint16_t id)
{
    return (id & 0x0f0f) == 0x0a0a && (id >> 8) == (id & 0xff);
}

/* Signals that are sent in the list of suites: renegotiation, RFC 5746; fallback, RFC 7507. */
static bool is_signal(uint16_t id)
{
    return id == 0x00ff || id == 0x5600;
}

static const char *offer_text(const tlsx_conn *cc, const char *what, offer_at *at,
                              const char *(*name_of)(uint16_t))
{
    const tlsc_hello *hello = cc->tls ? tlsc_conn_hello(cc->tls) : NULL;
    const char *text = "";
    uint16_t id;

    for (size_t i = 0; hello && at(hello, i, &id); i++) {
        const char *name = name_of(id);
        if (is_grease(id) || is_signal(id)) {
            continue;
        }
        if (i >= OFFERS_SHOWN) {
            text = apr_pstrcat(cc->c->pool, text, ", ...", NULL);
            break;
        }
        if (!strcmp(name, "unknown")) {
            name = apr_psprintf(cc->c->pool, "0x%04x", (unsigned)id);
        }
        text = apr_pstrcat(cc->c->pool, text, *text ? ", " : "", name, NULL);
    }
    return *text ? apr_psprintf(cc->c->pool, " The client offers %s: %s.", what, text) : "";
}

/* What it offers is the client's text: only what is printable goes to the log. */
static const char *alpn_text(const tlsx_conn *cc)
{
    const tlsc_hello *hello = cc->tls ? tlsc_conn_hello(cc->tls) : NULL;
    const char *text = "";
    tlsc_bytes name;
    size_t at = 0;

    for (int i = 0; hello && i < 16 && tlsc_hello_alpn_next(hello, &at, &name); i++) {
        char *copy = apr_pstrmemdup(cc->c->pool, (const char *)name.p, name.n);
        for (size_t k = 0; k < name.n; k++) {
            if (copy[k] < 0x21 || copy[k] > 0x7e) {
                copy[k] = '?';
            }
        }
        text = apr_pstrcat(cc->c->pool, text, *text ? ", " : "", copy, NULL);
    }
    return *text ? apr_psprintf(cc->c->pool, " The client offers: %s.", text) : "";
}

/* ---- what is served, and which directive says so ---- */

static const char *version_text(const tlsx_conn *cc)
{
    const tlsx_server *conf = tlsx_server_of(cc->server);
    const tlsc_hello *hello = cc->tls ? tlsc_conn_hello(cc->tls) : NULL;
    const tlsx_origin *by = NULL;
    const char *served = tlsx_served_text(cc->c->pool, conf);

    for (uint16_t version = TLSC_TLS13; hello && !by && version >= TLSC_TLS12; version--) {
        if (tlsc_hello_offers_version(hello, version)) {
            by = tlsx_barred_by(conf, version);
        }
    }
    if (!by) {
        return apr_pstrcat(cc->c->pool,
                           " TLSProtocol decides here, and knows none of these;"
                           " served: ",
                           served, ".", NULL);
    }
    return apr_pstrcat(cc->c->pool, " ", tlsx_origin_text(cc->c->pool, by),
                       " decides here; served: ", served, ".", NULL);
}

static uint16_t version_of(const tlsx_conn *cc)
{
    tlsc_info info = {0};

    if (cc->tls) {
        tlsc_conn_info(cc->tls, &info);
    }
    return info.version;
}

/* What the client offers and TLSCiphersSuppress takes away; "" for nothing. */
static const char *suppressed_text(const tlsx_conn *cc)
{
    const tlsx_server *conf = tlsx_server_of(cc->server);
    const tlsc_hello *hello = cc->tls ? tlsc_conn_hello(cc->tls) : NULL;
    const char *text = "";

    for (int i = 0; hello && conf->suppressed && i < conf->suppressed->nelts; i++) {
        uint16_t id = APR_ARRAY_IDX(conf->suppressed, i, uint16_t);
        if (tlsc_hello_offers_suite(hello, id)) {
            text = apr_pstrcat(cc->c->pool, text, *text ? ", " : "", tlsc_suite_name(id), NULL);
        }
    }
    return *text ? apr_psprintf(cc->c->pool, " %s takes away %s.",
                                tlsx_origin_text(cc->c->pool, &conf->suppressed_at), text)
                 : "";
}

/* The certificates that there are. */
static const char *certificate_text(const tlsx_conn *cc)
{
    apr_pool_t *pool = cc->c->pool;
    const apr_array_header_t *all = tlsx_server_of(cc->server)->credentials;
    const char *kinds = "";

    for (int i = 0; all && i < all->nelts; i++) {
        const tlsc_credential *credential = APR_ARRAY_IDX(all, i, const tlsc_credential *);
        kinds = apr_pstrcat(pool, kinds, i ? ", " : "", tlsc_credential_kind(credential), NULL);
    }
    return apr_pstrcat(pool, " TLSCertificate decides here; there is: ", kinds,
                       ". One more with another kind of key (ECDSA beside RSA) may serve it.",
                       NULL);
}

static bool offers_any(const tlsx_conn *cc, const apr_array_header_t *suites)
{
    const tlsc_hello *hello = cc->tls ? tlsc_conn_hello(cc->tls) : NULL;

    for (int i = 0; hello && i < suites->nelts; i++) {
        if (tlsc_hello_offers_suite(hello, APR_ARRAY_IDX(suites, i, uint16_t))) {
            return true;
        }
    }
    return false;
}

/* What decides is TLSCiphersSuppress; nothing can add a suite without forward secrecy or AEAD. In
 * TLS 1.2, where a suite says how the server signs, there may be one in common that no certificate
 * fits. */
static const char *suite_text(const tlsx_conn *cc)
{
    apr_pool_t *pool = cc->c->pool;
    uint16_t version = version_of(cc);
    const apr_array_header_t *ids = tlsx_served_suites(pool, tlsx_server_of(cc->server), version);
    const char *suppressed = suppressed_text(cc);
    const char *text = "";

    if (offers_any(cc, ids)) {
        return apr_pstrcat(pool, suppressed, certificate_text(cc), NULL);
    }
    for (int i = 0; i < ids->nelts; i++) {
        const char *name = tlsc_suite_name(APR_ARRAY_IDX(ids, i, uint16_t));
        text = apr_pstrcat(pool, text, i ? ", " : "", name, NULL);
    }
    return apr_pstrcat(pool,
                       *suppressed ? suppressed : " TLSCiphersSuppress takes away none of them.",
                       " Served in ", tlsx_version_name(version), ": ", text, ".", NULL);
}

/* In TLS 1.2 a suite says how the server signs, and the list of groups which curves the client can
 * read: any of the three may be it. */
static const char *signature_text(const tlsx_conn *cc)
{
    apr_pool_t *pool = cc->c->pool;
    const char *offers = offer_text(cc, "signatures", tlsc_hello_scheme_at, tlsc_scheme_name);

    if (version_of(cc) == TLSC_TLS12) {
        offers = apr_pstrcat(pool, offer_text(cc, "suites", tlsc_hello_suite_at, tlsc_suite_name),
                             offers, offer_text(cc, "groups", tlsc_hello_group_at, tlsc_group_name),
                             suppressed_text(cc), NULL);
    }
    return apr_pstrcat(pool, offers, certificate_text(cc), NULL);
}

/* ---- what to do about it ---- */

static const char *peer_alert_remedy(uint8_t alert)
{
    switch (alert) {
    case TLSC_ALERT_unknown_ca:
    case TLSC_ALERT_certificate_unknown:
    case TLSC_ALERT_bad_certificate:
        return " The client does not trust this certificate: is the chain in the TLSCertificate "
               "file complete, and its root known to the client?";
    case TLSC_ALERT_certificate_expired:
        return " The client finds a certificate expired: look at the dates of the TLSCertificate "
               "file, and at the client's clock.";
    case TLSC_ALERT_user_canceled:
        return " The client's user gave up.";
    default:
        return "";
    }
}

static const char *remedy(const tlsx_conn *cc, const tlsc_failure *why)
{
    apr_pool_t *pool = cc->c->pool;

    switch (why->code) {
    case TLSC_E_NO_SHARED_VERSION:
        return apr_pstrcat(pool,
                           offer_text(cc, "versions", tlsc_hello_version_at, tlsx_version_name),
                           version_text(cc), NULL);
    case TLSC_E_NO_SHARED_SUITE:
        return apr_pstrcat(pool, offer_text(cc, "suites", tlsc_hello_suite_at, tlsc_suite_name),
                           suite_text(cc), NULL);
    case TLSC_E_NO_SHARED_GROUP:
        return apr_pstrcat(pool, offer_text(cc, "groups", tlsc_hello_group_at, tlsc_group_name),
                           " TLSGroups decides here.", NULL);
    case TLSC_E_NO_SHARED_SIGNATURE:
        return signature_text(cc);
    case TLSC_E_INAPPROPRIATE_FALLBACK:
        return " It says that it tried a newer version before (TLS_FALLBACK_SCSV): something on "
               "the way, or somebody, spoilt that.";
    case TLSC_E_NO_SHARED_ALPN:
        return apr_pstrcat(pool, alpn_text(cc), " Protocols decides here.", NULL);
    case TLSC_E_UNKNOWN_SERVER_NAME:
        return apr_psprintf(pool,
                            " The client asks for \"%s\": no ServerName or ServerAlias on this "
                            "port has that name, and TLSStrictSNI is on.",
                            cc->sni ? cc->sni : "");
    case TLSC_E_NO_CERTIFICATE:
        return " Add a TLSCertificate to it, or a virtual host for this address and port that has "
               "one.";
    case TLSC_E_PEER_ALERT:
        return apr_psprintf(pool, " It says: %s.%s", tlsc_alert_name(why->alert_received),
                            peer_alert_remedy(why->alert_received));
    case TLSC_E_HTTP_REQUEST:
        return " It gets a page that says so: https:// is what its URL should start with.";
    default:
        return tlsx_client_remedy(cc, why->code);
    }
}

/* ---- the line ---- */

static int level_of(tlsc_err err, tlsx_phase phase)
{
    switch (tlsc_err_blame(err)) {
    case TLSC_BLAME_CERT: /* a client's, but for this one: ours were read before */
        return err == TLSC_E_NO_CERTIFICATE ? APLOG_ERR : APLOG_INFO;
    case TLSC_BLAME_NONE:
    case TLSC_BLAME_PEER:
        /* noise of port scanners at debug, what a real client may have done wrong at info */
        return err == TLSC_E_NOT_TLS || err == TLSC_E_TRUNCATED || phase != TLSX_HANDSHAKE
                   ? APLOG_DEBUG
                   : APLOG_INFO;
    case TLSC_BLAME_INCOMPATIBLE:
        return APLOG_INFO;
    default:
        return APLOG_ERR;
    }
}

/* "BAD_FINISHED, RFC 8446 4.4.4, in state server13: expect Finished, alert decrypt_error sent" */
static const char *details(apr_pool_t *pool, const tlsc_failure *why)
{
    const char *text = tlsc_err_name(why->code);

    if (*tlsc_err_reference(why->code)) {
        text = apr_pstrcat(pool, text, ", ", tlsc_err_reference(why->code), NULL);
    }
    if (why->state && *why->state) {
        text = apr_pstrcat(pool, text, ", in state ", why->state, NULL);
    }
    if (why->got && *why->got) {
        const char *due = why->expected && *why->expected ? why->expected : "something else";
        text = apr_pstrcat(pool, text, ", ", why->got, " came where ", due, " was due", NULL);
    }
    if (why->alert_sent != TLSC_ALERT_NONE) {
        const char *alert = tlsc_alert_name((unsigned)why->alert_sent);
        text = apr_pstrcat(pool, text, ", alert ", alert, " sent", NULL);
    }
    return text;
}

void tlsx_log_failure(const tlsx_conn *cc, tlsc_err err)
{
    conn_rec *c = cc->c;
    int level = level_of(err, cc->phase);
    tlsc_failure why = {.alert_sent = TLSC_ALERT_NONE};

    if (!APLOG_C_IS_LEVEL(c, level)) {
        return;
    }
    if (cc->tls) {
        tlsc_conn_error(cc->tls, &why);
    }
    why.code = err; /* it may be ours: memory ran out between two calls of tlscore */
    ap_log_cerror(APLOG_MARK, level, 0, c, "TLSX0100: TLS %s %s failed: %s [%s].%s",
                  cc->phase == TLSX_HANDSHAKE ? "handshake with" : "connection to",
                  tlsx_server_name(c->pool, cc->server), tlsc_err_text(err), details(c->pool, &why),
                  remedy(cc, &why));
}

void tlsx_log_gone(const tlsx_conn *cc, apr_status_t rv)
{
    conn_rec *c = cc->c;

    if (APR_STATUS_IS_TIMEUP(rv)) {
        ap_log_cerror(APLOG_MARK, APLOG_INFO, 0, c,
                      "TLSX0101: TLS handshake with %s timed out: the client fell silent%s. "
                      "Timeout and RequestReadTimeout handshake=... decide how long it may.",
                      tlsx_server_name(c->pool, cc->server),
                      cc->started ? "" : " before it said anything");
    } else {
        ap_log_cerror(
            APLOG_MARK, APLOG_DEBUG, APR_STATUS_IS_EOF(rv) ? 0 : rv, c,
            "TLSX0102: TLS handshake with %s was not finished: the client closed the connection%s",
            tlsx_server_name(c->pool, cc->server), cc->started ? "" : " without saying anything");
    }
}
