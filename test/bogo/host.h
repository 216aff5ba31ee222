/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/host.h: the server that the flags describe: credentials, configuration, tickets. */
#ifndef BOGO_HOST_H
#define BOGO_HOST_H

#include "flags.h"
#include "tlscore.h"

enum {
    HOST_TICKET_LIFETIME_S = 2 * 24 * 3600 /* BoringSSL's for TLS 1.3, taken for granted by tests */
};

/* A credential, and its key if signing is the shim's own business. */
struct host_credential {
    tlsc_credential *credential;
    tlsc_signing_key *key; /* NULL: tlscore signs */
    int64_t number;        /* as -expect-selected-credential counts; -1: the default one */
};

struct host {
    const tlsc_provider *provider;
    const tlsc_config *config;
    struct host_credential credentials[FLAGS_MAX_CREDENTIALS + 1];
    size_t num_credentials;
};

/* Builds it, or ends the run where the flags ask for what tlscore hasn't. errors: those of
 * tlsc_credential_from_pem and tlsc_config_build; host_clear is due then too. */
tlsc_err host_build(struct host *out, const struct settings *s);
void host_clear(struct host *h);

/* The one of them that tlscore chose; NULL if `credential` is none of them. */
const struct host_credential *host_find(const struct host *h, const tlsc_credential *credential);

/* Wall time, which stands still except for host_sleep, as in BoringSSL's shim. */
int64_t host_now_ms(void *unused);
void host_sleep(int64_t seconds);

#endif
