/* SPDX-License-Identifier: Apache-2.0 */
/* conn/conn.h: what is behind tlsc_conn (tlscore/conn.h). */
#ifndef TLSC_CONN_CONN_H
#define TLSC_CONN_CONN_H

#include "handshake/hs.h"
#include "tlscore/info.h"

/* Limits on what a peer may send that brings nothing forward. */
enum {
    TLSC_EMPTY_RECORDS_MAX = 32, /* in a row */
    TLSC_WARNINGS_MAX = 4,       /* in a row */
    TLSC_CCS_MAX = 32,           /* in a handshake */
    TLSC_KEY_UPDATES_MAX = 32,   /* in a row */
    TLSC_REQUESTS_MAX = 32,      /* CertificateRequests after the handshake, in a row: each is a signature;
                                    or HelloRequests */
    TLSC_POST_HANDSHAKE_MAX = 256, /* bytes of a message; a client has nothing but KeyUpdate to say */
    TLSC_SESSION_APPLICATION_MAX = 16384,
    TLSC_POST_SERVER_MAX = 1 << 17, /* a server has tickets, of up to 65,535 bytes */
    TLSC_DEFAULT_MESSAGE = 65536,         /* from a client */
    TLSC_DEFAULT_SERVER_MESSAGE = 262144, /* from a server: long chains */
    TLSC_DEFAULT_SKIP = 65536
};

/* An established connection has its struct, two references, two short strings, and no buffer. */
struct tlsc_conn {
    const tlsc_provider *provider;
    tlsc_conn_options options;
    tlsc_record_layer rl;
    tlsc_join join;
    tlsc_hs *hs;   /* NULL once the handshake is done */
    tlsc_hs *post; /* authentication after it, or NULL */
    tlsc_outcome outcome;
    tlsc_failure failure;
    bool client; /* our role */
    bool seen_record;    /* the first record's header was good */
    bool read_closed;    /* the peer's close_notify came */
    bool write_closed;   /* our close_notify or a fatal alert was made */
    bool close_sent;     /* it was our close_notify */
    bool opened_sealed;  /* a record was opened under the present handshake's keys */
    bool export_ended;   /* the exporters' secrets are gone */
    bool update_queued;  /* an answer to KeyUpdate waits in rl.out: one answers many */
    uint8_t empty_records;
    uint8_t warnings;
    uint8_t ccs;
    uint8_t key_updates;
    uint8_t requests; /* CertificateRequests or HelloRequests heard */
    uint32_t skipped; /* bytes of early data */
    uint64_t key_updates_sent;
    uint64_t key_updates_received;
    void (*on_session)(void *ctx, tlsc_bytes session); /* a client's */
    void *session_ctx;
};

/* A new connection whose handshake begins in a state. errors: TLSC_E_USAGE, TLSC_E_NO_MEMORY. */
tlsc_err tlsc_conn_new(const tlsc_conn_options *options, bool client, const tlsc_hs_state *first,
                       tlsc_conn **out);

/* Ends the connection with an error: queues its alert, unless one went out or none belongs to it, and
 * keeps what tlsc_conn_error tells. Returns `e`. */
tlsc_err tlsc_conn_fail(tlsc_conn *c, tlsc_err e);

/* Fills in what every call that moves the connection tells: wait and output. */
void tlsc_conn_tell(const tlsc_conn *c, tlsc_opened *out);

/* What the machine works on: the handshake, or the authentication after it; NULL: nothing. */
tlsc_hs *tlsc_conn_hs(const tlsc_conn *c);

/* Bytes of the longest handshake message after the handshake. */
uint32_t tlsc_conn_post_longest(const tlsc_conn *c);

/* Moves a connection whose handshake's state is done over to application data. */
void tlsc_conn_leave_handshake(tlsc_conn *c);

/* ---- incoming.c: contents of records, by type ---- */
tlsc_err tlsc_conn_take_handshake(tlsc_conn *c, tlsc_bytes content, tlsc_opened *out);
/* Goes on, after a pause, with the messages that had come in the same record. */
tlsc_err tlsc_conn_take_pending(tlsc_conn *c, tlsc_opened *out);
tlsc_err tlsc_conn_take_alert(tlsc_conn *c, tlsc_bytes content, tlsc_opened *out);
tlsc_err tlsc_conn_take_ccs(tlsc_conn *c, tlsc_bytes content);
tlsc_err tlsc_conn_take_data(tlsc_conn *c, tlsc_bytes content, tlsc_opened *out);

/* ---- post_auth.c: authentication after the handshake ---- */

/* True if a message of this type belongs to it. */
bool tlsc_conn_post_auth_takes(const tlsc_conn *c, uint8_t type);
tlsc_err tlsc_conn_post_auth_take(tlsc_conn *c, const tlsc_msg *msg, tlsc_opened *out);
/* Tells of its end, if it has come. */
void tlsc_conn_post_auth_settle(tlsc_conn *c, tlsc_opened *out);
/* True if a message of this type waits for the answer to a pause. */
bool tlsc_conn_post_auth_delays(const tlsc_conn *c, uint8_t type);
/* True between the client's Certificate and its Finished, where nothing else may come. RFC 8446 4.6.2 */
bool tlsc_conn_post_auth_interrupted(const tlsc_conn *c);

#endif
