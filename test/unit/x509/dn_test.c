/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/dn.h"

#include <string.h>

#include "cert_maker.h"
#include "pem_file.h"
#include "unit.h"
#include "x509/certificate.h"

/* -- a name of sets of attributes, each "KIND=value" with its tag in front: "\x0c" "CN=x" */

static const uint8_t oid_cn[] = { 0x06, 0x03, 0x55, 0x04, 0x03 };
static const uint8_t oid_o[] = { 0x06, 0x03, 0x55, 0x04, 0x0a };

static tlsc_buf attribute(const uint8_t oid[5], uint8_t tag, tlsc_bytes value)
{
    tlsc_buf v = make_der(tag, (tlsc_bytes[]){ value, { NULL, 0 } });
    tlsc_buf out = make_der(0x30, (tlsc_bytes[]){ tlsc_bytes_of(oid, 5), tlsc_buf_bytes(&v), { NULL, 0 } });
    tlsc_buf_clear(&v);
    return out;
}

/* A name of one attribute. */
static tlsc_buf one(uint8_t tag, tlsc_bytes value)
{
    tlsc_buf a = attribute(oid_cn, tag, value);
    tlsc_buf set = make_der(0x31, (tlsc_bytes[]){ tlsc_buf_bytes(&a), { NULL, 0 } });
    tlsc_buf name = make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&set), { NULL, 0 } });
    tlsc_buf_clear(&a);
    tlsc_buf_clear(&set);
    return name;
}

/* A name of one set with two attributes. */
static tlsc_buf pair_of(tlsc_bytes cn, tlsc_bytes o, bool swapped)
{
    tlsc_buf a = attribute(oid_cn, 0x0c, cn);
    tlsc_buf b = attribute(oid_o, 0x0c, o);
    tlsc_bytes first = tlsc_buf_bytes(swapped ? &b : &a);
    tlsc_bytes second = tlsc_buf_bytes(swapped ? &a : &b);
    tlsc_buf set = make_der(0x31, (tlsc_bytes[]){ first, second, { NULL, 0 } });
    tlsc_buf name = make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&set), { NULL, 0 } });
    tlsc_buf_clear(&a);
    tlsc_buf_clear(&b);
    tlsc_buf_clear(&set);
    return name;
}

static void compare(tlsc_buf a, tlsc_buf b, bool same)
{
    tlsc_bytes va = tlsc_buf_bytes(&a);
    tlsc_bytes vb = tlsc_buf_bytes(&b);
    assert_int_equal(tlsc_x509_name_equal(va, vb), same);
    assert_int_equal(tlsc_x509_name_equal(vb, va), same);
    assert_true(tlsc_x509_name_equal(va, va));
    if (same) {
        assert_true(tlsc_dn_hash(va) == tlsc_dn_hash(vb));
        assert_true(tlsc_dn_within(va, vb) && tlsc_dn_within(vb, va));
    } else {
        assert_true(tlsc_dn_hash(va) != tlsc_dn_hash(vb));
    }
    tlsc_buf_clear(&a);
    tlsc_buf_clear(&b);
}

static void case_spaces_and_string_types_dont_count(void **state)
{
    (void)state;
    compare(one(0x0c, TEXT("Root CA")), one(0x0c, TEXT("rOOT ca")), true);
    compare(one(0x0c, TEXT("Root CA")), one(0x13, TEXT("  Root   CA ")), true);
    compare(one(0x0c, TEXT("M\xc3\xbcller")), one(0x14, TEXT("m\xfcller")), true);
    compare(one(0x0c, TEXT("ab")), one(0x1e, TEXT("\0A\0b")), true);
    compare(one(0x0c, TEXT("ab")), one(0x1c, TEXT("\0\0\0A\0\0\0b")), true);
    compare(one(0x0c, TEXT("Root CA")), one(0x0c, TEXT("RootCA")), false);
    compare(one(0x0c, TEXT("Root CA")), one(0x0c, TEXT("Root C")), false);
    compare(one(0x0c, TEXT("Root CA")), one(0x04, TEXT("Root CA")), false);
}

static void a_malformed_string_equals_its_own_bytes_alone(void **state)
{
    (void)state;
    compare(one(0x0c, TEXT("\xff")), one(0x0c, TEXT("\xff")), true);
    compare(one(0x0c, TEXT("\xff")), one(0x0c, TEXT("\xfe")), false);
    compare(one(0x0c, TEXT("\xff")), one(0x14, TEXT("\xff")), false);
    compare(one(0x1e, TEXT("\0a\0")), one(0x0c, TEXT("a")), false);
    /* overlong, surrogate, beyond U+10FFFF */
    compare(one(0x0c, TEXT("\xc1\x81")), one(0x0c, TEXT("A")), false);
    compare(one(0x0c, TEXT("\xed\xa0\x80")), one(0x1e, TEXT("\xd8\x00")), false);
    compare(one(0x0c, TEXT("\xf4\x90\x80\x80")), one(0x1c, TEXT("\0\x11\0\0")), false);
}

static void the_order_within_a_set_doesnt_count(void **state)
{
    (void)state;
    compare(pair_of(TEXT("a"), TEXT("b"), false), pair_of(TEXT("A"), TEXT("B"), true), true);
    compare(pair_of(TEXT("a"), TEXT("b"), false), pair_of(TEXT("b"), TEXT("a"), false), false);
}

static void a_subtree_is_a_prefix_of_sets(void **state)
{
    (void)state;
    tlsc_buf leaf_der = test_der("p256.crt.pem");
    tlsc_buf base = one(0x0c, TEXT("x"));
    tlsc_certificate c;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&leaf_der)));
    tlsc_bytes all = BYTES(0x30, 0x00);
    assert_true(tlsc_dn_within(c.subject, all));
    assert_false(tlsc_dn_within(all, c.subject));
    assert_false(tlsc_dn_within(c.subject, tlsc_buf_bytes(&base)));
    assert_true(tlsc_dn_is_empty(all) && !tlsc_dn_is_empty(c.subject));
    tlsc_buf_clear(&leaf_der);
    tlsc_buf_clear(&base);
}

/* -- text */

static void text_is(tlsc_buf name, const char *expected)
{
    char text[200];
    size_t n = tlsc_x509_name_text(tlsc_buf_bytes(&name), text, sizeof(text));
    assert_string_equal(text, expected);
    assert_int_equal(n, strlen(expected));
    char small[5] = "zzzz";
    assert_int_equal(tlsc_x509_name_text(tlsc_buf_bytes(&name), small, 3), n);
    assert_true(strlen(small) == 2 || n < 2);
    assert_int_equal(small[3], 'z');
    assert_int_equal(tlsc_x509_name_text(tlsc_buf_bytes(&name), NULL, 0), n);
    tlsc_buf_clear(&name);
}

static void names_are_written_by_rfc_4514(void **state)
{
    (void)state;
    text_is(one(0x0c, TEXT("plain")), "CN=plain");
    text_is(one(0x0c, TEXT(" a,b+c\"d\\e<f>g;h ")), "CN=\\ a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\ ");
    text_is(one(0x0c, TEXT("#x#")), "CN=\\#x#");
    text_is(one(0x0c, TEXT("a\nb\x7f\0")), "CN=a\\0Ab\\7F\\00");
    text_is(one(0x0c, TEXT("a\xc2\x85")), "CN=a\\C2\\85");
    text_is(one(0x1e, TEXT("\x20\xac")), "CN=\xe2\x82\xac");
    text_is(one(0x14, TEXT("\xfc")), "CN=\xc3\xbc");
    text_is(one(0x1c, TEXT("\x00\x01\xf6\x00")), "CN=\xf0\x9f\x98\x80");
    text_is(one(0x04, TEXT("\x01\xff")), "CN=#040201FF");
    text_is(one(0x0c, TEXT("\xff")), "CN=#0C01FF");
    text_is(pair_of(TEXT("a"), TEXT("b"), false), "CN=a+O=b");
    tlsc_buf leaf_der = test_der("p256.crt.pem");
    tlsc_certificate c;
    char text[100];
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&leaf_der)));
    (void)tlsc_x509_name_text(c.subject, text, sizeof(text));
    assert_string_equal(text, "CN=p256.tlsx.test,O=tlsx test,C=XX");
    tlsc_buf_clear(&leaf_der);
}

static void attributes_are_found_by_name_and_by_oid(void **state)
{
    (void)state;
    tlsc_buf name = pair_of(TEXT("a"), TEXT("b"), false);
    tlsc_bytes n = tlsc_buf_bytes(&name);
    tlsc_x509_attribute a;
    assert_int_equal(tlsc_x509_name_len(n), 2);
    assert_true(tlsc_x509_name_find(n, "o", 0, &a));
    assert_bytes_equal(a.value, TEXT("b"));
    assert_int_equal(a.rdn, 0);
    assert_true(tlsc_x509_name_find(n, "2.5.4.3", 0, &a));
    assert_bytes_equal(a.value, TEXT("a"));
    assert_false(tlsc_x509_name_find(n, "CN", 1, &a));
    assert_false(tlsc_x509_name_find(n, "nonsense", 0, &a));
    assert_true(tlsc_x509_name_at(n, 1, &a));
    assert_false(tlsc_x509_name_at(n, 2, &a));
    tlsc_buf_clear(&name);
}

static void a_malformed_name_is_told(void **state)
{
    (void)state;
    tlsc_buf good = one(0x0c, TEXT("abc"));
    for (size_t n = 0; n < good.n; n++) {
        uint8_t *copy = test_copy(tlsc_bytes_of(good.p, n));
        tlsc_bytes cut = tlsc_bytes_of(copy, n);
        tlsc_dn_walk walk = tlsc_dn_walk_of(cut);
        tlsc_x509_attribute a;
        char text[64];
        while (tlsc_dn_next(&walk, &a)) {
        }
        assert_err(tlsc_dn_walk_end(&walk), TLSC_E_BAD_DER);
        assert_false(n > 0 && tlsc_x509_name_equal(cut, tlsc_buf_bytes(&good)));
        (void)tlsc_x509_name_text(cut, text, sizeof(text));
        (void)tlsc_dn_hash(cut);
        tlsc_mem_free(copy);
    }
    tlsc_buf_clear(&good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_spaces_and_string_types_dont_count),
        cmocka_unit_test(a_malformed_string_equals_its_own_bytes_alone),
        cmocka_unit_test(the_order_within_a_set_doesnt_count),
        cmocka_unit_test(a_subtree_is_a_prefix_of_sets),
        cmocka_unit_test(names_are_written_by_rfc_4514),
        cmocka_unit_test(attributes_are_found_by_name_and_by_oid),
        cmocka_unit_test(a_malformed_name_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
