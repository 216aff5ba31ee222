/* SPDX-License-Identifier: Apache-2.0 */
/* x509/trust_store.h: what is behind tlsc_trust_store (tlscore/trust.h), but for PEM and files. */
#ifndef TLSC_X509_TRUST_STORE_H
#define TLSC_X509_TRUST_STORE_H

#include <stdatomic.h>

#include "tlscore/trust.h"
#include "x509/node.h"

/* Immutable but for the count behind `refs`, which is why that is a pointer. */
struct tlsc_trust_store {
    atomic_uint *refs;
    void *memory; /* the one block that holds it, the count and the anchors' DER */
    const tlsc_provider *provider;
    const tlsc_node *anchors; /* sorted by subject's hash, then key id */
    size_t num;
};

struct tlsc_trust_builder {
    const tlsc_provider *provider;
    tlsc_trust_on_skip *on_skip;
    void *ctx;
    struct tlsc_trust_entry *entries;
    size_t num;
    size_t cap;
    size_t bytes; /* of all DER */
    size_t num_skipped;
};

/* The anchors whose subject has this hash: the first, and how many through `num`. */
const tlsc_node *tlsc_trust_store_find(const tlsc_trust_store *store, uint64_t subject_hash,
                                       size_t *num);

#endif
