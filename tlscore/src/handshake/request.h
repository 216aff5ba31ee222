/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/request.h: a server asks its client for a certificate. */
#ifndef TLSC_HANDSHAKE_REQUEST_H
#define TLSC_HANDSHAKE_REQUEST_H

#include "handshake/hs.h"

/* True if this handshake asks: a resumed one doesn't, RFC 8446 4.3.2. */
bool tlsc_request_due(const tlsc_hs *hs);

/* Where a certificate is asked for: chooses its kind, outcome->peer_type, by the configuration's order
 * among those that the client offers. Before anything is sent. errors:
 * TLSC_E_NO_SHARED_CERTIFICATE_TYPE. RFC 7250 4.2 */
tlsc_err tlsc_request_choose_type(tlsc_hs *hs);
/* True if the choice is told in client_certificate_type: who didn't offer kinds isn't answered. */
bool tlsc_request_tells_type(const tlsc_hs *hs);

/* Writes CertificateRequest into the flight. in: `context`, empty in the handshake itself.
 * errors: TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL. RFC 8446 4.3.2; RFC 5246 7.4.4 */
tlsc_err tlsc_request_send13(tlsc_hs *hs, tlsc_bytes context);
tlsc_err tlsc_request_send12(tlsc_hs *hs);

/* Takes the client's Certificate. `*came` is false where it sent none, and might.
 * errors: TLSC_E_CERTIFICATE_REQUIRED, those of tlsc_peer_take_certificate13 and 12. */
tlsc_err tlsc_request_take13(tlsc_hs *hs, const tlsc_msg *msg, bool *came);
tlsc_err tlsc_request_take12(tlsc_hs *hs, const tlsc_msg *msg, bool *came);

/* What the configuration asks to be proven about the client beyond the handshake itself: a set of
 * TLSC_PROVEN_... . */
uint32_t tlsc_request_proof(const tlsc_hs *hs);

#endif
