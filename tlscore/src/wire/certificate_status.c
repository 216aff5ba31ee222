/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_status.c: OCSP responses (RFC 6066 8) and SCTs (RFC 6962 3.3). */
#include "wire/certificate_status.h"

#include <string.h>

#include "base/try.h"

enum { STATUS_TYPE_OCSP = 1 };

tlsc_err tlsc_certificate_status_parse(tlsc_bytes *ocsp, tlsc_bytes body)
{
    tlsc_rd r = tlsc_rd_of(body);
    tlsc_rd_check(&r, tlsc_rd_u8(&r) == STATUS_TYPE_OCSP);
    *ocsp = tlsc_rd_vec24(&r, 1, 0xffffff);
    return tlsc_rd_end(&r);
}

void tlsc_certificate_status_emit(tlsc_wr *w, tlsc_bytes ocsp)
{
    tlsc_wr_u8(w, STATUS_TYPE_OCSP);
    tlsc_wr_vec24(w, ocsp);
}

tlsc_err tlsc_sct_list_check(tlsc_bytes list)
{
    tlsc_rd r = tlsc_rd_of(list);
    tlsc_rd scts = tlsc_rd_of(tlsc_rd_vec16(&r, 1, 65535));
    TRY(tlsc_rd_end(&r));
    while (tlsc_rd_more(&scts)) {
        (void)tlsc_rd_vec16(&scts, 1, 65535);
    }
    return tlsc_rd_end(&scts);
}

tlsc_err tlsc_certificate_extras_parse(tlsc_certificate_extras *out, tlsc_bytes extensions)
{
    memset(out, 0, sizeof(*out));
    tlsc_exts e;
    TRY(tlsc_exts_parse(&e, extensions, TLSC_IN_CT));
    out->present = e.present;
    out->has_unknown = e.has_unknown;
    TLSC_EXT_WITH(&e, status_request, tlsc_certificate_status_parse(&out->ocsp, content));
    TLSC_EXT_WITH(&e, signed_certificate_timestamp, tlsc_sct_list_check(content));
    out->scts = e.data[TLSC_EXT_signed_certificate_timestamp];
    return TLSC_OK;
}

void tlsc_certificate_extras_emit(tlsc_wr *w, const tlsc_certificate_extras *extras)
{
    if (extras->ocsp.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_status_request);
        tlsc_certificate_status_emit(w, extras->ocsp);
        tlsc_wr_close(w, m);
    }
    if (extras->scts.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_signed_certificate_timestamp);
        tlsc_wr_bytes(w, extras->scts);
        tlsc_wr_close(w, m);
    }
}
