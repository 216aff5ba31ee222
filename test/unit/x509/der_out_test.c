/* SPDX-License-Identifier: Apache-2.0 */
/* x509/der_out_test.c: DER written backwards is DER, read forwards. */
#include "x509/der_out.h"

#include <string.h>

#include "unit.h"
#include "x509/der.h"

static void elements_nest(void **state)
{
    uint8_t room[16];
    (void)state;
    tlsc_der_out o = tlsc_der_out_of(room, sizeof(room));
    tlsc_der_put_element(&o, TLSC_DER_OCTET_STRING, TEXT("ab"));
    tlsc_der_put_element(&o, TLSC_DER_NULL, TEXT(""));
    tlsc_der_wrap(&o, TLSC_DER_SEQUENCE, 0);
    assert_bytes_equal(tlsc_der_out_bytes(&o), TEXT("\x30\x06\x05\x00\x04\x02" "ab"));
    size_t from = o.n;
    tlsc_der_put(&o, TEXT("x"));
    tlsc_der_wrap(&o, TLSC_DER_OCTET_STRING, from);
    assert_bytes_equal(tlsc_der_out_bytes(&o), TEXT("\x04\x01x\x30\x06\x05\x00\x04\x02" "ab"));
}

/* Every form of a length and its neighbours. */
static void lengths_are_minimal(void **state)
{
    static const size_t lengths[] = { 0, 1, 127, 128, 255, 256, 65535, 65536 };
    static uint8_t contents[65536];
    static uint8_t room[65536 + 8];
    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        tlsc_der_out o = tlsc_der_out_of(room, sizeof(room));
        tlsc_der_put_element(&o, TLSC_DER_OCTET_STRING, tlsc_bytes_of(contents, lengths[i]));
        tlsc_der d = tlsc_der_of(tlsc_der_out_bytes(&o));
        assert_int_equal(tlsc_der_get(&d, TLSC_DER_OCTET_STRING).n, lengths[i]);
        assert_ok(tlsc_der_end(&d));
    }
}

static void what_does_not_fit_is_counted(void **state)
{
    uint8_t room[8];
    (void)state;
    memset(room, 0xaa, sizeof(room));
    for (size_t cap = 0; cap <= 6; cap++) {
        tlsc_der_out o = tlsc_der_out_of(room + 1, cap);
        tlsc_der_put_element(&o, TLSC_DER_OCTET_STRING, TEXT("abcd"));
        assert_int_equal(o.n, 6);
        assert_int_equal(tlsc_der_out_bytes(&o).n, cap < 6 ? 0 : 6);
        assert_int_equal(room[0], 0xaa);
        assert_int_equal(room[7], 0xaa);
    }
}

static void numbers_are_big_endian(void **state)
{
    uint8_t room[16];
    (void)state;
    tlsc_der_out o = tlsc_der_out_of(room, sizeof(room));
    tlsc_der_put_number(&o, 0x0102, 2);
    tlsc_der_put_number(&o, 3, 3);
    tlsc_der_put_number(&o, UINT64_C(0x8899aabbccddeeff), 8);
    assert_bytes_equal(tlsc_der_out_bytes(&o),
                       TEXT("\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x00\x00\x03\x01\x02"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_nest),
        cmocka_unit_test(lengths_are_minimal),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(numbers_are_big_endian),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
