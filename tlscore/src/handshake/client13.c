/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client13.c: the client's side of TLS 1.3, in the order of RFC 8446 2.
 *
 *     ClientHello, (early data) ->                                     (client.c)
 *                      <- ServerHello, {EncryptedExtensions}, {CertificateRequest},
 *                         {Certificate}, {CertificateVerify}, {Finished}
 *     (EndOfEarlyData), {Certificate}, {CertificateVerify}, {Finished} ->
 *
 * resumed, without the certificates of both. */
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/client.h"
#include "handshake/common13.h"
#include "handshake/negotiate.h"
#include "handshake/own.h"
#include "handshake/peer.h"
#include "handshake/post_auth.h"
#include "handshake/sizes.h"
#include "record/protect13.h"
#include "wire/encrypted_extensions.h"
#include "wire/server_hello.h"

static tlsc_err on_encrypted_extensions(tlsc_hs *hs, const tlsc_msg *msg,
                                        const tlsc_hs_state **next);
static tlsc_err on_request_or_certificate(tlsc_hs *hs, const tlsc_msg *msg,
                                          const tlsc_hs_state **next);
static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_certificate_verify(tlsc_hs *hs, const tlsc_msg *msg,
                                      const tlsc_hs_state **next);
static tlsc_err on_verify(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_verify_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_begin_flight(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_choose_credential(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next);
static tlsc_err on_sign(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);

static const tlsc_hs_state expect_encrypted_extensions = {
    "client13: expect EncryptedExtensions", TLSC_HS_BIT(ENCRYPTED_EXTENSIONS), false,
    on_encrypted_extensions
};
static const tlsc_hs_state expect_request_or_certificate = {
    "client13: expect CertificateRequest or Certificate",
    TLSC_HS_BIT(CERTIFICATE_REQUEST) | TLSC_HS_BIT(CERTIFICATE) | TLSC_HS_BIT(COMPRESSED_CERTIFICATE),
    false, on_request_or_certificate
};
static const tlsc_hs_state expect_certificate = {
    "client13: expect Certificate",
    TLSC_HS_BIT(CERTIFICATE) | TLSC_HS_BIT(COMPRESSED_CERTIFICATE), false, on_certificate
};
static const tlsc_hs_state expect_certificate_verify = { "client13: expect CertificateVerify",
                                                         TLSC_HS_BIT(CERTIFICATE_VERIFY), false,
                                                         on_certificate_verify };
static const tlsc_hs_state verify = { "client13: verify the certificate", 0, false, on_verify };
static const tlsc_hs_state expect_finished = { "client13: expect Finished",
                                               TLSC_HS_BIT(FINISHED), true, on_finished };
static const tlsc_hs_state verify_session = { "client13: verify the session's certificate", 0,
                                              false, on_verify_session };
static const tlsc_hs_state begin_flight = { "client13: begin the second flight", 0, false,
                                            on_begin_flight };
static const tlsc_hs_state choose_credential = { "client13: choose a credential", 0, false,
                                                 on_choose_credential };
static const tlsc_hs_state sign = { "client13: sign", 0, false, on_sign };
static const tlsc_hs_state send_finished = { "client13: send Finished", 0, false,
                                             on_send_finished };

static const tlsc_bytes nothing = { NULL, 0 };

/* ---- ServerHello ---- */

/* A PSK is bound to its hash, which the suite must have. RFC 8446 4.2.11 */
static tlsc_err take_psk(tlsc_hs *hs, const tlsc_server_hello *sh)
{
    tlsc_client *client = hs->client;
    if (!sh->has_psk) {
        return tlsc_schedule13_early(&hs->schedule, hs->suite->hash, nothing);
    }
    bool offered = (client->offered >> TLSC_EXT_pre_shared_key & 1u) != 0;
    if (!offered) {
        return TLSC_E_UNSOLICITED_EXTENSION;
    }
    if (sh->psk_index >= client->num_sessions) {
        return TLSC_E_WRONG_PSK;
    }
    client->resumes = &client->sessions[sh->psk_index];
    const tlsc_session *s = &client->resumes->session;
    if (tlsc_config_suite(hs->config, s->suite, TLSC_TLS13)->hash != hs->suite->hash) {
        return TLSC_E_WRONG_PSK;
    }
    hs->psk_index = sh->psk_index;
    hs->resumes = true;
    hs->outcome->resumed = true;
    return tlsc_schedule13_early(&hs->schedule, hs->suite->hash, tlsc_secret_bytes(&s->secret));
}

/* Opens the server's half of the key exchange and enters the handshake secret. */
static tlsc_err exchange_keys(tlsc_hs *hs, const tlsc_server_hello *sh)
{
    uint8_t shared[TLSC_GROUP_SECRET_MAX];
    if (!sh->has_group) { /* we don't do psk_ke */
        return TLSC_E_MISSING_KEY_SHARE;
    }
    const tlsc_client_share *share = tlsc_client_share_of(hs->client, sh->group);
    if (share == NULL) {
        return TLSC_E_WRONG_GROUP;
    }
    hs->group = share->group;
    hs->outcome->group = share->group->id;
    tlsc_err rc = share->group->decapsulate(share->priv, sh->key_exchange, shared);
    if (rc == TLSC_OK) {
        rc = tlsc_schedule13_handshake(&hs->schedule,
                                       tlsc_bytes_of(shared, share->group->secret_len));
    }
    tlsc_wipe(shared, sizeof(shared));
    TRY(rc);
    hs->proven |= TLSC_PROVEN_NEGOTIATED | TLSC_PROVEN_KEY_EXCHANGE;
    return TLSC_OK;
}

/* Derives one traffic secret of the transcript so far. */
static tlsc_err derive(tlsc_hs *hs, tlsc_label13 label, const char *log_label, tlsc_secret *out)
{
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, transcript);
    TRY(tlsc_schedule13_derive(&hs->schedule, label, transcript, out));
    tlsc_hs_log(hs, log_label, out);
    return TLSC_OK;
}

/* Reads under a new secret from here on. */
static tlsc_err start_reading(tlsc_hs *hs, tlsc_label13 label, const char *log_label)
{
    tlsc_secret secret;
    TRY(derive(hs, label, log_label, &secret));
    tlsc_err rc = tlsc_protect13_start(&hs->rl->rd, hs->suite, &secret);
    tlsc_secret_clear(&secret);
    return rc;
}

/* Writes under the handshake's secret, once there is no early data any more. */
static tlsc_err start_writing(tlsc_hs *hs)
{
    tlsc_client *client = hs->client;
    hs->may_write = false;
    tlsc_err rc = tlsc_protect13_start(&hs->rl->wr, hs->suite, &client->handshake_traffic);
    tlsc_secret_clear(&client->handshake_traffic);
    return rc;
}

tlsc_err tlsc_client13_on_server_hello(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next)
{
    tlsc_server_hello sh;
    TRY(tlsc_server_hello_parse(&sh, msg->body));
    TRY(take_psk(hs, &sh));
    TRY(exchange_keys(hs, &sh));
    TRY(derive(hs, TLSC_LABEL_CLIENT_HANDSHAKE, "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
               &hs->client->handshake_traffic));
    TRY(start_reading(hs, TLSC_LABEL_SERVER_HANDSHAKE, "SERVER_HANDSHAKE_TRAFFIC_SECRET"));
    TRY(tlsc_client_send_ccs(hs));
    if (hs->outcome->early_data != TLSC_EARLY_PENDING) {
        TRY(start_writing(hs));
    }
    *next = &expect_encrypted_extensions;
    return TLSC_OK;
}

/* ---- EncryptedExtensions ---- */

/* Early data was said under the first PSK, its suite and its application protocol: no other may answer
 * it. RFC 8446 4.2.10 */
static tlsc_err take_early_data(tlsc_hs *hs, bool accepted)
{
    tlsc_outcome *o = hs->outcome;
    const tlsc_session *first = &hs->client->sessions[0].session;
    if (o->early_data != TLSC_EARLY_PENDING) {
        return TLSC_OK;
    }
    if (!accepted) {
        o->early_data = hs->resumes ? TLSC_EARLY_REFUSED : TLSC_EARLY_NOT_RESUMED;
        return start_writing(hs);
    }
    if (!hs->resumes || hs->psk_index != 0 || hs->suite->id != first->suite ||
        !tlsc_bytes_equal(o->alpn, first->alpn)) {
        return TLSC_E_WRONG_EARLY_DATA;
    }
    o->early_data = TLSC_EARLY_ACCEPTED;
    return TLSC_OK;
}

static tlsc_err on_encrypted_extensions(tlsc_hs *hs, const tlsc_msg *msg,
                                        const tlsc_hs_state **next)
{
    tlsc_encrypted_extensions ee;
    TRY(tlsc_encrypted_extensions_parse(&ee, msg->body));
    if (ee.has_unknown || (ee.present & ~hs->client->offered) != 0) {
        return TLSC_E_UNSOLICITED_EXTENSION;
    }
    TRY(tlsc_client_take_alpn(hs, ee.alpn));
    TRY(tlsc_sizes_take(hs, &ee.sizes));
    TRY(tlsc_client_take_types(hs, ee.has_server_type ? &ee.server_type : NULL,
                               ee.has_client_type ? &ee.client_type : NULL));
    TRY(take_early_data(hs, ee.early_data));
    if (hs->outcome->early_data != TLSC_EARLY_ACCEPTED) {
        tlsc_common13_drop_early_exporter(hs);
        tlsc_client_forget_early_verdict(hs);
    }
    if (hs->resumes) {
        TRY(tlsc_client_take_session(hs));
        *next = &expect_finished;
    } else {
        *next = &expect_request_or_certificate;
    }
    return TLSC_OK;
}

/* ---- the server's certificate ---- */

static tlsc_err take_request(tlsc_hs *hs, const tlsc_msg *msg)
{
    tlsc_certificate_request request;
    TRY(tlsc_certificate_request13_parse(&request, msg->body));
    if (request.context.n > 0) { /* that is for those after the handshake, RFC 8446 4.3.2 */
        return TLSC_E_DECODE;
    }
    hs->client->certificate_requested = true;
    return tlsc_own_wish_of_request(hs, &request);
}

static tlsc_err on_request_or_certificate(tlsc_hs *hs, const tlsc_msg *msg,
                                          const tlsc_hs_state **next)
{
    if (msg->type != TLSC_HS_CERTIFICATE_REQUEST) {
        return on_certificate(hs, msg, next);
    }
    TRY(take_request(hs, msg));
    *next = &expect_certificate;
    return TLSC_OK;
}

static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    TRY(tlsc_peer_take_certificate13(hs, msg, nothing));
    *next = &expect_certificate_verify;
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

/* ---- the server's Finished ---- */

/* The traffic secrets cover the transcript up to here; ours waits until our own Finished was said. */
static tlsc_err enter_master_secret(tlsc_hs *hs)
{
    TRY(tlsc_schedule13_master(&hs->schedule));
    TRY(derive(hs, TLSC_LABEL_CLIENT_TRAFFIC, "CLIENT_TRAFFIC_SECRET_0", &hs->client_traffic));
    TRY(start_reading(hs, TLSC_LABEL_SERVER_TRAFFIC, "SERVER_TRAFFIC_SECRET_0"));
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, transcript);
    return tlsc_common13_exporter(hs, transcript);
}

static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    TRY(tlsc_common13_check_finished(hs, msg));
    if (hs->resumes) { /* it knows the PSK */
        hs->proven |= TLSC_PROVEN_AUTHENTICATED;
    }
    TRY(enter_master_secret(hs));
    *next = hs->resumes ? &verify_session : &begin_flight;
    return TLSC_OK;
}

static tlsc_err on_verify_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready = true;
    if (!hs->client->verified_early) {
        TRY(tlsc_peer_verify_session(hs, &ready));
    }
    if (ready) {
        *next = &begin_flight;
    }
    return TLSC_OK;
}

/* ---- our second flight ---- */

/* Behind the last early data, under its key. RFC 8446 4.5 */
static tlsc_err end_early_data(tlsc_hs *hs)
{
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_END_OF_EARLY_DATA);
    TRY(tlsc_hs_end(hs, &out));
    TRY(tlsc_hs_flush(hs));
    return start_writing(hs);
}

static tlsc_err on_begin_flight(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    if (hs->outcome->early_data == TLSC_EARLY_ACCEPTED) {
        TRY(end_early_data(hs));
    }
    *next = hs->client->certificate_requested ? &choose_credential : &send_finished;
    return TLSC_OK;
}

static tlsc_err on_choose_credential(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_own_choose(hs, &ready));
    if (!ready) {
        return TLSC_OK;
    }
    TRY(tlsc_own_send_certificate13(hs, nothing));
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

static tlsc_err enter_traffic(tlsc_hs *hs)
{
    uint32_t needed = hs->resumes ? TLSC_PROVEN_CLIENT13_RESUMED : TLSC_PROVEN_CLIENT;
    if ((hs->proven & needed) != needed) {
        return TLSC_E_INTERNAL;
    }
    if (hs->client->on_session != NULL && hs->config->want_sessions &&
        hs->options->now_ms != NULL) {
        uint8_t transcript[TLSC_HASH_MAX];
        tlsc_transcript_hash(&hs->transcript, transcript);
        TRY(tlsc_schedule13_derive(&hs->schedule, TLSC_LABEL_RESUMPTION, transcript,
                                   &hs->outcome->resumption));
    }
    return tlsc_protect13_start(&hs->rl->wr, hs->suite, &hs->client_traffic);
}

static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    TRY(tlsc_common13_send_finished(hs));
    TRY(enter_traffic(hs));
    TRY(tlsc_post_auth_keep(
        hs, (hs->client->offered >> TLSC_EXT_post_handshake_auth & 1u) != 0));
    *next = &tlsc_hs_done;
    return TLSC_OK;
}
