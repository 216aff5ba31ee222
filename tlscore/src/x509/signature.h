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

/* The same for a signature that is to be checked: 0 as well for SHA-1's and for parameters that aren't as
 * they must be. PKCS #1: NULL, or, tolerated, absent. ECDSA, Ed25519: absent. RSASSA-PSS: the hash
 * twice, a salt as long as it, the only trailer there is.
 * RFC 4055 3.1, 5; RFC 5758 3.2; RFC 8410 3 */
uint16_t tlsc_signature_algorithm(tlsc_bytes algorithm);

/* True for the AlgorithmIdentifier of an RSASSA-PSS key that some scheme of ours can use: no parameters, or
 * those of one, whose salt is as long as they want, or longer. RFC 4055 3.3 */
bool tlsc_signature_pss_key(tlsc_bytes algorithm);
/* True if that key may sign with this scheme. */
bool tlsc_signature_pss_allows(tlsc_bytes algorithm, uint16_t scheme);

#endif
