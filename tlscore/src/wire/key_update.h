/* SPDX-License-Identifier: Apache-2.0 */
/* wire/key_update.h: KeyUpdate. */
#ifndef TLSC_WIRE_KEY_UPDATE_H
#define TLSC_WIRE_KEY_UPDATE_H

#include "wire/reader.h"
#include "wire/writer.h"

/* enum { update_not_requested(0), update_requested(1) } KeyUpdateRequest;
 * errors: TLSC_E_DECODE, TLSC_E_BAD_KEY_UPDATE for another number. RFC 8446 4.6.3 */
tlsc_err tlsc_key_update_parse(bool *requested, tlsc_bytes body);
void tlsc_key_update_emit(tlsc_wr *w, bool request);

#endif
