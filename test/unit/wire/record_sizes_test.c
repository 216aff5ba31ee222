/* SPDX-License-Identifier: Apache-2.0 */
/* wire/record_sizes_test.c: both extensions as they stand in each message. */
#include "wire/record_sizes.h"

#include "parser_check.h"
#include "unit.h"

static tlsc_err read(tlsc_bytes block, tlsc_record_sizes *out)
{
    tlsc_exts exts;
    tlsc_err rc = tlsc_exts_parse(&exts, block, TLSC_IN_EE);
    return rc == TLSC_OK ? tlsc_record_sizes_parse(out, &exts) : rc;
}

static tlsc_err parse(tlsc_bytes block, tlsc_buf *again)
{
    tlsc_record_sizes sizes;
    tlsc_err rc = read(block, &sizes);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_record_sizes_emit(&w, &sizes);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void both_are_read_and_written(void **state)
{
    (void)state;
    tlsc_record_sizes sizes;
    tlsc_bytes both = BYTES(0, 28, 0, 2, 1, 2, 0, 1, 0, 1, 4);
    tlsc_buf again = tlsc_buf_of(64);
    assert_ok(read(both, &sizes));
    assert_true(sizes.has_limit && sizes.has_fragment);
    assert_int_equal(sizes.limit, 0x102);
    assert_int_equal(sizes.fragment, 4);
    assert_ok(parse(both, &again));
    assert_bytes_equal(tlsc_buf_bytes(&again), both);
    tlsc_buf_clear(&again);
    assert_ok(read((tlsc_bytes){ NULL, 0 }, &sizes));
    assert_false(sizes.has_limit || sizes.has_fragment);
    /* numbers that make no sense are no matter of syntax */
    assert_ok(read(BYTES(0, 28, 0, 2, 0, 0, 0, 1, 0, 1, 0), &sizes));
    assert_true(sizes.has_limit && sizes.has_fragment && sizes.limit == 0);
}

static void other_lengths_are_refused(void **state)
{
    (void)state;
    tlsc_record_sizes sizes;
    assert_err(read(BYTES(0, 28, 0, 0), &sizes), TLSC_E_DECODE);
    assert_err(read(BYTES(0, 28, 0, 1, 1), &sizes), TLSC_E_DECODE);
    assert_err(read(BYTES(0, 28, 0, 3, 1, 2, 3), &sizes), TLSC_E_DECODE);
    assert_err(read(BYTES(0, 1, 0, 0), &sizes), TLSC_E_DECODE);
    assert_err(read(BYTES(0, 1, 0, 2, 1, 1), &sizes), TLSC_E_DECODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_are_read_and_written),
        cmocka_unit_test(other_lengths_are_refused),
    };
    return cmocka_run_group_tests_name("record_sizes", tests, NULL, NULL);
}
