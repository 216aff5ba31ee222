/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/post13.c: tickets and KeyUpdate. */
#include "handshake/post13.h"

#include "base/bytes.h"
#include "base/try.h"
#include "handshake/early.h"
#include "handshake/session_out.h"
#include "handshake/tickets.h"
#include "record/protect13.h"
#include "wire/grease.h"
#include "wire/key_update.h"
#include "wire/ticket.h"

enum { TICKETS_MAX = 8 * (TLSC_TICKET_MAX + 512) };

tlsc_err tlsc_post13_session(const tlsc_provider *provider, const tlsc_conn_options *options,
                             const tlsc_outcome *o, int64_t now_ms, uint8_t nonce,
                             tlsc_session *out)
{
    TRY(tlsc_session_of(o, provider->random, now_ms, out));
    out->max_early_data = tlsc_early_limit(o->config, options);
    return tlsc_ticket_psk13(o->suite->hash, &o->resumption, tlsc_bytes_of(&nonce, 1),
                             &out->secret);
}

tlsc_err tlsc_post13_put_ticket(const tlsc_outcome *o, const tlsc_session *session, uint8_t nonce,
                                tlsc_bytes ticket, tlsc_buf *out)
{
    tlsc_ticket13 msg = {
        .lifetime_s = tlsc_session_lifetime(o, session->issued_ms, o->config->ticketer.lifetime_s),
        .age_add = session->age_add,
        .nonce = tlsc_bytes_of(&nonce, 1),
        .ticket = ticket,
        .max_early_data = session->max_early_data,
        .grease = o->config->grease ? tlsc_grease_value(session->age_add) : 0,
    };
    size_t whole = out->n;
    tlsc_wr w = tlsc_wr_of(out);
    tlsc_wr_u8(&w, TLSC_HS_NEW_SESSION_TICKET);
    tlsc_wr_mark body = tlsc_wr_open24(&w);
    tlsc_ticket13_emit(&w, &msg);
    tlsc_wr_close(&w, body);
    tlsc_err rc = tlsc_wr_end(&w);
    out->n = rc == TLSC_OK ? out->n : whole;
    return rc;
}

/* Appends one NewSessionTicket to `out`. */
static tlsc_err make_ticket(const tlsc_provider *provider, const tlsc_conn_options *options,
                            const tlsc_outcome *o, int64_t now_ms, uint8_t nonce, tlsc_buf *out)
{
    tlsc_session session;
    tlsc_buf ticket = tlsc_buf_of(TLSC_TICKET_MAX);
    tlsc_err rc = tlsc_post13_session(provider, options, o, now_ms, nonce, &session);
    if (rc == TLSC_OK) {
        rc = tlsc_session_ticket(provider, options, o->config, now_ms, &session, &ticket);
    }
    if (rc == TLSC_OK) {
        rc = tlsc_post13_put_ticket(o, &session, nonce, tlsc_buf_bytes(&ticket), out);
    }
    tlsc_session_clear(&session);
    tlsc_buf_clear(&ticket);
    return rc;
}

tlsc_err tlsc_post13_send_tickets(const tlsc_provider *provider, const tlsc_conn_options *options,
                                  tlsc_outcome *outcome, tlsc_record_layer *rl)
{
    tlsc_buf messages = tlsc_buf_of(TICKETS_MAX);
    int64_t now_ms = options->now_ms(options->now_ctx);
    unsigned num = outcome->tickets_due;
    tlsc_err rc = TLSC_OK;
    outcome->tickets_due = 0;
    for (unsigned i = 0; rc == TLSC_OK && i < num; i++) {
        rc = make_ticket(provider, options, outcome, now_ms, (uint8_t)i, &messages);
    }
    tlsc_secret_clear(&outcome->resumption);
    rc = messages.n > 0 ? tlsc_rl_put(rl, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&messages)) : TLSC_OK;
    tlsc_buf_clear(&messages);
    return rc;
}

tlsc_err tlsc_post13_send_key_update(tlsc_record_layer *rl, bool request_peer)
{
    tlsc_buf message = tlsc_buf_of(16);
    tlsc_wr w = tlsc_wr_of(&message);
    tlsc_wr_u8(&w, TLSC_HS_KEY_UPDATE);
    tlsc_wr_mark body = tlsc_wr_open24(&w);
    tlsc_key_update_emit(&w, request_peer);
    tlsc_wr_close(&w, body);
    tlsc_err rc = tlsc_wr_end(&w);
    if (rc == TLSC_OK) {
        rc = tlsc_rl_put(rl, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    }
    tlsc_buf_clear(&message);
    TRY(rc);
    return tlsc_protect13_update(&rl->wr);
}
