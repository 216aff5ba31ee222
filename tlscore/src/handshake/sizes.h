/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/sizes.h: how long records may be, agreed on in the hellos. */
#ifndef TLSC_HANDSHAKE_SIZES_H
#define TLSC_HANDSHAKE_SIZES_H

#include "handshake/hs.h"
#include "wire/record_sizes.h"

/* What a client offers. */
tlsc_record_sizes tlsc_sizes_offer(const tlsc_config *config);
/* What a server answers to the ClientHello, whose version is known; what it says counts from here on, in
 * both directions. errors: TLSC_E_BAD_RECORD_SIZE. RFC 8449 4, 5; RFC 6066 4 */
tlsc_err tlsc_sizes_answer(tlsc_hs *hs, tlsc_record_sizes *out);
/* The same when a client hears the answer. errors: the same. */
tlsc_err tlsc_sizes_take(tlsc_hs *hs, const tlsc_record_sizes *answer);

#endif
