/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_init.c: from directives to what a child needs. */
#include "tlsx_init.h"

#include <http_core.h>
#include <http_ssl.h>
#include <mpm_common.h>
#include <apr_hash.h>
#include <apr_strings.h>

#include "tlsx_build.h"
#include "tlsx_cert.h"
#include "tlsx_client.h"
#include "tlsx_log.h"
#include "tlsx_port.h"
#include "tlsx_process.h"
#include "tlsx_tickets.h"

/* ---- credentials ---- */

/* Loads what TLSCertificate names. Returns the number of errors. */
static int load_own(apr_pool_t *pconf, server_rec *s, apr_hash_t *registry)
{
    tlsx_server *conf = tlsx_server_of(s);
    int errors = 0;

    conf->credentials = apr_array_make(pconf, 2, sizeof(tlsc_credential *));
    for (int i = 0; conf->certs && i < conf->certs->nelts; i++) {
        const tlsx_cert_files *files = &APR_ARRAY_IDX(conf->certs, i, tlsx_cert_files);
        tlsc_credential *credential = tlsx_cert_load(registry, pconf, s, files);
        if (credential) {
            APR_ARRAY_PUSH(conf->credentials, tlsc_credential *) = credential;
        } else {
            errors++;
        }
    }
    return errors;
}

/* Loads files that another module (mod_md) names. Returns the number of errors. */
static int load_given(apr_pool_t *pconf, server_rec *s, apr_hash_t *registry,
                      const apr_array_header_t *certs, const apr_array_header_t *keys)
{
    tlsx_server *conf = tlsx_server_of(s);
    int errors = 0;

    for (int i = 0; i < certs->nelts; i++) {
        tlsx_cert_files files = {.cert = APR_ARRAY_IDX(certs, i, const char *), .managed = true};
        if (i < keys->nelts) {
            files.key = APR_ARRAY_IDX(keys, i, const char *);
        }
        files.at.directive = "a managed certificate (mod_md)";
        files.at.file = s->defn_name ? s->defn_name : "the configuration";
        files.at.line = (int)s->defn_line_number;
        tlsc_credential *credential = tlsx_cert_load(registry, pconf, s, &files);
        if (credential) {
            APR_ARRAY_PUSH(conf->credentials, tlsc_credential *) = credential;
        } else {
            errors++;
        }
    }
    return errors;
}

/* Asks other modules for certificates: real ones, else stand-ins until there are real ones. What
 * counts is what they name: mod_md's way to say that it did comes out of httpd as an error. */
static int load_managed(apr_pool_t *pconf, apr_pool_t *ptemp, server_rec *s, apr_hash_t *registry)
{
    tlsx_server *conf = tlsx_server_of(s);
    apr_array_header_t *certs = apr_array_make(ptemp, 2, sizeof(const char *));
    apr_array_header_t *keys = apr_array_make(ptemp, 2, sizeof(const char *));
    int errors = 0;

    (void)ap_ssl_add_cert_files(s, ptemp, certs, keys);
    errors += load_given(pconf, s, registry, certs, keys);
    if (conf->credentials->nelts == 0 && errors == 0) {
        apr_array_clear(certs);
        apr_array_clear(keys);
        (void)ap_ssl_add_fallback_cert_files(s, ptemp, certs, keys);
        errors += load_given(pconf, s, registry, certs, keys);
        conf->unavailable = conf->credentials->nelts > 0;
    }
    return errors;
}

/* True if a module is there that may name certificates later on. */
static bool may_be_managed(void)
{
    const apr_array_header_t *hooks = ap_hook_get_ssl_add_cert_files();

    return hooks && hooks->nelts > 0;
}

static int report_no_certificate(apr_pool_t *ptemp, const tlsx_server *conf)
{
    ap_log_error(
        APLOG_MARK, APLOG_EMERG, 0, conf->server,
        "TLSX0040: %s is TLS%s%s, but has no certificate. What to do: add TLSCertificate "
        "<certificate file> <key file> to it, or for all servers outside of <VirtualHost>.",
        tlsx_server_text(ptemp, conf->server), conf->engine == 1 ? " by " : "",
        conf->engine == 1 ? tlsx_origin_text(ptemp, &conf->engine_at) : "");
    return 1;
}

/* The main server may do without: its virtual hosts are there to serve. */
static bool needs_certificate(const server_rec *main_server, const tlsx_server *conf)
{
    if (!conf->serves || conf->credentials->nelts > 0) {
        return false;
    }
    for (const server_rec *s = main_server->next; s && !conf->server->is_virtual; s = s->next) {
        if (tlsx_server_of(s)->serves) {
            return false;
        }
    }
    return true;
}

/* ---- the hooks ---- */

static bool any_serves(const server_rec *s)
{
    while (s && !tlsx_server_of(s)->serves) {
        s = s->next;
    }
    return s != NULL;
}

int tlsx_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    tlsx_server *main_conf = tlsx_server_of(s);
    int errors = tlsx_port_check(ptemp, s);

    (void)plog;
    main_conf->registry = apr_hash_make(pconf);
    main_conf->ca_registry = apr_hash_make(pconf);
    if (!main_conf->serves && any_serves(s)) { /* a slip in them should show */
        errors += load_own(pconf, s, main_conf->registry);
        errors += tlsx_client_load(pconf, main_conf->ca_registry, main_conf);
    }
    for (server_rec *each = s; each; each = each->next) {
        tlsx_server *conf = tlsx_server_of(each);
        if (!conf->serves) {
            continue;
        }
        int failed = load_own(pconf, each, main_conf->registry);
        failed += tlsx_client_load(pconf, main_conf->ca_registry, conf);
        failed += tlsx_client_check(ptemp, conf);
        if (!failed && !may_be_managed() && needs_certificate(s, conf)) {
            failed = report_no_certificate(ptemp, conf);
        }
        if (!failed && conf->credentials->nelts > 0) {
            failed = tlsx_build(pconf, main_conf, conf);
        }
        errors += failed;
    }
    return errors ? HTTP_INTERNAL_SERVER_ERROR : OK;
}

/* What other modules had no chance to say before. */
static int finish_servers(apr_pool_t *pconf, apr_pool_t *ptemp, server_rec *s)
{
    tlsx_server *main_conf = tlsx_server_of(s);
    int errors = 0;

    for (server_rec *each = s; each && may_be_managed(); each = each->next) {
        tlsx_server *conf = tlsx_server_of(each);
        int before = conf->serves ? conf->credentials->nelts : 0;
        if (!conf->serves) {
            continue;
        }
        int failed = load_managed(pconf, ptemp, each, main_conf->registry);
        if (!failed && needs_certificate(s, conf)) {
            failed = report_no_certificate(ptemp, conf);
        }
        if (!failed && conf->credentials->nelts > before) {
            failed = tlsx_build(pconf, main_conf, conf);
        }
        errors += failed;
    }
    return errors;
}

static void rotate(server_rec *s)
{
    tlsx_server *conf = tlsx_server_of(s);
    uint32_t lifetime_s = (uint32_t)tlsx_ticket_lifetime_s(conf);
    bool changed = false;
    tlsc_err err = tlsx_ring_rotate(conf->ring, tlsc_provider_default(), tlsx_process_now_ms(NULL),
                                    lifetime_s, &changed);

    if (err != TLSC_OK) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                     "TLSX0041: no new session ticket key: %s [%s]; clients make full handshakes "
                     "once the present one has run out",
                     tlsc_err_text(err), tlsc_err_name(err));
    } else if (changed) {
        ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, s,
                     "TLSX0042: session ticket keys rotated, each seals for %u seconds",
                     lifetime_s);
    }
}

int tlsx_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    tlsx_server *main_conf = tlsx_server_of(s);

    (void)plog;
    if (!any_serves(s)) {
        return OK;
    }
    if (finish_servers(pconf, ptemp, s)) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    ap_add_version_component(pconf, apr_psprintf(pconf, "mod_tlsx/%s", tlsc_version()));
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return OK; /* httpd only looks whether it could start; it reads everything once more */
    }
    tlsx_process_open_key_log(s);
    if (!tlsx_process_open_segment(s, &main_conf->ring, &main_conf->sessions)) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    rotate(s);
    return OK;
}

/* Keys are the parent's to make: children need them to read. (In a single process, as with -X,
 * they are one and the same.) */
void tlsx_child_init(apr_pool_t *pchild, server_rec *s)
{
    const tlsx_process *process = tlsx_process_get();

    (void)pchild;
    (void)s;
    if (process->segment && !ap_exists_config_define("ONE_PROCESS") &&
        !ap_exists_config_define("DEBUG")) {
        tlsx_shm_protect(process->segment, TLSX_SHM_TICKETS);
    }
}

/* Runs in the parent, every ten seconds or so. */
int tlsx_monitor(apr_pool_t *pool, server_rec *s)
{
    (void)pool;
    if (tlsx_server_of(s)->ring) {
        rotate(s);
    }
    return DECLINED;
}
