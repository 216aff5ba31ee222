/* SPDX-License-Identifier: Apache-2.0 */
/* api/builder.h: what is behind tlsc_config_builder (tlscore/config.h). */
#ifndef TLSC_API_BUILDER_H
#define TLSC_API_BUILDER_H

#include "base/buf.h"
#include "handshake/config.h"

enum {
    TLSC_BUILDER_LIST_MAX = 64, /* suites, groups (one bit each of equal_groups), schemes */
    TLSC_BUILDER_TICKETS_MAX = 8,
    TLSC_BUILDER_LIFE_S = 604800, /* of a chain of resumptions, unless said otherwise: seven days */
    TLSC_BUILDER_SHARES_MAX = TLSC_CONFIG_SHARES_MAX,
    TLSC_BUILDER_RECORD_MAX = 16385 /* bytes of plaintext in a record of TLS 1.3, its type with it */
};

/* The configuration to be, whose lists look into the arrays and buffers behind it; freezing copies
 * them. */
struct tlsc_config_builder {
    tlsc_config config;
    const tlsc_suite *suites[TLSC_BUILDER_LIST_MAX];
    const tlsc_group *groups[TLSC_BUILDER_LIST_MAX];
    uint16_t schemes[TLSC_BUILDER_LIST_MAX];
    uint16_t certificate_schemes[TLSC_BUILDER_LIST_MAX];
    const tlsc_compression *compressions[TLSC_BUILDER_LIST_MAX];
    uint8_t compression_ids[2 * TLSC_BUILDER_LIST_MAX]; /* theirs, as on the wire */
    tlsc_buf alpn;
    tlsc_buf ca_names;
    tlsc_bytes *pins; /* and what they look at, in one block; or NULL */
    uint16_t key_share_groups[TLSC_BUILDER_SHARES_MAX]; /* tlsc_config_set_key_share_groups */
    size_t num_key_share_groups;
    bool has_max_tickets;
    bool has_identity; /* a client's */
};

/* Copies a list of code points. in: `out` has room for TLSC_BUILDER_LIST_MAX.
 * errors: TLSC_E_BAD_CONFIG for none, too many, or one that stands in it twice. */
tlsc_err tlsc_builder_copy_ids(uint16_t *out, const uint16_t *ids, size_t num);

/* config_policy.c: enables what the policy "default" has; where the provider has no suite or no group of
 * it, all of the provider's. */
void tlsc_builder_begin(tlsc_config_builder *b);
/* Holds a configuration to its policy, and binds a client's sessions to it. errors: TLSC_E_BAD_CONFIG. */
tlsc_err tlsc_builder_check_policy(tlsc_config *c);

/* config_lists.c: finds the groups of the key shares that were named among those that are enabled.
 * errors: TLSC_E_BAD_CONFIG. */
tlsc_err tlsc_builder_find_shares(const tlsc_config_builder *b, tlsc_config *c);

/* config_compression.c: what tlscore was built with compresses certificates. */
void tlsc_builder_default_compression(tlsc_config_builder *b);

/* Whether a provider can check signatures of a scheme. */
bool tlsc_builder_can_check(const tlsc_provider *provider, uint16_t scheme);

#endif
