/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "unit.h"

static void appends_and_keeps(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(10000);
    for (unsigned i = 0; i < 10000; i++) {
        assert_ok(tlsc_buf_append(&b, BYTES((uint8_t)(i * 7))));
    }
    assert_int_equal(b.n, 10000);
    for (unsigned i = 0; i < 10000; i++) {
        assert_int_equal(b.p[i], (uint8_t)(i * 7));
    }
    tlsc_buf_clear(&b);
}

static void stops_at_its_maximum(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(5);
    assert_ok(tlsc_buf_append(&b, TEXT("1234")));
    assert_err(tlsc_buf_append(&b, TEXT("56")), TLSC_E_TOO_SMALL);
    assert_bytes_equal(tlsc_buf_bytes(&b), TEXT("1234"));
    assert_ok(tlsc_buf_append(&b, TEXT("5")));
    assert_int_equal(b.cap, 5);
    assert_err(tlsc_buf_reserve(&b, 1), TLSC_E_TOO_SMALL);
    assert_err(tlsc_buf_reserve(&b, SIZE_MAX), TLSC_E_TOO_SMALL);
    assert_ok(tlsc_buf_reserve(&b, 0));
    tlsc_buf_clear(&b);
}

static void zero_state_is_valid(void **state)
{
    (void)state;
    tlsc_buf b = { 0 };
    assert_ok(tlsc_buf_append(&b, (tlsc_bytes){ NULL, 0 }));
    assert_err(tlsc_buf_append(&b, TEXT("x")), TLSC_E_TOO_SMALL);
    tlsc_buf_consume(&b, 0);
    tlsc_buf_consume(&b, 7);
    tlsc_buf_clear(&b);
    tlsc_buf_clear(&b);
    assert_int_equal(tlsc_buf_bytes(&b).n, 0);
}

static void consumes_from_the_front(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(100);
    assert_ok(tlsc_buf_append(&b, TEXT("abcdef")));
    tlsc_buf_consume(&b, 0);
    assert_bytes_equal(tlsc_buf_bytes(&b), TEXT("abcdef"));
    tlsc_buf_consume(&b, 2);
    assert_bytes_equal(tlsc_buf_bytes(&b), TEXT("cdef"));
    assert_int_equal(b.p[4], 0); /* what moved away is wiped */
    assert_int_equal(b.p[5], 0);
    tlsc_buf_consume(&b, 4);
    assert_null(b.p);
    assert_int_equal(b.max, 100);
    assert_ok(tlsc_buf_append(&b, TEXT("again")));
    tlsc_buf_consume(&b, 1000);
    assert_null(b.p);
}

static void keeps_its_contents_without_memory(void **state)
{
    (void)state;
    tlsc_buf b = tlsc_buf_of(100000);
    tlsc_mem_fail_at(1, false);
    assert_err(tlsc_buf_append(&b, TEXT("a")), TLSC_E_NO_MEMORY);
    tlsc_mem_fail_at(0, false);
    assert_int_equal(b.n, 0);
    assert_ok(tlsc_buf_append(&b, TEXT("a")));
    tlsc_mem_fail_at(1, false);
    assert_err(tlsc_buf_reserve(&b, 90000), TLSC_E_NO_MEMORY);
    tlsc_mem_fail_at(0, false);
    assert_bytes_equal(tlsc_buf_bytes(&b), TEXT("a"));
    tlsc_buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_and_keeps),
        cmocka_unit_test(stops_at_its_maximum),
        cmocka_unit_test(zero_state_is_valid),
        cmocka_unit_test(consumes_from_the_front),
        cmocka_unit_test(keeps_its_contents_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
