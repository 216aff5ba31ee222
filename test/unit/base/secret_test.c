/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include "unit.h"

static void compares_contents_and_length(void **state)
{
    (void)state;
    assert_true(tlsc_ct_equal(TEXT("same"), TEXT("same")));
    assert_false(tlsc_ct_equal(TEXT("same"), TEXT("samf")));
    assert_false(tlsc_ct_equal(TEXT("same"), TEXT("tame")));
    assert_false(tlsc_ct_equal(TEXT("same"), TEXT("sam")));
    assert_false(tlsc_ct_equal(TEXT("same"), TEXT("same ")));
    assert_true(tlsc_ct_equal((tlsc_bytes){ NULL, 0 }, (tlsc_bytes){ NULL, 0 }));
    assert_false(tlsc_ct_equal((tlsc_bytes){ NULL, 0 }, TEXT("x")));
}

static void every_bit_counts(void **state)
{
    (void)state;
    uint8_t a[48] = { 0 };
    uint8_t b[48] = { 0 };
    for (size_t i = 0; i < 8 * sizeof(a); i++) {
        b[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(tlsc_ct_equal(tlsc_bytes_of(a, sizeof(a)), tlsc_bytes_of(b, sizeof(b))));
        b[i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

static void clearing_leaves_nothing(void **state)
{
    (void)state;
    tlsc_secret s = { { 1, 2, 3 }, 3 };
    assert_bytes_equal(tlsc_secret_bytes(&s), BYTES(1, 2, 3));
    tlsc_secret_clear(&s);
    tlsc_secret_clear(&s);
    static const tlsc_secret zero;
    assert_memory_equal(&s, &zero, sizeof(s));
    assert_int_equal(tlsc_secret_bytes(&s).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_contents_and_length),
        cmocka_unit_test(every_bit_counts),
        cmocka_unit_test(clearing_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
