/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/own.h: our certificate on its way to the peer, whichever role: chosen, sent, signed for. */
#ifndef TLSC_HANDSHAKE_OWN_H
#define TLSC_HANDSHAKE_OWN_H

#include "handshake/hs.h"

/* Fills hs->wish from the ClientHello (a server's), or from a CertificateRequest, which is copied.
 * errors: TLSC_E_NO_MEMORY, TLSC_E_DECODE. */
tlsc_err tlsc_own_wish_of_hello(tlsc_hs *hs);
tlsc_err tlsc_own_wish_of_request(tlsc_hs *hs, const tlsc_certificate_request *cr);

/* Chooses outcome->credential and outcome->scheme for hs->wish: among the configuration's or by the
 * caller. `*ready` is false during TLSC_WAIT_CREDENTIAL. A client for which nothing fits has
 * outcome->credential NULL, which is no error. errors: TLSC_E_NO_SHARED_SIGNATURE (a server's),
 * TLSC_E_NO_CERTIFICATE. Not for TLS 1.2's server, where the choice hangs on the suite: tlsc_negotiate12. */
tlsc_err tlsc_own_choose(tlsc_hs *hs, bool *ready);

/* Writes Certificate into the flight; with outcome->credential NULL an empty one.
 * RFC 8446 4.4.2; RFC 5246 7.4.2, 7.4.6 */
tlsc_err tlsc_own_send_certificate13(tlsc_hs *hs, tlsc_bytes context);
tlsc_err tlsc_own_send_certificate12(tlsc_hs *hs);

/* Makes hs->sign_content for TLS 1.3's CertificateVerify from the transcript so far; then
 * tlsc_hs_make_signature, and this writes the message. */
tlsc_err tlsc_own_sign_content13(tlsc_hs *hs);
tlsc_err tlsc_own_send_verify(tlsc_hs *hs);

void tlsc_wish_clear(tlsc_wish *wish);

#endif
