/* SPDX-License-Identifier: Apache-2.0 */
/* record/protect12.h: TLS 1.2's record protection with AEADs, RFC 5246 6.2.3.3. */
#ifndef TLSC_RECORD_PROTECT12_H
#define TLSC_RECORD_PROTECT12_H

#include "record/protect.h"

/* Bytes of a direction's fixed IV: 4 for GCM (RFC 5288 3), 12 for ChaCha20-Poly1305 (RFC 7905 2). */
size_t tlsc_protect12_iv_len(const tlsc_suite *suite);

/* Takes up a direction's key (suite->aead->key_len bytes) and fixed IV, from record 0.
 * errors: TLSC_E_CRYPTO; then there is no protection. */
tlsc_err tlsc_protect12_start(tlsc_protect *p, const tlsc_suite *suite, const uint8_t *key,
                              const uint8_t *iv);

/* As tlsc_protect_seal and tlsc_protect_open, which call them. */
tlsc_err tlsc_protect12_seal(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n);
/* As tlsc_protect_seal_from, with an AEAD that has a seal_from. */
tlsc_err tlsc_protect12_seal_from(tlsc_protect *p, uint8_t type, tlsc_bytes text, uint8_t *data);
tlsc_err tlsc_protect12_open(tlsc_protect *p, tlsc_bytes header, uint8_t *body, size_t n,
                             uint8_t *type, tlsc_bytes *content);

#endif
