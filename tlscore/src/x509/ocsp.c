/* SPDX-License-Identifier: Apache-2.0 */
/* x509/ocsp.c: OCSPResponse, read in the order of its ASN.1. RFC 6960 4.2.1, appendix B.1 */
#include "x509/ocsp.h"

#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"

enum {
    DER_ENUMERATED = 0x0a,
    EXPLICIT = TLSC_DER_CONTEXT_CONSTRUCTED, /* [n] EXPLICIT: EXPLICIT | n */
    SUCCESSFUL = 0
};

static const uint8_t basic_oid[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01 };
static const uint8_t nonce_oid[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02 };
static const uint8_t scts_oid[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x05 };

static bool is_oid(tlsc_bytes oid, const uint8_t *known, size_t n)
{
    return tlsc_bytes_equal(oid, tlsc_bytes_of(known, n));
}
#define IS_OID(oid, known) is_oid((oid), (known), sizeof(known))

/* ---- parts ---- */

/* GeneralizedTime as RFC 5280 4.1.2.5.2 has it: RFC 6960 4.2.2.1. */
static int64_t generalized_time(tlsc_der *d)
{
    tlsc_der_check(d, tlsc_der_next_is(d, TLSC_DER_GENERALIZED_TIME));
    return tlsc_der_time(d);
}

/* Extensions behind their tag, if they are there. Those of others that are critical are refused; a nonce
 * answers nobody here, and says nothing wrong. */
static void extensions(tlsc_der *d, uint8_t tag, tlsc_bytes *scts)
{
    if (!tlsc_der_next_is(d, tag)) {
        return;
    }
    tlsc_der tagged = tlsc_der_enter(d, tag);
    tlsc_bytes list = tlsc_der_get(&tagged, TLSC_DER_SEQUENCE);
    tlsc_der_leave(d, &tagged);
    tlsc_der_check(d, tlsc_extensions_well_formed(list));
    tlsc_der walk = tlsc_der_of(list);
    tlsc_extension e;
    while (tlsc_extension_next(&walk, &e)) {
        if (scts != NULL && IS_OID(e.oid, scts_oid)) {
            *scts = e.value;
        } else {
            tlsc_der_check(d, !e.critical || IS_OID(e.oid, nonce_oid));
        }
    }
}

/* AlgorithmIdentifier of a hash: parameters NULL or absent. RFC 4055 2.1 */
static tlsc_digest_kind digest_kind(tlsc_der *d)
{
    static const uint8_t sha1[] = { 0x2b, 0x0e, 0x03, 0x02, 0x1a };
    static const uint8_t sha256[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 };
    static const uint8_t sha384[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 };
    tlsc_der inside = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    tlsc_bytes oid = tlsc_der_oid(&inside);
    if (tlsc_der_more(&inside)) {
        tlsc_der_null(&inside);
    }
    tlsc_der_leave(d, &inside);
    return IS_OID(oid, sha1)     ? TLSC_DIGEST_SHA1
           : IS_OID(oid, sha256) ? TLSC_DIGEST_SHA256
           : IS_OID(oid, sha384) ? TLSC_DIGEST_SHA384
                                 : TLSC_DIGEST_NONE;
}

/* CertID ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING,
 *                       issuerKeyHash OCTET STRING, serialNumber INTEGER } */
static void cert_id(tlsc_der *d, tlsc_ocsp_single *out)
{
    tlsc_der id = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    out->digest = digest_kind(&id);
    out->issuer_name = tlsc_der_get(&id, TLSC_DER_OCTET_STRING);
    out->issuer_key = tlsc_der_get(&id, TLSC_DER_OCTET_STRING);
    out->serial = tlsc_der_integer(&id);
    tlsc_der_leave(d, &id);
}

/* CRLReason ::= ENUMERATED { unspecified(0), ... aACompromise(10) }, without 7. RFC 5280 5.3.1 */
static tlsc_revocation_reason reason(tlsc_der *d)
{
    tlsc_bytes v = tlsc_der_get(d, DER_ENUMERATED);
    tlsc_der_check(d, v.n == 1 && v.p[0] <= TLSC_REVOKED_AA_COMPROMISE && v.p[0] != 7);
    return d->r.bad ? TLSC_REVOKED_UNSPECIFIED : (tlsc_revocation_reason)v.p[0];
}

/* RevokedInfo ::= SEQUENCE { revocationTime GeneralizedTime,
 *                            revocationReason [0] EXPLICIT CRLReason OPTIONAL } */
static void revoked_info(tlsc_der *d, uint8_t tag, tlsc_ocsp_single *out)
{
    tlsc_der info = tlsc_der_enter(d, tag);
    out->revoked_s = generalized_time(&info);
    if (tlsc_der_more(&info)) {
        tlsc_der tagged = tlsc_der_enter(&info, EXPLICIT | 0);
        out->reason = reason(&tagged);
        tlsc_der_leave(&info, &tagged);
    }
    tlsc_der_leave(d, &info);
}

/* CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo,
 *                         unknown [2] IMPLICIT NULL } */
static void cert_status(tlsc_der *d, tlsc_ocsp_single *out)
{
    enum { GOOD = TLSC_DER_CONTEXT | 0, REVOKED = EXPLICIT | 1, UNKNOWN = TLSC_DER_CONTEXT | 2 };
    if (tlsc_der_next_is(d, REVOKED)) {
        out->status = TLSC_OCSP_REVOKED;
        revoked_info(d, REVOKED, out);
        return;
    }
    bool good = tlsc_der_next_is(d, GOOD);
    out->status = good ? TLSC_OCSP_GOOD : TLSC_OCSP_UNKNOWN;
    tlsc_der_check(d, tlsc_der_get(d, good ? GOOD : UNKNOWN).n == 0);
}

/* SingleResponse ::= SEQUENCE {
 *     certID            CertID,
 *     certStatus        CertStatus,
 *     thisUpdate        GeneralizedTime,
 *     nextUpdate        [0] EXPLICIT GeneralizedTime OPTIONAL,
 *     singleExtensions  [1] EXPLICIT Extensions OPTIONAL } */
bool tlsc_ocsp_single_next(tlsc_der *walk, tlsc_ocsp_single *out)
{
    *out = (tlsc_ocsp_single){ 0 };
    if (!tlsc_der_more(walk)) {
        return false;
    }
    tlsc_der s = tlsc_der_enter(walk, TLSC_DER_SEQUENCE);
    cert_id(&s, out);
    cert_status(&s, out);
    out->this_update_s = generalized_time(&s);
    if (tlsc_der_next_is(&s, EXPLICIT | 0)) {
        tlsc_der tagged = tlsc_der_enter(&s, EXPLICIT | 0);
        out->next_update_s = generalized_time(&tagged);
        out->has_next_update = true;
        tlsc_der_leave(&s, &tagged);
    }
    extensions(&s, EXPLICIT | 1, &out->scts);
    tlsc_der_leave(walk, &s);
    if (walk->r.bad) {
        *out = (tlsc_ocsp_single){ 0 };
        return false;
    }
    return true;
}

/* ---- the whole ---- */

/* ResponderID ::= CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT OCTET STRING } */
static void responder_id(tlsc_der *d, tlsc_ocsp_response *out)
{
    bool by_name = tlsc_der_next_is(d, EXPLICIT | 1);
    tlsc_der tagged = tlsc_der_enter(d, by_name ? EXPLICIT | 1 : EXPLICIT | 2);
    if (by_name) {
        out->responder_name = tlsc_der_raw(&tagged, TLSC_DER_SEQUENCE);
        tlsc_der_check(&tagged, tlsc_dn_is_well_formed(out->responder_name));
    } else {
        out->responder_key = tlsc_der_get(&tagged, TLSC_DER_OCTET_STRING);
        tlsc_der_check(&tagged, out->responder_key.n == 20);
    }
    tlsc_der_leave(d, &tagged);
}

/* version [0] EXPLICIT INTEGER { v1(0) } DEFAULT v1
 * A DEFAULT is not encoded (X.690 11.5). That it may be here is tolerated: responders in use have
 * spelled it out. No other version is. */
static void version(tlsc_der *data)
{
    if (tlsc_der_next_is(data, EXPLICIT | 0)) {
        tlsc_der tagged = tlsc_der_enter(data, EXPLICIT | 0);
        tlsc_der_check(&tagged, tlsc_der_unsigned(&tagged).n == 0);
        tlsc_der_leave(data, &tagged);
    }
}

/* ResponseData ::= SEQUENCE {
 *     version            [0] EXPLICIT Version DEFAULT v1,
 *     responderID        ResponderID,
 *     producedAt         GeneralizedTime,
 *     responses          SEQUENCE OF SingleResponse,
 *     responseExtensions [1] EXPLICIT Extensions OPTIONAL } */
static void response_data(tlsc_der *d, tlsc_ocsp_response *out)
{
    tlsc_ocsp_single single;
    tlsc_der data = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    version(&data);
    responder_id(&data, out);
    out->produced_s = generalized_time(&data);
    out->singles = tlsc_der_get(&data, TLSC_DER_SEQUENCE);
    extensions(&data, EXPLICIT | 1, NULL);
    tlsc_der_leave(d, &data);

    tlsc_der walk = tlsc_der_of(out->singles);
    while (tlsc_ocsp_single_next(&walk, &single)) {
    }
    tlsc_der_check(d, out->singles.n > 0 && tlsc_der_end(&walk) == TLSC_OK);
}

/* certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL: what they hold is read when it is needed. */
static void certificates(tlsc_der *d, tlsc_ocsp_response *out)
{
    if (tlsc_der_more(d)) {
        tlsc_der tagged = tlsc_der_enter(d, EXPLICIT | 0);
        out->certs = tlsc_der_get(&tagged, TLSC_DER_SEQUENCE);
        tlsc_der_leave(d, &tagged);
    }
    tlsc_der walk = tlsc_der_of(out->certs);
    while (tlsc_der_more(&walk)) {
        (void)tlsc_der_get(&walk, TLSC_DER_SEQUENCE);
    }
    tlsc_der_check(d, tlsc_der_end(&walk) == TLSC_OK);
}

/* BasicOCSPResponse ::= SEQUENCE {
 *     tbsResponseData    ResponseData,
 *     signatureAlgorithm AlgorithmIdentifier,
 *     signature          BIT STRING,
 *     certs              [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL } */
static void basic_response(tlsc_bytes der, tlsc_der *parent, tlsc_ocsp_response *out)
{
    tlsc_der d = tlsc_der_of(der);
    tlsc_der basic = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_der ahead = basic;
    out->tbs = tlsc_der_raw(&basic, TLSC_DER_SEQUENCE);
    response_data(&ahead, out);
    tlsc_der_check(&basic, !ahead.r.bad);
    out->signature_algorithm = tlsc_der_raw(&basic, TLSC_DER_SEQUENCE);
    out->signature = tlsc_der_bit_string_bytes(&basic);
    certificates(&basic, out);
    tlsc_der_leave(&d, &basic);
    tlsc_der_leave(parent, &d);
}

/* ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING } */
static void response_bytes(tlsc_der *d, tlsc_ocsp_response *out)
{
    tlsc_der bytes = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    tlsc_der_check(&bytes, IS_OID(tlsc_der_oid(&bytes), basic_oid));
    basic_response(tlsc_der_get(&bytes, TLSC_DER_OCTET_STRING), &bytes, out);
    tlsc_der_leave(d, &bytes);
}

/* OCSPResponseStatus ::= ENUMERATED { successful(0), malformedRequest(1), internalError(2), tryLater(3),
 *                                     sigRequired(5), unauthorized(6) } */
static uint8_t response_status(tlsc_der *d)
{
    tlsc_bytes v = tlsc_der_get(d, DER_ENUMERATED);
    tlsc_der_check(d, v.n == 1 && v.p[0] <= 6 && v.p[0] != 4);
    return d->r.bad ? SUCCESSFUL : v.p[0];
}

/* OCSPResponse ::= SEQUENCE { responseStatus OCSPResponseStatus,
 *                             responseBytes [0] EXPLICIT ResponseBytes OPTIONAL }
 * Who has no answer has no bytes. */
tlsc_err tlsc_ocsp_parse(tlsc_ocsp_response *out, tlsc_bytes der)
{
    *out = (tlsc_ocsp_response){ 0 };
    tlsc_der d = tlsc_der_of(der);
    tlsc_der response = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    bool successful = response_status(&response) == SUCCESSFUL;
    if (successful) {
        tlsc_der tagged = tlsc_der_enter(&response, EXPLICIT | 0);
        response_bytes(&tagged, out);
        tlsc_der_leave(&response, &tagged);
    }
    tlsc_der_leave(&d, &response);
    if (tlsc_der_end(&d) != TLSC_OK) {
        *out = (tlsc_ocsp_response){ 0 };
        return TLSC_E_BAD_OCSP;
    }
    return successful ? TLSC_OK : TLSC_E_OCSP_UNSUCCESSFUL;
}
