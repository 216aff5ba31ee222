/* SPDX-License-Identifier: Apache-2.0 */
/* x509/node.h: a certificate as path building sees it, everything read once. */
#ifndef TLSC_X509_NODE_H
#define TLSC_X509_NODE_H

#include "tlscore/trust.h"
#include "x509/extensions.h"
#include "x509/spki.h"

typedef struct tlsc_node {
    tlsc_certificate c;
    tlsc_extensions e;
    tlsc_spki key;          /* zero where key_error is set */
    tlsc_err key_error;     /* TLSC_E_BAD_DER, TLSC_E_UNSUPPORTED_KEY */
    uint16_t scheme;        /* that it is signed with; 0: not one that is served */
    bool self_issued;       /* its issuer's name is its own */
    uint64_t subject_hash;  /* tlsc_dn_hash */
    uint64_t issuer_hash;
    int index;              /* in the request; -1: an anchor */
    unsigned purposes;      /* an anchor's: a bit for each tlsc_purpose it is trusted for */
    tlsc_err as_issuer;     /* a peer's: tlsc_path_check_issuer, which says the same in every path */
} tlsc_node;

enum { TLSC_PURPOSES_ALL = 1U << TLSC_PURPOSE_SERVER | 1U << TLSC_PURPOSE_CLIENT };

/* Reads a certificate. in: `der`, borrowed for the node's life. A key that isn't served is no error here.
 * errors: TLSC_E_BAD_DER, TLSC_E_BAD_CERTIFICATE, TLSC_E_BAD_EXTENSION; then `*out` is zero but for
 * `index`. */
tlsc_err tlsc_node_read(tlsc_node *out, tlsc_bytes der, int index);

/* The key, as tlsc_spki_parse; with RSASSA-PSS keys, whose kind is then TLSC_SPKI_RSA. */
tlsc_err tlsc_node_key(tlsc_spki *out, tlsc_bytes spki);

/* Checks that `signature` over `tbs` is of `signer`'s key: of a certificate, a CRL, an OCSP response.
 * errors: as tlsc_node_check_signature. */
tlsc_err tlsc_node_check_signed(const tlsc_provider *provider, uint16_t scheme, tlsc_bytes tbs,
                                tlsc_bytes signature, const tlsc_node *signer);

/* Checks that `child` carries a signature of `issuer`'s key. errors: TLSC_E_CERTIFICATE_SIGNATURE,
 * TLSC_E_CERTIFICATE_ALGORITHM where the scheme isn't the key's, TLSC_E_NO_MEMORY. */
tlsc_err tlsc_node_check_signature(const tlsc_provider *provider, const tlsc_node *child,
                                   const tlsc_node *issuer);

/* What such a check costs, see tlsc_verify_budget. */
uint32_t tlsc_key_weight(const tlsc_spki *key);

#endif
