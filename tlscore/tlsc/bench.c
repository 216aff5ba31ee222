/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench.c: tlsc bench, what this library costs on this machine. */
#include <string.h>

#include "bench_crl.h"
#include "bench_own.h"
#include "bench_verify.h"
#include "options.h"
#include "report.h"
#include "tool.h"

typedef struct bench {
    const char *rows;
    unsigned ms;
    bool json;
} bench;

static const option_row rows[] = {
    {"--rows", "A,B,..", "only these", OPTION_TEXT, offsetof(bench, rows)},
    {"--ms", "NUMBER", "milliseconds of CPU time for each; default 1000", OPTION_NUMBER,
     offsetof(bench, ms)},
    {"--json", NULL, "figures as one line of JSON", OPTION_FLAG, offsetof(bench, json)},
};

static const command about = {
    "tlsc bench [OPTION]... [handshake|bulk|verify|crl]",
    "Measures in memory, with one thread: CPU time of the client and of the server,\n"
    "apart. A server's signature is checked, its chain is not. test/bench/library does\n"
    "the same with other libraries. Rows: bulk-1.2-aes128, bulk-1.3-aes256, full-1.2-rsa,\n"
    "full-1.2-ecdsa, full-1.3-rsa, full-1.3-ecdsa, resumed-1.2, resumed-1.3.\n"
    "verify judges chains of three certificates, rows chain-ecdsa-p256 and chain-rsa-2048,\n"
    "and counts what takes memory: exit status 1 where our own code does.\n"
    "crl makes a CRL of 1.5 million entries, loads it and looks serial numbers up: exit\n"
    "status 1 where that takes 60 MB, or 200 MB meanwhile.",
    rows,
    sizeof(rows) / sizeof(rows[0]),
};

/* True if --rows has the name, or isn't there. */
static bool named(const bench *b, const char *name)
{
    tlsc_bytes names[LIST_MAX];
    size_t num = names_of("--rows", b->rows, names);
    for (size_t i = 0; i < num; i++) {
        if (names[i].n == strlen(name) && memcmp(names[i].p, name, names[i].n) == 0) {
            return true;
        }
    }
    return num == 0;
}

static bool wanted(const bench *b, const char *kind, const bench_row *row)
{
    return (kind == NULL || (strcmp(kind, "bulk") == 0) == row->bulk) && named(b, row->name);
}

static void report_row(report *r, const bench_result *result)
{
    bool bulk = result->row->bulk;
    const char *unit = bulk ? "MB/s" : "handshakes/s";
    report_open(r, result->row->name);
    report_number(r, bulk ? "receive" : "client", bench_rate(result, true), 0, unit);
    report_number(r, bulk ? "send" : "server", bench_rate(result, false), 0, unit);
    report_count(r, "times", result->times);
    report_close(r);
}

typedef enum bench_status { WENT_WELL, WENT_WRONG, NO_SUCH_ROW } bench_status;

static bench_status measure_crl(const bench *b, const char *kind, report *r)
{
    (void)b;
    (void)kind;
    return bench_crl(r) ? WENT_WELL : WENT_WRONG;
}

static bench_status measure_chains(const bench *b, const char *kind, report *r)
{
    bench_status status = NO_SUCH_ROW;
    (void)kind;
    for (size_t i = 0; i < BENCH_VERIFY_ROWS; i++) {
        if (named(b, bench_verify_name(i))) {
            bool good = bench_verify(i, b->ms / 1e3, r);
            status = good && status != WENT_WRONG ? WENT_WELL : WENT_WRONG;
        }
    }
    return status;
}

static bench_status measure_rows(const bench *b, const char *kind, report *r)
{
    bench_status status = NO_SUCH_ROW;
    for (size_t i = 0; i < BENCH_ROWS; i++) {
        if (wanted(b, kind, &bench_rows[i])) {
            bench_result result = bench_run(&bench_own, &bench_rows[i], b->ms / 1e3);
            report_row(r, &result);
            status = WENT_WELL;
        }
    }
    return status;
}

static const struct {
    const char *kind;
    bench_status (*measure)(const bench *b, const char *kind, report *r);
} kinds[] = {
    {"handshake", measure_rows},
    {"bulk", measure_rows},
    {"verify", measure_chains},
    {"crl", measure_crl},
};

int run_bench(int argc, char **argv)
{
    bench b = {.ms = 1000};
    const char *kind = NULL;
    report r;
    bench_status (*measure)(const bench *, const char *, report *) = measure_rows;
    (void)options_parse(&about, argc, argv, &b, &kind, 1);
    if (kind != NULL) {
        measure = NULL;
    }
    for (size_t i = 0; kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        measure = strcmp(kind, kinds[i].kind) == 0 ? kinds[i].measure : measure;
    }
    if (measure == NULL) {
        die(EXIT_WRONG, "%s: neither handshake, bulk, verify nor crl", kind);
    }
    report_begin(&r, stdout, b.json);
    report_text(&r, "library", tlsc_version());
    report_text(&r, "libcrypto", tlsc_provider_default()->name);
    bench_status status = measure(&b, kind, &r);
    report_end(&r);
    if (status == NO_SUCH_ROW) {
        die(EXIT_WRONG, "--rows: there is no such row");
    }
    return status == WENT_WELL ? EXIT_GOOD : EXIT_TLS;
}
