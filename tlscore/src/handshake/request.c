/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/request.c: a server asks its client for a certificate. */
#include "handshake/request.h"

#include "base/bytes.h"
#include "base/try.h"
#include "handshake/peer.h"

enum { SCHEMES_MAX = 65534 };

bool tlsc_request_due(const tlsc_hs *hs)
{
    return hs->config->client_auth != TLSC_CLIENT_AUTH_NONE && !hs->resumes;
}

/* ---- the kind of certificate, RFC 7250 ---- */

/* A client that says nothing has X.509. */
static bool offers(const tlsc_client_hello *ch, uint8_t type)
{
    if (!tlsc_exts_has(&ch->exts, TLSC_EXT_client_certificate_type)) {
        return type == TLSC_CERT_X509;
    }
    tlsc_rd r = tlsc_rd_of(ch->client_types);
    while (tlsc_rd_more(&r)) {
        if (tlsc_rd_u8(&r) == type) {
            return true;
        }
    }
    return false;
}

tlsc_err tlsc_request_choose_type(tlsc_hs *hs)
{
    static const uint8_t x509 = TLSC_CERT_X509;
    const tlsc_config *config = hs->config;
    const uint8_t *types = config->num_peer_types > 0 ? config->peer_types : &x509;
    size_t num = config->num_peer_types > 0 ? config->num_peer_types : 1;
    if (!tlsc_request_due(hs)) {
        return TLSC_OK;
    }
    for (size_t i = 0; i < num; i++) {
        if (offers(&hs->hello.msg, types[i])) {
            hs->outcome->peer_type = types[i];
            return TLSC_OK;
        }
    }
    return TLSC_E_NO_SHARED_CERTIFICATE_TYPE;
}

bool tlsc_request_tells_type(const tlsc_hs *hs)
{
    return tlsc_request_due(hs) &&
           tlsc_exts_has(&hs->hello.msg.exts, TLSC_EXT_client_certificate_type);
}

/* ---- CertificateRequest ---- */

static tlsc_err list_schemes(tlsc_buf *out, const uint16_t *schemes, size_t num)
{
    tlsc_wr w = tlsc_wr_of(out);
    for (size_t i = 0; i < num; i++) {
        tlsc_wr_u16(&w, schemes[i]);
    }
    return tlsc_wr_end(&w);
}

tlsc_err tlsc_request_send13(tlsc_hs *hs, tlsc_bytes context)
{
    const tlsc_config *config = hs->config;
    tlsc_buf schemes = tlsc_buf_of(SCHEMES_MAX);
    tlsc_buf schemes_cert = tlsc_buf_of(SCHEMES_MAX);
    tlsc_err rc = list_schemes(&schemes, config->schemes, config->num_schemes);
    if (rc == TLSC_OK) {
        rc = list_schemes(&schemes_cert, config->certificate_schemes,
                          config->num_certificate_schemes);
    }
    if (rc == TLSC_OK) {
        tlsc_certificate_request cr = {
            .context = context,
            .schemes = tlsc_buf_bytes(&schemes),
            .schemes_cert = tlsc_buf_bytes(&schemes_cert),
            .ca_names = config->ca_names,
            .compressions = config->compression_ids,
            .ocsp = config->request_ocsp,
            .scts = config->request_scts,
        };
        tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_CERTIFICATE_REQUEST);
        tlsc_certificate_request13_emit(&out.w, &cr);
        rc = tlsc_hs_end(hs, &out);
    }
    tlsc_buf_clear(&schemes);
    tlsc_buf_clear(&schemes_cert);
    return rc;
}

tlsc_err tlsc_request_send12(tlsc_hs *hs)
{
    static const uint8_t types[] = { TLSC_CLIENT_TYPE_RSA_SIGN, TLSC_CLIENT_TYPE_ECDSA_SIGN };
    tlsc_buf schemes = tlsc_buf_of(SCHEMES_MAX);
    tlsc_err rc = list_schemes(&schemes, hs->config->schemes, hs->config->num_schemes);
    if (rc == TLSC_OK) {
        tlsc_certificate_request cr = {
            .types = tlsc_bytes_of(types, sizeof(types)),
            .schemes = tlsc_buf_bytes(&schemes),
            .ca_names = hs->config->ca_names,
        };
        tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_CERTIFICATE_REQUEST);
        tlsc_certificate_request12_emit(&out.w, &cr);
        rc = tlsc_hs_end(hs, &out);
    }
    tlsc_buf_clear(&schemes);
    return rc;
}

/* ---- the answer ---- */

static tlsc_err look(tlsc_hs *hs, bool *came)
{
    *came = hs->peer.memory != NULL;
    hs->peer_came = *came;
    if (*came || hs->config->client_auth != TLSC_CLIENT_AUTH_REQUIRED) {
        return TLSC_OK;
    }
    /* TLS 1.2 hasn't got the alert certificate_required, RFC 5246 7.4.6 */
    return hs->outcome->version == TLSC_TLS12 ? TLSC_E_CERTIFICATE_REQUIRED12
                                              : TLSC_E_CERTIFICATE_REQUIRED;
}

tlsc_err tlsc_request_take13(tlsc_hs *hs, const tlsc_msg *msg, bool *came)
{
    TRY(tlsc_peer_take_certificate13(hs, msg, (tlsc_bytes){ NULL, 0 }));
    return look(hs, came);
}

tlsc_err tlsc_request_take12(tlsc_hs *hs, const tlsc_msg *msg, bool *came)
{
    TRY(tlsc_peer_take_certificate12(hs, msg));
    return look(hs, came);
}

uint32_t tlsc_request_proof(const tlsc_hs *hs)
{
    const tlsc_config *config = hs->config;
    if (!hs->resumes) {
        bool needed = hs->peer_came || config->client_auth == TLSC_CLIENT_AUTH_REQUIRED;
        return needed ? TLSC_PROVEN_PEER : 0;
    }
    if (!hs->outcome->peer_authenticated) { /* nothing that a resumed handshake could still prove */
        return config->client_auth == TLSC_CLIENT_AUTH_REQUIRED ? TLSC_PROVEN_PEER : 0;
    }
    return config->verify_on_resumption ? TLSC_PROVEN_VERIFIED : 0;
}
