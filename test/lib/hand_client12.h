/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_client12.h: a TLS 1.2 client by hand, the counterpart of hand_server12.h: a test says each
 * message when and as it likes, under the right keys. */
#ifndef TEST_LIB_HAND_CLIENT12_H
#define TEST_LIB_HAND_CLIENT12_H

#include "hand_client.h"
#include "handshake/hs.h"
#include "tls_server.h"
#include "wire/server_hello12.h"

typedef struct hand_client12 {
    tlsc_hs hs; /* moved by no machine: what the functions on keys and messages look into */
    tlsc_outcome outcome;
    tlsc_conn_options options;
    tlsc_record_layer rl; /* `out` is for the server */
    hand_client hellos;   /* makes them */

    /* from the server */
    tlsc_join join;
    uint8_t *hello_memory;
    tlsc_server_hello12 hello;
    int alert; /* fatal, or -1 */
    bool requested;
    bool done_came;
    tlsc_buf ticket;
    bool ccs_came;
    bool finished_came; /* and was right */
    uint8_t data[64];   /* application data */
    size_t data_n;
} hand_client12;

/* Suite, group: code points that the server will choose. */
void client12_open(hand_client12 *c, uint16_t suite, uint16_t group);
void client12_close(hand_client12 *c);

/* A ClientHello for both, with extended master secret, session_ticket and renegotiation_info, all empty. */
hand_hello client12_hello(const hand_client12 *c);

/* Takes what the server has for it. */
void client12_take(hand_client12 *c, tlsc_stream *server);
/* Gives the server what was said, and its site's configuration when it asks. */
tlsc_err client12_give(hand_client12 *c, tls_site *site, tlsc_stream *server);

/* Says a message, in a record of its own; it counts as said. */
void client12_say(hand_client12 *c, uint8_t type, tlsc_bytes body);
/* A record of any kind, which counts for nothing. */
void client12_say_record(hand_client12 *c, uint8_t type, tlsc_bytes content);
void client12_say_hello(hand_client12 *c, const hand_hello *h);
void client12_say_key_exchange(hand_client12 *c);
/* ChangeCipherSpec and Finished. */
void client12_say_finished(hand_client12 *c);

/* The keys of a session that is resumed; the server's hello has come. */
void client12_resume(hand_client12 *c, const tlsc_secret *master);

#endif
