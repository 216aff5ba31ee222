/* SPDX-License-Identifier: Apache-2.0 */
/* wire/encrypted_extensions.c: EncryptedExtensions, RFC 8446 4.3.1. */
#include "wire/encrypted_extensions.h"

#include <string.h>

#include "base/try.h"

/* struct { Extension extensions<0..2^16-1>; } EncryptedExtensions; */
tlsc_err tlsc_encrypted_extensions_parse(tlsc_encrypted_extensions *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    tlsc_bytes block = tlsc_rd_vec16(&r, 0, 65535);
    TRY(tlsc_rd_end(&r));
    tlsc_exts e;
    TRY(tlsc_exts_parse(&e, block, TLSC_IN_EE));
    out->server_name = tlsc_exts_has(&e, TLSC_EXT_server_name);
    if (out->server_name && e.data[TLSC_EXT_server_name].n != 0) {
        return TLSC_E_DECODE;
    }
    if (tlsc_exts_has(&e, TLSC_EXT_alpn)) {
        TRY(tlsc_ext_alpn_answer_parse(&out->alpn, e.data[TLSC_EXT_alpn]));
    }
    if (tlsc_exts_has(&e, TLSC_EXT_supported_groups)) {
        TRY(tlsc_ext_u16_list(e.data[TLSC_EXT_supported_groups], 2, 2, &out->groups));
    }
    if (tlsc_exts_has(&e, TLSC_EXT_record_size_limit)) {
        out->record_size_limit_raw = e.data[TLSC_EXT_record_size_limit];
        if (out->record_size_limit_raw.n != 2) {
            return TLSC_E_DECODE;
        }
    }
    return TLSC_OK;
}

void tlsc_encrypted_extensions_emit(tlsc_wr *w, const tlsc_encrypted_extensions *ee)
{
    tlsc_wr_mark block = tlsc_wr_open16(w);
    if (ee->groups.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_supported_groups);
        tlsc_wr_vec16(w, ee->groups);
        tlsc_wr_close(w, m);
    }
    if (ee->record_size_limit_raw.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_record_size_limit);
        tlsc_wr_bytes(w, ee->record_size_limit_raw);
        tlsc_wr_close(w, m);
    }
    if (ee->server_name) {
        tlsc_wr_close(w, tlsc_ext_open(w, TLSC_EXTCODE_server_name));
    }
    tlsc_ext_alpn_answer_emit(w, ee->alpn);
    tlsc_wr_close(w, block);
}
