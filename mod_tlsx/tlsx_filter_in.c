/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_filter_in.c: plaintext for whoever asks, in the ways httpd has of asking.
 *
 * What was decrypted waits in cc->plain; what was received but not decrypted stays below, with the
 * network filters, where the next read finds it. So a speculative read, with which httpd learns
 * whether a request is in the pipeline, sees both. */
#include "tlsx_filter.h"

#include <apr_strings.h>

#include "tlsx_conn.h"

enum { MAX_LINE = HUGE_STRING_LEN };

/* ---- getting plaintext ---- */

static size_t plain_len(const tlsx_conn *cc)
{
    apr_off_t len = 0;

    (void)apr_brigade_length(cc->plain, 0, &len); /* all of it has a known length */
    return len > 0 ? (size_t)len : 0;
}

/* Has at least a byte in cc->plain, or says why not. */
static apr_status_t fill(tlsx_conn *cc, apr_read_type_e block)
{
    apr_status_t rv;

    if (!APR_BRIGADE_EMPTY(cc->plain)) {
        return APR_SUCCESS;
    }
    rv = tlsx_conn_drive(cc, TLSX_GOAL_DATA, block);
    if (rv == APR_SUCCESS && APR_BRIGADE_EMPTY(cc->plain)) {
        rv = APR_EOF;
    }
    return rv;
}

/* Has more in cc->plain than there was, or says why not. Never waits. `aside` is empty. */
static apr_status_t fill_more(tlsx_conn *cc, apr_bucket_brigade *aside)
{
    apr_status_t rv;

    APR_BRIGADE_CONCAT(aside, cc->plain);
    rv = fill(cc, APR_NONBLOCK_READ);
    APR_BRIGADE_PREPEND(cc->plain, aside);
    return rv;
}

/* ---- the modes ---- */

/* Moves up to `n` bytes to `bb`. */
static apr_status_t hand_up(tlsx_conn *cc, apr_bucket_brigade *bb, apr_off_t n)
{
    apr_bucket *end;
    apr_status_t rv = apr_brigade_partition(cc->plain, n, &end);

    if (rv != APR_SUCCESS && rv != APR_INCOMPLETE) {
        return rv;
    }
    while (APR_BRIGADE_FIRST(cc->plain) != end) {
        apr_bucket *b = APR_BRIGADE_FIRST(cc->plain);
        APR_BUCKET_REMOVE(b);
        APR_BRIGADE_INSERT_TAIL(bb, b);
    }
    return APR_SUCCESS;
}

static apr_status_t read_bytes(tlsx_conn *cc, apr_bucket_brigade *bb, apr_read_type_e block,
                               apr_off_t n)
{
    apr_status_t rv = fill(cc, block);

    return rv == APR_SUCCESS ? hand_up(cc, bb, n) : rv;
}

static apr_status_t copy_up(tlsx_conn *cc, apr_bucket_brigade *bb, apr_off_t n)
{
    apr_bucket *end;
    apr_status_t rv = apr_brigade_partition(cc->plain, n, &end);

    if (rv == APR_INCOMPLETE) {
        rv = APR_SUCCESS;
    }
    for (apr_bucket *b = APR_BRIGADE_FIRST(cc->plain); rv == APR_SUCCESS && b != end;
         b = APR_BUCKET_NEXT(b)) {
        apr_bucket *copy;
        rv = apr_bucket_copy(b, &copy);
        if (rv == APR_SUCCESS) {
            APR_BRIGADE_INSERT_TAIL(bb, copy);
        }
    }
    return rv;
}

/* The first byte is waited for if so asked; the rest is taken if it is there. */
static apr_status_t speculate(tlsx_conn *cc, apr_bucket_brigade *bb, apr_read_type_e block,
                              apr_off_t n)
{
    apr_status_t rv = fill(cc, block);
    apr_status_t more = rv;

    while (more == APR_SUCCESS && plain_len(cc) < (size_t)n) {
        more = fill_more(cc, bb);
    }
    return rv == APR_SUCCESS ? copy_up(cc, bb, n) : rv;
}

/* Moves bytes to `bb`, up to a line's end and `max` at most. apr_brigade_split_line leaves an empty
 * bucket behind where a line ends with its bucket; it must not pass for data, or httpd would think
 * that a request is waiting. */
static apr_status_t split_line(tlsx_conn *cc, apr_bucket_brigade *bb, apr_off_t max)
{
    apr_status_t rv = apr_brigade_split_line(bb, cc->plain, APR_NONBLOCK_READ, max);

    while (!APR_BRIGADE_EMPTY(cc->plain) && APR_BRIGADE_FIRST(cc->plain)->length == 0) {
        apr_bucket_delete(APR_BRIGADE_FIRST(cc->plain));
    }
    return rv;
}

static bool ends_with_lf(const apr_bucket_brigade *bb)
{
    const char *data;
    apr_size_t n;

    return !APR_BRIGADE_EMPTY(bb) &&
           apr_bucket_read(APR_BRIGADE_LAST(bb), &data, &n, APR_NONBLOCK_READ) == APR_SUCCESS &&
           n > 0 && data[n - 1] == '\n';
}

/* A line, or what there is of it where it is too long, where the input ends, or where waiting for
 * the rest isn't wanted. */
static apr_status_t read_line(tlsx_conn *cc, apr_bucket_brigade *bb, apr_read_type_e block)
{
    apr_status_t rv = fill(cc, block);
    apr_off_t len = 0;

    while (rv == APR_SUCCESS) {
        rv = split_line(cc, bb, MAX_LINE - len);
        if (rv == APR_SUCCESS) {
            rv = apr_brigade_length(bb, 0, &len);
        }
        if (rv != APR_SUCCESS || ends_with_lf(bb) || len >= MAX_LINE) {
            return rv;
        }
        rv = fill(cc, block);
    }
    return len > 0 ? APR_SUCCESS : rv;
}

static apr_status_t read_all(tlsx_conn *cc, apr_bucket_brigade *bb)
{
    apr_status_t rv;

    while ((rv = fill(cc, APR_BLOCK_READ)) == APR_SUCCESS) {
        APR_BRIGADE_CONCAT(bb, cc->plain);
    }
    if (APR_STATUS_IS_EOF(rv)) {
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(cc->c->bucket_alloc));
        return APR_SUCCESS;
    }
    return rv;
}

/* Drops empty lines, which some clients send after a request body. Success: something else is
 * there. Never waits. */
static apr_status_t eat_line_ends(tlsx_conn *cc)
{
    apr_status_t rv;

    while ((rv = fill(cc, APR_NONBLOCK_READ)) == APR_SUCCESS) {
        apr_bucket *b = APR_BRIGADE_FIRST(cc->plain);
        const char *data;
        apr_size_t n, eaten = 0;

        rv = apr_bucket_read(b, &data, &n, APR_NONBLOCK_READ);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        while (eaten < n && (data[eaten] == '\n' ||
                             (data[eaten] == '\r' && eaten + 1 < n && data[eaten + 1] == '\n'))) {
            eaten++;
        }
        if (eaten < n) {
            b->start += (apr_off_t)eaten;
            b->length -= eaten;
            return APR_SUCCESS;
        }
        apr_bucket_delete(b);
    }
    return rv;
}

/* ---- the filter ---- */

/* Plain HTTP: first the bytes that we looked at, then the network's own. */
static apr_status_t pass_plain(tlsx_conn *cc, apr_bucket_brigade *bb, ap_input_mode_t mode,
                               apr_read_type_e block, apr_off_t n)
{
    if (mode == AP_MODE_INIT) {
        return APR_SUCCESS;
    }
    if (APR_BRIGADE_EMPTY(cc->plain)) {
        return ap_get_brigade(cc->in->next, bb, mode, block, n);
    }
    switch (mode) {
    case AP_MODE_SPECULATIVE:
        return copy_up(cc, bb, n);
    case AP_MODE_GETLINE:
        return split_line(cc, bb, MAX_LINE);
    case AP_MODE_READBYTES:
        return hand_up(cc, bb, n);
    default:
        return APR_ENOTIMPL;
    }
}

static apr_status_t read_tls(tlsx_conn *cc, apr_bucket_brigade *bb, ap_input_mode_t mode,
                             apr_read_type_e block, apr_off_t n)
{
    switch (mode) {
    case AP_MODE_INIT:
        return APR_SUCCESS; /* the handshake was all there is to it */
    case AP_MODE_READBYTES:
        return read_bytes(cc, bb, block, n);
    case AP_MODE_GETLINE:
        return read_line(cc, bb, block);
    case AP_MODE_SPECULATIVE:
        return speculate(cc, bb, block, n);
    case AP_MODE_EXHAUSTIVE:
        return read_all(cc, bb);
    case AP_MODE_EATCRLF:
        return eat_line_ends(cc);
    }
    return APR_ENOTIMPL;
}

apr_status_t tlsx_filter_in(ap_filter_t *f, apr_bucket_brigade *bb, ap_input_mode_t mode,
                            apr_read_type_e block, apr_off_t readbytes)
{
    tlsx_conn *cc = f->ctx;
    apr_status_t rv = APR_SUCCESS;

    if (f->c->aborted) {
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(f->c->bucket_alloc));
        return APR_ECONNABORTED;
    }
    if (cc->phase == TLSX_HANDSHAKE) {
        rv = tlsx_conn_drive(cc, TLSX_GOAL_HANDSHAKE, block);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return cc->phase == TLSX_PLAIN_HTTP ? pass_plain(cc, bb, mode, block, readbytes)
                                        : read_tls(cc, bb, mode, block, readbytes);
}
