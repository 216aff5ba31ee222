/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/awslc/kem.c: ML-KEM, FIPS 203, from AWS-LC's KEM keys. Its randomness is libcrypto's
 * own. */
#include <openssl/evp.h>
#include <openssl/nid.h>

#include "base/mem.h"
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

static tlsc_err keygen(const mlkem *kem, void *priv, uint8_t *share)
{
    mlkem_private *p = priv;
    tlsc_err rc = TLSC_E_CRYPTO;
    size_t share_len = kem->public_len;
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_KEM, NULL);
    p->key = NULL;
    if (ctx != NULL && EVP_PKEY_CTX_kem_set_params(ctx, kem->nid) && EVP_PKEY_keygen_init(ctx) &&
        EVP_PKEY_keygen(ctx, &key) && EVP_PKEY_get_raw_public_key(key, share, &share_len) &&
        share_len == kem->public_len) {
        p->key = key;
        key = NULL;
        rc = TLSC_OK;
    }
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(ctx);
    return rc == TLSC_OK ? rc : tlsc_libcrypto_error(rc);
}

static tlsc_err encapsulate(const mlkem *kem, tlsc_bytes peer_share, uint8_t *reply,
                            uint8_t *secret)
{
    tlsc_err rc = TLSC_E_CRYPTO;
    size_t reply_len = kem->ciphertext_len;
    size_t secret_len = kem->secret_len;
    EVP_PKEY_CTX *ctx = NULL;
    EVP_PKEY *key = NULL;
    if (peer_share.n != kem->public_len) {
        return TLSC_E_BAD_KEY_SHARE;
    }
    key = EVP_PKEY_kem_new_raw_public_key(kem->nid, peer_share.p, peer_share.n);
    ctx = key == NULL ? NULL : EVP_PKEY_CTX_new(key, NULL);
    if (ctx != NULL) {
        /* The modulus check of FIPS 203 7.2 is in here, so a failure is the peer's. */
        rc = EVP_PKEY_encapsulate(ctx, reply, &reply_len, secret, &secret_len)
                 ? TLSC_OK
                 : TLSC_E_BAD_KEY_SHARE;
    }
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
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

static const mlkem mlkem768 = { NID_MLKEM768, 1184, 1088, 32 };

static tlsc_err mlkem768_keygen(const tlsc_random *random, void *priv, uint8_t *share)
{
    (void)random;
    return keygen(&mlkem768, priv, share);
}

static tlsc_err mlkem768_encapsulate(const tlsc_random *random, tlsc_bytes peer_share,
                                     uint8_t *reply, uint8_t *secret)
{
    (void)random;
    return encapsulate(&mlkem768, peer_share, reply, secret);
}

static tlsc_err mlkem768_decapsulate(const void *priv, tlsc_bytes reply, uint8_t *secret)
{
    return decapsulate(&mlkem768, priv, reply, secret);
}

const tlsc_group tlsc_libcrypto_mlkem768 = {
    .size = sizeof(tlsc_group),
    .id = 0x0201,
    .name = "MLKEM768",
    .tls12 = false,
    .post_quantum = true,
    .share_len = 1184,
    .reply_len = 1088,
    .secret_len = 32,
    .private_len = sizeof(mlkem_private),
    .keygen = mlkem768_keygen,
    .encapsulate = mlkem768_encapsulate,
    .decapsulate = mlkem768_decapsulate,
    .clear = clear,
};
