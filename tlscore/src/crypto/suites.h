/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/suites.h: the cipher suites of libcrypto's provider. */
#ifndef TLSC_CRYPTO_SUITES_H
#define TLSC_CRYPTO_SUITES_H

#include "tlscore/provider.h"

enum { TLSC_NUM_LIBCRYPTO_SUITES = 9 };

/* In order of preference. */
extern const tlsc_suite *const tlsc_libcrypto_suites[TLSC_NUM_LIBCRYPTO_SUITES];

#endif
