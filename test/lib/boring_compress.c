/* SPDX-License-Identifier: Apache-2.0 */
#include "boring_compress.h"

#include <openssl/bytestring.h>
#include <openssl/pool.h>
#include <openssl/ssl.h>
#ifdef TLSC_HAVE_BROTLI
#include <brotli/decode.h>
#include <brotli/encode.h>
#endif
#ifdef TLSC_HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef TLSC_HAVE_ZSTD
#include <zstd.h>
#endif

enum { IDS = 4, OUT_MAX = 1 << 17 };

static unsigned compressed[IDS];
static unsigned decompressed[IDS];

unsigned boring_compressed(uint16_t id)
{
    return compressed[id];
}

unsigned boring_decompressed(uint16_t id)
{
    return decompressed[id];
}

#if defined(TLSC_HAVE_BROTLI) || defined(TLSC_HAVE_ZLIB) || defined(TLSC_HAVE_ZSTD)
/* What a library makes of `in`: *n is the room, then the length. */
typedef bool (*convert)(uint8_t *out, size_t *n, const uint8_t *in, size_t in_n);

static int run_compress(convert f, uint16_t id, CBB *out, const uint8_t *in, size_t in_n)
{
    uint8_t *room;
    size_t n = OUT_MAX;
    compressed[id]++;
    return CBB_reserve(out, &room, n) && f(room, &n, in, in_n) && CBB_did_write(out, n);
}

static int run_decompress(convert f, uint16_t id, CRYPTO_BUFFER **out, size_t n, const uint8_t *in,
                          size_t in_n)
{
    uint8_t *to;
    size_t got = n;
    decompressed[id]++;
    *out = CRYPTO_BUFFER_alloc(&to, n);
    return *out != NULL && f(to, &got, in, in_n) && got == n;
}

#define ALGORITHM(name, id)                                                                         \
    static int name##_in(SSL *ssl, CBB *out, const uint8_t *in, size_t in_n)                        \
    {                                                                                               \
        (void)ssl;                                                                                  \
        return run_compress(name##_compress, id, out, in, in_n);                                    \
    }                                                                                               \
    static int name##_out(SSL *ssl, CRYPTO_BUFFER **out, size_t n, const uint8_t *in, size_t in_n)  \
    {                                                                                               \
        (void)ssl;                                                                                  \
        return run_decompress(name##_decompress, id, out, n, in, in_n);                             \
    }
#endif

#ifdef TLSC_HAVE_BROTLI
static bool brotli_compress(uint8_t *out, size_t *n, const uint8_t *in, size_t in_n)
{
    return BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, in_n, in, n, out);
}

static bool brotli_decompress(uint8_t *out, size_t *n, const uint8_t *in, size_t in_n)
{
    return BrotliDecoderDecompress(in_n, in, n, out) == BROTLI_DECODER_RESULT_SUCCESS;
}

ALGORITHM(brotli, 2)
#endif

#ifdef TLSC_HAVE_ZLIB
static bool zlib_compress(uint8_t *out, size_t *n, const uint8_t *in, size_t in_n)
{
    uLongf room = *n;
    bool good = compress(out, &room, in, in_n) == Z_OK;
    *n = room;
    return good;
}

static bool zlib_decompress(uint8_t *out, size_t *n, const uint8_t *in, size_t in_n)
{
    uLongf room = *n;
    bool good = uncompress(out, &room, in, in_n) == Z_OK;
    *n = room;
    return good;
}

ALGORITHM(zlib, 1)
#endif

#ifdef TLSC_HAVE_ZSTD
static bool zstd_compress(uint8_t *out, size_t *n, const uint8_t *in, size_t in_n)
{
    *n = ZSTD_compress(out, *n, in, in_n, 3);
    return !ZSTD_isError(*n);
}

static bool zstd_decompress(uint8_t *out, size_t *n, const uint8_t *in, size_t in_n)
{
    *n = ZSTD_decompress(out, *n, in, in_n);
    return !ZSTD_isError(*n);
}

ALGORITHM(zstd, 3)
#endif

bool boring_compress_add(SSL_CTX *ctx, unsigned set)
{
    bool good = true;
    (void)ctx;
    (void)set;
#ifdef TLSC_HAVE_BROTLI
    good = good && ((set & BORING_BROTLI) == 0 ||
                    SSL_CTX_add_cert_compression_alg(ctx, 2, brotli_in, brotli_out));
#endif
#ifdef TLSC_HAVE_ZLIB
    good = good && ((set & BORING_ZLIB) == 0 ||
                    SSL_CTX_add_cert_compression_alg(ctx, 1, zlib_in, zlib_out));
#endif
#ifdef TLSC_HAVE_ZSTD
    good = good && ((set & BORING_ZSTD) == 0 ||
                    SSL_CTX_add_cert_compression_alg(ctx, 3, zstd_in, zstd_out));
#endif
    return good;
}
