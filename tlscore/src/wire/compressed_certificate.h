/* SPDX-License-Identifier: Apache-2.0 */
/* wire/compressed_certificate.h: the CompressedCertificate message and the extension that asks for it. */
#ifndef TLSC_WIRE_COMPRESSED_CERTIFICATE_H
#define TLSC_WIRE_COMPRESSED_CERTIFICATE_H

#include "wire/extensions.h"

enum {
    TLSC_COMPRESSED_HEADER = 2 + 3 + 3 /* bytes of a body before what is compressed */
};

/* Borrowed views. */
typedef struct tlsc_compressed_certificate {
    uint16_t algorithm;
    uint32_t uncompressed_len; /* bytes of the Certificate message's body */
    tlsc_bytes message;        /* it, compressed: 1 byte at least */
} tlsc_compressed_certificate;

/* errors: TLSC_E_DECODE. RFC 8879 4 */
tlsc_err tlsc_compressed_certificate_parse(tlsc_compressed_certificate *out, tlsc_bytes body);
void tlsc_compressed_certificate_emit(tlsc_wr *w, const tlsc_compressed_certificate *msg);

/* compress_certificate, of a ClientHello or a CertificateRequest. out: list of uint16, none twice.
 * errors: TLSC_E_DECODE, TLSC_E_DUPLICATE_COMPRESSION. RFC 8879 3 */
tlsc_err tlsc_compress_certificate_parse(tlsc_bytes *list, tlsc_bytes content);
/* Writes it; nothing for an empty list. */
void tlsc_compress_certificate_emit(tlsc_wr *w, tlsc_bytes list);

#endif
