/* SPDX-License-Identifier: Apache-2.0 */
/* wire/key_update_test.c: one byte, 0 or 1. */
#include "unit.h"

#include "parser_check.h"
#include "wire/key_update.h"

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    bool requested;
    tlsc_err rc = tlsc_key_update_parse(&requested, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_key_update_emit(&w, requested);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void no_and_yes_are_read_and_written(void **state)
{
    (void)state;
    bool requested;
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(0) });
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(1) });
    assert_ok(tlsc_key_update_parse(&requested, BYTES(1)));
    assert_true(requested);
    assert_ok(tlsc_key_update_parse(&requested, BYTES(0)));
    assert_false(requested);
}

/* RFC 8446 4.6.3: any other value is an illegal parameter; no length but one can be decoded. */
static void every_other_value_is_refused(void **state)
{
    (void)state;
    bool requested;
    for (unsigned v = 2; v < 256; v++) {
        assert_err(tlsc_key_update_parse(&requested, BYTES((uint8_t)v)), TLSC_E_BAD_KEY_UPDATE);
    }
    assert_err(tlsc_key_update_parse(&requested, TEXT("")), TLSC_E_DECODE);
    assert_err(tlsc_key_update_parse(&requested, BYTES(0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_key_update_parse(&requested, BYTES(2, 0)), TLSC_E_DECODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_and_yes_are_read_and_written),
        cmocka_unit_test(every_other_value_is_refused),
    };
    return cmocka_run_group_tests_name("key_update", tests, NULL, NULL);
}
