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

#include "malloc_count.h"
#include "tls_client.h"
#include "tls_server.h"

enum { CONNECTIONS = 1000, WARM_UP = 8, LIMIT = 4096, BUFFER = 32768 };

typedef struct kind {
    const char *name;
    bool tls12;
    bool resumed;
    const char *client_cert; /* NULL: none is asked for */
    bool aes256;
} kind;

static const kind kinds[] = {
    { "TLS 1.3, full", false, false, NULL, false },
    { "TLS 1.3, resumed", false, true, NULL, false },
    { "TLS 1.3, full, AES-256", false, false, NULL, true },
    { "TLS 1.3, full, client certificate", false, false, "rsa2048", false },
    { "TLS 1.2, full", true, false, NULL, false },
    { "TLS 1.2, resumed", true, true, NULL, false },
    { "TLS 1.2, full, AES-256", true, false, NULL, true },
    { "TLS 1.2, full, client certificate", true, false, "rsa2048", false },
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
static void say(tlsc_conn *c, tls_client *client, const char *text)
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
    tls_client_give(client, out, sealed);
}

/* Opens all that the client sent; the configuration pause is answered. */
static void open_all(tls_site *site, tlsc_conn *c, tls_client *client)
{
    static uint8_t in[BUFFER];
    size_t n = tls_client_take(client, in, sizeof(in));
    size_t at = 0;
    bool moved = true;
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

static void handshake(tls_site *site, tlsc_conn *c, tls_client *client)
{
    tls_client_state state = TLS_CLIENT_WANTS;
    for (unsigned i = 0; i < 8 && state == TLS_CLIENT_WANTS; i++) {
        state = tls_client_handshake(client);
        open_all(site, c, client);
    }
    check(state == TLS_CLIENT_DONE && tlsc_conn_wait(c) == TLSC_WAIT_NONE, "a handshake fails");
}

/* A server's connection, idle after a handshake, a request and an answer; its client is freed.
 * out: the client's newest session, or NULL. */
static tlsc_conn *idle_connection(tls_site *site, const kind *k, tls_client_session *session,
                                  tls_client_session **newest)
{
    uint8_t text[8];
    const tls_client_options options = { .server_name = "www.example.org",
                                         .alpn = "h2",
                                         .max_tls12 = k->tls12,
                                         .prefer_aes256 = k->aes256,
                                         .cert = k->client_cert,
                                         .session = session };
    const tlsc_conn_options server = {
        .size = sizeof(server), .provider = site->provider, .now_ms = now_ms, .now_ctx = site
    };
    tlsc_conn *c;
    check(tlsc_conn_new_server(&server, &c) == TLSC_OK, "no connection");
    tls_client *client = tls_client_new(&options);
    handshake(site, c, client);
    check(tls_client_resumed(client) == k->resumed, "a handshake is not what it should be");
    check(tls_client_write(client, (const uint8_t *)"ping", 4), "the client can't write");
    open_all(site, c, client);
    say(c, client, "pong"); /* the tickets go with it */
    check(tls_client_read(client, text, sizeof(text)) == 4, "the client can't read");
    if (newest != NULL) {
        *newest = tls_client_session_get(client);
        check(*newest != NULL, "there is no session");
    }
    tls_client_free(client);
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
    const tlsc_verifier verifier = { sizeof(verifier), ctx, accept_any };
    tlsc_err rc = tlsc_config_set_verifier(b, &verifier);
    return rc != TLSC_OK ? rc : tlsc_config_set_client_auth(b, TLSC_CLIENT_AUTH_REQUIRED);
}

/* out: bytes for each connection, rounded up; blocks likewise. */
static malloc_count measure(const kind *k)
{
    static tlsc_conn *conns[CONNECTIONS];
    tls_site site = { .certs = { "p256" },
                      .alpn = "h2",
                      .tickets = true,
                      .min_version = TLSC_TLS12,
                      .setup = k->client_cert == NULL ? NULL : ask_clients };
    tls_client_session *session = NULL;
    check(tls_site_open(&site) == TLSC_OK, "no configuration");
    if (k->resumed) {
        kind full = *k;
        full.resumed = false;
        tlsc_conn_free(idle_connection(&site, &full, NULL, &session));
    }
    for (size_t i = 0; i < WARM_UP; i++) {
        tlsc_conn_free(idle_connection(&site, k, session, NULL));
    }
    malloc_count before = malloc_count_now();
    for (size_t i = 0; i < CONNECTIONS; i++) {
        conns[i] = idle_connection(&site, k, session, NULL);
    }
    malloc_count after = malloc_count_now();
    for (size_t i = 0; i < CONNECTIONS; i++) {
        tlsc_conn_free(conns[i]);
    }
    tls_client_session_free(session);
    tls_site_close(&site);
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
