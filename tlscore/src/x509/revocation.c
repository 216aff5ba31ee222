/* SPDX-License-Identifier: Apache-2.0 */
/* x509/revocation.c: a path's certificates against CRLs. RFC 5280 6.3.3 */
#include "x509/revocation.h"

#include "base/bytes.h"
#include "base/try.h"

/* What the CRLs said of one certificate. */
typedef struct answer {
    bool good;    /* one that is current doesn't list it */
    bool expired; /* one that is past its nextUpdate doesn't */
} answer;

/* The same name with another key may be another CA. */
static bool is_of(const tlsc_crl_kept *crl, const tlsc_node *issuer)
{
    return tlsc_bytes_equal(crl->spki, issuer->c.spki) &&
           tlsc_x509_name_equal(crl->issuer, issuer->c.subject);
}

enum { CLOCKS_DIFFER_S = 300 };

/* Past its nextUpdate it is out of date; before its thisUpdate (RFC 5280 5.1.2.4), and where it is about
 * the certificate for its issuer's name alone, it is no answer. */
static void take_absence(const tlsc_path *p, const tlsc_crl_kept *crl, tlsc_crl_scope scope,
                         answer *out)
{
    bool early = p->now_s < crl->this_update_s - CLOCKS_DIFFER_S;
    bool old = crl->has_next_update && p->now_s > crl->next_update_s;
    if (!early && scope == TLSC_CRL_COVERS) {
        out->expired = out->expired || old;
        out->good = out->good || !old || p->options->revocation->crl_allow_expired;
    }
}

static tlsc_err ask(tlsc_path *p, const tlsc_crl_kept *crl, const tlsc_node *c, answer *out)
{
    tlsc_crl_scope scope;
    tlsc_crl_revoked revoked;
    TRY(tlsc_crl_covers(crl, c, &p->work, &scope));
    if (scope == TLSC_CRL_OTHER) {
        return TLSC_OK;
    }
    tlsc_crl_key key = tlsc_crl_key_of(&p->options->revocation->crls->key, c->c.serial);
    if (tlsc_crl_table_find(&crl->table, key, &revoked)) {
        return TLSC_E_CERTIFICATE_REVOKED; /* that won't change: an old CRL says so as well as a new one */
    }
    take_absence(p, crl, scope, out);
    return TLSC_OK;
}

static tlsc_err check_one(tlsc_path *p, const tlsc_node *c, const tlsc_node *issuer)
{
    size_t num;
    answer a = { 0 };
    const struct tlsc_revocation *how = p->options->revocation;
    const tlsc_crl_kept *crls = tlsc_crl_store_of(how->crls, c->issuer_hash, &num);
    for (size_t i = 0; i < num; i++) {
        if (!tlsc_work_take(&p->work, &p->work.left.bytes, issuer->c.subject.n)) {
            return TLSC_E_VERIFY_BUDGET;
        }
        if (is_of(&crls[i], issuer)) {
            TRY(ask(p, &crls[i], c, &a));
        }
    }
    if (!a.good && a.expired) {
        return TLSC_E_CRL_EXPIRED;
    }
    return a.good || how->crl_allow_unknown ? TLSC_OK : TLSC_E_REVOCATION_UNKNOWN;
}

/* From the anchor down: what a revoked CA says of others counts for nothing. */
tlsc_err tlsc_revocation_check(tlsc_path *p, const tlsc_node **concerned)
{
    const struct tlsc_revocation *how = p->options->revocation;
    if (how == NULL || how->crls == NULL || p->len < 2) {
        return TLSC_OK;
    }
    size_t above = how->crl_leaf_only ? 1 : p->len - 1;
    for (size_t i = above; i-- > 0;) {
        *concerned = p->path[i];
        TRY(check_one(p, p->path[i], p->path[i + 1]));
    }
    return TLSC_OK;
}
