/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/aead.c: AES-GCM and ChaCha20-Poly1305 on EVP_AEAD.
 *
 * The context lies in the caller's memory, and neither flavour allocates for these three: a record
 * costs no allocation and no lock. */
#include <openssl/aead.h>

#include "base/mem.h"
#include "crypto/libcrypto/internal.h"

_Static_assert(sizeof(EVP_AEAD_CTX) <= TLSC_AEAD_STATE_MAX, "TLSC_AEAD_STATE_MAX is too small");
_Static_assert(_Alignof(EVP_AEAD_CTX) <= 16, "an AEAD's state is aligned to 16");

static tlsc_err init_with(void *state, const EVP_AEAD *aead, const uint8_t *key)
{
    EVP_AEAD_CTX *ctx = state;
    EVP_AEAD_CTX_zero(ctx);
    if (!EVP_AEAD_CTX_init(ctx, aead, key, EVP_AEAD_key_length(aead), TLSC_AEAD_TAG_LEN, NULL)) {
        tlsc_wipe(ctx, sizeof(*ctx));
        return tlsc_libcrypto_error(TLSC_E_CRYPTO);
    }
    return TLSC_OK;
}

static tlsc_err aes128gcm_init(void *state, const uint8_t *key)
{
    return init_with(state, EVP_aead_aes_128_gcm(), key);
}

static tlsc_err aes256gcm_init(void *state, const uint8_t *key)
{
    return init_with(state, EVP_aead_aes_256_gcm(), key);
}

static tlsc_err chacha20poly1305_init(void *state, const uint8_t *key)
{
    return init_with(state, EVP_aead_chacha20_poly1305(), key);
}

static tlsc_err seal(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN], tlsc_bytes ad,
                     uint8_t *data, size_t n)
{
    size_t tag_len = 0;
    if (!EVP_AEAD_CTX_seal_scatter(state, data, data + n, &tag_len, TLSC_AEAD_TAG_LEN, nonce,
                                   TLSC_AEAD_NONCE_LEN, data, n, NULL, 0, ad.p, ad.n) ||
        tag_len != TLSC_AEAD_TAG_LEN) {
        return tlsc_libcrypto_error(TLSC_E_CRYPTO);
    }
    return TLSC_OK;
}

static tlsc_err seal_from(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN], tlsc_bytes ad,
                          uint8_t *out, tlsc_bytes text, tlsc_bytes last)
{
    size_t tail_len = 0;
    size_t room = last.n + TLSC_AEAD_TAG_LEN;
    if (!EVP_AEAD_CTX_seal_scatter(state, out, out + text.n, &tail_len, room, nonce,
                                   TLSC_AEAD_NONCE_LEN, text.p, text.n, last.p, last.n, ad.p, ad.n) ||
        tail_len != room) {
        return tlsc_libcrypto_error(TLSC_E_CRYPTO);
    }
    return TLSC_OK;
}

static tlsc_err open(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN], tlsc_bytes ad,
                     uint8_t *data, size_t n)
{
    if (n < TLSC_AEAD_TAG_LEN) {
        return TLSC_E_BAD_RECORD_MAC;
    }
    size_t text_len = n - TLSC_AEAD_TAG_LEN;
    if (!EVP_AEAD_CTX_open_gather(state, data, nonce, TLSC_AEAD_NONCE_LEN, data, text_len,
                                  data + text_len, TLSC_AEAD_TAG_LEN, ad.p, ad.n)) {
        return tlsc_libcrypto_error(TLSC_E_BAD_RECORD_MAC);
    }
    return TLSC_OK;
}

static void clear(void *state)
{
    EVP_AEAD_CTX_cleanup(state);
    tlsc_wipe(state, sizeof(EVP_AEAD_CTX));
}

const tlsc_aead tlsc_libcrypto_aes128gcm = {
    .size = sizeof(tlsc_aead),
    .name = "AES-128-GCM",
    .key_len = 16,
    .state_len = sizeof(EVP_AEAD_CTX),
    .init = aes128gcm_init,
    .seal = seal,
    .seal_from = seal_from,
    .open = open,
    .clear = clear,
};

const tlsc_aead tlsc_libcrypto_aes256gcm = {
    .size = sizeof(tlsc_aead),
    .name = "AES-256-GCM",
    .key_len = 32,
    .state_len = sizeof(EVP_AEAD_CTX),
    .init = aes256gcm_init,
    .seal = seal,
    .seal_from = seal_from,
    .open = open,
    .clear = clear,
};

const tlsc_aead tlsc_libcrypto_chacha20poly1305 = {
    .size = sizeof(tlsc_aead),
    .name = "CHACHA20-POLY1305",
    .key_len = 32,
    .state_len = sizeof(EVP_AEAD_CTX),
    .init = chacha20poly1305_init,
    .seal = seal,
    .seal_from = seal_from,
    .open = open,
    .clear = clear,
};
