/* SPDX-License-Identifier: Apache-2.0 */
/* One connection of the load client: connect, handshake, GET, check the answer. */
#ifndef TEST_BENCH_LC_CONN_H
#define TEST_BENCH_LC_CONN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/sha.h>
#include <openssl/ssl.h>

#include "lc_wire.h"

/* What the client saw; every connection has to see the same, or the program ends with an error. */
struct lc_seen {
    uint16_t version;
    uint16_t suite;
    uint16_t group;
    uint16_t signature;
    char certificate[80];  /* "ECDSA P-256, 1 in chain, 412 bytes" */
    uint64_t flight_bytes; /* server's bytes until a full handshake was done */
};

struct lc_range {
    uint64_t min;
    uint64_t max;
    uint64_t sum;
    uint64_t num;
};

/* Counted over the operations since the program cleared it. */
struct lc_stats {
    unsigned long operations;
    unsigned long handshakes;
    unsigned long resumed;
    unsigned long without_close_notify;
    uint64_t body_bytes;
    struct lc_range tickets;    /* for each handshake */
    struct lc_range records;    /* for each operation, from the request to the body's end */
    struct lc_range wire_bytes; /* the same */
    uint32_t largest_record;
};

/* What all connections share; set up once, then only seen and stats change. */
struct lc_config {
    struct sockaddr_in addr;
    SSL_CTX *tls;     /* NULL: plain HTTP */
    const char *name; /* for SNI, for the certificate's check, and as Host */
    char request[512];
    size_t request_len;
    bool closes;              /* the request says Connection: close */
    bool resumes;             /* keep the newest ticket and offer it */
    bool must_resume;         /* a handshake that is not resumed is an error */
    long long expect_length;  /* -1: whatever Content-Length says */
    const char *expect_suite; /* NULL: any */
    const char *expect_group; /* NULL: any */
    bool has_expect_sha256;
    bool hash_checked; /* the first body is hashed, later ones are counted */
    uint8_t expect_sha256[SHA256_DIGEST_LENGTH];
    struct lc_seen seen;
    bool has_seen;
    struct lc_stats stats;
};

enum lc_phase {
    LC_CLOSED,
    LC_CONNECTING,
    LC_HANDSHAKING,
    LC_SENDING,
    LC_HEAD,
    LC_BODY,
    LC_ENDING,
    LC_OPEN
};

struct lc_conn {
    struct lc_config *cfg;
    enum lc_phase phase;
    struct lc_wire wire;
    SSL *ssl;
    SSL_SESSION *session; /* to be offered next; outlives the connection */
    uint64_t tickets;     /* received on this connection */
    size_t request_sent;
    struct lc_count at_request; /* the wire's count when the request was sent */
    char head[4096];
    size_t head_len;
    long long body_left;
    SHA256_CTX sha256;
    bool hashes;
};

/* Prints what went wrong and ends the program: a run with one failure is no measurement. */
_Noreturn void lc_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

void lc_range_add(struct lc_range *r, uint64_t value);

/* Begins an operation: on a closed connection with connecting, on an open one with the request.
 * The socket is added to the epoll descriptor, edge-triggered, with the connection as data. */
void lc_conn_begin(struct lc_conn *c, int epoll_fd);

/* Goes as far as the socket allows. Returns true when the operation is complete. */
bool lc_conn_step(struct lc_conn *c);

/* An idle connection is as it should be: open, and nothing to read. */
bool lc_conn_is_quiet(struct lc_conn *c);

/* Closes what is open; the ticket stays. Idempotent. */
void lc_conn_close(struct lc_conn *c);

/* lc_conn_close, and the ticket and the buffers go, too. */
void lc_conn_clear(struct lc_conn *c);

#endif
