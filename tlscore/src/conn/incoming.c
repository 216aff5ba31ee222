/* SPDX-License-Identifier: Apache-2.0 */
/* conn/incoming.c: what came in a record, by its type. */
#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "conn/conn.h"
#include "handshake/client.h"
#include "handshake/post13.h"
#include "record/protect13.h"
#include "wire/alert.h"
#include "wire/key_update.h"

/* ---- handshake messages ---- */

static tlsc_err on_key_update(tlsc_conn *c, const tlsc_msg *msg, tlsc_opened *out)
{
    bool requested;
    if (!msg->ends_record) {
        return TLSC_E_KEY_CHANGE_IN_RECORD;
    }
    TRY(tlsc_key_update_parse(&requested, msg->body));
    if (++c->key_updates > TLSC_KEY_UPDATES_MAX) {
        return TLSC_E_TOO_MANY_KEY_UPDATES;
    }
    TRY(tlsc_protect13_update(&c->rl.rd));
    c->key_updates_received++;
    out->events |= TLSC_EVENT_KEY_UPDATE;
    if (requested && !c->write_closed && !c->update_queued) {
        TRY(tlsc_post13_send_key_update(&c->rl, false));
        c->key_updates_sent++;
        c->update_queued = true;
    }
    return TLSC_OK;
}

static tlsc_err on_ticket(tlsc_conn *c, const tlsc_msg *msg)
{
    int64_t now_ms = c->options.now_ms == NULL ? 0 : c->options.now_ms(c->options.now_ctx);
    return tlsc_client_take_ticket13(&c->outcome, now_ms, c->on_session, c->session_ctx,
                                     msg->body);
}

/* After the handshake a client has one thing to say, a server two; and there is authentication. */
static bool may_say(const tlsc_conn *c, uint8_t type)
{
    return type == TLSC_HS_KEY_UPDATE || (c->client && type == TLSC_HS_NEW_SESSION_TICKET) ||
           tlsc_conn_post_auth_takes(c, type);
}

/* A HelloRequest: refused, or passed over where the configuration says so. RFC 5246 7.4.1.1 */
static tlsc_err take_hello_request(tlsc_conn *c, const tlsc_msg *msg)
{
    if (msg->body.n > 0) {
        return TLSC_E_DECODE;
    }
    if (!c->outcome.config->ignore_hello_requests) {
        return TLSC_E_RENEGOTIATION;
    }
    return ++c->requests > TLSC_REQUESTS_MAX ? TLSC_E_TOO_MANY_REQUESTS : TLSC_OK;
}

/* After a handshake of TLS 1.2 there is only the wish for another, by ClientHello or HelloRequest. It
 * could be declined by a warning (RFC 5246 7.2.2), but whoever wishes that won't do without. */
static tlsc_err take_post_handshake12(tlsc_conn *c)
{
    uint8_t type;
    while (tlsc_join_type(&c->join, &type)) {
        c->failure.got = tlsc_handshake_name(type);
        if (!c->client || type != TLSC_HS_HELLO_REQUEST) {
            bool wish = !c->client && type == TLSC_HS_CLIENT_HELLO;
            return wish ? TLSC_E_RENEGOTIATION : TLSC_E_UNEXPECTED_MESSAGE;
        }
        tlsc_msg msg;
        bool found;
        TRY(tlsc_join_next(&c->join, &msg, &found));
        if (!found) {
            break;
        }
        TRY(take_hello_request(c, &msg));
    }
    c->failure.got = NULL;
    return TLSC_OK;
}

static tlsc_err refuse13(tlsc_conn *c, uint8_t type)
{
    c->failure.got = tlsc_handshake_name(type);
    if (c->post != NULL) {
        c->post->got = type;
    }
    return TLSC_E_UNEXPECTED_MESSAGE;
}

/* What may not be said is refused by its type alone, before it could be collected. */
static tlsc_err take_post_handshake(tlsc_conn *c, tlsc_opened *out)
{
    uint8_t type;
    if (c->outcome.version == TLSC_TLS12) {
        return take_post_handshake12(c);
    }
    while (tlsc_join_type(&c->join, &type) && !tlsc_conn_post_auth_delays(c, type)) {
        tlsc_msg msg;
        bool found;
        if (!may_say(c, type)) {
            return refuse13(c, type);
        }
        TRY(tlsc_join_next(&c->join, &msg, &found));
        if (!found) {
            return TLSC_OK;
        }
        if (tlsc_conn_post_auth_takes(c, type)) {
            TRY(tlsc_conn_post_auth_take(c, &msg, out));
        } else {
            TRY(type == TLSC_HS_KEY_UPDATE ? on_key_update(c, &msg, out) : on_ticket(c, &msg));
        }
    }
    return TLSC_OK;
}

/* The handshake's last state was reached. */
static void finish_handshake(tlsc_conn *c, tlsc_opened *out)
{
    if (c->hs->state == &tlsc_hs_done) {
        out->events |= TLSC_EVENT_HANDSHAKE_DONE;
        tlsc_conn_leave_handshake(c);
    }
}

/* One message to the machine; a client hears what became of its early data. */
static tlsc_err step(tlsc_conn *c, const tlsc_msg *msg, tlsc_opened *out)
{
    bool pending = c->client && c->outcome.early_data == TLSC_EARLY_PENDING;
    TRY(tlsc_hs_step(c->hs, msg));
    if (pending && c->outcome.early_data != TLSC_EARLY_PENDING) {
        out->events |= c->outcome.early_data == TLSC_EARLY_ACCEPTED ? TLSC_EVENT_EARLY_ACCEPTED
                                                                    : TLSC_EVENT_EARLY_REJECTED;
    }
    return TLSC_OK;
}

static tlsc_err take_in_handshake(tlsc_conn *c, tlsc_opened *out)
{
    tlsc_msg msg;
    bool found = true;
    while (c->hs->wait == TLSC_WAIT_MESSAGE) {
        TRY(tlsc_join_next(&c->join, &msg, &found));
        if (!found) {
            return TLSC_OK;
        }
        TRY(step(c, &msg, out));
    }
    finish_handshake(c, out);
    return TLSC_OK;
}

tlsc_err tlsc_conn_take_pending(tlsc_conn *c, tlsc_opened *out)
{
    tlsc_conn_post_auth_settle(c, out);
    tlsc_err rc = c->hs != NULL ? take_in_handshake(c, out) : take_post_handshake(c, out);
    if (rc == TLSC_OK) {
        tlsc_join_settle(&c->join);
    }
    return rc;
}

tlsc_err tlsc_conn_take_handshake(tlsc_conn *c, tlsc_bytes content, tlsc_opened *out)
{
    if (content.n == 0) {
        return TLSC_E_EMPTY_HANDSHAKE_RECORD;
    }
    c->empty_records = 0;
    c->warnings = 0;
    TRY(tlsc_join_add(&c->join, content));
    tlsc_err rc = c->hs != NULL ? take_in_handshake(c, out) : take_post_handshake(c, out);
    if (rc == TLSC_OK) {
        tlsc_join_settle(&c->join);
    }
    return rc;
}

/* ---- alerts ---- */

tlsc_err tlsc_conn_take_alert(tlsc_conn *c, tlsc_bytes content, tlsc_opened *out)
{
    tlsc_alert_msg alert;
    if (content.n == 0) { /* RFC 8446 5.4 */
        return TLSC_E_EMPTY_HANDSHAKE_RECORD;
    }
    TRY(tlsc_alert_parse(&alert, content));
    if (alert.description == TLSC_ALERT_close_notify) {
        if (c->hs != NULL) {
            return TLSC_E_CLOSED_EARLY;
        }
        c->read_closed = true;
        out->events |= TLSC_EVENT_CLOSE_NOTIFY;
        return TLSC_OK;
    }
    /* in TLS 1.3 an alert's level says nothing any more: of the others only user_canceled isn't the end,
     * RFC 8446 6 and 6.1 */
    bool is_13 = c->outcome.version == TLSC_TLS13;
    if (!is_13 && alert.level != TLSC_ALERT_LEVEL_WARNING &&
        alert.level != TLSC_ALERT_LEVEL_FATAL) {
        return TLSC_E_BAD_ALERT_LEVEL;
    }
    if (alert.description == TLSC_ALERT_user_canceled ||
        (!is_13 && alert.level == TLSC_ALERT_LEVEL_WARNING)) {
        if (tlsc_join_pending(&c->join)) { /* RFC 8446 5.1; an alert that ends it all is heard anyway */
            return TLSC_E_INTERLEAVED_MESSAGE;
        }
        out->events |= TLSC_EVENT_WARNING;
        return ++c->warnings > TLSC_WARNINGS_MAX ? TLSC_E_TOO_MANY_WARNINGS : TLSC_OK;
    }
    c->failure.alert_received = alert.description;
    c->write_closed = true; /* nothing is answered to it */
    return TLSC_E_PEER_ALERT;
}

/* ---- ChangeCipherSpec ---- */

/* From the first ClientHello on, said or heard. Before a client knows the version it must believe in TLS
 * 1.3, if it offers that. RFC 8446 5 */
static bool may_change_cipher_spec(const tlsc_conn *c)
{
    if (c->hs == NULL) {
        return false;
    }
    if (c->client) {
        return c->outcome.version != 0 || c->hs->client->offers_13;
    }
    return c->hs->hello.raw != NULL;
}

/* In TLS 1.3 one byte of 1 is passed over from the ClientHello up to the peer's Finished (RFC 8446 5);
 * in TLS 1.2 it changes the keys, between two messages. */
tlsc_err tlsc_conn_take_ccs(tlsc_conn *c, tlsc_bytes content)
{
    static const uint8_t one = 1;
    if (!may_change_cipher_spec(c)) {
        return TLSC_E_UNEXPECTED_CCS;
    }
    if (!tlsc_bytes_equal(content, tlsc_bytes_of(&one, 1))) {
        return TLSC_E_BAD_CCS;
    }
    if (c->outcome.version == TLSC_TLS12) {
        return tlsc_join_pending(&c->join) ? TLSC_E_UNEXPECTED_CCS
                                           : tlsc_hs_change_cipher_spec(c->hs);
    }
    return ++c->ccs > TLSC_CCS_MAX ? TLSC_E_TOO_MANY_CCS : TLSC_OK;
}

/* ---- application data ---- */

/* A client knows from its ticket how much may come. RFC 8446 4.2.10 */
static tlsc_err count_early_data(tlsc_conn *c, tlsc_bytes content, tlsc_opened *out)
{
    if (content.n > c->hs->early_left) {
        return TLSC_E_TOO_MUCH_EARLY_DATA;
    }
    c->hs->early_left -= (uint32_t)content.n;
    out->events |= content.n > 0 ? TLSC_EVENT_EARLY_DATA : 0;
    return TLSC_OK;
}

tlsc_err tlsc_conn_take_data(tlsc_conn *c, tlsc_bytes content, tlsc_opened *out)
{
    bool early = c->hs != NULL && c->hs->reads_early;
    if ((c->hs != NULL && !early) || tlsc_conn_post_auth_interrupted(c)) {
        return TLSC_E_RECORD_TYPE;
    }
    if (tlsc_join_pending(&c->join)) {
        return TLSC_E_INTERLEAVED_MESSAGE;
    }
    if (early) {
        TRY(count_early_data(c, content, out));
    }
    if (content.n == 0) {
        return ++c->empty_records > TLSC_EMPTY_RECORDS_MAX ? TLSC_E_TOO_MANY_EMPTY_RECORDS
                                                           : TLSC_OK;
    }
    c->empty_records = 0;
    c->warnings = 0;
    c->key_updates = 0;
    c->requests = 0;
    out->data = content;
    return TLSC_OK;
}
