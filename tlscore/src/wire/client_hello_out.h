/* SPDX-License-Identifier: Apache-2.0 */
/* wire/client_hello_out.h: a ClientHello on its way out. What is read is in wire/client_hello.h. */
#ifndef TLSC_WIRE_CLIENT_HELLO_OUT_H
#define TLSC_WIRE_CLIENT_HELLO_OUT_H

#include "wire/client_hello.h"
#include "wire/grease.h"

/* All views are the caller's. An empty list leaves its extension out unless it is said otherwise. */
typedef struct tlsc_client_hello_out {
    tlsc_bytes random;     /* 32 bytes */
    tlsc_bytes session_id; /* 0 to 32 bytes */
    const uint16_t *suites;
    size_t num_suites;
    const uint16_t *versions; /* supported_versions; left out if it is TLS 1.2 alone */
    size_t num_versions;
    tlsc_bytes server_name;
    const uint16_t *groups;
    size_t num_groups;
    const uint16_t *schemes;
    size_t num_schemes;
    const uint16_t *schemes_cert;
    size_t num_schemes_cert;
    tlsc_bytes alpn;     /* list of opaque<1..2^8-1> */
    tlsc_bytes ca_names; /* list of opaque<1..2^16-1> */
    const uint8_t *client_types; /* certificate types, RFC 7250 3 */
    size_t num_client_types;
    const uint8_t *server_types;
    size_t num_server_types;
    tlsc_record_sizes sizes;
    tlsc_grease grease; /* in front of the lists, and extensions first and last but for the two that stay last */
    bool greases_shares; /* with a share, too: a first hello's */
    bool shuffled;      /* the extensions, but for these two */
    uint64_t order;     /* by this */
    bool ocsp;
    bool scts;
    bool tls12; /* TLS 1.2 is offered: extended_master_secret, renegotiation_info, ec_point_formats */
    bool session_ticket; /* TLS 1.2's, with `ticket12` in it, which may be empty */
    tlsc_bytes ticket12;
    /* TLS 1.3's */
    bool tls13;
    const tlsc_key_share *shares; /* key_share is there with TLS 1.3 even if there are none */
    size_t num_shares;
    tlsc_bytes cookie;
    tlsc_bytes compressions; /* compress_certificate: list of uint16; empty: without it */
    bool psk_dhe_ke; /* psk_key_exchange_modes */
    bool post_handshake_auth;
    bool early_data;
    bool ticket_request;
    uint8_t tickets_after_full;
    uint8_t tickets_after_resumed;
    const tlsc_psk_identity *identities; /* pre_shared_key, always last */
    const uint8_t *binder_lens;          /* bytes of each one's binder, which is written as zeroes */
    size_t num_identities;
} tlsc_client_hello_out;

/* Writes the body. */
void tlsc_client_hello_out_emit(tlsc_wr *w, const tlsc_client_hello_out *ch);

/* Where in a body with binders of these lengths the list of binders (with its length) starts: they are
 * filled in there once the hash over what stands before is known. RFC 8446 4.2.11.2 */
size_t tlsc_client_hello_binders_at(size_t body_n, const uint8_t *binder_lens, size_t num);

#endif
