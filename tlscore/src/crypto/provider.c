/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/provider.c: the default provider, what a provider must keep to, and its lookups. */
#include "tlscore/provider.h"

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
           s->confidentiality_limit >= 2 && s->explicit_nonce_len <= 8 &&
           (s->version == TLSC_TLS13 || s->authentication == TLSC_AUTH_ECDSA ||
            s->authentication == TLSC_AUTH_RSA);
}

static bool group_is_good(const tlsc_group *g)
{
    return WHOLE(g) && g->name != NULL && is_length(g->share_len, TLSC_GROUP_SHARE_MAX) &&
           is_length(g->reply_len, TLSC_GROUP_SHARE_MAX) &&
           is_length(g->secret_len, TLSC_GROUP_SECRET_MAX) &&
           is_length(g->private_len, TLSC_GROUP_PRIVATE_MAX) && g->keygen != NULL &&
           g->encapsulate != NULL && g->decapsulate != NULL && g->clear != NULL;
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
    return true;
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

tlsc_err tlsc_provider_check(const tlsc_provider *provider)
{
    const tlsc_provider *p = provider;
    bool good = WHOLE(p) && p->name != NULL && suites_are_good(p) && groups_are_good(p) &&
                WHOLE(p->random) && p->random->fill != NULL && aead_is_good(p->ticket_aead) &&
                p->ticket_aead->key_len == 32 && hash_is_good(p->ticket_hash) &&
                p->load_key != NULL && p->verify != NULL;
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
