/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench_run.c: the rows, and the clock. Knows no library. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

/* The scenarios that Rustls publishes: its suites, keys and groups. */
const bench_row bench_rows[BENCH_ROWS] = {
    {"bulk-1.2-aes128", true, false, false, false, 0xc02b, "ECDHE-ECDSA-AES128-GCM-SHA256",
     "X25519,P-256"},
    {"bulk-1.3-aes256", true, true, false, false, 0x1302, "TLS_AES_256_GCM_SHA384", "X25519,P-256"},
    {"full-1.2-rsa", false, false, true, false, 0xc030, "ECDHE-RSA-AES256-GCM-SHA384",
     "X25519,P-256"},
    {"full-1.2-ecdsa", false, false, false, false, 0xc02c, "ECDHE-ECDSA-AES256-GCM-SHA384",
     "X25519,P-256"},
    {"full-1.3-rsa", false, true, true, false, 0x1302, "TLS_AES_256_GCM_SHA384", "X25519MLKEM768"},
    {"full-1.3-ecdsa", false, true, false, false, 0x1302, "TLS_AES_256_GCM_SHA384",
     "X25519MLKEM768"},
    {"resumed-1.2", false, false, false, true, 0xc02c, "ECDHE-ECDSA-AES256-GCM-SHA384",
     "X25519,P-256"},
    {"resumed-1.3", false, true, false, true, 0x1302, "TLS_AES_256_GCM_SHA384", "X25519MLKEM768"},
};

double bench_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

void bench_check(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "bench: %s\n", what);
        exit(1);
    }
}

/* Runs until so much CPU time has gone by, all that a turn costs counted. */
static void run_for(const bench_library *library, void *stage, double ns, bench_times *sum,
                    unsigned long *times)
{
    double end = bench_now() + ns;
    do {
        library->once(stage, sum);
        (*times)++;
    } while (bench_now() < end);
}

bench_result bench_run(const bench_library *library, const bench_row *row, double seconds)
{
    bench_result r = {.row = row};
    bench_times warm_up = {0, 0};
    bench_times sum = {0, 0};
    unsigned long warm_ups = 0;
    void *stage = library->open(row);
    if (stage == NULL) {
        return r;
    }
    run_for(library, stage, seconds * 1e8, &warm_up, &warm_ups);
    run_for(library, stage, seconds * 1e9, &sum, &r.times);
    library->close(stage);
    r.measured = true;
    r.each = (bench_times){sum.client / (double)r.times, sum.server / (double)r.times};
    return r;
}

double bench_rate(const bench_result *r, bool client)
{
    double ns = client ? r->each.client : r->each.server;
    double of_one = r->row->bulk ? BENCH_BULK_WRITE / 1e6 : 1;
    return r->measured ? of_one * 1e9 / ns : 0;
}
