/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_vars.c: variables. Names and forms are mod_ssl's, whose users they come from. */
#include "tlsx_vars.h"

#include <http_ssl.h>
#include <mod_log_config.h>
#include <apr_strings.h>

#include "tlsx_cert_names.h"
#include "tlsx_cert_vars.h"

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
    return ctx->cc->num_client_certs > 0 ? "SUCCESS" : "NONE";
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

/* ---- of certificates ---- */

/* "SSL_CLIENT_..." is asked of the client's certificate, "SSL_SERVER_..." of the server's. */
static const char *of_client(const var_context *ctx, const char *name)
{
    static const char chain[] = "CERT_CHAIN_";
    const tlsx_conn *cc = ctx->cc;
    size_t which = 0; /* its own */

    if (!strncasecmp(name, chain, sizeof(chain) - 1)) {
        int n = tlsx_name_number(name + sizeof(chain) - 1);
        if (n < 0) {
            return NULL;
        }
        which = 1 + (size_t)n;
        name = "CERT";
    }
    return which < cc->num_client_certs ? tlsx_cert_var(ctx->pool, cc->client_certs[which], name)
                                        : NULL;
}

static const char *of_server(const var_context *ctx, const char *name)
{
    const tlsc_credential *credential = credential_of(ctx);

    return credential ? tlsx_cert_var(ctx->pool, tlsc_credential_certificate(credential, 0), name)
                      : NULL;
}

static const char *of_certificate(const var_context *ctx, const char *name)
{
    static const char client[] = "SSL_CLIENT_", server[] = "SSL_SERVER_";

    if (!strncasecmp(name, client, sizeof(client) - 1)) {
        return of_client(ctx, name + sizeof(client) - 1);
    }
    if (!strncasecmp(name, server, sizeof(server) - 1)) {
        return of_server(ctx, name + sizeof(server) - 1);
    }
    return NULL;
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
    return ctx.cc ? of_certificate(&ctx, name) : NULL;
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
