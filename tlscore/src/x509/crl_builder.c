/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl_builder.c: takes CRLs: who signed them, and which of several counts. */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "x509/crl_store.h"
#include "x509/dn.h"

/* Far more than anybody has. */
enum { LIST_MAX = 1 << 16 };

tlsc_crl_builder *tlsc_crl_builder_new(const tlsc_trust_store *issuers, tlsc_trust_on_skip *on_skip,
                                       void *ctx)
{
    const tlsc_provider *provider = issuers->provider;
    uint8_t key[32];
    if (provider->random->fill(provider->random->ctx, key, sizeof(key)) != TLSC_OK) {
        return NULL;
    }
    tlsc_crl_builder *b = (tlsc_crl_builder *)tlsc_mem_zalloc(sizeof(*b));
    if (b != NULL) {
        b->trust = tlsc_trust_store_ref(issuers);
        b->on_skip = on_skip;
        b->ctx = ctx;
        tlsc_hmac_init(&b->key, provider->ticket_hash, tlsc_bytes_of(key, sizeof(key)));
    }
    tlsc_wipe(key, sizeof(key));
    return b;
}

void tlsc_crl_builder_free(tlsc_crl_builder *b)
{
    if (b == NULL) {
        return;
    }
    for (size_t i = 0; i < b->num; i++) {
        tlsc_crl_kept_clear(&b->crls[i]);
    }
    for (size_t i = 0; i < b->num_issuers; i++) {
        tlsc_mem_free(b->issuers[i].der);
    }
    tlsc_mem_free(b->crls);
    tlsc_mem_free(b->issuers);
    tlsc_trust_store_free(b->trust);
    tlsc_hmac_clear(&b->key);
    tlsc_mem_free(b);
}

size_t tlsc_crl_num_skipped(const tlsc_crl_builder *b)
{
    return b->num_skipped;
}

size_t tlsc_crl_num_added(const tlsc_crl_builder *b)
{
    return b->num;
}

/* Makes room for one more of `size` bytes. */
static tlsc_err grow(void **list, size_t num, size_t *cap, size_t size)
{
    if (num < *cap) {
        return TLSC_OK;
    }
    size_t more = *cap == 0 ? 8 : 2 * *cap;
    void *grown = more > LIST_MAX ? NULL : tlsc_mem_zalloc(more * size);
    if (grown == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_bytes_copy((uint8_t *)grown, tlsc_bytes_of(*list, num * size));
    tlsc_mem_free(*list);
    *list = grown;
    *cap = more;
    return TLSC_OK;
}

tlsc_err tlsc_crl_add_issuer(tlsc_crl_builder *b, tlsc_bytes der)
{
    tlsc_node node;
    void *list = b->issuers;
    TRY(tlsc_node_read(&node, der, -1));
    TRY(grow(&list, b->num_issuers, &b->cap_issuers, sizeof(*b->issuers)));
    b->issuers = (tlsc_crl_issuer *)list;
    uint8_t *copy = (uint8_t *)tlsc_mem_dup(der);
    if (copy == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_crl_issuer *added = &b->issuers[b->num_issuers++];
    added->der = copy;
    return tlsc_node_read(&added->node, tlsc_bytes_of(copy, der.n), -1); /* it was read before */
}

/* ---- who signed it ---- */

typedef struct search {
    const tlsc_crl_builder *b;
    const tlsc_crl *crl;
    uint64_t issuer_hash;
    bool by_key_id;          /* those alone whose key id the CRL names; else the others */
    const tlsc_node *signer; /* who it was */
    tlsc_err error;          /* why it was none of those that were asked */
} search;

static bool may_have_signed(const search *s, const tlsc_node *issuer)
{
    bool names_it = s->crl->authority_key_id.n > 0 &&
                    tlsc_bytes_equal(s->crl->authority_key_id, issuer->e.subject_key_id);
    return issuer->subject_hash == s->issuer_hash && names_it == s->by_key_id &&
           issuer->key_error == TLSC_OK && (issuer->e.key_usage & TLSC_KU_CRL_SIGN) != 0 &&
           tlsc_x509_name_equal(issuer->c.subject, s->crl->issuer);
}

/* True when there is nobody else to ask. */
static bool try_issuer(search *s, const tlsc_node *issuer)
{
    if (!may_have_signed(s, issuer)) {
        return false;
    }
    tlsc_err rc = tlsc_node_check_signed(s->b->trust->provider, s->crl->scheme, s->crl->tbs,
                                         s->crl->signature, issuer);
    s->signer = rc == TLSC_OK ? issuer : NULL;
    s->error = rc == TLSC_OK || rc == TLSC_E_NO_MEMORY ? rc : TLSC_E_CRL_SIGNATURE;
    return s->error != TLSC_E_CRL_SIGNATURE;
}

static bool try_issuers(search *s)
{
    size_t num;
    const tlsc_node *anchors = tlsc_trust_store_find(s->b->trust, s->issuer_hash, &num);
    for (size_t i = 0; i < num; i++) {
        if (try_issuer(s, &anchors[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < s->b->num_issuers; i++) {
        if (try_issuer(s, &s->b->issuers[i].node)) {
            return true;
        }
    }
    return false;
}

/* Key ids are hints: those that fit are asked first. RFC 5280 5.2.1, 6.3.3 (f), (g) */
static tlsc_err find_signer(const tlsc_crl_builder *b, const tlsc_crl *crl, const tlsc_node **out)
{
    search s = { .b = b,
                 .crl = crl,
                 .issuer_hash = tlsc_dn_hash(crl->issuer),
                 .by_key_id = true,
                 .error = TLSC_E_CRL_ISSUER };
    if (!try_issuers(&s)) {
        s.by_key_id = false;
        (void)try_issuers(&s);
    }
    *out = s.signer;
    return s.error;
}

/* ---- which of several counts ---- */

static void put_number(uint8_t out[TLSC_CRL_NUMBER_MAX], const tlsc_crl *crl)
{
    memset(out, 0, TLSC_CRL_NUMBER_MAX);
    tlsc_bytes_copy(out + TLSC_CRL_NUMBER_MAX - crl->number.n, crl->number);
}

static bool same_scope(const tlsc_crl_kept *a, const tlsc_crl_kept *b)
{
    return a->issuer_hash == b->issuer_hash && a->only_users == b->only_users &&
           a->only_cas == b->only_cas && a->has_points == b->has_points &&
           tlsc_bytes_equal(a->points, b->points) && tlsc_bytes_equal(a->spki, b->spki) &&
           tlsc_x509_name_equal(a->issuer, b->issuer);
}

/* Of equal ones the first stays. RFC 5280 5.2.3 */
static bool is_newer(const tlsc_crl_kept *a, const tlsc_crl_kept *than)
{
    int order = a->has_number && than->has_number
                    ? memcmp(a->number, than->number, TLSC_CRL_NUMBER_MAX)
                    : 0;
    return order != 0 ? order > 0 : a->this_update_s > than->this_update_s;
}

/* Where a CRL is put: in the place of one with its scope, or behind the last. NULL: the one that is there is
 * newer. */
static tlsc_crl_kept *place_of(tlsc_crl_builder *b, const tlsc_crl_kept *crl)
{
    for (size_t i = 0; i < b->num; i++) {
        if (same_scope(&b->crls[i], crl)) {
            return is_newer(crl, &b->crls[i]) ? &b->crls[i] : NULL;
        }
    }
    return &b->crls[b->num];
}

/* ---- adding ---- */

/* All that views are made of, in one block. */
static tlsc_err keep_views(tlsc_crl_kept *kept)
{
    tlsc_bytes *views[] = { &kept->issuer, &kept->spki, &kept->points };
    uint8_t *p = (uint8_t *)tlsc_mem_alloc(kept->issuer.n + kept->spki.n + kept->points.n);
    if (p == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    kept->memory = p;
    for (size_t i = 0; i < TLSC_COUNT(views); i++) {
        tlsc_bytes_copy(p, *views[i]);
        views[i]->p = p;
        p += views[i]->n;
    }
    return TLSC_OK;
}

/* What counts of it, with views into `crl` and the signer. */
static tlsc_crl_kept summary(const tlsc_crl *crl, const tlsc_node *signer)
{
    tlsc_crl_kept kept = {
        .issuer = crl->issuer,
        .spki = signer->c.spki,
        .points = crl->points,
        .has_points = crl->has_points,
        .only_users = crl->only_users,
        .only_cas = crl->only_cas,
        .has_number = crl->has_number,
        .has_next_update = crl->has_next_update,
        .this_update_s = crl->this_update_s,
        .next_update_s = crl->next_update_s,
        .issuer_hash = tlsc_dn_hash(crl->issuer),
        .num_entries = crl->num_revoked,
    };
    put_number(kept.number, crl);
    return kept;
}

tlsc_err tlsc_crl_add_der(tlsc_crl_builder *b, tlsc_bytes der)
{
    tlsc_crl crl;
    const tlsc_node *signer;
    void *list = b->crls;
    TRY(tlsc_crl_parse(&crl, der));
    TRY(find_signer(b, &crl, &signer));
    TRY(grow(&list, b->num, &b->cap, sizeof(*b->crls)));
    b->crls = (tlsc_crl_kept *)list;
    tlsc_crl_kept kept = summary(&crl, signer);
    tlsc_crl_kept *place = place_of(b, &kept);
    if (place == NULL) {
        return TLSC_OK;
    }
    TRY(tlsc_crl_table_fill(&kept.table, &crl, &b->key));
    tlsc_err rc = keep_views(&kept);
    if (rc != TLSC_OK) {
        tlsc_crl_table_clear(&kept.table);
        return rc;
    }
    b->num += place == &b->crls[b->num] ? 1 : 0;
    tlsc_crl_kept_clear(place);
    *place = kept;
    return TLSC_OK;
}
