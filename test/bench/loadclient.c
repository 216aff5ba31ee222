/* SPDX-License-Identifier: Apache-2.0 */
/* Load client of the benchmark: one thread, one operation after the other on a few connections. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "boring_compress.h"
#include "lc_conn.h"
#include "lc_tls.h"

#define PATIENCE_MS 30000
#define EVENTS_MAX  64

static const char usage[] =
    "usage: loadclient --connect 127.0.0.1:PORT --mode full|resume|keepalive|idle [options]\n"
    "  full       an operation is: connect, handshake, GET, wait for the server's close\n"
    "  resume     the same with the newest ticket; every handshake has to be resumed\n"
    "  keepalive  an operation is: GET on a connection opened before\n"
    "  idle       an operation is: connect, handshake, GET, and leave the connection open\n"
    "options:\n"
    "  --plain                HTTP without TLS\n"
    "  --tls12                TLS 1.2 only; without it, TLS 1.3 only\n"
    "  --count N              operations to measure (1000)\n"
    "  --warmup N             operations before them (0)\n"
    "  --connections N        of them at the same time (1)\n"
    "  --path PATH            what to GET (/)\n"
    "  --name HOST            for SNI, certificate check and Host (localhost)\n"
    "  --ca FILE              CA certificates to trust; without it nothing is verified\n"
    "  --group NAME           the only group to offer, e.g. X25519, X25519MLKEM768 (in TLS 1.2,\n"
    "                         P-256 behind it, for certificates); the server has to choose it\n"
    "  --suite NAME           the suite that the server has to choose\n"
    "  --compression NAME     takes certificates compressed with brotli, zlib or zstd\n"
    "  --expect-length BYTES  of the body\n"
    "  --expect-sha256 HEX    of the first body\n"
    "  --spin                 ask for events without pause, on a CPU of the client's own\n"
    "  --step                 print \"ready\" after the warm-up and wait for a line on standard\n"
    "                         input; after the result, hold the connections until the next line\n"
    "Prints one JSON object. The exit status is 1 if anything at all went wrong.\n";

enum mode { FULL, RESUME, KEEPALIVE, IDLE };
static const char *const mode_names[] = {"full", "resume", "keepalive", "idle"};

struct run {
    struct lc_config cfg;
    enum mode mode;
    unsigned long count;
    unsigned long warmup;
    size_t connections;
    bool step;
    bool spin;
    uint16_t version;
    uint16_t compression; /* of certificates; 0: none */
    const char *ca_file;
    const char *path;
    int epoll_fd;
    struct lc_conn *conns;
    size_t num_conns;
    size_t num_used;     /* of conns; idle mode takes a fresh one for each operation */
    unsigned long begun; /* operations of the current phase */
    unsigned long done;
    unsigned long target;
};

/* ---- operations ---- */

static bool is_between_operations(const struct lc_conn *c)
{
    return c->phase == LC_CLOSED || c->phase == LC_OPEN;
}

/* Operation after operation on c, until the socket has to be waited for or all are begun. */
static void drive(struct run *r, struct lc_conn *c)
{
    for (;;) {
        if (is_between_operations(c)) {
            if (r->begun == r->target) {
                return;
            }
            if (r->mode == IDLE) {
                c = &r->conns[r->num_used++];
            }
            r->begun++;
            lc_conn_begin(c, r->epoll_fd);
        }
        if (!lc_conn_step(c)) {
            return;
        }
        r->done++;
    }
}

static double seconds(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
}

/* With spin, the client never sleeps: a server that writes has nobody to wake. Waking costs it an
 * interrupt to the other CPU, which in a virtual machine can be dearer than all of TLS, and which
 * no server pays for a client elsewhere. */
static int wait_for_events(const struct run *r, struct epoll_event *events)
{
    struct timespec from, now;
    int n;

    clock_gettime(CLOCK_MONOTONIC, &from);
    do {
        n = epoll_wait(r->epoll_fd, events, EVENTS_MAX, r->spin ? 0 : PATIENCE_MS);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (n <= 0 && seconds(from, now) * 1000 < PATIENCE_MS);
    if (n <= 0) {
        lc_die("nothing happened for %d s (after %lu operations)", PATIENCE_MS / 1000, r->done);
    }
    return n;
}

/* Runs num operations, and returns when all of them are complete. */
static void run_operations(struct run *r, unsigned long num)
{
    struct epoll_event events[EVENTS_MAX];

    r->cfg.stats = (struct lc_stats){0};
    r->begun = r->done = 0;
    r->target = num;
    for (size_t i = 0; i < r->connections && r->begun < r->target; i++) {
        drive(r, &r->conns[r->mode == IDLE ? r->num_used : i]);
    }
    while (r->done < r->target) {
        int n = wait_for_events(r, events);

        for (int i = 0; i < n; i++) {
            struct lc_conn *c = events[i].data.ptr;

            if (!is_between_operations(c)) { /* else a late edge, not an answer */
                drive(r, c);
            }
        }
    }
}

/* Everything that is not to be measured: first connections, first tickets, warm caches. */
static void prepare(struct run *r)
{
    unsigned long warmup = r->warmup;

    if (r->mode == RESUME || r->mode == KEEPALIVE) {
        run_operations(r, r->connections); /* one each */
        warmup -= warmup < r->connections ? warmup : r->connections;
    }
    if (r->mode == RESUME) {
        for (size_t i = 0; i < r->num_conns; i++) {
            if (r->conns[i].session == NULL) {
                lc_die("the server sent no ticket");
            }
        }
        r->cfg.must_resume = true;
    }
    if (warmup > 0) {
        run_operations(r, warmup);
    }
}

static void check_still_open(struct run *r)
{
    if (r->mode != KEEPALIVE && r->mode != IDLE) {
        return;
    }
    for (size_t i = 0; i < r->num_conns; i++) {
        if (r->conns[i].phase != LC_CLOSED && !lc_conn_is_quiet(&r->conns[i])) {
            lc_die("the server closed an idle connection, or said something on it");
        }
    }
}

/* ---- the two sides of --step ---- */

static void wait_for_line(const struct run *r)
{
    int c;

    if (!r->step) {
        return;
    }
    do {
        c = getchar();
    } while (c != '\n' && c != EOF);
}

/* ---- the result ---- */

static void print_range(const char *name, const struct lc_range *range, const char *end)
{
    printf("\"%s\": {\"min\": %" PRIu64 ", \"max\": %" PRIu64 ", \"sum\": %" PRIu64 "}%s", name,
           range->min, range->max, range->sum, end);
}

static const char *version_name(uint16_t version)
{
    return version == TLS1_3_VERSION ? "TLSv1.3" : version == TLS1_2_VERSION ? "TLSv1.2" : "other";
}

static void print_tls(const struct run *r)
{
    const struct lc_seen *seen = &r->cfg.seen;
    struct lc_range tickets = r->cfg.stats.tickets;
    const char *signature = SSL_get_signature_algorithm_name(seen->signature, 0);
    const char *group = SSL_get_group_name(seen->group);
    const SSL_CIPHER *suite = SSL_get_cipher_by_value(seen->suite);

    for (size_t i = 0; i < r->num_conns; i++) {
        if (r->conns[i].ssl != NULL) { /* still open, so not in the sum yet */
            lc_range_add(&tickets, r->conns[i].tickets);
        }
    }
    printf("\"version\": \"%s\", ", version_name(seen->version));
    printf("\"suite\": \"%s\", ", suite != NULL ? SSL_CIPHER_standard_name(suite) : "unknown");
    printf("\"group\": \"%s\", ", group != NULL ? group : "unknown");
    printf("\"certificate\": \"%s\", ", seen->certificate);
    printf("\"signature\": \"%s\", ", signature != NULL ? signature : "unknown");
    printf("\"server_flight_bytes\": %" PRIu64 ", ", seen->flight_bytes);
    printf("\"resumed\": %lu, ", r->cfg.stats.resumed);
    printf("\"decompressed\": %u, ", boring_decompressed(r->compression));
    printf("\"without_close_notify\": %lu, ", r->cfg.stats.without_close_notify);
    print_range("tickets", &tickets, ", ");
    print_range("records", &r->cfg.stats.records, ", ");
    printf("\"largest_record\": %" PRIu32 ", ", r->cfg.stats.largest_record);
}

static void print_result(const struct run *r, double wall_s)
{
    printf("{\"mode\": \"%s\", \"tls\": %s, ", mode_names[r->mode],
           r->cfg.tls != NULL ? "true" : "false");
    if (r->cfg.tls != NULL) {
        print_tls(r);
    }
    print_range("wire_bytes", &r->cfg.stats.wire_bytes, ", ");
    printf("\"operations\": %lu, \"handshakes\": %lu, \"body_bytes\": %" PRIu64 ", ", r->done,
           r->cfg.stats.handshakes, r->cfg.stats.body_bytes);
    printf("\"hash_checked\": %s, \"connections\": %zu, \"wall_s\": %.6f}\n",
           r->cfg.has_expect_sha256 && r->cfg.hash_checked ? "true" : "false", r->connections,
           wall_s);
    fflush(stdout);
}

/* ---- options ---- */

static unsigned long number(const char *text, unsigned long max)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (*text == '\0' || *text == '-' || *end != '\0' || value > max) {
        lc_die("%s is no number up to %lu", text, max);
    }
    return value;
}

static void set_address(struct run *r, const char *text)
{
    const char *colon = strrchr(text, ':');
    char host[64];

    if (colon == NULL || (size_t)(colon - text) >= sizeof(host)) {
        lc_die("--connect wants ADDRESS:PORT, not %s", text);
    }
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    r->cfg.addr.sin_family = AF_INET;
    r->cfg.addr.sin_port = htons((uint16_t)number(colon + 1, 65535));
    if (inet_pton(AF_INET, host, &r->cfg.addr.sin_addr) != 1) {
        lc_die("%s is no IPv4 address", host);
    }
}

static void set_mode(struct run *r, const char *text)
{
    for (size_t i = 0; i < sizeof(mode_names) / sizeof(mode_names[0]); i++) {
        if (strcmp(text, mode_names[i]) == 0) {
            r->mode = (enum mode)i;
            return;
        }
    }
    lc_die("there is no mode %s", text);
}

static void set_sha256(struct run *r, const char *text)
{
    for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++) {
        if (strlen(text) != 2 * SHA256_DIGEST_LENGTH ||
            sscanf(text + 2 * i, "%2hhx", &r->cfg.expect_sha256[i]) != 1) {
            lc_die("--expect-sha256 wants 64 hex digits");
        }
    }
    r->cfg.has_expect_sha256 = true;
}

/* Its id. */
static uint16_t compression(const char *name)
{
    static const char *const names[] = { "", "zlib", "brotli", "zstd" };

    for (uint16_t id = 1; id < 4; id++) {
        if (strcmp(names[id], name) == 0) {
            return id;
        }
    }
    lc_die("no compression is named %s", name);
}

/* clang-format off */
enum option_code {
    CONNECT = 1, MODE, PLAIN, TLS12, COUNT, WARMUP, CONNECTIONS, REQUEST_PATH, NAME, CA, GROUP,
    SUITE, COMPRESSION, LENGTH, SHA256_HEX, SPIN, STEP
};

static const struct option options[] = {
    { "connect",       required_argument, NULL, CONNECT },
    { "mode",          required_argument, NULL, MODE },
    { "plain",         no_argument,       NULL, PLAIN },
    { "tls12",         no_argument,       NULL, TLS12 },
    { "count",         required_argument, NULL, COUNT },
    { "warmup",        required_argument, NULL, WARMUP },
    { "connections",   required_argument, NULL, CONNECTIONS },
    { "path",          required_argument, NULL, REQUEST_PATH },
    { "name",          required_argument, NULL, NAME },
    { "ca",            required_argument, NULL, CA },
    { "group",         required_argument, NULL, GROUP },
    { "suite",         required_argument, NULL, SUITE },
    { "compression",   required_argument, NULL, COMPRESSION },
    { "expect-length", required_argument, NULL, LENGTH },
    { "expect-sha256", required_argument, NULL, SHA256_HEX },
    { "spin",          no_argument,       NULL, SPIN },
    { "step",          no_argument,       NULL, STEP },
    { NULL,            0,                 NULL, 0 },
};

static void set_option(struct run *r, int option, bool *is_plain)
{
    switch (option) {
    case CONNECT:      set_address(r, optarg);                                      break;
    case MODE:         set_mode(r, optarg);                                         break;
    case PLAIN:        *is_plain = true;                                            break;
    case TLS12:        r->version = TLS1_2_VERSION;                                 break;
    case COUNT:        r->count = number(optarg, 100000000);                        break;
    case WARMUP:       r->warmup = number(optarg, 100000000);                       break;
    case CONNECTIONS:  r->connections = number(optarg, 100000);                     break;
    case REQUEST_PATH: r->path = optarg;                                            break;
    case NAME:         r->cfg.name = optarg;                                        break;
    case CA:           r->ca_file = optarg;                                         break;
    case GROUP:        r->cfg.expect_group = optarg;                                break;
    case SUITE:        r->cfg.expect_suite = optarg;                                break;
    case COMPRESSION:  r->compression = compression(optarg);                        break;
    case LENGTH:       r->cfg.expect_length = (long long)number(optarg, 1ul << 40); break;
    case SHA256_HEX:   set_sha256(r, optarg);                                       break;
    case SPIN:         r->spin = true;                                              break;
    case STEP:         r->step = true;                                              break;
    default:           fputs(usage, stderr); exit(2);
    }
}
/* clang-format on */

static void parse_options(struct run *r, int argc, char **argv)
{
    bool is_plain = false;
    int option;
    int len;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        set_option(r, option, &is_plain);
    }
    if (optind != argc || r->cfg.addr.sin_port == 0 || r->connections == 0) {
        fputs(usage, stderr);
        exit(2);
    }
    if (!is_plain) {
        r->cfg.tls =
            lc_tls_ctx_new(r->version, r->cfg.expect_group, r->cfg.expect_suite, r->ca_file);
        if (r->compression != 0 && !boring_compress_add(r->cfg.tls, 1u << r->compression)) {
            lc_die("no memory for the TLS context");
        }
    }
    if (is_plain && r->mode == RESUME) {
        r->mode = FULL; /* the same work without TLS */
    }
    r->cfg.closes = r->mode == FULL || r->mode == RESUME;
    r->cfg.resumes = r->mode == RESUME;
    len = snprintf(r->cfg.request, sizeof(r->cfg.request),
                   "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: loadclient\r\n%s\r\n", r->path,
                   r->cfg.name, r->cfg.closes ? "Connection: close\r\n" : "");
    if (len < 0 || (size_t)len >= sizeof(r->cfg.request)) {
        lc_die("the path or the name is too long");
    }
    r->cfg.request_len = (size_t)len;
}

/* ---- */

static void allocate(struct run *r)
{
    struct rlimit files;

    r->num_conns = r->mode == IDLE ? r->count + r->warmup : r->connections;
    r->conns = calloc(r->num_conns + 1, sizeof(*r->conns)); /* + 1: drive() may look past */
    r->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (r->conns == NULL || r->epoll_fd < 0) {
        lc_die("no memory for %zu connections", r->num_conns);
    }
    for (size_t i = 0; i <= r->num_conns; i++) {
        r->conns[i].cfg = &r->cfg;
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

int main(int argc, char **argv)
{
    struct run run = {
        .cfg = {.name = "localhost", .expect_length = -1},
        .count = 1000,
        .connections = 1,
        .path = "/",
        .version = TLS1_3_VERSION,
    };
    struct timespec from, to;

    parse_options(&run, argc, argv);
    allocate(&run);
    prepare(&run);
    if (run.step) {
        puts("ready");
        fflush(stdout);
        wait_for_line(&run);
    }
    clock_gettime(CLOCK_MONOTONIC, &from);
    run_operations(&run, run.count);
    clock_gettime(CLOCK_MONOTONIC, &to);
    print_result(&run, seconds(from, to));
    wait_for_line(&run);
    check_still_open(&run);
    for (size_t i = 0; i < run.num_conns; i++) {
        lc_conn_clear(&run.conns[i]);
    }
    free(run.conns);
    SSL_CTX_free(run.cfg.tls);
    close(run.epoll_fd);
    return 0;
}
