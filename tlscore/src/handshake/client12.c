/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client12.c: the client's side of TLS 1.2, in the order of RFC 5246 7.3.
 *
 *     ClientHello ->                                                          (client.c)
 *                      <- ServerHello, Certificate, [CertificateStatus,] ServerKeyExchange,
 *                         [CertificateRequest,] ServerHelloDone
 *     [Certificate,] ClientKeyExchange, [CertificateVerify,] ChangeCipherSpec, {Finished} ->
 *                      <- [NewSessionTicket,] ChangeCipherSpec, {Finished}
 *
 * resumed (RFC 5077 3.1; by session id the same without tickets, RFC 5246 7.3):
 *
 *     ClientHello ->
 *                      <- ServerHello, [NewSessionTicket,] ChangeCipherSpec, {Finished}
 *     ChangeCipherSpec, {Finished} ->
 *
 * A HelloRequest has no place in it. RFC 5246 7.4.1.1 would pass it over, but it is no part of the
 * transcript, so that anybody could put one there, and no server sends one.
 *
 * A server without renegotiation_info is served: it is the server that RFC 5746 protects, and we
 * never renegotiate. No data goes out before the server's Finished (no False Start, RFC 7918). */
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/client.h"
#include "handshake/common12.h"
#include "handshake/own.h"
#include "handshake/peer.h"
#include "handshake/sizes.h"
#include "wire/key_exchange12.h"

enum { POINT_MAX = 255, PARAMS_MAX = 4 + POINT_MAX };

static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_status_or_key_exchange(tlsc_hs *hs, const tlsc_msg *msg,
                                          const tlsc_hs_state **next);
static tlsc_err on_key_exchange(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_request_or_done(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_done(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_verify(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_choose_credential(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next);
static tlsc_err on_send_key_exchange(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next);
static tlsc_err on_sign(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_verify_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_ticket(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_ccs(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_end(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);

static const tlsc_hs_state expect_certificate = { "client12: expect Certificate",
                                                  TLSC_HS_BIT(CERTIFICATE), false,
                                                  on_certificate };
static const tlsc_hs_state expect_status_or_key_exchange = {
    "client12: expect CertificateStatus or ServerKeyExchange",
    TLSC_HS_BIT(CERTIFICATE_STATUS) | TLSC_HS_BIT(SERVER_KEY_EXCHANGE), false,
    on_status_or_key_exchange
};
static const tlsc_hs_state expect_key_exchange = { "client12: expect ServerKeyExchange",
                                                   TLSC_HS_BIT(SERVER_KEY_EXCHANGE), false,
                                                   on_key_exchange };
/* ServerHelloDone ends the server's flight, and so its record. */
static const tlsc_hs_state expect_request_or_done = {
    "client12: expect CertificateRequest or ServerHelloDone",
    TLSC_HS_BIT(CERTIFICATE_REQUEST) | TLSC_HS_BIT(SERVER_HELLO_DONE), false, on_request_or_done
};
static const tlsc_hs_state expect_done = { "client12: expect ServerHelloDone",
                                           TLSC_HS_BIT(SERVER_HELLO_DONE), true, on_done };
static const tlsc_hs_state verify = { "client12: verify", 0, false, on_verify };
static const tlsc_hs_state choose_credential = { "client12: choose a credential", 0, false,
                                                 on_choose_credential };
static const tlsc_hs_state send_key_exchange = { "client12: send ClientKeyExchange", 0, false,
                                                 on_send_key_exchange };
static const tlsc_hs_state sign = { "client12: sign", 0, false, on_sign };
static const tlsc_hs_state send_finished = { "client12: send Finished", 0, false,
                                             on_send_finished };
static const tlsc_hs_state verify_session = { "client12: verify a session", 0, false,
                                              on_verify_session };
static const tlsc_hs_state expect_ticket = { "client12: expect NewSessionTicket",
                                             TLSC_HS_BIT(NEW_SESSION_TICKET), false, on_ticket };
static const tlsc_hs_state expect_ccs = { "client12: expect ChangeCipherSpec", TLSC_HS_CCS_BIT,
                                          false, on_ccs };
static const tlsc_hs_state expect_finished = { "client12: expect Finished",
                                               TLSC_HS_BIT(FINISHED), true, on_finished };
static const tlsc_hs_state end = { "client12: end", 0, false, on_end };

/* ---- ServerHello ---- */

/* The echo of a session id says that the session is resumed: the session's own, or the one that
 * went with a ticket. RFC 5246 7.4.1.3, RFC 5077 3.4 */
static bool echoes_our_session_id(const tlsc_client *client)
{
    return client->session_id_n > 0 &&
           tlsc_bytes_equal(client->hello12.session_id,
                            tlsc_bytes_of(client->session_id, client->session_id_n));
}

/* A session keeps its suite, and its extended master secret or the lack of it. RFC 7627 5.3 */
static tlsc_err resume_session(tlsc_hs *hs)
{
    tlsc_client *client = hs->client;
    const tlsc_session *s = &client->sessions[0].session;
    if (client->num_sessions == 0 || s->version != TLSC_TLS12) {
        return TLSC_E_WRONG_SESSION; /* the id was TLS 1.3's, for middleboxes */
    }
    if (s->suite != hs->suite->id) {
        return TLSC_E_CHANGED_SESSION;
    }
    if (s->extended_master_secret != hs->extended_master_secret) {
        return TLSC_E_LOST_EXTENDED_MASTER_SECRET;
    }
    client->resumes = &client->sessions[0];
    hs->resumes = true;
    hs->outcome->resumed = true;
    hs->outcome->group = s->group;
    hs->master = s->secret;
    TRY(tlsc_client_take_session(hs));
    if (!hs->outcome->peer_authenticated) {
        return TLSC_E_INTERNAL; /* none such is offered */
    }
    hs->proven |= TLSC_PROVEN_AUTHENTICATED;
    return TLSC_OK;
}

tlsc_err tlsc_client12_on_server_hello(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next)
{
    (void)msg;
    tlsc_client *client = hs->client;
    const tlsc_server_hello12 *sh = &client->hello12;
    tlsc_bytes_copy(hs->server_random, sh->random);
    hs->extended_master_secret = sh->extended_master_secret;
    hs->outcome->extended_master_secret = sh->extended_master_secret;
    if (!sh->extended_master_secret && hs->config->require_extended_master_secret) {
        return TLSC_E_MISSING_EXTENDED_MASTER_SECRET;
    }
    client->ticket_comes = sh->session_ticket;
    TRY(tlsc_client_take_alpn(hs, sh->alpn));
    TRY(tlsc_sizes_take(hs, &sh->sizes));
    hs->proven |= TLSC_PROVEN_NEGOTIATED;
    if (echoes_our_session_id(client)) {
        TRY(resume_session(hs));
        tlsc_transcript_drop(&hs->transcript);
        *next = &verify_session;
        return TLSC_OK;
    }
    TRY(tlsc_client_take_types(hs, sh->has_server_type ? &sh->server_type : NULL,
                               sh->has_client_type ? &sh->client_type : NULL));
    hs->peer.scts = sh->scts;
    *next = &expect_certificate;
    return TLSC_OK;
}

/* ---- the server's flight ---- */

static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    TRY(tlsc_peer_take_certificate12(hs, msg));
    /* a server may say that a staple comes, and then have none. RFC 6066 8 */
    *next = hs->client->hello12.status_request ? &expect_status_or_key_exchange
                                               : &expect_key_exchange;
    return TLSC_OK;
}

static tlsc_err on_status_or_key_exchange(tlsc_hs *hs, const tlsc_msg *msg,
                                          const tlsc_hs_state **next)
{
    if (msg->type == TLSC_HS_SERVER_KEY_EXCHANGE) {
        return on_key_exchange(hs, msg, next);
    }
    TRY(tlsc_peer_take_status12(hs, msg));
    *next = &expect_key_exchange;
    return TLSC_OK;
}

static const tlsc_group *offered_group(const tlsc_config *config, uint16_t id)
{
    for (size_t i = 0; i < config->num_groups; i++) {
        if (config->groups[i]->id == id && config->groups[i]->tls12) {
            return config->groups[i];
        }
    }
    return NULL;
}

static tlsc_err check_params(tlsc_hs *hs, const tlsc_server_key_exchange *ske)
{
    tlsc_buf content = tlsc_buf_of(2 * TLSC_RANDOM_LEN + PARAMS_MAX);
    tlsc_err rc = tlsc_common12_signed_params(hs, ske->params, &content);
    if (rc == TLSC_OK) {
        rc = tlsc_peer_check_signature(hs, ske->scheme, tlsc_buf_bytes(&content), ske->signature);
    }
    tlsc_buf_clear(&content);
    return rc;
}

static tlsc_err on_key_exchange(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    tlsc_server_key_exchange ske;
    TRY(tlsc_server_key_exchange_parse(&ske, msg->body));
    hs->group = offered_group(hs->config, ske.group);
    if (hs->group == NULL) {
        return TLSC_E_WRONG_GROUP;
    }
    hs->outcome->group = hs->group->id;
    _Static_assert(POINT_MAX <= sizeof(hs->share), "a point fits where it is kept");
    tlsc_bytes_copy(hs->share, ske.point);
    hs->peer_share = tlsc_bytes_of(hs->share, ske.point.n);
    TRY(check_params(hs, &ske));
    *next = &expect_request_or_done;
    return TLSC_OK;
}

static tlsc_err on_request_or_done(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    if (msg->type == TLSC_HS_SERVER_HELLO_DONE) {
        tlsc_transcript_drop(&hs->transcript); /* there will be no CertificateVerify */
        return msg->ends_record ? on_done(hs, msg, next) : TLSC_E_KEY_CHANGE_IN_RECORD;
    }
    tlsc_certificate_request request;
    TRY(tlsc_certificate_request12_parse(&request, msg->body));
    TRY(tlsc_own_wish_of_request(hs, &request));
    hs->client->certificate_requested = true;
    *next = &expect_done;
    return TLSC_OK;
}

static tlsc_err on_done(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)hs;
    if (msg->body.n != 0) {
        return TLSC_E_DECODE;
    }
    *next = &verify;
    return TLSC_OK;
}

static tlsc_err on_verify(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_peer_verify(hs, &ready));
    if (ready) {
        *next = hs->client->certificate_requested ? &choose_credential : &send_key_exchange;
    }
    return TLSC_OK;
}

/* ---- our flight ---- */

/* Whoever asks gets an answer: without a credential an empty Certificate. RFC 5246 7.4.6 */
static tlsc_err on_choose_credential(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_own_choose(hs, &ready));
    if (ready) {
        TRY(tlsc_own_send_certificate12(hs));
        *next = &send_key_exchange;
    }
    return TLSC_OK;
}

/* Answers the server's share; in the shape of a KEM it is the client that encapsulates here. */
static tlsc_err exchange_keys(tlsc_hs *hs, uint8_t *secret)
{
    uint8_t reply[TLSC_GROUP_SHARE_MAX];
    const tlsc_group *group = hs->group;
    TRY(group->encapsulate(hs->provider->random, hs->peer_share, reply, secret));
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_CLIENT_KEY_EXCHANGE);
    tlsc_client_key_exchange_emit(&out.w, tlsc_bytes_of(reply, group->reply_len));
    TRY(tlsc_hs_end(hs, &out));
    return tlsc_common12_derive_master(hs, tlsc_bytes_of(secret, group->secret_len));
}

static tlsc_err on_send_key_exchange(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next)
{
    (void)msg;
    uint8_t secret[TLSC_GROUP_SECRET_MAX];
    tlsc_err rc = exchange_keys(hs, secret);
    tlsc_wipe(secret, sizeof(secret));
    TRY(rc);
    hs->proven |= TLSC_PROVEN_KEY_EXCHANGE;
    TRY(tlsc_common12_derive_keys(hs));
    hs->signs_messages = true;
    *next = hs->outcome->credential != NULL ? &sign : &send_finished;
    return TLSC_OK;
}

/* CertificateVerify, over all messages before it. RFC 5246 7.4.8 */
static tlsc_err on_sign(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_hs_make_signature(hs, &ready));
    if (ready) {
        TRY(tlsc_own_send_verify(hs));
        *next = &send_finished;
    }
    return TLSC_OK;
}

static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    tlsc_transcript_drop(&hs->transcript);
    TRY(tlsc_common12_send_finished(hs));
    if (hs->resumes) {
        *next = &end;
    } else {
        *next = hs->client->ticket_comes ? &expect_ticket : &expect_ccs;
    }
    return TLSC_OK;
}

/* ---- the server's end ---- */

static tlsc_err on_verify_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_peer_verify_session(hs, &ready));
    if (ready) {
        TRY(tlsc_common12_derive_keys(hs));
        *next = hs->client->ticket_comes ? &expect_ticket : &expect_ccs;
    }
    return TLSC_OK;
}

static tlsc_err on_ticket(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    tlsc_bytes ticket;
    TRY(tlsc_ticket12_parse(&hs->ticket_lifetime_s, &ticket, msg->body));
    TRY(tlsc_buf_append(&hs->ticket_session, ticket));
    hs->outcome->tickets_received += ticket.n > 0;
    *next = &expect_ccs;
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
    *next = hs->resumes ? &send_finished : &end;
    return TLSC_OK;
}

/* ---- what remains ---- */

static tlsc_err enter_traffic(const tlsc_hs *hs)
{
    uint32_t needed = hs->resumes ? TLSC_PROVEN_RESUMED12 : TLSC_PROVEN_CLIENT;
    if (hs->config->verify_on_resumption) {
        needed |= TLSC_PROVEN_VERIFIED;
    }
    return (hs->proven & needed) == needed ? TLSC_OK : TLSC_E_INTERNAL;
}

/* A ticket, or else the session id, is worth keeping; one that was resumed is kept already. */
static tlsc_err give_session(tlsc_hs *hs)
{
    tlsc_client *client = hs->client;
    tlsc_bytes ticket = tlsc_buf_bytes(&hs->ticket_session);
    tlsc_bytes id = hs->resumes ? (tlsc_bytes){ NULL, 0 } : client->hello12.session_id;
    if ((ticket.n == 0 && id.n == 0) || !hs->config->want_sessions ||
        hs->options->now_ms == NULL) {
        return TLSC_OK;
    }
    tlsc_session session = {
        .secret = hs->master,
        .issued_ms = hs->options->now_ms(hs->options->now_ctx),
        .lifetime_s = ticket.n > 0 && hs->ticket_lifetime_s > 0 ? hs->ticket_lifetime_s
                                                                : TLSC_LIFETIME12_S,
        .ticket = ticket,
        .session_id = ticket.n > 0 ? (tlsc_bytes){ NULL, 0 } : id,
    };
    tlsc_err rc = tlsc_client_give_session(hs->outcome, client->on_session, client->session_ctx,
                                           &session);
    tlsc_session_clear(&session);
    return rc;
}

static tlsc_err on_end(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    TRY(enter_traffic(hs));
    TRY(give_session(hs));
    *next = &tlsc_hs_done;
    return TLSC_OK;
}
