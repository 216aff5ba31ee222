/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/boringssl/kem.c: ML-KEM, FIPS 203, from BoringSSL's <openssl/mlkem.h>.
 *
 * A key pair comes from a seed of the caller's random source. What encapsulation draws is
 * libcrypto's own: there is no call that takes it from outside. */
#include <openssl/bytestring.h>
#include <openssl/mlkem.h>

#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

const char tlsc_libcrypto_name[] = "BoringSSL";

/* The expanded private key is 7.6 KiB and more: on the heap, for the short life of a client's
 * handshake, since expanding it again from its seed costs as much as making it. `priv` holds the
 * pointer. */
typedef struct mlkem_private {
    void *key;
} mlkem_private;

/* The encapsulation key goes out through a CBB over the caller's array. */
#define MLKEM_WRITE_SHARE(SET)                                                                     \
    static bool SET##_write_share(const struct SET##_private_key *key, uint8_t *share)             \
    {                                                                                              \
        struct SET##_public_key pub;                                                               \
        CBB cbb;                                                                                   \
        size_t n = 0;                                                                              \
        SET##_public_from_private(&pub, key);                                                      \
        bool ok = CBB_init_fixed(&cbb, share, SET##_PUBLIC_KEY_BYTES) &&                           \
                  SET##_marshal_public_key(&cbb, &pub) && CBB_finish(&cbb, NULL, &n);              \
        CBB_cleanup(&cbb);                                                                         \
        return ok && n == SET##_PUBLIC_KEY_BYTES;                                                  \
    }

#define MLKEM_KEYGEN(SET)                                                                          \
    static tlsc_err SET##_keygen(const tlsc_random *random, void *priv, uint8_t *share)            \
    {                                                                                              \
        mlkem_private *p = priv;                                                                   \
        uint8_t seed[MLKEM_SEED_BYTES];                                                            \
        p->key = NULL;                                                                             \
        TRY(random->fill(random->ctx, seed, sizeof(seed)));                                        \
        struct SET##_private_key *key = tlsc_mem_alloc(sizeof(*key));                              \
        tlsc_err rc = key == NULL ? TLSC_E_NO_MEMORY : TLSC_OK;                                    \
        if (rc == TLSC_OK && (!SET##_private_key_from_seed(key, seed, sizeof(seed)) ||             \
                              !SET##_write_share(key, share))) {                                   \
            rc = tlsc_libcrypto_error(TLSC_E_CRYPTO);                                              \
        }                                                                                          \
        tlsc_wipe(seed, sizeof(seed));                                                             \
        if (rc != TLSC_OK) {                                                                       \
            tlsc_mem_free(key);                                                                    \
            return rc;                                                                             \
        }                                                                                          \
        p->key = key;                                                                              \
        return TLSC_OK;                                                                            \
    }

/* Parsing makes the encapsulation key check of FIPS 203 7.2: length and modulus. */
#define MLKEM_ENCAPSULATE(SET)                                                                     \
    static tlsc_err SET##_encapsulate(const tlsc_random *random, tlsc_bytes peer_share,            \
                                      uint8_t *reply, uint8_t *secret)                             \
    {                                                                                              \
        (void)random;                                                                              \
        struct SET##_public_key key;                                                               \
        CBS cbs;                                                                                   \
        CBS_init(&cbs, peer_share.p, peer_share.n);                                                \
        if (!SET##_parse_public_key(&key, &cbs)) {                                                 \
            return tlsc_libcrypto_error(TLSC_E_BAD_KEY_SHARE);                                     \
        }                                                                                          \
        SET##_encap(reply, secret, &key);                                                          \
        return TLSC_OK;                                                                            \
    }

#define MLKEM_DECAPSULATE(SET)                                                                     \
    static tlsc_err SET##_decapsulate(const void *priv, tlsc_bytes reply, uint8_t *secret)         \
    {                                                                                              \
        const mlkem_private *p = priv;                                                             \
        if (!SET##_decap(secret, reply.p, reply.n, p->key)) {                                      \
            tlsc_wipe(secret, MLKEM_SHARED_SECRET_BYTES);                                          \
            return tlsc_libcrypto_error(TLSC_E_BAD_KEY_SHARE);                                     \
        }                                                                                          \
        return TLSC_OK;                                                                            \
    }

static void mlkem_clear(void *priv)
{
    mlkem_private *p = priv;
    tlsc_mem_free(p->key);
    p->key = NULL;
}

/* A parameter set of FIPS 203 8: BoringSSL has each as types and functions of its own. */
#define MLKEM_ROW(SET, row, code_point)                                                            \
    MLKEM_WRITE_SHARE(SET)                                                                         \
    MLKEM_KEYGEN(SET)                                                                              \
    MLKEM_ENCAPSULATE(SET)                                                                         \
    MLKEM_DECAPSULATE(SET)                                                                         \
    const tlsc_group row = {                                                                       \
        .size = sizeof(tlsc_group),                                                                \
        .id = (code_point),                                                                        \
        .name = #SET,                                                                              \
        .tls12 = false,                                                                            \
        .post_quantum = true,                                                                      \
        .share_len = SET##_PUBLIC_KEY_BYTES,                                                       \
        .reply_len = SET##_CIPHERTEXT_BYTES,                                                       \
        .secret_len = MLKEM_SHARED_SECRET_BYTES,                                                   \
        .private_len = sizeof(mlkem_private),                                                      \
        .keygen = SET##_keygen,                                                                    \
        .encapsulate = SET##_encapsulate,                                                          \
        .decapsulate = SET##_decapsulate,                                                          \
        .clear = mlkem_clear,                                                                      \
    }

MLKEM_ROW(MLKEM768, tlsc_libcrypto_mlkem768, 0x0201);
MLKEM_ROW(MLKEM1024, tlsc_libcrypto_mlkem1024, 0x0202);
