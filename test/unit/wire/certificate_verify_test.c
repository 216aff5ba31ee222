/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_verify_test.c: CertificateVerify, and the content that it signs. */
#include "unit.h"

#include <string.h>

#include "parser_check.h"
#include "wire/certificate_verify.h"

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_certificate_verify cv;
    tlsc_err rc = tlsc_certificate_verify_parse(&cv, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_certificate_verify_emit(&w, &cv);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

/* signature<0..2^16-1>: an empty one is a matter of who verifies it. */
static void a_signature_is_read_and_written(void **state)
{
    (void)state;
    tlsc_certificate_verify cv;
    tlsc_bytes good = BYTES(8, 4, 0, 5, 1, 2, 3, 4, 5);
    parser_check(&(parser_case){ .parse = parse, .good = good });
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(4, 3, 0, 0) });
    assert_ok(tlsc_certificate_verify_parse(&cv, good));
    assert_int_equal(cv.scheme, 0x0804);
    assert_bytes_equal(cv.signature, BYTES(1, 2, 3, 4, 5));
}

/* The example of RFC 8446 4.4.3: a hash of 32 bytes of 01, and both context strings. */
static void what_is_signed_is_as_the_rfc_prints_it(void **state)
{
    (void)state;
    uint8_t hash[64];
    uint8_t out[TLSC_CV_CONTENT_MAX];
    memset(hash, 1, sizeof(hash));
    static const size_t lens[] = { 32, 48, 64 };
    for (int by_server = 0; by_server < 2; by_server++) {
        for (size_t i = 0; i < 3; i++) {
            memset(out, 0xff, sizeof(out));
            size_t n =
                tlsc_certificate_verify_content(out, by_server, tlsc_bytes_of(hash, lens[i]));
            assert_int_equal(n, 64 + 34 + lens[i]);
            for (size_t k = 0; k < 64; k++) {
                assert_int_equal(out[k], 0x20);
            }
            assert_memory_equal(out + 64,
                                by_server ? "TLS 1.3, server CertificateVerify"
                                          : "TLS 1.3, client CertificateVerify",
                                34);
            assert_memory_equal(out + 98, hash, lens[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_read_and_written),
        cmocka_unit_test(what_is_signed_is_as_the_rfc_prints_it),
    };
    return cmocka_run_group_tests_name("certificate_verify", tests, NULL, NULL);
}
