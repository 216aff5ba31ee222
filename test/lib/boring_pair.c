/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/boring_pair.c: see the header. */
#include "boring_pair.h"

#include <string.h>

#include "unit.h"

void boring_open(boring_pair *p, tls_site *site, const tls_client_options *options)
{
    memset(p, 0, sizeof(*p));
    p->site = site;
    assert_ok(tls_server_new(site, &p->server));
    p->conn = tlsc_stream_conn(p->server);
    p->client = tls_client_new(options);
    assert_non_null(p->client);
}

void boring_close(boring_pair *p)
{
    tlsc_stream_free(p->server);
    tls_client_free(p->client);
}

bool boring_pump(boring_pair *p)
{
    uint8_t buf[40000];
    size_t n = tls_client_take(p->client, buf, sizeof(buf));
    bool moved = n > 0;
    if (n > 0 && p->meddle != NULL) {
        p->meddle(p->meddle_ctx, buf, &n, sizeof(buf));
    }
    for (size_t at = 0; at < n && p->error == TLSC_OK;) {
        size_t take = p->piece == 0 || n - at < p->piece ? n - at : p->piece;
        p->error = tls_server_feed(p->site, p->server, buf + at, take);
        at += take;
    }
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(p->server, &out));
    moved = moved || out.n > 0;
    tls_client_give(p->client, out.p, out.n);
    tlsc_stream_sent(p->server, out.n);
    return moved;
}

tls_client_state boring_handshake(boring_pair *p)
{
    tls_client_state state;
    do {
        state = tls_client_handshake(p->client);
    } while (boring_pump(p) && p->error == TLSC_OK && state != TLS_CLIENT_FAILED);
    return tls_client_handshake(p->client);
}

tlsc_info boring_info(const boring_pair *p)
{
    tlsc_info info;
    tlsc_conn_info(p->conn, &info);
    return info;
}

void boring_client_reads(boring_pair *p, const char *text)
{
    uint8_t got[64];
    (void)boring_pump(p);
    int n = tls_client_read(p->client, got, sizeof(got));
    assert_int_equal(n, (int)strlen(text));
    assert_memory_equal(got, text, strlen(text));
}

void boring_server_reads(boring_pair *p, const char *text)
{
    uint8_t got[64];
    (void)boring_pump(p);
    assert_ok(p->error);
    size_t n = tlsc_stream_read(p->server, got, sizeof(got));
    assert_int_equal(n, strlen(text));
    assert_memory_equal(got, text, n);
}

void boring_works(boring_pair *p)
{
    tls_client_state state = boring_handshake(p);
    assert_ok(p->error);
    if (state != TLS_CLIENT_DONE) {
        fail_msg("client: %s", tls_client_error(p->client));
    }
    assert_true(boring_info(p).handshake_done);
    assert_true(tls_client_write(p->client, (const uint8_t *)"ping", 4));
    boring_server_reads(p, "ping");
    assert_ok(tlsc_stream_write(p->server, (const uint8_t *)"pong", 4));
    boring_client_reads(p, "pong");
}

bool boring_connect(tls_site *site, const tls_client_options *options,
                    tls_client_session **session)
{
    boring_pair p;
    boring_open(&p, site, options);
    boring_works(&p);
    bool resumed = tls_client_resumed(p.client);
    assert_int_equal(boring_info(&p).resumed, resumed);
    if (session != NULL) {
        *session = tls_client_session_get(p.client);
    }
    boring_close(&p);
    return resumed;
}
