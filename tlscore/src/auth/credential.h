/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential.h: what is behind tlsc_credential (tlscore/cert.h), for the handshake. */
#ifndef TLSC_AUTH_CREDENTIAL_H
#define TLSC_AUTH_CREDENTIAL_H

#include <stdatomic.h>

#include "tlscore/cert.h"
#include "x509/certificate.h"
#include "x509/spki.h"

/* Immutable but for `refs` once it is made, so any number of threads may read it. */
struct tlsc_credential {
    atomic_uint refs;
    const tlsc_provider *provider;
    tlsc_signing_key *key;   /* NULL: elsewhere, the handshake pauses with TLSC_WAIT_SIGN */
    const uint16_t *schemes; /* best first, at least one; the key's, or `own_schemes` */
    size_t num_schemes;
    uint16_t *own_schemes; /* an external credential's copy, else NULL */

    /* The body of TLS 1.3's Certificate message with an empty certificate_request_context, made
     * once and sent as it is (RFC 8446 4.4.2; the handshake writes the 4 bytes of header):
     *   00 | certificate_list<0..2^24-1> of { cert_data<1..2^24-1>, extensions = 00 00 }
     * It is the one copy of the certificates: `chain` and `leaf` look into it. */
    tlsc_bytes certificate13;
    uint8_t *memory;   /* certificate13's */
    tlsc_bytes *chain; /* DER, leaf first */
    size_t num_chain;  /* at least 1 */
    tlsc_certificate leaf;
    tlsc_spki leaf_key;
};

#endif
