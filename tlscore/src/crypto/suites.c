/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/suites.c: libcrypto's cipher suites, as rows. */
#include "crypto/suites.h"

#include "crypto/libcrypto/libcrypto.h"

/* RFC 8446 B.4 */
static const tlsc_suite aes_128_gcm_sha256 = {
    .size = sizeof(tlsc_suite),
    .id = 0x1301,
    .version = TLSC_TLS13,
    .name = "TLS_AES_128_GCM_SHA256",
    .openssl_name = "TLS_AES_128_GCM_SHA256",
    .aead = &tlsc_libcrypto_aes128gcm,
    .hash = &tlsc_libcrypto_sha256,
    .confidentiality_limit = TLSC_AES_GCM_LIMIT,
};

static const tlsc_suite aes_256_gcm_sha384 = {
    .size = sizeof(tlsc_suite),
    .id = 0x1302,
    .version = TLSC_TLS13,
    .name = "TLS_AES_256_GCM_SHA384",
    .openssl_name = "TLS_AES_256_GCM_SHA384",
    .aead = &tlsc_libcrypto_aes256gcm,
    .hash = &tlsc_libcrypto_sha384,
    .confidentiality_limit = TLSC_AES_GCM_LIMIT,
};

static const tlsc_suite chacha20_poly1305_sha256 = {
    .size = sizeof(tlsc_suite),
    .id = 0x1303,
    .version = TLSC_TLS13,
    .name = "TLS_CHACHA20_POLY1305_SHA256",
    .openssl_name = "TLS_CHACHA20_POLY1305_SHA256",
    .aead = &tlsc_libcrypto_chacha20poly1305,
    .hash = &tlsc_libcrypto_sha256,
    .confidentiality_limit = TLSC_CHACHA20_LIMIT,
};

/* TLS 1.2's ECDHE suites, RFC 5289 and 7905: the same three AEADs for each kind of certificate. */
#define SUITE12(row, code, iana, openssl, auth, cipher, prf, nonce, limit) \
    static const tlsc_suite row = {                                        \
        .size = sizeof(tlsc_suite),                                        \
        .id = code,                                                        \
        .version = TLSC_TLS12,                                             \
        .name = iana,                                                      \
        .openssl_name = openssl,                                           \
        .aead = cipher,                                                    \
        .hash = prf,                                                       \
        .authentication = auth,                                            \
        .explicit_nonce_len = nonce,                                       \
        .confidentiality_limit = limit,                                    \
    }

SUITE12(ecdhe_ecdsa_aes_128, 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-ECDSA-AES128-GCM-SHA256", TLSC_AUTH_ECDSA, &tlsc_libcrypto_aes128gcm,
        &tlsc_libcrypto_sha256, 8, TLSC_AES_GCM_LIMIT);
SUITE12(ecdhe_ecdsa_aes_256, 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-ECDSA-AES256-GCM-SHA384", TLSC_AUTH_ECDSA, &tlsc_libcrypto_aes256gcm,
        &tlsc_libcrypto_sha384, 8, TLSC_AES_GCM_LIMIT);
SUITE12(ecdhe_ecdsa_chacha20, 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305", TLSC_AUTH_ECDSA, &tlsc_libcrypto_chacha20poly1305,
        &tlsc_libcrypto_sha256, 0, TLSC_CHACHA20_LIMIT);
SUITE12(ecdhe_rsa_aes_128, 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256", TLSC_AUTH_RSA, &tlsc_libcrypto_aes128gcm,
        &tlsc_libcrypto_sha256, 8, TLSC_AES_GCM_LIMIT);
SUITE12(ecdhe_rsa_aes_256, 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", TLSC_AUTH_RSA, &tlsc_libcrypto_aes256gcm,
        &tlsc_libcrypto_sha384, 8, TLSC_AES_GCM_LIMIT);
SUITE12(ecdhe_rsa_chacha20, 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "ECDHE-RSA-CHACHA20-POLY1305", TLSC_AUTH_RSA, &tlsc_libcrypto_chacha20poly1305,
        &tlsc_libcrypto_sha256, 0, TLSC_CHACHA20_LIMIT);

const tlsc_suite *const tlsc_libcrypto_suites[TLSC_NUM_LIBCRYPTO_SUITES] = {
    &aes_128_gcm_sha256,
    &aes_256_gcm_sha384,
    &chacha20_poly1305_sha256,
    &ecdhe_ecdsa_aes_128,
    &ecdhe_ecdsa_aes_256,
    &ecdhe_ecdsa_chacha20,
    &ecdhe_rsa_aes_128,
    &ecdhe_rsa_aes_256,
    &ecdhe_rsa_chacha20,
};
