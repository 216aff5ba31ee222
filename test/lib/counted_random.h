/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/counted_random.h: a provider whose random bytes count: what it makes is the same each
 * time. */
#ifndef TEST_LIB_COUNTED_RANDOM_H
#define TEST_LIB_COUNTED_RANDOM_H

#include "tlscore/provider.h"

/* The n-th byte asked for is a mix of n. Not to be copied: `random.ctx` points at it. */
typedef struct test_counted_provider {
    tlsc_provider provider;
    tlsc_random random;
    uint32_t state;
} test_counted_provider;

static inline tlsc_err test_counted_fill(void *ctx, uint8_t *out, size_t n)
{
    test_counted_provider *p = (test_counted_provider *)ctx;
    for (size_t i = 0; i < n; i++) {
        p->state = p->state * 1664525u + 1013904223u;
        out[i] = (uint8_t)(p->state >> 24);
    }
    return TLSC_OK;
}

/* Makes `*p` a copy of `real` with the counting random. */
static inline const tlsc_provider *test_counted(test_counted_provider *p, const tlsc_provider *real)
{
    *p = (test_counted_provider){ .provider = *real };
    p->random = (tlsc_random){ .size = sizeof(tlsc_random), .fill = test_counted_fill, .ctx = p };
    p->provider.random = &p->random;
    return &p->provider;
}

#endif
