/* SPDX-License-Identifier: Apache-2.0 */
/* x509/signature.h: how certificates are signed. */
#ifndef TLSC_X509_SIGNATURE_H
#define TLSC_X509_SIGNATURE_H

#include "tlscore/base.h"

/* The SignatureScheme (RFC 8446 4.2.3) that an AlgorithmIdentifier stands for, for comparing with lists
 * of them: ECDSA's by its hash whatever the curve, RSASSA-PSS as rsa_pss_rsae_..., SHA-1's as well; 0 for
 * what is unknown or malformed. in: the DER element.
 * RFC 4055 2.1, 3.1, 5; RFC 5758 3.2; RFC 8410 3 */
uint16_t tlsc_signature_scheme(tlsc_bytes algorithm);

#endif
