/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_record.c: one TLS record on its way in. */
#include "tlsx_record.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tlscore/conn.h"

void tlsx_record_init(tlsx_record *rec, apr_pool_t *pool, apr_bucket_alloc_t *alloc)
{
    memset(rec, 0, sizeof(*rec));
    rec->bb = apr_brigade_create(pool, alloc);
    rec->missing = TLSC_RECORD_HEADER;
}

void tlsx_record_clear(tlsx_record *rec)
{
    apr_brigade_cleanup(rec->bb);
    free(rec->own);
    rec->own = NULL;
    rec->cap = rec->len = 0;
}

/* True if the brigade is one stretch of memory. httpd's socket bucket fills a heap block, and what
 * is asked for in pieces (header, then body) comes as splits of it, which lie side by side. */
static bool is_adjacent(const apr_bucket_brigade *bb)
{
    const apr_bucket *b = APR_BRIGADE_FIRST(bb);
    const void *block = b->data;
    apr_off_t at = b->start;

    for (; b != APR_BRIGADE_SENTINEL(bb); b = APR_BUCKET_NEXT(b)) {
        if (!APR_BUCKET_IS_HEAP(b) || b->data != block || b->start != at) {
            return false;
        }
        at += (apr_off_t)b->length;
    }
    return true;
}

static apr_status_t reserve(tlsx_record *rec, size_t cap)
{
    if (cap <= rec->cap) {
        return APR_SUCCESS;
    }
    uint8_t *grown = realloc(rec->own, cap);
    if (!grown) {
        return APR_ENOMEM;
    }
    rec->own = grown;
    rec->cap = cap;
    return APR_SUCCESS;
}

/* Copies the brigade behind what was gathered before and lets it go: a client that sends byte by
 * byte must not pin a network buffer for each. `held` bytes of ours come first. */
static apr_status_t gather(tlsx_record *rec, size_t held, size_t room)
{
    apr_size_t n = rec->len - held;
    apr_status_t rv = reserve(rec, rec->len + room);

    if (rv == APR_SUCCESS) {
        rv = apr_brigade_flatten(rec->bb, (char *)rec->own + held, &n);
    }
    apr_brigade_cleanup(rec->bb);
    if (rv != APR_SUCCESS) {
        tlsx_record_clear(rec);
    }
    return rv;
}

/* Moves data from `net` to the record. Returns APR_EOF if the stream ended there. */
static apr_status_t take(tlsx_record *rec, apr_bucket_brigade *net, apr_read_type_e block)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && !APR_BRIGADE_EMPTY(net)) {
        apr_bucket *b = APR_BRIGADE_FIRST(net);
        const char *data;
        apr_size_t n = 0;

        if (APR_BUCKET_IS_EOS(b)) {
            rv = APR_EOF;
        } else if (!APR_BUCKET_IS_METADATA(b)) {
            rv = apr_bucket_read(b, &data, &n, block);
        }
        if (rv == APR_SUCCESS && n > 0) {
            APR_BUCKET_REMOVE(b);
            APR_BRIGADE_INSERT_TAIL(rec->bb, b);
            rec->len += n;
        } else {
            apr_bucket_delete(b);
        }
    }
    apr_brigade_cleanup(net);
    return rv;
}

apr_status_t tlsx_record_receive(tlsx_record *rec, ap_filter_t *next, apr_bucket_brigade *net,
                                 apr_read_type_e block)
{
    size_t want = rec->missing;
    size_t held = rec->len;
    apr_status_t rv = ap_get_brigade(next, net, AP_MODE_READBYTES, block, (apr_off_t)want);

    if (rv == APR_SUCCESS) {
        rv = take(rec, net, block);
    } else {
        apr_brigade_cleanup(net);
    }
    size_t got = rec->len - held;
    if (got == 0) {
        /* success without a byte: the network is dry, or a filter gave up blocking */
        return rv != APR_SUCCESS ? rv : (block == APR_NONBLOCK_READ ? APR_EAGAIN : APR_EOF);
    }
    rec->missing = want > got ? want - got : 0;
    if (rec->own || rec->missing > 0 || !is_adjacent(rec->bb)) {
        return gather(rec, rec->own ? held : 0, rec->missing);
    }
    return APR_SUCCESS; /* an end behind the data comes again with the next call */
}

uint8_t *tlsx_record_bytes(const tlsx_record *rec)
{
    if (rec->own || rec->len == 0) {
        return rec->own;
    }
    const apr_bucket *b = APR_BRIGADE_FIRST(rec->bb);
    const apr_bucket_heap *heap = b->data;
    return (uint8_t *)heap->base + b->start;
}

apr_status_t tlsx_record_consume(tlsx_record *rec, size_t n, size_t needed)
{
    rec->missing = needed;
    if (n >= rec->len) {
        tlsx_record_clear(rec);
        rec->missing = needed ? needed : TLSC_RECORD_HEADER;
        return APR_SUCCESS;
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    if (!rec->own) {
        apr_status_t rv = gather(rec, 0, needed);
        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
    rec->len -= n;
    memmove(rec->own, rec->own + n, rec->len);
    return APR_SUCCESS;
}

apr_bucket *tlsx_record_lend(tlsx_record *rec, const uint8_t *p, size_t n, size_t consumed)
{
    apr_bucket_alloc_t *alloc = rec->bb->bucket_alloc;
    apr_bucket *b;

    if (consumed < rec->len) {
        return apr_bucket_heap_create((const char *)p, n, NULL, alloc);
    }
    if (rec->own) {
        b = apr_bucket_heap_create((char *)rec->own, rec->cap, free, alloc);
        b->start = p - rec->own;
        rec->own = NULL;
        rec->cap = 0;
    } else {
        b = APR_BRIGADE_FIRST(rec->bb);
        APR_BUCKET_REMOVE(b);
        b->start = p - (const uint8_t *)((apr_bucket_heap *)b->data)->base;
    }
    b->length = n;
    apr_brigade_cleanup(rec->bb);
    rec->len = 0;
    return b;
}

void tlsx_record_give_back(tlsx_record *rec, apr_bucket_brigade *to)
{
    if (rec->own && rec->len > 0) {
        apr_bucket *b =
            apr_bucket_heap_create((char *)rec->own, rec->cap, free, rec->bb->bucket_alloc);
        b->length = rec->len;
        rec->own = NULL;
        APR_BRIGADE_INSERT_TAIL(to, b);
    }
    APR_BRIGADE_CONCAT(to, rec->bb);
    rec->cap = rec->len = 0;
}
