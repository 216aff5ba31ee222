/* SPDX-License-Identifier: Apache-2.0 */
/* x509/path.c: the search for a path, and the checks of a whole one. */
#include "x509/path.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "x509/certificate_policies.h"
#include "x509/name_constraints.h"
#include "x509/revocation.h"
#include "x509/staple.h"

/* How the key ids of a certificate and its would-be issuer stand to each other: hints, no more. */
typedef enum hint { FITS, UNKNOWN, DIFFERS, NUM_HINTS } hint;

/* Nobody's key id is longer than a hash (RFC 5280 4.2.1.2); a longer one is no hint, and isn't compared with
 * all others at each step. */
enum { KEY_ID_MAX = 64 };

static hint hint_of(const tlsc_node *child, const tlsc_node *issuer)
{
    size_t n = child->e.authority_key_id.n;
    if (n == 0 || n > KEY_ID_MAX || issuer->e.subject_key_id.n == 0) {
        return UNKNOWN;
    }
    return tlsc_bytes_equal(child->e.authority_key_id, issuer->e.subject_key_id) ? FITS : DIFFERS;
}

/* ---- errors ---- */

/* Keeps an error if it is worth more than what is there. Of equal ones the first counts, which is the one
 * whose hints were best; of issuers that are missing the one that is farthest up. */
static void note(tlsc_path *p, tlsc_err e, const tlsc_node *concerned)
{
    unsigned rank = tlsc_path_rank(e);
    unsigned best = tlsc_path_rank(p->error);
    bool farther = rank == best && e == TLSC_E_UNKNOWN_ISSUER && p->len > p->failed_len;
    if (rank > best || farther) {
        p->error = e;
        p->concerned = concerned;
        memcpy(p->failed, p->path, p->len * sizeof(p->path[0]));
        p->failed_len = p->len;
    }
}

/* No further path is looked for after these. */
static bool is_final(const tlsc_path *p)
{
    return p->work.exhausted || p->settled || p->error == TLSC_E_NO_MEMORY;
}

static bool take_step(tlsc_path *p)
{
    if (!tlsc_work_take(&p->work, &p->work.left.steps, 1)) {
        note(p, TLSC_E_VERIFY_BUDGET, p->path[p->len - 1]);
        return false;
    }
    return true;
}

/* ---- a whole path ---- */

static tlsc_err check_signature(tlsc_path *p, const tlsc_node *child, const tlsc_node *issuer)
{
    size_t kept = p->num_memos < TLSC_PATH_MEMOS ? p->num_memos : TLSC_PATH_MEMOS;
    for (size_t i = 0; i < kept; i++) {
        if (p->memos[i].child == child && p->memos[i].issuer == issuer) {
            return p->memos[i].result;
        }
    }
    if (!tlsc_work_take(&p->work, &p->work.left.signatures, tlsc_key_weight(&issuer->key))) {
        return TLSC_E_VERIFY_BUDGET;
    }
    tlsc_err rc = tlsc_node_check_signature(p->store->provider, child, issuer);
    if (rc == TLSC_E_CERTIFICATE_SIGNATURE && hint_of(child, issuer) == DIFFERS) {
        rc = TLSC_E_UNKNOWN_ISSUER; /* another CA of the same name, as the key ids say */
    }
    p->memos[p->num_memos++ % TLSC_PATH_MEMOS] = (tlsc_path_memo){ child, issuer, rc };
    return rc;
}

/* From the anchor down: what isn't signed by whom it should be isn't looked into. */
static tlsc_err check_signatures(tlsc_path *p, const tlsc_node **concerned)
{
    for (size_t i = p->len - 1; i-- > 0;) {
        *concerned = p->path[i];
        TRY(check_signature(p, p->path[i], p->path[i + 1]));
    }
    return TLSC_OK;
}

/* How many of the path, from the leaf on, have extensions that count: not the anchor where it is a name and a key. */
static size_t num_judged(const tlsc_path *p)
{
    return p->options->anchors == TLSC_ANCHORS_NAME_KEY ? p->len - 1 : p->len;
}

/* A self-issued certificate is exempt unless it is the leaf: RFC 5280 6.1.3 (b), (c). */
static tlsc_err check_name_constraints(tlsc_path *p, const tlsc_node **concerned)
{
    for (size_t ca = 1; ca < num_judged(p); ca++) {
        for (size_t i = 0; i < ca; i++) {
            if (i > 0 && p->path[i]->self_issued) {
                continue;
            }
            bool common_name = i == 0 && p->options->common_name_fallback;
            tlsc_err rc = tlsc_name_constraints_check(p->path[ca], p->path[i], common_name, &p->work);
            *concerned = rc == TLSC_E_BAD_EXTENSION ? p->path[ca] : p->path[i];
            TRY(rc);
        }
    }
    return TLSC_OK;
}

/* What a CA's certificate lists, those that it issued list as well. RFC 7633 4.2.2 */
static tlsc_err check_tls_features(tlsc_path *p, const tlsc_node **concerned)
{
    for (size_t ca = num_judged(p); ca-- > 1;) {
        const tlsc_node *c = p->path[ca - 1];
        *concerned = c;
        TRY(tlsc_tls_features_check(p->path[ca]->e.tls_features, c->e.tls_features, &p->work));
    }
    return TLSC_OK;
}

static tlsc_err check_policies(tlsc_path *p, const tlsc_node **concerned)
{
    size_t at;
    tlsc_err rc = tlsc_certificate_policies_check(p->path, p->len, p->options, &p->work, &at);
    *concerned = p->path[at];
    return rc;
}

typedef tlsc_err path_check(tlsc_path *p, const tlsc_node **concerned);

/* What is asked of a path that has reached an anchor, in this order. */
static path_check *const path_checks[] = {
    check_signatures,
    check_name_constraints,
    check_tls_features,
    check_policies,
    tlsc_revocation_check,
    tlsc_staple_check,
    tlsc_scts_check,
};

/* Of a leaf that is an anchor itself. */
static path_check *const leaf_checks[] = {
    tlsc_staple_check,
    tlsc_scts_check,
};

static tlsc_err run_checks(tlsc_path *p, path_check *const *checks, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        const tlsc_node *concerned = p->path[0];
        tlsc_err rc = checks[i](p, &concerned);
        if (rc != TLSC_OK) {
            p->error = p->settled ? TLSC_OK : p->error; /* whatever other paths lacked */
            note(p, rc, concerned);
            return rc;
        }
    }
    return TLSC_OK;
}

static bool accept(tlsc_path *p)
{
    return run_checks(p, path_checks, TLSC_COUNT(path_checks)) == TLSC_OK;
}

/* ---- the search ---- */

static bool is_issuer_by_name(tlsc_path *p, const tlsc_node *child, const tlsc_node *issuer)
{
    if (child->issuer_hash != issuer->subject_hash) {
        return false;
    }
    size_t n = child->c.issuer.n + issuer->c.subject.n;
    if (!tlsc_work_take(&p->work, &p->work.left.bytes, n)) {
        note(p, TLSC_E_VERIFY_BUDGET, child);
        return false;
    }
    return tlsc_x509_name_equal(child->c.issuer, issuer->c.subject);
}

/* The same name with the same key is the same CA: to pass it twice leads nowhere new. */
static bool is_same_ca(tlsc_path *p, const tlsc_node *a, const tlsc_node *b)
{
    if (a == b) {
        return true;
    }
    if (a->subject_hash != b->subject_hash || !tlsc_bytes_equal(a->c.spki, b->c.spki)) {
        return false;
    }
    size_t n = a->c.subject.n + b->c.subject.n;
    if (!tlsc_work_take(&p->work, &p->work.left.bytes, n)) {
        note(p, TLSC_E_VERIFY_BUDGET, b);
        return true; /* and no further path is looked for */
    }
    return tlsc_x509_name_equal(a->c.subject, b->c.subject);
}

static bool in_path(tlsc_path *p, const tlsc_node *c)
{
    for (size_t i = 0; i < p->len; i++) {
        if (is_same_ca(p, p->path[i], c)) {
            return true;
        }
    }
    return false;
}

static bool extend(tlsc_path *p);

static bool try_anchor(tlsc_path *p, const tlsc_node *anchor)
{
    p->path[p->len++] = anchor;
    bool found = accept(p);
    p->len -= found ? 0 : 1;
    return found;
}

static bool try_anchors(tlsc_path *p, hint wanted, bool *any)
{
    const tlsc_node *child = p->path[p->len - 1];
    size_t num;
    const tlsc_node *anchors = tlsc_trust_store_find(p->store, child->issuer_hash, &num);
    for (size_t i = 0; i < num && !is_final(p); i++) {
        const tlsc_node *a = &anchors[i];
        if (hint_of(child, a) != wanted || !take_step(p) || !is_issuer_by_name(p, child, a) ||
            in_path(p, a) || (p->options->only_self_signed && !a->self_issued)) {
            continue;
        }
        *any = true;
        tlsc_err rc = tlsc_path_check_anchor(p, a);
        if (rc != TLSC_OK) {
            note(p, rc, a);
        } else if (try_anchor(p, a)) {
            return true;
        }
    }
    return false;
}

static bool try_intermediate(tlsc_path *p, const tlsc_node *c)
{
    if (p->len > p->options->max_intermediates) {
        note(p, TLSC_E_CHAIN_TOO_DEEP, c);
        return false;
    }
    tlsc_err rc = c->as_issuer == TLSC_OK ? tlsc_path_check_length(p, c) : c->as_issuer;
    if (rc != TLSC_OK) {
        note(p, rc, c);
        return false;
    }
    p->path[p->len++] = c;
    bool found = extend(p);
    p->len -= found ? 0 : 1;
    return found;
}

static bool try_intermediates(tlsc_path *p, hint wanted, bool *any)
{
    const tlsc_node *child = p->path[p->len - 1];
    for (size_t i = 1; i < p->num_nodes && !is_final(p); i++) {
        const tlsc_node *c = &p->nodes[i];
        if (c->c.der.n == 0 || hint_of(child, c) != wanted || !take_step(p) ||
            !is_issuer_by_name(p, child, c) || in_path(p, c)) {
            continue;
        }
        *any = true;
        if (try_intermediate(p, c)) {
            return true;
        }
    }
    return false;
}

/* Finds the rest of the path. The depth of the recursion is that of the path, at most TLSC_PATH_MAX. */
static bool extend(tlsc_path *p)
{
    bool any = false;
    for (hint h = FITS; h < NUM_HINTS && !is_final(p); h++) {
        if (try_anchors(p, h, &any) || try_intermediates(p, h, &any)) {
            return true;
        }
    }
    if (!any && !is_final(p)) {
        const tlsc_node *top = p->path[p->len - 1];
        bool alone = p->len == 1 && top->self_issued;
        note(p, alone ? TLSC_E_SELF_SIGNED : TLSC_E_UNKNOWN_ISSUER, top);
    }
    return false;
}

/* ---- the leaf ---- */

static const tlsc_node *find_same_anchor(const tlsc_path *p, const tlsc_node *leaf)
{
    size_t num;
    const tlsc_node *anchors = tlsc_trust_store_find(p->store, leaf->subject_hash, &num);
    for (size_t i = 0; i < num; i++) {
        if (tlsc_bytes_equal(anchors[i].c.der, leaf->c.der)) {
            return &anchors[i];
        }
    }
    return NULL;
}

/* What is wrong with the leaf is told whatever may be wrong with others. */
static tlsc_err leaf_failed(tlsc_path *p, tlsc_err e)
{
    p->error = TLSC_OK;
    note(p, e, p->path[0]);
    return e;
}

tlsc_err tlsc_path_find(tlsc_path *p)
{
    const tlsc_node *leaf = &p->nodes[0];
    p->path[0] = leaf;
    p->len = 1;
    if (p->options->allow_self_signed_leaf) {
        const tlsc_node *anchor = find_same_anchor(p, leaf);
        if (anchor != NULL) {
            tlsc_err rc = tlsc_path_check_anchor_leaf(p, anchor);
            p->error = TLSC_OK;
            return rc == TLSC_OK ? run_checks(p, leaf_checks, TLSC_COUNT(leaf_checks))
                                 : leaf_failed(p, rc);
        }
    }
    tlsc_err rc = tlsc_path_check_leaf(p, leaf);
    if (rc == TLSC_E_CA_AS_LEAF && leaf->self_issued) {
        rc = TLSC_E_SELF_SIGNED; /* many who sign for themselves call themselves a CA */
    }
    if (rc != TLSC_OK) {
        return leaf_failed(p, rc);
    }
    if (extend(p)) {
        p->error = TLSC_OK;
        return TLSC_OK;
    }
    return p->error == TLSC_OK ? TLSC_E_INTERNAL : p->error;
}
