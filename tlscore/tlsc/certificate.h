/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/certificate.h: what a certificate says, in a report. */
#ifndef TLSC_CERTIFICATE_H
#define TLSC_CERTIFICATE_H

#include "report.h"
#include "tlscore.h"

/* Its subject by RFC 4514, cut where it is very long; "" where it can't be read. */
void subject_text(tlsc_bytes der, char *out, size_t cap);
/* All about it, in braces without a key. in: DER; `raw`: a SubjectPublicKeyInfo in its place. */
void report_certificate(report *r, tlsc_bytes der, bool raw);

/* What an OCSP response says of a certificate, as "ocsp". in: all DER. */
void report_ocsp(report *r, tlsc_bytes response, tlsc_bytes certificate, tlsc_bytes issuer,
                 int64_t now_ms);

#endif
