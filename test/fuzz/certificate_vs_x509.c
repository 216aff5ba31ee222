/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/certificate_vs_x509.c: what x509/certificate.h and tlscore/x509.h say of a certificate is what
 * libcrypto's parser says of it, wherever both take it: every field, every attribute, every extension. */
#include <openssl/asn1.h>
#include <openssl/mem.h>
#include <openssl/obj.h>
#include <openssl/x509.h>

#include "base/bytes.h"
#include "fuzz.h"
#include "tlscore.h"
#include "x509/dn.h"

static bool is_string(tlsc_bytes ours, const ASN1_STRING *theirs)
{
    return tlsc_bytes_equal(ours, tlsc_bytes_of(ASN1_STRING_get0_data(theirs),
                                                (size_t)ASN1_STRING_length(theirs)));
}

static bool is_oid(tlsc_bytes ours, const ASN1_OBJECT *theirs)
{
    return tlsc_bytes_equal(ours, tlsc_bytes_of(OBJ_get0_data(theirs), OBJ_length(theirs)));
}

/* The INTEGER's contents: theirs is a sign and a number. */
static void same_serial(const tlsc_x509 *c, const X509 *x)
{
    uint8_t *der = NULL;
    int n = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &der);
    must(n > 2 && (size_t)n > c->serial.n);
    size_t header = (size_t)n - c->serial.n;
    must(header == 2 || (header == 3 && der[1] == 0x81) || (header == 4 && der[1] == 0x82));
    must(tlsc_bytes_equal(c->serial, tlsc_bytes_of(der + header, c->serial.n)));
    OPENSSL_free(der);
}

static void same_time(int64_t ours, const ASN1_TIME *theirs)
{
    int64_t s;
    must(ASN1_TIME_to_posix(theirs, &s) == 1 && s == ours);
}

/* UTF8String, NumericString to IA5String but VideotexString, UniversalString, BMPString: of other values
 * libcrypto has the element, or keeps a bit string's unused bits apart, and may write them otherwise. */
static bool is_text(uint8_t tag)
{
    return tag == 12 || (tag >= 18 && tag <= 22 && tag != 21) || tag == 28 || tag == 30;
}

static bool all_text(tlsc_bytes name, size_t num)
{
    tlsc_x509_attribute a;
    for (size_t i = 0; i < num && tlsc_x509_name_at(name, i, &a); i++) {
        if (!is_text(a.tag)) {
            return false;
        }
    }
    return true;
}

/* The element, and where it is well-formed each attribute in it: a name is checked as a path is built; until
 * then it may be anything. libcrypto puts the attributes of a set in order, as X.690 11.6 asks, which is where
 * they are in a name that tlscore takes. */
static void same_name(tlsc_bytes ours, X509_NAME *theirs)
{
    const uint8_t *der;
    size_t n;
    tlsc_x509_attribute a;
    must(X509_NAME_get0_der(theirs, &der, &n) == 1);
    if (!tlsc_dn_is_well_formed(ours)) {
        return;
    }
    size_t num = tlsc_x509_name_len(ours);
    must(num == (size_t)X509_NAME_entry_count(theirs));
    if (!tlsc_bytes_equal(ours, tlsc_bytes_of(der, n))) {
        must(!all_text(ours, num));
        return;
    }
    for (size_t i = 0; i < num; i++) {
        const X509_NAME_ENTRY *e = X509_NAME_get_entry(theirs, (int)i);
        must(tlsc_x509_name_at(ours, i, &a));
        must(is_oid(a.type, X509_NAME_ENTRY_get_object(e)));
        if (is_text(a.tag)) {
            must(is_string(a.value, X509_NAME_ENTRY_get_data(e)));
            must(a.tag == ASN1_STRING_type(X509_NAME_ENTRY_get_data(e)));
        }
        must(a.rdn == (size_t)X509_NAME_ENTRY_set(e));
    }
}

static void same_key(const tlsc_x509 *c, X509 *x)
{
    uint8_t *der = NULL;
    int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
    must(n > 0 && tlsc_bytes_equal(c->spki, tlsc_bytes_of(der, (size_t)n)));
    OPENSSL_free(der);
}

static void same_signature(const tlsc_x509 *c, const X509 *x)
{
    const ASN1_BIT_STRING *signature;
    const X509_ALGOR *algorithm;
    const ASN1_OBJECT *theirs;
    tlsc_bytes ours;
    uint8_t *der = NULL;
    X509_get0_signature(&signature, &algorithm, x);
    X509_ALGOR_get0(&theirs, NULL, NULL, algorithm);
    (void)tlsc_x509_signature_name(c, &ours);
    must(is_oid(ours, theirs) && is_string(c->signature, signature));
    int n = i2d_X509_ALGOR(algorithm, &der);
    must(n > 0 && tlsc_bytes_equal(c->signature_algorithm, tlsc_bytes_of(der, (size_t)n)));
    OPENSSL_free(der);
}

static void same_extensions(const tlsc_x509 *c, const X509 *x)
{
    tlsc_x509_extension e;
    size_t num = (size_t)X509_get_ext_count(x);
    for (size_t i = 0; i < num; i++) {
        X509_EXTENSION *theirs = X509_get_ext(x, (int)i);
        must(tlsc_x509_extension_at(c, i, &e));
        must(is_oid(e.oid, X509_EXTENSION_get_object(theirs)));
        must(is_string(e.value, X509_EXTENSION_get_data(theirs)));
        must(e.critical == (X509_EXTENSION_get_critical(theirs) == 1));
    }
    must(!tlsc_x509_extension_at(c, num, &e));
}

/* keyUsage's bits: libcrypto has the first eight as bits 7 to 0, the ninth as bit 15. */
static unsigned usage_of(uint32_t theirs)
{
    unsigned out = (theirs & 0x8000) != 0 ? TLSC_X509_DECIPHER_ONLY : 0;
    for (unsigned bit = 0; bit < 8; bit++) {
        out |= (theirs & (0x80U >> bit)) != 0 ? 1U << bit : 0;
    }
    return out;
}

static void same_usage(const tlsc_x509 *c, X509 *x)
{
    tlsc_x509_usage u = { .size = sizeof(u) };
    uint32_t flags = X509_get_extension_flags(x);
    if (tlsc_x509_usage_of(c, &u) != TLSC_OK || (flags & EXFLAG_INVALID) != 0) {
        return;
    }
    must(u.has_basic_constraints == ((flags & EXFLAG_BCONS) != 0));
    must(u.ca == ((flags & EXFLAG_CA) != 0));
    long path_len = X509_get_pathlen(x);
    must(u.path_len == path_len || path_len > 65535 || !u.ca);
    must(u.has_extended_key_usage == ((flags & EXFLAG_XKUSAGE) != 0));
    if ((flags & EXFLAG_KUSAGE) != 0) {
        must(u.key_usage == usage_of(X509_get_key_usage(x)));
    } else {
        must(u.key_usage == TLSC_X509_KEY_USAGE_ALL);
    }
    const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(x);
    must(id == NULL ? u.subject_key_id.n == 0 : is_string(u.subject_key_id, id));
    id = X509_get0_authority_key_id(x);
    must(id == NULL ? u.authority_key_id.n == 0 : is_string(u.authority_key_id, id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsc_x509 c = { .size = sizeof(c) };
    const uint8_t *p = data;
    if (tlsc_x509_parse(&c, tlsc_bytes_of(data, size)) != TLSC_OK) {
        return 0;
    }
    X509 *x = d2i_X509(NULL, &p, (long)size);
    if (x == NULL) {
        return 0;
    }
    must(p == data + size);
    must((long)c.version == X509_get_version(x) + 1);
    same_serial(&c, x);
    same_time(c.not_before_s, X509_get0_notBefore(x));
    same_time(c.not_after_s, X509_get0_notAfter(x));
    same_name(c.issuer, X509_get_issuer_name(x));
    same_name(c.subject, X509_get_subject_name(x));
    same_key(&c, x);
    same_signature(&c, x);
    same_extensions(&c, x);
    same_usage(&c, x);
    X509_free(x);
    return 0;
}
