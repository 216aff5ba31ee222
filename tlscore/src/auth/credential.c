/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential.c: from files to what a handshake sends and signs with. */
#include "auth/credential.h"

#include "auth/pem.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "wire/writer.h"

enum {
    MESSAGE_MAX = 0xffffff,  /* bytes of a handshake message's body, RFC 8446 4 */
    KEY_DER_MAX = 64 * 1024, /* RSA-16384's is 10 KiB */
    REQUEST_CONTEXT_LEN = 1, /* opaque certificate_request_context<0..2^8-1>, empty */
    LIST_LENGTH_LEN = 3      /* of certificate_list<0..2^24-1> */
};

/* A buffer's maximum is the message's; what doesn't fit into it is too long for a peer. */
static tlsc_err chain_error(tlsc_err e)
{
    return e == TLSC_E_TOO_SMALL ? TLSC_E_CHAIN_TOO_LONG : e;
}

/* The certificate of a TRUSTED CERTIFICATE block: what OpenSSL's CertAux says behind it is about
 * trust, which a server's own chain doesn't need. */
static tlsc_err without_aux(tlsc_bytes *der)
{
    tlsc_der d = tlsc_der_of(*der);
    tlsc_bytes certificate = tlsc_der_raw(&d, TLSC_DER_SEQUENCE);
    if (tlsc_der_more(&d)) {
        (void)tlsc_der_raw(&d, TLSC_DER_SEQUENCE);
    }
    TRY(tlsc_der_end(&d));
    *der = certificate;
    return TLSC_OK;
}

/* The leaf's key must be one that signs here; about the others the peer decides. */
static tlsc_err check_certificate(tlsc_bytes der, bool is_leaf)
{
    tlsc_certificate c;
    TRY(tlsc_certificate_parse(&c, der));
    tlsc_spki key;
    return is_leaf ? tlsc_spki_parse(&key, c.spki) : TLSC_OK;
}

/* struct { opaque cert_data<1..2^24-1>; Extension extensions<0..2^16-1>; } CertificateEntry;
 * RFC 8446 4.4.2 */
static tlsc_err add_entry(tlsc_buf *list, tlsc_bytes der)
{
    TRY(check_certificate(der, list->n == 0));
    tlsc_wr w = tlsc_wr_of(list);
    tlsc_wr_vec24(&w, der);
    tlsc_wr_vec16(&w, (tlsc_bytes){ NULL, 0 });
    return chain_error(tlsc_wr_end(&w));
}

static tlsc_err add_block(tlsc_buf *list, const tlsc_pem_block *block)
{
    tlsc_buf buf = tlsc_buf_of(MESSAGE_MAX);
    TRY(chain_error(tlsc_pem_decode(block, &buf)));
    tlsc_bytes der = tlsc_buf_bytes(&buf);
    tlsc_err rc = TLSC_OK;
    if (block->kind == TLSC_PEM_TRUSTED_CERTIFICATE) {
        rc = without_aux(&der);
    }
    if (rc == TLSC_OK) {
        rc = add_entry(list, der);
    }
    tlsc_buf_clear(&buf);
    return rc;
}

static tlsc_err add_pem_chain(tlsc_buf *list, tlsc_bytes text, tlsc_cert_where *where)
{
    tlsc_pem pem = tlsc_pem_of(text);
    tlsc_pem_block block;
    do {
        tlsc_err rc = tlsc_pem_next(&pem, &block);
        if (rc == TLSC_OK && (block.kind == TLSC_PEM_CERTIFICATE ||
                              block.kind == TLSC_PEM_TRUSTED_CERTIFICATE)) {
            rc = add_block(list, &block);
        }
        if (rc != TLSC_OK) {
            *where = block.where;
            return rc;
        }
    } while (block.kind != TLSC_PEM_END);
    return list->n == 0 ? TLSC_E_NO_PEM_CERTIFICATE : TLSC_OK;
}

/* struct { opaque certificate_request_context<0..2^8-1>;
 *          CertificateEntry certificate_list<0..2^24-1>; } Certificate;   RFC 8446 4.4.2 */
static tlsc_err encode_message(tlsc_credential *c, tlsc_bytes list)
{
    tlsc_buf message = tlsc_buf_of(MESSAGE_MAX);
    tlsc_wr w = tlsc_wr_of(&message);
    tlsc_wr_vec8(&w, (tlsc_bytes){ NULL, 0 });
    tlsc_wr_vec24(&w, list);
    tlsc_err rc = tlsc_wr_end(&w);
    if (rc == TLSC_OK) {
        c->memory = (uint8_t *)tlsc_mem_dup(tlsc_buf_bytes(&message));
        c->certificate13 = tlsc_bytes_of(c->memory, message.n);
        rc = c->memory == NULL ? TLSC_E_NO_MEMORY : TLSC_OK;
    }
    tlsc_buf_clear(&message);
    return chain_error(rc);
}

static tlsc_rd entries(const tlsc_credential *c)
{
    tlsc_rd r = tlsc_rd_of(c->certificate13);
    (void)tlsc_rd_bytes(&r, REQUEST_CONTEXT_LEN + LIST_LENGTH_LEN);
    return r;
}

static tlsc_bytes next_entry(tlsc_rd *r)
{
    tlsc_bytes der = tlsc_rd_vec24(r, 1, MESSAGE_MAX);
    (void)tlsc_rd_vec16(r, 0, 0xffff);
    return der;
}

/* Takes the chain's views from the message, which was just made and is well-formed. */
static tlsc_err find_chain(tlsc_credential *c)
{
    tlsc_rd r = entries(c);
    while (tlsc_rd_more(&r)) {
        (void)next_entry(&r);
        c->num_chain++;
    }
    c->chain = (tlsc_bytes *)tlsc_mem_zalloc(c->num_chain * sizeof(*c->chain));
    if (c->chain == NULL) {
        c->num_chain = 0;
        return TLSC_E_NO_MEMORY;
    }
    r = entries(c);
    for (size_t i = 0; i < c->num_chain; i++) {
        c->chain[i] = next_entry(&r);
    }
    TRY(tlsc_certificate_parse(&c->leaf, c->chain[0]));
    return tlsc_spki_parse(&c->leaf_key, c->leaf.spki);
}

/* in: the entries, encoded. */
static tlsc_err set_chain(tlsc_credential *c, tlsc_bytes list)
{
    TRY(encode_message(c, list));
    return find_chain(c);
}

static tlsc_err load_pem_chain(tlsc_credential *c, tlsc_bytes text, tlsc_cert_where *where)
{
    tlsc_buf list = tlsc_buf_of(MESSAGE_MAX);
    tlsc_err rc = add_pem_chain(&list, text, where);
    if (rc == TLSC_OK) {
        rc = set_chain(c, tlsc_buf_bytes(&list));
    }
    tlsc_buf_clear(&list);
    return rc;
}

/* The first private key that may be one for us. A key of another kind is passed over like any other
 * block, but remembered: it makes a better message than "no key". */
static tlsc_err find_pem_key(tlsc_bytes text, tlsc_pem_block *out)
{
    tlsc_pem pem = tlsc_pem_of(text);
    tlsc_pem_block other = { 0 };
    do {
        TRY(tlsc_pem_next(&pem, out));
        if (out->kind == TLSC_PEM_KEY) {
            return TLSC_OK;
        }
        if (out->kind == TLSC_PEM_ENCRYPTED_KEY) {
            return TLSC_E_ENCRYPTED_KEY;
        }
        if (out->kind == TLSC_PEM_OTHER_KEY && other.kind == TLSC_PEM_END) {
            other = *out;
        }
    } while (out->kind != TLSC_PEM_END);
    *out = other;
    return other.kind == TLSC_PEM_END ? TLSC_E_NO_PEM_KEY : TLSC_E_UNSUPPORTED_KEY;
}

static tlsc_err load_key_block(tlsc_credential *c, const tlsc_pem_block *block)
{
    tlsc_buf der = tlsc_buf_of(KEY_DER_MAX);
    tlsc_err rc = tlsc_pem_decode(block, &der);
    if (rc != TLSC_OK) {
        return rc == TLSC_E_TOO_SMALL ? TLSC_E_BAD_PRIVATE_KEY : rc;
    }
    rc = c->provider->load_key(block->format, tlsc_buf_bytes(&der), &c->key);
    tlsc_buf_clear(&der);
    return rc;
}

/* A key that isn't the leaf's would sign handshakes that every client refuses. */
static tlsc_err check_key(const tlsc_credential *c)
{
    tlsc_spki key;
    TRY(tlsc_spki_parse(&key, c->key->spki));
    if (!tlsc_spki_equal(&key, &c->leaf_key)) {
        return TLSC_E_KEY_MISMATCH;
    }
    return c->key->num_schemes == 0 ? TLSC_E_UNSUPPORTED_KEY : TLSC_OK;
}

static tlsc_err load_pem_key(tlsc_credential *c, tlsc_bytes text, tlsc_cert_where *where)
{
    tlsc_pem_block block;
    tlsc_err rc = find_pem_key(text, &block);
    if (rc == TLSC_OK) {
        rc = load_key_block(c, &block);
    }
    if (rc == TLSC_OK) {
        rc = check_key(c);
    }
    if (rc != TLSC_OK) {
        *where = block.where;
        return rc;
    }
    c->schemes = c->key->schemes;
    c->num_schemes = c->key->num_schemes;
    return TLSC_OK;
}

static tlsc_credential *new_credential(const tlsc_provider *provider)
{
    tlsc_credential *c = (tlsc_credential *)tlsc_mem_zalloc(sizeof(*c));
    if (c != NULL) {
        atomic_init(&c->refs, 1);
        c->provider = provider;
    }
    return c;
}

/* Hands a finished credential out, or takes a half-made one back. */
static tlsc_err finish(tlsc_credential *c, tlsc_err rc, tlsc_credential **out)
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
    tlsc_credential *c = new_credential(provider);
    if (c == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = load_pem_chain(c, chain_pem, where);
    if (rc == TLSC_OK) {
        rc = load_pem_key(c, key_pem.n == 0 ? chain_pem : key_pem, where);
    }
    return finish(c, rc, out);
}

static tlsc_err load_der_chain(tlsc_credential *c, const tlsc_bytes *chain_der, size_t num_chain)
{
    tlsc_buf list = tlsc_buf_of(MESSAGE_MAX);
    tlsc_err rc = num_chain == 0 ? TLSC_E_NO_CERTIFICATE : TLSC_OK;
    for (size_t i = 0; i < num_chain && rc == TLSC_OK; i++) {
        rc = add_entry(&list, chain_der[i]);
    }
    if (rc == TLSC_OK) {
        rc = set_chain(c, tlsc_buf_bytes(&list));
    }
    tlsc_buf_clear(&list);
    return rc;
}

static tlsc_err set_own_schemes(tlsc_credential *c, const uint16_t *schemes, size_t num_schemes)
{
    if (num_schemes == 0) {
        return TLSC_E_USAGE;
    }
    for (size_t i = 0; i < num_schemes; i++) {
        if (!tlsc_spki_kind_fits(c->leaf_key.kind, schemes[i], TLSC_TLS12)) {
            return TLSC_E_KEY_MISMATCH;
        }
    }
    c->own_schemes =
        (uint16_t *)tlsc_mem_dup(tlsc_bytes_of(schemes, num_schemes * sizeof(*schemes)));
    if (c->own_schemes == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    c->schemes = c->own_schemes;
    c->num_schemes = num_schemes;
    return TLSC_OK;
}

tlsc_err tlsc_credential_external(const tlsc_provider *provider, const tlsc_bytes *chain_der,
                                  size_t num_chain, const uint16_t *schemes, size_t num_schemes,
                                  tlsc_credential **out)
{
    *out = NULL;
    tlsc_credential *c = new_credential(provider);
    if (c == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = load_der_chain(c, chain_der, num_chain);
    if (rc == TLSC_OK) {
        rc = set_own_schemes(c, schemes, num_schemes);
    }
    return finish(c, rc, out);
}

tlsc_credential *tlsc_credential_ref(tlsc_credential *credential)
{
    atomic_fetch_add_explicit(&credential->refs, 1, memory_order_relaxed);
    return credential;
}

void tlsc_credential_free(tlsc_credential *credential)
{
    if (credential == NULL) {
        return;
    }
    /* Release what this thread did with it, acquire what the others did: the last one frees. */
    if (atomic_fetch_sub_explicit(&credential->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    if (credential->key != NULL) {
        credential->key->free(credential->key);
    }
    tlsc_mem_free(credential->own_schemes);
    tlsc_mem_free(credential->chain);
    tlsc_mem_free(credential->memory);
    tlsc_mem_free(credential);
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
