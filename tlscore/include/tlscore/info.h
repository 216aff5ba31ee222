/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/info.h: what a connection negotiated, and why it failed. */
#ifndef TLSCORE_INFO_H
#define TLSCORE_INFO_H

#include "tlscore/conn.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What was negotiated; zero and NULL where it isn't known yet. Pointers are valid for the
 * connection's life. */
typedef struct tlsc_info {
    bool handshake_done;
    bool resumed;
    bool hello_retry;       /* a HelloRetryRequest was needed */
    bool close_notify_sent;
    bool close_notify_received;
    uint16_t version;       /* TLSC_TLS13 */
    uint16_t suite;
    uint16_t group;
    uint16_t scheme;        /* of our CertificateVerify; 0 when resumed */
    tlsc_bytes alpn;        /* chosen protocol */
    tlsc_bytes server_name; /* as tlsc_hello_server_name */
    const tlsc_config *config;         /* borrowed */
    const tlsc_credential *credential; /* that served, borrowed; NULL when resumed */
    uint8_t client_random[32];
    uint64_t key_updates_sent;
    uint64_t key_updates_received;
} tlsc_info;

TLSC_API void tlsc_conn_info(const tlsc_conn *c, tlsc_info *out);

/* All that a log line needs. Strings have static storage. */
typedef struct tlsc_failure {
    tlsc_err code;             /* TLSC_OK: no failure */
    tlsc_alert alert_sent;     /* TLSC_ALERT_NONE: none */
    uint8_t alert_received;    /* the code point, with code TLSC_E_PEER_ALERT */
    const char *state;         /* "server13: expect Finished"; where the handshake stood */
    const char *expected;      /* "ClientHello"; message names that would have been right, or "" */
    const char *got;           /* the message that came instead, or "" */
} tlsc_failure;

TLSC_API void tlsc_conn_error(const tlsc_conn *c, tlsc_failure *out);

#ifdef __cplusplus
}
#endif
#endif
