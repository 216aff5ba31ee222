/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/cert.h: credentials, that is a certificate chain and its private key. */
#ifndef TLSCORE_CERT_H
#define TLSCORE_CERT_H

#include "tlscore/provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A certificate chain with its private key: counted and immutable, shared by any number of
 * configurations and threads. */
typedef struct tlsc_credential tlsc_credential;

/* Where a PEM or DER input went wrong, for the administrator's message. */
typedef struct tlsc_cert_where {
    unsigned block; /* the PEM block, counted from 1; 0: none was reached */
    unsigned line;  /* the line it starts in, counted from 1; 0: unknown */
} tlsc_cert_where;

/* Loads a credential from PEM text. in: `chain_pem` holds the leaf first, then what the peer needs
 * to reach a root; blocks of other kinds are passed over. `key_pem` holds the private key (PKCS#8,
 * PKCS#1 or SEC1); if it is empty, the key is looked for in `chain_pem`. All borrowed for the call;
 * `where` may be NULL and tells the block at fault. out: one reference.
 * errors: TLSC_E_NO_PEM_CERTIFICATE, TLSC_E_NO_PEM_KEY, TLSC_E_PEM, TLSC_E_ENCRYPTED_KEY,
 * TLSC_E_BAD_CERTIFICATE, TLSC_E_BAD_DER, TLSC_E_BAD_PRIVATE_KEY, TLSC_E_UNSUPPORTED_KEY,
 * TLSC_E_KEY_MISMATCH, TLSC_E_CHAIN_TOO_LONG, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_credential_from_pem(const tlsc_provider *provider, tlsc_bytes chain_pem,
                                           tlsc_bytes key_pem, tlsc_credential **out,
                                           tlsc_cert_where *where);

/* Makes a credential whose key is elsewhere: a handshake that chooses it pauses with
 * TLSC_WAIT_SIGN. in: `chain_der`, `num_chain` certificates, leaf first, copied; `schemes`, what the
 * key can sign with, best first, copied. errors: as above. */
TLSC_API tlsc_err tlsc_credential_external(const tlsc_provider *provider,
                                           const tlsc_bytes *chain_der, size_t num_chain,
                                           const uint16_t *schemes, size_t num_schemes,
                                           tlsc_credential **out);

/* One more reference; returns its argument. */
TLSC_API tlsc_credential *tlsc_credential_ref(tlsc_credential *credential);
/* Gives a reference back; the last wipes the key. NULL is fine. */
TLSC_API void tlsc_credential_free(tlsc_credential *credential);

/* The chain's certificates, DER, leaf first; an empty view beyond the last. Borrowed for the
 * credential's life. */
TLSC_API tlsc_bytes tlsc_credential_certificate(const tlsc_credential *credential, size_t i);
/* "RSA", "ECDSA P-256", "ECDSA P-384", "ECDSA P-521", "Ed25519". Static storage. */
TLSC_API const char *tlsc_credential_kind(const tlsc_credential *credential);
/* The signature schemes its key can make, best first; the count through `num`. Borrowed for the
 * credential's life. */
TLSC_API const uint16_t *tlsc_credential_schemes(const tlsc_credential *credential, size_t *num);
/* The leaf's validity, in seconds since 1970-01-01 UTC. */
TLSC_API void tlsc_credential_validity(const tlsc_credential *credential, int64_t *not_before_s,
                                       int64_t *not_after_s);

#ifdef __cplusplus
}
#endif
#endif
