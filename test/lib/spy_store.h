/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/spy_store.h: a store in memory that can be asked what was said to it, and told to fail or
 * to answer later. */
#ifndef TEST_LIB_SPY_STORE_H
#define TEST_LIB_SPY_STORE_H

#include "base/buf.h"
#include "tlscore/session.h"

typedef struct spy_store {
    tlsc_memory_store *memory;
    tlsc_store inner;
    tlsc_store store; /* what a configuration takes */
    tlsc_err put_fails;
    tlsc_err look_up_fails;
    bool later;
    unsigned puts;
    unsigned gets;
    unsigned takes;
    tlsc_buf value; /* the last that was put */
    uint32_t lifetime_s;
} spy_store;

/* Not to be copied: its store points at it. in: a clock, as tlsc_memory_store_new's. */
void spy_open(spy_store *spy, int64_t *now_ms);
void spy_close(spy_store *spy);
/* What the memory behind it has, for an answer to TLSC_WAIT_SESSION; 0: nothing. */
size_t spy_look_up(spy_store *spy, tlsc_bytes key, bool take, uint8_t *out, size_t cap);

#endif
