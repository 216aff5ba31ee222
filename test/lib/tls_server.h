/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/tls_server.h: a tlscore server in memory, with a fixed clock and its own ticket keys. */
#ifndef TEST_TLS_SERVER_H
#define TEST_TLS_SERVER_H

#include "tlscore.h"

/* What the servers of a test share: a configuration and the ticket keys that it reads. Zero it, set
 * what differs from the defaults, then tls_site_open. */
typedef struct tls_site {
    const tlsc_provider *provider; /* NULL: the default */
    const char *certs[4];          /* names in test/vectors/certs; none: "p256" */
    uint16_t min_version;          /* 0: the builder's own */
    const char *alpn;              /* one protocol; NULL: none */
    const uint16_t *groups;
    size_t num_groups;
    const uint16_t *suites; /* preferred over the client's order */
    size_t num_suites;
    bool tickets;
    unsigned num_tickets; /* 0: 2 */
    uint8_t identity[32];
    uint16_t max_fragment;
    uint32_t max_early_data_skip;
    bool external_tickets;
    tlsc_credential *credential; /* instead of `certs`; a reference is taken */
    uint32_t lifetime_s;         /* 0: 3,600 */
    /* what the configuration gets besides; NULL: nothing */
    tlsc_err (*setup)(void *ctx, tlsc_config_builder *b);
    void *setup_ctx;
    const tlsc_store *store;     /* NULL: none */
    bool stateless;              /* tickets don't go into it */
    unsigned max_tickets;        /* for clients that ask; 0: as num_tickets */
    uint32_t max_early_data;
    const tlsc_replay_guard *guard;
    bool half_rtt_data;

    /* made by tls_site_open */
    const tlsc_config *config;
    tlsc_ticket_keys keys;
    int64_t now_ms;
    char key_log[4096];
    size_t key_log_n;
} tls_site;

tlsc_err tls_site_open(tls_site *site);
void tls_site_close(tls_site *site);

/* A credential from test/vectors/certs/NAME.crt.pem and NAME.key.pem. */
tlsc_err tls_credential_load(const tlsc_provider *provider, const char *name,
                             tlsc_credential **out);

/* A stream on a new server connection. */
tlsc_err tls_server_new(tls_site *site, tlsc_stream **out);
/* Gives bytes to the server and answers its configuration pause with the site's configuration. */
tlsc_err tls_server_feed(tls_site *site, tlsc_stream *s, const uint8_t *data, size_t n);

#endif
