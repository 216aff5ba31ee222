/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/compressed.c: CompressedCertificate messages with every algorithm of the build. What is announced is
 * a bound of what is written and, nearly, of what is allocated. */
#include "auth/cert_compress.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "fuzz.h"
#include "wire/compressed_certificate.h"

enum { LONGEST = 1 << 16 };

static void must_come_back(const tlsc_compression *by, tlsc_bytes in)
{
    static uint8_t out[2 * LONGEST];
    static uint8_t back[LONGEST];
    size_t n = 0;
    if (by->compress(in, out, in.n, &n) == TLSC_OK) {
        must(n + TLSC_COMPRESSED_HEADER < in.n);
        must(by->decompress(tlsc_bytes_of(out, n), back, in.n) == TLSC_OK);
        must(tlsc_bytes_equal(tlsc_bytes_of(back, in.n), in));
    }
}

static void decompress(const tlsc_compression *const *all, size_t num, tlsc_bytes body)
{
    tlsc_decompressed out;
    tlsc_err rc = tlsc_cert_decompress(all, num, body, LONGEST, &out);
    must(rc == TLSC_OK || rc == TLSC_E_DECODE || rc == TLSC_E_WRONG_COMPRESSION_ALGORITHM ||
         rc == TLSC_E_DECOMPRESSED_TOO_LONG || rc == TLSC_E_BAD_COMPRESSED_CERTIFICATE);
    must((rc == TLSC_OK) == (out.memory != NULL) && out.body.n <= LONGEST);
    tlsc_mem_free(out.memory);
}

/* The first byte says what the rest is: a message, or what is to be compressed, by whom. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t num;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    if (size == 0 || num == 0 || size > LONGEST) {
        return 0;
    }
    tlsc_mem_stats before, after;
    tlsc_bytes rest = tlsc_bytes_of(data + 1, size - 1);
    tlsc_mem_get_stats(&before);
    if (data[0] % 8 == 0) {
        must_come_back(all[data[0] / 8 % num], rest);
    } else {
        decompress(all, num, rest);
    }
    tlsc_mem_get_stats(&after);
    must(after.live == before.live);
    return 0;
}
