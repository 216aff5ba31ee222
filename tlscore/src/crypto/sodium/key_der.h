/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/key_der.h: Ed25519 keys in DER, RFC 8410. (x509/der.h is right of this layer, and would be
 * more than these two structures need.) */
#ifndef TLSC_CRYPTO_SODIUM_KEY_DER_H
#define TLSC_CRYPTO_SODIUM_KEY_DER_H

#include "tlscore/base.h"

enum { TLSC_ED25519_KEY_LEN = 32, TLSC_ED25519_SPKI_LEN = 44 };

/* Parses a SubjectPublicKeyInfo. out: TLSC_ED25519_KEY_LEN bytes, borrowed from `der`. errors:
 * TLSC_E_BAD_DER; TLSC_E_UNSUPPORTED_KEY for a key of another algorithm. */
tlsc_err tlsc_ed25519_parse_public(tlsc_bytes der, const uint8_t **out);

/* Parses a PKCS #8 key. out: its seed, TLSC_ED25519_KEY_LEN bytes, and the public half if it holds one,
 * else NULL; both borrowed. errors: TLSC_E_BAD_PRIVATE_KEY, TLSC_E_UNSUPPORTED_KEY. */
tlsc_err tlsc_ed25519_parse_private(tlsc_bytes der, const uint8_t **seed, const uint8_t **pub);

/* Writes the SubjectPublicKeyInfo of a public key. */
void tlsc_ed25519_write_public(const uint8_t pub[TLSC_ED25519_KEY_LEN],
                               uint8_t out[TLSC_ED25519_SPKI_LEN]);

#endif
