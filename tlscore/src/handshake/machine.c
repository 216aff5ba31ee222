/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/machine.c: the only driver of the handshake. It alone checks whether a message is legal now
 * and ends its record, adds it to the transcript, and moves the state. */
#include "handshake/hs.h"

#include <string.h>

#include "auth/credential.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/client.h"
#include "handshake/own.h"
#include "handshake/peer.h"
#include "handshake/tickets.h"

/* Long enough for a flight with a chain of certificates; ClientHello has its own limit. */
enum {
    FLIGHT_MAX = 1 << 20,
    SIGNATURE_MAX = 65535,
    PEER_MESSAGES_MAX = 6 /* that TLS 1.2's CertificateVerify is signed over, in either role */
};

const tlsc_hs_state tlsc_hs_done = { "done", 0, false, NULL };

tlsc_err tlsc_hs_new(const tlsc_provider *provider, const tlsc_conn_options *options,
                     tlsc_record_layer *rl, tlsc_outcome *outcome, const tlsc_hs_state *first,
                     tlsc_hs **out)
{
    tlsc_hs *hs = (tlsc_hs *)tlsc_mem_zalloc(sizeof(*hs));
    if (hs == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    hs->state = first;
    hs->wait = TLSC_WAIT_MESSAGE;
    hs->provider = provider;
    hs->options = options;
    hs->rl = rl;
    hs->outcome = outcome;
    hs->log = (tlsc_key_log){ options->key_log, options->key_log_ctx };
    hs->flight = tlsc_buf_of(FLIGHT_MAX);
    hs->signature = tlsc_buf_of(SIGNATURE_MAX);
    hs->ticket_session = tlsc_buf_of(options->max_handshake_message);
    hs->stored = tlsc_buf_of(TLSC_STORE_VALUE_MAX);
    hs->to_seal = tlsc_buf_of(TLSC_TICKET_MAX);
    hs->sealed = tlsc_buf_of(TLSC_TICKET_MAX);
    tlsc_transcript_init(&hs->transcript,
                         PEER_MESSAGES_MAX * (size_t)options->max_handshake_message + FLIGHT_MAX);
    *out = hs;
    return TLSC_OK;
}

void tlsc_hs_free(tlsc_hs *hs)
{
    if (hs == NULL) {
        return;
    }
    tlsc_transcript_clear(&hs->transcript);
    tlsc_schedule13_clear(&hs->schedule);
    tlsc_buf_clear(&hs->flight);
    tlsc_hello_clear(&hs->hello);
    tlsc_config_free(hs->config);
    tlsc_credential_free(hs->credential_override);
    tlsc_buf_clear(&hs->ticket_session);
    tlsc_buf_clear(&hs->stored);
    tlsc_buf_clear(&hs->to_seal);
    tlsc_buf_clear(&hs->sealed);
    tlsc_buf_clear(&hs->signature);
    tlsc_peer_clear(&hs->peer);
    tlsc_client_free(hs->client);
    tlsc_wish_clear(&hs->wish);
    if (hs->kx_private != NULL) {
        hs->group->clear(hs->kx_private);
        tlsc_mem_free(hs->kx_private);
    }
    tlsc_mem_free(hs); /* wipes the secrets that are values in it */
}

void tlsc_outcome_drop(tlsc_bytes *b)
{
    /* an outcome's views are of memory that it owns */
    union {
        const uint8_t *borrowed;
        uint8_t *owned;
    } p = { .borrowed = b->p };
    tlsc_mem_free(p.owned);
    *b = (tlsc_bytes){ NULL, 0 };
}

tlsc_err tlsc_outcome_keep(tlsc_bytes *owned, tlsc_bytes from)
{
    uint8_t *copy = (uint8_t *)tlsc_mem_dup(from);
    if (copy == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_outcome_drop(owned);
    *owned = tlsc_bytes_of(copy, from.n);
    return TLSC_OK;
}

void tlsc_outcome_clear(tlsc_outcome *o)
{
    tlsc_config_free(o->config);
    tlsc_credential_free(o->credential);
    tlsc_chain_free(o->verified_chain);
    tlsc_outcome_drop(&o->alpn);
    tlsc_outcome_drop(&o->server_name);
    tlsc_outcome_drop(&o->peer_chain);
    tlsc_outcome_drop(&o->post_transcript);
    tlsc_outcome_drop(&o->session_application_in);
    tlsc_outcome_drop(&o->session_application);
    tlsc_wipe(o, sizeof(*o));
}

/* Does the own work that is next, up to a state that needs a message, or a pause, or the end. */
static tlsc_err go_on(tlsc_hs *hs)
{
    hs->wait = TLSC_WAIT_NONE;
    while (hs->state->on != NULL && hs->state->accepts == 0) {
        const tlsc_hs_state *next = hs->state;
        TRY(hs->state->on(hs, NULL, &next));
        hs->state = next;
        if (hs->wait != TLSC_WAIT_NONE) {
            return TLSC_OK;
        }
    }
    if (hs->state->on != NULL) {
        hs->wait = TLSC_WAIT_MESSAGE;
    }
    return TLSC_OK;
}

tlsc_err tlsc_hs_step(tlsc_hs *hs, const tlsc_msg *msg)
{
    if (hs->wait != TLSC_WAIT_MESSAGE) {
        return TLSC_E_INTERNAL;
    }
    if (msg->type >= 31 || (hs->state->accepts >> msg->type & 1u) == 0) {
        hs->got = msg->type;
        return TLSC_E_UNEXPECTED_MESSAGE;
    }
    if (hs->state->changes_keys && !msg->ends_record) {
        return TLSC_E_KEY_CHANGE_IN_RECORD;
    }
    TRY(tlsc_transcript_add(&hs->transcript, msg->raw));
    const tlsc_hs_state *next = hs->state;
    TRY(hs->state->on(hs, msg, &next));
    hs->state = next;
    return go_on(hs);
}

tlsc_err tlsc_hs_change_cipher_spec(tlsc_hs *hs)
{
    if (hs->wait != TLSC_WAIT_MESSAGE || (hs->state->accepts & TLSC_HS_CCS_BIT) == 0) {
        return TLSC_E_UNEXPECTED_CCS;
    }
    const tlsc_hs_state *next = hs->state;
    TRY(hs->state->on(hs, NULL, &next));
    hs->state = next;
    return go_on(hs);
}

tlsc_err tlsc_hs_resume(tlsc_hs *hs)
{
    return go_on(hs);
}
