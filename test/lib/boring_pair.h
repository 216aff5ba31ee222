/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/boring_pair.h: a tlscore server and BoringSSL's client, and the bytes between them. */
#ifndef TEST_LIB_BORING_PAIR_H
#define TEST_LIB_BORING_PAIR_H

#include "tls_client.h"
#include "tls_server.h"

typedef struct boring_pair {
    tls_site *site;
    tlsc_stream *server;
    tlsc_conn *conn; /* the stream's */
    tls_client *client;
    size_t piece;   /* bytes given to the server at once; 0: all */
    tlsc_err error; /* the server's */
    /* may change, drop or add what the client says: `*n` of `cap` bytes at `buf`; NULL: nobody does */
    void (*meddle)(void *ctx, uint8_t *buf, size_t *n, size_t cap);
    void *meddle_ctx;
} boring_pair;

void boring_open(boring_pair *p, tls_site *site, const tls_client_options *options);
void boring_close(boring_pair *p);

/* Carries what both have for each other; true if anything moved. */
bool boring_pump(boring_pair *p);
/* Until nothing moves any more. */
tls_client_state boring_handshake(boring_pair *p);
tlsc_info boring_info(const boring_pair *p);

void boring_client_reads(boring_pair *p, const char *text);
void boring_server_reads(boring_pair *p, const char *text);
/* The handshake, "ping" and "pong"; the tickets come with that. */
void boring_works(boring_pair *p);
/* A whole connection; tells whether it was resumed. out: the newest session, or NULL. */
bool boring_connect(tls_site *site, const tls_client_options *options,
                    tls_client_session **session);

#endif
