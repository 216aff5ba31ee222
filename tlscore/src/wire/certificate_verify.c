/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_verify.c: CertificateVerify, RFC 8446 4.4.3. */
#include "wire/certificate_verify.h"

#include <string.h>

#include "base/bytes.h"

tlsc_err tlsc_certificate_verify_parse(tlsc_certificate_verify *out, tlsc_bytes body)
{
    tlsc_rd r = tlsc_rd_of(body);
    out->scheme = tlsc_rd_u16(&r);
    out->signature = tlsc_rd_vec16(&r, 0, 65535);
    return tlsc_rd_end(&r);
}

void tlsc_certificate_verify_emit(tlsc_wr *w, const tlsc_certificate_verify *cv)
{
    tlsc_wr_u16(w, cv->scheme);
    tlsc_wr_vec16(w, cv->signature);
}

size_t tlsc_certificate_verify_content(uint8_t out[TLSC_CV_CONTENT_MAX], bool by_server,
                                       tlsc_bytes transcript_hash)
{
    enum { SPACES = 64, CONTEXT = 33 };
    static const char server[] = "TLS 1.3, server CertificateVerify";
    static const char client[] = "TLS 1.3, client CertificateVerify";
    _Static_assert(sizeof(server) == CONTEXT + 1 && sizeof(client) == CONTEXT + 1,
                   "both context strings have 33 characters");
    memset(out, ' ', SPACES);
    /* its zero byte is the separator */
    memcpy(out + SPACES, by_server ? server : client, CONTEXT + 1);
    tlsc_bytes_copy(out + SPACES + CONTEXT + 1, transcript_hash);
    return SPACES + CONTEXT + 1 + transcript_hash.n;
}
