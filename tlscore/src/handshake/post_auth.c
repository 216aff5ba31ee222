/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/post_auth.c: authentication after the handshake, RFC 8446 4.6.2. */
#include "handshake/post_auth.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/common13.h"
#include "handshake/own.h"
#include "handshake/peer.h"
#include "handshake/request.h"

static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_certificate_verify(tlsc_hs *hs, const tlsc_msg *msg,
                                      const tlsc_hs_state **next);
static tlsc_err on_verify(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_choose_credential(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next);
static tlsc_err on_sign(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);

/* a server's */
static const tlsc_hs_state expect_certificate = {
    "post13: expect Certificate",
    TLSC_HS_BIT(CERTIFICATE) | TLSC_HS_BIT(COMPRESSED_CERTIFICATE), false, on_certificate
};
static const tlsc_hs_state expect_certificate_verify = { "post13: expect CertificateVerify",
                                                         TLSC_HS_BIT(CERTIFICATE_VERIFY), false,
                                                         on_certificate_verify };
static const tlsc_hs_state verify = { "post13: verify the certificate", 0, false, on_verify };
static const tlsc_hs_state expect_finished = { "post13: expect Finished", TLSC_HS_BIT(FINISHED),
                                               false, on_finished };
/* a client's */
static const tlsc_hs_state choose_credential = { "post13: choose a credential", 0, false,
                                                 on_choose_credential };
static const tlsc_hs_state sign = { "post13: sign", 0, false, on_sign };
static const tlsc_hs_state send_finished = { "post13: send Finished", 0, false,
                                             on_send_finished };

/* ---- between the handshake and the exchange ---- */

tlsc_err tlsc_post_auth_keep(tlsc_hs *hs, bool offered)
{
    if (!offered || !hs->config->post_handshake_auth) {
        return TLSC_OK;
    }
    hs->outcome->own_type = hs->own_type;
    return tlsc_outcome_keep(&hs->outcome->post_transcript,
                             tlsc_transcript_state(&hs->transcript));
}

bool tlsc_post_auth_allowed(const tlsc_outcome *o)
{
    return o->post_transcript.n > 0;
}

tlsc_err tlsc_post_auth_new(const tlsc_provider *provider, const tlsc_conn_options *options,
                            tlsc_record_layer *rl, tlsc_outcome *outcome, bool client,
                            tlsc_hs **out)
{
    TRY(tlsc_hs_new(provider, options, rl, outcome,
                    client ? &choose_credential : &expect_certificate, out));
    tlsc_hs *hs = *out;
    hs->is_client = client;
    hs->post_handshake = true;
    hs->config = tlsc_config_ref(outcome->config);
    hs->suite = outcome->suite;
    hs->own_type = outcome->own_type;
    tlsc_transcript_go_on(&hs->transcript, outcome->suite->hash, outcome->post_transcript);
    return TLSC_OK;
}

/* ---- the server ---- */

static tlsc_bytes context_of(const tlsc_hs *hs)
{
    return tlsc_bytes_of(hs->request_context, sizeof(hs->request_context));
}

/* The context is random, so that no answer can be made before the question. RFC 8446 4.3.2 */
tlsc_err tlsc_post_auth_ask(tlsc_hs *hs)
{
    const tlsc_random *random = hs->provider->random;
    TRY(random->fill(random->ctx, hs->request_context, sizeof(hs->request_context)));
    TRY(tlsc_request_send13(hs, context_of(hs)));
    return tlsc_hs_flush(hs);
}

bool tlsc_post_auth_is_idle(const tlsc_hs *hs)
{
    return hs->state == &expect_certificate;
}

/* A client that declines is nobody from here on: the last answer counts. */
static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    TRY(tlsc_peer_take_certificate13(hs, msg, context_of(hs)));
    hs->peer_came = hs->peer.memory != NULL;
    tlsc_peer_forget(hs->outcome);
    *next = hs->peer_came ? &expect_certificate_verify : &expect_finished;
    return TLSC_OK;
}

static tlsc_err on_certificate_verify(tlsc_hs *hs, const tlsc_msg *msg,
                                      const tlsc_hs_state **next)
{
    TRY(tlsc_peer_check_verify13(hs, msg));
    *next = &verify;
    return TLSC_OK;
}

static tlsc_err on_verify(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_peer_verify(hs, &ready));
    if (ready) {
        *next = &expect_finished;
    }
    return TLSC_OK;
}

static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    uint32_t needed = TLSC_PROVEN_FINISHED | (hs->peer_came ? TLSC_PROVEN_PEER : 0);
    TRY(tlsc_common13_check_finished(hs, msg));
    if ((hs->proven & needed) != needed) {
        return TLSC_E_INTERNAL;
    }
    *next = &tlsc_hs_done;
    return TLSC_OK;
}

/* ---- the client ---- */

tlsc_err tlsc_post_auth_answer(tlsc_hs *hs, const tlsc_msg *msg)
{
    tlsc_certificate_request request;
    TRY(tlsc_certificate_request13_parse(&request, msg->body));
    if (request.context.n == 0) { /* that is the handshake's own, and contexts are unique */
        return TLSC_E_WRONG_REQUEST_CONTEXT;
    }
    TRY(tlsc_transcript_add(&hs->transcript, msg->raw));
    TRY(tlsc_own_wish_of_request(hs, &request));
    return tlsc_hs_resume(hs);
}

/* The three messages go out together, "with no intervening messages of other types": nothing is sent
 * before the last is made. */
static tlsc_err on_choose_credential(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_own_choose(hs, &ready));
    if (!ready) {
        return TLSC_OK;
    }
    TRY(tlsc_own_send_certificate13(hs, hs->wish.context));
    if (hs->outcome->credential == NULL) {
        *next = &send_finished;
        return TLSC_OK;
    }
    TRY(tlsc_own_sign_content13(hs));
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
    TRY(tlsc_own_send_verify(hs));
    *next = &send_finished;
    return TLSC_OK;
}

static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    TRY(tlsc_common13_send_finished(hs));
    *next = &tlsc_hs_done;
    return TLSC_OK;
}
