/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/serve.c: tlsc serve, a server for tests: one connection after another. */
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "setup.h"
#include "tool.h"

enum { REQUEST_MAX = 16384, SESSIONS = 1024, LIFETIME_S = 86400 };

typedef struct server {
    setup common;
    const char *address;
    const char *client_auth;
    unsigned port;
    unsigned connections;
    unsigned tickets;
    unsigned early_data;
    bool www;
    /* from here on not options */
    FILE *log;
    judge judge;
    bool judged;
    tlsc_ticket_keys keys;
    tlsc_memory_store *store;
    const tlsc_config *config;
} server;

static const option_row rows[] = {
    {"--port", "NUMBER", "the port; 0 takes a free one; default 4433", OPTION_NUMBER,
     offsetof(server, port)},
    {"--address", "ADDRESS", "where to listen; default 127.0.0.1", OPTION_TEXT,
     offsetof(server, address)},
    {"--www", NULL,
     "answers HTTP requests with a page of what was negotiated;\n"
     "without it what comes goes back",
     OPTION_FLAG, offsetof(server, www)},
    {"--client-auth", "MODE",
     "none, optional or required; the latter with --ca, --pin or\n"
     "--insecure",
     OPTION_TEXT, offsetof(server, client_auth)},
    {"--tickets", "NUMBER", "tickets after a full handshake, 0 to 8; default 2", OPTION_NUMBER,
     offsetof(server, tickets)},
    {"--early-data", "BYTES", "takes so much early data; default 0", OPTION_NUMBER,
     offsetof(server, early_data)},
    {"--connections", "NUMBER", "ends after so many; default 0: never", OPTION_NUMBER,
     offsetof(server, connections)},
    SETUP_ROWS,
};

static const command about = {
    "tlsc serve --cert FILE [OPTION]...",
    "Serves one connection after another, and tells of each when it ends. The first\n"
    "line says where it listens.",
    rows,
    sizeof(rows) / sizeof(rows[0]),
};

/* ---- the configuration ---- */

static tlsc_client_auth auth_mode(const char *text)
{
    static const struct {
        const char *text;
        tlsc_client_auth mode;
    } modes[] = {{"none", TLSC_CLIENT_AUTH_NONE},
                 {"optional", TLSC_CLIENT_AUTH_OPTIONAL},
                 {"required", TLSC_CLIENT_AUTH_REQUIRED}};
    for (size_t i = 0; text != NULL && i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (strcmp(text, modes[i].text) == 0) {
            return modes[i].mode;
        }
    }
    if (text != NULL) {
        die(EXIT_WRONG, "--client-auth: \"%s\" is neither none, optional nor required", text);
    }
    return TLSC_CLIENT_AUTH_NONE;
}

/* One key at a time; when its time is over, the next. */
static tlsc_err read_keys(void *ctx, tlsc_ticket_keys *out)
{
    tlsc_ticket_keys *keys = (tlsc_ticket_keys *)ctx;
    int64_t now = tlsc_wall_ms(NULL);
    tlsc_err e = TLSC_OK;
    if (keys->num == 0 || now >= keys->keys[0].until_ms) {
        keys->num = 1;
        e = tlsc_ticket_key_new(tlsc_provider_default(), now, now + LIFETIME_S * (int64_t)1000,
                                &keys->keys[0]);
    }
    *out = *keys;
    return e;
}

/* Early data needs somebody who tells a replay: the store, which gives each session out once. */
static void set_sessions(server *s, tlsc_config_builder *b)
{
    static const uint8_t identity[32] = {'t', 'l', 's', 'c'};
    const tlsc_ticketer ticketer = {.size = sizeof(ticketer),
                                    .ctx = &s->keys,
                                    .read_keys = read_keys,
                                    .lifetime_s = LIFETIME_S};
    if (s->tickets > 0) {
        must(tlsc_config_set_ticketer(b, &ticketer, identity, s->tickets), "--tickets");
    }
    if (s->early_data > 0) {
        must(tlsc_memory_store_new(SESSIONS, tlsc_wall_ms, NULL, &s->store), "--early-data");
        tlsc_store store = tlsc_memory_store_as_store(s->store);
        must(tlsc_config_set_store(b, &store, false), "--early-data");
        must(tlsc_config_accept_early_data(b, s->early_data, NULL), "--early-data");
    }
}

static void configure(server *s)
{
    tlsc_client_auth mode = auth_mode(s->client_auth);
    s->judged = mode != TLSC_CLIENT_AUTH_NONE;
    if (s->common.cert == NULL) {
        die(EXIT_WRONG, "--cert is missing; usage: %s", about.usage);
    }
    if (s->judged && !setup_trusts(&s->common)) {
        die(EXIT_WRONG, "--client-auth: whom to trust? --ca FILE names authorities, --pin KEY a key"
                        " that you know, --insecure takes anybody's");
    }
    const judge_options who = {
        .pins = s->common.pin, .cas = s->common.ca, .anybody = s->common.insecure};
    judge_init(&s->judge, &who);
    tlsc_config_builder *b = tlsc_config_builder_new(tlsc_provider_default());
    setup_apply(&s->common, b, &s->judge, s->judged);
    must(tlsc_config_set_client_auth(b, mode), "--client-auth");
    set_sessions(s, b);
    s->config = setup_build(b);
    s->log = key_log_open(s->common.key_log);
}

/* ---- a connection ---- */

static void report_connection(const server *s, const tls_link *l, report *r)
{
    link_report(l, r);
    if (s->judged) {
        judge_report(&s->judge, tlsc_stream_conn(l->stream), r);
    }
}

/* What was negotiated, as an HTTP response. */
static void answer(const server *s, tls_link *l)
{
    char head[128];
    char *page = NULL;
    size_t page_n = 0;
    report r;
    FILE *f = (FILE *)need(open_memstream(&page, &page_n));
    report_begin(&r, f, s->common.json);
    report_connection(s, l, &r);
    report_end(&r);
    (void)fclose(f);
    int n = snprintf(head, sizeof(head),
                     "HTTP/1.0 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                     s->common.json ? "application/json" : "text/plain", page_n);
    tlsc_err e = tlsc_stream_write(l->stream, (const uint8_t *)head, (size_t)n);
    if (e == TLSC_OK) {
        e = tlsc_stream_write(l->stream, (const uint8_t *)page, page_n);
    }
    if (e != TLSC_OK && l->error == TLSC_OK) {
        l->error = e;
    }
    free(page);
}

/* Reads a request's head, whatever it asks for. */
static void serve_page(const server *s, tls_link *l)
{
    char request[REQUEST_MAX + 1];
    size_t n = 0;
    for (;;) {
        n += tlsc_stream_read(l->stream, (uint8_t *)request + n, REQUEST_MAX - n);
        request[n] = 0;
        if (strstr(request, "\r\n\r\n") != NULL || strstr(request, "\n\n") != NULL) {
            answer(s, l);
            return;
        }
        if (!link_lives(l) || n == REQUEST_MAX) {
            return;
        }
        (void)link_move(l, -1);
    }
}

/* What comes goes back, as long as something comes. */
static void echo(tls_link *l)
{
    uint8_t buf[16384];
    for (;;) {
        for (size_t n; (n = tlsc_stream_read(l->stream, buf, sizeof(buf))) > 0;) {
            tlsc_err e = tlsc_stream_write(l->stream, buf, n);
            if (e != TLSC_OK) {
                l->error = l->error == TLSC_OK ? e : l->error;
                return;
            }
        }
        if (!link_lives(l)) {
            return;
        }
        (void)link_move(l, -1);
    }
}

static void serve(server *s, int fd)
{
    tls_link l;
    tlsc_conn *c;
    report r;
    const tlsc_conn_options options = {.size = sizeof(options),
                                       .now_ms = tlsc_wall_ms,
                                       .key_log = s->log != NULL ? key_log_line : NULL,
                                       .key_log_ctx = s->log};
    must(tlsc_conn_new_server(&options, &c), "connection");
    link_begin(&l, fd, c, s->config, s->common.timeout_s * 1000);
    s->judge.asked = false;
    link_handshake(&l);
    if (link_info(&l).handshake_done) {
        tlsc_conn_send_tickets(c);
        if (s->www) {
            serve_page(s, &l);
        } else {
            echo(&l);
        }
    }
    report_begin(&r, stdout, s->common.json);
    report_connection(s, &l, &r);
    report_end(&r);
    if (!s->common.json) {
        (void)puts("");
    }
    (void)fflush(stdout);
    link_end(&l);
}

int run_serve(int argc, char **argv)
{
    static server s = {.common.timeout_s = 10, .port = 4433, .address = "127.0.0.1", .tickets = 2};
    report r;
    (void)options_parse(&about, argc, argv, &s, NULL, 0);
    configure(&s);
    int listener = net_listen(s.address, &s.port);
    report_begin(&r, stdout, s.common.json);
    report_text(&r, "address", s.address);
    report_count(&r, "port", s.port);
    report_end(&r);
    for (unsigned i = 0; s.connections == 0 || i < s.connections; i++) {
        serve(&s, net_accept(listener));
    }
    tlsc_config_free(s.config);
    judge_clear(&s.judge);
    tlsc_memory_store_free(s.store);
    tlsc_ticket_keys_clear(&s.keys);
    if (s.log != NULL) {
        (void)fclose(s.log);
    }
    return EXIT_GOOD;
}
