/* SPDX-License-Identifier: Apache-2.0 */
/* keys/hmac.c: H(K ^ opad, H(K ^ ipad, text)), RFC 2104 2. */
#include "keys/hmac.h"

#include <string.h>

#include "base/mem.h"

enum { IPAD = 0x36, OPAD = 0x5c };

/* The state after one block of the key XORed with `pad`. */
static void start(const tlsc_hash *hash, uint8_t *state, const uint8_t key[TLSC_HASH_BLOCK_MAX],
                  uint8_t pad)
{
    uint8_t block[TLSC_HASH_BLOCK_MAX];
    /* The longest block whatever the hash: a compiler vectorizes a constant length. */
    for (size_t i = 0; i < TLSC_HASH_BLOCK_MAX; i++) {
        block[i] = key[i] ^ pad;
    }
    hash->init(state);
    hash->update(state, (tlsc_bytes){ block, hash->block_len });
    tlsc_wipe(block, sizeof(block));
}

void tlsc_hmac_init(tlsc_hmac *h, const tlsc_hash *hash, tlsc_bytes key)
{
    uint8_t padded[TLSC_HASH_BLOCK_MAX] = { 0 };
    h->hash = hash;
    if (key.n > hash->block_len) {
        hash->init(h->inner);
        hash->update(h->inner, key);
        hash->final(h->inner, padded);
    } else if (key.n > 0) {
        memcpy(padded, key.p, key.n);
    }
    start(hash, h->inner, padded, IPAD);
    start(hash, h->outer, padded, OPAD);
    tlsc_wipe(padded, sizeof(padded));
}

void tlsc_hmac_of(const tlsc_hmac *h, const tlsc_bytes *parts, size_t num_parts, uint8_t *out)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    uint8_t inner[TLSC_HASH_MAX];
    memcpy(state, h->inner, h->hash->state_len);
    for (size_t i = 0; i < num_parts; i++) {
        h->hash->update(state, parts[i]);
    }
    h->hash->final(state, inner);
    memcpy(state, h->outer, h->hash->state_len);
    h->hash->update(state, (tlsc_bytes){ inner, h->hash->len });
    h->hash->final(state, out);
    tlsc_wipe(state, h->hash->state_len);
    tlsc_wipe(inner, sizeof(inner));
}

void tlsc_hmac_clear(tlsc_hmac *h)
{
    tlsc_wipe(h, sizeof(*h));
}
