/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/config.h: what a server is willing to do. A builder is filled, then frozen into a
 * counted, immutable configuration that any number of connections and threads share. */
#ifndef TLSCORE_CONFIG_H
#define TLSCORE_CONFIG_H

#include "tlscore/cert.h"
#include "tlscore/session.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tlsc_config tlsc_config;
typedef struct tlsc_config_builder tlsc_config_builder;

/* A builder for a server with the provider's suites and groups in its order, TLS 1.3
 * alone (TLS 1.2 is there for who asks: tlsc_config_set_versions), no certificate, no tickets. NULL when memory is short. The provider is borrowed for the life of every
 * configuration made from it. */
TLSC_API tlsc_config_builder *tlsc_config_builder_new(const tlsc_provider *provider);
/* Releases a builder, used or not. NULL is fine. */
TLSC_API void tlsc_config_builder_free(tlsc_config_builder *builder);

/* Versions served, both ends included; one for which no suite or group is enabled is left out when the
 * configuration is built. errors: TLSC_E_UNSUPPORTED for a version that this tlscore cannot do,
 * TLSC_E_BAD_CONFIG where min > max. */
TLSC_API tlsc_err tlsc_config_set_versions(tlsc_config_builder *builder, uint16_t min,
                                           uint16_t max);

/* Refuses TLS 1.2 clients that don't offer extended master secret (RFC 7627 5.1). Default: false. */
TLSC_API void tlsc_config_require_extended_master_secret(tlsc_config_builder *builder,
                                                         bool require);

/* Exactly these suites, best first. errors: TLSC_E_UNSUPPORTED for one that the provider hasn't,
 * TLSC_E_BAD_CONFIG for none or one named twice. */
TLSC_API tlsc_err tlsc_config_set_suites(tlsc_config_builder *builder, const uint16_t *ids,
                                         size_t num);
/* These suites move to the front, in this order; the others follow. errors: as above. */
TLSC_API tlsc_err tlsc_config_prefer_suites(tlsc_config_builder *builder, const uint16_t *ids,
                                            size_t num);
/* True: the client's first suite that is enabled serves. False: the configuration's.
 * Default: true, as clients know whether they have AES in hardware. */
TLSC_API void tlsc_config_honor_client_order(tlsc_config_builder *builder, bool client_order);

/* Exactly these key-exchange groups, best first. The first that the client supports serves, if need be
 * after a HelloRetryRequest; but where it is no post-quantum group and the client sent no share for it,
 * a later one whose share is there serves and saves the round trip. errors: as for suites. */
TLSC_API tlsc_err tlsc_config_set_groups(tlsc_config_builder *builder, const uint16_t *ids,
                                         size_t num);

/* Adds a credential (one more reference is taken). The first whose key can sign with a scheme that
 * the client accepts serves. errors: TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_config_add_credential(tlsc_config_builder *builder,
                                             tlsc_credential *credential);

/* Sends and accepts session tickets. `ticketer` is copied, what it points at is borrowed for the
 * configuration's life. `identity`: what a ticket is bound to; it resumes only under a
 * configuration with the same 32 bytes (a hash over the virtual host and its client-certificate
 * policy, say), copied. `num_tickets`: sent after a full handshake, and 1 after a resumed one;
 * 0 to 8. errors: TLSC_E_BAD_CONFIG. */
TLSC_API tlsc_err tlsc_config_set_ticketer(tlsc_config_builder *builder,
                                           const tlsc_ticketer *ticketer,
                                           const uint8_t identity[32], unsigned num_tickets);

/* Application protocols this server speaks, best first, each 1 to 255 bytes, copied: the best that
 * the client offers is chosen, none in common is fatal, and a client that offers none gets none.
 * Without this call, the answer to TLSC_WAIT_CONFIG decides alone. errors: TLSC_E_BAD_CONFIG,
 * TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_config_set_alpn(tlsc_config_builder *builder, const tlsc_bytes *names,
                                       size_t num);

/* Freezes the builder's state into a configuration; the builder may go on and be frozen again.
 * out: one reference. errors: TLSC_E_BAD_CONFIG, TLSC_E_NO_CERTIFICATE, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_config_build(const tlsc_config_builder *builder, const tlsc_config **out);

TLSC_API const tlsc_config *tlsc_config_ref(const tlsc_config *config);
/* Gives a reference back. NULL is fine. */
TLSC_API void tlsc_config_free(const tlsc_config *config);

#ifdef __cplusplus
}
#endif
#endif
