/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/lookup.c: the sessions that clients name: by tickets, which are opened here or by the
 * caller, and by keys into a store. Whatever is wrong with one costs a full handshake and nothing
 * else. */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/hs.h"
#include "handshake/resume.h"
#include "handshake/session_out.h"
#include "keys/ticket_seal.h"

/* Opens what the ticketer's keys sealed. errors: TLSC_E_NO_MEMORY. */
static tlsc_err unseal(tlsc_hs *hs, tlsc_bytes sealed)
{
    const tlsc_ticketer *ticketer = &hs->config->ticketer;
    tlsc_ticket_keys keys = { 0 };
    tlsc_err rc = ticketer->read_keys(ticketer->ctx, &keys);
    if (rc == TLSC_OK) {
        rc = tlsc_ticket_unseal(hs->provider, &keys, sealed, &hs->ticket_session);
    }
    tlsc_ticket_keys_clear(&keys);
    return rc == TLSC_E_NO_MEMORY ? rc : TLSC_OK;
}

/* Asks the store into hs->stored, once. errors: TLSC_E_NO_MEMORY. */
static tlsc_err ask_store(tlsc_hs *hs, bool *later)
{
    const tlsc_store *store = &hs->config->store;
    tlsc_bytes key = tlsc_bytes_of(hs->session_key, hs->session_key_n);
    size_t n = 0;
    *later = false;
    TRY(tlsc_buf_reserve(&hs->stored, TLSC_STORE_VALUE_MAX));
    tlsc_err rc = (hs->session_take ? store->take : store->get)(
        store->ctx, key, hs->stored.p, TLSC_STORE_VALUE_MAX, &n, later);
    if (rc != TLSC_OK || n > TLSC_STORE_VALUE_MAX) {
        n = 0;
        *later = false;
    }
    hs->stored.n = *later ? 0 : n;
    return TLSC_OK;
}

tlsc_err tlsc_hs_look_up(tlsc_hs *hs, tlsc_bytes key, uint16_t version, bool *ready)
{
    bool later;
    *ready = true;
    if (!hs->session_answered) {
        if (!tlsc_session_is_key(key, version)) {
            return TLSC_OK;
        }
        tlsc_bytes_copy(hs->session_key, key);
        hs->session_key_n = key.n;
        hs->session_take = version == TLSC_TLS13; /* whose tickets are used once */
        TRY(ask_store(hs, &later));
        if (later) {
            hs->wait = TLSC_WAIT_SESSION;
            *ready = false;
            return TLSC_OK;
        }
    }
    hs->session_answered = false;
    tlsc_err rc = hs->stored.n > 0 ? unseal(hs, tlsc_buf_bytes(&hs->stored)) : TLSC_OK;
    tlsc_buf_clear(&hs->stored);
    return rc;
}

tlsc_err tlsc_hs_open_ticket(tlsc_hs *hs, bool *ready)
{
    *ready = true;
    if (tlsc_session_tickets_are_keys(hs->config, hs->options)) {
        return tlsc_hs_look_up(hs, hs->ticket, TLSC_TLS13, ready);
    }
    if (!hs->options->external_tickets) {
        return unseal(hs, hs->ticket);
    }
    if (!hs->ticket_answered) {
        hs->wait = TLSC_WAIT_TICKET;
        *ready = false;
        return TLSC_OK;
    }
    hs->ticket_answered = false;
    return TLSC_OK;
}
