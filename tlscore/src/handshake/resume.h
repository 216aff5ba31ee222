/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/resume.h: resumption on the server's side: pre_shared_key; TLS 1.2's tickets and ids. */
#ifndef TLSC_HANDSHAKE_RESUME_H
#define TLSC_HANDSHAKE_RESUME_H

#include "handshake/hs.h"

/* Identities that are looked at; a client has no use for more. */
enum { TLSC_PSK_TRIES = 4 };

/* True if tickets make sense between these two: the client does psk_dhe_ke, and we have a ticketer and a
 * clock. */
bool tlsc_resume13_possible(const tlsc_hs *hs);

/* True if the ClientHello offers PSKs that may be used here: psk_dhe_ke, and a ticketer that opens
 * them. errors: TLSC_E_MISSING_PSK_MODES, TLSC_E_PSK_COUNT_MISMATCH. RFC 8446 4.2.9, 4.2.11 */
tlsc_err tlsc_resume13_offered(const tlsc_hs *hs, bool *offered);

/* The identity number hs->psk_index; false beyond the last. */
bool tlsc_resume13_identity(const tlsc_hs *hs, tlsc_psk_identity *out);

/* Tries the session in hs->ticket_session: `*accepted` if it fits this handshake, and then the key
 * schedule has begun with its PSK, and the binder matched. errors: TLSC_E_BAD_BINDER; others where
 * cryptography or memory fails. RFC 8446 4.2.11.2 */
tlsc_err tlsc_resume13_try(tlsc_hs *hs, bool *accepted);

/* Brings the TLS 1.2 session that the ClientHello names into hs->ticket_session: by its ticket, or, if
 * there is none, by its session id; it stays empty if there is nothing. `*ready` is false during a
 * pause. errors: TLSC_E_NO_MEMORY. RFC 5077 3.4 */
tlsc_err tlsc_resume12_find(tlsc_hs *hs, bool *ready);
/* Tries the session in hs->ticket_session for TLS 1.2: if `*accepted`, suite and master secret are set.
 * errors: TLSC_E_LOST_EXTENDED_MASTER_SECRET. */
tlsc_err tlsc_resume12_try(tlsc_hs *hs, bool *accepted);

#endif
