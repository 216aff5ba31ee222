/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/hash.c: SHA-256 and its HMAC. libsodium has no SHA-384. */
#include <sodium.h>

#include "base/mem.h"
#include "crypto/sodium/sodium.h"

_Static_assert(sizeof(crypto_hash_sha256_state) <= TLSC_HASH_STATE_MAX,
               "TLSC_HASH_STATE_MAX is too small");

enum { BLOCK_LEN = 64 };

/* libsodium's functions for SHA-256 always succeed, so their results tell nothing. */

static void init(void *state)
{
    (void)crypto_hash_sha256_init((crypto_hash_sha256_state *)state);
}

static void update(void *state, tlsc_bytes data)
{
    (void)crypto_hash_sha256_update((crypto_hash_sha256_state *)state, data.p, data.n);
}

static void final(const void *state, uint8_t *out)
{
    crypto_hash_sha256_state copy = *(const crypto_hash_sha256_state *)state;
    (void)crypto_hash_sha256_final(&copy, out);
    tlsc_wipe(&copy, sizeof(copy));
}

static tlsc_err hmac(tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts, uint8_t *out)
{
    static const uint8_t empty[1];
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, key.n == 0 ? empty : key.p, key.n);
    for (size_t i = 0; i < num_parts; i++) {
        (void)crypto_auth_hmacsha256_update(&state, parts[i].p, parts[i].n);
    }
    (void)crypto_auth_hmacsha256_final(&state, out);
    tlsc_wipe(&state, sizeof(state));
    return TLSC_OK;
}

const tlsc_hash tlsc_sodium_sha256 = {
    .size = sizeof(tlsc_hash),
    .name = "SHA256",
    .len = crypto_hash_sha256_BYTES,
    .block_len = BLOCK_LEN,
    .state_len = sizeof(crypto_hash_sha256_state),
    .init = init,
    .update = update,
    .final = final,
    .hmac = hmac,
};
