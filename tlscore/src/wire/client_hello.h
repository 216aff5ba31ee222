/* SPDX-License-Identifier: Apache-2.0 */
/* wire/client_hello.h: ClientHello with the contents of its extensions. */
#ifndef TLSC_WIRE_CLIENT_HELLO_H
#define TLSC_WIRE_CLIENT_HELLO_H

#include "wire/record_sizes.h"

/* All views borrow from the message. Lists are without their lengths; an absent extension's list is
 * empty, and `exts` tells whether it was there. */
typedef struct tlsc_client_hello {
    uint16_t legacy_version;
    tlsc_bytes random;              /* 32 bytes */
    tlsc_bytes session_id;          /* 0 to 32 bytes */
    tlsc_bytes cipher_suites;       /* list of uint16 */
    tlsc_bytes compression_methods; /* list of uint8 */
    tlsc_exts exts;

    tlsc_bytes server_name;          /* the host_name entry, as sent */
    tlsc_bytes versions;             /* supported_versions: list of uint16 */
    tlsc_bytes groups;               /* list of uint16 */
    tlsc_bytes signature_algorithms; /* list of uint16 */
    tlsc_bytes signature_algorithms_cert;
    tlsc_bytes alpn;           /* list of opaque<1..2^8-1> */
    tlsc_bytes key_shares;     /* list of KeyShareEntry */
    tlsc_bytes psk_modes;      /* list of uint8 */
    tlsc_bytes cookie;
    tlsc_bytes psk_identities; /* list of PskIdentity */
    tlsc_bytes psk_binders;    /* list of opaque<32..255> */
    tlsc_bytes ca_names;       /* certificate_authorities: list of opaque<1..2^16-1> */
    tlsc_bytes client_types;   /* client_certificate_type: list of uint8, RFC 7250 3 */
    tlsc_bytes server_types;   /* server_certificate_type: the same */
    tlsc_bytes compressions;   /* compress_certificate: list of uint16, RFC 8879 3 */
    bool ocsp;                 /* status_request of type ocsp, RFC 6066 8 */
    bool scts;                 /* signed_certificate_timestamp */
    tlsc_record_sizes sizes;
    uint8_t tickets_after_full; /* ticket_request, where that is there; RFC 9149 3 */
    uint8_t tickets_after_resumed;

    /* TLS 1.2's */
    tlsc_bytes point_formats;  /* list of uint8 */
    tlsc_bytes session_ticket; /* empty: the client would like one */
    tlsc_bytes renegotiated_connection;
} tlsc_client_hello;

/* Parses a message's body. errors: TLSC_E_DECODE, TLSC_E_DUPLICATE_EXTENSION,
 * TLSC_E_MISPLACED_EXTENSION, TLSC_E_PSK_NOT_LAST. RFC 8446 4.1.2. */
tlsc_err tlsc_client_hello_parse(tlsc_client_hello *out, tlsc_bytes body);

/* Writes the body: the fixed fields and `exts.raw` as they are. A hello without extensions
 * (exts.raw.p is NULL) has no extension block. */
void tlsc_client_hello_emit(tlsc_wr *w, const tlsc_client_hello *ch);

/* How many bytes of the body stand before the binders list: what a PSK binder covers.
 * 0 without pre_shared_key. RFC 8446 4.2.11.2. */
size_t tlsc_client_hello_truncated_len(const tlsc_client_hello *ch, tlsc_bytes body);

/* KeyShareEntry { NamedGroup group; opaque key_exchange<1..2^16-1>; }: the next of a checked list.
 * False at its end. */
typedef struct tlsc_key_share {
    uint16_t group;
    tlsc_bytes key_exchange;
} tlsc_key_share;
bool tlsc_key_share_next(tlsc_rd *list, tlsc_key_share *out);

/* PskIdentity { opaque identity<1..2^16-1>; uint32 obfuscated_ticket_age; } */
typedef struct tlsc_psk_identity {
    tlsc_bytes identity;
    uint32_t obfuscated_ticket_age;
} tlsc_psk_identity;
bool tlsc_psk_identity_next(tlsc_rd *list, tlsc_psk_identity *out);
/* PskBinderEntry: opaque<32..255> */
bool tlsc_psk_binder_next(tlsc_rd *list, tlsc_bytes *out);

/* ProtocolName: opaque<1..2^8-1>, of a checked list. */
bool tlsc_alpn_next(tlsc_rd *list, tlsc_bytes *out);

#endif
