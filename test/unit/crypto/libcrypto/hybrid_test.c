/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include <string.h>

#include "hex.h"
#include "script_random.h"
#include "unit.h"

static const tlsc_group *const hybrid = &tlsc_libcrypto_x25519mlkem768;
static const tlsc_group *const kem = &tlsc_libcrypto_mlkem768;
static const tlsc_group *const x25519 = &tlsc_libcrypto_x25519;

enum { SHARE = 1184 + 32, REPLY = 1088 + 32 };

static void sizes(void **state)
{
    (void)state;
    assert_int_equal(hybrid->id, 0x11ec);
    assert_int_equal(hybrid->share_len, SHARE);
    assert_int_equal(hybrid->reply_len, REPLY);
    assert_int_equal(hybrid->secret_len, 64);
    assert_true(hybrid->private_len >= kem->private_len + x25519->private_len);
    assert_true(hybrid->private_len <= TLSC_GROUP_PRIVATE_MAX);
}

static void both_sides_agree(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
        uint8_t share[SHARE];
        uint8_t reply[REPLY];
        uint8_t mine[64];
        uint8_t theirs[64];
        assert_ok(hybrid->keygen(&tlsc_libcrypto_random, priv, share));
        assert_ok(hybrid->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(share, SHARE), reply,
                                      theirs));
        assert_ok(hybrid->decapsulate(priv, tlsc_bytes_of(reply, REPLY), mine));
        assert_memory_equal(mine, theirs, 64);
        hybrid->clear(priv);
    }
}

/* draft-ietf-tls-ecdhe-mlkem 4: ML-KEM's part first, in the share, the reply and the secret. The
 * two parts are held apart by giving X25519's known numbers, RFC 7748 6.1. */
static void the_parts_are_in_order(void **state)
{
    (void)state;
    _Alignas(16) uint8_t priv[64] = { 0 };
    uint8_t share[SHARE];
    uint8_t reply[REPLY];
    uint8_t secret[64];
    uint8_t kem_secret[32];
    test_script_random script;
    tlsc_buf alice =
        test_hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    tlsc_buf bob = test_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    assert_ok(kem->keygen(&tlsc_libcrypto_random, priv, share));
    memcpy(share + 1184, alice.p, 32);

    const tlsc_random *random = test_script(&script, tlsc_buf_bytes(&bob));
    assert_ok(hybrid->encapsulate(random, tlsc_bytes_of(share, SHARE), reply, secret));
    assert_int_equal(script.used, 32);
    test_expect_hex(reply + 1088, 32,
                    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    test_expect_hex(secret + 32, 32,
                    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_ok(kem->decapsulate(priv, tlsc_bytes_of(reply, 1088), kem_secret));
    assert_memory_equal(secret, kem_secret, 32);

    kem->clear(priv);
    tlsc_buf_clear(&alice);
    tlsc_buf_clear(&bob);
}

static void expect_bad_share(tlsc_bytes share)
{
    static const uint8_t zeroes[REPLY];
    uint8_t reply[REPLY] = { 0 };
    uint8_t secret[64] = { 0 };
    uint8_t *copy = test_copy(share);
    assert_err(hybrid->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(copy, share.n), reply,
                                   secret),
               TLSC_E_BAD_KEY_SHARE);
    assert_memory_equal(reply, zeroes, REPLY);
    assert_memory_equal(secret, zeroes, 64);
    tlsc_mem_free(copy);
}

static void bad_shares_are_refused(void **state)
{
    (void)state;
    static const size_t lengths[] = { 0, 1, 32, 1184, SHARE - 1, SHARE + 1 };
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    uint8_t share[SHARE + 1] = { 0 };
    assert_ok(hybrid->keygen(&tlsc_libcrypto_random, priv, share));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        expect_bad_share(tlsc_bytes_of(share, lengths[i]));
    }
    /* A bad first part, then a bad second one. */
    uint8_t bad[SHARE];
    memcpy(bad, share, SHARE);
    memset(bad, 0xff, 3);
    expect_bad_share(tlsc_bytes_of(bad, SHARE));
    memcpy(bad, share, SHARE);
    memset(bad + 1184, 0, 32);
    expect_bad_share(tlsc_bytes_of(bad, SHARE));
    hybrid->clear(priv);
}

static void bad_replies_are_refused(void **state)
{
    (void)state;
    static const size_t lengths[] = { 0, 1, 32, 1088, REPLY - 1, REPLY + 1 };
    static const uint8_t zeroes[64];
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    uint8_t share[SHARE];
    uint8_t reply[REPLY + 1] = { 0 };
    uint8_t secret[64] = { 0 };
    assert_ok(hybrid->keygen(&tlsc_libcrypto_random, priv, share));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        uint8_t *copy = test_copy(tlsc_bytes_of(reply, lengths[i]));
        assert_err(hybrid->decapsulate(priv, tlsc_bytes_of(copy, lengths[i]), secret),
                   TLSC_E_BAD_KEY_SHARE);
        assert_memory_equal(secret, zeroes, 64);
        tlsc_mem_free(copy);
    }
    /* X25519's part is the all-zero point. */
    assert_err(hybrid->decapsulate(priv, tlsc_bytes_of(reply, REPLY), secret),
               TLSC_E_BAD_KEY_SHARE);
    assert_memory_equal(secret, zeroes, 64);
    hybrid->clear(priv);
}

static void a_broken_source_is_an_error(void **state)
{
    (void)state;
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    uint8_t share[SHARE];
    uint8_t reply[REPLY];
    uint8_t secret[64];
    test_script_random script;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    assert_ok(hybrid->keygen(&tlsc_libcrypto_random, priv, share));
    const tlsc_random *random = test_script(&script, tlsc_bytes_of(NULL, 0));
    assert_err(hybrid->encapsulate(random, tlsc_bytes_of(share, SHARE), reply, secret),
               TLSC_E_RANDOM);
    hybrid->clear(priv);
    tlsc_mem_get_stats(&before);
    assert_err(hybrid->keygen(random, priv, share), TLSC_E_RANDOM);
    tlsc_mem_get_stats(&after);
    assert_true(after.live == before.live);
    memset(priv, 0, sizeof(priv));
    hybrid->clear(priv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(both_sides_agree),
        cmocka_unit_test(the_parts_are_in_order),
        cmocka_unit_test(bad_shares_are_refused),
        cmocka_unit_test(bad_replies_are_refused),
        cmocka_unit_test(a_broken_source_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
