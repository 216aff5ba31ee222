/* SPDX-License-Identifier: Apache-2.0 */
/* x509/ocsp_check.c: whether an OCSP response is about a certificate, signed by who may, and current.
 * RFC 6960 3.2, 4.2.2.2
 *
 * A responder's certificate isn't asked about itself, with id-pkix-ocsp-nocheck or without. */
#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"
#include "x509/ocsp.h"
#include "x509/signature.h"

enum {
    SKEW_S = 300,
    WITHOUT_NEXT_S = 7 * 86400, /* how long a response counts that doesn't say; a staple may be replayed */
    CERTS_MAX = 16,             /* certificates looked at in a response; it needs one */
    MIN_RSA_BITS = 2048,
    SIGNATURES = 50, /* tlsc_ocsp_check's own budget */
    BYTES = 1 << 20
};

/* id-kp-OCSPSigning */
static const uint8_t ocsp_signing[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09 };

/* ---- what it is about ---- */

/* The issuer by one kind of digest, made when it is needed first. */
typedef struct issuer_id {
    bool made;
    size_t n; /* 0: the provider can't */
    uint8_t name[TLSC_DIGEST_MAX];
    uint8_t key[TLSC_DIGEST_MAX];
} issuer_id;

static void make_id(issuer_id *id, tlsc_digest_kind kind, const tlsc_ocsp_subject *s)
{
    size_t n;
    bool fine = tlsc_digest(s->provider, kind, s->certificate->c.issuer, id->name, &n) &&
                tlsc_digest(s->provider, kind, tlsc_spki_bits(s->issuer->c.spki), id->key, &n);
    id->n = fine ? n : 0;
    id->made = true;
}

static bool is_about(const tlsc_ocsp_single *single, const tlsc_ocsp_subject *s, issuer_id *ids)
{
    if (!tlsc_bytes_equal(single->serial, s->certificate->c.serial)) {
        return false;
    }
    issuer_id *id = &ids[single->digest];
    if (!id->made) {
        make_id(id, single->digest, s);
    }
    return id->n > 0 && tlsc_bytes_equal(single->issuer_name, tlsc_bytes_of(id->name, id->n)) &&
           tlsc_bytes_equal(single->issuer_key, tlsc_bytes_of(id->key, id->n));
}

static bool says_more(const tlsc_ocsp_single *a, const tlsc_ocsp_single *than)
{
    bool revoked = a->status == TLSC_OCSP_REVOKED;
    bool was_revoked = than->status == TLSC_OCSP_REVOKED;
    return revoked != was_revoked ? revoked : a->this_update_s > than->this_update_s;
}

bool tlsc_ocsp_find(const tlsc_ocsp_response *response, const tlsc_ocsp_subject *subject,
                    tlsc_ocsp_single *out)
{
    issuer_id ids[TLSC_DIGEST_SHA384 + 1] = { 0 };
    tlsc_der walk = tlsc_der_of(response->singles);
    tlsc_ocsp_single single;
    bool found = false;
    *out = (tlsc_ocsp_single){ 0 };
    while (tlsc_ocsp_single_next(&walk, &single)) {
        if (is_about(&single, subject, ids) && (!found || says_more(&single, out))) {
            *out = single;
            found = true;
        }
    }
    return found;
}

/* ---- who says so ---- */

/* A response under judgement. */
typedef struct hearing {
    const tlsc_ocsp_subject *subject;
    const tlsc_ocsp_terms *terms;
    tlsc_ocsp_response response;
} hearing;

static bool take(const hearing *h, uint32_t *left, size_t n)
{
    return tlsc_work_take(h->terms->work, left, n);
}

static bool scheme_is_fine(const hearing *h, uint16_t scheme)
{
    bool fine = scheme != 0 && h->terms->num_schemes == 0;
    for (size_t i = 0; i < h->terms->num_schemes && !fine; i++) {
        fine = scheme != 0 && h->terms->schemes[i] == scheme;
    }
    return fine;
}

/* errors: `otherwise`, TLSC_E_VERIFY_BUDGET, TLSC_E_NO_MEMORY. */
static tlsc_err check_signed(const hearing *h, tlsc_bytes algorithm, tlsc_bytes tbs,
                             tlsc_bytes signature, const tlsc_node *signer, tlsc_err otherwise)
{
    uint16_t scheme = tlsc_signature_algorithm(algorithm);
    if (!scheme_is_fine(h, scheme)) {
        return otherwise;
    }
    if (!take(h, &h->terms->work->left.signatures, tlsc_key_weight(&signer->key))) {
        return TLSC_E_VERIFY_BUDGET;
    }
    tlsc_err rc = tlsc_node_check_signed(h->subject->provider, scheme, tbs, signature, signer);
    return rc == TLSC_OK || rc == TLSC_E_NO_MEMORY ? rc : otherwise;
}

/* By its name, or by its key's SHA-1. Where nobody can hash that, its signature tells. */
static bool is_named(const hearing *h, const tlsc_node *c)
{
    const tlsc_ocsp_response *r = &h->response;
    if (r->responder_name.n > 0) {
        return take(h, &h->terms->work->left.bytes, r->responder_name.n + c->c.subject.n) &&
               tlsc_x509_name_equal(r->responder_name, c->c.subject);
    }
    uint8_t digest[TLSC_DIGEST_MAX];
    size_t n;
    return !tlsc_digest(h->subject->provider, TLSC_DIGEST_SHA1, tlsc_spki_bits(c->c.spki), digest,
                        &n) ||
           tlsc_bytes_equal(r->responder_key, tlsc_bytes_of(digest, n));
}

/* The issuer has said that this one answers for it: with its signature, and with the purpose by name, for
 * which anyExtendedKeyUsage doesn't do. RFC 6960 4.2.2.2 */
static tlsc_err check_delegate(const hearing *h, const tlsc_node *c)
{
    const tlsc_node *issuer = h->subject->issuer;
    const unsigned signs = TLSC_KU_DIGITAL_SIGNATURE | TLSC_KU_CONTENT_COMMITMENT;
    bool weak = c->key.kind == TLSC_SPKI_RSA && c->key.bits < h->terms->min_rsa_bits;
    bool for_it = c->e.has_extended_key_usage &&
                  tlsc_key_purposes_have(c->e.key_purposes,
                                         tlsc_bytes_of(ocsp_signing, sizeof(ocsp_signing)));
    bool in_time = h->terms->now_s >= c->c.not_before_s && h->terms->now_s <= c->c.not_after_s;
    if (c->key_error != TLSC_OK || weak || !for_it || !in_time || (c->e.key_usage & signs) == 0 ||
        c->e.unknown_critical.n > 0 || !tlsc_dn_is_well_formed(c->c.subject)) {
        return TLSC_E_OCSP_SIGNER;
    }
    if (!take(h, &h->terms->work->left.bytes, c->c.issuer.n + issuer->c.subject.n)) {
        return TLSC_E_VERIFY_BUDGET;
    }
    if (!tlsc_x509_name_equal(c->c.issuer, issuer->c.subject)) {
        return TLSC_E_OCSP_SIGNER;
    }
    return check_signed(h, c->c.signature_algorithm, c->c.tbs, c->c.signature, issuer,
                        TLSC_E_OCSP_SIGNER);
}

static tlsc_err check_response(const hearing *h, const tlsc_node *signer)
{
    const tlsc_ocsp_response *r = &h->response;
    return check_signed(h, r->signature_algorithm, r->tbs, r->signature, signer,
                        TLSC_E_OCSP_SIGNATURE);
}

/* One of the response's certificates. What can't be read is nobody's. */
static tlsc_err try_delegate(const hearing *h, tlsc_bytes der)
{
    tlsc_node c;
    if (tlsc_node_read(&c, der, -1) != TLSC_OK || !is_named(h, &c)) {
        return TLSC_E_OCSP_SIGNER;
    }
    TRY(check_delegate(h, &c));
    return check_response(h, &c);
}

/* No other signer is looked for after these. */
static bool is_final(const hearing *h, tlsc_err rc)
{
    return rc == TLSC_OK || rc == TLSC_E_NO_MEMORY || h->terms->work->exhausted;
}

/* The issuer itself, or somebody whose certificate came with the response. Of those that don't do, the one
 * that may sign and didn't is told. */
static tlsc_err check_signer(const hearing *h)
{
    const tlsc_node *issuer = h->subject->issuer;
    tlsc_err best = TLSC_E_OCSP_SIGNER;
    if (issuer->key_error == TLSC_OK && is_named(h, issuer)) {
        best = check_response(h, issuer);
    }
    tlsc_der walk = tlsc_der_of(h->response.certs);
    for (size_t i = 0; i < CERTS_MAX && !is_final(h, best) && tlsc_der_more(&walk); i++) {
        tlsc_err rc = try_delegate(h, tlsc_der_raw(&walk, TLSC_DER_SEQUENCE));
        best = rc == TLSC_E_OCSP_SIGNER ? best : rc;
    }
    return h->terms->work->exhausted ? TLSC_E_VERIFY_BUDGET : best;
}

/* ---- when ---- */

/* RFC 6960 3.2, 4.2.2.1 */
static tlsc_err check_times(const tlsc_ocsp_terms *terms, const tlsc_ocsp_response *response,
                            const tlsc_ocsp_single *single)
{
    int64_t skew = terms->skew_s == 0 ? SKEW_S : terms->skew_s;
    int64_t until =
        single->has_next_update ? single->next_update_s : single->this_update_s + WITHOUT_NEXT_S;
    bool current = single->this_update_s <= terms->now_s + skew &&
                   response->produced_s <= terms->now_s + skew && until >= terms->now_s - skew &&
                   until >= single->this_update_s;
    return current ? TLSC_OK : TLSC_E_OCSP_EXPIRED;
}

/* ---- all of it ---- */

static void tell(const tlsc_ocsp_response *response, const tlsc_ocsp_single *single, tlsc_ocsp *out)
{
    *out = (tlsc_ocsp){
        .size = sizeof(*out),
        .status = single->status,
        .produced_s = response->produced_s,
        .this_update_s = single->this_update_s,
        .next_update_s = single->next_update_s,
        .revoked_s = single->revoked_s,
        .reason = single->reason,
    };
}

tlsc_err tlsc_ocsp_judge(const tlsc_ocsp_subject *subject, const tlsc_ocsp_terms *terms,
                         tlsc_bytes der, tlsc_ocsp *out)
{
    hearing h = { .subject = subject, .terms = terms };
    tlsc_ocsp_single single;
    *out = (tlsc_ocsp){ .size = sizeof(*out) };
    TRY(tlsc_ocsp_parse(&h.response, der));
    if (!tlsc_ocsp_find(&h.response, subject, &single)) {
        return TLSC_E_OCSP_OTHER;
    }
    TRY(check_signer(&h));
    tell(&h.response, &single, out);
    return check_times(terms, &h.response, &single);
}

tlsc_err tlsc_ocsp_check(const tlsc_provider *provider, tlsc_bytes response, tlsc_bytes certificate,
                         tlsc_bytes issuer, int64_t now_s, unsigned skew_s, tlsc_ocsp *out)
{
    tlsc_node leaf;
    tlsc_node ca;
    tlsc_work work = { .left = { .signatures = SIGNATURES, .bytes = BYTES } };
    if (out->size != sizeof(*out)) {
        return TLSC_E_USAGE;
    }
    *out = (tlsc_ocsp){ .size = sizeof(*out) };
    TRY(tlsc_node_read(&leaf, certificate, 0));
    TRY(tlsc_node_read(&ca, issuer, 1));
    tlsc_ocsp_subject subject = { provider, &leaf, &ca };
    tlsc_ocsp_terms terms = {
        .now_s = now_s, .skew_s = skew_s, .min_rsa_bits = MIN_RSA_BITS, .work = &work
    };
    return tlsc_ocsp_judge(&subject, &terms, response, out);
}
