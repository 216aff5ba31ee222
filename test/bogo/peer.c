/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/peer.c: bytes to and from the runner. With -async they go one at a time. */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "checks.h"
#include "outcome.h"
#include "pauses.h"

enum {
    READ_SIZE = 20000, /* not a multiple of anything, so that records are cut */
    MAX_EARLY_DATA_SKIP = 16384 /* BoringSSL's, which the tests go one byte beyond */
};

static int connect_to(uint16_t port, bool ipv6)
{
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
                                .sin6_port = htons(port),
                                .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr_in in4 = { .sin_family = AF_INET,
                               .sin_port = htons(port),
                               .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
    const void *address = ipv6 ? (const void *)&in6 : (const void *)&in4;
    const struct sockaddr *to = address;
    socklen_t n = ipv6 ? sizeof(in6) : sizeof(in4);
    int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;

    if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0 ||
        connect(fd, to, n) != 0) {
        outcome_broken("cannot connect to the runner: %s", strerror(errno));
    }
    return fd;
}

/* Says which test this connection belongs to: 8 bytes, little-endian. */
static void introduce(int fd, uint64_t shim_id)
{
    uint8_t id[8];

    for (size_t i = 0; i < sizeof(id); i++) {
        id[i] = (uint8_t)(shim_id >> (8 * i));
    }
    if (send(fd, id, sizeof(id), MSG_NOSIGNAL) != (ssize_t)sizeof(id)) {
        outcome_broken("cannot write to the runner: %s", strerror(errno));
    }
}

tlsc_err peer_open(struct peer *p, const struct flags *flags, const struct settings *s,
                   const struct host *host, bool is_resume)
{
    const struct wire_ops *ops = s->async ? &wire_by_stream : &wire_by_hand;
    tlsc_conn_options options = { .size = sizeof(options),
                                  .now_ms = host_now_ms,
                                  .max_early_data_skip = MAX_EARLY_DATA_SKIP };

    *p = (struct peer){ .s = s, .host = host, .is_resume = is_resume, .fd = -1 };
    if (s->max_send_fragment != FLAGS_NONE) {
        options.max_fragment = (uint16_t)s->max_send_fragment;
    }
    tlsc_err e = tlsc_conn_new_server(&options, &p->conn);
    if (e != TLSC_OK) {
        return e;
    }
    p->wire.conn = p->conn;
    e = ops->open(&p->wire);
    if (e != TLSC_OK) {
        tlsc_conn_free(p->conn);
        return e;
    }
    p->wire.ops = ops;
    p->fd = connect_to((uint16_t)flags->initial.port, flags->initial.ipv6);
    introduce(p->fd, (uint64_t)flags->initial.shim_id);
    return TLSC_OK;
}

tlsc_err peer_step(struct peer *p)
{
    return p->wire.ops->step(&p->wire);
}

/* ---- out ---- */

tlsc_err peer_flush(struct peer *p, size_t limit)
{
    while (limit > 0) {
        tlsc_bytes out = { NULL, 0 };
        tlsc_err e = p->wire.ops->output(&p->wire, &out);
        if (e != TLSC_OK || out.n == 0) {
            return e;
        }
        size_t want = p->s->async ? 1 : out.n < limit ? out.n : limit;
        ssize_t n = send(p->fd, out.p, want, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return TLSC_OK; /* the runner is gone; reading will tell */
        }
        p->wire.ops->sent(&p->wire, (size_t)n);
        limit -= (size_t)n;
    }
    return TLSC_OK;
}

static tlsc_err flush_all(struct peer *p)
{
    return p->hold_output ? TLSC_OK : peer_flush(p, SIZE_MAX);
}

/* ---- in ---- */

/* Takes what the runner sends. `flags` are recv's. Sets `*end` at the end. */
static tlsc_err receive(struct peer *p, int flags, bool *end)
{
    uint8_t buf[READ_SIZE];
    ssize_t n;

    do {
        n = recv(p->fd, buf, p->s->async ? 1 : sizeof(buf), flags);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN) {
        return TLSC_OK;
    }
    if (n <= 0) {
        *end = true;
        return TLSC_OK;
    }
    return p->wire.ops->feed(&p->wire, buf, (size_t)n);
}

static bool handshake_done(const struct peer *p)
{
    tlsc_info info;

    tlsc_conn_info(p->conn, &info);
    return info.handshake_done;
}

/* The runner's stream ended. That is fatal in a handshake, and where the test looks for a
 * close_notify that didn't come. */
static tlsc_err at_end(struct peer *p)
{
    tlsc_err e = tlsc_conn_end_of_input(p->conn);

    if (e == TLSC_E_TRUNCATED && handshake_done(p) && !p->s->check_close_notify) {
        return TLSC_OK;
    }
    if (e == TLSC_OK && !handshake_done(p)) {
        outcome_broken("the stream ended in the handshake, and nobody minds");
    }
    return e;
}

/* With -async a pause lasts a while, in which bytes go on coming and nothing else may happen. */
static bool pause_goes_on(struct peer *p, tlsc_wait wait)
{
    bool end = false;

    if (!p->s->async || p->pause_rounds == 2) {
        p->pause_rounds = 0;
        return false;
    }
    p->pause_rounds++;
    if (receive(p, MSG_DONTWAIT, &end) != TLSC_OK || peer_step(p) != TLSC_OK ||
        tlsc_conn_wait(p->conn) != wait) {
        outcome_broken("a pause ended without an answer");
    }
    return true;
}

/* What is ready leaves, the alert among it; then the failure must look like itself. */
static tlsc_err failed(struct peer *p, tlsc_err e)
{
    flush_all(p);
    checks_failure(p, e);
    return e;
}

/* One step: answers a pause, or sends what is ready and waits for more. Sets `*end` at the end of
 * the runner's stream. */
static tlsc_err advance(struct peer *p, bool *end)
{
    tlsc_wait wait = tlsc_conn_wait(p->conn);
    tlsc_err e;

    if (wait == TLSC_WAIT_NONE || wait == TLSC_WAIT_MESSAGE) {
        e = flush_all(p);
        if (e == TLSC_OK) {
            e = receive(p, 0, end);
        }
        if (e == TLSC_OK && *end) {
            return at_end(p);
        }
    } else if (pause_goes_on(p, wait)) {
        return TLSC_OK;
    } else {
        e = pauses_answer(p, wait);
        if (e == TLSC_OK) {
            e = peer_step(p);
        }
    }
    return e == TLSC_OK ? e : failed(p, e);
}

static void check_once(struct peer *p)
{
    if (!p->checked && handshake_done(p)) {
        checks_handshake(p);
        p->checked = true;
    }
}

tlsc_err peer_handshake(struct peer *p)
{
    while (!handshake_done(p)) {
        bool end = false;
        tlsc_err e = advance(p, &end);
        if (e != TLSC_OK) {
            return e;
        }
    }
    check_once(p);
    return flush_all(p);
}

tlsc_err peer_read(struct peer *p, uint8_t *out, size_t cap, size_t *n)
{
    bool end = false;

    for (;;) {
        tlsc_info info;
        check_once(p);
        *n = p->wire.ops->read(&p->wire, out, cap);
        if (*n > 0) {
            return TLSC_OK;
        }
        tlsc_err e = peer_step(p);
        if (e != TLSC_OK) {
            return failed(p, e);
        }
        *n = p->wire.ops->read(&p->wire, out, cap);
        tlsc_conn_info(p->conn, &info);
        if (*n > 0 || end || info.close_notify_received) {
            return TLSC_OK;
        }
        e = advance(p, &end);
        if (e != TLSC_OK) {
            return e;
        }
    }
}

tlsc_err peer_write(struct peer *p, const uint8_t *data, size_t n)
{
    tlsc_err e = peer_handshake(p);

    if (e == TLSC_OK) {
        e = p->wire.ops->write(&p->wire, data, n);
    }
    return e == TLSC_OK ? flush_all(p) : e;
}

void peer_close(struct peer *p)
{
    uint8_t buf[1024];

    if (p->fd >= 0) {
        shutdown(p->fd, SHUT_WR);
        while (recv(p->fd, buf, sizeof(buf), 0) > 0) {
        }
        close(p->fd);
    }
    if (p->wire.ops != NULL) {
        p->wire.ops->close(&p->wire);
    }
    *p = (struct peer){ .fd = -1 };
}
