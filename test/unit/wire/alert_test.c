/* SPDX-License-Identifier: Apache-2.0 */
/* wire/alert_test.c: two bytes, no less, no more. */
#include "unit.h"

#include "parser_check.h"
#include "wire/alert.h"

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_alert_msg alert;
    uint8_t out[2];
    tlsc_err rc = tlsc_alert_parse(&alert, body);
    if (rc == TLSC_OK) {
        tlsc_alert_write(out, &alert);
        rc = tlsc_buf_append(again, tlsc_bytes_of(out, sizeof(out)));
    }
    return rc;
}

static void every_level_and_description_is_read_and_written(void **state)
{
    (void)state;
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(2, 40) });
    for (unsigned v = 0; v < 65536; v += 257) {
        tlsc_alert_msg alert;
        uint8_t body[2] = { (uint8_t)(v >> 8), (uint8_t)v };
        assert_ok(tlsc_alert_parse(&alert, tlsc_bytes_of(body, 2)));
        assert_int_equal(alert.level, v >> 8);
        assert_int_equal(alert.description, v & 255);
    }
}

static void any_other_length_is_a_bad_alert(void **state)
{
    (void)state;
    tlsc_alert_msg alert;
    assert_err(tlsc_alert_parse(&alert, TEXT("")), TLSC_E_BAD_ALERT);
    assert_err(tlsc_alert_parse(&alert, BYTES(1)), TLSC_E_BAD_ALERT);
    assert_err(tlsc_alert_parse(&alert, BYTES(1, 0, 0)), TLSC_E_BAD_ALERT);
    assert_err(tlsc_alert_parse(&alert, BYTES(1, 0, 1, 0)), TLSC_E_BAD_ALERT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_and_description_is_read_and_written),
        cmocka_unit_test(any_other_length_is_a_bad_alert),
    };
    return cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
