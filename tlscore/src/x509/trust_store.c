/* SPDX-License-Identifier: Apache-2.0 */
/* x509/trust_store.c: anchors: collected, then frozen into one sorted block. */
#include "x509/trust_store.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "x509/dn.h"

/* So many certificates are enough for anybody; the largest bundles have 200. */
enum { ANCHORS_MAX = 1 << 20 };

typedef struct tlsc_trust_entry {
    uint8_t *der; /* owned */
    size_t n;
    unsigned purposes;
} tlsc_trust_entry;

tlsc_trust_builder *tlsc_trust_builder_new(const tlsc_provider *provider,
                                           tlsc_trust_on_skip *on_skip, void *ctx)
{
    tlsc_trust_builder *b = (tlsc_trust_builder *)tlsc_mem_zalloc(sizeof(*b));
    if (b != NULL) {
        b->provider = provider;
        b->on_skip = on_skip;
        b->ctx = ctx;
    }
    return b;
}

void tlsc_trust_builder_free(tlsc_trust_builder *b)
{
    if (b == NULL) {
        return;
    }
    for (size_t i = 0; i < b->num; i++) {
        tlsc_mem_free(b->entries[i].der);
    }
    tlsc_mem_free(b->entries);
    tlsc_mem_free(b);
}

size_t tlsc_trust_num_skipped(const tlsc_trust_builder *b)
{
    return b->num_skipped;
}

size_t tlsc_trust_num_added(const tlsc_trust_builder *b)
{
    return b->num;
}

/* ---- what OpenSSL writes behind a certificate ---- */

/* id-kp-serverAuth, id-kp-clientAuth, anyExtendedKeyUsage: RFC 5280 4.2.1.12 */
static const uint8_t server_auth[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01 };
static const uint8_t client_auth[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02 };
static const uint8_t any_usage[] = { 0x55, 0x1d, 0x25, 0x00 };

static bool has(tlsc_bytes oids, const uint8_t *oid, size_t n)
{
    return tlsc_key_purposes_have(oids, tlsc_bytes_of(oid, n));
}

/* The purposes that a list of OIDs names, as bits. */
static unsigned purposes_of(tlsc_bytes oids)
{
    unsigned purposes = 0;
    if (has(oids, any_usage, sizeof(any_usage))) {
        return TLSC_PURPOSES_ALL;
    }
    if (has(oids, server_auth, sizeof(server_auth))) {
        purposes |= 1U << TLSC_PURPOSE_SERVER;
    }
    if (has(oids, client_auth, sizeof(client_auth))) {
        purposes |= 1U << TLSC_PURPOSE_CLIENT;
    }
    return purposes;
}

/* CertAux ::= SEQUENCE {
 *     trust      SEQUENCE OF OBJECT IDENTIFIER OPTIONAL,
 *     reject [0] SEQUENCE OF OBJECT IDENTIFIER OPTIONAL,
 *     alias      UTF8String OPTIONAL,
 *     keyid      OCTET STRING OPTIONAL,
 *     other  [1] SEQUENCE OF AlgorithmIdentifier OPTIONAL }   OpenSSL's x509_aux */
static unsigned read_aux(tlsc_der *d)
{
    enum { REJECT = TLSC_DER_CONTEXT_CONSTRUCTED | 0 };
    unsigned purposes = TLSC_PURPOSES_ALL;
    tlsc_der aux = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    if (tlsc_der_next_is(&aux, TLSC_DER_SEQUENCE)) {
        purposes = purposes_of(tlsc_der_get(&aux, TLSC_DER_SEQUENCE));
    }
    if (tlsc_der_next_is(&aux, REJECT)) {
        purposes &= ~purposes_of(tlsc_der_get(&aux, REJECT));
    }
    while (tlsc_der_more(&aux)) {
        uint8_t tag;
        (void)tlsc_der_any(&aux, &tag);
    }
    tlsc_der_leave(d, &aux);
    return purposes;
}

/* ---- adding ---- */

static tlsc_err grow(tlsc_trust_builder *b)
{
    if (b->num < b->cap) {
        return TLSC_OK;
    }
    size_t cap = b->cap == 0 ? 64 : 2 * b->cap;
    if (cap > ANCHORS_MAX) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_trust_entry *entries = (tlsc_trust_entry *)tlsc_mem_zalloc(cap * sizeof(*entries));
    if (entries == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_bytes_copy((uint8_t *)entries, tlsc_bytes_of(b->entries, b->num * sizeof(*entries)));
    tlsc_mem_free(b->entries);
    b->entries = entries;
    b->cap = cap;
    return TLSC_OK;
}

static tlsc_trust_entry *find_same(const tlsc_trust_builder *b, tlsc_bytes der)
{
    for (size_t i = 0; i < b->num; i++) {
        if (tlsc_bytes_equal(tlsc_bytes_of(b->entries[i].der, b->entries[i].n), der)) {
            return &b->entries[i];
        }
    }
    return NULL;
}

tlsc_err tlsc_trust_add_der(tlsc_trust_builder *b, tlsc_bytes der)
{
    tlsc_node node;
    tlsc_der d = tlsc_der_of(der);
    tlsc_bytes certificate = tlsc_der_raw(&d, TLSC_DER_SEQUENCE);
    unsigned purposes = tlsc_der_more(&d) ? read_aux(&d) : TLSC_PURPOSES_ALL;
    TRY(tlsc_der_end(&d));
    TRY(tlsc_node_read(&node, certificate, -1));
    TRY(node.key_error);
    tlsc_trust_entry *same = find_same(b, certificate);
    if (same != NULL) { /* what one copy of it isn't trusted for, the other isn't either */
        same->purposes &= purposes;
        return TLSC_OK;
    }
    TRY(grow(b));
    uint8_t *copy = (uint8_t *)tlsc_mem_dup(certificate);
    if (copy == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    b->entries[b->num++] = (tlsc_trust_entry){ copy, certificate.n, purposes };
    b->bytes += certificate.n;
    return TLSC_OK;
}

/* ---- freezing ---- */

typedef struct store_block {
    tlsc_trust_store store;
    atomic_uint refs;
    tlsc_node anchors[]; /* and their DER behind them */
} store_block;

static int compare_bytes(tlsc_bytes a, tlsc_bytes b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* By subject's hash, key id, and all of it, so that the order in which they came doesn't count. */
static int compare_nodes(const void *pa, const void *pb)
{
    const tlsc_node *a = (const tlsc_node *)pa;
    const tlsc_node *b = (const tlsc_node *)pb;
    if (a->subject_hash != b->subject_hash) {
        return a->subject_hash < b->subject_hash ? -1 : 1;
    }
    int order = compare_bytes(a->e.subject_key_id, b->e.subject_key_id);
    return order != 0 ? order : compare_bytes(a->c.der, b->c.der);
}

tlsc_err tlsc_trust_build(const tlsc_trust_builder *b, const tlsc_trust_store **out)
{
    *out = NULL;
    size_t size = sizeof(store_block) + b->num * sizeof(tlsc_node) + b->bytes;
    store_block *block = (store_block *)tlsc_mem_zalloc(size);
    if (block == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    uint8_t *der = (uint8_t *)(block->anchors + b->num);
    for (size_t i = 0; i < b->num; i++) {
        const tlsc_trust_entry *e = &b->entries[i];
        memcpy(der, e->der, e->n);
        if (tlsc_node_read(&block->anchors[i], tlsc_bytes_of(der, e->n), -1) != TLSC_OK) {
            tlsc_mem_free(block);
            return TLSC_E_INTERNAL; /* it was read before */
        }
        block->anchors[i].purposes = e->purposes;
        der += e->n;
    }
    qsort(block->anchors, b->num, sizeof(block->anchors[0]), compare_nodes);
    atomic_init(&block->refs, 1);
    block->store = (tlsc_trust_store){
        .refs = &block->refs,
        .memory = block,
        .provider = b->provider,
        .anchors = block->anchors,
        .num = b->num,
    };
    *out = &block->store;
    return TLSC_OK;
}

const tlsc_trust_store *tlsc_trust_store_ref(const tlsc_trust_store *store)
{
    atomic_fetch_add_explicit(store->refs, 1, memory_order_relaxed);
    return store;
}

void tlsc_trust_store_free(const tlsc_trust_store *store)
{
    if (store != NULL &&
        atomic_fetch_sub_explicit(store->refs, 1, memory_order_acq_rel) == 1) {
        tlsc_mem_free(store->memory);
    }
}

size_t tlsc_trust_store_len(const tlsc_trust_store *store)
{
    return store->num;
}

tlsc_bytes tlsc_trust_store_certificate(const tlsc_trust_store *store, size_t i)
{
    return i < store->num ? store->anchors[i].c.der : (tlsc_bytes){ NULL, 0 };
}

const tlsc_node *tlsc_trust_store_find(const tlsc_trust_store *store, uint64_t subject_hash,
                                       size_t *num)
{
    size_t from = 0;
    size_t to = store->num;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (store->anchors[middle].subject_hash < subject_hash) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    *num = 0;
    while (from + *num < store->num && store->anchors[from + *num].subject_hash == subject_hash) {
        ++*num;
    }
    return *num == 0 ? NULL : &store->anchors[from];
}
