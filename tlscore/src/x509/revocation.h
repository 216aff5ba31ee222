/* SPDX-License-Identifier: Apache-2.0 */
/* x509/revocation.h: whether a path's certificates are in CRLs. */
#ifndef TLSC_X509_REVOCATION_H
#define TLSC_X509_REVOCATION_H

#include "x509/crl_store.h"
#include "x509/path.h"

/* Asks the CRLs of p->options->revocation about each certificate of a whole path but its anchor, or about
 * the leaf alone. Only those count that are signed with the key of the certificate's issuer.
 * errors: TLSC_E_CERTIFICATE_REVOKED, by a CRL past its nextUpdate as well; TLSC_E_CRL_EXPIRED;
 * TLSC_E_REVOCATION_UNKNOWN; TLSC_E_BAD_EXTENSION for distribution points that are malformed where they are
 * needed; TLSC_E_VERIFY_BUDGET. Then `*concerned` is the certificate. RFC 5280 6.3.3 */
tlsc_err tlsc_revocation_check(tlsc_path *p, const tlsc_node **concerned);

typedef enum tlsc_crl_scope {
    TLSC_CRL_OTHER,    /* it isn't about the certificate */
    TLSC_CRL_BY_ISSUER, /* its point has the issuer's name, the certificate names other points */
    TLSC_CRL_COVERS
} tlsc_crl_scope;

/* Whether a CRL of its issuer is about a certificate: `*scope`. All of its distribution points that name the
 * CRL for all reasons count.
 * errors: TLSC_E_BAD_EXTENSION, TLSC_E_VERIFY_BUDGET. RFC 5280 6.3.3 (b) (2) */
tlsc_err tlsc_crl_covers(const tlsc_crl_kept *crl, const tlsc_node *c, tlsc_work *work,
                         tlsc_crl_scope *scope);

#endif
