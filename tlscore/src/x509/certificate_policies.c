/* SPDX-License-Identifier: Apache-2.0 */
/* x509/certificate_policies.c: the policy graph, RFC 9618.
 *
 * A level for each certificate from the anchor down. A level holds the policies that are valid there; each
 * knows the policies of the level above that it comes from, by name: so equal policies are one node,
 * however many ways lead to it, and the graph has no more nodes than the certificates have policies and
 * mappings. anyPolicy is no node but a mark on its level. Where mappings go down, a level starts with what
 * the one above expects there. */
#include "x509/certificate_policies.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/try.h"

enum { GRAPH_MAX = 4 << 20 }; /* bytes of nodes or edges; the budget ends it before */

static const uint8_t any_policy_oid[] = { 0x55, 0x1d, 0x20, 0x00 };

typedef struct node {
    tlsc_bytes policy; /* OID's contents */
    bool gone;         /* not valid after all */
    bool mapped;       /* below it other policies stand for it */
    bool reached;      /* on the way back from the leaf */
    bool of_any;       /* comes from anyPolicy above, under its own name */
} node;

/* From a node to a policy of the level above. */
typedef struct edge {
    size_t child;
    tlsc_bytes parent;
} edge;

typedef struct level {
    size_t from; /* its nodes: [from, to) */
    size_t to;
    bool any; /* anyPolicy is valid here */
} level;

typedef struct graph {
    tlsc_buf nodes;
    tlsc_buf edges;
    level levels[TLSC_PATH_MAX + 1];
    size_t num_levels;
    tlsc_work *work;
    size_t explicit_policy; /* certificates until a policy must be there; 0: now */
    size_t mapping;
    size_t inhibit_any;
} graph;

static bool is_any(tlsc_bytes policy)
{
    return tlsc_bytes_equal(policy, tlsc_bytes_of(any_policy_oid, sizeof(any_policy_oid)));
}

static size_t num_nodes(const graph *g)
{
    return g->nodes.n / sizeof(node);
}

static node *nodes_of(const graph *g)
{
    void *p = g->nodes.p;
    return (node *)p;
}

static edge *edges_of(const graph *g)
{
    void *p = g->edges.p;
    return (edge *)p;
}

static tlsc_err add_node(graph *g, node n)
{
    tlsc_err rc = tlsc_buf_append(&g->nodes, tlsc_bytes_of(&n, sizeof(n)));
    return rc == TLSC_E_TOO_SMALL ? TLSC_E_VERIFY_BUDGET : rc;
}

static tlsc_err add_edge(graph *g, size_t child, tlsc_bytes parent)
{
    edge e = { child, parent };
    tlsc_err rc = tlsc_buf_append(&g->edges, tlsc_bytes_of(&e, sizeof(e)));
    return rc == TLSC_E_TOO_SMALL ? TLSC_E_VERIFY_BUDGET : rc;
}

/* Finds a policy among the nodes [from, end of the graph). out: its number, or SIZE_MAX. */
static tlsc_err find_node(graph *g, size_t from, tlsc_bytes policy, size_t *out)
{
    size_t to = num_nodes(g);
    *out = SIZE_MAX;
    for (size_t i = from; i < to; i++) {
        if (!tlsc_work_take(g->work, &g->work->left.comparisons, 1)) {
            return TLSC_E_VERIFY_BUDGET;
        }
        if (!nodes_of(g)[i].gone && tlsc_bytes_equal(nodes_of(g)[i].policy, policy)) {
            *out = i;
            return TLSC_OK;
        }
    }
    return TLSC_OK;
}

/* ---- what a certificate says ---- */

/* PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE {
 *     issuerDomainPolicy CertPolicyId, subjectDomainPolicy CertPolicyId } */
static bool next_mapping(tlsc_der *walk, tlsc_bytes *issuer, tlsc_bytes *subject)
{
    if (!tlsc_der_more(walk)) {
        return false;
    }
    tlsc_der inside = tlsc_der_enter(walk, TLSC_DER_SEQUENCE);
    *issuer = tlsc_der_oid(&inside);
    *subject = tlsc_der_oid(&inside);
    tlsc_der_leave(walk, &inside);
    return !walk->r.bad;
}

static tlsc_err ended(const tlsc_der *walk)
{
    return tlsc_der_end(walk) == TLSC_OK ? TLSC_OK : TLSC_E_BAD_EXTENSION;
}

/* How often a certificate names a policy. */
static tlsc_err names_policy(tlsc_work *work, const tlsc_node *c, tlsc_bytes policy, size_t *times)
{
    tlsc_der walk = tlsc_der_of(c->e.policies);
    tlsc_bytes p;
    *times = 0;
    while (tlsc_policy_next(&walk, &p)) {
        if (!tlsc_work_take(work, &work->left.comparisons, 1)) {
            return TLSC_E_VERIFY_BUDGET;
        }
        *times += tlsc_bytes_equal(p, policy) ? 1 : 0;
    }
    return ended(&walk);
}

/* No policy stands twice in a certificate, whether anybody asks for policies or not. RFC 5280 4.2.1.4 */
static tlsc_err check_each_once(tlsc_work *work, const tlsc_node *c)
{
    tlsc_der walk = tlsc_der_of(c->e.policies);
    tlsc_bytes policy;
    while (tlsc_policy_next(&walk, &policy)) {
        size_t times;
        TRY(names_policy(work, c, policy, &times));
        if (times > 1) {
            return TLSC_E_BAD_EXTENSION;
        }
    }
    return ended(&walk);
}

/* ---- a certificate's policies: RFC 5280 6.1.3 (d), (e) as RFC 9618 5.4 has them ---- */

/* Nodes that the certificate doesn't name are no longer valid. */
static tlsc_err drop_unnamed(graph *g, const level *l, const tlsc_node *c)
{
    for (size_t i = l->from; i < num_nodes(g); i++) {
        size_t times;
        TRY(names_policy(g->work, c, nodes_of(g)[i].policy, &times));
        nodes_of(g)[i].gone = nodes_of(g)[i].gone || times == 0;
    }
    return TLSC_OK;
}

/* What the certificate names is valid where anyPolicy is, above. */
static tlsc_err add_of_any(graph *g, const level *l, const tlsc_node *c)
{
    tlsc_der walk = tlsc_der_of(c->e.policies);
    tlsc_bytes policy;
    while (tlsc_policy_next(&walk, &policy)) {
        size_t at;
        TRY(find_node(g, l->from, policy, &at));
        if (at == SIZE_MAX && !is_any(policy) && l->any) {
            TRY(add_node(g, (node){ .policy = policy, .of_any = true }));
        }
    }
    return ended(&walk);
}

static tlsc_err take_policies(graph *g, level *l, const tlsc_node *c, bool any_allowed)
{
    size_t times = 0;
    TRY(names_policy(g->work, c, tlsc_bytes_of(any_policy_oid, sizeof(any_policy_oid)), &times));
    bool names_any = times > 0 && any_allowed;
    TRY(add_of_any(g, l, c));
    if (!names_any) {
        TRY(drop_unnamed(g, l, c));
    }
    l->any = l->any && names_any;
    return TLSC_OK;
}

/* ---- its mappings: RFC 5280 6.1.4 (a), (b) ---- */

/* Below, `subject` stands for `issuer`. */
static tlsc_err map_one(graph *g, const level *l, size_t below, tlsc_bytes issuer,
                        tlsc_bytes subject)
{
    size_t at;
    size_t child;
    /* the nodes of this level alone: those below have begun behind them */
    TRY(find_node(g, l->from, issuer, &at));
    if (at == SIZE_MAX || at >= below || !nodes_of(g)[at].mapped) {
        return TLSC_OK;
    }
    TRY(find_node(g, below, subject, &child));
    if (child == SIZE_MAX) {
        child = num_nodes(g);
        TRY(add_node(g, (node){ .policy = subject }));
    }
    return add_edge(g, child, issuer);
}

/* Marks what is mapped, or drops it where mapping is forbidden. A policy that is only valid through
 * anyPolicy becomes a node of its own. */
static tlsc_err mark_mapped(graph *g, const level *l, const tlsc_node *c)
{
    tlsc_der walk = tlsc_der_of(c->e.policy_mappings);
    tlsc_bytes issuer, subject;
    while (next_mapping(&walk, &issuer, &subject)) {
        size_t at;
        if (is_any(issuer) || is_any(subject)) {
            return TLSC_E_CERTIFICATE_POLICY;
        }
        TRY(find_node(g, l->from, issuer, &at));
        if (at == SIZE_MAX && l->any && g->mapping > 0) {
            at = num_nodes(g);
            TRY(add_node(g, (node){ .policy = issuer, .of_any = true }));
        }
        if (at != SIZE_MAX) {
            nodes_of(g)[at].mapped = g->mapping > 0;
            nodes_of(g)[at].gone = g->mapping == 0;
        }
    }
    return ended(&walk);
}

/* Starts the next level with what is expected there. */
static tlsc_err descend(graph *g, level *l, const tlsc_node *c)
{
    TRY(mark_mapped(g, l, c));
    size_t below = num_nodes(g);
    l->to = below;
    for (size_t i = l->from; i < below; i++) {
        node n = nodes_of(g)[i];
        if (!n.gone && !n.mapped) {
            TRY(add_node(g, (node){ .policy = n.policy }));
            TRY(add_edge(g, num_nodes(g) - 1, n.policy));
        }
    }
    tlsc_der walk = tlsc_der_of(c->e.policy_mappings);
    tlsc_bytes issuer, subject;
    while (next_mapping(&walk, &issuer, &subject)) {
        TRY(map_one(g, l, below, issuer, subject));
    }
    TRY(ended(&walk));
    g->levels[g->num_levels++] = (level){ below, num_nodes(g), l->any };
    return TLSC_OK;
}

/* ---- the counts: RFC 5280 6.1.4 (h) to (j), 6.1.5 (a), (b) ---- */

static void lower(size_t *count, int to)
{
    if (to >= 0 && (size_t)to < *count) {
        *count = (size_t)to;
    }
}

static void count_down(graph *g, const tlsc_node *c, bool is_leaf)
{
    if (is_leaf || !c->self_issued) {
        g->explicit_policy -= g->explicit_policy > 0 ? 1 : 0;
        g->mapping -= g->mapping > 0 ? 1 : 0;
        g->inhibit_any -= g->inhibit_any > 0 ? 1 : 0;
    }
    lower(&g->explicit_policy, c->e.require_explicit_policy);
    lower(&g->mapping, c->e.inhibit_policy_mapping);
    lower(&g->inhibit_any, c->e.inhibit_any_policy);
}

/* ---- the end: RFC 9618 5.6 ---- */

static bool is_wanted(const tlsc_verify_options *o, tlsc_bytes policy)
{
    for (size_t i = 0; i < o->num_policies; i++) {
        if (tlsc_bytes_equal(o->policies[i], policy) || is_any(o->policies[i])) {
            return true;
        }
    }
    return o->num_policies == 0;
}

/* Marks the policies of the level above that a node comes from. */
static tlsc_err reach_parents(graph *g, const level *above, size_t child)
{
    for (size_t e = 0; e < g->edges.n / sizeof(edge); e++) {
        if (!tlsc_work_take(g->work, &g->work->left.comparisons, 1)) {
            return TLSC_E_VERIFY_BUDGET;
        }
        for (size_t i = above->from; edges_of(g)[e].child == child && i < above->to; i++) {
            if (!tlsc_work_take(g->work, &g->work->left.comparisons, 1)) {
                return TLSC_E_VERIFY_BUDGET;
            }
            node *n = &nodes_of(g)[i];
            n->reached = n->reached ||
                         (!n->gone && tlsc_bytes_equal(n->policy, edges_of(g)[e].parent));
        }
    }
    return TLSC_OK;
}

/* Goes back up from all that is valid at the leaf. What came from anyPolicy counts by its own name, at the
 * top of its way. */
static tlsc_err has_wanted(graph *g, const tlsc_verify_options *o, bool *out)
{
    const level *last = &g->levels[g->num_levels - 1];
    *out = last->any;
    for (size_t i = last->from; i < last->to; i++) {
        nodes_of(g)[i].reached = !nodes_of(g)[i].gone;
    }
    for (size_t k = g->num_levels; k-- > 0 && !*out;) {
        for (size_t i = g->levels[k].from; i < g->levels[k].to && !*out; i++) {
            const node n = nodes_of(g)[i];
            if (n.reached && n.of_any) {
                *out = is_wanted(o, n.policy);
            } else if (n.reached && k > 0) {
                TRY(reach_parents(g, &g->levels[k - 1], i));
            }
        }
    }
    return TLSC_OK;
}

static tlsc_err process(graph *g, const tlsc_node *const *path, size_t num,
                        const tlsc_verify_options *o, size_t *at)
{
    size_t n = num - 1; /* certificates below the anchor */
    g->explicit_policy = o->require_policy ? 0 : n + 1;
    g->mapping = o->inhibit_policy_mapping ? 0 : n + 1;
    g->inhibit_any = o->inhibit_any_policy ? 0 : n + 1;
    g->levels[g->num_levels++] = (level){ .any = true };
    for (size_t i = n; i-- > 0;) {
        const tlsc_node *c = path[i];
        level *l = &g->levels[g->num_levels - 1];
        bool any_allowed = g->inhibit_any > 0 || (i > 0 && c->self_issued);
        *at = i;
        TRY(take_policies(g, l, c, any_allowed));
        l->to = num_nodes(g);
        if (i > 0) {
            TRY(descend(g, l, c));
        }
        count_down(g, c, i == 0);
    }
    if (g->explicit_policy > 0) {
        return TLSC_OK;
    }
    bool wanted;
    TRY(has_wanted(g, o, &wanted));
    return wanted ? TLSC_OK : TLSC_E_CERTIFICATE_POLICY;
}

/* Without one of these nothing can ever be asked for. But a mapping of anyPolicy is an error in any
 * case (RFC 5280 6.1.4 (a)). */
static bool has_work(const tlsc_node *const *path, size_t num, const tlsc_verify_options *o)
{
    bool work = o->require_policy;
    for (size_t i = 0; i + 1 < num; i++) {
        const tlsc_extensions *e = &path[i]->e;
        work = work || e->require_explicit_policy >= 0 || e->policy_mappings.n > 0;
    }
    return work;
}

tlsc_err tlsc_certificate_policies_check(const tlsc_node *const *path, size_t num,
                                         const tlsc_verify_options *options, tlsc_work *work,
                                         size_t *at)
{
    graph g = { .nodes = tlsc_buf_of(GRAPH_MAX), .edges = tlsc_buf_of(GRAPH_MAX), .work = work };
    *at = 0;
    for (size_t i = 0; i + 1 < num; i++) {
        *at = i;
        TRY(check_each_once(work, path[i]));
    }
    *at = 0;
    if (num < 2 || !has_work(path, num, options)) {
        return TLSC_OK;
    }
    tlsc_err rc = process(&g, path, num, options, at);
    tlsc_buf_clear(&g.nodes);
    tlsc_buf_clear(&g.edges);
    return rc;
}
