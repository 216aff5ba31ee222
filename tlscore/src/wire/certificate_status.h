/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_status.h: stapled proofs beside a certificate: OCSP responses and SCTs, in TLS 1.2's
 * CertificateStatus message and TLS 1.3's certificate entries. */
#ifndef TLSC_WIRE_CERTIFICATE_STATUS_H
#define TLSC_WIRE_CERTIFICATE_STATUS_H

#include "wire/certificate.h"

/* struct { CertificateStatusType status_type = ocsp(1); opaque OCSPResponse<1..2^24-1>; }
 * CertificateStatus: a message's body in TLS 1.2, an extension's contents in TLS 1.3.
 * errors: TLSC_E_DECODE. RFC 6066 8 */
tlsc_err tlsc_certificate_status_parse(tlsc_bytes *ocsp, tlsc_bytes body);
void tlsc_certificate_status_emit(tlsc_wr *w, tlsc_bytes ocsp);

/* SerializedSCT: opaque<1..2^16-1>; sct_list<1..2^16-1>. Checks such a list with its length in front,
 * which is how it is kept and handed on. errors: TLSC_E_DECODE. RFC 6962 3.3 */
tlsc_err tlsc_sct_list_check(tlsc_bytes list);

/* What stands beside a TLS 1.3 certificate. `present`: a bit per TLSC_EXT_... row; has_unknown: one that
 * tlscore doesn't know. errors: those of tlsc_exts_parse, TLSC_E_DECODE. RFC 8446 4.4.2.1 */
typedef struct tlsc_certificate_extras {
    uint32_t present;
    bool has_unknown;
    tlsc_bytes ocsp; /* the response alone */
    tlsc_bytes scts; /* the list with its length */
} tlsc_certificate_extras;
tlsc_err tlsc_certificate_extras_parse(tlsc_certificate_extras *out, tlsc_bytes extensions);
/* Writes the block without its length; nothing for what is empty. */
void tlsc_certificate_extras_emit(tlsc_wr *w, const tlsc_certificate_extras *extras);

#endif
