/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/credentials.c: from a credential's flags to a tlsc_credential. */
#include "credentials.h"

#include "files.h"
#include "outcome.h"

enum { MAX_CHAIN = 16 };

static bool is_in(uint16_t scheme, const uint16_t *list, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        if (list[i] == scheme) {
            return true;
        }
    }
    return false;
}

/* The schemes that the test prefers, as far as the key can do them; without any, all it can. */
static void choose_schemes(struct number_list *out, const uint16_t *can, size_t num_can,
                           const struct number_list *prefs)
{
    *out = (struct number_list){ .n = 0 };
    for (size_t i = 0; i < prefs->n; i++) {
        if (is_in(prefs->v[i], can, num_can)) {
            out->v[out->n++] = prefs->v[i];
        }
    }
    if (prefs->n > 0 && out->n == 0) {
        outcome_skip("refused", "signatures with MD5 or SHA-1, and legacy code points");
    }
    for (size_t i = 0; prefs->n == 0 && i < num_can; i++) {
        out->v[out->n++] = can[i];
    }
}

/* The same chain, for a key that is elsewhere. */
static tlsc_err make_external_chain(const tlsc_provider *provider, tlsc_credential *from,
                                    const struct number_list *schemes, tlsc_credential **out)
{
    tlsc_bytes chain[MAX_CHAIN];
    size_t n = 0;

    for (; n < MAX_CHAIN; n++) {
        chain[n] = tlsc_credential_certificate(from, n);
        if (chain[n].n == 0) {
            break;
        }
    }
    return tlsc_credential_external(provider, chain, n, schemes->v, schemes->n, out);
}

/* Makes it a credential that signs by the pause. */
static tlsc_err make_external(struct host_credential *c, const tlsc_provider *provider,
                              const struct credential_flags *f, tlsc_bytes key_pem)
{
    struct number_list schemes;
    tlsc_bytes der = file_pkcs8(key_pem);
    tlsc_credential *external = NULL;

    tlsc_err e = tlsc_provider_load_key(provider, TLSC_KEY_PKCS8, der, &c->key);
    file_free(der);
    if (e != TLSC_OK) {
        return e;
    }
    choose_schemes(&schemes, c->key->schemes, c->key->num_schemes, &f->signing_prefs);
    e = f->raw_key ? tlsc_credential_raw_key_external(provider, c->key->spki, schemes.v, schemes.n,
                                                      &external)
                   : make_external_chain(provider, c->credential, &schemes, &external);
    if (e == TLSC_OK) {
        tlsc_credential_free(c->credential);
        c->credential = external;
    }
    return e;
}

/* Gives it what `f` says beyond chain and key. */
static tlsc_err add_options(struct host_credential *c, const struct credential_flags *f)
{
    struct number_list schemes;
    size_t num_can = 0;
    const uint16_t *can = tlsc_credential_schemes(c->credential, &num_can);
    tlsc_credential *base = c->credential;

    choose_schemes(&schemes, can, num_can, &f->signing_prefs);
    tlsc_credential_options options = { .size = sizeof(options),
                                        .scts = f->scts,
                                        .schemes = schemes.v,
                                        .num_schemes = schemes.n,
                                        .must_match_issuer = f->must_match_issuer };
    tlsc_err e = tlsc_credential_with(base, &options, &c->unstapled);
    if (e != TLSC_OK) {
        return e;
    }
    options.ocsp = f->ocsp;
    e = tlsc_credential_with(base, &options, &c->credential);
    if (e != TLSC_OK) {
        return e;
    }
    tlsc_credential_free(base);
    return TLSC_OK;
}

static bool has_options(const struct credential_flags *f)
{
    return f->ocsp.n > 0 || f->scts.n > 0 || f->signing_prefs.n > 0 || f->must_match_issuer;
}

static tlsc_err load_key_and_chain(struct host_credential *c, const tlsc_provider *provider,
                                   const struct credential_flags *f, tlsc_bytes key_pem)
{
    if (f->raw_key) {
        return tlsc_credential_raw_key(provider, key_pem, &c->credential, NULL);
    }
    tlsc_bytes chain_pem = file_read(f->cert_file);
    tlsc_err e = tlsc_credential_from_pem(provider, chain_pem, key_pem, &c->credential, NULL);
    file_free(chain_pem);
    return e;
}

tlsc_err credential_load(struct host_credential *out, const tlsc_provider *provider,
                         const struct credential_flags *f, bool external)
{
    tlsc_bytes key_pem = file_read(f->key_file);
    tlsc_err e = load_key_and_chain(out, provider, f, key_pem);

    if (e == TLSC_OK && external) {
        e = make_external(out, provider, f, key_pem);
    }
    file_free(key_pem);
    if (e == TLSC_OK && has_options(f)) {
        e = add_options(out, f);
    }
    if (e == TLSC_E_UNSUPPORTED_KEY) {
        outcome_skip("later", "a kind or size of key");
    }
    return e;
}

void credential_clear(struct host_credential *c)
{
    tlsc_credential_free(c->credential);
    tlsc_credential_free(c->unstapled);
    if (c->key != NULL) {
        c->key->free(c->key);
    }
    *c = (struct host_credential){ .credential = NULL };
}
