/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/session_out.h: a finished handshake as a session, and sealed into a ticket. */
#ifndef TLSC_HANDSHAKE_SESSION_OUT_H
#define TLSC_HANDSHAKE_SESSION_OUT_H

#include "handshake/hs.h"

/* The session of an outcome, without its secret; views borrow from the outcome. Cleared by
 * tlsc_session_clear, also on an error. errors: TLSC_E_RANDOM. */
tlsc_err tlsc_session_of(const tlsc_outcome *o, const tlsc_random *random, int64_t now_ms,
                         tlsc_session *out);

/* Appends the session as a ticket. errors: TLSC_E_NO_TICKET_KEY, TLSC_E_RANDOM, TLSC_E_CRYPTO,
 * TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL. */
tlsc_err tlsc_session_seal(const tlsc_provider *provider, const tlsc_ticketer *ticketer,
                           int64_t now_ms, const tlsc_session *session, tlsc_buf *ticket);

#endif
