/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/path.c: path building over anything, with signatures that verify as the input says. Bytes:
 * options, signatures that are good (a bit each, over and over), then certificates behind lengths of two
 * bytes: the first anchors, as many as the options' byte says, then the peer's. */
#include <stdlib.h>

#include "base/bytes.h"
#include "fuzz.h"
#include "tlscore.h"
#include "wire/reader.h"
#include "x509/dn.h"

enum { CERTIFICATES_MAX = 24 };

static uint8_t good_bits;
static unsigned asked;

static tlsc_err verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message, tlsc_bytes signature)
{
    must(scheme != 0 && spki.n > 0 && message.n > 0);
    (void)signature;
    return (good_bits >> asked++ % 8 & 1) != 0 ? TLSC_OK : TLSC_E_BAD_SIGNATURE;
}

static void set_options(tlsc_verify_options *o, uint8_t flags)
{
    static const uint8_t policy[] = { 0x2b, 0x09, 0x01 };
    static const tlsc_bytes policies[] = { { policy, sizeof(policy) } };
    static const tlsc_reference_name names[] = { { TLSC_REFERENCE_HOST, { (const uint8_t *)"a.test", 6 } } };
    *o = (tlsc_verify_options){ .size = sizeof(*o), .now_s = 1767225600 };
    o->anchors = (flags & 1) != 0 ? TLSC_ANCHORS_NAME_KEY : TLSC_ANCHORS_CHECKED;
    o->allow_self_signed_leaf = (flags & 2) != 0;
    o->allow_ca_leaf = (flags & 4) != 0;
    o->common_name_fallback = (flags & 8) != 0;
    o->require_policy = (flags & 16) != 0;
    o->policies = policies;
    o->num_policies = (flags & 32) != 0;
    o->names = names;
    o->num_names = (flags & 64) != 0;
    o->only_self_signed = (flags & 128) != 0;
}

/* The verdict, and what is told of it, hold together whatever the input was. */
static void check(const tlsc_verify_result *r, tlsc_err rc, size_t num)
{
    char text[256];
    must(r->error == rc);
    must(r->index >= -1 && r->index < (int)num);
    must(r->num_path <= TLSC_PATH_MAX);
    must(rc != TLSC_OK || (r->num_path > 0 && r->index == -1));
    must(r->spent.signatures <= 300 && r->spent.steps <= 20000 && r->spent.comparisons <= 250000);
    for (size_t i = 0; i < r->num_path; i++) {
        tlsc_x509 c = { .size = sizeof(c) };
        must(tlsc_x509_parse(&c, r->path[i]) == TLSC_OK);
        must(tlsc_x509_name_text(c.subject, text, sizeof(text)) == tlsc_x509_name_text(c.subject, NULL, 0));
        must(tlsc_x509_name_equal(c.subject, c.subject));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tlsc_provider provider;
    tlsc_bytes sent[CERTIFICATES_MAX];
    tlsc_verify_options options;
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(data, size));
    provider = *tlsc_provider_default();
    provider.verify = verify;
    set_options(&options, tlsc_rd_u8(&r));
    good_bits = tlsc_rd_u8(&r);
    asked = 0;
    unsigned anchors = tlsc_rd_u8(&r) % 8;
    tlsc_trust_builder *b = tlsc_trust_builder_new(&provider, NULL, NULL);
    const tlsc_trust_store *store = NULL;
    size_t num = 0;
    while (b != NULL && tlsc_rd_more(&r) && num < CERTIFICATES_MAX) {
        tlsc_bytes der = tlsc_rd_vec16(&r, 0, 0xffff);
        if (anchors > 0) {
            anchors--;
            (void)(tlsc_trust_add_der(b, der) == TLSC_OK);
        } else {
            sent[num++] = der;
        }
    }
    if (b != NULL && tlsc_trust_build(b, &store) == TLSC_OK && num > 0) {
        tlsc_verify_request request = { .size = sizeof(request), .certificates = sent, .num_certificates = num };
        tlsc_verify_result result = { .size = sizeof(result) };
        tlsc_err rc = tlsc_verify_chain(store, &options, &request, &result);
        check(&result, rc, num);
    }
    tlsc_trust_store_free(store);
    tlsc_trust_builder_free(b);
    return 0;
}
