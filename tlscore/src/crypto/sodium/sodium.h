/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/sodium.h: the tables that libsodium fills, without its types. They want sodium_init,
 * which tlsc_provider_sodium sees to. */
#ifndef TLSC_CRYPTO_SODIUM_SODIUM_H
#define TLSC_CRYPTO_SODIUM_SODIUM_H

#include "tlscore/provider.h"

extern const tlsc_hash tlsc_sodium_sha256;

/* Whether this CPU has what AES-256-GCM needs: libsodium has no other implementation. */
bool tlsc_sodium_has_aes256gcm(void);
extern const tlsc_aead tlsc_sodium_aes256gcm;
extern const tlsc_aead tlsc_sodium_chacha20poly1305;

extern const tlsc_group tlsc_sodium_x25519;

extern const tlsc_random tlsc_sodium_random;

/* Ed25519 alone. */
tlsc_err tlsc_sodium_load_key(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out);
tlsc_err tlsc_sodium_verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                            tlsc_bytes signature);

#endif
