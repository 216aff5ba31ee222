/* SPDX-License-Identifier: Apache-2.0 */
/* x509/ocsp.h: OCSP responses: what one says, as views of its DER, and whether it may say so. RFC 6960 4.2
 *
 * Strict: only id-pkix-ocsp-basic of version 1, dates as GeneralizedTime, no extension twice, none that is
 * critical and unknown here. Tolerated beyond DER: the version, where it is spelled out. CertIDs are known by
 * SHA-1, SHA-256 and SHA-384; providers have no SHA-512, and RFC 5019 2.1.1 has responders know SHA-1. */
#ifndef TLSC_X509_OCSP_H
#define TLSC_X509_OCSP_H

#include "tlscore/revocation.h"
#include "x509/digest.h"
#include "x509/node.h"
#include "x509/work.h"

/* BasicOCSPResponse. "Element" is a DER element with its header. All views borrow from the DER. */
typedef struct tlsc_ocsp_response {
    tlsc_bytes tbs;                 /* element: what is signed */
    tlsc_bytes signature_algorithm; /* element */
    tlsc_bytes signature;
    tlsc_bytes responder_name; /* element, a Name; or */
    tlsc_bytes responder_key;  /* SHA-1 of its key's bits */
    int64_t produced_s;
    tlsc_bytes singles; /* contents, for tlsc_ocsp_single_next; at least one */
    tlsc_bytes certs;   /* contents; empty: none */
} tlsc_ocsp_response;

/* SingleResponse */
typedef struct tlsc_ocsp_single {
    tlsc_digest_kind digest;
    tlsc_bytes issuer_name; /* its digest */
    tlsc_bytes issuer_key;  /* likewise, of its bits */
    tlsc_bytes serial;      /* the INTEGER's contents */
    tlsc_ocsp_status status;
    int64_t revoked_s;
    tlsc_revocation_reason reason;
    int64_t this_update_s;
    int64_t next_update_s;
    bool has_next_update;
    tlsc_bytes scts; /* the extension's value: an OCTET STRING; empty: none. RFC 6962 3.3 */
} tlsc_ocsp_single;

/* Reads a response, whole. errors: TLSC_E_BAD_OCSP; TLSC_E_OCSP_UNSUCCESSFUL where the responder has none;
 * then `*out` is zero. */
tlsc_err tlsc_ocsp_parse(tlsc_ocsp_response *out, tlsc_bytes der);
/* The next one, until false. in: a reader of `singles`, which tlsc_ocsp_parse has checked. */
bool tlsc_ocsp_single_next(tlsc_der *walk, tlsc_ocsp_single *out);

/* A certificate in question. */
typedef struct tlsc_ocsp_subject {
    const tlsc_provider *provider;
    const tlsc_node *certificate;
    const tlsc_node *issuer;
} tlsc_ocsp_subject;

/* Finds what a response says of a certificate: of several such the one that says "revoked", else the
 * latest. False: nothing. */
bool tlsc_ocsp_find(const tlsc_ocsp_response *response, const tlsc_ocsp_subject *subject,
                    tlsc_ocsp_single *out);

/* How a response is judged. */
typedef struct tlsc_ocsp_terms {
    int64_t now_s;
    unsigned skew_s;         /* 0: 300 */
    unsigned min_rsa_bits;   /* of a responder's key */
    const uint16_t *schemes; /* that it may sign with; none: all that are known */
    size_t num_schemes;
    tlsc_work *work; /* what it may cost */
} tlsc_ocsp_terms;

/* tlsc_ocsp_check, for who has read the certificates. errors: likewise, and TLSC_E_VERIFY_BUDGET. */
tlsc_err tlsc_ocsp_judge(const tlsc_ocsp_subject *subject, const tlsc_ocsp_terms *terms,
                         tlsc_bytes der, tlsc_ocsp *out);

/* The bytes that are enough for any request about a certificate whose serial number has at most 20. */
enum { TLSC_OCSP_REQUEST_MAX = 128 };
/* tlsc_ocsp_request, likewise. out: a view into `room`; empty where it is too small. */
tlsc_bytes tlsc_ocsp_write_request(const tlsc_ocsp_subject *subject, uint8_t *room, size_t cap);

/* The first URL of a responder in authorityInfoAccess; empty: none, or the extension is malformed.
 * RFC 5280 4.2.2.1 */
tlsc_bytes tlsc_ocsp_url(const tlsc_certificate *c);

#endif
