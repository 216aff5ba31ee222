/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium/key_der.h"

#include "file.h"
#include "hex.h"
#include "unit.h"

#define KEYS "test/vectors/keys/"
#define LEN  TLSC_ED25519_KEY_LEN

/* RFC 8410 10.1 and 10.3: the same key without and with its public half. */
#define SEED "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"
#define PUBLIC_31 "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166"
#define PUBLIC PUBLIC_31 "e1"
#define V1 "302e020100300506032b657004220420" SEED
#define V2                                                                                     \
    "3072020101300506032b657004220420" SEED "a01f301d060a2a864886f70d01090914310f0c0d"         \
    "437572646c6520436861697273812100" PUBLIC
#define SPKI "302a300506032b6570032100" PUBLIC

static void keys_of_rfc8410(void **state)
{
    (void)state;
    const uint8_t *seed;
    const uint8_t *pub;
    uint8_t spki[TLSC_ED25519_SPKI_LEN];
    tlsc_buf der = test_hex(V1);
    assert_ok(tlsc_ed25519_parse_private(tlsc_buf_bytes(&der), &seed, &pub));
    test_expect_hex(seed, LEN, SEED);
    assert_null(pub);
    tlsc_buf_clear(&der);
    der = test_hex(V2);
    assert_ok(tlsc_ed25519_parse_private(tlsc_buf_bytes(&der), &seed, &pub));
    test_expect_hex(seed, LEN, SEED);
    test_expect_hex(pub, LEN, PUBLIC);
    tlsc_ed25519_write_public(pub, spki);
    test_expect_hex(spki, sizeof(spki), SPKI);
    tlsc_buf_clear(&der);
    assert_ok(tlsc_ed25519_parse_public(tlsc_bytes_of(spki, sizeof(spki)), &pub));
    test_expect_hex(pub, LEN, PUBLIC);
}

static void expect_private(const char *hex, tlsc_err expected)
{
    tlsc_buf der = test_hex(hex);
    const uint8_t *seed = (const uint8_t *)hex;
    const uint8_t *pub = seed;
    assert_err(tlsc_ed25519_parse_private(tlsc_buf_bytes(&der), &seed, &pub), expected);
    assert_null(seed);
    assert_null(pub);
    tlsc_buf_clear(&der);
}

static void malformed_private_keys_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "30",
        "3000",
        /* a third version, one in two bytes */
        "302e020102300506032b657004220420" SEED,
        "302f02020001300506032b657004220420" SEED,
        /* a public key in the first version */
        "3051020100300506032b657004220420" SEED "812100" PUBLIC,
        /* one that is no whole number of bytes, one with nothing in it, attributes behind it */
        "3051020101300506032b657004220420" SEED "812101" PUBLIC,
        "3030020101300506032b657004220420" SEED "8100",
        "3053020101300506032b657004220420" SEED "812100" PUBLIC "a000",
        /* parameters, which Ed25519 hasn't */
        "3030020100300706032b6570050004220420" SEED,
        /* a seed without its inner wrapping, too short, with a byte behind it */
        "302c020100300506032b65700420" SEED,
        "302d020100300506032b65700421041f" PUBLIC_31,
        "302f020100300506032b657004230420" SEED "00",
        /* BER: an indefinite length, one in more bytes than it needs, one in three */
        "3080020100300506032b657004220420" SEED "0000",
        "30812e020100300506032b657004220420" SEED,
        "3082002e020100300506032b657004220420" SEED,
        "308300002e020100300506032b657004220420" SEED,
        /* something behind it all */
        V1 "00",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        expect_private(bad[i], TLSC_E_BAD_PRIVATE_KEY);
    }
}

static void expect_public(const char *hex, tlsc_err expected)
{
    tlsc_buf der = test_hex(hex);
    const uint8_t *pub = (const uint8_t *)hex;
    assert_err(tlsc_ed25519_parse_public(tlsc_buf_bytes(&der), &pub), expected);
    assert_int_equal(pub != NULL, expected == TLSC_OK);
    tlsc_buf_clear(&der);
}

static void malformed_public_keys_are_refused(void **state)
{
    (void)state;
    expect_public(SPKI, TLSC_OK);
    /* a bit unused, a byte less, a byte more, with parameters */
    expect_public("302a300506032b6570032101" PUBLIC, TLSC_E_BAD_DER);
    expect_public("3029300506032b6570032000" PUBLIC_31, TLSC_E_BAD_DER);
    expect_public("302b300506032b6570032200" PUBLIC "00", TLSC_E_BAD_DER);
    expect_public("302c300706032b65700500032100" PUBLIC, TLSC_E_BAD_DER);
    /* something behind the bit string, and behind it all; nothing at all */
    expect_public("302c300506032b6570032100" PUBLIC "0500", TLSC_E_BAD_DER);
    expect_public(SPKI "0500", TLSC_E_BAD_DER);
    expect_public("", TLSC_E_BAD_DER);
    expect_public("3000", TLSC_E_BAD_DER);
    /* X25519; an algorithm of no length */
    expect_public("302a300506032b656e032100" PUBLIC, TLSC_E_UNSUPPORTED_KEY);
    expect_public("30273002060003210000" SEED, TLSC_E_BAD_DER);
}

/* Keys of other kinds are another's business, however long. */
static void keys_of_other_kinds_say_so(void **state)
{
    (void)state;
    static const char *const paths[] = { KEYS "rsa2048.pkcs8", KEYS "rsa8192.pkcs8",
                                         KEYS "p256.pkcs8",    KEYS "ed448.pkcs8",
                                         KEYS "x25519.pkcs8",  KEYS "rsapss.pkcs8" };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        const uint8_t *seed;
        const uint8_t *pub;
        tlsc_buf der = test_file(paths[i]);
        assert_err(tlsc_ed25519_parse_private(tlsc_buf_bytes(&der), &seed, &pub),
                   TLSC_E_UNSUPPORTED_KEY);
        tlsc_buf_clear(&der);
    }
}

/* A byte less down to nothing, in a block of its own. */
static void every_truncation_is_refused(void **state)
{
    (void)state;
    tlsc_buf key = test_hex(V2);
    tlsc_buf spki = test_hex(SPKI);
    const uint8_t *seed;
    const uint8_t *pub;
    for (size_t n = 0; n < key.n; n++) {
        uint8_t *copy = test_copy(tlsc_bytes_of(key.p, n));
        assert_err(tlsc_ed25519_parse_private(tlsc_bytes_of(copy, n), &seed, &pub),
                   TLSC_E_BAD_PRIVATE_KEY);
        tlsc_mem_free(copy);
    }
    for (size_t n = 0; n < spki.n; n++) {
        uint8_t *copy = test_copy(tlsc_bytes_of(spki.p, n));
        assert_err(tlsc_ed25519_parse_public(tlsc_bytes_of(copy, n), &pub), TLSC_E_BAD_DER);
        tlsc_mem_free(copy);
    }
    tlsc_buf_clear(&key);
    tlsc_buf_clear(&spki);
}

static void every_flipped_bit_is_an_answer(void **state)
{
    (void)state;
    tlsc_buf key = test_hex(V2);
    const uint8_t *seed;
    const uint8_t *pub;
    for (size_t bit = 0; bit < 8 * key.n; bit++) {
        key.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        tlsc_err rc = tlsc_ed25519_parse_private(tlsc_buf_bytes(&key), &seed, &pub);
        assert_true(rc == TLSC_OK || rc == TLSC_E_BAD_PRIVATE_KEY || rc == TLSC_E_UNSUPPORTED_KEY);
        assert_int_equal(rc == TLSC_OK, seed != NULL);
        key.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    tlsc_buf_clear(&key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_rfc8410),
        cmocka_unit_test(malformed_private_keys_are_refused),
        cmocka_unit_test(malformed_public_keys_are_refused),
        cmocka_unit_test(keys_of_other_kinds_say_so),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
