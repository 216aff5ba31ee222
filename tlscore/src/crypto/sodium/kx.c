/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/kx.c: X25519 (RFC 7748) in the shape of a KEM. The scalar comes from the caller's random
 * source, so that a test which owns that source owns the key share. */
#include <sodium.h>

#include "base/mem.h"
#include "base/try.h"
#include "crypto/sodium/sodium.h"

enum { X25519_LEN = crypto_scalarmult_curve25519_BYTES };

static tlsc_err keygen(const tlsc_random *random, void *priv, uint8_t *share)
{
    uint8_t *scalar = (uint8_t *)priv;
    TRY(random->fill(random->ctx, scalar, X25519_LEN));
    if (crypto_scalarmult_curve25519_base(share, scalar) != 0) {
        tlsc_wipe(scalar, X25519_LEN);
        return TLSC_E_CRYPTO;
    }
    return TLSC_OK;
}

/* libsodium fails on points of small order and on the all-zero result that they give, which RFC 8446
 * 7.4.2 has us refuse. */
static tlsc_err derive(const uint8_t *scalar, tlsc_bytes peer, uint8_t *secret)
{
    if (peer.n != X25519_LEN || crypto_scalarmult_curve25519(secret, scalar, peer.p) != 0) {
        tlsc_wipe(secret, X25519_LEN);
        return TLSC_E_BAD_KEY_SHARE;
    }
    return TLSC_OK;
}

static tlsc_err encapsulate(const tlsc_random *random, tlsc_bytes peer_share, uint8_t *reply,
                            uint8_t *secret)
{
    uint8_t scalar[X25519_LEN];
    TRY(random->fill(random->ctx, scalar, sizeof(scalar)));
    tlsc_err rc = derive(scalar, peer_share, secret);
    if (rc == TLSC_OK && crypto_scalarmult_curve25519_base(reply, scalar) != 0) {
        tlsc_wipe(secret, X25519_LEN);
        rc = TLSC_E_CRYPTO;
    }
    tlsc_wipe(scalar, sizeof(scalar));
    return rc;
}

static tlsc_err decapsulate(const void *priv, tlsc_bytes reply, uint8_t *secret)
{
    return derive((const uint8_t *)priv, reply, secret);
}

static void clear(void *priv)
{
    tlsc_wipe(priv, X25519_LEN);
}

const tlsc_group tlsc_sodium_x25519 = {
    .size = sizeof(tlsc_group),
    .id = 0x001d,
    .name = "x25519",
    .tls12 = true,
    .share_len = X25519_LEN,
    .reply_len = X25519_LEN,
    .secret_len = X25519_LEN,
    .private_len = X25519_LEN,
    .keygen = keygen,
    .encapsulate = encapsulate,
    .decapsulate = decapsulate,
    .clear = clear,
};
