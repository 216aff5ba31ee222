/* SPDX-License-Identifier: Apache-2.0 */
/* keys/prf12.h: TLS 1.2's PRF and what it makes.
 *
 *     pre-master secret --- PRF("extended master secret", session hash) --- master secret[48]
 *                        \- PRF("master secret", client random | server random) -/
 *     master secret --- PRF("key expansion", server random | client random) --- keys and IVs
 *                   \-- PRF("client finished" | "server finished", transcript) --- verify_data[12]
 *
 * RFC 5246 5, 6.3, 7.4.9, 8.1; RFC 7627 4. */
#ifndef TLSC_KEYS_PRF12_H
#define TLSC_KEYS_PRF12_H

#include "base/secret.h"
#include "keys/hmac.h"
#include "tlscore/provider.h"

enum { TLSC_MASTER12_LEN = 48, TLSC_VERIFY_DATA12_LEN = 12, TLSC_RANDOM_LEN = 32 };

/* `n` bytes of PRF(secret, label, seed), where the seed comes in two parts. errors: TLSC_E_CRYPTO,
 * TLSC_E_NO_MEMORY, then `out` is zero. As all here. */
tlsc_err tlsc_prf12(const tlsc_hash *hash, tlsc_bytes secret, const char *label, tlsc_bytes seed1,
                    tlsc_bytes seed2, uint8_t *out, size_t n);

/* The master secret with extended master secret: in: the transcript's hash through
 * ClientKeyExchange. out: cleared by its owner. RFC 7627 4 */
tlsc_err tlsc_master12_extended(const tlsc_hash *hash, tlsc_bytes premaster,
                                const uint8_t *session_hash, tlsc_secret *out);
/* The master secret without. in: 32 bytes each. RFC 5246 8.1 */
tlsc_err tlsc_master12(const tlsc_hash *hash, tlsc_bytes premaster, const uint8_t *client_random,
                       const uint8_t *server_random, tlsc_secret *out);

/* Keys and fixed IVs of both directions; wiped by its owner. RFC 5246 6.3 */
typedef struct tlsc_keys12 {
    uint8_t client_key[TLSC_AEAD_KEY_MAX];
    uint8_t server_key[TLSC_AEAD_KEY_MAX];
    uint8_t client_iv[TLSC_AEAD_NONCE_LEN];
    uint8_t server_iv[TLSC_AEAD_NONCE_LEN];
} tlsc_keys12;
/* in: `iv_len`, bytes of a fixed IV; `master`, HMAC under the master secret, as below. */
tlsc_err tlsc_keys12_derive(const tlsc_suite *suite, size_t iv_len, const tlsc_hmac *master,
                            const uint8_t *client_random, const uint8_t *server_random,
                            tlsc_keys12 *out);
void tlsc_keys12_clear(tlsc_keys12 *keys);

/* Keying material: `n` bytes of PRF(master, label, client random + server random, + context with its length
 * where there is one, be it empty). errors: TLSC_E_USAGE for a context over 65,535 bytes, too. RFC 5705 4 */
tlsc_err tlsc_export12(const tlsc_hash *hash, const tlsc_secret *master, const char *label,
                       const uint8_t *client_random, const uint8_t *server_random,
                       tlsc_bytes context, bool has_context, uint8_t *out, size_t n);

/* verify_data of a Finished. in: the transcript's hash before it. out: 12 bytes. RFC 5246 7.4.9 */
tlsc_err tlsc_finished12(const tlsc_hmac *master, bool by_server,
                         const uint8_t *transcript_hash, uint8_t out[TLSC_VERIFY_DATA12_LEN]);

#endif
