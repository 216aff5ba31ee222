/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_batch.c: data buckets into sealed records.
 *
 *      | control records | head | data | tail | head | data | tail | ...
 *
 * The memory is laid out first. A file is read straight to its place and sealed there; data that lies in
 * memory already, a mapped file's too, is sealed from where it is, if a whole record of it is in one piece.
 * One bucket owns the memory and frees it once it is sent. */
#include "tlsx_batch.h"

#include <stdlib.h>

#include "tlsx_file.h"
#include "tlsx_log.h"

enum {
    MAX_RECORDS = TLSX_BATCH_DATA / TLSC_MAX_PLAINTEXT + 1, /* the first may be short */
    /* A client can use a record once all of it is there. The first of a page is short, so that it
     * comes with the first packets (ten of them, RFC 6928), not with the next round trip. For a
     * download that makes no difference. */
    FIRST_RECORD = 4096,
    FIRST_FLIGHT = 14000,
    DOWNLOAD = 1 << 20
};

/* ---- how much is there ---- */

/* Has a bucket's length known. Returns APR_EAGAIN if that would mean to wait. */
static apr_status_t settle(apr_bucket *b, apr_read_type_e block)
{
    const char *data;
    apr_size_t n;

    return b->length == (apr_size_t)-1 ? apr_bucket_read(b, &data, &n, block) : APR_SUCCESS;
}

apr_status_t tlsx_batch_measure(apr_bucket_brigade *bb, apr_read_type_e block, size_t *len,
                                bool *dry)
{
    *len = 0;
    *dry = false;
    for (apr_bucket *b = APR_BRIGADE_FIRST(bb);
         b != APR_BRIGADE_SENTINEL(bb) && !APR_BUCKET_IS_METADATA(b) && *len < TLSX_BATCH_DATA;
         b = APR_BUCKET_NEXT(b)) {
        apr_status_t rv = settle(b, *len == 0 ? block : APR_NONBLOCK_READ);
        if (APR_STATUS_IS_EAGAIN(rv)) {
            *dry = true;
            return APR_SUCCESS;
        }
        if (rv != APR_SUCCESS) {
            return rv;
        }
        *len += b->length;
    }
    return APR_SUCCESS;
}

/* ---- the layout ---- */

typedef struct batch {
    tlsc_plan plan;
    size_t lens[MAX_RECORDS];
    size_t num;
    uint8_t *buf; /* malloc'd */
    size_t cap;
    const uint8_t *from[MAX_RECORDS]; /* data that is not in its place; a bucket before `next` has it */
    apr_bucket *next;                 /* the first one that isn't used up */
    /* where the next data goes */
    size_t k;    /* record */
    size_t done; /* bytes in it */
} batch;

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many records `len` bytes make, if the first holds `first` and the others are full. */
static size_t records_for(size_t len, size_t first)
{
    return len > first ? 1 + (len - first + TLSC_MAX_PLAINTEXT - 1) / TLSC_MAX_PLAINTEXT : 1;
}

/* Plans for up to `len` bytes. */
static tlsc_err lay_out(tlsx_conn *cc, batch *b, size_t len)
{
    bool page = cc->fresh && len > FIRST_FLIGHT && len < DOWNLOAD;
    size_t first = page ? FIRST_RECORD : TLSC_MAX_PLAINTEXT;
    size_t left = min(len, TLSX_BATCH_DATA);
    tlsc_err err;

    b->num = records_for(left, first);
    err = tlsc_conn_plan(cc->tls, b->num, &b->plan);
    if (err != TLSC_OK) {
        return err;
    }
    for (size_t k = 0; k < b->num; k++) {
        b->lens[k] = min(left, k == 0 ? min(first, b->plan.max_data) : b->plan.max_data);
        left -= b->lens[k];
    }
    /* the end of the last record is where a next one's data would start, without its head */
    b->cap = tlsc_plan_offset(&b->plan, b->lens, b->num) - b->plan.head;
    b->buf = malloc(b->cap);
    return b->buf ? TLSC_OK : TLSC_E_NO_MEMORY;
}

/* The free part of record `k`. */
static struct iovec slot(const batch *b, size_t k)
{
    size_t done = k == b->k ? b->done : 0;
    struct iovec place = {b->buf + tlsc_plan_offset(&b->plan, b->lens, k) + done,
                          b->lens[k] - done};
    return place;
}

static bool is_full(const batch *b)
{
    return b->k == b->num;
}

static void advance(batch *b, size_t n)
{
    while (n > 0 && !is_full(b)) {
        size_t step = min(n, b->lens[b->k] - b->done);
        b->done += step;
        n -= step;
        if (b->done == b->lens[b->k]) {
            b->k++;
            b->done = 0;
        }
    }
}

/* ---- the data ---- */

/* Data of a bucket that stays until all is sealed. Copied is what makes but a part of a record. */
static size_t lend(batch *b, const char *data, size_t n)
{
    size_t taken = 0;

    while (taken < n && !is_full(b)) {
        struct iovec to = slot(b, b->k);
        size_t step = min(n - taken, to.iov_len);
        if (step == b->lens[b->k]) {
            b->from[b->k] = (const uint8_t *)data + taken;
        } else {
            memcpy(to.iov_base, data + taken, step);
        }
        advance(b, step);
        taken += step;
    }
    return taken;
}

static apr_status_t read_in(batch *b, const apr_bucket *file, size_t *n)
{
    struct iovec places[MAX_RECORDS];
    int num = 0;
    size_t left = file->length;
    apr_status_t rv;

    for (size_t k = b->k; k < b->num && left > 0; k++) {
        places[num] = slot(b, k);
        places[num].iov_len = min(places[num].iov_len, left);
        left -= places[num].iov_len;
        num++;
    }
    rv = tlsx_file_read(((const apr_bucket_file *)file->data)->fd, file->start, places, num, n);
    if (rv == APR_SUCCESS) {
        advance(b, *n);
    }
    return rv;
}

/* Takes data off the next bucket. */
static apr_status_t take(batch *b)
{
    apr_bucket *bucket = b->next;
    apr_status_t rv;
    size_t n = 0;

    if (bucket->length > 0 && APR_BUCKET_IS_FILE(bucket) && !tlsx_file_is_mapped(bucket)) {
        rv = read_in(b, bucket, &n);
    } else {
        const char *data;
        apr_size_t len;
        rv = apr_bucket_read(bucket, &data, &len, APR_BLOCK_READ);
        n = rv == APR_SUCCESS ? lend(b, data, len) : 0;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (n == bucket->length) {
        b->next = APR_BUCKET_NEXT(bucket);
    } else { /* as a split would, without making a bucket for the front */
        bucket->start += (apr_off_t)n;
        bucket->length -= n;
    }
    return APR_SUCCESS;
}

/* ---- sealing ---- */

static apr_status_t report(tlsx_conn *cc, tlsc_err err)
{
    if (err == TLSC_E_NO_MEMORY) {
        return APR_ENOMEM;
    }
    ap_log_cerror(
        APLOG_MARK, APLOG_ERR, 0, cc->c, "TLSX0080: cannot encrypt for the client of %s: %s [%s]",
        tlsx_server_name(cc->c->pool, cc->server), tlsc_err_text(err), tlsc_err_name(err));
    return APR_EGENERAL;
}

static apr_status_t seal(tlsx_conn *cc, batch *b, apr_bucket **out)
{
    size_t len = 0;
    tlsc_err err = tlsc_conn_seal_from(cc->tls, &b->plan, b->buf, b->cap, b->from, b->lens, b->num,
                                       &len);

    if (err != TLSC_OK) {
        return report(cc, err);
    }
    *out = apr_bucket_heap_create((char *)b->buf, b->cap, free, cc->c->bucket_alloc);
    (*out)->length = len;
    b->buf = NULL;
    return APR_SUCCESS;
}

static void drop_until(apr_bucket_brigade *bb, const apr_bucket *next)
{
    while (APR_BRIGADE_FIRST(bb) != next) {
        apr_bucket_delete(APR_BRIGADE_FIRST(bb));
    }
}

apr_status_t tlsx_batch_seal(tlsx_conn *cc, apr_bucket_brigade *bb, size_t len, apr_bucket **out)
{
    batch b = {.next = APR_BRIGADE_FIRST(bb)};
    tlsc_err err = lay_out(cc, &b, len);
    apr_status_t rv = err == TLSC_OK ? APR_SUCCESS : report(cc, err);

    while (rv == APR_SUCCESS && !is_full(&b)) {
        rv = take(&b);
    }
    if (rv == APR_SUCCESS) {
        rv = seal(cc, &b, out);
    }
    free(b.buf);
    drop_until(bb, b.next);
    cc->fresh = cc->fresh && len <= FIRST_RECORD; /* headers often come alone, before the rest */
    return rv;
}

apr_status_t tlsx_batch_control(tlsx_conn *cc, apr_bucket **out)
{
    batch b = {.num = 0};
    tlsc_err err = tlsc_conn_plan(cc->tls, 0, &b.plan);
    apr_status_t rv;

    *out = NULL;
    if (err != TLSC_OK || b.plan.front == 0) {
        return err == TLSC_OK ? APR_SUCCESS : report(cc, err);
    }
    b.cap = b.plan.front;
    b.buf = malloc(b.cap);
    rv = b.buf ? seal(cc, &b, out) : APR_ENOMEM;
    free(b.buf);
    return rv;
}
