/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/common12.h: what both roles of TLS 1.2 share: from the premaster secret to Finished. */
#ifndef TLSC_HANDSHAKE_COMMON12_H
#define TLSC_HANDSHAKE_COMMON12_H

#include "handshake/hs.h"

/* RFC 5077 3.3 leaves a lifetime hint of 0 to the client, and RFC 5246 F.1.4 for how long a session id is
 * good to both sides, up to a day. */
enum { TLSC_LIFETIME12_S = 7200 };

/* Appends what ServerKeyExchange's signature covers: both randoms and the parameters. errors:
 * TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL. RFC 8422 5.4 */
tlsc_err tlsc_common12_signed_params(const tlsc_hs *hs, tlsc_bytes params, tlsc_buf *out);

/* Sets hs->master; the transcript ends with ClientKeyExchange. errors: TLSC_E_CRYPTO,
 * TLSC_E_NO_MEMORY. RFC 5246 8.1, RFC 7627 4 */
tlsc_err tlsc_common12_derive_master(tlsc_hs *hs, tlsc_bytes premaster);
/* Sets hs->keys12 from it, and writes the key log. errors: the same. RFC 5246 6.3 */
tlsc_err tlsc_common12_derive_keys(tlsc_hs *hs);

/* Sends what is in the flight, ChangeCipherSpec, and our Finished under the new key. errors:
 * TLSC_E_CRYPTO, TLSC_E_NO_MEMORY, ... RFC 5246 7.1, 7.4.9 */
tlsc_err tlsc_common12_send_finished(tlsc_hs *hs);
/* The peer's ChangeCipherSpec: its records are protected from here on. errors: TLSC_E_CRYPTO. */
tlsc_err tlsc_common12_take_ccs(tlsc_hs *hs);
/* Checks the peer's Finished and sets TLSC_PROVEN_FINISHED. errors: TLSC_E_DECODE,
 * TLSC_E_BAD_FINISHED, ... RFC 5246 7.4.9 */
tlsc_err tlsc_common12_check_finished(tlsc_hs *hs, const tlsc_msg *msg);

#endif
