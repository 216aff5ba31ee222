/* SPDX-License-Identifier: Apache-2.0 */
/* x509/spki.h: public keys, as certificates carry them. */
#ifndef TLSC_X509_SPKI_H
#define TLSC_X509_SPKI_H

#include "tlscore/base.h"

typedef enum tlsc_spki_kind {
    TLSC_SPKI_NONE, /* the zero state */
    TLSC_SPKI_RSA,
    TLSC_SPKI_P256,
    TLSC_SPKI_P384,
    TLSC_SPKI_P521,
    TLSC_SPKI_ED25519,
    TLSC_SPKI_MLDSA44,
    TLSC_SPKI_MLDSA65,
    TLSC_SPKI_MLDSA87
} tlsc_spki_kind;

/* A parsed SubjectPublicKeyInfo; its views borrow from the DER. */
typedef struct tlsc_spki {
    tlsc_spki_kind kind;
    unsigned bits;       /* of an RSA modulus, or of the curve's field, or of an ML-DSA key */
    tlsc_bytes modulus;  /* RSA, big-endian without leading zeroes */
    tlsc_bytes exponent; /* the same */
    tlsc_bytes point;    /* else: the curve's point (SEC 1 2.3.3) or the key as it is */
} tlsc_spki;

/* Parses a public key. in: the DER element with its header, borrowed for `*out`'s life.
 * errors: TLSC_E_BAD_DER; TLSC_E_UNSUPPORTED_KEY for an algorithm, curve or form of curve that is
 * not served (rsassaPss, explicit curve parameters, Ed448, DSA, ...) and for RSA keys outside
 * 2048..8192 bits; then `*out` is zero.
 * RFC 5280 4.1.2.7, RFC 3279 2.3.1, RFC 5480 2, RFC 8410 4, RFC 9881 4. */
tlsc_err tlsc_spki_parse(tlsc_spki *out, tlsc_bytes der);

/* True if both are the same key: not their DER is compared, but what it means (RSA parameters may
 * be NULL or absent, a point compressed or not). */
bool tlsc_spki_equal(const tlsc_spki *a, const tlsc_spki *b);

/* "RSA", "ECDSA P-256", "ECDSA P-384", "ECDSA P-521", "Ed25519", "ML-DSA-44"; "none". Static storage. */
const char *tlsc_spki_kind_name(tlsc_spki_kind kind);

/* True if a key of this kind may sign a handshake of this version with this scheme. TLS 1.3 ties an
 * ECDSA scheme to one curve, and has no RSASSA-PKCS1-v1_5; TLS 1.2 does neither, and has no ML-DSA. RFC 8446 4.2.3 */
bool tlsc_spki_kind_fits(tlsc_spki_kind kind, uint16_t scheme, uint16_t version);

#endif
