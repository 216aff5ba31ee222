/* SPDX-License-Identifier: Apache-2.0 */
/* base/mem.c: malloc with a size in front, for wiping; counters; fault injection. */
#include "base/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

/* The header keeps the block behind it aligned for any type, AES round keys included. */
typedef struct mem_header {
    _Alignas(16) size_t n;
} mem_header;

/* The counters are writable statics (crypto/sodium/arena.c has the others), and exist for tests alone. They are
 * relaxed, for they order nothing, and lie in stripes of a cache line each, so that the threads of
 * a server, which else share nothing in a handshake, don't take turns at one line. A block may be
 * freed in another stripe than it was taken in: only the sums, modulo 2^64, mean something. */
enum { STRIPES = 16, CACHE_LINE = 64, PAGE_BITS = 12 };

typedef struct stripe {
    _Alignas(CACHE_LINE) atomic_uint_fast64_t taken;
    atomic_uint_fast64_t refused;
    atomic_uint_fast64_t freed;
    atomic_uint_fast64_t live_bytes;
} stripe;

static stripe stripes[STRIPES];

/* The fault: counted from when it was set, over all threads. 0 is none. */
static atomic_uint_fast64_t fail_at;
static atomic_uint_fast64_t since_set;
static atomic_bool fail_after;

static stripe *my_stripe(void)
{
    /* pthread_self is an address at the thread's stack, and stacks lie pages apart. */
    return &stripes[((uintptr_t)pthread_self() >> PAGE_BITS) % STRIPES];
}

static void count(atomic_uint_fast64_t *counter, uint_fast64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static bool fault_is_due(void)
{
    uint_fast64_t at = atomic_load_explicit(&fail_at, memory_order_relaxed);
    if (at == 0) {
        return false;
    }
    uint_fast64_t now = atomic_fetch_add_explicit(&since_set, 1, memory_order_relaxed) + 1;
    return now == at || (now > at && atomic_load_explicit(&fail_after, memory_order_relaxed));
}

void *tlsc_mem_alloc(size_t n)
{
    stripe *s = my_stripe();
    mem_header *h = NULL;
    if (n <= SIZE_MAX - sizeof(mem_header) && !fault_is_due()) {
        h = (mem_header *)malloc(sizeof(mem_header) + n);
    }
    if (h == NULL) {
        count(&s->refused, 1);
        return NULL;
    }
    h->n = n;
    count(&s->taken, 1);
    count(&s->live_bytes, n);
    return h + 1;
}

void *tlsc_mem_zalloc(size_t n)
{
    void *p = tlsc_mem_alloc(n);
    if (p != NULL) {
        memset(p, 0, n);
    }
    return p;
}

void tlsc_mem_free(void *p)
{
    if (p == NULL) {
        return;
    }
    mem_header *h = (mem_header *)p - 1;
    stripe *s = my_stripe();
    count(&s->freed, 1);
    count(&s->live_bytes, 0 - (uint_fast64_t)h->n);
    tlsc_wipe(p, h->n);
    free(h);
}

size_t tlsc_mem_size(const void *p)
{
    return p == NULL ? 0 : ((const mem_header *)p - 1)->n;
}

void *tlsc_mem_dup(tlsc_bytes from)
{
    void *p = tlsc_mem_alloc(from.n);
    if (p != NULL) {
        tlsc_bytes_copy((uint8_t *)p, from);
    }
    return p;
}

void tlsc_wipe(void *p, size_t n)
{
    if (n == 0) {
        return;
    }
    memset(p, 0, n);
    /* The compiler must believe that somebody reads the zeroes. */
    __asm__ __volatile__("" : : "r"(p) : "memory");
}

void tlsc_mem_get_stats(tlsc_mem_stats *out)
{
    *out = (tlsc_mem_stats){ 0 };
    for (size_t i = 0; i < STRIPES; i++) {
        const stripe *s = &stripes[i];
        uint64_t taken = atomic_load_explicit(&s->taken, memory_order_relaxed);
        out->allocations += taken + atomic_load_explicit(&s->refused, memory_order_relaxed);
        out->live += taken - atomic_load_explicit(&s->freed, memory_order_relaxed);
        out->live_bytes += atomic_load_explicit(&s->live_bytes, memory_order_relaxed);
    }
}

void tlsc_memory_now(tlsc_memory *out)
{
    tlsc_mem_stats stats;
    if (out->size == sizeof(*out)) {
        tlsc_mem_get_stats(&stats);
        *out = (tlsc_memory){ sizeof(*out), stats.allocations, stats.live, stats.live_bytes };
    }
}

void tlsc_mem_fail_at(uint64_t n, bool and_after)
{
    atomic_store_explicit(&fail_after, and_after, memory_order_relaxed);
    atomic_store_explicit(&since_set, 0, memory_order_relaxed);
    atomic_store_explicit(&fail_at, n, memory_order_relaxed);
}
