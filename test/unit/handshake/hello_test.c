/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/hello_test.c: the ClientHello that a handshake keeps, and its server name. */
#include "unit.h"

#include <string.h>

#include "hand_client.h"
#include "handshake/hello.h"

/* A hello with this server name, as a message. The caller closes the client. */
static tlsc_bytes hello_of(hand_client *c, const hand_hello *h)
{
    hand_open(c, tlsc_provider_default(), 0);
    hand_make_hello(c, h);
    return tlsc_buf_bytes(&c->hello);
}

static void expect_name(const char *sent, size_t n, const char *expected)
{
    hand_client c;
    tlsc_hello h = { .raw = NULL };
    tlsc_bytes raw = hello_of(&c, &(hand_hello){ .server_name = tlsc_bytes_of(sent, n) });
    assert_ok(tlsc_hello_take(&h, raw));
    if (!tlsc_bytes_equal(tlsc_hello_server_name(&h), tlsc_bytes_of_str(expected))) {
        fail_msg("%.*s: %.*s, not %s", (int)n, sent, (int)h.name_n, (const char *)h.name, expected);
    }
    tlsc_hello_clear(&h);
    hand_close(&c);
}

static void names_are_lower_case_without_a_final_dot(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "alpha.test", "alpha.test" },
        { "Alpha.TEST", "alpha.test" },
        { "alpha.test.", "alpha.test" },
        { "alpha.test..", "alpha.test." },
        { "localhost", "localhost" },
        { "a", "a" },
        { "xn--bcher-kva.example", "xn--bcher-kva.example" },
        { "with_underscore.test", "with_underscore.test" },
        { "4.test", "4.test" },
        { "1.2.3.4.test", "1.2.3.4.test" },
        { "1.2.3.a4", "1.2.3.a4" },
        { "1-2", "1-2" },
        { "AZaz09-_.", "azaz09-_" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expect_name(rows[i][0], strlen(rows[i][0]), rows[i][1]);
    }
}

/* Literals of both kinds, and what no host is called: as if no name had been sent. */
static void literals_and_odd_bytes_count_as_no_name(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "127.0.0.1", "1.2.3.4.",   "0x7f.1",         "2130706433", "1.2.3.04",  "::1",
        "[::1]",     "fe80::1%lo", "alpha test",     "alpha/test", "alpha:443", "a@b",
        "*.test",    "a\tb",       "b\xc3\xbc.test", "a\x7f",      "a.1",       "1.2.3.4.5",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expect_name(rows[i], strlen(rows[i]), "");
    }
    for (unsigned c = 1; c < 256; c++) {
        char name[] = { 'a', (char)c, 'b', 0 };
        bool good =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        char upper[] = { 'a', (char)(c | 0x20), 'b', 0 };
        bool is_upper = c >= 'A' && c <= 'Z';
        expect_name(name, 3, good ? name : is_upper ? upper : "");
    }
}

static void the_longest_name_fits(void **state)
{
    (void)state;
    char name[256];
    memset(name, 'a', 255);
    name[255] = 0;
    expect_name(name, 255, name);
    name[254] = '.';
    char expected[256];
    memcpy(expected, name, 254);
    expected[254] = 0;
    expect_name(name, 255, expected);
}

/* The message is copied: whoever lent it may take it back. */
static void a_hello_is_kept_as_a_copy(void **state)
{
    (void)state;
    hand_client c;
    tlsc_hello h = { .raw = NULL };
    tlsc_bytes raw = hello_of(&c, &(hand_hello){ .server_name = TEXT("a.test"),
                                                 .alpn = TEXT("\x02h2\x03"
                                                              "foo") });
    uint8_t *copy = test_copy(raw);
    assert_ok(tlsc_hello_take(&h, tlsc_bytes_of(copy, raw.n)));
    memset(copy, 0xee, raw.n);
    tlsc_mem_free(copy);
    assert_bytes_equal(tlsc_hello_body(&h), tlsc_bytes_of(raw.p + 4, raw.n - 4));
    assert_bytes_equal(tlsc_hello_raw(&h), tlsc_bytes_of(raw.p + 4, raw.n - 4));
    assert_bytes_equal(tlsc_hello_server_name(&h), TEXT("a.test"));
    tlsc_hello_clear(&h);
    tlsc_hello_clear(&h);
    hand_close(&c);
}

/* What came before is gone, also when the new one is malformed. */
static void a_second_hello_replaces_the_first(void **state)
{
    (void)state;
    hand_client c;
    tlsc_hello h = { .raw = NULL };
    assert_ok(tlsc_hello_take(&h, hello_of(&c, &(hand_hello){ .server_name = TEXT("a.test") })));
    hand_close(&c);
    assert_ok(tlsc_hello_take(&h, hello_of(&c, &(hand_hello){ .no_groups = true })));
    assert_int_equal(tlsc_hello_server_name(&h).n, 0);
    tlsc_bytes raw = tlsc_buf_bytes(&c.hello);
    assert_err(tlsc_hello_take(&h, tlsc_bytes_of(raw.p, raw.n - 1)), TLSC_E_DECODE);
    tlsc_mem_fail_at(1, false);
    tlsc_err rc = tlsc_hello_take(&h, raw);
    tlsc_mem_fail_at(0, false);
    assert_err(rc, TLSC_E_NO_MEMORY);
    tlsc_hello_clear(&h);
    hand_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_lower_case_without_a_final_dot),
        cmocka_unit_test(literals_and_odd_bytes_count_as_no_name),
        cmocka_unit_test(the_longest_name_fits),
        cmocka_unit_test(a_hello_is_kept_as_a_copy),
        cmocka_unit_test(a_second_hello_replaces_the_first),
    };
    return cmocka_run_group_tests_name("hello", tests, NULL, NULL);
}
