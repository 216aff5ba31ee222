/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential.c: the life of a credential: from files to what a handshake sends and signs with. */
#include "auth/credential.h"

#include "auth/cert_compress.h"
#include "base/mem.h"

tlsc_credential *tlsc_credential_new(const tlsc_provider *provider)
{
    tlsc_credential *c = (tlsc_credential *)tlsc_mem_zalloc(sizeof(*c));
    if (c != NULL) {
        atomic_init(&c->refs, 1);
        atomic_init(&c->compressed, NULL);
        c->provider = provider;
    }
    return c;
}

tlsc_err tlsc_credential_finish(tlsc_credential *c, tlsc_err rc, tlsc_credential **out)
{
    if (rc != TLSC_OK) {
        tlsc_credential_free(c);
        return rc;
    }
    *out = c;
    return TLSC_OK;
}

tlsc_err tlsc_credential_from_pem(const tlsc_provider *provider, tlsc_bytes chain_pem,
                                  tlsc_bytes key_pem, tlsc_credential **out,
                                  tlsc_cert_where *where)
{
    tlsc_cert_where unasked;
    where = where == NULL ? &unasked : where;
    *where = (tlsc_cert_where){ 0 };
    *out = NULL;
    tlsc_credential *c = tlsc_credential_new(provider);
    if (c == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = tlsc_credential_take_pem_chain(c, chain_pem, where);
    if (rc == TLSC_OK) {
        rc = tlsc_credential_load_key(c, key_pem.n == 0 ? chain_pem : key_pem, where);
    }
    return tlsc_credential_finish(c, rc, out);
}

tlsc_err tlsc_credential_external(const tlsc_provider *provider, const tlsc_bytes *chain_der,
                                  size_t num_chain, const uint16_t *schemes, size_t num_schemes,
                                  tlsc_credential **out)
{
    *out = NULL;
    tlsc_credential *c = tlsc_credential_new(provider);
    if (c == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = tlsc_credential_take_der_chain(c, chain_der, num_chain);
    if (rc == TLSC_OK) {
        rc = tlsc_credential_take_schemes(c, schemes, num_schemes);
    }
    return tlsc_credential_finish(c, rc, out);
}

tlsc_err tlsc_credential_raw_key(const tlsc_provider *provider, tlsc_bytes key_pem,
                                 tlsc_credential **out, tlsc_cert_where *where)
{
    tlsc_cert_where unasked;
    where = where == NULL ? &unasked : where;
    *where = (tlsc_cert_where){ 0 };
    *out = NULL;
    tlsc_credential *c = tlsc_credential_new(provider);
    if (c == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = tlsc_credential_load_key(c, key_pem, where);
    return tlsc_credential_finish(c, rc, out);
}

tlsc_err tlsc_credential_raw_key_external(const tlsc_provider *provider, tlsc_bytes spki,
                                          const uint16_t *schemes, size_t num_schemes,
                                          tlsc_credential **out)
{
    *out = NULL;
    tlsc_credential *c = tlsc_credential_new(provider);
    if (c == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = tlsc_credential_take_raw_key(c, spki);
    if (rc == TLSC_OK) {
        rc = tlsc_credential_take_schemes(c, schemes, num_schemes);
    }
    return tlsc_credential_finish(c, rc, out);
}

tlsc_credential *tlsc_credential_ref(tlsc_credential *credential)
{
    atomic_fetch_add_explicit(&credential->refs, 1, memory_order_relaxed);
    return credential;
}

/* Frees what it doesn't share with its base. */
static void free_parts(tlsc_credential *c)
{
    tlsc_cert_compressed_free(c);
    tlsc_mem_free(c->options_memory);
    tlsc_mem_free(c->own_schemes);
    if (c->base != NULL) {
        tlsc_credential_free(c->base);
        return;
    }
    if (c->key != NULL) {
        c->key->free(c->key);
    }
    tlsc_mem_free(c->chain);
    tlsc_mem_free(c->signed_with);
    tlsc_mem_free(c->memory);
}

void tlsc_credential_free(tlsc_credential *credential)
{
    /* Release what this thread did with it, acquire what the others did: the last one frees. */
    if (credential == NULL ||
        atomic_fetch_sub_explicit(&credential->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    free_parts(credential);
    tlsc_mem_free(credential);
}

uint8_t tlsc_credential_type(const tlsc_credential *credential)
{
    return credential->type;
}

tlsc_bytes tlsc_credential_spki(const tlsc_credential *credential)
{
    return credential->spki;
}

tlsc_bytes tlsc_credential_certificate(const tlsc_credential *credential, size_t i)
{
    return i < credential->num_chain ? credential->chain[i] : (tlsc_bytes){ NULL, 0 };
}

const char *tlsc_credential_kind(const tlsc_credential *credential)
{
    return tlsc_spki_kind_name(credential->leaf_key.kind);
}

const uint16_t *tlsc_credential_schemes(const tlsc_credential *credential, size_t *num)
{
    *num = credential->num_schemes;
    return credential->schemes;
}

void tlsc_credential_validity(const tlsc_credential *credential, int64_t *not_before_s,
                              int64_t *not_after_s)
{
    *not_before_s = credential->leaf.not_before_s;
    *not_after_s = credential->leaf.not_after_s;
}
