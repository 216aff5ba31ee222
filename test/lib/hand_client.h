/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_client.h: a TLS 1.3 client that says what it is told to, right or wrong. It has no
 * states and checks nothing that it isn't asked to check. */
#ifndef TEST_LIB_HAND_CLIENT_H
#define TEST_LIB_HAND_CLIENT_H

#include "base/buf.h"
#include "keys/schedule13.h"
#include "keys/transcript.h"
#include "record/protect13.h"
#include "tlscore/provider.h"
#include "wire/server_hello.h"

/* A ClientHello. Zeroed: TLS 1.3, TLS_AES_128_GCM_SHA256, x25519 with its share,
 * ecdsa_secp256r1_sha256, no session id, psk_dhe_ke. Lists are as on the wire, without their
 * length. */
typedef struct hand_hello {
    uint16_t legacy_version; /* 0: 0x0303 */
    tlsc_bytes session_id;
    tlsc_bytes suites;      /* empty: 13 01 */
    tlsc_bytes compression; /* empty: 00 */
    tlsc_bytes versions;    /* empty: 03 04 */
    bool no_versions;
    tlsc_bytes groups; /* empty: 00 1d */
    bool no_groups;
    tlsc_bytes schemes; /* empty: 04 03 */
    bool no_schemes;
    uint16_t share_group;   /* 0: 0x001d */
    bool no_share;          /* an empty list of shares */
    bool no_key_share;      /* no extension at all */
    tlsc_bytes shares;      /* instead of our own; then nothing can be opened */
    tlsc_bytes server_name; /* the host name */
    tlsc_bytes alpn;        /* list of opaque<1..255> */
    bool no_psk_modes;
    bool early_data;
    tlsc_bytes extra;       /* whole extensions, in front of the others */
    unsigned strangers;     /* identities of one byte in front of the ticket, their binders zeroes */
    tlsc_bytes ticket;      /* pre_shared_key's last identity */
    const tlsc_secret *psk; /* its secret: makes the binder */
    uint32_t obfuscated_age;
} hand_hello;

typedef struct hand_client {
    const tlsc_provider *provider;
    const tlsc_suite *suite; /* what the hellos are made for */
    const tlsc_group *group;
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    uint8_t share[TLSC_GROUP_SHARE_MAX];
    tlsc_transcript transcript;
    tlsc_schedule13 schedule;
    tlsc_secret client_handshake;
    tlsc_secret client_traffic;
    tlsc_secret server_traffic;
    tlsc_secret resumption; /* after hand_finished */
    tlsc_protect rd;
    tlsc_protect wr;
    tlsc_protect early; /* writes instead of `wr` while `says_early` */
    bool says_early;
    bool resumed;
    tlsc_buf hello;  /* the last ClientHello, header included */
    tlsc_buf flight; /* what hand_read opened: handshake messages, header included */
} hand_client;

/* in: suite 0: TLS_AES_128_GCM_SHA256. Fails the test if the provider hasn't got it. */
void hand_open(hand_client *c, const tlsc_provider *provider, uint16_t suite);
void hand_close(hand_client *c);

/* Makes a ClientHello in c->hello and adds it to the transcript. After hand_retry it is the second.
 * Both have the same random. */
void hand_make_hello(hand_client *c, const hand_hello *h);

/* Takes the server's bytes from its ServerHello up to its Finished, whose verify_data is checked,
 * in `n` bytes at `data`, which change; returns how many were used. Fails the test if they aren't
 * that. */
size_t hand_read_flight(hand_client *c, uint8_t *data, size_t n);
/* Takes a HelloRetryRequest, and the ChangeCipherSpec behind it if there is one; returns how many
 * bytes. */
size_t hand_read_retry(hand_client *c, const uint8_t *data, size_t n, tlsc_server_hello *out);

/* Takes up the early key for writing, after hand_make_hello, and leaves it for the handshake key. */
void hand_enter_early(hand_client *c);
void hand_leave_early(hand_client *c);

/* Makes the client's Finished message, and then enters the traffic keys for reading and writing.
 * `hand_finished_message` alone makes the message: what is sealed next is still under handshake
 * keys. */
void hand_finished_message(hand_client *c, tlsc_buf *out);
void hand_enter_traffic(hand_client *c);

/* Appends one record: in the clear, or protected under the present keys with `padding` zeroes. */
void hand_plain(tlsc_buf *out, uint8_t type, tlsc_bytes content);
void hand_seal(hand_client *c, tlsc_buf *out, uint8_t type, tlsc_bytes content);
void hand_seal_padded(hand_client *c, tlsc_buf *out, uint8_t type, tlsc_bytes content,
                      size_t padding);
/* Appends a handshake message of a type and body. */
void hand_message(tlsc_buf *out, uint8_t type, tlsc_bytes body);

/* Opens the record at the front of `data` in place: type and contents, which are plaintext's before
 * there are keys. Returns its size, 0 if it isn't whole. Fails the test if it doesn't open. */
size_t hand_open_record(hand_client *c, uint8_t *data, size_t n, uint8_t *type,
                        tlsc_bytes *content);

#endif
