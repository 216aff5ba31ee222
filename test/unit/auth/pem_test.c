/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/pem.h"

#include "file.h"
#include "unit.h"

#define BEGIN(label) "-----BEGIN " label "-----\n"
#define END(label) "-----END " label "-----\n"
#define BLOCK(label, body) BEGIN(label) body "\n" END(label)

/* The first block of a text, decoded into `out` (a buffer with a maximum). */
static tlsc_err first(tlsc_bytes text, tlsc_pem_block *block, tlsc_buf *out)
{
    tlsc_pem pem = tlsc_pem_of(text);
    tlsc_err rc = tlsc_pem_next(&pem, block);
    if (rc == TLSC_OK && out != NULL) {
        rc = tlsc_pem_decode(block, out);
    }
    return rc;
}

static void assert_decodes(tlsc_bytes text, tlsc_bytes expected)
{
    tlsc_pem_block block;
    tlsc_buf out = tlsc_buf_of(1000);
    uint8_t *copy = test_copy(text);
    assert_ok(first(tlsc_bytes_of(copy, text.n), &block, &out));
    assert_bytes_equal(tlsc_buf_bytes(&out), expected);
    tlsc_bytes in_place;
    assert_ok(tlsc_pem_decode_in_place(&block, &in_place));
    assert_bytes_equal(in_place, expected);
    assert_ptr_equal(in_place.p, block.base64.p);
    tlsc_buf_clear(&out);
    tlsc_mem_free(copy);
}

static void assert_refused(tlsc_bytes text)
{
    tlsc_pem_block block;
    tlsc_buf out = tlsc_buf_of(1000);
    assert_err(first(text, &block, &out), TLSC_E_PEM);
    assert_int_equal(block.where.block, 1);
    assert_null(out.p);
    if (block.base64.n > 0) { /* it is what it holds that is wrong */
        tlsc_bytes in_place;
        uint8_t *copy = test_copy(block.base64);
        block.base64.p = copy;
        assert_err(tlsc_pem_decode_in_place(&block, &in_place), TLSC_E_PEM);
        assert_int_equal(in_place.n, 0);
        tlsc_mem_free(copy);
    }
}

/* -- labels */

static void labels_say_what_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        tlsc_pem_kind kind;
        tlsc_key_format format;
    } rows[] = {
        { BLOCK("CERTIFICATE", "AA=="), TLSC_PEM_CERTIFICATE, TLSC_KEY_PKCS8 },
        { BLOCK("X509 CERTIFICATE", "AA=="), TLSC_PEM_CERTIFICATE, TLSC_KEY_PKCS8 },
        { BLOCK("X.509 CERTIFICATE", "AA=="), TLSC_PEM_CERTIFICATE, TLSC_KEY_PKCS8 },
        { BLOCK("TRUSTED CERTIFICATE", "AA=="), TLSC_PEM_TRUSTED_CERTIFICATE, TLSC_KEY_PKCS8 },
        { BLOCK("PRIVATE KEY", "AA=="), TLSC_PEM_KEY, TLSC_KEY_PKCS8 },
        { BLOCK("RSA PRIVATE KEY", "AA=="), TLSC_PEM_KEY, TLSC_KEY_PKCS1 },
        { BLOCK("EC PRIVATE KEY", "AA=="), TLSC_PEM_KEY, TLSC_KEY_SEC1 },
        { BLOCK("ENCRYPTED PRIVATE KEY", "AA=="), TLSC_PEM_ENCRYPTED_KEY, TLSC_KEY_PKCS8 },
        { BLOCK("DSA PRIVATE KEY", "AA=="), TLSC_PEM_OTHER_KEY, TLSC_KEY_PKCS8 },
        { BLOCK("OPENSSH PRIVATE KEY", "AA=="), TLSC_PEM_OTHER_KEY, TLSC_KEY_PKCS8 },
        { BLOCK("EC PARAMETERS", "AA=="), TLSC_PEM_OTHER, TLSC_KEY_PKCS8 },
        { BLOCK("DH PARAMETERS", "AA=="), TLSC_PEM_OTHER, TLSC_KEY_PKCS8 },
        { BLOCK("CERTIFICATE REQUEST", "AA=="), TLSC_PEM_OTHER, TLSC_KEY_PKCS8 },
        { BLOCK("X509 CRL", "AA=="), TLSC_PEM_CRL, TLSC_KEY_PKCS8 },
        { BLOCK("PUBLIC KEY", "AA=="), TLSC_PEM_OTHER, TLSC_KEY_PKCS8 },
        { BLOCK("certificate", "AA=="), TLSC_PEM_OTHER, TLSC_KEY_PKCS8 },
        { BLOCK(" CERTIFICATE", "AA=="), TLSC_PEM_OTHER, TLSC_KEY_PKCS8 },
        { "", TLSC_PEM_END, TLSC_KEY_PKCS8 },
        { "\n\n", TLSC_PEM_END, TLSC_KEY_PKCS8 },
        { "no PEM at all", TLSC_PEM_END, TLSC_KEY_PKCS8 },
        { "-----\n----------\n", TLSC_PEM_END, TLSC_KEY_PKCS8 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_pem_block block;
        assert_ok(first(tlsc_bytes_of_str(rows[i].text), &block, NULL));
        assert_int_equal(block.kind, rows[i].kind);
        assert_int_equal(block.format, rows[i].format);
    }
}

static void proc_type_says_encrypted(void **state)
{
    (void)state;
    tlsc_pem_block block;
    assert_ok(first(TEXT(BEGIN("RSA PRIVATE KEY") "Proc-Type: 4,ENCRYPTED\n"
                         "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAA==\n"
                         END("RSA PRIVATE KEY")),
                    &block, NULL));
    assert_int_equal(block.kind, TLSC_PEM_ENCRYPTED_KEY);
    assert_ok(first(TEXT(BEGIN("EC PRIVATE KEY") "DEK-Info: x\r\nProc-Type: 4,ENCRYPTED\r\n\r\n"
                         "AA==\r\n" END("EC PRIVATE KEY")),
                    &block, NULL));
    assert_int_equal(block.kind, TLSC_PEM_ENCRYPTED_KEY);
    /* of a certificate it says nothing, and MIC-CLEAR is not encrypted */
    assert_ok(first(TEXT(BEGIN("CERTIFICATE") "Proc-Type: 4,ENCRYPTED\n\nAA==\n"
                         END("CERTIFICATE")),
                    &block, NULL));
    assert_int_equal(block.kind, TLSC_PEM_CERTIFICATE);
    assert_ok(first(TEXT(BEGIN("PRIVATE KEY") "Proc-Type: 4,MIC-CLEAR\n\nAA==\n"
                         END("PRIVATE KEY")),
                    &block, NULL));
    assert_int_equal(block.kind, TLSC_PEM_KEY);
}

/* -- what is tolerated */

static void a_block_is_found_in_many_dresses(void **state)
{
    (void)state;
    tlsc_bytes abc = TEXT("abcdefg");
    assert_decodes(TEXT(BLOCK("X", "YWJjZGVmZw==")), abc);
    assert_decodes(TEXT("-----BEGIN X-----\r\nYWJjZGVmZw==\r\n-----END X-----\r\n"), abc);
    assert_decodes(TEXT("-----BEGIN X-----\nYWJjZGVmZw==\n-----END X-----"), abc);
    assert_decodes(TEXT("\xef\xbb\xbf" BLOCK("X", "YWJjZGVmZw==")), abc);
    assert_decodes(TEXT("subject=CN = x\n\n -----BEGIN no\n" BLOCK("X", "YWJjZGVmZw==")), abc);
    assert_decodes(TEXT("-----BEGIN X-----  \nYWJjZGVmZw== \t\n-----END X----- \n"), abc);
    assert_decodes(TEXT("-----BEGIN X-----\n\n\nYWJj\n\nZGVmZw==\n\n-----END X-----\n"), abc);
    assert_decodes(TEXT(BLOCK("X", "Y\nWJ\njZGV\nmZw=\n=")), abc);
    assert_decodes(TEXT(BLOCK("X", "YWJj ZGVm Zw= =")), abc);
    assert_decodes(TEXT(BEGIN("X") "a: b\nc: d\n e\n\nYWJjZGVmZw==\n" END("X")), abc);
    assert_decodes(TEXT("\0\xff\0\n" BLOCK("X", "YWJjZGVmZw==")), abc);
}

static void blocks_know_where_they_are(void **state)
{
    (void)state;
    tlsc_pem pem = tlsc_pem_of(TEXT("text\n" BLOCK("A", "AA==") "\ntext\r\n" BLOCK("B", "AQ==")
                                    BEGIN("C") "Ag==\n-----END C-----"));
    tlsc_pem_block block;
    assert_ok(tlsc_pem_next(&pem, &block));
    assert_int_equal(block.where.block, 1);
    assert_int_equal(block.where.line, 2);
    assert_ok(tlsc_pem_next(&pem, &block));
    assert_int_equal(block.where.block, 2);
    assert_int_equal(block.where.line, 7);
    assert_ok(tlsc_pem_next(&pem, &block));
    assert_int_equal(block.where.block, 3);
    assert_int_equal(block.where.line, 10);
    assert_ok(tlsc_pem_next(&pem, &block));
    assert_int_equal(block.kind, TLSC_PEM_END);
    assert_int_equal(block.where.block, 0);
    assert_ok(tlsc_pem_next(&pem, &block));
    assert_int_equal(block.kind, TLSC_PEM_END);
}

/* -- what is refused */

static void damaged_lines_are_refused(void **state)
{
    (void)state;
    assert_refused(TEXT("-----BEGIN X-----\nAA==\n"));
    assert_refused(TEXT("-----BEGIN X-----"));
    assert_refused(TEXT("-----BEGIN X----\nAA==\n-----END X-----\n"));
    assert_refused(TEXT("-----BEGIN X\nAA==\n-----END X-----\n"));
    assert_refused(TEXT("-----BEGIN -----\nAA==\n-----END -----\n"));
    assert_refused(TEXT("-----BEGIN-----\nAA==\n-----END-----\n"));
    assert_refused(TEXT("-----BEGIN X-----\nAA==\n-----END Y-----\n"));
    assert_refused(TEXT("-----BEGIN X-----\nAA==\n-----END X----\n"));
    assert_refused(TEXT("-----BEGIN X-----\nAA==\n-----END\n"));
    assert_refused(TEXT("-----BEGIN X-----\nAA==\n-----BEGIN X-----\nAA==\n-----END X-----\n"));
    assert_refused(TEXT("-----END X-----\n"));
    /* where two files met without a newline */
    assert_refused(TEXT("-----BEGIN X-----\nAA==\n-----END X----------BEGIN X-----\nAA==\n"
                        "-----END X-----\n"));
}

static void the_damaged_block_is_named(void **state)
{
    (void)state;
    tlsc_pem pem = tlsc_pem_of(TEXT(BLOCK("X", "AA==") "\n" BEGIN("X") "AA==\n"));
    tlsc_pem_block block;
    assert_ok(tlsc_pem_next(&pem, &block));
    assert_err(tlsc_pem_next(&pem, &block), TLSC_E_PEM);
    assert_int_equal(block.where.block, 2);
    assert_int_equal(block.where.line, 5);
}

static void base64_is_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",     "A",     "AA",     "AAA",   "AA=",    "=",      "==",     "====",   "A===",
        "AAA==", "AA==A", "AA==AA==", "AAAA=", "AA=A",  "AB==",   "AAB=",   "AA==\n=", "AAAA====",
        "AA-_", "AA*A",  "AAAA.",  "AAAA:", "AA\\A",  "\x80\x81\x82\x83", "AAAA\x01", "AA@A",
        "AA[A", "AA`A",  "AA{A",   "AA/",   "AA,A",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        tlsc_pem_block block = { .base64 = tlsc_bytes_of_str(bad[i]) };
        tlsc_buf out = tlsc_buf_of(100);
        assert_err(tlsc_pem_decode(&block, &out), TLSC_E_PEM);
        assert_null(out.p);
    }
}

static void base64_knows_its_alphabet(void **state)
{
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (unsigned c = 0; c < 256; c++) {
        char quantum[4] = { 'A', 'A', 'A', (char)c };
        tlsc_pem_block block = { .base64 = tlsc_bytes_of(quantum, sizeof(quantum)) };
        tlsc_buf out = tlsc_buf_of(100);
        const char *at = c == 0 ? NULL : strchr(alphabet, (char)c);
        if (at != NULL) {
            assert_ok(tlsc_pem_decode(&block, &out));
            assert_bytes_equal(tlsc_buf_bytes(&out), BYTES(0, 0, (uint8_t)(at - alphabet)));
        } else if (c == '=') {
            assert_ok(tlsc_pem_decode(&block, &out));
            assert_bytes_equal(tlsc_buf_bytes(&out), BYTES(0, 0));
        } else {
            assert_err(tlsc_pem_decode(&block, &out), TLSC_E_PEM);
        }
        tlsc_buf_clear(&out);
    }
}

static void the_buffer_keeps_its_maximum(void **state)
{
    (void)state;
    tlsc_pem_block block = { .base64 = TEXT("YWJjZGVmZw==") };
    tlsc_buf out = tlsc_buf_of(6);
    assert_err(tlsc_pem_decode(&block, &out), TLSC_E_TOO_SMALL);
    assert_null(out.p);
    out = tlsc_buf_of(100);
    tlsc_mem_fail_at(1, false);
    assert_err(tlsc_pem_decode(&block, &out), TLSC_E_NO_MEMORY);
    tlsc_mem_fail_at(0, false);
}

static void the_secret_is_never_moved(void **state)
{
    (void)state;
    tlsc_buf text = test_file("test/vectors/certs/rsa4096.pkcs1.pem");
    tlsc_pem_block block;
    tlsc_buf out = tlsc_buf_of(100000);
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    assert_ok(first(tlsc_buf_bytes(&text), &block, NULL));
    tlsc_mem_get_stats(&before);
    assert_ok(tlsc_pem_decode(&block, &out));
    tlsc_mem_get_stats(&after);
    assert_int_equal(after.allocations - before.allocations, 1);
    tlsc_buf_clear(&out);
    tlsc_buf_clear(&text);
}

static void every_truncation_is_refused_or_shorter(void **state)
{
    (void)state;
    tlsc_bytes text = TEXT("x\n" BLOCK("CERTIFICATE", "YWJjZGVmZw=="));
    for (size_t n = 0; n < text.n; n++) {
        uint8_t *p = test_copy((tlsc_bytes){ text.p, n });
        tlsc_pem_block block;
        tlsc_buf out = tlsc_buf_of(100);
        tlsc_err rc = first(tlsc_bytes_of(p, n), &block, NULL);
        if (n < 12) { /* the mark itself is not complete: text */
            assert_ok(rc);
            assert_int_equal(block.kind, TLSC_PEM_END);
        } else if (n < text.n - 1) {
            assert_err(rc, TLSC_E_PEM);
        } else { /* without the newline */
            assert_ok(rc);
            assert_ok(tlsc_pem_decode(&block, &out));
        }
        tlsc_buf_clear(&out);
        tlsc_mem_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_say_what_it_is),
        cmocka_unit_test(proc_type_says_encrypted),
        cmocka_unit_test(a_block_is_found_in_many_dresses),
        cmocka_unit_test(blocks_know_where_they_are),
        cmocka_unit_test(damaged_lines_are_refused),
        cmocka_unit_test(the_damaged_block_is_named),
        cmocka_unit_test(base64_is_strict),
        cmocka_unit_test(base64_knows_its_alphabet),
        cmocka_unit_test(the_buffer_keeps_its_maximum),
        cmocka_unit_test(the_secret_is_never_moved),
        cmocka_unit_test(every_truncation_is_refused_or_shorter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
