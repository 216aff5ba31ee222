/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/reader_vs_cbs.c: wire/reader.h does what libcrypto's CBS does, call by call.
 *
 * Input: a length byte, that many operations of two bytes (which, and an argument), the data. */
#include <openssl/bytestring.h>

#include "base/bytes.h"
#include "fuzz.h"
#include "wire/reader.h"

/* Both readers on the same data; `bad` is CBS's half of the stickiness that ours has built in. */
typedef struct twins {
    tlsc_rd r;
    CBS cbs;
    bool bad;
} twins;

static void same_state(const twins *t)
{
    must(t->r.bad == t->bad);
    must(tlsc_rd_more(&t->r) == (!t->bad && CBS_len(&t->cbs) > 0));
    must((tlsc_rd_end(&t->r) == TLSC_OK) == (!t->bad && CBS_len(&t->cbs) == 0));
    if (!t->bad) {
        must(t->r.n == CBS_len(&t->cbs));
        must(t->r.n == 0 || t->r.p == CBS_data(&t->cbs));
    }
}

static void same_view(twins *t, tlsc_bytes ours, bool ok, const CBS *theirs)
{
    if (t->bad || !ok) {
        t->bad = true;
        must(ours.n == 0);
        return;
    }
    must(ours.n == CBS_len(theirs));
    must(ours.n == 0 || ours.p == CBS_data(theirs));
}

static void same_number(twins *t, uint64_t ours, bool ok, uint64_t theirs)
{
    if (t->bad || !ok) {
        t->bad = true;
        must(ours == 0);
        return;
    }
    must(ours == theirs);
}

static void number(twins *t, unsigned which)
{
    uint8_t v8 = 0;
    uint16_t v16 = 0;
    uint32_t v32 = 0;
    uint64_t v64 = 0;
    switch (which) {
    case 0:
        same_number(t, tlsc_rd_u8(&t->r), CBS_get_u8(&t->cbs, &v8), v8);
        break;
    case 1:
        same_number(t, tlsc_rd_u16(&t->r), CBS_get_u16(&t->cbs, &v16), v16);
        break;
    case 2:
        same_number(t, tlsc_rd_u24(&t->r), CBS_get_u24(&t->cbs, &v32), v32);
        break;
    case 3:
        same_number(t, tlsc_rd_u32(&t->r), CBS_get_u32(&t->cbs, &v32), v32);
        break;
    default:
        same_number(t, tlsc_rd_u64(&t->r), CBS_get_u64(&t->cbs, &v64), v64);
        break;
    }
}

static void vector(twins *t, unsigned which, size_t argument)
{
    CBS v;
    CBS_init(&v, NULL, 0);
    size_t floor = argument & 0x0f;
    size_t ceiling = floor + (argument >> 4) * 300;
    tlsc_bytes ours;
    bool ok;
    if (which == 0) {
        ours = tlsc_rd_vec8(&t->r, floor, ceiling);
        ok = CBS_get_u8_length_prefixed(&t->cbs, &v);
    } else if (which == 1) {
        ours = tlsc_rd_vec16(&t->r, floor, ceiling);
        ok = CBS_get_u16_length_prefixed(&t->cbs, &v);
    } else {
        ours = tlsc_rd_vec24(&t->r, floor, ceiling);
        ok = CBS_get_u24_length_prefixed(&t->cbs, &v);
    }
    same_view(t, ours, ok && CBS_len(&v) >= floor && CBS_len(&v) <= ceiling, &v);
}

static void step(twins *t, unsigned operation, size_t argument)
{
    CBS v;
    CBS_init(&v, NULL, 0);
    switch (operation % 12) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
        number(t, operation % 12);
        break;
    case 5:
    case 6:
    case 7:
        vector(t, operation % 12 - 5, argument);
        break;
    case 8:
        same_view(t, tlsc_rd_bytes(&t->r, argument), CBS_get_bytes(&t->cbs, &v, argument), &v);
        break;
    case 9: {
        size_t n = CBS_len(&t->cbs);
        same_view(t, tlsc_rd_rest(&t->r), CBS_get_bytes(&t->cbs, &v, n), &v);
        break;
    }
    case 10:
        tlsc_rd_check(&t->r, argument != 0);
        t->bad = t->bad || argument == 0;
        break;
    default: { /* a length that no data has */
        size_t n = SIZE_MAX - argument;
        same_view(t, tlsc_rd_bytes(&t->r, n), CBS_get_bytes(&t->cbs, &v, n), &v);
        break;
    }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsc_rd input = tlsc_rd_of(tlsc_bytes_of(data, size));
    tlsc_rd script = tlsc_rd_of(tlsc_rd_vec8(&input, 0, 255));
    tlsc_bytes rest = tlsc_rd_rest(&input);
    twins t = { .r = tlsc_rd_of(rest) };
    CBS_init(&t.cbs, rest.p, rest.n);
    same_state(&t);
    while (tlsc_rd_more(&script)) {
        uint8_t operation = tlsc_rd_u8(&script);
        uint8_t argument = tlsc_rd_u8(&script);
        step(&t, operation, argument);
        same_state(&t);
    }
    return 0;
}
