/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/hash.c: SHA-2, and SHA-1, on libcrypto's flat contexts, and HMAC over them.
 *
 * The contexts are used directly since an EVP_MD_CTX allocates its state. For the same reason HMAC
 * is spelled out here: BoringSSL's HMAC_CTX holds three such contexts, that is three allocations
 * for each of the some thirty HMACs of a handshake's key schedule. */
#include <openssl/sha.h>

#include <string.h>

#include "base/mem.h"
#include "crypto/libcrypto/internal.h"

enum { BLOCK_MAX = SHA384_CBLOCK };

_Static_assert(sizeof(SHA256_CTX) <= TLSC_HASH_STATE_MAX, "TLSC_HASH_STATE_MAX is too small");
_Static_assert(sizeof(SHA512_CTX) <= TLSC_HASH_STATE_MAX, "TLSC_HASH_STATE_MAX is too small");

/* libcrypto documents these functions to succeed always, so their results tell nothing. */

static void sha1_init(void *state)
{
    (void)SHA1_Init(state);
}

static void sha1_update(void *state, tlsc_bytes data)
{
    (void)SHA1_Update(state, data.p, data.n);
}

static void sha1_final(const void *state, uint8_t *out)
{
    SHA_CTX copy = *(const SHA_CTX *)state;
    (void)SHA1_Final(out, &copy);
    tlsc_wipe(&copy, sizeof(copy));
}

static void sha256_init(void *state)
{
    (void)SHA256_Init(state);
}

static void sha256_update(void *state, tlsc_bytes data)
{
    (void)SHA256_Update(state, data.p, data.n);
}

static void sha256_final(const void *state, uint8_t *out)
{
    SHA256_CTX copy = *(const SHA256_CTX *)state;
    (void)SHA256_Final(out, &copy);
    tlsc_wipe(&copy, sizeof(copy));
}

static void sha384_init(void *state)
{
    (void)SHA384_Init(state);
}

static void sha384_update(void *state, tlsc_bytes data)
{
    (void)SHA384_Update(state, data.p, data.n);
}

static void sha384_final(const void *state, uint8_t *out)
{
    SHA512_CTX copy = *(const SHA512_CTX *)state;
    (void)SHA384_Final(out, &copy);
    tlsc_wipe(&copy, sizeof(copy));
}

typedef union any_state {
    SHA_CTX sha1;
    SHA256_CTX sha256;
    SHA512_CTX sha512;
} any_state;

/* The hash's state after one block of the key, padded with zeroes and XORed with `pad`. */
static void start_with_key(const tlsc_hash *h, any_state *state, const uint8_t key[BLOCK_MAX],
                           uint8_t pad)
{
    uint8_t block[BLOCK_MAX];
    /* The longest block whatever the hash: a compiler vectorizes a constant length. */
    for (size_t i = 0; i < BLOCK_MAX; i++) {
        block[i] = key[i] ^ pad;
    }
    h->init(state);
    h->update(state, (tlsc_bytes){ block, h->block_len });
    tlsc_wipe(block, sizeof(block));
}

/* RFC 2104 2: H(K ^ opad, H(K ^ ipad, text)). */
static tlsc_err hmac(const tlsc_hash *h, tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts,
                     uint8_t *out)
{
    any_state state;
    uint8_t padded_key[BLOCK_MAX] = { 0 };
    uint8_t inner[TLSC_HASH_MAX];

    if (key.n > h->block_len) {
        h->init(&state);
        h->update(&state, key);
        h->final(&state, padded_key);
    } else if (key.n > 0) {
        memcpy(padded_key, key.p, key.n);
    }

    start_with_key(h, &state, padded_key, 0x36);
    for (size_t i = 0; i < num_parts; i++) {
        h->update(&state, parts[i]);
    }
    h->final(&state, inner);

    start_with_key(h, &state, padded_key, 0x5c);
    h->update(&state, (tlsc_bytes){ inner, h->len });
    h->final(&state, out);

    tlsc_wipe(&state, sizeof(state));
    tlsc_wipe(padded_key, sizeof(padded_key));
    tlsc_wipe(inner, sizeof(inner));
    return TLSC_OK;
}

static tlsc_err sha1_hmac(tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts, uint8_t *out)
{
    return hmac(&tlsc_libcrypto_sha1, key, parts, num_parts, out);
}

static tlsc_err sha256_hmac(tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts, uint8_t *out)
{
    return hmac(&tlsc_libcrypto_sha256, key, parts, num_parts, out);
}

static tlsc_err sha384_hmac(tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts, uint8_t *out)
{
    return hmac(&tlsc_libcrypto_sha384, key, parts, num_parts, out);
}

const tlsc_hash tlsc_libcrypto_sha1 = {
    .size = sizeof(tlsc_hash),
    .name = "SHA1",
    .len = SHA_DIGEST_LENGTH,
    .block_len = SHA_CBLOCK,
    .state_len = sizeof(SHA_CTX),
    .init = sha1_init,
    .update = sha1_update,
    .final = sha1_final,
    .hmac = sha1_hmac,
};

const tlsc_hash tlsc_libcrypto_sha256 = {
    .size = sizeof(tlsc_hash),
    .name = "SHA256",
    .len = SHA256_DIGEST_LENGTH,
    .block_len = SHA256_CBLOCK,
    .state_len = sizeof(SHA256_CTX),
    .init = sha256_init,
    .update = sha256_update,
    .final = sha256_final,
    .hmac = sha256_hmac,
};

const tlsc_hash tlsc_libcrypto_sha384 = {
    .size = sizeof(tlsc_hash),
    .name = "SHA384",
    .len = SHA384_DIGEST_LENGTH,
    .block_len = SHA384_CBLOCK,
    .state_len = sizeof(SHA512_CTX),
    .init = sha384_init,
    .update = sha384_update,
    .final = sha384_final,
    .hmac = sha384_hmac,
};
