/* SPDX-License-Identifier: Apache-2.0 */
/* auth/compress_brotli.c: brotli, RFC 7932, by its library. */
#include <brotli/decode.h>
#include <brotli/encode.h>
#include <setjmp.h>

#include "auth/compress.h"
#include "base/mem.h"

/* ---- compressing ---- */

/* libbrotlienc, as it is built unless told otherwise, calls exit where memory is short. So that nobody's
 * server ends that way, its allocator doesn't return then: it jumps out of the library, and what the
 * library had allocated is freed by the list that is kept of it. */
typedef struct block {
    _Alignas(16) struct block *next;
    struct block *prev;
} block;

typedef struct heap {
    jmp_buf out_of_memory;
    block blocks; /* the ring's own */
} heap;

static void *allocate(void *opaque, size_t n)
{
    heap *h = (heap *)opaque;
    block *b = (block *)tlsc_mem_alloc(sizeof(*b) + n);
    if (b == NULL) {
        longjmp(h->out_of_memory, 1);
    }
    b->next = h->blocks.next;
    b->prev = &h->blocks;
    b->next->prev = b;
    h->blocks.next = b;
    return b + 1;
}

static void release(void *opaque, void *p)
{
    (void)opaque;
    if (p != NULL) {
        block *b = (block *)p - 1;
        b->next->prev = b->prev;
        b->prev->next = b->next;
        tlsc_mem_free(b);
    }
}

/* The smallest window that holds all of it, for memory's sake. RFC 7932 9.1: (1 << bits) - 16 */
static uint32_t window_bits(size_t n)
{
    uint32_t bits = BROTLI_MIN_WINDOW_BITS;
    while (bits < BROTLI_MAX_WINDOW_BITS && ((size_t)1 << bits) - 16 < n) {
        bits++;
    }
    return bits;
}

static tlsc_err encode(BrotliEncoderState *encoder, tlsc_bytes in, uint8_t *out, size_t room,
                       size_t *n)
{
    size_t left = room;
    bool good = BrotliEncoderSetParameter(encoder, BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY) &&
                BrotliEncoderSetParameter(encoder, BROTLI_PARAM_LGWIN, window_bits(in.n)) &&
                BrotliEncoderSetParameter(encoder, BROTLI_PARAM_SIZE_HINT, (uint32_t)in.n) &&
                BrotliEncoderCompressStream(encoder, BROTLI_OPERATION_FINISH, &in.n, &in.p, &left,
                                            &out, NULL);
    if (!good) { /* its parameters are right, so what it lacks is memory */
        return TLSC_E_NO_MEMORY;
    }
    *n = room - left;
    return BrotliEncoderIsFinished(encoder) ? TLSC_OK : TLSC_E_TOO_SMALL;
}

/* Nothing that changes after setjmp is a variable of this function. */
static tlsc_err run(heap *h, tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    if (setjmp(h->out_of_memory) != 0) {
        return TLSC_E_NO_MEMORY;
    }
    BrotliEncoderState *encoder = BrotliEncoderCreateInstance(allocate, release, h);
    if (encoder == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = encode(encoder, in, out, room, n);
    BrotliEncoderDestroyInstance(encoder);
    return rc;
}

static tlsc_err brotli_compress(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    heap h;
    h.blocks.next = h.blocks.prev = &h.blocks;
    tlsc_err rc = run(&h, in, out, tlsc_compression_worth(in, room), n);
    while (h.blocks.next != &h.blocks) {
        release(&h, h.blocks.next + 1);
    }
    return rc;
}

/* ---- decompressing ---- */

/* What the decoder may hold at a time. Its ring buffer goes by what a block announces, its Huffman tables
 * by how many it says there are (256 of a kind are 1.1 MB), before anything of that has come. */
typedef struct budget {
    size_t left;
    bool out_of_memory;
} budget;

static void *allocate_within(void *opaque, size_t n)
{
    budget *b = (budget *)opaque;
    if (n > b->left) {
        return NULL;
    }
    void *p = tlsc_mem_alloc(n);
    if (p == NULL) {
        b->out_of_memory = true;
        return NULL;
    }
    b->left -= n;
    return p;
}

static void release_within(void *opaque, void *p)
{
    budget *b = (budget *)opaque;
    b->left += tlsc_mem_size(p);
    tlsc_mem_free(p);
}

static tlsc_err brotli_decompress(tlsc_bytes in, uint8_t *out, size_t n)
{
    enum { STATE_AND_TABLES = 1 << 20 };
    budget b = { STATE_AND_TABLES + 4 * n, false };
    BrotliDecoderState *decoder = BrotliDecoderCreateInstance(allocate_within, release_within, &b);
    if (decoder == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    BrotliDecoderResult got =
        BrotliDecoderDecompressStream(decoder, &in.n, &in.p, &n, &out, NULL);
    BrotliDecoderDestroyInstance(decoder);
    if (b.out_of_memory) {
        return TLSC_E_NO_MEMORY;
    }
    bool whole = got == BROTLI_DECODER_RESULT_SUCCESS && in.n == 0 && n == 0;
    return whole ? TLSC_OK : TLSC_E_BAD_COMPRESSED_CERTIFICATE;
}

const tlsc_compression tlsc_compression_brotli = { TLSC_COMPRESSION_BROTLI, "brotli",
                                                   brotli_compress, brotli_decompress };
