/* SPDX-License-Identifier: Apache-2.0 */
/* base/buf.c: the growing buffer. */
#include "base/buf.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

enum { FIRST_CAPACITY = 512 };

tlsc_err tlsc_buf_reserve(tlsc_buf *b, size_t more)
{
    if (more > b->max || b->n > b->max - more) {
        return TLSC_E_TOO_SMALL;
    }
    size_t need = b->n + more;
    if (need <= b->cap) {
        return TLSC_OK;
    }
    size_t first = b->max < FIRST_CAPACITY ? b->max : FIRST_CAPACITY;
    size_t cap = b->cap == 0 ? first : b->cap;
    while (cap < need) {
        cap = cap > b->max / 2 ? b->max : cap * 2;
    }
    uint8_t *p = (uint8_t *)tlsc_mem_alloc(cap);
    if (p == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_bytes_copy(p, tlsc_buf_bytes(b));
    tlsc_mem_free(b->p);
    b->p = p;
    b->cap = cap;
    return TLSC_OK;
}

tlsc_err tlsc_buf_append(tlsc_buf *b, tlsc_bytes data)
{
    TRY(tlsc_buf_reserve(b, data.n));
    if (data.n > 0) {
        memcpy(b->p + b->n, data.p, data.n);
        b->n += data.n;
    }
    return TLSC_OK;
}

void tlsc_buf_consume(tlsc_buf *b, size_t n)
{
    if (n >= b->n) {
        tlsc_buf_clear(b);
        return;
    }
    memmove(b->p, b->p + n, b->n - n);
    tlsc_wipe(b->p + b->n - n, n);
    b->n -= n;
}

void tlsc_buf_clear(tlsc_buf *b)
{
    tlsc_mem_free(b->p);
    b->p = NULL;
    b->n = 0;
    b->cap = 0;
}
