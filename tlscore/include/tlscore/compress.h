/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/compress.h: what Certificate messages are compressed with, TLS 1.3 alone. RFC 8879 */
#ifndef TLSCORE_COMPRESS_H
#define TLSCORE_COMPRESS_H

#include "tlscore/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CertificateCompressionAlgorithm. RFC 8879 7.3 */
enum {
    TLSC_COMPRESSION_ZLIB = 1,
    TLSC_COMPRESSION_BROTLI = 2,
    TLSC_COMPRESSION_ZSTD = 3
};

/* An algorithm. Static storage: credentials keep what it made. Any number of threads may use it. */
typedef struct tlsc_compression {
    uint16_t id; /* CertificateCompressionAlgorithm */
    const char *name;
    /* Compresses `in` into `out`, which holds `room` bytes; their number through `n`. Done once for each
     * credential, so it may take its time. errors: TLSC_E_TOO_SMALL: it isn't worth it, the certificate
     * goes as it is (tlscore's own say so unless the message gets shorter); TLSC_E_NO_MEMORY, any other. */
    tlsc_err (*compress)(tlsc_bytes in, uint8_t *out, size_t room, size_t *n);
    /* Decompresses `in` into exactly `n` bytes at `out`: less, more, and bytes left over are errors. What
     * is allocated besides must have a bound, for `in` is the peer's. errors: TLSC_E_NO_MEMORY;
     * TLSC_E_BAD_COMPRESSED_CERTIFICATE. */
    tlsc_err (*decompress)(tlsc_bytes in, uint8_t *out, size_t n);
} tlsc_compression;

/* Those that tlscore was built with, of brotli, zstd and zlib in this order, which is best first; their
 * number through `num`, which may be 0. */
TLSC_API const tlsc_compression *const *tlsc_compressions(size_t *num);
/* That of an id, or NULL if tlscore was built without. */
TLSC_API const tlsc_compression *tlsc_compression_by_id(uint16_t id);

#ifdef __cplusplus
}
#endif
#endif
