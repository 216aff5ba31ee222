/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_lists.c: what is spoken: versions, suites, groups, application protocols. */
#include <string.h>

#include "api/builder.h"
#include "base/try.h"
#include "wire/writer.h"

tlsc_err tlsc_config_set_versions(tlsc_config_builder *b, uint16_t min, uint16_t max)
{
    if (min > max) {
        return TLSC_E_BAD_CONFIG;
    }
    if (min < TLSC_TLS12 || max > TLSC_TLS13) {
        return TLSC_E_UNSUPPORTED;
    }
    b->config.min_version = min;
    b->config.max_version = max;
    return TLSC_OK;
}

void tlsc_config_require_extended_master_secret(tlsc_config_builder *b, bool require)
{
    b->config.require_extended_master_secret = require;
}

void tlsc_config_allow_export(tlsc_config_builder *b, bool allow)
{
    b->config.allow_export = allow;
}

void tlsc_config_allow_secret_extraction(tlsc_config_builder *b, bool allow)
{
    b->config.allow_secret_extraction = allow;
}

void tlsc_config_set_grease(tlsc_config_builder *b, bool grease)
{
    b->config.grease = grease;
}

tlsc_err tlsc_config_shuffle_extensions(tlsc_config_builder *b, bool shuffle)
{
    if (!b->config.client) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.shuffle_extensions = shuffle;
    return TLSC_OK;
}

tlsc_err tlsc_builder_copy_ids(uint16_t *out, const uint16_t *ids, size_t num)
{
    if (num == 0 || num > TLSC_BUILDER_LIST_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    for (size_t i = 0; i < num; i++) {
        for (size_t k = 0; k < i; k++) {
            if (ids[k] == ids[i]) {
                return TLSC_E_BAD_CONFIG;
            }
        }
    }
    memcpy(out, ids, num * sizeof(ids[0]));
    return TLSC_OK;
}

/* ---- sizes ---- */

tlsc_err tlsc_config_set_record_size_limit(tlsc_config_builder *b, uint16_t limit)
{
    enum { MIN = 64 }; /* RFC 8449 4 */
    if ((limit > 0 && limit < MIN) || limit > TLSC_BUILDER_RECORD_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.record_size_limit = limit;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_max_fragment_length(tlsc_config_builder *b, uint16_t bytes)
{
    bool known = bytes == 0 || bytes == 512 || bytes == 1024 || bytes == 2048 || bytes == 4096;
    if (!b->config.client || !known) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.max_fragment_length = bytes;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_padding(tlsc_config_builder *b, uint16_t block, uint16_t min)
{
    if (block >= TLSC_BUILDER_RECORD_MAX || min >= TLSC_BUILDER_RECORD_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.pad_block = block;
    b->config.pad_min = min;
    return TLSC_OK;
}

/* ---- suites ---- */

static bool has_suite(const tlsc_suite *const *list, size_t num, uint16_t id)
{
    for (size_t i = 0; i < num; i++) {
        if (list[i]->id == id) {
            return true;
        }
    }
    return false;
}

/* Reads a list of code points: known to the provider, none twice. */
static tlsc_err find_suites(const tlsc_provider *provider, const uint16_t *ids, size_t num,
                            const tlsc_suite *out[TLSC_BUILDER_LIST_MAX])
{
    if (num == 0 || num > TLSC_BUILDER_LIST_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    for (size_t i = 0; i < num; i++) {
        out[i] = tlsc_provider_suite(provider, ids[i]);
        if (out[i] == NULL) {
            return TLSC_E_UNSUPPORTED;
        }
        if (has_suite(out, i, ids[i])) {
            return TLSC_E_BAD_CONFIG;
        }
    }
    return TLSC_OK;
}

static void take_suites(tlsc_config_builder *b, const tlsc_suite *const *list, size_t num)
{
    memcpy(b->suites, list, num * sizeof(list[0]));
    b->config.num_suites = num;
}

tlsc_err tlsc_config_set_suites(tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    const tlsc_suite *list[TLSC_BUILDER_LIST_MAX];
    TRY(find_suites(b->config.provider, ids, num, list));
    take_suites(b, list, num);
    return TLSC_OK;
}

tlsc_err tlsc_config_prefer_suites(tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    const tlsc_suite *list[TLSC_BUILDER_LIST_MAX];
    TRY(find_suites(b->config.provider, ids, num, list));
    for (size_t i = 0; i < b->config.num_suites; i++) {
        if (!has_suite(list, num, b->suites[i]->id)) {
            if (num == TLSC_BUILDER_LIST_MAX) {
                return TLSC_E_BAD_CONFIG;
            }
            list[num++] = b->suites[i];
        }
    }
    take_suites(b, list, num);
    return TLSC_OK;
}

void tlsc_config_honor_client_order(tlsc_config_builder *b, bool client_order)
{
    b->config.honor_client_order = client_order;
}

/* ---- groups ---- */

tlsc_err tlsc_config_set_groups(tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    const tlsc_group *list[TLSC_BUILDER_LIST_MAX];
    if (num == 0 || num > TLSC_BUILDER_LIST_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    for (size_t i = 0; i < num; i++) {
        list[i] = tlsc_provider_group(b->config.provider, ids[i]);
        if (list[i] == NULL) {
            return TLSC_E_UNSUPPORTED;
        }
        for (size_t k = 0; k < i; k++) {
            if (list[k] == list[i]) {
                return TLSC_E_BAD_CONFIG;
            }
        }
    }
    memcpy(b->groups, list, num * sizeof(list[0]));
    b->config.num_groups = num;
    b->config.equal_groups = 0;
    b->config.group_retry = TLSC_RETRY_POST_QUANTUM;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_group_tiers(tlsc_config_builder *b, const uint16_t *ids,
                                     const size_t *sizes, size_t num_tiers, tlsc_group_retry retry)
{
    uint64_t equal = 0;
    size_t num = 0;
    for (size_t i = 0; i < num_tiers; i++) {
        if (sizes[i] == 0 || sizes[i] > TLSC_BUILDER_LIST_MAX - num) {
            return TLSC_E_BAD_CONFIG;
        }
        for (size_t k = 1; k < sizes[i]; k++) {
            equal |= UINT64_C(1) << num++;
        }
        num++;
    }
    TRY(tlsc_config_set_groups(b, ids, num));
    b->config.equal_groups = equal;
    b->config.group_retry = retry;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_key_shares(tlsc_config_builder *b, unsigned num)
{
    if (!b->config.client || num < 1 || num > 2) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.num_key_shares = num;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_key_share_groups(tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    uint16_t list[TLSC_BUILDER_LIST_MAX];
    if (!b->config.client || num > TLSC_BUILDER_SHARES_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    if (num > 0) {
        TRY(tlsc_builder_copy_ids(list, ids, num));
        memcpy(b->key_share_groups, list, num * sizeof(list[0]));
    }
    b->num_key_share_groups = num;
    b->config.names_key_shares = true;
    return TLSC_OK;
}

tlsc_err tlsc_builder_find_shares(const tlsc_config_builder *b, tlsc_config *c)
{
    c->key_share_groups = 0;
    for (size_t i = 0; i < b->num_key_share_groups; i++) {
        uint64_t bit = 0;
        for (size_t k = 0; k < c->num_groups; k++) {
            bit |= c->groups[k]->id == b->key_share_groups[i] ? UINT64_C(1) << k : 0;
        }
        if (bit == 0) {
            return TLSC_E_BAD_CONFIG;
        }
        c->key_share_groups |= bit;
    }
    return TLSC_OK;
}

/* ---- what is passed over, and what isn't said ---- */

tlsc_err tlsc_config_ignore_hello_requests(tlsc_config_builder *b, bool ignore)
{
    if (!b->config.client) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.ignore_hello_requests = ignore;
    return TLSC_OK;
}

tlsc_err tlsc_config_acknowledge_server_name(tlsc_config_builder *b, bool acknowledge)
{
    if (b->config.client) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.hides_server_name = !acknowledge;
    return TLSC_OK;
}

/* ---- application protocols ---- */

/* ProtocolName protocol_name_list<2..2^16-1>, each opaque<1..2^8-1>   RFC 7301 3.1 */
static tlsc_err write_alpn(tlsc_buf *list, const tlsc_bytes *names, size_t num)
{
    tlsc_wr w = tlsc_wr_of(list);
    for (size_t i = 0; i < num; i++) {
        if (names[i].n == 0 || names[i].n > 255) {
            return TLSC_E_BAD_CONFIG;
        }
        tlsc_wr_vec8(&w, names[i]);
    }
    tlsc_err rc = tlsc_wr_end(&w);
    return rc == TLSC_E_TOO_SMALL ? TLSC_E_BAD_CONFIG : rc;
}

tlsc_err tlsc_config_set_alpn(tlsc_config_builder *b, const tlsc_bytes *names, size_t num)
{
    tlsc_buf list = tlsc_buf_of(b->alpn.max);
    tlsc_err rc = num == 0 ? TLSC_E_BAD_CONFIG : write_alpn(&list, names, num);
    if (rc != TLSC_OK) {
        tlsc_buf_clear(&list);
        return rc;
    }
    tlsc_buf_clear(&b->alpn);
    b->alpn = list;
    b->config.has_alpn = true;
    return TLSC_OK;
}
