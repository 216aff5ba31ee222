/* SPDX-License-Identifier: Apache-2.0 */
/* api/session_api.c: what a client's session says of itself. */
#include <string.h>

#include "base/try.h"
#include "keys/session.h"
#include "tlscore/session.h"

tlsc_err tlsc_session_describe(tlsc_bytes session, tlsc_session_info *out)
{
    tlsc_session s;
    memset(out, 0, sizeof(*out));
    TRY(tlsc_session_parse(&s, session));
    out->version = s.version;
    out->suite = s.suite;
    out->issued_ms = s.issued_ms;
    int64_t lifetime_ms = (int64_t)s.lifetime_s * 1000;
    out->expires_ms = s.issued_ms > INT64_MAX - lifetime_ms ? INT64_MAX : s.issued_ms + lifetime_ms;
    out->max_early_data = s.max_early_data;
    out->server_name = s.server_name;
    out->alpn = s.alpn;
    out->has_ticket = s.ticket.n > 0;
    tlsc_session_clear(&s);
    return TLSC_OK;
}
