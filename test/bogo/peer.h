/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/peer.h: one TLS connection to the runner: its socket, and tlscore on top. */
#ifndef BOGO_PEER_H
#define BOGO_PEER_H

#include "flags.h"
#include "host.h"
#include "tlscore.h"
#include "wire.h"

/* A session that a client was given: bytes of its own, or nothing. */
struct peer_session {
    uint8_t *p;
    size_t n;
};
void peer_session_clear(struct peer_session *session);

enum { PEER_FIRST_BYTES = 256 };

struct peer {
    const struct settings *s;
    const struct settings *retry; /* those of peer_start_over */
    struct host *host;
    bool is_resume;
    int fd;
    struct wire wire;
    tlsc_conn *conn; /* the wire's */
    unsigned pause_rounds; /* how often this pause was left unanswered, with -async */
    bool hold_output;      /* -read-with-unfinished-write: nothing leaves */
    bool handshake_sent;   /* all that belongs to it has left */
    bool checked;          /* checks_handshake has passed */
    tlsc_alert chosen;     /* peer_abort's alert, or TLSC_ALERT_NONE */
    size_t stored_before;  /* sessions in the store when it began */
    /* a client's */
    struct peer_session fresh; /* the last session that it was given */
    unsigned new_sessions;     /* how many */
    bool offered;              /* early data was */
    bool early;                /* it may be written */
    bool rejected;             /* it was refused: nothing goes on before peer_start_over */
    uint32_t early_sent;       /* bytes */
    char secrets[2][2 * 64 + 1]; /* the client's and the server's traffic secrets, in hexadecimal digits */
    uint8_t first[PEER_FIRST_BYTES]; /* of what the runner sent */
    size_t first_n;
};

/* Connects to the runner; a client offers `session`, if there is one. The run ends where it can't.
 * errors: those of a new connection. */
tlsc_err peer_open(struct peer *p, const struct flags *flags, const struct settings *s,
                   struct host *host, bool is_resume, const struct peer_session *session);

/* Goes on with what was received but not worked on. errors: as below. */
tlsc_err peer_step(struct peer *p);

/* Drives the connection until data may be exchanged: until its handshake is done or early data may
 * flow. errors: what it failed with; the alert is out, and tlsc_conn_error was seen to agree with
 * errors.def. */
tlsc_err peer_handshake(struct peer *p);

/* -early-write-after-message: drives a client's handshake until this message has been taken. */
tlsc_err peer_handshake_until(struct peer *p, int64_t message);

/* Reads 1 to `cap` bytes; 0 at the end of the runner's data, and when early data was refused.
 * errors: as above; TLSC_E_TRUNCATED where a close_notify is missing and the test looks for it. */
tlsc_err peer_read(struct peer *p, uint8_t *out, size_t cap, size_t *n);

/* Writes `n` bytes after the handshake, which it drives if need be, or as early data. What is left
 * when early data was refused is dropped. */
tlsc_err peer_write(struct peer *p, const uint8_t *data, size_t n);

/* A client's early data was refused: goes on as a connection with other expectations. */
void peer_start_over(struct peer *p);

/* Ends the connection with an alert of the shim's choice. errors: TLSC_E_ABORTED; the alert is out, unless a
 * close_notify of ours went before it. */
tlsc_err peer_abort(struct peer *p, uint8_t alert);

/* Sends what is ready to leave, at most `limit` bytes of it. */
tlsc_err peer_flush(struct peer *p, size_t limit);

/* Ends both directions: what is ready leaves, what the runner still sends is dropped, so that no
 * reset overtakes an alert. The socket is gone afterwards. */
void peer_close(struct peer *p);

#endif
