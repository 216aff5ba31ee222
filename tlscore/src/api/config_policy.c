/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_policy.c: a policy applied, as far as the provider has what it names, and its limits. */
#include <string.h>

#include "api/builder.h"
#include "base/bytes.h"
#include "base/mem.h"

static bool is_in(const uint16_t *list, size_t num, uint16_t id)
{
    for (size_t i = 0; i < num; i++) {
        if (list[i] == id) {
            return true;
        }
    }
    return false;
}

/* ---- applying ---- */

/* What is left of a policy's lists. */
typedef struct remainder {
    const tlsc_suite *suites[TLSC_BUILDER_LIST_MAX];
    size_t num_suites;
    const tlsc_group *groups[TLSC_BUILDER_LIST_MAX];
    size_t num_groups;
    uint16_t schemes[TLSC_BUILDER_LIST_MAX];
    size_t num_schemes;
} remainder;

static void find_remainder(const tlsc_policy *policy, const tlsc_provider *provider,
                           remainder *out)
{
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < policy->num_suites; i++) {
        const tlsc_suite *suite = tlsc_provider_suite(provider, policy->suites[i]);
        if (suite != NULL) {
            out->suites[out->num_suites++] = suite;
        }
    }
    for (size_t i = 0; i < policy->num_groups; i++) {
        const tlsc_group *group = tlsc_provider_group(provider, policy->groups[i]);
        if (group != NULL) {
            out->groups[out->num_groups++] = group;
        }
    }
    for (size_t i = 0; i < policy->num_schemes; i++) {
        if (tlsc_builder_can_check(provider, policy->schemes[i])) {
            out->schemes[out->num_schemes++] = policy->schemes[i];
        }
    }
}

static void take(tlsc_config_builder *b, const tlsc_policy *policy, const remainder *r)
{
    tlsc_config *c = &b->config;
    memcpy(b->suites, r->suites, sizeof(b->suites));
    memcpy(b->groups, r->groups, sizeof(b->groups));
    memcpy(b->schemes, r->schemes, sizeof(b->schemes));
    c->num_suites = r->num_suites;
    c->num_groups = r->num_groups;
    c->equal_groups = 0;
    c->group_retry = TLSC_RETRY_POST_QUANTUM;
    c->num_schemes = r->num_schemes;
    c->num_certificate_schemes = 0;
    c->min_version = policy->min_version;
    c->max_version = policy->max_version;
    c->honor_client_order = !policy->server_order;
}

void tlsc_builder_begin(tlsc_config_builder *b)
{
    const tlsc_provider *provider = b->config.provider;
    const tlsc_policy *policy = tlsc_policy_at(0);
    remainder r;
    find_remainder(policy, provider, &r);
    if (r.num_suites == 0) {
        memcpy(r.suites, provider->suites, provider->num_suites * sizeof(r.suites[0]));
        r.num_suites = provider->num_suites;
    }
    if (r.num_groups == 0) {
        memcpy(r.groups, provider->groups, provider->num_groups * sizeof(r.groups[0]));
        r.num_groups = provider->num_groups;
    }
    take(b, policy, &r);
}

tlsc_err tlsc_config_set_policy(tlsc_config_builder *b, const char *name)
{
    const tlsc_policy *policy = tlsc_policy_find(name);
    remainder r;
    if (policy == NULL) {
        return TLSC_E_UNKNOWN_NAME;
    }
    find_remainder(policy, b->config.provider, &r);
    if (r.num_suites == 0 || r.num_groups == 0 || r.num_schemes == 0) {
        return TLSC_E_UNSUPPORTED;
    }
    take(b, policy, &r);
    b->config.policy = policy == tlsc_policy_at(0) ? NULL : policy;
    return TLSC_OK;
}

tlsc_err tlsc_config_require_fips(tlsc_config_builder *b, bool require)
{
    bool (*fips)(void) = b->config.provider->fips;
    return !require || (fips != NULL && fips()) ? TLSC_OK : TLSC_E_UNSUPPORTED;
}

/* ---- freezing ---- */

static bool are_in(const uint16_t *list, size_t num, const tlsc_policy *policy)
{
    for (size_t i = 0; i < num; i++) {
        if (!is_in(policy->schemes, policy->num_schemes, list[i])) {
            return false;
        }
    }
    return true;
}

static bool keeps_to(const tlsc_config *c, const tlsc_policy *policy)
{
    for (size_t i = 0; i < c->num_suites; i++) {
        if (!is_in(policy->suites, policy->num_suites, c->suites[i]->id)) {
            return false;
        }
    }
    for (size_t i = 0; i < c->num_groups; i++) {
        if (!is_in(policy->groups, policy->num_groups, c->groups[i]->id)) {
            return false;
        }
    }
    return c->min_version >= policy->min_version && c->max_version <= policy->max_version &&
           are_in(c->schemes, c->num_schemes, policy) &&
           are_in(c->certificate_schemes, c->num_certificate_schemes, policy);
}

/* A session that began under another policy may rest on a key that this one doesn't allow. */
static void bind_sessions(tlsc_config *c, const tlsc_policy *policy)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    uint8_t digest[TLSC_HASH_MAX];
    const tlsc_hash *hash = c->provider->ticket_hash;
    if (!c->client) {
        return;
    }
    hash->init(state);
    hash->update(state, tlsc_bytes_of_str(policy->name));
    hash->final(state, digest);
    for (size_t i = 0; i < sizeof(c->identity) && i < hash->len; i++) {
        c->identity[i] ^= digest[i];
    }
    tlsc_wipe(state, sizeof(state));
}

tlsc_err tlsc_builder_check_policy(tlsc_config *c)
{
    const tlsc_policy *policy = c->policy;
    if (policy == NULL) {
        return TLSC_OK;
    }
    bind_sessions(c, policy);
    return keeps_to(c, policy) ? TLSC_OK : TLSC_E_BAD_CONFIG;
}
