/* SPDX-License-Identifier: Apache-2.0 */
/* auth/trust.c: a trust store with its options as a verifier. */
#include <stdatomic.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "tlscore/revocation.h"
#include "tlscore/sct.h"
#include "x509/names.h"
#include "x509/staple.h"
#include "x509/trust_store.h"

/* Immutable but for the count behind `refs`, which is why that is a pointer. */
struct tlsc_trust {
    atomic_uint *refs;
    void *memory; /* the one block that holds it, the count and the lists of the options */
    const tlsc_trust_store *store; /* a reference */
    tlsc_verify_options options;
    struct tlsc_revocation revocation; /* behind options.revocation */
};

typedef struct trust_block {
    tlsc_trust trust;
    atomic_uint refs;
} trust_block;

/* ---- copying the options ---- */

static tlsc_err check_options(const tlsc_verify_options *o)
{
    bool fine = o->size == sizeof(*o) && o->max_intermediates <= TLSC_PATH_MAX - 2 &&
                tlsc_staple_options_fit(o);
    for (size_t i = 0; fine && i < o->num_names; i++) {
        tlsc_reference r;
        fine = tlsc_reference_read(&o->names[i], &r) == TLSC_OK;
    }
    return fine ? TLSC_OK : TLSC_E_BAD_CONFIG;
}

/* What the lists take: themselves, aligned, then their bytes. */
static size_t lists_size(const tlsc_verify_options *o)
{
    size_t n = o->num_names * sizeof(o->names[0]) + o->num_policies * sizeof(o->policies[0]) +
               o->num_schemes * sizeof(o->schemes[0]);
    for (size_t i = 0; i < o->num_names; i++) {
        n += o->names[i].text.n;
    }
    for (size_t i = 0; i < o->num_policies; i++) {
        n += o->policies[i].n;
    }
    return n;
}

static tlsc_bytes keep(uint8_t **at, tlsc_bytes from)
{
    tlsc_bytes copy = tlsc_bytes_of(*at, from.n);
    tlsc_bytes_copy(*at, from);
    *at += from.n;
    return copy;
}

/* in: `at`, behind the block, aligned for any of them. */
static void copy_lists(tlsc_verify_options *o, void *at)
{
    tlsc_reference_name *names = (tlsc_reference_name *)at;
    tlsc_bytes *policies = (tlsc_bytes *)(void *)(names + o->num_names);
    uint16_t *schemes = (uint16_t *)(void *)(policies + o->num_policies);
    uint8_t *bytes = (uint8_t *)(schemes + o->num_schemes);
    for (size_t i = 0; i < o->num_names; i++) {
        names[i] = (tlsc_reference_name){ o->names[i].kind, keep(&bytes, o->names[i].text) };
    }
    for (size_t i = 0; i < o->num_policies; i++) {
        policies[i] = keep(&bytes, o->policies[i]);
    }
    for (size_t i = 0; i < o->num_schemes; i++) {
        schemes[i] = o->schemes[i];
    }
    o->names = names;
    o->policies = policies;
    o->schemes = o->schemes == NULL ? NULL : schemes;
}

/* Points the copied options at copies and references of their own. */
static void keep_references(tlsc_trust *trust)
{
    tlsc_verify_options *o = &trust->options;
    if (o->revocation != NULL) {
        trust->revocation = *o->revocation;
        o->revocation = &trust->revocation;
        if (trust->revocation.crls != NULL) {
            trust->revocation.crls = tlsc_crl_store_ref(trust->revocation.crls);
        }
    }
    if (o->logs != NULL) {
        o->logs = tlsc_ct_logs_ref(o->logs);
    }
}

static void drop_references(const tlsc_trust *trust)
{
    tlsc_crl_store_free(trust->revocation.crls);
    tlsc_ct_logs_free(trust->options.logs);
    tlsc_trust_store_free(trust->store);
}

/* ---- its life ---- */

tlsc_err tlsc_trust_new(const tlsc_trust_store *store, const tlsc_verify_options *options,
                        const tlsc_trust **out)
{
    static const tlsc_verify_options none = { .size = sizeof(none) };
    const tlsc_verify_options *o = options == NULL ? &none : options;
    *out = NULL;
    TRY(check_options(o));
    size_t head = (sizeof(trust_block) + 15) / 16 * 16;
    uint8_t *memory = (uint8_t *)tlsc_mem_zalloc(head + lists_size(o));
    if (memory == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    trust_block *block = (trust_block *)(void *)memory;
    block->trust = (tlsc_trust){
        .refs = &block->refs,
        .memory = memory,
        .store = tlsc_trust_store_ref(store),
        .options = *o,
    };
    copy_lists(&block->trust.options, memory + head);
    keep_references(&block->trust);
    atomic_init(&block->refs, 1);
    *out = &block->trust;
    return TLSC_OK;
}

const tlsc_trust *tlsc_trust_ref(const tlsc_trust *trust)
{
    atomic_fetch_add_explicit(trust->refs, 1, memory_order_relaxed);
    return trust;
}

void tlsc_trust_free(const tlsc_trust *trust)
{
    if (trust != NULL &&
        atomic_fetch_sub_explicit(trust->refs, 1, memory_order_acq_rel) == 1) {
        drop_references(trust);
        tlsc_mem_free(trust->memory);
    }
}

/* ---- the verifier ---- */

static tlsc_err keep_chain(const tlsc_trust *trust, const tlsc_verify_result *result,
                           tlsc_verdict *out)
{
    return trust->options.keep_chain ? tlsc_chain_new(result->path, result->num_path, &out->chain)
                                     : TLSC_OK;
}

/* A chain that leads to an authority says who the server is, and that must be somebody. */
static bool is_nameless(const tlsc_trust *trust, const tlsc_verify_request *request)
{
    return request->purpose == TLSC_PURPOSE_SERVER && request->name.n == 0 &&
           trust->options.num_names == 0 && !trust->options.any_name;
}

/* Errors that say nothing of the chain end the handshake as they are; the others are a verdict. A raw key
 * leads to no anchor. */
static tlsc_err verify(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    const tlsc_trust *trust = (const tlsc_trust *)ctx;
    tlsc_verify_result result = { .size = sizeof(result) };
    if (request->num_certificates == 0) {
        out->kind = TLSC_VERDICT_REJECT;
        out->error = TLSC_E_UNKNOWN_ISSUER;
        return TLSC_OK;
    }
    if (is_nameless(trust, request)) {
        return TLSC_E_NO_NAME;
    }
    tlsc_err rc = tlsc_verify_chain(trust->store, &trust->options, request, &result);
    if (result.later) {
        out->kind = TLSC_VERDICT_LATER;
        return TLSC_OK;
    }
    if (rc != TLSC_OK && tlsc_err_blame(rc) != TLSC_BLAME_CERT &&
        tlsc_err_blame(rc) != TLSC_BLAME_PEER) {
        return rc;
    }
    out->kind = rc == TLSC_OK ? TLSC_VERDICT_ACCEPT : TLSC_VERDICT_REJECT;
    out->error = rc;
    out->index = result.index;
    return rc == TLSC_OK ? keep_chain(trust, &result, out) : TLSC_OK;
}

tlsc_verifier tlsc_trust_verifier(const tlsc_trust *trust)
{
    return (tlsc_verifier){ sizeof(tlsc_verifier), (void *)(uintptr_t)trust, verify };
}
