/* SPDX-License-Identifier: Apache-2.0 */
/* wire/record_sizes.c: record_size_limit, RFC 8449 4, and max_fragment_length, RFC 6066 4. */
#include "wire/record_sizes.h"

/* uint16 RecordSizeLimit; */
static tlsc_err parse_limit(uint16_t *limit, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    *limit = tlsc_rd_u16(&r);
    return tlsc_rd_end(&r);
}

tlsc_err tlsc_record_sizes_parse(tlsc_record_sizes *out, const tlsc_exts *exts)
{
    *out = (tlsc_record_sizes){ .limit = 0 };
    TLSC_EXT_WITH(exts, record_size_limit, parse_limit(&out->limit, content));
    TLSC_EXT_WITH(exts, max_fragment_length, tlsc_ext_u8_parse(content, &out->fragment));
    out->has_limit = tlsc_exts_has(exts, TLSC_EXT_record_size_limit);
    out->has_fragment = tlsc_exts_has(exts, TLSC_EXT_max_fragment_length);
    return TLSC_OK;
}

void tlsc_record_sizes_emit(tlsc_wr *w, const tlsc_record_sizes *sizes)
{
    if (sizes->has_limit) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_record_size_limit);
        tlsc_wr_u16(w, sizes->limit);
        tlsc_wr_close(w, m);
    }
    tlsc_ext_u8_emit(w, sizes->has_fragment, TLSC_EXTCODE_max_fragment_length, sizes->fragment);
}
