/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/cert.h: credentials, that is a certificate chain and its private key. */
#ifndef TLSCORE_CERT_H
#define TLSCORE_CERT_H

#include "tlscore/provider.h"
#include "tlscore/verify.h"

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

/* All certificates of a PEM text, in its order, as a list; other blocks, OpenSSL's TRUSTED CERTIFICATE among
 * them, are passed over, and nothing is read of the DER. in: `where` may be NULL and tells the damaged
 * block. out: one reference. errors: TLSC_E_NO_PEM_CERTIFICATE, TLSC_E_PEM, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_chain_from_pem(tlsc_bytes pem, const tlsc_chain **out,
                                      tlsc_cert_where *where);

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

/* The same from files of at most 16 MiB. in: `key_path`, or NULL where the key stands in the chain's file, too.
 * errors: TLSC_E_FILE for one that can't be read or isn't a regular file, and as above. */
TLSC_API tlsc_err tlsc_credential_from_files(const tlsc_provider *provider, const char *chain_path,
                                             const char *key_path, tlsc_credential **out,
                                             tlsc_cert_where *where);

/* Makes a credential whose key is elsewhere: a handshake that chooses it pauses with
 * TLSC_WAIT_SIGN. in: `chain_der`, `num_chain` certificates, leaf first, copied; `schemes`, what the
 * key can sign with, best first, copied. errors: as above. */
TLSC_API tlsc_err tlsc_credential_external(const tlsc_provider *provider,
                                           const tlsc_bytes *chain_der, size_t num_chain,
                                           const uint16_t *schemes, size_t num_schemes,
                                           tlsc_credential **out);

/* A raw public key with its private key (RFC 7250): no certificate, the peer knows the key by other
 * means. in: `key_pem`, as above. errors: TLSC_E_NO_PEM_KEY, TLSC_E_PEM, TLSC_E_ENCRYPTED_KEY,
 * TLSC_E_BAD_PRIVATE_KEY, TLSC_E_UNSUPPORTED_KEY, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_credential_raw_key(const tlsc_provider *provider, tlsc_bytes key_pem,
                                          tlsc_credential **out, tlsc_cert_where *where);
/* The same with a key that is elsewhere. in: `spki`, its DER SubjectPublicKeyInfo, copied.
 * errors: TLSC_E_BAD_DER, TLSC_E_UNSUPPORTED_KEY, TLSC_E_USAGE, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_credential_raw_key_external(const tlsc_provider *provider, tlsc_bytes spki,
                                                   const uint16_t *schemes, size_t num_schemes,
                                                   tlsc_credential **out);

/* What can be said of a credential beyond its chain and key. Zero it, then set `size`. */
typedef struct tlsc_credential_options {
    size_t size;
    tlsc_bytes ocsp; /* OCSPResponse, DER, for a peer that asks for it; empty: none. RFC 6066 8 */
    tlsc_bytes scts; /* SignedCertificateTimestampList; empty: none. RFC 6962 3.3 */
    const uint16_t *schemes; /* sign with these alone, best first; NULL: all that the key can */
    size_t num_schemes;
    bool must_match_issuer; /* only for a peer whose CA hints name an issuer in the chain */
} tlsc_credential_options;

/* A credential like `base` (one more reference to it is held) with these options, which are copied and
 * replace all that `base` was given. errors: TLSC_E_USAGE (among others for staples that are too long for
 * a message, together 65,523 bytes, or go with a raw key), TLSC_E_UNSUPPORTED for a scheme that the
 * key can't make, TLSC_E_DECODE for a malformed list of SCTs, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_credential_with(tlsc_credential *base,
                                       const tlsc_credential_options *options,
                                       tlsc_credential **out);

/* TLSC_CERT_X509 or TLSC_CERT_RAW_PUBLIC_KEY (tlscore/verify.h). */
TLSC_API uint8_t tlsc_credential_type(const tlsc_credential *credential);
/* The public key, DER SubjectPublicKeyInfo. Borrowed for the credential's life. */
TLSC_API tlsc_bytes tlsc_credential_spki(const tlsc_credential *credential);

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
/* The leaf's validity, in seconds since 1970-01-01 UTC; a raw public key's has no bounds. */
TLSC_API void tlsc_credential_validity(const tlsc_credential *credential, int64_t *not_before_s,
                                       int64_t *not_after_s);

#ifdef __cplusplus
}
#endif
#endif
