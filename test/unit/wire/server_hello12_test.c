/* SPDX-License-Identifier: Apache-2.0 */
/* wire/server_hello12_test.c: TLS 1.2's ServerHello. */
#include "wire/server_hello12.h"

#include "ext_check.h"
#include "parser_check.h"
#include "unit.h"

enum { FIXED = 2 + 32 + 1 + 2 + 1, RANDOM_AT = 2, COMPRESSION_AT = FIXED - 1 };

static const uint8_t random_bytes[32] = { 7 };

static tlsc_buf written(const tlsc_server_hello12 *sh)
{
    tlsc_buf body = tlsc_buf_of(1024);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_server_hello12_emit(&w, sh);
    assert_ok(tlsc_wr_end(&w));
    return body;
}

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_server_hello12 sh;
    tlsc_err rc = tlsc_server_hello12_parse(&sh, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_server_hello12_emit(&w, &sh);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void a_hello_with_everything_is_read_and_written(void **state)
{
    (void)state;
    const tlsc_server_hello12 all = { .random = { random_bytes, 32 },
                                      .session_id = TEXT("session"),
                                      .suite = 0xc02b,
                                      .renegotiation_info = true,
                                      .extended_master_secret = true,
                                      .session_ticket = true,
                                      .server_name = true,
                                      .ec_point_formats = true,
                                      .alpn = TEXT("h2"),
                                      .status_request = true,
                                      .scts = BYTES(0, 6, 0, 1, 'a', 0, 1, 'b'),
                                      .has_client_type = true,
                                      .client_type = 2,
                                      .has_server_type = true,
                                      .server_type = 2 };
    tlsc_server_hello12 out;
    tlsc_buf body = written(&all);
    parser_check(&(parser_case){ .parse = parse,
                                 .good = tlsc_buf_bytes(&body),
                                 /* cut behind the compression method it has no extensions */
                                 .also_good = FIXED + 7,
                                 .any_order = true });
    assert_ok(tlsc_server_hello12_parse(&out, tlsc_buf_bytes(&body)));
    assert_bytes_equal(out.random, all.random);
    assert_bytes_equal(out.session_id, all.session_id);
    assert_bytes_equal(out.alpn, all.alpn);
    assert_bytes_equal(out.scts, all.scts);
    assert_int_equal(out.suite, all.suite);
    assert_true(out.renegotiation_info && out.extended_master_secret && out.session_ticket &&
                out.server_name && out.ec_point_formats && out.status_request);
    assert_true(out.has_client_type && out.client_type == 2);
    assert_true(out.has_server_type && out.server_type == 2);
    assert_false(out.has_unknown);
    tlsc_buf second = written(&out);
    assert_bytes_equal(tlsc_buf_bytes(&second), tlsc_buf_bytes(&body));
    tlsc_buf_clear(&second);
    tlsc_buf_clear(&body);
}

static void a_hello_without_extensions_has_no_block(void **state)
{
    (void)state;
    tlsc_server_hello12 out;
    tlsc_buf body = written(&(tlsc_server_hello12){ .random = { random_bytes, 32 },
                                                    .suite = 0xc02f });
    assert_int_equal(body.n, FIXED);
    parser_check(&(parser_case){ .parse = parse, .good = tlsc_buf_bytes(&body) });
    /* an empty one is read, too */
    assert_ok(tlsc_buf_append(&body, BYTES(0, 0)));
    assert_ok(tlsc_server_hello12_parse(&out, tlsc_buf_bytes(&body)));
    assert_int_equal(out.present, 0);
    tlsc_buf_clear(&body);
}

static void fixed_fields_are_judged(void **state)
{
    (void)state;
    tlsc_server_hello12 out;
    tlsc_buf body = written(&(tlsc_server_hello12){ .random = { random_bytes, 32 },
                                                    .suite = 0xc02f });
    body.p[COMPRESSION_AT] = 1;
    assert_err(tlsc_server_hello12_parse(&out, tlsc_buf_bytes(&body)), TLSC_E_WRONG_COMPRESSION);
    body.p[COMPRESSION_AT] = 0;
    body.p[1] = 2; /* TLS 1.1 */
    assert_err(tlsc_server_hello12_parse(&out, tlsc_buf_bytes(&body)), TLSC_E_DECODE);
    tlsc_buf_clear(&body);
    /* session_id<0..32> */
    body = written(&(tlsc_server_hello12){ .random = { random_bytes, 32 },
                                           .session_id = { random_bytes, 32 } });
    assert_ok(tlsc_server_hello12_parse(&out, tlsc_buf_bytes(&body)));
    tlsc_buf_clear(&body);
    body = written(&(tlsc_server_hello12){ .random = { random_bytes, 32 },
                                           .session_id = TEXT("0123456789abcdef0123456789abcdef0") });
    assert_err(tlsc_server_hello12_parse(&out, tlsc_buf_bytes(&body)), TLSC_E_DECODE);
    tlsc_buf_clear(&body);
}

static tlsc_server_hello12 parsed; /* by with_block */

static tlsc_err with_block(tlsc_bytes block)
{
    tlsc_buf body = tlsc_buf_of(1 << 17);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_server_hello12_emit(
        &w, &(tlsc_server_hello12){ .random = { random_bytes, 32 }, .suite = 0xc02f });
    tlsc_wr_vec16(&w, block);
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = tlsc_server_hello12_parse(&parsed, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    return rc;
}

#define CONTENT(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static const ext_sample samples[] = {
    { TLSC_EXTCODE_server_name, { NULL, 0 }, false },
    { TLSC_EXTCODE_max_fragment_length, CONTENT("\1"), false },
    { TLSC_EXTCODE_status_request, { NULL, 0 }, false },
    { TLSC_EXTCODE_supported_groups, CONTENT("\0\2\0\35"), true },
    { TLSC_EXTCODE_ec_point_formats, CONTENT("\1\0"), false },
    { TLSC_EXTCODE_alpn, CONTENT("\0\3\2h2"), false },
    { TLSC_EXTCODE_signed_certificate_timestamp, CONTENT("\0\3\0\1s"), false },
    { TLSC_EXTCODE_client_certificate_type, CONTENT("\2"), false },
    { TLSC_EXTCODE_server_certificate_type, CONTENT("\2"), false },
    { TLSC_EXTCODE_extended_master_secret, { NULL, 0 }, false },
    { TLSC_EXTCODE_record_size_limit, CONTENT("\100\0"), false },
    { TLSC_EXTCODE_session_ticket, { NULL, 0 }, false },
    { TLSC_EXTCODE_renegotiation_info, CONTENT("\0"), false },
};

static void each_extension_is_judged(void **state)
{
    (void)state;
    ext_check(&(ext_case){ .parse = with_block,
                           .in = TLSC_IN_SH12,
                           .samples = samples,
                           .num_samples = sizeof(samples) / sizeof(samples[0]) });
}

static void contents_are_judged(void **state)
{
    (void)state;
    /* RFC 5746 3.4: a first handshake has nothing to renegotiate */
    assert_err(with_block(BYTES(0xff, 1, 0, 2, 1, 'x')), TLSC_E_BAD_RENEGOTIATION_INFO);
    /* RFC 8422 5.1.2: uncompressed points are in every list */
    assert_ok(with_block(BYTES(0, 11, 0, 4, 3, 1, 2, 0)));
    assert_err(with_block(BYTES(0, 11, 0, 3, 2, 1, 2)), TLSC_E_BAD_POINT_FORMATS);
    assert_err(with_block(BYTES(0, 11, 0, 1, 0)), TLSC_E_DECODE);
    /* RFC 6962 3.3: neither the list nor an SCT in it is empty */
    assert_err(with_block(BYTES(0, 18, 0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(with_block(BYTES(0, 18, 0, 4, 0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(with_block(BYTES(0, 18, 0, 0)), TLSC_E_DECODE);
}

static void what_was_there_is_told(void **state)
{
    (void)state;
    assert_ok(with_block(BYTES(0, 28, 0, 2, 1, 2, 0, 23, 0, 0)));
    assert_int_equal(parsed.present, 1u << TLSC_EXT_record_size_limit |
                                         1u << TLSC_EXT_extended_master_secret);
    assert_false(parsed.has_unknown);
    assert_ok(with_block(BYTES(0x7a, 0x7a, 0, 0)));
    assert_int_equal(parsed.present, 0);
    assert_true(parsed.has_unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_with_everything_is_read_and_written),
        cmocka_unit_test(a_hello_without_extensions_has_no_block),
        cmocka_unit_test(fixed_fields_are_judged),
        cmocka_unit_test(each_extension_is_judged),
        cmocka_unit_test(contents_are_judged),
        cmocka_unit_test(what_was_there_is_told),
    };
    return cmocka_run_group_tests_name("server_hello12", tests, NULL, NULL);
}
