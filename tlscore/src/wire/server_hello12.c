/* SPDX-License-Identifier: Apache-2.0 */
/* wire/server_hello12.c: ServerHello, RFC 5246 7.4.1.3. */
#include "wire/server_hello12.h"

#include <string.h>

#include "base/try.h"

const uint8_t tlsc_downgrade12[8] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D', 1 };

static tlsc_err parse_extensions(tlsc_server_hello12 *sh, tlsc_bytes block)
{
    tlsc_exts e;
    TRY(tlsc_exts_parse(&e, block, TLSC_IN_SH12));
    sh->extended_master_secret = tlsc_exts_has(&e, TLSC_EXT_extended_master_secret);
    sh->session_ticket = tlsc_exts_has(&e, TLSC_EXT_session_ticket);
    sh->server_name = tlsc_exts_has(&e, TLSC_EXT_server_name);
    sh->ec_point_formats = tlsc_exts_has(&e, TLSC_EXT_ec_point_formats);
    sh->renegotiation_info = tlsc_exts_has(&e, TLSC_EXT_renegotiation_info);
    /* these three are empty, absent or not */
    if (e.data[TLSC_EXT_extended_master_secret].n + e.data[TLSC_EXT_session_ticket].n +
            e.data[TLSC_EXT_server_name].n > 0) {
        return TLSC_E_DECODE;
    }
    if (sh->renegotiation_info) {
        tlsc_rd r = tlsc_rd_of(e.data[TLSC_EXT_renegotiation_info]);
        tlsc_bytes connection = tlsc_rd_vec8(&r, 0, 255);
        TRY(tlsc_rd_end(&r));
        if (connection.n > 0) {
            return TLSC_E_BAD_RENEGOTIATION_INFO;
        }
    }
    if (tlsc_exts_has(&e, TLSC_EXT_alpn)) {
        TRY(tlsc_ext_alpn_answer_parse(&sh->alpn, e.data[TLSC_EXT_alpn]));
    }
    return TLSC_OK;
}

/* struct { ProtocolVersion server_version; Random random; SessionID session_id;
 *          CipherSuite cipher_suite; CompressionMethod compression_method = null;
 *          Extension extensions<0..2^16-1>, or nothing; } ServerHello; */
tlsc_err tlsc_server_hello12_parse(tlsc_server_hello12 *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    tlsc_rd_check(&r, tlsc_rd_u16(&r) == TLSC_TLS12);
    out->random = tlsc_rd_bytes(&r, 32);
    out->session_id = tlsc_rd_vec8(&r, 0, 32);
    out->suite = tlsc_rd_u16(&r);
    tlsc_rd_check(&r, tlsc_rd_u8(&r) == 0);
    tlsc_bytes block = { NULL, 0 };
    if (tlsc_rd_more(&r)) {
        block = tlsc_rd_vec16(&r, 0, 65535);
    }
    TRY(tlsc_rd_end(&r));
    return parse_extensions(out, block);
}

static void emit_empty(tlsc_wr *w, bool wanted, uint16_t code)
{
    if (wanted) {
        tlsc_wr_close(w, tlsc_ext_open(w, code));
    }
}

static void emit_extensions(tlsc_wr *w, const tlsc_server_hello12 *sh)
{
    emit_empty(w, sh->server_name, TLSC_EXTCODE_server_name);
    emit_empty(w, sh->extended_master_secret, TLSC_EXTCODE_extended_master_secret);
    if (sh->renegotiation_info) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_renegotiation_info);
        tlsc_wr_u8(w, 0); /* renegotiated_connection<0..255>, empty */
        tlsc_wr_close(w, m);
    }
    if (sh->ec_point_formats) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_ec_point_formats);
        tlsc_wr_u8(w, 1);
        tlsc_wr_u8(w, 0); /* uncompressed */
        tlsc_wr_close(w, m);
    }
    emit_empty(w, sh->session_ticket, TLSC_EXTCODE_session_ticket);
    tlsc_ext_alpn_answer_emit(w, sh->alpn);
}

void tlsc_server_hello12_emit(tlsc_wr *w, const tlsc_server_hello12 *sh)
{
    tlsc_wr_u16(w, TLSC_TLS12);
    tlsc_wr_bytes(w, sh->random);
    tlsc_wr_vec8(w, sh->session_id);
    tlsc_wr_u16(w, sh->suite);
    tlsc_wr_u8(w, 0);
    bool any = sh->server_name || sh->extended_master_secret || sh->renegotiation_info ||
               sh->ec_point_formats || sh->session_ticket || sh->alpn.n > 0;
    if (any) { /* an empty block confuses old clients; none is as good, RFC 5246 7.4.1.3 */
        tlsc_wr_mark block = tlsc_wr_open16(w);
        emit_extensions(w, sh);
        tlsc_wr_close(w, block);
    }
}
