/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_filter_out.c: what httpd sends, sealed. Nothing is kept from one call to the next: httpd 2.4
 * finishes a response by calling the network filter alone, and would never ask here again. */
#include "tlsx_filter.h"

#include <http_connection.h>
#include <http_request.h>

#include "tlsx_batch.h"
#include "tlsx_conn.h"

/* ---- registration ---- */

static const char filter_name[] = "tlsx";

void tlsx_filter_register(void)
{
    ap_register_input_filter(filter_name, tlsx_filter_in, NULL, AP_FTYPE_CONNECTION + 5);
    ap_register_output_filter(filter_name, tlsx_filter_out, NULL, AP_FTYPE_CONNECTION + 5);
}

void tlsx_filter_insert(tlsx_conn *cc)
{
    cc->in = ap_add_input_filter(filter_name, cc, NULL, cc->c);
    cc->out = ap_add_output_filter(filter_name, cc, NULL, cc->c);
}

/* ---- passing down ---- */

static apr_status_t pass_ready(tlsx_conn *cc)
{
    apr_status_t rv;

    if (APR_BRIGADE_EMPTY(cc->ready)) {
        return APR_SUCCESS;
    }
    rv = ap_pass_brigade(cc->out->next, cc->ready);
    apr_brigade_cleanup(cc->ready);
    return rv == APR_SUCCESS && cc->c->aborted ? APR_ECONNABORTED : rv;
}

static void add_flush(tlsx_conn *cc)
{
    APR_BRIGADE_INSERT_TAIL(cc->ready, apr_bucket_flush_create(cc->c->bucket_alloc));
}

static apr_status_t add_control(tlsx_conn *cc)
{
    apr_bucket *b;
    apr_status_t rv = cc->tls ? tlsx_batch_control(cc, &b) : APR_EOF;

    if (rv == APR_SUCCESS && b) {
        APR_BRIGADE_INSERT_TAIL(cc->ready, b);
    }
    return rv;
}

apr_status_t tlsx_out_control(tlsx_conn *cc, bool flush)
{
    apr_status_t rv = add_control(cc);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (flush) {
        add_flush(cc);
    }
    return pass_ready(cc);
}

/* ---- buckets ---- */

/* The end of the connection: close_notify goes out in front of it. */
static apr_status_t say_goodbye(tlsx_conn *cc)
{
    if (cc->phase != TLSX_TRAFFIC || tlsc_conn_close(cc->tls) != TLSC_OK) {
        return APR_SUCCESS;
    }
    return add_control(cc);
}

/* Metadata keeps its place between what was sealed before and after it. `*ended`: a response did.
 */
static apr_status_t take_metadata(tlsx_conn *cc, apr_bucket *b, bool *ended)
{
    apr_status_t rv = AP_BUCKET_IS_EOC(b) ? say_goodbye(cc) : APR_SUCCESS;

    *ended = *ended || AP_BUCKET_IS_EOR(b);
    APR_BUCKET_REMOVE(b);
    APR_BRIGADE_INSERT_TAIL(cc->ready, b);
    return rv;
}

/* Seals data off the front of `bb`. Full batches go down at once; a smaller one waits for what else
 * is in this brigade. Where more is to come but isn't there yet, all that is there is written
 * before it is waited for. */
static apr_status_t take_data(tlsx_conn *cc, apr_bucket_brigade *bb, apr_read_type_e *block)
{
    size_t len = 0;
    bool dry = false;
    apr_bucket *sealed;
    apr_status_t rv = tlsx_batch_measure(bb, *block, &len, &dry);

    *block = dry ? APR_BLOCK_READ : APR_NONBLOCK_READ;
    if (rv == APR_SUCCESS && len == 0 && !dry) {
        apr_bucket_delete(APR_BRIGADE_FIRST(bb)); /* an empty one */
    }
    if (rv == APR_SUCCESS && len > 0) {
        rv = tlsx_batch_seal(cc, bb, len, &sealed);
        if (rv == APR_SUCCESS) {
            APR_BRIGADE_INSERT_TAIL(cc->ready, sealed);
        }
    }
    if (rv == APR_SUCCESS && dry) {
        add_flush(cc);
    }
    return rv;
}

static bool is_batch_full(apr_bucket_brigade *ready)
{
    apr_off_t len = 0;

    (void)apr_brigade_length(ready, 0, &len);
    return len >= TLSX_BATCH_DATA / 2;
}

/* Has the network filter write what it holds, as far as that can be done without waiting: what the
 * MPM does a little later. Without TLS, httpd writes a file's bytes at once, and often finds the
 * client's next request there before it goes to wait for it; what was a file is memory to it now,
 * of which it saves up 4 KB. */
static apr_status_t push(tlsx_conn *cc)
{
    ap_filter_t *network = cc->out->next;

    while (network->next) {
        network = network->next;
    }
    return network->frec->filter_func.out_func(network, NULL);
}

static apr_status_t seal_all(tlsx_conn *cc, apr_bucket_brigade *bb)
{
    apr_read_type_e block = APR_NONBLOCK_READ;
    apr_status_t rv = APR_SUCCESS;
    bool ended = false;

    while (rv == APR_SUCCESS && !APR_BRIGADE_EMPTY(bb)) {
        apr_bucket *b = APR_BRIGADE_FIRST(bb);
        if (APR_BUCKET_IS_METADATA(b)) {
            rv = take_metadata(cc, b, &ended);
        } else {
            rv = take_data(cc, bb, &block);
        }
        if (rv == APR_SUCCESS && (block == APR_BLOCK_READ || is_batch_full(cc->ready))) {
            rv = pass_ready(cc);
        }
    }
    if (rv == APR_SUCCESS) {
        rv = pass_ready(cc);
    }
    if (rv == APR_SUCCESS && ended && cc->c->data_in_output_filters &&
        APR_BRIGADE_EMPTY(cc->plain)) { /* pipelined: the next response goes with this one */
        rv = push(cc);
    }
    return rv;
}

/* A connection that has failed sends nothing, but the buckets that end a request or free what
 * belongs to it go their way. */
static apr_status_t drop_data(tlsx_conn *cc, apr_bucket_brigade *bb)
{
    bool dropped = false;
    apr_status_t rv;

    while (!APR_BRIGADE_EMPTY(bb)) {
        apr_bucket *b = APR_BRIGADE_FIRST(bb);
        APR_BUCKET_REMOVE(b);
        if (APR_BUCKET_IS_METADATA(b)) {
            APR_BRIGADE_INSERT_TAIL(cc->ready, b);
        } else {
            apr_bucket_destroy(b);
            dropped = true;
        }
    }
    rv = pass_ready(cc);
    return dropped ? APR_ECONNABORTED : rv;
}

static bool has_data(const apr_bucket_brigade *bb)
{
    const apr_bucket *b = APR_BRIGADE_FIRST(bb);

    while (b != APR_BRIGADE_SENTINEL(bb) && APR_BUCKET_IS_METADATA(b)) {
        b = APR_BUCKET_NEXT(b);
    }
    return b != APR_BRIGADE_SENTINEL(bb);
}

apr_status_t tlsx_filter_out(ap_filter_t *f, apr_bucket_brigade *bb)
{
    tlsx_conn *cc = f->ctx;
    apr_status_t rv;

    if (f->c->aborted) {
        apr_brigade_cleanup(bb);
        return APR_ECONNABORTED;
    }
    if (cc->phase == TLSX_HANDSHAKE && has_data(bb)) {
        /* a protocol in which the server speaks first */
        rv = tlsx_conn_drive(cc, TLSX_GOAL_HANDSHAKE, APR_BLOCK_READ);
        if (rv != APR_SUCCESS) {
            tlsx_conn_abort(cc, rv);
        }
    }
    if (cc->phase == TLSX_PLAIN_HTTP) {
        return ap_pass_brigade(f->next, bb);
    }
    if (cc->phase == TLSX_FAILED) {
        return drop_data(cc, bb);
    }
    rv = seal_all(cc, bb);
    if (rv != APR_SUCCESS) {
        /* What was promised can't be sent: the client must see that, so there is no good-bye. */
        tlsx_conn_abort(cc, rv);
        f->c->aborted = 1;
        apr_brigade_cleanup(cc->ready);
        apr_brigade_cleanup(bb);
    }
    return rv;
}
