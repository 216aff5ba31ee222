/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/session.h: session tickets and the keys that seal them. */
#ifndef TLSCORE_SESSION_H
#define TLSCORE_SESSION_H

#include "tlscore/provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bounds of a tlsc_ticket_key and of tlsc_ticket_keys. */
enum {
    TLSC_TICKET_NAME_LEN = 16, /* bytes */
    TLSC_TICKET_KEY_LEN = 32,  /* bytes */
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

/* ---- stores ---- */

/* Bounds of what a store is asked to keep. */
enum {
    TLSC_STORE_KEY_MAX = 32,     /* bytes of a key */
    TLSC_STORE_VALUE_MAX = 32768 /* bytes of a value */
};

/* Where a server keeps sessions between connections: bytes under keys, sealed by the ticketer, so that
 * no store ever sees a secret. It is copied; what `ctx` points at is borrowed for the configuration's
 * life and is used by every thread that has a connection. Nothing here may block.
 * put: keeps `value` for `lifetime_s` seconds; it may do so later, and what it can't keep is lost,
 *   which costs a full handshake. errors: any, passed over.
 * get, take: write at most `cap` bytes, `*n` of them; *n = 0: there is none. take removes it. Setting
 *   `*later` makes the handshake pause with TLSC_WAIT_SESSION. errors: any count as "none".
 * atomic_take: of two takes of one key, in whichever thread or process, one at most gets the value.
 *   Without it early data is refused, since a replay couldn't be told. */
typedef struct tlsc_store {
    size_t size;
    void *ctx;
    bool atomic_take;
    tlsc_err (*put)(void *ctx, tlsc_bytes key, tlsc_bytes value, uint32_t lifetime_s);
    tlsc_err (*get)(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later);
    tlsc_err (*take)(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later);
} tlsc_store;

/* A store in this process's memory, sharded: put, get and take cost the same however full it is, and
 * each locks one shard for the time of a copy. The oldest of a shard gives way when it is full. */
typedef struct tlsc_memory_store tlsc_memory_store;

/* in: `capacity`, sessions in all, at least 1, rounded up to whole shards; `now_ms`, wall time in ms
 * since 1970-01-01 UTC: what is past its lifetime is never given out. errors: TLSC_E_USAGE,
 * TLSC_E_NO_MEMORY, TLSC_E_RANDOM. */
TLSC_API tlsc_err tlsc_memory_store_new(size_t capacity, int64_t (*now_ms)(void *ctx),
                                        void *now_ctx, tlsc_memory_store **out);
/* Releases it and all it holds; no configuration may use it any more. NULL is fine. */
TLSC_API void tlsc_memory_store_free(tlsc_memory_store *store);
/* The store as a configuration takes it. */
TLSC_API tlsc_store tlsc_memory_store_as_store(tlsc_memory_store *store);
/* Sessions in it now, those past their lifetime included. */
TLSC_API size_t tlsc_memory_store_len(const tlsc_memory_store *store);

/* ---- early data ---- */

/* Who remembers which early data was seen, RFC 8446 8. It is copied, as a store is, and must not block.
 * is_first: has `id` (32 bytes, the same for a replay alone) not come before, within the window that
 *   ends at `until_ms`? True once for each id, in whichever thread or process. errors: any refuse the
 *   early data, not the handshake. */
typedef struct tlsc_replay_guard {
    size_t size;
    void *ctx;
    tlsc_err (*is_first)(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first);
} tlsc_replay_guard;

/* ---- what a client keeps ---- */

/* What a client's session bytes say of themselves; they come from tlsc_client_options.on_session and go
 * into tlsc_client_options.sessions. */
typedef struct tlsc_session_info {
    uint16_t version;
    uint16_t suite;
    int64_t issued_ms;       /* wall time, ms since 1970-01-01 UTC */
    int64_t expires_ms;      /* not offered after that */
    uint32_t max_early_data; /* bytes; 0: none */
    tlsc_bytes server_name;  /* borrowed from the session, as the next */
    tlsc_bytes alpn;
    bool has_ticket;         /* false: TLS 1.2's session id alone */
} tlsc_session_info;
/* Fills in `*out`; checks that the bytes are well formed, not where they come from.
 * errors: TLSC_E_BAD_SESSION, then `*out` is zero. */
TLSC_API tlsc_err tlsc_session_describe(tlsc_bytes session, tlsc_session_info *out);

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
