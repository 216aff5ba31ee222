/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_sessions.c: tickets, stores, early data. */
#include <string.h>

#include "api/builder.h"

enum { LIFETIME_MAX_S = 604800 /* RFC 8446 4.6.1: seven days */ };

tlsc_err tlsc_config_set_ticketer(tlsc_config_builder *b, const tlsc_ticketer *ticketer,
                                  const uint8_t identity[32], unsigned num_tickets)
{
    if (b->config.client || ticketer->size != sizeof(*ticketer) || ticketer->read_keys == NULL ||
        ticketer->lifetime_s == 0 || ticketer->lifetime_s > LIFETIME_MAX_S ||
        num_tickets > TLSC_BUILDER_TICKETS_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.ticketer = *ticketer;
    b->config.has_ticketer = true;
    memcpy(b->config.identity, identity, sizeof(b->config.identity));
    b->config.num_tickets = num_tickets;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_store(tlsc_config_builder *b, const tlsc_store *store, bool tickets)
{
    if (b->config.client || store->size != sizeof(*store) || store->put == NULL ||
        store->get == NULL || store->take == NULL) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.store = *store;
    b->config.has_store = true;
    b->config.store_tickets = !tickets;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_max_tickets(tlsc_config_builder *b, unsigned max)
{
    if (b->config.client || max > TLSC_BUILDER_TICKETS_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.max_tickets = max;
    b->has_max_tickets = true;
    return TLSC_OK;
}

tlsc_err tlsc_config_request_tickets(tlsc_config_builder *b, uint8_t after_full,
                                     uint8_t after_resumed)
{
    if (!b->config.client) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.request_tickets = true;
    b->config.tickets_after_full = after_full;
    b->config.tickets_after_resumed = after_resumed;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_identity(tlsc_config_builder *b, const uint8_t identity[32])
{
    if (!b->config.client) {
        return TLSC_E_BAD_CONFIG;
    }
    memcpy(b->config.identity, identity, sizeof(b->config.identity));
    b->has_identity = true;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_resumption_life(tlsc_config_builder *b, uint32_t seconds)
{
    if (seconds == 0) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.resumption_life_s = seconds;
    return TLSC_OK;
}

void tlsc_config_want_sessions(tlsc_config_builder *b, bool want)
{
    b->config.want_sessions = b->config.client && want;
}

tlsc_err tlsc_config_accept_early_data(tlsc_config_builder *b, uint32_t max_bytes,
                                       const tlsc_replay_guard *guard)
{
    bool good = guard == NULL || (guard->size == sizeof(*guard) && guard->is_first != NULL);
    if (b->config.client || !good) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.max_early_data = max_bytes;
    b->config.has_replay_guard = guard != NULL;
    b->config.replay_guard = guard != NULL ? *guard : (tlsc_replay_guard){ 0 };
    return TLSC_OK;
}

void tlsc_config_half_rtt_data(tlsc_config_builder *b, bool allow)
{
    b->config.half_rtt_data = !b->config.client && allow;
}
