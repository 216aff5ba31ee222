/* SPDX-License-Identifier: Apache-2.0 */
/* conn/answers.c: what the caller says while the handshake pauses. */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "conn/conn.h"
#include "handshake/negotiate.h"
#include "handshake/tickets.h"

static tlsc_err go_on(tlsc_conn *c, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    tlsc_err rc = tlsc_hs_resume(tlsc_conn_hs(c));
    if (rc == TLSC_OK) {
        rc = tlsc_conn_take_pending(c, out);
    }
    if (rc != TLSC_OK) {
        rc = tlsc_conn_fail(c, rc);
    }
    tlsc_conn_tell(c, out);
    return rc;
}

const tlsc_hello *tlsc_conn_hello(const tlsc_conn *c)
{
    return c->hs != NULL && c->hs->hello.raw != NULL ? &c->hs->hello : NULL;
}

tlsc_err tlsc_conn_answer_config(tlsc_conn *c, const tlsc_config *config, tlsc_bytes alpn,
                                 tlsc_credential *credential, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    bool fits = tlsc_conn_wait(c) == TLSC_WAIT_CONFIG && config != NULL && !config->client &&
                config->provider == c->provider &&
                (alpn.n == 0 || tlsc_hello_has_alpn(&c->hs->hello.msg, alpn));
    if (!fits) {
        return TLSC_E_USAGE;
    }
    if (alpn.n > 0) {
        uint8_t *copy = (uint8_t *)tlsc_mem_dup(alpn);
        if (copy == NULL) {
            return tlsc_conn_fail(c, TLSC_E_NO_MEMORY);
        }
        c->outcome.alpn = tlsc_bytes_of(copy, alpn.n);
    }
    c->hs->config = tlsc_config_ref(config);
    c->hs->credential_override = credential == NULL ? NULL : tlsc_credential_ref(credential);
    return go_on(c, out);
}

tlsc_err tlsc_conn_answer_refuse(tlsc_conn *c, tlsc_err reason)
{
    tlsc_wait wait = tlsc_conn_wait(c);
    if ((wait != TLSC_WAIT_CONFIG && wait != TLSC_WAIT_CREDENTIAL) || reason == TLSC_OK) {
        return TLSC_E_USAGE;
    }
    return tlsc_conn_fail(c, reason);
}

tlsc_err tlsc_conn_sign_request(const tlsc_conn *c, uint16_t *scheme, tlsc_bytes *message)
{
    if (tlsc_conn_wait(c) != TLSC_WAIT_SIGN) {
        return TLSC_E_USAGE;
    }
    *scheme = c->outcome.scheme;
    *message = tlsc_hs_sign_content(tlsc_conn_hs(c));
    return TLSC_OK;
}

tlsc_err tlsc_conn_answer_signature(tlsc_conn *c, tlsc_bytes signature, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    if (tlsc_conn_wait(c) != TLSC_WAIT_SIGN) {
        return TLSC_E_USAGE;
    }
    tlsc_err rc = tlsc_buf_append(&tlsc_conn_hs(c)->signature, signature);
    if (rc != TLSC_OK) {
        return tlsc_conn_fail(c, rc);
    }
    tlsc_conn_hs(c)->signature_answered = true;
    return go_on(c, out);
}

tlsc_err tlsc_conn_ticket_request(const tlsc_conn *c, tlsc_bytes *ticket)
{
    if (tlsc_conn_wait(c) != TLSC_WAIT_TICKET) {
        return TLSC_E_USAGE;
    }
    *ticket = c->hs->ticket;
    return TLSC_OK;
}

tlsc_err tlsc_conn_seal_request(const tlsc_conn *c, tlsc_bytes *session)
{
    if (tlsc_conn_wait(c) != TLSC_WAIT_SEAL) {
        return TLSC_E_USAGE;
    }
    *session = tlsc_buf_bytes(&c->hs->to_seal);
    return TLSC_OK;
}

tlsc_err tlsc_conn_answer_sealed(tlsc_conn *c, tlsc_bytes ticket, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    if (tlsc_conn_wait(c) != TLSC_WAIT_SEAL || ticket.n > TLSC_TICKET_MAX) {
        return TLSC_E_USAGE;
    }
    tlsc_err rc = tlsc_buf_append(&c->hs->sealed, ticket);
    if (rc != TLSC_OK) {
        return tlsc_conn_fail(c, rc);
    }
    c->hs->sealed_answered = true;
    return go_on(c, out);
}

tlsc_err tlsc_conn_session_request(const tlsc_conn *c, tlsc_bytes *key, bool *take)
{
    if (tlsc_conn_wait(c) != TLSC_WAIT_SESSION) {
        return TLSC_E_USAGE;
    }
    *key = tlsc_bytes_of(c->hs->session_key, c->hs->session_key_n);
    *take = c->hs->session_take;
    return TLSC_OK;
}

tlsc_err tlsc_conn_answer_session(tlsc_conn *c, tlsc_bytes value, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    if (tlsc_conn_wait(c) != TLSC_WAIT_SESSION || value.n > TLSC_STORE_VALUE_MAX) {
        return TLSC_E_USAGE;
    }
    tlsc_err rc = tlsc_buf_append(&c->hs->stored, value);
    if (rc != TLSC_OK) {
        return tlsc_conn_fail(c, rc);
    }
    c->hs->session_answered = true;
    return go_on(c, out);
}

tlsc_err tlsc_conn_answer_ticket(tlsc_conn *c, tlsc_bytes session, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    if (tlsc_conn_wait(c) != TLSC_WAIT_TICKET) {
        return TLSC_E_USAGE;
    }
    tlsc_err rc = tlsc_buf_append(&c->hs->ticket_session, session);
    if (rc != TLSC_OK) {
        return tlsc_conn_fail(c, rc);
    }
    c->hs->ticket_answered = true;
    return go_on(c, out);
}

tlsc_err tlsc_conn_verify_request(const tlsc_conn *c, const tlsc_verify_request **request)
{
    *request = NULL;
    if (tlsc_conn_wait(c) != TLSC_WAIT_VERIFY) {
        return TLSC_E_USAGE;
    }
    *request = &tlsc_conn_hs(c)->peer.request;
    return TLSC_OK;
}

tlsc_err tlsc_conn_answer_verdict(tlsc_conn *c, const tlsc_verdict *verdict, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    if (tlsc_conn_wait(c) != TLSC_WAIT_VERIFY || verdict->size != sizeof(*verdict) ||
        verdict->kind == TLSC_VERDICT_LATER) {
        tlsc_chain_free(verdict->chain);
        return TLSC_E_USAGE;
    }
    tlsc_conn_hs(c)->peer.verdict = *verdict;
    tlsc_conn_hs(c)->peer.answered = true;
    return go_on(c, out);
}

tlsc_err tlsc_conn_credential_request(const tlsc_conn *c, tlsc_credential_request *out)
{
    memset(out, 0, sizeof(*out));
    if (tlsc_conn_wait(c) != TLSC_WAIT_CREDENTIAL) {
        return TLSC_E_USAGE;
    }
    *out = tlsc_conn_hs(c)->wish.what;
    return TLSC_OK;
}

tlsc_err tlsc_conn_answer_credential(tlsc_conn *c, tlsc_credential *credential, tlsc_opened *out)
{
    memset(out, 0, sizeof(*out));
    if (tlsc_conn_wait(c) != TLSC_WAIT_CREDENTIAL) {
        return TLSC_E_USAGE;
    }
    tlsc_conn_hs(c)->credential_override = credential == NULL ? NULL : tlsc_credential_ref(credential);
    tlsc_conn_hs(c)->credential_answered = true;
    return go_on(c, out);
}
