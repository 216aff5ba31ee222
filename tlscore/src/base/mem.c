/* SPDX-License-Identifier: Apache-2.0 */
/* base/mem.c: malloc with a size in front, for wiping; counters; fault injection. */
#include "base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

/* The header keeps the block behind it aligned for any type, AES round keys included. */
typedef struct mem_header {
    _Alignas(16) size_t n;
} mem_header;

/* The counters are relaxed: they order nothing. They are the only writable statics of the library,
 * and exist for tests alone; a lost cache line is paid once an allocation, of which a record on an
 * established connection has none. */
static atomic_uint_fast64_t allocations;
static atomic_uint_fast64_t live;
static atomic_uint_fast64_t live_bytes;
static atomic_uint_fast64_t fail_at;
static atomic_bool fail_after;

static bool fault_is_due(void)
{
    uint_fast64_t at = atomic_load_explicit(&fail_at, memory_order_relaxed);
    if (at == 0) {
        return false;
    }
    uint_fast64_t now = atomic_load_explicit(&allocations, memory_order_relaxed);
    return now == at || (now > at && atomic_load_explicit(&fail_after, memory_order_relaxed));
}

void *tlsc_mem_alloc(size_t n)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    if (n > SIZE_MAX - sizeof(mem_header) || fault_is_due()) {
        return NULL;
    }
    mem_header *h = (mem_header *)malloc(sizeof(mem_header) + n);
    if (h == NULL) {
        return NULL;
    }
    h->n = n;
    atomic_fetch_add_explicit(&live, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&live_bytes, n, memory_order_relaxed);
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
    atomic_fetch_sub_explicit(&live, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&live_bytes, h->n, memory_order_relaxed);
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
    out->allocations = atomic_load_explicit(&allocations, memory_order_relaxed);
    out->live = atomic_load_explicit(&live, memory_order_relaxed);
    out->live_bytes = atomic_load_explicit(&live_bytes, memory_order_relaxed);
}

void tlsc_mem_fail_at(uint64_t n, bool and_after)
{
    uint64_t now = atomic_load_explicit(&allocations, memory_order_relaxed);
    atomic_store_explicit(&fail_after, and_after, memory_order_relaxed);
    atomic_store_explicit(&fail_at, n == 0 ? 0 : now + n, memory_order_relaxed);
}
