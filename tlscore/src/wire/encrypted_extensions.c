/* SPDX-License-Identifier: Apache-2.0 */
/* wire/encrypted_extensions.c: EncryptedExtensions, RFC 8446 4.3.1. */
#include "wire/encrypted_extensions.h"

#include <string.h>

#include "base/try.h"

static tlsc_err parse_extensions(tlsc_encrypted_extensions *ee, const tlsc_exts *e)
{
    TLSC_EXT_WITH(e, server_name, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, alpn, tlsc_ext_alpn_answer_parse(&ee->alpn, content));
    TLSC_EXT_WITH(e, supported_groups, tlsc_ext_u16_list(content, 2, 2, &ee->groups));
    TRY(tlsc_record_sizes_parse(&ee->sizes, e));
    TLSC_EXT_WITH(e, early_data, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, client_certificate_type, tlsc_ext_u8_parse(content, &ee->client_type));
    TLSC_EXT_WITH(e, server_certificate_type, tlsc_ext_u8_parse(content, &ee->server_type));
    TLSC_EXT_WITH(e, ticket_request, tlsc_ext_u8_parse(content, &ee->ticket_count));
    ee->server_name = tlsc_exts_has(e, TLSC_EXT_server_name);
    ee->early_data = tlsc_exts_has(e, TLSC_EXT_early_data);
    ee->has_client_type = tlsc_exts_has(e, TLSC_EXT_client_certificate_type);
    ee->has_server_type = tlsc_exts_has(e, TLSC_EXT_server_certificate_type);
    ee->has_ticket_count = tlsc_exts_has(e, TLSC_EXT_ticket_request);
    return TLSC_OK;
}

/* struct { Extension extensions<0..2^16-1>; } EncryptedExtensions; */
tlsc_err tlsc_encrypted_extensions_parse(tlsc_encrypted_extensions *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    tlsc_bytes block = tlsc_rd_vec16(&r, 0, 65535);
    TRY(tlsc_rd_end(&r));
    tlsc_exts e;
    TRY(tlsc_exts_parse(&e, block, TLSC_IN_EE));
    out->present = e.present;
    out->has_unknown = e.has_unknown;
    return parse_extensions(out, &e);
}

void tlsc_encrypted_extensions_emit(tlsc_wr *w, const tlsc_encrypted_extensions *ee)
{
    tlsc_wr_mark block = tlsc_wr_open16(w);
    if (ee->groups.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_supported_groups);
        tlsc_wr_vec16(w, ee->groups);
        tlsc_wr_close(w, m);
    }
    tlsc_record_sizes_emit(w, &ee->sizes);
    tlsc_ext_empty_emit(w, ee->server_name, TLSC_EXTCODE_server_name);
    tlsc_ext_alpn_answer_emit(w, ee->alpn);
    tlsc_ext_u8_emit(w, ee->has_client_type, TLSC_EXTCODE_client_certificate_type,
                     ee->client_type);
    tlsc_ext_u8_emit(w, ee->has_server_type, TLSC_EXTCODE_server_certificate_type,
                     ee->server_type);
    tlsc_ext_u8_emit(w, ee->has_ticket_count, TLSC_EXTCODE_ticket_request, ee->ticket_count);
    tlsc_ext_empty_emit(w, ee->early_data, TLSC_EXTCODE_early_data);
    tlsc_wr_close(w, block);
}
