/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/link.h: a stream over a socket that doesn't block. */
#ifndef TLSC_LINK_H
#define TLSC_LINK_H

#include "report.h"
#include "tlscore.h"

typedef struct tls_link {
    int fd;
    tlsc_stream *stream;
    const tlsc_config *config; /* a server's: the answer to its pause */
    unsigned patience_ms;      /* without a byte from the peer */
    tlsc_err error;            /* the first of the engine */
    bool ended;                /* the peer sends no more: close_notify, or its stream ended */
    bool cut;                  /* without a close_notify */
    bool silent;               /* patience came to its end */
} tls_link;

/* Resolves and connects; ends the program with EXIT_NETWORK if it can't. out: the address as text,
 * and what it took. */
int net_connect(const char *host, const char *port, unsigned patience_ms, char address[64],
                double *resolve_ms, double *tcp_ms);
/* Listens; `*port` 0 takes a free one and tells. */
int net_listen(const char *address, unsigned *port);
/* The next connection's socket. */
int net_accept(int listener);

/* Takes over a connection and its socket. */
void link_begin(tls_link *l, int fd, tlsc_conn *c, const tlsc_config *config, unsigned patience_ms);
/* Sends what can be sent, waits until the socket or `input` (a file that the caller reads; -1:
 * none) has something, and feeds what the socket had. Returns true if `input` is to be read now. */
bool link_move(tls_link *l, int input);
/* True while it makes sense to go on: nothing failed, nothing ended. */
bool link_lives(const tls_link *l);
tlsc_info link_info(const tls_link *l);
/* Until the handshake is done, or never will be. */
void link_handshake(tls_link *l);
/* Sends all that waits. */
void link_flush(tls_link *l);
/* Says goodbye and releases all. */
void link_end(tls_link *l);

/* What was negotiated, as every subcommand tells it; or why there is nothing. */
void link_report(const tls_link *l, report *r);
/* The exit status that this connection is worth. */
int link_status(const tls_link *l);

#endif
