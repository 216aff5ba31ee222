/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/server12.c: the server's side of TLS 1.2, in the order of RFC 5246 7.3.
 *
 *     ClientHello ->
 *                      <- ServerHello, Certificate, ServerKeyExchange, [CertificateRequest,]
 *                         ServerHelloDone
 *     [Certificate,] ClientKeyExchange, [CertificateVerify,] ChangeCipherSpec, {Finished} ->
 *                      <- [NewSessionTicket,] ChangeCipherSpec, {Finished}
 *
 * resumed, by a ticket (RFC 5077 3.1) or a session id:
 *
 *     ClientHello ->
 *                      <- ServerHello, [NewSessionTicket,] ChangeCipherSpec, {Finished}
 *     ChangeCipherSpec, {Finished} ->
 */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/common12.h"
#include "handshake/hs.h"
#include "handshake/negotiate.h"
#include "handshake/own.h"
#include "handshake/peer.h"
#include "handshake/request.h"
#include "handshake/resume.h"
#include "handshake/session_out.h"
#include "handshake/sizes.h"
#include "handshake/tickets.h"
#include "wire/certificate_verify.h"
#include "wire/key_exchange12.h"
#include "wire/server_hello12.h"

static tlsc_err on_negotiate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_find_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_send_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_sign(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_client_key_exchange(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next);
static tlsc_err on_certificate_verify(tlsc_hs *hs, const tlsc_msg *msg,
                                      const tlsc_hs_state **next);
static tlsc_err on_verify(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_verify_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_resume(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_ccs(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);

const tlsc_hs_state tlsc_server12_negotiate = { "server12: negotiate", 0, false, on_negotiate };
static const tlsc_hs_state find_session = { "server12: find a session", 0, false,
                                            on_find_session };
static const tlsc_hs_state send_hello = { "server12: send ServerHello", 0, false, on_send_hello };
static const tlsc_hs_state sign = { "server12: sign", 0, false, on_sign };
static const tlsc_hs_state expect_certificate = { "server12: expect Certificate",
                                                  TLSC_HS_BIT(CERTIFICATE), false,
                                                  on_certificate };
static const tlsc_hs_state expect_client_key_exchange = {
    "server12: expect ClientKeyExchange", TLSC_HS_BIT(CLIENT_KEY_EXCHANGE), true,
    on_client_key_exchange
};
/* the last message before ChangeCipherSpec ends its record; here another one follows */
static const tlsc_hs_state expect_key_exchange_to_verify = {
    "server12: expect ClientKeyExchange, then CertificateVerify",
    TLSC_HS_BIT(CLIENT_KEY_EXCHANGE), false, on_client_key_exchange
};
static const tlsc_hs_state expect_certificate_verify = {
    "server12: expect CertificateVerify", TLSC_HS_BIT(CERTIFICATE_VERIFY), true,
    on_certificate_verify
};
static const tlsc_hs_state verify = { "server12: verify the certificate", 0, false, on_verify };
static const tlsc_hs_state verify_session = { "server12: verify the session's certificate", 0, false,
                                              on_verify_session };
static const tlsc_hs_state resume = { "server12: resume", 0, false, on_resume };
static const tlsc_hs_state expect_ccs = { "server12: expect ChangeCipherSpec", TLSC_HS_CCS_BIT,
                                          false, on_ccs };
static const tlsc_hs_state expect_finished = { "server12: expect Finished",
                                               TLSC_HS_BIT(FINISHED), true, on_finished };
static const tlsc_hs_state send_finished = { "server12: send Finished", 0, false,
                                             on_send_finished };

/* ---- ClientHello ---- */

/* What TLS 1.2 asks of a ClientHello beyond its syntax. */
static tlsc_err check_hello(const tlsc_client_hello *ch)
{
    const tlsc_exts *e = &ch->exts;
    if (memchr(ch->compression_methods.p, 0, ch->compression_methods.n) == NULL) {
        return TLSC_E_NO_NULL_COMPRESSION;
    }
    if (ch->renegotiated_connection.n > 0) {
        return TLSC_E_BAD_RENEGOTIATION_INFO;
    }
    if (tlsc_exts_has(e, TLSC_EXT_ec_point_formats) &&
        memchr(ch->point_formats.p, 0, ch->point_formats.n) == NULL) {
        return TLSC_E_BAD_POINT_FORMATS;
    }
    return TLSC_OK;
}

static tlsc_err on_negotiate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    TRY(check_hello(&hs->hello.msg));
    hs->extended_master_secret =
        tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_extended_master_secret);
    if (!hs->extended_master_secret && hs->config->require_extended_master_secret) {
        return TLSC_E_MISSING_EXTENDED_MASTER_SECRET;
    }
    *next = &find_session;
    return TLSC_OK;
}

static tlsc_err on_find_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_resume12_find(hs, &ready));
    if (!ready) {
        return TLSC_OK;
    }
    TRY(tlsc_resume12_try(hs, &hs->resumes));
    hs->outcome->resumed = hs->resumes;
    *next = hs->resumes ? &verify_session : &send_hello;
    return TLSC_OK;
}

static tlsc_err on_verify_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_peer_verify_session(hs, &ready));
    if (ready) {
        *next = &resume;
    }
    return TLSC_OK;
}

/* ---- what both ways share ---- */

/* A client that could do TLS 1.3 must notice that somebody kept it from saying so. RFC 8446 4.1.3 */
static tlsc_err make_random(tlsc_hs *hs)
{
    const tlsc_random *source = hs->provider->random;
    TRY(source->fill(source->ctx, hs->server_random, sizeof(hs->server_random)));
    if (hs->config->max_version >= TLSC_TLS13) {
        memcpy(hs->server_random + sizeof(hs->server_random) - sizeof(tlsc_downgrade12),
               tlsc_downgrade12, sizeof(tlsc_downgrade12));
    }
    return TLSC_OK;
}

static bool offers_renegotiation_info(const tlsc_client_hello *ch)
{
    return tlsc_exts_has(&ch->exts, TLSC_EXT_renegotiation_info) ||
           tlsc_u16_list_has(ch->cipher_suites, TLSC_SCSV_RENEGOTIATION);
}

static bool keeps_sessions(const tlsc_hs *hs)
{
    return hs->config->has_ticketer && hs->options->now_ms != NULL;
}

/* A session that is half through its life gets a new ticket when it is resumed. */
static bool ticket_is_due(const tlsc_hs *hs)
{
    if (!tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_session_ticket) || !keeps_sessions(hs) ||
        hs->config->num_tickets == 0 || tlsc_session_tickets_are_keys(hs->config, hs->options)) {
        return false;
    }
    int64_t age_ms = hs->options->now_ms(hs->options->now_ctx) - hs->session_issued_ms;
    return !hs->resumes || age_ms * 2 > (int64_t)hs->config->ticketer.lifetime_s * 1000;
}

/* A new session gets an id unless it gets a ticket. RFC 5077 3.4 */
static tlsc_err make_session_id(tlsc_hs *hs)
{
    hs->session_key_n = 0;
    if (hs->resumes || hs->sends_ticket || !hs->config->has_store || !keeps_sessions(hs)) {
        return TLSC_OK;
    }
    TRY(tlsc_session_new_key(hs->provider->random, TLSC_TLS12, hs->session_key));
    hs->session_key_n = sizeof(hs->session_key);
    return TLSC_OK;
}

static tlsc_err send_server_hello(tlsc_hs *hs)
{
    const tlsc_client_hello *ch = &hs->hello.msg;
    TRY(make_random(hs));
    hs->sends_ticket = ticket_is_due(hs);
    TRY(make_session_id(hs));
    tlsc_certificate_extras extras = tlsc_own_extras(hs);
    uint8_t own_type;
    bool tells_type = tlsc_own_tells_type(hs, &own_type);
    tlsc_record_sizes sizes;
    TRY(tlsc_sizes_answer(hs, &sizes));
    tlsc_server_hello12 sh = {
        .sizes = sizes,
        .random = tlsc_bytes_of(hs->server_random, sizeof(hs->server_random)),
        /* the echo tells the client that its session was found, RFC 5246 7.4.1.3, RFC 5077 3.4 */
        .session_id = hs->resumes ? ch->session_id
                                  : tlsc_bytes_of(hs->session_key, hs->session_key_n),
        .suite = hs->suite->id,
        .renegotiation_info = offers_renegotiation_info(ch),
        .extended_master_secret = hs->extended_master_secret,
        .session_ticket = hs->sends_ticket,
        .server_name = hs->hello.name_n > 0 && !hs->resumes && !hs->config->hides_server_name,
        .ec_point_formats = tlsc_exts_has(&ch->exts, TLSC_EXT_ec_point_formats),
        .alpn = hs->outcome->alpn,
        .has_client_type = tlsc_request_tells_type(hs),
        .client_type = hs->outcome->peer_type,
        .has_server_type = tells_type,
        .server_type = own_type,
        .status_request = extras.ocsp.n > 0,
        .scts = extras.scts,
    };
    if (tlsc_request_due(hs)) { /* CertificateVerify is signed over the messages */
        tlsc_transcript_keep(&hs->transcript);
    }
    TRY(tlsc_transcript_start(&hs->transcript, hs->suite->hash));
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_SERVER_HELLO);
    tlsc_server_hello12_emit(&out.w, &sh);
    TRY(tlsc_hs_end(hs, &out));
    hs->outcome->suite = hs->suite;
    hs->outcome->extended_master_secret = hs->extended_master_secret;
    hs->proven |= TLSC_PROVEN_NEGOTIATED;
    return TLSC_OK;
}

/* The session as it is now; cleared by tlsc_session_clear, also on an error. */
static tlsc_err make_session(const tlsc_hs *hs, int64_t now_ms, tlsc_session *out)
{
    TRY(tlsc_session_of(hs->outcome, hs->provider->random, now_ms, out));
    out->secret = hs->master;
    out->extended_master_secret = hs->extended_master_secret;
    return TLSC_OK;
}

/* Makes the ticket that ServerHello promised in hs->sealed, here or by the caller. Where none can be made
 * it stays empty, and that is no error. */
static void make_ticket(tlsc_hs *hs, bool *ready)
{
    tlsc_session session;
    *ready = true;
    if (!hs->sends_ticket || hs->sealed_answered) {
        return;
    }
    int64_t now_ms = hs->options->now_ms(hs->options->now_ctx);
    tlsc_err rc = make_session(hs, now_ms, &session);
    if (rc == TLSC_OK && hs->options->external_tickets) {
        rc = tlsc_tickets_ask(hs, &session);
        *ready = rc != TLSC_OK;
    } else if (rc == TLSC_OK) {
        rc = tlsc_session_ticket(hs->provider, hs->options, hs->config, now_ms, &session,
                                 &hs->sealed);
    }
    if (rc != TLSC_OK) {
        tlsc_tickets_drop(hs);
    }
    tlsc_session_clear(&session);
}

/* Puts the session under the id that ServerHello gave it. One that can't be kept costs the client a
 * full handshake next time, and nothing else. */
static void store_session(const tlsc_hs *hs)
{
    tlsc_session session;
    if (hs->session_key_n == 0) {
        return;
    }
    int64_t now_ms = hs->options->now_ms(hs->options->now_ctx);
    if (make_session(hs, now_ms, &session) == TLSC_OK) {
        tlsc_err lost = tlsc_session_store(hs->provider, hs->config, now_ms, &session,
                                           hs->session_key);
        (void)lost;
    }
    tlsc_session_clear(&session);
}

/* ServerHello promised one; an empty one keeps the promise where there is none. RFC 5077 3.3 */
static tlsc_err send_ticket(tlsc_hs *hs)
{
    if (!hs->sends_ticket) {
        return TLSC_OK;
    }
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_NEW_SESSION_TICKET);
    uint32_t lifetime_s = 0;
    if (hs->sealed.n > 0) {
        lifetime_s = tlsc_session_lifetime(hs->outcome, hs->options->now_ms(hs->options->now_ctx),
                                           hs->config->ticketer.lifetime_s);
    }
    tlsc_ticket12_emit(&out.w, lifetime_s, tlsc_buf_bytes(&hs->sealed));
    tlsc_tickets_drop(hs);
    return tlsc_hs_end(hs, &out);
}

static tlsc_err enter_traffic(const tlsc_hs *hs)
{
    uint32_t needed = hs->resumes ? TLSC_PROVEN_RESUMED12 : TLSC_PROVEN_SERVER12;
    needed |= tlsc_request_proof(hs);
    return (hs->proven & needed) == needed ? TLSC_OK : TLSC_E_INTERNAL;
}

/* ---- resumed ---- */

static tlsc_err on_resume(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    TRY(send_server_hello(hs));
    TRY(tlsc_common12_derive_keys(hs));
    *next = &send_finished;
    return TLSC_OK;
}

/* ---- the server's flight ---- */

/* The suite hangs on the credential's key, so both are chosen together. */
static tlsc_err choose(tlsc_hs *hs, bool *ready)
{
    tlsc_choice12 choice;
    tlsc_own_candidates from;
    TRY(tlsc_own_wish_of_hello(hs));
    TRY(tlsc_own_candidates_of(hs, &from, ready));
    if (!*ready) {
        return TLSC_OK;
    }
    TRY(tlsc_negotiate12(hs->config, &hs->hello.msg, &hs->wish.what, from.list, from.num, &choice));
    hs->suite = choice.suite;
    hs->group = choice.group;
    hs->outcome->group = choice.group->id;
    tlsc_own_take(hs, choice.own.credential, choice.own.scheme);
    return TLSC_OK;
}

/* In TLS 1.2 the server's share comes first. */
static tlsc_err make_share(tlsc_hs *hs)
{
    void *priv = tlsc_mem_zalloc(hs->group->private_len);
    if (priv == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    hs->kx_private = priv;
    return hs->group->keygen(hs->provider->random, priv, hs->share);
}

/* What is signed: the parameters, and both randoms in front. */
static tlsc_err make_sign_content(tlsc_hs *hs)
{
    tlsc_buf params = tlsc_buf_of(sizeof(hs->sign_content));
    tlsc_buf content = tlsc_buf_of(sizeof(hs->sign_content));
    tlsc_wr w = tlsc_wr_of(&params);
    tlsc_ecdh_params_emit(&w, hs->group->id, tlsc_bytes_of(hs->share, hs->group->share_len));
    tlsc_err rc = tlsc_wr_end(&w);
    if (rc == TLSC_OK) {
        rc = tlsc_common12_signed_params(hs, tlsc_buf_bytes(&params), &content);
    }
    if (rc == TLSC_OK) {
        tlsc_bytes_copy(hs->sign_content, tlsc_buf_bytes(&content));
        hs->sign_content_n = content.n;
    }
    tlsc_buf_clear(&params);
    tlsc_buf_clear(&content);
    return rc;
}

static tlsc_err on_send_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(choose(hs, &ready));
    if (!ready) {
        return TLSC_OK;
    }
    TRY(tlsc_request_choose_type(hs));
    TRY(send_server_hello(hs));
    TRY(tlsc_own_send_certificate12(hs));
    TRY(make_share(hs));
    TRY(make_sign_content(hs));
    *next = &sign;
    return TLSC_OK;
}

static tlsc_err on_sign(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_hs_make_signature(hs, &ready));
    if (!ready) {
        return TLSC_OK;
    }
    tlsc_server_key_exchange ske = {
        .group = hs->group->id,
        .point = tlsc_bytes_of(hs->share, hs->group->share_len),
        .scheme = hs->outcome->scheme,
        .signature = tlsc_buf_bytes(&hs->signature),
    };
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_SERVER_KEY_EXCHANGE);
    tlsc_server_key_exchange_emit(&out.w, &ske);
    TRY(tlsc_hs_end(hs, &out));
    hs->proven |= TLSC_PROVEN_AUTHENTICATED;
    if (tlsc_request_due(hs)) {
        TRY(tlsc_request_send12(hs));
    }
    out = tlsc_hs_begin(hs, TLSC_HS_SERVER_HELLO_DONE);
    TRY(tlsc_hs_end(hs, &out));
    TRY(tlsc_hs_flush(hs));
    *next = tlsc_request_due(hs) ? &expect_certificate : &expect_client_key_exchange;
    return TLSC_OK;
}

/* ---- the client's flight ---- */

static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    bool came;
    TRY(tlsc_request_take12(hs, msg, &came));
    if (!came) {
        tlsc_transcript_drop(&hs->transcript);
    }
    *next = came ? &expect_key_exchange_to_verify : &expect_client_key_exchange;
    return TLSC_OK;
}

static tlsc_err on_client_key_exchange(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next)
{
    tlsc_bytes point;
    uint8_t shared[TLSC_GROUP_SECRET_MAX];
    TRY(tlsc_client_key_exchange_parse(&point, msg->body));
    tlsc_err rc = hs->group->decapsulate(hs->kx_private, point, shared);
    if (rc == TLSC_OK) {
        rc = tlsc_common12_derive_master(hs, tlsc_bytes_of(shared, hs->group->secret_len));
    }
    tlsc_wipe(shared, sizeof(shared));
    TRY(rc);
    hs->proven |= TLSC_PROVEN_KEY_EXCHANGE;
    TRY(tlsc_common12_derive_keys(hs));
    *next = hs->peer_came ? &expect_certificate_verify : &expect_ccs;
    return TLSC_OK;
}

/* struct { SignatureAndHashAlgorithm; opaque signature<0..2^16-1>; } over all messages before it.
 * RFC 5246 7.4.8 */
static tlsc_err on_certificate_verify(tlsc_hs *hs, const tlsc_msg *msg,
                                      const tlsc_hs_state **next)
{
    tlsc_certificate_verify cv;
    TRY(tlsc_certificate_verify_parse(&cv, msg->body));
    TRY(tlsc_peer_check_signature(hs, cv.scheme, tlsc_transcript_messages_before(&hs->transcript),
                                  cv.signature));
    tlsc_transcript_drop(&hs->transcript);
    *next = &verify;
    return TLSC_OK;
}

static tlsc_err on_verify(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_peer_verify(hs, &ready));
    if (ready) {
        *next = &expect_ccs;
    }
    return TLSC_OK;
}

static tlsc_err on_ccs(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    TRY(tlsc_common12_take_ccs(hs));
    *next = &expect_finished;
    return TLSC_OK;
}

static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    TRY(tlsc_common12_check_finished(hs, msg));
    TRY(enter_traffic(hs));
    *next = hs->resumes ? &tlsc_hs_done : &send_finished;
    return TLSC_OK;
}

static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    make_ticket(hs, &ready);
    if (!ready) {
        return TLSC_OK;
    }
    store_session(hs);
    TRY(send_ticket(hs));
    TRY(tlsc_common12_send_finished(hs));
    *next = hs->resumes ? &expect_ccs : &tlsc_hs_done;
    return TLSC_OK;
}
