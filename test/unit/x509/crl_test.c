/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/crl.h"

#include "crl_maker.h"
#include "parser_check.h"
#include "unit.h"

/* 2.5.29.21 with a reason; 2.5.29.24 with a date; 2.5.29.29; 1.2.3 */
#define REASON(n) 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01, n
#define INVALID_SINCE                                                                        \
    0x30, 0x18, 0x06, 0x03, 0x55, 0x1d, 0x18, 0x04, 0x11, 0x18, 0x0f, '2', '0', '2', '4', '0', \
        '2', '2', '9', '1', '2', '0', '0', '0', '0', 'Z'
#define CERTIFICATE_ISSUER                                                                 \
    0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d, 0x1d, 0x01, 0x01, 0xff, 0x04, 0x04, 0x30, 0x02, 0x81, 0x00
#define UNKNOWN 0x30, 0x08, 0x06, 0x02, 0x2a, 0x03, 0x04, 0x02, 0x05, 0x00
#define UNKNOWN_CRITICAL \
    0x30, 0x0b, 0x06, 0x02, 0x2a, 0x03, 0x01, 0x01, 0xff, 0x04, 0x02, 0x05, 0x00

static tlsc_err parse(const crl_spec *spec, tlsc_crl *out, tlsc_buf *der)
{
    *der = make_crl(spec);
    return tlsc_crl_parse(out, tlsc_buf_bytes(der));
}

/* What comes of a CRL. */
static tlsc_err verdict(const crl_spec *spec)
{
    tlsc_crl crl;
    tlsc_buf der;
    tlsc_err rc = parse(spec, &crl, &der);
    tlsc_buf_clear(&der);
    return rc;
}

/* What comes of one that has this entry, or this extension. */
static tlsc_err verdict_on_entry(tlsc_bytes extensions, bool v1)
{
    tlsc_buf entry = make_crl_entry(BYTES(0x05), extensions);
    crl_spec spec = { .issuer = "a", .v1 = v1, .entries = { tlsc_buf_bytes(&entry) } };
    tlsc_err rc = verdict(&spec);
    tlsc_buf_clear(&entry);
    return rc;
}

static tlsc_err verdict_on_extension(tlsc_buf extension)
{
    crl_spec spec = { .issuer = "a", .extensions = { tlsc_buf_bytes(&extension) } };
    tlsc_err rc = verdict(&spec);
    tlsc_buf_clear(&extension);
    return rc;
}

static void all_fields_are_read(void **state)
{
    (void)state;
    tlsc_buf one = make_crl_entry(BYTES(0x00, 0xff), (tlsc_bytes){ NULL, 0 });
    tlsc_buf two = make_crl_entry(BYTES(0x05), BYTES(REASON(1), INVALID_SINCE));
    tlsc_buf number = make_crl_number(9);
    tlsc_buf aki = make_extension(0x23, false, BYTES(0x30, 0x04, 0x80, 0x02, 0x01, 0x02));
    tlsc_buf name = make_point_name("http://crl.test/1");
    assert_ok(tlsc_buf_append(&name, BYTES(0x81, 0x01, 0xff)));
    tlsc_buf idp = make_idp(tlsc_buf_bytes(&name));
    crl_spec spec = { .issuer = "a",
                      .signer = 3,
                      .entries = { tlsc_buf_bytes(&one), tlsc_buf_bytes(&two) },
                      .extensions = { tlsc_buf_bytes(&number), tlsc_buf_bytes(&aki),
                                      tlsc_buf_bytes(&idp) } };
    tlsc_crl crl;
    tlsc_buf der;
    tlsc_crl_revoked r;
    assert_ok(parse(&spec, &crl, &der));
    assert_int_equal(crl.version, 2);
    assert_int_equal(crl.scheme, TLSC_SIG_ECDSA_P256_SHA256);
    assert_int_equal(crl.this_update_s, 1767225600);
    assert_true(crl.has_next_update);
    assert_int_equal(crl.next_update_s, 1798761600);
    assert_true(crl.has_number && tlsc_bytes_equal(crl.number, BYTES(9)));
    assert_bytes_equal(crl.authority_key_id, BYTES(1, 2));
    assert_true(crl.has_points && crl.only_users && !crl.only_cas);
    assert_int_equal(crl.points.n, 2 + strlen("http://crl.test/1"));
    assert_int_equal(crl.num_revoked, 2);
    assert_bytes_equal(crl.signature, BYTES(0, 3));
    tlsc_crl_walk walk = tlsc_crl_walk_of(&crl);
    assert_true(tlsc_crl_next(&walk, &r));
    assert_bytes_equal(r.serial, BYTES(0x00, 0xff));
    assert_int_equal(r.reason, 0);
    assert_int_equal(r.date_s, 1766534400);
    assert_true(tlsc_crl_next(&walk, &r));
    assert_bytes_equal(r.serial, BYTES(0x05));
    assert_int_equal(r.reason, 1);
    assert_false(tlsc_crl_next(&walk, &r));
    tlsc_buf_clear(&one);
    tlsc_buf_clear(&two);
    tlsc_buf_clear(&number);
    tlsc_buf_clear(&aki);
    tlsc_buf_clear(&name);
    tlsc_buf_clear(&idp);
    tlsc_buf_clear(&der);
}

/* Reading again what was read: nothing may be read that isn't there. */
static tlsc_err parse_again(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_crl crl;
    tlsc_err rc = tlsc_crl_parse(&crl, body);
    if (rc == TLSC_OK) {
        assert_ok(tlsc_buf_append(again, body));
    }
    return rc;
}

static void a_byte_less_a_byte_more_a_bit_changed(void **state)
{
    (void)state;
    tlsc_buf entry = make_crl_entry(BYTES(0x05), BYTES(REASON(4), INVALID_SINCE, UNKNOWN));
    tlsc_buf number = make_crl_number(9);
    tlsc_buf name = make_point_name("http://a/");
    tlsc_buf idp = make_idp(tlsc_buf_bytes(&name));
    crl_spec spec = { .issuer = "a",
                      .entries = { tlsc_buf_bytes(&entry) },
                      .extensions = { tlsc_buf_bytes(&number), tlsc_buf_bytes(&idp) } };
    tlsc_buf der = make_crl(&spec);
    parser_case c = { .parse = parse_again, .good = tlsc_buf_bytes(&der) };
    parser_check(&c);
    tlsc_buf_clear(&entry);
    tlsc_buf_clear(&number);
    tlsc_buf_clear(&name);
    tlsc_buf_clear(&idp);
    tlsc_buf_clear(&der);
}

static void versions(void **state)
{
    (void)state;
    tlsc_buf number = make_crl_number(1);
    crl_spec v1 = { .issuer = "a", .v1 = true };
    assert_ok(verdict(&v1));
    assert_ok(verdict_on_entry((tlsc_bytes){ NULL, 0 }, true));
    assert_err(verdict_on_entry(BYTES(REASON(1)), true), TLSC_E_BAD_CRL);
    v1.extensions[0] = tlsc_buf_bytes(&number);
    assert_err(verdict(&v1), TLSC_E_BAD_CRL);
    crl_spec explicit_v1 = { .issuer = "a", .version = BYTES(0x02, 0x01, 0x00) };
    assert_err(verdict(&explicit_v1), TLSC_E_BAD_CRL);
    crl_spec v3 = { .issuer = "a", .version = BYTES(0x02, 0x01, 0x02) };
    assert_err(verdict(&v3), TLSC_E_BAD_CRL);
    assert_err(tlsc_crl_parse(&(tlsc_crl){ 0 }, BYTES(0x02, 0x01, 0x00)), TLSC_E_BAD_DER);
    assert_err(tlsc_crl_parse(&(tlsc_crl){ 0 }, (tlsc_bytes){ NULL, 0 }), TLSC_E_BAD_DER);
    tlsc_buf_clear(&number);
}

static void dates(void **state)
{
    static const struct {
        const char *this_update;
        const char *next_update;
        tlsc_err expected;
    } rows[] = {
        { "260101000000Z", "", TLSC_OK },
        { "240229235959Z", NULL, TLSC_OK },
        { "20000229000000Z", NULL, TLSC_OK },
        { "260229000000Z", NULL, TLSC_E_BAD_CRL },   /* no leap year */
        { "21000229000000Z", NULL, TLSC_E_BAD_CRL }, /* nor this */
        { "161231235960Z", NULL, TLSC_E_BAD_CRL },   /* a leap second, which X.509's times haven't */
        { "2601010000Z", NULL, TLSC_E_BAD_CRL },
        { "260101000000Z", "270101000060Z", TLSC_E_BAD_CRL },
        { "260101000000Z", "20270101000000.5Z", TLSC_E_BAD_CRL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        crl_spec s = { .issuer = "a",
                       .this_update = rows[i].this_update,
                       .next_update = rows[i].next_update };
        assert_err(verdict(&s), rows[i].expected);
    }
}

/* A CN and an O, in the order of DER and the other way round: X.690 11.6 */
static void its_issuer_is_named_in_der(void **state)
{
#define CN_A 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 'a'
#define O_A 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x01, 'a'
    crl_spec good = { .issuer_name = BYTES(0x30, 0x16, 0x31, 0x14, CN_A, O_A) };
    crl_spec swapped = { .issuer_name = BYTES(0x30, 0x16, 0x31, 0x14, O_A, CN_A) };
    crl_spec twice = { .issuer_name = BYTES(0x30, 0x16, 0x31, 0x14, CN_A, CN_A) };
    crl_spec empty_set = { .issuer_name = BYTES(0x30, 0x02, 0x31, 0x00) };
    (void)state;
    assert_ok(verdict(&good));
    assert_err(verdict(&swapped), TLSC_E_BAD_CRL);
    assert_err(verdict(&twice), TLSC_E_BAD_CRL);
    assert_err(verdict(&empty_set), TLSC_E_BAD_CRL);
}

static void lists_may_be_absent_or_empty(void **state)
{
    (void)state;
    tlsc_crl crl;
    tlsc_buf der;
    crl_spec s = { .issuer = "a" };
    for (int empty = 0; empty < 2; empty++) {
        s.empty_list = empty != 0;
        assert_ok(parse(&s, &crl, &der));
        assert_int_equal(crl.num_revoked, 0);
        tlsc_buf_clear(&der);
    }
}

static void signatures_with_sha1_and_the_like_are_not_served(void **state)
{
    (void)state;
    const tlsc_bytes sha1_rsa = BYTES(0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
                                      0x01, 0x01, 0x05, 0x05, 0x00);
    const tlsc_bytes sha256_rsa = BYTES(0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                        0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00);
    crl_spec s = { .issuer = "a", .algorithm = sha1_rsa };
    assert_err(verdict(&s), TLSC_E_CRL_UNSUPPORTED);
    s.algorithm = sha256_rsa;
    assert_ok(verdict(&s));
    s.inner_algorithm = sha1_rsa;
    assert_err(verdict(&s), TLSC_E_BAD_CRL);
}

static void entries(void **state)
{
    (void)state;
    assert_ok(verdict_on_entry(BYTES(REASON(0)), false));
    assert_ok(verdict_on_entry(BYTES(REASON(10)), false));
    assert_err(verdict_on_entry(BYTES(REASON(7)), false), TLSC_E_BAD_CRL);
    assert_err(verdict_on_entry(BYTES(REASON(8)), false), TLSC_E_BAD_CRL); /* removeFromCRL */
    assert_err(verdict_on_entry(BYTES(REASON(11)), false), TLSC_E_BAD_CRL);
    assert_err(verdict_on_entry(BYTES(REASON(1), REASON(2)), false), TLSC_E_BAD_CRL);
    assert_ok(verdict_on_entry(BYTES(UNKNOWN), false));
    assert_err(verdict_on_entry(BYTES(UNKNOWN_CRITICAL), false), TLSC_E_CRL_UNSUPPORTED);
    assert_err(verdict_on_entry(BYTES(CERTIFICATE_ISSUER), false), TLSC_E_CRL_UNSUPPORTED);
    /* one that is malformed as well is malformed */
    assert_err(verdict_on_entry(BYTES(UNKNOWN_CRITICAL, REASON(7)), false), TLSC_E_BAD_CRL);
    tlsc_buf padded = make_crl_entry(BYTES(0x00, 0x01), (tlsc_bytes){ NULL, 0 });
    crl_spec s = { .issuer = "a", .entries = { tlsc_buf_bytes(&padded) } };
    assert_err(verdict(&s), TLSC_E_BAD_CRL);
    tlsc_buf_clear(&padded);
}

static void extensions_of_the_list(void **state)
{
    (void)state;
    static const uint8_t long_number[24] = { 0x02, 21, 0x7f };
    static const uint8_t longest_number[23] = { 0x02, 21, 0x00, 0xff };
    assert_ok(verdict_on_extension(make_crl_number(0)));
    assert_err(verdict_on_extension(make_crl_number(0x80)), TLSC_E_BAD_CRL); /* negative */
    assert_ok(verdict_on_extension(
        make_extension(0x14, true, tlsc_bytes_of(longest_number, sizeof(longest_number)))));
    assert_err(verdict_on_extension(make_extension(0x14, false, tlsc_bytes_of(long_number, 23))),
               TLSC_E_BAD_CRL);
    assert_err(verdict_on_extension(make_extension(0x1b, true, BYTES(0x02, 0x01, 0x01))),
               TLSC_E_CRL_UNSUPPORTED); /* a delta */
    assert_ok(verdict_on_extension(make_extension(0x2e, false, BYTES(0x30, 0x00))));
    assert_err(verdict_on_extension(make_extension(0x2e, true, BYTES(0x30, 0x00))),
               TLSC_E_CRL_UNSUPPORTED);
}

static tlsc_err verdict_on_idp(tlsc_bytes contents)
{
    return verdict_on_extension(make_idp(contents));
}

static void issuing_distribution_points(void **state)
{
    (void)state;
    assert_ok(verdict_on_idp(BYTES(0x81, 0x01, 0xff)));
    assert_ok(verdict_on_idp(BYTES(0x82, 0x01, 0xff)));
    assert_ok(verdict_on_idp(BYTES(0xa0, 0x05, 0xa0, 0x03, 0x86, 0x01, 'x')));
    assert_err(verdict_on_idp((tlsc_bytes){ NULL, 0 }), TLSC_E_BAD_CRL);
    assert_err(verdict_on_idp(BYTES(0x81, 0x01, 0x00)), TLSC_E_BAD_CRL); /* a DEFAULT */
    assert_err(verdict_on_idp(BYTES(0x81, 0x01, 0xff, 0x82, 0x01, 0xff)), TLSC_E_BAD_CRL);
    assert_err(verdict_on_idp(BYTES(0x82, 0x01, 0xff, 0x81, 0x01, 0xff)), TLSC_E_BAD_CRL);
    assert_err(verdict_on_idp(BYTES(0x85, 0x01, 0xff)), TLSC_E_CRL_UNSUPPORTED); /* attributes */
    assert_err(verdict_on_idp(BYTES(0x84, 0x01, 0xff)), TLSC_E_CRL_UNSUPPORTED); /* indirect */
    assert_err(verdict_on_idp(BYTES(0xa0, 0x02, 0xa1, 0x00)), TLSC_E_CRL_UNSUPPORTED); /* relative */
    assert_err(verdict_on_idp(BYTES(0xa0, 0x02, 0xa0, 0x00)), TLSC_E_BAD_CRL);
    assert_err(verdict_on_idp(BYTES(0xa0, 0x04, 0xa0, 0x02, 0x89, 0x00)), TLSC_E_BAD_CRL);
}

/* RUSTSEC-2026-0104: a reader that took the last byte of onlySomeReasons where a valid BIT STRING had none,
 * before the signature was checked. */
static void odd_reasons_are_survived(void **state)
{
    (void)state;
    assert_err(verdict_on_idp(BYTES(0x83, 0x02, 0x06, 0x40)), TLSC_E_CRL_UNSUPPORTED);
    assert_err(verdict_on_idp(BYTES(0x83, 0x01, 0x00)), TLSC_E_CRL_UNSUPPORTED);
    assert_err(verdict_on_idp(BYTES(0x83, 0x00)), TLSC_E_BAD_CRL);
    assert_err(verdict_on_idp(BYTES(0x83, 0x01, 0x08)), TLSC_E_BAD_CRL);
    assert_err(verdict_on_idp(BYTES(0x83, 0x02, 0x08, 0x00)), TLSC_E_BAD_CRL);
    assert_err(verdict_on_idp(BYTES(0x83)), TLSC_E_BAD_CRL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_fields_are_read),
        cmocka_unit_test(a_byte_less_a_byte_more_a_bit_changed),
        cmocka_unit_test(versions),
        cmocka_unit_test(dates),
        cmocka_unit_test(its_issuer_is_named_in_der),
        cmocka_unit_test(lists_may_be_absent_or_empty),
        cmocka_unit_test(signatures_with_sha1_and_the_like_are_not_served),
        cmocka_unit_test(entries),
        cmocka_unit_test(extensions_of_the_list),
        cmocka_unit_test(issuing_distribution_points),
        cmocka_unit_test(odd_reasons_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
