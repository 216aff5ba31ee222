/* SPDX-License-Identifier: Apache-2.0 */
/* base/buf.h: a growing byte buffer that has a maximum from birth and wipes what it leaves. */
#ifndef TLSC_BASE_BUF_H
#define TLSC_BASE_BUF_H

#include "tlscore/base.h"

/* A zeroed one with `max` set is empty and valid. */
typedef struct tlsc_buf {
    uint8_t *p;
    size_t n;   /* bytes in use */
    size_t cap; /* bytes allocated */
    size_t max; /* bytes that it may ever hold */
} tlsc_buf;

static inline tlsc_buf tlsc_buf_of(size_t max)
{
    return (tlsc_buf){ .max = max };
}

/* Makes room for `more` bytes behind the used ones. errors: TLSC_E_TOO_SMALL over the maximum,
 * TLSC_E_NO_MEMORY. */
tlsc_err tlsc_buf_reserve(tlsc_buf *b, size_t more);
/* Appends. errors: as above. `data` must not lie in the buffer. */
tlsc_err tlsc_buf_append(tlsc_buf *b, tlsc_bytes data);
/* Drops `n` bytes at the front, at most all. The memory goes when the buffer gets empty. */
void tlsc_buf_consume(tlsc_buf *b, size_t n);
/* Wipes and releases; the maximum stays, so it can be used again. */
void tlsc_buf_clear(tlsc_buf *b);

static inline tlsc_bytes tlsc_buf_bytes(const tlsc_buf *b)
{
    return (tlsc_bytes){ b->p, b->n };
}

#endif
