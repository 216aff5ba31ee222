/* SPDX-License-Identifier: Apache-2.0 */
/* x509/staple.c: the OCSP response beside a chain. */
#include "x509/staple.h"

#include "base/bytes.h"
#include "base/try.h"
#include "x509/ocsp.h"

bool tlsc_staple_options_fit(const tlsc_verify_options *options)
{
    const struct tlsc_revocation *r = options->revocation;
    bool fit = r == NULL || (r->size == sizeof(*r) && !(r->ignore_staple && r->require_ocsp));
    return fit && (options->min_scts == 0 || options->logs != NULL);
}

static tlsc_err judge(tlsc_path *p, const struct tlsc_revocation *r, tlsc_bytes response)
{
    tlsc_ocsp_subject subject = { p->store->provider, p->path[0], p->path[1] };
    tlsc_ocsp_terms terms = {
        .now_s = p->now_s,
        .skew_s = r->ocsp_skew_s,
        .min_rsa_bits = p->options->min_rsa_bits,
        .schemes = p->schemes,
        .num_schemes = p->num_schemes,
        .work = &p->work,
    };
    tlsc_ocsp says;
    TRY(tlsc_ocsp_judge(&subject, &terms, response, &says));
    p->staple = response;
    switch (says.status) {
    case TLSC_OCSP_GOOD: return TLSC_OK;
    case TLSC_OCSP_REVOKED: return TLSC_E_CERTIFICATE_REVOKED;
    default: return TLSC_E_OCSP_UNKNOWN;
    }
}

/* in: nothing is in `*response`. */
static tlsc_err ask(tlsc_path *p, const struct tlsc_revocation *r, tlsc_bytes *response)
{
    uint8_t room[TLSC_OCSP_REQUEST_MAX];
    tlsc_ocsp_subject subject = { p->store->provider, p->path[0], p->path[1] };
    tlsc_ocsp_question question = {
        .size = sizeof(question),
        .certificate = p->path[0]->c.der,
        .issuer = p->path[1]->c.der,
        .request = tlsc_ocsp_write_request(&subject, room, sizeof(room)),
        .url = tlsc_ocsp_url(&p->path[0]->c),
    };
    TRY(r->ask(r->ask_ctx, &question, response, &p->later));
    return p->later ? TLSC_E_STAPLE_REQUIRED : TLSC_OK;
}

/* RFC 7633 speaks of what a server answers with; clients need not staple. */
static bool is_needed(const tlsc_path *p, const struct tlsc_revocation *r)
{
    bool by_extension = p->path[0]->e.must_staple && !r->ignore_must_staple &&
                        p->request->purpose == TLSC_PURPOSE_SERVER;
    return (by_extension || r->require_ocsp) && !p->request->resumed;
}

static tlsc_err check(tlsc_path *p, const struct tlsc_revocation *r)
{
    tlsc_bytes response = p->request->ocsp;
    bool has_issuer = p->len > 1; /* an anchor's own certificate is nobody's to vouch for */
    if (has_issuer && response.n == 0 && r->ask != NULL) {
        TRY(ask(p, r, &response));
    }
    if (has_issuer && response.n > 0) {
        return judge(p, r, response);
    }
    return is_needed(p, r) ? TLSC_E_STAPLE_REQUIRED : TLSC_OK;
}

tlsc_err tlsc_staple_check(tlsc_path *p, const tlsc_node **concerned)
{
    static const struct tlsc_revocation none = { .size = sizeof(none) };
    const struct tlsc_revocation *r = p->options->revocation == NULL ? &none : p->options->revocation;
    *concerned = p->path[0];
    p->staple = (tlsc_bytes){ NULL, 0 };
    if (r->ignore_staple) {
        return TLSC_OK;
    }
    tlsc_err rc = check(p, r);
    p->settled = rc != TLSC_OK;
    return rc;
}
