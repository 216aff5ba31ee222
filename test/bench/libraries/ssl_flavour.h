/* SPDX-License-Identifier: Apache-2.0 */
/* test/bench/libraries/ssl_flavour.h: where the three libssl differ. A file each. */
#ifndef TEST_BENCH_LIBRARIES_SSL_FLAVOUR_H
#define TEST_BENCH_LIBRARIES_SSL_FLAVOUR_H

#include <stdbool.h>

#include <openssl/ssl.h>

/* "BoringSSL" */
extern const char flavour_name[];

/* A context with as little X.509 as the library can do with. */
SSL_CTX *flavour_ctx(void);
/* Certificate and key; false if they don't load. */
bool flavour_use(SSL_CTX *ctx, X509 *certificate, EVP_PKEY *key);
/* Takes any certificate. The signature of the handshake is checked all the same. */
void flavour_trust_any(SSL_CTX *ctx);
/* This cipher suite and no other, as far as the library lets itself be told. */
bool flavour_suite(SSL_CTX *ctx, bool tls13, const char *name);

#endif
