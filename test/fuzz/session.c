/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/session.c: the decoder of sessions: tickets are sealed, but stores and clients keep
 * sessions as they are. */
#include "keys/session.h"

#include <string.h>

#include "round_trip.h"

static tlsc_err parse_and_write(tlsc_bytes encoded, tlsc_buf *again)
{
    static const tlsc_session zero;
    tlsc_session s;
    tlsc_err rc = tlsc_session_parse(&s, encoded);
    if (rc != TLSC_OK) {
        must(memcmp(&s, &zero, sizeof(s)) == 0);
        return rc;
    }
    must(s.secret.n > 0 && s.secret.n <= sizeof(s.secret.b) && s.issued_ms >= 0);
    must(fuzz_within(s.alpn, encoded) && fuzz_within(s.server_name, encoded));
    must(fuzz_within(s.peer_chain, encoded) && fuzz_within(s.application, encoded));
    must(fuzz_within(s.ticket, encoded) && fuzz_within(s.session_id, encoded));
    must(s.session_id.n <= 32);
    rc = tlsc_session_emit(again, &s);
    tlsc_session_clear(&s);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const message_kind kind = { parse_and_write, true };
    tlsc_bytes encoded = { data, size };
    tlsc_err rc = round_trip(&kind, encoded);
    must(rc == TLSC_OK || rc == TLSC_E_BAD_SESSION);
    if (rc == TLSC_OK) { /* a byte less is never a session */
        tlsc_session s;
        must(tlsc_session_parse(&s, tlsc_bytes_of(data, size - 1)) == TLSC_E_BAD_SESSION);
    }
    return 0;
}
