/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/session_out.h: a finished handshake as a session, sealed into a ticket or a store. */
#ifndef TLSC_HANDSHAKE_SESSION_OUT_H
#define TLSC_HANDSHAKE_SESSION_OUT_H

#include "handshake/hs.h"

/* The session of an outcome, without its secret; views borrow from the outcome. Cleared by
 * tlsc_session_clear, also on an error. errors: TLSC_E_RANDOM. */
tlsc_err tlsc_session_of(const tlsc_outcome *o, const tlsc_random *random, int64_t now_ms,
                         tlsc_session *out);

/* Seconds from the full handshake to `now_ms`, rounded up; 0 on one. */
uint32_t tlsc_session_chain_age(const tlsc_outcome *o, int64_t now_ms);
/* Is the full handshake behind a session too long ago for another resumption? */
bool tlsc_session_chain_over(const tlsc_config *config, const tlsc_session *s, int64_t now_ms);
/* What is left of `lifetime_s` for a session of this connection, in seconds; at least 1. */
uint32_t tlsc_session_lifetime(const tlsc_outcome *o, int64_t now_ms, uint32_t lifetime_s);

/* Appends the session as a ticket: itself, sealed; or a key into the store, which keeps it sealed.
 * errors: TLSC_E_NO_TICKET_KEY, TLSC_E_RANDOM, TLSC_E_CRYPTO, TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL, the
 * store's. */
tlsc_err tlsc_session_ticket(const tlsc_provider *provider, const tlsc_conn_options *options,
                             const tlsc_config *config, int64_t now_ms, const tlsc_session *session,
                             tlsc_buf *ticket);

/* A new key for the store: random but for a bit that tells TLS 1.3's keys from TLS 1.2's session ids.
 * The ids go over the wire in the clear again and again: nobody shall be able to have one's session
 * taken out of the store by offering it as a ticket. errors: TLSC_E_RANDOM. */
tlsc_err tlsc_session_new_key(const tlsc_random *random, uint16_t version,
                              uint8_t key[TLSC_STORE_KEY_MAX]);
/* True for what can be such a key. */
bool tlsc_session_is_key(tlsc_bytes key, uint16_t version);
/* Puts the session into the store, sealed. errors: as tlsc_session_ticket's. */
tlsc_err tlsc_session_store(const tlsc_provider *provider, const tlsc_config *config,
                            int64_t now_ms, const tlsc_session *session,
                            const uint8_t key[TLSC_STORE_KEY_MAX]);

/* True where TLS 1.3's tickets are keys into a store, and TLS 1.2 has no tickets. */
bool tlsc_session_tickets_are_keys(const tlsc_config *config, const tlsc_conn_options *options);

#endif
