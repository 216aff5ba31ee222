/* SPDX-License-Identifier: Apache-2.0 */
/* conn/conn.c: a connection's life, and its records from the peer. */
#include "conn/conn.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "record/deframe.h"

static tlsc_err check_options(const tlsc_conn_options *options)
{
    bool known = options != NULL && options->size == sizeof(*options);
    if (!known || (options->max_fragment != 0 && options->max_fragment < 64) ||
        options->max_fragment > TLSC_MAX_PLAINTEXT) {
        return TLSC_E_USAGE;
    }
    return TLSC_OK;
}

static tlsc_conn_options with_defaults(const tlsc_conn_options *options, bool client)
{
    tlsc_conn_options o = *options;
    if (o.provider == NULL) {
        o.provider = tlsc_provider_default();
    }
    if (o.max_handshake_message == 0) {
        o.max_handshake_message = client ? TLSC_DEFAULT_SERVER_MESSAGE : TLSC_DEFAULT_MESSAGE;
    }
    if (o.max_early_data_skip == 0) {
        o.max_early_data_skip = TLSC_DEFAULT_SKIP;
    }
    if (o.max_fragment == 0) {
        o.max_fragment = TLSC_MAX_PLAINTEXT;
    }
    return o;
}

tlsc_err tlsc_conn_new(const tlsc_conn_options *options, bool client, const tlsc_hs_state *first,
                       tlsc_conn **out)
{
    *out = NULL;
    TRY(check_options(options));
    tlsc_conn *c = (tlsc_conn *)tlsc_mem_zalloc(sizeof(*c));
    if (c == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    c->client = client;
    c->options = with_defaults(options, client);
    c->provider = c->options.provider;
    c->failure.alert_sent = TLSC_ALERT_NONE;
    tlsc_rl_init(&c->rl, c->options.max_fragment);
    tlsc_join_init(&c->join, c->options.max_handshake_message);
    tlsc_err rc = tlsc_hs_new(c->provider, &c->options, &c->rl, &c->outcome, first, &c->hs);
    if (rc != TLSC_OK) {
        tlsc_conn_free(c);
        return rc;
    }
    c->hs->is_client = client;
    c->outcome.verify_index = -1;
    *out = c;
    return TLSC_OK;
}

tlsc_err tlsc_conn_new_server(const tlsc_conn_options *options, tlsc_conn **out)
{
    return tlsc_conn_new(options, false, &tlsc_server_expect_client_hello, out);
}

tlsc_err tlsc_conn_set_session_application(tlsc_conn *c, tlsc_bytes application)
{
    if (application.n > TLSC_SESSION_APPLICATION_MAX) {
        return TLSC_E_USAGE;
    }
    return tlsc_outcome_keep(&c->outcome.session_application, application);
}

void tlsc_conn_free(tlsc_conn *c)
{
    if (c == NULL) {
        return;
    }
    tlsc_hs_free(c->hs);
    tlsc_hs_free(c->post);
    tlsc_rl_clear(&c->rl);
    tlsc_join_clear(&c->join);
    tlsc_outcome_clear(&c->outcome);
    tlsc_mem_free(c);
}

/* ---- failing ---- */

/* The one message that would have been right; states that accept several name the first. */
static const char *expected_message(const tlsc_hs *hs)
{
    for (unsigned type = 0; type < 32; type++) {
        if (hs->state->accepts >> type & 1u) {
            return tlsc_handshake_name(type);
        }
    }
    return "";
}

tlsc_hs *tlsc_conn_hs(const tlsc_conn *c)
{
    return c->hs != NULL ? c->hs : c->post;
}

static void remember(tlsc_conn *c, tlsc_err e)
{
    const tlsc_hs *hs = tlsc_conn_hs(c);
    c->failure.code = e;
    c->failure.state = hs != NULL ? hs->state->name : "traffic";
    c->failure.expected = hs != NULL ? expected_message(hs) : "";
    if (c->failure.got == NULL) {
        c->failure.got = "";
    }
    if (e == TLSC_E_UNEXPECTED_MESSAGE && hs != NULL) {
        c->failure.got = tlsc_handshake_name(hs->got);
    }
}

static void end_with(tlsc_conn *c, tlsc_err e, tlsc_alert alert)
{
    remember(c, e);
    tlsc_hs *hs = tlsc_conn_hs(c);
    if (hs != NULL) {
        hs->wait = TLSC_WAIT_NONE;
    }
    if (alert != TLSC_ALERT_NONE && !c->write_closed &&
        tlsc_rl_put_alert(&c->rl, alert) == TLSC_OK) {
        c->failure.alert_sent = alert;
    }
    c->write_closed = true;
    tlsc_secret_clear(&c->outcome.resumption);
    tlsc_keys12_clear(&c->outcome.keys12);
    tlsc_secret_clear(&c->outcome.exporter);
    tlsc_secret_clear(&c->outcome.early_exporter);
    c->outcome.tickets_due = 0;
}

tlsc_err tlsc_conn_fail(tlsc_conn *c, tlsc_err e)
{
    if (c->failure.code != TLSC_OK) {
        return c->failure.code;
    }
    const tlsc_hs *hs = tlsc_conn_hs(c);
    bool chosen = hs != NULL && hs->alert != TLSC_ALERT_close_notify;
    end_with(c, e, chosen ? hs->alert : tlsc_err_alert(e));
    return e;
}

tlsc_err tlsc_conn_abort(tlsc_conn *c, uint8_t alert)
{
    switch (alert) {
    case TLSC_ALERT_close_notify:
    case TLSC_ALERT_user_canceled:
    case TLSC_ALERT_no_renegotiation:
    case TLSC_ALERT_NONE: return TLSC_E_USAGE;
    default: break;
    }
    if (c->failure.code != TLSC_OK) {
        return TLSC_E_CLOSED;
    }
    end_with(c, TLSC_E_ABORTED, (tlsc_alert)alert);
    return TLSC_OK;
}

uint32_t tlsc_conn_post_longest(const tlsc_conn *c)
{
    return c->client ? TLSC_POST_SERVER_MAX : TLSC_POST_HANDSHAKE_MAX;
}

void tlsc_conn_leave_handshake(tlsc_conn *c)
{
    tlsc_hs_free(c->hs);
    c->hs = NULL;
    c->ccs = 0;
    c->join.longest = tlsc_conn_post_longest(c);
}

/* ---- records ---- */

static bool skip_this(tlsc_conn *c, size_t size, tlsc_err *rc)
{
    if (size > c->options.max_early_data_skip - c->skipped) {
        *rc = TLSC_E_TOO_MUCH_SKIPPED_DATA;
        return false;
    }
    c->skipped += (uint32_t)size;
    return true;
}

/* After a HelloRetryRequest all protected records are early data; after ServerHello those that don't
 * open. RFC 8446 4.2.10 */
static bool skips_sealed(const tlsc_conn *c, uint8_t type)
{
    return c->hs != NULL && c->hs->skip == TLSC_SKIP_SEALED && type == TLSC_CT_APPLICATION_DATA;
}

static tlsc_err take(tlsc_conn *c, uint8_t type, tlsc_bytes content, tlsc_opened *out)
{
    switch (type) {
    case TLSC_CT_HANDSHAKE: return tlsc_conn_take_handshake(c, content, out);
    case TLSC_CT_ALERT: return tlsc_conn_take_alert(c, content, out);
    case TLSC_CT_APPLICATION_DATA: return tlsc_conn_take_data(c, content, out);
    default: return TLSC_E_RECORD_TYPE; /* a protected ChangeCipherSpec too, RFC 8446 5 */
    }
}

/* What was agreed on beyond the protocol's own limit. Early data come before that. in: `sealed`, bytes of
 * a protected record with its tag; 0: it isn't one. RFC 8449 4, RFC 6066 4 */
static bool is_too_long(const tlsc_conn *c, size_t content_n, size_t sealed)
{
    const tlsc_record_layer *rl = &c->rl;
    bool early = c->hs != NULL && c->hs->reads_early;
    if (rl->max_read == 0 || early || (sealed == 0 && rl->max_read_sealed)) {
        return false;
    }
    size_t n = rl->max_read_counts_all ? sealed - TLSC_AEAD_TAG_LEN : content_n;
    return n > rl->max_read;
}

static tlsc_err open_sealed(tlsc_conn *c, uint8_t *record, size_t size, tlsc_opened *out)
{
    uint8_t type = 0;
    tlsc_bytes content = { NULL, 0 };
    tlsc_err rc = tlsc_protect_open(&c->rl.rd, tlsc_bytes_of(record, TLSC_RECORD_HEADER),
                                      record + TLSC_RECORD_HEADER, size - TLSC_RECORD_HEADER, &type,
                                      &content);
    if (rc == TLSC_E_BAD_RECORD_MAC && c->hs != NULL && c->hs->skip == TLSC_SKIP_UNOPENED) {
        return skip_this(c, size, &rc) ? TLSC_OK : rc;
    }
    TRY(rc);
    if (is_too_long(c, content.n, size - TLSC_RECORD_HEADER)) {
        return TLSC_E_RECORD_OVERFLOW;
    }
    c->opened_sealed = true;
    if (c->hs != NULL) {
        c->hs->skip = TLSC_SKIP_NONE;
    }
    return take(c, type, content, out);
}

/* A client that can't read our flight has no keys yet, and says so in the clear. */
static bool plain_alert_is_due(const tlsc_conn *c, uint8_t type)
{
    return type == TLSC_CT_ALERT && c->hs != NULL && !c->client && !c->opened_sealed;
}

static tlsc_err open_record(tlsc_conn *c, const tlsc_record_header *h, uint8_t *record, size_t size,
                            tlsc_opened *out)
{
    tlsc_bytes plain = tlsc_bytes_of(record + TLSC_RECORD_HEADER, h->length);
    bool is_12 = c->outcome.version == TLSC_TLS12;
    if (is_12 && c->rl.rd.suite != NULL) { /* all records are protected, each under its own type */
        return open_sealed(c, record, size, out);
    }
    if (h->type == TLSC_CT_CHANGE_CIPHER_SPEC) {
        return tlsc_conn_take_ccs(c, plain);
    }
    if (skips_sealed(c, h->type)) {
        if (tlsc_join_pending(&c->join)) {
            return TLSC_E_INTERLEAVED_MESSAGE;
        }
        tlsc_err rc = TLSC_OK;
        return skip_this(c, size, &rc) ? TLSC_OK : rc;
    }
    if (c->rl.rd.suite == NULL || plain_alert_is_due(c, h->type)) {
        if (is_too_long(c, plain.n, 0)) {
            return TLSC_E_RECORD_OVERFLOW;
        }
        return take(c, h->type, plain, out);
    }
    if (h->type != TLSC_CT_APPLICATION_DATA) {
        return TLSC_E_RECORD_TYPE;
    }
    return open_sealed(c, record, size, out);
}

static tlsc_err open_one(tlsc_conn *c, uint8_t *buf, size_t n, tlsc_opened *out)
{
    tlsc_deframed d;
    TRY(tlsc_deframe(&d, tlsc_bytes_of(buf, n), !c->seen_record, c->rl.rd.suite != NULL));
    if (d.needed > 0) {
        out->needed = d.needed;
        return TLSC_OK;
    }
    c->seen_record = true;
    out->consumed = d.size;
    return open_record(c, &d.header, buf, d.size, out);
}

tlsc_wait tlsc_conn_wait(const tlsc_conn *c)
{
    if (c->failure.code != TLSC_OK) {
        return TLSC_WAIT_NONE;
    }
    if (c->hs == NULL && c->post != NULL && c->post->wait == TLSC_WAIT_MESSAGE) {
        return TLSC_WAIT_NONE; /* the client takes its time, and data flow */
    }
    const tlsc_hs *hs = tlsc_conn_hs(c);
    return hs == NULL ? TLSC_WAIT_NONE : hs->wait;
}

void tlsc_conn_tell(const tlsc_conn *c, tlsc_opened *out)
{
    out->wait = tlsc_conn_wait(c);
    out->output = tlsc_conn_has_output(c);
}

/* Nothing is read during a pause, but by a client that is asked for a certificate after the handshake; and
 * nothing behind a message that it can't take yet. */
static bool reads(const tlsc_conn *c)
{
    tlsc_wait wait = tlsc_conn_wait(c);
    return wait == TLSC_WAIT_NONE || wait == TLSC_WAIT_MESSAGE ||
           (c->client && c->hs == NULL && !tlsc_join_pending(&c->join));
}

tlsc_err tlsc_conn_open(tlsc_conn *c, uint8_t *buf, size_t n, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    tlsc_err rc = c->failure.code;
    if (rc == TLSC_OK && c->read_closed) {
        out->consumed = n;
    } else if (rc == TLSC_OK && reads(c)) {
        rc = open_one(c, buf, n, out);
        if (rc != TLSC_OK) {
            out->data = (tlsc_bytes){ NULL, 0 };
            rc = tlsc_conn_fail(c, rc);
        }
    }
    tlsc_conn_tell(c, out);
    return rc;
}

tlsc_err tlsc_conn_end_of_input(tlsc_conn *c)
{
    if (c->read_closed && c->failure.code == TLSC_OK) {
        return TLSC_OK;
    }
    return tlsc_conn_fail(c, TLSC_E_TRUNCATED);
}
