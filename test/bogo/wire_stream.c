/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/wire_stream.c: a connection driven through tlsc_stream. */
#include "wire.h"

static tlsc_err stream_open(struct wire *w)
{
    tlsc_stream *s = NULL;
    tlsc_err e = tlsc_stream_new(w->conn, &s);

    w->state = s;
    return e;
}

static tlsc_err stream_feed(struct wire *w, const uint8_t *data, size_t n)
{
    return tlsc_stream_feed(w->state, data, n);
}

static tlsc_err stream_step(struct wire *w)
{
    return tlsc_stream_step(w->state);
}

static size_t stream_read(struct wire *w, uint8_t *out, size_t cap)
{
    return tlsc_stream_read(w->state, out, cap);
}

static tlsc_err stream_write(struct wire *w, const uint8_t *data, size_t n)
{
    return tlsc_stream_write(w->state, data, n);
}

static tlsc_err stream_output(struct wire *w, tlsc_bytes *out)
{
    return tlsc_stream_output(w->state, out);
}

static void stream_sent(struct wire *w, size_t n)
{
    tlsc_stream_sent(w->state, n);
}

static bool stream_is_dead(struct wire *w)
{
    return tlsc_stream_step(w->state) != TLSC_OK;
}

static void stream_close(struct wire *w)
{
    tlsc_stream_free(w->state);
}

const struct wire_ops wire_by_stream = {
    .open = stream_open,
    .feed = stream_feed,
    .step = stream_step,
    .read = stream_read,
    .write = stream_write,
    .output = stream_output,
    .sent = stream_sent,
    .is_dead = stream_is_dead,
    .close = stream_close,
};
