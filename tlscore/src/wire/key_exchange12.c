/* SPDX-License-Identifier: Apache-2.0 */
/* wire/key_exchange12.c: TLS 1.2's messages that TLS 1.3 has not, or has in another form. */
#include "wire/key_exchange12.h"

#include <string.h>

#include "base/try.h"

enum { NAMED_CURVE = 3 };

/* struct { ECCurveType curve_type = named_curve; NamedCurve namedcurve; opaque point<1..2^8-1>; }
 * ServerECDHParams; struct { ServerECDHParams params; SignatureScheme algorithm;
 * opaque signature<0..2^16-1>; } ServerKeyExchange;   RFC 8422 5.4 */
tlsc_err tlsc_server_key_exchange_parse(tlsc_server_key_exchange *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    tlsc_rd_check(&r, tlsc_rd_u8(&r) == NAMED_CURVE);
    out->group = tlsc_rd_u16(&r);
    out->point = tlsc_rd_vec8(&r, 1, 255);
    size_t signed_len = body.n - r.n;
    out->scheme = tlsc_rd_u16(&r);
    out->signature = tlsc_rd_vec16(&r, 0, 65535);
    TRY(tlsc_rd_end(&r));
    r = tlsc_rd_of(body);
    out->params = tlsc_rd_bytes(&r, signed_len);
    return TLSC_OK;
}

void tlsc_ecdh_params_emit(tlsc_wr *w, uint16_t group, tlsc_bytes point)
{
    tlsc_wr_u8(w, NAMED_CURVE);
    tlsc_wr_u16(w, group);
    tlsc_wr_vec8(w, point);
}

void tlsc_server_key_exchange_emit(tlsc_wr *w, const tlsc_server_key_exchange *ske)
{
    tlsc_ecdh_params_emit(w, ske->group, ske->point);
    tlsc_wr_u16(w, ske->scheme);
    tlsc_wr_vec16(w, ske->signature);
}

tlsc_err tlsc_client_key_exchange_parse(tlsc_bytes *point, tlsc_bytes body)
{
    tlsc_rd r = tlsc_rd_of(body);
    *point = tlsc_rd_vec8(&r, 1, 255);
    return tlsc_rd_end(&r);
}

void tlsc_client_key_exchange_emit(tlsc_wr *w, tlsc_bytes point)
{
    tlsc_wr_vec8(w, point);
}

tlsc_err tlsc_certificate12_parse(tlsc_bytes *list, tlsc_bytes body)
{
    tlsc_rd r = tlsc_rd_of(body);
    *list = tlsc_rd_vec24(&r, 0, 0xffffff);
    TRY(tlsc_rd_end(&r));
    r = tlsc_rd_of(*list);
    while (tlsc_rd_more(&r)) {
        (void)tlsc_rd_vec24(&r, 1, 0xffffff);
    }
    return tlsc_rd_end(&r);
}

void tlsc_certificate12_emit(tlsc_wr *w, const tlsc_bytes *chain, size_t num)
{
    tlsc_wr_mark list = tlsc_wr_open24(w);
    for (size_t i = 0; i < num; i++) {
        tlsc_wr_vec24(w, chain[i]);
    }
    tlsc_wr_close(w, list);
}

tlsc_err tlsc_ticket12_parse(uint32_t *lifetime_hint_s, tlsc_bytes *ticket, tlsc_bytes body)
{
    tlsc_rd r = tlsc_rd_of(body);
    *lifetime_hint_s = tlsc_rd_u32(&r);
    *ticket = tlsc_rd_vec16(&r, 0, 65535);
    return tlsc_rd_end(&r);
}

void tlsc_ticket12_emit(tlsc_wr *w, uint32_t lifetime_hint_s, tlsc_bytes ticket)
{
    tlsc_wr_u32(w, lifetime_hint_s);
    tlsc_wr_vec16(w, ticket);
}
