/* SPDX-License-Identifier: Apache-2.0 */
/* x509/name_constraints.h: which names a CA may certify. RFC 5280 4.2.1.10 */
#ifndef TLSC_X509_NAME_CONSTRAINTS_H
#define TLSC_X509_NAME_CONSTRAINTS_H

#include "x509/node.h"
#include "x509/work.h"

/* Checks every name of `c`, which stands below `ca` in the path, against the constraints of `ca`:
 * subjectAltName's names, the subject as a directoryName, its emailAddress attributes as mailboxes, and
 * with `common_name` its CN where it stands in for a dNSName. A constraint of a kind or form that can't be
 * judged lets no name of that kind pass. DNS, URI and mail domains: ASCII case doesn't count, a leading
 * dot wants at least one more label.
 * errors: TLSC_E_NAME_CONSTRAINTS; TLSC_E_BAD_EXTENSION where those of `ca` are malformed;
 * TLSC_E_VERIFY_BUDGET. */
tlsc_err tlsc_name_constraints_check(const tlsc_node *ca, const tlsc_node *c, bool common_name,
                                     tlsc_work *work);

#endif
