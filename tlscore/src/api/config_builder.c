/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_builder.c: a builder's life, and freezing it. */
#include <string.h>

#include "api/builder.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

static tlsc_config_builder *new_builder(const tlsc_provider *provider)
{
    if (tlsc_provider_check(provider) != TLSC_OK || provider->num_suites > TLSC_BUILDER_LIST_MAX ||
        provider->num_groups > TLSC_BUILDER_LIST_MAX) {
        return NULL;
    }
    tlsc_config_builder *b = (tlsc_config_builder *)tlsc_mem_zalloc(sizeof(*b));
    if (b == NULL) {
        return NULL;
    }
    tlsc_config *c = &b->config;
    c->provider = provider;
    c->suites = b->suites;
    c->groups = b->groups;
    c->schemes = b->schemes;
    c->certificate_schemes = b->certificate_schemes;
    c->peer_types[0] = TLSC_CERT_X509;
    c->num_peer_types = 1;
    c->resumption_life_s = TLSC_BUILDER_LIFE_S;
    b->alpn = tlsc_buf_of(65535);
    b->ca_names = tlsc_buf_of(65535);
    tlsc_builder_default_compression(b);
    tlsc_builder_begin(b);
    return b;
}

tlsc_config_builder *tlsc_config_builder_new(const tlsc_provider *provider)
{
    tlsc_config_builder *b = new_builder(provider);
    if (b != NULL) {
        b->config.record_size_limit = TLSC_BUILDER_RECORD_MAX;
    }
    return b;
}

tlsc_config_builder *tlsc_config_builder_new_client(const tlsc_provider *provider)
{
    tlsc_config_builder *b = new_builder(provider);
    if (b != NULL) {
        b->config.client = true;
        b->config.want_sessions = true;
    }
    return b;
}

void tlsc_config_builder_free(tlsc_config_builder *b)
{
    if (b == NULL) {
        return;
    }
    for (size_t i = 0; i < b->config.num_credentials; i++) {
        tlsc_credential_free(b->config.credentials[i]);
    }
    tlsc_mem_free(b->config.credentials);
    tlsc_buf_clear(&b->alpn);
    tlsc_buf_clear(&b->ca_names);
    tlsc_mem_free(b->pins);
    tlsc_trust_free(b->config.trust);
    tlsc_mem_free(b);
}

/* ---- freezing ---- */

/* Each version needs a suite, and TLS 1.2 a group that it can use. */
static bool can_serve(const tlsc_config *c, uint16_t version)
{
    bool suite = false;
    bool group = false;
    for (size_t i = 0; i < c->num_suites; i++) {
        suite = suite || c->suites[i]->version == version;
    }
    for (size_t i = 0; i < c->num_groups; i++) {
        group = group || version == TLSC_TLS13 || c->groups[i]->tls12;
    }
    return suite && group;
}

/* Drops a version at either end that its suites and groups can't serve: "only these suites" may well
 * mean "only TLS 1.3". */
static tlsc_err find_versions(tlsc_config *c)
{
    while (c->min_version <= c->max_version && !can_serve(c, c->min_version)) {
        c->min_version++;
    }
    while (c->min_version <= c->max_version && !can_serve(c, c->max_version)) {
        c->max_version--;
    }
    return c->min_version <= c->max_version ? TLSC_OK : TLSC_E_BAD_CONFIG;
}

/* Who looks at certificates needs somebody who judges them: there is no default that accepts. */
static tlsc_err check_authentication(const tlsc_config *c)
{
    bool asks = c->client || c->client_auth != TLSC_CLIENT_AUTH_NONE || c->post_handshake_auth;
    if (asks && !c->has_verifier) {
        return TLSC_E_NO_VERIFIER;
    }
    bool has_own = c->client || c->external_credentials || c->num_credentials > 0;
    return has_own ? TLSC_OK : TLSC_E_NO_CERTIFICATE;
}

/* A store holds what the ticketer sealed; early data needs somebody who knows a replay. */
static tlsc_err check_sessions(const tlsc_config *c)
{
    if (c->has_store && !c->has_ticketer) {
        return TLSC_E_BAD_CONFIG;
    }
    bool tells_replays = c->has_replay_guard || c->has_store;
    return c->max_early_data == 0 || tells_replays ? TLSC_OK : TLSC_E_BAD_CONFIG;
}

/* A configuration is one block: itself, its count, its lists. */
typedef struct config_block {
    tlsc_config config;
    atomic_uint refs;
} config_block;

enum { SUITES, GROUPS, CREDENTIALS, PINS, SCHEMES, CERTIFICATE_SCHEMES, ALPN, CA_NAMES,
       COMPRESSIONS, COMPRESSION_IDS, NUM_LISTS };

typedef struct config_list {
    const void *from;
    size_t n; /* bytes */
    uint8_t *to;
} config_list;

static void find_lists(const tlsc_config *c, const tlsc_config_builder *b,
                       config_list lists[NUM_LISTS])
{
    lists[SUITES] = (config_list){ c->suites, c->num_suites * sizeof(c->suites[0]), NULL };
    lists[GROUPS] = (config_list){ c->groups, c->num_groups * sizeof(c->groups[0]), NULL };
    lists[CREDENTIALS] =
        (config_list){ c->credentials, c->num_credentials * sizeof(c->credentials[0]), NULL };
    lists[PINS] = (config_list){ b->pins, tlsc_mem_size(b->pins), NULL };
    lists[SCHEMES] = (config_list){ c->schemes, c->num_schemes * sizeof(c->schemes[0]), NULL };
    lists[CERTIFICATE_SCHEMES] = (config_list){
        c->certificate_schemes, c->num_certificate_schemes * sizeof(c->certificate_schemes[0]), NULL
    };
    lists[ALPN] = (config_list){ b->alpn.p, b->alpn.n, NULL };
    lists[CA_NAMES] = (config_list){ b->ca_names.p, b->ca_names.n, NULL };
    lists[COMPRESSIONS] =
        (config_list){ b->compressions, c->num_compressions * sizeof(b->compressions[0]), NULL };
    lists[COMPRESSION_IDS] = (config_list){ b->compression_ids, 2 * c->num_compressions, NULL };
}

/* So that whatever stands next is aligned. */
static size_t rounded(size_t n)
{
    size_t unit = _Alignof(max_align_t);
    return (n + unit - 1) / unit * unit;
}

/* Allocates the block and copies the lists behind it. */
static config_block *new_block(config_list lists[NUM_LISTS])
{
    size_t n = rounded(sizeof(config_block));
    for (size_t i = 0; i < NUM_LISTS; i++) {
        n += rounded(lists[i].n);
    }
    uint8_t *at = (uint8_t *)tlsc_mem_zalloc(n);
    if (at == NULL) {
        return NULL;
    }
    void *block = at;
    at += rounded(sizeof(config_block));
    for (size_t i = 0; i < NUM_LISTS; i++) {
        lists[i].to = at;
        tlsc_bytes_copy(at, tlsc_bytes_of(lists[i].from, lists[i].n));
        at += rounded(lists[i].n);
    }
    return (config_block *)block;
}

/* The copies' views look at the copy. */
static const tlsc_bytes *move_pins(const config_list *list, size_t num)
{
    void *to = list->to;
    tlsc_bytes *pins = (tlsc_bytes *)to;
    for (size_t i = 0; i < num; i++) {
        pins[i].p = list->to + (pins[i].p - (const uint8_t *)list->from);
    }
    return pins;
}

static void point_at_lists(tlsc_config *c, const config_list lists[NUM_LISTS])
{
    void *suites = lists[SUITES].to;
    void *groups = lists[GROUPS].to;
    void *credentials = lists[CREDENTIALS].to;
    void *schemes = lists[SCHEMES].to;
    void *certificate_schemes = lists[CERTIFICATE_SCHEMES].to;
    void *compressions = lists[COMPRESSIONS].to;
    c->suites = (const tlsc_suite **)suites;
    c->groups = (const tlsc_group **)groups;
    c->credentials = (tlsc_credential **)credentials;
    c->schemes = (const uint16_t *)schemes;
    c->certificate_schemes = (const uint16_t *)certificate_schemes;
    c->pins = c->num_pins > 0 ? move_pins(&lists[PINS], c->num_pins) : NULL;
    c->alpn = tlsc_bytes_of(lists[ALPN].to, lists[ALPN].n);
    c->ca_names = tlsc_bytes_of(lists[CA_NAMES].to, lists[CA_NAMES].n);
    c->compressions = (const tlsc_compression *const *)compressions;
    c->compression_ids = tlsc_bytes_of(lists[COMPRESSION_IDS].to, lists[COMPRESSION_IDS].n);
    for (size_t i = 0; i < c->num_credentials; i++) {
        (void)tlsc_credential_ref(c->credentials[i]);
    }
}

/* A client's sessions are for this configuration alone, unless the caller says otherwise. */
static tlsc_err choose_identity(const tlsc_config_builder *b, tlsc_config *c)
{
    const tlsc_random *random = c->provider->random;
    if (!c->client || b->has_identity) {
        return TLSC_OK;
    }
    return random->fill(random->ctx, c->identity, sizeof(c->identity));
}

tlsc_err tlsc_config_build(const tlsc_config_builder *b, const tlsc_config **out)
{
    tlsc_config c = b->config;
    config_list lists[NUM_LISTS];
    *out = NULL;
    TRY(tlsc_builder_check_policy(&c));
    TRY(find_versions(&c));
    TRY(tlsc_builder_find_shares(b, &c));
    TRY(check_authentication(&c));
    TRY(check_sessions(&c));
    TRY(choose_identity(b, &c));
    if (!b->has_max_tickets) {
        c.max_tickets = c.num_tickets;
    }
    find_lists(&c, b, lists);
    config_block *block = new_block(lists);
    if (block == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    atomic_init(&block->refs, 1);
    c.refs = &block->refs;
    c.memory = block;
    point_at_lists(&c, lists);
    if (c.trust != NULL) {
        (void)tlsc_trust_ref(c.trust);
    }
    block->config = c;
    *out = &block->config;
    return TLSC_OK;
}
