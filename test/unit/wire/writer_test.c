/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/writer.h"

#include "unit.h"
#include "wire/reader.h"

static void numbers_are_big_endian(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(100);
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_wr_u8(&w, 1);
    tlsc_wr_u16(&w, 0x0102);
    tlsc_wr_u24(&w, 0x010203);
    tlsc_wr_u32(&w, 0x01020304);
    tlsc_wr_u64(&w, 0x0102030405060708);
    assert_ok(tlsc_wr_end(&w));
    assert_bytes_equal(tlsc_buf_bytes(&b),
                       BYTES(1, 1, 2, 1, 2, 3, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8));
    tlsc_buf_clear(&b);
}

static void the_reader_reads_what_the_writer_writes(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(1000);
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_wr_mark outer = tlsc_wr_open24(&w);
    tlsc_wr_u16(&w, 0xfffe);
    tlsc_wr_mark inner = tlsc_wr_open16(&w);
    tlsc_wr_vec8(&w, TEXT("abc"));
    tlsc_wr_vec16(&w, TEXT(""));
    tlsc_wr_mark leaf = tlsc_wr_open8(&w);
    tlsc_wr_bytes(&w, TEXT("de"));
    tlsc_wr_close(&w, leaf);
    tlsc_wr_close(&w, inner);
    tlsc_wr_vec24(&w, TEXT("f"));
    tlsc_wr_close(&w, outer);
    assert_ok(tlsc_wr_end(&w));

    tlsc_rd r = tlsc_rd_of(tlsc_buf_bytes(&b));
    tlsc_rd o = tlsc_rd_of(tlsc_rd_vec24(&r, 0, 0xffffff));
    assert_int_equal(tlsc_rd_u16(&o), 0xfffe);
    tlsc_rd i = tlsc_rd_of(tlsc_rd_vec16(&o, 0, 65535));
    assert_bytes_equal(tlsc_rd_vec8(&i, 0, 255), TEXT("abc"));
    assert_int_equal(tlsc_rd_vec16(&i, 0, 65535).n, 0);
    assert_bytes_equal(tlsc_rd_vec8(&i, 0, 255), TEXT("de"));
    assert_ok(tlsc_rd_end(&i));
    assert_bytes_equal(tlsc_rd_vec24(&o, 0, 0xffffff), TEXT("f"));
    assert_ok(tlsc_rd_end(&o));
    assert_ok(tlsc_rd_end(&r));
    tlsc_buf_clear(&b);
}

static void appends_behind_what_is_there(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(100);
    assert_ok(tlsc_buf_append(&b, TEXT("head")));
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_wr_vec8(&w, TEXT("x"));
    assert_ok(tlsc_wr_end(&w));
    assert_bytes_equal(tlsc_buf_bytes(&b), TEXT("head\001x"));
    tlsc_buf_clear(&b);
}

/* Writes `n` bytes in a vector whose length has `length_bytes`, in one piece or opened. */
static tlsc_err write_vector(size_t length_bytes, size_t n, bool opened)
{
    tlsc_buf b = tlsc_buf_of(SIZE_MAX);
    tlsc_wr w = tlsc_wr_of(&b);
    uint8_t *zeroes = (uint8_t *)tlsc_mem_zalloc(n);
    assert_non_null(zeroes);
    tlsc_bytes v = tlsc_bytes_of(zeroes, n);
    if (opened) {
        tlsc_wr_mark m = length_bytes == 1   ? tlsc_wr_open8(&w)
                         : length_bytes == 2 ? tlsc_wr_open16(&w)
                                             : tlsc_wr_open24(&w);
        tlsc_wr_bytes(&w, v);
        tlsc_wr_close(&w, m);
    } else if (length_bytes == 1) {
        tlsc_wr_vec8(&w, v);
    } else if (length_bytes == 2) {
        tlsc_wr_vec16(&w, v);
    } else {
        tlsc_wr_vec24(&w, v);
    }
    tlsc_err rc = tlsc_wr_end(&w);
    assert_int_equal(b.n, rc == TLSC_OK ? length_bytes + n : 0);
    tlsc_mem_free(zeroes);
    tlsc_buf_clear(&b);
    return rc;
}

static void a_length_that_its_field_cannot_hold_is_refused(void **state)
{
    (void)state;
    for (size_t length_bytes = 1; length_bytes <= 3; length_bytes++) {
        size_t most = ((size_t)1 << (8 * length_bytes)) - 1;
        for (unsigned opened = 0; opened < 2; opened++) {
            assert_ok(write_vector(length_bytes, 0, opened == 1));
            assert_ok(write_vector(length_bytes, most, opened == 1));
            assert_err(write_vector(length_bytes, most + 1, opened == 1), TLSC_E_TOO_SMALL);
        }
    }
}

static void failure_leaves_the_buffer_as_it_was(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(8);
    assert_ok(tlsc_buf_append(&b, TEXT("head")));
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_wr_mark m = tlsc_wr_open16(&w);
    tlsc_wr_u8(&w, 1);
    tlsc_wr_u64(&w, 2); /* over the maximum */
    tlsc_wr_u8(&w, 3);  /* would fit, but is after a failure */
    tlsc_wr_close(&w, m);
    assert_err(tlsc_wr_end(&w), TLSC_E_TOO_SMALL);
    assert_bytes_equal(tlsc_buf_bytes(&b), TEXT("head"));
    tlsc_buf_clear(&b);
}

static void a_vector_left_open_is_a_bug(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(100);
    tlsc_wr w = tlsc_wr_of(&b);
    (void)tlsc_wr_open8(&w);
    assert_err(tlsc_wr_end(&w), TLSC_E_INTERNAL);
    assert_int_equal(b.n, 0);
    tlsc_buf_clear(&b);
}

static void a_vector_closed_twice_is_a_bug(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(100);
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_wr_mark m = tlsc_wr_open8(&w);
    tlsc_wr_close(&w, m);
    tlsc_wr_close(&w, m);
    assert_err(tlsc_wr_end(&w), TLSC_E_INTERNAL);
    tlsc_buf_clear(&b);
}

static void no_memory_is_told_at_the_end(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(100000);
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_mem_fail_at(1, false);
    tlsc_wr_u8(&w, 1);
    tlsc_mem_fail_at(0, false);
    tlsc_wr_u8(&w, 1);
    assert_err(tlsc_wr_end(&w), TLSC_E_NO_MEMORY);
    assert_int_equal(b.n, 0);
    tlsc_buf_clear(&b);
}

static void nothing_written_is_fine(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(0);
    tlsc_wr w = tlsc_wr_of(&b);
    tlsc_wr_bytes(&w, (tlsc_bytes){ NULL, 0 });
    assert_ok(tlsc_wr_end(&w));
    assert_null(b.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_big_endian),
        cmocka_unit_test(the_reader_reads_what_the_writer_writes),
        cmocka_unit_test(appends_behind_what_is_there),
        cmocka_unit_test(a_length_that_its_field_cannot_hold_is_refused),
        cmocka_unit_test(failure_leaves_the_buffer_as_it_was),
        cmocka_unit_test(a_vector_left_open_is_a_bug),
        cmocka_unit_test(a_vector_closed_twice_is_a_bug),
        cmocka_unit_test(no_memory_is_told_at_the_end),
        cmocka_unit_test(nothing_written_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
