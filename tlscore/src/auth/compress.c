/* SPDX-License-Identifier: Apache-2.0 */
/* auth/compress.c: the algorithms that this build has. */
#include "auth/compress.h"

#include "wire/compressed_certificate.h"

/* Best first: brotli knows words of its own and is the quickest to read; behind the last stands NULL. */
static const tlsc_compression *const built_in[] = {
#ifdef TLSC_HAVE_BROTLI
    &tlsc_compression_brotli,
#endif
#ifdef TLSC_HAVE_ZSTD
    &tlsc_compression_zstd,
#endif
#ifdef TLSC_HAVE_ZLIB
    &tlsc_compression_zlib,
#endif
    NULL,
};

const tlsc_compression *const *tlsc_compressions(size_t *num)
{
    *num = sizeof(built_in) / sizeof(built_in[0]) - 1;
    return built_in;
}

const tlsc_compression *tlsc_compression_by_id(uint16_t id)
{
    for (size_t i = 0; built_in[i] != NULL; i++) {
        if (built_in[i]->id == id) {
            return built_in[i];
        }
    }
    return NULL;
}

size_t tlsc_compression_worth(tlsc_bytes in, size_t room)
{
    size_t most = in.n > TLSC_COMPRESSED_HEADER ? in.n - TLSC_COMPRESSED_HEADER - 1 : 0;
    return most < room ? most : room;
}
