/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include <string.h>

#include "hex.h"
#include "script_random.h"
#include "unit.h"

/* One side's private scalar and public share, the other's share, the secret. */
typedef struct answer {
    const tlsc_group *group;
    const char *scalar;
    const char *share;
    const char *peer;
    const char *secret;
} answer;

#define ALICE_PRIVATE "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
#define ALICE_PUBLIC "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
#define BOB_PRIVATE "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
#define BOB_PUBLIC "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
#define ALICE_AND_BOB "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"

static const answer answers[] = {
    /* RFC 7748 6.1 */
    { &tlsc_libcrypto_x25519, ALICE_PRIVATE, ALICE_PUBLIC, BOB_PUBLIC, ALICE_AND_BOB },
    { &tlsc_libcrypto_x25519, BOB_PRIVATE, BOB_PUBLIC, ALICE_PUBLIC, ALICE_AND_BOB },
    /* RFC 7748 5.2: u coordinates that have the unused bit set are taken as if not */
    { &tlsc_libcrypto_x25519, "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      NULL, "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957" },
    /* NIST's CAVS vectors for ECC CDH, count 0 of each curve */
    { &tlsc_libcrypto_p256, "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
      "04ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230"
      "28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141",
      "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
      "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
      "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b" },
    { &tlsc_libcrypto_p521,
      "017eecc07ab4b329068fba65e56a1f8890aa935e57134ae0ffcce802735151f4eac6564f6ee9974c5e6887a1"
      "fefee5743ae2241bfeb95d5ce31ddcb6f9edb4d6fc47",
      "0400602f9d0cf9e526b29e22381c203c48a886c2b0673033366314f1ffbcba240ba42f4ef38a76174635f91e"
      "6b4ed34275eb01c8467d05ca80315bf1a7bbd945f550a501b7c85f26f5d4b2d7355cf6b02117659943762b6d"
      "1db5ab4f1dbc44ce7b2946eb6c7de342962893fd387d1b73d7a8672d1f236961170b7eb3579953ee5cdc88cd"
      "2d",
      "0400685a48e86c79f0f0875f7bc18d25eb5fc8c0b07e5da4f4370f3a9490340854334b1e1b87fa395464c606"
      "26124a4e70d0f785601d37c09870ebf176666877a2046d01ba52c56fc8776d9e8f5db4f0cc27636d0b741bbe"
      "05400697942e80b739884a83bde99e0f6716939e632bc8986fa18dccd443a348b6c3e522497955a4f3c302f6"
      "76",
      "005fc70477c3e63bc3954bd0df3ea0d1f41ee21746ed95fc5e1fdf90930d5e136672d72cc770742d1711c3c3"
      "a4c334a0ad9759436a4d3c5bf6e74b9578fac148c831" },
    { &tlsc_libcrypto_p384,
      "3cc3122a68f0d95027ad38c067916ba0eb8c38894d22e1b15618b6818a661774ad463b205da88cf699ab4d43"
      "c9cf98a1",
      "049803807f2f6d2fd966cdd0290bd410c0190352fbec7ff6247de1302df86f25d34fe4a97bef60cff548355c"
      "015dbb3e5fba26ca69ec2f5b5d9dad20cc9da711383a9dbe34ea3fa5a2af75b46502629ad54dd8b7d73a8abb"
      "06a3a3be47d650cc99",
      "04a7c76b970c3b5fe8b05d2838ae04ab47697b9eaf52e764592efda27fe7513272734466b400091adbf2d68c"
      "58e0c50066ac68f19f2e1cb879aed43a9969b91a0839c4c38a49749b661efedf243451915ed0905a32b06099"
      "2b468c64766fc8437a",
      "5f9d29dc5e31a163060356213669c8ce132e22f57c9a04f40ba7fcead493b457e5621e766c40a2e3d4d6a04b"
      "25e533f1" },
};

static const tlsc_group *const groups[] = {
    &tlsc_libcrypto_x25519,
    &tlsc_libcrypto_p256,
    &tlsc_libcrypto_p384,
    &tlsc_libcrypto_p521,
};

enum { NUM_GROUPS = sizeof(groups) / sizeof(groups[0]) };

static void known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        const answer *a = &answers[i];
        _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
        uint8_t share[TLSC_GROUP_SHARE_MAX];
        uint8_t secret[TLSC_GROUP_SECRET_MAX];
        test_script_random script;
        tlsc_buf scalar = test_hex(a->scalar);
        tlsc_buf peer = test_hex(a->peer);

        const tlsc_random *random = test_script(&script, tlsc_buf_bytes(&scalar));
        assert_ok(a->group->encapsulate(random, tlsc_buf_bytes(&peer), share, secret));
        /* exactly the scalar's bytes are drawn */
        assert_int_equal(script.used, scalar.n);
        test_expect_hex(secret, a->group->secret_len, a->secret);
        if (a->share != NULL) {
            test_expect_hex(share, a->group->reply_len, a->share);
        }

        random = test_script(&script, tlsc_buf_bytes(&scalar));
        memset(secret, 0, sizeof(secret));
        assert_ok(a->group->keygen(random, priv, share));
        assert_int_equal(script.used, scalar.n);
        if (a->share != NULL) {
            test_expect_hex(share, a->group->share_len, a->share);
        }
        assert_ok(a->group->decapsulate(priv, tlsc_buf_bytes(&peer), secret));
        test_expect_hex(secret, a->group->secret_len, a->secret);
        a->group->clear(priv);
        for (size_t j = 0; j < a->group->private_len; j++) {
            assert_int_equal(priv[j], 0);
        }
        tlsc_buf_clear(&scalar);
        tlsc_buf_clear(&peer);
    }
}

static void both_sides_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_GROUPS; i++) {
        const tlsc_group *g = groups[i];
        for (int j = 0; j < 20; j++) {
            _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
            uint8_t share[TLSC_GROUP_SHARE_MAX];
            uint8_t reply[TLSC_GROUP_SHARE_MAX];
            uint8_t mine[TLSC_GROUP_SECRET_MAX];
            uint8_t theirs[TLSC_GROUP_SECRET_MAX];
            assert_ok(g->keygen(&tlsc_libcrypto_random, priv, share));
            assert_ok(g->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(share, g->share_len),
                                     reply, theirs));
            assert_ok(g->decapsulate(priv, tlsc_bytes_of(reply, g->reply_len), mine));
            assert_memory_equal(mine, theirs, g->secret_len);
            g->clear(priv);
        }
    }
}

/* Expects both halves to refuse the peer's share, and to leave the secret as it was or zero. */
static void expect_bad_share(const tlsc_group *g, tlsc_bytes share)
{
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    uint8_t own[TLSC_GROUP_SHARE_MAX];
    uint8_t reply[TLSC_GROUP_SHARE_MAX] = { 0 };
    uint8_t secret[TLSC_GROUP_SECRET_MAX] = { 0 };
    static const uint8_t zeroes[TLSC_GROUP_SHARE_MAX];
    uint8_t *copy = test_copy(share);
    tlsc_bytes peer = { copy, share.n };
    assert_err(g->encapsulate(&tlsc_libcrypto_random, peer, reply, secret), TLSC_E_BAD_KEY_SHARE);
    assert_memory_equal(reply, zeroes, g->reply_len);
    assert_memory_equal(secret, zeroes, g->secret_len);
    assert_ok(g->keygen(&tlsc_libcrypto_random, priv, own));
    assert_err(g->decapsulate(priv, peer, secret), TLSC_E_BAD_KEY_SHARE);
    assert_memory_equal(secret, zeroes, g->secret_len);
    g->clear(priv);
    tlsc_mem_free(copy);
}

static void wrong_lengths_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_GROUPS; i++) {
        const tlsc_group *g = groups[i];
        _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
        uint8_t share[TLSC_GROUP_SHARE_MAX] = { 0 };
        assert_ok(g->keygen(&tlsc_libcrypto_random, priv, share));
        for (size_t n = 0; n <= g->share_len + 1u; n++) {
            if (n != g->share_len) {
                expect_bad_share(g, tlsc_bytes_of(share, n));
            }
        }
        g->clear(priv);
    }
}

/* RFC 7748 7, RFC 8446 7.4.2: points of small order give the all-zero secret. */
static void x25519_points_of_small_order_are_refused(void **state)
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
        expect_bad_share(&tlsc_libcrypto_x25519, tlsc_buf_bytes(&point));
        tlsc_buf_clear(&point);
    }
}

/* Off the curve, the point at infinity, compressed and hybrid forms, a coordinate that is no field
 * element: RFC 8446 4.2.8.2. */
static void bad_points_are_refused(void **state)
{
    (void)state;
    for (size_t i = 1; i < NUM_GROUPS; i++) {
        const tlsc_group *g = groups[i];
        _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
        uint8_t share[TLSC_GROUP_SHARE_MAX];
        uint8_t bad[TLSC_GROUP_SHARE_MAX];
        size_t field_len = g->secret_len;
        assert_ok(g->keygen(&tlsc_libcrypto_random, priv, share));
        for (size_t bit = 8; bit < 8 * (size_t)g->share_len; bit += 13) {
            memcpy(bad, share, g->share_len);
            bad[bit / 8] ^= (uint8_t)(1u << bit % 8);
            expect_bad_share(g, tlsc_bytes_of(bad, g->share_len));
        }
        for (unsigned form = 0; form < 256; form++) {
            if (form != 4) {
                memcpy(bad, share, g->share_len);
                bad[0] = (uint8_t)form;
                expect_bad_share(g, tlsc_bytes_of(bad, g->share_len));
            }
        }
        bad[0] = (uint8_t)(2u + (share[g->share_len - 1u] & 1u));
        memcpy(bad + 1, share + 1, field_len);
        expect_bad_share(g, tlsc_bytes_of(bad, 1 + field_len));
        memset(bad, 0, sizeof(bad));
        expect_bad_share(g, tlsc_bytes_of(bad, 1));
        bad[0] = 4;
        expect_bad_share(g, tlsc_bytes_of(bad, g->share_len));
        memset(bad + 1, 0xff, field_len);
        expect_bad_share(g, tlsc_bytes_of(bad, g->share_len));
        g->clear(priv);
    }
}

/* The order of P-256 and its neighbours: 0 and the order itself are no scalars, order-1 is. */
static void scalars_are_drawn_again_when_out_of_range(void **state)
{
    (void)state;
    static const char draws[] =
        "0000000000000000000000000000000000000000000000000000000000000000"
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    uint8_t share[TLSC_GROUP_SHARE_MAX];
    test_script_random script;
    tlsc_buf bytes = test_hex(draws);
    const tlsc_random *random = test_script(&script, tlsc_buf_bytes(&bytes));
    assert_ok(tlsc_libcrypto_p256.keygen(random, priv, share));
    assert_int_equal(script.used, 4 * 32);
    /* (order-1) * G = -G */
    test_expect_hex(share, 65,
                    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                    "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a");
    tlsc_libcrypto_p256.clear(priv);
    tlsc_buf_clear(&bytes);
}

static void a_broken_source_is_an_error(void **state)
{
    (void)state;
    static const uint8_t zeroes[1000];
    for (size_t i = 0; i < NUM_GROUPS; i++) {
        const tlsc_group *g = groups[i];
        _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX] = { 0 };
        uint8_t share[TLSC_GROUP_SHARE_MAX];
        uint8_t reply[TLSC_GROUP_SHARE_MAX];
        uint8_t secret[TLSC_GROUP_SECRET_MAX];
        test_script_random script;
        assert_ok(g->keygen(&tlsc_libcrypto_random, priv, share));
        const tlsc_random *random = test_script(&script, tlsc_bytes_of(zeroes, 31));
        assert_err(g->encapsulate(random, tlsc_bytes_of(share, g->share_len), reply, secret),
                   TLSC_E_RANDOM);
        assert_err(g->keygen(random, priv, share), TLSC_E_RANDOM);
    }
    /* Zeroes for ever are no scalar, and no loop without an end. */
    for (size_t i = 1; i < NUM_GROUPS; i++) {
        _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX] = { 0 };
        uint8_t share[TLSC_GROUP_SHARE_MAX];
        test_script_random script;
        const tlsc_random *random = test_script(&script, tlsc_bytes_of(zeroes, sizeof(zeroes)));
        assert_err(groups[i]->keygen(random, priv, share), TLSC_E_RANDOM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(both_sides_agree),
        cmocka_unit_test(wrong_lengths_are_refused),
        cmocka_unit_test(x25519_points_of_small_order_are_refused),
        cmocka_unit_test(bad_points_are_refused),
        cmocka_unit_test(scalars_are_drawn_again_when_out_of_range),
        cmocka_unit_test(a_broken_source_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
