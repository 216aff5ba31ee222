/* SPDX-License-Identifier: Apache-2.0 */
/* wire/server_hello12.c: ServerHello, RFC 5246 7.4.1.3. */
#include "wire/server_hello12.h"

#include <string.h>

#include "base/try.h"
#include "wire/certificate_status.h"

const uint8_t tlsc_downgrade12[8] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D', 1 };

/* A first handshake has no verify_data to bind to, RFC 5746 3.4 */
static tlsc_err parse_renegotiation_info(tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    tlsc_bytes connection = tlsc_rd_vec8(&r, 0, 255);
    TRY(tlsc_rd_end(&r));
    return connection.n == 0 ? TLSC_OK : TLSC_E_BAD_RENEGOTIATION_INFO;
}

/* ECPointFormat ec_point_format_list<1..2^8-1>, uncompressed among them, RFC 8422 5.1.2 */
static tlsc_err parse_point_formats(tlsc_bytes content)
{
    enum { UNCOMPRESSED = 0 };
    tlsc_rd r = tlsc_rd_of(content);
    tlsc_bytes formats = tlsc_rd_vec8(&r, 1, 255);
    TRY(tlsc_rd_end(&r));
    return memchr(formats.p, UNCOMPRESSED, formats.n) != NULL ? TLSC_OK
                                                              : TLSC_E_BAD_POINT_FORMATS;
}

static tlsc_err check_contents(tlsc_server_hello12 *sh, const tlsc_exts *e)
{
    TLSC_EXT_WITH(e, extended_master_secret, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, session_ticket, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, server_name, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, status_request, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, renegotiation_info, parse_renegotiation_info(content));
    TLSC_EXT_WITH(e, ec_point_formats, parse_point_formats(content));
    TLSC_EXT_WITH(e, alpn, tlsc_ext_alpn_answer_parse(&sh->alpn, content));
    TLSC_EXT_WITH(e, signed_certificate_timestamp, tlsc_sct_list_check(content));
    TLSC_EXT_WITH(e, client_certificate_type, tlsc_ext_u8_parse(content, &sh->client_type));
    TLSC_EXT_WITH(e, server_certificate_type, tlsc_ext_u8_parse(content, &sh->server_type));
    return tlsc_record_sizes_parse(&sh->sizes, e);
}

static tlsc_err parse_extensions(tlsc_server_hello12 *sh, tlsc_bytes block)
{
    tlsc_exts e;
    TRY(tlsc_exts_parse(&e, block, TLSC_IN_SH12));
    TRY(check_contents(sh, &e));
    sh->present = e.present;
    sh->has_unknown = e.has_unknown;
    sh->extended_master_secret = tlsc_exts_has(&e, TLSC_EXT_extended_master_secret);
    sh->session_ticket = tlsc_exts_has(&e, TLSC_EXT_session_ticket);
    sh->server_name = tlsc_exts_has(&e, TLSC_EXT_server_name);
    sh->status_request = tlsc_exts_has(&e, TLSC_EXT_status_request);
    sh->ec_point_formats = tlsc_exts_has(&e, TLSC_EXT_ec_point_formats);
    sh->renegotiation_info = tlsc_exts_has(&e, TLSC_EXT_renegotiation_info);
    sh->has_client_type = tlsc_exts_has(&e, TLSC_EXT_client_certificate_type);
    sh->has_server_type = tlsc_exts_has(&e, TLSC_EXT_server_certificate_type);
    sh->scts = e.data[TLSC_EXT_signed_certificate_timestamp];
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
    uint8_t compression = tlsc_rd_u8(&r);
    tlsc_bytes block = { NULL, 0 };
    if (tlsc_rd_more(&r)) {
        block = tlsc_rd_vec16(&r, 0, 65535);
    }
    TRY(tlsc_rd_end(&r));
    if (compression != 0) {
        return TLSC_E_WRONG_COMPRESSION;
    }
    return parse_extensions(out, block);
}

static void emit_extensions(tlsc_wr *w, const tlsc_server_hello12 *sh)
{
    tlsc_ext_empty_emit(w, sh->server_name, TLSC_EXTCODE_server_name);
    tlsc_ext_empty_emit(w, sh->extended_master_secret, TLSC_EXTCODE_extended_master_secret);
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
    tlsc_ext_empty_emit(w, sh->session_ticket, TLSC_EXTCODE_session_ticket);
    tlsc_ext_empty_emit(w, sh->status_request, TLSC_EXTCODE_status_request);
    tlsc_ext_alpn_answer_emit(w, sh->alpn);
    if (sh->scts.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_signed_certificate_timestamp);
        tlsc_wr_bytes(w, sh->scts);
        tlsc_wr_close(w, m);
    }
    tlsc_ext_u8_emit(w, sh->has_client_type, TLSC_EXTCODE_client_certificate_type,
                     sh->client_type);
    tlsc_ext_u8_emit(w, sh->has_server_type, TLSC_EXTCODE_server_certificate_type,
                     sh->server_type);
    tlsc_record_sizes_emit(w, &sh->sizes);
}

/* An empty block confuses old clients; none is as good, RFC 5246 7.4.1.3 */
static bool has_extensions(const tlsc_server_hello12 *sh)
{
    return sh->server_name || sh->extended_master_secret || sh->renegotiation_info ||
           sh->ec_point_formats || sh->session_ticket || sh->status_request || sh->alpn.n > 0 ||
           sh->scts.n > 0 || sh->has_client_type || sh->has_server_type || sh->sizes.has_limit ||
           sh->sizes.has_fragment;
}

void tlsc_server_hello12_emit(tlsc_wr *w, const tlsc_server_hello12 *sh)
{
    tlsc_wr_u16(w, TLSC_TLS12);
    tlsc_wr_bytes(w, sh->random);
    tlsc_wr_vec8(w, sh->session_id);
    tlsc_wr_u16(w, sh->suite);
    tlsc_wr_u8(w, 0);
    if (has_extensions(sh)) {
        tlsc_wr_mark block = tlsc_wr_open16(w);
        emit_extensions(w, sh);
        tlsc_wr_close(w, block);
    }
}
