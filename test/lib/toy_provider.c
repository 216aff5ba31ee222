/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/toy_provider.c: see the header. Lengths are checked as a real provider would. */
#include "toy_provider.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"

/* ---- hashes ---- */

static void hash_init(void *state)
{
    *(uint8_t *)state = 0;
}

/* Reads what it is given, for the sanitizers' sake. */
static void hash_update(void *state, tlsc_bytes data)
{
    uint8_t *sum = (uint8_t *)state;
    for (size_t i = 0; i < data.n; i++) {
        *sum = (uint8_t)(*sum + data.p[i]);
    }
}

static void hash_final32(const void *state, uint8_t *out)
{
    (void)state;
    memset(out, TOY_BYTE, 32);
}

static void hash_final48(const void *state, uint8_t *out)
{
    (void)state;
    memset(out, TOY_BYTE, 48);
}

static tlsc_err hmac32(tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts, uint8_t *out)
{
    (void)key;
    (void)parts;
    (void)num_parts;
    memset(out, TOY_BYTE, 32);
    return TLSC_OK;
}

static tlsc_err hmac48(tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts, uint8_t *out)
{
    (void)key;
    (void)parts;
    (void)num_parts;
    memset(out, TOY_BYTE, 48);
    return TLSC_OK;
}

static const tlsc_hash hash32 = { sizeof(tlsc_hash), "TOY32",     32,           64,    16,
                                  hash_init,         hash_update, hash_final32, hmac32 };
static const tlsc_hash hash48 = { sizeof(tlsc_hash), "TOY48",     48,           128,   16,
                                  hash_init,         hash_update, hash_final48, hmac48 };

/* ---- AEADs ---- */

static tlsc_err aead_init(void *state, const uint8_t *key)
{
    *(uint8_t *)state = key[0];
    return TLSC_OK;
}

static tlsc_err aead_seal(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN],
                          tlsc_bytes ad, uint8_t *data, size_t n)
{
    (void)state;
    (void)nonce;
    (void)ad;
    memset(data + n, TOY_BYTE, TLSC_AEAD_TAG_LEN);
    return TLSC_OK;
}

static tlsc_err aead_seal_from(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN],
                               tlsc_bytes ad, uint8_t *out, tlsc_bytes text, tlsc_bytes last)
{
    tlsc_bytes_copy(out, text);
    tlsc_bytes_copy(out + text.n, last);
    return aead_seal(state, nonce, ad, out, text.n + last.n);
}

static tlsc_err aead_open(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN],
                          tlsc_bytes ad, uint8_t *data, size_t n)
{
    (void)state;
    (void)nonce;
    (void)ad;
    if (n < TLSC_AEAD_TAG_LEN) {
        return TLSC_E_BAD_RECORD_MAC;
    }
    for (size_t i = n - TLSC_AEAD_TAG_LEN; i < n; i++) {
        if (data[i] != TOY_BYTE) {
            return TLSC_E_BAD_RECORD_MAC;
        }
    }
    return TLSC_OK;
}

static void aead_clear(void *state)
{
    *(uint8_t *)state = 0;
}

static const tlsc_aead aead = {
    .size = sizeof(tlsc_aead),
    .name = "TOY-AEAD",
    .key_len = 32,
    .state_len = 16,
    .init = aead_init,
    .seal = aead_seal,
    .seal_from = aead_seal_from,
    .open = aead_open,
    .clear = aead_clear,
};

/* ---- groups ---- */

static tlsc_err random_fill(void *ctx, uint8_t *out, size_t n)
{
    (void)ctx;
    if (n > 0) {
        memset(out, TOY_BYTE, n);
    }
    return TLSC_OK;
}

static const tlsc_random toy_random = { sizeof(tlsc_random), random_fill, NULL };

static tlsc_err keygen(const tlsc_random *random, uint8_t *priv, uint8_t *share, size_t share_len)
{
    *priv = 0;
    return random->fill(random->ctx, share, share_len);
}

static tlsc_err encapsulate(const tlsc_random *random, tlsc_bytes peer, uint8_t *reply,
                            uint8_t *secret, size_t share_len)
{
    if (peer.n != share_len || peer.p[0] == TOY_BAD_SHARE) {
        return TLSC_E_BAD_KEY_SHARE;
    }
    memset(secret, TOY_BYTE, 4);
    return random->fill(random->ctx, reply, share_len);
}

static tlsc_err decapsulate(tlsc_bytes reply, uint8_t *secret, size_t share_len)
{
    if (reply.n != share_len) {
        return TLSC_E_BAD_KEY_SHARE;
    }
    memset(secret, TOY_BYTE, 4);
    return TLSC_OK;
}

static tlsc_err keygen4(const tlsc_random *random, void *priv, uint8_t *share)
{
    return keygen(random, (uint8_t *)priv, share, 4);
}

static tlsc_err keygen6(const tlsc_random *random, void *priv, uint8_t *share)
{
    return keygen(random, (uint8_t *)priv, share, 6);
}

static tlsc_err encapsulate4(const tlsc_random *random, tlsc_bytes peer, uint8_t *reply,
                             uint8_t *secret)
{
    return encapsulate(random, peer, reply, secret, 4);
}

static tlsc_err encapsulate6(const tlsc_random *random, tlsc_bytes peer, uint8_t *reply,
                             uint8_t *secret)
{
    return encapsulate(random, peer, reply, secret, 6);
}

static tlsc_err decapsulate4(const void *priv, tlsc_bytes reply, uint8_t *secret)
{
    (void)priv;
    return decapsulate(reply, secret, 4);
}

static tlsc_err decapsulate6(const void *priv, tlsc_bytes reply, uint8_t *secret)
{
    (void)priv;
    return decapsulate(reply, secret, 6);
}

static void clear_private(void *priv)
{
    *(uint8_t *)priv = 0;
}

#define TOY_GROUP(id, name, tls12, pq, len)                                                        \
    {                                                                                              \
        sizeof(tlsc_group), id, name, tls12, pq, len, len, 4, 16, keygen##len, encapsulate##len,   \
            decapsulate##len, clear_private                                                        \
    }
static const tlsc_group toy_pq = TOY_GROUP(0x11ec, "X25519MLKEM768", false, true, 6);
static const tlsc_group toy_x25519 = TOY_GROUP(0x001d, "x25519", true, false, 4);
static const tlsc_group toy_p256 = TOY_GROUP(0x0017, "secp256r1", true, false, 4);

/* ---- all of it ---- */

static tlsc_err load_key(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out)
{
    (void)format;
    (void)der;
    *out = NULL;
    return TLSC_E_UNSUPPORTED_KEY;
}

static tlsc_err verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message, tlsc_bytes signature)
{
    (void)scheme;
    (void)spki;
    (void)message;
    return signature.n > 0 ? TLSC_OK : TLSC_E_BAD_SIGNATURE;
}

#define TOY_SUITE(id, name, hash, limit)                                                           \
    {                                                                                              \
        sizeof(tlsc_suite), id, TLSC_TLS13, name, name, &aead, hash, TLSC_AUTH_ANY, 0, limit       \
    }
static const tlsc_suite suite1 = TOY_SUITE(0x1301, "TLS_AES_128_GCM_SHA256", &hash32, TOY_LIMIT);
static const tlsc_suite suite2 = TOY_SUITE(0x1302, "TLS_AES_256_GCM_SHA384", &hash48, 1u << 24);
static const tlsc_suite suite3 =
    TOY_SUITE(0x1303, "TLS_CHACHA20_POLY1305_SHA256", &hash32, UINT64_MAX);

#define TOY_SUITE12(id, name, hash, authentication, nonce_len, limit)                              \
    {                                                                                              \
        sizeof(tlsc_suite), id, TLSC_TLS12, name, name, &aead, hash, authentication, nonce_len,    \
            limit                                                                                  \
    }
static const tlsc_suite suite4 = TOY_SUITE12(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                             &hash32, TLSC_AUTH_ECDSA, 8, 1u << 24);
static const tlsc_suite suite5 =
    TOY_SUITE12(0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", &hash32, TLSC_AUTH_ECDSA,
                0, TOY_LIMIT);
static const tlsc_suite suite6 = TOY_SUITE12(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                                             &hash48, TLSC_AUTH_RSA, 8, UINT64_MAX);
static const tlsc_suite *const suites[] = { &suite1, &suite2, &suite3,
                                            &suite4, &suite5, &suite6 };
static const tlsc_group *const groups[] = { &toy_pq, &toy_x25519, &toy_p256 };

static const tlsc_provider provider = {
    .size = sizeof(tlsc_provider),
    .name = "toy",
    .suites = suites,
    .num_suites = TLSC_COUNT(suites),
    .groups = groups,
    .num_groups = TLSC_COUNT(groups),
    .random = &toy_random,
    .ticket_aead = &aead,
    .ticket_hash = &hash32,
    .load_key = load_key,
    .verify = verify,
};

const tlsc_provider *toy_provider(void)
{
    return &provider;
}
