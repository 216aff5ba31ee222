/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/boringssl/kem.c: ML-KEM, FIPS 203, from BoringSSL's <openssl/mlkem.h>. Its randomness is
 * libcrypto's own. */
#include <openssl/bytestring.h>
#include <openssl/mlkem.h>

#include "base/mem.h"
#include "crypto/libcrypto/internal.h"

const char tlsc_libcrypto_name[] = "BoringSSL";

/* The expanded private key is 7.6 KiB: on the heap, for the short life of a client's handshake,
 * since expanding it again from its seed costs as much as making it. `priv` holds the pointer. */
typedef struct mlkem768_private {
    struct MLKEM768_private_key *key;
} mlkem768_private;

static tlsc_err mlkem768_keygen(const tlsc_random *random, void *priv, uint8_t *share)
{
    (void)random;
    mlkem768_private *p = priv;
    p->key = tlsc_mem_alloc(sizeof(*p->key));
    if (p->key == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    MLKEM768_generate_key(share, NULL, p->key);
    return TLSC_OK;
}

static tlsc_err mlkem768_encapsulate(const tlsc_random *random, tlsc_bytes peer_share,
                                     uint8_t *reply, uint8_t *secret)
{
    (void)random;
    struct MLKEM768_public_key key;
    CBS cbs;
    CBS_init(&cbs, peer_share.p, peer_share.n);
    /* The encapsulation key check of FIPS 203 7.2: length and modulus. */
    if (!MLKEM768_parse_public_key(&key, &cbs)) {
        return tlsc_libcrypto_error(TLSC_E_BAD_KEY_SHARE);
    }
    MLKEM768_encap(reply, secret, &key);
    return TLSC_OK;
}

static tlsc_err mlkem768_decapsulate(const void *priv, tlsc_bytes reply, uint8_t *secret)
{
    const mlkem768_private *p = priv;
    if (!MLKEM768_decap(secret, reply.p, reply.n, p->key)) {
        tlsc_wipe(secret, MLKEM_SHARED_SECRET_BYTES);
        return tlsc_libcrypto_error(TLSC_E_BAD_KEY_SHARE);
    }
    return TLSC_OK;
}

static void mlkem768_clear(void *priv)
{
    mlkem768_private *p = priv;
    tlsc_mem_free(p->key);
    p->key = NULL;
}

const tlsc_group tlsc_libcrypto_mlkem768 = {
    .size = sizeof(tlsc_group),
    .id = 0x0201,
    .name = "MLKEM768",
    .tls12 = false,
    .post_quantum = true,
    .share_len = MLKEM768_PUBLIC_KEY_BYTES,
    .reply_len = MLKEM768_CIPHERTEXT_BYTES,
    .secret_len = MLKEM_SHARED_SECRET_BYTES,
    .private_len = sizeof(mlkem768_private),
    .keygen = mlkem768_keygen,
    .encapsulate = mlkem768_encapsulate,
    .decapsulate = mlkem768_decapsulate,
    .clear = mlkem768_clear,
};
