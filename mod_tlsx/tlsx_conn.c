/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_conn.c: a connection's life. */
#include "tlsx_conn.h"

#include "tlsx_client.h"
#include "tlsx_filter.h"
#include "tlsx_log.h"
#include "tlsx_process.h"
#include "tlsx_served.h"
#include "tlsx_vhost.h"

/* ---- birth and death ---- */

static apr_status_t clear(void *data)
{
    tlsx_conn *cc = data;

    tlsx_record_clear(&cc->record);
    tlsc_conn_free(cc->tls);
    cc->tls = NULL;
    return APR_SUCCESS;
}

tlsx_conn *tlsx_conn_new(conn_rec *c)
{
    tlsx_conn *cc = apr_pcalloc(c->pool, sizeof(*cc));

    cc->c = c;
    cc->server = c->base_server;
    cc->fresh = true;
    cc->net = apr_brigade_create(c->pool, c->bucket_alloc);
    cc->plain = apr_brigade_create(c->pool, c->bucket_alloc);
    cc->ready = apr_brigade_create(c->pool, c->bucket_alloc);
    tlsx_record_init(&cc->record, c->pool, c->bucket_alloc);
    apr_pool_cleanup_register(c->pool, cc, clear, apr_pool_cleanup_null);
    ap_set_module_config(c->conn_config, &tlsx_module, cc);
    tlsx_filter_insert(cc);
    return cc;
}

/* The engine is made with the client's first byte: many connections never send one. */
static tlsc_err make_engine(tlsx_conn *cc)
{
    tlsx_process *process = tlsx_process_get();
    tlsc_conn_options options = {.size = sizeof(options), .now_ms = tlsx_process_now_ms};

    if (process->key_log_fd >= 0) {
        options.key_log = tlsx_process_log_key;
        options.key_log_ctx = process;
    }
    return tlsc_conn_new_server(&options, &cc->tls);
}

/* ---- failures ---- */

void tlsx_conn_abort(tlsx_conn *cc, apr_status_t status)
{
    cc->phase = TLSX_FAILED;
    cc->status = status;
    cc->eof = true;
    cc->c->keepalive = AP_CONN_CLOSE;
}

/* The client's bytes are still there: they are read as the request they are, and answered by a page
 * that says what is wrong. Nothing else happens on this connection. */
static void turn_plain(tlsx_conn *cc)
{
    cc->phase = TLSX_PLAIN_HTTP;
    cc->c->keepalive = AP_CONN_CLOSE;
    cc->control_due = false;
    tlsx_record_give_back(&cc->record, cc->plain);
    tlsc_conn_free(cc->tls);
    cc->tls = NULL;
}

static void fail(tlsx_conn *cc, tlsc_err err)
{
    tlsx_log_failure(cc, err);
    if (err == TLSC_E_HTTP_REQUEST && cc->phase == TLSX_HANDSHAKE) {
        turn_plain(cc);
        return;
    }
    tlsx_record_clear(&cc->record);
    cc->control_due = cc->tls && tlsc_conn_has_output(cc->tls); /* the alert */
    tlsx_conn_abort(cc, APR_ECONNABORTED);
}

/* ---- steps ---- */

static void note_handshake(tlsx_conn *cc)
{
    tlsc_info info;
    const tlsc_suite *suite;

    tlsc_conn_info(cc->tls, &info);
    suite = tlsc_provider_suite(tlsc_provider_default(), info.suite);
    cc->phase = TLSX_TRAFFIC;
    cc->protocol = tlsx_version_name(info.version);
    cc->cipher = suite ? suite->openssl_name : tlsc_suite_name(info.suite);
    cc->resumed = info.resumed;
    tlsx_client_note(cc, &info);
    ap_log_cerror(APLOG_MARK, APLOG_DEBUG, 0, cc->c, "TLSX0070: %s with %s: %s, %s, %s%s",
                  cc->protocol, tlsx_server_name(cc->c->pool, cc->server), cc->cipher,
                  tlsc_group_name(info.group), cc->sni ? cc->sni : "no SNI",
                  info.resumed ? ", resumed" : "");
}

/* Takes over what a call to the engine brought. */
static tlsc_err take(tlsx_conn *cc, const tlsc_opened *opened)
{
    bool handshakes = cc->phase == TLSX_HANDSHAKE;

    if (opened->data.n > 0) {
        apr_bucket *b =
            tlsx_record_lend(&cc->record, opened->data.p, opened->data.n, opened->consumed);
        APR_BRIGADE_INSERT_TAIL(cc->plain, b);
        cc->fresh = true;
    }
    if (tlsx_record_consume(&cc->record, opened->consumed, opened->needed) != APR_SUCCESS) {
        return TLSC_E_NO_MEMORY;
    }
    if (opened->events & TLSC_EVENT_HANDSHAKE_DONE) {
        note_handshake(cc);
    }
    if (opened->events & TLSC_EVENT_CLOSE_NOTIFY) {
        cc->eof = true;
    }
    /* An answer to the peer's KeyUpdate goes with the next data; only a handshake waits for it. In
     * TLS 1.2 the last word of a full handshake is ours. */
    cc->control_due = opened->output && handshakes;
    return TLSC_OK;
}

/* A call that neither used bytes nor asked for any would be made for ever. */
static bool is_stuck(const tlsc_opened *opened)
{
    return opened->consumed == 0 && opened->needed == 0 && !opened->output &&
           opened->wait != TLSC_WAIT_CONFIG && opened->wait != TLSC_WAIT_VERIFY;
}

/* Answers the handshake's questions. */
static tlsc_err answer(tlsx_conn *cc, tlsc_opened *opened)
{
    tlsc_err err = TLSC_OK;

    while (err == TLSC_OK &&
           (opened->wait == TLSC_WAIT_CONFIG || opened->wait == TLSC_WAIT_VERIFY)) {
        err = opened->wait == TLSC_WAIT_CONFIG ? tlsx_vhost_answer(cc, opened)
                                               : tlsx_client_answer(cc, opened);
        if (err == TLSC_OK) {
            err = take(cc, opened);
        }
    }
    if (err == TLSC_OK && opened->wait != TLSC_WAIT_NONE && opened->wait != TLSC_WAIT_MESSAGE) {
        err = TLSC_E_INTERNAL; /* nobody asked for such a pause */
    }
    return err;
}

/* Hands the engine what there is of a record, and answers its questions. */
static void feed(tlsx_conn *cc)
{
    tlsc_opened opened = {0};
    tlsc_err err = TLSC_OK;

    if (!cc->tls) {
        err = make_engine(cc);
    }
    if (err == TLSC_OK) {
        err = tlsc_conn_open(cc->tls, tlsx_record_bytes(&cc->record), cc->record.len, &opened);
    }
    if (err == TLSC_OK && is_stuck(&opened)) {
        err = TLSC_E_INTERNAL;
    }
    if (err == TLSC_OK) {
        err = take(cc, &opened);
    }
    if (err == TLSC_OK) {
        err = answer(cc, &opened);
    }
    if (err != TLSC_OK) {
        fail(cc, err);
    }
}

static bool is_reached(const tlsx_conn *cc, tlsx_goal goal)
{
    if (goal == TLSX_GOAL_HANDSHAKE) {
        return cc->phase != TLSX_HANDSHAKE;
    }
    return !APR_BRIGADE_EMPTY(cc->plain) || cc->eof || cc->phase == TLSX_PLAIN_HTTP;
}

tlsx_step tlsx_conn_step(tlsx_conn *cc, tlsx_goal goal)
{
    for (;;) {
        if (cc->control_due) {
            return TLSX_STEP_WANTS_WRITE;
        }
        if (cc->phase == TLSX_FAILED && APR_BRIGADE_EMPTY(cc->plain)) {
            return TLSX_STEP_FAILED;
        }
        if (is_reached(cc, goal)) {
            return TLSX_STEP_DONE;
        }
        if (cc->record.missing > 0) {
            return TLSX_STEP_WANTS_READ;
        }
        feed(cc);
    }
}

/* ---- waiting ---- */

/* The client's stream ended without close_notify, after which nothing is read. What it said before
 * stays good, as HTTP has lengths of its own, and it may still listen: tlscore, which would call
 * the connection dead, isn't told. */
static apr_status_t end_input(tlsx_conn *cc)
{
    cc->eof = true;
    cc->truncated = true;
    if (cc->phase == TLSX_HANDSHAKE) {
        tlsx_log_gone(cc, APR_EOF);
        tlsx_conn_abort(cc, APR_EOF);
        return APR_EOF;
    }
    ap_log_cerror(APLOG_MARK, APLOG_DEBUG, 0, cc->c,
                  "TLSX0071: the client of %s closed the connection without close_notify",
                  tlsx_server_name(cc->c->pool, cc->server));
    return APR_SUCCESS;
}

/* Gets bytes from the network. Here a connection would be parked instead, on an MPM that can wake
 * it up again: with APR_NONBLOCK_READ this returns APR_EAGAIN, and a later drive goes on from
 * there. */
static apr_status_t read_network(tlsx_conn *cc, apr_read_type_e block)
{
    apr_status_t rv = tlsx_record_receive(&cc->record, cc->in->next, cc->net, block);

    if (rv == APR_SUCCESS) {
        cc->started = true;
    } else if (APR_STATUS_IS_EOF(rv)) {
        rv = end_input(cc);
    } else if (cc->phase == TLSX_HANDSHAKE && !APR_STATUS_IS_EAGAIN(rv)) {
        tlsx_log_gone(cc, rv);
        tlsx_conn_abort(cc, rv);
    }
    return rv;
}

/* Sends control records; a handshake and an alert are due at once. */
static apr_status_t write_control(tlsx_conn *cc)
{
    apr_status_t rv;

    cc->control_due = false;
    rv = tlsx_out_control(cc, true);
    if (rv != APR_SUCCESS) {
        tlsx_conn_abort(cc, rv);
    }
    return rv;
}

apr_status_t tlsx_conn_drive(tlsx_conn *cc, tlsx_goal goal, apr_read_type_e block)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS) {
        switch (tlsx_conn_step(cc, goal)) {
        case TLSX_STEP_DONE:
            return APR_SUCCESS;
        case TLSX_STEP_WANTS_READ:
            rv = read_network(cc, block);
            break;
        case TLSX_STEP_WANTS_WRITE:
            rv = write_control(cc);
            break;
        case TLSX_STEP_FAILED:
            if (cc->protocol) {
                cc->c->aborted = 1; /* requests are under way: they must not go on */
            }
            return cc->status;
        }
    }
    return rv;
}
