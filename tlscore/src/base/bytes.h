/* SPDX-License-Identifier: Apache-2.0 */
/* base/bytes.h: small helpers on tlsc_bytes. */
#ifndef TLSC_BASE_BYTES_H
#define TLSC_BASE_BYTES_H

#include <string.h>

#include "tlscore/base.h"

static inline tlsc_bytes tlsc_bytes_of(const void *p, size_t n)
{
    return (tlsc_bytes){ (const uint8_t *)p, n };
}

/* A view of a string without its terminator. */
static inline tlsc_bytes tlsc_bytes_of_str(const char *s)
{
    return tlsc_bytes_of(s, strlen(s));
}

/* Not for secrets: its time tells where the first difference is. See tlsc_ct_equal. */
static inline bool tlsc_bytes_equal(tlsc_bytes a, tlsc_bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Numbers in network order, each stored and loaded as a whole: bytes that are stored one by one and then
 * loaded together make a CPU wait until all it has stored before is in its cache. */
static inline void tlsc_bytes_put_u32(uint8_t *to, uint32_t v)
{
    const uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
    memcpy(to, b, sizeof(b));
}

static inline void tlsc_bytes_put_u64(uint8_t *to, uint64_t v)
{
    const uint8_t b[8] = { (uint8_t)(v >> 56), (uint8_t)(v >> 48), (uint8_t)(v >> 40),
                           (uint8_t)(v >> 32), (uint8_t)(v >> 24), (uint8_t)(v >> 16),
                           (uint8_t)(v >> 8),  (uint8_t)v };
    memcpy(to, b, sizeof(b));
}

static inline uint32_t tlsc_bytes_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t tlsc_bytes_u64(const uint8_t *p)
{
    return (uint64_t)tlsc_bytes_u32(p) << 32 | tlsc_bytes_u32(p + 4);
}

/* memcpy that accepts nothing at NULL. */
static inline void tlsc_bytes_copy(uint8_t *to, tlsc_bytes from)
{
    if (from.n > 0) {
        memcpy(to, from.p, from.n);
    }
}

#endif
