/* SPDX-License-Identifier: Apache-2.0 */
/* keys/hmac.h: HMAC with a key that is used more than once: what the key alone decides is hashed once,
 * which halves the work of each further use. Of a key used once, the provider's hmac makes as much. */
#ifndef TLSC_KEYS_HMAC_H
#define TLSC_KEYS_HMAC_H

#include "tlscore/provider.h"

/* Secret as the key is: wiped by its owner with clear. */
typedef struct tlsc_hmac {
    const tlsc_hash *hash;
    _Alignas(16) uint8_t inner[TLSC_HASH_STATE_MAX]; /* after K ^ ipad */
    _Alignas(16) uint8_t outer[TLSC_HASH_STATE_MAX]; /* after K ^ opad */
} tlsc_hmac;

/* Takes a key of any length. RFC 2104 2 */
void tlsc_hmac_init(tlsc_hmac *h, const tlsc_hash *hash, tlsc_bytes key);
/* HMAC over the concatenation of the parts. out: hash->len bytes; it may be one of the parts. */
void tlsc_hmac_of(const tlsc_hmac *h, const tlsc_bytes *parts, size_t num_parts, uint8_t *out);
void tlsc_hmac_clear(tlsc_hmac *h);

#endif
