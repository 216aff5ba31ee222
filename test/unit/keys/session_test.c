/* SPDX-License-Identifier: Apache-2.0 */
/* keys/session_test.c: the encoding of sessions in tickets. */
#include "unit.h"

#include <string.h>

#include "keys/session.h"
#include "parser_check.h"

static tlsc_session example(void)
{
    return (tlsc_session){ .version = 0x0304,
                           .suite = 0x1302,
                           .group = 0x11ec,
                           .secret = { .b = { 1, 2, 3 }, .n = 48 },
                           .alpn = TEXT("h2"),
                           .server_name = TEXT("alpha.test"),
                           .identity = { 9, 8, 7 },
                           .issued_ms = INT64_C(1790000000123),
                           .age_add = 0xfedcba98 };
}

static tlsc_buf encoded(const tlsc_session *s)
{
    tlsc_buf b = tlsc_buf_of(1024);
    assert_ok(tlsc_session_emit(&b, s));
    return b;
}

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_session s;
    tlsc_err rc = tlsc_session_parse(&s, body);
    if (rc == TLSC_OK) {
        rc = tlsc_session_emit(again, &s);
        tlsc_session_clear(&s);
    }
    return rc;
}

static void a_session_is_read_and_written(void **state)
{
    (void)state;
    tlsc_session s = example();
    tlsc_session again;
    tlsc_buf b = encoded(&s);
    parser_check(&(parser_case){ .parse = parse, .good = tlsc_buf_bytes(&b) });
    assert_ok(tlsc_session_parse(&again, tlsc_buf_bytes(&b)));
    assert_int_equal(again.version, s.version);
    assert_int_equal(again.suite, s.suite);
    assert_int_equal(again.group, s.group);
    assert_bytes_equal(tlsc_secret_bytes(&again.secret), tlsc_secret_bytes(&s.secret));
    assert_bytes_equal(again.alpn, s.alpn);
    assert_bytes_equal(again.server_name, s.server_name);
    assert_memory_equal(again.identity, s.identity, sizeof(s.identity));
    assert_true(again.issued_ms == s.issued_ms);
    assert_int_equal(again.age_add, s.age_add);
    tlsc_buf_clear(&b);
}

static void another_encoding_is_refused(void **state)
{
    (void)state;
    tlsc_session s = example();
    tlsc_session again;
    tlsc_buf b = encoded(&s);
    for (unsigned v = 0; v < 256; v++) {
        b.p[0] = (uint8_t)v;
        assert_err(tlsc_session_parse(&again, tlsc_buf_bytes(&b)),
                   v == TLSC_SESSION_VERSION ? TLSC_OK : TLSC_E_BAD_SESSION);
    }
    tlsc_buf_clear(&b);
}

/* On an error nothing of the secret is left behind. */
static void a_refused_session_is_wiped(void **state)
{
    (void)state;
    static const tlsc_session zero;
    tlsc_session s = example();
    tlsc_session again;
    tlsc_buf b = encoded(&s);
    memset(&again, 7, sizeof(again));
    assert_err(tlsc_session_parse(&again, tlsc_bytes_of(b.p, b.n - 1)), TLSC_E_BAD_SESSION);
    assert_memory_equal(&again, &zero, sizeof(again));
    tlsc_buf_clear(&b);
}

static void bounds_are_kept(void **state)
{
    (void)state;
    static const uint8_t zeros[256];
    tlsc_session again;
    tlsc_session s = example();
    s.secret.n = 0; /* secret<1..64> */
    tlsc_buf b = encoded(&s);
    assert_err(tlsc_session_parse(&again, tlsc_buf_bytes(&b)), TLSC_E_BAD_SESSION);
    tlsc_buf_clear(&b);
    s.secret.n = 64;
    s.alpn = tlsc_bytes_of(zeros, 255);
    s.server_name = tlsc_bytes_of(zeros, 255);
    s.issued_ms = INT64_MAX;
    b = encoded(&s);
    assert_ok(tlsc_session_parse(&again, tlsc_buf_bytes(&b)));
    assert_true(again.issued_ms == INT64_MAX);
    b.p[1 + 6] = 65;
    assert_err(tlsc_session_parse(&again, tlsc_buf_bytes(&b)), TLSC_E_BAD_SESSION);
    tlsc_buf_clear(&b);
    s.issued_ms = -1; /* before 1970: no clock says so */
    b = encoded(&s);
    assert_err(tlsc_session_parse(&again, tlsc_buf_bytes(&b)), TLSC_E_BAD_SESSION);
    tlsc_buf_clear(&b);
    /* a name that its length can't say, and a buffer that is too small: nothing is written */
    b = tlsc_buf_of(1024);
    s.alpn = tlsc_bytes_of(zeros, 256);
    assert_err(tlsc_session_emit(&b, &s), TLSC_E_TOO_SMALL);
    assert_int_equal(b.n, 0);
    tlsc_buf_clear(&b);
    b = tlsc_buf_of(20);
    s = example();
    assert_err(tlsc_session_emit(&b, &s), TLSC_E_TOO_SMALL);
    assert_int_equal(b.n, 0);
    tlsc_buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_read_and_written),
        cmocka_unit_test(another_encoding_is_refused),
        cmocka_unit_test(a_refused_session_is_wiped),
        cmocka_unit_test(bounds_are_kept),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
