/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/pem.c: tlsc_credential_from_pem with the real provider.
 *
 * Input: the chain's text, then, if there is a zero byte, the key's text behind it. */
#include "auth/pem.h"

#include "auth/credential.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "fuzz.h"

/* Every block, whatever it is, decodes or is refused; the places count upwards. */
static void blocks(tlsc_bytes text)
{
    tlsc_pem pem = tlsc_pem_of(text);
    tlsc_pem_block block;
    tlsc_cert_where last = { 0, 0 };
    while (tlsc_pem_next(&pem, &block) == TLSC_OK && block.kind != TLSC_PEM_END) {
        tlsc_buf out = tlsc_buf_of(1 << 20);
        must(block.where.block == last.block + 1 && block.where.line > last.line);
        last = block.where;
        tlsc_err rc = tlsc_pem_decode(&block, &out);
        must(rc == TLSC_OK ? out.n > 0 && out.n <= block.base64.n : out.p == NULL);
        tlsc_buf_clear(&out);
    }
}

static void credential(tlsc_bytes chain, tlsc_bytes key)
{
    tlsc_credential *c = NULL;
    tlsc_cert_where where;
    tlsc_err rc =
        tlsc_credential_from_pem(tlsc_provider_default(), chain, key, &c, &where);
    must((rc == TLSC_OK) == (c != NULL));
    if (c == NULL) {
        return;
    }
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    must(where.block == 0 && c->num_chain > 0);
    must(c->key->sign(c->key, c->schemes[0], chain, signature, &n) == TLSC_OK);
    must(tlsc_provider_verify(c->provider, c->schemes[0], c->leaf.spki, chain,
                              tlsc_bytes_of(signature, n)) ==
         TLSC_OK);
    tlsc_credential_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n = 0;
    while (n < size && data[n] != 0) {
        n++;
    }
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(data, size));
    tlsc_bytes chain = tlsc_rd_bytes(&r, n);
    if (tlsc_rd_more(&r)) {
        (void)tlsc_rd_u8(&r);
    }
    tlsc_bytes key = tlsc_rd_rest(&r);
    blocks(chain);
    blocks(key);
    credential(chain, key);
    return 0;
}
