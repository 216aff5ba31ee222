/* SPDX-License-Identifier: Apache-2.0 */
/* keys/schedule13.c: the key schedule, RFC 8446 7; see the drawing in the header. */
#include "keys/schedule13.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

static const char *const label_texts[] = {
    [TLSC_LABEL_RESUMPTION_BINDER] = "res binder",
    [TLSC_LABEL_CLIENT_EARLY] = "c e traffic",
    [TLSC_LABEL_EARLY_EXPORTER] = "e exp master",
    [TLSC_LABEL_CLIENT_HANDSHAKE] = "c hs traffic",
    [TLSC_LABEL_SERVER_HANDSHAKE] = "s hs traffic",
    [TLSC_LABEL_CLIENT_TRAFFIC] = "c ap traffic",
    [TLSC_LABEL_SERVER_TRAFFIC] = "s ap traffic",
    [TLSC_LABEL_EXPORTER] = "exp master",
    [TLSC_LABEL_RESUMPTION] = "res master",
};

static const uint8_t zeros[TLSC_HASH_MAX];

/* HKDF-Extract(salt, IKM) is HMAC-Hash(salt, IKM), RFC 5869 2.2. */
static tlsc_err extract(tlsc_schedule13 *s, tlsc_bytes salt, tlsc_bytes ikm)
{
    tlsc_secret prk = { .n = s->hash->len };
    tlsc_err rc = s->hash->hmac(salt, &ikm, 1, prk.b);
    if (rc == TLSC_OK) {
        s->secret = prk;
        tlsc_hmac_init(&s->keyed, s->hash, tlsc_secret_bytes(&s->secret));
    }
    tlsc_secret_clear(&prk);
    return rc;
}

/* HKDF-Expand, RFC 5869 2.3: T(i) = HMAC(PRK, T(i-1) | info | i). */
static tlsc_err expand(const tlsc_hmac *prk, tlsc_bytes info, uint8_t *out, size_t n)
{
    uint8_t block[TLSC_HASH_MAX];
    size_t block_len = 0;
    size_t hash_len = prk->hash->len;
    if (n > 255 * hash_len) {
        tlsc_wipe(out, n);
        return TLSC_E_USAGE;
    }
    uint8_t i = 1;
    for (size_t done = 0; done < n; done += hash_len, i++) {
        tlsc_bytes parts[] = { tlsc_bytes_of(block, block_len), info, tlsc_bytes_of(&i, 1) };
        tlsc_hmac_of(prk, parts, TLSC_COUNT(parts), block);
        block_len = hash_len;
        memcpy(out + done, block, n - done < hash_len ? n - done : hash_len);
    }
    tlsc_wipe(block, sizeof(block));
    return TLSC_OK;
}

/* struct { uint16 length; opaque label<7..255> = "tls13 " + Label; opaque context<0..255>; } HkdfLabel; */
static tlsc_err expand_label(const tlsc_hmac *secret, const char *label, tlsc_bytes context,
                             uint8_t *out, size_t n)
{
    enum { PREFIX = 6, LABEL_MAX = 249, CONTEXT_MAX = 255 /* a ticket's nonce */ };
    uint8_t info[2 + 1 + PREFIX + LABEL_MAX + 1 + CONTEXT_MAX];
    size_t label_len = strlen(label);
    if (label_len > LABEL_MAX || context.n > CONTEXT_MAX || n > 65535) {
        tlsc_wipe(out, n);
        return TLSC_E_USAGE;
    }
    uint8_t *p = info;
    *p++ = (uint8_t)(n >> 8);
    *p++ = (uint8_t)n;
    *p++ = (uint8_t)(PREFIX + label_len);
    memcpy(p, "tls13 ", PREFIX);
    p += PREFIX;
    memcpy(p, label, label_len);
    p += label_len;
    *p++ = (uint8_t)context.n;
    tlsc_bytes_copy(p, context);
    p += context.n;
    return expand(secret, tlsc_bytes_of(info, (size_t)(p - info)), out, n);
}

tlsc_err tlsc_expand_label(const tlsc_hash *hash, tlsc_bytes secret, const char *label,
                           tlsc_bytes context, uint8_t *out, size_t n)
{
    tlsc_hmac keyed;
    tlsc_hmac_init(&keyed, hash, secret);
    tlsc_err rc = expand_label(&keyed, label, context, out, n);
    tlsc_hmac_clear(&keyed);
    return rc;
}

static tlsc_err derive_keyed(const tlsc_hmac *secret, const char *label, tlsc_bytes context,
                             tlsc_secret *out)
{
    tlsc_secret s = { .n = secret->hash->len };
    tlsc_err rc = expand_label(secret, label, context, s.b, s.n);
    if (rc == TLSC_OK) {
        *out = s;
    }
    tlsc_secret_clear(&s);
    return rc;
}

static tlsc_err derive(const tlsc_hash *hash, const tlsc_secret *secret, const char *label,
                       tlsc_bytes context, tlsc_secret *out)
{
    tlsc_hmac keyed;
    tlsc_hmac_init(&keyed, hash, tlsc_secret_bytes(secret));
    tlsc_err rc = derive_keyed(&keyed, label, context, out);
    tlsc_hmac_clear(&keyed);
    return rc;
}

static void hash_of_nothing(const tlsc_hash *hash, uint8_t *out)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    hash->init(state);
    hash->final(state, out);
}

/* From one stage to the next: Extract(Derive-Secret(secret, "derived", ""), ikm). */
static tlsc_err next_stage(tlsc_schedule13 *s, tlsc_bytes ikm)
{
    uint8_t empty[TLSC_HASH_MAX];
    hash_of_nothing(s->hash, empty);
    tlsc_secret salt;
    TRY(derive_keyed(&s->keyed, "derived", tlsc_bytes_of(empty, s->hash->len), &salt));
    tlsc_err rc = extract(s, tlsc_secret_bytes(&salt), ikm);
    tlsc_secret_clear(&salt);
    return rc;
}

tlsc_err tlsc_schedule13_early(tlsc_schedule13 *s, const tlsc_hash *hash, tlsc_bytes psk)
{
    s->hash = hash;
    tlsc_bytes zero = tlsc_bytes_of(zeros, hash->len);
    return extract(s, zero, psk.n > 0 ? psk : zero);
}

tlsc_err tlsc_schedule13_handshake(tlsc_schedule13 *s, tlsc_bytes shared)
{
    return next_stage(s, shared);
}

tlsc_err tlsc_schedule13_master(tlsc_schedule13 *s)
{
    return next_stage(s, tlsc_bytes_of(zeros, s->hash->len));
}

void tlsc_schedule13_clear(tlsc_schedule13 *s)
{
    tlsc_secret_clear(&s->secret);
    tlsc_hmac_clear(&s->keyed);
    s->hash = NULL;
}

tlsc_err tlsc_schedule13_derive(const tlsc_schedule13 *s, tlsc_label13 label,
                                const uint8_t *transcript_hash, tlsc_secret *out)
{
    uint8_t empty[TLSC_HASH_MAX];
    if (label == TLSC_LABEL_RESUMPTION_BINDER) {
        hash_of_nothing(s->hash, empty);
        transcript_hash = empty;
    }
    return derive_keyed(&s->keyed, label_texts[label],
                        tlsc_bytes_of(transcript_hash, s->hash->len), out);
}

tlsc_err tlsc_traffic_keys13(const tlsc_suite *suite, const tlsc_secret *secret,
                             uint8_t key[TLSC_AEAD_KEY_MAX], uint8_t iv[TLSC_AEAD_NONCE_LEN])
{
    tlsc_bytes nothing = { NULL, 0 };
    tlsc_hmac keyed;
    tlsc_hmac_init(&keyed, suite->hash, tlsc_secret_bytes(secret));
    memset(iv, 0, TLSC_AEAD_NONCE_LEN);
    tlsc_err rc = expand_label(&keyed, "key", nothing, key, suite->aead->key_len);
    if (rc == TLSC_OK) {
        rc = expand_label(&keyed, "iv", nothing, iv, TLSC_AEAD_NONCE_LEN);
    }
    tlsc_hmac_clear(&keyed);
    return rc;
}

tlsc_err tlsc_traffic_next13(const tlsc_hash *hash, tlsc_secret *secret)
{
    return derive(hash, secret, "traffic upd", (tlsc_bytes){ NULL, 0 }, secret);
}

tlsc_err tlsc_export13(const tlsc_hash *hash, const tlsc_secret *secret, const char *label,
                       tlsc_bytes context, uint8_t *out, size_t n)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    uint8_t digest[TLSC_HASH_MAX];
    tlsc_secret of_label = { .n = 0 };
    hash_of_nothing(hash, digest);
    tlsc_err rc =
        derive(hash, secret, label, tlsc_bytes_of(digest, hash->len), &of_label);
    if (rc == TLSC_OK) {
        hash->init(state);
        hash->update(state, context);
        hash->final(state, digest);
        rc = tlsc_expand_label(hash, tlsc_secret_bytes(&of_label), "exporter",
                               tlsc_bytes_of(digest, hash->len), out, n);
        tlsc_wipe(state, sizeof(state));
    } else {
        tlsc_wipe(out, n);
    }
    tlsc_secret_clear(&of_label);
    return rc;
}

tlsc_err tlsc_ticket_psk13(const tlsc_hash *hash, const tlsc_secret *resumption, tlsc_bytes nonce,
                           tlsc_secret *out)
{
    return derive(hash, resumption, "resumption", nonce, out);
}

tlsc_err tlsc_finished13(const tlsc_hash *hash, const tlsc_secret *base,
                         const uint8_t *transcript_hash, uint8_t *out)
{
    tlsc_secret key;
    TRY(derive(hash, base, "finished", (tlsc_bytes){ NULL, 0 }, &key));
    tlsc_bytes part = tlsc_bytes_of(transcript_hash, hash->len);
    tlsc_err rc = hash->hmac(tlsc_secret_bytes(&key), &part, 1, out);
    tlsc_secret_clear(&key);
    return rc;
}
