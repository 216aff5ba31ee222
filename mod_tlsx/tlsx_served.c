/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_served.c: what a server's directives leave of the versions and suites there are. tlscore
 * drops a version that it is left without a suite or a group for; here is why it did. */
#include "tlsx_served.h"

#include <apr_strings.h>

const char *tlsx_version_name(uint16_t version)
{
    switch (version) {
    case TLSC_TLS13:
        return "TLSv1.3";
    case TLSC_TLS12:
        return "TLSv1.2";
    case 0x0302:
        return "TLSv1.1";
    case 0x0301:
        return "TLSv1";
    case 0x0300:
        return "SSLv3";
    default:
        return "unknown";
    }
}

static bool has_id(const apr_array_header_t *ids, uint16_t id)
{
    for (int i = 0; ids && i < ids->nelts; i++) {
        if (APR_ARRAY_IDX(ids, i, uint16_t) == id) {
            return true;
        }
    }
    return false;
}

bool tlsx_is_suppressed(const tlsx_server *conf, uint16_t suite)
{
    return has_id(conf->suppressed, suite);
}

apr_array_header_t *tlsx_served_suites(apr_pool_t *pool, const tlsx_server *conf, uint16_t version)
{
    const tlsc_provider *provider = tlsc_provider_default();
    apr_array_header_t *ids = apr_array_make(pool, (int)provider->num_suites, sizeof(uint16_t));

    for (size_t i = 0; i < provider->num_suites; i++) {
        const tlsc_suite *suite = provider->suites[i];
        if ((!version || suite->version == version) && !tlsx_is_suppressed(conf, suite->id)) {
            APR_ARRAY_PUSH(ids, uint16_t) = suite->id;
        }
    }
    return ids;
}

static bool has_suite(const tlsx_server *conf, uint16_t version)
{
    const tlsc_provider *provider = tlsc_provider_default();

    for (size_t i = 0; i < provider->num_suites; i++) {
        const tlsc_suite *suite = provider->suites[i];
        if (suite->version == version && !tlsx_is_suppressed(conf, suite->id)) {
            return true;
        }
    }
    return false;
}

/* TLS 1.2 knows the classic groups only. */
static bool has_group(const tlsx_server *conf, uint16_t version)
{
    const tlsc_provider *provider = tlsc_provider_default();
    bool all = !conf->groups || conf->groups->nelts == 0;

    for (size_t i = 0; i < provider->num_groups; i++) {
        const tlsc_group *group = provider->groups[i];
        if ((version == TLSC_TLS13 || group->tls12) && (all || has_id(conf->groups, group->id))) {
            return true;
        }
    }
    return false;
}

uint16_t tlsx_min_version(const tlsx_server *conf)
{
    return (uint16_t)(conf->min_version == TLSX_UNSET ? TLSX_MIN_VERSION : conf->min_version);
}

const tlsx_origin *tlsx_barred_by(const tlsx_server *conf, uint16_t version)
{
    if (version < tlsx_min_version(conf)) {
        return &conf->min_version_at;
    }
    if (!has_suite(conf, version)) {
        return &conf->suppressed_at;
    }
    return has_group(conf, version) ? NULL : &conf->groups_at;
}

const char *tlsx_served_text(apr_pool_t *pool, const tlsx_server *conf)
{
    const char *text = "";

    for (uint16_t version = TLSC_TLS12; version <= TLSC_TLS13; version++) {
        if (!tlsx_barred_by(conf, version)) {
            text = apr_pstrcat(pool, text, *text ? " and " : "", tlsx_version_name(version), NULL);
        }
    }
    return *text ? text : "nothing";
}
