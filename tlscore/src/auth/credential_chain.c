/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential_chain.c: the certificates of a credential, or its raw key, encoded for sending and
 * looked through for the choice. */
#include "auth/credential.h"
#include "auth/pem.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "wire/writer.h"
#include "x509/signature.h"

enum {
    MESSAGE_MAX = 0xffffff,  /* bytes of a handshake message's body, RFC 8446 4 */
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
static tlsc_err write_entry(tlsc_buf *list, tlsc_bytes data)
{
    tlsc_wr w = tlsc_wr_of(list);
    tlsc_wr_vec24(&w, data);
    tlsc_wr_vec16(&w, (tlsc_bytes){ NULL, 0 });
    return chain_error(tlsc_wr_end(&w));
}

static tlsc_err add_certificate(tlsc_buf *list, tlsc_bytes der)
{
    TRY(check_certificate(der, list->n == 0));
    return write_entry(list, der);
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
        rc = add_certificate(list, der);
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
    tlsc_bytes data = tlsc_rd_vec24(r, 1, MESSAGE_MAX);
    (void)tlsc_rd_vec16(r, 0, 0xffff);
    return data;
}

/* ---- what the choice goes by ---- */

/* Writes the leaf's dNSNames to `out`, which may be NULL; returns how many. A subjectAltName that is
 * malformed names nothing from there on. */
static size_t list_names(const tlsc_certificate *leaf, tlsc_bytes *out)
{
    tlsc_der walk;
    tlsc_alt_name name;
    size_t num = 0;
    if (tlsc_certificate_alt_names(leaf, &walk) != TLSC_OK) {
        return 0;
    }
    while (tlsc_alt_name_next(&walk, &name)) {
        if (name.kind == TLSC_ALT_NAME_DNS) {
            if (out != NULL) {
                out[num] = name.value;
            }
            num++;
        }
    }
    return num;
}

/* Makes room for the chain, its issuers and the leaf's names, in one block. */
static tlsc_err make_lists(tlsc_credential *c, size_t num_chain)
{
    size_t num_names = list_names(&c->leaf, NULL);
    c->chain = (tlsc_bytes *)tlsc_mem_zalloc((2 * num_chain + num_names) * sizeof(*c->chain));
    c->signed_with = (uint16_t *)tlsc_mem_zalloc(num_chain * sizeof(*c->signed_with));
    if (c->chain == NULL || c->signed_with == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    c->num_chain = num_chain;
    c->issuers = c->chain + num_chain;
    c->names = c->chain + 2 * num_chain;
    c->num_names = num_names;
    (void)list_names(&c->leaf, c->chain + 2 * num_chain);
    return TLSC_OK;
}

static tlsc_err fill_lists(tlsc_credential *c)
{
    tlsc_rd r = entries(c);
    for (size_t i = 0; i < c->num_chain; i++) {
        tlsc_certificate certificate;
        c->chain[i] = next_entry(&r);
        TRY(tlsc_certificate_parse(&certificate, c->chain[i]));
        c->chain[c->num_chain + i] = certificate.issuer;
        bool is_root = tlsc_bytes_equal(certificate.issuer, certificate.subject);
        c->signed_with[i] = is_root ? 0 : tlsc_signature_scheme(certificate.signature_algorithm);
    }
    return TLSC_OK;
}

/* Takes the chain's views from the message, which was just made and is well-formed. */
static tlsc_err find_chain(tlsc_credential *c)
{
    size_t num = 0;
    tlsc_rd r = entries(c);
    TRY(tlsc_certificate_parse(&c->leaf, next_entry(&r)));
    TRY(tlsc_spki_parse(&c->leaf_key, c->leaf.spki));
    c->spki = c->leaf.spki;
    for (r = entries(c); tlsc_rd_more(&r); num++) {
        (void)next_entry(&r);
    }
    TRY(make_lists(c, num));
    return fill_lists(c);
}

/* in: the entries, encoded. */
static tlsc_err set_chain(tlsc_credential *c, tlsc_bytes list)
{
    c->type = TLSC_CERT_X509;
    TRY(encode_message(c, list));
    return find_chain(c);
}

tlsc_err tlsc_credential_take_pem_chain(tlsc_credential *c, tlsc_bytes text,
                                        tlsc_cert_where *where)
{
    tlsc_buf list = tlsc_buf_of(MESSAGE_MAX);
    tlsc_err rc = add_pem_chain(&list, text, where);
    if (rc == TLSC_OK) {
        rc = set_chain(c, tlsc_buf_bytes(&list));
    }
    tlsc_buf_clear(&list);
    return rc;
}

tlsc_err tlsc_credential_take_der_chain(tlsc_credential *c, const tlsc_bytes *chain_der,
                                        size_t num_chain)
{
    tlsc_buf list = tlsc_buf_of(MESSAGE_MAX);
    tlsc_err rc = num_chain == 0 ? TLSC_E_NO_CERTIFICATE : TLSC_OK;
    for (size_t i = 0; i < num_chain && rc == TLSC_OK; i++) {
        rc = add_certificate(&list, chain_der[i]);
    }
    if (rc == TLSC_OK) {
        rc = set_chain(c, tlsc_buf_bytes(&list));
    }
    tlsc_buf_clear(&list);
    return rc;
}

/* ---- raw keys ---- */

/* cert_data is the SubjectPublicKeyInfo then, in a list of one. RFC 8446 4.4.2 */
tlsc_err tlsc_credential_take_raw_key(tlsc_credential *c, tlsc_bytes spki)
{
    tlsc_spki key;
    tlsc_buf list = tlsc_buf_of(MESSAGE_MAX);
    TRY(tlsc_spki_parse(&key, spki));
    tlsc_err rc = write_entry(&list, spki);
    if (rc == TLSC_OK) {
        rc = encode_message(c, tlsc_buf_bytes(&list));
    }
    tlsc_buf_clear(&list);
    TRY(rc);
    c->type = TLSC_CERT_RAW_PUBLIC_KEY;
    c->leaf.not_before_s = INT64_MIN;
    c->leaf.not_after_s = INT64_MAX;
    tlsc_rd r = entries(c);
    c->spki = next_entry(&r);
    return tlsc_spki_parse(&c->leaf_key, c->spki);
}
