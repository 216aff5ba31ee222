/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/own.h: our certificate on its way to the peer, whichever role: chosen, sent, signed for. */
#ifndef TLSC_HANDSHAKE_OWN_H
#define TLSC_HANDSHAKE_OWN_H

#include "handshake/hs.h"
#include "wire/certificate_status.h"

/* Fills hs->wish from the ClientHello (a server's; hs->outcome->version is known), or from a
 * CertificateRequest, which is copied. In TLS 1.2 schemes of a kind of key that the request doesn't name
 * are left out; which kind of certificate it is about is hs->own_type. errors: TLSC_E_NO_MEMORY.
 * RFC 8446 4.4.2.2; RFC 5246 7.4.4 */
tlsc_err tlsc_own_wish_of_hello(tlsc_hs *hs);
tlsc_err tlsc_own_wish_of_request(tlsc_hs *hs, const tlsc_certificate_request *cr);

/* Whom the choice is among: the caller's answer, what stands in for the configuration's, or those. Asks the
 * caller if the configuration says so: `*ready` is false during TLSC_WAIT_CREDENTIAL. The list is borrowed
 * from the handshake. errors: TLSC_E_NO_SHARED_SIGNATURE where a server's caller has none. */
typedef struct tlsc_own_candidates {
    tlsc_credential *const *list;
    size_t num;
    bool answered; /* by the caller: nothing else will do */
} tlsc_own_candidates;
tlsc_err tlsc_own_candidates_of(tlsc_hs *hs, tlsc_own_candidates *out, bool *ready);

/* Chooses outcome->credential and outcome->scheme for hs->wish, among these candidates. `*ready` as above.
 * A client for which nothing fits has outcome->credential NULL, which is no error.
 * errors: those of tlsc_auth_choose (a server's, and where the caller's answer doesn't fit). Not for
 * TLS 1.2's server, where the choice hangs on the suite: tlsc_negotiate12. */
tlsc_err tlsc_own_choose(tlsc_hs *hs, bool *ready);
/* Makes a credential the outcome's; NULL: none. */
void tlsc_own_take(tlsc_hs *hs, tlsc_credential *credential, uint16_t scheme);

/* The kinds of certificate that a client has, best first: what it offers in client_certificate_type, unless
 * that is X.509 alone. A caller who chooses (TLSC_WAIT_CREDENTIAL) adds a credential of each kind all the
 * same, to have it offered. Returns how many. RFC 7250 4.1 */
size_t tlsc_own_types(const tlsc_config *config, uint8_t out[2]);
/* A server's: true if server_certificate_type tells `*type`: hs->own_type, the kind that the choice
 * found; where a session is resumed and nothing is chosen, the configuration's first that the client
 * offers, as BoringSSL tells it. Who offered no kinds isn't answered. RFC 7250 4.2 */
bool tlsc_own_tells_type(const tlsc_hs *hs, uint8_t *type);

/* What goes with the certificate: what the peer asks for and the credential has. RFC 8446 4.4.2.1 */
tlsc_certificate_extras tlsc_own_extras(const tlsc_hs *hs);

/* Writes Certificate into the flight, in TLS 1.3 compressed if the peer offers that, and in TLS 1.2 CertificateStatus if there is a staple to send; with
 * outcome->credential NULL an empty one. RFC 8446 4.4.2; RFC 8879 4; RFC 5246 7.4.2, 7.4.6; RFC 6066 8 */
tlsc_err tlsc_own_send_certificate13(tlsc_hs *hs, tlsc_bytes context);
tlsc_err tlsc_own_send_certificate12(tlsc_hs *hs);

/* Makes hs->sign_content for TLS 1.3's CertificateVerify from the transcript so far; then
 * tlsc_hs_make_signature, and this writes the message, in either version. RFC 8446 4.4.3 */
tlsc_err tlsc_own_sign_content13(tlsc_hs *hs);
tlsc_err tlsc_own_send_verify(tlsc_hs *hs);

void tlsc_wish_clear(tlsc_wish *wish);

#endif
