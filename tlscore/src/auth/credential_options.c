/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential_options.c: one key and chain, with something more said of it. */
#include "auth/credential.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "wire/certificate_status.h"

/* Both go into the extensions of one CertificateEntry, <0..2^16-1> bytes. RFC 8446 4.4.2 */
enum {
    EXTENSIONS_MAX = 65535,
    OCSP_HEADER = 2 + 2 + 1 + 3, /* code point, length, status_type, length of the response */
    SCTS_HEADER = 2 + 2
};

static bool can_sign(const tlsc_credential *c, uint16_t scheme)
{
    for (size_t i = 0; i < c->num_schemes; i++) {
        if (c->schemes[i] == scheme) {
            return true;
        }
    }
    return false;
}

static tlsc_err check(const tlsc_credential *base, const tlsc_credential_options *o)
{
    bool schemes_are_good = o->schemes == NULL || o->num_schemes > 0;
    bool fits = o->ocsp.n <= EXTENSIONS_MAX && o->scts.n <= EXTENSIONS_MAX &&
                OCSP_HEADER + o->ocsp.n + SCTS_HEADER + o->scts.n <= EXTENSIONS_MAX;
    bool staples = o->ocsp.n > 0 || o->scts.n > 0;
    if (o->size != sizeof(*o) || !schemes_are_good || !fits ||
        (staples && base->type != TLSC_CERT_X509)) {
        return TLSC_E_USAGE;
    }
    for (size_t i = 0; o->schemes != NULL && i < o->num_schemes; i++) {
        if (!can_sign(base, o->schemes[i])) {
            return TLSC_E_UNSUPPORTED;
        }
    }
    return o->scts.n > 0 ? tlsc_sct_list_check(o->scts) : TLSC_OK;
}

/* All that comes from the key and the chain. */
static void share(tlsc_credential *c, tlsc_credential *base)
{
    c->base = tlsc_credential_ref(base);
    c->key = base->key;
    c->schemes = base->schemes;
    c->num_schemes = base->num_schemes;
    c->certificate13 = base->certificate13;
    c->memory = base->memory;
    c->type = base->type;
    c->chain = base->chain;
    c->num_chain = base->num_chain;
    c->leaf = base->leaf;
    c->spki = base->spki;
    c->leaf_key = base->leaf_key;
    c->issuers = base->issuers;
    c->names = base->names;
    c->num_names = base->num_names;
    c->signed_with = base->signed_with;
}

static tlsc_err copy(tlsc_credential *c, const tlsc_credential_options *o)
{
    c->must_match_issuer = o->must_match_issuer;
    if (o->schemes != NULL) {
        TRY(tlsc_credential_take_schemes(c, o->schemes, o->num_schemes));
    }
    if (o->ocsp.n + o->scts.n == 0) {
        return TLSC_OK;
    }
    c->options_memory = (uint8_t *)tlsc_mem_alloc(o->ocsp.n + o->scts.n);
    if (c->options_memory == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_bytes_copy(c->options_memory, o->ocsp);
    tlsc_bytes_copy(c->options_memory + o->ocsp.n, o->scts);
    c->ocsp = tlsc_bytes_of(c->options_memory, o->ocsp.n);
    c->scts = tlsc_bytes_of(c->options_memory + o->ocsp.n, o->scts.n);
    return TLSC_OK;
}

tlsc_err tlsc_credential_with(tlsc_credential *base, const tlsc_credential_options *options,
                              tlsc_credential **out)
{
    *out = NULL;
    /* Options replace what was said before, so whoever owns key and chain is base enough: a staple that
     * is renewed every day makes no chain of credentials. */
    tlsc_credential *root = base->base != NULL ? base->base : base;
    TRY(check(root, options));
    tlsc_credential *c = tlsc_credential_new(root->provider);
    if (c == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    share(c, root);
    return tlsc_credential_finish(c, copy(c, options), out);
}
