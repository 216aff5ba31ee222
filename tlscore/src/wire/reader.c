/* SPDX-License-Identifier: Apache-2.0 */
/* wire/reader.c: pointer arithmetic on a peer's bytes happens here and nowhere else. */
#include "wire/reader.h"

static tlsc_bytes take(tlsc_rd *r, size_t n)
{
    if (r->bad || n > r->n) {
        r->bad = true;
        return (tlsc_bytes){ NULL, 0 };
    }
    tlsc_bytes b = { r->p, n };
    if (n > 0) { /* NULL + 0 is undefined in C */
        r->p += n;
        r->n -= n;
    }
    return b;
}

static uint64_t number(tlsc_rd *r, size_t n)
{
    tlsc_bytes b = take(r, n);
    uint64_t v = 0;
    for (size_t i = 0; i < b.n; i++) {
        v = v << 8 | b.p[i];
    }
    return v;
}

static tlsc_bytes vector(tlsc_rd *r, size_t length_bytes, size_t floor, size_t ceiling)
{
    size_t n = (size_t)number(r, length_bytes);
    if (n < floor || n > ceiling) {
        r->bad = true;
    }
    return take(r, n);
}

tlsc_rd tlsc_rd_of(tlsc_bytes b)
{
    return (tlsc_rd){ b.p, b.n, false };
}

uint8_t tlsc_rd_u8(tlsc_rd *r)
{
    return (uint8_t)number(r, 1);
}

uint16_t tlsc_rd_u16(tlsc_rd *r)
{
    return (uint16_t)number(r, 2);
}

uint32_t tlsc_rd_u24(tlsc_rd *r)
{
    return (uint32_t)number(r, 3);
}

uint32_t tlsc_rd_u32(tlsc_rd *r)
{
    return (uint32_t)number(r, 4);
}

uint64_t tlsc_rd_u64(tlsc_rd *r)
{
    return number(r, 8);
}

tlsc_bytes tlsc_rd_bytes(tlsc_rd *r, size_t n)
{
    return take(r, n);
}

tlsc_bytes tlsc_rd_rest(tlsc_rd *r)
{
    return take(r, r->bad ? 0 : r->n);
}

tlsc_bytes tlsc_rd_vec8(tlsc_rd *r, size_t floor, size_t ceiling)
{
    return vector(r, 1, floor, ceiling);
}

tlsc_bytes tlsc_rd_vec16(tlsc_rd *r, size_t floor, size_t ceiling)
{
    return vector(r, 2, floor, ceiling);
}

tlsc_bytes tlsc_rd_vec24(tlsc_rd *r, size_t floor, size_t ceiling)
{
    return vector(r, 3, floor, ceiling);
}

void tlsc_rd_check(tlsc_rd *r, bool holds)
{
    if (!holds) {
        r->bad = true;
    }
}

bool tlsc_rd_more(const tlsc_rd *r)
{
    return !r->bad && r->n > 0;
}

tlsc_err tlsc_rd_end(const tlsc_rd *r)
{
    return r->bad || r->n != 0 ? TLSC_E_DECODE : TLSC_OK;
}
