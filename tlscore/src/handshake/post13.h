/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/post13.h: what a TLS 1.3 server says after the handshake: tickets and KeyUpdate. There is
 * no transcript and no machine here. */
#ifndef TLSC_HANDSHAKE_POST13_H
#define TLSC_HANDSHAKE_POST13_H

#include "handshake/hs.h"

/* Queues the tickets that are due, in one record if they fit, and wipes the resumption secret. Without
 * a ticket key, or where making one fails, there are fewer tickets or none, and that is no error.
 * errors: those of tlsc_rl_put. RFC 8446 4.6.1 */
tlsc_err tlsc_post13_send_tickets(const tlsc_provider *provider, const tlsc_conn_options *options,
                                  tlsc_outcome *outcome, tlsc_record_layer *rl);

/* The session of the ticket of number `nonce`, its PSK included; cleared by tlsc_session_clear, also on
 * an error. errors: TLSC_E_RANDOM, TLSC_E_CRYPTO, TLSC_E_NO_MEMORY. */
tlsc_err tlsc_post13_session(const tlsc_provider *provider, const tlsc_conn_options *options,
                             const tlsc_outcome *outcome, int64_t now_ms, uint8_t nonce,
                             tlsc_session *out);
/* Appends the NewSessionTicket for it. errors: TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL. */
tlsc_err tlsc_post13_put_ticket(const tlsc_outcome *outcome, const tlsc_session *session,
                                uint8_t nonce, tlsc_bytes ticket, tlsc_buf *out);

/* Queues a KeyUpdate and goes on with the next keys. errors: TLSC_E_NO_MEMORY, TLSC_E_CRYPTO.
 * RFC 8446 4.6.3 */
tlsc_err tlsc_post13_send_key_update(tlsc_record_layer *rl, bool request_peer);

#endif
