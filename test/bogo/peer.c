/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/peer.c: bytes to and from the runner. With -async they go one at a time. */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "checks.h"
#include "outcome.h"
#include "pauses.h"
#include "sessions.h"

enum {
    MAX_PROTOCOLS = 8,
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

/* ---- a new connection ---- */

void peer_session_clear(struct peer_session *session)
{
    free(session->p);
    *session = (struct peer_session){ .p = NULL };
}

static void on_session(void *ctx, tlsc_bytes session)
{
    struct peer *p = ctx;
    tlsc_session_info info;
    uint8_t *copy = malloc(session.n);

    if (copy == NULL || tlsc_session_describe(session, &info) != TLSC_OK) {
        outcome_broken("a session that can't be described");
    }
    if (info.issued_ms != sessions_now_ms(NULL) || info.expires_ms < info.issued_ms) {
        outcome_broken("a new session is not from now, or has expired");
    }
    peer_session_clear(&p->fresh);
    memcpy(copy, session.p, session.n);
    p->fresh = (struct peer_session){ copy, session.n };
    p->new_sessions++;
}

/* The protocols of -advertise-alpn, each behind a byte with its length. */
static size_t list_protocols(const char *flag, tlsc_bytes *out)
{
    const uint8_t *at = (const uint8_t *)flag;
    size_t left = flag != NULL ? strlen(flag) : 0;
    size_t num = 0;

    while (left > 0) {
        size_t n = at[0];
        if (n + 1 > left || num == MAX_PROTOCOLS) {
            outcome_broken("-advertise-alpn %s", flag);
        }
        out[num++] = (tlsc_bytes){ at + 1, n };
        at += 1 + n;
        left -= 1 + n;
    }
    return num;
}

static tlsc_err new_client(struct peer *p, const tlsc_conn_options *options,
                           const struct peer_session *session)
{
    const struct settings *s = p->s;
    tlsc_bytes protocols[MAX_PROTOCOLS];
    tlsc_bytes offered = { session->p, session->n };
    tlsc_client_options client = { .size = sizeof(client),
                                   .sessions = &offered,
                                   .num_sessions = session->n > 0 ? 1 : 0,
                                   .early_data = s->enable_early_data,
                                   .on_session = on_session,
                                   .session_ctx = p };

    if (s->host_name != NULL) {
        client.name = (tlsc_bytes){ (const uint8_t *)s->host_name, strlen(s->host_name) };
    }
    client.num_alpn = list_protocols(s->advertise_alpn, protocols);
    client.alpn = client.num_alpn > 0 ? protocols : NULL;
    client.fallback = s->fallback_scsv;
    return tlsc_conn_new_client(options, p->host->config, &client, &p->conn);
}

/* May a client send early data, perhaps after a verdict, and has the server said what becomes of
 * it? */
static void note_early_data(struct peer *p)
{
    tlsc_info info;

    tlsc_conn_info(p->conn, &info);
    if (!p->offered && !p->s->server && tlsc_conn_early_data_left(p->conn) > 0) {
        p->offered = true;
        p->early = true;
        p->host->judge.retry = p->retry;
    }
    if (p->early && p->s->expect_no_offer_early_data) {
        outcome_broken("early data is offered");
    }
    if (!p->early || info.early_data == TLSC_EARLY_PENDING) {
        return;
    }
    p->early = info.early_data == TLSC_EARLY_ACCEPTED && !info.handshake_done;
    p->rejected = info.early_data != TLSC_EARLY_ACCEPTED;
    if (info.early_data_sent != p->early_sent) {
        outcome_broken("%u bytes of early data were sent, not %u", (unsigned)info.early_data_sent,
                       (unsigned)p->early_sent);
    }
}

/* Keeps the first traffic secrets: a line is a label, the client's random, the secret. */
static void key_log(void *ctx, const char *line, size_t n)
{
    static const char *const labels[] = { "CLIENT_TRAFFIC_SECRET_0 ", "SERVER_TRAFFIC_SECRET_0 " };
    struct peer *p = ctx;

    for (size_t i = 0; i < 2; i++) {
        size_t skip = strlen(labels[i]) + 2 * 32 + 1;
        if (n > skip && n - skip < sizeof(p->secrets[i]) &&
            memcmp(line, labels[i], strlen(labels[i])) == 0) {
            memcpy(p->secrets[i], line + skip, n - skip);
            p->secrets[i][n - skip] = '\0';
        }
    }
}

tlsc_err peer_open(struct peer *p, const struct flags *flags, const struct settings *s,
                   struct host *host, bool is_resume, const struct peer_session *session)
{
    const struct wire_ops *ops = s->async ? &wire_by_stream : &wire_by_hand;
    tlsc_conn_options options = { .size = sizeof(options),
                                  .now_ms = sessions_now_ms,
                                  .max_early_data_skip = MAX_EARLY_DATA_SKIP,
                                  .external_tickets = s->async && s->use_ticket_aead_callback };

    *p = (struct peer){ .s = s,
                        .retry = &flags->retry,
                        .host = host,
                        .is_resume = is_resume,
                        .chosen = TLSC_ALERT_NONE,
                        .fd = -1 };
    p->stored_before = sessions_num_stored();
    if (s->max_send_fragment != FLAGS_NONE) {
        options.max_fragment = (uint16_t)s->max_send_fragment;
    }
    if (s->export_traffic_secrets) {
        options.key_log = key_log;
        options.key_log_ctx = p;
    }
    if (s->max_cert_list != FLAGS_NONE) {
        options.max_handshake_message = (uint32_t)s->max_cert_list;
    }
    tlsc_err e = s->server ? tlsc_conn_new_server(&options, &p->conn)
                           : new_client(p, &options, session);
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
    note_early_data(p);
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

static bool handshake_done(const struct peer *p)
{
    tlsc_info info;

    tlsc_conn_info(p->conn, &info);
    return info.handshake_done;
}

/* What the handshake has to say leaves before anything is read, and with it what waits before it.
 * Later answers, to a KeyUpdate say, wait for the next write, as BoringSSL's do: tests count them.
 * */
static tlsc_err flush_handshake(struct peer *p)
{
    bool done = handshake_done(p);

    if (p->handshake_sent) {
        return TLSC_OK;
    }
    p->handshake_sent = done;
    return peer_flush(p, SIZE_MAX);
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
    for (ssize_t i = 0; i < n && p->first_n < sizeof(p->first); i++) {
        p->first[p->first_n++] = buf[i];
    }
    return p->wire.ops->feed(&p->wire, buf, (size_t)n);
}

/* May data go to and fro? */
static bool may_exchange(const struct peer *p)
{
    tlsc_info info;

    tlsc_conn_info(p->conn, &info);
    return info.handshake_done || p->early ||
           (p->s->server && info.early_data == TLSC_EARLY_ACCEPTED);
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
    (void)flush_all(p); /* what failed before counts */
    if (!p->s->server) {
        checks_skip_older_server(p, e);
    }
    checks_skip_refused(p, e);
    checks_failure(p, e);
    return e;
}

tlsc_err peer_abort(struct peer *p, uint8_t alert)
{
    tlsc_err e = tlsc_conn_abort(p->conn, alert);

    if (e != TLSC_OK) {
        outcome_broken("aborting gave %s", tlsc_err_name(e));
    }
    p->chosen = (tlsc_alert)alert;
    return failed(p, TLSC_E_ABORTED);
}

/* One step: answers a pause, or sends what is ready and waits for more. Sets `*end` at the end of
 * the runner's stream. */
static tlsc_err advance(struct peer *p, bool *end)
{
    tlsc_wait wait = tlsc_conn_wait(p->conn);
    tlsc_err e;

    if (wait == TLSC_WAIT_NONE || wait == TLSC_WAIT_MESSAGE) {
        e = flush_handshake(p);
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
    note_early_data(p);
    return e == TLSC_OK ? e : failed(p, e);
}

static void check_once(struct peer *p)
{
    if (!p->checked && !p->rejected && handshake_done(p)) {
        checks_handshake(p);
        p->checked = true;
    }
}

tlsc_err peer_handshake(struct peer *p)
{
    tlsc_err e = TLSC_OK;

    while (e == TLSC_OK && !may_exchange(p) && !p->rejected) {
        bool end = false;
        e = advance(p, &end);
    }
    if (e != TLSC_OK) {
        return e;
    }
    check_once(p);
    return flush_handshake(p);
}

static bool was_taken(const struct peer *p, int64_t message)
{
    enum { SERVER_HELLO = 2, ENCRYPTED_EXTENSIONS = 8 };
    tlsc_info info;

    tlsc_conn_info(p->conn, &info);
    return (message == SERVER_HELLO && info.version != 0) ||
           (message == ENCRYPTED_EXTENSIONS && info.early_data == TLSC_EARLY_ACCEPTED);
}

tlsc_err peer_handshake_until(struct peer *p, int64_t message)
{
    tlsc_err e = TLSC_OK;

    while (e == TLSC_OK && !was_taken(p, message)) {
        bool end = false;
        e = advance(p, &end);
    }
    if (e == TLSC_OK && handshake_done(p)) {
        outcome_broken("the handshake is done, and not after message %d", (int)message);
    }
    return e;
}

tlsc_err peer_read(struct peer *p, uint8_t *out, size_t cap, size_t *n)
{
    bool end = false;

    for (;;) {
        tlsc_info info;
        check_once(p);
        if (p->rejected) {
            *n = 0;
            return TLSC_OK;
        }
        *n = p->wire.ops->read(&p->wire, out, cap);
        if (*n > 0) {
            return TLSC_OK;
        }
        tlsc_err e = peer_step(p);
        note_early_data(p);
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

/* Writes as much as may go now. */
static tlsc_err write_some(struct peer *p, const uint8_t *data, size_t n, size_t *written)
{
    size_t left = p->early ? tlsc_conn_early_data_left(p->conn) : n;
    size_t now = left < n ? left : n;

    *written = now;
    tlsc_err e = now > 0 || n == 0 ? p->wire.ops->write(&p->wire, data, now) : TLSC_OK;
    if (e == TLSC_OK && p->early) {
        p->early_sent += (uint32_t)now;
    }
    return e == TLSC_OK ? flush_all(p) : e;
}

tlsc_err peer_write(struct peer *p, const uint8_t *data, size_t n)
{
    tlsc_err e = peer_handshake(p);

    while (e == TLSC_OK && !p->rejected) {
        size_t written = 0;
        e = write_some(p, data, n, &written);
        data += written;
        n -= written;
        if (e != TLSC_OK || n == 0) {
            return e;
        }
        /* more than may go as early data: the rest follows the handshake */
        bool end = false;
        e = advance(p, &end);
        check_once(p);
    }
    return e;
}

void peer_start_over(struct peer *p)
{
    p->s = p->retry;
    p->host->judge.s = p->retry;
    p->rejected = false;
    p->hold_output = false;
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
    peer_session_clear(&p->fresh);
    *p = (struct peer){ .fd = -1 };
}
