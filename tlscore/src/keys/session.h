/* SPDX-License-Identifier: Apache-2.0 */
/* keys/session.h: what a ticket holds: a session, in the one encoding that tlscore has for it. */
#ifndef TLSC_KEYS_SESSION_H
#define TLSC_KEYS_SESSION_H

#include "base/buf.h"
#include "base/secret.h"

enum { TLSC_SESSION_VERSION = 3, TLSC_SESSION_IDENTITY_LEN = 32 };

/* Views borrow: from the encoding when it was parsed, from the caller when it is written. */
typedef struct tlsc_session {
    uint16_t version; /* TLSC_TLS13 or TLSC_TLS12 */
    uint16_t suite;
    uint16_t group;
    bool extended_master_secret; /* TLS 1.2 */
    tlsc_secret secret;          /* the PSK, or the master secret; wiped by tlsc_session_clear */
    tlsc_bytes alpn;
    tlsc_bytes server_name;
    uint8_t identity[TLSC_SESSION_IDENTITY_LEN]; /* of the configuration */
    int64_t issued_ms;                           /* wall time */
    uint32_t chain_age_s;       /* then, since the full handshake that began the chain of resumptions */
    uint32_t age_add;
    uint32_t max_early_data;    /* bytes */
    uint16_t verify_result;     /* tlsc_err of the peer's chain; 0: accepted, or there was none */
    uint8_t peer_type;          /* TLSC_CERT_... of what is in peer_chain */
    bool peer_authenticated;    /* the peer had shown a certificate or key */
    tlsc_bytes peer_chain;      /* list of opaque<1..2^24-1>, leaf first; kept if asked */
    tlsc_bytes application;     /* the application's own bytes */
    /* what a client keeps besides; empty and zero in a server's */
    uint32_t lifetime_s;
    tlsc_bytes ticket;     /* at most 65,535 bytes */
    tlsc_bytes session_id; /* TLS 1.2's, at most 32 bytes */
} tlsc_session;

void tlsc_session_clear(tlsc_session *s);
/* errors: TLSC_E_BAD_SESSION, also for an encoding of another version. */
tlsc_err tlsc_session_parse(tlsc_session *out, tlsc_bytes encoded);
/* Appends. errors: TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL. */
tlsc_err tlsc_session_emit(tlsc_buf *to, const tlsc_session *s);

#endif
