/* SPDX-License-Identifier: Apache-2.0 */
/* wire/compressed_certificate_test.c: CompressedCertificate and the extension that asks for it. */
#include "wire/compressed_certificate.h"

#include "parser_check.h"
#include "unit.h"

static tlsc_err parse_message(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_compressed_certificate msg;
    tlsc_err rc = tlsc_compressed_certificate_parse(&msg, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_compressed_certificate_emit(&w, &msg);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static tlsc_err parse_list(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_bytes list;
    tlsc_err rc = tlsc_compress_certificate_parse(&list, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_wr_vec8(&w, list);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void messages_are_read_and_written(void **state)
{
    (void)state;
    tlsc_compressed_certificate msg;
    tlsc_bytes good = BYTES(0, 2, 0, 4, 1, 0, 0, 3, 'z', 'i', 'p');
    parser_check(&(parser_case){ .parse = parse_message, .good = good });
    assert_ok(tlsc_compressed_certificate_parse(&msg, good));
    assert_int_equal(msg.algorithm, 2);
    assert_int_equal(msg.uncompressed_len, 0x401);
    assert_bytes_equal(msg.message, TEXT("zip"));
}

/* opaque compressed_certificate_message<1..2^24-1>: nothing isn't compressed to anything. */
static void a_message_without_contents_is_refused(void **state)
{
    (void)state;
    tlsc_compressed_certificate msg;
    assert_err(tlsc_compressed_certificate_parse(&msg, BYTES(0, 2, 0, 0, 4, 0, 0, 0)),
               TLSC_E_DECODE);
}

static void the_emitted_header_is_as_long_as_it_says(void **state)
{
    (void)state;
    tlsc_compressed_certificate msg = { .algorithm = 1, .uncompressed_len = 9,
                                        .message = TEXT("x") };
    tlsc_buf out = tlsc_buf_of(64);
    tlsc_wr w = tlsc_wr_of(&out);
    tlsc_compressed_certificate_emit(&w, &msg);
    assert_ok(tlsc_wr_end(&w));
    assert_int_equal(out.n, TLSC_COMPRESSED_HEADER + 1);
    tlsc_buf_clear(&out);
}

static void lists_of_algorithms_are_read_and_written(void **state)
{
    (void)state;
    tlsc_bytes list;
    parser_check(&(parser_case){ .parse = parse_list, .good = BYTES(6, 0, 2, 0, 1, 0, 3) });
    assert_ok(tlsc_compress_certificate_parse(&list, BYTES(4, 0, 2, 0xff, 1)));
    assert_bytes_equal(list, BYTES(0, 2, 0xff, 1));
    /* algorithms<2..2^8-2> */
    assert_err(tlsc_compress_certificate_parse(&list, BYTES(0)), TLSC_E_DECODE);
    assert_err(tlsc_compress_certificate_parse(&list, BYTES(3, 0, 2, 0)), TLSC_E_DECODE);
}

static void an_algorithm_stands_in_a_list_once(void **state)
{
    (void)state;
    tlsc_bytes list;
    assert_err(tlsc_compress_certificate_parse(&list, BYTES(4, 0, 2, 0, 2)),
               TLSC_E_DUPLICATE_COMPRESSION);
    assert_err(tlsc_compress_certificate_parse(&list, BYTES(8, 0, 9, 0, 2, 0, 1, 0, 9)),
               TLSC_E_DUPLICATE_COMPRESSION);
    assert_ok(tlsc_compress_certificate_parse(&list, BYTES(4, 2, 0, 0, 2)));
}

static void the_extension_is_left_out_for_an_empty_list(void **state)
{
    (void)state;
    tlsc_buf out = tlsc_buf_of(64);
    tlsc_wr w = tlsc_wr_of(&out);
    tlsc_compress_certificate_emit(&w, tlsc_bytes_of(NULL, 0));
    tlsc_compress_certificate_emit(&w, BYTES(0, 2));
    assert_ok(tlsc_wr_end(&w));
    assert_bytes_equal(tlsc_buf_bytes(&out), BYTES(0, 27, 0, 3, 2, 0, 2));
    tlsc_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_read_and_written),
        cmocka_unit_test(a_message_without_contents_is_refused),
        cmocka_unit_test(the_emitted_header_is_as_long_as_it_says),
        cmocka_unit_test(lists_of_algorithms_are_read_and_written),
        cmocka_unit_test(an_algorithm_stands_in_a_list_once),
        cmocka_unit_test(the_extension_is_left_out_for_an_empty_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
