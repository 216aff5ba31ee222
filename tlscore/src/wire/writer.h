/* SPDX-License-Identifier: Apache-2.0 */
/* wire/writer.h: the reader's mirror. Writes into a tlsc_buf; after one failure every later write is
 * a no-op, and tlsc_wr_end tells. */
#ifndef TLSC_WIRE_WRITER_H
#define TLSC_WIRE_WRITER_H

#include "base/buf.h"

typedef struct tlsc_wr {
    tlsc_buf *out;
    size_t start;   /* what was in `out` before */
    unsigned open;  /* vectors not closed yet */
    tlsc_err error; /* the first failure */
} tlsc_wr;

/* A vector whose length is filled in when it closes. */
typedef struct tlsc_wr_mark {
    size_t at;
    uint8_t length_bytes;
} tlsc_wr_mark;

/* Appends to `out`, which is borrowed until tlsc_wr_end. */
tlsc_wr tlsc_wr_of(tlsc_buf *out);

void tlsc_wr_u8(tlsc_wr *w, uint8_t v);
void tlsc_wr_u16(tlsc_wr *w, uint16_t v);
void tlsc_wr_u24(tlsc_wr *w, uint32_t v);
void tlsc_wr_u32(tlsc_wr *w, uint32_t v);
void tlsc_wr_u64(tlsc_wr *w, uint64_t v);
void tlsc_wr_bytes(tlsc_wr *w, tlsc_bytes b);

/* opaque x<0..2^8-1>, <0..2^16-1>, <0..2^24-1>, length in front. */
void tlsc_wr_vec8(tlsc_wr *w, tlsc_bytes b);
void tlsc_wr_vec16(tlsc_wr *w, tlsc_bytes b);
void tlsc_wr_vec24(tlsc_wr *w, tlsc_bytes b);

/* Opens a vector; vectors nest and close in reverse order. */
tlsc_wr_mark tlsc_wr_open8(tlsc_wr *w);
tlsc_wr_mark tlsc_wr_open16(tlsc_wr *w);
tlsc_wr_mark tlsc_wr_open24(tlsc_wr *w);
void tlsc_wr_close(tlsc_wr *w, tlsc_wr_mark m);

/* The first failure: TLSC_E_TOO_SMALL (the buffer's maximum, or a length that its field can't hold),
 * TLSC_E_NO_MEMORY, TLSC_E_INTERNAL for a vector left open. On failure `out` is as it was before. */
tlsc_err tlsc_wr_end(tlsc_wr *w);

#endif
