/* SPDX-License-Identifier: Apache-2.0 */
/* wire/writer.c: big-endian output with lengths that fill themselves in. */
#include "wire/writer.h"

#include "base/bytes.h"
#include "base/mem.h"

static void fail(tlsc_wr *w, tlsc_err e)
{
    if (w->error == TLSC_OK) {
        w->error = e;
    }
}

static bool put(tlsc_wr *w, tlsc_bytes b)
{
    if (w->error == TLSC_OK) {
        fail(w, tlsc_buf_append(w->out, b));
    }
    return w->error == TLSC_OK;
}

static void store(uint8_t *to, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
    }
}

static void number(tlsc_wr *w, uint64_t v, size_t n)
{
    uint8_t b[8];
    store(b, v, n);
    (void)put(w, tlsc_bytes_of(b, n));
}

static void vector(tlsc_wr *w, size_t length_bytes, tlsc_bytes b)
{
    if (b.n >> (8 * length_bytes) != 0) {
        fail(w, TLSC_E_TOO_SMALL);
        return;
    }
    number(w, b.n, length_bytes);
    (void)put(w, b);
}

static tlsc_wr_mark open_vector(tlsc_wr *w, uint8_t length_bytes)
{
    tlsc_wr_mark m = { w->out->n, length_bytes };
    number(w, 0, length_bytes);
    w->open++;
    return m;
}

tlsc_wr tlsc_wr_of(tlsc_buf *out)
{
    return (tlsc_wr){ .out = out, .start = out->n };
}

void tlsc_wr_u8(tlsc_wr *w, uint8_t v)
{
    number(w, v, 1);
}

void tlsc_wr_u16(tlsc_wr *w, uint16_t v)
{
    number(w, v, 2);
}

void tlsc_wr_u24(tlsc_wr *w, uint32_t v)
{
    number(w, v, 3);
}

void tlsc_wr_u32(tlsc_wr *w, uint32_t v)
{
    number(w, v, 4);
}

void tlsc_wr_u64(tlsc_wr *w, uint64_t v)
{
    number(w, v, 8);
}

void tlsc_wr_bytes(tlsc_wr *w, tlsc_bytes b)
{
    (void)put(w, b);
}

void tlsc_wr_vec8(tlsc_wr *w, tlsc_bytes b)
{
    vector(w, 1, b);
}

void tlsc_wr_vec16(tlsc_wr *w, tlsc_bytes b)
{
    vector(w, 2, b);
}

void tlsc_wr_vec24(tlsc_wr *w, tlsc_bytes b)
{
    vector(w, 3, b);
}

tlsc_wr_mark tlsc_wr_open8(tlsc_wr *w)
{
    return open_vector(w, 1);
}

tlsc_wr_mark tlsc_wr_open16(tlsc_wr *w)
{
    return open_vector(w, 2);
}

tlsc_wr_mark tlsc_wr_open24(tlsc_wr *w)
{
    return open_vector(w, 3);
}

void tlsc_wr_close(tlsc_wr *w, tlsc_wr_mark m)
{
    if (w->open == 0) {
        fail(w, TLSC_E_INTERNAL);
        return;
    }
    w->open--;
    if (w->error != TLSC_OK) {
        return;
    }
    size_t n = w->out->n - m.at - m.length_bytes;
    if (n >> (8 * m.length_bytes) != 0) {
        fail(w, TLSC_E_TOO_SMALL);
        return;
    }
    store(w->out->p + m.at, n, m.length_bytes);
}

tlsc_err tlsc_wr_end(tlsc_wr *w)
{
    if (w->open != 0) {
        fail(w, TLSC_E_INTERNAL);
    }
    if (w->error != TLSC_OK && w->out->n > w->start) {
        tlsc_wipe(w->out->p + w->start, w->out->n - w->start);
        w->out->n = w->start;
    }
    return w->error;
}
