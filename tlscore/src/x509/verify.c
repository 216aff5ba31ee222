/* SPDX-License-Identifier: Apache-2.0 */
/* x509/verify.c: a request in, a verdict with all details out (tlscore/trust.h). */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "x509/staple.h"

enum {
    NODES_INLINE = 8, /* so many certificates need no memory; what peers send is two or three */
    MAX_INTERMEDIATES = 10,
    MIN_RSA_BITS = 2048
};

static const tlsc_verify_budget default_budget = { 300, 20000, 250000, 2 << 20 };

static uint32_t or_default(uint32_t v, uint32_t otherwise)
{
    return v == 0 ? otherwise : v;
}

/* Puts the defaults where options say nothing. errors: TLSC_E_USAGE. */
static tlsc_err resolve(const tlsc_verify_options *from, tlsc_verify_options *out)
{
    static const tlsc_verify_options none = { .size = sizeof(none) };
    *out = from == NULL ? none : *from;
    if (out->size != sizeof(*out) || out->max_intermediates > TLSC_PATH_MAX - 2 ||
        !tlsc_staple_options_fit(out)) {
        return TLSC_E_USAGE;
    }
    out->max_intermediates = or_default(out->max_intermediates, MAX_INTERMEDIATES);
    if (out->no_intermediates) {
        out->max_intermediates = 0;
    }
    out->min_rsa_bits = or_default(out->min_rsa_bits, MIN_RSA_BITS);
    out->budget.signatures = or_default(out->budget.signatures, default_budget.signatures);
    out->budget.steps = or_default(out->budget.steps, default_budget.steps);
    out->budget.comparisons = or_default(out->budget.comparisons, default_budget.comparisons);
    out->budget.bytes = or_default(out->budget.bytes, default_budget.bytes);
    return TLSC_OK;
}

/* ---- names ---- */

static tlsc_err check_name(const tlsc_path *p, const tlsc_reference_name *name)
{
    tlsc_reference r;
    TRY(tlsc_reference_read(name, &r));
    return tlsc_reference_matches(&r, p->path[0], p->options->common_name_fallback)
               ? TLSC_OK
               : TLSC_E_NAME_MISMATCH;
}

static tlsc_err for_each_name(const tlsc_path *p,
                              tlsc_err (*f)(const tlsc_path *p, const tlsc_reference_name *name))
{
    if (p->request->name.n > 0) {
        tlsc_reference_name name = { TLSC_REFERENCE_HOST, p->request->name };
        TRY(f(p, &name));
    }
    for (size_t i = 0; i < p->options->num_names; i++) {
        TRY(f(p, &p->options->names[i]));
    }
    return TLSC_OK;
}

/* A name that can't be asked for is the caller's mistake, whatever the chain is. */
static tlsc_err is_readable(const tlsc_path *p, const tlsc_reference_name *name)
{
    tlsc_reference r;
    (void)p;
    return tlsc_reference_read(name, &r);
}

/* ---- the chain ---- */

/* Reads all certificates; one beyond the leaf that can't be read is left out, and told of if no path is
 * found without it. */
static tlsc_err read_nodes(tlsc_path *p, tlsc_node *nodes)
{
    const tlsc_verify_request *request = p->request;
    p->nodes = nodes;
    for (size_t i = 0; i < request->num_certificates; i++) {
        tlsc_err rc = tlsc_node_read(&nodes[i], request->certificates[i], (int)i);
        p->num_nodes = i + 1;
        if (rc != TLSC_OK && p->error == TLSC_OK) {
            p->error = rc;
            p->concerned = &nodes[i];
        }
        if (rc != TLSC_OK && i == 0) {
            return rc;
        }
        nodes[i].as_issuer = rc == TLSC_OK && i > 0 ? tlsc_path_check_issuer(p, &nodes[i]) : rc;
    }
    return TLSC_OK;
}

static tlsc_err judge(tlsc_path *p, tlsc_node *nodes)
{
    TRY(read_nodes(p, nodes));
    TRY(tlsc_path_find(p));
    p->error = for_each_name(p, check_name);
    p->concerned = p->path[0];
    p->failed_len = 0;
    return p->error;
}

static void report(const tlsc_path *p, tlsc_verify_result *out)
{
    bool found = p->error == TLSC_OK || p->failed_len == 0;
    out->error = p->error;
    out->later = p->later;
    out->num_path = found ? p->len : p->failed_len;
    for (size_t i = 0; i < out->num_path; i++) {
        out->path[i] = found ? p->path[i]->c.der : p->failed[i]->c.der;
    }
    if (p->error != TLSC_OK && p->concerned != NULL) {
        out->index = p->concerned->index;
        out->certificate = p->concerned->index >= 0
                               ? p->request->certificates[p->concerned->index]
                               : p->concerned->c.der;
    }
    const tlsc_verify_budget *all = &p->options->budget;
    out->spent = (tlsc_verify_budget){
        all->signatures - p->work.left.signatures,
        all->steps - p->work.left.steps,
        all->comparisons - p->work.left.comparisons,
        all->bytes - p->work.left.bytes,
    };
}

/* `nodes` has room for all certificates of the request. */
static tlsc_err verify(tlsc_path *p, tlsc_node *nodes, tlsc_verify_result *out)
{
    tlsc_err rc = judge(p, nodes);
    if (p->error == TLSC_OK) {
        p->error = rc;
    }
    report(p, out);
    return rc;
}

tlsc_err tlsc_verify_chain(const tlsc_trust_store *store, const tlsc_verify_options *options,
                           const tlsc_verify_request *request, tlsc_verify_result *out)
{
    tlsc_verify_options resolved;
    tlsc_node nodes[NODES_INLINE];
    if (out->size != sizeof(*out) || request->size != sizeof(*request)) {
        return TLSC_E_USAGE;
    }
    *out = (tlsc_verify_result){ .size = sizeof(*out), .index = -1 };
    TRY(resolve(options, &resolved));
    size_t num = request->num_certificates;
    if (num == 0 || num > INT32_MAX / sizeof(tlsc_node)) {
        return TLSC_E_USAGE;
    }
    tlsc_path p = {
        .store = store,
        .options = &resolved,
        .request = request,
        .now_s = resolved.now_s != 0 ? resolved.now_s : request->now_ms / 1000,
        .schemes = resolved.schemes != NULL ? resolved.schemes : request->schemes,
        .num_schemes = resolved.schemes != NULL ? resolved.num_schemes : request->num_schemes,
        .work.left = resolved.budget,
    };
    if (p.now_s == 0) {
        return TLSC_E_NO_TIME;
    }
    TRY(for_each_name(&p, is_readable));
    if (num <= NODES_INLINE) {
        return verify(&p, nodes, out);
    }
    tlsc_node *many = (tlsc_node *)tlsc_mem_alloc(num * sizeof(*many));
    if (many == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = verify(&p, many, out);
    tlsc_mem_free(many);
    return rc;
}
