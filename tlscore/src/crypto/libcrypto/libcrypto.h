/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/libcrypto.h: the tables that BoringSSL and AWS-LC fill, without their types. */
#ifndef TLSC_CRYPTO_LIBCRYPTO_LIBCRYPTO_H
#define TLSC_CRYPTO_LIBCRYPTO_LIBCRYPTO_H

#include "tlscore/provider.h"

/* "BoringSSL" or "AWS-LC". */
extern const char tlsc_libcrypto_name[];

extern const tlsc_hash tlsc_libcrypto_sha1;
extern const tlsc_hash tlsc_libcrypto_sha256;
extern const tlsc_hash tlsc_libcrypto_sha384;

extern const tlsc_aead tlsc_libcrypto_aes128gcm;
extern const tlsc_aead tlsc_libcrypto_aes256gcm;
extern const tlsc_aead tlsc_libcrypto_chacha20poly1305;

extern const tlsc_group tlsc_libcrypto_x25519;
extern const tlsc_group tlsc_libcrypto_p256;
extern const tlsc_group tlsc_libcrypto_p384;
extern const tlsc_group tlsc_libcrypto_p521;
extern const tlsc_group tlsc_libcrypto_mlkem1024;
extern const tlsc_group tlsc_libcrypto_x25519mlkem768;
extern const tlsc_group tlsc_libcrypto_p256mlkem768;
extern const tlsc_group tlsc_libcrypto_p384mlkem1024;
/* No group of its own here, but a part of hybrids. */
extern const tlsc_group tlsc_libcrypto_mlkem768;

extern const tlsc_random tlsc_libcrypto_random;

tlsc_err tlsc_libcrypto_load_key(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out);
tlsc_err tlsc_libcrypto_verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                               tlsc_bytes signature);
/* Whether it was built as a validated module and is in its mode. */
bool tlsc_libcrypto_fips(void);

#endif
