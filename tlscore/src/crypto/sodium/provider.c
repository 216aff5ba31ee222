/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/provider.c: the provider "sodium": its suites, and what it is made of. */
#include <sodium.h>

#include "base/try.h"
#include "crypto/libcrypto/libcrypto.h"
#include "crypto/sodium/sodium.h"
#include "crypto/suites.h"

static const tlsc_suite chacha20_poly1305_sha256 = {
    .size = sizeof(tlsc_suite),
    .id = 0x1303,
    .version = TLSC_TLS13,
    .name = "TLS_CHACHA20_POLY1305_SHA256",
    .openssl_name = "TLS_CHACHA20_POLY1305_SHA256",
    .aead = &tlsc_sodium_chacha20poly1305,
    .hash = &tlsc_sodium_sha256,
    .confidentiality_limit = TLSC_CHACHA20_LIMIT,
};

/* libsodium has neither SHA-384 nor SHA-1: libcrypto's serve. */
static const tlsc_suite aes_256_gcm_sha384 = {
    .size = sizeof(tlsc_suite),
    .id = 0x1302,
    .version = TLSC_TLS13,
    .name = "TLS_AES_256_GCM_SHA384",
    .openssl_name = "TLS_AES_256_GCM_SHA384",
    .aead = &tlsc_sodium_aes256gcm,
    .hash = &tlsc_libcrypto_sha384,
    .confidentiality_limit = TLSC_AES_GCM_LIMIT,
};

/* TLS 1.2 with Ed25519 certificates, RFC 8422 5.10. */
static const tlsc_suite ecdhe_ecdsa_chacha20 = {
    .size = sizeof(tlsc_suite),
    .id = 0xcca9,
    .version = TLSC_TLS12,
    .name = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    .openssl_name = "ECDHE-ECDSA-CHACHA20-POLY1305",
    .aead = &tlsc_sodium_chacha20poly1305,
    .hash = &tlsc_sodium_sha256,
    .authentication = TLSC_AUTH_ECDSA,
    .confidentiality_limit = TLSC_CHACHA20_LIMIT,
};

static const tlsc_suite ecdhe_ecdsa_aes_256 = {
    .size = sizeof(tlsc_suite),
    .id = 0xc02c,
    .version = TLSC_TLS12,
    .name = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    .openssl_name = "ECDHE-ECDSA-AES256-GCM-SHA384",
    .aead = &tlsc_sodium_aes256gcm,
    .hash = &tlsc_libcrypto_sha384,
    .authentication = TLSC_AUTH_ECDSA,
    .explicit_nonce_len = 8,
    .confidentiality_limit = TLSC_AES_GCM_LIMIT,
};

/* Those that every CPU has first, so that both lists are one. */
static const tlsc_suite *const suites[] = {
    &chacha20_poly1305_sha256,
    &ecdhe_ecdsa_chacha20,
    &aes_256_gcm_sha384,
    &ecdhe_ecdsa_aes_256,
};
enum { NUM_SUITES_WITHOUT_AES = 2 };

static const tlsc_group *const groups[] = { &tlsc_sodium_x25519 };

#define SODIUM_PROVIDER(num)                           \
    {                                                  \
        .size = sizeof(tlsc_provider),                 \
        .name = "sodium",                              \
        .suites = suites,                              \
        .num_suites = (num),                           \
        .groups = groups,                              \
        .num_groups = TLSC_COUNT(groups),              \
        .random = &tlsc_sodium_random,                 \
        .ticket_aead = &tlsc_sodium_chacha20poly1305,  \
        .ticket_hash = &tlsc_sodium_sha256,            \
        .load_key = tlsc_sodium_load_key,              \
        .verify = tlsc_sodium_verify,                  \
        .sha1 = &tlsc_libcrypto_sha1,                  \
    }

static const tlsc_provider with_aes = SODIUM_PROVIDER(TLSC_COUNT(suites));
static const tlsc_provider without_aes = SODIUM_PROVIDER(NUM_SUITES_WITHOUT_AES);

const tlsc_provider *tlsc_provider_sodium(void)
{
    if (sodium_init() < 0) {
        return NULL;
    }
    return tlsc_sodium_has_aes256gcm() ? &with_aes : &without_aes;
}
