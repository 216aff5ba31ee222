/* SPDX-License-Identifier: Apache-2.0 */
/* x509/sct_check.c: promises about a leaf, wherever they are: for a path, and for who asks. */
#include "base/bytes.h"
#include "base/try.h"
#include "x509/ocsp.h"
#include "x509/sct.h"
#include "x509/staple.h"

/* The value of the extension in what a response says of a certificate; empty: none. */
static tlsc_bytes in_response(const tlsc_ocsp_subject *subject, tlsc_bytes der)
{
    tlsc_ocsp_response response;
    tlsc_ocsp_single single;
    bool found = tlsc_ocsp_parse(&response, der) == TLSC_OK &&
                 tlsc_ocsp_find(&response, subject, &single);
    return found ? single.scts : (tlsc_bytes){ NULL, 0 };
}

/* Lists of promises; an empty one: none. */
typedef struct places {
    tlsc_bytes embedded; /* in an OCTET STRING */
    tlsc_bytes tls;
    tlsc_bytes ocsp; /* in an OCTET STRING */
} places;

static tlsc_err read_all(const tlsc_sct_terms *terms, const places *p, tlsc_sct_tell *tell,
                         void *ctx)
{
    if (p->embedded.n > 0) {
        TRY(tlsc_sct_extension_read(terms, TLSC_SCT_EMBEDDED, p->embedded, tell, ctx));
    }
    if (p->tls.n > 0) {
        TRY(tlsc_sct_list_read(terms, TLSC_SCT_TLS, p->tls, tell, ctx));
    }
    if (p->ocsp.n > 0) {
        TRY(tlsc_sct_extension_read(terms, TLSC_SCT_OCSP, p->ocsp, tell, ctx));
    }
    return TLSC_OK;
}

/* ---- a path's ---- */

/* Counts different logs, and stops checking when there are enough. */
typedef struct count {
    tlsc_sct_terms *terms;
    unsigned wanted;
    unsigned num;
    uint8_t seen[TLSC_CT_LOGS_MAX]; /* by the log's place */
} count;

static void count_one(void *ctx, const tlsc_sct *sct, size_t log)
{
    count *c = (count *)ctx;
    if (sct->status == TLSC_SCT_VALID && c->seen[log] == 0) {
        c->seen[log] = 1;
        c->num++;
    }
    if (c->num >= c->wanted) {
        c->terms->logs = NULL; /* the rest is only read */
    }
}

static tlsc_err check(tlsc_path *p)
{
    const tlsc_node *leaf = p->path[0];
    const tlsc_node *issuer = p->len > 1 ? p->path[1] : NULL;
    tlsc_sct_terms terms = {
        .provider = p->store->provider,
        .logs = p->options->min_scts == 0 ? NULL : p->options->logs,
        .leaf = &leaf->c,
        .issuer_key = issuer == NULL ? (tlsc_bytes){ NULL, 0 } : issuer->c.spki,
        .now_ms = p->options->now_s == 0 ? p->request->now_ms : p->now_s * 1000 + 999,
        .work = &p->work,
    };
    places lists = { .embedded = leaf->e.scts, .tls = p->request->scts };
    if (p->staple.n > 0) {
        tlsc_ocsp_subject subject = { p->store->provider, leaf, issuer };
        lists.ocsp = in_response(&subject, p->staple);
    }
    count c = { .terms = &terms, .wanted = p->options->min_scts };
    TRY(read_all(&terms, &lists, count_one, &c));
    return c.num >= c.wanted ? TLSC_OK : TLSC_E_TOO_FEW_SCTS;
}

tlsc_err tlsc_scts_check(tlsc_path *p, const tlsc_node **concerned)
{
    *concerned = p->path[0];
    if (p->options->logs == NULL || p->request->resumed) {
        return TLSC_OK;
    }
    tlsc_err rc = check(p);
    p->settled = rc != TLSC_OK;
    return rc;
}

/* ---- who asks ---- */

typedef struct room {
    tlsc_sct *out;
    size_t cap;
    size_t num;
} room;

static void write_one(void *ctx, const tlsc_sct *sct, size_t log)
{
    room *r = (room *)ctx;
    (void)log;
    if (r->num < r->cap) {
        r->out[r->num] = *sct;
    }
    r->num++;
}

/* Of a response that is there. errors: TLSC_E_USAGE: without the issuer nothing can be found in it. */
static tlsc_err find_in_response(const tlsc_provider *provider, const tlsc_sct_places *where,
                                 const tlsc_node *leaf, const tlsc_node *issuer, tlsc_bytes *out)
{
    tlsc_ocsp_subject subject = { provider, leaf, issuer };
    if (where->ocsp.n > 0 && where->issuer.n == 0) {
        return TLSC_E_USAGE;
    }
    *out = where->ocsp.n > 0 ? in_response(&subject, where->ocsp) : (tlsc_bytes){ NULL, 0 };
    return TLSC_OK;
}

tlsc_err tlsc_sct_read(const tlsc_provider *provider, const tlsc_ct_logs *logs,
                       const tlsc_sct_places *where, tlsc_sct *out, size_t cap, size_t *num)
{
    tlsc_node leaf;
    tlsc_node issuer = { 0 };
    room r = { out, cap, 0 };
    tlsc_work work = { .left = { .signatures = UINT32_MAX } }; /* the lists' lengths bound it */
    *num = 0;
    if (where->size != sizeof(*where)) {
        return TLSC_E_USAGE;
    }
    TRY(tlsc_node_read(&leaf, where->certificate, 0));
    if (where->issuer.n > 0) {
        TRY(tlsc_node_read(&issuer, where->issuer, 1));
    }
    tlsc_sct_terms terms = {
        .provider = provider,
        .logs = logs,
        .leaf = &leaf.c,
        .issuer_key = issuer.c.spki,
        .now_ms = where->now_ms,
        .work = &work,
    };
    places lists = { .embedded = leaf.e.scts, .tls = where->tls };
    TRY(find_in_response(provider, where, &leaf, &issuer, &lists.ocsp));
    TRY(read_all(&terms, &lists, write_one, &r));
    *num = r.num;
    return TLSC_OK;
}
