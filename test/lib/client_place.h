/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/client_place.h: a tlscore client brought to any place of its TLS 1.3 handshake by a
 * hand_server13, and then fed with whatever a test wants. */
#ifndef TEST_LIB_CLIENT_PLACE_H
#define TEST_LIB_CLIENT_PLACE_H

#include "client_site.h"
#include "hand_server13.h"

/* Where a client rests: it waits for a message, or pauses, or is done. */
typedef enum client_place {
    CLIENT_AT_SERVER_HELLO,
    CLIENT_AT_SECOND_HELLO,
    CLIENT_AT_EXTENSIONS,
    CLIENT_AT_REQUEST_OR_CERTIFICATE,
    CLIENT_AT_CERTIFICATE,
    CLIENT_AT_CERTIFICATE_VERIFY,
    CLIENT_AT_VERIFY, /* the site's verifier decides later */
    CLIENT_AT_FINISHED,
    CLIENT_AT_TRAFFIC,
    CLIENT_PLACES
} client_place;

/* The name that tlsc_conn_error tells there. */
const char *client_place_name(client_place at);

/* A client and its server. */
typedef struct placed_client {
    client_site *clients;
    tlsc_stream *stream;
    tlsc_conn *conn; /* the stream's */
    hand_server13 server;
    client_place at;
} placed_client;

/* Opens a connection and brings it to a place; the server's suite and group are the zeroed ones, its
 * certificate is "p256" if it can sign. */
void client_place_open(placed_client *p, client_site *clients, client_place at);
void client_place_close(placed_client *p);

/* Carries the client's bytes to the server, and the server's to the client. */
void client_place_to_server(placed_client *p);
tlsc_err client_place_to_client(placed_client *p);

/* Goes on from where it is to the end, "ping" and "pong". */
void client_place_works(placed_client *p);
/* Checks all that is told of a failure, and that its alert, and nothing else, is there for the peer. in:
 * `state`, the failure's; NULL: the place's own. */
void client_place_failed(placed_client *p, tlsc_err e, const char *state);

#endif
