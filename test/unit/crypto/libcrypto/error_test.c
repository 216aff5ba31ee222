/* SPDX-License-Identifier: Apache-2.0 */
/* libcrypto's error queue is the thread's, and stays empty whatever fails. */
#include <openssl/err.h>

#include "crypto/libcrypto/internal.h"

#include <string.h>

#include "file.h"
#include "unit.h"

#define KEYS "test/vectors/keys/"

#define EXPECT_QUIET(expression, expected)      \
    do {                                        \
        assert_err(expression, expected);       \
        assert_true(ERR_peek_error() == 0);     \
    } while (0)

static void empties_the_queue(void **state)
{
    (void)state;
    ERR_put_error(ERR_LIB_USER, 0, 1, __FILE__, __LINE__);
    ERR_put_error(ERR_LIB_USER, 0, 2, __FILE__, __LINE__);
    EXPECT_QUIET(tlsc_libcrypto_error(TLSC_E_CRYPTO), TLSC_E_CRYPTO);
    EXPECT_QUIET(tlsc_libcrypto_error(TLSC_E_BAD_SIGNATURE), TLSC_E_BAD_SIGNATURE);
}

static void knows_a_lack_of_memory(void **state)
{
    (void)state;
    ERR_put_error(ERR_LIB_USER, 0, 1, __FILE__, __LINE__);
    ERR_put_error(ERR_LIB_BN, 0, ERR_R_MALLOC_FAILURE, __FILE__, __LINE__);
    ERR_put_error(ERR_LIB_USER, 0, 2, __FILE__, __LINE__);
    EXPECT_QUIET(tlsc_libcrypto_error(TLSC_E_CRYPTO), TLSC_E_NO_MEMORY);
}

static void failing_groups_leave_nothing(void **state)
{
    (void)state;
    const tlsc_provider *p = tlsc_provider_default();
    static const uint8_t zeroes[TLSC_GROUP_SHARE_MAX];
    for (size_t i = 0; i < p->num_groups; i++) {
        const tlsc_group *g = p->groups[i];
        _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
        uint8_t share[TLSC_GROUP_SHARE_MAX];
        uint8_t reply[TLSC_GROUP_SHARE_MAX];
        uint8_t secret[TLSC_GROUP_SECRET_MAX];
        EXPECT_QUIET(g->keygen(p->random, priv, share), TLSC_OK);
        EXPECT_QUIET(g->encapsulate(p->random, tlsc_bytes_of(share, g->share_len), reply, secret),
                     TLSC_OK);
        EXPECT_QUIET(g->encapsulate(p->random, tlsc_bytes_of(zeroes, g->share_len), reply, secret),
                     g == &tlsc_libcrypto_mlkem1024 ? TLSC_OK : TLSC_E_BAD_KEY_SHARE);
        EXPECT_QUIET(g->encapsulate(p->random, tlsc_bytes_of(zeroes, 5), reply, secret),
                     TLSC_E_BAD_KEY_SHARE);
        /* any bytes are a ciphertext of ML-KEM */
        EXPECT_QUIET(g->decapsulate(priv, tlsc_bytes_of(zeroes, g->reply_len), secret),
                     g == &tlsc_libcrypto_mlkem1024 ? TLSC_OK : TLSC_E_BAD_KEY_SHARE);
        memset(share, 0xff, sizeof(share));
        share[0] = 4;
        tlsc_err rc = g->encapsulate(p->random, tlsc_bytes_of(share, g->share_len), reply, secret);
        assert_true(rc == TLSC_E_BAD_KEY_SHARE || g == &tlsc_libcrypto_x25519);
        assert_true(ERR_peek_error() == 0);
        g->clear(priv);
    }
}

static void failing_aeads_leave_nothing(void **state)
{
    (void)state;
    const tlsc_provider *p = tlsc_provider_default();
    for (size_t i = 0; i < p->num_suites; i++) {
        const tlsc_aead *a = p->suites[i]->aead;
        _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
        uint8_t key[TLSC_AEAD_KEY_MAX] = { 0 };
        uint8_t nonce[TLSC_AEAD_NONCE_LEN] = { 0 };
        uint8_t data[40] = { 0 };
        EXPECT_QUIET(a->init(aead, key), TLSC_OK);
        EXPECT_QUIET(a->open(aead, nonce, tlsc_bytes_of(NULL, 0), data, 40),
                     TLSC_E_BAD_RECORD_MAC);
        EXPECT_QUIET(a->open(aead, nonce, tlsc_bytes_of(NULL, 0), data, 15),
                     TLSC_E_BAD_RECORD_MAC);
        a->clear(aead);
    }
}

static void failing_keys_leave_nothing(void **state)
{
    (void)state;
    static const char *const paths[] = {
        KEYS "p256.pkcs8", KEYS "rsa2048.pkcs8", KEYS "ed25519.pkcs8", KEYS "explicit.pkcs8",
        KEYS "p224.pkcs8", KEYS "rsa8200.pkcs8",
    };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        tlsc_buf der = test_file(paths[i]);
        for (size_t n = 0; n <= der.n; n += der.n > 1000 ? 97 : 1) {
            tlsc_signing_key *key = NULL;
            tlsc_err rc = tlsc_libcrypto_load_key(TLSC_KEY_PKCS8, tlsc_bytes_of(der.p, n), &key);
            assert_true(ERR_peek_error() == 0);
            if (rc == TLSC_OK) {
                key->free(key);
            }
        }
        tlsc_buf_clear(&der);
    }
}

static void failing_signatures_leave_nothing(void **state)
{
    (void)state;
    static const char *const paths[] = { KEYS "p256.pkcs8", KEYS "rsa2048.pkcs8",
                                         KEYS "ed25519.pkcs8" };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        tlsc_signing_key *key = NULL;
        tlsc_buf der = test_file(paths[i]);
        uint8_t signature[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        EXPECT_QUIET(tlsc_libcrypto_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key), TLSC_OK);
        for (size_t j = 0; j < key->num_schemes; j++) {
            EXPECT_QUIET(key->sign(key, key->schemes[j], TEXT("x"), signature, &n), TLSC_OK);
            EXPECT_QUIET(tlsc_libcrypto_verify(key->schemes[j], key->spki, TEXT("y"),
                                               tlsc_bytes_of(signature, n)),
                         TLSC_E_BAD_SIGNATURE);
            EXPECT_QUIET(tlsc_libcrypto_verify(key->schemes[j], key->spki, TEXT("x"),
                                               tlsc_bytes_of(signature, n - 1)),
                         TLSC_E_BAD_SIGNATURE);
            EXPECT_QUIET(tlsc_libcrypto_verify(key->schemes[j], tlsc_bytes_of(key->spki.p, 20),
                                               TEXT("x"), tlsc_bytes_of(signature, n)),
                         TLSC_E_BAD_DER);
        }
        key->free(key);
        tlsc_buf_clear(&der);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empties_the_queue),
        cmocka_unit_test(knows_a_lack_of_memory),
        cmocka_unit_test(failing_groups_leave_nothing),
        cmocka_unit_test(failing_aeads_leave_nothing),
        cmocka_unit_test(failing_keys_leave_nothing),
        cmocka_unit_test(failing_signatures_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
