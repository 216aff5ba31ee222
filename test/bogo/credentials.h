/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/credentials.h: certificates, raw keys and private keys as the flags describe them. */
#ifndef BOGO_CREDENTIALS_H
#define BOGO_CREDENTIALS_H

#include "flags.h"
#include "tlscore.h"

/* A credential, and its key if signing is the shim's own business. */
struct host_credential {
    tlsc_credential *credential;
    tlsc_credential *unstapled; /* the same without its staple */
    tlsc_signing_key *key; /* NULL: tlscore signs */
    int64_t number;        /* as -expect-selected-credential counts; -1: the default one */
};

/* Loads what `f` describes; what can't be done ends the run. With `external` the key stays with the
 * shim. errors: those of the functions that make credentials; credential_clear is due then too. */
tlsc_err credential_load(struct host_credential *out, const tlsc_provider *provider,
                         const struct credential_flags *f, bool external);
void credential_clear(struct host_credential *c);

#endif
