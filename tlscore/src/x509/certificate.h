/* SPDX-License-Identifier: Apache-2.0 */
/* x509/certificate.h: the outer part of an X.509 certificate as a view of its DER.
 *
 * The structure is checked strictly. Whether the certificate may be trusted, and for what, is the
 * path builder's question (x509/path), and so are rules that anchors may break: the serial
 * number's sign and size, the order of the dates, what the names hold.
 *
 * Tolerated beyond DER, since certificates in use have it: `critical` as an explicit FALSE, and
 * zero bits at the end of a keyUsage. */
#ifndef TLSC_X509_CERTIFICATE_H
#define TLSC_X509_CERTIFICATE_H

#include "x509/der.h"

/* More extensions than this are refused: twice is looked for among all pairs. */
enum { TLSC_EXTENSIONS_MAX = 64 };

/* "Element" is a DER element with its header. All views borrow from `der`. */
typedef struct tlsc_certificate {
    tlsc_bytes der;                 /* the whole */
    tlsc_bytes tbs;                 /* element: what is signed */
    tlsc_bytes signature_algorithm; /* element; the same inside and outside of tbs */
    tlsc_bytes signature;           /* the bit string's bytes */
    unsigned version;               /* 1, 2 or 3 */
    tlsc_bytes serial;              /* the INTEGER's contents */
    tlsc_bytes issuer;              /* element, a Name */
    tlsc_bytes subject;             /* element, a Name */
    int64_t not_before_s;           /* since 1970-01-01 UTC */
    int64_t not_after_s;            /* the last second that is valid */
    tlsc_bytes spki;                /* element, for tlsc_spki_parse and the provider's verify */
    tlsc_bytes extensions;          /* contents of Extensions; empty if there are none */
} tlsc_certificate;

/* Parses a certificate. in: `der`, borrowed for `*out`'s life, nothing behind the certificate.
 * errors: TLSC_E_BAD_DER where it is not one DER SEQUENCE, TLSC_E_BAD_CERTIFICATE; then `*out` is
 * zero. RFC 5280 4.1. */
tlsc_err tlsc_certificate_parse(tlsc_certificate *out, tlsc_bytes der);

typedef struct tlsc_extension {
    tlsc_bytes oid; /* contents */
    bool critical;
    tlsc_bytes value; /* contents of extnValue: DER again */
} tlsc_extension;

/* Walks over the extensions: start with tlsc_der_of(certificate->extensions) and call until false.
 * tlsc_certificate_parse has checked them all. RFC 5280 4.2. */
bool tlsc_extension_next(tlsc_der *walk, tlsc_extension *out);

/* True for the contents of Extensions, of a certificate or of anything else that has them: at least one, at
 * most TLSC_EXTENSIONS_MAX, none twice. Their values aren't looked at. */
bool tlsc_extensions_well_formed(tlsc_bytes list);

/* Finds an extension by the contents of its OID. `*out` is zero if there is none. */
bool tlsc_certificate_extension(const tlsc_certificate *c, tlsc_bytes oid, tlsc_extension *out);

/* keyUsage's named bits, RFC 5280 4.2.1.3: bit n of the number is bit n of the ASN.1. */
enum {
    TLSC_KU_DIGITAL_SIGNATURE = 1 << 0,
    TLSC_KU_CONTENT_COMMITMENT = 1 << 1,
    TLSC_KU_KEY_CERT_SIGN = 1 << 5,
    TLSC_KU_CRL_SIGN = 1 << 6,
    TLSC_KU_ALL = 0x1ff
};

/* Reads keyUsage; a certificate without it may do everything: TLSC_KU_ALL.
 * errors: TLSC_E_BAD_CERTIFICATE, then `*out` is 0. */
tlsc_err tlsc_certificate_key_usage(const tlsc_certificate *c, unsigned *out);

/* GeneralName's kinds that name hosts, RFC 5280 4.2.1.6. */
typedef enum tlsc_alt_name_kind {
    TLSC_ALT_NAME_OTHER,
    TLSC_ALT_NAME_DNS, /* IA5String */
    TLSC_ALT_NAME_IP   /* 4 or 16 bytes */
} tlsc_alt_name_kind;

typedef struct tlsc_alt_name {
    tlsc_alt_name_kind kind;
    tlsc_bytes value; /* the contents */
} tlsc_alt_name;

/* Starts a walk over subjectAltName. `*walk` is an empty one if there is none.
 * errors: TLSC_E_BAD_CERTIFICATE. */
tlsc_err tlsc_certificate_alt_names(const tlsc_certificate *c, tlsc_der *walk);
/* The next name, until false; tlsc_der_end(walk) then says whether it was the end or an error. */
bool tlsc_alt_name_next(tlsc_der *walk, tlsc_alt_name *out);

#endif
