/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/link.c: a stream over a socket that doesn't block. */
#include "link.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool.h"

/* More than this unsent, and no more input is read. */
enum { UNSENT_MAX = 1 << 20, FAREWELL_MS = 1000 };

static void fail(tls_link *l, tlsc_err e)
{
    if (l->error == TLSC_OK) {
        l->error = e;
    }
}

void link_begin(tls_link *l, int fd, tlsc_conn *c, const tlsc_config *config, unsigned patience_ms)
{
    *l = (tls_link){.fd = fd, .config = config, .patience_ms = patience_ms};
    must(tlsc_stream_new(c, &l->stream), "connection");
}

tlsc_info link_info(const tls_link *l)
{
    tlsc_info info;
    tlsc_conn_info(tlsc_stream_conn(l->stream), &info);
    return info;
}

bool link_lives(const tls_link *l)
{
    return l->error == TLSC_OK && !l->ended && !l->silent;
}

/* Sends what the socket takes; returns how much waits still. */
static size_t send_some(tls_link *l)
{
    tlsc_bytes out = {NULL, 0};
    for (;;) {
        tlsc_err e = tlsc_stream_output(l->stream, &out);
        if (e != TLSC_OK || out.n == 0) {
            return 0;
        }
        ssize_t n = send(l->fd, out.p, out.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            bool full = errno == EAGAIN;
            l->ended =
                l->ended || !full; /* nobody is there any more; what came may be read still */
            l->cut = l->cut || !full;
            return full ? out.n : 0;
        }
        tlsc_stream_sent(l->stream, (size_t)n);
    }
}

/* Feeds bytes, and answers a server's pause. */
static void feed(tls_link *l, const uint8_t *p, size_t n)
{
    tlsc_conn *c = tlsc_stream_conn(l->stream);
    tlsc_err e = tlsc_stream_feed(l->stream, p, n);
    if (e == TLSC_OK && tlsc_conn_wait(c) == TLSC_WAIT_CONFIG) {
        tlsc_opened opened;
        e = tlsc_conn_answer_config(c, l->config, (tlsc_bytes){NULL, 0}, NULL, &opened);
        if (e == TLSC_OK) {
            e = tlsc_stream_step(l->stream);
        }
    }
    if (e != TLSC_OK) {
        fail(l, e);
    }
    l->ended = l->ended || link_info(l).close_notify_received;
}

static void receive(tls_link *l)
{
    uint8_t buf[65536];
    ssize_t n = recv(l->fd, buf, sizeof(buf), 0);
    if (n > 0) {
        feed(l, buf, (size_t)n);
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        tlsc_err e = tlsc_conn_end_of_input(tlsc_stream_conn(l->stream));
        l->ended = true;
        l->cut = e != TLSC_OK;
        if (e != TLSC_OK) {
            fail(l, e);
        }
    }
}

bool link_move(tls_link *l, int input)
{
    size_t unsent = send_some(l);
    struct pollfd p[2] = {
        {.fd = l->fd, .events = (short)(POLLIN | (unsent > 0 ? POLLOUT : 0))},
        {.fd = unsent < UNSENT_MAX ? input : -1, .events = POLLIN},
    };
    int n = poll(p, 2, input >= 0 ? -1 : (int)l->patience_ms);
    if (n == 0) {
        l->silent = true;
    }
    if ((p[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        receive(l);
    }
    (void)send_some(l);
    return (p[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

void link_handshake(tls_link *l)
{
    while (link_lives(l) && !link_info(l).handshake_done) {
        (void)link_move(l, -1);
    }
}

void link_flush(tls_link *l)
{
    while (send_some(l) > 0) {
        struct pollfd p = {.fd = l->fd, .events = POLLOUT};
        if (poll(&p, 1, (int)l->patience_ms) != 1) {
            return;
        }
    }
}

/* A socket that is closed with bytes unread sends a reset, which may overtake what was said last.
 */
void link_end(tls_link *l)
{
    uint8_t rest[4096];
    if (tlsc_conn_close(tlsc_stream_conn(l->stream)) == TLSC_OK) {
        link_flush(l);
    }
    (void)shutdown(l->fd, SHUT_WR);
    struct pollfd p = {.fd = l->fd, .events = POLLIN};
    while (poll(&p, 1, FAREWELL_MS) == 1 && recv(l->fd, rest, sizeof(rest), 0) > 0) {
    }
    (void)close(l->fd);
    tlsc_stream_free(l->stream);
    l->stream = NULL;
}

/* ---- the report ---- */

static void report_compression(report *r, const char *key, uint16_t id)
{
    const tlsc_compression *c = tlsc_compression_by_id(id);
    report_text(r, key, c != NULL ? c->name : "none");
}

static void report_negotiated(const tlsc_info *i, report *r)
{
    report_text(r, "version", version_name(i->version));
    report_text(r, "suite", tlsc_suite_name(i->suite));
    report_text(r, "group", i->group != 0 ? tlsc_group_name(i->group) : "none");
    report_text(r, "peer_signature",
                i->peer_scheme != 0 ? tlsc_scheme_name(i->peer_scheme) : "none");
    report_text(r, "own_signature", i->scheme != 0 ? tlsc_scheme_name(i->scheme) : "none");
    report_compression(r, "peer_certificate_compression", i->peer_certificate_compression);
    report_compression(r, "own_certificate_compression", i->certificate_compression);
    report_bytes(r, "alpn", i->alpn);
    report_bytes(r, "server_name", i->server_name);
    report_flag(r, "resumed", i->resumed);
    report_flag(r, "hello_retry", i->hello_retry);
    report_flag(r, "extended_master_secret", i->extended_master_secret);
    report_text(r, "early_data", early_data_name(i->early_data));
}

static void report_failure(const tls_link *l, report *r)
{
    tlsc_failure f;
    tlsc_conn_error(tlsc_stream_conn(l->stream), &f);
    report_text(r, "error", tlsc_err_name(l->error));
    report_text(r, "error_text", tlsc_err_text(l->error));
    report_text(r, "error_reference", tlsc_err_reference(l->error));
    report_text(r, "state", f.state);
    if (f.alert_sent != TLSC_ALERT_NONE) {
        report_text(r, "alert_sent", tlsc_alert_name(f.alert_sent));
    }
    if (f.code == TLSC_E_PEER_ALERT) {
        report_text(r, "alert_received", tlsc_alert_name(f.alert_received));
    }
}

void link_report(const tls_link *l, report *r)
{
    tlsc_info info = link_info(l);
    report_flag(r, "handshake_done", info.handshake_done);
    if (info.handshake_done) {
        report_negotiated(&info, r);
    }
    if (l->error != TLSC_OK) {
        report_failure(l, r);
    } else if (l->silent) {
        report_text(r, "error", "SILENCE");
        report_text(r, "error_text", "the peer said nothing for too long");
    }
}

int link_status(const tls_link *l)
{
    if (l->silent) {
        return EXIT_NETWORK;
    }
    return l->error != TLSC_OK ? EXIT_TLS : l->cut ? EXIT_NETWORK : EXIT_GOOD;
}
