/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/wire_hand.c: a connection driven by tlsc_conn_open and tlsc_conn_seal, in place, on two
 * buffers: one with bytes from the runner, one with records for it. */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "outcome.h"

enum {
    IN_CAP = 1 << 18,
    MAX_RECORDS = 128 /* in one batch */
};

struct hand {
    uint8_t *in;
    size_t in_at; /* done with up to here */
    size_t in_n;
    tlsc_bytes plain; /* what is left of the last record's data: a view into `in` */
    uint8_t *out;
    size_t out_at; /* sent up to here */
    size_t out_n;
};

static tlsc_err hand_open(struct wire *w)
{
    struct hand *h = calloc(1, sizeof(*h));

    if (h != NULL) {
        h->in = malloc(IN_CAP);
    }
    if (h == NULL || h->in == NULL) {
        free(h);
        return TLSC_E_NO_MEMORY;
    }
    w->state = h;
    return TLSC_OK;
}

static void hand_close(struct wire *w)
{
    struct hand *h = w->state;

    free(h->in);
    free(h->out);
    free(h);
    tlsc_conn_free(w->conn);
}

/* ---- in ---- */

/* What tlsc_conn_open promises of its outputs. */
static void check_opened(const struct hand *h, const tlsc_opened *o, tlsc_err e)
{
    const uint8_t *from = h->in + h->in_at;

    if (o->consumed > h->in_n - h->in_at) {
        outcome_broken("more was consumed than was there");
    }
    if (o->data.n > 0 && (e != TLSC_OK || o->data.p < from ||
                          o->data.p + o->data.n > from + o->consumed)) {
        outcome_broken("data that was not consumed, or after an error");
    }
    if (o->needed > 0 && (o->needed > TLSC_MAX_RECORD || o->data.n > 0)) {
        outcome_broken("more is needed than a record, or beside data");
    }
}

/* Opens records until one has data, a pause begins or bytes are missing. */
static tlsc_err hand_step(struct wire *w)
{
    struct hand *h = w->state;

    while (h->plain.n == 0 && h->in_at < h->in_n) {
        tlsc_opened o;
        tlsc_wait wait = tlsc_conn_wait(w->conn);
        bool paused = wait != TLSC_WAIT_NONE && wait != TLSC_WAIT_MESSAGE;

        tlsc_err e = tlsc_conn_open(w->conn, h->in + h->in_at, h->in_n - h->in_at, &o);
        check_opened(h, &o, e);
        if (paused && o.consumed > 0) {
            outcome_broken("bytes were consumed in a pause");
        }
        h->plain = o.data;
        h->in_at += o.consumed;
        if (e != TLSC_OK || paused || o.needed > 0 || o.consumed == 0) {
            return e;
        }
    }
    return TLSC_OK;
}

static tlsc_err hand_feed(struct wire *w, const uint8_t *data, size_t n)
{
    struct hand *h = w->state;

    if (h->plain.n > 0) {
        outcome_broken("fed before the last record was read");
    }
    memmove(h->in, h->in + h->in_at, h->in_n - h->in_at);
    h->in_n -= h->in_at;
    h->in_at = 0;
    if (n > IN_CAP - h->in_n) {
        outcome_broken("tlscore doesn't take what it is given");
    }
    memcpy(h->in + h->in_n, data, n);
    h->in_n += n;
    return hand_step(w);
}

static size_t hand_read(struct wire *w, uint8_t *out, size_t cap)
{
    struct hand *h = w->state;
    size_t n = h->plain.n < cap ? h->plain.n : cap;

    if (n > 0) {
        memcpy(out, h->plain.p, n);
        h->plain.p += n;
        h->plain.n -= n;
    }
    return n;
}

static bool hand_is_dead(struct wire *w)
{
    uint8_t byte[1] = { 0 };
    tlsc_opened o;

    return tlsc_conn_open(w->conn, byte, sizeof(byte), &o) != TLSC_OK && o.consumed <= 1;
}

/* ---- out ---- */

/* Room for `n` bytes behind what waits to be sent. */
static uint8_t *make_room(struct hand *h, size_t n)
{
    size_t waiting = h->out_n - h->out_at;
    uint8_t *grown = malloc(waiting + n);

    if (grown == NULL) {
        return NULL;
    }
    if (waiting > 0) {
        memcpy(grown, h->out + h->out_at, waiting);
    }
    free(h->out);
    h->out = grown;
    h->out_at = 0;
    h->out_n = waiting;
    return grown + waiting;
}

/* Seals one batch: `num` records of the lengths given, whose data starts at `data`. */
static tlsc_err seal_batch(struct wire *w, const uint8_t *data, const size_t *lens, size_t num)
{
    struct hand *h = w->state;
    tlsc_plan plan;
    size_t len = 0;

    tlsc_err e = tlsc_conn_plan(w->conn, num, &plan);
    if (e != TLSC_OK) {
        return e;
    }
    size_t cap = tlsc_plan_size(&plan, lens, num);
    uint8_t *buf = make_room(h, cap + 1);
    if (buf == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    buf[cap] = 0xa5;
    for (size_t k = 0; k < num; k++) {
        memcpy(buf + tlsc_plan_offset(&plan, lens, k), data, lens[k]);
        data += lens[k];
    }
    e = tlsc_conn_seal(w->conn, &plan, buf, cap, lens, num, &len);
    if (e == TLSC_OK && (len > cap || buf[cap] != 0xa5)) {
        outcome_broken("a batch is longer than planned");
    }
    h->out_n += e == TLSC_OK ? len : 0;
    return e;
}

static tlsc_err hand_write(struct wire *w, const uint8_t *data, size_t n)
{
    size_t lens[MAX_RECORDS];
    size_t num = 0;
    tlsc_plan plan;

    if (n == 0) {
        return TLSC_OK;
    }
    tlsc_err e = tlsc_conn_plan(w->conn, 1, &plan); /* for max_data alone */
    if (e != TLSC_OK) {
        return e;
    }
    for (size_t left = n; left > 0; left -= lens[num++]) {
        if (num == MAX_RECORDS) {
            outcome_broken("%zu bytes are too many for one batch", n);
        }
        lens[num] = left < plan.max_data ? left : plan.max_data;
    }
    return seal_batch(w, data, lens, num);
}

static tlsc_err hand_output(struct wire *w, tlsc_bytes *out)
{
    struct hand *h = w->state;
    tlsc_err e = TLSC_OK;

    if (tlsc_conn_has_output(w->conn)) {
        e = seal_batch(w, NULL, NULL, 0);
        if (e == TLSC_OK && tlsc_conn_has_output(w->conn)) {
            outcome_broken("control records are left over");
        }
    }
    *out = (tlsc_bytes){ h->out_n > h->out_at ? h->out + h->out_at : NULL, h->out_n - h->out_at };
    return e;
}

static void hand_sent(struct wire *w, size_t n)
{
    struct hand *h = w->state;

    h->out_at += n;
}

const struct wire_ops wire_by_hand = {
    .open = hand_open,
    .feed = hand_feed,
    .step = hand_step,
    .read = hand_read,
    .write = hand_write,
    .output = hand_output,
    .sent = hand_sent,
    .is_dead = hand_is_dead,
    .close = hand_close,
};
