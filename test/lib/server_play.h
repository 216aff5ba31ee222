/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/server_play.h: a whole server connection played from a string of bytes: what the fuzzer
 * of the server runs, and what makes and checks its seeds. The cryptography is toy_provider.h's.
 *
 *     input = flags | operations ... | answers
 *
 * Operations are read from the front, answers to the handshake's pauses from the back, a byte each.
 * A byte below PLAY_FEED_LONG feeds that many bytes and one more to the server. */
#ifndef TEST_LIB_SERVER_PLAY_H
#define TEST_LIB_SERVER_PLAY_H

#include "tlscore/info.h"

/* Flags, the first byte. */
enum {
    PLAY_EXTERNAL_TICKETS = 1 << 0,
    PLAY_SMALL_FRAGMENTS = 1 << 1,
    PLAY_SHORT_MESSAGES = 1 << 2,
    PLAY_LITTLE_SKIP = 1 << 3,
    PLAY_NO_CLOCK = 1 << 4
};

/* Operations. */
enum {
    PLAY_FEED_LONG = 0xe0, /* and two bytes of length, most significant first */
    PLAY_SEAL = 0xe1,      /* and a byte: so many records (modulo 4), each that long and one more */
    PLAY_CLOSE = 0xe2,
    PLAY_UPDATE = 0xe3,
    PLAY_UPDATE_BOTH = 0xe4,
    PLAY_TICKETS = 0xe5,
    PLAY_END_OF_INPUT = 0xe6,
    PLAY_STALE_PLAN = 0xe7, /* plans, changes the output, and seals by the old plan */
    PLAY_ASK = 0xe8,        /* for a certificate, after the handshake */
    PLAY_ABORT = 0xe9       /* and a byte, the alert */
};

/* Answers, modulo 16 or 4. */
enum {
    PLAY_CONFIG_PLAIN = 0, /* TLSC_WAIT_CONFIG */
    PLAY_CONFIG_ASK = 1,   /* for a client certificate */
    PLAY_CONFIG_NEED = 2,  /* one */
    PLAY_CONFIG_OTHER = 3, /* with ALPN, its own order of suites, one group, no tickets */
    PLAY_CONFIG_REFUSE = 4,
    PLAY_CONFIG_ALPN = 5,     /* chooses the first protocol offered */
    PLAY_CONFIG_OVERRIDE = 6, /* another credential */
    PLAY_CONFIG_WRONG = 7,    /* calls that don't belong here, then the plain one */
    PLAY_CONFIG_STORE = 8,    /* sessions in a store that answers later, early data */
    PLAY_CONFIG_CHOOSE = 9,   /* the caller chooses the credential */
    PLAY_CONFIG_MANY = 10,    /* one, with staples, and a raw key to choose from; above: plain */
    PLAY_CREDENTIAL_NONE = 0, /* TLSC_WAIT_CREDENTIAL */
    PLAY_CREDENTIAL_PLAIN = 1,
    PLAY_CREDENTIAL_STAPLED = 2,
    PLAY_CREDENTIAL_RAW = 3,
    PLAY_TICKET_NONE = 0,     /* TLSC_WAIT_TICKET */
    PLAY_TICKET_OPEN = 1,
    PLAY_TICKET_GARBAGE = 2,
    PLAY_TICKET_GOOD = 3, /* a session that fits, whatever the ticket was */
    PLAY_VERDICT_ACCEPT = 0, /* TLSC_WAIT_VERIFY */
    PLAY_VERDICT_REJECT = 1,
    PLAY_VERDICT_WITH_ERROR = 2,
    PLAY_VERDICT_ALERT = 3,
    PLAY_SESSION_NONE = 0, /* TLSC_WAIT_SESSION */
    PLAY_SESSION_GOOD = 1, /* a sealed session that fits, of the version that is asked for */
    PLAY_SESSION_GARBAGE = 2,
    PLAY_SESSION_TOO_LONG = 3, /* which is refused, then none */
    PLAY_SEAL_NONE = 0,        /* TLSC_WAIT_SEAL */
    PLAY_SEAL_RIGHT = 1,
    PLAY_SEAL_GARBAGE = 2,
    PLAY_SEAL_TOO_LONG = 3,    /* which is refused, then none */
    PLAY_EARLY_DATA = 64       /* bytes that configurations allow */
};

/* What came of it. */
typedef struct server_play {
    tlsc_info info;
    tlsc_failure failure;
    unsigned pauses;     /* answered */
    size_t plaintext;    /* bytes read */
    size_t output;       /* bytes for the peer */
    uint8_t wire[65536]; /* what the server sent, the beginning */
} server_play;

/* Plays `n` bytes. out: what came of it, or NULL. Aborts where the library breaks its contract. */
void server_play_run(const uint8_t *data, size_t n, server_play *out);

#endif
