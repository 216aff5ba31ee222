/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/own.c: our certificate, whichever role: chosen, sent, signed for. */
#include "handshake/own.h"

#include "auth/choose.h"
#include "auth/credential.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "wire/certificate.h"
#include "wire/certificate_verify.h"
#include "wire/key_exchange12.h"

static const tlsc_bytes nothing = { NULL, 0 };
static const uint8_t kinds[] = { TLSC_CERT_X509, TLSC_CERT_RAW_PUBLIC_KEY };

/* ---- what the peer would like ---- */

void tlsc_wish_clear(tlsc_wish *wish)
{
    tlsc_mem_free(wish->memory);
    *wish = (tlsc_wish){ 0 };
}

/* One kind as a list. */
static tlsc_bytes type_list(uint8_t type)
{
    return tlsc_bytes_of(type == TLSC_CERT_RAW_PUBLIC_KEY ? &kinds[1] : &kinds[0], 1);
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
        .types = type_list(TLSC_CERT_X509),
    };
    return TLSC_OK;
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
    size_t n = cr->schemes.n + cr->schemes_cert.n + cr->ca_names.n + cr->context.n;
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
    (void)put(at, cr->context, &wish->context);
    wish->what.types = type_list(hs->own_type);
    wish->ocsp = cr->ocsp;
    wish->scts = cr->scts;
    return TLSC_OK;
}

/* ---- the choice ---- */

void tlsc_own_candidates_of(tlsc_hs *hs, tlsc_own_candidates *out, bool *ready)
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
}

void tlsc_own_take(tlsc_hs *hs, tlsc_credential *credential, uint16_t scheme)
{
    tlsc_credential *old = hs->outcome->credential;
    hs->outcome->credential = credential == NULL ? NULL : tlsc_credential_ref(credential);
    hs->outcome->scheme = scheme;
    tlsc_credential_free(old);
}

tlsc_err tlsc_own_choose(tlsc_hs *hs, bool *ready)
{
    tlsc_own_candidates from;
    tlsc_own_candidates_of(hs, &from, ready);
    if (!*ready) {
        return TLSC_OK;
    }
    size_t i;
    uint16_t scheme;
    tlsc_err rc = tlsc_auth_choose(from.list, from.num, hs->wish.what.schemes,
                                   hs->wish.what.version, &i, &scheme);
    bool may_do_without = hs->is_client && (!from.answered || from.num == 0);
    if (rc != TLSC_OK && may_do_without) {
        tlsc_own_take(hs, NULL, 0);
        return TLSC_OK;
    }
    if (rc != TLSC_OK) {
        return TLSC_E_NO_SHARED_SIGNATURE;
    }
    tlsc_own_take(hs, from.list[i], scheme);
    return TLSC_OK;
}

/* ---- messages ---- */

tlsc_err tlsc_own_send_certificate13(tlsc_hs *hs, tlsc_bytes context)
{
    const tlsc_credential *credential = hs->outcome->credential;
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_CERTIFICATE);
    if (credential == NULL) {
        tlsc_certificate_msg none = { context, nothing };
        tlsc_certificate_msg_emit(&out.w, &none);
    } else if (context.n == 0) {
        tlsc_wr_bytes(&out.w, credential->certificate13);
    } else {
        /* the same behind another context */
        tlsc_wr_vec8(&out.w, context);
        tlsc_wr_bytes(&out.w, tlsc_bytes_of(credential->certificate13.p + 1,
                                            credential->certificate13.n - 1));
    }
    return tlsc_hs_end(hs, &out);
}

tlsc_err tlsc_own_send_certificate12(tlsc_hs *hs)
{
    const tlsc_credential *credential = hs->outcome->credential;
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_CERTIFICATE);
    if (credential == NULL) {
        tlsc_certificate12_emit(&out.w, NULL, 0);
    } else {
        tlsc_certificate12_emit(&out.w, credential->chain, credential->num_chain);
    }
    return tlsc_hs_end(hs, &out);
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
