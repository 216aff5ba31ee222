/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl_store.c: CRLs, frozen; which of them are an issuer's. */
#include "x509/crl_store.h"

#include <stdlib.h>

#include "base/mem.h"
#include "x509/dn.h"

void tlsc_crl_kept_clear(tlsc_crl_kept *crl)
{
    tlsc_crl_table_clear(&crl->table);
    tlsc_mem_free(crl->memory);
    *crl = (tlsc_crl_kept){ 0 };
}

typedef struct store_block {
    tlsc_crl_store store;
    atomic_uint refs;
    tlsc_crl_kept crls[];
} store_block;

static int by_issuer(const void *pa, const void *pb)
{
    uint64_t a = ((const tlsc_crl_kept *)pa)->issuer_hash;
    uint64_t b = ((const tlsc_crl_kept *)pb)->issuer_hash;
    return (a > b) - (a < b);
}

tlsc_err tlsc_crl_build(tlsc_crl_builder *b, const tlsc_crl_store **out)
{
    *out = NULL;
    store_block *block =
        (store_block *)tlsc_mem_zalloc(sizeof(*block) + b->num * sizeof(tlsc_crl_kept));
    if (block == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    atomic_init(&block->refs, 1);
    block->store = (tlsc_crl_store){
        .refs = &block->refs,
        .memory = block,
        .crls = block->crls,
        .num = b->num,
        .key = b->key,
    };
    for (size_t i = 0; i < b->num; i++) {
        block->crls[i] = b->crls[i]; /* with what it owns */
        block->store.num_entries += b->crls[i].num_entries;
    }
    qsort(block->crls, b->num, sizeof(block->crls[0]), by_issuer);
    b->num = 0;
    *out = &block->store;
    return TLSC_OK;
}

const tlsc_crl_store *tlsc_crl_store_ref(const tlsc_crl_store *store)
{
    atomic_fetch_add_explicit(store->refs, 1, memory_order_relaxed);
    return store;
}

void tlsc_crl_store_free(const tlsc_crl_store *store)
{
    if (store == NULL || atomic_fetch_sub_explicit(store->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    store_block *block = (store_block *)store->memory;
    for (size_t i = 0; i < store->num; i++) {
        tlsc_crl_kept_clear(&block->crls[i]);
    }
    tlsc_hmac_clear(&block->store.key);
    tlsc_mem_free(block);
}

size_t tlsc_crl_store_len(const tlsc_crl_store *store)
{
    return store->num;
}

size_t tlsc_crl_store_num_entries(const tlsc_crl_store *store)
{
    return store->num_entries;
}

const tlsc_crl_kept *tlsc_crl_store_of(const tlsc_crl_store *store, uint64_t issuer_hash,
                                       size_t *num)
{
    size_t from = 0;
    size_t to = store->num;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (store->crls[middle].issuer_hash < issuer_hash) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    *num = 0;
    while (from + *num < store->num && store->crls[from + *num].issuer_hash == issuer_hash) {
        ++*num;
    }
    return *num == 0 ? NULL : &store->crls[from];
}

bool tlsc_crl_store_find(const tlsc_crl_store *store, tlsc_bytes issuer, tlsc_bytes serial,
                         tlsc_crl_entry *out)
{
    size_t num;
    tlsc_crl_revoked found;
    if (out->size != sizeof(*out)) {
        return false;
    }
    *out = (tlsc_crl_entry){ .size = sizeof(*out) };
    const tlsc_crl_kept *crls = tlsc_crl_store_of(store, tlsc_dn_hash(issuer), &num);
    tlsc_crl_key key = tlsc_crl_key_of(&store->key, serial);
    for (size_t i = 0; i < num; i++) {
        if (tlsc_x509_name_equal(crls[i].issuer, issuer) &&
            tlsc_crl_table_find(&crls[i].table, key, &found)) {
            out->revoked_s = found.date_s;
            out->reason = found.reason;
            return true;
        }
    }
    return false;
}
