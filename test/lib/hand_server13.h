/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_server13.h: a TLS 1.3 server by hand: it says what it is told to, right or wrong. It has no
 * states. The keys are right, so that a client refuses what is wrong with a message and not the
 * message's protection. */
#ifndef TEST_LIB_HAND_SERVER13_H
#define TEST_LIB_HAND_SERVER13_H

#include "base/buf.h"
#include "keys/schedule13.h"
#include "keys/transcript.h"
#include "record/protect13.h"
#include "tlscore/cert.h"
#include "wire/client_hello.h"

/* A ServerHello or HelloRetryRequest. Zeroed: the right answer to the ClientHello. */
typedef struct hand_server_hello {
    bool retry;
    uint16_t legacy_version; /* 0: 0x0303 */
    uint16_t version;        /* of supported_versions; 0: 0x0304 */
    bool no_versions;
    tlsc_bytes random;     /* empty: some bytes */
    bool other_session_id; /* the echo with a bit changed */
    bool no_session_id;
    uint16_t suite; /* 0: the server's */
    uint8_t compression;
    uint16_t group; /* 0: the server's */
    bool no_key_share;
    tlsc_bytes share; /* instead of ours; then nothing goes on */
    tlsc_bytes cookie;
    bool has_psk;
    uint16_t psk_index;
    tlsc_bytes extra; /* whole extensions, behind the others */
} hand_server_hello;

typedef struct hand_server13 {
    const tlsc_provider *provider;
    const tlsc_suite *suite;
    uint16_t group; /* what its hellos speak of */
    tlsc_credential *credential;
    uint8_t *hello_memory;
    tlsc_client_hello hello; /* the client's last */
    size_t hello_n;
    tlsc_transcript transcript;
    tlsc_schedule13 schedule;
    tlsc_secret psk; /* n = 0: none */
    tlsc_secret client_early;
    tlsc_secret client_handshake;
    tlsc_secret server_handshake;
    tlsc_secret client_traffic;
    tlsc_secret server_traffic;
    tlsc_secret resumption; /* after hand13_take_finished */
    tlsc_protect rd;
    tlsc_protect wr;
    tlsc_buf in;     /* from the client, not taken yet */
    tlsc_buf joined; /* handshake messages of records that were taken */
    tlsc_buf out; /* records for it */
} hand_server13;

/* in: `cert`, a name in test/vectors/certs, NULL: none; code points, 0: TLS_AES_128_GCM_SHA256, x25519. */
void hand13_open(hand_server13 *s, const tlsc_provider *provider, const char *cert, uint16_t suite,
                 uint16_t group);
void hand13_close(hand_server13 *s);

/* ---- from the client, whose bytes stand in `in` ---- */

void hand13_give(hand_server13 *s, tlsc_bytes bytes);
/* Takes the next record: its type, and its contents opened if there are keys, valid until the next
 * call. Fails the test if there is none, or it doesn't open. */
uint8_t hand13_take_record(hand_server13 *s, tlsc_bytes *content);
/* The same, passing over ChangeCipherSpec. */
uint8_t hand13_take_next(hand_server13 *s, tlsc_bytes *content);
/* Takes a ClientHello. */
void hand13_take_hello(hand_server13 *s);
/* Takes the next message, which must be of this type, into the transcript. out: its body, if wanted,
 * valid until the next call. */
void hand13_take_message(hand_server13 *s, uint8_t type, tlsc_bytes *body);
/* Takes the client's Finished, which must be right, and enters the client's traffic key. */
void hand13_take_finished(hand_server13 *s);

/* ---- to the client: messages into the transcript, records into `out` ---- */

/* Makes a message of a hello, header included; nothing else changes. */
void hand13_make_hello(hand_server13 *s, const hand_server_hello *h, tlsc_buf *message);
/* Says it in the clear. A ServerHello enters the handshake's keys. */
void hand13_say_hello(hand_server13 *s, const hand_server_hello *h);
/* Says a message in a record of its own, protected if there are keys. */
void hand13_say(hand_server13 *s, uint8_t type, tlsc_bytes body);
/* EncryptedExtensions with these extensions, whole ones. */
void hand13_say_extensions(hand_server13 *s, tlsc_bytes extensions);
/* CertificateRequest for ecdsa_secp256r1_sha256. */
void hand13_say_request(hand_server13 *s);
void hand13_say_certificate(hand_server13 *s);
/* CertificateVerify with `scheme`, 0: the credential's best. */
void hand13_make_verify(hand_server13 *s, uint16_t scheme, tlsc_buf *body);
void hand13_say_verify(hand_server13 *s);
void hand13_make_finished(hand_server13 *s, tlsc_buf *body);
/* Says it and enters the traffic keys. */
void hand13_say_finished(hand_server13 *s);
/* NewSessionTicket: `extensions` are whole ones. */
void hand13_say_ticket(hand_server13 *s, uint32_t lifetime_s, tlsc_bytes nonce, tlsc_bytes ticket,
                       tlsc_bytes extensions);
/* A record of any kind, protected as others are, or never; it counts for nothing. */
void hand13_say_record(hand_server13 *s, uint8_t type, tlsc_bytes content);
void hand13_say_plain(hand_server13 *s, uint8_t type, tlsc_bytes content);

#endif
