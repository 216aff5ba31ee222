/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/suites.h: the cipher suites of libcrypto's provider. */
#ifndef TLSC_CRYPTO_SUITES_H
#define TLSC_CRYPTO_SUITES_H

#include "tlscore/provider.h"

/* RFC 8446 5.5: 2^24.5 full records under one AES-GCM key leave a safety margin of 2^-57; the power
 * of two below is used. ChaCha20-Poly1305's record numbers wrap before its limit is met; 2^62 is
 * never reached. */
#define TLSC_AES_GCM_LIMIT (UINT64_C(1) << 24)
#define TLSC_CHACHA20_LIMIT (UINT64_C(1) << 62)

enum { TLSC_NUM_LIBCRYPTO_SUITES = 9 };

/* In order of preference. */
extern const tlsc_suite *const tlsc_libcrypto_suites[TLSC_NUM_LIBCRYPTO_SUITES];

#endif
