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

/* memcpy that accepts nothing at NULL. */
static inline void tlsc_bytes_copy(uint8_t *to, tlsc_bytes from)
{
    if (from.n > 0) {
        memcpy(to, from.p, from.n);
    }
}

#endif
