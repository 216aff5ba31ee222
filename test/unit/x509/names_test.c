/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/names.h"

#include <string.h>

#include "unit.h"

static bool matches(const char *presented, const char *reference)
{
    return tlsc_dns_name_matches(tlsc_bytes_of_str(presented), tlsc_bytes_of_str(reference));
}

static void a_wildcard_is_one_whole_left_most_label(void **state)
{
    (void)state;
    assert_true(matches("www.example.com", "WWW.example.com"));
    assert_true(matches("*.example.com", "www.example.com"));
    assert_false(matches("*.example.com", "a.www.example.com"));
    assert_false(matches("*.example.com", "example.com"));
    assert_false(matches("*.com", "example.com"));
    assert_false(matches("*", "com"));
    assert_false(matches("*.", "a."));
    assert_false(matches("w*.example.com", "www.example.com"));
    assert_false(matches("www.*.com", "www.example.com"));
    assert_false(matches("www.example.com.", "www.example.com"));
    assert_false(matches("", "www.example.com"));
}

static tlsc_err read(tlsc_reference_kind kind, const char *text, tlsc_reference *out)
{
    tlsc_reference_name name = { kind, tlsc_bytes_of_str(text) };
    return tlsc_reference_read(&name, out);
}

static void a_reference_is_a_host_or_an_address(void **state)
{
    (void)state;
    tlsc_reference r;
    static const char *const bad[] = { "", ".", "a..b", ".a", "*.a.test", "a b", "b\xc3\xbc", "-a", "a-", "1.2.3",
                                       "1.2.3.4.5", "01.2.3.4", "[::1]", "a/b", "a:b" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_err(read(TLSC_REFERENCE_HOST, bad[i], &r), TLSC_E_BAD_NAME);
    }
    assert_ok(read(TLSC_REFERENCE_HOST, "a.test.", &r));
    assert_bytes_equal(r.name, TEXT("a.test"));
    assert_ok(read(TLSC_REFERENCE_HOST, "_a._b.test", &r));
    assert_ok(read(TLSC_REFERENCE_HOST, "192.0.2.1", &r));
    assert_true(r.kind == TLSC_REFERENCE_IP && r.ip_n == 4);
    assert_ok(read(TLSC_REFERENCE_HOST, "2001:db8::1", &r));
    assert_true(r.kind == TLSC_REFERENCE_IP && r.ip_n == 16);
    assert_err(read(TLSC_REFERENCE_DNS, "192.0.2.1", &r), TLSC_E_BAD_NAME);
    assert_err(read(TLSC_REFERENCE_IP, "a.test", &r), TLSC_E_BAD_NAME);
    assert_ok(read(TLSC_REFERENCE_EMAIL, "a@b.test", &r));
    assert_err(read(TLSC_REFERENCE_EMAIL, "@b.test", &r), TLSC_E_BAD_NAME);
    assert_err(read(TLSC_REFERENCE_EMAIL, "a@", &r), TLSC_E_BAD_NAME);
}

static void a_name_has_at_most_253_characters_and_a_label_63(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'a', sizeof(name));
    assert_true(tlsc_dns_name_is_valid(tlsc_bytes_of(name, 63)));
    assert_false(tlsc_dns_name_is_valid(tlsc_bytes_of(name, 64)));
    for (size_t i = 63; i < sizeof(name); i += 64) {
        name[i] = '.';
    }
    assert_true(tlsc_dns_name_is_valid(tlsc_bytes_of(name, 253)));
    assert_false(tlsc_dns_name_is_valid(tlsc_bytes_of(name, 254)));
}

/* RFC 3492 7.1 has the samples whose labels are longer; these are as IDNA tools print them. */
static void a_u_label_comes_with_the_a_label_as_advice(void **state)
{
    (void)state;
    static const struct {
        const char *host, *advice;
    } rows[] = {
        { "b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
        { "\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88", "xn--r8jz45g.xn--zckzah" },
        { "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80", "xn--e1afmkfd" },
        { "WWW.Example.com.", "www.example.com" },
        { "stra\xc3\x9f" "e.de", "xn--strae-oqa.de" },
        { "\xf0\x9f\x98\x80.test", "xn--e28h.test" },
        { "a..b", "" }, { "a b", "" }, { "\xff", "" }, { "", "" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[300];
        size_t n = tlsc_host_a_labels(tlsc_bytes_of_str(rows[i].host), out, sizeof(out));
        assert_string_equal(out, rows[i].advice);
        assert_int_equal(n, strlen(rows[i].advice));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wildcard_is_one_whole_left_most_label),
        cmocka_unit_test(a_reference_is_a_host_or_an_address),
        cmocka_unit_test(a_name_has_at_most_253_characters_and_a_label_63),
        cmocka_unit_test(a_u_label_comes_with_the_a_label_as_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
