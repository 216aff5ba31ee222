/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/malloc_count.c: malloc and its kin, counted. */
#include "malloc_count.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_uint_fast64_t calls;
static atomic_int_fast64_t blocks;
static atomic_int_fast64_t bytes;

static void took(size_t n)
{
    atomic_fetch_add(&calls, 1);
    atomic_fetch_add(&blocks, 1);
    atomic_fetch_add(&bytes, (int_fast64_t)n);
}

static void gave(size_t n)
{
    atomic_fetch_sub(&blocks, 1);
    atomic_fetch_sub(&bytes, (int_fast64_t)n);
}

malloc_count malloc_count_now(void)
{
    return (malloc_count){ atomic_load(&calls), atomic_load(&blocks), atomic_load(&bytes) };
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#endif

#ifdef HAS_ASAN

/* sanitizer/allocator_interface.h, which not every compiler brings */
extern int __sanitizer_install_malloc_and_free_hooks(
    void (*malloc_hook)(const volatile void *p, size_t n),
    void (*free_hook)(const volatile void *p));
extern size_t __sanitizer_get_allocated_size(const volatile void *p);

static void on_malloc(const volatile void *p, size_t n)
{
    (void)p;
    took(n);
}

static void on_free(const volatile void *p)
{
    gave(__sanitizer_get_allocated_size(p));
}

void malloc_count_begin(void)
{
    static bool begun;
    if (!begun) {
        begun = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0;
    }
}

#else

/* shared libraries take these in place of libc's only if they can see them */
#pragma GCC visibility push(default)

/* glibc's own names of what stands behind its malloc */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t num, size_t n);
extern void *__libc_realloc(void *p, size_t n);
extern void *__libc_memalign(size_t alignment, size_t n);
extern void __libc_free(void *p);

void malloc_count_begin(void)
{
}

static size_t chunk(void *p)
{
    return malloc_usable_size(p) + sizeof(size_t);
}

static void *taken(void *p)
{
    if (p != NULL) {
        took(chunk(p));
    }
    return p;
}

void *malloc(size_t n)
{
    return taken(__libc_malloc(n));
}

void *calloc(size_t num, size_t n)
{
    return taken(__libc_calloc(num, n));
}

void *realloc(void *p, size_t n)
{
    size_t before = p == NULL ? 0 : chunk(p);
    void *q = __libc_realloc(p, n);
    if (p != NULL && (q != NULL || n == 0)) {
        gave(before);
    }
    return taken(q);
}

void *reallocarray(void *p, size_t num, size_t n)
{
    size_t all;
    if (__builtin_mul_overflow(num, n, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(p, all);
}

void *memalign(size_t alignment, size_t n)
{
    return taken(__libc_memalign(alignment, n));
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return taken(__libc_memalign(alignment, n));
}

int posix_memalign(void **out, size_t alignment, size_t n)
{
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
        return EINVAL;
    }
    void *p = taken(__libc_memalign(alignment, n));
    if (p == NULL) {
        return ENOMEM;
    }
    *out = p;
    return 0;
}

void free(void *p)
{
    if (p != NULL) {
        gave(chunk(p));
    }
    __libc_free(p);
}

#pragma GCC visibility pop

#endif
