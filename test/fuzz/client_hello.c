/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/client_hello.c: a ClientHello's body: what parses is written again to the same bytes,
 * and everything that its questions answer lies within it. */
#include "wire/client_hello.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "fuzz.h"
#include "handshake/hello.h"
#include "handshake/negotiate.h"

static bool within(tlsc_bytes part, tlsc_bytes whole)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

/* Lists that the parser has checked are walked to their end. */
static void walk_lists(const tlsc_client_hello *ch, tlsc_bytes body)
{
    tlsc_key_share share;
    tlsc_psk_identity identity;
    tlsc_bytes name;
    tlsc_rd r = tlsc_rd_of(ch->key_shares);
    while (tlsc_key_share_next(&r, &share)) {
        must(share.key_exchange.n > 0 && within(share.key_exchange, body));
    }
    must(tlsc_rd_end(&r) == TLSC_OK);
    for (r = tlsc_rd_of(ch->psk_identities); tlsc_psk_identity_next(&r, &identity);) {
        must(identity.identity.n > 0 && within(identity.identity, body));
    }
    must(tlsc_rd_end(&r) == TLSC_OK);
    for (r = tlsc_rd_of(ch->psk_binders); tlsc_psk_binder_next(&r, &name);) {
        must(name.n >= 32 && within(name, body));
    }
    must(tlsc_rd_end(&r) == TLSC_OK);
    for (r = tlsc_rd_of(ch->alpn); tlsc_alpn_next(&r, &name);) {
        must(tlsc_hello_has_alpn(ch, name));
    }
    must(tlsc_rd_end(&r) == TLSC_OK);
}

static void writes_the_same(const tlsc_client_hello *ch, tlsc_bytes body)
{
    tlsc_buf out = tlsc_buf_of(body.n);
    tlsc_wr w = tlsc_wr_of(&out);
    tlsc_client_hello_emit(&w, ch);
    must(tlsc_wr_end(&w) == TLSC_OK);
    must(tlsc_bytes_equal(tlsc_buf_bytes(&out), body));
    tlsc_buf_clear(&out);
}

/* What the PSK binders cover ends where their list begins. */
static void binders_are_last(const tlsc_client_hello *ch, tlsc_bytes body)
{
    size_t covered = tlsc_client_hello_truncated_len(ch, body);
    if (ch->psk_binders.n == 0) {
        must(covered == 0);
        return;
    }
    must(covered + 2 + ch->psk_binders.n == body.n);
    must(ch->psk_binders.p == body.p + covered + 2);
}

static void ask(const tlsc_hello *h)
{
    uint16_t v;
    tlsc_bytes name = tlsc_hello_server_name(h);
    for (size_t i = 0; i < name.n; i++) {
        must(strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", name.p[i]) != NULL &&
             name.p[i] != 0);
    }
    for (size_t i = 0; tlsc_hello_group_at(h, i, &v); i++) {
        must(tlsc_hello_offers_group(h, v));
    }
    for (size_t i = 0; tlsc_hello_scheme_at(h, i, &v); i++) {
        must(tlsc_hello_offers_scheme(h, v));
    }
    for (size_t i = 0; tlsc_hello_version_at(h, i, &v); i++) {
        must(tlsc_hello_offers_version(h, v));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsc_bytes body = { data, size };
    tlsc_client_hello ch;
    tlsc_err rc = tlsc_client_hello_parse(&ch, body);
    must(rc == TLSC_OK || rc == TLSC_E_DECODE || rc == TLSC_E_DUPLICATE_EXTENSION ||
         rc == TLSC_E_MISPLACED_EXTENSION || rc == TLSC_E_PSK_NOT_LAST);
    if (rc == TLSC_OK) {
        walk_lists(&ch, body);
        writes_the_same(&ch, body);
        binders_are_last(&ch, body);
    }
    /* with a header in front, as the handshake takes it */
    tlsc_hello hello = { 0 };
    uint8_t *raw = (uint8_t *)tlsc_mem_zalloc(size + 4);
    must(raw != NULL);
    tlsc_bytes_copy(raw + 4, body);
    must(tlsc_hello_take(&hello, tlsc_bytes_of(raw, size + 4)) == rc);
    if (rc == TLSC_OK) {
        ask(&hello);
    }
    tlsc_hello_clear(&hello);
    tlsc_mem_free(raw);
    return 0;
}
