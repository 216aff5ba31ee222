/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/sign.c: Ed25519 keys that sign, their secret halves in the guarded arena. */
#include <sodium.h>

#include <string.h>

#include "base/mem.h"
#include "base/try.h"
#include "crypto/sodium/arena.h"
#include "crypto/sodium/key_der.h"
#include "crypto/sodium/sodium.h"

_Static_assert(crypto_sign_ed25519_SECRETKEYBYTES == TLSC_ARENA_KEY_LEN, "a key fits the arena");

typedef struct sodium_key {
    tlsc_signing_key base; /* first, so that one pointer is both */
    const uint8_t *secret; /* in the arena: seed, then public half */
    uint8_t spki[TLSC_ED25519_SPKI_LEN];
} sodium_key;

static const uint16_t schemes[] = { TLSC_SIG_ED25519 };

static tlsc_err sign(const tlsc_signing_key *key, uint16_t scheme, tlsc_bytes message,
                     uint8_t *out, size_t *out_len)
{
    const sodium_key *k = (const sodium_key *)key;
    *out_len = 0;
    if (scheme != TLSC_SIG_ED25519) {
        return TLSC_E_USAGE;
    }
    if (crypto_sign_ed25519_detached(out, NULL, message.p, message.n, k->secret) != 0) {
        return TLSC_E_SIGNING_FAILED;
    }
    *out_len = crypto_sign_ed25519_BYTES;
    return TLSC_OK;
}

static void free_key(tlsc_signing_key *key)
{
    sodium_key *k = (sodium_key *)key;
    if (k == NULL) {
        return;
    }
    tlsc_arena_give(k->secret);
    tlsc_mem_free(k);
}

/* The way of a seed into the arena; the public half, which is no secret, comes back. */
typedef struct seeding {
    const uint8_t *seed;
    uint8_t pub[TLSC_ED25519_KEY_LEN];
} seeding;

static void put_key(uint8_t *key, void *ctx)
{
    seeding *s = (seeding *)ctx;
    (void)crypto_sign_ed25519_seed_keypair(s->pub, key, s->seed); /* can't fail */
}

static tlsc_err fill(sodium_key *k, const uint8_t *seed, const uint8_t *pub)
{
    seeding s = { .seed = seed };
    k->secret = tlsc_arena_take(put_key, &s);
    if (k->secret == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    if (pub != NULL && memcmp(pub, s.pub, sizeof(s.pub)) != 0) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    tlsc_ed25519_write_public(s.pub, k->spki);
    return TLSC_OK;
}

tlsc_err tlsc_sodium_load_key(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out)
{
    const uint8_t *seed;
    const uint8_t *pub;
    *out = NULL;
    if (format != TLSC_KEY_PKCS8) { /* the others are RSA's and ECDSA's */
        return TLSC_E_UNSUPPORTED_KEY;
    }
    TRY(tlsc_ed25519_parse_private(der, &seed, &pub));
    sodium_key *k = (sodium_key *)tlsc_mem_zalloc(sizeof(*k));
    if (k == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = fill(k, seed, pub);
    if (rc != TLSC_OK) {
        free_key(&k->base);
        return rc;
    }
    k->base = (tlsc_signing_key){
        .size = sizeof(k->base),
        .schemes = schemes,
        .num_schemes = TLSC_COUNT(schemes),
        .spki = { k->spki, sizeof(k->spki) },
        .sign = sign,
        .free = free_key,
    };
    *out = &k->base;
    return TLSC_OK;
}
