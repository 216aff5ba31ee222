/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/x509.h: what a certificate says, as views into its DER. Nothing here allocates, and nothing
 * here says whether the certificate may be trusted: see tlscore/trust.h.
 *
 *     tlsc_x509 c = { .size = sizeof(c) };
 *     if (tlsc_x509_parse(&c, der) == TLSC_OK) {
 *         bool found = tlsc_x509_name_find(c.subject, "CN", 0, &attribute);
 *
 * Functions that write text write a terminator too, and tell the length without it. */
#ifndef TLSCORE_X509_H
#define TLSCORE_X509_H

#include "tlscore/provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A certificate. "Element" is a DER element with its header. Set `size`, the rest is filled in. All views
 * borrow from the DER that was parsed. RFC 5280 4.1 */
typedef struct tlsc_x509 {
    size_t size;
    tlsc_bytes der;                 /* the whole */
    tlsc_bytes tbs;                 /* element: what is signed */
    unsigned version;               /* 1, 2 or 3 */
    tlsc_bytes serial;              /* the INTEGER's contents, two's complement */
    tlsc_bytes issuer;              /* element, a Name */
    tlsc_bytes subject;             /* element, a Name; 30 00 where there is none */
    int64_t not_before_s;           /* since 1970-01-01 UTC */
    int64_t not_after_s;            /* the last second that is valid */
    tlsc_bytes spki;                /* element: SubjectPublicKeyInfo */
    tlsc_bytes signature_algorithm; /* element: AlgorithmIdentifier */
    tlsc_bytes signature;           /* the bit string's bytes */
    tlsc_bytes extensions;          /* for tlsc_x509_extension_at */
} tlsc_x509;

/* Parses a certificate. in: `der`, borrowed for `*out`'s life, nothing behind the certificate.
 * errors: TLSC_E_BAD_DER where it is not one DER SEQUENCE, TLSC_E_BAD_CERTIFICATE, TLSC_E_USAGE for
 * another `size`; then `*out` is zero but for `size`. */
TLSC_API tlsc_err tlsc_x509_parse(tlsc_x509 *out, tlsc_bytes der);

/* ---- object identifiers ---- */

/* "2.5.29.17" from an OID's contents. in: room for `cap` bytes. out: the length, which is at least `cap`
 * where it didn't fit; the text is cut then. Malformed: 0 and "". */
TLSC_API size_t tlsc_oid_text(tlsc_bytes oid, char *out, size_t cap);
/* The contents of an OID from its text; 0 where that is none or there is no room. */
TLSC_API size_t tlsc_oid_of_text(const char *text, uint8_t *out, size_t cap);

/* ---- distinguished names ---- */

/* One attribute of a name. */
typedef struct tlsc_x509_attribute {
    tlsc_bytes type;  /* OID's contents */
    uint8_t tag;      /* of the value: 0x0c UTF8String, 0x13 PrintableString, ... */
    tlsc_bytes value; /* contents, in the encoding of its tag */
    size_t rdn;       /* which RelativeDistinguishedName it stands in, from 0 */
} tlsc_x509_attribute;

/* The i-th attribute of a name, in the order of the DER (which is country first, as a rule); false
 * beyond the last, or where the name is malformed. in: an element. */
TLSC_API bool tlsc_x509_name_at(tlsc_bytes name, size_t i, tlsc_x509_attribute *out);
/* How many there are. */
TLSC_API size_t tlsc_x509_name_len(tlsc_bytes name);
/* The `which`-th attribute of a type, in: "CN", "emailAddress" (any short name of
 * tlsc_x509_attribute_name, letter case ignored) or "2.5.4.3"; false if there is none. */
TLSC_API bool tlsc_x509_name_find(tlsc_bytes name, const char *type, size_t which,
                                  tlsc_x509_attribute *out);
/* An attribute's value as UTF-8, control characters and all. Strings of the kinds that RFC 5280 names,
 * IA5String and NumericString, are converted (TeletexString as ISO 8859-1, as everybody does); of
 * other values, and of strings that aren't well-formed, "#" and the element's hexadecimal bytes
 * (RFC 4514 2.4). Length as tlsc_oid_text. */
TLSC_API size_t tlsc_x509_attribute_text(const tlsc_x509_attribute *a, char *out, size_t cap);
/* "CN", "O", "emailAddress"; NULL for a type without a short name. Static storage. */
TLSC_API const char *tlsc_x509_attribute_name(tlsc_bytes type);
/* A name by RFC 4514: last RDN first, "CN=www.example.com,O=Example\, Inc.,C=DE"; control characters
 * are escaped. Length as tlsc_oid_text. in: an element. */
TLSC_API size_t tlsc_x509_name_text(tlsc_bytes name, char *out, size_t cap);
/* True if both are the same name by RFC 5280 7.1: ASCII letters' case, runs of spaces, and the type of
 * string don't count. What is malformed, with a set out of DER's order (X.690 11.6), say, equals the same
 * bytes alone. in: elements. */
TLSC_API bool tlsc_x509_name_equal(tlsc_bytes a, tlsc_bytes b);

/* ---- extensions ---- */

typedef struct tlsc_x509_extension {
    tlsc_bytes oid; /* contents */
    bool critical;
    tlsc_bytes value; /* contents of extnValue: DER again */
} tlsc_x509_extension;

/* The i-th extension; false beyond the last. */
TLSC_API bool tlsc_x509_extension_at(const tlsc_x509 *c, size_t i, tlsc_x509_extension *out);
/* By OID, in: "2.5.29.17"; false if there is none. */
TLSC_API bool tlsc_x509_extension_find(const tlsc_x509 *c, const char *oid,
                                       tlsc_x509_extension *out);

/* GeneralName's choices, RFC 5280 4.2.1.6; the numbers are its tags. */
typedef enum tlsc_x509_general_name_kind {
    TLSC_X509_OTHER_NAME = 0, /* the contents: an OID and an [0] */
    TLSC_X509_EMAIL = 1,      /* rfc822Name, IA5String */
    TLSC_X509_DNS = 2,        /* IA5String */
    TLSC_X509_X400 = 3,
    TLSC_X509_DIRECTORY = 4, /* an element, a Name */
    TLSC_X509_EDI_PARTY = 5,
    TLSC_X509_URI = 6, /* IA5String */
    TLSC_X509_IP = 7,  /* 4 or 16 bytes */
    TLSC_X509_RID = 8  /* an OID's contents */
} tlsc_x509_general_name_kind;

typedef struct tlsc_x509_general_name {
    tlsc_x509_general_name_kind kind;
    tlsc_bytes value;
} tlsc_x509_general_name;

/* The i-th name of subjectAltName; false beyond the last, where there is none, or from where it is
 * malformed. */
TLSC_API bool tlsc_x509_alt_name_at(const tlsc_x509 *c, size_t i, tlsc_x509_general_name *out);
/* The `which`-th alternative name of a kind. */
TLSC_API bool tlsc_x509_alt_name_find(const tlsc_x509 *c, tlsc_x509_general_name_kind kind,
                                      size_t which, tlsc_x509_general_name *out);
/* otherName's parts: the type's OID contents and the element within [0]; a string's contents if it is
 * a UTF8String or IA5String (Microsoft's UPN 1.3.6.1.4.1.311.20.2.3, RFC 4985's SRVName). False if it
 * is malformed. */
TLSC_API bool tlsc_x509_other_name(tlsc_bytes other_name, tlsc_bytes *type, tlsc_bytes *value);
/* A general name as text: "192.0.2.1", "2001:db8::1", an RFC 4514 name, an OID, strings as they are
 * with bytes outside of printable ASCII as \xx. Length as tlsc_oid_text. */
TLSC_API size_t tlsc_x509_general_name_text(const tlsc_x509_general_name *name, char *out,
                                            size_t cap);

/* keyUsage's named bits, RFC 5280 4.2.1.3: bit n of the number is bit n of the ASN.1. */
enum {
    TLSC_X509_DIGITAL_SIGNATURE = 1 << 0,
    TLSC_X509_CONTENT_COMMITMENT = 1 << 1,
    TLSC_X509_KEY_ENCIPHERMENT = 1 << 2,
    TLSC_X509_DATA_ENCIPHERMENT = 1 << 3,
    TLSC_X509_KEY_AGREEMENT = 1 << 4,
    TLSC_X509_KEY_CERT_SIGN = 1 << 5,
    TLSC_X509_CRL_SIGN = 1 << 6,
    TLSC_X509_ENCIPHER_ONLY = 1 << 7,
    TLSC_X509_DECIPHER_ONLY = 1 << 8,
    TLSC_X509_KEY_USAGE_ALL = 0x1ff
};

/* What the extensions that RFC 5280 defines say of the certificate itself. Set `size`. */
typedef struct tlsc_x509_usage {
    size_t size;
    unsigned key_usage; /* TLSC_X509_KEY_USAGE_ALL where there is no keyUsage */
    bool has_basic_constraints;
    bool ca;
    int path_len;               /* pathLenConstraint; -1: none */
    bool has_extended_key_usage;
    tlsc_bytes key_purposes;    /* OIDs as DER elements, one behind another; empty: none */
    tlsc_bytes subject_key_id;  /* empty: none */
    tlsc_bytes authority_key_id;
    bool must_staple;           /* TLS feature status_request, RFC 7633 */
} tlsc_x509_usage;

/* errors: TLSC_E_BAD_EXTENSION, TLSC_E_USAGE for another `size`; then `*out` is zero but for that. */
TLSC_API tlsc_err tlsc_x509_usage_of(const tlsc_x509 *c, tlsc_x509_usage *out);

/* ---- the rest ---- */

/* The key: "RSA", "RSASSA-PSS", "ECDSA P-256", "Ed25519", ...; an OID's text for others is
 * tlsc_oid_text of `oid`, and `name` is then "". `bits`: of the modulus or the curve's field; 0: unknown. */
typedef struct tlsc_x509_key {
    size_t size;
    const char *name; /* static storage */
    unsigned bits;
    tlsc_bytes oid; /* the algorithm's, contents */
} tlsc_x509_key;

/* errors: TLSC_E_BAD_DER, TLSC_E_USAGE for another `size`. Keys that tlscore doesn't serve are fine. */
TLSC_API tlsc_err tlsc_x509_key_of(const tlsc_x509 *c, tlsc_x509_key *out);
/* "ecdsa-with-SHA256", "sha256WithRSAEncryption", "rsassaPss", ...; "" for one without a name here, whose
 * OID is in `*oid` (which may be NULL) in any case. Static storage. */
TLSC_API const char *tlsc_x509_signature_name(const tlsc_x509 *c, tlsc_bytes *oid);
/* The serial number in hexadecimal, upper-case, as openssl prints it: "0A1B", "-01" where it is negative.
 * Length as tlsc_oid_text. */
TLSC_API size_t tlsc_x509_serial_text(const tlsc_x509 *c, char *out, size_t cap);
/* A time as RFC 3339 has it: "2026-11-30T23:59:59Z". Length as tlsc_oid_text. */
TLSC_API size_t tlsc_time_text(int64_t s, char *out, size_t cap);
/* The digest of the certificate's DER. out: hash->len bytes. Hashes: those of a provider's suites,
 * provider->ticket_hash is SHA-256 in tlscore's own. */
TLSC_API void tlsc_x509_fingerprint(const tlsc_x509 *c, const tlsc_hash *hash, uint8_t *out);

#ifdef __cplusplus
}
#endif
#endif
