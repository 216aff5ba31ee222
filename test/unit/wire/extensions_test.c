/* SPDX-License-Identifier: Apache-2.0 */
/* wire/extensions_test.c: the table of RFC 8446 4.2, duplicates, and lists of uint16. */
#include "unit.h"

#include "wire/extensions.h"

enum {
    CH = TLSC_IN_CH,
    SH = TLSC_IN_SH,
    EE = TLSC_IN_EE,
    CT = TLSC_IN_CT,
    CR = TLSC_IN_CR,
    NST = TLSC_IN_NST,
    HRR = TLSC_IN_HRR
};

/* RFC 8446's table in its own order, and what later RFCs add; TLS 1.2's column isn't in it. */
static const struct {
    uint16_t code;
    unsigned where;
} rfc_table[] = {
    { 0, CH | EE },
    { 1, CH | EE },
    { 5, CH | CR | CT },
    { 10, CH | EE },
    { 13, CH | CR },
    { 16, CH | EE },
    { 18, CH | CR | CT },
    { 19, CH | EE },
    { 20, CH | EE },
    { 21, CH },
    { 41, CH | SH },
    { 42, CH | EE | NST },
    { 43, CH | SH | HRR },
    { 44, CH | HRR },
    { 45, CH },
    { 47, CH | CR },
    { 48, CR },
    { 49, CH },
    { 50, CH | CR },
    { 51, CH | SH | HRR },
    { 27, CH | CR },
    { 28, CH | EE },
    { 58, CH | EE },
    /* TLS 1.2's, which a ClientHello for both holds */
    { 11, CH },
    { 23, CH },
    { 35, CH },
    { 0xff01, CH },
};

static void each_extension_is_allowed_where_the_rfc_says(void **state)
{
    (void)state;
    static const unsigned messages[] = { CH, SH, EE, CT, CR, NST, HRR };
    for (size_t i = 0; i < sizeof(rfc_table) / sizeof(rfc_table[0]); i++) {
        uint16_t code = rfc_table[i].code;
        for (size_t k = 0; k < sizeof(messages) / sizeof(messages[0]); k++) {
            tlsc_exts e;
            bool allowed = (rfc_table[i].where & messages[k]) != 0;
            tlsc_err rc = tlsc_exts_parse(&e, BYTES((uint8_t)(code >> 8), (uint8_t)code, 0, 1, 77),
                                          messages[k]);
            if (rc != (allowed ? TLSC_OK : TLSC_E_MISPLACED_EXTENSION)) {
                fail_msg("extension %u in message %u: %s", code, messages[k], tlsc_err_name(rc));
            }
            assert_int_equal(e.last_code, code);
        }
    }
    assert_int_equal(sizeof(rfc_table) / sizeof(rfc_table[0]), TLSC_EXT_COUNT);
}

static void known_extensions_are_sorted_out(void **state)
{
    (void)state;
    tlsc_exts e;
    tlsc_bytes block = BYTES(0, 43, 0, 2, 1, 2, 0x7a, 0x7a, 0, 0, 0, 16, 0, 1, 9);
    assert_ok(tlsc_exts_parse(&e, block, CH));
    assert_true(tlsc_exts_has(&e, TLSC_EXT_supported_versions));
    assert_true(tlsc_exts_has(&e, TLSC_EXT_alpn));
    assert_false(tlsc_exts_has(&e, TLSC_EXT_server_name));
    assert_bytes_equal(e.data[TLSC_EXT_supported_versions], BYTES(1, 2));
    assert_bytes_equal(e.data[TLSC_EXT_alpn], BYTES(9));
    assert_int_equal(e.data[TLSC_EXT_server_name].n, 0);
    assert_true(e.has_unknown);
    assert_int_equal(e.last_code, 16);
    assert_bytes_equal(e.raw, block);

    assert_ok(tlsc_exts_parse(&e, TEXT(""), CH));
    assert_int_equal(e.present, 0);
    assert_int_equal(e.last_code, 0xffff);
    assert_false(e.has_unknown);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    tlsc_exts e;
    static const uint8_t block[] = { 0, 43, 0, 3, 2, 3, 4 };
    for (size_t n = 1; n < sizeof(block); n++) {
        uint8_t *copy = test_copy(tlsc_bytes_of(block, n));
        assert_err(tlsc_exts_parse(&e, tlsc_bytes_of(copy, n), CH), TLSC_E_DECODE);
        tlsc_mem_free(copy);
    }
}

static void an_extension_stands_once(void **state)
{
    (void)state;
    tlsc_exts e;
    assert_err(tlsc_exts_parse(&e, BYTES(0, 43, 0, 0, 0, 43, 0, 0), CH),
               TLSC_E_DUPLICATE_EXTENSION);
    assert_err(tlsc_exts_parse(&e, BYTES(0, 43, 0, 0, 0, 16, 0, 0, 0, 43, 0, 1, 9), CH),
               TLSC_E_DUPLICATE_EXTENSION);
    /* unknown ones too */
    assert_err(tlsc_exts_parse(&e, BYTES(0x7a, 0x7a, 0, 0, 0x7a, 0x7a, 0, 0), CH),
               TLSC_E_DUPLICATE_EXTENSION);
    assert_ok(tlsc_exts_parse(&e, BYTES(0x7a, 0x7a, 0, 0, 0x7a, 0x7b, 0, 0), CH));
    assert_err(tlsc_exts_parse(&e, BYTES(255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0), CH),
               TLSC_E_DUPLICATE_EXTENSION);
}

/* The most that fit into a block, each once, and the last of them twice. */
static void sixteen_thousand_extensions_are_read(void **state)
{
    (void)state;
    enum { MOST = 65535 / 4, FIRST = 0x1000 };
    static uint8_t block[MOST * 4];
    tlsc_exts e;
    for (size_t i = 0; i < MOST; i++) {
        block[4 * i] = (uint8_t)((FIRST + i) >> 8);
        block[4 * i + 1] = (uint8_t)(FIRST + i);
    }
    assert_ok(tlsc_exts_parse(&e, tlsc_bytes_of(block, sizeof(block)), CH));
    assert_int_equal(e.present, 0);
    assert_int_equal(e.last_code, FIRST + MOST - 1);
    block[4 * (MOST - 1) + 1] = 0;
    block[4 * (MOST - 1)] = FIRST >> 8;
    assert_err(tlsc_exts_parse(&e, tlsc_bytes_of(block, sizeof(block)), CH),
               TLSC_E_DUPLICATE_EXTENSION);
}

static void lists_of_uint16_keep_their_bounds(void **state)
{
    (void)state;
    tlsc_bytes list = { NULL, 0 };
    static uint8_t big[65536 + 2];
    assert_ok(tlsc_ext_u16_list(BYTES(2, 1, 2), 1, 2, &list));
    assert_bytes_equal(list, BYTES(1, 2));
    assert_ok(tlsc_ext_u16_list(BYTES(0, 4, 1, 2, 3, 4), 2, 2, &list));
    assert_bytes_equal(list, BYTES(1, 2, 3, 4));
    tlsc_bytes before = list;
    assert_err(tlsc_ext_u16_list(BYTES(0), 1, 2, &list), TLSC_E_DECODE);          /* empty */
    assert_err(tlsc_ext_u16_list(BYTES(3, 1, 2, 3), 1, 2, &list), TLSC_E_DECODE); /* odd */
    assert_err(tlsc_ext_u16_list(BYTES(2, 1), 1, 2, &list), TLSC_E_DECODE);       /* too short */
    assert_err(tlsc_ext_u16_list(BYTES(2, 1, 2, 3), 1, 2, &list), TLSC_E_DECODE); /* too long */
    assert_err(tlsc_ext_u16_list(TEXT(""), 1, 2, &list), TLSC_E_DECODE);
    assert_true(list.p == before.p && list.n == before.n);
    big[0] = 254;
    assert_ok(tlsc_ext_u16_list(tlsc_bytes_of(big, 255), 1, 2, &list));
    big[0] = 255;
    assert_err(tlsc_ext_u16_list(tlsc_bytes_of(big, 256), 1, 2, &list), TLSC_E_DECODE);
    big[0] = 0xff;
    big[1] = 0xfe;
    assert_ok(tlsc_ext_u16_list(tlsc_bytes_of(big, 65536), 2, 2, &list));
    assert_int_equal(list.n, 65534);
    big[1] = 0xff;
    assert_err(tlsc_ext_u16_list(tlsc_bytes_of(big, 65537), 2, 2, &list), TLSC_E_DECODE);
}

/* Contents that are nothing, or one byte. */
static void small_contents_are_read_and_written(void **state)
{
    (void)state;
    uint8_t v;
    assert_ok(tlsc_ext_empty_parse(TEXT("")));
    assert_err(tlsc_ext_empty_parse(BYTES(0)), TLSC_E_DECODE);
    assert_ok(tlsc_ext_u8_parse(BYTES(7), &v));
    assert_int_equal(v, 7);
    assert_err(tlsc_ext_u8_parse(TEXT(""), &v), TLSC_E_DECODE);
    assert_err(tlsc_ext_u8_parse(BYTES(7, 0), &v), TLSC_E_DECODE);
    tlsc_buf out = tlsc_buf_of(64);
    tlsc_wr w = tlsc_wr_of(&out);
    tlsc_ext_empty_emit(&w, false, 1);
    tlsc_ext_u8_emit(&w, false, 2, 3);
    tlsc_ext_empty_emit(&w, true, 0x1234);
    tlsc_ext_u8_emit(&w, true, 58, 3);
    assert_ok(tlsc_wr_end(&w));
    assert_bytes_equal(tlsc_buf_bytes(&out), BYTES(0x12, 0x34, 0, 0, 0, 58, 0, 1, 3));
    tlsc_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_extension_is_allowed_where_the_rfc_says),
        cmocka_unit_test(known_extensions_are_sorted_out),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(an_extension_stands_once),
        cmocka_unit_test(sixteen_thousand_extensions_are_read),
        cmocka_unit_test(lists_of_uint16_keep_their_bounds),
        cmocka_unit_test(small_contents_are_read_and_written),
    };
    return cmocka_run_group_tests_name("extensions", tests, NULL, NULL);
}
