/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/boring_link.c: from a tlscore client to BoringSSL's server and back. */
#include "boring_link.h"

#include <string.h>

#include "unit.h"

void link_open(boring_link *l, client_site *clients, boring_site *site)
{
    memset(l, 0, sizeof(*l));
    l->clients = clients;
    assert_ok(client_new(clients, &l->client));
    l->server = boring_server_new(site);
    assert_non_null(l->server);
}

void link_close(boring_link *l)
{
    tlsc_stream_free(l->client);
    boring_server_free(l->server);
}

bool link_to_server(boring_link *l)
{
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(l->client, &out));
    size_t n = out.n;
    boring_server_give(l->server, out.p, n);
    tlsc_stream_sent(l->client, n);
    return n > 0;
}

bool link_to_client(boring_link *l)
{
    static uint8_t buf[1 << 17];
    size_t n = boring_server_take(l->server, buf, sizeof(buf));
    for (size_t at = 0; at < n && l->error == TLSC_OK;) {
        size_t take = l->piece == 0 || n - at < l->piece ? n - at : l->piece;
        l->error = tlsc_stream_feed(l->client, buf + at, take);
        at += take;
    }
    return n > 0;
}

static bool move(boring_link *l)
{
    bool moved = link_to_server(l);
    l->state = boring_server_handshake(l->server);
    return moved;
}

void link_pump(boring_link *l)
{
    bool moved;
    do {
        moved = move(l);
        moved = link_to_client(l) || moved;
    } while (moved && l->error == TLSC_OK);
    (void)move(l);
    l->state = boring_server_handshake(l->server);
}

tlsc_info link_info(const boring_link *l)
{
    tlsc_info info;
    tlsc_conn_info(tlsc_stream_conn(l->client), &info);
    return info;
}

void link_client_says(boring_link *l, const char *text)
{
    char got[256];
    assert_ok(tlsc_stream_write(l->client, (const uint8_t *)text, strlen(text)));
    (void)link_to_server(l);
    int n = boring_server_read(l->server, (uint8_t *)got, sizeof(got) - 1);
    assert_true(n >= 0);
    got[n] = 0;
    assert_string_equal(got, text);
}

void link_server_says(boring_link *l, const char *text)
{
    char got[256];
    assert_true(boring_server_write(l->server, (const uint8_t *)text, strlen(text)));
    (void)link_to_client(l);
    assert_ok(l->error);
    size_t n = tlsc_stream_read(l->client, (uint8_t *)got, sizeof(got) - 1);
    got[n] = 0;
    assert_string_equal(got, text);
}

void link_works(boring_link *l)
{
    link_pump(l);
    assert_ok(l->error);
    if (l->state != BORING_DONE) {
        fail_msg("server: %s", boring_server_error(l->server));
    }
    assert_true(link_info(l).handshake_done);
    link_client_says(l, "ping");
    link_server_says(l, "pong");
}

void link_client_fails(boring_link *l, tlsc_err e)
{
    link_pump(l);
    assert_err(l->error, e);
    assert_false(link_info(l).handshake_done);
    assert_int_equal(boring_server_alert(l->server), tlsc_err_alert(e));
}
