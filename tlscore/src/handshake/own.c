/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/own.c: our certificate, whichever role: chosen, sent, signed for. */
#include "handshake/own.h"

#include <string.h>

#include "auth/cert_compress.h"
#include "auth/choose.h"
#include "auth/credential.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/negotiate.h"
#include "wire/certificate_verify.h"
#include "wire/key_exchange12.h"

static const tlsc_bytes nothing = { NULL, 0 };
static const uint8_t kinds[] = { TLSC_CERT_X509, TLSC_CERT_RAW_PUBLIC_KEY };

/* ---- what the peer would like ---- */

void tlsc_wish_clear(tlsc_wish *wish)
{
    tlsc_mem_free(wish->memory);
    tlsc_mem_free(wish->allowed);
    *wish = (tlsc_wish){ 0 };
}

/* One kind as a list. */
static tlsc_bytes type_list(uint8_t type)
{
    return tlsc_bytes_of(type == TLSC_CERT_RAW_PUBLIC_KEY ? &kinds[1] : &kinds[0], 1);
}

/* Of these schemes those that the policy lets us sign with, into fresh memory of the wish. What
 * certificates may be signed with stays what the peer said. */
static tlsc_err keep_to_policy(const tlsc_config *config, tlsc_wish *wish)
{
    const tlsc_policy *policy = config->policy;
    tlsc_bytes all = wish->what.schemes;
    if (policy == NULL) {
        return TLSC_OK;
    }
    uint8_t *at = (uint8_t *)tlsc_mem_alloc(2 * policy->num_schemes);
    if (at == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    wish->allowed = at;
    for (size_t i = 0; i < policy->num_schemes; i++) {
        if (tlsc_u16_list_has(all, policy->schemes[i])) {
            *at++ = (uint8_t)(policy->schemes[i] >> 8);
            *at++ = (uint8_t)policy->schemes[i];
        }
    }
    wish->what.schemes = tlsc_bytes_of(wish->allowed, (size_t)(at - wish->allowed));
    if (wish->what.schemes_cert.n == 0) {
        wish->what.schemes_cert = all;
    }
    return TLSC_OK;
}

tlsc_err tlsc_own_wish_of_hello(tlsc_hs *hs)
{
    const tlsc_client_hello *ch = &hs->hello.msg;
    tlsc_wish_clear(&hs->wish);
    hs->wish.what = (tlsc_credential_request){
        .size = sizeof(hs->wish.what),
        .version = hs->outcome->version,
        .server_name = tlsc_bytes_of(hs->hello.name, hs->hello.name_n),
        .schemes = ch->signature_algorithms,
        .schemes_cert = ch->signature_algorithms_cert,
        .groups = ch->groups,
        .ca_names = ch->ca_names,
        .types = tlsc_exts_has(&ch->exts, TLSC_EXT_server_certificate_type)
                     ? ch->server_types
                     : type_list(TLSC_CERT_X509),
    };
    hs->wish.ocsp = ch->ocsp;
    hs->wish.scts = ch->scts;
    hs->wish.compressions = ch->compressions;
    return keep_to_policy(hs->config, &hs->wish);
}

/* ClientCertificateType: which keys a TLS 1.2 server asks for. RFC 5246 7.4.4, RFC 8422 5.5 */
static bool names_kind(tlsc_bytes types, uint8_t type)
{
    tlsc_rd r = tlsc_rd_of(types);
    while (tlsc_rd_more(&r)) {
        if (tlsc_rd_u8(&r) == type) {
            return true;
        }
    }
    return false;
}

static bool is_rsa(uint16_t scheme)
{
    switch (scheme) {
    case TLSC_SIG_RSA_PKCS1_SHA256:
    case TLSC_SIG_RSA_PKCS1_SHA384:
    case TLSC_SIG_RSA_PKCS1_SHA512:
    case TLSC_SIG_RSA_PSS_SHA256:
    case TLSC_SIG_RSA_PSS_SHA384:
    case TLSC_SIG_RSA_PSS_SHA512: return true;
    default: return false;
    }
}

static uint8_t *put(uint8_t *at, tlsc_bytes from, tlsc_bytes *view)
{
    tlsc_bytes_copy(at, from);
    *view = tlsc_bytes_of(at, from.n);
    return at + from.n;
}

/* The schemes that may sign, as a list: in TLS 1.2 those of a kind of key that was asked for. */
static uint8_t *put_schemes(uint8_t *at, const tlsc_certificate_request *cr, uint16_t version,
                            tlsc_bytes *view)
{
    if (version >= TLSC_TLS13) {
        return put(at, cr->schemes, view);
    }
    uint8_t *start = at;
    bool rsa = names_kind(cr->types, TLSC_CLIENT_TYPE_RSA_SIGN);
    bool others = names_kind(cr->types, TLSC_CLIENT_TYPE_ECDSA_SIGN); /* Ed25519 too */
    tlsc_rd r = tlsc_rd_of(cr->schemes);
    while (tlsc_rd_more(&r)) {
        uint16_t scheme = tlsc_rd_u16(&r);
        if (is_rsa(scheme) ? rsa : others) {
            *at++ = (uint8_t)(scheme >> 8);
            *at++ = (uint8_t)scheme;
        }
    }
    *view = tlsc_bytes_of(start, (size_t)(at - start));
    return at;
}

tlsc_err tlsc_own_wish_of_request(tlsc_hs *hs, const tlsc_certificate_request *cr)
{
    tlsc_wish *wish = &hs->wish;
    uint16_t version = hs->outcome->version;
    tlsc_wish_clear(wish);
    /* all of it stood in one message, whose length is bounded */
    size_t n = cr->schemes.n + cr->schemes_cert.n + cr->ca_names.n + cr->context.n +
               cr->compressions.n + cr->types.n;
    uint8_t *at = (uint8_t *)tlsc_mem_alloc(n);
    if (at == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    wish->memory = at;
    wish->asked = true;
    wish->what.size = sizeof(wish->what);
    wish->what.version = version;
    at = put_schemes(at, cr, version, &wish->what.schemes);
    at = put(at, cr->schemes_cert, &wish->what.schemes_cert);
    at = put(at, cr->ca_names, &wish->what.ca_names);
    at = put(at, cr->compressions, &wish->compressions);
    at = put(at, cr->types, &wish->what.key_types);
    (void)put(at, cr->context, &wish->context);
    wish->what.types = type_list(hs->own_type);
    wish->ocsp = cr->ocsp;
    wish->scts = cr->scts;
    return keep_to_policy(hs->config, wish);
}

/* ---- the choice ---- */

tlsc_err tlsc_own_candidates_of(tlsc_hs *hs, tlsc_own_candidates *out, bool *ready)
{
    bool one = hs->credential_override != NULL || hs->credential_answered;
    *ready = one || !hs->config->external_credentials;
    if (!*ready) {
        hs->wait = TLSC_WAIT_CREDENTIAL;
    }
    *out = (tlsc_own_candidates){ hs->config->credentials, hs->config->num_credentials, false };
    if (one) {
        *out = (tlsc_own_candidates){ &hs->credential_override, hs->credential_override != NULL,
                                      hs->credential_answered };
    }
    /* the caller has none for this client */
    return *ready && out->answered && out->num == 0 && !hs->is_client ? TLSC_E_NO_SHARED_SIGNATURE
                                                                     : TLSC_OK;
}

void tlsc_own_take(tlsc_hs *hs, tlsc_credential *credential, uint16_t scheme)
{
    tlsc_credential *old = hs->outcome->credential;
    hs->outcome->credential = credential == NULL ? NULL : tlsc_credential_ref(credential);
    hs->outcome->scheme = scheme;
    hs->own_type = credential == NULL ? hs->own_type : credential->type;
    tlsc_credential_free(old);
}

/* A client has to send a certificate only where it, or its caller, has one. RFC 8446 4.4.2 */
static bool may_do_without(const tlsc_hs *hs, const tlsc_own_candidates *from)
{
    bool insists = from->answered || hs->config->require_own_certificate;
    return hs->is_client && (from->num == 0 || !insists);
}

tlsc_err tlsc_own_choose(tlsc_hs *hs, bool *ready)
{
    tlsc_own_candidates from;
    TRY(tlsc_own_candidates_of(hs, &from, ready));
    if (!*ready) {
        return TLSC_OK;
    }
    tlsc_auth_choice choice;
    uint8_t terms = (uint8_t)(TLSC_AUTH_ANY | tlsc_config_curves(hs->config));
    tlsc_err rc = tlsc_auth_choose(&hs->wish.what, terms, from.list, from.num, &choice);
    if (rc != TLSC_OK && may_do_without(hs, &from)) {
        tlsc_own_take(hs, NULL, 0);
        return TLSC_OK;
    }
    if (rc == TLSC_E_NO_SHARED_CERTIFICATE_TYPE && hs->is_client) {
        return TLSC_E_UNWANTED_CERTIFICATE_TYPE; /* the alert that is a server's to send, RFC 7250 4.2 */
    }
    TRY(rc);
    tlsc_own_take(hs, choice.credential, choice.scheme);
    return TLSC_OK;
}

size_t tlsc_own_types(const tlsc_config *config, uint8_t out[2])
{
    size_t num = config->num_own_types;
    if (num > 0) {
        memcpy(out, config->own_types, num);
        return num;
    }
    for (size_t i = 0; i < config->num_credentials && num < 2; i++) {
        uint8_t type = config->credentials[i]->type;
        if (num == 0 || out[0] != type) {
            out[num++] = type;
        }
    }
    if (num == 0) {
        out[num++] = TLSC_CERT_X509;
    }
    return num;
}

bool tlsc_own_tells_type(const tlsc_hs *hs, uint8_t *type)
{
    uint8_t types[2];
    size_t num = tlsc_own_types(hs->config, types);
    *type = hs->own_type;
    if (!hs->resumes) {
        return tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_server_certificate_type);
    }
    for (size_t i = 0; i < num; i++) {
        *type = types[i];
        if (names_kind(hs->hello.msg.server_types, types[i])) {
            return true;
        }
    }
    return false;
}

/* ---- messages ---- */

tlsc_certificate_extras tlsc_own_extras(const tlsc_hs *hs)
{
    const tlsc_credential *credential = hs->outcome->credential;
    return (tlsc_certificate_extras){
        .ocsp = credential != NULL && hs->wish.ocsp ? credential->ocsp : nothing,
        .scts = credential != NULL && hs->wish.scts ? credential->scts : nothing,
    };
}

/* Looks for the first algorithm of ours that the peer offers and that is worth it: `*body` is empty if there
 * is none. A message with a context differs each time, and a raw key has nothing to gain. RFC 8879 4 */
static tlsc_err find_compressed(tlsc_hs *hs, tlsc_bytes context,
                                const tlsc_certificate_extras *extras, tlsc_bytes *body)
{
    const tlsc_config *config = hs->config;
    tlsc_outcome *o = hs->outcome;
    *body = nothing;
    o->compression = 0;
    if (context.n > 0 || o->credential == NULL || o->credential->type != TLSC_CERT_X509) {
        return TLSC_OK;
    }
    for (size_t i = 0; i < config->num_compressions && body->n == 0; i++) {
        const tlsc_compression *by = config->compressions[i];
        if (tlsc_u16_list_has(hs->wish.compressions, by->id)) {
            TRY(tlsc_cert_compressed(o->credential, by, extras, body));
            o->compression = body->n > 0 ? by->id : 0;
        }
    }
    return TLSC_OK;
}

tlsc_err tlsc_own_send_certificate13(tlsc_hs *hs, tlsc_bytes context)
{
    const tlsc_credential *credential = hs->outcome->credential;
    tlsc_certificate_extras extras = tlsc_own_extras(hs);
    tlsc_bytes compressed;
    TRY(find_compressed(hs, context, &extras, &compressed));
    tlsc_hs_out out =
        tlsc_hs_begin(hs, compressed.n > 0 ? TLSC_HS_COMPRESSED_CERTIFICATE : TLSC_HS_CERTIFICATE);
    if (compressed.n > 0) {
        tlsc_wr_bytes(&out.w, compressed);
        return tlsc_hs_end(hs, &out);
    }
    tlsc_wr_vec8(&out.w, context);
    if (credential == NULL) {
        tlsc_wr_vec24(&out.w, nothing);
    } else {
        tlsc_credential_list_emit(&out.w, credential, &extras);
    }
    return tlsc_hs_end(hs, &out);
}

/* RFC 6066 8: a server's alone, right behind its Certificate. */
static tlsc_err send_status12(tlsc_hs *hs)
{
    tlsc_certificate_extras extras = tlsc_own_extras(hs);
    if (extras.ocsp.n == 0) {
        return TLSC_OK;
    }
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_CERTIFICATE_STATUS);
    tlsc_certificate_status_emit(&out.w, extras.ocsp);
    return tlsc_hs_end(hs, &out);
}

tlsc_err tlsc_own_send_certificate12(tlsc_hs *hs)
{
    const tlsc_credential *credential = hs->outcome->credential;
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_CERTIFICATE);
    if (credential == NULL) {
        tlsc_certificate12_emit(&out.w, NULL, 0);
    } else if (credential->type == TLSC_CERT_RAW_PUBLIC_KEY) {
        tlsc_wr_vec24(&out.w, credential->spki); /* ASN.1_subjectPublicKeyInfo<1..2^24-1>, RFC 7250 3 */
    } else {
        tlsc_certificate12_emit(&out.w, credential->chain, credential->num_chain);
    }
    TRY(tlsc_hs_end(hs, &out));
    return send_status12(hs);
}

tlsc_err tlsc_own_sign_content13(tlsc_hs *hs)
{
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, transcript);
    hs->sign_content_n = tlsc_certificate_verify_content(
        hs->sign_content, !hs->is_client, tlsc_bytes_of(transcript, hs->suite->hash->len));
    return TLSC_OK;
}

tlsc_err tlsc_own_send_verify(tlsc_hs *hs)
{
    tlsc_certificate_verify cv = { hs->outcome->scheme, tlsc_buf_bytes(&hs->signature) };
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_CERTIFICATE_VERIFY);
    tlsc_certificate_verify_emit(&out.w, &cv);
    return tlsc_hs_end(hs, &out);
}
