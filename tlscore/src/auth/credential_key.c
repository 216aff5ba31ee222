/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential_key.c: the private key of a credential, and what it can sign with. */
#include "auth/credential.h"
#include "auth/pem.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

enum { KEY_DER_MAX = 64 * 1024 /* RSA-16384's is 10 KiB */ };

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

static tlsc_err load_block(tlsc_credential *c, const tlsc_pem_block *block)
{
    tlsc_buf der = tlsc_buf_of(KEY_DER_MAX);
    tlsc_err rc = tlsc_pem_decode(block, &der);
    if (rc != TLSC_OK) {
        return rc == TLSC_E_TOO_SMALL ? TLSC_E_BAD_PRIVATE_KEY : rc;
    }
    rc = tlsc_provider_load_key(c->provider, block->format, tlsc_buf_bytes(&der), &c->key);
    tlsc_buf_clear(&der);
    return rc;
}

/* A key that isn't the leaf's would sign handshakes that every peer refuses. Without a chain it is a raw
 * key, and its own leaf. */
static tlsc_err check_key(tlsc_credential *c)
{
    tlsc_spki key;
    if (c->certificate13.n == 0) {
        TRY(tlsc_credential_take_raw_key(c, c->key->spki));
    }
    TRY(tlsc_spki_parse(&key, c->key->spki));
    if (!tlsc_spki_equal(&key, &c->leaf_key)) {
        return TLSC_E_KEY_MISMATCH;
    }
    return c->key->num_schemes == 0 ? TLSC_E_UNSUPPORTED_KEY : TLSC_OK;
}

tlsc_err tlsc_credential_load_key(tlsc_credential *c, tlsc_bytes text, tlsc_cert_where *where)
{
    tlsc_pem_block block;
    tlsc_err rc = find_pem_key(text, &block);
    if (rc == TLSC_OK) {
        rc = load_block(c, &block);
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

tlsc_err tlsc_credential_take_schemes(tlsc_credential *c, const uint16_t *schemes,
                                      size_t num_schemes)
{
    if (num_schemes == 0) {
        return TLSC_E_USAGE;
    }
    for (size_t i = 0; i < num_schemes; i++) {
        if (!tlsc_spki_kind_fits(c->leaf_key.kind, schemes[i], TLSC_TLS12) &&
            !tlsc_spki_kind_fits(c->leaf_key.kind, schemes[i], TLSC_TLS13)) {
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
