/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl_scope.c: which certificates a CRL is about: issuingDistributionPoint against
 * cRLDistributionPoints. */
#include "base/bytes.h"
#include "x509/dn.h"
#include "x509/revocation.h"

/* One side's names against the other's. */
typedef struct match {
    tlsc_bytes points; /* GeneralNames' contents: the CRL's */
    tlsc_work *work;
    bool found;
} match;

static bool same_name(const tlsc_x509_general_name *a, const tlsc_x509_general_name *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    return a->kind == TLSC_X509_DIRECTORY ? tlsc_x509_name_equal(a->value, b->value)
                                          : tlsc_bytes_equal(a->value, b->value);
}

static bool take(match *m, size_t bytes)
{
    return tlsc_work_take(m->work, &m->work->left.comparisons, 1) &&
           tlsc_work_take(m->work, &m->work->left.bytes, bytes);
}

/* Is `name` among the CRL's? */
static void look_for(match *m, const tlsc_x509_general_name *name)
{
    tlsc_der walk = tlsc_der_of(m->points);
    tlsc_x509_general_name point;
    while (!m->found && tlsc_general_name_next(&walk, &point) &&
           take(m, point.value.n < name->value.n ? point.value.n : name->value.n)) {
        m->found = same_name(&point, name);
    }
}

/* DistributionPoint ::= SEQUENCE {
 *     distributionPoint [0] DistributionPointName OPTIONAL,
 *     reasons           [1] ReasonFlags OPTIONAL,
 *     cRLIssuer         [2] GeneralNames OPTIONAL }
 * One for some reasons, or with the CRL of somebody else, is passed over: such CRLs aren't served. */
static void read_point(tlsc_der *points, match *m)
{
    enum {
        NAME = TLSC_DER_CONTEXT_CONSTRUCTED | 0,
        FULL_NAME = TLSC_DER_CONTEXT_CONSTRUCTED | 0,
        RELATIVE = TLSC_DER_CONTEXT_CONSTRUCTED | 1,
        REASONS = TLSC_DER_CONTEXT | 1,
        CRL_ISSUER = TLSC_DER_CONTEXT_CONSTRUCTED | 2
    };
    tlsc_x509_general_name name;
    tlsc_bytes names = { NULL, 0 };
    tlsc_der point = tlsc_der_enter(points, TLSC_DER_SEQUENCE);
    if (tlsc_der_next_is(&point, NAME)) {
        tlsc_der inside = tlsc_der_enter(&point, NAME);
        bool full = tlsc_der_next_is(&inside, FULL_NAME);
        tlsc_bytes value = tlsc_der_get(&inside, full ? FULL_NAME : RELATIVE);
        names = full ? value : names;
        tlsc_der_leave(&point, &inside);
    }
    bool partial = tlsc_der_next_is(&point, REASONS);
    if (partial) {
        (void)tlsc_der_get(&point, REASONS);
    }
    bool others = tlsc_der_next_is(&point, CRL_ISSUER);
    if (others) {
        (void)tlsc_der_get(&point, CRL_ISSUER);
    }
    tlsc_der_leave(points, &point);
    tlsc_der walk = tlsc_der_of(names);
    while (!points->r.bad && tlsc_general_name_next(&walk, &name)) {
        if (!partial && !others) {
            look_for(m, &name);
        }
    }
    tlsc_der_check(points, tlsc_der_end(&walk) == TLSC_OK);
}

/* CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint */
static tlsc_err read_points(tlsc_bytes extension, match *m)
{
    tlsc_der d = tlsc_der_of(extension);
    tlsc_der points = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_der_check(&points, tlsc_der_more(&points));
    while (tlsc_der_more(&points) && !m->work->exhausted) {
        read_point(&points, m);
    }
    tlsc_der_leave(&d, &points);
    return m->work->exhausted || tlsc_der_end(&d) == TLSC_OK ? TLSC_OK : TLSC_E_BAD_EXTENSION;
}

/* What is left over at the end of RFC 5280 6.3.3: a CRL for the point that has the issuer's name. */
static bool is_issuers(match *m, const tlsc_node *c)
{
    look_for(m, &(tlsc_x509_general_name){ TLSC_X509_DIRECTORY, c->c.issuer });
    return m->found;
}

static tlsc_err match_points(match *m, const tlsc_node *c, tlsc_crl_scope *scope)
{
    bool has_points = c->e.crl_points.n > 0;
    tlsc_err rc = has_points ? read_points(c->e.crl_points, m) : TLSC_OK;
    if (rc == TLSC_OK && m->found) {
        *scope = TLSC_CRL_COVERS;
    } else if (rc == TLSC_OK && is_issuers(m, c)) {
        *scope = has_points ? TLSC_CRL_BY_ISSUER : TLSC_CRL_COVERS;
    }
    return m->work->exhausted ? TLSC_E_VERIFY_BUDGET : rc;
}

tlsc_err tlsc_crl_covers(const tlsc_crl_kept *crl, const tlsc_node *c, tlsc_work *work,
                         tlsc_crl_scope *scope)
{
    match m = { .points = crl->points, .work = work };
    *scope = TLSC_CRL_OTHER;
    if ((crl->only_users && c->e.ca) || (crl->only_cas && !c->e.ca)) {
        return TLSC_OK;
    }
    if (!crl->has_points) {
        *scope = TLSC_CRL_COVERS;
        return TLSC_OK;
    }
    return match_points(&m, c, scope);
}
