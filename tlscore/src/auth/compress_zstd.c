/* SPDX-License-Identifier: Apache-2.0 */
/* auth/compress_zstd.c: zstd, RFC 8878, by its library, whose stable interface takes no allocator. */
#include <zstd.h>
#include <zstd_errors.h>

#include "auth/compress.h"

enum { LEVEL = 19 }; /* the best that needs no more memory to read than others */

static bool is_out_of_memory(size_t result)
{
    return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation;
}

static tlsc_err zstd_compress(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    size_t got = ZSTD_compress(out, tlsc_compression_worth(in, room), in.p, in.n, LEVEL);
    if (ZSTD_isError(got)) {
        return is_out_of_memory(got) ? TLSC_E_NO_MEMORY : TLSC_E_TOO_SMALL;
    }
    *n = got;
    return TLSC_OK;
}

/* Its state has one size, and into one piece of memory it needs no window, whatever a frame announces. */
static tlsc_err zstd_decompress(tlsc_bytes in, uint8_t *out, size_t n)
{
    size_t got = ZSTD_decompress(out, n, in.p, in.n);
    if (ZSTD_isError(got) && is_out_of_memory(got)) {
        return TLSC_E_NO_MEMORY;
    }
    return got == n ? TLSC_OK : TLSC_E_BAD_COMPRESSED_CERTIFICATE;
}

const tlsc_compression tlsc_compression_zstd = { TLSC_COMPRESSION_ZSTD, "zstd", zstd_compress,
                                                 zstd_decompress };
