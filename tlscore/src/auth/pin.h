/* SPDX-License-Identifier: Apache-2.0 */
/* auth/pin.h: keys that a peer must hold. */
#ifndef TLSC_AUTH_PIN_H
#define TLSC_AUTH_PIN_H

#include "tlscore/base.h"

/* True if `spki` is one of the pinned keys; their meaning is compared, not their DER.
 * in: `pins`, `num` of them, and `spki`, DER SubjectPublicKeyInfo each. */
bool tlsc_pin_matches(const tlsc_bytes *pins, size_t num, tlsc_bytes spki);

#endif
