/* SPDX-License-Identifier: Apache-2.0 */
/* x509/certificate.c: Certificate and TBSCertificate, read in the order of their ASN.1. */
#include "x509/certificate.h"

#include "base/bytes.h"
#include "base/try.h"

/* Inside of TBSCertificate. */
enum {
    TAG_VERSION = TLSC_DER_CONTEXT_CONSTRUCTED | 0,
    TAG_ISSUER_UNIQUE_ID = TLSC_DER_CONTEXT | 1,
    TAG_SUBJECT_UNIQUE_ID = TLSC_DER_CONTEXT | 2,
    TAG_EXTENSIONS = TLSC_DER_CONTEXT_CONSTRUCTED | 3
};

/* Inside of GeneralName. */
enum {
    CLASS_MASK = 0xc0,
    TAG_DNS_NAME = TLSC_DER_CONTEXT | 2,
    TAG_IP_ADDRESS = TLSC_DER_CONTEXT | 7
};

static const uint8_t oid_key_usage[] = { 0x55, 0x1d, 0x0f };
static const uint8_t oid_subject_alt_name[] = { 0x55, 0x1d, 0x11 };

/* version [0] EXPLICIT INTEGER { v1(0), v2(1), v3(2) } DEFAULT v1
 * A DEFAULT is not encoded (X.690 11.5), so it says v2 or v3. */
static unsigned version(tlsc_der *tbs)
{
    if (!tlsc_der_next_is(tbs, TAG_VERSION)) {
        return 1;
    }
    tlsc_der explicit_tag = tlsc_der_enter(tbs, TAG_VERSION);
    uint64_t v = tlsc_der_u64(&explicit_tag);
    tlsc_der_leave(tbs, &explicit_tag);
    tlsc_der_check(tbs, v == 1 || v == 2);
    return (unsigned)v + 1;
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
static tlsc_bytes algorithm_identifier(tlsc_der *d)
{
    tlsc_der ahead = *d;
    tlsc_bytes raw = tlsc_der_raw(d, TLSC_DER_SEQUENCE);
    tlsc_der inside = tlsc_der_enter(&ahead, TLSC_DER_SEQUENCE);
    (void)tlsc_der_oid(&inside);
    if (tlsc_der_more(&inside)) {
        uint8_t tag;
        (void)tlsc_der_any(&inside, &tag);
    }
    tlsc_der_leave(d, &inside);
    return raw;
}

/* Validity ::= SEQUENCE { notBefore Time, notAfter Time } */
static void validity(tlsc_der *tbs, tlsc_certificate *out)
{
    tlsc_der v = tlsc_der_enter(tbs, TLSC_DER_SEQUENCE);
    out->not_before_s = tlsc_der_time(&v);
    out->not_after_s = tlsc_der_time(&v);
    tlsc_der_leave(tbs, &v);
}

/* UniqueIdentifier ::= BIT STRING, IMPLICIT, in v2 and v3; nobody uses what is in it. */
static void unique_id(tlsc_der *tbs, uint8_t tag, unsigned version_number)
{
    if (tlsc_der_next_is(tbs, tag)) {
        tlsc_der_check(tbs, version_number >= 2);
        tlsc_bytes id = tlsc_der_get(tbs, tag);
        tlsc_der_check(tbs, id.n > 0 && id.p[0] <= 7);
    }
}

/* Extension ::= SEQUENCE {
 *     extnID     OBJECT IDENTIFIER,
 *     critical   BOOLEAN DEFAULT FALSE,
 *     extnValue  OCTET STRING }   RFC 5280 4.1 */
bool tlsc_extension_next(tlsc_der *walk, tlsc_extension *out)
{
    *out = (tlsc_extension){ 0 };
    if (!tlsc_der_more(walk)) {
        return false;
    }
    tlsc_der e = tlsc_der_enter(walk, TLSC_DER_SEQUENCE);
    out->oid = tlsc_der_oid(&e);
    out->critical = tlsc_der_next_is(&e, TLSC_DER_BOOLEAN) && tlsc_der_boolean(&e);
    out->value = tlsc_der_get(&e, TLSC_DER_OCTET_STRING);
    tlsc_der_leave(walk, &e);
    if (walk->r.bad) {
        *out = (tlsc_extension){ 0 };
        return false;
    }
    return true;
}

/* True if `oid` stands among the first `num` extensions. */
static bool seen_before(tlsc_bytes extensions, size_t num, tlsc_bytes oid)
{
    tlsc_der walk = tlsc_der_of(extensions);
    tlsc_extension e;
    for (size_t i = 0; i < num && tlsc_extension_next(&walk, &e); i++) {
        if (tlsc_bytes_equal(e.oid, oid)) {
            return true;
        }
    }
    return false;
}

bool tlsc_extensions_well_formed(tlsc_bytes list)
{
    tlsc_der walk = tlsc_der_of(list);
    tlsc_extension e;
    for (size_t num = 0; tlsc_extension_next(&walk, &e); num++) {
        if (num >= TLSC_EXTENSIONS_MAX || seen_before(list, num, e.oid)) {
            return false;
        }
    }
    return list.n > 0 && tlsc_der_end(&walk) == TLSC_OK;
}

/* extensions [3] EXPLICIT SEQUENCE SIZE (1..MAX) OF Extension OPTIONAL, in v3 only; no extension
 * stands twice (RFC 5280 4.2). */
static tlsc_bytes extensions(tlsc_der *tbs, unsigned version_number)
{
    if (!tlsc_der_next_is(tbs, TAG_EXTENSIONS)) {
        return (tlsc_bytes){ NULL, 0 };
    }
    tlsc_der explicit_tag = tlsc_der_enter(tbs, TAG_EXTENSIONS);
    tlsc_bytes list = tlsc_der_get(&explicit_tag, TLSC_DER_SEQUENCE);
    tlsc_der_leave(tbs, &explicit_tag);
    tlsc_der_check(tbs, version_number == 3 && tlsc_extensions_well_formed(list));
    return list;
}

/* TBSCertificate ::= SEQUENCE {
 *     version          [0] EXPLICIT Version DEFAULT v1,
 *     serialNumber         INTEGER,
 *     signature            AlgorithmIdentifier,
 *     issuer               Name,
 *     validity             Validity,
 *     subject              Name,
 *     subjectPublicKeyInfo SubjectPublicKeyInfo,
 *     issuerUniqueID   [1] IMPLICIT UniqueIdentifier OPTIONAL,
 *     subjectUniqueID  [2] IMPLICIT UniqueIdentifier OPTIONAL,
 *     extensions       [3] EXPLICIT Extensions OPTIONAL }   RFC 5280 4.1 */
static tlsc_err parse_tbs(tlsc_certificate *out)
{
    tlsc_der d = tlsc_der_of(out->tbs);
    tlsc_der tbs = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    out->version = version(&tbs);
    out->serial = tlsc_der_integer(&tbs);
    tlsc_bytes inner = algorithm_identifier(&tbs);
    out->issuer = tlsc_der_raw(&tbs, TLSC_DER_SEQUENCE);
    validity(&tbs, out);
    out->subject = tlsc_der_raw(&tbs, TLSC_DER_SEQUENCE);
    out->spki = tlsc_der_raw(&tbs, TLSC_DER_SEQUENCE);
    unique_id(&tbs, TAG_ISSUER_UNIQUE_ID, out->version);
    unique_id(&tbs, TAG_SUBJECT_UNIQUE_ID, out->version);
    out->extensions = extensions(&tbs, out->version);
    /* The signed name of the algorithm is worth something only if it is the one that is used. */
    tlsc_der_check(&tbs, tlsc_bytes_equal(inner, out->signature_algorithm));
    tlsc_der_leave(&d, &tbs);
    return tlsc_der_end(&d);
}

/* Certificate ::= SEQUENCE {
 *     tbsCertificate      TBSCertificate,
 *     signatureAlgorithm  AlgorithmIdentifier,
 *     signature           BIT STRING }   RFC 5280 4.1 */
static tlsc_err parse_certificate(tlsc_certificate *out)
{
    tlsc_der d = tlsc_der_of(out->der);
    tlsc_der c = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    out->tbs = tlsc_der_raw(&c, TLSC_DER_SEQUENCE);
    out->signature_algorithm = algorithm_identifier(&c);
    out->signature = tlsc_der_bit_string_bytes(&c);
    tlsc_der_leave(&d, &c);
    TRY(tlsc_der_end(&d));
    return parse_tbs(out);
}

tlsc_err tlsc_certificate_parse(tlsc_certificate *out, tlsc_bytes der)
{
    *out = (tlsc_certificate){ 0 };
    tlsc_der whole = tlsc_der_of(der);
    (void)tlsc_der_get(&whole, TLSC_DER_SEQUENCE);
    TRY(tlsc_der_end(&whole));
    out->der = der;
    if (parse_certificate(out) != TLSC_OK) {
        *out = (tlsc_certificate){ 0 };
        return TLSC_E_BAD_CERTIFICATE;
    }
    return TLSC_OK;
}

bool tlsc_certificate_extension(const tlsc_certificate *c, tlsc_bytes oid, tlsc_extension *out)
{
    tlsc_der walk = tlsc_der_of(c->extensions);
    while (tlsc_extension_next(&walk, out)) {
        if (tlsc_bytes_equal(out->oid, oid)) {
            return true;
        }
    }
    return false;
}

/* KeyUsage ::= BIT STRING { digitalSignature(0), ..., decipherOnly(8) }; bit 0 is the first byte's
 * highest. At least one is set (RFC 5280 4.2.1.3). */
tlsc_err tlsc_certificate_key_usage(const tlsc_certificate *c, unsigned *out)
{
    tlsc_extension e;
    *out = TLSC_KU_ALL;
    if (!tlsc_certificate_extension(c, tlsc_bytes_of(oid_key_usage, sizeof(oid_key_usage)), &e)) {
        return TLSC_OK;
    }
    tlsc_der d = tlsc_der_of(e.value);
    uint8_t unused;
    tlsc_bytes bits = tlsc_der_bit_string(&d, &unused);
    *out = 0;
    for (size_t i = 0; i < bits.n && i < 2; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            *out |= (bits.p[i] & (0x80U >> bit)) != 0 ? 1U << (8 * i + bit) : 0;
        }
    }
    tlsc_der_check(&d, bits.n <= 2 && *out != 0 && *out <= TLSC_KU_ALL);
    if (tlsc_der_end(&d) != TLSC_OK) {
        *out = 0;
        return TLSC_E_BAD_CERTIFICATE;
    }
    return TLSC_OK;
}

/* SubjectAltName ::= GeneralNames; GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName */
tlsc_err tlsc_certificate_alt_names(const tlsc_certificate *c, tlsc_der *walk)
{
    tlsc_extension e;
    *walk = tlsc_der_of((tlsc_bytes){ NULL, 0 });
    if (!tlsc_certificate_extension(
            c, tlsc_bytes_of(oid_subject_alt_name, sizeof(oid_subject_alt_name)), &e)) {
        return TLSC_OK;
    }
    tlsc_der d = tlsc_der_of(e.value);
    tlsc_bytes names = tlsc_der_get(&d, TLSC_DER_SEQUENCE);
    tlsc_der_check(&d, names.n > 0);
    if (tlsc_der_end(&d) != TLSC_OK) {
        return TLSC_E_BAD_CERTIFICATE;
    }
    *walk = tlsc_der_of(names);
    return TLSC_OK;
}

static tlsc_alt_name_kind alt_name_kind(uint8_t tag)
{
    switch (tag) {
    case TAG_DNS_NAME: return TLSC_ALT_NAME_DNS;
    case TAG_IP_ADDRESS: return TLSC_ALT_NAME_IP;
    default: return TLSC_ALT_NAME_OTHER;
    }
}

/* GeneralName ::= CHOICE { dNSName [2] IA5String, iPAddress [7] OCTET STRING, ... }, IMPLICIT */
bool tlsc_alt_name_next(tlsc_der *walk, tlsc_alt_name *out)
{
    *out = (tlsc_alt_name){ 0 };
    if (!tlsc_der_more(walk)) {
        return false;
    }
    uint8_t tag;
    tlsc_bytes value = tlsc_der_any(walk, &tag);
    tlsc_der_check(walk, (tag & CLASS_MASK) == TLSC_DER_CONTEXT);
    tlsc_der_check(walk, tag != TAG_IP_ADDRESS || value.n == 4 || value.n == 16);
    if (walk->r.bad) {
        return false;
    }
    out->value = value;
    out->kind = alt_name_kind(tag);
    return true;
}
