/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_verify.h: CertificateVerify, and what its signature covers. */
#ifndef TLSC_WIRE_CERTIFICATE_VERIFY_H
#define TLSC_WIRE_CERTIFICATE_VERIFY_H

#include "wire/reader.h"
#include "wire/writer.h"

/* struct { SignatureScheme algorithm; opaque signature<0..2^16-1>; } CertificateVerify; */
typedef struct tlsc_certificate_verify {
    uint16_t scheme;
    tlsc_bytes signature;
} tlsc_certificate_verify;

/* errors: TLSC_E_DECODE. RFC 8446 4.4.3 */
tlsc_err tlsc_certificate_verify_parse(tlsc_certificate_verify *out, tlsc_bytes body);
void tlsc_certificate_verify_emit(tlsc_wr *w, const tlsc_certificate_verify *cv);

enum { TLSC_CV_CONTENT_MAX = 64 + 33 + 1 + 64 };
/* The content that is signed: 64 spaces, the context string of `by_server`, a zero byte, the
 * transcript's hash. out: TLSC_CV_CONTENT_MAX bytes; returns how many were used.
 * in: a hash of at most 64 bytes. */
size_t tlsc_certificate_verify_content(uint8_t out[TLSC_CV_CONTENT_MAX], bool by_server,
                                       tlsc_bytes transcript_hash);

#endif
