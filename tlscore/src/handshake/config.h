/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/config.h: what is behind tlsc_config (tlscore/config.h). */
#ifndef TLSC_HANDSHAKE_CONFIG_H
#define TLSC_HANDSHAKE_CONFIG_H

#include <stdatomic.h>

#include "tlscore/trust.h"

enum { TLSC_CONFIG_SHARES_MAX = 8 }; /* key shares in one ClientHello */

/* Immutable once it is built, but for the count behind `refs`, which is why that is a pointer. */
struct tlsc_config {
    atomic_uint *refs;
    void *memory; /* the one block that holds it, its lists and the count */
    const tlsc_provider *provider;
    bool client; /* a client's configuration; else a server's */
    const tlsc_policy *policy; /* what limits all of this; NULL: nothing does */
    uint16_t min_version;
    uint16_t max_version;
    bool honor_client_order;
    bool hides_server_name; /* a server's: it isn't acknowledged */
    bool require_extended_master_secret;
    bool allow_export;
    bool allow_secret_extraction;
    uint16_t record_size_limit;   /* 0: none */
    uint16_t max_fragment_length; /* a client's; 0: none */
    bool grease;
    bool shuffle_extensions; /* a client's */
    uint16_t pad_block;           /* 0: no padding */
    uint16_t pad_min;
    const tlsc_suite **suites; /* best first */
    size_t num_suites;
    const tlsc_group **groups;
    size_t num_groups;
    uint64_t equal_groups; /* bit i: the group after the i-th is as good as that */
    tlsc_group_retry group_retry;
    tlsc_credential **credentials; /* a reference each */
    size_t num_credentials;
    tlsc_bytes alpn; /* list of opaque<1..2^8-1>, best first, as on the wire */
    bool has_alpn;
    bool has_ticketer;
    tlsc_ticketer ticketer;
    uint8_t identity[32];
    uint32_t resumption_life_s; /* from a full handshake to the last resumption */
    unsigned num_tickets;
    unsigned max_tickets; /* for a client that asks, RFC 9149 */
    bool has_store;
    bool store_tickets; /* TLS 1.3's tickets are keys into the store */
    tlsc_store store;

    /* the peer's certificate */
    bool has_verifier; /* the caller's, or `pins` */
    tlsc_verifier verifier;
    const tlsc_trust *trust; /* what the verifier looks at, a reference; or NULL */
    const tlsc_bytes *pins; /* DER SubjectPublicKeyInfo */
    size_t num_pins;
    bool verify_on_resumption;
    bool keep_peer_chain;
    bool request_ocsp;
    bool request_scts;
    const uint16_t *schemes; /* signature_algorithms, best first */
    size_t num_schemes;
    const uint16_t *certificate_schemes; /* signature_algorithms_cert; none: as `schemes` */
    size_t num_certificate_schemes;
    uint8_t peer_types[2]; /* TLSC_CERT_..., best first */
    size_t num_peer_types;
    tlsc_bytes ca_names; /* list of opaque DistinguishedName<1..2^16-1> as on the wire */
    tlsc_client_auth client_auth;
    bool post_handshake_auth;
    bool external_credentials;
    bool require_own_certificate; /* a client's: one of its credentials must fit */
    uint8_t own_types[2];         /* a client's: TLSC_CERT_..., best first */
    size_t num_own_types;         /* 0: those of the credentials */

    /* both certificates, ours and the peer's */
    const tlsc_compression *const *compressions; /* best first */
    size_t num_compressions;
    tlsc_bytes compression_ids; /* theirs: list of uint16 as on the wire */

    /* early data */
    uint32_t max_early_data;
    bool has_replay_guard;
    tlsc_replay_guard replay_guard;
    bool half_rtt_data;

    /* a client's */
    unsigned num_key_shares; /* 0: by the first group, see tlsc_config_set_key_shares */
    bool names_key_shares;   /* those of the groups of these bits, of `groups` */
    uint64_t key_share_groups;
    bool ignore_hello_requests;
    bool want_sessions;
    bool request_tickets;
    uint8_t tickets_after_full;
    uint8_t tickets_after_resumed;
};

#endif
