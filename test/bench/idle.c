/* SPDX-License-Identifier: Apache-2.0 */
/* test/bench/idle.c: what an idle server connection holds after its handshake, beyond its
 * configuration: the heap of the whole process is counted (malloc_count.h) before and after a thousand
 * connections whose clients are gone.
 *
 *     make bench-idle      exit status 1 if a connection holds 4 KiB or more
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client_site.h"
#include "malloc_count.h"
#include "tls_server.h"

enum { CONNECTIONS = 1000, WARM_UP = 8, LIMIT = 4096, BUFFER = 32768, SESSION_MAX = 1 << 16 };

typedef struct kind {
    const char *name;
    uint16_t version;
    uint16_t suite;
    bool resumed;
    bool client_cert;  /* asked for in the handshake */
    bool asked_later;  /* may be asked for after it */
} kind;

static const kind kinds[] = {
    { "TLS 1.3, full", TLSC_TLS13, 0x1301, false, false, false },
    { "TLS 1.3, resumed", TLSC_TLS13, 0x1301, true, false, false },
    { "TLS 1.3, full, AES-256", TLSC_TLS13, 0x1302, false, false, false },
    { "TLS 1.3, full, client certificate", TLSC_TLS13, 0x1301, false, true, false },
    { "TLS 1.3, full, may be asked later", TLSC_TLS13, 0x1302, false, false, true },
    { "TLS 1.2, full", TLSC_TLS12, 0xc02b, false, false, false },
    { "TLS 1.2, resumed", TLSC_TLS12, 0xc02b, true, false, false },
    { "TLS 1.2, full, AES-256", TLSC_TLS12, 0xc02c, false, false, false },
    { "TLS 1.2, full, client certificate", TLSC_TLS12, 0xc02b, false, true, false },
};

static void check(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "idle: %s\n", what);
        exit(2);
    }
}

/* ---- one connection, on the caller's buffers, as a server of httpd has it ---- */

static int64_t now_ms(void *ctx)
{
    return ((const tls_site *)ctx)->now_ms;
}

/* What the connection has to say, with `text` behind it. */
static void say(tlsc_conn *c, tlsc_stream *client, const char *text)
{
    static uint8_t out[BUFFER];
    tlsc_plan plan;
    size_t n = strlen(text);
    size_t num = n > 0 ? 1 : 0;
    size_t sealed;
    check(tlsc_conn_plan(c, num, &plan) == TLSC_OK, "nothing can be planned");
    if (num > 0) {
        memcpy(out + tlsc_plan_offset(&plan, &n, 0), text, n);
    }
    check(tlsc_conn_seal(c, &plan, out, sizeof(out), &n, num, &sealed) == TLSC_OK,
          "nothing can be sealed");
    check(tlsc_stream_feed(client, out, sealed) == TLSC_OK, "the client refuses a record");
}

/* Opens all that the client sent; the configuration pause is answered. */
static void open_all(tls_site *site, tlsc_conn *c, tlsc_stream *client)
{
    static uint8_t in[BUFFER];
    tlsc_bytes out;
    check(tlsc_stream_output(client, &out) == TLSC_OK && out.n <= sizeof(in), "the client is mute");
    size_t n = out.n;
    if (n > 0) {
        memcpy(in, out.p, n);
    }
    size_t at = 0;
    bool moved = n > 0;
    tlsc_stream_sent(client, n);
    while (moved) {
        tlsc_opened opened;
        check(tlsc_conn_open(c, in + at, n - at, &opened) == TLSC_OK, "a record is refused");
        at += opened.consumed;
        moved = opened.consumed > 0 && at < n;
        if (opened.wait == TLSC_WAIT_CONFIG) {
            tlsc_bytes none = { NULL, 0 };
            check(tlsc_conn_answer_config(c, site->config, none, NULL, &opened) == TLSC_OK,
                  "the configuration is refused");
        }
    }
    check(at == n, "part of a record is left");
    if (tlsc_conn_has_output(c)) {
        say(c, client, "");
    }
}

static void handshake(tls_site *site, tlsc_conn *c, tlsc_stream *client)
{
    for (unsigned i = 0; i < 8 && tlsc_conn_wait(c) != TLSC_WAIT_NONE; i++) {
        open_all(site, c, client);
    }
    check(tlsc_conn_wait(c) == TLSC_WAIT_NONE, "a handshake fails");
}

static void is_the_kind(const tlsc_conn *c, const kind *k, bool resumed)
{
    tlsc_info info;
    tlsc_conn_info(c, &info);
    check(info.handshake_done && info.version == k->version && info.suite == k->suite &&
              info.resumed == resumed && info.peer_authenticated == k->client_cert,
          "a handshake is not what it should be");
}

/* A server's connection, idle after a handshake, a request and an answer; its client is freed. */
static tlsc_conn *idle_connection(tls_site *site, client_site *clients, const kind *k)
{
    uint8_t text[8];
    const tlsc_conn_options server = {
        .size = sizeof(server), .provider = site->provider, .now_ms = now_ms, .now_ctx = site
    };
    tlsc_conn *c;
    tlsc_stream *client;
    check(tlsc_conn_new_server(&server, &c) == TLSC_OK, "no connection");
    check(client_new(clients, &client) == TLSC_OK, "no client");
    handshake(site, c, client);
    is_the_kind(c, k, clients->num_offered > 0);
    check(tlsc_stream_write(client, (const uint8_t *)"ping", 4) == TLSC_OK,
          "the client can't write");
    open_all(site, c, client);
    say(c, client, "pong"); /* the tickets go with it */
    check(tlsc_stream_read(client, text, sizeof(text)) == 4, "the client can't read");
    tlsc_stream_free(client);
    return c;
}

/* ---- a thousand ---- */

static tlsc_err accept_any(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    (void)ctx;
    (void)request;
    out->kind = TLSC_VERDICT_ACCEPT;
    return TLSC_OK;
}

static tlsc_err ask_clients(void *ctx, tlsc_config_builder *b)
{
    const kind *k = (const kind *)ctx;
    const tlsc_verifier verifier = { sizeof(verifier), NULL, accept_any };
    tlsc_err rc = tlsc_config_set_verifier(b, &verifier);
    if (rc == TLSC_OK && k->client_cert) {
        rc = tlsc_config_set_client_auth(b, TLSC_CLIENT_AUTH_REQUIRED);
    }
    tlsc_config_post_handshake_auth(b, k->asked_later);
    return rc;
}

static tlsc_err be_asked(tlsc_config_builder *b)
{
    tlsc_config_post_handshake_auth(b, true);
    return TLSC_OK;
}

typedef struct stage {
    tls_site site;
    client_site clients;
    uint8_t session[SESSION_MAX];
    tlsc_bytes offered;
} stage;

/* Both sides' configurations, and a session to resume. */
static void open_stage(stage *g, const kind *k)
{
    memset(g, 0, sizeof(*g));
    g->site = (tls_site){ .certs = { "p256" },
                          .alpn = "h2",
                          .tickets = true,
                          .min_version = TLSC_TLS12,
                          .setup = k->client_cert || k->asked_later ? ask_clients : NULL,
                          .setup_ctx = (void *)(uintptr_t)k };
    check(tls_site_open(&g->site) == TLSC_OK, "no configuration");
    g->clients = (client_site){ .name = "www.example.org",
                                .alpn = "h2",
                                .min_version = k->version,
                                .max_version = k->version,
                                .suites = &k->suite,
                                .num_suites = 1,
                                .set_up = k->asked_later ? be_asked : NULL };
    if (k->client_cert || k->asked_later) {
        check(tls_credential_load(g->site.provider, "p256", &g->clients.credential) == TLSC_OK,
              "no client certificate");
    }
    check(client_site_open(&g->clients) == TLSC_OK, "no client configuration");
    if (k->resumed) {
        tlsc_conn_free(idle_connection(&g->site, &g->clients, k));
        check(g->clients.num_sessions > 0, "there is no session");
        size_t n = g->clients.sessions[0].n;
        check(n <= sizeof(g->session), "a long session");
        memcpy(g->session, g->clients.sessions[0].p, n);
        g->offered = (tlsc_bytes){ g->session, n };
        g->clients.offered = &g->offered;
        g->clients.num_offered = 1;
    }
    client_site_forget(&g->clients);
    g->clients.no_session = true;
}

static void close_stage(stage *g)
{
    tlsc_credential_free(g->clients.credential);
    client_site_close(&g->clients);
    tls_site_close(&g->site);
}

/* out: bytes for each connection, rounded up; blocks likewise. */
static malloc_count measure(const kind *k)
{
    static tlsc_conn *conns[CONNECTIONS];
    static stage g;
    open_stage(&g, k);
    for (size_t i = 0; i < WARM_UP; i++) {
        tlsc_conn_free(idle_connection(&g.site, &g.clients, k));
    }
    malloc_count before = malloc_count_now();
    for (size_t i = 0; i < CONNECTIONS; i++) {
        conns[i] = idle_connection(&g.site, &g.clients, k);
    }
    malloc_count after = malloc_count_now();
    for (size_t i = 0; i < CONNECTIONS; i++) {
        tlsc_conn_free(conns[i]);
    }
    close_stage(&g);
    return (malloc_count){ .calls = (after.calls - before.calls) / CONNECTIONS,
                           .blocks = (after.blocks - before.blocks + CONNECTIONS - 1) / CONNECTIONS,
                           .bytes = (after.bytes - before.bytes + CONNECTIONS - 1) / CONNECTIONS };
}

int main(void)
{
    bool good = true;
    malloc_count_begin();
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        malloc_count each = measure(&kinds[i]);
        bool less = each.bytes > 0 && each.bytes < LIMIT;
        (void)printf("%-34s %5lld bytes in %lld blocks%s\n", kinds[i].name, (long long)each.bytes,
                     (long long)each.blocks, less ? "" : "  <-- 4 KiB or more");
        good = good && less;
    }
    (void)printf("an idle server connection, over %d of each: %s\n", CONNECTIONS,
                 good ? "each below 4,096 bytes" : "too much");
    return good ? 0 : 1;
}
