/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/ocsp.c: OCSP responses, with signatures that verify as the input says. Bytes: a bit for each
 * signature, over and over, and for a provider without SHA-1; then the leaf's and the issuer's certificate behind
 * lengths of two bytes, and the response. */
#include "base/bytes.h"
#include "fuzz.h"
#include "tlscore/revocation.h"
#include "wire/reader.h"
#include "x509/ocsp.h"

enum { NOW_S = 1798761600 };

static uint8_t good_bits;
static unsigned asked;

static tlsc_err verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message, tlsc_bytes signature)
{
    must(scheme != 0 && spki.n > 0 && message.n > 0);
    (void)signature;
    return (good_bits >> asked++ % 7 & 1) != 0 ? TLSC_OK : TLSC_E_BAD_SIGNATURE;
}

/* The views lie within the response. */
static void check_views(const tlsc_ocsp_response *r, tlsc_bytes der)
{
    const tlsc_bytes views[] = { r->tbs, r->signature_algorithm, r->signature, r->responder_name,
                                 r->responder_key, r->singles, r->certs };
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        must(views[i].n == 0 || (views[i].p >= der.p && views[i].p + views[i].n <= der.p + der.n));
    }
    must(r->responder_name.n > 0 || r->responder_key.n == 20);
}

static void check_parts(tlsc_bytes der)
{
    tlsc_ocsp_response r;
    tlsc_ocsp_single single;
    size_t num = 0;
    tlsc_err rc = tlsc_ocsp_parse(&r, der);
    must(rc == TLSC_OK || rc == TLSC_E_BAD_OCSP || rc == TLSC_E_OCSP_UNSUCCESSFUL);
    if (rc != TLSC_OK) {
        must(r.tbs.p == NULL && r.singles.n == 0);
        return;
    }
    check_views(&r, der);
    tlsc_der walk = tlsc_der_of(r.singles);
    while (tlsc_ocsp_single_next(&walk, &single)) {
        must(single.serial.n > 0 && single.status <= TLSC_OCSP_UNKNOWN);
        num++;
    }
    must(num > 0 && tlsc_der_end(&walk) == TLSC_OK);
}

static void check_request(const tlsc_provider *provider, tlsc_bytes leaf, tlsc_bytes issuer)
{
    uint8_t out[512];
    size_t n;
    tlsc_err rc = tlsc_ocsp_request(provider, leaf, issuer, out, sizeof(out), &n);
    must(rc != TLSC_OK || (n > 0 && n <= sizeof(out)));
    if (rc == TLSC_OK) {
        tlsc_der d = tlsc_der_of(tlsc_bytes_of(out, n));
        (void)tlsc_der_get(&d, TLSC_DER_SEQUENCE);
        must(tlsc_der_end(&d) == TLSC_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tlsc_provider provider;
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(data, size));
    tlsc_ocsp out = { .size = sizeof(out) };
    tlsc_certificate c;
    good_bits = tlsc_rd_u8(&r);
    asked = 0;
    provider = *tlsc_provider_default();
    provider.verify = verify;
    provider.sha1 = (good_bits & 0x80) != 0 ? NULL : provider.sha1;
    tlsc_bytes leaf = tlsc_rd_vec16(&r, 0, 0xffff);
    tlsc_bytes issuer = tlsc_rd_vec16(&r, 0, 0xffff);
    tlsc_bytes response = tlsc_rd_rest(&r);
    check_parts(response);
    check_request(&provider, leaf, issuer);
    tlsc_err rc = tlsc_ocsp_check(&provider, response, leaf, issuer, NOW_S, 0, &out);
    must(rc != TLSC_OK || (asked > 0 && out.status <= TLSC_OCSP_UNKNOWN));
    must(rc != TLSC_OK || out.this_update_s <= NOW_S + 300);
    must(asked <= 50);
    if (tlsc_certificate_parse(&c, leaf) == TLSC_OK) {
        tlsc_bytes url = tlsc_ocsp_url(&c);
        must(url.n == 0 || (url.p >= leaf.p && url.p + url.n <= leaf.p + leaf.n));
    }
    return 0;
}
