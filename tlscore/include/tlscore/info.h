/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/info.h: what a connection negotiated, and why it failed. */
#ifndef TLSCORE_INFO_H
#define TLSCORE_INFO_H

#include "tlscore/conn.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What became of early data, RFC 8446 4.2.10. */
typedef enum tlsc_early_data {
    TLSC_EARLY_NONE,     /* none was offered */
    TLSC_EARLY_PENDING,  /* a client's: sent, not answered yet */
    TLSC_EARLY_ACCEPTED,
    TLSC_EARLY_OFF,      /* refused: the server's configuration accepts none */
    TLSC_EARLY_NOT_RESUMED,
    TLSC_EARLY_RETRY,    /* a HelloRetryRequest was needed */
    TLSC_EARLY_ALPN,     /* another application protocol */
    TLSC_EARLY_SUITE,    /* another cipher suite */
    TLSC_EARLY_AGE,      /* the ticket's age doesn't fit the clock */
    TLSC_EARLY_REPLAY,   /* seen before, or nobody can tell */
    TLSC_EARLY_SESSION,  /* the session allows none, or another PSK than the first was taken */
    TLSC_EARLY_REFUSED,  /* a client's: the server didn't take it; it doesn't say why */
    TLSC_EARLY_VERSION   /* a client's: the server turned out to speak TLS 1.2 */
} tlsc_early_data;

/* What was negotiated; zero and NULL where it isn't known yet. Pointers and views are valid for the
 * connection's life. */
typedef struct tlsc_info {
    bool client;         /* our role */
    bool handshake_done; /* application data may flow */
    bool resumed;
    bool hello_retry;       /* a HelloRetryRequest was needed */
    bool close_notify_sent;
    bool close_notify_received;
    uint16_t version;       /* TLSC_TLS12, TLSC_TLS13 */
    uint16_t suite;         /* IANA's code points: tlsc_suite_name, ... */
    uint16_t group;
    uint16_t scheme;        /* of our signature; 0: we made none */
    tlsc_bytes alpn;        /* chosen protocol */
    tlsc_bytes server_name; /* as tlsc_hello_server_name; a client's: as it was given */
    const tlsc_config *config;         /* borrowed */
    const tlsc_credential *credential; /* that served, borrowed; NULL when resumed */
    uint8_t client_random[32];
    uint64_t key_updates_sent;
    uint64_t key_updates_received;
    bool extended_master_secret;  /* TLS 1.2; true in TLS 1.3 */
    uint16_t peer_scheme;         /* of the peer's signature; 0: it made none */
    uint8_t peer_certificate_type; /* TLSC_CERT_... */
    /* What our certificate and the peer's were compressed with, TLSC_COMPRESSION_...; 0: they weren't, or
     * there was none. */
    uint16_t certificate_compression;
    uint16_t peer_certificate_compression;
    bool peer_authenticated;      /* by its certificate or key, now or when the session began */
    tlsc_err verify_error;        /* what the verifier accepted nevertheless; TLSC_OK: nothing */
    int verify_index;             /* the certificate that this, or the failure, concerns, in the peer's
                                     order; -1: none */
    const tlsc_chain *verified_chain; /* the verifier's, borrowed; NULL: none, or resumed */
    tlsc_bytes session_application;   /* of the session that was resumed */
    tlsc_early_data early_data;
    uint32_t early_data_sent;  /* bytes, a client's; after TLSC_EVENT_EARLY_REJECTED: to be sent again */
    uint32_t tickets_received; /* a client's */
    /* Bytes of content in one record, as the protocol has it, the options say or both sides agreed
     * (RFC 8449, RFC 6066 4): ours, and the peer's. */
    uint16_t max_record_sent;
    uint16_t max_record_received;
    int64_t session_issued_ms; /* of the session that was resumed; 0: none */
    /* A TLS 1.3 server's: by how much the client takes its ticket to be older than it is here (younger: less
     * than 0); more than a minute either way and early data is refused. 0 where nothing was resumed. RFC 8446
     * 8.3 */
    int64_t ticket_age_skew_ms;
} tlsc_info;

/* Fills in `*out`, at any time. */
TLSC_API void tlsc_conn_info(const tlsc_conn *c, tlsc_info *out);

/* The peer's certificates as it sent them, DER, its own first, or its raw public key at 0; kept only
 * with tlsc_config_keep_peer_chain, those that were refused too (peer_authenticated tells). An empty view beyond the last. Borrowed for the connection's life,
 * or until the next answer to tlsc_conn_request_certificate. */
TLSC_API tlsc_bytes tlsc_conn_peer_certificate(const tlsc_conn *c, size_t i);

/* All that a log line needs. Strings have static storage. */
typedef struct tlsc_failure {
    tlsc_err code;             /* TLSC_OK: no failure */
    tlsc_alert alert_sent;     /* TLSC_ALERT_NONE: none */
    uint8_t alert_received;    /* the code point, with code TLSC_E_PEER_ALERT */
    const char *state;         /* "server13: expect Finished"; where the handshake stood */
    const char *expected;      /* "ClientHello"; message names that would have been right, or "" */
    const char *got;           /* the message that came instead, or "" */
} tlsc_failure;

/* Fills in `*out`, at any time; the first failure stays. */
TLSC_API void tlsc_conn_error(const tlsc_conn *c, tlsc_failure *out);

#ifdef __cplusplus
}
#endif
#endif
