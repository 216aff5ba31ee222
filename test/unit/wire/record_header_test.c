/* SPDX-License-Identifier: Apache-2.0 */
/* wire/record_header_test.c: five bytes, and nothing is judged. */
#include "unit.h"

#include "parser_check.h"
#include "wire/record_header.h"

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_record_header h;
    uint8_t out[5];
    tlsc_err rc = tlsc_record_header_parse(&h, body);
    if (rc == TLSC_OK) {
        tlsc_record_header_write(out, &h);
        rc = tlsc_buf_append(again, tlsc_bytes_of(out, sizeof(out)));
    }
    return rc;
}

static void five_bytes_are_read_and_written(void **state)
{
    (void)state;
    tlsc_record_header h;
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(0x16, 3, 1, 0x40, 0x0f) });
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(0, 0, 0, 0, 0) });
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(255, 255, 255, 255, 255) });
    assert_ok(tlsc_record_header_parse(&h, BYTES(0x17, 3, 4, 0x12, 0x34)));
    assert_int_equal(h.type, 0x17);
    assert_int_equal(h.version, 0x0304);
    assert_int_equal(h.length, 0x1234);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_bytes_are_read_and_written),
    };
    return cmocka_run_group_tests_name("record_header", tests, NULL, NULL);
}
