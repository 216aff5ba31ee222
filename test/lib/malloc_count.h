/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/malloc_count.h: counts what the whole process takes from the heap, libcrypto and libc
 * included: malloc_count.c stands in for malloc and its kin in the program that it is linked into (in
 * libtest it would do so in every test). Under AddressSanitizer, which has an allocator of its own, it
 * listens to that. */
#ifndef TEST_LIB_MALLOC_COUNT_H
#define TEST_LIB_MALLOC_COUNT_H

#include <stdint.h>

typedef struct malloc_count {
    uint64_t calls; /* that took memory, since the process started */
    int64_t blocks; /* not yet freed */
    int64_t bytes;  /* in them, as malloc_usable_size says, with the chunk's header */
} malloc_count;

/* Begins to count; call it first. */
void malloc_count_begin(void);
malloc_count malloc_count_now(void);

#endif
