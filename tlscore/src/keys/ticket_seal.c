/* SPDX-License-Identifier: Apache-2.0 */
/* keys/ticket_seal.c: sealing and opening of session tickets. */
#include "keys/ticket_seal.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "wire/reader.h"

/* The AEAD of one ticket, keyed; `nonce` is as secret as the key and used once. */
typedef struct ticket_cipher {
    const tlsc_aead *aead;
    _Alignas(16) uint8_t state[TLSC_AEAD_STATE_MAX];
    uint8_t nonce[TLSC_AEAD_NONCE_LEN];
} ticket_cipher;

/* HMAC(key, "tlsc ticket" | salt | i), i = 1 the key, i = 2 the nonce. */
static tlsc_err derive(const tlsc_hash *hash, const tlsc_ticket_key *key, tlsc_bytes salt, uint8_t i,
                       uint8_t out[TLSC_HASH_MAX])
{
    tlsc_bytes parts[] = { tlsc_bytes_of_str("tlsc ticket"), salt, tlsc_bytes_of(&i, 1) };
    return hash->hmac(tlsc_bytes_of(key->key, sizeof(key->key)), parts, TLSC_COUNT(parts), out);
}

static tlsc_err cipher_init(ticket_cipher *c, const tlsc_provider *provider,
                            const tlsc_ticket_key *key, tlsc_bytes salt)
{
    uint8_t derived[TLSC_HASH_MAX];
    memset(c, 0, sizeof(*c));
    tlsc_err rc = derive(provider->ticket_hash, key, salt, 2, derived);
    if (rc == TLSC_OK) {
        memcpy(c->nonce, derived, sizeof(c->nonce));
        rc = derive(provider->ticket_hash, key, salt, 1, derived);
    }
    if (rc == TLSC_OK) {
        rc = provider->ticket_aead->init(c->state, derived);
    }
    if (rc == TLSC_OK) {
        c->aead = provider->ticket_aead;
    }
    tlsc_wipe(derived, sizeof(derived));
    return rc;
}

static void cipher_clear(ticket_cipher *c)
{
    if (c->aead != NULL) {
        c->aead->clear(c->state);
    }
    tlsc_wipe(c, sizeof(*c));
}

static const tlsc_ticket_key *sealing_key(const tlsc_ticket_keys *keys, int64_t now_ms)
{
    const tlsc_ticket_key *best = NULL;
    for (size_t i = 0; i < keys->num; i++) {
        const tlsc_ticket_key *k = &keys->keys[i];
        bool in_force = k->from_ms <= now_ms && now_ms < k->until_ms;
        if (in_force && (best == NULL || k->from_ms > best->from_ms)) {
            best = k;
        }
    }
    return best;
}

static const tlsc_ticket_key *key_by_name(const tlsc_ticket_keys *keys, tlsc_bytes name)
{
    for (size_t i = 0; i < keys->num; i++) {
        const tlsc_ticket_key *k = &keys->keys[i];
        if (tlsc_bytes_equal(name, tlsc_bytes_of(k->name, sizeof(k->name)))) {
            return k;
        }
    }
    return NULL;
}

tlsc_err tlsc_ticket_seal(const tlsc_provider *provider, const tlsc_random *random,
                          const tlsc_ticket_keys *keys, int64_t now_ms, tlsc_bytes session,
                          tlsc_buf *out)
{
    const tlsc_ticket_key *key = sealing_key(keys, now_ms);
    if (key == NULL) {
        return TLSC_E_NO_TICKET_KEY;
    }
    uint8_t salt[TLSC_TICKET_SALT_LEN];
    TRY(random->fill(random->ctx, salt, sizeof(salt)));
    TRY(tlsc_buf_reserve(out, session.n + TLSC_TICKET_OVERHEAD));
    ticket_cipher c;
    tlsc_err rc = cipher_init(&c, provider, key, tlsc_bytes_of(salt, sizeof(salt)));
    if (rc == TLSC_OK) {
        uint8_t *p = out->p + out->n;
        memcpy(p, key->name, sizeof(key->name));
        memcpy(p + TLSC_TICKET_NAME_LEN, salt, sizeof(salt));
        uint8_t *data = p + TLSC_TICKET_NAME_LEN + TLSC_TICKET_SALT_LEN;
        tlsc_bytes_copy(data, session);
        rc = c.aead->seal(c.state, c.nonce, tlsc_bytes_of(key->name, sizeof(key->name)), data,
                          session.n);
    }
    if (rc == TLSC_OK) {
        out->n += session.n + TLSC_TICKET_OVERHEAD;
    }
    cipher_clear(&c);
    return rc;
}

tlsc_err tlsc_ticket_unseal(const tlsc_provider *provider, const tlsc_ticket_keys *keys,
                            tlsc_bytes ticket, tlsc_buf *out)
{
    tlsc_rd r = tlsc_rd_of(ticket);
    tlsc_bytes name = tlsc_rd_bytes(&r, TLSC_TICKET_NAME_LEN);
    tlsc_bytes salt = tlsc_rd_bytes(&r, TLSC_TICKET_SALT_LEN);
    tlsc_bytes sealed = tlsc_rd_rest(&r);
    const tlsc_ticket_key *key = key_by_name(keys, name);
    if (r.bad || sealed.n < TLSC_AEAD_TAG_LEN || key == NULL) {
        return TLSC_E_BAD_TICKET;
    }
    TRY(tlsc_buf_reserve(out, sealed.n));
    ticket_cipher c;
    tlsc_err rc = cipher_init(&c, provider, key, salt);
    if (rc == TLSC_OK) {
        uint8_t *data = out->p + out->n;
        tlsc_bytes_copy(data, sealed);
        rc = c.aead->open(c.state, c.nonce, name, data, sealed.n);
        if (rc == TLSC_OK) {
            out->n += sealed.n - TLSC_AEAD_TAG_LEN;
        } else {
            tlsc_wipe(data, sealed.n);
            rc = rc == TLSC_E_BAD_RECORD_MAC ? TLSC_E_BAD_TICKET : rc;
        }
    }
    cipher_clear(&c);
    return rc;
}
