/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include <pthread.h>
#include <string.h>

#include "file.h"
#include "hex.h"
#include "unit.h"

#define KEYS "test/vectors/keys/"

static const uint16_t rsa_schemes[] = {
    TLSC_SIG_RSA_PSS_SHA256,   TLSC_SIG_RSA_PSS_SHA384,   TLSC_SIG_RSA_PSS_SHA512,
    TLSC_SIG_RSA_PKCS1_SHA256, TLSC_SIG_RSA_PKCS1_SHA384, TLSC_SIG_RSA_PKCS1_SHA512,
};
static const uint16_t p256_schemes[] = { TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ECDSA_P384_SHA384,
                                         TLSC_SIG_ECDSA_P521_SHA512 };
static const uint16_t p384_schemes[] = { TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P521_SHA512,
                                         TLSC_SIG_ECDSA_P256_SHA256 };
static const uint16_t p521_schemes[] = { TLSC_SIG_ECDSA_P521_SHA512, TLSC_SIG_ECDSA_P384_SHA384,
                                         TLSC_SIG_ECDSA_P256_SHA256 };
static const uint16_t ed25519_schemes[] = { TLSC_SIG_ED25519 };

static const uint16_t all_schemes[] = {
    TLSC_SIG_RSA_PSS_SHA256,    TLSC_SIG_RSA_PSS_SHA384,    TLSC_SIG_RSA_PSS_SHA512,
    TLSC_SIG_RSA_PKCS1_SHA256,  TLSC_SIG_RSA_PKCS1_SHA384,  TLSC_SIG_RSA_PKCS1_SHA512,
    TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P521_SHA512,
    TLSC_SIG_ED25519,           0x0201,                     0x0203,
    0x0809,                     0,
};

#define SCHEMES(list) (list), sizeof(list) / sizeof((list)[0])

typedef struct good_key {
    const char *path;
    tlsc_key_format format;
    const uint16_t *schemes;
    size_t num_schemes;
} good_key;

static const good_key good_keys[] = {
    { KEYS "p256.pkcs8", TLSC_KEY_PKCS8, SCHEMES(p256_schemes) },
    { KEYS "p256.sec1", TLSC_KEY_SEC1, SCHEMES(p256_schemes) },
    { KEYS "p256-no-public.pkcs8", TLSC_KEY_PKCS8, SCHEMES(p256_schemes) },
    { KEYS "p256-no-public.sec1", TLSC_KEY_SEC1, SCHEMES(p256_schemes) },
    { KEYS "p384.pkcs8", TLSC_KEY_PKCS8, SCHEMES(p384_schemes) },
    { KEYS "p384.sec1", TLSC_KEY_SEC1, SCHEMES(p384_schemes) },
    { KEYS "p521.pkcs8", TLSC_KEY_PKCS8, SCHEMES(p521_schemes) },
    { KEYS "p521.sec1", TLSC_KEY_SEC1, SCHEMES(p521_schemes) },
    { KEYS "ed25519.pkcs8", TLSC_KEY_PKCS8, SCHEMES(ed25519_schemes) },
    { KEYS "rsa2048.pkcs8", TLSC_KEY_PKCS8, SCHEMES(rsa_schemes) },
    { KEYS "rsa2048.pkcs1", TLSC_KEY_PKCS1, SCHEMES(rsa_schemes) },
    { KEYS "rsa3072.pkcs8", TLSC_KEY_PKCS8, SCHEMES(rsa_schemes) },
    { KEYS "rsa3072.pkcs1", TLSC_KEY_PKCS1, SCHEMES(rsa_schemes) },
    { KEYS "rsa4096.pkcs8", TLSC_KEY_PKCS8, SCHEMES(rsa_schemes) },
    { KEYS "rsa4096.pkcs1", TLSC_KEY_PKCS1, SCHEMES(rsa_schemes) },
    { KEYS "rsa8192.pkcs8", TLSC_KEY_PKCS8, SCHEMES(rsa_schemes) },
};

static tlsc_signing_key *load(const char *path, tlsc_key_format format)
{
    tlsc_signing_key *key = NULL;
    tlsc_buf der = test_file(path);
    assert_ok(tlsc_libcrypto_load_key(format, tlsc_buf_bytes(&der), &key));
    assert_non_null(key);
    tlsc_buf_clear(&der);
    return key;
}

static bool key_has(const tlsc_signing_key *key, uint16_t scheme)
{
    for (size_t i = 0; i < key->num_schemes; i++) {
        if (key->schemes[i] == scheme) {
            return true;
        }
    }
    return false;
}

static void keys_tell_their_schemes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good_keys) / sizeof(good_keys[0]); i++) {
        const good_key *g = &good_keys[i];
        tlsc_signing_key *key = load(g->path, g->format);
        assert_int_equal(key->size, sizeof(*key));
        assert_int_equal(key->num_schemes, g->num_schemes);
        assert_memory_equal(key->schemes, g->schemes, g->num_schemes * sizeof(uint16_t));
        key->free(key);
    }
}

static void signs_what_verifies(void **state)
{
    (void)state;
    tlsc_bytes message = TEXT("to be signed");
    for (size_t i = 0; i < sizeof(good_keys) / sizeof(good_keys[0]); i++) {
        tlsc_signing_key *key = load(good_keys[i].path, good_keys[i].format);
        for (size_t j = 0; j < key->num_schemes; j++) {
            uint8_t signature[TLSC_SIGNATURE_MAX];
            size_t n = 0;
            assert_ok(key->sign(key, key->schemes[j], message, signature, &n));
            assert_true(n > 0 && n <= sizeof(signature));
            assert_ok(tlsc_libcrypto_verify(key->schemes[j], key->spki, message,
                                            tlsc_bytes_of(signature, n)));
            assert_err(tlsc_libcrypto_verify(key->schemes[j], key->spki, TEXT("To be signed"),
                                             tlsc_bytes_of(signature, n)),
                       TLSC_E_BAD_SIGNATURE);
        }
        key->free(key);
    }
}

static void refuses_schemes_that_it_has_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good_keys) / sizeof(good_keys[0]); i++) {
        tlsc_signing_key *key = load(good_keys[i].path, good_keys[i].format);
        for (size_t j = 0; j < sizeof(all_schemes) / sizeof(all_schemes[0]); j++) {
            uint8_t signature[TLSC_SIGNATURE_MAX];
            size_t n = 99;
            if (!key_has(key, all_schemes[j])) {
                assert_err(key->sign(key, all_schemes[j], TEXT("x"), signature, &n), TLSC_E_USAGE);
                assert_int_equal(n, 0);
            }
        }
        key->free(key);
    }
}

/* An empty message and a long one; Ed25519 takes it whole, the others its hash. */
static void messages_of_any_length(void **state)
{
    (void)state;
    uint8_t text[5000];
    memset(text, 'x', sizeof(text));
    for (size_t i = 0; i < sizeof(good_keys) / sizeof(good_keys[0]) - 1; i += 2) {
        tlsc_signing_key *key = load(good_keys[i].path, good_keys[i].format);
        uint8_t signature[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        assert_ok(key->sign(key, key->schemes[0], (tlsc_bytes){ NULL, 0 }, signature, &n));
        assert_ok(tlsc_libcrypto_verify(key->schemes[0], key->spki, (tlsc_bytes){ NULL, 0 },
                                        tlsc_bytes_of(signature, n)));
        assert_ok(key->sign(key, key->schemes[0], tlsc_bytes_of(text, 5000), signature, &n));
        assert_ok(tlsc_libcrypto_verify(key->schemes[0], key->spki, tlsc_bytes_of(text, 5000),
                                        tlsc_bytes_of(signature, n)));
        key->free(key);
    }
}

/* The same key in two wrappings has the same public half. */
static void wrappings_agree(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { KEYS "p256.pkcs8", KEYS "p256.sec1" },
        { KEYS "p256.pkcs8", KEYS "p256-no-public.sec1" },
        { KEYS "p384.pkcs8", KEYS "p384.sec1" },
        { KEYS "p521.pkcs8", KEYS "p521.sec1" },
        { KEYS "rsa2048.pkcs8", KEYS "rsa2048.pkcs1" },
        { KEYS "rsa4096.pkcs8", KEYS "rsa4096.pkcs1" },
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        bool rsa = strstr(pairs[i][1], "rsa") != NULL;
        tlsc_signing_key *a = load(pairs[i][0], TLSC_KEY_PKCS8);
        tlsc_signing_key *b = load(pairs[i][1], rsa ? TLSC_KEY_PKCS1 : TLSC_KEY_SEC1);
        assert_bytes_equal(a->spki, b->spki);
        a->free(a);
        b->free(b);
    }
}

/* RFC 8410 10.1 and 10.3: the same key without and with its public half. */
#define ED25519_SEED "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"
#define ED25519_PUBLIC "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"
#define ED25519_V1 "302e020100300506032b657004220420" ED25519_SEED
#define ED25519_V2                                                                             \
    "3072020101300506032b657004220420" ED25519_SEED "a01f301d060a2a864886f70d01090914310f0c0d" \
    "437572646c6520436861697273812100" ED25519_PUBLIC

static tlsc_err load_hex(const char *hex, tlsc_signing_key **key)
{
    tlsc_buf der = test_hex(hex);
    tlsc_err rc = tlsc_libcrypto_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), key);
    tlsc_buf_clear(&der);
    return rc;
}

static void ed25519_of_rfc8410(void **state)
{
    (void)state;
    tlsc_signing_key *v1 = NULL;
    tlsc_signing_key *v2 = NULL;
    assert_ok(load_hex(ED25519_V1, &v1));
    assert_ok(load_hex(ED25519_V2, &v2));
    test_expect_hex(v1->spki.p, v1->spki.n, "302a300506032b6570032100" ED25519_PUBLIC);
    assert_bytes_equal(v1->spki, v2->spki);
    v1->free(v1);
    v2->free(v2);
}

/* RFC 8032 7.1, test 1 and test 3: Ed25519 is deterministic. */
static void ed25519_of_rfc8032(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        tlsc_bytes message;
        const char *signature;
    } answers[] = {
        { "302e020100300506032b657004220420"
          "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          { NULL, 0 },
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
          "701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
        { "302e020100300506032b657004220420"
          "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
          { (const uint8_t *)"\xaf\x82", 2 },
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7"
          "60984dc6594a7c15e9716ed28dc027beceea1ec40a" },
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        tlsc_signing_key *key = NULL;
        uint8_t signature[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        assert_ok(load_hex(answers[i].key, &key));
        assert_ok(key->sign(key, TLSC_SIG_ED25519, answers[i].message, signature, &n));
        test_expect_hex(signature, n, answers[i].signature);
        key->free(key);
    }
}

static void expect_load_error(const char *hex, tlsc_err expected)
{
    tlsc_signing_key *key = (tlsc_signing_key *)&key;
    assert_err(load_hex(hex, &key), expected);
    assert_null(key);
}

static void malformed_pkcs8_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "30",
        "3000",
        /* a third version */
        "302e020102300506032b657004220420" ED25519_SEED,
        /* a public key in the first version */
        "3051020100300506032b657004220420" ED25519_SEED "812100" ED25519_PUBLIC,
        /* another's public key */
        "3051020101300506032b657004220420" ED25519_SEED "812100" ED25519_SEED,
        /* a public key that is no whole number of bytes, one with nothing in it */
        "3051020101300506032b657004220420" ED25519_SEED "812101" ED25519_PUBLIC,
        "3030020101300506032b657004220420" ED25519_SEED "8100",
        /* attributes behind the public key */
        "3053020101300506032b657004220420" ED25519_SEED "812100" ED25519_PUBLIC "a000",
        /* parameters, which Ed25519 hasn't: RFC 8410 3 */
        "3030020100300706032b6570050004220420" ED25519_SEED,
        /* a seed without its inner wrapping, one that is too short, one with a byte behind it */
        "302c020100300506032b65700420" ED25519_SEED,
        "302d020100300506032b65700421041f" "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a8"
        "8f447558",
        "302f020100300506032b657004230420" ED25519_SEED "00",
        /* BER's indefinite length */
        "3080020100300506032b657004220420" ED25519_SEED "0000",
        /* a length in more bytes than it needs */
        "30812e020100300506032b657004220420" ED25519_SEED,
        /* RSA with parameters that are not NULL; EC without any */
        "3015020100300e06092a864886f70d010101020100" "0400",
        "3010020100300906072a8648ce3d0201" "0400",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        expect_load_error(bad[i], TLSC_E_BAD_PRIVATE_KEY);
    }
}

/* SEC 1 without parameters, with a scalar of 0, and with one that is the curve's order. */
static void malformed_sec1_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "30250201010420" ED25519_SEED,
        "30310201010420" "0000000000000000000000000000000000000000000000000000000000000000"
        "a00a06082a8648ce3d030107",
        "30310201010420" "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
        "a00a06082a8648ce3d030107",
        /* version 0, and parameters with something behind them */
        "30310201000420" ED25519_SEED "a00a06082a8648ce3d030107",
        "30330201010420" ED25519_SEED "a00c06082a8648ce3d0301070500",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        tlsc_signing_key *key = NULL;
        tlsc_buf der = test_hex(bad[i]);
        assert_err(tlsc_libcrypto_load_key(TLSC_KEY_SEC1, tlsc_buf_bytes(&der), &key),
                   TLSC_E_BAD_PRIVATE_KEY);
        assert_null(key);
        tlsc_buf_clear(&der);
    }
}

static void unsupported_keys_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        tlsc_key_format format;
    } keys[] = {
        { KEYS "rsa1024.pkcs1", TLSC_KEY_PKCS1 },  { KEYS "rsa2047.pkcs1", TLSC_KEY_PKCS1 },
        { KEYS "rsa8200.pkcs8", TLSC_KEY_PKCS8 },  { KEYS "rsapss.pkcs8", TLSC_KEY_PKCS8 },
        { KEYS "p224.pkcs8", TLSC_KEY_PKCS8 },     { KEYS "secp256k1.pkcs8", TLSC_KEY_PKCS8 },
        { KEYS "secp256k1.sec1", TLSC_KEY_SEC1 },  { KEYS "explicit.pkcs8", TLSC_KEY_PKCS8 },
        { KEYS "explicit.sec1", TLSC_KEY_SEC1 },   { KEYS "ed448.pkcs8", TLSC_KEY_PKCS8 },
        { KEYS "x25519.pkcs8", TLSC_KEY_PKCS8 },
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        tlsc_signing_key *key = NULL;
        tlsc_buf der = test_file(keys[i].path);
        assert_err(tlsc_libcrypto_load_key(keys[i].format, tlsc_buf_bytes(&der), &key),
                   TLSC_E_UNSUPPORTED_KEY);
        assert_null(key);
        tlsc_buf_clear(&der);
    }
}

static void the_wrong_wrapping_is_refused(void **state)
{
    (void)state;
    static const char *const paths[] = { KEYS "p256.pkcs8", KEYS "rsa2048.pkcs1", KEYS "p256.sec1",
                                         KEYS "ed25519.pkcs8" };
    static const tlsc_key_format own[] = { TLSC_KEY_PKCS8, TLSC_KEY_PKCS1, TLSC_KEY_SEC1,
                                           TLSC_KEY_PKCS8 };
    for (size_t i = 0; i < 4; i++) {
        tlsc_buf der = test_file(paths[i]);
        for (int format = TLSC_KEY_PKCS8; format <= TLSC_KEY_SEC1; format++) {
            tlsc_signing_key *key = NULL;
            if (format != (int)own[i]) {
                assert_err(tlsc_libcrypto_load_key((tlsc_key_format)format, tlsc_buf_bytes(&der),
                                                   &key),
                           TLSC_E_BAD_PRIVATE_KEY);
                assert_null(key);
            }
        }
        tlsc_buf_clear(&der);
    }
}

/* A byte less down to nothing, and a byte more. */
static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good_keys) / sizeof(good_keys[0]); i++) {
        tlsc_buf der = test_file(good_keys[i].path);
        for (size_t n = 0; n <= der.n + 1; n++) {
            uint8_t *copy = (uint8_t *)tlsc_mem_zalloc(n);
            tlsc_signing_key *key = NULL;
            if (n == der.n) {
                tlsc_mem_free(copy);
                continue;
            }
            assert_non_null(copy);
            tlsc_bytes_copy(copy, tlsc_bytes_of(der.p, n < der.n ? n : der.n));
            assert_err(tlsc_libcrypto_load_key(good_keys[i].format, tlsc_bytes_of(copy, n), &key),
                       TLSC_E_BAD_PRIVATE_KEY);
            assert_null(key);
            tlsc_mem_free(copy);
        }
        tlsc_buf_clear(&der);
    }
}

/* Every changed bit is an error or leaves a key that works, as one in Ed25519's seed does. */
static void changed_bits_never_load_half_a_key(void **state)
{
    (void)state;
    static const size_t keys[] = { 0, 1, 8, 10 };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const good_key *g = &good_keys[keys[i]];
        tlsc_buf der = test_file(g->path);
        size_t step = der.n > 500 ? 31 : 1;
        for (size_t bit = 0; bit < 8 * der.n; bit += step) {
            tlsc_signing_key *key = NULL;
            der.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
            tlsc_err rc = tlsc_libcrypto_load_key(g->format, tlsc_buf_bytes(&der), &key);
            der.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_true(rc == TLSC_OK || rc == TLSC_E_BAD_PRIVATE_KEY ||
                        rc == TLSC_E_UNSUPPORTED_KEY);
            assert_int_equal(rc == TLSC_OK, key != NULL);
            if (key != NULL) {
                key->free(key);
            }
        }
        tlsc_buf_clear(&der);
    }
}

/* Signs and verifies with the key `arg`; NULL, or what went wrong. */
static void *sign_often(void *arg)
{
    const tlsc_signing_key *key = (const tlsc_signing_key *)arg;
    static const char failed[] = "failed";
    for (int i = 0; i < 20; i++) {
        uint8_t signature[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        if (key->sign(key, key->schemes[0], TEXT("x"), signature, &n) != TLSC_OK ||
            tlsc_libcrypto_verify(key->schemes[0], key->spki, TEXT("x"),
                                  tlsc_bytes_of(signature, n)) != TLSC_OK) {
            return (void *)(uintptr_t)failed;
        }
    }
    return NULL;
}

static void one_key_serves_many_threads(void **state)
{
    (void)state;
    static const size_t keys[] = { 0, 8, 9 };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        pthread_t threads[4];
        tlsc_signing_key *key = load(good_keys[keys[i]].path, good_keys[keys[i]].format);
        for (size_t j = 0; j < 4; j++) {
            assert_int_equal(pthread_create(&threads[j], NULL, sign_often, key), 0);
        }
        for (size_t j = 0; j < 4; j++) {
            void *failed = NULL;
            assert_int_equal(pthread_join(threads[j], &failed), 0);
            assert_null(failed);
        }
        key->free(key);
    }
}

static void freeing_nothing_is_fine_and_nothing_leaks(void **state)
{
    (void)state;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_signing_key *key = load(KEYS "rsa2048.pkcs8", TLSC_KEY_PKCS8);
    void (*free_key)(tlsc_signing_key *) = key->free;
    free_key(key);
    free_key(NULL);
    tlsc_mem_get_stats(&before);
    for (size_t i = 0; i < sizeof(good_keys) / sizeof(good_keys[0]); i++) {
        uint8_t signature[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        key = load(good_keys[i].path, good_keys[i].format);
        assert_ok(key->sign(key, key->schemes[0], TEXT("x"), signature, &n));
        key->free(key);
    }
    tlsc_mem_get_stats(&after);
    assert_true(after.live == before.live);
    assert_true(after.live_bytes == before.live_bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_tell_their_schemes),
        cmocka_unit_test(signs_what_verifies),
        cmocka_unit_test(refuses_schemes_that_it_has_not),
        cmocka_unit_test(messages_of_any_length),
        cmocka_unit_test(wrappings_agree),
        cmocka_unit_test(ed25519_of_rfc8410),
        cmocka_unit_test(ed25519_of_rfc8032),
        cmocka_unit_test(malformed_pkcs8_is_refused),
        cmocka_unit_test(malformed_sec1_is_refused),
        cmocka_unit_test(unsupported_keys_are_refused),
        cmocka_unit_test(the_wrong_wrapping_is_refused),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(changed_bits_never_load_half_a_key),
        cmocka_unit_test(one_key_serves_many_threads),
        cmocka_unit_test(freeing_nothing_is_fine_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
