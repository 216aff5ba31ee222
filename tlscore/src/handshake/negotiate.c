/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/negotiate.c: pure decisions on a ClientHello. */
#include "handshake/negotiate.h"

#include "base/bytes.h"
#include "base/try.h"
#include "wire/enums.h"

tlsc_err tlsc_negotiate_version(const tlsc_config *config, const tlsc_client_hello *ch,
                                uint16_t *version)
{
    /* supported_versions, where it is there, is all that counts */
    bool has_list = tlsc_exts_has(&ch->exts, TLSC_EXT_supported_versions);
    for (uint16_t v = config->max_version; v >= config->min_version; v--) {
        bool offered = has_list ? tlsc_u16_list_has(ch->versions, v)
                                : v < TLSC_TLS13 && v <= ch->legacy_version;
        if (offered) {
            *version = v;
            return TLSC_OK;
        }
    }
    return TLSC_E_NO_SHARED_VERSION;
}

const tlsc_suite *tlsc_config_suite(const tlsc_config *config, uint16_t id, uint16_t version)
{
    for (size_t i = 0; i < config->num_suites; i++) {
        if (config->suites[i]->id == id && config->suites[i]->version == version) {
            return config->suites[i];
        }
    }
    return NULL;
}

uint8_t tlsc_config_curves(const tlsc_config *config)
{
    const tlsc_policy *policy = config->policy;
    unsigned allowed = 0;
    if (policy == NULL || !policy->strict_curves) {
        return 0;
    }
    for (size_t i = 0; i < policy->num_schemes; i++) {
        uint16_t scheme = policy->schemes[i];
        allowed |= scheme == TLSC_SIG_ECDSA_P256_SHA256 ? TLSC_AUTH_NO_P256 : 0u;
        allowed |= scheme == TLSC_SIG_ECDSA_P384_SHA384 ? TLSC_AUTH_NO_P384 : 0u;
        allowed |= scheme == TLSC_SIG_ECDSA_P521_SHA512 ? TLSC_AUTH_NO_P521 : 0u;
    }
    return (uint8_t)((TLSC_AUTH_NO_P256 | TLSC_AUTH_NO_P384 | TLSC_AUTH_NO_P521) & ~allowed);
}

static const tlsc_suite *suite_by_client(const tlsc_config *config, const tlsc_client_hello *ch,
                                         uint16_t version)
{
    tlsc_rd r = tlsc_rd_of(ch->cipher_suites);
    while (tlsc_rd_more(&r)) {
        const tlsc_suite *suite = tlsc_config_suite(config, tlsc_rd_u16(&r), version);
        if (suite != NULL) {
            return suite;
        }
    }
    return NULL;
}

static const tlsc_suite *suite_by_config(const tlsc_config *config, const tlsc_client_hello *ch,
                                         uint16_t version)
{
    for (size_t i = 0; i < config->num_suites; i++) {
        const tlsc_suite *suite = config->suites[i];
        if (suite->version == version && tlsc_u16_list_has(ch->cipher_suites, suite->id)) {
            return suite;
        }
    }
    return NULL;
}

tlsc_err tlsc_negotiate_suite(const tlsc_config *config, const tlsc_client_hello *ch,
                              uint16_t version, const tlsc_suite **suite)
{
    *suite = config->honor_client_order ? suite_by_client(config, ch, version)
                                        : suite_by_config(config, ch, version);
    return *suite != NULL ? TLSC_OK : TLSC_E_NO_SHARED_SUITE;
}

bool tlsc_config_group_is_equal(const tlsc_config *config, size_t i)
{
    return (config->equal_groups >> i & 1) != 0;
}

static tlsc_err find_share(const tlsc_client_hello *ch, uint16_t group, tlsc_bytes *share)
{
    *share = (tlsc_bytes){ NULL, 0 };
    tlsc_rd list = tlsc_rd_of(ch->key_shares);
    tlsc_key_share entry;
    while (tlsc_key_share_next(&list, &entry)) {
        if (entry.group != group) {
            continue;
        }
        if (share->n > 0) {
            return TLSC_E_DUPLICATE_KEY_SHARE;
        }
        *share = entry.key_exchange;
    }
    return TLSC_OK;
}

/* A group that both support, none while `group` is NULL; how far back the client names it; its share. */
typedef struct contender {
    const tlsc_group *group;
    size_t place;
    tlsc_bytes share;
} contender;

static tlsc_err look_at(const tlsc_client_hello *ch, const tlsc_group *group, contender *out)
{
    *out = (contender){ 0 };
    TRY(find_share(ch, group->id, &out->share));
    out->place = tlsc_u16_list_place(ch->groups, group->id);
    out->group = out->place < ch->groups.n / 2 ? group : NULL;
    return TLSC_OK;
}

/* Within a tier: a share saves a round trip, and costs nothing. */
static bool is_better(const contender *c, const contender *than)
{
    if (c->group == NULL || than->group == NULL) {
        return c->group != NULL;
    }
    bool has_share = c->share.n > 0;
    return has_share != (than->share.n > 0) ? has_share : c->place < than->place;
}

/* The best of the tier that begins at `*i`, which moves behind it. */
static tlsc_err best_of_tier(const tlsc_config *config, const tlsc_client_hello *ch, size_t *i,
                             contender *best)
{
    bool more = true;
    *best = (contender){ 0 };
    for (; more; (*i)++) {
        contender c;
        TRY(look_at(ch, config->groups[*i], &c));
        if (is_better(&c, best)) {
            *best = c;
        }
        more = tlsc_config_group_is_equal(config, *i);
    }
    return TLSC_OK;
}

static bool is_worth_a_retry(const tlsc_config *config, const tlsc_group *group)
{
    return config->group_retry == TLSC_RETRY_BETTER_TIER ||
           (config->group_retry == TLSC_RETRY_POST_QUANTUM && group->post_quantum);
}

tlsc_err tlsc_negotiate_group13(const tlsc_config *config, const tlsc_client_hello *ch,
                                const tlsc_group **group, tlsc_bytes *share)
{
    contender best = { 0 };
    for (size_t i = 0; i < config->num_groups;) {
        contender c;
        TRY(best_of_tier(config, ch, &i, &c));
        bool saves_a_round_trip = best.group != NULL && best.share.n == 0 && c.share.n > 0;
        if (best.group == NULL ||
            (c.group != NULL && saves_a_round_trip && !is_worth_a_retry(config, best.group))) {
            best = c;
        }
    }
    if (best.group == NULL) {
        return TLSC_E_NO_SHARED_GROUP;
    }
    *group = best.group;
    *share = best.share;
    return TLSC_OK;
}

bool tlsc_hello_has_alpn(const tlsc_client_hello *ch, tlsc_bytes name)
{
    tlsc_rd list = tlsc_rd_of(ch->alpn);
    tlsc_bytes offered;
    while (tlsc_alpn_next(&list, &offered)) {
        if (tlsc_bytes_equal(offered, name)) {
            return true;
        }
    }
    return false;
}

tlsc_err tlsc_negotiate_alpn(tlsc_bytes own, const tlsc_client_hello *ch, tlsc_bytes *name)
{
    *name = (tlsc_bytes){ NULL, 0 };
    if (!tlsc_exts_has(&ch->exts, TLSC_EXT_alpn)) {
        return TLSC_OK;
    }
    tlsc_rd list = tlsc_rd_of(own);
    tlsc_bytes candidate;
    while (tlsc_alpn_next(&list, &candidate)) {
        if (tlsc_hello_has_alpn(ch, candidate)) {
            *name = candidate;
            return TLSC_OK;
        }
    }
    return TLSC_E_NO_SHARED_ALPN;
}
