/* SPDX-License-Identifier: Apache-2.0 */
/* keys/session.c: the session encoding. */
#include "keys/session.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "wire/reader.h"
#include "wire/writer.h"

void tlsc_session_clear(tlsc_session *s)
{
    tlsc_wipe(s, sizeof(*s));
}

/* struct { uint8 encoding = 3; uint16 version; uint16 suite; uint16 group;
 *          uint8 extended_master_secret; opaque secret<1..64>; opaque alpn<0..255>;
 *          opaque server_name<0..255>; opaque identity[32]; uint64 issued_ms;
 *          uint32 chain_age_s; uint32 age_add; uint32 max_early_data; uint16 verify_result;
 *          uint8 peer_type; uint8 peer_authenticated; opaque peer_chain<0..2^24-1>;
 *          opaque application<0..2^16-1>; uint32 lifetime_s; opaque ticket<0..2^16-1>;
 *          opaque session_id<0..32>; } Session; */
tlsc_err tlsc_session_parse(tlsc_session *out, tlsc_bytes encoded)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(encoded);
    tlsc_rd_check(&r, tlsc_rd_u8(&r) == TLSC_SESSION_VERSION);
    out->version = tlsc_rd_u16(&r);
    out->suite = tlsc_rd_u16(&r);
    out->group = tlsc_rd_u16(&r);
    uint8_t extended = tlsc_rd_u8(&r);
    tlsc_rd_check(&r, extended <= 1);
    tlsc_bytes secret = tlsc_rd_vec8(&r, 1, sizeof(out->secret.b));
    out->alpn = tlsc_rd_vec8(&r, 0, 255);
    out->server_name = tlsc_rd_vec8(&r, 0, 255);
    tlsc_bytes identity = tlsc_rd_bytes(&r, TLSC_SESSION_IDENTITY_LEN);
    uint64_t issued_ms = tlsc_rd_u64(&r);
    tlsc_rd_check(&r, issued_ms <= INT64_MAX);
    out->chain_age_s = tlsc_rd_u32(&r);
    out->age_add = tlsc_rd_u32(&r);
    out->max_early_data = tlsc_rd_u32(&r);
    out->verify_result = tlsc_rd_u16(&r);
    out->peer_type = tlsc_rd_u8(&r);
    uint8_t authenticated = tlsc_rd_u8(&r);
    tlsc_rd_check(&r, authenticated <= 1);
    out->peer_chain = tlsc_rd_vec24(&r, 0, 0xffffff);
    out->application = tlsc_rd_vec16(&r, 0, 65535);
    out->lifetime_s = tlsc_rd_u32(&r);
    out->ticket = tlsc_rd_vec16(&r, 0, 65535);
    out->session_id = tlsc_rd_vec8(&r, 0, 32);
    if (tlsc_rd_end(&r) != TLSC_OK) {
        tlsc_session_clear(out);
        return TLSC_E_BAD_SESSION;
    }
    tlsc_bytes_copy(out->secret.b, secret);
    out->secret.n = (uint8_t)secret.n;
    tlsc_bytes_copy(out->identity, identity);
    out->extended_master_secret = extended == 1;
    out->peer_authenticated = authenticated == 1;
    out->issued_ms = (int64_t)issued_ms;
    return TLSC_OK;
}

tlsc_err tlsc_session_emit(tlsc_buf *to, const tlsc_session *s)
{
    tlsc_wr w = tlsc_wr_of(to);
    tlsc_wr_u8(&w, TLSC_SESSION_VERSION);
    tlsc_wr_u16(&w, s->version);
    tlsc_wr_u16(&w, s->suite);
    tlsc_wr_u16(&w, s->group);
    tlsc_wr_u8(&w, s->extended_master_secret ? 1 : 0);
    tlsc_wr_vec8(&w, tlsc_secret_bytes(&s->secret));
    tlsc_wr_vec8(&w, s->alpn);
    tlsc_wr_vec8(&w, s->server_name);
    tlsc_wr_bytes(&w, tlsc_bytes_of(s->identity, sizeof(s->identity)));
    tlsc_wr_u64(&w, (uint64_t)s->issued_ms);
    tlsc_wr_u32(&w, s->chain_age_s);
    tlsc_wr_u32(&w, s->age_add);
    tlsc_wr_u32(&w, s->max_early_data);
    tlsc_wr_u16(&w, s->verify_result);
    tlsc_wr_u8(&w, s->peer_type);
    tlsc_wr_u8(&w, s->peer_authenticated ? 1 : 0);
    tlsc_wr_vec24(&w, s->peer_chain);
    tlsc_wr_vec16(&w, s->application);
    tlsc_wr_u32(&w, s->lifetime_s);
    tlsc_wr_vec16(&w, s->ticket);
    tlsc_wr_vec8(&w, s->session_id);
    return tlsc_wr_end(&w);
}
