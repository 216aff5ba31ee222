/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/resume.c: resumption, RFC 8446 4.2.11; RFC 5077 and RFC 5246 7.3. */
#include "handshake/resume.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/early.h"
#include "handshake/negotiate.h"
#include "handshake/peer.h"
#include "handshake/session_out.h"

/* Hosts' clocks are set back now and then; a ticket from further ahead than this isn't believed. */
enum { CLOCK_SLACK_MS = 60000 };

bool tlsc_resume13_possible(const tlsc_hs *hs)
{
    bool dhe = false;
    for (tlsc_rd r = tlsc_rd_of(hs->hello.msg.psk_modes); tlsc_rd_more(&r);) {
        dhe = tlsc_rd_u8(&r) == TLSC_PSK_DHE_KE || dhe;
    }
    return dhe && hs->config->has_ticketer && hs->options->now_ms != NULL;
}

tlsc_err tlsc_resume13_offered(const tlsc_hs *hs, bool *offered)
{
    const tlsc_client_hello *ch = &hs->hello.msg;
    *offered = false;
    if (!tlsc_exts_has(&ch->exts, TLSC_EXT_pre_shared_key)) {
        return TLSC_OK;
    }
    if (!tlsc_exts_has(&ch->exts, TLSC_EXT_psk_key_exchange_modes)) {
        return TLSC_E_MISSING_PSK_MODES;
    }
    size_t identities = 0;
    size_t binders = 0;
    tlsc_psk_identity identity;
    tlsc_bytes binder;
    for (tlsc_rd r = tlsc_rd_of(ch->psk_identities); tlsc_psk_identity_next(&r, &identity);) {
        identities++;
    }
    for (tlsc_rd r = tlsc_rd_of(ch->psk_binders); tlsc_psk_binder_next(&r, &binder);) {
        binders++;
    }
    if (identities != binders) {
        return TLSC_E_PSK_COUNT_MISMATCH;
    }
    *offered = tlsc_resume13_possible(hs);
    return TLSC_OK;
}

bool tlsc_resume13_identity(const tlsc_hs *hs, tlsc_psk_identity *out)
{
    tlsc_rd r = tlsc_rd_of(hs->hello.msg.psk_identities);
    for (size_t i = 0; i <= hs->psk_index; i++) {
        if (!tlsc_psk_identity_next(&r, out)) {
            return false;
        }
    }
    return hs->psk_index < TLSC_PSK_TRIES;
}

/* Is this session this configuration's, young enough, and for the same name? A ticket made for one
 * virtual host must not open another. */
static bool session_is_ours(const tlsc_hs *hs, const tlsc_session *s)
{
    int64_t now_ms = hs->options->now_ms(hs->options->now_ctx);
    int64_t age_ms = now_ms - s->issued_ms;
    int64_t lifetime_ms = (int64_t)hs->config->ticketer.lifetime_s * 1000;
    tlsc_bytes name = tlsc_bytes_of(hs->hello.name, hs->hello.name_n);
    return age_ms <= lifetime_ms && age_ms >= -CLOCK_SLACK_MS &&
           !tlsc_session_chain_over(hs->config, s, now_ms) &&
           tlsc_peer_session_fits(hs->config, s) && tlsc_bytes_equal(s->server_name, name) &&
           tlsc_bytes_equal(tlsc_bytes_of(s->identity, sizeof(s->identity)),
                            tlsc_bytes_of(hs->config->identity, sizeof(hs->config->identity)));
}

/* A PSK is bound to its hash, not to its suite. RFC 8446 4.2.11 */
static bool session_fits13(const tlsc_hs *hs, const tlsc_session *s)
{
    const tlsc_suite *suite = tlsc_provider_suite(hs->provider, s->suite);
    return s->version == TLSC_TLS13 && suite != NULL && suite->hash == hs->suite->hash &&
           s->secret.n == suite->hash->len && session_is_ours(hs, s);
}

/* What stays of the session that is resumed. errors: TLSC_E_NO_MEMORY. */
static tlsc_err take_session(tlsc_hs *hs, const tlsc_session *s)
{
    tlsc_outcome *o = hs->outcome;
    TRY(tlsc_peer_take_session(hs, s));
    TRY(tlsc_outcome_keep(&o->session_application_in, s->application));
    o->session_issued_ms = s->issued_ms;
    o->chain_began_ms = s->issued_ms - (int64_t)s->chain_age_s * 1000;
    return TLSC_OK;
}

static tlsc_bytes binder_at(const tlsc_client_hello *ch, size_t index)
{
    tlsc_rd r = tlsc_rd_of(ch->psk_binders);
    tlsc_bytes binder = { NULL, 0 };
    for (size_t i = 0; i <= index && tlsc_psk_binder_next(&r, &binder); i++) {
    }
    return binder;
}

/* The binder is a Finished over the ClientHello up to the binders, under a key of the PSK alone. */
static tlsc_err check_binder(const tlsc_hs *hs)
{
    enum { MESSAGE_HEADER = 4 };
    const tlsc_hash *hash = hs->suite->hash;
    size_t covered = tlsc_client_hello_truncated_len(&hs->hello.msg, tlsc_hello_body(&hs->hello));
    uint8_t transcript[TLSC_HASH_MAX];
    uint8_t expected[TLSC_HASH_MAX];
    tlsc_secret key;
    tlsc_transcript_hash_before(&hs->transcript,
                                tlsc_bytes_of(hs->hello.raw, MESSAGE_HEADER + covered), transcript);
    TRY(tlsc_schedule13_derive(&hs->schedule, TLSC_LABEL_RESUMPTION_BINDER, NULL, &key));
    tlsc_err rc = tlsc_finished13(hash, &key, transcript, expected);
    tlsc_secret_clear(&key);
    TRY(rc);
    bool same = tlsc_ct_equal(binder_at(&hs->hello.msg, hs->psk_index),
                              tlsc_bytes_of(expected, hash->len));
    tlsc_wipe(expected, sizeof(expected));
    return same ? TLSC_OK : TLSC_E_BAD_BINDER;
}

tlsc_err tlsc_resume13_try(tlsc_hs *hs, bool *accepted)
{
    *accepted = false;
    tlsc_session session;
    tlsc_err rc = TLSC_OK;
    bool usable = hs->ticket_session.n > 0 &&
                  tlsc_session_parse(&session, tlsc_buf_bytes(&hs->ticket_session)) == TLSC_OK;
    if (usable) {
        if (session_fits13(hs, &session)) {
            rc = tlsc_schedule13_early(&hs->schedule, hs->suite->hash,
                                       tlsc_secret_bytes(&session.secret));
            if (rc == TLSC_OK) {
                rc = check_binder(hs);
            }
            if (rc == TLSC_OK) {
                rc = take_session(hs, &session);
            }
            *accepted = rc == TLSC_OK;
            if (*accepted) {
                tlsc_early_judge(hs, &session);
            }
        }
        tlsc_session_clear(&session);
    }
    tlsc_buf_clear(&hs->ticket_session);
    if (*accepted) {
        hs->proven |= TLSC_PROVEN_AUTHENTICATED;
    }
    return rc;
}

/* ---- TLS 1.2 ---- */

tlsc_err tlsc_resume12_find(tlsc_hs *hs, bool *ready)
{
    const tlsc_client_hello *ch = &hs->hello.msg;
    *ready = true;
    if (!hs->config->has_ticketer || hs->options->now_ms == NULL) {
        return TLSC_OK;
    }
    if (ch->session_ticket.n == 0) {
        return hs->config->has_store ? tlsc_hs_look_up(hs, ch->session_id, TLSC_TLS12, ready)
                                     : TLSC_OK;
    }
    /* with a ticket there, the session id isn't to be looked at, whatever the ticket is worth */
    if (tlsc_session_tickets_are_keys(hs->config, hs->options)) {
        return TLSC_OK;
    }
    hs->ticket = ch->session_ticket;
    return tlsc_hs_open_ticket(hs, ready);
}

/* A session keeps its suite, which must still be on both lists, and its extended master secret: gone,
 * that's an attack; new, a full handshake gives it to the client. RFC 7627 5.3 */
static tlsc_err session_fits12(const tlsc_hs *hs, const tlsc_session *s, bool *fits)
{
    const tlsc_client_hello *ch = &hs->hello.msg;
    const tlsc_suite *suite = tlsc_config_suite(hs->config, s->suite, TLSC_TLS12);
    bool extended = tlsc_exts_has(&ch->exts, TLSC_EXT_extended_master_secret);
    *fits = s->version == TLSC_TLS12 && suite != NULL && s->secret.n == TLSC_MASTER12_LEN &&
            tlsc_u16_list_has(ch->cipher_suites, s->suite) && session_is_ours(hs, s);
    if (*fits && s->extended_master_secret && !extended) {
        return TLSC_E_LOST_EXTENDED_MASTER_SECRET;
    }
    *fits = *fits && s->extended_master_secret == extended;
    return TLSC_OK;
}

tlsc_err tlsc_resume12_try(tlsc_hs *hs, bool *accepted)
{
    *accepted = false;
    tlsc_session session;
    tlsc_err rc = TLSC_OK;
    if (hs->ticket_session.n > 0 &&
        tlsc_session_parse(&session, tlsc_buf_bytes(&hs->ticket_session)) == TLSC_OK) {
        rc = session_fits12(hs, &session, accepted);
        if (rc == TLSC_OK && *accepted) {
            rc = take_session(hs, &session);
        }
        if (rc == TLSC_OK && *accepted) {
            hs->suite = tlsc_config_suite(hs->config, session.suite, TLSC_TLS12);
            hs->master = session.secret;
            hs->extended_master_secret = session.extended_master_secret;
            hs->session_issued_ms = session.issued_ms;
            hs->outcome->group = session.group;
            hs->proven |= TLSC_PROVEN_AUTHENTICATED;
        }
        tlsc_session_clear(&session);
    }
    tlsc_buf_clear(&hs->ticket_session);
    return rc;
}
