/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_server12.h: a TLS 1.2 server by hand: a test says each message when and as it likes. The
 * keys are right, so that a client refuses what is wrong with a message and not the message's protection.
 */
#ifndef TEST_LIB_HAND_SERVER12_H
#define TEST_LIB_HAND_SERVER12_H

#include "handshake/hs.h"
#include "tlscore/stream.h"
#include "wire/certificate_request.h"
#include "wire/client_hello.h"
#include "wire/key_exchange12.h"
#include "wire/server_hello12.h"

typedef struct hand_server12 {
    tlsc_hs hs; /* moved by no machine: what the functions on keys and messages look into */
    tlsc_outcome outcome;
    tlsc_conn_options options;
    tlsc_record_layer rl; /* `out` is for the client */
    tlsc_credential *credential;

    /* from the client */
    tlsc_join join;
    uint8_t *hello_memory;
    tlsc_client_hello hello;
    int alert;               /* fatal, or -1 */
    bool certificate_came;   /* it may have been empty */
    size_t num_certificates;
    uint16_t verify_scheme;  /* of a CertificateVerify that matched; 0: none */
    bool ccs_came;
    bool finished_came; /* and was right */
} hand_server12;

/* in: `cert`, a name in test/vectors/certs; `suite`, `group`, code points. */
void hand12_open(hand_server12 *s, const char *cert, uint16_t suite, uint16_t group);
void hand12_close(hand_server12 *s);

/* Takes what the client has for it: the messages go into the transcript, keys are made and taken. */
void hand12_take(hand_server12 *s, tlsc_stream *client);
/* Gives the client what was said. */
tlsc_err hand12_give(hand_server12 *s, tlsc_stream *client);

/* Says a message, in a record of its own; it counts as said. */
void hand12_say(hand_server12 *s, uint8_t type, tlsc_bytes body);
/* A record of any kind, which counts for nothing. */
void hand12_say_record(hand_server12 *s, uint8_t type, tlsc_bytes content);

/* A ServerHello for the suite, with extended master secret if the hello says so; its random is there. */
tlsc_server_hello12 hand12_hello(const hand_server12 *s);
void hand12_say_hello(hand_server12 *s, const tlsc_server_hello12 *sh);
void hand12_say_certificate(hand_server12 *s);
/* A ServerKeyExchange for the group, signed by the credential's key with `scheme`, 0: its best. */
void hand12_make_key_exchange(hand_server12 *s, uint16_t scheme, tlsc_buf *body);
void hand12_say_key_exchange(hand_server12 *s);
void hand12_say_request(hand_server12 *s);
void hand12_say_done(hand_server12 *s);
void hand12_say_ticket(hand_server12 *s, uint32_t lifetime_hint_s, tlsc_bytes ticket);
/* ChangeCipherSpec and Finished. */
void hand12_say_finished(hand_server12 *s);

/* The keys of a session that is resumed. */
void hand12_resume(hand_server12 *s, const tlsc_secret *master);

#endif
