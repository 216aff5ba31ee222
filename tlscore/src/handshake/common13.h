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

/* The secret of keying material to be exported: told to the key log, kept in the outcome if the configuration
 * allows exports. The first at the master secret, with the transcript's hash through the server's Finished;
 * the other at the early secret, through the ClientHello. errors: TLSC_E_CRYPTO, ... RFC 8446 7.5 */
tlsc_err tlsc_common13_exporter(tlsc_hs *hs, const uint8_t *transcript_hash);
tlsc_err tlsc_common13_early_exporter(tlsc_hs *hs, const uint8_t *transcript_hash);
/* Forgets it: no early data is or was taken. */
void tlsc_common13_drop_early_exporter(tlsc_hs *hs);

#endif
