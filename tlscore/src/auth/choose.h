/* SPDX-License-Identifier: Apache-2.0 */
/* auth/choose.h: which credential serves a peer, and how it signs. */
#ifndef TLSC_AUTH_CHOOSE_H
#define TLSC_AUTH_CHOOSE_H

#include "tlscore/conn.h"
#include "x509/spki.h"

/* With `authentication`: curves whose keys a policy doesn't allow, whatever they sign with. */
enum { TLSC_AUTH_NO_P256 = 0x10, TLSC_AUTH_NO_P384 = 0x20, TLSC_AUTH_NO_P521 = 0x40 };
/* Whether they name this key's curve. */
bool tlsc_auth_refuses_curve(uint8_t authentication, tlsc_spki_kind kind);

typedef struct tlsc_auth_choice {
    tlsc_credential *credential; /* borrowed from the list */
    uint16_t scheme;
    unsigned rank; /* how well it fits: for comparing the choices for two suites */
} tlsc_auth_choice;

/* Chooses a credential and a signature scheme. It must be of a kind that the peer takes (RFC 7250), have a
 * scheme that the peer accepts, in the credential's own order, in TLS 1.2 a curve that the peer knows, and
 * if it is only for peers that name its issuer, such a peer. Of those that may serve, the best has
 *
 *     a name that is the server name, or is a raw key,
 *     then an issuer among the authorities that the peer names,
 *     then a chain whose signatures the peer can check: a wish, as RFC 8446 4.4.2.2 says,
 *
 * and of two that are equal in all this the first in the list serves. A pure function, without allocations.
 * in: what the peer asks for; `authentication`: of a TLS 1.2 server's suite, TLSC_AUTH_ANY for all else;
 *   with TLSC_AUTH_NO_... or without;
 *   `credentials`, `num` of them.
 * errors, then `*out` is zero: TLSC_E_NO_CERTIFICATE if `num` is 0; TLSC_E_NO_SHARED_CERTIFICATE_TYPE,
 *   TLSC_E_NO_SHARED_SIGNATURE, TLSC_E_NO_MATCHING_ISSUER: of the credentials' reasons, the one that comes
 *   last here, since that was nearest.
 * RFC 8446 4.2.3, 4.2.4, 4.4.2.2, 4.4.2.3; RFC 8422 5.1, 5.3; RFC 6066 3; RFC 7250 4.2 */
tlsc_err tlsc_auth_choose(const tlsc_credential_request *wish, uint8_t authentication,
                          tlsc_credential *const *credentials, size_t num, tlsc_auth_choice *out);
/* Of two such reasons the one that says more, for choices that are made in several steps. */
tlsc_err tlsc_auth_nearer(tlsc_err a, tlsc_err b);

#endif
