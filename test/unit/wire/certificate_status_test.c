/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_status_test.c: OCSP responses, SCTs, and what stands beside a certificate. */
#include "wire/certificate_status.h"

#include "ext_check.h"
#include "parser_check.h"
#include "unit.h"

static tlsc_err parse_status(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_bytes ocsp;
    tlsc_err rc = tlsc_certificate_status_parse(&ocsp, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_certificate_status_emit(&w, ocsp);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void a_status_is_read_and_written(void **state)
{
    (void)state;
    tlsc_bytes ocsp;
    parser_check(&(parser_case){ .parse = parse_status, .good = BYTES(1, 0, 0, 3, 'o', 'k', '!') });
    assert_ok(tlsc_certificate_status_parse(&ocsp, BYTES(1, 0, 0, 3, 'o', 'k', '!')));
    assert_bytes_equal(ocsp, TEXT("ok!"));
    /* OCSPResponse<1..2^24-1>; a type that we haven't asked for */
    assert_err(tlsc_certificate_status_parse(&ocsp, BYTES(1, 0, 0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_certificate_status_parse(&ocsp, BYTES(2, 0, 0, 1, 'x')), TLSC_E_DECODE);
    assert_err(tlsc_certificate_status_parse(&ocsp, BYTES(0, 0, 0, 1, 'x')), TLSC_E_DECODE);
}

static void sct_lists_are_judged(void **state)
{
    (void)state;
    static uint8_t longest[2 + 65535] = { 0xff, 0xff, 0xff, 0xfd };
    tlsc_bytes good = BYTES(0, 7, 0, 1, 'a', 0, 2, 'b', 'c');
    assert_ok(tlsc_sct_list_check(good));
    assert_ok(tlsc_sct_list_check(BYTES(0, 3, 0, 1, 'a')));
    assert_ok(tlsc_sct_list_check(tlsc_bytes_of(longest, sizeof(longest))));
    assert_err(tlsc_sct_list_check(TEXT("")), TLSC_E_DECODE);
    assert_err(tlsc_sct_list_check(BYTES(0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_sct_list_check(BYTES(0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_sct_list_check(BYTES(0, 5, 0, 1, 'a', 0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_sct_list_check(BYTES(0, 1, 0)), TLSC_E_DECODE);
    assert_err(tlsc_sct_list_check(BYTES(0, 3, 0, 1, 'a', 0)), TLSC_E_DECODE);
    for (size_t n = 0; n < good.n; n++) {
        assert_err(tlsc_sct_list_check(tlsc_bytes_of(good.p, n)), TLSC_E_DECODE);
    }
}

/* Behind a length, as in a certificate's entry. */
static tlsc_err parse_extras(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_certificate_extras extras;
    tlsc_rd r = tlsc_rd_of(body);
    tlsc_bytes block = tlsc_rd_vec16(&r, 0, 65535);
    tlsc_err rc = tlsc_rd_end(&r);
    if (rc == TLSC_OK) {
        rc = tlsc_certificate_extras_parse(&extras, block);
    }
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_wr_mark m = tlsc_wr_open16(&w);
        tlsc_certificate_extras_emit(&w, &extras);
        tlsc_wr_close(&w, m);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void extras_are_read_and_written(void **state)
{
    (void)state;
    tlsc_certificate_extras extras;
    tlsc_bytes good = BYTES(0, 19, 0, 5, 0, 6, 1, 0, 0, 2, 'o', 'k', 0, 18, 0, 5, 0, 3, 0, 1, 's');
    tlsc_buf again = tlsc_buf_of(64);
    assert_ok(parse_extras(good, &again));
    assert_bytes_equal(tlsc_buf_bytes(&again), good);
    tlsc_buf_clear(&again);
    parser_check(&(parser_case){ .parse = parse_extras, .good = good, .any_order = true });
    parser_check(&(parser_case){ .parse = parse_extras, .good = BYTES(0, 0) });
    assert_ok(tlsc_certificate_extras_parse(&extras, tlsc_bytes_of(good.p + 2, good.n - 2)));
    assert_bytes_equal(extras.ocsp, TEXT("ok"));
    assert_bytes_equal(extras.scts, BYTES(0, 3, 0, 1, 's'));
    assert_int_equal(extras.present,
                     1u << TLSC_EXT_status_request | 1u << TLSC_EXT_signed_certificate_timestamp);
    assert_false(extras.has_unknown);
    /* an unknown one is told: nobody has asked for it */
    assert_ok(tlsc_certificate_extras_parse(&extras, BYTES(0x7a, 0x7a, 0, 0)));
    assert_true(extras.has_unknown);
    assert_int_equal(extras.present, 0);
}

static tlsc_err with_block(tlsc_bytes block)
{
    tlsc_certificate_extras extras;
    return tlsc_certificate_extras_parse(&extras, block);
}

static void each_extension_is_judged(void **state)
{
    (void)state;
    const ext_sample samples[] = {
        { TLSC_EXTCODE_status_request, BYTES(1, 0, 0, 1, 'o'), false },
        { TLSC_EXTCODE_signed_certificate_timestamp, BYTES(0, 3, 0, 1, 's'), false },
    };
    ext_check(&(ext_case){
        .parse = with_block, .in = TLSC_IN_CT, .samples = samples, .num_samples = 2 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_is_read_and_written),
        cmocka_unit_test(sct_lists_are_judged),
        cmocka_unit_test(extras_are_read_and_written),
        cmocka_unit_test(each_extension_is_judged),
    };
    return cmocka_run_group_tests_name("certificate_status", tests, NULL, NULL);
}
