/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/common13.h: what both roles of TLS 1.3 share, in the handshake and after it. */
#ifndef TLSC_HANDSHAKE_COMMON13_H
#define TLSC_HANDSHAKE_COMMON13_H

#include "handshake/hs.h"

/* Checks the peer's Finished, which was the last message, under the secret that it is read with, and
 * counts as TLSC_PROVEN_FINISHED. errors: TLSC_E_DECODE, TLSC_E_BAD_FINISHED. RFC 8446 4.4.4 */
tlsc_err tlsc_common13_check_finished(tlsc_hs *hs, const tlsc_msg *msg);
/* Writes ours behind the flight, under the secret that it is sealed with, and sends it all. */
tlsc_err tlsc_common13_send_finished(tlsc_hs *hs);

#endif
