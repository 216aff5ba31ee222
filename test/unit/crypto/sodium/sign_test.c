/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium/sodium.h"

#include <stdio.h>

#include "crypto/libcrypto/libcrypto.h"
#include "file.h"
#include "hex.h"
#include "unit.h"

#define KEYS "test/vectors/keys/"
#define PKCS8 "302e020100300506032b657004220420"
#define V2    "3051020101300506032b657004220420"

static tlsc_err load_hex(const char *hex, tlsc_signing_key **key)
{
    tlsc_buf der = test_hex(hex);
    tlsc_err rc = tlsc_sodium_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), key);
    tlsc_buf_clear(&der);
    return rc;
}

/* RFC 8032 7.1, tests 1, 2, 3 and SHA(abc): seed, public half, message, signature. */
static const struct {
    const char *seed;
    const char *pub;
    const char *message;
    const char *signature;
} answers[] = {
    { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
      "701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
    { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
      "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
    { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7"
      "60984dc6594a7c15e9716ed28dc027beceea1ec40a" },
    { "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c"
      "23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7"
      "c66431e0303dca179c138ac17ad9bef1177331a704" },
};

static void known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        char der[256];
        tlsc_signing_key *key = NULL;
        uint8_t signature[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        tlsc_buf message = test_hex(answers[i].message);
        (void)snprintf(der, sizeof(der), PKCS8 "%s", answers[i].seed);
        assert_ok(load_hex(der, &key));
        (void)snprintf(der, sizeof(der), "302a300506032b6570032100%s", answers[i].pub);
        test_expect_hex(key->spki.p, key->spki.n, der);
        assert_ok(key->sign(key, TLSC_SIG_ED25519, tlsc_buf_bytes(&message), signature, &n));
        test_expect_hex(signature, n, answers[i].signature);
        tlsc_buf_clear(&message);
        key->free(key);
    }
}

static void a_key_tells_what_it_is(void **state)
{
    (void)state;
    tlsc_signing_key *ours = NULL;
    tlsc_signing_key *theirs = NULL;
    tlsc_buf der = test_file(KEYS "ed25519.pkcs8");
    assert_ok(tlsc_sodium_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &ours));
    assert_ok(tlsc_libcrypto_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &theirs));
    assert_int_equal(ours->size, sizeof(*ours));
    assert_int_equal(ours->num_schemes, 1);
    assert_int_equal(ours->schemes[0], TLSC_SIG_ED25519);
    assert_bytes_equal(ours->spki, theirs->spki);
    ours->free(ours);
    theirs->free(theirs);
    tlsc_buf_clear(&der);
}

static void the_public_half_must_be_the_seeds(void **state)
{
    (void)state;
    char der[256];
    tlsc_signing_key *key = NULL;
    (void)snprintf(der, sizeof(der), V2 "%s812100%s", answers[0].seed, answers[0].pub);
    assert_ok(load_hex(der, &key));
    key->free(key);
    (void)snprintf(der, sizeof(der), V2 "%s812100%s", answers[0].seed, answers[1].pub);
    assert_err(load_hex(der, &key), TLSC_E_BAD_PRIVATE_KEY);
    assert_null(key);
}

static void other_keys_and_schemes_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        tlsc_key_format format;
    } keys[] = {
        { KEYS "rsa2048.pkcs8", TLSC_KEY_PKCS8 }, { KEYS "rsa2048.pkcs1", TLSC_KEY_PKCS1 },
        { KEYS "p256.pkcs8", TLSC_KEY_PKCS8 },    { KEYS "p256.sec1", TLSC_KEY_SEC1 },
        { KEYS "ed448.pkcs8", TLSC_KEY_PKCS8 },
    };
    tlsc_signing_key *key = (tlsc_signing_key *)&key;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        tlsc_buf der = test_file(keys[i].path);
        assert_err(tlsc_sodium_load_key(keys[i].format, tlsc_buf_bytes(&der), &key),
                   TLSC_E_UNSUPPORTED_KEY);
        assert_null(key);
        tlsc_buf_clear(&der);
    }
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 99;
    tlsc_buf der = test_file(KEYS "ed25519.pkcs8");
    assert_ok(tlsc_sodium_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key));
    assert_err(key->sign(key, TLSC_SIG_ECDSA_P256_SHA256, TEXT("x"), signature, &n), TLSC_E_USAGE);
    assert_int_equal(n, 0);
    key->free(key);
    tlsc_buf_clear(&der);
}

static void every_lack_of_memory_is_told(void **state)
{
    (void)state;
    tlsc_mem_stats before, after;
    tlsc_buf der = test_file(KEYS "ed25519.pkcs8");
    tlsc_mem_get_stats(&before);
    tlsc_err rc = TLSC_E_NO_MEMORY;
    for (uint64_t n = 1; rc != TLSC_OK; n++) {
        tlsc_signing_key *key = NULL;
        tlsc_mem_fail_at(n, false);
        rc = tlsc_sodium_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key);
        tlsc_mem_fail_at(0, false);
        if (rc == TLSC_OK) {
            assert_int_equal(n, 3); /* the key, the arena, and then none */
            key->free(key);
        } else {
            assert_err(rc, TLSC_E_NO_MEMORY);
            assert_null(key);
        }
        tlsc_mem_get_stats(&after);
        assert_true(after.live == before.live);
    }
    tlsc_buf_clear(&der);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(a_key_tells_what_it_is),
        cmocka_unit_test(the_public_half_must_be_the_seeds),
        cmocka_unit_test(other_keys_and_schemes_are_refused),
        cmocka_unit_test(every_lack_of_memory_is_told),
    };
    return tlsc_provider_sodium() == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
