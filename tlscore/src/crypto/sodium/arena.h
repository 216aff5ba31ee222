/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/arena.h: memory for secret keys between guard pages, locked, left out of core dumps, and
 * read-only but for the moments in which a key is put there or wiped. */
#ifndef TLSC_CRYPTO_SODIUM_ARENA_H
#define TLSC_CRYPTO_SODIUM_ARENA_H

#include "tlscore/base.h"

enum { TLSC_ARENA_KEY_LEN = 64 /* bytes of a key, an Ed25519 seed and its public half */ };

/* Takes room for a key and has `fill` write all TLSC_ARENA_KEY_LEN bytes of it. NULL when memory is
 * short. Any thread. */
const uint8_t *tlsc_arena_take(void (*fill)(uint8_t *key, void *ctx), void *ctx);
/* Wipes it and gives it back. NULL is fine. */
void tlsc_arena_give(const uint8_t *key);

#endif
