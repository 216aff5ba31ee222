/* SPDX-License-Identifier: Apache-2.0 */
/* x509/ocsp_request.c: what a responder is asked, and where it is. RFC 6960 4.1, RFC 5280 4.2.2.1 */
#include "base/bytes.h"
#include "base/try.h"
#include "x509/der_out.h"
#include "x509/ocsp.h"

static const uint8_t access_oid[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01 };
static const uint8_t ocsp_oid[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01 };

/* AlgorithmIdentifiers, each with NULL. */
static const uint8_t sha1[] = { 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00 };
static const uint8_t sha256[] = { 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                  0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00 };

/* CertID by one digest. False where the provider hasn't it. */
static bool put_cert_id(tlsc_der_out *o, const tlsc_ocsp_subject *s, tlsc_digest_kind kind,
                        tlsc_bytes algorithm)
{
    uint8_t name[TLSC_DIGEST_MAX];
    uint8_t key[TLSC_DIGEST_MAX];
    size_t n;
    if (!tlsc_digest(s->provider, kind, s->certificate->c.issuer, name, &n) ||
        !tlsc_digest(s->provider, kind, tlsc_spki_bits(s->issuer->c.spki), key, &n)) {
        return false;
    }
    tlsc_der_put_element(o, TLSC_DER_INTEGER, s->certificate->c.serial);
    tlsc_der_put_element(o, TLSC_DER_OCTET_STRING, tlsc_bytes_of(key, n));
    tlsc_der_put_element(o, TLSC_DER_OCTET_STRING, tlsc_bytes_of(name, n));
    tlsc_der_put(o, algorithm);
    tlsc_der_wrap(o, TLSC_DER_SEQUENCE, 0);
    return true;
}

/* OCSPRequest ::= SEQUENCE { tbsRequest TBSRequest }
 * TBSRequest ::= SEQUENCE { requestList SEQUENCE OF Request }
 * Request ::= SEQUENCE { reqCert CertID }
 * SHA-1 is what every responder knows: RFC 5019 2.1.1. */
tlsc_bytes tlsc_ocsp_write_request(const tlsc_ocsp_subject *subject, uint8_t *room, size_t cap)
{
    tlsc_der_out o = tlsc_der_out_of(room, cap);
    if (!put_cert_id(&o, subject, TLSC_DIGEST_SHA1, tlsc_bytes_of(sha1, sizeof(sha1))) &&
        !put_cert_id(&o, subject, TLSC_DIGEST_SHA256, tlsc_bytes_of(sha256, sizeof(sha256)))) {
        return (tlsc_bytes){ NULL, 0 };
    }
    for (int i = 0; i < 4; i++) { /* Request, requestList, TBSRequest, OCSPRequest */
        tlsc_der_wrap(&o, TLSC_DER_SEQUENCE, 0);
    }
    return tlsc_der_out_bytes(&o);
}

tlsc_err tlsc_ocsp_request(const tlsc_provider *provider, tlsc_bytes certificate, tlsc_bytes issuer,
                           uint8_t *out, size_t cap, size_t *len)
{
    tlsc_node leaf;
    tlsc_node ca;
    *len = 0;
    TRY(tlsc_node_read(&leaf, certificate, 0));
    TRY(tlsc_node_read(&ca, issuer, 1));
    tlsc_ocsp_subject subject = { provider, &leaf, &ca };
    tlsc_bytes request = tlsc_ocsp_write_request(&subject, out, cap);
    if (request.n == 0) {
        return TLSC_E_TOO_SMALL;
    }
    memmove(out, request.p, request.n);
    *len = request.n;
    return TLSC_OK;
}

/* AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF
 *     SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName } */
tlsc_bytes tlsc_ocsp_url(const tlsc_certificate *c)
{
    tlsc_extension e;
    tlsc_bytes url = { NULL, 0 };
    if (!tlsc_certificate_extension(c, tlsc_bytes_of(access_oid, sizeof(access_oid)), &e)) {
        return url;
    }
    tlsc_der d = tlsc_der_of(e.value);
    tlsc_der walk = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    while (tlsc_der_more(&walk)) {
        tlsc_x509_general_name name = { 0 };
        tlsc_der access = tlsc_der_enter(&walk, TLSC_DER_SEQUENCE);
        tlsc_bytes method = tlsc_der_oid(&access);
        tlsc_der_check(&access, tlsc_general_name_next(&access, &name));
        tlsc_der_leave(&walk, &access);
        bool is_ocsp = tlsc_bytes_equal(method, tlsc_bytes_of(ocsp_oid, sizeof(ocsp_oid)));
        if (is_ocsp && name.kind == TLSC_X509_URI && url.n == 0) {
            url = name.value;
        }
    }
    tlsc_der_leave(&d, &walk);
    return tlsc_der_end(&d) == TLSC_OK ? url : (tlsc_bytes){ NULL, 0 };
}
