/* SPDX-License-Identifier: Apache-2.0 */
/* x509/extensions.h: the extensions that RFC 5280 defines, read in one pass. */
#ifndef TLSC_X509_EXTENSIONS_H
#define TLSC_X509_EXTENSIONS_H

#include "tlscore/x509.h"
#include "x509/certificate.h"
#include "x509/work.h"

/* Views borrow from the certificate. An empty view: there is no such extension, unless said otherwise. */
typedef struct tlsc_extensions {
    unsigned key_usage;           /* TLSC_KU_ALL where there is none */
    bool has_key_usage;
    bool has_basic_constraints;
    bool ca;
    int path_len;                 /* of a CA; -1: none */
    bool has_extended_key_usage;
    tlsc_bytes key_purposes;      /* OIDs as DER elements, at least one */
    tlsc_bytes subject_key_id;
    tlsc_bytes authority_key_id;
    bool has_alt_names;
    bool alt_names_critical;
    tlsc_bytes alt_names;         /* GeneralNames' contents, for tlsc_general_name_next */
    tlsc_bytes name_constraints;  /* the extension's value */
    tlsc_bytes policies;          /* contents of certificatePolicies */
    tlsc_bytes policy_mappings;   /* contents of policyMappings */
    int require_explicit_policy;  /* skipped certificates; -1: not said */
    int inhibit_policy_mapping;
    int inhibit_any_policy;
    tlsc_bytes crl_points;        /* the extension's value */
    tlsc_bytes scts;              /* the extension's value */
    tlsc_bytes tls_features;      /* contents of RFC 7633's list: INTEGERs as DER elements */
    bool must_staple;             /* status_request is among them */
    tlsc_bytes unknown_critical;  /* the OID's contents of a critical extension that isn't known here */
} tlsc_extensions;

/* errors: TLSC_E_BAD_EXTENSION where one that is known is malformed; then `*out` is zero.
 * Tolerated: cA as an explicit FALSE; pathLenConstraint without cA, which is then ignored. */
tlsc_err tlsc_extensions_read(const tlsc_certificate *c, tlsc_extensions *out);

/* Reads an AuthorityKeyIdentifier, which CRLs have as well: its keyIdentifier, empty where there is none.
 * RFC 5280 4.2.1.1 */
tlsc_bytes tlsc_authority_key_id(tlsc_der *d);

/* Reads the next GeneralName, any kind, until false; tlsc_der_end(walk) then says whether it was the end
 * or an error. RFC 5280 4.2.1.6 */
bool tlsc_general_name_next(tlsc_der *walk, tlsc_x509_general_name *out);

/* Reads the next policy's OID from certificatePolicies' contents, in the same way. RFC 5280 4.2.1.4 */
bool tlsc_policy_next(tlsc_der *walk, tlsc_bytes *out);

/* TLSC_E_TLS_FEATURE unless each of `wanted`, the features of a CA, is among `offered`, those of a
 * certificate that it issued: RFC 7633 4.2.2. errors: that, TLSC_E_VERIFY_BUDGET. */
tlsc_err tlsc_tls_features_check(tlsc_bytes wanted, tlsc_bytes offered, tlsc_work *work);

/* True if the OID `purpose` (contents) is among these. in: as key_purposes. */
bool tlsc_key_purposes_have(tlsc_bytes key_purposes, tlsc_bytes purpose);

#endif
