/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_sessions.h: sessions in shared memory, for clients of TLS 1.2 that know session ids and no
 * tickets. Every child reads and writes, without a lock; what lies there is sealed by a ticket
 * key. */
#ifndef TLSX_SESSIONS_H
#define TLSX_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "tlscore/session.h"

enum { TLSX_SESSIONS_VERSION = 1 };

typedef struct tlsx_sessions tlsx_sessions;

/* Bytes that all of it takes. Zeroed, it is empty. */
size_t tlsx_sessions_size(void);

/* Keeps `value` under `key` until `until_ms`; where there is no room, what would end first gives
 * way. False: it is too long, or others write just there; it is not kept. in: `key`, 32 bytes. */
bool tlsx_sessions_put(tlsx_sessions *sessions, tlsc_bytes key, tlsc_bytes value, int64_t now_ms,
                       int64_t until_ms);

/* Copies what is kept under `key`, at most `cap` bytes. Returns how many; 0: nothing is. */
size_t tlsx_sessions_get(tlsx_sessions *sessions, tlsc_bytes key, int64_t now_ms, uint8_t *out,
                         size_t cap);

/* The same, and removes it: of several who take at once, one at most gets it. */
size_t tlsx_sessions_take(tlsx_sessions *sessions, tlsc_bytes key, int64_t now_ms, uint8_t *out,
                          size_t cap);

#endif
