/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/server13.c: the server's side of TLS 1.3, in the order of RFC 8446 2.
 *
 *     ClientHello ->
 *                     [<- HelloRetryRequest]
 *     [ClientHello ->]
 *                      <- ServerHello, {EncryptedExtensions}, [{CertificateRequest},]
 *                         {Certificate}, {CertificateVerify}, {Finished}
 *     [(EndOfEarlyData),] [{Certificate}, [{CertificateVerify},]] {Finished} ->
 */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/common13.h"
#include "handshake/early.h"
#include "handshake/hs.h"
#include "handshake/negotiate.h"
#include "handshake/own.h"
#include "handshake/peer.h"
#include "handshake/post_auth.h"
#include "handshake/request.h"
#include "handshake/resume.h"
#include "handshake/sizes.h"
#include "handshake/tickets.h"
#include "record/protect13.h"
#include "wire/encrypted_extensions.h"
#include "wire/server_hello.h"

static tlsc_err on_negotiate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_second_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_find_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_verify_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_send_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_sign(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_certificate_verify(tlsc_hs *hs, const tlsc_msg *msg,
                                      const tlsc_hs_state **next);
static tlsc_err on_verify(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_end_of_early_data(tlsc_hs *hs, const tlsc_msg *msg,
                                     const tlsc_hs_state **next);
static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);

const tlsc_hs_state tlsc_server13_negotiate = { "server13: negotiate", 0, false, on_negotiate };
static const tlsc_hs_state expect_second_hello = { "server13: expect second ClientHello",
                                                   TLSC_HS_BIT(CLIENT_HELLO), true,
                                                   on_second_hello };
static const tlsc_hs_state find_session = { "server13: find a session", 0, false,
                                            on_find_session };
static const tlsc_hs_state verify_session = { "server13: verify the session's certificate", 0, false,
                                              on_verify_session };
static const tlsc_hs_state send_hello = { "server13: send ServerHello", 0, false, on_send_hello };
static const tlsc_hs_state sign = { "server13: sign", 0, false, on_sign };
static const tlsc_hs_state send_finished = { "server13: send Finished", 0, false,
                                             on_send_finished };
static const tlsc_hs_state expect_certificate = {
    "server13: expect Certificate",
    TLSC_HS_BIT(CERTIFICATE) | TLSC_HS_BIT(COMPRESSED_CERTIFICATE), false, on_certificate
};
static const tlsc_hs_state expect_certificate_verify = {
    "server13: expect CertificateVerify", TLSC_HS_BIT(CERTIFICATE_VERIFY), false,
    on_certificate_verify
};
static const tlsc_hs_state verify = { "server13: verify the certificate", 0, false, on_verify };
static const tlsc_hs_state expect_end_of_early_data = {
    "server13: expect EndOfEarlyData", TLSC_HS_BIT(END_OF_EARLY_DATA), true, on_end_of_early_data
};
static const tlsc_hs_state expect_finished = { "server13: expect Finished",
                                               TLSC_HS_BIT(FINISHED), true, on_finished };

/* ---- ClientHello ---- */

/* What TLS 1.3 asks of a ClientHello beyond its syntax, RFC 8446 4.1.2 and 9.2. */
static tlsc_err check_hello(const tlsc_client_hello *ch)
{
    tlsc_rd r = tlsc_rd_of(ch->compression_methods);
    if (tlsc_rd_u8(&r) != 0 || tlsc_rd_more(&r)) {
        return TLSC_E_BAD_COMPRESSION;
    }
    if (!tlsc_exts_has(&ch->exts, TLSC_EXT_supported_groups)) {
        return TLSC_E_MISSING_GROUPS;
    }
    if (!tlsc_exts_has(&ch->exts, TLSC_EXT_key_share)) {
        return TLSC_E_MISSING_KEY_SHARE;
    }
    return TLSC_OK;
}

/* Where a middlebox may look for TLS 1.2, it is shown a ChangeCipherSpec. RFC 8446 D.4 */
static tlsc_err send_ccs(tlsc_hs *hs)
{
    if (hs->ccs_sent || hs->hello.msg.session_id.n == 0) {
        return TLSC_OK;
    }
    hs->ccs_sent = true;
    return tlsc_rl_put_ccs(hs->rl);
}

static tlsc_err send_hello_retry(tlsc_hs *hs)
{
    tlsc_server_hello hrr = {
        .hello_retry = true,
        .session_id = hs->hello.msg.session_id,
        .suite = hs->suite->id,
        .version = TLSC_TLS13,
        .has_group = true,
        .group = hs->group->id,
    };
    tlsc_transcript_fold(&hs->transcript);
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_SERVER_HELLO);
    tlsc_server_hello_emit(&out.w, &hrr);
    TRY(tlsc_hs_end(hs, &out));
    TRY(tlsc_hs_flush(hs));
    TRY(send_ccs(hs));
    hs->outcome->hello_retry = true;
    tlsc_early_refuse_to_retry(hs);
    return TLSC_OK;
}

static tlsc_err on_negotiate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    const tlsc_client_hello *ch = &hs->hello.msg;
    TRY(check_hello(ch));
    TRY(tlsc_negotiate_suite(hs->config, ch, TLSC_TLS13, &hs->suite));
    TRY(tlsc_negotiate_group13(hs->config, ch, &hs->group, &hs->peer_share));
    TRY(tlsc_transcript_start(&hs->transcript, hs->suite->hash));
    hs->outcome->suite = hs->suite;
    hs->outcome->group = hs->group->id;
    if (hs->peer_share.n == 0) {
        TRY(send_hello_retry(hs));
        *next = &expect_second_hello;
        return TLSC_OK;
    }
    hs->proven |= TLSC_PROVEN_NEGOTIATED;
    *next = &find_session;
    return TLSC_OK;
}

/* What may change in the second ClientHello is key_share, early_data, cookie, pre_shared_key and
 * padding. RFC 8446 4.1.2. Order and contents of what tlscore doesn't know aren't compared. */
static bool same_hello(const tlsc_client_hello *a, const tlsc_client_hello *b)
{
    return a->legacy_version == b->legacy_version && tlsc_bytes_equal(a->random, b->random) &&
           tlsc_bytes_equal(a->session_id, b->session_id) &&
           tlsc_bytes_equal(a->cipher_suites, b->cipher_suites) &&
           tlsc_bytes_equal(a->compression_methods, b->compression_methods) &&
           tlsc_bytes_equal(a->server_name, b->server_name) &&
           tlsc_bytes_equal(a->versions, b->versions) && tlsc_bytes_equal(a->groups, b->groups) &&
           tlsc_bytes_equal(a->signature_algorithms, b->signature_algorithms) &&
           tlsc_bytes_equal(a->alpn, b->alpn);
}

static tlsc_err on_second_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    hs->skip = TLSC_SKIP_NONE;
    tlsc_hello second = { 0 };
    tlsc_err rc = tlsc_hello_take(&second, msg->raw);
    if (rc == TLSC_OK && !same_hello(&hs->hello.msg, &second.msg)) {
        rc = TLSC_E_HRR_CHANGED_HELLO;
    }
    if (rc != TLSC_OK) {
        tlsc_hello_clear(&second);
        return rc;
    }
    tlsc_hello_clear(&hs->hello);
    hs->hello = second;
    TRY(check_hello(&hs->hello.msg));
    if (tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_early_data)) {
        return TLSC_E_HRR_EARLY_DATA;
    }
    tlsc_rd shares = tlsc_rd_of(hs->hello.msg.key_shares);
    tlsc_key_share share;
    if (!tlsc_key_share_next(&shares, &share) || share.group != hs->group->id ||
        tlsc_rd_more(&shares)) {
        return TLSC_E_HRR_WRONG_SHARE;
    }
    hs->peer_share = share.key_exchange;
    hs->proven |= TLSC_PROVEN_NEGOTIATED;
    *next = &find_session;
    return TLSC_OK;
}

/* ---- resumption ---- */

static tlsc_err on_find_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool offered;
    tlsc_psk_identity identity;
    TRY(tlsc_resume13_offered(hs, &offered));
    while (offered && !hs->resumes && tlsc_resume13_identity(hs, &identity)) {
        bool ready;
        hs->ticket = identity.identity;
        TRY(tlsc_hs_open_ticket(hs, &ready));
        if (!ready) {
            return TLSC_OK;
        }
        TRY(tlsc_resume13_try(hs, &hs->resumes));
        if (!hs->resumes) {
            hs->psk_index++;
        }
    }
    if (!hs->resumes) {
        TRY(tlsc_schedule13_early(&hs->schedule, hs->suite->hash, (tlsc_bytes){ NULL, 0 }));
    }
    hs->outcome->resumed = hs->resumes;
    tlsc_early_refuse_unless_resumed(hs);
    *next = hs->resumes ? &verify_session : &send_hello;
    return TLSC_OK;
}

static tlsc_err on_verify_session(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready;
    TRY(tlsc_peer_verify_session(hs, &ready));
    if (ready) {
        *next = &send_hello;
    }
    return TLSC_OK;
}

/* ---- the server's flight ---- */

/* Chooses who we are, before anything is sent: a client that accepts no signature of ours is told so
 * in the clear. */
static tlsc_err choose_credential(tlsc_hs *hs, bool *ready)
{
    if (!tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_signature_algorithms)) {
        return TLSC_E_MISSING_SIGNATURE_ALGORITHMS;
    }
    TRY(tlsc_own_wish_of_hello(hs));
    return tlsc_own_choose(hs, ready);
}

/* Encapsulates to the client's share, says ServerHello, and enters the handshake secret. */
static tlsc_err exchange_keys(tlsc_hs *hs)
{
    uint8_t reply[TLSC_GROUP_SHARE_MAX];
    uint8_t shared[TLSC_GROUP_SECRET_MAX];
    uint8_t random[32];
    const tlsc_random *source = hs->provider->random;
    TRY(source->fill(source->ctx, random, sizeof(random)));
    tlsc_err rc = hs->group->encapsulate(source, hs->peer_share, reply, shared);
    if (rc != TLSC_OK) {
        tlsc_wipe(shared, sizeof(shared)); /* half of a hybrid's secret may be there */
        return rc;
    }
    tlsc_server_hello sh = {
        .random = tlsc_bytes_of(random, sizeof(random)),
        .session_id = hs->hello.msg.session_id,
        .suite = hs->suite->id,
        .version = TLSC_TLS13,
        .has_group = true,
        .group = hs->group->id,
        .key_exchange = tlsc_bytes_of(reply, hs->group->reply_len),
        .has_psk = hs->resumes,
        .psk_index = (uint16_t)hs->psk_index,
    };
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_SERVER_HELLO);
    tlsc_server_hello_emit(&out.w, &sh);
    rc = tlsc_hs_end(hs, &out);
    if (rc == TLSC_OK) {
        rc = tlsc_schedule13_handshake(&hs->schedule,
                                       tlsc_bytes_of(shared, hs->group->secret_len));
    }
    tlsc_wipe(shared, sizeof(shared));
    TRY(rc);
    hs->proven |= TLSC_PROVEN_KEY_EXCHANGE;
    TRY(tlsc_hs_flush(hs));
    return send_ccs(hs);
}

static tlsc_err derive_secret(tlsc_hs *hs, tlsc_label13 label, const char *log_label,
                              tlsc_secret *out)
{
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, transcript);
    TRY(tlsc_schedule13_derive(&hs->schedule, label, transcript, out));
    tlsc_hs_log(hs, log_label, out);
    return TLSC_OK;
}

/* Derives one traffic secret and starts protecting with it. */
static tlsc_err start_direction(tlsc_hs *hs, tlsc_protect *direction, tlsc_label13 label,
                                const char *log_label)
{
    tlsc_secret secret;
    TRY(derive_secret(hs, label, log_label, &secret));
    tlsc_err rc = tlsc_protect13_start(direction, hs->suite, &secret);
    tlsc_secret_clear(&secret);
    return rc;
}

/* The early key covers the ClientHello alone. */
static tlsc_err start_early(tlsc_hs *hs)
{
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, transcript);
    TRY(tlsc_common13_early_exporter(hs, transcript));
    return start_direction(hs, &hs->rl->rd, TLSC_LABEL_CLIENT_EARLY,
                           "CLIENT_EARLY_TRAFFIC_SECRET");
}

/* The client's handshake key serves at once, or behind its early data. */
static tlsc_err start_handshake_keys(tlsc_hs *hs)
{
    static const char label[] = "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
    if (hs->reads_early) {
        TRY(derive_secret(hs, TLSC_LABEL_CLIENT_HANDSHAKE, label, &hs->client_handshake));
    } else {
        TRY(start_direction(hs, &hs->rl->rd, TLSC_LABEL_CLIENT_HANDSHAKE, label));
    }
    return start_direction(hs, &hs->rl->wr, TLSC_LABEL_SERVER_HANDSHAKE,
                           "SERVER_HANDSHAKE_TRAFFIC_SECRET");
}

static tlsc_err send_encrypted_extensions(tlsc_hs *hs)
{
    uint8_t own_type;
    bool tells_type = tlsc_own_tells_type(hs, &own_type);
    tlsc_record_sizes sizes;
    TRY(tlsc_sizes_answer(hs, &sizes));
    tlsc_encrypted_extensions ee = {
        .sizes = sizes,
        .server_name = hs->hello.name_n > 0 && !hs->resumes && !hs->config->hides_server_name,
        .alpn = hs->outcome->alpn,
        .has_client_type = tlsc_request_tells_type(hs),
        .client_type = hs->outcome->peer_type,
        .has_server_type = tells_type,
        .server_type = own_type,
        .early_data = hs->outcome->early_data == TLSC_EARLY_ACCEPTED,
        .has_ticket_count = tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_ticket_request),
        .ticket_count = (uint8_t)tlsc_tickets_due(hs),
    };
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_ENCRYPTED_EXTENSIONS);
    tlsc_encrypted_extensions_emit(&out.w, &ee);
    return tlsc_hs_end(hs, &out);
}

static tlsc_err on_send_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    bool ready = true;
    if (!hs->resumes) {
        TRY(choose_credential(hs, &ready));
    }
    if (!ready) {
        return TLSC_OK;
    }
    TRY(tlsc_request_choose_type(hs));
    if (hs->reads_early) {
        TRY(start_early(hs));
    } else if (tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_early_data)) {
        hs->skip = TLSC_SKIP_UNOPENED;
    }
    TRY(exchange_keys(hs));
    TRY(start_handshake_keys(hs));
    TRY(send_encrypted_extensions(hs));
    if (hs->resumes) {
        *next = &send_finished;
        return TLSC_OK;
    }
    if (tlsc_request_due(hs)) {
        TRY(tlsc_request_send13(hs, (tlsc_bytes){ NULL, 0 }));
    }
    TRY(tlsc_own_send_certificate13(hs, (tlsc_bytes){ NULL, 0 }));
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
    hs->proven |= TLSC_PROVEN_AUTHENTICATED;
    *next = &send_finished;
    return TLSC_OK;
}

/* The traffic secrets cover the transcript up to our Finished, so all are derived here; the client's
 * waits until its own Finished was read under the handshake key. */
static tlsc_err enter_master_secret(tlsc_hs *hs)
{
    uint8_t transcript[TLSC_HASH_MAX];
    TRY(tlsc_schedule13_master(&hs->schedule));
    tlsc_transcript_hash(&hs->transcript, transcript);
    TRY(tlsc_schedule13_derive(&hs->schedule, TLSC_LABEL_CLIENT_TRAFFIC, transcript,
                               &hs->client_traffic));
    tlsc_hs_log(hs, "CLIENT_TRAFFIC_SECRET_0", &hs->client_traffic);
    TRY(start_direction(hs, &hs->rl->wr, TLSC_LABEL_SERVER_TRAFFIC, "SERVER_TRAFFIC_SECRET_0"));
    return tlsc_common13_exporter(hs, transcript);
}

static tlsc_err on_send_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    TRY(tlsc_common13_send_finished(hs));
    TRY(enter_master_secret(hs));
    hs->may_write = hs->config->half_rtt_data && hs->config->client_auth == TLSC_CLIENT_AUTH_NONE;
    if (hs->reads_early) {
        *next = &expect_end_of_early_data;
        return TLSC_OK;
    }
    *next = tlsc_request_due(hs) ? &expect_certificate : &expect_finished;
    return TLSC_OK;
}

/* ---- early data ---- */

/* struct {} EndOfEarlyData; what follows is under the handshake key. RFC 8446 4.5 */
static tlsc_err on_end_of_early_data(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    if (msg->body.n != 0) {
        return TLSC_E_DECODE;
    }
    hs->reads_early = false;
    TRY(tlsc_protect13_start(&hs->rl->rd, hs->suite, &hs->client_handshake));
    tlsc_secret_clear(&hs->client_handshake);
    *next = &expect_finished;
    return TLSC_OK;
}

/* ---- the client's certificate ---- */

static tlsc_err on_certificate(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    bool came;
    TRY(tlsc_request_take13(hs, msg, &came));
    *next = came ? &expect_certificate_verify : &expect_finished;
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

/* ---- the client's Finished ---- */

static tlsc_err enter_traffic(tlsc_hs *hs)
{
    uint32_t needed = TLSC_PROVEN_SERVER13 | tlsc_request_proof(hs);
    if ((hs->proven & needed) != needed) {
        return TLSC_E_INTERNAL;
    }
    uint8_t transcript[TLSC_HASH_MAX];
    hs->outcome->tickets_due = tlsc_tickets_due(hs);
    if (hs->outcome->tickets_due > 0) {
        tlsc_transcript_hash(&hs->transcript, transcript);
        TRY(tlsc_schedule13_derive(&hs->schedule, TLSC_LABEL_RESUMPTION, transcript,
                                   &hs->outcome->resumption));
    }
    return tlsc_protect13_start(&hs->rl->rd, hs->suite, &hs->client_traffic);
}

static tlsc_err on_finished(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    TRY(tlsc_common13_check_finished(hs, msg));
    TRY(enter_traffic(hs));
    TRY(tlsc_post_auth_keep(
        hs, tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_post_handshake_auth)));
    *next = hs->options->external_tickets ? &tlsc_tickets_make13 : &tlsc_hs_done;
    return TLSC_OK;
}
