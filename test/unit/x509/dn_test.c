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

/* A name of one set with two attributes, in this order. Takes them. */
static tlsc_buf set_of(tlsc_buf a, tlsc_buf b)
{
    tlsc_buf set = make_der(0x31, (tlsc_bytes[]){ tlsc_buf_bytes(&a), tlsc_buf_bytes(&b), { NULL, 0 } });
    tlsc_buf name = make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&set), { NULL, 0 } });
    tlsc_buf_clear(&a);
    tlsc_buf_clear(&b);
    tlsc_buf_clear(&set);
    return name;
}

/* The same of a CN and an O, whose OID is greater. */
static tlsc_buf pair_of(tlsc_bytes cn, tlsc_bytes o)
{
    return set_of(attribute(oid_cn, 0x0c, cn), attribute(oid_o, 0x0c, o));
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
        assert_int_equal(tlsc_dn_relate(va, vb), TLSC_DN_WITHIN);
        assert_int_equal(tlsc_dn_relate(vb, va), TLSC_DN_WITHIN);
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

/* Encodings have their order, and names that are equal may have theirs in another: by the case of a letter,
 * by the length of a value, by the type of string. */
static void sets_are_compared_as_sets(void **state)
{
    (void)state;
    compare(pair_of(TEXT("a"), TEXT("b")), pair_of(TEXT("A"), TEXT("B")), true);
    compare(pair_of(TEXT("a"), TEXT("b")), pair_of(TEXT("b"), TEXT("a")), false);
    compare(set_of(attribute(oid_cn, 0x0c, TEXT("B")), attribute(oid_cn, 0x0c, TEXT("a"))),
            set_of(attribute(oid_cn, 0x0c, TEXT("A")), attribute(oid_cn, 0x0c, TEXT("b"))), true);
    compare(set_of(attribute(oid_cn, 0x0c, TEXT("a")), attribute(oid_o, 0x0c, TEXT("b"))),
            set_of(attribute(oid_o, 0x0c, TEXT("b")), attribute(oid_cn, 0x0c, TEXT("a "))), true);
    compare(set_of(attribute(oid_o, 0x0c, TEXT("b")), attribute(oid_cn, 0x0c, TEXT("abc"))),
            set_of(attribute(oid_cn, 0x0c, TEXT("abc")), attribute(oid_o, 0x1e, TEXT("\0b"))), false);
    compare(set_of(attribute(oid_cn, 0x0c, TEXT("abc")), attribute(oid_o, 0x1e, TEXT("\0b\0c"))),
            set_of(attribute(oid_o, 0x0c, TEXT("bc")), attribute(oid_cn, 0x0c, TEXT("abc"))), true);
}

static void disordered(tlsc_buf name)
{
    tlsc_bytes n = tlsc_buf_bytes(&name);
    tlsc_buf other = pair_of(TEXT("a"), TEXT("b"));
    assert_false(tlsc_dn_is_well_formed(n));
    assert_int_equal(tlsc_x509_name_len(n), 2); /* there to be told */
    assert_true(tlsc_x509_name_equal(n, n));
    assert_false(tlsc_x509_name_equal(n, tlsc_buf_bytes(&other)));
    assert_false(tlsc_x509_name_equal(tlsc_buf_bytes(&other), n));
    assert_int_equal(tlsc_dn_relate(n, tlsc_buf_bytes(&other)), TLSC_DN_UNCLEAR);
    assert_int_equal(tlsc_dn_relate(tlsc_buf_bytes(&other), n), TLSC_DN_UNCLEAR);
    tlsc_buf_clear(&name);
    tlsc_buf_clear(&other);
}

/* X.690 11.6, and none twice. */
static void attributes_of_a_set_are_in_order(void **state)
{
    (void)state;
    tlsc_buf good = pair_of(TEXT("a"), TEXT("b"));
    assert_true(tlsc_dn_is_well_formed(tlsc_buf_bytes(&good)));
    tlsc_buf_clear(&good);
    disordered(set_of(attribute(oid_o, 0x0c, TEXT("b")), attribute(oid_cn, 0x0c, TEXT("a"))));
    disordered(set_of(attribute(oid_cn, 0x0c, TEXT("a")), attribute(oid_cn, 0x0c, TEXT("a"))));
    disordered(set_of(attribute(oid_cn, 0x0c, TEXT("b")), attribute(oid_cn, 0x0c, TEXT("a"))));
    disordered(set_of(attribute(oid_cn, 0x0c, TEXT("bb")), attribute(oid_o, 0x0c, TEXT("a"))));
    disordered(set_of(attribute(oid_cn, 0x13, TEXT("a")), attribute(oid_cn, 0x0c, TEXT("a"))));
}

/* What is malformed in one set isn't healed by the others. */
static void a_disordered_name_equals_its_own_bytes_alone(void **state)
{
    (void)state;
    tlsc_buf cn = attribute(oid_cn, 0x0c, TEXT("a"));
    tlsc_buf o = attribute(oid_o, 0x0c, TEXT("b"));
    tlsc_buf big = attribute(oid_o, 0x0c, TEXT("B"));
    tlsc_buf set = make_der(0x31, (tlsc_bytes[]){ tlsc_buf_bytes(&o), tlsc_buf_bytes(&cn), { NULL, 0 } });
    tlsc_buf lower = make_der(0x31, (tlsc_bytes[]){ tlsc_buf_bytes(&o), { NULL, 0 } });
    tlsc_buf upper = make_der(0x31, (tlsc_bytes[]){ tlsc_buf_bytes(&big), { NULL, 0 } });
    compare(make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&set), tlsc_buf_bytes(&lower), { NULL, 0 } }),
            make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&set), tlsc_buf_bytes(&upper), { NULL, 0 } }), false);
    tlsc_buf *const all[] = { &cn, &o, &big, &set, &lower, &upper };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        tlsc_buf_clear(all[i]);
    }
}

/* A set of 17, of which two differ in a letter's case. */
static tlsc_buf wide(char letter)
{
    tlsc_buf inside = tlsc_buf_of(4096);
    for (uint8_t i = 0; i < 17; i++) {
        uint8_t value[2] = { i == 0 ? (uint8_t)letter : 'x', (uint8_t)('a' + i) };
        tlsc_buf a = attribute(oid_cn, 0x0c, tlsc_bytes_of(value, 2));
        assert_ok(tlsc_buf_append(&inside, tlsc_buf_bytes(&a)));
        tlsc_buf_clear(&a);
    }
    tlsc_buf set = make_der(0x31, (tlsc_bytes[]){ tlsc_buf_bytes(&inside), { NULL, 0 } });
    tlsc_buf name = make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&set), { NULL, 0 } });
    tlsc_buf_clear(&inside);
    tlsc_buf_clear(&set);
    return name;
}

static void what_is_too_wide_to_compare_is_unclear(void **state)
{
    (void)state;
    tlsc_buf a = wide('a');
    tlsc_buf b = wide('A');
    tlsc_buf c = one(0x0c, TEXT("aa"));
    assert_true(tlsc_dn_is_well_formed(tlsc_buf_bytes(&a)));
    assert_int_equal(tlsc_dn_relate(tlsc_buf_bytes(&a), tlsc_buf_bytes(&a)), TLSC_DN_WITHIN);
    assert_int_equal(tlsc_dn_relate(tlsc_buf_bytes(&a), tlsc_buf_bytes(&b)), TLSC_DN_UNCLEAR);
    assert_int_equal(tlsc_dn_relate(tlsc_buf_bytes(&c), tlsc_buf_bytes(&b)), TLSC_DN_UNCLEAR);
    assert_false(tlsc_x509_name_equal(tlsc_buf_bytes(&a), tlsc_buf_bytes(&b)));
    tlsc_buf_clear(&a);
    tlsc_buf_clear(&b);
    tlsc_buf_clear(&c);
}

static void a_subtree_is_a_prefix_of_sets(void **state)
{
    (void)state;
    tlsc_buf leaf_der = test_der("p256.crt.pem");
    tlsc_buf base = one(0x0c, TEXT("x"));
    tlsc_certificate c;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&leaf_der)));
    tlsc_bytes all = BYTES(0x30, 0x00);
    assert_int_equal(tlsc_dn_relate(c.subject, all), TLSC_DN_WITHIN);
    assert_int_equal(tlsc_dn_relate(all, c.subject), TLSC_DN_OUTSIDE);
    assert_int_equal(tlsc_dn_relate(c.subject, tlsc_buf_bytes(&base)), TLSC_DN_OUTSIDE);
    assert_int_equal(tlsc_dn_relate(c.subject, BYTES(0x30, 0x02, 0x31, 0x00)), TLSC_DN_UNCLEAR);
    assert_int_equal(tlsc_dn_relate(c.subject, BYTES(0x30, 0x01)), TLSC_DN_UNCLEAR);
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
    text_is(pair_of(TEXT("a"), TEXT("b")), "CN=a+O=b");
    text_is(set_of(attribute(oid_o, 0x0c, TEXT("b")), attribute(oid_cn, 0x0c, TEXT("a"))), "O=b+CN=a");
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
    tlsc_buf name = pair_of(TEXT("a"), TEXT("b"));
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
        char text[64];
        assert_false(tlsc_dn_is_well_formed(cut));
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
        cmocka_unit_test(sets_are_compared_as_sets),
        cmocka_unit_test(attributes_of_a_set_are_in_order),
        cmocka_unit_test(a_disordered_name_equals_its_own_bytes_alone),
        cmocka_unit_test(what_is_too_wide_to_compare_is_unclear),
        cmocka_unit_test(a_subtree_is_a_prefix_of_sets),
        cmocka_unit_test(names_are_written_by_rfc_4514),
        cmocka_unit_test(attributes_are_found_by_name_and_by_oid),
        cmocka_unit_test(a_malformed_name_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
