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

static tlsc_err parse_u16(uint16_t *v, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    *v = tlsc_rd_u16(&r);
    return tlsc_rd_end(&r);
}

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

static tlsc_err parse_psk(tlsc_server_hello *sh, tlsc_bytes content)
{
    sh->has_psk = true;
    return parse_u16(&sh->psk_index, content);
}

static tlsc_err parse_cookie(tlsc_server_hello *sh, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    sh->cookie = tlsc_rd_vec16(&r, 1, 65535);
    return tlsc_rd_end(&r);
}

static tlsc_err parse_extensions(tlsc_server_hello *sh, tlsc_bytes block)
{
    tlsc_exts e;
    TRY(tlsc_exts_parse(&e, block, sh->hello_retry ? TLSC_IN_HRR : TLSC_IN_SH));
    if (!tlsc_exts_has(&e, TLSC_EXT_supported_versions)) {
        return TLSC_E_DECODE;
    }
    sh->has_unknown = e.has_unknown;
    TLSC_EXT_WITH(&e, supported_versions, parse_u16(&sh->version, content));
    TLSC_EXT_WITH(&e, key_share, parse_key_share(sh, content));
    TLSC_EXT_WITH(&e, pre_shared_key, parse_psk(sh, content));
    TLSC_EXT_WITH(&e, cookie, parse_cookie(sh, content));
    return TLSC_OK;
}

/* The fixed fields and the block of extensions, as both versions have them; TLS 1.2 may do without. */
typedef struct fixed_fields {
    uint16_t legacy_version;
    uint8_t compression;
    tlsc_bytes block;
} fixed_fields;

static tlsc_err parse_fixed(fixed_fields *fixed, tlsc_server_hello *sh, tlsc_bytes body)
{
    memset(fixed, 0, sizeof(*fixed));
    tlsc_rd r = tlsc_rd_of(body);
    fixed->legacy_version = tlsc_rd_u16(&r);
    sh->random = tlsc_rd_bytes(&r, 32);
    sh->session_id = tlsc_rd_vec8(&r, 0, 32);
    sh->suite = tlsc_rd_u16(&r);
    fixed->compression = tlsc_rd_u8(&r);
    if (tlsc_rd_more(&r)) {
        fixed->block = tlsc_rd_vec16(&r, 0, 65535);
    }
    return tlsc_rd_end(&r);
}

tlsc_err tlsc_server_hello_version(uint16_t *version, tlsc_bytes body)
{
    enum { ANYWHERE = 0xff };
    fixed_fields fixed;
    tlsc_server_hello sh = { 0 };
    tlsc_exts e;
    *version = 0;
    TRY(parse_fixed(&fixed, &sh, body));
    TRY(tlsc_exts_parse(&e, fixed.block, ANYWHERE));
    uint16_t selected = fixed.legacy_version;
    TLSC_EXT_WITH(&e, supported_versions, parse_u16(&selected, content));
    *version = selected;
    return TLSC_OK;
}

/* struct { ProtocolVersion legacy_version = 0x0303; Random random;
 *          opaque legacy_session_id_echo<0..32>; CipherSuite cipher_suite;
 *          uint8 legacy_compression_method = 0; Extension extensions<6..2^16-1>; } ServerHello; */
tlsc_err tlsc_server_hello_parse(tlsc_server_hello *out, tlsc_bytes body)
{
    fixed_fields fixed;
    memset(out, 0, sizeof(*out));
    TRY(parse_fixed(&fixed, out, body));
    if (fixed.legacy_version != TLSC_TLS12) {
        return TLSC_E_WRONG_LEGACY_VERSION;
    }
    if (fixed.compression != 0) {
        return TLSC_E_WRONG_COMPRESSION;
    }
    out->hello_retry = tlsc_bytes_equal(
        out->random, tlsc_bytes_of(tlsc_hello_retry_random, sizeof(tlsc_hello_retry_random)));
    return parse_extensions(out, fixed.block);
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
