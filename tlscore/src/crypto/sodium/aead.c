/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/aead.c: ChaCha20-Poly1305 (RFC 8439), and AES-256-GCM with its key schedule in the
 * caller's memory. Nothing is allocated. Neither has a seal_from: libsodium wants a text in one piece, and
 * TLS 1.3 puts a byte behind it. */
#include <sodium.h>

#include <string.h>

#include "base/mem.h"
#include "crypto/sodium/sodium.h"

_Static_assert(sizeof(crypto_aead_aes256gcm_state) <= TLSC_AEAD_STATE_MAX,
               "TLSC_AEAD_STATE_MAX is too small");
_Static_assert(_Alignof(crypto_aead_aes256gcm_state) <= 16, "an AEAD's state is aligned to 16");

enum {
    KEY_LEN = crypto_aead_chacha20poly1305_IETF_KEYBYTES,
    /* Longer texts than this would be the end of the process, by libsodium's sodium_misuse. Both
     * ciphers' own limits are far above it. */
    TEXT_MAX = 1 << 30
};

_Static_assert(KEY_LEN == crypto_aead_aes256gcm_KEYBYTES, "both keys are as long");

/* -- ChaCha20-Poly1305: the state is the key */

static tlsc_err chacha_init(void *state, const uint8_t *key)
{
    memcpy(state, key, KEY_LEN);
    return TLSC_OK;
}

static tlsc_err chacha_seal(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN],
                            tlsc_bytes ad, uint8_t *data, size_t n)
{
    if (n > TEXT_MAX || crypto_aead_chacha20poly1305_ietf_encrypt_detached(
                            data, data + n, NULL, data, n, ad.p, ad.n, NULL, nonce,
                            (const unsigned char *)state) != 0) {
        return TLSC_E_CRYPTO;
    }
    return TLSC_OK;
}

static tlsc_err chacha_open(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN],
                            tlsc_bytes ad, uint8_t *data, size_t n)
{
    if (n < TLSC_AEAD_TAG_LEN || n > TEXT_MAX) {
        return TLSC_E_BAD_RECORD_MAC;
    }
    size_t text_len = n - TLSC_AEAD_TAG_LEN;
    if (crypto_aead_chacha20poly1305_ietf_decrypt_detached(data, NULL, data, text_len,
                                                           data + text_len, ad.p, ad.n, nonce,
                                                           (const unsigned char *)state) != 0) {
        return TLSC_E_BAD_RECORD_MAC;
    }
    return TLSC_OK;
}

static void chacha_clear(void *state)
{
    tlsc_wipe(state, KEY_LEN);
}

const tlsc_aead tlsc_sodium_chacha20poly1305 = {
    .size = sizeof(tlsc_aead),
    .name = "CHACHA20-POLY1305",
    .key_len = KEY_LEN,
    .state_len = KEY_LEN,
    .init = chacha_init,
    .seal = chacha_seal,
    .open = chacha_open,
    .clear = chacha_clear,
};

/* -- AES-256-GCM */

bool tlsc_sodium_has_aes256gcm(void)
{
    return crypto_aead_aes256gcm_is_available() == 1;
}

static tlsc_err aes_init(void *state, const uint8_t *key)
{
    if (crypto_aead_aes256gcm_beforenm((crypto_aead_aes256gcm_state *)state, key) != 0) {
        return TLSC_E_CRYPTO;
    }
    return TLSC_OK;
}

static tlsc_err aes_seal(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN], tlsc_bytes ad,
                         uint8_t *data, size_t n)
{
    if (n > TEXT_MAX || crypto_aead_aes256gcm_encrypt_detached_afternm(
                            data, data + n, NULL, data, n, ad.p, ad.n, NULL, nonce,
                            (const crypto_aead_aes256gcm_state *)state) != 0) {
        return TLSC_E_CRYPTO;
    }
    return TLSC_OK;
}

static tlsc_err aes_open(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN], tlsc_bytes ad,
                         uint8_t *data, size_t n)
{
    if (n < TLSC_AEAD_TAG_LEN || n > TEXT_MAX) {
        return TLSC_E_BAD_RECORD_MAC;
    }
    size_t text_len = n - TLSC_AEAD_TAG_LEN;
    if (crypto_aead_aes256gcm_decrypt_detached_afternm(
            data, NULL, data, text_len, data + text_len, ad.p, ad.n, nonce,
            (const crypto_aead_aes256gcm_state *)state) != 0) {
        return TLSC_E_BAD_RECORD_MAC;
    }
    return TLSC_OK;
}

static void aes_clear(void *state)
{
    tlsc_wipe(state, sizeof(crypto_aead_aes256gcm_state));
}

const tlsc_aead tlsc_sodium_aes256gcm = {
    .size = sizeof(tlsc_aead),
    .name = "AES-256-GCM",
    .key_len = KEY_LEN,
    .state_len = sizeof(crypto_aead_aes256gcm_state),
    .init = aes_init,
    .seal = aes_seal,
    .open = aes_open,
    .clear = aes_clear,
};
