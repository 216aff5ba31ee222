/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_vars.c: variables. Names and forms are mod_ssl's, whose users they come from. */
#include "tlsx_vars.h"

#include <http_ssl.h>
#include <mod_log_config.h>
#include <apr_base64.h>
#include <apr_strings.h>

/* What a variable is asked about. */
typedef struct var_context {
    apr_pool_t *pool;
    const tlsx_conn *cc; /* NULL: no connection; only what is true of the module is known */
} var_context;

typedef const char *var_fn(const var_context *ctx);

/* ---- of the module ---- */

static const char *version_interface(const var_context *ctx)
{
    return apr_psprintf(ctx->pool, "mod_tlsx/%s", tlsc_version());
}

static const char *version_library(const var_context *ctx)
{
    return apr_psprintf(ctx->pool, "tlscore/%s %s", tlsc_version(), tlsc_provider_default()->name);
}

/* ---- of the connection ---- */

static const char *https(const var_context *ctx)
{
    return tlsx_is_tls(ctx->cc) ? "on" : "off";
}

static const char *protocol(const var_context *ctx)
{
    return ctx->cc->protocol;
}

static const char *cipher(const var_context *ctx)
{
    return ctx->cc->cipher;
}

static const char *sni(const var_context *ctx)
{
    return ctx->cc->sni;
}

static const char *session_resumed(const var_context *ctx)
{
    return ctx->cc->resumed ? "Resumed" : "Initial";
}

static const char *key_bits(const var_context *ctx)
{
    tlsc_info info;
    const tlsc_suite *suite;

    if (!ctx->cc->tls) {
        return NULL;
    }
    tlsc_conn_info(ctx->cc->tls, &info);
    suite = tlsc_provider_suite(tlsc_provider_default(), info.suite);
    return suite ? apr_itoa(ctx->pool, suite->aead->key_len * 8) : NULL;
}

static const char *no(const var_context *ctx)
{
    (void)ctx;
    return "false";
}

static const char *no_compression(const var_context *ctx)
{
    (void)ctx;
    return "NULL";
}

static const char *client_verify(const var_context *ctx)
{
    (void)ctx;
    return "NONE";
}

/* ---- of the server's certificate ---- */

/* The one that was shown; after a resumption, where none was, the server's first. */
static const tlsc_credential *credential_of(const var_context *ctx)
{
    const apr_array_header_t *all = tlsx_server_of(ctx->cc->server)->credentials;
    tlsc_info info = {0};

    if (ctx->cc->tls) {
        tlsc_conn_info(ctx->cc->tls, &info);
    }
    if (info.credential) {
        return info.credential;
    }
    return all && all->nelts > 0 ? APR_ARRAY_IDX(all, 0, const tlsc_credential *) : NULL;
}

/* RFC 7468: lines of 64 characters. */
static const char *pem_of(apr_pool_t *pool, tlsc_bytes der)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----\n";
    static const char end[] = "-----END CERTIFICATE-----\n";
    char *text = apr_palloc(pool, (apr_size_t)apr_base64_encode_len((int)der.n));
    size_t len = (size_t)apr_base64_encode_binary(text, der.p, (int)der.n) - 1;
    char *pem = apr_palloc(pool, sizeof(begin) + len + len / 64 + 1 + sizeof(end));
    char *to = apr_cpystrn(pem, begin, sizeof(begin));

    for (size_t at = 0; at < len; at += 64) {
        size_t n = len - at < 64 ? len - at : 64;
        memcpy(to, text + at, n);
        to += n;
        *to++ = '\n';
    }
    apr_cpystrn(to, end, sizeof(end));
    return pem;
}

static const char *server_cert(const var_context *ctx)
{
    const tlsc_credential *credential = credential_of(ctx);

    return credential ? pem_of(ctx->pool, tlsc_credential_certificate(credential, 0)) : NULL;
}

/* "Jan  1 00:00:00 2026 GMT" */
static const char *date_of(apr_pool_t *pool, int64_t when_s)
{
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    apr_time_exp_t t;

    apr_time_exp_gmt(&t, apr_time_from_sec(when_s));
    return apr_psprintf(pool, "%s %2d %02d:%02d:%02d %d GMT", months[t.tm_mon], t.tm_mday,
                        t.tm_hour, t.tm_min, t.tm_sec, t.tm_year + 1900);
}

static const char *server_start(const var_context *ctx)
{
    const tlsc_credential *credential = credential_of(ctx);
    int64_t from = 0, until = 0;

    if (!credential) {
        return NULL;
    }
    tlsc_credential_validity(credential, &from, &until);
    return date_of(ctx->pool, from);
}

static const char *server_end(const var_context *ctx)
{
    const tlsc_credential *credential = credential_of(ctx);
    int64_t from = 0, until = 0;

    if (!credential) {
        return NULL;
    }
    tlsc_credential_validity(credential, &from, &until);
    return date_of(ctx->pool, until);
}

/* ---- the table ---- */

typedef struct var_row {
    const char *name;
    var_fn *value;
    bool of_connection; /* there is no answer without one */
} var_row;

static const var_row rows[] = {{"HTTPS", https, true},
                               {"SSL_PROTOCOL", protocol, true},
                               {"SSL_CIPHER", cipher, true},
                               {"SSL_CIPHER_USEKEYSIZE", key_bits, true},
                               {"SSL_CIPHER_ALGKEYSIZE", key_bits, true},
                               {"SSL_CIPHER_EXPORT", no, true},
                               {"SSL_TLS_SNI", sni, true},
                               {"SSL_SESSION_RESUMED", session_resumed, true},
                               {"SSL_SECURE_RENEG", no, true},
                               {"SSL_COMPRESS_METHOD", no_compression, true},
                               {"SSL_CLIENT_VERIFY", client_verify, true},
                               {"SSL_SERVER_CERT", server_cert, true},
                               {"SSL_SERVER_V_START", server_start, true},
                               {"SSL_SERVER_V_END", server_end, true},
                               {"SSL_VERSION_INTERFACE", version_interface, false},
                               {"SSL_VERSION_LIBRARY", version_library, false}};

const char *tlsx_var_lookup(apr_pool_t *pool, server_rec *s, conn_rec *c, request_rec *r,
                            const char *name)
{
    const conn_rec *own = c ? c : (r ? r->connection : NULL);
    var_context ctx = {pool, own ? tlsx_conn_of(own) : NULL};
    bool ours = ctx.cc || (!own && s && tlsx_server_of(s)->serves);

    for (size_t i = 0; ours && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!strcasecmp(rows[i].name, name)) {
            return rows[i].of_connection && !ctx.cc ? NULL : rows[i].value(&ctx);
        }
    }
    return NULL;
}

/* ---- LogFormat ---- */

/* Asks all of httpd, so that lines of virtual hosts that mod_ssl serves have their values too. */
static const char *log_value(request_rec *r, char *name)
{
    const char *value = ap_ssl_var_lookup(r->pool, r->server, r->connection, r, name);

    return value && *value ? ap_escape_logitem(r->pool, value) : NULL;
}

void tlsx_var_register_log(apr_pool_t *pconf)
{
    APR_OPTIONAL_FN_TYPE(ap_register_log_handler) *register_handler =
        APR_RETRIEVE_OPTIONAL_FN(ap_register_log_handler);

    if (register_handler) {
        register_handler(pconf, apr_pstrdup(pconf, "x"), log_value, 0); /* it keeps the name */
    }
}
