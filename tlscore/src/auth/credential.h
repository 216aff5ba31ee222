/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential.h: what is behind tlsc_credential (tlscore/cert.h), for the handshake. */
#ifndef TLSC_AUTH_CREDENTIAL_H
#define TLSC_AUTH_CREDENTIAL_H

#include <stdatomic.h>

#include "tlscore/cert.h"
#include "x509/certificate.h"
#include "x509/spki.h"

struct tlsc_compressed; /* auth/cert_compress.c */

/* Immutable but for `refs` and `compressed` once it is made, so any number of threads may read it. */
struct tlsc_credential {
    atomic_uint refs;
    struct tlsc_credential *base; /* whose key and chain these are, a reference; NULL: its own */
    const tlsc_provider *provider;
    tlsc_signing_key *key;   /* NULL: elsewhere, the handshake pauses with TLSC_WAIT_SIGN */
    const uint16_t *schemes; /* best first, at least one; the key's, or `own_schemes` */
    size_t num_schemes;
    uint16_t *own_schemes; /* a copy that was given, else NULL */

    /* The body of TLS 1.3's Certificate message with an empty certificate_request_context, made
     * once and sent as it is (RFC 8446 4.4.2; the handshake writes the 4 bytes of header):
     *   00 | certificate_list<0..2^24-1> of { cert_data<1..2^24-1>, extensions = 00 00 }
     * It is the one copy of the certificates, or of the raw key: all views look into it. */
    tlsc_bytes certificate13;
    uint8_t *memory; /* certificate13's */
    uint8_t type;    /* TLSC_CERT_... */
    tlsc_bytes *chain; /* DER, leaf first; what follows it in the block: issuers, names */
    size_t num_chain;  /* 0: a raw key */
    tlsc_certificate leaf; /* of a raw key: its time is endless, the rest empty */
    tlsc_bytes spki;
    tlsc_spki leaf_key;

    /* for the choice: found once, looked at in every handshake */
    const tlsc_bytes *issuers; /* DER Names, one of each certificate of the chain */
    const tlsc_bytes *names;   /* dNSNames of the leaf */
    size_t num_names;
    uint16_t *signed_with; /* tlsc_signature_scheme of each in the chain; 0: a root's, or unknown */

    /* what was said of it beyond that */
    uint8_t *options_memory; /* what the next two look into, or NULL */
    tlsc_bytes ocsp;
    tlsc_bytes scts; /* with its length */
    bool must_match_issuer;

    struct tlsc_compressed *_Atomic compressed; /* a list that only grows, see cert_compress.h */
};

/* ---- the making of one; errors leave what is there to tlsc_credential_free ---- */

/* credential_chain.c: takes a chain from PEM or DER, or a raw key. errors: those of
 * tlsc_credential_from_pem about certificates; `where` tells the block. */
tlsc_err tlsc_credential_take_pem_chain(tlsc_credential *c, tlsc_bytes text,
                                        tlsc_cert_where *where);
tlsc_err tlsc_credential_take_der_chain(tlsc_credential *c, const tlsc_bytes *chain_der,
                                        size_t num_chain);
tlsc_err tlsc_credential_take_raw_key(tlsc_credential *c, tlsc_bytes spki);

/* credential_key.c: loads the private key from PEM, which must be the leaf's; without a chain it becomes a
 * raw key. Or takes the schemes of a key that is elsewhere. errors: those of tlsc_credential_from_pem about keys, TLSC_E_USAGE. */
tlsc_err tlsc_credential_load_key(tlsc_credential *c, tlsc_bytes text, tlsc_cert_where *where);
tlsc_err tlsc_credential_take_schemes(tlsc_credential *c, const uint16_t *schemes,
                                      size_t num_schemes);

/* credential.c: an empty one with one reference, NULL when memory is short; then one that is finished is
 * handed out, or a half-made one released. Returns `rc`. */
tlsc_credential *tlsc_credential_new(const tlsc_provider *provider);
tlsc_err tlsc_credential_finish(tlsc_credential *c, tlsc_err rc, tlsc_credential **out);

#endif
