/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_builder.c: filling a builder, and freezing it. */
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/config.h"
#include "wire/writer.h"

enum { LIST_MAX = 64, TICKETS_MAX = 8, LIFETIME_MAX_S = 604800 };

struct tlsc_config_builder {
    const tlsc_provider *provider;
    uint16_t min_version;
    uint16_t max_version;
    bool honor_client_order;
    bool require_extended_master_secret;
    const tlsc_suite *suites[LIST_MAX];
    size_t num_suites;
    const tlsc_group *groups[LIST_MAX];
    size_t num_groups;
    tlsc_credential **credentials; /* a reference each */
    size_t num_credentials;
    tlsc_buf alpn;
    bool has_alpn;
    bool has_ticketer;
    tlsc_ticketer ticketer;
    uint8_t identity[32];
    unsigned num_tickets;
};

tlsc_config_builder *tlsc_config_builder_new(const tlsc_provider *provider)
{
    if (tlsc_provider_check(provider) != TLSC_OK || provider->num_suites > LIST_MAX ||
        provider->num_groups > LIST_MAX) {
        return NULL;
    }
    tlsc_config_builder *b = (tlsc_config_builder *)tlsc_mem_zalloc(sizeof(*b));
    if (b == NULL) {
        return NULL;
    }
    b->provider = provider;
    b->min_version = TLSC_TLS12;
    b->max_version = TLSC_TLS13;
    b->honor_client_order = true;
    memcpy(b->suites, provider->suites, provider->num_suites * sizeof(b->suites[0]));
    b->num_suites = provider->num_suites;
    memcpy(b->groups, provider->groups, provider->num_groups * sizeof(b->groups[0]));
    b->num_groups = provider->num_groups;
    b->alpn = tlsc_buf_of(65535);
    return b;
}

void tlsc_config_builder_free(tlsc_config_builder *b)
{
    if (b == NULL) {
        return;
    }
    for (size_t i = 0; i < b->num_credentials; i++) {
        tlsc_credential_free(b->credentials[i]);
    }
    tlsc_mem_free(b->credentials);
    tlsc_buf_clear(&b->alpn);
    tlsc_mem_free(b);
}

tlsc_err tlsc_config_set_versions(tlsc_config_builder *b, uint16_t min, uint16_t max)
{
    if (min > max) {
        return TLSC_E_BAD_CONFIG;
    }
    if (min < TLSC_TLS12 || max > TLSC_TLS13) {
        return TLSC_E_UNSUPPORTED;
    }
    b->min_version = min;
    b->max_version = max;
    return TLSC_OK;
}

void tlsc_config_require_extended_master_secret(tlsc_config_builder *b, bool require)
{
    b->require_extended_master_secret = require;
}

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
                            const tlsc_suite *out[LIST_MAX])
{
    if (num == 0 || num > LIST_MAX) {
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

tlsc_err tlsc_config_set_suites(tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    const tlsc_suite *list[LIST_MAX];
    TRY(find_suites(b->provider, ids, num, list));
    memcpy(b->suites, list, num * sizeof(list[0]));
    b->num_suites = num;
    return TLSC_OK;
}

tlsc_err tlsc_config_prefer_suites(tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    const tlsc_suite *list[LIST_MAX];
    TRY(find_suites(b->provider, ids, num, list));
    for (size_t i = 0; i < b->num_suites; i++) {
        if (!has_suite(list, num, b->suites[i]->id)) {
            if (num == LIST_MAX) {
                return TLSC_E_BAD_CONFIG;
            }
            list[num++] = b->suites[i];
        }
    }
    memcpy(b->suites, list, num * sizeof(list[0]));
    b->num_suites = num;
    return TLSC_OK;
}

void tlsc_config_honor_client_order(tlsc_config_builder *b, bool client_order)
{
    b->honor_client_order = client_order;
}

tlsc_err tlsc_config_set_groups(tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    const tlsc_group *list[LIST_MAX];
    if (num == 0 || num > LIST_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    for (size_t i = 0; i < num; i++) {
        list[i] = tlsc_provider_group(b->provider, ids[i]);
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
    b->num_groups = num;
    return TLSC_OK;
}

tlsc_err tlsc_config_add_credential(tlsc_config_builder *b, tlsc_credential *credential)
{
    size_t n = b->num_credentials * sizeof(tlsc_credential *);
    tlsc_credential **list =
        (tlsc_credential **)tlsc_mem_zalloc(n + sizeof(tlsc_credential *));
    if (list == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    if (n > 0) {
        memcpy(list, b->credentials, n);
    }
    list[b->num_credentials++] = tlsc_credential_ref(credential);
    tlsc_mem_free(b->credentials);
    b->credentials = list;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_ticketer(tlsc_config_builder *b, const tlsc_ticketer *ticketer,
                                  const uint8_t identity[32], unsigned num_tickets)
{
    if (ticketer->size != sizeof(*ticketer) || ticketer->read_keys == NULL ||
        ticketer->lifetime_s == 0 || ticketer->lifetime_s > LIFETIME_MAX_S ||
        num_tickets > TICKETS_MAX) {
        return TLSC_E_BAD_CONFIG;
    }
    b->ticketer = *ticketer;
    b->has_ticketer = true;
    memcpy(b->identity, identity, sizeof(b->identity));
    b->num_tickets = num_tickets;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_alpn(tlsc_config_builder *b, const tlsc_bytes *names, size_t num)
{
    tlsc_buf list = tlsc_buf_of(b->alpn.max);
    tlsc_wr w = tlsc_wr_of(&list);
    tlsc_err rc = num == 0 ? TLSC_E_BAD_CONFIG : TLSC_OK;
    for (size_t i = 0; rc == TLSC_OK && i < num; i++) {
        if (names[i].n == 0 || names[i].n > 255) {
            rc = TLSC_E_BAD_CONFIG;
        }
        tlsc_wr_vec8(&w, names[i]);
    }
    if (rc == TLSC_OK) {
        rc = tlsc_wr_end(&w);
    }
    if (rc != TLSC_OK) {
        tlsc_buf_clear(&list);
        return rc == TLSC_E_TOO_SMALL ? TLSC_E_BAD_CONFIG : rc;
    }
    tlsc_buf_clear(&b->alpn);
    b->alpn = list;
    b->has_alpn = true;
    return TLSC_OK;
}

/* ---- freezing ---- */

/* A configuration is one block: itself, its count, its lists. */
typedef struct config_block {
    tlsc_config config;
    atomic_uint refs;
    const tlsc_suite *suites[LIST_MAX];
    const tlsc_group *groups[LIST_MAX];
    tlsc_credential *credentials[]; /* and the ALPN list behind them */
} config_block;

/* Each version needs a suite, and TLS 1.2 a group that it can use. */
static bool can_serve(const tlsc_config_builder *b, uint16_t version)
{
    bool suite = false;
    bool group = false;
    for (size_t i = 0; i < b->num_suites; i++) {
        suite = suite || b->suites[i]->version == version;
    }
    for (size_t i = 0; i < b->num_groups; i++) {
        group = group || version == TLSC_TLS13 || b->groups[i]->tls12;
    }
    return suite && group;
}

/* Drops a version at either end that its suites and groups can't serve: "only these suites" may well
 * mean "only TLS 1.3". */
static tlsc_err find_versions(const tlsc_config_builder *b, uint16_t *min, uint16_t *max)
{
    *min = b->min_version;
    *max = b->max_version;
    while (*min <= *max && !can_serve(b, *min)) {
        ++*min;
    }
    while (*min <= *max && !can_serve(b, *max)) {
        --*max;
    }
    if (*min > *max) {
        return TLSC_E_BAD_CONFIG;
    }
    return b->num_credentials == 0 ? TLSC_E_NO_CERTIFICATE : TLSC_OK;
}

static void copy_lists(const tlsc_config_builder *b, config_block *block)
{
    tlsc_config *c = &block->config;
    memcpy(block->suites, b->suites, sizeof(block->suites));
    memcpy(block->groups, b->groups, sizeof(block->groups));
    for (size_t i = 0; i < b->num_credentials; i++) {
        block->credentials[i] = tlsc_credential_ref(b->credentials[i]);
    }
    uint8_t *alpn = (uint8_t *)(block->credentials + b->num_credentials);
    tlsc_bytes_copy(alpn, tlsc_buf_bytes(&b->alpn));
    c->suites = block->suites;
    c->num_suites = b->num_suites;
    c->groups = block->groups;
    c->num_groups = b->num_groups;
    c->credentials = block->credentials;
    c->num_credentials = b->num_credentials;
    c->alpn = tlsc_bytes_of(alpn, b->alpn.n);
}

tlsc_err tlsc_config_build(const tlsc_config_builder *b, const tlsc_config **out)
{
    uint16_t min;
    uint16_t max;
    *out = NULL;
    TRY(find_versions(b, &min, &max));
    size_t lists = b->num_credentials * sizeof(tlsc_credential *) + b->alpn.n;
    config_block *block = (config_block *)tlsc_mem_zalloc(sizeof(*block) + lists);
    if (block == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_config *c = &block->config;
    atomic_init(&block->refs, 1);
    c->refs = &block->refs;
    c->memory = block;
    c->provider = b->provider;
    c->min_version = min;
    c->max_version = max;
    c->honor_client_order = b->honor_client_order;
    c->require_extended_master_secret = b->require_extended_master_secret;
    copy_lists(b, block);
    c->has_alpn = b->has_alpn;
    c->has_ticketer = b->has_ticketer;
    c->ticketer = b->ticketer;
    memcpy(c->identity, b->identity, sizeof(c->identity));
    c->num_tickets = b->num_tickets;
    *out = c;
    return TLSC_OK;
}
