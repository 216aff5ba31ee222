/* SPDX-License-Identifier: Apache-2.0 */
/* auth/chain_pem.c: a list of certificates from PEM text. */
#include "auth/pem.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

/* Finds the next certificate, or TLSC_PEM_END. */
static tlsc_err next_certificate(tlsc_pem *pem, tlsc_pem_block *block)
{
    do {
        TRY(tlsc_pem_next(pem, block));
    } while (block->kind != TLSC_PEM_CERTIFICATE && block->kind != TLSC_PEM_END);
    return TLSC_OK;
}

static tlsc_err count_certificates(tlsc_bytes text, size_t *num, tlsc_pem_block *block)
{
    tlsc_pem pem = tlsc_pem_of(text);
    *num = 0;
    for (;;) {
        TRY(next_certificate(&pem, block));
        if (block->kind == TLSC_PEM_END) {
            return *num > 0 ? TLSC_OK : TLSC_E_NO_PEM_CERTIFICATE;
        }
        (*num)++;
    }
}

/* in: `der` has room for all, and so never moves; `list` for `num`. */
static tlsc_err decode_all(tlsc_bytes text, tlsc_buf *der, tlsc_bytes *list, size_t num,
                           tlsc_pem_block *block)
{
    tlsc_pem pem = tlsc_pem_of(text);
    for (size_t i = 0; i < num; i++) {
        size_t before = der->n;
        TRY(next_certificate(&pem, block));
        TRY(tlsc_pem_decode(block, der));
        list[i] = tlsc_bytes_of(der->p + before, der->n - before);
    }
    return TLSC_OK;
}

static tlsc_err make_chain(tlsc_bytes text, size_t num, tlsc_bytes *list, tlsc_pem_block *block,
                           const tlsc_chain **out)
{
    tlsc_buf der = tlsc_buf_of(text.n); /* three bytes for four characters */
    tlsc_err rc = tlsc_buf_reserve(&der, text.n);
    if (rc == TLSC_OK) {
        rc = decode_all(text, &der, list, num, block);
    }
    if (rc == TLSC_OK) {
        rc = tlsc_chain_new(list, num, out);
    }
    tlsc_buf_clear(&der);
    return rc;
}

tlsc_err tlsc_chain_from_pem(tlsc_bytes pem, const tlsc_chain **out, tlsc_cert_where *where)
{
    size_t num;
    tlsc_pem_block block = { 0 };
    *out = NULL;
    tlsc_err rc = count_certificates(pem, &num, &block);
    if (rc == TLSC_OK) {
        tlsc_bytes *list = (tlsc_bytes *)tlsc_mem_zalloc(num * sizeof(*list));
        rc = list == NULL ? TLSC_E_NO_MEMORY : make_chain(pem, num, list, &block, out);
        tlsc_mem_free(list);
    }
    if (where != NULL) {
        *where = rc == TLSC_E_PEM ? block.where : (tlsc_cert_where){ 0, 0 };
    }
    return rc;
}
