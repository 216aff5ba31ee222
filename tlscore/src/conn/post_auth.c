/* SPDX-License-Identifier: Apache-2.0 */
/* conn/post_auth.c: authentication after the handshake, beside application data. */
#include "handshake/post_auth.h"

#include "base/try.h"
#include "conn/conn.h"
#include "handshake/peer.h"
#include "wire/enums.h"

/* The exchange's end; until the next, messages are as short as before. */
static void leave(tlsc_conn *c)
{
    tlsc_hs_free(c->post);
    c->post = NULL;
    c->join.longest = tlsc_conn_post_longest(c);
}

tlsc_err tlsc_conn_request_certificate(tlsc_conn *c)
{
    if (c->client) {
        return TLSC_E_USAGE;
    }
    if (c->failure.code != TLSC_OK || c->write_closed || c->read_closed) {
        return TLSC_E_CLOSED;
    }
    if (c->hs != NULL) {
        return TLSC_E_NOT_READY;
    }
    if (!tlsc_post_auth_allowed(&c->outcome) ||
        !tlsc_peer_accepts_type(c->outcome.config, c->outcome.peer_type)) {
        return TLSC_E_UNSUPPORTED;
    }
    if (c->post != NULL) {
        return TLSC_E_USAGE;
    }
    tlsc_err rc = tlsc_post_auth_new(c->provider, &c->options, &c->rl, &c->outcome, false, &c->post);
    if (rc == TLSC_OK) {
        c->join.longest = c->options.max_handshake_message;
        rc = tlsc_post_auth_ask(c->post);
    }
    return rc == TLSC_OK ? TLSC_OK : tlsc_conn_fail(c, rc);
}

/* Who has said goodbye has nothing to answer any more. */
static tlsc_err on_request(tlsc_conn *c, const tlsc_msg *msg)
{
    if (++c->requests > TLSC_REQUESTS_MAX) {
        return TLSC_E_TOO_MANY_REQUESTS;
    }
    if (c->write_closed) {
        return TLSC_OK;
    }
    TRY(tlsc_post_auth_new(c->provider, &c->options, &c->rl, &c->outcome, true, &c->post));
    return tlsc_post_auth_answer(c->post, msg);
}

bool tlsc_conn_post_auth_takes(const tlsc_conn *c, uint8_t type)
{
    if (c->client) {
        return type == TLSC_HS_CERTIFICATE_REQUEST && tlsc_post_auth_allowed(&c->outcome);
    }
    bool begins = type == TLSC_HS_CERTIFICATE || type == TLSC_HS_COMPRESSED_CERTIFICATE;
    return c->post != NULL && (begins || !tlsc_post_auth_is_idle(c->post));
}

/* A client may take its time: whoever it asks may be human. Keys and tickets go on meanwhile, and a second
 * question waits. A server reads nothing while it judges. */
bool tlsc_conn_post_auth_delays(const tlsc_conn *c, uint8_t type)
{
    bool pauses = c->post != NULL && c->post->wait != TLSC_WAIT_MESSAGE;
    return pauses && (!c->client || type == TLSC_HS_CERTIFICATE_REQUEST);
}

tlsc_err tlsc_conn_post_auth_take(tlsc_conn *c, const tlsc_msg *msg, tlsc_opened *out)
{
    TRY(c->client ? on_request(c, msg) : tlsc_hs_step(c->post, msg));
    tlsc_conn_post_auth_settle(c, out);
    return TLSC_OK;
}

void tlsc_conn_post_auth_settle(tlsc_conn *c, tlsc_opened *out)
{
    if (c->post != NULL && c->post->state == &tlsc_hs_done) {
        if (!c->client) {
            out->events |= TLSC_EVENT_CERTIFICATE;
        }
        leave(c);
    }
}

bool tlsc_conn_post_auth_interrupted(const tlsc_conn *c)
{
    return c->post != NULL && !c->client && !tlsc_post_auth_is_idle(c->post);
}
