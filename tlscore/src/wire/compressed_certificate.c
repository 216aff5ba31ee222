/* SPDX-License-Identifier: Apache-2.0 */
/* wire/compressed_certificate.c: CompressedCertificate and compress_certificate, RFC 8879 3 and 4. */
#include "wire/compressed_certificate.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "wire/enums.h"

/* struct { CertificateCompressionAlgorithm algorithm; uint24 uncompressed_length;
 *          opaque compressed_certificate_message<1..2^24-1>; } CompressedCertificate; */
tlsc_err tlsc_compressed_certificate_parse(tlsc_compressed_certificate *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    out->algorithm = tlsc_rd_u16(&r);
    out->uncompressed_len = tlsc_rd_u24(&r);
    out->message = tlsc_rd_vec24(&r, 1, 0xffffff);
    return tlsc_rd_end(&r);
}

void tlsc_compressed_certificate_emit(tlsc_wr *w, const tlsc_compressed_certificate *msg)
{
    tlsc_wr_u16(w, msg->algorithm);
    tlsc_wr_u24(w, msg->uncompressed_len);
    tlsc_wr_vec24(w, msg->message);
}

/* struct { CertificateCompressionAlgorithm algorithms<2..2^8-2>; } CertificateCompressionAlgorithms; */
tlsc_err tlsc_compress_certificate_parse(tlsc_bytes *list, tlsc_bytes content)
{
    TRY(tlsc_ext_u16_list(content, 1, 2, list));
    tlsc_rd r = tlsc_rd_of(*list);
    for (size_t before = 0; tlsc_rd_more(&r); before += 2) {
        if (tlsc_u16_list_has(tlsc_bytes_of(list->p, before), tlsc_rd_u16(&r))) {
            return TLSC_E_DUPLICATE_COMPRESSION;
        }
    }
    return TLSC_OK;
}

void tlsc_compress_certificate_emit(tlsc_wr *w, tlsc_bytes list)
{
    if (list.n > 0) {
        tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_compress_certificate);
        tlsc_wr_vec8(w, list);
        tlsc_wr_close(w, ext);
    }
}
