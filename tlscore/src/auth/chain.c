/* SPDX-License-Identifier: Apache-2.0 */
/* auth/chain.c: counted lists of certificates. */
#include <stdatomic.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tlscore/verify.h"

/* Immutable but for the count behind `refs`, which is why that is a pointer. */
struct tlsc_chain {
    atomic_uint *refs;
    void *memory; /* the one block that holds it, the count and the certificates */
    size_t num;
    const tlsc_bytes *certificates; /* DER, leaf first */
};

typedef struct chain_block {
    tlsc_chain chain;
    atomic_uint refs;
    tlsc_bytes certificates[]; /* and their DER behind them */
} chain_block;

/* The size of a chain's block; 0 if there is none that large. */
static size_t block_size(const tlsc_bytes *certificates, size_t num)
{
    size_t size = sizeof(chain_block);
    if (num == 0 || num > (SIZE_MAX - size) / sizeof(tlsc_bytes)) {
        return 0;
    }
    size += num * sizeof(tlsc_bytes);
    for (size_t i = 0; i < num; i++) {
        if (certificates[i].n == 0 || certificates[i].n > SIZE_MAX - size) {
            return 0;
        }
        size += certificates[i].n;
    }
    return size;
}

tlsc_err tlsc_chain_new(const tlsc_bytes *certificates, size_t num, const tlsc_chain **out)
{
    *out = NULL;
    size_t size = block_size(certificates, num);
    if (size == 0) {
        return TLSC_E_USAGE;
    }
    chain_block *block = (chain_block *)tlsc_mem_zalloc(size);
    if (block == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    uint8_t *der = (uint8_t *)(block->certificates + num);
    for (size_t i = 0; i < num; i++) {
        tlsc_bytes_copy(der, certificates[i]);
        block->certificates[i] = tlsc_bytes_of(der, certificates[i].n);
        der += certificates[i].n;
    }
    atomic_init(&block->refs, 1);
    block->chain = (tlsc_chain){ &block->refs, block, num, block->certificates };
    *out = &block->chain;
    return TLSC_OK;
}

const tlsc_chain *tlsc_chain_ref(const tlsc_chain *chain)
{
    atomic_fetch_add_explicit(chain->refs, 1, memory_order_relaxed);
    return chain;
}

void tlsc_chain_free(const tlsc_chain *chain)
{
    /* release what this thread did with it, acquire what the others did: the last one frees */
    if (chain != NULL &&
        atomic_fetch_sub_explicit(chain->refs, 1, memory_order_acq_rel) == 1) {
        tlsc_mem_free(chain->memory);
    }
}

size_t tlsc_chain_len(const tlsc_chain *chain)
{
    return chain->num;
}

tlsc_bytes tlsc_chain_certificate(const tlsc_chain *chain, size_t i)
{
    return i < chain->num ? chain->certificates[i] : (tlsc_bytes){ NULL, 0 };
}
