/* SPDX-License-Identifier: Apache-2.0 */
/* auth/compress_test.c: the compression algorithms that this build has, each in the same way. */
#include "unit.h"

#include <string.h>

#include "auth/compress.h"
#include "pem_file.h"

enum { BIG = 1 << 18, HEADER = 8 };

/* A chain as it stands in a message, near enough. */
static tlsc_buf some_chain(void)
{
    tlsc_buf pem = test_pem("p256.crt.pem", "intermediate.crt.pem");
    return pem;
}

static tlsc_err compress(const tlsc_compression *by, tlsc_bytes in, uint8_t *out, size_t room,
                         tlsc_bytes *got)
{
    size_t n = 0;
    tlsc_err rc = by->compress(in, out, room, &n);
    *got = tlsc_bytes_of(out, n);
    return rc;
}

/* Runs `check` for each algorithm of the build. */
static void for_each(void (*check)(const tlsc_compression *by))
{
    size_t num;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    for (size_t i = 0; i < num; i++) {
        check(all[i]);
    }
}

static void each_is_found_by_its_id(void **state)
{
    (void)state;
    size_t num;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    for (size_t i = 0; i < num; i++) {
        assert_ptr_equal(tlsc_compression_by_id(all[i]->id), all[i]);
        assert_true(i == 0 || all[i] != all[i - 1]);
    }
    assert_null(all[num]);
    assert_null(tlsc_compression_by_id(0));
    assert_null(tlsc_compression_by_id(4));
#ifdef TLSC_HAVE_BROTLI
    assert_string_equal(tlsc_compression_by_id(TLSC_COMPRESSION_BROTLI)->name, "brotli");
#endif
#ifdef TLSC_HAVE_ZSTD
    assert_string_equal(tlsc_compression_by_id(TLSC_COMPRESSION_ZSTD)->name, "zstd");
#endif
#ifdef TLSC_HAVE_ZLIB
    assert_string_equal(tlsc_compression_by_id(TLSC_COMPRESSION_ZLIB)->name, "zlib");
#endif
}

static void check_round_trip(const tlsc_compression *by)
{
    static uint8_t out[BIG];
    tlsc_buf chain = some_chain();
    tlsc_bytes in = tlsc_buf_bytes(&chain);
    tlsc_bytes got;
    assert_ok(compress(by, in, out, sizeof(out), &got));
    assert_true(got.n > 0 && got.n + HEADER < in.n);
    uint8_t *copy = test_copy(got);
    uint8_t *back = (uint8_t *)tlsc_mem_alloc(in.n);
    assert_ok(by->decompress(tlsc_bytes_of(copy, got.n), back, in.n));
    assert_bytes_equal(tlsc_bytes_of(back, in.n), in);
    /* the room is a bound: all that is needed will do, a byte less won't */
    tlsc_bytes again;
    assert_ok(compress(by, in, out, got.n + HEADER + 64, &again));
    assert_err(compress(by, in, out, got.n / 2, &again), TLSC_E_TOO_SMALL);
    tlsc_mem_free(copy);
    tlsc_mem_free(back);
    tlsc_buf_clear(&chain);
}

static void what_was_compressed_comes_back(void **state)
{
    (void)state;
    for_each(check_round_trip);
}

static void check_worth(const tlsc_compression *by)
{
    static uint8_t out[BIG];
    uint8_t noise[400];
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof(noise); i++) {
        x = x * 1664525 + 1013904223;
        noise[i] = (uint8_t)(x >> 24);
    }
    tlsc_bytes got;
    assert_err(compress(by, tlsc_bytes_of(noise, sizeof(noise)), out, sizeof(out), &got),
               TLSC_E_TOO_SMALL);
    assert_err(compress(by, BYTES(0, 0, 0, 0), out, sizeof(out), &got), TLSC_E_TOO_SMALL);
}

/* Random bytes, and less than the message's own header. */
static void what_gets_no_shorter_is_not_worth_it(void **state)
{
    (void)state;
    for_each(check_worth);
}

static void check_lengths(const tlsc_compression *by)
{
    static uint8_t out[BIG];
    static uint8_t back[BIG];
    tlsc_buf chain = some_chain();
    tlsc_bytes in = tlsc_buf_bytes(&chain);
    tlsc_bytes got;
    assert_ok(compress(by, in, out, sizeof(out), &got));
    for (size_t n = 0; n < got.n; n++) { /* cut */
        uint8_t *copy = test_copy(tlsc_bytes_of(got.p, n));
        assert_err(by->decompress(tlsc_bytes_of(copy, n), back, in.n),
                   TLSC_E_BAD_COMPRESSED_CERTIFICATE);
        tlsc_mem_free(copy);
    }
    out[got.n] = 0; /* something behind it */
    assert_err(by->decompress(tlsc_bytes_of(got.p, got.n + 1), back, in.n),
               TLSC_E_BAD_COMPRESSED_CERTIFICATE);
    static const int off[] = { -100, -1, 1, 100 };
    for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
        size_t n = (size_t)((int)in.n + off[i]);
        uint8_t *exact = (uint8_t *)tlsc_mem_alloc(n);
        assert_err(by->decompress(got, exact, n), TLSC_E_BAD_COMPRESSED_CERTIFICATE);
        tlsc_mem_free(exact);
    }
    assert_err(by->decompress(got, back, 0), TLSC_E_BAD_COMPRESSED_CERTIFICATE);
    tlsc_buf_clear(&chain);
}

static void other_lengths_than_the_right_ones_are_refused(void **state)
{
    (void)state;
    for_each(check_lengths);
}

static void check_bits(const tlsc_compression *by)
{
    static uint8_t out[BIG];
    tlsc_buf chain = some_chain();
    tlsc_bytes in = tlsc_buf_bytes(&chain);
    tlsc_bytes got;
    assert_ok(compress(by, in, out, sizeof(out), &got));
    uint8_t *copy = test_copy(got);
    uint8_t *back = (uint8_t *)tlsc_mem_alloc(in.n);
    unsigned refused = 0;
    for (size_t bit = 0; bit < 8 * got.n; bit++) {
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        refused += by->decompress(tlsc_bytes_of(copy, got.n), back, in.n) != TLSC_OK;
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(refused > 0);
    tlsc_mem_free(copy);
    tlsc_mem_free(back);
    tlsc_buf_clear(&chain);
}

/* A bit changed may well give other bytes of the same length; but none beyond, which a sanitizer sees. */
static void changed_bits_write_nothing_beyond_the_end(void **state)
{
    (void)state;
    for_each(check_bits);
}

static void check_bomb(const tlsc_compression *by)
{
    enum { ANNOUNCED = 1000, ZEROES = 1 << 24 };
    static uint8_t out[BIG];
    uint8_t *zeroes = (uint8_t *)tlsc_mem_zalloc(ZEROES);
    tlsc_bytes bomb;
    assert_non_null(zeroes);
    assert_ok(compress(by, tlsc_bytes_of(zeroes, ZEROES), out, sizeof(out), &bomb));
    tlsc_mem_free(zeroes);
    uint8_t *back = (uint8_t *)tlsc_mem_alloc(ANNOUNCED);
    tlsc_mem_stats before, after;
    tlsc_mem_get_stats(&before);
    assert_err(by->decompress(bomb, back, ANNOUNCED), TLSC_E_BAD_COMPRESSED_CERTIFICATE);
    tlsc_mem_get_stats(&after);
    assert_int_equal(after.live, before.live);
    tlsc_mem_free(back);
}

/* 16 MiB of zeroes in some bytes, said to be 1,000: nothing more is ever written. */
static void a_bomb_stops_at_what_it_announces(void **state)
{
    (void)state;
    for_each(check_bomb);
}

static void check_memory(const tlsc_compression *by)
{
    static uint8_t out[BIG];
    static uint8_t back[BIG];
    tlsc_buf chain = some_chain();
    tlsc_bytes in = tlsc_buf_bytes(&chain);
    tlsc_bytes good;
    assert_ok(compress(by, in, out, sizeof(out), &good));
    uint8_t *copy = test_copy(good);
    tlsc_mem_stats before, after;
    tlsc_mem_get_stats(&before);
    bool walks[2] = { true, true };
    for (uint64_t n = 1; walks[0] || walks[1]; n++) {
        tlsc_bytes got;
        tlsc_mem_fail_at(n, false);
        tlsc_err rc = compress(by, in, out, sizeof(out), &got);
        tlsc_mem_fail_at(0, false);
        walks[0] = rc != TLSC_OK;
        assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY);
        tlsc_mem_fail_at(n, false);
        rc = by->decompress(tlsc_bytes_of(copy, good.n), back, in.n);
        tlsc_mem_fail_at(0, false);
        walks[1] = rc != TLSC_OK;
        assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY);
    }
    tlsc_mem_get_stats(&after);
    assert_int_equal(after.live, before.live);
    tlsc_mem_free(copy);
    tlsc_buf_clear(&chain);
}

/* zstd's memory isn't ours to withhold: there the walk ends at once. */
static void want_of_memory_is_said_and_leaks_nothing(void **state)
{
    (void)state;
    for_each(check_memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_by_its_id),
        cmocka_unit_test(what_was_compressed_comes_back),
        cmocka_unit_test(what_gets_no_shorter_is_not_worth_it),
        cmocka_unit_test(other_lengths_than_the_right_ones_are_refused),
        cmocka_unit_test(changed_bits_write_nothing_beyond_the_end),
        cmocka_unit_test(a_bomb_stops_at_what_it_announces),
        cmocka_unit_test(want_of_memory_is_said_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
