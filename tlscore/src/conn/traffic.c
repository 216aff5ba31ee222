/* SPDX-License-Identifier: Apache-2.0 */
/* conn/traffic.c: batches of application data and control records on their way out. */
#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "conn/conn.h"
#include "handshake/post13.h"

bool tlsc_conn_has_output(const tlsc_conn *c)
{
    return c->rl.out.n > 0;
}

void tlsc_conn_send_tickets(tlsc_conn *c)
{
    if (c->hs == NULL && c->failure.code == TLSC_OK && !c->write_closed &&
        c->outcome.tickets_due > 0) {
        tlsc_err rc =
            tlsc_post13_send_tickets(c->provider, &c->options, &c->outcome, &c->rl);
        if (rc != TLSC_OK) {
            (void)tlsc_conn_fail(c, rc);
        }
    }
}

/* Application data may go out: after the handshake, and before where the role allows it. */
static bool may_send_data(const tlsc_conn *c)
{
    return (c->hs == NULL || c->hs->may_write) && !c->write_closed && c->failure.code == TLSC_OK;
}

/* What a client sends now is early data. */
static bool is_early(const tlsc_conn *c)
{
    return c->client && c->hs != NULL && !c->hs->post_handshake;
}

size_t tlsc_conn_early_data_left(const tlsc_conn *c)
{
    return is_early(c) && may_send_data(c) ? c->hs->early_left : 0;
}

/* Early data ends where its key or the server's limit does; there is no way to new keys. */
static tlsc_err plan_early(const tlsc_conn *c, size_t num_records)
{
    const tlsc_protect *wr = &c->rl.wr;
    bool fits = tlsc_conn_early_data_left(c) >= num_records &&
                wr->seq + num_records < wr->suite->confidentiality_limit;
    return fits ? TLSC_OK : TLSC_E_NOT_READY;
}

/* A key is replaced before it protects more records than its suite says, the KeyUpdate itself counted.
 * RFC 8446 5.5 */
static tlsc_err renew_keys_for(tlsc_conn *c, size_t num_records)
{
    uint64_t limit = c->rl.wr.suite->confidentiality_limit;
    if (num_records >= limit) {
        return TLSC_E_USAGE;
    }
    if (c->rl.wr.seq + num_records < limit) {
        return TLSC_OK;
    }
    if (c->hs != NULL && !c->hs->post_handshake) { /* KeyUpdate has no place before Finished */
        return TLSC_E_NOT_READY;
    }
    if (c->outcome.version == TLSC_TLS12) { /* which has no other way to new keys */
        TRY(tlsc_conn_close(c));
        return TLSC_E_CLOSED;
    }
    TRY(tlsc_post13_send_key_update(&c->rl, false));
    c->key_updates_sent++;
    return TLSC_OK;
}

tlsc_err tlsc_conn_plan(tlsc_conn *c, size_t num_records, tlsc_plan *out)
{
    memset(out, 0, sizeof(*out));
    if (num_records > 0) {
        if (c->failure.code != TLSC_OK || c->write_closed) {
            return TLSC_E_CLOSED;
        }
        if (!may_send_data(c)) {
            return TLSC_E_NOT_READY;
        }
        tlsc_conn_send_tickets(c);
        tlsc_err rc = is_early(c) ? plan_early(c, num_records) : renew_keys_for(c, num_records);
        if (rc == TLSC_E_NOT_READY) {
            return rc;
        }
        if (rc != TLSC_OK) {
            return rc == TLSC_E_USAGE || rc == TLSC_E_CLOSED ? rc : tlsc_conn_fail(c, rc);
        }
    }
    out->front = c->rl.out.n;
    out->head = tlsc_protect_head(&c->rl.wr);
    out->tail = tlsc_protect_tail(&c->rl.wr);
    out->max_data = c->rl.max_fragment;
    tlsc_rl_plan_padding(&c->rl, out);
    if (num_records > 0 && is_early(c) && c->hs->early_left < out->max_data) {
        out->max_data = c->hs->early_left;
    }
    return TLSC_OK;
}

/* The batch's size on the wire, or 0 if it doesn't fit its plan. */
static size_t batch_size(const tlsc_conn *c, const tlsc_plan *plan, const size_t *lens,
                         size_t num_records)
{
    for (size_t i = 0; i < num_records; i++) {
        if (lens[i] == 0 || lens[i] > c->rl.max_fragment) {
            return 0;
        }
    }
    return tlsc_plan_size(plan, lens, num_records);
}

/* Takes a batch off what may be sent early; false if that is too little. */
static bool take_early(tlsc_conn *c, const size_t *lens, size_t num_records)
{
    size_t size = 0;
    for (size_t i = 0; i < num_records; i++) {
        size += lens[i];
    }
    if (!is_early(c)) {
        return true;
    }
    if (size > c->hs->early_left) {
        return false;
    }
    c->hs->early_left -= (uint32_t)size;
    c->outcome.early_data_sent += (uint32_t)size;
    return true;
}

/* Each record's data lies in its place or outside of all that is written. */
static bool lies_well(const tlsc_plan *plan, const uint8_t *buf, const uint8_t *const *from,
                      const size_t *lens, size_t num_records)
{
    uintptr_t start = (uintptr_t)buf;
    uintptr_t end = start + tlsc_plan_size(plan, lens, num_records);
    for (size_t i = 0; i < num_records; i++) {
        uintptr_t data = (uintptr_t)from[i];
        if (from[i] != NULL && from[i] != buf + tlsc_plan_offset(plan, lens, i) && data < end &&
            start < data + lens[i]) {
            return false;
        }
    }
    return true;
}

static tlsc_err seal_records(tlsc_conn *c, const tlsc_plan *plan, uint8_t *at,
                             const uint8_t *const *from, const size_t *lens, size_t num_records)
{
    for (size_t i = 0; i < num_records; i++) {
        size_t padding = tlsc_plan_padding(plan, lens[i]);
        uint8_t *data = at + plan->head;
        TRY(tlsc_protect_seal_from(&c->rl.wr, TLSC_CT_APPLICATION_DATA,
                                   from != NULL && from[i] != NULL ? from[i] : data, data, lens[i],
                                   padding));
        at += plan->head + lens[i] + padding + plan->tail;
    }
    return TLSC_OK;
}

/* Nothing has come between that would lay it out in another way. */
static bool is_fresh(const tlsc_conn *c, const tlsc_plan *plan)
{
    tlsc_plan now = { .front = c->rl.out.n };
    tlsc_rl_plan_padding(&c->rl, &now);
    return plan->front == now.front && plan->head == tlsc_protect_head(&c->rl.wr) &&
           plan->tail == tlsc_protect_tail(&c->rl.wr) && plan->pad_block == now.pad_block &&
           plan->pad_min == now.pad_min && plan->pad_max == now.pad_max;
}

tlsc_err tlsc_conn_seal(tlsc_conn *c, const tlsc_plan *plan, uint8_t *buf, size_t cap,
                        const size_t *lens, size_t num_records, size_t *out_len)
{
    return tlsc_conn_seal_from(c, plan, buf, cap, NULL, lens, num_records, out_len);
}

tlsc_err tlsc_conn_seal_from(tlsc_conn *c, const tlsc_plan *plan, uint8_t *buf, size_t cap,
                             const uint8_t *const *from, const size_t *lens, size_t num_records,
                             size_t *out_len)
{
    *out_len = 0;
    size_t size = batch_size(c, plan, lens, num_records);
    if (!is_fresh(c, plan) || (num_records > 0 && (!may_send_data(c) || size == 0)) ||
        (num_records > 0 && c->rl.wr.seq + num_records >=
                                c->rl.wr.suite->confidentiality_limit)) {
        return TLSC_E_USAGE;
    }
    if (size > cap) {
        return TLSC_E_TOO_SMALL;
    }
    if (from != NULL && !lies_well(plan, buf, from, lens, num_records)) {
        return TLSC_E_USAGE;
    }
    if (num_records > 0 && !take_early(c, lens, num_records)) {
        return TLSC_E_USAGE;
    }
    tlsc_err rc = seal_records(c, plan, buf + plan->front, from, lens, num_records);
    if (rc != TLSC_OK) {
        return tlsc_conn_fail(c, rc);
    }
    tlsc_bytes_copy(buf, tlsc_buf_bytes(&c->rl.out));
    tlsc_buf_clear(&c->rl.out);
    c->update_queued = false;
    *out_len = size;
    return TLSC_OK;
}

tlsc_err tlsc_conn_close(tlsc_conn *c)
{
    if (c->write_closed) {
        return TLSC_OK;
    }
    TRY(tlsc_rl_put_alert(&c->rl, TLSC_ALERT_close_notify));
    c->rl.ended = true; /* a handshake under way says nothing more */
    c->write_closed = true;
    c->close_sent = true;
    return TLSC_OK;
}

tlsc_err tlsc_conn_update_keys(tlsc_conn *c, bool request_peer)
{
    if (c->hs != NULL) {
        return c->failure.code != TLSC_OK ? TLSC_E_CLOSED : TLSC_E_NOT_READY;
    }
    if (c->write_closed) {
        return TLSC_E_CLOSED;
    }
    if (c->outcome.version != TLSC_TLS13) {
        return TLSC_E_UNSUPPORTED;
    }
    tlsc_err rc = tlsc_post13_send_key_update(&c->rl, request_peer);
    if (rc != TLSC_OK) {
        return tlsc_conn_fail(c, rc);
    }
    c->key_updates_sent++;
    return TLSC_OK;
}
