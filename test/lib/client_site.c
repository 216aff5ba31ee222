/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/client_site.c: tlscore clients in memory. */
#include "client_site.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"

static tlsc_err verify(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    client_site *site = (client_site *)ctx;
    site->verified++;
    size_t n = request->name.n < 255 ? request->name.n : 255;
    tlsc_bytes_copy((uint8_t *)site->verified_name, tlsc_bytes_of(request->name.p, n));
    site->verified_name[n] = 0;
    out->kind = site->decides_later ? TLSC_VERDICT_LATER
                : site->rejects     ? TLSC_VERDICT_REJECT
                                    : TLSC_VERDICT_ACCEPT;
    return TLSC_OK;
}

static int64_t now_ms(void *ctx)
{
    return ((const client_site *)ctx)->now_ms;
}

static void key_log(void *ctx, const char *line, size_t n)
{
    client_site *site = (client_site *)ctx;
    if (site->key_log_n + n + 1 < sizeof(site->key_log)) {
        memcpy(site->key_log + site->key_log_n, line, n);
        site->key_log_n += n;
        site->key_log[site->key_log_n++] = '\n';
        site->key_log[site->key_log_n] = 0;
    }
}

static void on_session(void *ctx, tlsc_bytes session)
{
    client_site *site = (client_site *)ctx;
    if (site->num_sessions < CLIENT_SESSIONS_KEPT) {
        tlsc_buf *kept = &site->sessions[site->num_sessions];
        *kept = tlsc_buf_of(1 << 20);
        if (tlsc_buf_append(kept, session) != TLSC_OK) {
            return;
        }
    }
    site->num_sessions++;
}

static tlsc_err set_alpn(tlsc_config_builder *b, const char *names)
{
    tlsc_bytes list[8];
    size_t num = 0;
    while (*names != 0 && num < TLSC_COUNT(list)) {
        list[num++] = tlsc_bytes_of(names, strcspn(names, ","));
        names += list[num - 1].n;
        names += *names == ',';
    }
    return tlsc_config_set_alpn(b, list, num);
}

static tlsc_err fill(client_site *site, tlsc_config_builder *b)
{
    tlsc_verifier verifier = { sizeof(verifier), site, verify };
    TRY(tlsc_config_set_verifier(b, &verifier));
    if (site->min_version != 0 || site->max_version != 0) {
        TRY(tlsc_config_set_versions(b, site->min_version == 0 ? TLSC_TLS12 : site->min_version,
                                     site->max_version == 0 ? TLSC_TLS13 : site->max_version));
    }
    if (site->num_groups > 0) {
        TRY(tlsc_config_set_groups(b, site->groups, site->num_groups));
    }
    if (site->num_suites > 0) {
        TRY(tlsc_config_set_suites(b, site->suites, site->num_suites));
    }
    if (site->num_key_shares > 0) {
        TRY(tlsc_config_set_key_shares(b, site->num_key_shares));
    }
    if (site->alpn != NULL) {
        TRY(set_alpn(b, site->alpn));
    }
    if (site->credential != NULL) {
        TRY(tlsc_config_add_credential(b, site->credential));
    }
    if (site->set_up != NULL) {
        TRY(site->set_up(b));
    }
    return tlsc_config_build(b, &site->config);
}

tlsc_err client_site_open(client_site *site)
{
    if (site->provider == NULL) {
        site->provider = tlsc_provider_default();
    }
    if (site->now_ms == 0) {
        site->now_ms = INT64_C(1790000000000);
    }
    tlsc_config_builder *b = tlsc_config_builder_new_client(site->provider);
    if (b == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = fill(site, b);
    tlsc_config_builder_free(b);
    return rc;
}

void client_site_forget(client_site *site)
{
    for (size_t i = 0; i < CLIENT_SESSIONS_KEPT; i++) {
        tlsc_buf_clear(&site->sessions[i]);
    }
    site->num_sessions = 0;
}

void client_site_close(client_site *site)
{
    client_site_forget(site);
    tlsc_config_free(site->config);
    site->config = NULL;
}

tlsc_err client_new(client_site *site, tlsc_stream **out)
{
    *out = NULL;
    tlsc_conn_options options = {
        .size = sizeof(options),
        .provider = site->provider,
        .now_ms = site->no_clock ? NULL : now_ms,
        .now_ctx = site,
        .key_log = key_log,
        .key_log_ctx = site,
        .max_fragment = site->max_fragment,
        .max_handshake_message = site->max_handshake_message,
    };
    tlsc_client_options client = {
        .size = sizeof(client),
        .name = tlsc_bytes_of_str(site->name == NULL ? "a.test" : site->name),
        .sessions = site->offered,
        .num_sessions = site->num_offered,
        .early_data = site->early_data,
        .alpn = site->connection_alpn,
        .num_alpn = site->num_connection_alpn,
        .group_hint = site->group_hint,
        .fallback = site->fallback,
        .on_session = site->no_session ? NULL : on_session,
        .session_ctx = site,
    };
    tlsc_conn *c;
    TRY(tlsc_conn_new_client(&options, site->config, &client, &c));
    tlsc_err rc = tlsc_stream_new(c, out);
    if (rc != TLSC_OK) {
        tlsc_conn_free(c);
    }
    return rc;
}
