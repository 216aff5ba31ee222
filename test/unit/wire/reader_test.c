/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reader.h"

#include "unit.h"

static void numbers_are_big_endian(void **state)
{
    (void)state;
    tlsc_rd r = tlsc_rd_of(BYTES(1, 1, 2, 1, 2, 3, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8));
    assert_int_equal(tlsc_rd_u8(&r), 1);
    assert_int_equal(tlsc_rd_u16(&r), 0x0102);
    assert_int_equal(tlsc_rd_u24(&r), 0x010203);
    assert_int_equal(tlsc_rd_u32(&r), 0x01020304);
    assert_int_equal(tlsc_rd_u64(&r), 0x0102030405060708);
    assert_false(tlsc_rd_more(&r));
    assert_ok(tlsc_rd_end(&r));
}

static uint64_t read_number(tlsc_rd *r, size_t n)
{
    switch (n) {
    case 1: return tlsc_rd_u8(r);
    case 2: return tlsc_rd_u16(r);
    case 3: return tlsc_rd_u24(r);
    case 4: return tlsc_rd_u32(r);
    default: return tlsc_rd_u64(r);
    }
}

static void a_short_number_is_bad_and_zero(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1, 2, 3, 4, 8 };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (size_t have = 0; have < sizes[i]; have++) {
            uint8_t *p = test_copy(tlsc_bytes_of("\xff\xff\xff\xff\xff\xff\xff\xff", have));
            tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(p, have));
            assert_int_equal(read_number(&r, sizes[i]), 0);
            assert_false(tlsc_rd_more(&r));
            assert_err(tlsc_rd_end(&r), TLSC_E_DECODE);
            tlsc_mem_free(p);
        }
    }
}

static void bad_once_is_bad_for_good(void **state)
{
    (void)state;
    tlsc_rd r = tlsc_rd_of(BYTES(1, 2, 3));
    (void)tlsc_rd_u32(&r);
    assert_int_equal(tlsc_rd_u8(&r), 0);
    assert_int_equal(tlsc_rd_bytes(&r, 0).n, 0);
    assert_null(tlsc_rd_bytes(&r, 1).p);
    assert_int_equal(tlsc_rd_rest(&r).n, 0);
    assert_int_equal(tlsc_rd_vec8(&r, 0, 255).n, 0);
    assert_err(tlsc_rd_end(&r), TLSC_E_DECODE);
}

static void something_left_is_an_error(void **state)
{
    (void)state;
    tlsc_rd r = tlsc_rd_of(BYTES(1, 2));
    (void)tlsc_rd_u8(&r);
    assert_true(tlsc_rd_more(&r));
    assert_err(tlsc_rd_end(&r), TLSC_E_DECODE);
    assert_bytes_equal(tlsc_rd_rest(&r), BYTES(2));
    assert_ok(tlsc_rd_end(&r));
    assert_int_equal(tlsc_rd_rest(&r).n, 0);
    assert_ok(tlsc_rd_end(&r));
}

static void views_borrow_from_the_input(void **state)
{
    (void)state;
    static const uint8_t in[] = { 1, 2, 3, 4 };
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(in, sizeof(in)));
    tlsc_bytes b = tlsc_rd_bytes(&r, 3);
    assert_ptr_equal(b.p, in);
    assert_int_equal(b.n, 3);
    assert_int_equal(tlsc_rd_bytes(&r, 2).n, 0);
    assert_err(tlsc_rd_end(&r), TLSC_E_DECODE);
}

static void lengths_that_overflow_are_refused(void **state)
{
    (void)state;
    tlsc_rd r = tlsc_rd_of(BYTES(1, 2, 3));
    (void)tlsc_rd_u8(&r);
    assert_null(tlsc_rd_bytes(&r, SIZE_MAX).p);
    assert_err(tlsc_rd_end(&r), TLSC_E_DECODE);
}

static void vectors_keep_their_floor_and_ceiling(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 5; n++) {
        uint8_t in[6] = { (uint8_t)n, 1, 2, 3, 4, 5 };
        tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(in, n + 1));
        tlsc_bytes v = tlsc_rd_vec8(&r, 2, 4);
        bool fits = n >= 2 && n <= 4;
        assert_int_equal(v.n, fits ? n : 0);
        assert_int_equal(tlsc_rd_end(&r) == TLSC_OK, fits);
    }
}

static void vector_lengths_are_one_two_and_three_bytes(void **state)
{
    (void)state;
    tlsc_rd r = tlsc_rd_of(BYTES(1, 'a', 0, 2, 'b', 'c', 0, 0, 3, 'd', 'e', 'f', 0));
    assert_bytes_equal(tlsc_rd_vec8(&r, 0, 255), TEXT("a"));
    assert_bytes_equal(tlsc_rd_vec16(&r, 0, 65535), TEXT("bc"));
    assert_bytes_equal(tlsc_rd_vec24(&r, 0, 0xffffff), TEXT("def"));
    assert_int_equal(tlsc_rd_vec8(&r, 0, 255).n, 0);
    assert_ok(tlsc_rd_end(&r));
}

static void a_vector_longer_than_the_input_is_refused(void **state)
{
    (void)state;
    tlsc_rd r8 = tlsc_rd_of(BYTES(2, 'a'));
    tlsc_rd r16 = tlsc_rd_of(BYTES(1, 0, 'a'));
    tlsc_rd r24 = tlsc_rd_of(BYTES(0xff, 0xff, 0xff, 'a'));
    (void)tlsc_rd_vec8(&r8, 0, 255);
    (void)tlsc_rd_vec16(&r16, 0, 65535);
    (void)tlsc_rd_vec24(&r24, 0, 0xffffff);
    assert_err(tlsc_rd_end(&r8), TLSC_E_DECODE);
    assert_err(tlsc_rd_end(&r16), TLSC_E_DECODE);
    assert_err(tlsc_rd_end(&r24), TLSC_E_DECODE);
}

static void a_failed_check_is_bad(void **state)
{
    (void)state;
    tlsc_rd r = tlsc_rd_of(BYTES(1));
    tlsc_rd_check(&r, true);
    assert_true(tlsc_rd_more(&r));
    tlsc_rd_check(&r, false);
    tlsc_rd_check(&r, true);
    assert_false(tlsc_rd_more(&r));
    assert_err(tlsc_rd_end(&r), TLSC_E_DECODE);
}

static void nothing_at_null_is_fine(void **state)
{
    (void)state;
    tlsc_rd r = tlsc_rd_of((tlsc_bytes){ NULL, 0 });
    assert_false(tlsc_rd_more(&r));
    assert_int_equal(tlsc_rd_bytes(&r, 0).n, 0);
    assert_int_equal(tlsc_rd_rest(&r).n, 0);
    assert_ok(tlsc_rd_end(&r));
    (void)tlsc_rd_u8(&r);
    assert_err(tlsc_rd_end(&r), TLSC_E_DECODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_big_endian),
        cmocka_unit_test(a_short_number_is_bad_and_zero),
        cmocka_unit_test(bad_once_is_bad_for_good),
        cmocka_unit_test(something_left_is_an_error),
        cmocka_unit_test(views_borrow_from_the_input),
        cmocka_unit_test(lengths_that_overflow_are_refused),
        cmocka_unit_test(vectors_keep_their_floor_and_ceiling),
        cmocka_unit_test(vector_lengths_are_one_two_and_three_bytes),
        cmocka_unit_test(a_vector_longer_than_the_input_is_refused),
        cmocka_unit_test(a_failed_check_is_bad),
        cmocka_unit_test(nothing_at_null_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
