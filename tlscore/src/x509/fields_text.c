/* SPDX-License-Identifier: Apache-2.0 */
/* x509/fields_text.c: a certificate's fields as people read them (tlscore/x509.h). */
#include "base/bytes.h"
#include "base/try.h"
#include "x509/der.h"
#include "x509/text.h"
#include "tlscore/x509.h"

/* ---- algorithms ---- */

typedef struct algorithm {
    const char *name;
    unsigned bits; /* of a key or its curve; 0: not a matter of the algorithm */
    uint8_t n;
    uint8_t oid[11];
} algorithm;

static const algorithm signatures[] = {
    { "sha256WithRSAEncryption", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11 } },
    { "sha384WithRSAEncryption", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12 } },
    { "sha512WithRSAEncryption", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13 } },
    { "sha224WithRSAEncryption", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14 } },
    { "sha1WithRSAEncryption", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5 } },
    { "md5WithRSAEncryption", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4 } },
    { "rsassaPss", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10 } },
    { "ecdsa-with-SHA1", 0, 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1 } },
    { "ecdsa-with-SHA224", 0, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1 } },
    { "ecdsa-with-SHA256", 0, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2 } },
    { "ecdsa-with-SHA384", 0, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3 } },
    { "ecdsa-with-SHA512", 0, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4 } },
    { "ED25519", 0, 3, { 0x2b, 0x65, 0x70 } },
    { "ED448", 0, 3, { 0x2b, 0x65, 0x71 } },
    { "ML-DSA-44", 0, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17 } },
    { "ML-DSA-65", 0, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18 } },
    { "ML-DSA-87", 0, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19 } },
    { "dsaWithSHA1", 0, 7, { 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3 } },
    { "dsaWithSHA256", 0, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2 } },
};

static const algorithm keys[] = {
    { "RSA", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1 } },
    { "RSASSA-PSS", 0, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10 } },
    { "ECDSA", 0, 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1 } },
    { "Ed25519", 256, 3, { 0x2b, 0x65, 0x70 } },
    { "Ed448", 456, 3, { 0x2b, 0x65, 0x71 } },
    { "X25519", 256, 3, { 0x2b, 0x65, 0x6e } },
    { "X448", 448, 3, { 0x2b, 0x65, 0x6f } },
    { "DSA", 0, 7, { 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1 } },
    { "ML-DSA-44", 10496, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17 } },
    { "ML-DSA-65", 15616, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18 } },
    { "ML-DSA-87", 20736, 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19 } },
};

static const algorithm curves[] = {
    { "ECDSA P-256", 256, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7 } },
    { "ECDSA P-384", 384, 5, { 0x2b, 0x81, 4, 0, 0x22 } },
    { "ECDSA P-521", 521, 5, { 0x2b, 0x81, 4, 0, 0x23 } },
    { "ECDSA P-224", 224, 5, { 0x2b, 0x81, 4, 0, 0x21 } },
    { "ECDSA P-192", 192, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1 } },
    { "ECDSA secp256k1", 256, 5, { 0x2b, 0x81, 4, 0, 0x0a } },
    { "ECDSA brainpoolP256r1", 256, 9, { 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7 } },
    { "ECDSA brainpoolP384r1", 384, 9, { 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11 } },
    { "ECDSA brainpoolP512r1", 512, 9, { 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13 } },
};

static const algorithm *find(const algorithm *rows, size_t num, tlsc_bytes oid)
{
    for (size_t i = 0; i < num; i++) {
        if (tlsc_bytes_equal(oid, tlsc_bytes_of(rows[i].oid, rows[i].n))) {
            return &rows[i];
        }
    }
    return NULL;
}

const char *tlsc_x509_signature_name(const tlsc_x509 *c, tlsc_bytes *oid)
{
    tlsc_der d = tlsc_der_of(c->signature_algorithm);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_bytes type = tlsc_der_oid(&inside);
    const algorithm *a = find(signatures, TLSC_COUNT(signatures), type);
    if (oid != NULL) {
        *oid = type;
    }
    return a == NULL ? "" : a->name;
}

/* Bits of an unsigned number without leading zeroes. */
static unsigned bits_of(tlsc_bytes v)
{
    unsigned bits = (unsigned)v.n * 8;
    for (unsigned top = v.n > 0 ? v.p[0] : 0x80U; top < 0x80; top <<= 1) {
        bits--;
    }
    return bits;
}

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } */
static unsigned modulus_bits(tlsc_bytes key)
{
    tlsc_der d = tlsc_der_of(key);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    return bits_of(tlsc_der_unsigned(&inside));
}

static void name_key(tlsc_x509_key *out, tlsc_der *parameters, tlsc_bytes bits)
{
    const algorithm *a = find(keys, TLSC_COUNT(keys), out->oid);
    if (a == NULL) {
        return;
    }
    if (a == &keys[0] || a == &keys[1]) {
        out->bits = modulus_bits(bits);
    } else if (a == &keys[2] && tlsc_der_next_is(parameters, TLSC_DER_OID)) {
        const algorithm *curve = find(curves, TLSC_COUNT(curves), tlsc_der_oid(parameters));
        a = curve != NULL ? curve : a;
    }
    out->name = a->name;
    out->bits = a->bits != 0 ? a->bits : out->bits;
}

tlsc_err tlsc_x509_key_of(const tlsc_x509 *c, tlsc_x509_key *out)
{
    if (out->size != sizeof(*out)) {
        return TLSC_E_USAGE;
    }
    *out = (tlsc_x509_key){ .size = sizeof(*out), .name = "" };
    tlsc_der d = tlsc_der_of(c->spki);
    tlsc_der info = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_der algorithm_identifier = tlsc_der_enter(&info, TLSC_DER_SEQUENCE);
    tlsc_bytes bits = tlsc_der_bit_string_bytes(&info);
    tlsc_bytes oid = tlsc_der_oid(&algorithm_identifier);
    if (info.r.bad || algorithm_identifier.r.bad) {
        return TLSC_E_BAD_DER;
    }
    out->oid = oid;
    name_key(out, &algorithm_identifier, bits);
    return TLSC_OK;
}

/* ---- numbers and times ---- */

size_t tlsc_x509_serial_text(const tlsc_x509 *c, char *out, size_t cap)
{
    tlsc_text t = tlsc_text_of(out, cap);
    tlsc_bytes s = c->serial;
    bool negative = s.n > 0 && s.p[0] >= 0x80;
    bool leading = true;
    if (negative) {
        tlsc_text_put(&t, '-');
    }
    for (size_t i = 0; i < s.n; i++) {
        /* two's complement: inverted, and one more, which carries through trailing zeroes */
        bool carries = true;
        for (size_t j = i + 1; negative && j < s.n && carries; j++) {
            carries = s.p[j] == 0;
        }
        uint8_t b = negative ? (uint8_t)(~s.p[i] + (carries ? 1 : 0)) : s.p[i];
        leading = leading && b == 0 && i + 1 < s.n;
        if (!leading) {
            tlsc_text_hex(&t, b);
        }
    }
    return tlsc_text_end(&t);
}

/* Civil date from days since 1970-01-01: years from March, cycles of 400 years. */
static void put_date(tlsc_text *t, int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    year += era * 400 + (month <= 2 ? 1 : 0);
    tlsc_text_number(t, year < 0 ? 0 : (uint64_t)year, 4);
    tlsc_text_put(t, '-');
    tlsc_text_number(t, (uint64_t)month, 2);
    tlsc_text_put(t, '-');
    tlsc_text_number(t, (uint64_t)day, 2);
}

size_t tlsc_time_text(int64_t s, char *out, size_t cap)
{
    tlsc_text t = tlsc_text_of(out, cap);
    int64_t days = s / 86400 - (s % 86400 < 0 ? 1 : 0);
    uint64_t second = (uint64_t)(s - days * 86400);
    put_date(&t, days);
    tlsc_text_put(&t, 'T');
    tlsc_text_number(&t, second / 3600, 2);
    tlsc_text_put(&t, ':');
    tlsc_text_number(&t, second / 60 % 60, 2);
    tlsc_text_put(&t, ':');
    tlsc_text_number(&t, second % 60, 2);
    tlsc_text_put(&t, 'Z');
    return tlsc_text_end(&t);
}

/* ---- general names ---- */

static void put_ip4(tlsc_text *t, tlsc_bytes ip)
{
    for (size_t i = 0; i < ip.n; i++) {
        if (i > 0) {
            tlsc_text_put(t, '.');
        }
        tlsc_text_number(t, ip.p[i], 1);
    }
}

static unsigned group_of(tlsc_bytes ip, size_t i)
{
    return (unsigned)ip.p[2 * i] << 8 | ip.p[2 * i + 1];
}

static void put_group(tlsc_text *t, unsigned v)
{
    static const char digits[] = "0123456789abcdef";
    int shift = v >= 0x1000 ? 12 : v >= 0x100 ? 8 : v >= 0x10 ? 4 : 0;
    for (; shift >= 0; shift -= 4) {
        tlsc_text_put(t, digits[v >> shift & 15]);
    }
}

/* RFC 5952 4: the first of the longest runs of two or more zero groups is left out. */
static void put_ip6(tlsc_text *t, tlsc_bytes ip)
{
    size_t from = 8;
    size_t longest = 1;
    for (size_t i = 0; i < 8; i++) {
        size_t n = 0;
        while (i + n < 8 && group_of(ip, i + n) == 0) {
            n++;
        }
        if (n > longest) {
            from = i;
            longest = n;
        }
    }
    for (size_t i = 0; i < 8; i++) {
        if (i == from) {
            tlsc_text_str(t, "::");
            i += longest - 1;
            continue;
        }
        put_group(t, group_of(ip, i));
        if (i < 7 && i + 1 != from) {
            tlsc_text_put(t, ':');
        }
    }
}

static void put_plain(tlsc_text *t, tlsc_bytes s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] > 0x20 && s.p[i] < 0x7f && s.p[i] != '\\') {
            tlsc_text_put(t, (char)s.p[i]);
        } else {
            tlsc_text_put(t, '\\');
            tlsc_text_hex(t, s.p[i]);
        }
    }
}

static void put_hex(tlsc_text *t, tlsc_bytes b)
{
    tlsc_text_put(t, '#');
    for (size_t i = 0; i < b.n; i++) {
        tlsc_text_hex(t, b.p[i]);
    }
}

size_t tlsc_x509_general_name_text(const tlsc_x509_general_name *name, char *out, size_t cap)
{
    tlsc_text t = tlsc_text_of(out, cap);
    tlsc_bytes v = name->value;
    switch (name->kind) {
    case TLSC_X509_DIRECTORY: return tlsc_x509_name_text(v, out, cap);
    case TLSC_X509_RID: return tlsc_oid_text(v, out, cap);
    case TLSC_X509_EMAIL:
    case TLSC_X509_DNS:
    case TLSC_X509_URI: put_plain(&t, v); break;
    case TLSC_X509_IP:
        if (v.n == 4) {
            put_ip4(&t, v);
        } else if (v.n == 16) {
            put_ip6(&t, v);
        } else {
            put_hex(&t, v);
        }
        break;
    case TLSC_X509_OTHER_NAME:
    case TLSC_X509_X400:
    case TLSC_X509_EDI_PARTY: put_hex(&t, v); break;
    }
    return tlsc_text_end(&t);
}
