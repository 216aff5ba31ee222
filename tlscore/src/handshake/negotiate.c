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

tlsc_err tlsc_negotiate_group13(const tlsc_config *config, const tlsc_client_hello *ch,
                                const tlsc_group **group, tlsc_bytes *share)
{
    const tlsc_group *best = NULL;
    tlsc_bytes best_share = { NULL, 0 };
    for (size_t i = 0; i < config->num_groups; i++) {
        const tlsc_group *g = config->groups[i];
        tlsc_bytes s;
        TRY(find_share(ch, g->id, &s));
        if (!tlsc_u16_list_has(ch->groups, g->id)) {
            continue;
        }
        bool saves_a_round_trip = best != NULL && best_share.n == 0 && s.n > 0;
        if (best == NULL || (saves_a_round_trip && !best->post_quantum)) {
            best = g;
            best_share = s;
        }
    }
    if (best == NULL) {
        return TLSC_E_NO_SHARED_GROUP;
    }
    *group = best;
    *share = best_share;
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
