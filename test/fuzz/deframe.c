/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/deframe.c: a stream cut at any places is the same records and the same messages.
 *
 * Input: a byte whose lowest bit says whether the peer protects its records, a byte of how many
 * bytes come at once, and the stream. */
#include "record/deframe.h"

#include "base/bytes.h"
#include "fuzz.h"
#include "record/join.h"
#include "tlscore/conn.h"
#include "wire/enums.h"

enum { LONGEST = 4096 };

typedef struct tally {
    tlsc_err error;
    size_t records;
    size_t messages;
    size_t consumed;
    uint32_t sum; /* of types and lengths, in their order */
} tally;

static void mix(tally *t, uint32_t v)
{
    t->sum = t->sum * 31 + v;
}

/* A record's contents go into messages: each whole, in order, its header its length. */
static void take_contents(tally *t, tlsc_join *j, tlsc_bytes contents)
{
    tlsc_msg msg;
    bool found = true;
    t->error = tlsc_join_add(j, contents);
    while (t->error == TLSC_OK && found) {
        uint8_t type = 0;
        bool begun = tlsc_join_type(j, &type);
        t->error = tlsc_join_next(j, &msg, &found);
        if (t->error == TLSC_OK && found) {
            must(begun && type == msg.type && msg.body.n <= LONGEST);
            must(msg.raw.n == msg.body.n + 4 && msg.raw.p[0] == msg.type);
            must(msg.ends_record == !tlsc_join_pending(j));
            t->messages++;
            mix(t, msg.type);
            mix(t, (uint32_t)msg.body.n);
        }
    }
    must(t->error == TLSC_OK || t->error == TLSC_E_MESSAGE_TOO_LONG);
}

static bool take_record(tally *t, tlsc_join *j, tlsc_bytes stream, bool sealed)
{
    tlsc_deframed d;
    t->error = tlsc_deframe(&d, stream, t->records == 0, sealed);
    if (t->error != TLSC_OK) {
        must(d.size == 0);
        return false;
    }
    must((d.size == 0) != (d.needed == 0));
    must(d.size <= stream.n && d.size <= TLSC_MAX_RECORD);
    if (d.size == 0) {
        return false;
    }
    must(d.size == (size_t)TLSC_RECORD_HEADER + d.header.length);
    t->records++;
    t->consumed += d.size;
    mix(t, d.header.type);
    mix(t, d.header.length);
    if (d.header.type == TLSC_CT_HANDSHAKE) {
        take_contents(t, j, tlsc_bytes_of(stream.p + TLSC_RECORD_HEADER, d.header.length));
    }
    return t->error == TLSC_OK;
}

static tally cut(tlsc_bytes stream, size_t piece, bool sealed)
{
    tally t = { TLSC_OK, 0, 0, 0, 0 };
    tlsc_join j;
    tlsc_join_init(&j, LONGEST);
    for (size_t there = 0; t.error == TLSC_OK && there < stream.n;) {
        there = stream.n - there < piece ? stream.n : there + piece;
        while (
            take_record(&t, &j, tlsc_bytes_of(stream.p + t.consumed, there - t.consumed), sealed)) {
        }
    }
    tlsc_join_clear(&j);
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    tlsc_bytes stream = { data + 2, size - 2 };
    bool sealed = (data[0] & 1) != 0;
    tally whole = cut(stream, stream.n + 1, sealed);
    tally pieces = cut(stream, (size_t)data[1] + 1, sealed);
    must(whole.error == pieces.error && whole.records == pieces.records);
    must(whole.messages == pieces.messages && whole.consumed == pieces.consumed);
    must(whole.sum == pieces.sum);
    return 0;
}
