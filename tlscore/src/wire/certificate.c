/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate.c: the Certificate message, RFC 8446 4.4.2. */
#include "wire/certificate.h"

#include <string.h>

#include "base/try.h"

/* struct { opaque cert_data<1..2^24-1>; Extension extensions<0..2^16-1>; } CertificateEntry; */
bool tlsc_certificate_entry_next(tlsc_rd *list, tlsc_certificate_entry *out)
{
    if (!tlsc_rd_more(list)) {
        return false;
    }
    out->cert_data = tlsc_rd_vec24(list, 1, 0xffffff);
    out->extensions = tlsc_rd_vec16(list, 0, 65535);
    return !list->bad;
}

/* struct { opaque certificate_request_context<0..2^8-1>;
 *          CertificateEntry certificate_list<0..2^24-1>; } Certificate; */
tlsc_err tlsc_certificate_msg_parse(tlsc_certificate_msg *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    out->context = tlsc_rd_vec8(&r, 0, 255);
    out->entries = tlsc_rd_vec24(&r, 0, 0xffffff);
    TRY(tlsc_rd_end(&r));
    tlsc_rd list = tlsc_rd_of(out->entries);
    tlsc_certificate_entry entry;
    while (tlsc_certificate_entry_next(&list, &entry)) {
        tlsc_exts exts;
        TRY(tlsc_exts_parse(&exts, entry.extensions, TLSC_IN_CT));
    }
    return tlsc_rd_end(&list);
}

void tlsc_certificate_msg_emit(tlsc_wr *w, const tlsc_certificate_msg *msg)
{
    tlsc_wr_vec8(w, msg->context);
    tlsc_wr_vec24(w, msg->entries);
}

void tlsc_certificate_entry_emit(tlsc_wr *w, const tlsc_certificate_entry *entry)
{
    tlsc_wr_vec24(w, entry->cert_data);
    tlsc_wr_vec16(w, entry->extensions);
}
