/* SPDX-License-Identifier: Apache-2.0 */
/* auth/cert_compress.h: Certificate messages compressed and decompressed, RFC 8879. */
#ifndef TLSC_AUTH_CERT_COMPRESS_H
#define TLSC_AUTH_CERT_COMPRESS_H

#include "auth/credential.h"
#include "tlscore/compress.h"
#include "wire/certificate_status.h"

/* Writes certificate_list, with its length: the chain (or the raw key), these extras beside the leaf. */
void tlsc_credential_list_emit(tlsc_wr *w, const tlsc_credential *c,
                               const tlsc_certificate_extras *extras);

/* The body of the CompressedCertificate message with an empty certificate_request_context, this
 * algorithm, and of the credential's staples those that `extras` has. Made once by the first thread that
 * asks, kept with the credential. out: borrowed for its life; empty: it isn't worth it, the message goes
 * uncompressed. errors: TLSC_E_NO_MEMORY; the algorithm's. */
tlsc_err tlsc_cert_compressed(tlsc_credential *c, const tlsc_compression *by,
                              const tlsc_certificate_extras *extras, tlsc_bytes *out);
/* Frees what a credential keeps of these. */
void tlsc_cert_compressed_free(tlsc_credential *c);

/* Decompresses a CompressedCertificate message's body. in: `offered`, of which its algorithm must be one;
 * `longest`, bytes of the longest message allowed. out: the body of the Certificate message, to be freed
 * with tlsc_mem_free, and which algorithm it was. errors: TLSC_E_DECODE,
 * TLSC_E_WRONG_COMPRESSION_ALGORITHM, TLSC_E_DECOMPRESSED_TOO_LONG, TLSC_E_BAD_COMPRESSED_CERTIFICATE,
 * TLSC_E_NO_MEMORY. */
typedef struct tlsc_decompressed {
    uint8_t *memory;
    tlsc_bytes body;
    uint16_t algorithm;
} tlsc_decompressed;
tlsc_err tlsc_cert_decompress(const tlsc_compression *const *offered, size_t num, tlsc_bytes body,
                              uint32_t longest, tlsc_decompressed *out);

#endif
