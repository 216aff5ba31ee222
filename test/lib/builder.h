/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/builder.h: builders that build, for the tests of their setters. */
#ifndef TEST_LIB_BUILDER_H
#define TEST_LIB_BUILDER_H

#include "handshake/config.h"
#include "unit.h"

const tlsc_provider *provider(void);

/* A credential of test/vectors/certs whose key is elsewhere. */
tlsc_credential *new_credential(void);

/* A verifier that rejects. */
extern const tlsc_verifier some_verifier;

/* A server's with a credential, or a client's with a verifier: each builds. */
tlsc_config_builder *new_builder(void);
tlsc_config_builder *new_client_builder(void);

/* Freezes it, which must succeed. */
const tlsc_config *built(const tlsc_config_builder *b);

#endif
