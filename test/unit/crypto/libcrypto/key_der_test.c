/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys' DER is tested through load_key in sign_test.c, malformed public keys through verify
 * in verify_test.c; here is what only this file's functions show. */
#include <openssl/ec_key.h>
#include <openssl/mem.h>
#include <openssl/rsa.h>

#include "crypto/libcrypto/internal.h"

#include <string.h>

#include "file.h"
#include "hex.h"
#include "unit.h"

#define KEYS "test/vectors/keys/"

static const char *const paths[] = {
    KEYS "p256.pkcs8",    KEYS "p384.pkcs8",    KEYS "p521.pkcs8",    KEYS "ed25519.pkcs8",
    KEYS "rsa2048.pkcs8", KEYS "rsa3072.pkcs8", KEYS "rsa4096.pkcs8",
};

/* private key -> SPKI -> public key -> SPKI */
static void what_is_written_reads_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        tlsc_private_key key;
        tlsc_public_key pub;
        uint8_t *spki[2] = { NULL, NULL };
        size_t n[2] = { 0, 0 };
        tlsc_buf der = test_file(paths[i]);
        assert_ok(tlsc_private_key_parse(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key));
        assert_ok(tlsc_public_key_write(&key.pub, &spki[0], &n[0]));
        assert_ok(tlsc_public_key_parse(tlsc_bytes_of(spki[0], n[0]), &pub));
        assert_int_equal(pub.kind, key.pub.kind);
        assert_ok(tlsc_public_key_write(&pub, &spki[1], &n[1]));
        assert_bytes_equal(tlsc_bytes_of(spki[0], n[0]), tlsc_bytes_of(spki[1], n[1]));
        OPENSSL_free(spki[0]);
        OPENSSL_free(spki[1]);
        tlsc_public_key_clear(&pub);
        tlsc_private_key_clear(&key);
        tlsc_buf_clear(&der);
    }
}

static void kinds(void **state)
{
    (void)state;
    static const tlsc_key_kind expected[] = {
        TLSC_KEY_KIND_EC,  TLSC_KEY_KIND_EC,  TLSC_KEY_KIND_EC,  TLSC_KEY_KIND_ED25519,
        TLSC_KEY_KIND_RSA, TLSC_KEY_KIND_RSA, TLSC_KEY_KIND_RSA,
    };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        tlsc_private_key key;
        tlsc_buf der = test_file(paths[i]);
        assert_ok(tlsc_private_key_parse(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key));
        assert_int_equal(key.pub.kind, expected[i]);
        assert_int_equal(key.pub.rsa != NULL, expected[i] == TLSC_KEY_KIND_RSA);
        assert_int_equal(key.pub.ec != NULL, expected[i] == TLSC_KEY_KIND_EC);
        tlsc_private_key_clear(&key);
        tlsc_buf_clear(&der);
    }
}

/* RFC 5280's and RFC 5480's forms, byte by byte. */
static void writes_the_standard_form(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004",
        "3076301006072a8648ce3d020106052b8104002203620004",
        "30819b301006072a8648ce3d020106052b810400230381860004",
        "302a300506032b6570032100",
        "30820122300d06092a864886f70d01010105000382010f003082010a0282010100",
    };
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        tlsc_private_key key;
        uint8_t *spki = NULL;
        size_t n = 0;
        tlsc_buf der = test_file(paths[i]);
        assert_ok(tlsc_private_key_parse(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key));
        assert_ok(tlsc_public_key_write(&key.pub, &spki, &n));
        assert_true(n > strlen(heads[i]) / 2);
        test_expect_hex(spki, strlen(heads[i]) / 2, heads[i]);
        OPENSSL_free(spki);
        tlsc_private_key_clear(&key);
        tlsc_buf_clear(&der);
    }
}

static void an_error_leaves_nothing(void **state)
{
    (void)state;
    tlsc_private_key key;
    tlsc_public_key pub;
    static const tlsc_private_key no_key;
    static const tlsc_public_key no_pub;
    tlsc_buf der = test_file(KEYS "rsa1024.pkcs1");
    memset(&key, 0xff, sizeof(key));
    memset(&pub, 0xff, sizeof(pub));
    assert_err(tlsc_private_key_parse(TLSC_KEY_PKCS1, tlsc_buf_bytes(&der), &key),
               TLSC_E_UNSUPPORTED_KEY);
    assert_err(tlsc_public_key_parse(tlsc_buf_bytes(&der), &pub), TLSC_E_BAD_DER);
    assert_memory_equal(&key, &no_key, sizeof(key));
    assert_memory_equal(&pub, &no_pub, sizeof(pub));
    tlsc_private_key_clear(&key);
    tlsc_public_key_clear(&pub);
    tlsc_buf_clear(&der);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(kinds),
        cmocka_unit_test(writes_the_standard_form),
        cmocka_unit_test(an_error_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
