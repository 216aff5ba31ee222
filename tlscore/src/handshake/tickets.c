/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/tickets.c: see the header. Where the caller doesn't seal them, TLS 1.3's tickets are made
 * with the first data instead: post13.c. */
#include "handshake/tickets.h"

#include "base/bytes.h"
#include "base/try.h"
#include "handshake/post13.h"
#include "handshake/resume.h"

static tlsc_err on_make(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);

const tlsc_hs_state tlsc_tickets_make13 = { "server13: make tickets", 0, false, on_make };

unsigned tlsc_tickets_due(const tlsc_hs *hs)
{
    const tlsc_client_hello *ch = &hs->hello.msg;
    const tlsc_config *config = hs->config;
    if (!tlsc_resume13_possible(hs)) {
        return 0;
    }
    if (tlsc_exts_has(&ch->exts, TLSC_EXT_ticket_request)) {
        unsigned asked = hs->resumes ? ch->tickets_after_resumed : ch->tickets_after_full;
        return asked < config->max_tickets ? asked : config->max_tickets;
    }
    return hs->resumes && config->num_tickets > 1 ? 1 : config->num_tickets;
}

tlsc_err tlsc_tickets_ask(tlsc_hs *hs, const tlsc_session *session)
{
    tlsc_err rc = tlsc_session_emit(&hs->to_seal, session);
    if (rc != TLSC_OK) {
        tlsc_tickets_drop(hs);
        return rc;
    }
    hs->wait = TLSC_WAIT_SEAL;
    return TLSC_OK;
}

void tlsc_tickets_drop(tlsc_hs *hs)
{
    hs->sealed_answered = false;
    tlsc_buf_clear(&hs->to_seal);
    tlsc_buf_clear(&hs->sealed);
}

/* Asks for the ticket of number hs->tickets_made. */
static tlsc_err ask13(tlsc_hs *hs)
{
    tlsc_session session;
    int64_t now_ms = hs->options->now_ms(hs->options->now_ctx);
    tlsc_err rc = tlsc_post13_session(hs->provider, hs->options, hs->outcome, now_ms,
                                      hs->tickets_made, &session);
    if (rc == TLSC_OK) {
        rc = tlsc_tickets_ask(hs, &session);
    }
    tlsc_session_clear(&session);
    return rc;
}

/* Takes the answer: a NewSessionTicket, or nothing. The transcript has ended. */
static tlsc_err take13(tlsc_hs *hs)
{
    tlsc_session session;
    tlsc_err rc = TLSC_OK;
    if (hs->sealed.n > 0) {
        rc = tlsc_session_parse(&session, tlsc_buf_bytes(&hs->to_seal));
        if (rc == TLSC_OK) {
            rc = tlsc_post13_put_ticket(hs->outcome, &session, hs->tickets_made,
                                        tlsc_buf_bytes(&hs->sealed), &hs->flight);
            tlsc_session_clear(&session);
        }
    }
    tlsc_tickets_drop(hs);
    return rc;
}

static tlsc_err on_make(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    tlsc_outcome *o = hs->outcome;
    if (hs->sealed_answered) {
        TRY(take13(hs));
        hs->tickets_made++;
    }
    if (hs->tickets_made < o->tickets_due) {
        return ask13(hs);
    }
    o->tickets_due = 0;
    tlsc_secret_clear(&o->resumption);
    *next = &tlsc_hs_done;
    return tlsc_hs_flush(hs);
}
