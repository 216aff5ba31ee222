/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/tickets.h: how many tickets a TLS 1.3 client gets, and tickets that the caller seals while
 * the handshake pauses. */
#ifndef TLSC_HANDSHAKE_TICKETS_H
#define TLSC_HANDSHAKE_TICKETS_H

#include "handshake/hs.h"

/* Bytes of a ticket on the wire, RFC 8446 4.6.1. */
enum { TLSC_TICKET_MAX = 65535 };

/* How many tickets follow this TLS 1.3 handshake: as the configuration says, or as many as the client
 * asks for, up to the configuration's most. RFC 9149 3 */
unsigned tlsc_tickets_due(const tlsc_hs *hs);

/* Has the caller seal a session: TLSC_WAIT_SEAL. Its encoding is in hs->to_seal, and after the answer
 * (hs->sealed_answered) the ticket in hs->sealed, empty if there is to be none. errors:
 * TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL; then there is no pause. */
tlsc_err tlsc_tickets_ask(tlsc_hs *hs, const tlsc_session *session);
/* Wipes both. */
void tlsc_tickets_drop(tlsc_hs *hs);

/* A TLS 1.3 server's state behind the client's Finished where the caller seals the tickets. */
extern const tlsc_hs_state tlsc_tickets_make13;

#endif
