/* SPDX-License-Identifier: Apache-2.0 */
/* wire/reader.h: the only way to look at a peer's bytes. Every read is checked against the end; a
 * bad read makes the reader bad for good and yields 0 or an empty view, so that a parser reads like
 * the RFC's struct and asks once, at the end (tlsc_rd_end). Views borrow from the input. */
#ifndef TLSC_WIRE_READER_H
#define TLSC_WIRE_READER_H

#include "tlscore/base.h"

typedef struct tlsc_rd {
    const uint8_t *p;
    size_t n; /* bytes left */
    bool bad;
} tlsc_rd;

tlsc_rd tlsc_rd_of(tlsc_bytes b);

/* Big-endian numbers. */
uint8_t tlsc_rd_u8(tlsc_rd *r);
uint16_t tlsc_rd_u16(tlsc_rd *r);
uint32_t tlsc_rd_u24(tlsc_rd *r);
uint32_t tlsc_rd_u32(tlsc_rd *r);
uint64_t tlsc_rd_u64(tlsc_rd *r);

/* The next `n` bytes: opaque x[n]. */
tlsc_bytes tlsc_rd_bytes(tlsc_rd *r, size_t n);
/* What is left. */
tlsc_bytes tlsc_rd_rest(tlsc_rd *r);

/* opaque x<floor..ceiling> behind a length of 1, 2 or 3 bytes. */
tlsc_bytes tlsc_rd_vec8(tlsc_rd *r, size_t floor, size_t ceiling);
tlsc_bytes tlsc_rd_vec16(tlsc_rd *r, size_t floor, size_t ceiling);
tlsc_bytes tlsc_rd_vec24(tlsc_rd *r, size_t floor, size_t ceiling);

/* Makes the reader bad unless `holds`. For rules that the RFC's syntax can't say. */
void tlsc_rd_check(tlsc_rd *r, bool holds);

/* True while there is something left and nothing went wrong: the loop condition for lists. */
bool tlsc_rd_more(const tlsc_rd *r);

/* TLSC_E_DECODE unless every read was good and nothing is left. */
tlsc_err tlsc_rd_end(const tlsc_rd *r);

#endif
