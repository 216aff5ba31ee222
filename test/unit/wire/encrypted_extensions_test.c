/* SPDX-License-Identifier: Apache-2.0 */
/* wire/encrypted_extensions_test.c: EncryptedExtensions. */
#include "unit.h"

#include "ext_check.h"
#include "parser_check.h"
#include "wire/encrypted_extensions.h"

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_encrypted_extensions ee;
    tlsc_err rc = tlsc_encrypted_extensions_parse(&ee, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_encrypted_extensions_emit(&w, &ee);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void all_that_it_holds_is_read_and_written(void **state)
{
    (void)state;
    tlsc_encrypted_extensions ee;
    tlsc_bytes good = BYTES(0, 48, 0, 10, 0, 6, 0, 4, 0, 0x1d, 0, 0x17, 0, 28, 0, 2, 0x40, 1, 0, 0,
                            0, 0, 0, 16, 0, 5, 0, 3, 2, 'h', '2', 0, 19, 0, 1, 2, 0, 20, 0, 1, 0,
                            0, 58, 0, 1, 7, 0, 42, 0, 0);
    /* with a bit changed an extension may become an unknown one, which isn't written */
    parser_check(&(parser_case){ .parse = parse, .good = good, .any_order = true });
    tlsc_buf again = tlsc_buf_of(256);
    assert_ok(parse(good, &again));
    assert_bytes_equal(tlsc_buf_bytes(&again), good);
    tlsc_buf_clear(&again);
    assert_ok(tlsc_encrypted_extensions_parse(&ee, good));
    assert_true(ee.server_name);
    assert_bytes_equal(ee.alpn, TEXT("h2"));
    assert_bytes_equal(ee.groups, BYTES(0, 0x1d, 0, 0x17));
    assert_true(ee.sizes.has_limit && ee.sizes.limit == 0x4001);
    assert_true(ee.has_client_type && ee.client_type == 2);
    assert_true(ee.has_server_type && ee.server_type == 0);
    assert_true(ee.has_ticket_count && ee.ticket_count == 7);
    assert_true(ee.early_data);
    assert_false(ee.has_unknown);
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(0, 0) });
}

static void what_is_malformed_is_refused(void **state)
{
    (void)state;
    tlsc_encrypted_extensions ee;
    /* server_name with contents */
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 5, 0, 0, 0, 1, 0)), TLSC_E_DECODE);
    /* no protocol, two of them, an empty one. RFC 7301 3.1 */
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 6, 0, 16, 0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(
        tlsc_encrypted_extensions_parse(&ee, BYTES(0, 10, 0, 16, 0, 6, 0, 4, 1, 'a', 1, 'b')),
        TLSC_E_DECODE);
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 7, 0, 16, 0, 3, 0, 1, 0)),
               TLSC_E_DECODE);
    /* half a group, none, a record size limit of another length */
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 7, 0, 10, 0, 3, 0, 1, 9)),
               TLSC_E_DECODE);
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 6, 0, 10, 0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 5, 0, 28, 0, 1, 1)), TLSC_E_DECODE);
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 7, 0, 28, 0, 3, 1, 2, 3)),
               TLSC_E_DECODE);
    /* twice, and what belongs to ServerHello */
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 8, 0, 0, 0, 0, 0, 0, 0, 0)),
               TLSC_E_DUPLICATE_EXTENSION);
    assert_err(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 6, 0, 43, 0, 2, 3, 4)),
               TLSC_E_MISPLACED_EXTENSION);
}

static tlsc_err with_block(tlsc_bytes block)
{
    tlsc_encrypted_extensions ee;
    tlsc_buf body = tlsc_buf_of(1 << 17);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_vec16(&w, block);
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = tlsc_encrypted_extensions_parse(&ee, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    return rc;
}

static const ext_sample samples[] = {
    { TLSC_EXTCODE_server_name, { NULL, 0 }, false },
    { TLSC_EXTCODE_max_fragment_length, { (const uint8_t *)"\1", 1 }, false },
    { TLSC_EXTCODE_supported_groups, { (const uint8_t *)"\0\2\0\35", 4 }, false },
    { TLSC_EXTCODE_alpn, { (const uint8_t *)"\0\3\2h2", 5 }, false },
    { TLSC_EXTCODE_client_certificate_type, { (const uint8_t *)"\2", 1 }, false },
    { TLSC_EXTCODE_server_certificate_type, { (const uint8_t *)"\2", 1 }, false },
    { TLSC_EXTCODE_record_size_limit, { (const uint8_t *)"\100\0", 2 }, false },
    { TLSC_EXTCODE_early_data, { NULL, 0 }, false },
    { TLSC_EXTCODE_ticket_request, { (const uint8_t *)"\1", 1 }, false },
};

static void each_extension_is_judged(void **state)
{
    (void)state;
    ext_check(&(ext_case){ .parse = with_block,
                           .in = TLSC_IN_EE,
                           .samples = samples,
                           .num_samples = sizeof(samples) / sizeof(samples[0]) });
}

/* What was there is told, so that a client can refuse what it hasn't asked for. RFC 8446 4.2 */
static void what_was_there_is_told(void **state)
{
    (void)state;
    tlsc_encrypted_extensions ee;
    assert_ok(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 5, 0, 1, 0, 1, 1)));
    assert_int_equal(ee.present, 1u << TLSC_EXT_max_fragment_length);
    assert_false(ee.has_unknown);
    assert_ok(tlsc_encrypted_extensions_parse(&ee, BYTES(0, 8, 0x7a, 0x7a, 0, 0, 0, 0, 0, 0)));
    assert_int_equal(ee.present, 1u << TLSC_EXT_server_name);
    assert_true(ee.has_unknown);
    assert_false(ee.has_client_type || ee.has_server_type || ee.has_ticket_count || ee.early_data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_it_holds_is_read_and_written),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(each_extension_is_judged),
        cmocka_unit_test(what_was_there_is_told),
    };
    return cmocka_run_group_tests_name("encrypted_extensions", tests, NULL, NULL);
}
