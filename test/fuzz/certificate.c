/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/certificate.c: x509/certificate.h and x509/spki.h on anything. */
#include "x509/certificate.h"

#include "base/bytes.h"
#include "fuzz.h"
#include "x509/spki.h"

static bool inside(tlsc_bytes view, tlsc_bytes whole)
{
    return view.n == 0 || (view.p >= whole.p && view.n <= whole.n &&
                           (size_t)(view.p - whole.p) <= whole.n - view.n);
}

static bool one_element(tlsc_bytes view, uint8_t tag)
{
    tlsc_der d = tlsc_der_of(view);
    (void)tlsc_der_get(&d, tag);
    return tlsc_der_end(&d) == TLSC_OK;
}

static void extensions(const tlsc_certificate *c)
{
    tlsc_der walk = tlsc_der_of(c->extensions);
    tlsc_extension e;
    size_t num = 0;
    while (tlsc_extension_next(&walk, &e)) {
        tlsc_extension found;
        must(e.oid.n > 0 && inside(e.value, c->extensions));
        /* no OID stands twice, so the first that is found is this one */
        must(tlsc_certificate_extension(c, e.oid, &found) && found.oid.p == e.oid.p);
        num++;
    }
    must(tlsc_der_end(&walk) == TLSC_OK);
    must(num <= TLSC_EXTENSIONS_MAX && (num == 0 || c->version == 3));
    unsigned usage;
    must(tlsc_certificate_key_usage(c, &usage) == TLSC_OK ? usage > 0 && usage <= TLSC_KU_ALL
                                                         : usage == 0);
}

static void alt_names(const tlsc_certificate *c)
{
    tlsc_der walk;
    tlsc_alt_name name;
    if (tlsc_certificate_alt_names(c, &walk) != TLSC_OK) {
        return;
    }
    while (tlsc_alt_name_next(&walk, &name)) {
        must(inside(name.value, c->extensions));
        must(name.kind != TLSC_ALT_NAME_IP || name.value.n == 4 || name.value.n == 16);
    }
}

static void key(const tlsc_certificate *c)
{
    tlsc_spki k;
    if (tlsc_spki_parse(&k, c->spki) == TLSC_OK) {
        must(k.kind != TLSC_SPKI_NONE && k.bits > 0);
        must(tlsc_spki_equal(&k, &k));
        must(inside(k.point, c->spki) && inside(k.modulus, c->spki));
    } else {
        must(k.kind == TLSC_SPKI_NONE && !tlsc_spki_equal(&k, &k));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsc_bytes der = tlsc_bytes_of(data, size);
    tlsc_spki alone;
    (void)(tlsc_spki_parse(&alone, der) == TLSC_OK);
    tlsc_certificate c;
    if (tlsc_certificate_parse(&c, der) != TLSC_OK) {
        must(c.der.p == NULL && c.spki.p == NULL);
        return 0;
    }
    must(c.version >= 1 && c.version <= 3 && c.serial.n > 0);
    must(inside(c.tbs, der) && inside(c.signature, der) && inside(c.extensions, c.tbs));
    must(one_element(c.tbs, TLSC_DER_SEQUENCE) && one_element(c.spki, TLSC_DER_SEQUENCE));
    must(one_element(c.issuer, TLSC_DER_SEQUENCE) && one_element(c.subject, TLSC_DER_SEQUENCE));
    extensions(&c);
    alt_names(&c);
    key(&c);
    /* a byte less is never a certificate */
    must(tlsc_certificate_parse(&c, (tlsc_bytes){ data, size - 1 }) != TLSC_OK);
    return 0;
}
