/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/hybrid.c: two groups at once, draft-ietf-tls-ecdhe-mlkem.
 *
 * A hybrid is a concatenation: of shares, of replies, of secrets, all three in the same order.
 * Which part comes first is the hybrid's own: ML-KEM in X25519MLKEM768, the curve in the others. */
#include "base/mem.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

/* Where the second part's private half starts, aligned as the first's. */
#define SECOND_AT(first_private_len) (((first_private_len) + 15u) & ~15u)

static void *second_private(const tlsc_group *first, void *priv)
{
    return (uint8_t *)priv + SECOND_AT(first->private_len);
}

static tlsc_err hybrid_keygen(const tlsc_group *first, const tlsc_group *second,
                              const tlsc_random *random, void *priv, uint8_t *share)
{
    TRY(first->keygen(random, priv, share));
    tlsc_err rc =
        second->keygen(random, second_private(first, priv), share + first->share_len);
    if (rc != TLSC_OK) {
        first->clear(priv);
        tlsc_wipe(share, first->share_len);
    }
    return rc;
}

static tlsc_err hybrid_encapsulate(const tlsc_group *first, const tlsc_group *second,
                                   const tlsc_random *random, tlsc_bytes peer_share,
                                   uint8_t *reply, uint8_t *secret)
{
    if (peer_share.n != (size_t)first->share_len + second->share_len) {
        return TLSC_E_BAD_KEY_SHARE;
    }
    tlsc_bytes share1 = { peer_share.p, first->share_len };
    tlsc_bytes share2 = { peer_share.p + first->share_len, second->share_len };
    TRY(first->encapsulate(random, share1, reply, secret));
    tlsc_err rc = second->encapsulate(random, share2, reply + first->reply_len,
                                      secret + first->secret_len);
    if (rc != TLSC_OK) {
        tlsc_wipe(reply, first->reply_len);
        tlsc_wipe(secret, first->secret_len);
    }
    return rc;
}

static tlsc_err hybrid_decapsulate(const tlsc_group *first, const tlsc_group *second,
                                   const void *priv, tlsc_bytes reply, uint8_t *secret)
{
    if (reply.n != (size_t)first->reply_len + second->reply_len) {
        return TLSC_E_BAD_KEY_SHARE;
    }
    tlsc_bytes reply1 = { reply.p, first->reply_len };
    tlsc_bytes reply2 = { reply.p + first->reply_len, second->reply_len };
    const uint8_t *priv2 = (const uint8_t *)priv + SECOND_AT(first->private_len);
    TRY(first->decapsulate(priv, reply1, secret));
    tlsc_err rc = second->decapsulate(priv2, reply2, secret + first->secret_len);
    if (rc != TLSC_OK) {
        tlsc_wipe(secret, first->secret_len);
    }
    return rc;
}

/* A hybrid's functions and its row; its sizes are its parts' sums, which must be constants here. The
 * private half of ML-KEM is a pointer. */
#define HYBRID_ROW(row, code_point, iana_name, first, second, shares, replies, secrets, privates) \
    static tlsc_err row##_keygen(const tlsc_random *random, void *priv, uint8_t *share)           \
    {                                                                                             \
        return hybrid_keygen(first, second, random, priv, share);                                 \
    }                                                                                             \
    static tlsc_err row##_encapsulate(const tlsc_random *random, tlsc_bytes peer_share,           \
                                      uint8_t *reply, uint8_t *secret)                            \
    {                                                                                             \
        return hybrid_encapsulate(first, second, random, peer_share, reply, secret);              \
    }                                                                                             \
    static tlsc_err row##_decapsulate(const void *priv, tlsc_bytes reply, uint8_t *secret)        \
    {                                                                                             \
        return hybrid_decapsulate(first, second, priv, reply, secret);                            \
    }                                                                                             \
    static void row##_clear(void *priv)                                                           \
    {                                                                                             \
        (first)->clear(priv);                                                                     \
        (second)->clear(second_private(first, priv));                                             \
    }                                                                                             \
    const tlsc_group tlsc_libcrypto_##row = {                                                     \
        .size = sizeof(tlsc_group),                                                               \
        .id = (code_point),                                                                       \
        .name = (iana_name),                                                                      \
        .tls12 = false,                                                                           \
        .post_quantum = true,                                                                     \
        .share_len = (shares),                                                                    \
        .reply_len = (replies),                                                                   \
        .secret_len = (secrets),                                                                  \
        .private_len = (privates),                                                                \
        .keygen = row##_keygen,                                                                   \
        .encapsulate = row##_encapsulate,                                                         \
        .decapsulate = row##_decapsulate,                                                         \
        .clear = row##_clear,                                                                     \
    }

HYBRID_ROW(x25519mlkem768, 0x11ec, "X25519MLKEM768", &tlsc_libcrypto_mlkem768,
           &tlsc_libcrypto_x25519, 1184 + 32, 1088 + 32, 32 + 32, SECOND_AT(sizeof(void *)) + 32);
HYBRID_ROW(p256mlkem768, 0x11eb, "SecP256r1MLKEM768", &tlsc_libcrypto_p256,
           &tlsc_libcrypto_mlkem768, 65 + 1184, 65 + 1088, 32 + 32, SECOND_AT(32) + sizeof(void *));
HYBRID_ROW(p384mlkem1024, 0x11ed, "SecP384r1MLKEM1024", &tlsc_libcrypto_p384,
           &tlsc_libcrypto_mlkem1024, 97 + 1568, 97 + 1568, 48 + 32,
           SECOND_AT(48) + sizeof(void *));
