/* SPDX-License-Identifier: Apache-2.0 */
/* test/bench/libraries/openssl.c: OpenSSL. */
#include "ssl_flavour.h"

const char flavour_name[] = "OpenSSL";

SSL_CTX *flavour_ctx(void)
{
    return SSL_CTX_new(TLS_method());
}

bool flavour_use(SSL_CTX *ctx, X509 *certificate, EVP_PKEY *key)
{
    return SSL_CTX_use_certificate(ctx, certificate) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1;
}

static int accept_any(X509_STORE_CTX *store, void *arg)
{
    (void)store;
    (void)arg;
    return 1;
}

void flavour_trust_any(SSL_CTX *ctx)
{
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ctx, accept_any, NULL);
}

bool flavour_suite(SSL_CTX *ctx, bool tls13, const char *name)
{
    return (tls13 ? SSL_CTX_set_ciphersuites(ctx, name) : SSL_CTX_set_cipher_list(ctx, name)) == 1;
}
