/* SPDX-License-Identifier: Apache-2.0 */
/* api/builder.h: what is behind tlsc_config_builder (tlscore/config.h). */
#ifndef TLSC_API_BUILDER_H
#define TLSC_API_BUILDER_H

#include "base/buf.h"
#include "handshake/config.h"

enum {
    TLSC_BUILDER_LIST_MAX = 64, /* suites, groups, schemes */
    TLSC_BUILDER_TICKETS_MAX = 8
};

/* The configuration to be, whose lists look into the arrays and buffers behind it; freezing copies
 * them. */
struct tlsc_config_builder {
    tlsc_config config;
    const tlsc_suite *suites[TLSC_BUILDER_LIST_MAX];
    const tlsc_group *groups[TLSC_BUILDER_LIST_MAX];
    uint16_t schemes[TLSC_BUILDER_LIST_MAX];
    uint16_t certificate_schemes[TLSC_BUILDER_LIST_MAX];
    tlsc_buf alpn;
    tlsc_buf ca_names;
    tlsc_bytes *pins; /* and what they look at, in one block; or NULL */
    bool has_max_tickets;
    bool has_identity; /* a client's */
};

/* Copies a list of code points. in: `out` has room for TLSC_BUILDER_LIST_MAX.
 * errors: TLSC_E_BAD_CONFIG for none, too many, or one that stands in it twice. */
tlsc_err tlsc_builder_copy_ids(uint16_t *out, const uint16_t *ids, size_t num);

/* Signature schemes that a provider can check, ECDSA first. out: at most TLSC_BUILDER_LIST_MAX;
 * returns how many. */
size_t tlsc_builder_default_schemes(const tlsc_provider *provider, uint16_t *out);

#endif
