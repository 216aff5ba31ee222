/* SPDX-License-Identifier: Apache-2.0 */
/* wire/server_hello.h: TLS 1.3's ServerHello, and HelloRetryRequest, which is one. */
#ifndef TLSC_WIRE_SERVER_HELLO_H
#define TLSC_WIRE_SERVER_HELLO_H

#include "wire/extensions.h"

/* Views borrow from the message when parsed, from the caller when written. */
typedef struct tlsc_server_hello {
    bool hello_retry;      /* the random is HelloRetryRequest's; `random` isn't written then */
    tlsc_bytes random;     /* 32 bytes */
    tlsc_bytes session_id; /* the echo, 0 to 32 bytes */
    uint16_t suite;
    uint16_t version;        /* of supported_versions */
    bool has_group;          /* key_share is there */
    uint16_t group;
    tlsc_bytes key_exchange; /* empty in a HelloRetryRequest */
    bool has_psk;            /* pre_shared_key is there */
    uint16_t psk_index;
    tlsc_bytes cookie;       /* HelloRetryRequest only; empty: none */
    bool has_unknown;        /* when parsed: an extension that tlscore doesn't know */
} tlsc_server_hello;

/* SHA-256 of "HelloRetryRequest", RFC 8446 4.1.3. */
extern const uint8_t tlsc_hello_retry_random[32];

/* The version that a ServerHello of either kind selects: supported_versions, or its legacy_version.
 * errors: TLSC_E_DECODE, those of tlsc_exts_parse but TLSC_E_MISPLACED_EXTENSION. RFC 8446 4.2.1 */
tlsc_err tlsc_server_hello_version(uint16_t *version, tlsc_bytes body);

/* Parses a body. errors: TLSC_E_DECODE, TLSC_E_DUPLICATE_EXTENSION, TLSC_E_MISPLACED_EXTENSION,
 * TLSC_E_WRONG_LEGACY_VERSION, TLSC_E_WRONG_COMPRESSION. A hello of TLS 1.2 (without
 * supported_versions) is none of its business: TLSC_E_DECODE; ask tlsc_server_hello_version first. */
tlsc_err tlsc_server_hello_parse(tlsc_server_hello *out, tlsc_bytes body);
/* Writes the body; extensions in the order pre_shared_key, key_share, cookie, supported_versions. */
void tlsc_server_hello_emit(tlsc_wr *w, const tlsc_server_hello *sh);

#endif
