/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_peer.h: a tlscore server brought to any place of its handshake by a hand_client,
 * and then fed with whatever a test wants. */
#ifndef TEST_LIB_HAND_PEER_H
#define TEST_LIB_HAND_PEER_H

#include "hand_client.h"
#include "tls_server.h"

/* Where a server rests: it waits for a message, or pauses, or is done. */
typedef enum hand_place {
    AT_CLIENT_HELLO,
    AT_CONFIG,
    AT_SECOND_HELLO,
    AT_TICKET,
    AT_SIGN,
    AT_FINISHED,
    AT_TRAFFIC,
    HAND_PLACES
} hand_place;

/* The name that tlsc_conn_error tells there. */
const char *hand_place_name(hand_place at);
/* True where nothing is read from the peer. */
bool hand_place_pauses(hand_place at);

typedef struct hand_peer {
    tls_site *site;
    tlsc_stream *server;
    tlsc_conn *conn; /* the stream's */
    hand_client client;
    hand_hello hello;
    hand_place at;
} hand_peer;

/* The sites of all tests of a program: an ordinary one, one whose tickets are opened by the caller,
 * one whose key is elsewhere. As cmocka's group set-up and tear-down. */
int hand_sites_open(void **state);
int hand_sites_close(void **state);
tls_site *hand_site(hand_place at);

/* Opens a connection and brings it to a place. in: `hello`, what the client says first, NULL: the
 * zeroed one; without a share it leads to AT_SECOND_HELLO and no further. */
void hand_peer_open(hand_peer *p, hand_place at, const hand_hello *hello);
void hand_peer_close(hand_peer *p);
/* Opens a connection to a site of the test's own, says a hello for `suite` (0: TLS_AES_128_GCM_SHA256) and
 * answers the configuration pause; returns what came of that. What follows is the test's. */
tlsc_err hand_peer_begin(hand_peer *p, tls_site *site, uint16_t suite, const hand_hello *hello);

/* Feeds bytes, or a record that is protected if the client has keys, or one that never is. */
tlsc_err hand_feed(hand_peer *p, tlsc_bytes bytes);
tlsc_err hand_say(hand_peer *p, uint8_t type, tlsc_bytes content);
tlsc_err hand_say_plain(hand_peer *p, uint8_t type, tlsc_bytes content);
/* Makes a hello, and feeds it in a record. */
tlsc_err hand_say_hello(hand_peer *p, const hand_hello *h);
/* Reads the server's flight: with handshake keys to write after it, and the server's traffic keys to
 * read. */
void hand_take_flight(hand_peer *p);
/* Feeds the client's right Finished. */
tlsc_err hand_say_finished(hand_peer *p);
/* Answers the pause that the server is in: the site's configuration, a signature, no session. */
tlsc_err hand_answer(hand_peer *p);

/* Checks all that is told of a failure, and that its alert, and nothing else, is there for the
 * peer. in: `state`, the failure's; NULL: the place's own. */
void hand_expect_failed(hand_peer *p, tlsc_err e, const char *state);
/* Checks that the connection goes on from where it is to "ping" and "pong". */
void hand_expect_works(hand_peer *p);

#endif
