/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/peer.c: the peer's certificate, whichever role and version.
 *
 *     taken          its message is read and copied, its key looked at
 *     signature      it holds that key
 *     verdict        the verifier's, which may take its time
 *
 * The signature comes before the verdict: who doesn't hold the key learns nothing about whom we trust,
 * puts no name into anybody's log, and makes us build no path and ask no responder; it costs us one
 * signature check with a key of bounded size. tlsc_peer_verify holds its callers to that order. */
#include "handshake/peer.h"

#include "auth/cert_compress.h"
#include "auth/pin.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/client.h"
#include "handshake/negotiate.h"
#include "wire/certificate.h"
#include "wire/certificate_status.h"
#include "wire/key_exchange12.h"
#include "x509/certificate.h"
#include "x509/spki.h"

enum {
    CERTIFICATES_MAX = 64, /* in one message */
    MESSAGE_MAX = 0xffffff
};

static const tlsc_bytes nothing = { NULL, 0 };

void tlsc_peer_clear(tlsc_peer *peer)
{
    tlsc_chain_free(peer->verdict.chain);
    tlsc_mem_free(peer->memory);
    tlsc_mem_free(peer->ocsp_memory);
    *peer = (tlsc_peer){ 0 };
}

/* ---- what was sent ---- */

/* A Certificate message's parts, as views into it. */
typedef struct pile {
    tlsc_bytes certificates[CERTIFICATES_MAX]; /* or a raw key */
    size_t num;
    tlsc_bytes ocsp;
    tlsc_bytes scts;
} pile;

static tlsc_err add(pile *p, tlsc_bytes der)
{
    if (p->num == CERTIFICATES_MAX) {
        return TLSC_E_TOO_MANY_CERTIFICATES;
    }
    p->certificates[p->num++] = der;
    return TLSC_OK;
}

/* opaque ASN.1Cert<1..2^24-1>; a list of them. RFC 5246 7.4.2 */
static tlsc_err add_list(pile *p, tlsc_bytes list)
{
    tlsc_rd r = tlsc_rd_of(list);
    while (tlsc_rd_more(&r)) {
        TRY(add(p, tlsc_rd_vec24(&r, 1, MESSAGE_MAX)));
    }
    return tlsc_rd_end(&r);
}

static uint8_t *put(uint8_t *at, tlsc_bytes from, tlsc_bytes *view)
{
    tlsc_bytes_copy(at, from);
    *view = tlsc_bytes_of(at, from.n);
    return at + from.n;
}

/* Copies it all into one block, so that it survives the verdict's pause. */
static tlsc_err keep(tlsc_peer *peer, const pile *p, bool raw)
{
    size_t size = p->num * sizeof(tlsc_bytes) + p->ocsp.n + p->scts.n;
    for (size_t i = 0; i < p->num; i++) {
        size += p->certificates[i].n;
    }
    void *memory = tlsc_mem_alloc(size);
    if (memory == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    peer->memory = (uint8_t *)memory;
    peer->certificates = (tlsc_bytes *)memory;
    uint8_t *at = (uint8_t *)(peer->certificates + p->num);
    for (size_t i = 0; i < p->num; i++) {
        at = put(at, p->certificates[i], &peer->certificates[i]);
    }
    if (p->ocsp.n > 0) {
        at = put(at, p->ocsp, &peer->ocsp);
    }
    if (p->scts.n > 0) {
        (void)put(at, p->scts, &peer->scts);
    }
    peer->num_certificates = raw ? 0 : p->num;
    if (raw) {
        peer->spki = peer->certificates[0];
    }
    return TLSC_OK;
}

/* For the application, as it was sent. */
static tlsc_err keep_chain(tlsc_hs *hs)
{
    const tlsc_peer *peer = &hs->peer;
    tlsc_buf list = tlsc_buf_of(MESSAGE_MAX);
    tlsc_wr w = tlsc_wr_of(&list);
    if (peer->num_certificates == 0) {
        tlsc_wr_vec24(&w, peer->spki);
    }
    for (size_t i = 0; i < peer->num_certificates; i++) {
        tlsc_wr_vec24(&w, peer->certificates[i]);
    }
    tlsc_err rc = tlsc_wr_end(&w);
    if (rc == TLSC_OK) {
        rc = tlsc_outcome_keep(&hs->outcome->peer_chain, tlsc_buf_bytes(&list));
    }
    tlsc_buf_clear(&list);
    return rc;
}

/* Certificates that are refused are there to see, too, with the one concerned; that they can't be kept is
 * no reason to tell another error. */
static void show_refused(tlsc_hs *hs, int index)
{
    hs->outcome->verify_index = index;
    if (hs->config->keep_peer_chain && keep_chain(hs) != TLSC_OK) {
        tlsc_outcome_drop(&hs->outcome->peer_chain);
    }
}

/* ---- is it any use here? ---- */

/* In TLS 1.2 a client's list of groups holds for the certificate's curve, too. RFC 8422 5.1, 5.3 */
static bool curve_is_enabled(const tlsc_config *config, tlsc_spki_kind kind)
{
    uint16_t id = kind == TLSC_SPKI_P256   ? 0x0017
                  : kind == TLSC_SPKI_P384 ? 0x0018
                  : kind == TLSC_SPKI_P521 ? 0x0019
                                           : 0;
    bool enabled = id == 0;
    for (size_t i = 0; i < config->num_groups; i++) {
        enabled = enabled || config->groups[i]->id == id;
    }
    return enabled;
}

/* TLS 1.2's suite says what kind of key the server has; Ed25519 counts as ECDSA. RFC 5246 7.4.2,
 * RFC 8422 5.10 */
static bool fits_suite12(const tlsc_hs *hs, tlsc_spki_kind kind)
{
    uint8_t needed = hs->suite->authentication;
    uint8_t is = kind == TLSC_SPKI_RSA ? TLSC_AUTH_RSA : TLSC_AUTH_ECDSA;
    return (needed == TLSC_AUTH_ANY || needed == is) && curve_is_enabled(hs->config, kind);
}

/* Its own certificate must let its key sign. RFC 8446 4.4.2.2, RFC 5280 4.2.1.3 */
static tlsc_err find_own_key(tlsc_peer *peer)
{
    if (peer->num_certificates == 0) {
        return TLSC_OK; /* a raw key is there already */
    }
    tlsc_certificate c;
    unsigned usage;
    TRY(tlsc_certificate_parse(&c, peer->certificates[0]));
    TRY(tlsc_certificate_key_usage(&c, &usage));
    peer->spki = c.spki;
    return (usage & TLSC_KU_DIGITAL_SIGNATURE) != 0 ? TLSC_OK : TLSC_E_KEY_USAGE;
}

static tlsc_err check_own_key(tlsc_hs *hs)
{
    tlsc_spki key;
    TRY(find_own_key(&hs->peer));
    TRY(tlsc_spki_parse(&key, hs->peer.spki));
    if (hs->is_client && hs->outcome->version == TLSC_TLS12 && !fits_suite12(hs, key.kind)) {
        return TLSC_E_WRONG_CERTIFICATE_KEY;
    }
    return TLSC_OK;
}

static tlsc_err take(tlsc_hs *hs, const pile *p)
{
    bool raw = hs->outcome->peer_type == TLSC_CERT_RAW_PUBLIC_KEY;
    if (p->num == 0) { /* RFC 8446 4.4.2.4: a server always has one */
        return hs->is_client ? TLSC_E_DECODE : TLSC_OK;
    }
    if (raw && p->num > 1) {
        return TLSC_E_TOO_MANY_CERTIFICATES;
    }
    TRY(keep(&hs->peer, p, raw));
    tlsc_err rc = check_own_key(hs);
    if (rc != TLSC_OK) {
        show_refused(hs, raw ? -1 : 0);
    }
    return rc;
}

tlsc_err tlsc_peer_take_list(tlsc_hs *hs, tlsc_bytes list)
{
    pile p = { 0 };
    TRY(add_list(&p, list));
    if (p.num == 0) {
        return TLSC_E_INTERNAL;
    }
    TRY(keep(&hs->peer, &p, hs->outcome->peer_type == TLSC_CERT_RAW_PUBLIC_KEY));
    return find_own_key(&hs->peer);
}

/* ---- the messages ---- */

/* An answer beside a certificate needs a question. RFC 8446 4.4.2 */
static tlsc_err check_extras(const tlsc_config *config, const tlsc_certificate_extras *extras)
{
    bool ocsp = (extras->present >> TLSC_EXT_status_request & 1u) != 0;
    bool scts = (extras->present >> TLSC_EXT_signed_certificate_timestamp & 1u) != 0;
    if (extras->has_unknown || (ocsp && !config->request_ocsp) ||
        (scts && !config->request_scts)) {
        return TLSC_E_UNSOLICITED_EXTENSION;
    }
    return TLSC_OK;
}

static tlsc_err add_entry(const tlsc_hs *hs, pile *p, const tlsc_certificate_entry *entry)
{
    tlsc_certificate_extras extras;
    TRY(tlsc_certificate_extras_parse(&extras, entry->extensions));
    TRY(check_extras(hs->config, &extras));
    if (p->num == 0) { /* what stands beside the others says nothing about the peer */
        p->ocsp = extras.ocsp;
        p->scts = extras.scts;
    }
    return add(p, entry->cert_data);
}

static tlsc_err take_message13(tlsc_hs *hs, tlsc_bytes body, tlsc_bytes context)
{
    tlsc_certificate_msg certificate;
    tlsc_certificate_entry entry;
    pile p = { 0 };
    TRY(tlsc_certificate_msg_parse(&certificate, body));
    if (!tlsc_bytes_equal(certificate.context, context)) {
        return TLSC_E_WRONG_REQUEST_CONTEXT;
    }
    tlsc_rd list = tlsc_rd_of(certificate.entries);
    while (tlsc_certificate_entry_next(&list, &entry)) {
        TRY(add_entry(hs, &p, &entry));
    }
    return take(hs, &p);
}

/* Who offered no algorithm doesn't expect the message at all. RFC 8879 4 */
static tlsc_err take_compressed13(tlsc_hs *hs, const tlsc_msg *msg, tlsc_bytes context)
{
    const tlsc_config *config = hs->config;
    tlsc_decompressed message;
    if (config->num_compressions == 0) {
        hs->got = msg->type;
        return TLSC_E_UNEXPECTED_MESSAGE;
    }
    TRY(tlsc_cert_decompress(config->compressions, config->num_compressions, msg->body,
                             hs->options->max_handshake_message, &message));
    hs->outcome->peer_compression = message.algorithm;
    tlsc_err rc = take_message13(hs, message.body, context);
    tlsc_mem_free(message.memory);
    return rc;
}

tlsc_err tlsc_peer_take_certificate13(tlsc_hs *hs, const tlsc_msg *msg, tlsc_bytes context)
{
    hs->outcome->peer_compression = 0;
    return msg->type == TLSC_HS_COMPRESSED_CERTIFICATE ? take_compressed13(hs, msg, context)
                                                       : take_message13(hs, msg->body, context);
}

/* select (certificate_type) { case RawPublicKey: opaque ASN.1_subjectPublicKeyInfo<1..2^24-1>;
 *                             case X.509: ASN.1Cert certificate_list<0..2^24-1>; }   RFC 7250 3
 * A client without a key sends nothing in either. */
tlsc_err tlsc_peer_take_certificate12(tlsc_hs *hs, const tlsc_msg *msg)
{
    pile p = { 0 };
    if (hs->outcome->peer_type == TLSC_CERT_RAW_PUBLIC_KEY) {
        tlsc_rd r = tlsc_rd_of(msg->body);
        tlsc_bytes key = tlsc_rd_vec24(&r, 0, MESSAGE_MAX);
        TRY(tlsc_rd_end(&r));
        if (key.n > 0) {
            TRY(add(&p, key));
        }
    } else {
        tlsc_bytes list;
        TRY(tlsc_certificate12_parse(&list, msg->body));
        TRY(add_list(&p, list));
    }
    return take(hs, &p);
}

tlsc_err tlsc_peer_take_status12(tlsc_hs *hs, const tlsc_msg *msg)
{
    tlsc_bytes ocsp;
    TRY(tlsc_certificate_status_parse(&ocsp, msg->body));
    uint8_t *copy = (uint8_t *)tlsc_mem_dup(ocsp);
    if (copy == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_mem_free(hs->peer.ocsp_memory);
    hs->peer.ocsp_memory = copy;
    hs->peer.ocsp = tlsc_bytes_of(copy, ocsp.n);
    return TLSC_OK;
}

/* ---- the signature ---- */

static bool is_listed(const tlsc_config *config, uint16_t scheme)
{
    for (size_t i = 0; i < config->num_schemes; i++) {
        if (config->schemes[i] == scheme) {
            return true;
        }
    }
    return false;
}

tlsc_err tlsc_peer_check_signature(tlsc_hs *hs, uint16_t scheme, tlsc_bytes content,
                                   tlsc_bytes signature)
{
    tlsc_spki key;
    TRY(tlsc_spki_parse(&key, hs->peer.spki));
    if (!is_listed(hs->config, scheme) ||
        !tlsc_spki_kind_fits(key.kind, scheme, hs->outcome->version) ||
        tlsc_auth_refuses_curve(tlsc_config_curves(hs->config), key.kind)) {
        return TLSC_E_WRONG_SIGNATURE_SCHEME;
    }
    TRY(tlsc_provider_verify(hs->provider, scheme, hs->peer.spki, content, signature));
    hs->outcome->peer_scheme = scheme;
    hs->proven |= TLSC_PROVEN_PEER_SIGNED;
    return TLSC_OK;
}

tlsc_err tlsc_peer_check_verify13(tlsc_hs *hs, const tlsc_msg *msg)
{
    tlsc_certificate_verify cv;
    uint8_t transcript[TLSC_HASH_MAX];
    uint8_t content[TLSC_CV_CONTENT_MAX];
    TRY(tlsc_certificate_verify_parse(&cv, msg->body));
    tlsc_transcript_hash_before(&hs->transcript, nothing, transcript);
    size_t n = tlsc_certificate_verify_content(
        content, hs->is_client, tlsc_bytes_of(transcript, hs->transcript.hash->len));
    return tlsc_peer_check_signature(hs, cv.scheme, tlsc_bytes_of(content, n), cv.signature);
}

/* ---- the verdict ---- */

static tlsc_verify_request request_of(const tlsc_hs *hs, bool resumed)
{
    const tlsc_config *config = hs->config;
    const tlsc_peer *peer = &hs->peer;
    const tlsc_conn_options *options = hs->options;
    bool own_list = config->num_certificate_schemes > 0;
    tlsc_verify_request request = {
        .size = sizeof(request),
        .certificates = peer->certificates,
        .num_certificates = peer->num_certificates,
        .raw_key = peer->num_certificates == 0 ? peer->spki : nothing,
        .purpose = hs->is_client ? TLSC_PURPOSE_SERVER : TLSC_PURPOSE_CLIENT,
        .ocsp = peer->ocsp,
        .scts = peer->scts,
        .now_ms = options->now_ms == NULL ? 0 : options->now_ms(options->now_ctx),
        .schemes = own_list ? config->certificate_schemes : config->schemes,
        .num_schemes = own_list ? config->num_certificate_schemes : config->num_schemes,
        .resumed = resumed,
        .kept_error = resumed ? hs->outcome->verify_error : TLSC_OK,
    };
    if (hs->client != NULL) {
        request.name = tlsc_bytes_of(hs->client->name, hs->client->name_n);
    }
    return request;
}

static tlsc_err judge(const tlsc_config *config, const tlsc_peer *peer, tlsc_verdict *out)
{
    if (config->num_pins > 0) {
        out->kind = tlsc_pin_matches(config->pins, config->num_pins, peer->spki)
                        ? TLSC_VERDICT_ACCEPT
                        : TLSC_VERDICT_REJECT;
        return TLSC_OK;
    }
    if (!config->has_verifier) {
        return TLSC_E_NO_VERIFIER;
    }
    if (config->verifier.verify == NULL) {
        out->kind = TLSC_VERDICT_LATER;
        return TLSC_OK;
    }
    return config->verifier.verify(config->verifier.ctx, &peer->request, out);
}

/* Every rejection is told to the peer, whatever the verifier said. */
static tlsc_err reject(tlsc_hs *hs, const tlsc_verdict *v)
{
    tlsc_err e = v->error == TLSC_OK ? TLSC_E_CERTIFICATE_REJECTED : v->error;
    show_refused(hs, hs->outcome->verify_index);
    if (v->alert != TLSC_ALERT_close_notify && v->alert != TLSC_ALERT_NONE) {
        hs->alert = v->alert;
    } else if (tlsc_err_alert(e) == TLSC_ALERT_NONE) {
        hs->alert = TLSC_ALERT_bad_certificate;
    }
    return e;
}

static tlsc_err conclude(tlsc_hs *hs)
{
    tlsc_outcome *o = hs->outcome;
    tlsc_verdict *v = &hs->peer.verdict;
    bool index_fits = v->index >= 0 && (size_t)v->index < hs->peer.num_certificates;
    o->verify_index = index_fits ? v->index : -1;
    if (v->kind != TLSC_VERDICT_ACCEPT && v->kind != TLSC_VERDICT_ACCEPT_WITH_ERROR) {
        return reject(hs, v);
    }
    o->verify_error = v->kind == TLSC_VERDICT_ACCEPT ? TLSC_OK : v->error;
    tlsc_chain_free(o->verified_chain);
    o->verified_chain = v->chain;
    v->chain = NULL;
    hs->proven |= TLSC_PROVEN_VERIFIED;
    return TLSC_OK;
}

tlsc_err tlsc_peer_ask(tlsc_hs *hs, bool resumed, bool *ready)
{
    tlsc_peer *peer = &hs->peer;
    *ready = true;
    if (!peer->answered) {
        peer->request = request_of(hs, resumed);
        peer->verdict = (tlsc_verdict){ .size = sizeof(peer->verdict), .index = -1 };
        TRY(judge(hs->config, peer, &peer->verdict));
        if (peer->verdict.kind == TLSC_VERDICT_LATER) {
            tlsc_chain_free(peer->verdict.chain);
            peer->verdict.chain = NULL;
            hs->wait = TLSC_WAIT_VERIFY;
            *ready = false;
            return TLSC_OK;
        }
        peer->answered = true;
    }
    return conclude(hs);
}

bool tlsc_peer_keeps_chain(const tlsc_config *config)
{
    return config->keep_peer_chain || config->verify_on_resumption;
}

tlsc_err tlsc_peer_verify(tlsc_hs *hs, bool *ready)
{
    *ready = false;
    if ((hs->proven & TLSC_PROVEN_PEER_SIGNED) == 0) {
        return TLSC_E_INTERNAL;
    }
    TRY(tlsc_peer_ask(hs, false, ready));
    if (!*ready) {
        return TLSC_OK;
    }
    if (tlsc_peer_keeps_chain(hs->config)) {
        TRY(keep_chain(hs));
    }
    hs->outcome->peer_authenticated = true;
    tlsc_peer_clear(&hs->peer);
    return TLSC_OK;
}

bool tlsc_peer_accepts_type(const tlsc_config *config, uint8_t type)
{
    bool accepted = config->num_peer_types == 0 && type == TLSC_CERT_X509;
    for (size_t i = 0; i < config->num_peer_types; i++) {
        accepted = accepted || config->peer_types[i] == type;
    }
    return accepted;
}

void tlsc_peer_forget(tlsc_outcome *o)
{
    tlsc_chain_free(o->verified_chain);
    o->verified_chain = NULL;
    tlsc_outcome_drop(&o->peer_chain);
    o->peer_authenticated = false;
    o->peer_scheme = 0;
    o->verify_error = TLSC_OK;
    o->verify_index = -1;
}
