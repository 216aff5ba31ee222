/* SPDX-License-Identifier: Apache-2.0 */
/* The load client's socket: reads ahead, and counts the TLS records that pass by. */
#ifndef TEST_BENCH_LC_WIRE_H
#define TEST_BENCH_LC_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <openssl/bio.h>

/* Large enough that the client is never what keeps a 10 MiB body waiting. */
#define LC_AHEAD_MAX (256u * 1024u)

/* What arrived from the server since lc_wire_start. A record counts when its header is complete. */
struct lc_count {
    uint64_t bytes;
    uint64_t records; /* all types: handshake, ChangeCipherSpec, application data, alerts */
    uint32_t largest; /* bytes of the largest record, its 5-byte header included */
};

struct lc_wire {
    int fd;
    bool has_records; /* false for plain HTTP: bytes only */
    uint8_t *ahead;   /* read from the socket, not yet taken; kept over connections */
    size_t ahead_off;
    size_t ahead_len;
    uint8_t header[5];
    size_t header_len;
    size_t record_left; /* bytes of the current record still to come */
    struct lc_count in;
};

/* Begins to count on a newly opened, non-blocking socket; what was read ahead before is dropped. */
void lc_wire_start(struct lc_wire *w, int fd, bool has_records);

/* As read(2) and send(2) do: bytes moved, 0 at the end of the stream, -1 with errno. */
ssize_t lc_wire_read(struct lc_wire *w, void *buf, size_t len);
ssize_t lc_wire_write(struct lc_wire *w, const void *buf, size_t len);

void lc_wire_clear(struct lc_wire *w);

/* A BIO on the wire, which it borrows. NULL when memory is short. */
BIO *lc_wire_bio_new(struct lc_wire *w);

#endif
