/* SPDX-License-Identifier: Apache-2.0 */
/* test/bench/libraries/boring.h: what BoringSSL and AWS-LC, which comes from it, have in common. */
#ifndef TEST_BENCH_LIBRARIES_BORING_H
#define TEST_BENCH_LIBRARIES_BORING_H

#include <openssl/pool.h>
#include <openssl/x509.h>

#include "ssl_flavour.h"

/* Certificates as bytes: they are never parsed into an X509. */
SSL_CTX *flavour_ctx(void)
{
    return SSL_CTX_new(TLS_with_buffers_method());
}

bool flavour_use(SSL_CTX *ctx, X509 *certificate, EVP_PKEY *key)
{
    uint8_t *der = NULL;
    int n = i2d_X509(certificate, &der);
    CRYPTO_BUFFER *buffer = n > 0 ? CRYPTO_BUFFER_new(der, (size_t)n, NULL) : NULL;
    bool good = buffer != NULL && SSL_CTX_set_chain_and_key(ctx, &buffer, 1, key, NULL) == 1;
    CRYPTO_BUFFER_free(buffer);
    OPENSSL_free(der);
    return good;
}

static enum ssl_verify_result_t accept_any(SSL *ssl, uint8_t *out_alert)
{
    (void)ssl;
    (void)out_alert;
    return ssl_verify_ok;
}

void flavour_trust_any(SSL_CTX *ctx)
{
    SSL_CTX_set_custom_verify(ctx, SSL_VERIFY_PEER, accept_any);
}

#endif
