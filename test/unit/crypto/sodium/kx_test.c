/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium/sodium.h"

#include <string.h>

#include "crypto/libcrypto/libcrypto.h"
#include "hex.h"
#include "script_random.h"
#include "unit.h"

enum { LEN = 32 };

/* One side's private scalar and public share, the other's share, the secret. */
static const struct {
    const char *scalar;
    const char *share;
    const char *peer;
    const char *secret;
} answers[] = {
    /* RFC 7748 6.1, both sides */
    { "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742" },
    { "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742" },
    /* RFC 7748 5.2: a u coordinate whose unused bit is set is taken as if it were not */
    { "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", NULL,
      "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957" },
};

static void known_answers(void **state)
{
    (void)state;
    const tlsc_group *g = &tlsc_sodium_x25519;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        uint8_t priv[LEN], share[LEN], secret[LEN];
        test_script_random script;
        tlsc_buf scalar = test_hex(answers[i].scalar);
        tlsc_buf peer = test_hex(answers[i].peer);
        const tlsc_random *random = test_script(&script, tlsc_buf_bytes(&scalar));
        assert_ok(g->encapsulate(random, tlsc_buf_bytes(&peer), share, secret));
        test_expect_hex(secret, LEN, answers[i].secret);
        if (answers[i].share != NULL) {
            test_expect_hex(share, LEN, answers[i].share);
        }
        random = test_script(&script, tlsc_buf_bytes(&scalar));
        memset(secret, 0, sizeof(secret));
        assert_ok(g->keygen(random, priv, share));
        if (answers[i].share != NULL) {
            test_expect_hex(share, LEN, answers[i].share);
        }
        assert_ok(g->decapsulate(priv, tlsc_buf_bytes(&peer), secret));
        test_expect_hex(secret, LEN, answers[i].secret);
        g->clear(priv);
        for (size_t j = 0; j < LEN; j++) {
            assert_int_equal(priv[j], 0);
        }
        tlsc_buf_clear(&scalar);
        tlsc_buf_clear(&peer);
    }
}

static void agree(const tlsc_group *client, const tlsc_group *server)
{
    uint8_t priv[LEN], share[LEN], reply[LEN], ours[LEN], theirs[LEN];
    assert_ok(client->keygen(&tlsc_sodium_random, priv, share));
    assert_ok(server->encapsulate(&tlsc_sodium_random, tlsc_bytes_of(share, LEN), reply, theirs));
    assert_ok(client->decapsulate(priv, tlsc_bytes_of(reply, LEN), ours));
    assert_memory_equal(ours, theirs, LEN);
    client->clear(priv);
}

static void agrees_with_libcrypto(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        agree(&tlsc_sodium_x25519, &tlsc_sodium_x25519);
        agree(&tlsc_sodium_x25519, &tlsc_libcrypto_x25519);
        agree(&tlsc_libcrypto_x25519, &tlsc_sodium_x25519);
    }
}

static void expect_bad_share(tlsc_bytes share)
{
    const tlsc_group *g = &tlsc_sodium_x25519;
    static const uint8_t zeroes[LEN];
    uint8_t priv[LEN], own[LEN];
    uint8_t reply[LEN] = { 0 };
    uint8_t secret[LEN] = { 0 };
    uint8_t *copy = test_copy(share);
    tlsc_bytes peer = { copy, share.n };
    assert_err(g->encapsulate(&tlsc_sodium_random, peer, reply, secret), TLSC_E_BAD_KEY_SHARE);
    assert_memory_equal(reply, zeroes, LEN);
    assert_memory_equal(secret, zeroes, LEN);
    assert_ok(g->keygen(&tlsc_sodium_random, priv, own));
    assert_err(g->decapsulate(priv, peer, secret), TLSC_E_BAD_KEY_SHARE);
    assert_memory_equal(secret, zeroes, LEN);
    g->clear(priv);
    tlsc_mem_free(copy);
}

/* RFC 7748 7, RFC 8446 7.4.2: points of small order give the all-zero secret, and so do their other
 * spellings and those with the unused bit set. */
static void the_all_zero_secret_is_refused(void **state)
{
    (void)state;
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        tlsc_buf point = test_hex(points[i]);
        expect_bad_share(tlsc_buf_bytes(&point));
        point.p[LEN - 1] |= 0x80;
        expect_bad_share(tlsc_buf_bytes(&point));
        tlsc_buf_clear(&point);
    }
}

static void wrong_lengths_are_refused(void **state)
{
    (void)state;
    static const uint8_t share[LEN + 1] = { 9 };
    for (size_t n = 0; n <= LEN + 1; n++) {
        if (n != LEN) {
            expect_bad_share(tlsc_bytes_of(share, n));
        }
    }
}

static void a_broken_source_is_an_error(void **state)
{
    (void)state;
    const tlsc_group *g = &tlsc_sodium_x25519;
    static const uint8_t base[LEN] = { 9 };
    uint8_t priv[LEN], share[LEN], secret[LEN];
    test_script_random script;
    const tlsc_random *random = test_script(&script, tlsc_bytes_of(base, LEN - 1));
    assert_err(g->keygen(random, priv, share), TLSC_E_RANDOM);
    assert_err(g->encapsulate(random, tlsc_bytes_of(base, LEN), share, secret), TLSC_E_RANDOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(agrees_with_libcrypto),
        cmocka_unit_test(the_all_zero_secret_is_refused),
        cmocka_unit_test(wrong_lengths_are_refused),
        cmocka_unit_test(a_broken_source_is_an_error),
    };
    return tlsc_provider_sodium() == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
