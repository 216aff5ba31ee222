/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/crl_maker.h: CRLs made in C, for the certificates of cert_maker.h. */
#ifndef TEST_LIB_CRL_MAKER_H
#define TEST_LIB_CRL_MAKER_H

#include "cert_maker.h"

enum { CRL_EXTENSIONS = 6, CRL_ENTRIES = 6 };

/* Zero is fine for all but the issuer. */
typedef struct crl_spec {
    const char *issuer;      /* its CN */
    tlsc_bytes issuer_name;  /* in place of that: a Name */
    unsigned signer;         /* the number of its key */
    bool v1;
    tlsc_bytes version;      /* in place of it: an element */
    const char *this_update; /* UTCTime or GeneralizedTime; NULL: 2026-01-01 */
    const char *next_update; /* the same; "": none; NULL: 2027-01-01 */
    bool empty_list;         /* without entries: an empty list in place of none */
    tlsc_bytes entries[CRL_ENTRIES];       /* elements */
    tlsc_bytes extensions[CRL_EXTENSIONS]; /* Extension elements */
    tlsc_bytes algorithm;                  /* AlgorithmIdentifier; empty: ECDSA with SHA-256 */
    tlsc_bytes inner_algorithm;            /* empty: the same */
} crl_spec;

/* out: cleared by the caller. */
tlsc_buf make_crl(const crl_spec *spec);

/* An entry for a serial number, revoked 2025-12-24. in: the INTEGER's contents; Extension elements, or an
 * empty view. */
tlsc_buf make_crl_entry(tlsc_bytes serial, tlsc_bytes extensions);

/* crlNumber, of one byte. */
tlsc_buf make_crl_number(uint8_t number);
/* issuingDistributionPoint with what stands in its SEQUENCE. */
tlsc_buf make_idp(tlsc_bytes contents);
/* [0] { [0] { [6] uri } }, as both kinds of distribution points have it. */
tlsc_buf make_point_name(const char *uri);
/* A certificate's cRLDistributionPoints with these names, a point for each; the list ends with NULL. */
tlsc_buf make_crl_points(const char *const *uris);

#endif
