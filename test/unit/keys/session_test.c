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
                           .chain_age_s = 80000,
        .age_add = 0xfedcba98 };
}

/* What a client keeps: every field has a value. */
static tlsc_session of_a_client(void)
{
    tlsc_session s = example();
    s.version = 0x0303;
    s.extended_master_secret = true;
    s.max_early_data = 0x01020304;
    s.verify_result = 0x0506;
    s.peer_type = 2;
    s.peer_authenticated = true;
    s.peer_chain = TEXT("\0\0\2dr\0\0\1i");
    s.application = TEXT("app");
    s.lifetime_s = 86400;
    s.ticket = TEXT("ticket");
    s.session_id = TEXT("0123456789abcdef0123456789abcdef");
    return s;
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

static void same_sessions(const tlsc_session *a, const tlsc_session *b)
{
    assert_int_equal(a->version, b->version);
    assert_int_equal(a->suite, b->suite);
    assert_int_equal(a->group, b->group);
    assert_int_equal(a->extended_master_secret, b->extended_master_secret);
    assert_bytes_equal(tlsc_secret_bytes(&a->secret), tlsc_secret_bytes(&b->secret));
    assert_bytes_equal(a->alpn, b->alpn);
    assert_bytes_equal(a->server_name, b->server_name);
    assert_memory_equal(a->identity, b->identity, sizeof(a->identity));
    assert_true(a->issued_ms == b->issued_ms);
    assert_int_equal(a->chain_age_s, b->chain_age_s);
    assert_int_equal(a->age_add, b->age_add);
    assert_int_equal(a->max_early_data, b->max_early_data);
    assert_int_equal(a->verify_result, b->verify_result);
    assert_int_equal(a->peer_type, b->peer_type);
    assert_int_equal(a->peer_authenticated, b->peer_authenticated);
    assert_bytes_equal(a->peer_chain, b->peer_chain);
    assert_bytes_equal(a->application, b->application);
    assert_int_equal(a->lifetime_s, b->lifetime_s);
    assert_bytes_equal(a->ticket, b->ticket);
    assert_bytes_equal(a->session_id, b->session_id);
}

static void sessions_are_read_and_written(void **state)
{
    (void)state;
    const tlsc_session sessions[] = { example(), of_a_client() };
    for (size_t i = 0; i < 2; i++) {
        tlsc_session again;
        tlsc_buf b = encoded(&sessions[i]);
        parser_check(&(parser_case){ .parse = parse, .good = tlsc_buf_bytes(&b) });
        assert_ok(tlsc_session_parse(&again, tlsc_buf_bytes(&b)));
        same_sessions(&again, &sessions[i]);
        tlsc_buf_clear(&b);
    }
}

/* Sessions outlive processes, in tickets and in stores. Whoever changes a byte of this changes
 * TLSC_SESSION_VERSION with it, or an old session means something else than it did. */
static void the_encoding_is_this_one(void **state)
{
    (void)state;
    static const uint8_t golden[] =
        "\x03\x03\x03\x13\x02\x11\xec\x01"               /* encoding to EMS */
        "\x04\x0a\x0b\x0c\x0d"                              /* secret */
        "\x02h2\x0a" "alpha.test"                            /* alpn, server_name */
        "\x09\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0"        /* identity */
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        "\x00\x00\x01\xa0\xc4\x50\x6c\x7b"               /* issued_ms */
        "\x00\x01\x38\x80"                                  /* chain_age_s */
        "\xfe\xdc\xba\x98\x01\x02\x03\x04\x05\x06\x02\x01" /* age_add to peer_authenticated */
        "\0\0\x09\0\0\x02" "dr\0\0\x01i\0\x03" "app"      /* peer_chain, application */
        "\x00\x01\x51\x80\0\x06ticket"                     /* lifetime_s, ticket */
        "\x20" "0123456789abcdef0123456789abcdef";
    tlsc_session s = of_a_client();
    s.secret = (tlsc_secret){ .b = { 10, 11, 12, 13 }, .n = 4 };
    tlsc_buf b = encoded(&s);
    assert_int_equal(TLSC_SESSION_VERSION, 3);
    assert_bytes_equal(tlsc_buf_bytes(&b), tlsc_bytes_of(golden, sizeof(golden) - 1));
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
    /* session_id<0..32> */
    s = of_a_client();
    s.session_id = tlsc_bytes_of(zeros, 33);
    b = encoded(&s);
    assert_err(tlsc_session_parse(&again, tlsc_buf_bytes(&b)), TLSC_E_BAD_SESSION);
    tlsc_buf_clear(&b);
    s = example();
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
        cmocka_unit_test(sessions_are_read_and_written),
        cmocka_unit_test(the_encoding_is_this_one),
        cmocka_unit_test(another_encoding_is_refused),
        cmocka_unit_test(a_refused_session_is_wiped),
        cmocka_unit_test(bounds_are_kept),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
