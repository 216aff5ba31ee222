/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/mix.c: a provider made of parts of others. */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "tlscore/provider.h"

enum { SUITES_MAX = 64, GROUPS_MAX = 64, NAME_MAX_LEN = 63 };

/* All of it in one block; the provider first, so that one pointer is both. */
typedef struct mixed_provider {
    tlsc_provider provider;
    char name[NAME_MAX_LEN + 1];
    const tlsc_suite *suites[SUITES_MAX];
    const tlsc_group *groups[GROUPS_MAX];
    tlsc_suite rows[SUITES_MAX]; /* copies of suites, for their hashes' sake */
} mixed_provider;

/* The hash of a suite taken before, where that is the same one. */
static const tlsc_hash *hash_in_use(const mixed_provider *m, const tlsc_hash *hash)
{
    for (size_t i = 0; i < m->provider.num_suites; i++) {
        if (strcmp(m->rows[i].hash->name, hash->name) == 0) {
            return m->rows[i].hash;
        }
    }
    return hash;
}

static tlsc_err take_suite(mixed_provider *m, const tlsc_suite *suite)
{
    size_t i = m->provider.num_suites;
    if (i == SUITES_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    m->rows[i] = *suite;
    m->rows[i].size = sizeof(m->rows[i]); /* a later tlscore's row may be longer */
    m->rows[i].hash = hash_in_use(m, suite->hash);
    m->suites[i] = &m->rows[i];
    m->provider.num_suites++;
    return TLSC_OK;
}

static tlsc_err take_group(mixed_provider *m, const tlsc_group *group)
{
    size_t i = m->provider.num_groups;
    if (i == GROUPS_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    m->groups[i] = group;
    m->provider.num_groups++;
    return TLSC_OK;
}

static tlsc_err take_suites(mixed_provider *m, const tlsc_mix_part *part)
{
    const tlsc_provider *from = part->from;
    if (part->id != 0) {
        const tlsc_suite *suite = tlsc_provider_suite(from, part->id);
        return suite == NULL ? TLSC_E_UNSUPPORTED : take_suite(m, suite);
    }
    for (size_t i = 0; i < from->num_suites; i++) {
        if (tlsc_provider_suite(&m->provider, from->suites[i]->id) == NULL) {
            TRY(take_suite(m, from->suites[i]));
        }
    }
    return TLSC_OK;
}

static tlsc_err take_groups(mixed_provider *m, const tlsc_mix_part *part)
{
    const tlsc_provider *from = part->from;
    if (part->id != 0) {
        const tlsc_group *group = tlsc_provider_group(from, part->id);
        return group == NULL ? TLSC_E_UNSUPPORTED : take_group(m, group);
    }
    for (size_t i = 0; i < from->num_groups; i++) {
        if (tlsc_provider_group(&m->provider, from->groups[i]->id) == NULL) {
            TRY(take_group(m, from->groups[i]));
        }
    }
    return TLSC_OK;
}

/* It is in FIPS mode as a whole if all parts are of one module, which says so. */
static void meet(mixed_provider *m, const tlsc_provider *from)
{
    if (m->provider.fips != from->fips) {
        m->provider.fips = NULL;
    }
}

/* Takes one kind of part; none are all of the base's. */
static tlsc_err take_parts(mixed_provider *m, const tlsc_mix *mix, const tlsc_mix_part *parts,
                           size_t num, tlsc_err (*take)(mixed_provider *, const tlsc_mix_part *))
{
    const tlsc_mix_part all_of_base = { mix->base, 0 };
    if (num == 0) {
        return take(m, &all_of_base);
    }
    for (size_t i = 0; i < num; i++) {
        TRY(tlsc_provider_check(parts[i].from));
        TRY(take(m, &parts[i]));
        meet(m, parts[i].from);
    }
    return TLSC_OK;
}

/* Who does a thing. What isn't named is the base. */
static tlsc_err find(mixed_provider *m, const tlsc_provider **who, const tlsc_mix *mix)
{
    if (*who == NULL) {
        *who = mix->base;
    }
    TRY(tlsc_provider_check(*who));
    meet(m, *who);
    return TLSC_OK;
}

/* One fallback is all that a provider has, and the base is it. */
static bool loses_fallback(const tlsc_provider *who, const tlsc_mix *mix)
{
    return who != mix->base && who->fallback != NULL && who->fallback != mix->base;
}

static tlsc_err take_functions(mixed_provider *m, const tlsc_mix *mix)
{
    tlsc_provider *p = &m->provider;
    const tlsc_provider *keys = mix->keys;
    const tlsc_provider *verify = mix->verify;
    const tlsc_provider *random = mix->random;
    const tlsc_provider *tickets = mix->tickets;
    TRY(find(m, &keys, mix));
    TRY(find(m, &verify, mix));
    TRY(find(m, &random, mix));
    TRY(find(m, &tickets, mix));
    if (loses_fallback(keys, mix) || loses_fallback(verify, mix)) {
        return TLSC_E_BAD_CONFIG;
    }
    p->load_key = keys->load_key;
    p->verify = verify->verify;
    p->fallback = mix->base;
    p->random = random->random;
    p->ticket_aead = tickets->ticket_aead;
    p->ticket_hash = tickets->ticket_hash;
    return TLSC_OK;
}

static tlsc_err fill(mixed_provider *m, const tlsc_mix *mix)
{
    tlsc_bytes name = tlsc_bytes_of_str(mix->name == NULL ? "mixed" : mix->name);
    if (name.n > NAME_MAX_LEN) {
        return TLSC_E_BAD_CONFIG;
    }
    tlsc_bytes_copy((uint8_t *)m->name, name);
    m->provider.size = sizeof(m->provider);
    m->provider.name = m->name;
    m->provider.suites = m->suites;
    m->provider.groups = m->groups;
    m->provider.fips = mix->base->fips;
    TRY(take_parts(m, mix, mix->suites, mix->num_suites, take_suites));
    TRY(take_parts(m, mix, mix->groups, mix->num_groups, take_groups));
    TRY(take_functions(m, mix));
    return tlsc_provider_check(&m->provider);
}

tlsc_err tlsc_provider_mix(const tlsc_mix *mix, const tlsc_provider **out)
{
    *out = NULL;
    if (mix->size < sizeof(*mix)) {
        return TLSC_E_BAD_CONFIG;
    }
    TRY(tlsc_provider_check(mix->base));
    mixed_provider *m = (mixed_provider *)tlsc_mem_zalloc(sizeof(*m));
    if (m == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = fill(m, mix);
    if (rc != TLSC_OK) {
        tlsc_mem_free(m);
        return rc;
    }
    *out = &m->provider;
    return TLSC_OK;
}

void tlsc_provider_free(const tlsc_provider *mixed)
{
    tlsc_mem_free((void *)(uintptr_t)mixed);
}
