/* SPDX-License-Identifier: Apache-2.0 */
/* wire/server_hello.c: ServerHello and HelloRetryRequest, RFC 8446 4.1.3 and 4.1.4. */
#include "wire/server_hello.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"

const uint8_t tlsc_hello_retry_random[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c
};

static tlsc_err parse_key_share(tlsc_server_hello *sh, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    sh->group = tlsc_rd_u16(&r);
    if (!sh->hello_retry) {
        sh->key_exchange = tlsc_rd_vec16(&r, 1, 65535);
    }
    sh->has_group = true;
    return tlsc_rd_end(&r);
}

static tlsc_err parse_extensions(tlsc_server_hello *sh, tlsc_bytes block)
{
    tlsc_exts e;
    TRY(tlsc_exts_parse(&e, block, sh->hello_retry ? TLSC_IN_HRR : TLSC_IN_SH));
    if (!tlsc_exts_has(&e, TLSC_EXT_supported_versions)) {
        return TLSC_E_DECODE;
    }
    tlsc_rd r = tlsc_rd_of(e.data[TLSC_EXT_supported_versions]);
    sh->version = tlsc_rd_u16(&r);
    TRY(tlsc_rd_end(&r));
    if (tlsc_exts_has(&e, TLSC_EXT_key_share)) {
        TRY(parse_key_share(sh, e.data[TLSC_EXT_key_share]));
    }
    if (tlsc_exts_has(&e, TLSC_EXT_pre_shared_key)) {
        r = tlsc_rd_of(e.data[TLSC_EXT_pre_shared_key]);
        sh->psk_index = tlsc_rd_u16(&r);
        sh->has_psk = true;
        TRY(tlsc_rd_end(&r));
    }
    if (tlsc_exts_has(&e, TLSC_EXT_cookie)) {
        r = tlsc_rd_of(e.data[TLSC_EXT_cookie]);
        sh->cookie = tlsc_rd_vec16(&r, 1, 65535);
        TRY(tlsc_rd_end(&r));
    }
    return TLSC_OK;
}

/* struct { ProtocolVersion legacy_version = 0x0303; Random random;
 *          opaque legacy_session_id_echo<0..32>; CipherSuite cipher_suite;
 *          uint8 legacy_compression_method = 0; Extension extensions<6..2^16-1>; } ServerHello; */
tlsc_err tlsc_server_hello_parse(tlsc_server_hello *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    tlsc_rd_check(&r, tlsc_rd_u16(&r) == TLSC_TLS12);
    out->random = tlsc_rd_bytes(&r, 32);
    out->session_id = tlsc_rd_vec8(&r, 0, 32);
    out->suite = tlsc_rd_u16(&r);
    tlsc_rd_check(&r, tlsc_rd_u8(&r) == 0);
    tlsc_bytes block = tlsc_rd_vec16(&r, 6, 65535);
    TRY(tlsc_rd_end(&r));
    out->hello_retry = tlsc_bytes_equal(
        out->random, tlsc_bytes_of(tlsc_hello_retry_random, sizeof(tlsc_hello_retry_random)));
    return parse_extensions(out, block);
}

static void emit_key_share(tlsc_wr *w, const tlsc_server_hello *sh)
{
    tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_key_share);
    tlsc_wr_u16(w, sh->group);
    if (!sh->hello_retry) {
        tlsc_wr_vec16(w, sh->key_exchange);
    }
    tlsc_wr_close(w, m);
}

void tlsc_server_hello_emit(tlsc_wr *w, const tlsc_server_hello *sh)
{
    tlsc_wr_u16(w, TLSC_TLS12);
    tlsc_wr_bytes(w, sh->hello_retry ? tlsc_bytes_of(tlsc_hello_retry_random, 32) : sh->random);
    tlsc_wr_vec8(w, sh->session_id);
    tlsc_wr_u16(w, sh->suite);
    tlsc_wr_u8(w, 0);
    tlsc_wr_mark block = tlsc_wr_open16(w);
    if (sh->has_psk) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_pre_shared_key);
        tlsc_wr_u16(w, sh->psk_index);
        tlsc_wr_close(w, m);
    }
    if (sh->has_group) {
        emit_key_share(w, sh);
    }
    if (sh->cookie.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_cookie);
        tlsc_wr_vec16(w, sh->cookie);
        tlsc_wr_close(w, m);
    }
    tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_supported_versions);
    tlsc_wr_u16(w, sh->version);
    tlsc_wr_close(w, m);
    tlsc_wr_close(w, block);
}
