/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/host.h: the server or client that the flags describe. */
#ifndef BOGO_HOST_H
#define BOGO_HOST_H

#include "credentials.h"
#include "flags.h"
#include "judge.h"
#include "tlscore.h"

struct host {
    const tlsc_provider *provider;
    const tlsc_config *config;
    struct judge judge;
    struct host_credential credentials[FLAGS_MAX_CREDENTIALS + 1];
    size_t num_credentials;
    bool chooses_credential; /* the shim does: TLSC_WAIT_CREDENTIAL */
};

/* Builds it, or ends the run where the flags ask for what tlscore hasn't. It stays where it is.
 * errors: those of tlsc_credential_from_pem and tlsc_config_build; host_clear is due then too. */
tlsc_err host_build(struct host *out, const struct settings *s);
void host_clear(struct host *h);

/* The one of them that tlscore chose; NULL if `credential` is none of them. */
const struct host_credential *host_find(const struct host *h, const tlsc_credential *credential);

/* Takes the next name off the front of a list of DER Names in hexadecimal digits, separated by
 * commas. out: its length, 0 at the end. */
size_t host_next_name(const char **list, uint8_t *out, size_t cap);

#endif
