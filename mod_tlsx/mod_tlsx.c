/* SPDX-License-Identifier: Apache-2.0 */
/* mod_tlsx.c: where httpd calls us. What is done there stands in the files that are named. */
#include <http_protocol.h>
#include <http_request.h>
#include <http_ssl.h>
#include <mpm_common.h>

#include "tlsx_conf.h"
#include "tlsx_conn.h"
#include "tlsx_filter.h"
#include "tlsx_init.h"
#include "tlsx_log.h"
#include "tlsx_merge.h"
#include "tlsx_port.h"
#include "tlsx_request.h"
#include "tlsx_vars.h"

static int pre_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)plog;
    (void)ptemp;
    tlsx_var_register_log(pconf);
    if (tlsc_provider_check(tlsc_provider_default()) != TLSC_OK) {
        ap_log_error(
            APLOG_MARK, APLOG_EMERG, 0, NULL,
            "TLSX0003: tlscore and its libcrypto do not fit together: build mod_tlsx anew");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}

/* Connections to others (mod_proxy's) aren't ours, nor are an HTTP/2 connection's streams, which
 * live on one that is. */
static int pre_connection(conn_rec *c, void *socket)
{
    (void)socket;
    if (c->master || c->outgoing || !tlsx_port_is_tls(c)) {
        return DECLINED;
    }
    if (ap_ssl_conn_is_ssl(c)) {
        ap_log_cerror(
            APLOG_MARK, APLOG_ERR, 0, c,
            "TLSX0004: %s has TLS from two modules: take out either SSLEngine or TLSEngine",
            tlsx_server_text(c->pool, c->base_server));
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    tlsx_conn_new(c);
    return OK;
}

/* The handshake comes first, so that whoever speaks the protocol that it settles can take over. */
static int process_connection(conn_rec *c)
{
    tlsx_conn *cc = tlsx_conn_of(c);
    apr_bucket_brigade *none;
    apr_status_t rv;

    if (!cc || c->master || cc->phase != TLSX_HANDSHAKE) {
        return DECLINED;
    }
    none = apr_brigade_create(c->pool, c->bucket_alloc);
    rv = ap_get_brigade(c->input_filters, none, AP_MODE_INIT, APR_BLOCK_READ, 0);
    apr_brigade_destroy(none);
    if (rv == APR_SUCCESS) {
        return DECLINED;
    }
    /* Closing with care lets the alert reach the client; who fails to shake hands isn't waited for
     * long, though. */
    apr_table_setn(c->notes, "short-lingering-close", "1");
    if (c->cs) {
        c->cs->state = CONN_STATE_LINGER;
    }
    return OK;
}

static const char *http_scheme(const request_rec *r)
{
    return tlsx_is_tls(tlsx_conn_of(r->connection)) ? "https" : NULL;
}

static apr_port_t default_port(const request_rec *r)
{
    return tlsx_is_tls(tlsx_conn_of(r->connection)) ? 443 : 0;
}

static int conn_is_ssl(conn_rec *c)
{
    return tlsx_is_tls(tlsx_conn_of(c)) ? OK : DECLINED;
}

static void register_hooks(apr_pool_t *pool)
{
    static const char *const after_mod_ssl[] = {"mod_ssl.c", NULL};
    static const char *const after_setenvif[] = {"mod_setenvif.c", NULL};
    static const char *const before_proxy[] = {"mod_proxy.c", NULL};

    (void)pool;
    tlsx_filter_register();

    ap_hook_pre_config(pre_config, after_mod_ssl, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(tlsx_check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(tlsx_post_config, NULL, before_proxy, APR_HOOK_MIDDLE);
    ap_hook_child_init(tlsx_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_monitor(tlsx_monitor, NULL, NULL, APR_HOOK_MIDDLE);

    ap_hook_pre_connection(pre_connection, after_mod_ssl, NULL, APR_HOOK_MIDDLE);
    ap_hook_process_connection(process_connection, NULL, NULL, APR_HOOK_MIDDLE);

    ap_hook_post_read_request(tlsx_post_read_request, after_setenvif, NULL, APR_HOOK_MIDDLE);
    ap_hook_fixups(tlsx_fixups, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_http_scheme(http_scheme, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_default_port(default_port, NULL, NULL, APR_HOOK_MIDDLE);

    ap_hook_ssl_conn_is_ssl(conn_is_ssl, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_ssl_var_lookup(tlsx_var_lookup, NULL, NULL, APR_HOOK_MIDDLE);
}

/* The one name that the .so exports. */
module AP_MODULE_DECLARE_DATA tlsx_module __attribute__((visibility("default"))) = {
    STANDARD20_MODULE_STUFF,
    NULL, /* no per-directory configuration */
    NULL,
    tlsx_server_create,
    tlsx_server_merge,
    tlsx_directives,
    register_hooks,
    AP_MODULE_FLAG_ALWAYS_MERGE /* each server needs a record of its own for what is made of it */
};
