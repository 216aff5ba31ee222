/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/tls_server.c: a tlscore server in memory. */
#include "tls_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "file.h"

static tlsc_err read_keys(void *ctx, tlsc_ticket_keys *out)
{
    const tls_site *site = (const tls_site *)ctx;
    *out = site->keys;
    return TLSC_OK;
}

static int64_t now_ms(void *ctx)
{
    return ((const tls_site *)ctx)->now_ms;
}

static void key_log(void *ctx, const char *line, size_t n)
{
    tls_site *site = (tls_site *)ctx;
    if (site->key_log_n + n + 1 < sizeof(site->key_log)) {
        memcpy(site->key_log + site->key_log_n, line, n);
        site->key_log_n += n;
        site->key_log[site->key_log_n++] = '\n';
        site->key_log[site->key_log_n] = 0;
    }
}

tlsc_err tls_credential_load(const tlsc_provider *provider, const char *name,
                             tlsc_credential **out)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "test/vectors/certs/%s.crt.pem", name);
    tlsc_buf chain = test_file(path);
    (void)snprintf(path, sizeof(path), "test/vectors/certs/%s.key.pem", name);
    tlsc_buf key = test_file(path);
    tlsc_err rc = tlsc_credential_from_pem(provider, tlsc_buf_bytes(&chain), tlsc_buf_bytes(&key),
                                           out, NULL);
    tlsc_buf_clear(&chain);
    tlsc_buf_clear(&key);
    return rc;
}

static tlsc_err add_credentials(tls_site *site, tlsc_config_builder *b)
{
    if (site->credential != NULL) {
        return tlsc_config_add_credential(b, site->credential);
    }
    for (size_t i = 0; i < TLSC_COUNT(site->certs); i++) {
        const char *name = site->certs[i];
        if (name == NULL && i > 0) {
            break;
        }
        tlsc_credential *credential = NULL;
        TRY(tls_credential_load(site->provider, name == NULL ? "p256" : name, &credential));
        tlsc_err rc = tlsc_config_add_credential(b, credential);
        tlsc_credential_free(credential);
        TRY(rc);
    }
    return TLSC_OK;
}

static tlsc_err fill_sessions(const tls_site *site, tlsc_config_builder *b)
{
    if (site->store != NULL) {
        TRY(tlsc_config_set_store(b, site->store, site->stateless));
    }
    if (site->max_tickets > 0) {
        TRY(tlsc_config_set_max_tickets(b, site->max_tickets));
    }
    if (site->max_early_data > 0) {
        TRY(tlsc_config_accept_early_data(b, site->max_early_data, site->guard));
    }
    tlsc_config_half_rtt_data(b, site->half_rtt_data);
    return TLSC_OK;
}

static tlsc_err fill(tls_site *site, tlsc_config_builder *b)
{
    TRY(add_credentials(site, b));
    if (site->min_version != 0) {
        TRY(tlsc_config_set_versions(b, site->min_version, TLSC_TLS13));
    }
    if (site->num_groups > 0) {
        TRY(tlsc_config_set_groups(b, site->groups, site->num_groups));
    }
    if (site->num_suites > 0) {
        TRY(tlsc_config_prefer_suites(b, site->suites, site->num_suites));
        tlsc_config_honor_client_order(b, false);
    }
    if (site->alpn != NULL) {
        tlsc_bytes name = tlsc_bytes_of_str(site->alpn);
        TRY(tlsc_config_set_alpn(b, &name, 1));
    }
    if (site->tickets) {
        tlsc_ticketer t = { sizeof(t), site, read_keys,
                            site->lifetime_s == 0 ? 3600 : site->lifetime_s };
        TRY(tlsc_config_set_ticketer(b, &t, site->identity,
                                     site->num_tickets == 0 ? 2 : site->num_tickets));
    }
    TRY(fill_sessions(site, b));
    if (site->setup != NULL) {
        TRY(site->setup(site->setup_ctx, b));
    }
    return tlsc_config_build(b, &site->config);
}

tlsc_err tls_site_open(tls_site *site)
{
    if (site->provider == NULL) {
        site->provider = tlsc_provider_default();
    }
    if (site->now_ms == 0) {
        site->now_ms = INT64_C(1790000000000);
    }
    if (site->tickets && site->keys.num == 0) {
        TRY(tlsc_ticket_key_new(site->provider, site->now_ms, site->now_ms + 3600000,
                                &site->keys.keys[0]));
        site->keys.num = 1;
    }
    tlsc_config_builder *b = tlsc_config_builder_new(site->provider);
    if (b == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = fill(site, b);
    tlsc_config_builder_free(b);
    return rc;
}

void tls_site_close(tls_site *site)
{
    tlsc_config_free(site->config);
    site->config = NULL;
    tlsc_ticket_keys_clear(&site->keys);
}

tlsc_err tls_server_new(tls_site *site, tlsc_stream **out)
{
    *out = NULL;
    tlsc_conn_options options = {
        .size = sizeof(options),
        .provider = site->provider,
        .now_ms = now_ms,
        .now_ctx = site,
        .key_log = key_log,
        .key_log_ctx = site,
        .max_fragment = site->max_fragment,
        .max_early_data_skip = site->max_early_data_skip,
        .external_tickets = site->external_tickets,
    };
    tlsc_conn *c;
    TRY(tlsc_conn_new_server(&options, &c));
    tlsc_err rc = tlsc_stream_new(c, out);
    if (rc != TLSC_OK) {
        tlsc_conn_free(c);
    }
    return rc;
}

tlsc_err tls_server_feed(tls_site *site, tlsc_stream *s, const uint8_t *data, size_t n)
{
    TRY(tlsc_stream_feed(s, data, n));
    tlsc_conn *c = tlsc_stream_conn(s);
    if (tlsc_conn_wait(c) == TLSC_WAIT_CONFIG) {
        tlsc_opened opened;
        TRY(tlsc_conn_answer_config(c, site->config, (tlsc_bytes){ NULL, 0 }, NULL, &opened));
        return tlsc_stream_step(s);
    }
    return TLSC_OK;
}
