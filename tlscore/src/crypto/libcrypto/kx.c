/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/kx.c: X25519 (RFC 7748) and ECDH on the NIST curves, in the shape of a KEM.
 *
 * The private scalars come from the caller's random source, so that a test which owns that source
 * owns the key share. */
#include <openssl/bn.h>
#include <openssl/curve25519.h>
#include <openssl/ec.h>

#include <string.h>

#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

/* -- X25519 */

enum { X25519_LEN = 32 };

static tlsc_err x25519_keygen(const tlsc_random *random, void *priv, uint8_t *share)
{
    uint8_t *scalar = priv;
    TRY(random->fill(random->ctx, scalar, X25519_LEN));
    X25519_public_from_private(share, scalar);
    return TLSC_OK;
}

static tlsc_err x25519_derive(const uint8_t *scalar, tlsc_bytes peer, uint8_t *secret)
{
    /* X25519 fails on the all-zero result of a point of small order, which RFC 8446 7.4.2 has us
     * refuse. */
    if (peer.n != X25519_LEN || !X25519(secret, scalar, peer.p)) {
        tlsc_wipe(secret, X25519_LEN);
        return tlsc_libcrypto_error(TLSC_E_BAD_KEY_SHARE);
    }
    return TLSC_OK;
}

static tlsc_err x25519_encapsulate(const tlsc_random *random, tlsc_bytes peer_share, uint8_t *reply,
                                   uint8_t *secret)
{
    uint8_t scalar[X25519_LEN];
    TRY(random->fill(random->ctx, scalar, sizeof(scalar)));
    tlsc_err rc = x25519_derive(scalar, peer_share, secret);
    if (rc == TLSC_OK) {
        X25519_public_from_private(reply, scalar);
    }
    tlsc_wipe(scalar, sizeof(scalar));
    return rc;
}

static tlsc_err x25519_decapsulate(const void *priv, tlsc_bytes reply, uint8_t *secret)
{
    return x25519_derive(priv, reply, secret);
}

static void x25519_clear(void *priv)
{
    tlsc_wipe(priv, X25519_LEN);
}

const tlsc_group tlsc_libcrypto_x25519 = {
    .size = sizeof(tlsc_group),
    .id = 0x001d,
    .name = "x25519",
    .tls12 = true,
    .share_len = X25519_LEN,
    .reply_len = X25519_LEN,
    .secret_len = X25519_LEN,
    .private_len = X25519_LEN,
    .keygen = x25519_keygen,
    .encapsulate = x25519_encapsulate,
    .decapsulate = x25519_decapsulate,
    .clear = x25519_clear,
};

/* -- the NIST curves */

enum {
    FIELD_MAX = 66,                /* P-521 */
    POINT_MAX = 1 + 2 * FIELD_MAX, /* SEC 1 2.3.3, uncompressed: 0x04, x, y */
    UNCOMPRESSED = 0x04,
    /* A good source misses P-256's range once in 2^32 draws, the other curves' far more rarely: as
     * many misses in a row tell that the source is broken. */
    MAX_DRAWS = 8
};

static size_t point_len(const tlsc_curve *curve)
{
    return 1 + 2 * (size_t)curve->field_len;
}

/* True if the big-endian `scalar` is in [1, order-1]. */
static bool scalar_is_good(const BIGNUM *scalar, const EC_GROUP *group)
{
    return !BN_is_zero(scalar) && BN_cmp(scalar, EC_GROUP_get0_order(group)) < 0;
}

/* Draws a scalar by rejection, so that none is likelier than another. */
static tlsc_err draw_scalar(const tlsc_curve *curve, const tlsc_random *random, uint8_t *scalar)
{
    BIGNUM *n = BN_new();
    tlsc_err rc = n == NULL ? TLSC_E_NO_MEMORY : TLSC_E_RANDOM;
    for (int draws = 0; rc == TLSC_E_RANDOM && draws < MAX_DRAWS; draws++) {
        tlsc_err filled = random->fill(random->ctx, scalar, curve->field_len);
        if (filled != TLSC_OK) {
            rc = filled;
            break;
        }
        scalar[0] &= curve->top_mask;
        if (BN_bin2bn(scalar, curve->field_len, n) == NULL) {
            rc = TLSC_E_NO_MEMORY;
        } else if (scalar_is_good(n, curve->group())) {
            rc = TLSC_OK;
        }
    }
    BN_clear_free(n);
    return rc == TLSC_OK ? rc : tlsc_libcrypto_error(rc);
}

/* The peer's point: uncompressed (RFC 8446 4.2.8.2), and on the curve, which EC_POINT_oct2point
 * checks. */
static tlsc_err import_point(const tlsc_curve *curve, tlsc_bytes peer, EC_POINT *out)
{
    if (peer.n != point_len(curve) || peer.p[0] != UNCOMPRESSED ||
        !EC_POINT_oct2point(curve->group(), out, peer.p, peer.n, NULL)) {
        return TLSC_E_BAD_KEY_SHARE;
    }
    return TLSC_OK;
}

/* Multiplies `scalar` with `peer`, with the base point where that is NULL, and writes the result
 * as an uncompressed point. */
static tlsc_err multiply(const tlsc_curve *curve, const uint8_t *scalar, const tlsc_bytes *peer,
                         uint8_t *out)
{
    const EC_GROUP *group = curve->group();
    tlsc_err rc = TLSC_E_NO_MEMORY;
    BIGNUM *n = BN_bin2bn(scalar, curve->field_len, NULL);
    EC_POINT *point = EC_POINT_new(group);
    if (n == NULL || point == NULL) {
        goto done;
    }
    int multiplied = 0;
    if (peer == NULL) {
        multiplied = EC_POINT_mul(group, point, n, NULL, NULL, NULL);
    } else {
        rc = import_point(curve, *peer, point);
        if (rc != TLSC_OK) {
            goto done;
        }
        multiplied = EC_POINT_mul(group, point, NULL, point, n, NULL);
    }
    rc = TLSC_E_CRYPTO;
    if (multiplied && EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out,
                                         point_len(curve), NULL) == point_len(curve)) {
        rc = TLSC_OK;
    }

done:
    BN_clear_free(n);
    EC_POINT_clear_free(point);
    return rc == TLSC_OK ? rc : tlsc_libcrypto_error(rc);
}

/* The shared secret is the x coordinate, RFC 8446 7.4.2. */
static tlsc_err ec_derive(const tlsc_curve *curve, const uint8_t *scalar, tlsc_bytes peer,
                          uint8_t *secret)
{
    uint8_t point[POINT_MAX];
    TRY(multiply(curve, scalar, &peer, point));
    memcpy(secret, point + 1, curve->field_len);
    tlsc_wipe(point, sizeof(point));
    return TLSC_OK;
}

static tlsc_err ec_keygen(const tlsc_curve *curve, const tlsc_random *random, void *priv,
                          uint8_t *share)
{
    tlsc_err rc = draw_scalar(curve, random, priv);
    if (rc == TLSC_OK) {
        rc = multiply(curve, priv, NULL, share);
    }
    if (rc != TLSC_OK) {
        tlsc_wipe(priv, curve->field_len);
    }
    return rc;
}

static tlsc_err ec_encapsulate(const tlsc_curve *curve, const tlsc_random *random,
                               tlsc_bytes peer_share, uint8_t *reply, uint8_t *secret)
{
    uint8_t scalar[FIELD_MAX];
    tlsc_err rc = draw_scalar(curve, random, scalar);
    if (rc == TLSC_OK) {
        rc = ec_derive(curve, scalar, peer_share, secret);
    }
    if (rc == TLSC_OK) {
        rc = multiply(curve, scalar, NULL, reply);
        if (rc != TLSC_OK) {
            tlsc_wipe(secret, curve->field_len);
        }
    }
    tlsc_wipe(scalar, sizeof(scalar));
    return rc;
}

/* The four functions of a curve's row, and the row. A new curve is a line. */
#define EC_ROW(curve_name, bytes, code_point, iana_name)                                          \
    static tlsc_err curve_name##_keygen(const tlsc_random *random, void *priv, uint8_t *share)    \
    {                                                                                             \
        return ec_keygen(&tlsc_curve_##curve_name, random, priv, share);                          \
    }                                                                                             \
    static tlsc_err curve_name##_encapsulate(const tlsc_random *random, tlsc_bytes peer_share,    \
                                             uint8_t *reply, uint8_t *secret)                     \
    {                                                                                             \
        return ec_encapsulate(&tlsc_curve_##curve_name, random, peer_share, reply, secret);       \
    }                                                                                             \
    static tlsc_err curve_name##_decapsulate(const void *priv, tlsc_bytes reply, uint8_t *secret) \
    {                                                                                             \
        return ec_derive(&tlsc_curve_##curve_name, priv, reply, secret);                          \
    }                                                                                             \
    static void curve_name##_clear(void *priv)                                                    \
    {                                                                                             \
        tlsc_wipe(priv, bytes);                                                                   \
    }                                                                                             \
    const tlsc_group tlsc_libcrypto_##curve_name = {                                              \
        .size = sizeof(tlsc_group),                                                               \
        .id = (code_point),                                                                       \
        .name = (iana_name),                                                                      \
        .tls12 = true,                                                                            \
        .share_len = 1 + 2 * (bytes),                                                             \
        .reply_len = 1 + 2 * (bytes),                                                             \
        .secret_len = (bytes),                                                                    \
        .private_len = (bytes),                                                                   \
        .keygen = curve_name##_keygen,                                                            \
        .encapsulate = curve_name##_encapsulate,                                                  \
        .decapsulate = curve_name##_decapsulate,                                                  \
        .clear = curve_name##_clear,                                                              \
    }

EC_ROW(p256, 32, 0x0017, "secp256r1");
EC_ROW(p384, 48, 0x0018, "secp384r1");
EC_ROW(p521, 66, 0x0019, "secp521r1");
