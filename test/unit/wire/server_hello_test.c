/* SPDX-License-Identifier: Apache-2.0 */
/* wire/server_hello_test.c: ServerHello and HelloRetryRequest. */
#include "unit.h"

#include <string.h>

#include "ext_check.h"
#include "parser_check.h"
#include "wire/server_hello.h"

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_server_hello sh;
    tlsc_err rc = tlsc_server_hello_parse(&sh, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_server_hello_emit(&w, &sh);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static const uint8_t random_bytes[32] = { 9, 8, 7 };

static tlsc_buf written(const tlsc_server_hello *sh)
{
    tlsc_buf body = tlsc_buf_of(1024);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_server_hello_emit(&w, sh);
    assert_ok(tlsc_wr_end(&w));
    return body;
}

static void hellos_are_read_and_written(void **state)
{
    (void)state;
    const tlsc_server_hello hellos[] = {
        { .random = { random_bytes, 32 },
          .session_id = TEXT("0123456789abcdef0123456789abcdef"),
          .suite = 0x1301,
          .version = TLSC_TLS13,
          .has_group = true,
          .group = 0x1d,
          .key_exchange = TEXT("share") },
        { .random = { random_bytes, 32 },
          .suite = 0x1302,
          .version = TLSC_TLS13,
          .has_group = true,
          .group = 0x17,
          .key_exchange = TEXT("s"),
          .has_psk = true,
          .psk_index = 3 },
        { .hello_retry = true,
          .suite = 0x1303,
          .version = TLSC_TLS13,
          .has_group = true,
          .group = 0x11ec,
          .cookie = TEXT("cookie") },
    };
    for (size_t i = 0; i < 3; i++) {
        tlsc_server_hello again;
        tlsc_buf body = written(&hellos[i]);
        parser_check(
            &(parser_case){ .parse = parse, .good = tlsc_buf_bytes(&body), .any_order = true });
        assert_ok(tlsc_server_hello_parse(&again, tlsc_buf_bytes(&body)));
        assert_int_equal(again.hello_retry, hellos[i].hello_retry);
        assert_int_equal(again.suite, hellos[i].suite);
        assert_int_equal(again.group, hellos[i].group);
        assert_int_equal(again.has_psk, hellos[i].has_psk);
        assert_int_equal(again.psk_index, hellos[i].psk_index);
        assert_bytes_equal(again.key_exchange, hellos[i].key_exchange);
        assert_bytes_equal(again.session_id, hellos[i].session_id);
        assert_bytes_equal(again.cookie, hellos[i].cookie);
        tlsc_buf second = written(&again);
        assert_bytes_equal(tlsc_buf_bytes(&second), tlsc_buf_bytes(&body));
        tlsc_buf_clear(&second);
        tlsc_buf_clear(&body);
    }
}

/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest"; a random that differs in any bit is a random. */
static void one_random_makes_a_hello_retry_request(void **state)
{
    (void)state;
    tlsc_server_hello sh = { .hello_retry = true, .suite = 0x1301, .version = TLSC_TLS13 };
    tlsc_server_hello again;
    tlsc_buf body = written(&sh);
    assert_memory_equal(body.p + 2, tlsc_hello_retry_random, 32);
    assert_memory_equal(tlsc_hello_retry_random, "\xcf\x21\xad\x74", 4);
    for (size_t bit = 0; bit < 256; bit++) {
        body.p[2 + bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_ok(tlsc_server_hello_parse(&again, tlsc_buf_bytes(&body)));
        assert_false(again.hello_retry);
        body.p[2 + bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    tlsc_buf_clear(&body);
}

/* A body with `extensions` behind the fixed fields. */
static tlsc_err with_extensions(bool retry, tlsc_bytes extensions)
{
    tlsc_server_hello sh;
    tlsc_buf body = tlsc_buf_of(1024);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_u16(&w, 0x0303);
    tlsc_wr_bytes(&w, retry ? tlsc_bytes_of(tlsc_hello_retry_random, 32)
                            : tlsc_bytes_of(random_bytes, 32));
    tlsc_wr_vec8(&w, TEXT(""));
    tlsc_wr_u16(&w, 0x1301);
    tlsc_wr_u8(&w, 0);
    tlsc_wr_vec16(&w, extensions);
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = tlsc_server_hello_parse(&sh, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    return rc;
}

#define VERSIONS 0, 43, 0, 2, 3, 4

static void extensions_are_judged_by_message(void **state)
{
    (void)state;
    assert_ok(with_extensions(false, BYTES(VERSIONS)));
    assert_ok(with_extensions(true, BYTES(VERSIONS)));
    /* key_share: a share in one, a group alone in the other */
    assert_ok(with_extensions(false, BYTES(VERSIONS, 0, 51, 0, 5, 0, 0x1d, 0, 1, 9)));
    assert_err(with_extensions(true, BYTES(VERSIONS, 0, 51, 0, 5, 0, 0x1d, 0, 1, 9)),
               TLSC_E_DECODE);
    assert_err(with_extensions(false, BYTES(VERSIONS, 0, 51, 0, 2, 0, 0x1d)), TLSC_E_DECODE);
    assert_ok(with_extensions(true, BYTES(VERSIONS, 0, 51, 0, 2, 0, 0x1d)));
    assert_err(with_extensions(false, BYTES(VERSIONS, 0, 51, 0, 4, 0, 0x1d, 0, 0)), TLSC_E_DECODE);
    /* cookie in the retry alone, and not empty; pre_shared_key in the hello alone */
    assert_err(with_extensions(false, BYTES(VERSIONS, 0, 44, 0, 3, 0, 1, 9)),
               TLSC_E_MISPLACED_EXTENSION);
    assert_ok(with_extensions(true, BYTES(VERSIONS, 0, 44, 0, 3, 0, 1, 9)));
    assert_err(with_extensions(true, BYTES(VERSIONS, 0, 44, 0, 2, 0, 0)), TLSC_E_DECODE);
    assert_ok(with_extensions(false, BYTES(VERSIONS, 0, 41, 0, 2, 0, 0)));
    assert_err(with_extensions(true, BYTES(VERSIONS, 0, 41, 0, 2, 0, 0)),
               TLSC_E_MISPLACED_EXTENSION);
    assert_err(with_extensions(false, BYTES(VERSIONS, 0, 41, 0, 1, 0)), TLSC_E_DECODE);
    /* twice; without supported_versions it is TLS 1.2's; of a wrong length */
    assert_err(with_extensions(false, BYTES(VERSIONS, VERSIONS)), TLSC_E_DUPLICATE_EXTENSION);
    assert_err(with_extensions(false, BYTES(0, 51, 0, 5, 0, 0x1d, 0, 1, 9)), TLSC_E_DECODE);
    assert_err(with_extensions(false, BYTES(0, 43, 0, 3, 2, 3, 4)), TLSC_E_DECODE);
    /* extensions<6..2^16-1> */
    assert_err(with_extensions(false, BYTES(0, 43, 0, 1, 3)), TLSC_E_DECODE);
    assert_err(with_extensions(false, TEXT("")), TLSC_E_DECODE);
}

static tlsc_err hello_with(tlsc_bytes block)
{
    return with_extensions(false, block);
}

static tlsc_err retry_with(tlsc_bytes block)
{
    return with_extensions(true, block);
}

static void each_extension_is_judged(void **state)
{
    (void)state;
    const ext_sample of_hello[] = {
        { TLSC_EXTCODE_pre_shared_key, BYTES(0, 0), false },
        { TLSC_EXTCODE_supported_versions, BYTES(3, 4), false },
        { TLSC_EXTCODE_key_share, BYTES(0, 0x1d, 0, 1, 's'), false },
    };
    const ext_sample of_retry[] = {
        { TLSC_EXTCODE_cookie, BYTES(0, 1, 'c'), false },
        { TLSC_EXTCODE_supported_versions, BYTES(3, 4), false },
        { TLSC_EXTCODE_key_share, BYTES(0, 0x1d), false },
    };
    ext_check(&(ext_case){ .parse = hello_with,
                           .in = TLSC_IN_SH,
                           .always = BYTES(VERSIONS),
                           .samples = of_hello,
                           .num_samples = 3 });
    ext_check(&(ext_case){ .parse = retry_with,
                           .in = TLSC_IN_HRR,
                           .always = BYTES(VERSIONS),
                           .samples = of_retry,
                           .num_samples = 3 });
}

/* A client refuses an extension that it hasn't asked for, and that it doesn't know it hasn't. */
static void unknown_extensions_are_told(void **state)
{
    (void)state;
    for (unsigned retry = 0; retry < 2; retry++) {
        tlsc_server_hello sh;
        tlsc_server_hello plain = { .hello_retry = retry == 1,
                                    .random = { random_bytes, 32 },
                                    .suite = 0x1301,
                                    .version = TLSC_TLS13 };
        enum { BLOCK_AT = 2 + 32 + 1 + 2 + 1 };
        tlsc_buf body = written(&plain);
        assert_ok(tlsc_server_hello_parse(&sh, tlsc_buf_bytes(&body)));
        assert_false(sh.has_unknown);
        assert_ok(tlsc_buf_append(&body, BYTES(0x7a, 0x7a, 0, 1, 9)));
        body.p[BLOCK_AT + 1] = (uint8_t)(body.p[BLOCK_AT + 1] + 5);
        assert_ok(tlsc_server_hello_parse(&sh, tlsc_buf_bytes(&body)));
        assert_true(sh.has_unknown);
        tlsc_buf_clear(&body);
    }
}

/* A hello of either version: what is selected, whatever else stands in it. `block` is the rest of the
 * message. */
static tlsc_err selects(uint16_t legacy, tlsc_bytes block, uint16_t *version)
{
    tlsc_buf body = tlsc_buf_of(1024);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_u16(&w, legacy);
    tlsc_wr_bytes(&w, tlsc_bytes_of(random_bytes, 32));
    tlsc_wr_vec8(&w, TEXT("id"));
    tlsc_wr_u16(&w, 0xc02b);
    tlsc_wr_u8(&w, 0);
    tlsc_wr_bytes(&w, block);
    assert_ok(tlsc_wr_end(&w));
    *version = 77;
    tlsc_err rc = tlsc_server_hello_version(version, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    return rc;
}

static void the_selected_version_is_told(void **state)
{
    (void)state;
    uint16_t v;
    assert_ok(selects(0x0303, TEXT(""), &v));
    assert_int_equal(v, TLSC_TLS12);
    assert_ok(selects(0x0301, BYTES(0, 0), &v));
    assert_int_equal(v, 0x0301);
    assert_ok(selects(0x0303, BYTES(0, 4, 0, 23, 0, 0), &v)); /* extended_master_secret */
    assert_int_equal(v, TLSC_TLS12);
    assert_ok(selects(0x0303, BYTES(0, 6, VERSIONS), &v));
    assert_int_equal(v, TLSC_TLS13);
    assert_ok(selects(0x0303, BYTES(0, 6, 0, 43, 0, 2, 3, 3), &v)); /* wrong, but what it says */
    assert_int_equal(v, TLSC_TLS12);
    /* extensions of other messages are the parser's matter */
    assert_ok(selects(0x0303, BYTES(0, 10, VERSIONS, 0, 10, 0, 0), &v));
    assert_int_equal(v, TLSC_TLS13);
    /* what can't be read selects nothing */
    assert_err(selects(0x0303, BYTES(0, 5, 0, 43, 0, 1, 3), &v), TLSC_E_DECODE);
    assert_int_equal(v, 0);
    assert_err(selects(0x0303, BYTES(0, 7, 0, 43, 0, 3, 3, 4, 0), &v), TLSC_E_DECODE);
    assert_err(selects(0x0303, BYTES(0, 12, VERSIONS, VERSIONS), &v), TLSC_E_DUPLICATE_EXTENSION);
    assert_err(selects(0x0303, BYTES(0), &v), TLSC_E_DECODE);
    assert_err(selects(0x0303, BYTES(0, 1), &v), TLSC_E_DECODE);
    assert_err(selects(0x0303, BYTES(0, 0, 0), &v), TLSC_E_DECODE);
    assert_err(tlsc_server_hello_version(&v, tlsc_bytes_of(random_bytes, 32)), TLSC_E_DECODE);
}

static void fixed_fields_are_judged(void **state)
{
    (void)state;
    tlsc_server_hello sh = { .random = { random_bytes, 32 },
                             .session_id = TEXT("0123456789abcdef0123456789abcdef"),
                             .suite = 0x1301,
                             .version = TLSC_TLS13 };
    tlsc_server_hello again;
    tlsc_buf body = written(&sh);
    enum { ID_LENGTH = 34, COMPRESSION = 35 + 32 + 2 };
    assert_int_equal(body.p[ID_LENGTH], 32);
    body.p[1] = 1; /* legacy_version 0x0301 */
    assert_err(tlsc_server_hello_parse(&again, tlsc_buf_bytes(&body)),
               TLSC_E_WRONG_LEGACY_VERSION);
    body.p[1] = 3;
    body.p[COMPRESSION] = 1;
    assert_err(tlsc_server_hello_parse(&again, tlsc_buf_bytes(&body)), TLSC_E_WRONG_COMPRESSION);
    body.p[COMPRESSION] = 0;
    assert_ok(tlsc_server_hello_parse(&again, tlsc_buf_bytes(&body)));
    tlsc_buf_clear(&body);
    /* a session id of 33 bytes */
    sh.session_id = TEXT("0123456789abcdef0123456789abcdef0");
    body = written(&sh);
    assert_err(tlsc_server_hello_parse(&again, tlsc_buf_bytes(&body)), TLSC_E_DECODE);
    tlsc_buf_clear(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hellos_are_read_and_written),
        cmocka_unit_test(one_random_makes_a_hello_retry_request),
        cmocka_unit_test(extensions_are_judged_by_message),
        cmocka_unit_test(each_extension_is_judged),
        cmocka_unit_test(unknown_extensions_are_told),
        cmocka_unit_test(the_selected_version_is_told),
        cmocka_unit_test(fixed_fields_are_judged),
    };
    return cmocka_run_group_tests_name("server_hello", tests, NULL, NULL);
}
