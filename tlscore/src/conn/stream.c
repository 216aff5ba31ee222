/* SPDX-License-Identifier: Apache-2.0 */
/* conn/stream.c: the convenience layer with buffers of its own. */
#include "tlscore/stream.h"

#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "conn/conn.h"

/* What may lie in a stream unread or unsent, per direction; a program that lets more pile up is told. */
enum { BUFFER_MAX = 1 << 26 };

struct tlsc_stream {
    tlsc_conn *conn;
    const tlsc_config *config; /* the answer to TLSC_WAIT_CONFIG, a reference; NULL: it's the caller's */
    tlsc_buf in;    /* from the peer, not opened yet */
    tlsc_buf plain; /* opened, not read yet */
    tlsc_buf out;   /* for the peer */
};

tlsc_err tlsc_stream_new(tlsc_conn *c, tlsc_stream **out)
{
    *out = NULL;
    tlsc_stream *s = (tlsc_stream *)tlsc_mem_zalloc(sizeof(*s));
    if (s == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    s->conn = c;
    s->in = tlsc_buf_of(BUFFER_MAX);
    s->plain = tlsc_buf_of(BUFFER_MAX);
    s->out = tlsc_buf_of(BUFFER_MAX);
    *out = s;
    return TLSC_OK;
}

/* A stream around a connection that is nobody's yet. */
static tlsc_err wrap(tlsc_conn *c, tlsc_stream **out)
{
    tlsc_err rc = tlsc_stream_new(c, out);
    if (rc != TLSC_OK) {
        tlsc_conn_free(c);
    }
    return rc;
}

tlsc_err tlsc_stream_new_client(const tlsc_config *config, const char *name,
                                int64_t (*now_ms)(void *ctx), tlsc_stream **out)
{
    const tlsc_conn_options options = { .size = sizeof(options), .now_ms = now_ms };
    const tlsc_client_options client = {
        .size = sizeof(client),
        .name = tlsc_bytes_of((const uint8_t *)name, strlen(name)),
    };
    tlsc_conn *c;
    *out = NULL;
    TRY(tlsc_conn_new_client(&options, config, &client, &c));
    return wrap(c, out);
}

tlsc_err tlsc_stream_new_server(const tlsc_config *config, int64_t (*now_ms)(void *ctx),
                                tlsc_stream **out)
{
    const tlsc_conn_options options = { .size = sizeof(options), .now_ms = now_ms };
    tlsc_conn *c;
    *out = NULL;
    TRY(tlsc_conn_new_server(&options, &c));
    TRY(wrap(c, out));
    (*out)->config = tlsc_config_ref(config);
    return TLSC_OK;
}

void tlsc_stream_free(tlsc_stream *s)
{
    if (s == NULL) {
        return;
    }
    tlsc_config_free(s->config);
    tlsc_conn_free(s->conn);
    tlsc_buf_clear(&s->in);
    tlsc_buf_clear(&s->plain);
    tlsc_buf_clear(&s->out);
    tlsc_mem_free(s);
}

tlsc_conn *tlsc_stream_conn(tlsc_stream *s)
{
    return s->conn;
}

tlsc_err tlsc_stream_feed(tlsc_stream *s, const uint8_t *data, size_t n)
{
    TRY(tlsc_buf_append(&s->in, tlsc_bytes_of(data, n)));
    return tlsc_stream_step(s);
}

/* Opens what was fed, as far as it goes. */
static tlsc_err open_all(tlsc_stream *s)
{
    size_t at = 0;
    tlsc_err rc = s->conn->failure.code; /* an answer may have failed, with nothing left to open */
    bool moved = true;
    while (rc == TLSC_OK && moved && at < s->in.n) {
        tlsc_opened opened;
        rc = tlsc_conn_open(s->conn, s->in.p + at, s->in.n - at, &opened);
        if (rc == TLSC_OK && opened.data.n > 0) {
            rc = tlsc_buf_append(&s->plain, opened.data);
        }
        at += opened.consumed;
        moved = opened.consumed > 0;
    }
    tlsc_buf_consume(&s->in, at);
    return rc;
}

tlsc_err tlsc_stream_step(tlsc_stream *s)
{
    TRY(open_all(s));
    if (s->config == NULL || tlsc_conn_wait(s->conn) != TLSC_WAIT_CONFIG) {
        return TLSC_OK;
    }
    tlsc_opened opened;
    TRY(tlsc_conn_answer_config(s->conn, s->config, (tlsc_bytes){ NULL, 0 }, NULL, &opened));
    return open_all(s);
}

size_t tlsc_stream_read(tlsc_stream *s, uint8_t *out, size_t cap)
{
    size_t n = s->plain.n < cap ? s->plain.n : cap;
    if (n > 0) {
        memcpy(out, s->plain.p, n);
        tlsc_buf_consume(&s->plain, n);
    }
    return n;
}

/* Seals one record of at most max_data bytes behind what waits already; returns how many. */
static tlsc_err seal_some(tlsc_stream *s, tlsc_bytes data, size_t *taken)
{
    tlsc_plan plan;
    size_t num = data.n > 0 ? 1 : 0;
    TRY(tlsc_conn_plan(s->conn, num, &plan));
    size_t n = data.n < plan.max_data ? data.n : plan.max_data;
    size_t need = tlsc_plan_size(&plan, &n, num);
    TRY(tlsc_buf_reserve(&s->out, need));
    uint8_t *at = s->out.p + s->out.n;
    size_t sealed;
    TRY(tlsc_conn_seal_from(s->conn, &plan, at, need, &data.p, &n, num, &sealed));
    s->out.n += sealed;
    *taken = num > 0 ? n : 0;
    return TLSC_OK;
}

tlsc_err tlsc_stream_write(tlsc_stream *s, const uint8_t *data, size_t n)
{
    size_t at = 0;
    while (at < n) {
        size_t taken = 0;
        TRY(seal_some(s, tlsc_bytes_of(data + at, n - at), &taken));
        at += taken;
    }
    return TLSC_OK;
}

tlsc_err tlsc_stream_output(tlsc_stream *s, tlsc_bytes *out)
{
    size_t taken;
    if (tlsc_conn_has_output(s->conn)) {
        TRY(seal_some(s, tlsc_bytes_of(NULL, 0), &taken));
    }
    *out = tlsc_buf_bytes(&s->out);
    return TLSC_OK;
}

void tlsc_stream_sent(tlsc_stream *s, size_t n)
{
    tlsc_buf_consume(&s->out, n);
}
