/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/der.h"

#include <stdio.h>

#include "base/buf.h"
#include "unit.h"

/* -- identifier and length */

static void elements_are_read_in_turn(void **state)
{
    (void)state;
    tlsc_der d = tlsc_der_of(BYTES(0x04, 0x02, 'a', 'b', 0x30, 0x00, 0xa0, 0x01, 0xff));
    assert_true(tlsc_der_next_is(&d, TLSC_DER_OCTET_STRING));
    assert_false(tlsc_der_next_is(&d, TLSC_DER_SEQUENCE));
    assert_bytes_equal(tlsc_der_get(&d, TLSC_DER_OCTET_STRING), TEXT("ab"));
    assert_true(tlsc_der_more(&d));
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
    assert_bytes_equal(tlsc_der_raw(&d, TLSC_DER_SEQUENCE), BYTES(0x30, 0x00));
    uint8_t tag;
    assert_bytes_equal(tlsc_der_any(&d, &tag), BYTES(0xff));
    assert_int_equal(tag, 0xa0);
    assert_false(tlsc_der_more(&d));
    assert_false(tlsc_der_next_is(&d, 0xa0));
    assert_ok(tlsc_der_end(&d));
}

static void another_tag_is_bad(void **state)
{
    (void)state;
    tlsc_der d = tlsc_der_of(BYTES(0x04, 0x00, 0x04, 0x00));
    assert_int_equal(tlsc_der_get(&d, TLSC_DER_INTEGER).n, 0);
    (void)tlsc_der_get(&d, TLSC_DER_OCTET_STRING);
    assert_false(tlsc_der_more(&d));
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
}

static void nothing_is_no_element(void **state)
{
    (void)state;
    tlsc_der d = tlsc_der_of((tlsc_bytes){ NULL, 0 });
    assert_false(tlsc_der_next_is(&d, 0));
    assert_ok(tlsc_der_end(&d));
    uint8_t tag = 7;
    (void)tlsc_der_any(&d, &tag);
    assert_int_equal(tag, 0);
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
}

/* An OCTET STRING of `n` zeroes behind these length bytes. */
static bool length_is_read(tlsc_bytes length, size_t n)
{
    tlsc_buf b = tlsc_buf_of(32 << 20);
    uint8_t *zeroes = (uint8_t *)tlsc_mem_zalloc(n);
    assert_ok(tlsc_buf_append(&b, BYTES(TLSC_DER_OCTET_STRING)));
    assert_ok(tlsc_buf_append(&b, length));
    assert_ok(tlsc_buf_append(&b, tlsc_bytes_of(zeroes, n)));
    uint8_t *exact = test_copy(tlsc_buf_bytes(&b));
    tlsc_der d = tlsc_der_of(tlsc_bytes_of(exact, b.n));
    tlsc_bytes contents = tlsc_der_get(&d, TLSC_DER_OCTET_STRING);
    bool good = tlsc_der_end(&d) == TLSC_OK;
    assert_true(!good || contents.n == n);
    tlsc_mem_free(exact);
    tlsc_mem_free(zeroes);
    tlsc_buf_clear(&b);
    return good;
}

static void lengths_are_definite_and_minimal(void **state)
{
    (void)state;
    assert_true(length_is_read(BYTES(0x00), 0));
    assert_true(length_is_read(BYTES(0x7f), 0x7f));
    assert_true(length_is_read(BYTES(0x81, 0x80), 0x80));
    assert_true(length_is_read(BYTES(0x81, 0xff), 0xff));
    assert_true(length_is_read(BYTES(0x82, 0x01, 0x00), 0x100));
    assert_true(length_is_read(BYTES(0x82, 0xff, 0xff), 0xffff));
    assert_true(length_is_read(BYTES(0x83, 0x01, 0x00, 0x00), 0x10000));
    assert_true(length_is_read(BYTES(0x83, 0xff, 0xff, 0xff), 0xffffff));
    assert_true(length_is_read(BYTES(0x84, 0x01, 0x00, 0x00, 0x00), 0x1000000));

    assert_false(length_is_read(BYTES(0x80), 0)); /* indefinite */
    assert_false(length_is_read(BYTES(0x80), 2)); /* and ended by two zeroes */
    assert_false(length_is_read(BYTES(0x81, 0x00), 0));
    assert_false(length_is_read(BYTES(0x81, 0x7f), 0x7f));
    assert_false(length_is_read(BYTES(0x82, 0x00, 0x80), 0x80));
    assert_false(length_is_read(BYTES(0x82, 0x00, 0xff), 0xff));
    assert_false(length_is_read(BYTES(0x83, 0x00, 0xff, 0xff), 0xffff));
    assert_false(length_is_read(BYTES(0x84, 0x00, 0xff, 0xff, 0xff), 0xffffff));
    assert_false(length_is_read(BYTES(0x85, 0x00, 0x00, 0x00, 0x00, 0x01), 1));
    assert_false(length_is_read(BYTES(0x88, 0, 0, 0, 0, 0, 0, 0, 1), 1));
    assert_false(length_is_read(BYTES(0xff), 0x7f));
}

static void a_byte_less_or_more_is_seen(void **state)
{
    (void)state;
    assert_false(length_is_read(BYTES(0x05), 4));
    assert_false(length_is_read(BYTES(0x05), 6));
    assert_false(length_is_read(BYTES(0x81, 0x80), 0x7f));
    assert_false(length_is_read(BYTES(0x82, 0x01, 0x00), 0xff));
    assert_false(length_is_read(BYTES(0x84, 0xff, 0xff, 0xff, 0xff), 16));
}

static bool tag_is_read(uint8_t tag)
{
    tlsc_der d = tlsc_der_of(BYTES(tag, 0x00));
    uint8_t same;
    (void)tlsc_der_any(&d, &same);
    bool good = tlsc_der_end(&d) == TLSC_OK;
    assert_int_equal(same, good ? tag : 0);
    return good;
}

static void tags_have_one_byte_and_ders_form(void **state)
{
    (void)state;
    for (unsigned tag = 0; tag <= 0xff; tag++) {
        unsigned number = tag & 0x1f;
        bool list = number == 16 || number == 17;
        bool constructed = (tag & 0x20) != 0;
        bool universal = (tag & 0xc0) == 0;
        bool good = number != 0x1f && (!universal || (number != 0 && constructed == list));
        assert_int_equal(tag_is_read((uint8_t)tag), good);
    }
}

static void every_truncation_is_bad(void **state)
{
    (void)state;
    static const uint8_t whole[] = { 0x30, 0x81, 0x80, 1, 2, 3 };
    for (size_t n = 1; n < sizeof(whole); n++) {
        uint8_t *p = test_copy(tlsc_bytes_of(whole, n));
        tlsc_der d = tlsc_der_of(tlsc_bytes_of(p, n));
        assert_int_equal(tlsc_der_raw(&d, TLSC_DER_SEQUENCE).n, 0);
        assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
        tlsc_mem_free(p);
    }
}

/* -- nesting */

static void a_sequence_must_be_read_to_its_end(void **state)
{
    (void)state;
    tlsc_bytes in = BYTES(0x30, 0x04, 0x05, 0x00, 0x05, 0x00, 0x05, 0x00);
    tlsc_der d = tlsc_der_of(in);
    tlsc_der s = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_der_null(&s);
    tlsc_der_null(&s);
    tlsc_der_leave(&d, &s);
    tlsc_der_null(&d);
    assert_ok(tlsc_der_end(&d));

    d = tlsc_der_of(in);
    s = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_der_null(&s);
    tlsc_der_leave(&d, &s); /* a NULL is left */
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);

    d = tlsc_der_of(in);
    s = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    (void)tlsc_der_boolean(&s);
    tlsc_der_leave(&d, &s);
    assert_false(tlsc_der_more(&d));
}

static void what_is_inside_a_bad_one_is_bad(void **state)
{
    (void)state;
    tlsc_der d = tlsc_der_of(BYTES(0x30, 0x7f));
    tlsc_der s = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    assert_err(tlsc_der_end(&s), TLSC_E_BAD_DER);
    tlsc_der_leave(&d, &s);
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    uint8_t bomb[2 * 60];
    for (size_t i = 0; i < sizeof(bomb); i += 2) {
        bomb[i] = TLSC_DER_SEQUENCE;
        bomb[i + 1] = (uint8_t)(sizeof(bomb) - i - 2);
    }
    tlsc_der d = tlsc_der_of(tlsc_bytes_of(bomb, sizeof(bomb)));
    unsigned depth = 0;
    while (tlsc_der_more(&d)) {
        d = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
        depth++;
    }
    assert_int_equal(depth, TLSC_DER_LEVELS + 1); /* the last was refused */
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
}

/* -- types */

static bool boolean(tlsc_bytes in, bool *v)
{
    tlsc_der d = tlsc_der_of(in);
    *v = tlsc_der_boolean(&d);
    return tlsc_der_end(&d) == TLSC_OK;
}

static void booleans_are_all_or_nothing(void **state)
{
    (void)state;
    bool v;
    assert_true(boolean(BYTES(0x01, 0x01, 0x00), &v) && !v);
    assert_true(boolean(BYTES(0x01, 0x01, 0xff), &v) && v);
    assert_false(boolean(BYTES(0x01, 0x01, 0x01), &v) || v);
    assert_false(boolean(BYTES(0x01, 0x01, 0xfe), &v) || v);
    assert_false(boolean(BYTES(0x01, 0x00), &v) || v);
    assert_false(boolean(BYTES(0x01, 0x02, 0xff, 0xff), &v) || v);
    assert_false(boolean(BYTES(0x02, 0x01, 0xff), &v) || v);
}

static bool integer(tlsc_bytes in, tlsc_bytes expected)
{
    tlsc_der d = tlsc_der_of(in);
    tlsc_bytes v = tlsc_der_integer(&d);
    return tlsc_der_end(&d) == TLSC_OK && tlsc_bytes_equal(v, expected);
}

static void integers_are_minimal(void **state)
{
    (void)state;
    assert_true(integer(BYTES(0x02, 0x01, 0x00), BYTES(0x00)));
    assert_true(integer(BYTES(0x02, 0x01, 0x80), BYTES(0x80)));
    assert_true(integer(BYTES(0x02, 0x02, 0x00, 0x80), BYTES(0x00, 0x80)));
    assert_true(integer(BYTES(0x02, 0x02, 0xff, 0x7f), BYTES(0xff, 0x7f)));
    assert_false(integer(BYTES(0x02, 0x00), BYTES(0x00)));
    assert_false(integer(BYTES(0x02, 0x02, 0x00, 0x7f), BYTES(0x00, 0x7f)));
    assert_false(integer(BYTES(0x02, 0x02, 0xff, 0x80), BYTES(0xff, 0x80)));
    assert_false(integer(BYTES(0x02, 0x02, 0x00, 0x00), BYTES(0x00, 0x00)));
}

static bool natural(tlsc_bytes in, tlsc_bytes expected)
{
    tlsc_der d = tlsc_der_of(in);
    tlsc_bytes v = tlsc_der_unsigned(&d);
    return tlsc_der_end(&d) == TLSC_OK && tlsc_bytes_equal(v, expected);
}

static void unsigned_integers_have_no_sign_byte(void **state)
{
    (void)state;
    assert_true(natural(BYTES(0x02, 0x01, 0x00), (tlsc_bytes){ NULL, 0 }));
    assert_true(natural(BYTES(0x02, 0x01, 0x7f), BYTES(0x7f)));
    assert_true(natural(BYTES(0x02, 0x02, 0x00, 0x80), BYTES(0x80)));
    assert_false(natural(BYTES(0x02, 0x01, 0x80), BYTES(0x80)));
    assert_false(natural(BYTES(0x02, 0x02, 0x00, 0x7f), BYTES(0x7f)));
    assert_false(natural(BYTES(0x02, 0x00), (tlsc_bytes){ NULL, 0 }));
}

static void numbers_must_fit(void **state)
{
    (void)state;
    tlsc_der d = tlsc_der_of(BYTES(0x02, 0x01, 0x00, 0x02, 0x03, 0x01, 0x02, 0x03, 0x02, 0x09, 0x00,
                                   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
    assert_true(tlsc_der_u64(&d) == 0);
    assert_true(tlsc_der_u64(&d) == 0x010203);
    assert_true(tlsc_der_u64(&d) == UINT64_MAX);
    assert_ok(tlsc_der_end(&d));
    d = tlsc_der_of(BYTES(0x02, 0x09, 0x01, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_true(tlsc_der_u64(&d) == 0);
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
    d = tlsc_der_of(BYTES(0x02, 0x01, 0xff));
    assert_true(tlsc_der_u64(&d) == 0);
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
}

static bool bit_string(tlsc_bytes in, tlsc_bytes expected, uint8_t expected_unused)
{
    tlsc_der d = tlsc_der_of(in);
    uint8_t unused;
    tlsc_bytes v = tlsc_der_bit_string(&d, &unused);
    return tlsc_der_end(&d) == TLSC_OK && tlsc_bytes_equal(v, expected) &&
           unused == expected_unused;
}

static void bit_strings_end_in_zeroes(void **state)
{
    (void)state;
    assert_true(bit_string(BYTES(0x03, 0x01, 0x00), (tlsc_bytes){ NULL, 0 }, 0));
    assert_true(bit_string(BYTES(0x03, 0x02, 0x00, 0xff), BYTES(0xff), 0));
    assert_true(bit_string(BYTES(0x03, 0x02, 0x07, 0x80), BYTES(0x80), 7));
    assert_true(bit_string(BYTES(0x03, 0x03, 0x04, 0xff, 0xf0), BYTES(0xff, 0xf0), 4));
    assert_false(bit_string(BYTES(0x03, 0x00), (tlsc_bytes){ NULL, 0 }, 0));
    assert_false(bit_string(BYTES(0x03, 0x01, 0x01), (tlsc_bytes){ NULL, 0 }, 1));
    assert_false(bit_string(BYTES(0x03, 0x02, 0x08, 0x00), BYTES(0x00), 8));
    assert_false(bit_string(BYTES(0x03, 0x02, 0x04, 0xf8), BYTES(0xf8), 4));
    assert_false(bit_string(BYTES(0x03, 0x02, 0x01, 0x01), BYTES(0x01), 1));
}

static void keys_and_signatures_are_whole_bytes(void **state)
{
    (void)state;
    tlsc_der d = tlsc_der_of(BYTES(0x03, 0x02, 0x00, 0xab, 0x03, 0x02, 0x01, 0xfe));
    assert_bytes_equal(tlsc_der_bit_string_bytes(&d), BYTES(0xab));
    assert_int_equal(tlsc_der_bit_string_bytes(&d).n, 0);
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
}

static bool oid(tlsc_bytes in)
{
    tlsc_der d = tlsc_der_of(in);
    (void)tlsc_der_oid(&d);
    return tlsc_der_end(&d) == TLSC_OK;
}

static void oids_are_well_formed(void **state)
{
    (void)state;
    assert_true(oid(BYTES(0x06, 0x03, 0x55, 0x1d, 0x0f)));
    assert_true(oid(BYTES(0x06, 0x03, 0x2a, 0x86, 0x48)));
    assert_true(oid(BYTES(0x06, 0x03, 0x2a, 0x81, 0x00)));
    assert_false(oid(BYTES(0x06, 0x00)));
    assert_false(oid(BYTES(0x06, 0x02, 0x2a, 0x86)));       /* ends in the middle of a number */
    assert_false(oid(BYTES(0x06, 0x03, 0x2a, 0x80, 0x01))); /* a number with a leading zero */
    assert_false(oid(BYTES(0x06, 0x02, 0x80, 0x01)));
}

static void null_is_empty(void **state)
{
    (void)state;
    tlsc_der d = tlsc_der_of(BYTES(0x05, 0x01, 0x00));
    tlsc_der_null(&d);
    assert_err(tlsc_der_end(&d), TLSC_E_BAD_DER);
}

/* -- times */

static bool time_of(uint8_t tag, const char *text, int64_t *s)
{
    uint8_t b[34] = { tag, (uint8_t)strlen(text) };
    assert_true(strlen(text) <= 32);
    memcpy(b + 2, text, strlen(text));
    tlsc_der d = tlsc_der_of(tlsc_bytes_of(b, 2 + strlen(text)));
    *s = tlsc_der_time(&d);
    bool good = tlsc_der_end(&d) == TLSC_OK;
    assert_true(good || *s == 0);
    return good;
}

typedef struct moment {
    const char *text;
    int64_t s;
} moment;

static void times_are_seconds_since_1970(void **state)
{
    (void)state;
    static const moment utc[] = {
        { "700101000000Z", 0 },           { "691231235959Z", -1 },
        { "500101000000Z", -631152000 },  { "491231235959Z", 2524607999 },
        { "000229120000Z", 951825600 },   { "240229235959Z", 1709251199 },
        { "380119031408Z", 2147483648 },
    };
    static const moment generalized[] = {
        { "19700101000000Z", 0 },
        { "20000229120000Z", 951825600 },
        { "20500101000000Z", 2524608000 },
        { "20551231235959Z", 2713910399 },
        { "99991231235959Z", 253402300799 },
        { "00000101000000Z", -62167219200 },
        { "16010101000000Z", -11644473600 },
    };
    int64_t s;
    for (size_t i = 0; i < sizeof(utc) / sizeof(utc[0]); i++) {
        assert_true(time_of(TLSC_DER_UTC_TIME, utc[i].text, &s));
        assert_true(s == utc[i].s);
    }
    for (size_t i = 0; i < sizeof(generalized) / sizeof(generalized[0]); i++) {
        assert_true(time_of(TLSC_DER_GENERALIZED_TIME, generalized[i].text, &s));
        assert_true(s == generalized[i].s);
    }
}

/* Day after day for 400 years and more: the calendar has no hole. */
static void days_follow_each_other(void **state)
{
    (void)state;
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t expected = 0;
    for (int year = 1970; year < 2400; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int n = days[month - 1] + (month == 2 && leap);
            for (int day = 1; day <= 31; day++) {
                char text[64];
                int64_t s;
                (void)snprintf(text, sizeof(text), "%04d%02d%02d000000Z", year, month, day);
                assert_int_equal(time_of(TLSC_DER_GENERALIZED_TIME, text, &s), day <= n);
                assert_true(day > n || s == expected);
                expected += day <= n ? 86400 : 0;
            }
        }
    }
}

static void times_in_other_forms_are_bad(void **state)
{
    (void)state;
    static const char *const utc[] = {
        "",               "Z",              "7001010000Z",    "700101000000",  "700101000000z",
        "700101000000+0000", "700101000000.0Z", "19700101000000Z", "700101 00000Z", "7o0101000000Z",
        "700001000000Z",  "701301000000Z",  "700100000000Z",  "700132000000Z", "700229000000Z",
        "700431000000Z",  "700101240000Z",  "700101006000Z",  "700101000060Z", "700101000000ZZ",
        "-10101000000Z",  "70010100000:Z",  "70010100000/Z",
    };
    static const char *const generalized[] = {
        "700101000000Z",     "197001010000Z",       "19700101000000",       "19700101000000.5Z",
        "19700101000000+01", "19000229000000Z",     "21000229000000Z",      "19700101000000,5Z",
        "1970010100Z",       "197001010000000Z",    "+9700101000000Z",      "19701301000000Z",
    };
    int64_t s;
    for (size_t i = 0; i < sizeof(utc) / sizeof(utc[0]); i++) {
        assert_false(time_of(TLSC_DER_UTC_TIME, utc[i], &s));
    }
    for (size_t i = 0; i < sizeof(generalized) / sizeof(generalized[0]); i++) {
        assert_false(time_of(TLSC_DER_GENERALIZED_TIME, generalized[i], &s));
    }
    assert_false(time_of(TLSC_DER_OCTET_STRING, "700101000000Z", &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_read_in_turn),
        cmocka_unit_test(another_tag_is_bad),
        cmocka_unit_test(nothing_is_no_element),
        cmocka_unit_test(lengths_are_definite_and_minimal),
        cmocka_unit_test(a_byte_less_or_more_is_seen),
        cmocka_unit_test(tags_have_one_byte_and_ders_form),
        cmocka_unit_test(every_truncation_is_bad),
        cmocka_unit_test(a_sequence_must_be_read_to_its_end),
        cmocka_unit_test(what_is_inside_a_bad_one_is_bad),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(booleans_are_all_or_nothing),
        cmocka_unit_test(integers_are_minimal),
        cmocka_unit_test(unsigned_integers_have_no_sign_byte),
        cmocka_unit_test(numbers_must_fit),
        cmocka_unit_test(bit_strings_end_in_zeroes),
        cmocka_unit_test(keys_and_signatures_are_whole_bytes),
        cmocka_unit_test(oids_are_well_formed),
        cmocka_unit_test(null_is_empty),
        cmocka_unit_test(times_are_seconds_since_1970),
        cmocka_unit_test(days_follow_each_other),
        cmocka_unit_test(times_in_other_forms_are_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
