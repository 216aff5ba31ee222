/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_shm.c: the one segment of shared memory. */
#include "tlsx_shm.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <apr_shm.h>

enum {
    MAGIC = 0x784c5354, /* "TSLx" in memory */
    LAYOUT = 1,         /* of this header */
    MAX_PARTS = 8
};

/* What stands at the front of the segment. */
typedef struct header {
    uint32_t magic;
    uint32_t layout;
    uint64_t total;
    uint32_t num_parts;
    uint32_t reserved;
    struct {
        uint32_t kind;
        uint32_t version;
        uint64_t offset; /* from the header's start */
        uint64_t size;
    } parts[MAX_PARTS];
} header;

struct tlsx_shm {
    apr_shm_t *apr;
    header *head; /* on a page's border */
};

static size_t page(void)
{
    long size = sysconf(_SC_PAGESIZE);

    return size > 0 ? (size_t)size : 4096;
}

static size_t to_page(size_t n)
{
    return (n + page() - 1) & ~(page() - 1);
}

/* APR puts a word of its own in front of what it hands out; a page's border is further on. */
static header *aligned_base(apr_shm_t *apr)
{
    uintptr_t base = (uintptr_t)apr_shm_baseaddr_get(apr);

    return (header *)to_page(base);
}

/* Keeps a part's pages out of core dumps. */
static void hide(void *at, uint64_t size)
{
#ifdef MADV_DONTDUMP
    (void)madvise(at, to_page((size_t)size), MADV_DONTDUMP);
#else
    (void)at;
    (void)size;
#endif
}

static void lay_out(header *head, const tlsx_shm_part *parts, unsigned num_parts, uint64_t total)
{
    uint64_t offset = page();

    for (unsigned i = 0; i < num_parts; i++) {
        head->parts[i].kind = parts[i].kind;
        head->parts[i].version = parts[i].version;
        head->parts[i].offset = offset;
        head->parts[i].size = parts[i].size;
        hide((char *)head + offset, parts[i].size);
        offset += to_page((size_t)parts[i].size);
    }
    head->num_parts = num_parts;
    head->total = total;
    head->layout = LAYOUT;
    head->magic = MAGIC;
}

static uint64_t total_of(const tlsx_shm_part *parts, unsigned num_parts)
{
    uint64_t total = page();

    for (unsigned i = 0; i < num_parts; i++) {
        total += to_page((size_t)parts[i].size);
    }
    return total;
}

static bool fits(const tlsx_shm *segment, const tlsx_shm_part *parts, unsigned num_parts)
{
    if (segment->head->num_parts != num_parts) {
        return false;
    }
    for (unsigned i = 0; i < num_parts; i++) {
        if (!tlsx_shm_find(segment, parts[i].kind, parts[i].version, parts[i].size)) {
            return false;
        }
    }
    return true;
}

static apr_status_t make(apr_pool_t *pool, const tlsx_shm_part *parts, unsigned num_parts,
                         tlsx_shm **out)
{
    uint64_t total = total_of(parts, num_parts);
    tlsx_shm *segment = apr_pcalloc(pool, sizeof(*segment));
    apr_status_t rv = num_parts <= MAX_PARTS
                          ? apr_shm_create(&segment->apr, (apr_size_t)total + page(), NULL, pool)
                          : APR_EINVAL;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    segment->head = aligned_base(segment->apr);
    memset(segment->head, 0, (size_t)total);
    lay_out(segment->head, parts, num_parts, total);
    *out = segment;
    return APR_SUCCESS;
}

static void copy_parts(const tlsx_shm *from, const tlsx_shm *to)
{
    const header *head = to->head;

    for (uint32_t i = 0; i < head->num_parts; i++) {
        const void *old =
            tlsx_shm_find(from, head->parts[i].kind, head->parts[i].version, head->parts[i].size);
        if (old) {
            memcpy((char *)to->head + head->parts[i].offset, old, (size_t)head->parts[i].size);
        }
    }
}

apr_status_t tlsx_shm_open(apr_pool_t *process_pool, const tlsx_shm_part *parts, unsigned num_parts,
                           tlsx_shm **segment)
{
    tlsx_shm *old = *segment, *fresh = NULL;

    if (old && fits(old, parts, num_parts)) {
        return APR_SUCCESS;
    }
    apr_status_t rv = make(process_pool, parts, num_parts, &fresh);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (old) {
        copy_parts(old, fresh);
        apr_shm_destroy(old->apr); /* our mapping alone: children keep theirs */
    }
    *segment = fresh;
    return APR_SUCCESS;
}

void *tlsx_shm_find(const tlsx_shm *segment, uint32_t kind, uint32_t version, uint64_t size)
{
    const header *head = segment->head;

    if (head->magic != MAGIC || head->layout != LAYOUT || head->num_parts > MAX_PARTS) {
        return NULL;
    }
    for (uint32_t i = 0; i < head->num_parts; i++) {
        if (head->parts[i].kind == kind && head->parts[i].version == version &&
            head->parts[i].size == size) {
            return (char *)segment->head + head->parts[i].offset;
        }
    }
    return NULL;
}

void tlsx_shm_protect(const tlsx_shm *segment, uint32_t kind)
{
    const header *head = segment->head;

    for (uint32_t i = 0; i < head->num_parts && i < MAX_PARTS; i++) {
        if (head->parts[i].kind == kind) {
            (void)mprotect((char *)segment->head + head->parts[i].offset,
                           to_page((size_t)head->parts[i].size), PROT_READ);
        }
    }
}
