/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/pair.h: a tlscore client and a tlscore server that talk to each other in memory.
 *
 *     tls_site site = { .tickets = true };
 *     client_site clients = { .alpn = "h2" };
 *     pair p;
 *     pair_sites_open(&site, &clients);
 *     pair_open(&p, &site, &clients);
 *     pair_works(&p);
 *     pair_close(&p);
 *     pair_sites_close(&site, &clients); */
#ifndef TEST_LIB_PAIR_H
#define TEST_LIB_PAIR_H

#include "client_site.h"
#include "tls_server.h"

typedef struct pair {
    tls_site *site;
    client_site *clients;
    tlsc_stream *client;
    tlsc_stream *server;
    size_t piece;          /* bytes given at once; 0: all there are */
    tlsc_err client_error; /* the first of each */
    tlsc_err server_error;
} pair;

/* Both, which must succeed; their clocks are the same. */
void pair_sites_open(tls_site *site, client_site *clients);
void pair_sites_close(tls_site *site, client_site *clients);

/* A new connection between them; nothing has been carried yet. */
void pair_open(pair *p, tls_site *site, client_site *clients);
void pair_close(pair *p);

/* Carry what one has for the other; true if there was something. The server's configuration pause is
 * answered with its site's. */
bool pair_to_server(pair *p);
bool pair_to_client(pair *p);
/* Both ways until nothing moves. */
void pair_pump(pair *p);

tlsc_info pair_client_info(const pair *p);
tlsc_info pair_server_info(const pair *p);

/* Says `text` on one side and checks that just that comes out on the other. */
void pair_client_says(pair *p, const char *text);
void pair_server_says(pair *p, const char *text);
/* Handshake, "ping" and "pong": all must work. */
void pair_works(pair *p);
/* Handshake, which must fail like this on the client's side, with the error's alert heard by the
 * server. */
void pair_client_fails(pair *p, tlsc_err e);

/* A whole connection that works, for the sessions that it leaves with the client. */
void pair_make_sessions(tls_site *site, client_site *clients);

#endif
