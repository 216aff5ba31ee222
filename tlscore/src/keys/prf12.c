/* SPDX-License-Identifier: Apache-2.0 */
/* keys/prf12.c: TLS 1.2's key derivation; see the drawing in the header. */
#include "keys/prf12.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "keys/hmac.h"

/* P_hash(secret, seed) = HMAC(secret, A(1) + seed) + HMAC(secret, A(2) + seed) + ...
 * A(0) = seed, A(i) = HMAC(secret, A(i-1)); the seed is label + seed1 + seed2. RFC 5246 5 */
static void prf(const tlsc_hmac *secret, const char *label, tlsc_bytes seed1, tlsc_bytes seed2,
                uint8_t *out, size_t n)
{
    uint8_t a[TLSC_HASH_MAX];
    uint8_t block[TLSC_HASH_MAX];
    size_t hash_len = secret->hash->len;
    tlsc_bytes seed[] = { tlsc_bytes_of(a, hash_len), tlsc_bytes_of_str(label), seed1, seed2 };
    tlsc_hmac_of(secret, seed + 1, TLSC_COUNT(seed) - 1, a);
    for (size_t done = 0; done < n; done += hash_len) {
        if (done > 0) {
            tlsc_hmac_of(secret, seed, 1, a);
        }
        tlsc_hmac_of(secret, seed, TLSC_COUNT(seed), block);
        memcpy(out + done, block, n - done < hash_len ? n - done : hash_len);
    }
    tlsc_wipe(a, sizeof(a));
    tlsc_wipe(block, sizeof(block));
}

tlsc_err tlsc_prf12(const tlsc_hash *hash, tlsc_bytes secret, const char *label, tlsc_bytes seed1,
                    tlsc_bytes seed2, uint8_t *out, size_t n)
{
    tlsc_hmac hmac;
    tlsc_hmac_init(&hmac, hash, secret);
    prf(&hmac, label, seed1, seed2, out, n);
    tlsc_hmac_clear(&hmac);
    return TLSC_OK;
}

static tlsc_err master(const tlsc_hash *hash, tlsc_bytes premaster, const char *label,
                       tlsc_bytes seed1, tlsc_bytes seed2, tlsc_secret *out)
{
    memset(out, 0, sizeof(*out));
    TRY(tlsc_prf12(hash, premaster, label, seed1, seed2, out->b, TLSC_MASTER12_LEN));
    out->n = TLSC_MASTER12_LEN;
    return TLSC_OK;
}

tlsc_err tlsc_master12_extended(const tlsc_hash *hash, tlsc_bytes premaster,
                                const uint8_t *session_hash, tlsc_secret *out)
{
    return master(hash, premaster, "extended master secret",
                  tlsc_bytes_of(session_hash, hash->len), (tlsc_bytes){ NULL, 0 }, out);
}

tlsc_err tlsc_master12(const tlsc_hash *hash, tlsc_bytes premaster, const uint8_t *client_random,
                       const uint8_t *server_random, tlsc_secret *out)
{
    return master(hash, premaster, "master secret", tlsc_bytes_of(client_random, TLSC_RANDOM_LEN),
                  tlsc_bytes_of(server_random, TLSC_RANDOM_LEN), out);
}

/* key_block = client key, server key, client IV, server IV (an AEAD has no MAC keys). */
tlsc_err tlsc_keys12_derive(const tlsc_suite *suite, size_t iv_len, const tlsc_hmac *secret,
                            const uint8_t *client_random, const uint8_t *server_random,
                            tlsc_keys12 *out)
{
    uint8_t block[2 * TLSC_AEAD_KEY_MAX + 2 * TLSC_AEAD_NONCE_LEN];
    size_t key_len = suite->aead->key_len;
    memset(out, 0, sizeof(*out));
    prf(secret, "key expansion", tlsc_bytes_of(server_random, TLSC_RANDOM_LEN),
        tlsc_bytes_of(client_random, TLSC_RANDOM_LEN), block, 2 * (key_len + iv_len));
    memcpy(out->client_key, block, key_len);
    memcpy(out->server_key, block + key_len, key_len);
    memcpy(out->client_iv, block + 2 * key_len, iv_len);
    memcpy(out->server_iv, block + 2 * key_len + iv_len, iv_len);
    tlsc_wipe(block, sizeof(block));
    return TLSC_OK;
}

void tlsc_keys12_clear(tlsc_keys12 *keys)
{
    tlsc_wipe(keys, sizeof(*keys));
}

tlsc_err tlsc_finished12(const tlsc_hmac *secret, bool by_server, const uint8_t *transcript_hash,
                         uint8_t out[TLSC_VERIFY_DATA12_LEN])
{
    prf(secret, by_server ? "server finished" : "client finished",
        tlsc_bytes_of(transcript_hash, secret->hash->len), (tlsc_bytes){ NULL, 0 }, out,
        TLSC_VERIFY_DATA12_LEN);
    return TLSC_OK;
}

tlsc_err tlsc_export12(const tlsc_hash *hash, const tlsc_secret *secret, const char *label,
                       const uint8_t *client_random, const uint8_t *server_random,
                       tlsc_bytes context, bool has_context, uint8_t *out, size_t n)
{
    uint8_t seed[2 * TLSC_RANDOM_LEN + 2];
    size_t seed_n = 2 * TLSC_RANDOM_LEN;
    if (context.n > 65535) {
        tlsc_wipe(out, n);
        return TLSC_E_USAGE;
    }
    memcpy(seed, client_random, TLSC_RANDOM_LEN);
    memcpy(seed + TLSC_RANDOM_LEN, server_random, TLSC_RANDOM_LEN);
    if (has_context) {
        seed[seed_n++] = (uint8_t)(context.n >> 8);
        seed[seed_n++] = (uint8_t)context.n;
    }
    tlsc_bytes nothing = { NULL, 0 };
    return tlsc_prf12(hash, tlsc_secret_bytes(secret), label, tlsc_bytes_of(seed, seed_n),
                      has_context ? context : nothing, out, n);
}
