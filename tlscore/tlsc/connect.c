/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/connect.c: tlsc connect, a client that tells what was negotiated. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link.h"
#include "setup.h"
#include "tool.h"

/* How long a server may take for a ticket after the handshake. */
enum { TICKET_PATIENCE_MS = 2000 };

typedef struct client {
    setup common;
    const char *name;
    const char *early_data;
    bool resume;
    bool brief;
    /* from here on not options */
    char host[256];
    char port[16];
    FILE *log;
    judge judge;
    const tlsc_config *config;
    tlsc_bytes session; /* the last one given, owned; wiped and freed at the end */
    tlsc_bytes early;   /* the file's contents, owned */
    report report;
    char complaint[2200]; /* a line, or "" */
} client;

static const option_row rows[] = {
    {"--name", "NAME",
     "the name to ask for, and to find in the certificate, in place\n"
     "of HOST; \"\" asks for none",
     OPTION_TEXT, offsetof(client, name)},
    {"--resume", NULL, "connects twice, and resumes the second time", OPTION_FLAG,
     offsetof(client, resume)},
    {"--early-data", "FILE",
     "sends the file with the second connection's first flight;\n"
     "whoever sees it on its way can send it again",
     OPTION_TEXT, offsetof(client, early_data)},
    {"--brief", NULL, "tells and ends; standard input isn't read", OPTION_FLAG,
     offsetof(client, brief)},
    SETUP_ROWS,
};

static const command about = {
    "tlsc connect [OPTION]... HOST[:PORT]",
    "Connects, tells what was negotiated (on standard error, or with --brief on\n"
    "standard output), then carries standard input and output. The server's certificate\n"
    "must lead to whom the system trusts and have the server's name, unless --ca, --pin\n"
    "or --insecure says otherwise.",
    rows,
    sizeof(rows) / sizeof(rows[0]),
};

/* ---- the options ---- */

static void split_address(client *c, const char *text)
{
    const char *host = text;
    const char *end = strrchr(text, ':');
    size_t n;
    if (text[0] == '[' && strchr(text, ']') != NULL) { /* [2001:db8::1]:443 */
        host = text + 1;
        n = strcspn(host, "]");
        end = host[n + 1] == ':' ? host + n + 1 : NULL;
    } else if (end != NULL && strchr(text, ':') == end) {
        n = (size_t)(end - text);
    } else { /* no port, or a bare IPv6 address */
        n = strlen(text);
        end = NULL;
    }
    const char *port = end != NULL ? end + 1 : "443";
    if (n == 0 || n >= sizeof(c->host) || strlen(port) == 0 || strlen(port) >= sizeof(c->port)) {
        die(EXIT_WRONG, "\"%s\" is no HOST:PORT", text);
    }
    memcpy(c->host, host, n);
    (void)snprintf(c->port, sizeof(c->port), "%s", port);
}

static void configure(client *c)
{
    bool nameless = c->name != NULL && c->name[0] == 0;
    const judge_options who = {.pins = c->common.pin,
                               .cas = c->common.ca,
                               .system = true,
                               .anybody = c->common.insecure,
                               .name = nameless ? c->host : NULL};
    judge_init(&c->judge, &who);
    tlsc_config_builder *b = tlsc_config_builder_new_client(tlsc_provider_default());
    setup_apply(&c->common, b, &c->judge, true);
    tlsc_config_want_sessions(b, c->resume);
    c->config = setup_build(b);
}

static void parse(client *c, int argc, char **argv)
{
    const char *word = NULL;
    c->common.timeout_s = 10;
    if (options_parse(&about, argc, argv, c, &word, 1) != 1) {
        die(EXIT_WRONG, "which host? usage: %s", about.usage);
    }
    split_address(c, word);
    c->resume = c->resume || c->early_data != NULL;
    configure(c);
    if (c->early_data != NULL) {
        c->early = file_contents(c->early_data);
    }
    c->log = key_log_open(c->common.key_log);
}

/* ---- one connection ---- */

static void forget_session(client *c)
{
    if (c->session.p != NULL) {
        explicit_bzero((void *)(uintptr_t)c->session.p, c->session.n);
        free((void *)(uintptr_t)c->session.p);
        c->session = (tlsc_bytes){NULL, 0};
    }
}

static void on_session(void *ctx, tlsc_bytes session)
{
    client *c = (client *)ctx;
    uint8_t *copy = (uint8_t *)need(malloc(session.n));
    forget_session(c);
    memcpy(copy, session.p, session.n);
    c->session = (tlsc_bytes){copy, session.n};
}

static tlsc_conn *new_connection(client *c)
{
    tlsc_conn *conn;
    const tlsc_conn_options options = {.size = sizeof(options),
                                       .now_ms = tlsc_wall_ms,
                                       .key_log = c->log != NULL ? key_log_line : NULL,
                                       .key_log_ctx = c->log};
    const tlsc_client_options about_it = {.size = sizeof(about_it),
                                          .name = bytes_of(c->name != NULL ? c->name : c->host),
                                          .sessions = &c->session,
                                          .num_sessions = c->session.n > 0 ? 1 : 0,
                                          .early_data = c->early.n > 0,
                                          .on_session = on_session,
                                          .session_ctx = c};
    must(tlsc_conn_new_client(&options, c->config, &about_it, &conn), "connection");
    return conn;
}

static void write_all(tls_link *l, const uint8_t *p, size_t n)
{
    tlsc_err e = tlsc_stream_write(l->stream, p, n);
    if (e != TLSC_OK && l->error == TLSC_OK) {
        l->error = e;
    }
}

/* Handshake; what is to go early goes early, or as ordinary data if it wasn't taken. */
static void shake_hands(client *c, tls_link *l)
{
    size_t left = tlsc_conn_early_data_left(tlsc_stream_conn(l->stream));
    size_t early = left < c->early.n ? left : c->early.n;
    bool resuming = c->session.n > 0;
    if (early > 0) {
        write_all(l, c->early.p, early);
    }
    link_handshake(l);
    tlsc_info info = link_info(l);
    if (resuming && info.handshake_done && c->early.n > 0) {
        size_t taken = info.early_data == TLSC_EARLY_ACCEPTED ? early : 0;
        write_all(l, c->early.p + taken, c->early.n - taken);
        link_flush(l);
    }
}

/* Why the server isn't trusted, in one line, for who doesn't read reports. */
static void complain(client *c, const tls_link *l)
{
    char reason[2048];
    int index;
    if (judge_reason(&c->judge, tlsc_stream_conn(l->stream), reason, sizeof(reason), &index) !=
        TLSC_OK) {
        bool anyway = link_info(l).handshake_done;
        (void)snprintf(c->complaint, sizeof(c->complaint), "tlsc: %s%s\n",
                       anyway ? "--insecure passes over: " : "", reason);
    }
}

/* Connects and tells; the link is left open. */
static void visit(client *c, tls_link *l, const char *title)
{
    char address[64] = "";
    double resolve_ms;
    double tcp_ms;
    unsigned patience_ms = c->common.timeout_s * 1000;
    int fd = net_connect(c->host, c->port, patience_ms, address, &resolve_ms, &tcp_ms);
    link_begin(l, fd, new_connection(c), NULL, patience_ms);
    c->judge.asked = false;
    double start = clock_ms();
    shake_hands(c, l);
    double handshake_ms = clock_ms() - start;

    report *r = &c->report;
    report_open(r, title);
    report_text(r, "address", address);
    report_number(r, "resolve_ms", resolve_ms, 1, "");
    report_number(r, "tcp_ms", tcp_ms, 1, "");
    report_number(r, "handshake_ms", handshake_ms, 1, "");
    link_report(l, r);
    judge_report(&c->judge, tlsc_stream_conn(l->stream), r);
    complain(c, l);
    report_close(r);
}

/* Some servers send their tickets at once, others with their first answer. */
static void wait_for_ticket(const client *c, tls_link *l)
{
    l->patience_ms = TICKET_PATIENCE_MS;
    while (link_lives(l) && c->session.n == 0) {
        (void)link_move(l, -1);
    }
    l->silent = false;
}

/* ---- standard input and output ---- */

static void print_what_came(tls_link *l)
{
    uint8_t buf[16384];
    for (size_t n; (n = tlsc_stream_read(l->stream, buf, sizeof(buf))) > 0;) {
        (void)fwrite(buf, 1, n, stdout);
    }
    (void)fflush(stdout);
}

/* Reads standard input once; false at its end, of which a TLS 1.3 server is told: it may go on. */
static bool say_more(tls_link *l)
{
    uint8_t buf[16384];
    ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));
    if (n > 0) {
        write_all(l, buf, (size_t)n);
    } else if (link_info(l).version == TLSC_TLS13) {
        (void)tlsc_conn_close(tlsc_stream_conn(l->stream));
    }
    return n > 0;
}

static void talk(tls_link *l)
{
    int input = STDIN_FILENO;
    while (link_lives(l)) {
        bool ready = link_move(l, input);
        print_what_came(l);
        if (ready && link_lives(l) && !say_more(l)) {
            input = -1;
        }
    }
    l->silent = false; /* all was said, and nothing more came */
    if (l->error != TLSC_OK) {
        (void)fprintf(stderr, "tlsc: %s (%s)\n", tlsc_err_text(l->error), tlsc_err_name(l->error));
    }
}

/* ---- all of it ---- */

/* The first of two connections: it lives for the session that it leaves. */
static int collect_session(client *c)
{
    tls_link first;
    visit(c, &first, "connection");
    if (link_status(&first) == EXIT_GOOD) {
        wait_for_ticket(c, &first);
    }
    int status = link_status(&first);
    link_end(&first);
    return status;
}

int run_connect(int argc, char **argv)
{
    static client c;
    tls_link l;
    int status = EXIT_GOOD;
    parse(&c, argc, argv);
    report_begin(&c.report, c.brief ? stdout : stderr, c.common.json);
    report_text(&c.report, "host", c.host);
    report_text(&c.report, "port", c.port);
    if (c.resume) {
        status = collect_session(&c);
    }
    if (status == EXIT_GOOD) {
        visit(&c, &l, c.resume ? "second_connection" : "connection");
        report_end(&c.report);
        (void)fputs(c.complaint, stderr);
        if (link_status(&l) == EXIT_GOOD && !c.brief) {
            talk(&l);
        }
        bool wished = !c.resume || link_info(&l).resumed;
        status = link_status(&l) != EXIT_GOOD ? link_status(&l) : wished ? EXIT_GOOD : EXIT_TLS;
        link_end(&l);
    } else {
        report_end(&c.report);
        (void)fputs(c.complaint, stderr);
    }
    forget_session(&c);
    free((void *)(uintptr_t)c.early.p);
    tlsc_config_free(c.config);
    judge_clear(&c.judge);
    if (c.log != NULL) {
        (void)fclose(c.log);
    }
    return status;
}
