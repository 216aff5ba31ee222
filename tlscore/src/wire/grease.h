/* SPDX-License-Identifier: Apache-2.0 */
/* wire/grease.h: values that mean nothing, and an order that means nothing: whoever can't bear them
 * is noticed before something new is broken by it. RFC 8701 */
#ifndef TLSC_WIRE_GREASE_H
#define TLSC_WIRE_GREASE_H

#include "wire/extensions.h"

/* What a ClientHello holds of it; 0 in all of them: none. */
typedef struct tlsc_grease {
    uint16_t suite;
    uint16_t group; /* and of a key share of one byte, if there are shares to come with it */
    uint16_t version;
    uint16_t extensions[2]; /* an empty one, and one of a byte */
} tlsc_grease;

/* Chooses them; all five are of the sixteen reserved values, the extensions two different ones. */
tlsc_grease tlsc_grease_of(uint64_t seed);
/* One of the sixteen: 0x0a0a, 0x1a1a, ... 0xfafa, by the seed's lowest four bits. */
uint16_t tlsc_grease_value(uint64_t seed);

/* Writes a block's extensions, which are well-formed and at most 64, in an order that the seed
 * decides: of two extensions the same comes first in each block with the same seed. With `is_last`
 * the last one isn't empty, if there is another: some old servers choke on that. */
void tlsc_exts_shuffle(tlsc_wr *w, tlsc_bytes block, uint64_t seed, bool is_last);

#endif
