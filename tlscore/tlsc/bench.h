/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench.h: what is measured, and how often: shared by tlsc bench and by the programs of
 * test/bench/library, which measure the same with other libraries. A "stage" is all that one
 * scenario needs; each library brings functions that open it and run it once. */
#ifndef TLSC_BENCH_H
#define TLSC_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A scenario; its two rows are the client's and the server's part, or sending and receiving. */
typedef struct bench_row {
    const char *name; /* "full-1.3-rsa" */
    bool bulk;        /* else handshakes */
    bool tls13;
    bool rsa;     /* the certificate's key; else ECDSA with P-256 */
    bool resumed; /* by a ticket */
    uint16_t suite;
    const char *suite_name; /* OpenSSL's */
    const char *groups; /* best first, with commas; TLS 1.2 needs the certificate's curve, too */
} bench_row;

enum {
    BENCH_ROWS = 8,
    BENCH_BULK_WRITE = 1 << 20 /* bytes of one write */
};
extern const bench_row bench_rows[BENCH_ROWS];

/* CPU time in ns: of the client (who receives, in bulk rows) and of the server (who sends). */
typedef struct bench_times {
    double client;
    double server;
} bench_times;

/* A library. open: NULL if it can't do the row. once: one handshake, or one write of
 * BENCH_BULK_WRITE bytes, its times added to `*t`. */
typedef struct bench_library {
    const char *name;
    void *(*open)(const bench_row *row);
    void (*once)(void *stage, bench_times *t);
    void (*close)(void *stage);
} bench_library;

/* CPU time of this thread, in ns. */
double bench_now(void);
/* Ends the program with a message if `holds` is false. */
void bench_check(bool holds, const char *what);

/* What a row gave. */
typedef struct bench_result {
    const bench_row *row;
    bool measured; /* false: the library can't do it */
    unsigned long times;
    bench_times each; /* ns for one */
} bench_result;

/* Runs a row for about `seconds` of CPU time. */
bench_result bench_run(const bench_library *library, const bench_row *row, double seconds);

/* The row's two figures: handshakes for each second of CPU time, or MB/s. */
double bench_rate(const bench_result *r, bool client);

#endif
