/* SPDX-License-Identifier: Apache-2.0 */
/* x509/staple.h: what came beside the leaf, or didn't: an OCSP response, promises of CT logs. Checks of a
 * whole path, see path.c. What they refuse no other path changes: the leaf's issuer has the same name and
 * key in each (p->settled). */
#ifndef TLSC_X509_STAPLE_H
#define TLSC_X509_STAPLE_H

#include "x509/path.h"

/* Judges the staple, or what `ask` has in its place; without either, whether one is needed: by must-staple
 * in a server's certificate, or by the options. A resumed session's chain was judged with its staple when it
 * began, and none can come with it: it needs none.
 * out: p->staple, p->later. errors: those of tlsc_ocsp_judge, TLSC_E_CERTIFICATE_REVOKED,
 * TLSC_E_OCSP_UNKNOWN, TLSC_E_STAPLE_REQUIRED, also where p->later is set; those of `ask`.
 * RFC 6066 8, RFC 7633 4.2.3, RFC 8446 4.4.2.1 */
tlsc_err tlsc_staple_check(tlsc_path *p, const tlsc_node **concerned);

/* Counts the logs that promised to publish the leaf; comes after tlsc_staple_check.
 * errors: TLSC_E_BAD_SCT, TLSC_E_TOO_FEW_SCTS, TLSC_E_VERIFY_BUDGET, TLSC_E_NO_MEMORY. RFC 6962 5.2 */
tlsc_err tlsc_scts_check(tlsc_path *p, const tlsc_node **concerned);

/* Whether these options can be followed: what is required is looked at. */
bool tlsc_staple_options_fit(const tlsc_verify_options *options);

#endif
