/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/early.c: see the header. */
#include "handshake/early.h"

#include <string.h>

#include "base/bytes.h"
#include "handshake/resume.h"
#include "handshake/session_out.h"

enum {
    /* How far the client's idea of its ticket's age may be from ours: the time on the way, and what
     * clocks drift in a week. RFC 8446 8.3 */
    AGE_WINDOW_MS = 60000,
    REPLAY_ID_LEN = 32
};

/* A store that gives a ticket out once makes each session the first of its kind. */
static bool each_ticket_serves_once(const tlsc_config *config, const tlsc_conn_options *options)
{
    return tlsc_session_tickets_are_keys(config, options) && config->store.atomic_take;
}

uint32_t tlsc_early_limit(const tlsc_config *config, const tlsc_conn_options *options)
{
    bool can_tell = config->has_replay_guard || each_ticket_serves_once(config, options);
    return can_tell && config->client_auth == TLSC_CLIENT_AUTH_NONE ? config->max_early_data : 0;
}

static bool is_offered(const tlsc_hs *hs)
{
    return tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_early_data);
}

static bool is_off(const tlsc_hs *hs)
{
    return hs->config->max_early_data == 0 || hs->config->client_auth != TLSC_CLIENT_AUTH_NONE;
}

/* The ticket's age in ms, as the client says. RFC 8446 4.2.11.1 */
static uint32_t claimed_age(const tlsc_hs *hs, const tlsc_session *session)
{
    tlsc_psk_identity identity = { 0 };
    (void)tlsc_resume13_identity(hs, &identity);
    return identity.obfuscated_ticket_age - session->age_add;
}

/* By how much the client takes its ticket to be older than we do. */
static int64_t age_skew(const tlsc_hs *hs, const tlsc_session *session)
{
    int64_t age_ms = hs->options->now_ms(hs->options->now_ctx) - session->issued_ms;
    return (int64_t)claimed_age(hs, session) - age_ms;
}

static bool age_fits(const tlsc_hs *hs)
{
    int64_t skew = hs->outcome->ticket_age_skew_ms;
    return skew <= AGE_WINDOW_MS && skew >= -AGE_WINDOW_MS;
}

/* The binder stands for the whole ClientHello, and nobody makes another one without the PSK: its first
 * 32 bytes tell a replay. Beyond `until` the age doesn't fit any more; a clock that is set back gets as
 * much again. */
static bool is_first(const tlsc_hs *hs, const tlsc_session *session)
{
    const tlsc_replay_guard *guard = &hs->config->replay_guard;
    if (each_ticket_serves_once(hs->config, hs->options)) {
        return true;
    }
    tlsc_rd r = tlsc_rd_of(hs->hello.msg.psk_binders);
    tlsc_bytes binder;
    if (!hs->config->has_replay_guard || !tlsc_psk_binder_next(&r, &binder) ||
        binder.n < REPLAY_ID_LEN) {
        return false;
    }
    bool first = false;
    int64_t until_ms = session->issued_ms + claimed_age(hs, session) + 2 * AGE_WINDOW_MS;
    return guard->is_first(guard->ctx, binder.p, until_ms, &first) == TLSC_OK && first;
}

static tlsc_early_data verdict(const tlsc_hs *hs, const tlsc_session *session)
{
    if (is_off(hs)) {
        return TLSC_EARLY_OFF;
    }
    if (hs->psk_index != 0 || session->max_early_data == 0 ||
        session->max_early_data > hs->config->max_early_data) {
        return TLSC_EARLY_SESSION;
    }
    if (session->suite != hs->suite->id) {
        return TLSC_EARLY_SUITE;
    }
    if (!tlsc_bytes_equal(session->alpn, hs->outcome->alpn)) {
        return TLSC_EARLY_ALPN;
    }
    if (!age_fits(hs)) {
        return TLSC_EARLY_AGE;
    }
    return is_first(hs, session) ? TLSC_EARLY_ACCEPTED : TLSC_EARLY_REPLAY;
}

void tlsc_early_judge(tlsc_hs *hs, const tlsc_session *session)
{
    hs->outcome->ticket_age_skew_ms = age_skew(hs, session);
    if (!is_offered(hs)) {
        return;
    }
    hs->outcome->early_data = verdict(hs, session);
    hs->reads_early = hs->outcome->early_data == TLSC_EARLY_ACCEPTED;
    hs->early_left = hs->reads_early ? session->max_early_data : 0;
}

void tlsc_early_refuse_to_retry(tlsc_hs *hs)
{
    if (is_offered(hs)) {
        hs->outcome->early_data = is_off(hs) ? TLSC_EARLY_OFF : TLSC_EARLY_RETRY;
        hs->skip = TLSC_SKIP_SEALED;
    }
}

void tlsc_early_refuse_unless_resumed(tlsc_hs *hs)
{
    tlsc_early_data *became = &hs->outcome->early_data;
    bool was_offered = is_offered(hs) || *became == TLSC_EARLY_RETRY;
    if (was_offered && !hs->resumes) {
        *became = is_off(hs) ? TLSC_EARLY_OFF : TLSC_EARLY_NOT_RESUMED;
    }
}
