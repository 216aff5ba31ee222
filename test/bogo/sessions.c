/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/sessions.c: a server's memory. */
#include "sessions.h"

#include <stdlib.h>
#include <string.h>

#include "outcome.h"

enum {
    NUM_TICKETS = 2,
    STORE_CAPACITY = 64,
    MAX_SEEN = 16,
    MAX_SEALED = 32
};

/* 1234 s: not 0, which might be a special case somewhere. */
static int64_t now_ms = 1234000;

int64_t sessions_now_ms(void *unused)
{
    (void)unused;
    return now_ms;
}

void sessions_sleep(int64_t ms)
{
    now_ms += ms;
}

/* ---- tickets ---- */

/* One key for the whole run, so that tickets of one connection open in the next. */
static tlsc_ticket_keys ticket_keys;

static tlsc_err read_keys(void *ctx, tlsc_ticket_keys *out)
{
    const struct settings *s = ctx;

    if (s->skip_ticket) {
        return TLSC_E_NO_TICKET_KEY;
    }
    *out = ticket_keys;
    return TLSC_OK;
}

static tlsc_err add_ticketer(tlsc_config_builder *b, const tlsc_provider *provider,
                             const struct settings *s)
{
    static const uint8_t identity[32] = { 'b', 'o', 'g', 'o' };
    tlsc_ticketer ticketer = { .size = sizeof(ticketer),
                               .ctx = (void *)(uintptr_t)s,
                               .read_keys = read_keys,
                               .lifetime_s = SESSIONS_TICKET_LIFETIME_S };

    if (ticket_keys.num == 0) {
        tlsc_err e = tlsc_ticket_key_new(provider, 0, INT64_MAX, &ticket_keys.keys[0]);
        if (e != TLSC_OK) {
            return e;
        }
        ticket_keys.num = 1;
    }
    return tlsc_config_set_ticketer(b, &ticketer, identity, s->no_ticket ? 0 : NUM_TICKETS);
}

/* ---- the store ---- */

static tlsc_memory_store *memory;
static tlsc_store kept; /* `memory` as a store */
static size_t num_stored;

static tlsc_err put(void *ctx, tlsc_bytes key, tlsc_bytes value, uint32_t lifetime_s)
{
    (void)ctx;
    if (key.n == 0 || key.n > TLSC_STORE_KEY_MAX || value.n == 0 ||
        value.n > TLSC_STORE_VALUE_MAX) {
        outcome_broken("a session of %zu bytes under a key of %zu", value.n, key.n);
    }
    num_stored++;
    return kept.put(kept.ctx, key, value, lifetime_s);
}

/* With -async a session is there only after a while. */
static tlsc_err get(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later)
{
    const struct settings *s = ctx;

    if (s->async) {
        *later = true;
        return TLSC_OK;
    }
    return kept.get(kept.ctx, key, out, cap, n, later);
}

static tlsc_err take(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later)
{
    const struct settings *s = ctx;

    if (s->async) {
        *later = true;
        return TLSC_OK;
    }
    return kept.take(kept.ctx, key, out, cap, n, later);
}

/* TLS 1.2's session ids live there, TLS 1.3's tickets hold their session themselves. */
static tlsc_err add_store(tlsc_config_builder *b, const struct settings *s)
{
    if (memory == NULL) {
        tlsc_err e = tlsc_memory_store_new(STORE_CAPACITY, sessions_now_ms, NULL, &memory);
        if (e != TLSC_OK) {
            return e;
        }
        kept = tlsc_memory_store_as_store(memory);
    }
    tlsc_store store = { .size = sizeof(store),
                         .ctx = (void *)(uintptr_t)s,
                         .atomic_take = kept.atomic_take,
                         .put = put,
                         .get = get,
                         .take = take };
    return tlsc_config_set_store(b, &store, !s->no_ticket);
}

size_t sessions_num_stored(void)
{
    return num_stored;
}

/* ---- early data ---- */

static uint8_t seen[MAX_SEEN][32];
static size_t num_seen;

static tlsc_err is_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    (void)ctx;
    if (until_ms < now_ms) {
        outcome_broken("early data is kept in mind until before now");
    }
    *first = true;
    for (size_t i = 0; i < num_seen; i++) {
        *first = *first && memcmp(seen[i], id, sizeof(seen[i])) != 0;
    }
    if (*first && num_seen < MAX_SEEN) {
        memcpy(seen[num_seen++], id, sizeof(seen[0]));
    }
    return TLSC_OK;
}

static tlsc_err add_early_data(tlsc_config_builder *b, const struct settings *s)
{
    tlsc_replay_guard guard = { .size = sizeof(guard), .is_first = is_first };

    if (!s->enable_early_data) {
        return TLSC_OK;
    }
    tlsc_config_half_rtt_data(b, true);
    return tlsc_config_accept_early_data(b, SESSIONS_MAX_EARLY_DATA, &guard);
}

tlsc_err sessions_serve(tlsc_config_builder *b, const tlsc_provider *provider,
                        const struct settings *s)
{
    tlsc_err e = add_ticketer(b, provider, s);

    if (e == TLSC_OK) {
        e = add_store(b, s);
    }
    return e == TLSC_OK ? add_early_data(b, s) : e;
}

/* ---- answers ---- */

/* Sessions whose ticket is a number, with a text behind it that a test may spoil: where the caller
 * seals, tlscore doesn't care how. */
static tlsc_bytes sealed[MAX_SEALED];
static size_t num_sealed;
static const char sealed_mark[] = " is the number of a session of the shim's";

tlsc_err sessions_answer_sealed(tlsc_conn *c, const struct settings *s, tlsc_opened *out)
{
    uint8_t ticket[sizeof(sealed_mark)];
    tlsc_bytes session;

    if (tlsc_conn_seal_request(c, &session) != TLSC_OK || session.n == 0) {
        outcome_broken("a session is to be sealed, and there is none");
    }
    if (s->skip_ticket || num_sealed == MAX_SEALED) {
        return tlsc_conn_answer_sealed(c, (tlsc_bytes){ NULL, 0 }, out);
    }
    uint8_t *copy = malloc(session.n);
    if (copy == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    memcpy(copy, session.p, session.n);
    ticket[0] = (uint8_t)num_sealed;
    memcpy(ticket + 1, sealed_mark, sizeof(ticket) - 1);
    sealed[num_sealed++] = (tlsc_bytes){ copy, session.n };
    return tlsc_conn_answer_sealed(c, (tlsc_bytes){ ticket, sizeof(ticket) }, out);
}

tlsc_err sessions_answer_ticket(tlsc_conn *c, tlsc_opened *out)
{
    tlsc_bytes ticket;
    tlsc_bytes session = { NULL, 0 };
    size_t mark = sizeof(sealed_mark) - 1;

    if (tlsc_conn_ticket_request(c, &ticket) != TLSC_OK) {
        outcome_broken("a ticket is to be opened, and there is none");
    }
    if (ticket.n == 1 + mark && memcmp(ticket.p + 1, sealed_mark, mark) == 0 &&
        ticket.p[0] < num_sealed) {
        session = sealed[ticket.p[0]];
    }
    return tlsc_conn_answer_ticket(c, session, out);
}

tlsc_err sessions_answer_session(tlsc_conn *c, tlsc_opened *out)
{
    uint8_t value[TLSC_STORE_VALUE_MAX];
    size_t n = 0;
    bool later = false;
    tlsc_bytes key;
    bool is_take = false;

    if (tlsc_conn_session_request(c, &key, &is_take) != TLSC_OK) {
        outcome_broken("a session is looked up, and nobody says which");
    }
    tlsc_err e = (is_take ? kept.take : kept.get)(kept.ctx, key, value, sizeof(value), &n, &later);
    if (e != TLSC_OK || later) {
        outcome_broken("the store in memory fails: %s", tlsc_err_name(e));
    }
    return tlsc_conn_answer_session(c, (tlsc_bytes){ value, n }, out);
}

void sessions_clear(void)
{
    for (size_t i = 0; i < num_sealed; i++) {
        free((void *)(uintptr_t)sealed[i].p);
    }
    num_sealed = 0;
    tlsc_memory_store_free(memory);
    memory = NULL;
    tlsc_ticket_keys_clear(&ticket_keys);
}
