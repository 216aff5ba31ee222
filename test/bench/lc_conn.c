/* SPDX-License-Identifier: Apache-2.0 */
/* One connection of the load client: connect, handshake, GET, check the answer. */
#include "lc_conn.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lc_tls.h"

#define WOULD_BLOCK (-1) /* results of conn_read and conn_write; all other errors end the run */
#define READ_CHUNK  65536

void lc_die(const char *format, ...)
{
    va_list args;

    fputs("loadclient: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

void lc_range_add(struct lc_range *r, uint64_t value)
{
    r->min = r->num == 0 || value < r->min ? value : r->min;
    r->max = value > r->max ? value : r->max;
    r->sum += value;
    r->num++;
}

/* The bytes moved, 0 at the end of the stream, or WOULD_BLOCK. */
static int conn_read(struct lc_conn *c, void *buf, size_t len)
{
    ssize_t n;
    int ret;

    if (c->ssl == NULL) {
        n = lc_wire_read(&c->wire, buf, len);
        if (n < 0 && errno != EAGAIN) {
            lc_die("recv: %s (after %lu operations)", strerror(errno), c->cfg->stats.operations);
        }
        return (int)n;
    }
    ret = SSL_read(c->ssl, buf, (int)len);
    if (ret > 0) {
        return ret;
    }
    switch (SSL_get_error(c->ssl, ret)) {
    case SSL_ERROR_WANT_READ:
        return WOULD_BLOCK;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    case SSL_ERROR_SYSCALL:
        if (ret == 0) {
            c->cfg->stats.without_close_notify++;
            return 0;
        }
        break;
    default:
        break;
    }
    lc_tls_die(c, "SSL_read", ret);
}

static int conn_write(struct lc_conn *c, const void *buf, size_t len)
{
    ssize_t n;
    int ret;

    if (c->ssl == NULL) {
        n = lc_wire_write(&c->wire, buf, len);
        if (n < 0 && errno != EAGAIN) {
            lc_die("send: %s (after %lu operations)", strerror(errno), c->cfg->stats.operations);
        }
        return (int)n;
    }
    ret = SSL_write(c->ssl, buf, (int)len);
    if (ret <= 0 && SSL_get_error(c->ssl, ret) != SSL_ERROR_WANT_WRITE) {
        lc_tls_die(c, "SSL_write", ret);
    }
    return ret > 0 ? ret : WOULD_BLOCK;
}

static void begin_connect(struct lc_conn *c, int epoll_fd)
{
    struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;

    if (fd < 0) {
        lc_die("socket: %s", strerror(errno));
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd, (const struct sockaddr *)&c->cfg->addr, sizeof(c->cfg->addr)) < 0 &&
        errno != EINPROGRESS) {
        lc_die("connect: %s (after %lu operations)", strerror(errno), c->cfg->stats.operations);
    }
    lc_wire_start(&c->wire, fd, c->cfg->tls != NULL);
    c->tickets = 0;
    if (c->cfg->tls != NULL) {
        lc_tls_start(c);
    }
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &ev) < 0) {
        lc_die("epoll_ctl: %s", strerror(errno));
    }
    c->phase = LC_CONNECTING;
}

static void begin_request(struct lc_conn *c)
{
    c->request_sent = 0;
    c->head_len = 0;
    c->at_request = c->wire.in;
    c->phase = LC_SENDING;
}

void lc_conn_begin(struct lc_conn *c, int epoll_fd)
{
    if (c->phase == LC_CLOSED) {
        begin_connect(c, epoll_fd);
    } else {
        begin_request(c);
    }
}

/* Each step_ function returns false when it has to wait for the socket. */
static bool step_connecting(struct lc_conn *c)
{
    int error = 0;
    socklen_t len = sizeof(error);
    struct sockaddr_in peer;
    socklen_t peer_len = sizeof(peer);

    getsockopt(c->wire.fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if (error != 0) {
        lc_die("connect: %s (after %lu operations)", strerror(error), c->cfg->stats.operations);
    }
    if (getpeername(c->wire.fd, (struct sockaddr *)&peer, &peer_len) < 0) {
        return false; /* an early wake-up: not connected yet */
    }
    if (c->ssl != NULL) {
        c->phase = LC_HANDSHAKING;
    } else {
        begin_request(c);
    }
    return true;
}

static bool step_handshaking(struct lc_conn *c)
{
    int ret = SSL_do_handshake(c->ssl);

    if (ret == 1) {
        lc_tls_check(c);
        begin_request(c);
        return true;
    }
    switch (SSL_get_error(c->ssl, ret)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return false;
    default:
        lc_tls_die(c, "SSL_do_handshake", ret);
    }
}

static bool step_sending(struct lc_conn *c)
{
    while (c->request_sent < c->cfg->request_len) {
        int n =
            conn_write(c, c->cfg->request + c->request_sent, c->cfg->request_len - c->request_sent);

        if (n == WOULD_BLOCK) {
            return false;
        }
        c->request_sent += (size_t)n;
    }
    c->phase = LC_HEAD;
    return true;
}

/* Status and length; the only two lines of the answer's head that matter here. */
static void check_head(struct lc_conn *c)
{
    static const char name[] = "\r\nContent-Length:";
    const char *line = c->head;

    if (strncmp(c->head, "HTTP/1.1 200 ", 13) != 0) {
        lc_die("the server answered %.*s", (int)strcspn(c->head, "\r"), c->head);
    }
    while ((line = strstr(line, "\r\n")) != NULL &&
           strncasecmp(line, name, sizeof(name) - 1) != 0) {
        line += 2;
    }
    if (line == NULL) {
        lc_die("the answer has no Content-Length");
    }
    c->body_left = strtoll(line + sizeof(name) - 1, NULL, 10);
    if (c->cfg->expect_length >= 0 && c->body_left != c->cfg->expect_length) {
        lc_die("the body has %lld bytes, not %lld", c->body_left, c->cfg->expect_length);
    }
}

static void take_body(struct lc_conn *c, const void *p, size_t len)
{
    if ((long long)len > c->body_left) {
        lc_die("%zu bytes follow the body", len - (size_t)c->body_left);
    }
    if (c->hashes) {
        SHA256_Update(&c->sha256, p, len);
    }
    c->body_left -= (long long)len;
    c->cfg->stats.body_bytes += len;
}

static bool step_head(struct lc_conn *c)
{
    int n = conn_read(c, c->head + c->head_len, sizeof(c->head) - 1 - c->head_len);
    const char *end;
    size_t head_len;

    if (n == WOULD_BLOCK) {
        return false;
    }
    c->head_len += (size_t)n;
    c->head[c->head_len] = '\0';
    end = strstr(c->head, "\r\n\r\n");
    if (end == NULL) {
        if (n == 0 || c->head_len == sizeof(c->head) - 1) {
            lc_die("the answer's head %s", n == 0 ? "is cut off" : "is too long");
        }
        return true;
    }
    check_head(c);
    c->hashes = c->cfg->has_expect_sha256 && !c->cfg->hash_checked;
    c->cfg->hash_checked = true;
    SHA256_Init(&c->sha256);
    head_len = (size_t)(end + 4 - c->head);
    take_body(c, c->head + head_len, c->head_len - head_len);
    c->phase = LC_BODY;
    return true;
}

static void body_done(struct lc_conn *c)
{
    struct lc_stats *stats = &c->cfg->stats;
    uint8_t hash[SHA256_DIGEST_LENGTH];

    if (c->hashes) {
        SHA256_Final(hash, &c->sha256);
        if (memcmp(hash, c->cfg->expect_sha256, sizeof(hash)) != 0) {
            lc_die("the body's SHA-256 is not the file's");
        }
    }
    lc_range_add(&stats->records, c->wire.in.records - c->at_request.records);
    lc_range_add(&stats->wire_bytes, c->wire.in.bytes - c->at_request.bytes);
    if (c->wire.in.largest > stats->largest_record) {
        stats->largest_record = c->wire.in.largest;
    }
    stats->operations++;
    c->phase = c->cfg->closes ? LC_ENDING : LC_OPEN;
}

static bool step_body(struct lc_conn *c)
{
    static uint8_t chunk[READ_CHUNK]; /* contents are only counted: one for all */
    int n;

    if (c->body_left == 0) {
        body_done(c);
        return true;
    }
    n = conn_read(c, chunk, sizeof(chunk));
    if (n == WOULD_BLOCK) {
        return false;
    }
    if (n == 0) {
        lc_die("the body is cut off, %lld bytes are missing", c->body_left);
    }
    take_body(c, chunk, (size_t)n);
    return true;
}

/* The server closes first, as asked by Connection: close. */
static bool step_ending(struct lc_conn *c)
{
    uint8_t byte;
    int n = conn_read(c, &byte, 1);

    if (n == WOULD_BLOCK) {
        return false;
    }
    if (n > 0) {
        lc_die("bytes follow the body");
    }
    lc_conn_close(c);
    return true;
}

bool lc_conn_step(struct lc_conn *c)
{
    bool goes_on = true;

    while (goes_on) {
        /* clang-format off */
        switch (c->phase) {
        case LC_CONNECTING:  goes_on = step_connecting(c);  break;
        case LC_HANDSHAKING: goes_on = step_handshaking(c); break;
        case LC_SENDING:     goes_on = step_sending(c);     break;
        case LC_HEAD:        goes_on = step_head(c);        break;
        case LC_BODY:        goes_on = step_body(c);        break;
        case LC_ENDING:      goes_on = step_ending(c);      break;
        case LC_OPEN:
        case LC_CLOSED:      return true;
        }
        /* clang-format on */
    }
    return false;
}

bool lc_conn_is_quiet(struct lc_conn *c)
{
    uint8_t byte;

    return c->phase == LC_OPEN && conn_read(c, &byte, 1) == WOULD_BLOCK;
}

void lc_conn_close(struct lc_conn *c)
{
    if (c->phase == LC_CLOSED) {
        return;
    }
    if (c->ssl != NULL) {
        lc_range_add(&c->cfg->stats.tickets, c->tickets);
        SSL_free(c->ssl);
        c->ssl = NULL;
    }
    close(c->wire.fd);
    c->phase = LC_CLOSED;
}

void lc_conn_clear(struct lc_conn *c)
{
    lc_conn_close(c);
    SSL_SESSION_free(c->session);
    c->session = NULL;
    lc_wire_clear(&c->wire);
}
