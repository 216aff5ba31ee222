/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/config.h: what is behind tlsc_config (tlscore/config.h). */
#ifndef TLSC_HANDSHAKE_CONFIG_H
#define TLSC_HANDSHAKE_CONFIG_H

#include <stdatomic.h>

#include "tlscore/config.h"

/* Immutable once it is built, but for the count behind `refs`, which is why that is a pointer. */
struct tlsc_config {
    atomic_uint *refs;
    void *memory; /* the one block that holds it, its lists and the count */
    const tlsc_provider *provider;
    uint16_t min_version;
    uint16_t max_version;
    bool honor_client_order;
    bool require_extended_master_secret;
    const tlsc_suite **suites; /* best first */
    size_t num_suites;
    const tlsc_group **groups;
    size_t num_groups;
    tlsc_credential **credentials; /* a reference each */
    size_t num_credentials;
    tlsc_bytes alpn; /* list of opaque<1..2^8-1>, best first, as on the wire */
    bool has_alpn;
    bool has_ticketer;
    tlsc_ticketer ticketer;
    uint8_t identity[32];
    unsigned num_tickets;
};

#endif
