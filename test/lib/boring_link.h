/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/boring_link.h: a tlscore client and BoringSSL's server that talk to each other in memory. */
#ifndef TEST_LIB_BORING_LINK_H
#define TEST_LIB_BORING_LINK_H

#include "boring_server.h"
#include "client_site.h"

typedef struct boring_link {
    client_site *clients;
    tlsc_stream *client;
    boring_server *server;
    size_t piece;   /* bytes given to the client at once; 0: all there are */
    tlsc_err error; /* the client's */
    boring_state state;
} boring_link;

/* A new connection, which must be there; nothing has been carried yet. */
void link_open(boring_link *l, client_site *clients, boring_site *site);
void link_close(boring_link *l);

/* Carry what one has for the other; true if there was something. */
bool link_to_server(boring_link *l);
bool link_to_client(boring_link *l);
/* Both ways until nothing moves. */
void link_pump(boring_link *l);

tlsc_info link_info(const boring_link *l);

/* Says `text` on one side and checks that just that comes out on the other. */
void link_client_says(boring_link *l, const char *text);
void link_server_says(boring_link *l, const char *text);
/* Handshake, "ping" and "pong": all must work. */
void link_works(boring_link *l);
/* Handshake, which must fail like this, with the error's alert heard by the server. */
void link_client_fails(boring_link *l, tlsc_err e);

#endif
