/* SPDX-License-Identifier: Apache-2.0 */
#include "cert_maker.h"

#include "unit.h"

#include <string.h>

enum { MAX = 16 << 20, CONSTRUCTED_CONTEXT_3 = 0xa3 };

unsigned stub_verified;

static void append(tlsc_buf *b, tlsc_bytes data)
{
    assert_ok(tlsc_buf_append(b, data));
}

static void append_header(tlsc_buf *b, uint8_t tag, size_t n)
{
    uint8_t h[6] = { tag };
    size_t len = 2;
    h[1] = (uint8_t)n;
    if (n >= 0x80) {
        unsigned bytes = n < 0x100 ? 1 : n < 0x10000 ? 2 : 3;
        h[1] = (uint8_t)(0x80 | bytes);
        for (unsigned i = 0; i < bytes; i++) {
            h[2 + i] = (uint8_t)(n >> 8 * (bytes - 1 - i));
        }
        len += bytes;
    }
    append(b, tlsc_bytes_of(h, len));
}

tlsc_buf make_der(uint8_t tag, const tlsc_bytes *parts)
{
    tlsc_buf out = tlsc_buf_of(MAX);
    size_t n = 0;
    for (size_t i = 0; parts[i].p != NULL; i++) {
        n += parts[i].n;
    }
    append_header(&out, tag, n);
    for (size_t i = 0; parts[i].p != NULL; i++) {
        append(&out, parts[i]);
    }
    return out;
}

/* Appends an element around what a buffer holds, and clears that. */
static void append_around(tlsc_buf *to, uint8_t tag, tlsc_buf *contents)
{
    append_header(to, tag, contents->n);
    append(to, tlsc_buf_bytes(contents));
    tlsc_buf_clear(contents);
}

static void append_name(tlsc_buf *to, const char *cn)
{
    static const uint8_t oid[] = { 0x06, 0x03, 0x55, 0x04, 0x03 };
    tlsc_buf attribute = tlsc_buf_of(MAX);
    tlsc_buf set = tlsc_buf_of(MAX);
    tlsc_buf rdn = tlsc_buf_of(MAX);
    append(&attribute, tlsc_bytes_of(oid, sizeof(oid)));
    append_header(&attribute, 0x0c, strlen(cn));
    append(&attribute, tlsc_bytes_of_str(cn));
    append_around(&set, 0x30, &attribute);
    append_around(&rdn, 0x31, &set);
    append_around(to, 0x30, &rdn);
}

tlsc_buf make_name(const char *cn)
{
    tlsc_buf out = tlsc_buf_of(MAX);
    append_name(&out, cn);
    return out;
}

tlsc_buf make_extension(uint8_t number, bool critical, tlsc_bytes value)
{
    const uint8_t oid[] = { 0x06, 0x03, 0x55, 0x1d, number };
    static const uint8_t yes[] = { 0x01, 0x01, 0xff };
    tlsc_buf inside = tlsc_buf_of(MAX);
    tlsc_buf out = tlsc_buf_of(MAX);
    append(&inside, tlsc_bytes_of(oid, sizeof(oid)));
    if (critical) {
        append(&inside, tlsc_bytes_of(yes, sizeof(yes)));
    }
    append_header(&inside, 0x04, value.n);
    append(&inside, value);
    append_around(&out, 0x30, &inside);
    return out;
}

static void add_extension(tlsc_buf *to, uint8_t number, bool critical, tlsc_bytes value)
{
    tlsc_buf e = make_extension(number, critical, value);
    append(to, tlsc_buf_bytes(&e));
    tlsc_buf_clear(&e);
}

static void append_extensions(tlsc_buf *to, const cert_spec *s)
{
    tlsc_buf list = tlsc_buf_of(MAX);
    uint8_t ca[] = { 0x30, 0x06, 0x01, 0x01, 0xff, 0x02, 0x01, (uint8_t)s->path_len };
    const uint8_t ski[] = { 0x04, 0x02, (uint8_t)(s->key >> 8), (uint8_t)s->key };
    const uint8_t aki[] = { 0x30, 0x04, 0x80, 0x02, (uint8_t)(s->signer >> 8), (uint8_t)s->signer };
    if (s->ca) {
        ca[1] = s->path_len >= 0 ? 6 : 3;
        add_extension(&list, 0x13, true, tlsc_bytes_of(ca, 2U + ca[1]));
        add_extension(&list, 0x0f, true,
                      s->signs_crls ? BYTES(0x03, 0x02, 0x01, 0x06) : BYTES(0x03, 0x02, 0x02, 0x04));
    } else {
        add_extension(&list, 0x0f, true, BYTES(0x03, 0x02, 0x07, 0x80));
    }
    if (!s->no_key_ids) {
        add_extension(&list, 0x0e, false, tlsc_bytes_of(ski, sizeof(ski)));
        add_extension(&list, 0x23, false, tlsc_bytes_of(aki, sizeof(aki)));
    }
    if (s->dns != NULL) {
        tlsc_buf names = tlsc_buf_of(MAX);
        tlsc_buf san = tlsc_buf_of(MAX);
        append_header(&names, 0x82, strlen(s->dns));
        append(&names, tlsc_bytes_of_str(s->dns));
        append_around(&san, 0x30, &names);
        add_extension(&list, 0x11, false, tlsc_buf_bytes(&san));
        tlsc_buf_clear(&san);
    }
    for (size_t i = 0; i < MAKER_EXTENSIONS && s->extensions[i].n > 0; i++) {
        append(&list, s->extensions[i]);
    }
    tlsc_buf sequence = tlsc_buf_of(MAX);
    append_around(&sequence, 0x30, &list);
    append_around(to, CONSTRUCTED_CONTEXT_3, &sequence);
}

/* Bits that look like a key of the kind and end with its number. */
static void append_key(tlsc_buf *to, const cert_spec *s)
{
    static const uint8_t curves[3][24] = {
        { 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
          0x3d, 0x03, 0x01, 0x07 },
        { 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00,
          0x22 },
        { 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00,
          0x23 },
    };
    static const size_t points[] = { 65, 97, 133 };
    uint8_t bits[134] = { 0, 0x04 };
    size_t n = 1 + points[s->key_kind];
    tlsc_buf info = tlsc_buf_of(MAX);
    bits[n - 2] = (uint8_t)(s->key >> 8);
    bits[n - 1] = (uint8_t)s->key;
    append(&info, tlsc_bytes_of(curves[s->key_kind], 2U + curves[s->key_kind][1]));
    append_header(&info, 0x03, n);
    append(&info, tlsc_bytes_of(bits, n));
    append_around(to, 0x30, &info);
}

static void append_name_or(tlsc_buf *to, tlsc_bytes name, const char *cn)
{
    if (name.n > 0) {
        append(to, name);
    } else {
        append_name(to, cn);
    }
}

static const uint8_t ecdsa_sha256[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
                                        0x3d, 0x04, 0x03, 0x02 };

tlsc_buf make_cert(const cert_spec *s)
{
    const uint8_t serial = s->serial == 0 ? 7 : s->serial;
    const uint8_t head[] = { 0xa0, 0x03, 0x02, 0x01, 0x02, 0x02, 0x01, serial };
    static const char validity[] = "\x30\x1e\x17\x0d"
                                   "200101000000Z"
                                   "\x17\x0d"
                                   "391231235959Z";
    tlsc_buf tbs = tlsc_buf_of(MAX);
    tlsc_buf whole = tlsc_buf_of(MAX);
    tlsc_buf out = tlsc_buf_of(MAX);
    uint8_t signature[] = { 0x03, 0x03, 0x00, (uint8_t)(s->signer >> 8), (uint8_t)s->signer };
    append(&tbs, tlsc_bytes_of(head, sizeof(head)));
    tlsc_bytes algorithm =
        s->algorithm.n > 0 ? s->algorithm : tlsc_bytes_of(ecdsa_sha256, sizeof(ecdsa_sha256));
    append(&tbs, algorithm);
    append_name_or(&tbs, s->issuer_name, s->issuer);
    append(&tbs, tlsc_bytes_of(validity, sizeof(validity) - 1));
    append_name_or(&tbs, s->subject_name, s->subject);
    append_key(&tbs, s);
    append_extensions(&tbs, s);
    append_around(&whole, 0x30, &tbs);
    append(&whole, algorithm);
    append(&whole, tlsc_bytes_of(signature, sizeof(signature)));
    append_around(&out, 0x30, &whole);
    return out;
}

static tlsc_err stub_verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message, tlsc_bytes signature)
{
    (void)scheme;
    (void)message;
    stub_verified++;
    bool good = signature.n == 2 && spki.n > 2 && memcmp(spki.p + spki.n - 2, signature.p, 2) == 0;
    return good ? TLSC_OK : TLSC_E_BAD_SIGNATURE;
}

const tlsc_provider *stub_provider(void)
{
    static tlsc_provider provider;
    provider = *tlsc_provider_default();
    provider.verify = stub_verify;
    return &provider;
}
