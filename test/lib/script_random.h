/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/script_random.h: a random source that says what it is told, and no more. */
#ifndef TEST_LIB_SCRIPT_RANDOM_H
#define TEST_LIB_SCRIPT_RANDOM_H

#include <string.h>

#include "tlscore/provider.h"

/* Gives the bytes of `script` in order, then fails. `random.ctx` must point at the struct. */
typedef struct test_script_random {
    tlsc_random random;
    tlsc_bytes script;
    size_t used;
} test_script_random;

static inline tlsc_err test_script_fill(void *ctx, uint8_t *out, size_t n)
{
    test_script_random *r = (test_script_random *)ctx;
    if (n > r->script.n - r->used) {
        return TLSC_E_RANDOM;
    }
    if (n > 0) {
        memcpy(out, r->script.p + r->used, n);
    }
    r->used += n;
    return TLSC_OK;
}

/* Sets `*r` up. in: script, borrowed. out: the table to hand on. */
static inline const tlsc_random *test_script(test_script_random *r, tlsc_bytes script)
{
    *r = (test_script_random){
        .random = { .size = sizeof(tlsc_random), .fill = test_script_fill, .ctx = r },
        .script = script,
    };
    return &r->random;
}

#endif
