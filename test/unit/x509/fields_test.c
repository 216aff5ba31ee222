/* SPDX-License-Identifier: Apache-2.0 */
/* x509/fields_test.c: tlscore/x509.h on certificates that OpenSSL made: fields.c, fields_text.c, oid.c,
 * extensions.c. */
#include "tlscore/x509.h"

#include <string.h>

#include "cert_maker.h"
#include "pem_file.h"
#include "unit.h"

static void oids_go_to_text_and_back(void **state)
{
    (void)state;
    static const char *const good[] = { "2.5.29.17", "1.3.6.1.5.5.7.3.1", "0.0", "1.39", "2.0", "2.999.1",
                                        "2.16.840.1.101.3.4.2.1", "1.2.72057594037927935" };
    static const char *const bad[] = { "", "1", "1.", ".1", "3.1", "1.40", "1.2.", "1..2", "1.02", "a.b",
                                       "1.2.x", "-1.2", "1.2.72057594037927936" };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        uint8_t oid[32];
        char text[64];
        size_t n = tlsc_oid_of_text(good[i], oid, sizeof(oid));
        assert_true(n > 0);
        assert_int_equal(tlsc_oid_of_text(good[i], oid, n - 1), 0);
        (void)tlsc_oid_text(tlsc_bytes_of(oid, n), text, sizeof(text));
        assert_string_equal(text, good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint8_t oid[32];
        assert_int_equal(tlsc_oid_of_text(bad[i], oid, sizeof(oid)), 0);
    }
    char text[8];
    assert_int_equal(tlsc_oid_text(BYTES(0x55, 0x81), text, sizeof(text)), 0);
    assert_string_equal(text, "");
}

static tlsc_x509 parsed(const tlsc_buf *der)
{
    tlsc_x509 c = { .size = sizeof(c) };
    assert_ok(tlsc_x509_parse(&c, tlsc_buf_bytes(der)));
    return c;
}

static void a_leaf_says_what_openssl_put_in(void **state)
{
    (void)state;
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_x509 c = parsed(&der);
    tlsc_x509_key key = { .size = sizeof(key) };
    tlsc_x509_usage usage = { .size = sizeof(usage) };
    tlsc_x509_general_name name;
    char text[64];
    uint8_t digest[TLSC_HASH_MAX];
    assert_int_equal(c.version, 3);
    assert_ok(tlsc_x509_key_of(&c, &key));
    assert_string_equal(key.name, "ECDSA P-256");
    assert_int_equal(key.bits, 256);
    assert_string_equal(tlsc_x509_signature_name(&c, NULL), "ecdsa-with-SHA256");
    assert_ok(tlsc_x509_usage_of(&c, &usage));
    assert_int_equal(usage.key_usage, TLSC_X509_DIGITAL_SIGNATURE);
    assert_true(usage.has_basic_constraints && !usage.ca && usage.path_len == -1);
    assert_int_equal(usage.subject_key_id.n, 20);
    (void)tlsc_time_text(c.not_after_s, text, sizeof(text));
    assert_string_equal(text, "2049-12-31T23:59:59Z");
    static const char *const names[] = { "p256.tlsx.test", "*.tlsx.test", "127.0.0.1", "::1",
                                         "root@tlsx.test" };
    for (size_t i = 0; i < 5; i++) {
        assert_true(tlsc_x509_alt_name_at(&c, i, &name));
        (void)tlsc_x509_general_name_text(&name, text, sizeof(text));
        assert_string_equal(text, names[i]);
    }
    assert_false(tlsc_x509_alt_name_at(&c, 5, &name));
    assert_true(tlsc_x509_alt_name_find(&c, TLSC_X509_DNS, 1, &name));
    assert_bytes_equal(name.value, TEXT("*.tlsx.test"));
    assert_false(tlsc_x509_alt_name_find(&c, TLSC_X509_URI, 0, &name));
    tlsc_x509_fingerprint(&c, tlsc_provider_default()->ticket_hash, digest);
    tlsc_buf_clear(&der);
}

static void kinds_of_keys_have_names_served_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *file, *name, *signature;
        unsigned bits;
    } rows[] = {
        { "rsa2048.crt.pem", "RSA", "ecdsa-with-SHA256", 2048 },
        { "rsa1024.crt.pem", "RSA", "ecdsa-with-SHA256", 1024 },
        { "rsapss.crt.pem", "RSASSA-PSS", "ecdsa-with-SHA256", 2048 },
        { "ed25519.crt.pem", "Ed25519", "ecdsa-with-SHA256", 256 },
        { "ed448.crt.pem", "Ed448", "ecdsa-with-SHA256", 456 },
        { "p521.crt.pem", "ECDSA P-521", "ecdsa-with-SHA256", 521 },
        { "secp256k1.crt.pem", "ECDSA secp256k1", "ecdsa-with-SHA256", 256 },
        { "explicit.crt.pem", "ECDSA", "ecdsa-with-SHA256", 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_buf der = test_der(rows[i].file);
        tlsc_x509 c = parsed(&der);
        tlsc_x509_key key = { .size = sizeof(key) };
        assert_ok(tlsc_x509_key_of(&c, &key));
        assert_string_equal(key.name, rows[i].name);
        assert_int_equal(key.bits, rows[i].bits);
        assert_string_equal(tlsc_x509_signature_name(&c, NULL), rows[i].signature);
        tlsc_buf_clear(&der);
    }
}

static void extensions_are_found(void **state)
{
    (void)state;
    tlsc_buf der = test_der("root.crt.pem");
    tlsc_x509 c = parsed(&der);
    tlsc_x509_extension e, same;
    tlsc_x509_usage usage = { .size = sizeof(usage) };
    size_t num = 0;
    while (tlsc_x509_extension_at(&c, num, &e)) {
        char oid[64];
        (void)tlsc_oid_text(e.oid, oid, sizeof(oid));
        assert_true(tlsc_x509_extension_find(&c, oid, &same) && same.value.p == e.value.p);
        num++;
    }
    assert_true(num >= 3);
    assert_false(tlsc_x509_extension_find(&c, "1.2.3", &e));
    assert_false(tlsc_x509_extension_find(&c, "nonsense", &e));
    assert_ok(tlsc_x509_usage_of(&c, &usage));
    assert_true(usage.ca);
    assert_int_equal(usage.key_usage, TLSC_X509_KEY_CERT_SIGN | TLSC_X509_CRL_SIGN);
    tlsc_buf_clear(&der);
}

static void structs_of_another_size_are_refused(void **state)
{
    (void)state;
    tlsc_buf der = test_der("root.crt.pem");
    tlsc_x509 c = { .size = 3 };
    assert_err(tlsc_x509_parse(&c, tlsc_buf_bytes(&der)), TLSC_E_USAGE);
    c = parsed(&der);
    tlsc_x509_key key = { 0 };
    tlsc_x509_usage usage = { 0 };
    assert_err(tlsc_x509_key_of(&c, &key), TLSC_E_USAGE);
    assert_err(tlsc_x509_usage_of(&c, &usage), TLSC_E_USAGE);
    assert_err(tlsc_x509_parse(&c, tlsc_bytes_of(der.p, der.n - 1)), TLSC_E_BAD_DER);
    assert_null(c.der.p);
    tlsc_buf_clear(&der);
}

static void serial_is(tlsc_bytes serial, const char *expected)
{
    char text[64];
    tlsc_x509 c = { .size = sizeof(c), .serial = serial };
    assert_int_equal(tlsc_x509_serial_text(&c, text, sizeof(text)), strlen(expected));
    assert_string_equal(text, expected);
}

static void serial_numbers_are_hexadecimal(void **state)
{
    (void)state;
    serial_is(BYTES(0x0a, 0x1b), "0A1B");
    serial_is(BYTES(0x00, 0xff), "FF");
    serial_is(BYTES(0x00), "00");
    serial_is(BYTES(0xff), "-01");
    serial_is(BYTES(0x80), "-80");
    serial_is(BYTES(0xff, 0x00), "-0100");
    serial_is(BYTES(0xfe, 0xdc), "-0124");
}

static void times_are_written_by_rfc_3339(void **state)
{
    (void)state;
    static const struct {
        int64_t s;
        const char *text;
    } rows[] = { { 0, "1970-01-01T00:00:00Z" },           { -1, "1969-12-31T23:59:59Z" },
                 { 951782400, "2000-02-29T00:00:00Z" },   { 253402300799, "9999-12-31T23:59:59Z" },
                 { -631152000, "1950-01-01T00:00:00Z" },  { 4107542400, "2100-03-01T00:00:00Z" } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[32];
        (void)tlsc_time_text(rows[i].s, text, sizeof(text));
        assert_string_equal(text, rows[i].text);
    }
}

static void general_name_is(tlsc_x509_general_name_kind kind, tlsc_bytes value, const char *expected)
{
    char text[64];
    tlsc_x509_general_name name = { kind, value };
    (void)tlsc_x509_general_name_text(&name, text, sizeof(text));
    assert_string_equal(text, expected);
}

static void general_names_are_written_so_that_a_line_stays_one(void **state)
{
    (void)state;
    general_name_is(TLSC_X509_DNS, TEXT("a.test\nx"), "a.test\\0Ax");
    general_name_is(TLSC_X509_URI, TEXT("http://a/\\ b"), "http://a/\\5C\\20b");
    general_name_is(TLSC_X509_IP, BYTES(192, 0, 2, 1), "192.0.2.1");
    general_name_is(TLSC_X509_IP, BYTES(1, 2, 3), "#010203");
    general_name_is(TLSC_X509_IP, BYTES(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1),
                    "2001:db8::1:0:0:1");
    general_name_is(TLSC_X509_IP, BYTES(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "::");
    general_name_is(TLSC_X509_IP, BYTES(0, 1, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8), "1:0:3:4:5:6:7:8");
    general_name_is(TLSC_X509_RID, BYTES(0x55, 0x1d, 0x11), "2.5.29.17");
    tlsc_bytes type, value;
    assert_true(tlsc_x509_other_name(BYTES(0x06, 0x01, 0x2a, 0xa0, 0x04, 0x0c, 0x02, 'm', 'e'), &type, &value));
    assert_bytes_equal(value, TEXT("me"));
    assert_false(tlsc_x509_other_name(BYTES(0x06, 0x01, 0x2a, 0xa0, 0x05, 0x0c, 0x02, 'm', 'e'), &type, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oids_go_to_text_and_back),
        cmocka_unit_test(a_leaf_says_what_openssl_put_in),
        cmocka_unit_test(kinds_of_keys_have_names_served_or_not),
        cmocka_unit_test(extensions_are_found),
        cmocka_unit_test(structs_of_another_size_are_refused),
        cmocka_unit_test(serial_numbers_are_hexadecimal),
        cmocka_unit_test(times_are_written_by_rfc_3339),
        cmocka_unit_test(general_names_are_written_so_that_a_line_stays_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
