/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl_store.h: what is behind tlsc_crl_store (tlscore/revocation.h), but for PEM and files. */
#ifndef TLSC_X509_CRL_STORE_H
#define TLSC_X509_CRL_STORE_H

#include <stdatomic.h>

#include "tlscore/revocation.h"
#include "x509/crl_table.h"
#include "x509/trust_store.h"

/* What is kept of a CRL. */
typedef struct tlsc_crl_kept {
    void *memory;      /* the block behind the views; owned */
    tlsc_bytes issuer; /* element, a Name */
    tlsc_bytes spki;   /* element: the key that it is signed with */
    tlsc_bytes points; /* as tlsc_crl has it, with what follows */
    bool has_points;
    bool only_users;
    bool only_cas;
    bool has_number;
    bool has_next_update;
    int64_t this_update_s;
    int64_t next_update_s;
    uint8_t number[TLSC_CRL_NUMBER_MAX]; /* big-endian */
    uint64_t issuer_hash;                /* tlsc_dn_hash */
    size_t num_entries;
    tlsc_crl_table table; /* owned */
} tlsc_crl_kept;

/* Immutable but for the count behind `refs`, which is why that is a pointer. */
struct tlsc_crl_store {
    atomic_uint *refs;
    void *memory;               /* the one block that holds it, the count and the list */
    const tlsc_crl_kept *crls; /* sorted by issuer's hash */
    size_t num;
    size_t num_entries;
    tlsc_hmac key; /* of all tables */
};

/* A CA's certificate that was added. */
typedef struct tlsc_crl_issuer {
    uint8_t *der; /* owned */
    tlsc_node node;
} tlsc_crl_issuer;

struct tlsc_crl_builder {
    const tlsc_trust_store *trust; /* a reference */
    tlsc_trust_on_skip *on_skip;
    void *ctx;
    size_t num_skipped;
    tlsc_crl_issuer *issuers;
    size_t num_issuers;
    size_t cap_issuers;
    tlsc_crl_kept *crls;
    size_t num;
    size_t cap;
    tlsc_hmac key;
};

/* The CRLs of issuers whose name has this hash: the first, and how many through `num`. */
const tlsc_crl_kept *tlsc_crl_store_of(const tlsc_crl_store *store, uint64_t issuer_hash,
                                       size_t *num);

/* Releases what a CRL owns. May run twice. */
void tlsc_crl_kept_clear(tlsc_crl_kept *crl);

#endif
