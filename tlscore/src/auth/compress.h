/* SPDX-License-Identifier: Apache-2.0 */
/* auth/compress.h: tlscore's own compression algorithms, a file for each library. */
#ifndef TLSC_AUTH_COMPRESS_H
#define TLSC_AUTH_COMPRESS_H

#include "tlscore/compress.h"

extern const tlsc_compression tlsc_compression_brotli;
extern const tlsc_compression tlsc_compression_zstd;
extern const tlsc_compression tlsc_compression_zlib;

/* How long the result may be for the message to get shorter: 8 bytes of it stand before the result. */
size_t tlsc_compression_worth(tlsc_bytes in, size_t room);

#endif
