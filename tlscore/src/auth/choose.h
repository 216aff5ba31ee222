/* SPDX-License-Identifier: Apache-2.0 */
/* auth/choose.h: which credential serves a peer, and how it signs. */
#ifndef TLSC_AUTH_CHOOSE_H
#define TLSC_AUTH_CHOOSE_H

#include "tlscore/cert.h"

/* Chooses a credential and a signature scheme: the first credential in the given order that can
 * sign with anything the peer accepts, with the best such scheme in the credential's own order. A
 * pure function.
 * in: `credentials`, `num` of them. `accepted`: the peer's signature_algorithms, the contents of
 *   the list without its length, big-endian uint16s, unknown ones included. `version`: TLSC_TLS13
 *   or TLSC_TLS12, which differ in what a key may sign with (tlsc_spki_kind_fits).
 * out: `*index` into `credentials` and `*scheme`; on an error both are 0.
 * errors: TLSC_E_NO_CERTIFICATE if `num` is 0, TLSC_E_NO_SHARED_SIGNATURE, TLSC_E_DECODE for a list
 *   of odd length. RFC 8446 4.2.3, 4.4.2.2, 4.4.3. */
tlsc_err tlsc_auth_choose(tlsc_credential *const *credentials, size_t num, tlsc_bytes accepted,
                          uint16_t version, size_t *index, uint16_t *scheme);

#endif
