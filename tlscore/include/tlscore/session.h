/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/session.h: session tickets and the keys that seal them. */
#ifndef TLSCORE_SESSION_H
#define TLSCORE_SESSION_H

#include "tlscore/provider.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    TLSC_TICKET_NAME_LEN = 16,
    TLSC_TICKET_KEY_LEN = 32,
    TLSC_TICKET_KEYS_MAX = 3
};

/* One key that seals tickets, from `from_ms` to `until_ms` (wall time, ms since 1970-01-01 UTC).
 * Its name is public: it stands at the front of each ticket. */
typedef struct tlsc_ticket_key {
    uint8_t name[TLSC_TICKET_NAME_LEN];
    uint8_t key[TLSC_TICKET_KEY_LEN];
    int64_t from_ms;
    int64_t until_ms;
} tlsc_ticket_key;

/* The keys in force: those within [from_ms, until_ms) seal, the youngest first; all `num` open. */
typedef struct tlsc_ticket_keys {
    size_t num;
    tlsc_ticket_key keys[TLSC_TICKET_KEYS_MAX];
} tlsc_ticket_keys;

/* How a server seals and opens tickets by itself. `read_keys` copies the keys in force out of
 * wherever they live (shared memory, say) whenever a ticket is sealed or opened; it must not block,
 * and the copy is wiped after use. errors: TLSC_E_NO_TICKET_KEY makes the server send no ticket and
 * open none, which costs a full handshake and nothing else.
 * `lifetime_s`: a ticket is refused once older than this, by the issue time sealed in it; clients
 * are told so. 1 to 604,800 (7 days, RFC 8446 4.6.1). */
typedef struct tlsc_ticketer {
    size_t size;
    void *ctx;
    tlsc_err (*read_keys)(void *ctx, tlsc_ticket_keys *out);
    uint32_t lifetime_s;
} tlsc_ticketer;

/* Fills a new key: random name and key, in force for [from_ms, until_ms).
 * errors: TLSC_E_RANDOM, then `*out` is zero. */
TLSC_API tlsc_err tlsc_ticket_key_new(const tlsc_provider *provider, int64_t from_ms,
                                      int64_t until_ms, tlsc_ticket_key *out);
/* Opens a ticket where TLSC_WAIT_TICKET left that to the caller: writes the session that
 * tlsc_conn_answer_ticket takes. It holds a secret: the caller wipes it. in: `cap` bytes at `out`; the
 * ticket's length is always enough. errors: TLSC_E_BAD_TICKET, TLSC_E_TOO_SMALL, TLSC_E_CRYPTO,
 * TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_ticket_open(const tlsc_provider *provider, const tlsc_ticket_keys *keys,
                                   tlsc_bytes ticket, uint8_t *out, size_t cap, size_t *out_len);
/* Wipes a copy of keys. */
TLSC_API void tlsc_ticket_keys_clear(tlsc_ticket_keys *keys);

#ifdef __cplusplus
}
#endif
#endif
