/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/peer.h: one TLS connection to the runner: its socket, and tlscore on top. */
#ifndef BOGO_PEER_H
#define BOGO_PEER_H

#include "flags.h"
#include "host.h"
#include "tlscore.h"
#include "wire.h"

struct peer {
    const struct settings *s;
    const struct host *host;
    bool is_resume;
    int fd;
    struct wire wire;
    tlsc_conn *conn; /* the wire's */
    unsigned pause_rounds; /* how often this pause was left unanswered, with -async */
    bool hold_output;      /* -read-with-unfinished-write: nothing leaves */
    bool checked;          /* checks_handshake has passed */
};

/* Connects to the runner. The run ends where it can't. errors: those of a new connection. */
tlsc_err peer_open(struct peer *p, const struct flags *flags, const struct settings *s,
                   const struct host *host, bool is_resume);

/* Goes on with what was received but not worked on. errors: as below. */
tlsc_err peer_step(struct peer *p);

/* Drives the connection until its handshake is done. errors: what it failed with; the alert is
 * out, and tlsc_conn_error was seen to agree with errors.def. */
tlsc_err peer_handshake(struct peer *p);

/* Reads 1 to `cap` bytes; 0 at the end of the runner's data. errors: as above; TLSC_E_TRUNCATED
 * where a close_notify is missing and the test looks for it. */
tlsc_err peer_read(struct peer *p, uint8_t *out, size_t cap, size_t *n);

/* Writes `n` bytes after the handshake, which it drives if need be. */
tlsc_err peer_write(struct peer *p, const uint8_t *data, size_t n);

/* Sends what is ready to leave, at most `limit` bytes of it. */
tlsc_err peer_flush(struct peer *p, size_t limit);

/* Ends both directions: what is ready leaves, what the runner still sends is dropped, so that no
 * reset overtakes an alert. The socket is gone afterwards. */
void peer_close(struct peer *p);

#endif
