/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_record.h: one TLS record on its way in. Never more than one: what comes behind it stays
 * with the network filters, so that nothing is held here while a connection is idle. */
#ifndef TLSX_RECORD_H
#define TLSX_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include <apr_buckets.h>
#include <util_filter.h>

/* APR's ring macros cast a volatile away, and clang reports that wherever they are used. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wcast-qual"
#endif

/* Its bytes are either still where the network filters put them, in adjacent pieces of one heap
 * block, or gathered into a buffer of our own. */
typedef struct tlsx_record {
    apr_bucket_brigade *bb;
    uint8_t *own;   /* malloc'd */
    size_t cap;     /* bytes that `own` can hold */
    size_t len;     /* bytes there are, in either place */
    size_t missing; /* bytes to ask the network for */
} tlsx_record;

void tlsx_record_init(tlsx_record *rec, apr_pool_t *pool, apr_bucket_alloc_t *alloc);
/* Releases what it holds; may run twice. */
void tlsx_record_clear(tlsx_record *rec);

/* Asks the filter `next` for the missing bytes, through the empty brigade `net`. Less may come.
 * errors: APR_EOF, APR_EAGAIN (only non-blocking), APR_ENOMEM, any of the filters'. */
apr_status_t tlsx_record_receive(tlsx_record *rec, ap_filter_t *next, apr_bucket_brigade *net,
                                 apr_read_type_e block);

/* The bytes there are, `rec->len` of them in one piece, to be decrypted in place; NULL if none. */
uint8_t *tlsx_record_bytes(const tlsx_record *rec);

/* Drops `n` bytes at the front and makes `missing` what the next record needs: `needed` bytes more,
 * or a header. errors: APR_ENOMEM. */
apr_status_t tlsx_record_consume(tlsx_record *rec, size_t n, size_t needed);

/* Makes a bucket of `n` bytes at `p`, which lie in this record: the bucket takes the record's
 * memory with it where nothing follows (`consumed` is all there is), else it gets a copy. */
apr_bucket *tlsx_record_lend(tlsx_record *rec, const uint8_t *p, size_t n, size_t consumed);

/* Moves all bytes, as they are, to the end of `to`. */
void tlsx_record_give_back(tlsx_record *rec, apr_bucket_brigade *to);

#endif
