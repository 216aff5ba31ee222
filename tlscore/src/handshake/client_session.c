/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client_session.c: sessions that a client offers, and those that it is given. */
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/client.h"
#include "handshake/negotiate.h"
#include "handshake/peer.h"
#include "handshake/session_out.h"
#include "wire/ticket.h"

enum {
    LIFETIME_MAX_S = 604800, /* RFC 8446 4.6.1 */
    OFFERED_MAX = 32768,     /* bytes of tickets in one ClientHello, whose extensions have 65,535 */
    SESSION_MAX = 1 << 18,   /* a ticket, a chain of 8 KiB, the application's bytes */
    TICKETS_TAKEN_MAX = 64   /* on one connection; a client has no use for more */
};

/* ---- offered ---- */

static void clear_session(tlsc_client_session *s)
{
    tlsc_session_clear(&s->session);
    tlsc_mem_free(s->memory);
    *s = (tlsc_client_session){ 0 };
}

static bool young_enough(const tlsc_hs *hs, const tlsc_session *s)
{
    if (hs->options->now_ms == NULL) {
        return false;
    }
    int64_t now_ms = hs->options->now_ms(hs->options->now_ctx);
    int64_t age_ms = now_ms - s->issued_ms;
    uint32_t lifetime_s = s->lifetime_s < LIFETIME_MAX_S ? s->lifetime_s : LIFETIME_MAX_S;
    return age_ms >= 0 && age_ms < (int64_t)lifetime_s * 1000 &&
           !tlsc_session_chain_over(hs->config, s, now_ms);
}

/* Is it for this server and this configuration, and can it still be offered? */
static bool may_offer(const tlsc_hs *hs, const tlsc_session *s)
{
    const tlsc_config *config = hs->config;
    const tlsc_suite *suite = tlsc_config_suite(config, s->suite, s->version);
    if (suite == NULL || s->version < config->min_version || s->version > config->max_version ||
        !young_enough(hs, s) || !tlsc_bytes_equal(s->server_name, hs->outcome->server_name) ||
        !tlsc_bytes_equal(tlsc_bytes_of(s->identity, sizeof(s->identity)),
                          tlsc_bytes_of(config->identity, sizeof(config->identity)))) {
        return false;
    }
    if (!tlsc_peer_session_fits(config, s)) {
        return false;
    }
    if (s->version == TLSC_TLS13) {
        return s->ticket.n > 0 && s->secret.n == suite->hash->len;
    }
    return s->secret.n == TLSC_MASTER12_LEN && (s->ticket.n > 0 || s->session_id.n > 0);
}

/* One of TLS 1.2 stands alone and first; after one of TLS 1.3 there are only such. */
static bool fits_the_others(const tlsc_client *client, const tlsc_session *s)
{
    size_t bytes = s->ticket.n;
    for (size_t i = 0; i < client->num_sessions; i++) {
        bytes += client->sessions[i].session.ticket.n;
    }
    if (bytes > OFFERED_MAX) {
        return false;
    }
    return client->num_sessions == 0 ||
           (s->version == TLSC_TLS13 && client->sessions[0].session.version == TLSC_TLS13);
}

tlsc_err tlsc_client_take_sessions(tlsc_hs *hs, const tlsc_bytes *sessions, size_t num)
{
    tlsc_client *client = hs->client;
    for (size_t i = 0; i < num && hs->config->want_sessions; i++) {
        tlsc_client_session s = { .memory = (uint8_t *)tlsc_mem_dup(sessions[i]),
                                  .memory_n = sessions[i].n };
        if (s.memory == NULL) {
            return TLSC_E_NO_MEMORY;
        }
        if (tlsc_session_parse(&s.session, tlsc_bytes_of(s.memory, s.memory_n)) == TLSC_OK &&
            may_offer(hs, &s.session) && fits_the_others(client, &s.session)) {
            client->sessions[client->num_sessions++] = s;
        } else {
            clear_session(&s);
        }
    }
    return TLSC_OK;
}

void tlsc_client_drop_sessions(tlsc_client *client,
                               bool (*keep)(const tlsc_hs *hs, const tlsc_session *session),
                               const tlsc_hs *hs)
{
    size_t kept = 0;
    for (size_t i = 0; i < client->num_sessions; i++) {
        tlsc_client_session s = client->sessions[i];
        client->sessions[i] = (tlsc_client_session){ 0 };
        if (keep != NULL && keep(hs, &s.session)) {
            client->sessions[kept++] = s;
        } else {
            clear_session(&s);
        }
        tlsc_session_clear(&s.session);
    }
    client->num_sessions = kept;
}

/* ---- given ---- */

tlsc_err tlsc_client_give_session(const tlsc_outcome *o,
                                  void (*on_session)(void *ctx, tlsc_bytes session), void *ctx,
                                  const tlsc_session *session)
{
    if (on_session == NULL || session->lifetime_s == 0) {
        return TLSC_OK;
    }
    tlsc_session s = *session;
    s.version = o->version;
    s.suite = o->suite->id;
    s.group = o->group;
    s.extended_master_secret = o->extended_master_secret;
    s.alpn = o->alpn;
    s.server_name = o->server_name;
    memcpy(s.identity, o->config->identity, sizeof(s.identity));
    s.application = o->session_application;
    if (s.lifetime_s > LIFETIME_MAX_S) {
        s.lifetime_s = LIFETIME_MAX_S;
    }
    s.lifetime_s = tlsc_session_lifetime(o, s.issued_ms, s.lifetime_s);
    s.chain_age_s = tlsc_session_chain_age(o, s.issued_ms);
    tlsc_peer_to_session(o, &s);
    tlsc_buf encoded = tlsc_buf_of(SESSION_MAX);
    tlsc_err rc = tlsc_session_emit(&encoded, &s);
    if (rc == TLSC_OK) {
        on_session(ctx, tlsc_buf_bytes(&encoded));
    }
    tlsc_buf_clear(&encoded);
    tlsc_session_clear(&s);
    return rc;
}

tlsc_err tlsc_client_take_ticket13(tlsc_outcome *o, int64_t now_ms,
                                   void (*on_session)(void *ctx, tlsc_bytes session), void *ctx,
                                   tlsc_bytes body)
{
    tlsc_ticket13 msg;
    TRY(tlsc_ticket13_parse(&msg, body));
    if (o->tickets_received < UINT32_MAX) {
        o->tickets_received++;
    }
    if (o->resumption.n == 0 || o->tickets_received > TICKETS_TAKEN_MAX) {
        return TLSC_OK;
    }
    tlsc_session s = {
        .issued_ms = now_ms,
        .age_add = msg.age_add,
        .max_early_data = msg.max_early_data,
        .lifetime_s = msg.lifetime_s,
        .ticket = msg.ticket,
    };
    tlsc_err rc = tlsc_ticket_psk13(o->suite->hash, &o->resumption, msg.nonce, &s.secret);
    if (rc == TLSC_OK) {
        rc = tlsc_client_give_session(o, on_session, ctx, &s);
    }
    tlsc_session_clear(&s);
    return rc;
}
