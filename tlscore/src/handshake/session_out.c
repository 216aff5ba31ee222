/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/session_out.c: sessions on their way to a client, or into a store. */
#include "handshake/session_out.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "handshake/peer.h"
#include "keys/ticket_seal.h"

uint32_t tlsc_session_chain_age(const tlsc_outcome *o, int64_t now_ms)
{
    if (o->chain_began_ms == 0 || now_ms <= o->chain_began_ms) {
        return 0;
    }
    int64_t age_s = (now_ms - o->chain_began_ms + 999) / 1000;
    return age_s < UINT32_MAX ? (uint32_t)age_s : UINT32_MAX;
}

bool tlsc_session_chain_over(const tlsc_config *config, const tlsc_session *s, int64_t now_ms)
{
    int64_t life_ms = (int64_t)config->resumption_life_s * 1000;
    return now_ms - s->issued_ms > life_ms - (int64_t)s->chain_age_s * 1000;
}

uint32_t tlsc_session_lifetime(const tlsc_outcome *o, int64_t now_ms, uint32_t lifetime_s)
{
    uint32_t age_s = tlsc_session_chain_age(o, now_ms);
    uint32_t life_s = o->config->resumption_life_s;
    uint32_t left_s = age_s < life_s ? life_s - age_s : 1; /* 0 would mean unknown in TLS 1.2 */
    return lifetime_s < left_s ? lifetime_s : left_s;
}

tlsc_err tlsc_session_of(const tlsc_outcome *o, const tlsc_random *random, int64_t now_ms,
                         tlsc_session *out)
{
    uint8_t age_add[4];
    memset(out, 0, sizeof(*out));
    TRY(random->fill(random->ctx, age_add, sizeof(age_add)));
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(age_add, sizeof(age_add)));
    out->age_add = tlsc_rd_u32(&r);
    out->version = o->version;
    out->suite = o->suite->id;
    out->group = o->group;
    out->alpn = o->alpn;
    out->server_name = o->server_name;
    memcpy(out->identity, o->config->identity, sizeof(out->identity));
    out->issued_ms = now_ms;
    out->chain_age_s = tlsc_session_chain_age(o, now_ms);
    out->application = o->session_application;
    tlsc_peer_to_session(o, out);
    return TLSC_OK;
}

/* Appends the session, sealed by the ticketer's youngest key. */
static tlsc_err seal(const tlsc_provider *provider, const tlsc_ticketer *ticketer, int64_t now_ms,
                     const tlsc_session *session, tlsc_buf *out)
{
    tlsc_buf encoded = tlsc_buf_of(out->max);
    tlsc_ticket_keys keys = { 0 };
    tlsc_err rc = tlsc_session_emit(&encoded, session);
    if (rc == TLSC_OK) {
        rc = ticketer->read_keys(ticketer->ctx, &keys);
    }
    if (rc == TLSC_OK) {
        rc = tlsc_ticket_seal(provider, provider->random, &keys, now_ms, tlsc_buf_bytes(&encoded),
                              out);
    }
    tlsc_ticket_keys_clear(&keys);
    tlsc_buf_clear(&encoded);
    return rc;
}

tlsc_err tlsc_session_ticket(const tlsc_provider *provider, const tlsc_conn_options *options,
                             const tlsc_config *config, int64_t now_ms, const tlsc_session *session,
                             tlsc_buf *ticket)
{
    uint8_t key[TLSC_STORE_KEY_MAX];
    if (!tlsc_session_tickets_are_keys(config, options)) {
        return seal(provider, &config->ticketer, now_ms, session, ticket);
    }
    TRY(tlsc_session_new_key(provider->random, session->version, key));
    TRY(tlsc_session_store(provider, config, now_ms, session, key));
    return tlsc_buf_append(ticket, tlsc_bytes_of(key, sizeof(key)));
}

tlsc_err tlsc_session_new_key(const tlsc_random *random, uint16_t version,
                              uint8_t key[TLSC_STORE_KEY_MAX])
{
    TRY(random->fill(random->ctx, key, TLSC_STORE_KEY_MAX));
    key[0] = (uint8_t)((key[0] & 0xfe) | (version == TLSC_TLS12 ? 1 : 0));
    return TLSC_OK;
}

bool tlsc_session_is_key(tlsc_bytes key, uint16_t version)
{
    return key.n == TLSC_STORE_KEY_MAX && (key.p[0] & 1) == (version == TLSC_TLS12 ? 1 : 0);
}

tlsc_err tlsc_session_store(const tlsc_provider *provider, const tlsc_config *config,
                            int64_t now_ms, const tlsc_session *session,
                            const uint8_t key[TLSC_STORE_KEY_MAX])
{
    const tlsc_store *store = &config->store;
    tlsc_buf sealed = tlsc_buf_of(TLSC_STORE_VALUE_MAX);
    tlsc_err rc = seal(provider, &config->ticketer, now_ms, session, &sealed);
    if (rc == TLSC_OK) {
        rc = store->put(store->ctx, tlsc_bytes_of(key, TLSC_STORE_KEY_MAX), tlsc_buf_bytes(&sealed),
                        config->ticketer.lifetime_s);
    }
    tlsc_buf_clear(&sealed);
    return rc;
}

bool tlsc_session_tickets_are_keys(const tlsc_config *config, const tlsc_conn_options *options)
{
    return config->has_store && config->store_tickets && !options->external_tickets;
}
