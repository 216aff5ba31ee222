/* SPDX-License-Identifier: Apache-2.0 */
/* x509/certificate_policies.h: certificate policies along a path, by the graph of RFC 9618. */
#ifndef TLSC_X509_CERTIFICATE_POLICIES_H
#define TLSC_X509_CERTIFICATE_POLICIES_H

#include "x509/node.h"
#include "x509/work.h"

/* Checks that the path is valid under a policy that `options` accepts, where the options or a certificate
 * ask for that; else there is nothing to do and nothing is allocated. in: the path, leaf first, its
 * anchor last: the anchor's own extensions aren't looked at (RFC 5280 6.1.1 (d)). out: on an error,
 * `*at`: where in the path.
 * errors: TLSC_E_CERTIFICATE_POLICY, TLSC_E_BAD_EXTENSION, TLSC_E_VERIFY_BUDGET, TLSC_E_NO_MEMORY.
 * RFC 9618 5, RFC 5280 6.1 */
tlsc_err tlsc_certificate_policies_check(const tlsc_node *const *path, size_t num,
                                         const tlsc_verify_options *options, tlsc_work *work,
                                         size_t *at);

#endif
