/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/client_site.h: tlscore clients in memory, with a fixed clock, a verifier that answers what it
 * is told to, and the sessions that they were given. */
#ifndef TEST_CLIENT_SITE_H
#define TEST_CLIENT_SITE_H

#include "base/buf.h"
#include "tlscore.h"

enum { CLIENT_SESSIONS_KEPT = 32 };

/* What the clients of a test share. Zero it, set what differs from the defaults, then
 * client_site_open. */
typedef struct client_site {
    const tlsc_provider *provider; /* NULL: the default */
    uint16_t min_version;          /* 0: the builder's own, as the next */
    uint16_t max_version;
    const char *name; /* NULL: "a.test" */
    const char *alpn; /* comma-separated; NULL: none */
    const uint16_t *groups;
    size_t num_groups;
    const uint16_t *suites; /* exactly these; NULL: all */
    size_t num_suites;
    unsigned num_key_shares;
    tlsc_credential *credential; /* of our own; a reference is taken */
    bool rejects;                /* the verifier does */
    bool decides_later;          /* TLSC_WAIT_VERIFY */
    tlsc_err (*set_up)(tlsc_config_builder *b); /* what else differs; NULL: nothing */
    bool no_clock;
    uint16_t max_fragment;
    uint32_t max_handshake_message;

    /* for each connection; may change between two */
    uint16_t group_hint;
    bool fallback;
    bool early_data;
    bool no_session; /* without the callback */
    const tlsc_bytes *offered; /* sessions to offer */
    size_t num_offered;
    const tlsc_bytes *connection_alpn; /* in place of the configuration's */
    size_t num_connection_alpn;

    /* made by client_site_open, and what was heard since */
    const tlsc_config *config;
    int64_t now_ms;
    tlsc_buf sessions[CLIENT_SESSIONS_KEPT]; /* the first of them */
    size_t num_sessions;                     /* given in all */
    unsigned verified;                       /* times that the verifier was asked */
    char verified_name[256];
    char key_log[4096];
    size_t key_log_n;
} client_site;

tlsc_err client_site_open(client_site *site);
void client_site_close(client_site *site);

/* Forgets the sessions. */
void client_site_forget(client_site *site);

/* A stream on a new client connection; its ClientHello waits in its output. */
tlsc_err client_new(client_site *site, tlsc_stream **out);

#endif
