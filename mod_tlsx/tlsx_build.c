/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_build.c: tlscore's configuration from a server's directives and credentials. */
#include "tlsx_build.h"

#include <string.h>

#include <apr_strings.h>

#include "tlsx_ca.h"
#include "tlsx_client.h"
#include "tlsx_digest.h"
#include "tlsx_log.h"
#include "tlsx_process.h"
#include "tlsx_served.h"
#include "tlsx_sessions.h"
#include "tlsx_tickets.h"

/* ---- what tells servers apart ---- */

/* How clients prove who they are: part of both hashes. Neither CAs nor anything else counts where
 * none of them is asked. */
static void digest_client_policy(tlsx_digest *d, const tlsx_server *conf)
{
    tlsx_digest_add_number(d, (unsigned)tlsx_client_auth(conf));
    if (tlsx_client_auth(conf) != TLSC_CLIENT_AUTH_NONE) {
        tlsx_digest_add(d, conf->client_ca->digest, sizeof(conf->client_ca->digest));
    }
}

/* What a ticket is bound to. Nothing of it changes with a restart or a renewed certificate. */
static void ticket_identity(const tlsx_server *conf, uint8_t out[TLSX_DIGEST_LEN])
{
    const server_rec *s = conf->server;
    tlsx_digest d = tlsx_digest_start("mod_tlsx ticket identity 2");
    char name[256];
    unsigned port = s->is_virtual && s->addrs ? s->addrs->host_port : s->port;

    apr_cpystrn(name, s->server_hostname ? s->server_hostname : "", sizeof(name));
    ap_str_tolower(name);
    tlsx_digest_add(&d, name, strlen(name));
    tlsx_digest_add_number(&d, port);
    digest_client_policy(&d, conf);
    tlsx_digest_end(&d, out);
}

static unsigned on_unless(int flag)
{
    return flag != 0; /* TLSX_UNSET is on */
}

static void connection_policy(apr_pool_t *pconf, tlsx_server *conf)
{
    tlsx_digest d = tlsx_digest_start("mod_tlsx connection policy 2");

    tlsx_digest_add_number(&d, tlsx_min_version(conf));
    tlsx_digest_add_ids(&d, conf->suites);
    tlsx_digest_add_ids(&d, tlsx_served_suites(pconf, conf, 0));
    tlsx_digest_add_number(&d, on_unless(conf->honor_client_order));
    tlsx_digest_add_ids(&d, conf->groups);
    for (int i = 0; i < conf->credentials->nelts; i++) {
        tlsc_bytes leaf =
            tlsc_credential_certificate(APR_ARRAY_IDX(conf->credentials, i, tlsc_credential *), 0);
        tlsx_digest_add(&d, leaf.p, leaf.n);
    }
    digest_client_policy(&d, conf);
    tlsx_digest_end(&d, conf->policy);
}

bool tlsx_same_policy(const tlsx_server *a, const tlsx_server *b)
{
    return a == b || (a->config && b->config && !memcmp(a->policy, b->policy, sizeof(a->policy)));
}

/* ---- the configuration ---- */

int tlsx_ticket_lifetime_s(const tlsx_server *main_conf)
{
    return main_conf->ticket_lifetime_s == TLSX_UNSET ? TLSX_TICKET_LIFETIME
                                                      : main_conf->ticket_lifetime_s;
}

/* The ring is there only once httpd really starts; until then there are no keys. */
static tlsc_err read_keys(void *ctx, tlsc_ticket_keys *out)
{
    const tlsx_server *main_conf = ctx;

    if (!main_conf->ring) {
        return TLSC_E_NO_TICKET_KEY;
    }
    return tlsx_ring_read(main_conf->ring, out);
}

/* Clients of TLS 1.2 that know no tickets have session ids: theirs lie beside the ring, sealed by
 * its keys. */
static tlsc_err put_session(void *ctx, tlsc_bytes key, tlsc_bytes value, uint32_t lifetime_s)
{
    const tlsx_server *main_conf = ctx;
    int64_t now_ms = tlsx_process_now_ms(NULL);
    int64_t until_ms = now_ms + (int64_t)lifetime_s * 1000;

    return main_conf->sessions &&
                   tlsx_sessions_put(main_conf->sessions, key, value, now_ms, until_ms)
               ? TLSC_OK
               : TLSC_E_NO_MEMORY;
}

static tlsc_err get_session(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n,
                            bool *later)
{
    const tlsx_server *main_conf = ctx;

    *later = false;
    *n = main_conf->sessions
             ? tlsx_sessions_get(main_conf->sessions, key, tlsx_process_now_ms(NULL), out, cap)
             : 0;
    return TLSC_OK;
}

static tlsc_err take_session(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n,
                             bool *later)
{
    const tlsx_server *main_conf = ctx;

    *later = false;
    *n = main_conf->sessions
             ? tlsx_sessions_take(main_conf->sessions, key, tlsx_process_now_ms(NULL), out, cap)
             : 0;
    return TLSC_OK;
}

static tlsc_err set_store(tlsc_config_builder *builder, const tlsx_server *main_conf)
{
    tlsc_store store = {.size = sizeof(store),
                        .ctx = (void *)(uintptr_t)main_conf,
                        .atomic_take = true,
                        .put = put_session,
                        .get = get_session,
                        .take = take_session};

    return tlsc_config_set_store(builder, &store, true);
}

static tlsc_err set_tickets(tlsc_config_builder *builder, const tlsx_server *main_conf,
                            const tlsx_server *conf)
{
    uint8_t identity[TLSX_DIGEST_LEN];
    tlsc_err err;
    tlsc_ticketer ticketer = {.size = sizeof(ticketer),
                              .ctx = (void *)(uintptr_t)main_conf,
                              .read_keys = read_keys,
                              .lifetime_s = (uint32_t)tlsx_ticket_lifetime_s(main_conf)};

    if (conf->tickets == 0) {
        return TLSC_OK;
    }
    ticket_identity(conf, identity);
    err = tlsc_config_set_ticketer(builder, &ticketer, identity, TLSX_NUM_TICKETS);
    return err == TLSC_OK ? set_store(builder, main_conf) : err;
}

/* What is suppressed stays so, also where another line prefers it. */
static tlsc_err set_suites(apr_pool_t *pool, tlsc_config_builder *builder, const tlsx_server *conf)
{
    apr_array_header_t *served = tlsx_served_suites(pool, conf, 0);
    apr_array_header_t *preferred = apr_array_make(pool, 4, sizeof(uint16_t));
    tlsc_err err = tlsc_config_set_suites(builder, (const uint16_t *)(void *)served->elts,
                                          (size_t)served->nelts);

    for (int i = 0; conf->suites && i < conf->suites->nelts; i++) {
        uint16_t id = APR_ARRAY_IDX(conf->suites, i, uint16_t);
        if (!tlsx_is_suppressed(conf, id)) {
            APR_ARRAY_PUSH(preferred, uint16_t) = id;
        }
    }
    if (err == TLSC_OK && preferred->nelts > 0) {
        err = tlsc_config_prefer_suites(builder, (const uint16_t *)(void *)preferred->elts,
                                        (size_t)preferred->nelts);
    }
    return err;
}

static tlsc_err set_lists(apr_pool_t *pool, tlsc_config_builder *builder, const tlsx_server *conf)
{
    tlsc_err err = set_suites(pool, builder, conf);

    if (err == TLSC_OK && conf->groups && conf->groups->nelts > 0) {
        err = tlsc_config_set_groups(builder, (const uint16_t *)(void *)conf->groups->elts,
                                     (size_t)conf->groups->nelts);
    }
    return err;
}

static tlsc_err fill(apr_pool_t *pool, tlsc_config_builder *builder, const tlsx_server *conf)
{
    tlsc_err err = tlsc_config_set_versions(builder, tlsx_min_version(conf), TLSC_TLS13);

    tlsc_config_honor_client_order(builder, on_unless(conf->honor_client_order) != 0);
    if (err == TLSC_OK) {
        err = set_lists(pool, builder, conf);
    }
    for (int i = 0; err == TLSC_OK && i < conf->credentials->nelts; i++) {
        err = tlsc_config_add_credential(builder,
                                         APR_ARRAY_IDX(conf->credentials, i, tlsc_credential *));
    }
    if (err == TLSC_OK && !on_unless(conf->compression)) {
        err = tlsc_config_set_certificate_compression(builder, NULL, 0);
    }
    return err;
}

static apr_status_t release(void *config)
{
    tlsc_config_free(config);
    return APR_SUCCESS;
}

/* What is built lives as long as the configuration pass. */
static tlsc_err freeze(apr_pool_t *pconf, const tlsc_config_builder *builder,
                       const tlsc_config **out)
{
    tlsc_err err = tlsc_config_build(builder, out);

    if (err == TLSC_OK) {
        apr_pool_cleanup_register(pconf, (void *)(uintptr_t)*out, release, apr_pool_cleanup_null);
    }
    return err;
}

/* An ACME server that checks a challenge has no certificate to show: its connections are asked for
 * none, carry no request and leave no ticket behind. */
static tlsc_err build_configs(apr_pool_t *pconf, tlsc_config_builder *builder,
                              const tlsx_server *main_conf, tlsx_server *conf)
{
    tlsc_err err = fill(pconf, builder, conf);

    if (err == TLSC_OK && tlsx_client_auth(conf) != TLSC_CLIENT_AUTH_NONE) {
        err = freeze(pconf, builder, &conf->challenge_config);
        if (err == TLSC_OK) {
            err = tlsx_client_configure(builder, conf);
        }
    }
    if (err == TLSC_OK) {
        err = set_tickets(builder, main_conf, conf);
    }
    return err == TLSC_OK ? freeze(pconf, builder, &conf->config) : err;
}

/* Directives that are good one by one may leave nothing together. */
static bool leaves_nothing(apr_pool_t *pool, const tlsx_server *conf)
{
    const tlsx_origin *by12 = tlsx_barred_by(conf, TLSC_TLS12);
    const tlsx_origin *by13 = tlsx_barred_by(conf, TLSC_TLS13);

    if (!by12 || !by13) {
        return false;
    }
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, conf->server,
                 "TLSX0044: %s has no protocol version left: TLSv1.3 is kept out by %s, TLSv1.2 by "
                 "%s. What to do: leave one of them a cipher suite and a group",
                 tlsx_server_text(pool, conf->server), tlsx_origin_text(pool, by13),
                 tlsx_origin_text(pool, by12));
    return true;
}

/* A list of suites or groups may well be meant to say "only this version": no warning. */
static void tell_of_dropped_versions(apr_pool_t *pool, const tlsx_server *conf)
{
    for (uint16_t version = tlsx_min_version(conf); version <= TLSC_TLS13; version++) {
        const tlsx_origin *by = tlsx_barred_by(conf, version);
        if (by) {
            ap_log_error(APLOG_MARK, APLOG_INFO, 0, conf->server,
                         "TLSX0045: %s does not serve %s: %s leaves it no %s",
                         tlsx_server_text(pool, conf->server), tlsx_version_name(version),
                         tlsx_origin_text(pool, by),
                         by == &conf->groups_at ? "group" : "cipher suite");
        }
    }
}

int tlsx_build(apr_pool_t *pconf, const tlsx_server *main_conf, tlsx_server *conf)
{
    tlsc_config_builder *builder;
    tlsc_err err;

    if (leaves_nothing(pconf, conf)) {
        return 1;
    }
    tell_of_dropped_versions(pconf, conf);
    builder = tlsc_config_builder_new(tlsc_provider_default());
    err = builder ? build_configs(pconf, builder, main_conf, conf) : TLSC_E_NO_MEMORY;
    tlsc_config_builder_free(builder);
    if (err != TLSC_OK) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, 0, conf->server,
                     "TLSX0043: %s cannot serve TLS: %s [%s]. What to do: look at its TLSGroups, "
                     "TLSCiphersPrefer and TLSCertificate",
                     tlsx_server_text(pconf, conf->server), tlsc_err_text(err), tlsc_err_name(err));
        return 1;
    }
    connection_policy(pconf, conf);
    return 0;
}
