/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/boring_compress.h: certificate compression for BoringSSL, which has none of its own: the libraries'
 * functions for whole buffers, which tlscore doesn't use. */
#ifndef TEST_BORING_COMPRESS_H
#define TEST_BORING_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of algorithms: bit 1 << id. */
enum { BORING_ZLIB = 1 << 1, BORING_BROTLI = 1 << 2, BORING_ZSTD = 1 << 3 };

struct ssl_ctx_st;
/* Adds these to an SSL_CTX, as far as the build has them. */
bool boring_compress_add(struct ssl_ctx_st *ctx, unsigned set);

/* How often BoringSSL compressed and decompressed with an algorithm, since the program began. */
unsigned boring_compressed(uint16_t id);
unsigned boring_decompressed(uint16_t id);

#endif
