/* SPDX-License-Identifier: Apache-2.0 */
/* wire/grease.c: see the header. */
#include "wire/grease.h"

#include "wire/reader.h"

enum { EXTENSIONS_MAX = 64, HEADER = 4 };

uint16_t tlsc_grease_value(uint64_t seed)
{
    unsigned byte = (unsigned)(seed & 15) << 4 | 0x0a;
    return (uint16_t)(byte << 8 | byte);
}

tlsc_grease tlsc_grease_of(uint64_t seed)
{
    tlsc_grease g = {
        .suite = tlsc_grease_value(seed),
        .group = tlsc_grease_value(seed >> 4),
        .version = tlsc_grease_value(seed >> 8),
        .extensions = { tlsc_grease_value(seed >> 12), tlsc_grease_value(seed >> 16) },
    };
    if (g.extensions[0] == g.extensions[1]) {
        g.extensions[1] ^= 0x1010; /* another of the sixteen */
    }
    return g;
}

typedef struct placed {
    uint64_t place;
    tlsc_bytes raw;
} placed;

/* The finalizer of MurmurHash3: nothing here is a secret. */
static uint64_t place_of(uint16_t code, uint64_t seed)
{
    uint64_t x = seed ^ ((uint64_t)code << 32 | code);
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

static size_t find_places(tlsc_bytes block, uint64_t seed, placed list[EXTENSIONS_MAX])
{
    size_t num = 0;
    tlsc_rd r = tlsc_rd_of(block);
    while (tlsc_rd_more(&r) && num < EXTENSIONS_MAX) {
        tlsc_rd start = r;
        uint16_t code = tlsc_rd_u16(&r);
        tlsc_bytes data = tlsc_rd_vec16(&r, 0, 65535);
        placed p = { place_of(code, seed), tlsc_rd_bytes(&start, HEADER + data.n) };
        size_t at = num++;
        for (; at > 0 && list[at - 1].place > p.place; at--) {
            list[at] = list[at - 1];
        }
        list[at] = p;
    }
    return num;
}

/* Moves the last one that has contents to the end. */
static void end_with_contents(placed *list, size_t num)
{
    size_t at = num;
    while (at > 0 && list[at - 1].raw.n == HEADER) {
        at--;
    }
    if (at == 0 || at == num) {
        return;
    }
    placed last = list[at - 1];
    for (; at < num; at++) {
        list[at - 1] = list[at];
    }
    list[num - 1] = last;
}

void tlsc_exts_shuffle(tlsc_wr *w, tlsc_bytes block, uint64_t seed, bool is_last)
{
    placed list[EXTENSIONS_MAX];
    size_t num = find_places(block, seed, list);
    if (is_last) {
        end_with_contents(list, num);
    }
    for (size_t i = 0; i < num; i++) {
        tlsc_wr_bytes(w, list[i].raw);
    }
}
