/* SPDX-License-Identifier: Apache-2.0 */
/* base/mem.h: the library's allocator. It wipes what it frees, counts, and can be told to fail, so
 * that tests walk every out-of-memory path; libcrypto allocates through it too. */
#ifndef TLSC_BASE_MEM_H
#define TLSC_BASE_MEM_H

#include "tlscore/base.h"

/* Allocates `n` zeroed bytes, aligned to 16. NULL when memory is short. n = 0 gives a valid block. */
void *tlsc_mem_zalloc(size_t n);
/* The same, uninitialised. */
void *tlsc_mem_alloc(size_t n);
/* Wipes and frees. NULL is fine. */
void tlsc_mem_free(void *p);
/* The size that was asked for; 0 for NULL. */
size_t tlsc_mem_size(const void *p);

/* An allocated copy. NULL when memory is short. */
void *tlsc_mem_dup(tlsc_bytes from);

/* Overwrites in a way that the compiler keeps. */
void tlsc_wipe(void *p, size_t n);

/* For tests: numbers since the process started, and a fault. */
typedef struct tlsc_mem_stats {
    uint64_t allocations;
    uint64_t live;       /* blocks not yet freed */
    uint64_t live_bytes; /* as asked for */
} tlsc_mem_stats;
void tlsc_mem_get_stats(tlsc_mem_stats *out);
/* The n-th allocation from now fails (1 is the next), and, if `and_after`, every later one; 0 ends
 * that. Counted over all threads. */
void tlsc_mem_fail_at(uint64_t n, bool and_after);

#endif
