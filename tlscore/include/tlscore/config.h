/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/config.h: what a server or a client is willing to do. A builder is filled, then frozen into a
 * counted, immutable configuration that any number of connections and threads share. */
#ifndef TLSCORE_CONFIG_H
#define TLSCORE_CONFIG_H

#include "tlscore/cert.h"
#include "tlscore/compress.h"
#include "tlscore/policy.h"
#include "tlscore/session.h"
#include "tlscore/verify.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tlsc_config tlsc_config;
typedef struct tlsc_config_builder tlsc_config_builder;

/* A builder for a server with the suites and groups of the policy "default" as far as the provider has
 * them (where it has none of them, its own in its order), TLS 1.2 and 1.3, no certificate, no tickets. NULL when memory is short. The provider is borrowed for the life of every
 * configuration made from it. */
TLSC_API tlsc_config_builder *tlsc_config_builder_new(const tlsc_provider *provider);
/* The same for a client, without a verifier yet. What is said below of servers or clients alone is
 * TLSC_E_BAD_CONFIG for the other, or has no effect where no error is named. */
TLSC_API tlsc_config_builder *tlsc_config_builder_new_client(const tlsc_provider *provider);
/* Releases a builder, used or not. NULL is fine. */
TLSC_API void tlsc_config_builder_free(tlsc_config_builder *builder);

/* Enables what a named policy (tlscore/policy.h) has, as far as the provider has it too: versions, suites,
 * groups, signature schemes, and which order counts. What is set after it may narrow and reorder that;
 * tlsc_config_build refuses what goes beyond it, but for "default", which is a beginning and no limit. It
 * also limits what our own credentials sign with. A client's sessions stay with the policy under which they
 * began; a server lets tlsc_config_set_ticketer's identity differ where policies do.
 * errors: TLSC_E_UNKNOWN_NAME; TLSC_E_UNSUPPORTED where the provider has none of the policy's suites, groups
 * or schemes. */
TLSC_API tlsc_err tlsc_config_set_policy(tlsc_config_builder *builder, const char *name);
/* Wants a provider in FIPS mode; policies don't, they choose algorithms on any. errors: TLSC_E_UNSUPPORTED
 * unless the provider says that it is in that mode. */
TLSC_API tlsc_err tlsc_config_require_fips(tlsc_config_builder *builder, bool require);

/* Versions served, both ends included; one for which no suite or group is enabled is left out when the
 * configuration is built. errors: TLSC_E_UNSUPPORTED for a version that this tlscore cannot do,
 * TLSC_E_BAD_CONFIG where min > max. */
TLSC_API tlsc_err tlsc_config_set_versions(tlsc_config_builder *builder, uint16_t min,
                                           uint16_t max);

/* Refuses TLS 1.2 peers that don't offer extended master secret (RFC 7627 5.1). Default: false. */
TLSC_API void tlsc_config_require_extended_master_secret(tlsc_config_builder *builder,
                                                         bool require);

/* Keeps what tlsc_conn_export and tlsc_conn_export_early need: a secret or two in every connection, for its
 * life. Default: false. */
TLSC_API void tlsc_config_allow_export(tlsc_config_builder *builder, bool allow);

/* Allows tlsc_conn_extract_secrets; in TLS 1.2 a connection then keeps its keys beside the AEADs that use
 * them. Default: false. */
TLSC_API void tlsc_config_allow_secret_extraction(tlsc_config_builder *builder, bool allow);

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

/* Whether a HelloRetryRequest is made where the client sent no share for the best group in common, but
 * one for a group of a lower tier. */
typedef enum tlsc_group_retry {
    TLSC_RETRY_POST_QUANTUM, /* where the best is a post-quantum group; what tlsc_config_set_groups sets */
    TLSC_RETRY_BETTER_TIER,  /* always */
    TLSC_RETRY_NEVER         /* the best group whose share is there serves */
} tlsc_group_retry;

/* Exactly these groups, in tiers: of the first `sizes[0]` none is better than another, the next
 * `sizes[1]` come after them, and so on. Within a tier a group serves whose share is there, and of
 * several the client's first. A client offers them in this order; the rest is for servers. errors: as
 * above, TLSC_E_BAD_CONFIG for an empty tier too. */
TLSC_API tlsc_err tlsc_config_set_group_tiers(tlsc_config_builder *builder, const uint16_t *ids,
                                              const size_t *sizes, size_t num_tiers,
                                              tlsc_group_retry retry);

/* How many bytes of plaintext a record may hold that is sent to us, if the peer lets itself be told
 * (record_size_limit): 64 to 16,385; in TLS 1.3 the record's type and padding count. 0: the extension isn't
 * spoken. A server answers who offers it, and keeps to the client's own limit; a client offers it.
 * Default: 16,385 for a server, 0 for a client. errors: TLSC_E_BAD_CONFIG. RFC 8449 */
TLSC_API tlsc_err tlsc_config_set_record_size_limit(tlsc_config_builder *builder, uint16_t limit);
/* A client asks for records of at most 512, 1,024, 2,048 or 4,096 bytes both ways (max_fragment_length),
 * which older servers know; 0: it doesn't, which is the default. With a record size limit as well, it is
 * for servers that don't know that. Servers answer whoever asks. errors: TLSC_E_BAD_CONFIG. RFC 6066 4 */
TLSC_API tlsc_err tlsc_config_set_max_fragment_length(tlsc_config_builder *builder, uint16_t bytes);

/* Pads what is sent in TLS 1.3, handshake and alerts too, so that its length tells less: content and
 * padding are a multiple of `block` bytes (0 or 1: of none) and at least `min`, as far as the record may
 * be that long. Default: 0, 0: no padding. errors: TLSC_E_BAD_CONFIG for more than 16,384. RFC 8446 5.4 */
TLSC_API tlsc_err tlsc_config_set_padding(tlsc_config_builder *builder, uint16_t block,
                                          uint16_t min);

/* Says values that mean nothing where new ones may be said some day, so that a peer that can't bear them is
 * noticed: a client in its suites, groups, key shares, versions and extensions, a server in its tickets.
 * Default: false, as it tells nothing about the peer to who isn't looking. RFC 8701 */
TLSC_API void tlsc_config_set_grease(tlsc_config_builder *builder, bool grease);
/* A client's extensions stand in another order in each connection, the same in both of its hellos; but for
 * key_share and pre_shared_key, which stay last. Default: false, so that equal configurations say the same.
 * errors: TLSC_E_BAD_CONFIG for a server's. */
TLSC_API tlsc_err tlsc_config_shuffle_extensions(tlsc_config_builder *builder, bool shuffle);

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

/* Whether a server tells a client that its server_name was made use of. Default: true; false is for a
 * configuration that serves whatever the name, a default host's. errors: TLSC_E_BAD_CONFIG for a client's.
 * RFC 6066 3 */
TLSC_API tlsc_err tlsc_config_acknowledge_server_name(tlsc_config_builder *builder,
                                                      bool acknowledge);

/* ---- the peer's certificate ---- */

/* Who judges the peer's certificates. A client needs one; a server needs one if it asks for client
 * certificates, during the handshake or after it. errors: TLSC_E_BAD_CONFIG. */
TLSC_API tlsc_err tlsc_config_set_verifier(tlsc_config_builder *builder,
                                           const tlsc_verifier *verifier);
/* The peer must hold one of these keys: DER SubjectPublicKeyInfo each, copied. Certificates beside it
 * are not looked at. It takes the place of a verifier, and one set later takes its place. A client's
 * sessions resume under the same pins alone. errors: TLSC_E_BAD_CONFIG for none or a malformed one,
 * TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_config_set_pinned_keys(tlsc_config_builder *builder,
                                              const tlsc_bytes *spkis, size_t num);
/* Asks the verifier again when a session is resumed, with the chain that the session kept (the chain
 * is then kept in sessions, its leaf alone if it is over 8 KiB). Without it a session counts as judged:
 * who uses several verifiers keeps their sessions apart. Default: false. */
TLSC_API void tlsc_config_verify_on_resumption(tlsc_config_builder *builder, bool verify);
/* Keeps the peer's certificates for tlsc_conn_peer_certificate, and in sessions. Default: false. */
TLSC_API void tlsc_config_keep_peer_chain(tlsc_config_builder *builder, bool keep);
/* Schemes that the peer may sign with, best first (signature_algorithms). Default: all of the
 * provider's, ECDSA first, ML-DSA last. errors: TLSC_E_BAD_CONFIG, TLSC_E_UNSUPPORTED. */
TLSC_API tlsc_err tlsc_config_set_schemes(tlsc_config_builder *builder, const uint16_t *schemes,
                                          size_t num);
/* Schemes that its certificates may be signed with, where these differ (signature_algorithms_cert).
 * RFC 8446 4.2.3. errors: TLSC_E_BAD_CONFIG. */
TLSC_API tlsc_err tlsc_config_set_certificate_schemes(tlsc_config_builder *builder,
                                                      const uint16_t *schemes, size_t num);
/* Kinds of certificate accepted from the peer, best first: TLSC_CERT_... . Default: X.509 alone.
 * errors: TLSC_E_BAD_CONFIG. RFC 7250 */
TLSC_API tlsc_err tlsc_config_set_peer_certificate_types(tlsc_config_builder *builder,
                                                         const uint8_t *types, size_t num);
/* Asks the peer for a stapled OCSP response, and for SCTs. Default: false. */
TLSC_API void tlsc_config_request_ocsp(tlsc_config_builder *builder, bool request);
TLSC_API void tlsc_config_request_scts(tlsc_config_builder *builder, bool request);
/* Names of certificate authorities, DER Names, copied: a hint for the peer's choice of certificate;
 * none: no hint. A client sends it too (TLS 1.3). errors: TLSC_E_BAD_CONFIG, TLSC_E_NO_MEMORY. RFC 8446 4.2.4 */
TLSC_API tlsc_err tlsc_config_set_ca_names(tlsc_config_builder *builder, const tlsc_bytes *names,
                                           size_t num);

/* Whether a server asks for client certificates. Sessions of clients with another answer to this are
 * not resumed: it is for tlsc_config_set_ticketer's identity to differ where policies do. */
typedef enum tlsc_client_auth {
    TLSC_CLIENT_AUTH_NONE,
    TLSC_CLIENT_AUTH_OPTIONAL, /* asks; a client without a certificate is served */
    TLSC_CLIENT_AUTH_REQUIRED
} tlsc_client_auth;
TLSC_API tlsc_err tlsc_config_set_client_auth(tlsc_config_builder *builder, tlsc_client_auth mode);
/* A server may ask after the handshake (tlsc_conn_request_certificate), a client answers that. 256
 * bytes more per connection. Default: false. RFC 8446 4.6.2 */
TLSC_API void tlsc_config_post_handshake_auth(tlsc_config_builder *builder, bool allow);

/* Certificate messages of TLS 1.3 may go compressed with these algorithms, best first, both ways: ours if
 * the peer offers one of them, the peer's as we offer all of them (a client to its server, a server that
 * asks for client certificates to its clients). Each of our credentials is compressed once with each
 * algorithm that somebody wants, when it is wanted first. The list is copied, the algorithms are borrowed:
 * static storage. None: no compression. Default: all of tlsc_compressions. errors: TLSC_E_BAD_CONFIG for
 * too many, one that stands in it twice, or one that does half the work. RFC 8879 */
TLSC_API tlsc_err tlsc_config_set_certificate_compression(
    tlsc_config_builder *builder, const tlsc_compression *const *algorithms, size_t num);

/* ---- our own certificate ---- */

/* The caller chooses the credential: TLSC_WAIT_CREDENTIAL. A server's configuration then needs none.
 * Default: false; of the credentials added, those whose names match the server name come first, then
 * those whose issuers the peer names, then the order in which they were added; the first that can sign
 * with something the peer accepts serves. */
TLSC_API void tlsc_config_external_credentials(tlsc_config_builder *builder, bool external);
/* A client that is asked for a certificate, and has some, of which none is what the server asks for, ends the
 * connection with the reason (TLSC_E_NO_SHARED_SIGNATURE, TLSC_E_NO_MATCHING_ISSUER,
 * TLSC_E_UNWANTED_CERTIFICATE_TYPE) instead of going on without one, to be refused later or to be nobody. With
 * none at all it goes on. Default: false. errors: TLSC_E_BAD_CONFIG for a server's. */
TLSC_API tlsc_err tlsc_config_require_own_certificate(tlsc_config_builder *builder, bool require);
/* Kinds of certificate that a client says it has, best first: TLSC_CERT_... . Where the caller chooses the
 * credential, nobody else knows; what is chosen must be of the kind agreed on. Default: those of the
 * credentials added, or X.509. errors: TLSC_E_BAD_CONFIG, also for a server's. RFC 7250 4.1 */
TLSC_API tlsc_err tlsc_config_set_own_certificate_types(tlsc_config_builder *builder,
                                                        const uint8_t *types, size_t num);

/* ---- sessions ---- */

/* Keeps sessions in a store: TLS 1.3's tickets become keys into it, used once, and TLS 1.2 gets session
 * ids. Needs tlsc_config_set_ticketer, whose keys seal what is stored; `tickets`: stateless tickets
 * serve all the same, and the store TLS 1.2's session ids alone. errors: TLSC_E_BAD_CONFIG. */
TLSC_API tlsc_err tlsc_config_set_store(tlsc_config_builder *builder, const tlsc_store *store,
                                        bool tickets);
/* How long after a full handshake its session may be resumed, and those that follow it: each resumption
 * brings new tickets with a lifetime of their own, but who the peer is was last proven then. Seconds, at
 * least 1; default: 604,800 (7 days). errors: TLSC_E_BAD_CONFIG. RFC 8446 4.6.1, 2.2 */
TLSC_API tlsc_err tlsc_config_set_resumption_life(tlsc_config_builder *builder, uint32_t seconds);
/* The most tickets that a client gets if it asks for some (RFC 9149); 0 to 8, default: num_tickets of
 * tlsc_config_set_ticketer. errors: TLSC_E_BAD_CONFIG. */
TLSC_API tlsc_err tlsc_config_set_max_tickets(tlsc_config_builder *builder, unsigned max);
/* A client asks for so many tickets after a full and after a resumed handshake. Default: it doesn't. */
TLSC_API tlsc_err tlsc_config_request_tickets(tlsc_config_builder *builder, uint8_t after_full,
                                              uint8_t after_resumed);

/* Early data, RFC 8446 2.3. A server accepts up to `max_bytes` of it on a resumed connection, if the
 * guard, or a store's atomic take, says that it comes for the first time; 0 switches it off, which is
 * the default, and it is off where client certificates are asked for: a replay would act in their owners'
 * names. `guard` may be NULL with a store that serves TLS 1.3's tickets. What early data asks for may be asked for twice all
 * the same, if the client loses the answer: let it change nothing. errors: TLSC_E_BAD_CONFIG. */
TLSC_API tlsc_err tlsc_config_accept_early_data(tlsc_config_builder *builder, uint32_t max_bytes,
                                                const tlsc_replay_guard *guard);
/* A server may send data behind its Finished, before it knows that the client is alive, and before a
 * client certificate came; never where one is asked for. Default: false. RFC 8446 4.4.4 */
TLSC_API void tlsc_config_half_rtt_data(tlsc_config_builder *builder, bool allow);

/* ---- a client's hello ---- */

/* How many key shares a first ClientHello carries: 1 or 2 (the second of a group that isn't
 * post-quantum). Default: 2 if the first is a hybrid whose classical half is enabled, or ML-KEM alone,
 * else 1.
 * errors: TLSC_E_BAD_CONFIG. */
TLSC_API tlsc_err tlsc_config_set_key_shares(tlsc_config_builder *builder, unsigned num);
/* Shares for exactly these groups, at most 8, which must be enabled; in the order of the groups, whatever it
 * is here (RFC 8446 4.2.8). None: the server is made to ask, which costs a round trip. A group that
 * tlsc_client_options hints at takes their place. errors: TLSC_E_BAD_CONFIG, from tlsc_config_build for a group
 * that isn't enabled. */
TLSC_API tlsc_err tlsc_config_set_key_share_groups(tlsc_config_builder *builder,
                                                   const uint16_t *ids, size_t num);
/* A client passes over a TLS 1.2 server's wish for a renegotiation, which it doesn't make in any case, up to 32
 * times in a row without data between them. Default: false: that ends the connection with
 * TLSC_E_RENEGOTIATION, as a server that asks rarely does without. errors: TLSC_E_BAD_CONFIG for a server's.
 * RFC 5246 7.4.1.1 */
TLSC_API tlsc_err tlsc_config_ignore_hello_requests(tlsc_config_builder *builder, bool ignore);
/* Offers TLS 1.2's tickets, and keeps TLS 1.3's. Default: true. */
TLSC_API void tlsc_config_want_sessions(tlsc_config_builder *builder, bool want);
/* What a client's sessions are bound to: they are offered only under a configuration with the same 32
 * bytes, copied. Without it each configuration that is built has random ones, so that a session never
 * outlives the verifier that judged its server. Whoever keeps sessions between configurations sets it, to
 * a hash over what they trust, say. errors: TLSC_E_BAD_CONFIG for a server's, which has
 * tlsc_config_set_ticketer's. */
TLSC_API tlsc_err tlsc_config_set_identity(tlsc_config_builder *builder,
                                           const uint8_t identity[32]);

/* Freezes the builder's state into a configuration; the builder may go on and be frozen again.
 * out: one reference. errors: TLSC_E_BAD_CONFIG (what goes beyond the policy, too), TLSC_E_NO_CERTIFICATE (a server's),
 * TLSC_E_NO_VERIFIER, TLSC_E_NO_MEMORY, TLSC_E_RANDOM (a client's). */
TLSC_API tlsc_err tlsc_config_build(const tlsc_config_builder *builder, const tlsc_config **out);

TLSC_API const tlsc_config *tlsc_config_ref(const tlsc_config *config);
/* Gives a reference back. NULL is fine. */
TLSC_API void tlsc_config_free(const tlsc_config *config);

#ifdef __cplusplus
}
#endif
#endif
