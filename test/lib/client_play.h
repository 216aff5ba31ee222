/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/client_play.h: a whole client connection played from a string of bytes: what the fuzzer of
 * the client runs, and what makes and checks its seeds. The cryptography is toy_provider.h's.
 *
 *     input = flags | configuration | operations ... | answers
 *
 * Operations are read from the front, answers to the handshake's pauses from the back, a byte each.
 * A byte below CLIENT_PLAY_FEED_LONG feeds that many bytes and one more to the client. */
#ifndef TEST_LIB_CLIENT_PLAY_H
#define TEST_LIB_CLIENT_PLAY_H

#include "tlscore/info.h"

/* Flags, the first byte. */
enum {
    CLIENT_PLAY_SESSION13 = 1 << 0, /* offers two of TLS 1.3's, one for each length of hash */
    CLIENT_PLAY_SESSION12 = 1 << 1, /* one of TLS 1.2, with a ticket; without the flag above */
    CLIENT_PLAY_EARLY_DATA = 1 << 2,
    CLIENT_PLAY_SMALL_FRAGMENTS = 1 << 3,
    CLIENT_PLAY_SHORT_MESSAGES = 1 << 4,
    CLIENT_PLAY_NO_CLOCK = 1 << 5,
    CLIENT_PLAY_ADDRESS = 1 << 6, /* connects to an IP address */
    CLIENT_PLAY_SESSION_ID = 1 << 7 /* TLS 1.2's session has an id and no ticket */
};

/* The configuration, the second byte, modulo 4. */
enum {
    CLIENT_PLAY_PLAIN = 0,  /* both versions, ALPN, a credential, answers after the handshake */
    CLIENT_PLAY_TLS12 = 1,  /* TLS 1.2 alone; HelloRequests are passed over, a certificate must fit */
    CLIENT_PLAY_TLS13 = 2,  /* TLS 1.3 alone, one group, staples, ticket requests */
    CLIENT_PLAY_ASKING = 3, /* raw keys too, the caller chooses credentials, sessions are judged again */
    CLIENT_PLAY_CONFIGS = 4
};

/* Operations. */
enum {
    CLIENT_PLAY_FEED_LONG = 0xe0, /* and two bytes of length, most significant first */
    CLIENT_PLAY_SEAL = 0xe1,      /* and a byte: so many records (modulo 4), each that long and one more */
    CLIENT_PLAY_CLOSE = 0xe2,
    CLIENT_PLAY_UPDATE = 0xe3,
    CLIENT_PLAY_UPDATE_BOTH = 0xe4,
    CLIENT_PLAY_END_OF_INPUT = 0xe5,
    CLIENT_PLAY_STALE_PLAN = 0xe6, /* plans, changes the output, and seals by the old plan */
    CLIENT_PLAY_APPLICATION = 0xe7, /* sets bytes for sessions to come */
    CLIENT_PLAY_ABORT = 0xe8        /* and a byte, the alert */
};

/* Answers, modulo 4. */
enum {
    CLIENT_PLAY_ACCEPT = 0, /* TLSC_WAIT_VERIFY */
    CLIENT_PLAY_REJECT = 1,
    CLIENT_PLAY_ACCEPT_WITH_ERROR = 2,
    CLIENT_PLAY_REJECT_WITH_ALERT = 3,
    CLIENT_PLAY_NO_CREDENTIAL = 0, /* TLSC_WAIT_CREDENTIAL */
    CLIENT_PLAY_CREDENTIAL = 1,
    CLIENT_PLAY_RAW_KEY = 2,
    CLIENT_PLAY_NO_CHOICE = 3 /* the handshake is ended */
};

enum { CLIENT_PLAY_MAX_EARLY = 64 }; /* bytes that the sessions allow */

/* What came of it. */
typedef struct client_play {
    tlsc_info info;
    tlsc_failure failure;
    unsigned pauses;      /* answered */
    unsigned accepted;    /* verdicts that let the handshake go on */
    unsigned sessions;    /* given */
    uint32_t events;      /* all that were told */
    size_t plaintext;     /* bytes read */
    size_t output;        /* bytes for the peer */
} client_play;

/* A connection as a play begins with. */
tlsc_conn *client_play_connect(uint8_t flags, uint8_t config, client_play *out);

/* Plays `n` bytes. out: what came of it, or NULL. Aborts where the library breaks its contract. */
void client_play_run(const uint8_t *data, size_t n, client_play *out);

#endif
