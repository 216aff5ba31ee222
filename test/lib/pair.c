/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/pair.c: a tlscore client and a tlscore server in memory. */
#include "pair.h"

#include <string.h>

#include "unit.h"

void pair_sites_open(tls_site *site, client_site *clients)
{
    assert_ok(tls_site_open(site));
    clients->now_ms = site->now_ms;
    assert_ok(client_site_open(clients));
}

void pair_sites_close(tls_site *site, client_site *clients)
{
    tls_site_close(site);
    client_site_close(clients);
}

void pair_open(pair *p, tls_site *site, client_site *clients)
{
    memset(p, 0, sizeof(*p));
    p->site = site;
    p->clients = clients;
    assert_ok(client_new(clients, &p->client));
    assert_ok(tls_server_new(site, &p->server));
}

void pair_close(pair *p)
{
    tlsc_stream_free(p->client);
    tlsc_stream_free(p->server);
}

static tlsc_buf take(tlsc_stream *from)
{
    tlsc_bytes out;
    tlsc_buf copy = tlsc_buf_of(1 << 26);
    assert_ok(tlsc_stream_output(from, &out));
    assert_ok(tlsc_buf_append(&copy, out));
    tlsc_stream_sent(from, out.n);
    return copy;
}

bool pair_to_server(pair *p)
{
    tlsc_buf bytes = take(p->client);
    size_t n = bytes.n;
    for (size_t at = 0; at < n && p->server_error == TLSC_OK;) {
        size_t piece = p->piece == 0 || n - at < p->piece ? n - at : p->piece;
        p->server_error = tls_server_feed(p->site, p->server, bytes.p + at, piece);
        at += piece;
    }
    tlsc_buf_clear(&bytes);
    return n > 0;
}

bool pair_to_client(pair *p)
{
    tlsc_buf bytes = take(p->server);
    size_t n = bytes.n;
    for (size_t at = 0; at < n && p->client_error == TLSC_OK;) {
        size_t piece = p->piece == 0 || n - at < p->piece ? n - at : p->piece;
        p->client_error = tlsc_stream_feed(p->client, bytes.p + at, piece);
        at += piece;
    }
    tlsc_buf_clear(&bytes);
    return n > 0;
}

void pair_pump(pair *p)
{
    bool moved;
    do {
        moved = pair_to_server(p);
        moved = pair_to_client(p) || moved;
    } while (moved);
}

static tlsc_info info_of(tlsc_stream *s)
{
    tlsc_info info;
    tlsc_conn_info(tlsc_stream_conn(s), &info);
    return info;
}

tlsc_info pair_client_info(const pair *p)
{
    return info_of(p->client);
}

tlsc_info pair_server_info(const pair *p)
{
    return info_of(p->server);
}

static void hears(tlsc_stream *s, const char *text)
{
    char got[256];
    size_t n = tlsc_stream_read(s, (uint8_t *)got, sizeof(got) - 1);
    got[n] = 0;
    assert_string_equal(got, text);
}

void pair_client_says(pair *p, const char *text)
{
    assert_ok(tlsc_stream_write(p->client, (const uint8_t *)text, strlen(text)));
    pair_pump(p);
    assert_ok(p->client_error);
    assert_ok(p->server_error);
    hears(p->server, text);
}

void pair_server_says(pair *p, const char *text)
{
    assert_ok(tlsc_stream_write(p->server, (const uint8_t *)text, strlen(text)));
    pair_pump(p);
    assert_ok(p->client_error);
    assert_ok(p->server_error);
    hears(p->client, text);
}

void pair_works(pair *p)
{
    pair_pump(p);
    assert_ok(p->client_error);
    assert_ok(p->server_error);
    assert_true(pair_client_info(p).handshake_done);
    assert_true(pair_server_info(p).handshake_done);
    pair_client_says(p, "ping");
    pair_server_says(p, "pong");
}

void pair_client_fails(pair *p, tlsc_err e)
{
    tlsc_failure failure;
    pair_pump(p);
    assert_err(p->client_error, e);
    tlsc_conn_error(tlsc_stream_conn(p->client), &failure);
    assert_int_equal(failure.alert_sent, tlsc_err_alert(e));
    tlsc_conn_error(tlsc_stream_conn(p->server), &failure);
    assert_err(failure.code, TLSC_E_PEER_ALERT);
    assert_int_equal(failure.alert_received, tlsc_err_alert(e));
}

void pair_make_sessions(tls_site *site, client_site *clients)
{
    pair p;
    pair_open(&p, site, clients);
    pair_works(&p);
    pair_close(&p);
}
