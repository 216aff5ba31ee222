/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_request_test.c: CertificateRequest of TLS 1.3 and 1.2. */
#include "wire/certificate_request.h"

#include "ext_check.h"
#include "parser_check.h"
#include "unit.h"

static tlsc_err parse13(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_certificate_request cr;
    tlsc_err rc = tlsc_certificate_request13_parse(&cr, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_certificate_request13_emit(&w, &cr);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static tlsc_err parse12(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_certificate_request cr;
    tlsc_err rc = tlsc_certificate_request12_parse(&cr, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_certificate_request12_emit(&w, &cr);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void requests_of_tls13_are_read_and_written(void **state)
{
    (void)state;
    tlsc_certificate_request cr;
    tlsc_bytes good = BYTES(2, 'c', 'x', 0, 37, 0, 5, 0, 0, 0, 18, 0, 0, 0, 13, 0, 6, 0, 4, 4, 3, 8,
                            4, 0, 50, 0, 4, 0, 2, 8, 7, 0, 47, 0, 7, 0, 5, 0, 3, 'o', 'n', 'e');
    parser_check(&(parser_case){ .parse = parse13, .good = good, .any_order = true });
    tlsc_buf again = tlsc_buf_of(256);
    assert_ok(parse13(good, &again));
    assert_bytes_equal(tlsc_buf_bytes(&again), good);
    tlsc_buf_clear(&again);
    assert_ok(tlsc_certificate_request13_parse(&cr, good));
    assert_bytes_equal(cr.context, TEXT("cx"));
    assert_bytes_equal(cr.schemes, BYTES(4, 3, 8, 4));
    assert_bytes_equal(cr.schemes_cert, BYTES(8, 7));
    assert_bytes_equal(cr.ca_names, BYTES(0, 3, 'o', 'n', 'e'));
    assert_true(cr.ocsp && cr.scts);
    /* the least */
    tlsc_bytes least = BYTES(0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3);
    parser_check(&(parser_case){ .parse = parse13, .good = least });
    assert_ok(tlsc_certificate_request13_parse(&cr, least));
    assert_false(cr.ocsp || cr.scts);
    assert_int_equal(cr.ca_names.n + cr.schemes_cert.n + cr.context.n, 0);
}

/* RFC 8446 4.3.2: "The signature_algorithms extension MUST be specified" */
static void signature_algorithms_are_required(void **state)
{
    (void)state;
    tlsc_certificate_request cr;
    assert_err(tlsc_certificate_request13_parse(&cr, BYTES(0, 0, 0)),
               TLSC_E_MISSING_SIGNATURE_ALGORITHMS);
    assert_err(tlsc_certificate_request13_parse(&cr, BYTES(0, 0, 4, 0x7a, 0x7a, 0, 0)),
               TLSC_E_MISSING_SIGNATURE_ALGORITHMS);
    assert_err(tlsc_certificate_request13_parse(&cr, BYTES(0, 0, 8, 0, 50, 0, 4, 0, 2, 4, 3)),
               TLSC_E_MISSING_SIGNATURE_ALGORITHMS);
}

static tlsc_err with_block(tlsc_bytes block)
{
    tlsc_certificate_request cr;
    tlsc_buf body = tlsc_buf_of(1 << 17);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_u8(&w, 0);
    tlsc_wr_vec16(&w, block);
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = tlsc_certificate_request13_parse(&cr, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    return rc;
}

#define SCHEMES 0, 13, 0, 4, 0, 2, 4, 3

static void each_extension_is_judged(void **state)
{
    (void)state;
    const ext_sample samples[] = {
        { TLSC_EXTCODE_status_request, TEXT(""), false },
        { TLSC_EXTCODE_signature_algorithms, BYTES(0, 2, 4, 3), false },
        { TLSC_EXTCODE_signed_certificate_timestamp, TEXT(""), false },
        { TLSC_EXTCODE_compress_certificate, BYTES(2, 0, 1), false },
        { TLSC_EXTCODE_certificate_authorities, BYTES(0, 3, 0, 1, 'a'), false },
        { TLSC_EXTCODE_oid_filters, BYTES(0, 5, 1, 'o', 0, 1, 'v'), false },
        { TLSC_EXTCODE_signature_algorithms_cert, BYTES(0, 2, 4, 3), false },
    };
    ext_check(&(ext_case){ .parse = with_block,
                           .in = TLSC_IN_CR,
                           .always = BYTES(SCHEMES),
                           .samples = samples,
                           .num_samples = sizeof(samples) / sizeof(samples[0]) });
}

static void contents_are_judged(void **state)
{
    (void)state;
    /* supported_signature_algorithms<2..2^16-2> */
    assert_err(with_block(BYTES(0, 13, 0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(with_block(BYTES(0, 13, 0, 5, 0, 3, 4, 3, 4)), TLSC_E_DECODE);
    assert_err(with_block(BYTES(SCHEMES, 0, 50, 0, 2, 0, 0)), TLSC_E_DECODE);
    /* authorities<3..2^16-1> of DistinguishedName<1..2^16-1> */
    assert_err(with_block(BYTES(SCHEMES, 0, 47, 0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(with_block(BYTES(SCHEMES, 0, 47, 0, 4, 0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(with_block(BYTES(SCHEMES, 0, 47, 0, 7, 0, 5, 0, 1, 'a', 0, 0)), TLSC_E_DECODE);
    assert_ok(with_block(BYTES(SCHEMES, 0, 47, 0, 8, 0, 6, 0, 1, 'a', 0, 1, 'b')));
    /* filters<0..2^16-1>: an OID of a byte at least, values that may be empty */
    assert_ok(with_block(BYTES(SCHEMES, 0, 48, 0, 2, 0, 0)));
    assert_ok(with_block(BYTES(SCHEMES, 0, 48, 0, 6, 0, 4, 1, 'o', 0, 0)));
    assert_err(with_block(BYTES(SCHEMES, 0, 48, 0, 5, 0, 3, 0, 0, 0)), TLSC_E_DECODE);
    assert_err(with_block(BYTES(SCHEMES, 0, 48, 0, 5, 0, 3, 1, 'o', 0)), TLSC_E_DECODE);
}

static void requests_of_tls12_are_read_and_written(void **state)
{
    (void)state;
    tlsc_certificate_request cr;
    tlsc_bytes good = BYTES(2, TLSC_CLIENT_TYPE_RSA_SIGN, TLSC_CLIENT_TYPE_ECDSA_SIGN, 0, 4, 4, 3, 4,
                            1, 0, 8, 0, 3, 'o', 'n', 'e', 0, 1, '2');
    parser_check(&(parser_case){ .parse = parse12, .good = good });
    parser_check(&(parser_case){ .parse = parse12, .good = BYTES(1, 1, 0, 2, 4, 3, 0, 0) });
    assert_ok(tlsc_certificate_request12_parse(&cr, good));
    assert_bytes_equal(cr.types, BYTES(1, 64));
    assert_bytes_equal(cr.schemes, BYTES(4, 3, 4, 1));
    assert_bytes_equal(cr.ca_names, BYTES(0, 3, 'o', 'n', 'e', 0, 1, '2'));
    /* certificate_types<1..>, supported_signature_algorithms<2..2^16-2>, names of a byte at least */
    assert_err(tlsc_certificate_request12_parse(&cr, BYTES(0, 0, 2, 4, 3, 0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_certificate_request12_parse(&cr, BYTES(1, 1, 0, 0, 0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_certificate_request12_parse(&cr, BYTES(1, 1, 0, 1, 4, 0, 0)), TLSC_E_DECODE);
    assert_err(tlsc_certificate_request12_parse(&cr, BYTES(1, 1, 0, 3, 4, 3, 4, 0, 0)),
               TLSC_E_DECODE);
    assert_err(tlsc_certificate_request12_parse(&cr, BYTES(1, 1, 0, 2, 4, 3, 0, 2, 0, 0)),
               TLSC_E_DECODE);
    assert_err(tlsc_certificate_request12_parse(&cr, BYTES(1, 1, 0, 2, 4, 3, 0, 1, 0)),
               TLSC_E_DECODE);
}

static void names_are_walked(void **state)
{
    (void)state;
    tlsc_bytes list, name;
    /* the second is empty */
    assert_err(tlsc_ca_names_parse(&list, BYTES(0, 7, 0, 3, 'o', 'n', 'e', 0, 0)), TLSC_E_DECODE);
    assert_ok(tlsc_ca_names_parse(&list, BYTES(0, 8, 0, 3, 'o', 'n', 'e', 0, 1, '2')));
    tlsc_rd r = tlsc_rd_of(list);
    assert_true(tlsc_ca_name_next(&r, &name));
    assert_bytes_equal(name, TEXT("one"));
    assert_true(tlsc_ca_name_next(&r, &name));
    assert_bytes_equal(name, TEXT("2"));
    assert_false(tlsc_ca_name_next(&r, &name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_tls13_are_read_and_written),
        cmocka_unit_test(signature_algorithms_are_required),
        cmocka_unit_test(each_extension_is_judged),
        cmocka_unit_test(contents_are_judged),
        cmocka_unit_test(requests_of_tls12_are_read_and_written),
        cmocka_unit_test(names_are_walked),
    };
    return cmocka_run_group_tests_name("certificate_request", tests, NULL, NULL);
}
