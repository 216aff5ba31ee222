/* SPDX-License-Identifier: Apache-2.0 */
/* auth/compress_zlib.c: zlib, RFC 1950, by its library. */
#define ZLIB_CONST
#include <zlib.h>

#include "auth/compress.h"
#include "base/mem.h"

static voidpf allocate(voidpf opaque, uInt items, uInt size)
{
    (void)opaque;
    return tlsc_mem_alloc((size_t)items * size);
}

static void release(voidpf opaque, voidpf p)
{
    (void)opaque;
    tlsc_mem_free(p);
}

/* Messages have lengths of 24 bits, so all of them fit into zlib's numbers. */
static z_stream stream_of(tlsc_bytes in, uint8_t *out, size_t room)
{
    return (z_stream){
        .next_in = in.p,
        .avail_in = (uInt)in.n,
        .next_out = out,
        .avail_out = (uInt)room,
        .zalloc = allocate,
        .zfree = release,
    };
}

static tlsc_err zlib_compress(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    size_t most = tlsc_compression_worth(in, room);
    z_stream s = stream_of(in, out, most);
    if (deflateInit(&s, Z_BEST_COMPRESSION) != Z_OK) {
        return TLSC_E_NO_MEMORY;
    }
    int got = deflate(&s, Z_FINISH);
    *n = most - s.avail_out;
    (void)deflateEnd(&s);
    return got == Z_STREAM_END ? TLSC_OK : TLSC_E_TOO_SMALL;
}

/* Its state has one size, and with all the room there is for the result it needs no window. */
static tlsc_err zlib_decompress(tlsc_bytes in, uint8_t *out, size_t n)
{
    z_stream s = stream_of(in, out, n);
    if (inflateInit(&s) != Z_OK) {
        return TLSC_E_NO_MEMORY;
    }
    int got = inflate(&s, Z_FINISH);
    bool whole = got == Z_STREAM_END && s.avail_in == 0 && s.avail_out == 0;
    (void)inflateEnd(&s);
    if (got == Z_MEM_ERROR) {
        return TLSC_E_NO_MEMORY;
    }
    return whole ? TLSC_OK : TLSC_E_BAD_COMPRESSED_CERTIFICATE;
}

const tlsc_compression tlsc_compression_zlib = { TLSC_COMPRESSION_ZLIB, "zlib", zlib_compress,
                                                 zlib_decompress };
