/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/session_out.c: sessions on their way to a client. */
#include "handshake/session_out.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "handshake/peer.h"
#include "keys/ticket_seal.h"

tlsc_err tlsc_session_of(const tlsc_outcome *o, const tlsc_random *random, int64_t now_ms,
                         tlsc_session *out)
{
    uint8_t age_add[4];
    memset(out, 0, sizeof(*out));
    TRY(random->fill(random->ctx, age_add, sizeof(age_add)));
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(age_add, sizeof(age_add)));
    out->age_add = tlsc_rd_u32(&r);
    out->version = o->version;
    out->suite = o->suite->id;
    out->group = o->group;
    out->alpn = o->alpn;
    out->server_name = o->server_name;
    memcpy(out->identity, o->config->identity, sizeof(out->identity));
    out->issued_ms = now_ms;
    tlsc_peer_to_session(o, out);
    return TLSC_OK;
}

tlsc_err tlsc_session_seal(const tlsc_provider *provider, const tlsc_ticketer *ticketer,
                           int64_t now_ms, const tlsc_session *session, tlsc_buf *ticket)
{
    tlsc_buf encoded = tlsc_buf_of(ticket->max);
    tlsc_ticket_keys keys = { 0 };
    tlsc_err rc = tlsc_session_emit(&encoded, session);
    if (rc == TLSC_OK) {
        rc = ticketer->read_keys(ticketer->ctx, &keys);
    }
    if (rc == TLSC_OK) {
        rc = tlsc_ticket_seal(provider, provider->random, &keys, now_ms, tlsc_buf_bytes(&encoded),
                              ticket);
    }
    tlsc_ticket_keys_clear(&keys);
    tlsc_buf_clear(&encoded);
    return rc;
}
