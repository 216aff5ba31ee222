/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/provider.c: the default provider, what a provider must keep to, its lookups, and its fallback. */
#include "tlscore/provider.h"

#include <string.h>

#include "base/try.h"
#include "crypto/libcrypto/libcrypto.h"
#include "crypto/suites.h"

/* Server's preference: post-quantum first, then the fastest. A hybrid is preferred to ML-KEM alone. */
static const tlsc_group *const libcrypto_groups[] = {
    &tlsc_libcrypto_x25519mlkem768,  &tlsc_libcrypto_p256mlkem768,
    &tlsc_libcrypto_p384mlkem1024,   &tlsc_libcrypto_mlkem1024,
    &tlsc_libcrypto_x25519,          &tlsc_libcrypto_p256,
    &tlsc_libcrypto_p384,            &tlsc_libcrypto_p521,
};

static const tlsc_provider libcrypto_provider = {
    .size = sizeof(tlsc_provider),
    .name = tlsc_libcrypto_name,
    .suites = tlsc_libcrypto_suites,
    .num_suites = TLSC_NUM_LIBCRYPTO_SUITES,
    .groups = libcrypto_groups,
    .num_groups = TLSC_COUNT(libcrypto_groups),
    .random = &tlsc_libcrypto_random,
    .ticket_aead = &tlsc_libcrypto_aes256gcm,
    .ticket_hash = &tlsc_libcrypto_sha256,
    .load_key = tlsc_libcrypto_load_key,
    .verify = tlsc_libcrypto_verify,
    .fips = tlsc_libcrypto_fips,
    .sha1 = &tlsc_libcrypto_sha1,
};

const tlsc_provider *tlsc_provider_default(void)
{
    return &libcrypto_provider;
}

/* A table is usable if it is as long as ours; a later one may be longer. */
#define WHOLE(table) ((table) != NULL && (table)->size >= sizeof(*(table)))

static bool is_length(size_t n, size_t max)
{
    return n > 0 && n <= max;
}

static bool hash_is_good(const tlsc_hash *h)
{
    return WHOLE(h) && h->name != NULL && is_length(h->len, TLSC_HASH_MAX) &&
           h->block_len >= h->len && is_length(h->block_len, TLSC_HASH_BLOCK_MAX) &&
           is_length(h->state_len, TLSC_HASH_STATE_MAX) &&
           h->init != NULL && h->update != NULL && h->final != NULL && h->hmac != NULL;
}

/* A suite's name ends with its hash's; this matters where suites are put together by hand. */
static bool hash_fits_name(const tlsc_suite *s)
{
    size_t n = strlen(s->name);
    const char *end = n < 7 ? "" : s->name + n - 7;
    return (strcmp(end, "_SHA256") != 0 || s->hash->len == 32) &&
           (strcmp(end, "_SHA384") != 0 || s->hash->len == 48);
}

static bool aead_is_good(const tlsc_aead *a)
{
    return WHOLE(a) && a->name != NULL && is_length(a->key_len, TLSC_AEAD_KEY_MAX) &&
           is_length(a->state_len, TLSC_AEAD_STATE_MAX) && a->init != NULL && a->seal != NULL &&
           a->open != NULL && a->clear != NULL;
}

static bool suite_is_good(const tlsc_suite *s)
{
    return WHOLE(s) && (s->version == TLSC_TLS13 || s->version == TLSC_TLS12) && s->name != NULL &&
           s->openssl_name != NULL && aead_is_good(s->aead) && hash_is_good(s->hash) &&
           hash_fits_name(s) && s->confidentiality_limit >= 2 && s->explicit_nonce_len <= 8 &&
           (s->version == TLSC_TLS13 || s->authentication == TLSC_AUTH_ECDSA ||
            s->authentication == TLSC_AUTH_RSA);
}

/* ECPoint's opaque point <1..2^8-1>, RFC 8422 5.4 */
enum { TLS12_SHARE_MAX = 255 };

static bool group_is_good(const tlsc_group *g)
{
    return WHOLE(g) && g->name != NULL && is_length(g->share_len, TLSC_GROUP_SHARE_MAX) &&
           is_length(g->reply_len, TLSC_GROUP_SHARE_MAX) &&
           is_length(g->secret_len, TLSC_GROUP_SECRET_MAX) &&
           is_length(g->private_len, TLSC_GROUP_PRIVATE_MAX) && g->keygen != NULL &&
           (!g->tls12 || (g->share_len <= TLS12_SHARE_MAX && g->reply_len <= TLS12_SHARE_MAX)) &&
           g->encapsulate != NULL && g->decapsulate != NULL && g->clear != NULL;
}

/* A PSK made with one suite serves another of the same hash, and a transcript begun for one goes on for
 * the other: both ask whether the tables are the same. */
static bool is_only_one_of_its_hash(const tlsc_provider *p, const tlsc_hash *hash)
{
    for (size_t i = 0; i < p->num_suites; i++) {
        const tlsc_hash *other = p->suites[i]->hash;
        if (other != hash && strcmp(other->name, hash->name) == 0) {
            return false;
        }
    }
    return true;
}

static bool hashes_are_unique(const tlsc_provider *p)
{
    for (size_t i = 0; i < p->num_suites; i++) {
        if (!is_only_one_of_its_hash(p, p->suites[i]->hash)) {
            return false;
        }
    }
    return true;
}

static bool suites_are_good(const tlsc_provider *p)
{
    if (p->suites == NULL || p->num_suites == 0) {
        return false;
    }
    for (size_t i = 0; i < p->num_suites; i++) {
        /* The lookup finds the first of its code point: a second one would be out of reach. */
        if (!suite_is_good(p->suites[i]) ||
            tlsc_provider_suite(p, p->suites[i]->id) != p->suites[i]) {
            return false;
        }
    }
    return hashes_are_unique(p);
}

static bool groups_are_good(const tlsc_provider *p)
{
    if (p->groups == NULL || p->num_groups == 0) {
        return false;
    }
    for (size_t i = 0; i < p->num_groups; i++) {
        if (!group_is_good(p->groups[i]) ||
            tlsc_provider_group(p, p->groups[i]->id) != p->groups[i]) {
            return false;
        }
    }
    return true;
}

/* Nobody needs more; and a ring of fallbacks has no end. */
enum { FALLBACKS_MAX = 4 };

static bool fallbacks_are_good(const tlsc_provider *p)
{
    size_t num = 0;
    for (const tlsc_provider *f = p->fallback; f != NULL; f = f->fallback) {
        if (!WHOLE(f) || f->load_key == NULL || f->verify == NULL || ++num > FALLBACKS_MAX) {
            return false;
        }
    }
    return true;
}

tlsc_err tlsc_provider_check(const tlsc_provider *provider)
{
    const tlsc_provider *p = provider;
    bool good = WHOLE(p) && p->name != NULL && suites_are_good(p) && groups_are_good(p) &&
                WHOLE(p->random) && p->random->fill != NULL && aead_is_good(p->ticket_aead) &&
                p->ticket_aead->key_len == 32 && hash_is_good(p->ticket_hash) &&
                p->load_key != NULL && p->verify != NULL && fallbacks_are_good(p) &&
                (p->sha1 == NULL || (hash_is_good(p->sha1) && p->sha1->len == 20));
    return good ? TLSC_OK : TLSC_E_BAD_CONFIG;
}

const tlsc_suite *tlsc_provider_suite(const tlsc_provider *provider, uint16_t id)
{
    for (size_t i = 0; i < provider->num_suites; i++) {
        if (provider->suites[i]->id == id) {
            return provider->suites[i];
        }
    }
    return NULL;
}

const tlsc_group *tlsc_provider_group(const tlsc_provider *provider, uint16_t id)
{
    for (size_t i = 0; i < provider->num_groups; i++) {
        if (provider->groups[i]->id == id) {
            return provider->groups[i];
        }
    }
    return NULL;
}

tlsc_err tlsc_provider_load_key(const tlsc_provider *provider, tlsc_key_format format,
                                tlsc_bytes der, tlsc_signing_key **out)
{
    tlsc_err rc = TLSC_E_UNSUPPORTED_KEY;
    *out = NULL;
    for (const tlsc_provider *p = provider; p != NULL && rc == TLSC_E_UNSUPPORTED_KEY;
         p = p->fallback) {
        rc = p->load_key(format, der, out);
    }
    return rc;
}

tlsc_err tlsc_provider_verify(const tlsc_provider *provider, uint16_t scheme, tlsc_bytes spki,
                              tlsc_bytes message, tlsc_bytes signature)
{
    tlsc_err rc = TLSC_E_UNSUPPORTED_KEY;
    for (const tlsc_provider *p = provider; p != NULL && rc == TLSC_E_UNSUPPORTED_KEY;
         p = p->fallback) {
        rc = p->verify(scheme, spki, message, signature);
    }
    return rc;
}
