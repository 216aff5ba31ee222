/* SPDX-License-Identifier: Apache-2.0 */
/* x509/signature_test.c: how certificates are signed. */
#include "x509/signature.h"

#include "pem_file.h"
#include "unit.h"
#include "x509/certificate.h"

static void each_certificates_signature_has_its_scheme(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        uint16_t scheme;
    } rows[] = { { "p256.crt.pem", 0x0403 }, { "root.crt.pem", 0x0403 }, { "intermediate.crt.pem", 0x0403 },
                 { "mldsa44.crt.pem", 0x0904 }, { "mldsa65.crt.pem", 0x0905 }, { "mldsa87.crt.pem", 0x0906 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_certificate c;
        tlsc_buf der = test_der(rows[i].file);
        assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
        assert_int_equal(tlsc_signature_scheme(c.signature_algorithm), rows[i].scheme);
        tlsc_buf_clear(&der);
    }
}

#define RSA(last) 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, last, 5, 0
#define ECDSA2(last) 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, last
/* hash [0], mask generation [1], salt [2] */
#define PSS(last)                                                                                  \
    0x30, 0x41, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a, 0x30, 0x34,      \
        0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last,  \
        0x05, 0x00, 0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,  \
        0x01, 0x08, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last,  \
        0x05, 0x00, 0xa2, 0x03, 0x02, 0x01, 0x20

static void every_algorithm_has_its_scheme(void **state)
{
    (void)state;
    const struct {
        tlsc_bytes der;
        uint16_t scheme;
    } rows[] = {
        { BYTES(RSA(0x05)), 0x0201 },
        { BYTES(RSA(0x0b)), 0x0401 },
        { BYTES(RSA(0x0c)), 0x0501 },
        { BYTES(RSA(0x0d)), 0x0601 },
        { BYTES(RSA(0x04)), 0 }, /* MD5 */
        { BYTES(0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01), 0x0203 },
        { BYTES(ECDSA2(2)), 0x0403 },
        { BYTES(ECDSA2(3)), 0x0503 },
        { BYTES(ECDSA2(4)), 0x0603 },
        { BYTES(ECDSA2(1)), 0 }, /* SHA-224 */
        { BYTES(0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70), 0x0807 },
        { BYTES(0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x71), 0x0808 },
        { BYTES(0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e), 0 }, /* X25519 signs nothing */
        { BYTES(PSS(1)), 0x0804 },
        { BYTES(PSS(2)), 0x0805 },
        { BYTES(PSS(3)), 0x0806 },
        { BYTES(PSS(4)), 0 },
        { BYTES(0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a), 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(tlsc_signature_scheme(rows[i].der), rows[i].scheme);
    }
}

/* It only says what it read: cut short before the end of the OID it is unknown. */
static void what_is_cut_short_is_unknown(void **state)
{
    (void)state;
    tlsc_bytes whole = BYTES(PSS(1));
    for (size_t n = 0; n < whole.n; n++) {
        uint8_t *copy = test_copy(tlsc_bytes_of(whole.p, n));
        assert_int_equal(tlsc_signature_scheme(tlsc_bytes_of(copy, n)), 0);
        tlsc_mem_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_certificates_signature_has_its_scheme),
        cmocka_unit_test(every_algorithm_has_its_scheme),
        cmocka_unit_test(what_is_cut_short_is_unknown),
    };
    return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
