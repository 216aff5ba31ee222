/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/awslc/kem.c: ML-KEM, FIPS 203, from AWS-LC's KEM keys.
 *
 * Randomness is the caller's. Where that is libcrypto's own anyway, libcrypto draws it by itself,
 * which is what FIPS 140 approves of. */
#include <openssl/evp.h>
#include <openssl/experimental/kem_deterministic_api.h>
#include <openssl/nid.h>

#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

const char tlsc_libcrypto_name[] = "AWS-LC";

/* The parameter sets, FIPS 203 8 table 3, as rows. */
typedef struct mlkem {
    int nid;
    uint16_t public_len;
    uint16_t ciphertext_len;
    uint16_t secret_len;
} mlkem;

/* `priv` holds the pointer. */
typedef struct mlkem_private {
    EVP_PKEY *key;
} mlkem_private;

/* FIPS 203 7.1, 7.2: d and z of a key pair, m of an encapsulation. */
enum { KEYGEN_SEED = 64, ENCAPSULATE_SEED = 32 };

/* in: `seed` for a caller with a source of its own, else NULL. */
static bool make_key(const mlkem *kem, const uint8_t *seed, EVP_PKEY **out)
{
    size_t seed_len = KEYGEN_SEED;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_KEM, NULL);
    bool ok = ctx != NULL && EVP_PKEY_CTX_kem_set_params(ctx, kem->nid) &&
              EVP_PKEY_keygen_init(ctx) &&
              (seed == NULL ? EVP_PKEY_keygen(ctx, out)
                            : EVP_PKEY_keygen_deterministic(ctx, out, seed, &seed_len));
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

/* The seed for an operation: drawn from the caller's source, or none where that is libcrypto's. */
static tlsc_err draw(const tlsc_random *random, uint8_t *room, size_t n, const uint8_t **seed)
{
    *seed = NULL;
    if (random->fill != tlsc_libcrypto_random.fill) {
        TRY(random->fill(random->ctx, room, n));
        *seed = room;
    }
    return TLSC_OK;
}

static tlsc_err keygen(const mlkem *kem, const tlsc_random *random, void *priv, uint8_t *share)
{
    mlkem_private *p = priv;
    uint8_t room[KEYGEN_SEED];
    const uint8_t *seed = NULL;
    size_t share_len = kem->public_len;
    EVP_PKEY *key = NULL;
    p->key = NULL;
    TRY(draw(random, room, sizeof(room), &seed));
    bool ok = make_key(kem, seed, &key) && EVP_PKEY_get_raw_public_key(key, share, &share_len) &&
              share_len == kem->public_len;
    tlsc_wipe(room, sizeof(room));
    if (!ok) {
        EVP_PKEY_free(key);
        return tlsc_libcrypto_error(TLSC_E_CRYPTO);
    }
    p->key = key;
    return TLSC_OK;
}

static bool encapsulate_to(const mlkem *kem, const uint8_t *seed, EVP_PKEY_CTX *ctx, uint8_t *reply,
                           uint8_t *secret)
{
    size_t seed_len = ENCAPSULATE_SEED;
    size_t reply_len = kem->ciphertext_len;
    size_t secret_len = kem->secret_len;
    if (seed == NULL) {
        return EVP_PKEY_encapsulate(ctx, reply, &reply_len, secret, &secret_len) == 1;
    }
    return EVP_PKEY_encapsulate_deterministic(ctx, reply, &reply_len, secret, &secret_len, seed,
                                              &seed_len) == 1;
}

static tlsc_err encapsulate(const mlkem *kem, const tlsc_random *random, tlsc_bytes peer_share,
                            uint8_t *reply, uint8_t *secret)
{
    uint8_t room[ENCAPSULATE_SEED];
    const uint8_t *seed = NULL;
    tlsc_err rc = TLSC_E_CRYPTO;
    if (peer_share.n != kem->public_len) {
        return TLSC_E_BAD_KEY_SHARE;
    }
    TRY(draw(random, room, sizeof(room), &seed));
    EVP_PKEY *key = EVP_PKEY_kem_new_raw_public_key(kem->nid, peer_share.p, peer_share.n);
    EVP_PKEY_CTX *ctx = key == NULL ? NULL : EVP_PKEY_CTX_new(key, NULL);
    if (ctx != NULL) {
        /* The modulus check of FIPS 203 7.2 is in here, so a failure is the peer's. */
        rc = encapsulate_to(kem, seed, ctx, reply, secret) ? TLSC_OK : TLSC_E_BAD_KEY_SHARE;
    }
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    tlsc_wipe(room, sizeof(room));
    if (rc != TLSC_OK) {
        tlsc_wipe(secret, kem->secret_len);
        return tlsc_libcrypto_error(rc);
    }
    return TLSC_OK;
}

static tlsc_err decapsulate(const mlkem *kem, const void *priv, tlsc_bytes reply, uint8_t *secret)
{
    const mlkem_private *p = priv;
    tlsc_err rc = TLSC_E_CRYPTO;
    size_t secret_len = kem->secret_len;
    if (reply.n != kem->ciphertext_len) {
        return TLSC_E_BAD_KEY_SHARE;
    }
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(p->key, NULL);
    if (ctx != NULL && EVP_PKEY_decapsulate(ctx, secret, &secret_len, reply.p, reply.n)) {
        rc = TLSC_OK;
    }
    EVP_PKEY_CTX_free(ctx);
    if (rc != TLSC_OK) {
        tlsc_wipe(secret, kem->secret_len);
        return tlsc_libcrypto_error(rc);
    }
    return TLSC_OK;
}

static void clear(void *priv)
{
    mlkem_private *p = priv;
    EVP_PKEY_free(p->key);
    p->key = NULL;
}

/* A parameter set's functions and its row. */
#define MLKEM_ROW(set, code_point, iana_name, kem_nid, public_bytes, ciphertext_bytes)             \
    static const mlkem set = {kem_nid, public_bytes, ciphertext_bytes, 32};                        \
    static tlsc_err set##_keygen(const tlsc_random *random, void *priv, uint8_t *share)            \
    {                                                                                              \
        return keygen(&set, random, priv, share);                                                  \
    }                                                                                              \
    static tlsc_err set##_encapsulate(const tlsc_random *random, tlsc_bytes peer_share,            \
                                      uint8_t *reply, uint8_t *secret)                             \
    {                                                                                              \
        return encapsulate(&set, random, peer_share, reply, secret);                               \
    }                                                                                              \
    static tlsc_err set##_decapsulate(const void *priv, tlsc_bytes reply, uint8_t *secret)         \
    {                                                                                              \
        return decapsulate(&set, priv, reply, secret);                                             \
    }                                                                                              \
    const tlsc_group tlsc_libcrypto_##set = {                                                      \
        .size = sizeof(tlsc_group),                                                                \
        .id = (code_point),                                                                        \
        .name = (iana_name),                                                                       \
        .tls12 = false,                                                                            \
        .post_quantum = true,                                                                      \
        .share_len = (public_bytes),                                                               \
        .reply_len = (ciphertext_bytes),                                                           \
        .secret_len = 32,                                                                          \
        .private_len = sizeof(mlkem_private),                                                      \
        .keygen = set##_keygen,                                                                    \
        .encapsulate = set##_encapsulate,                                                          \
        .decapsulate = set##_decapsulate,                                                          \
        .clear = clear,                                                                            \
    }

MLKEM_ROW(mlkem768, 0x0201, "MLKEM768", NID_MLKEM768, 1184, 1088);
MLKEM_ROW(mlkem1024, 0x0202, "MLKEM1024", NID_MLKEM1024, 1568, 1568);
