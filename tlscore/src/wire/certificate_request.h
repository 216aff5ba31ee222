/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_request.h: CertificateRequest of both versions. */
#ifndef TLSC_WIRE_CERTIFICATE_REQUEST_H
#define TLSC_WIRE_CERTIFICATE_REQUEST_H

#include "wire/extensions.h"

/* Views borrow from the message when parsed, from the caller when written. */
typedef struct tlsc_certificate_request {
    tlsc_bytes context;      /* opaque certificate_request_context<0..2^8-1>; TLS 1.3 */
    tlsc_bytes types;        /* list of uint8 ClientCertificateType; TLS 1.2 */
    tlsc_bytes schemes;      /* list of uint16 */
    tlsc_bytes schemes_cert; /* list of uint16; empty: none; TLS 1.3 */
    tlsc_bytes ca_names;     /* list of opaque DistinguishedName<1..2^16-1>, may be empty */
    tlsc_bytes compressions; /* list of uint16; empty: none; TLS 1.3, RFC 8879 3 */
    bool ocsp;               /* status_request; TLS 1.3 */
    bool scts;               /* TLS 1.3 */
} tlsc_certificate_request;

/* ClientCertificateType, RFC 5246 7.4.4, RFC 8422 5.5 */
enum {
    TLSC_CLIENT_TYPE_RSA_SIGN = 1,
    TLSC_CLIENT_TYPE_ECDSA_SIGN = 64
};

/* TLS 1.3's; what is unknown, and what tlscore doesn't do (filters by OID), is passed over.
 * errors: TLSC_E_DECODE, TLSC_E_DUPLICATE_EXTENSION, TLSC_E_MISPLACED_EXTENSION,
 * TLSC_E_MISSING_SIGNATURE_ALGORITHMS, TLSC_E_DUPLICATE_COMPRESSION. RFC 8446 4.3.2 */
tlsc_err tlsc_certificate_request13_parse(tlsc_certificate_request *out, tlsc_bytes body);
void tlsc_certificate_request13_emit(tlsc_wr *w, const tlsc_certificate_request *cr);
/* TLS 1.2's. errors: TLSC_E_DECODE. RFC 5246 7.4.4 */
tlsc_err tlsc_certificate_request12_parse(tlsc_certificate_request *out, tlsc_bytes body);
void tlsc_certificate_request12_emit(tlsc_wr *w, const tlsc_certificate_request *cr);

/* The contents of certificate_authorities: checks a list of names with its length in front, 3 bytes at
 * least. out: the list without its length. errors: TLSC_E_DECODE. RFC 8446 4.2.4 */
tlsc_err tlsc_ca_names_parse(tlsc_bytes *list, tlsc_bytes content);
/* DistinguishedName: opaque<1..2^16-1>, the next of a checked list; false at its end. */
bool tlsc_ca_name_next(tlsc_rd *list, tlsc_bytes *name);

#endif
