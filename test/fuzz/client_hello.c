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
#include "wire/certificate_request.h"
#include "wire/client_hello_out.h"
#include "wire/enums.h"

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
    for (r = tlsc_rd_of(ch->ca_names); tlsc_ca_name_next(&r, &name);) {
        must(name.n > 0 && within(name, body));
    }
    must(tlsc_rd_end(&r) == TLSC_OK);
    must(within(ch->client_types, body) && within(ch->server_types, body));
}

/* ---- what was read, written as a client of ours would say it ---- */

enum { LIST_MAX = 32, OUT_MAX = 1 << 20 };

typedef struct lists {
    uint16_t suites[LIST_MAX], versions[LIST_MAX], groups[LIST_MAX], schemes[LIST_MAX];
    uint16_t schemes_cert[LIST_MAX];
    tlsc_key_share shares[LIST_MAX];
    tlsc_psk_identity identities[LIST_MAX];
    uint8_t binder_lens[LIST_MAX];
} lists;

static size_t copy_list(uint16_t to[LIST_MAX], tlsc_bytes list)
{
    size_t num = 0;
    while (num < LIST_MAX && tlsc_u16_list_at(list, num, &to[num])) {
        num++;
    }
    return num;
}

static void copy_psks(tlsc_client_hello_out *out, lists *l, const tlsc_client_hello *ch)
{
    tlsc_rd identities = tlsc_rd_of(ch->psk_identities);
    tlsc_rd binders = tlsc_rd_of(ch->psk_binders);
    tlsc_bytes binder;
    size_t num = 0;
    while (num < LIST_MAX && tlsc_psk_identity_next(&identities, &l->identities[num]) &&
           tlsc_psk_binder_next(&binders, &binder)) {
        l->binder_lens[num] = (uint8_t)binder.n;
        num++;
    }
    out->identities = l->identities;
    out->binder_lens = l->binder_lens;
    out->num_identities = num;
}

static tlsc_client_hello_out out_of(const tlsc_client_hello *ch, lists *l)
{
    tlsc_client_hello_out out = { .random = ch->random,
                                  .session_id = ch->session_id,
                                  .suites = l->suites,
                                  .num_suites = copy_list(l->suites, ch->cipher_suites),
                                  .versions = l->versions,
                                  .num_versions = copy_list(l->versions, ch->versions),
                                  .server_name = ch->server_name,
                                  .groups = l->groups,
                                  .num_groups = copy_list(l->groups, ch->groups),
                                  .schemes = l->schemes,
                                  .num_schemes = copy_list(l->schemes, ch->signature_algorithms),
                                  .schemes_cert = l->schemes_cert,
                                  .num_schemes_cert =
                                      copy_list(l->schemes_cert, ch->signature_algorithms_cert),
                                  .alpn = ch->alpn,
                                  .ca_names = ch->ca_names,
                                  .compressions = ch->compressions,
                                  .client_types = ch->client_types.p,
                                  .num_client_types = ch->client_types.n,
                                  .server_types = ch->server_types.p,
                                  .num_server_types = ch->server_types.n,
                                  .ocsp = ch->ocsp,
                                  .scts = ch->scts,
                                  .session_ticket = ch->session_ticket.n > 0,
                                  .ticket12 = ch->session_ticket,
                                  .cookie = ch->cookie,
                                  .shares = l->shares };
    tlsc_rd r = tlsc_rd_of(ch->key_shares);
    while (out.num_shares < LIST_MAX && tlsc_key_share_next(&r, &l->shares[out.num_shares])) {
        out.num_shares++;
    }
    out.tls13 = out.num_shares > 0;
    /* without supported_versions nobody looks into a PSK */
    if (tlsc_u16_list_has(ch->versions, TLSC_TLS13)) {
        copy_psks(&out, l, ch);
    }
    return out;
}

static void is_read_as_written(const tlsc_client_hello_out *out, tlsc_bytes body)
{
    tlsc_client_hello again;
    tlsc_err rc = tlsc_client_hello_parse(&again, body);
    must(rc == TLSC_OK);
    must(tlsc_bytes_equal(again.random, out->random));
    must(tlsc_bytes_equal(again.session_id, out->session_id));
    must(again.cipher_suites.n == 2 * out->num_suites);
    must(again.groups.n == 2 * out->num_groups);
    must(again.signature_algorithms.n == 2 * out->num_schemes);
    must(tlsc_bytes_equal(again.server_name, out->server_name));
    must(tlsc_bytes_equal(again.alpn, out->alpn) && tlsc_bytes_equal(again.cookie, out->cookie));
    must(tlsc_bytes_equal(again.ca_names, out->ca_names));
    must(tlsc_bytes_equal(again.compressions, out->compressions));
    must(again.ocsp == out->ocsp && again.scts == out->scts && !again.exts.has_unknown);
    /* a list that was cut may have lost TLS 1.3, and with it the PSKs' meaning */
    if (again.psk_binders.n > 0) {
        must(tlsc_client_hello_binders_at(body.n, out->binder_lens, out->num_identities) ==
             tlsc_client_hello_truncated_len(&again, body));
    }
}

static void a_client_of_ours_could_say_it(const tlsc_client_hello *ch)
{
    lists *l = (lists *)tlsc_mem_zalloc(sizeof(*l));
    must(l != NULL);
    tlsc_client_hello_out out = out_of(ch, l);
    tlsc_buf body = tlsc_buf_of(OUT_MAX);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_client_hello_out_emit(&w, &out);
    must(tlsc_wr_end(&w) == TLSC_OK);
    is_read_as_written(&out, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    tlsc_mem_free(l);
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
         rc == TLSC_E_MISPLACED_EXTENSION || rc == TLSC_E_PSK_NOT_LAST ||
         rc == TLSC_E_DEFAULT_CERTIFICATE_TYPE || rc == TLSC_E_DUPLICATE_COMPRESSION);
    if (rc == TLSC_OK) {
        walk_lists(&ch, body);
        writes_the_same(&ch, body);
        binders_are_last(&ch, body);
        a_client_of_ours_could_say_it(&ch);
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
