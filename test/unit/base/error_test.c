/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

static void every_error_is_described(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TLSC_ERR_COUNT; i++) {
        tlsc_err e = (tlsc_err)i;
        const char *text = tlsc_err_text(e);
        assert_true(strlen(tlsc_err_name(e)) > 0);
        assert_true(strlen(text) > 0);
        assert_int_not_equal(text[strlen(text) - 1], '.');
        assert_non_null(tlsc_err_reference(e));
        assert_int_equal(tlsc_err_blame(e) == TLSC_BLAME_NONE, e == TLSC_OK);
        if (tlsc_err_alert(e) != TLSC_ALERT_NONE) {
            assert_string_not_equal(tlsc_alert_name(tlsc_err_alert(e)), "unknown alert");
        }
    }
}

static void names_are_unique(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TLSC_ERR_COUNT; i++) {
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(tlsc_err_name((tlsc_err)i), tlsc_err_name((tlsc_err)j));
            assert_string_not_equal(tlsc_err_text((tlsc_err)i), tlsc_err_text((tlsc_err)j));
        }
    }
}

static void some_rows_are_as_the_rfc_says(void **state)
{
    (void)state;
    assert_string_equal(tlsc_err_name(TLSC_OK), "OK");
    assert_int_equal(tlsc_err_alert(TLSC_OK), TLSC_ALERT_NONE);
    assert_string_equal(tlsc_err_name(TLSC_E_BAD_FINISHED), "BAD_FINISHED");
    assert_string_equal(tlsc_err_reference(TLSC_E_BAD_FINISHED), "RFC 8446 4.4.4");
    assert_int_equal(tlsc_err_alert(TLSC_E_BAD_FINISHED), TLSC_ALERT_decrypt_error);
    assert_int_equal(tlsc_err_blame(TLSC_E_BAD_FINISHED), TLSC_BLAME_PEER);
    assert_int_equal(tlsc_err_alert(TLSC_E_DECODE), TLSC_ALERT_decode_error);
    assert_int_equal(tlsc_err_alert(TLSC_E_HTTP_REQUEST), TLSC_ALERT_NONE);
    assert_int_equal(tlsc_err_blame(TLSC_E_NO_SHARED_SUITE), TLSC_BLAME_INCOMPATIBLE);
}

static void what_is_no_error_is_unknown(void **state)
{
    (void)state;
    static const unsigned none[] = { TLSC_ERR_COUNT, TLSC_ERR_COUNT + 1, 1U << 16 };
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        tlsc_err e = (tlsc_err)none[i];
        assert_string_equal(tlsc_err_name(e), "UNKNOWN");
        assert_string_equal(tlsc_err_reference(e), "");
        assert_int_equal(tlsc_err_blame(e), TLSC_BLAME_INTERNAL);
        assert_int_equal(tlsc_err_alert(e), TLSC_ALERT_internal_error);
    }
}

static void alerts_have_the_rfcs_numbers(void **state)
{
    (void)state;
    assert_string_equal(tlsc_alert_name(0), "close_notify");
    assert_string_equal(tlsc_alert_name(40), "handshake_failure");
    assert_string_equal(tlsc_alert_name(120), "no_application_protocol");
    assert_string_equal(tlsc_alert_name(1), "unknown alert");
    assert_string_equal(tlsc_alert_name(255), "unknown alert");
    assert_string_equal(tlsc_alert_name(100000), "unknown alert");
    assert_true(strlen(tlsc_version()) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_is_described),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(some_rows_are_as_the_rfc_says),
        cmocka_unit_test(what_is_no_error_is_unknown),
        cmocka_unit_test(alerts_have_the_rfcs_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
