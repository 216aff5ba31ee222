/* SPDX-License-Identifier: Apache-2.0 */
/* keys/ticket_seal.h: sessions sealed into tickets.
 *
 *     ticket = key name[16] | salt[16] | AEAD(session) | tag[16]
 *
 * Each ticket has a key and nonce of its own, derived from the ring's key and the salt, so that the
 * number of tickets under one ring key is not bounded by random nonces colliding. */
#ifndef TLSC_KEYS_TICKET_SEAL_H
#define TLSC_KEYS_TICKET_SEAL_H

#include "base/buf.h"
#include "tlscore/session.h"

enum {
    TLSC_TICKET_SALT_LEN = 16,
    TLSC_TICKET_OVERHEAD = TLSC_TICKET_NAME_LEN + TLSC_TICKET_SALT_LEN + TLSC_AEAD_TAG_LEN
};

/* Seals `session` under the youngest key that is in force at `now_ms`, and appends the ticket.
 * errors: TLSC_E_NO_TICKET_KEY if none is, TLSC_E_RANDOM, TLSC_E_CRYPTO, TLSC_E_NO_MEMORY,
 * TLSC_E_TOO_SMALL. */
tlsc_err tlsc_ticket_seal(const tlsc_provider *provider, const tlsc_random *random,
                          const tlsc_ticket_keys *keys, int64_t now_ms, tlsc_bytes session,
                          tlsc_buf *out);

/* Opens a ticket and appends the session. errors: TLSC_E_BAD_TICKET for one that no key here made or
 * that was altered; TLSC_E_CRYPTO, TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL. */
tlsc_err tlsc_ticket_unseal(const tlsc_provider *provider, const tlsc_ticket_keys *keys,
                            tlsc_bytes ticket, tlsc_buf *out);

#endif
