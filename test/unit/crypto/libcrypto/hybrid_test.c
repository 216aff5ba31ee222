/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include <string.h>

#include "hex.h"
#include "script_random.h"
#include "unit.h"

/* A hybrid, its parts in their order, and the sum of their sizes as the draft's table has them. */
typedef struct hybrid {
    const tlsc_group *group;
    const tlsc_group *first;
    const tlsc_group *second;
    uint16_t id;
    uint16_t share;
    uint16_t reply;
    uint16_t secret;
} hybrid;

/* draft-ietf-tls-ecdhe-mlkem 4: ML-KEM comes first with X25519, the curve with the others. */
static const hybrid hybrids[] = {
    { &tlsc_libcrypto_x25519mlkem768, &tlsc_libcrypto_mlkem768, &tlsc_libcrypto_x25519, 0x11ec,
      1216, 1120, 64 },
    { &tlsc_libcrypto_p256mlkem768, &tlsc_libcrypto_p256, &tlsc_libcrypto_mlkem768, 0x11eb, 1249,
      1153, 64 },
    { &tlsc_libcrypto_p384mlkem1024, &tlsc_libcrypto_p384, &tlsc_libcrypto_mlkem1024, 0x11ed, 1665,
      1665, 80 },
};

enum { NUM_HYBRIDS = sizeof(hybrids) / sizeof(hybrids[0]) };

typedef struct exchange {
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    uint8_t share[TLSC_GROUP_SHARE_MAX + 1];
    uint8_t reply[TLSC_GROUP_SHARE_MAX + 1];
    uint8_t mine[TLSC_GROUP_SECRET_MAX];
    uint8_t theirs[TLSC_GROUP_SECRET_MAX];
} exchange;

static void set_up(exchange *e, const tlsc_group *g)
{
    *e = (exchange){ 0 };
    assert_ok(g->keygen(&tlsc_libcrypto_random, e->priv, e->share));
}

static void sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_HYBRIDS; i++) {
        const hybrid *h = &hybrids[i];
        const tlsc_group *g = h->group;
        assert_int_equal(g->id, h->id);
        assert_string_equal(g->name, tlsc_group_name(h->id));
        assert_int_equal(g->share_len, h->share);
        assert_int_equal(g->reply_len, h->reply);
        assert_int_equal(g->secret_len, h->secret);
        assert_int_equal(g->share_len, h->first->share_len + h->second->share_len);
        assert_int_equal(g->reply_len, h->first->reply_len + h->second->reply_len);
        assert_int_equal(g->secret_len, h->first->secret_len + h->second->secret_len);
        /* the second private half is aligned */
        assert_int_equal(g->private_len,
                         (h->first->private_len + 15u) / 16u * 16u + h->second->private_len);
        assert_true(g->post_quantum);
        assert_false(g->tls12);
    }
    assert_int_equal(tlsc_libcrypto_p384mlkem1024.share_len, TLSC_GROUP_SHARE_MAX);
    assert_int_equal(tlsc_libcrypto_p384mlkem1024.secret_len, TLSC_GROUP_SECRET_MAX);
}

static void both_sides_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < 10u * NUM_HYBRIDS; i++) {
        const tlsc_group *g = hybrids[i % NUM_HYBRIDS].group;
        exchange e;
        set_up(&e, g);
        assert_ok(g->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(e.share, g->share_len),
                                 e.reply, e.theirs));
        assert_ok(g->decapsulate(e.priv, tlsc_bytes_of(e.reply, g->reply_len), e.mine));
        assert_memory_equal(e.mine, e.theirs, g->secret_len);
        g->clear(e.priv);
    }
}

/* Each part by itself opens its part of the reply: shares, replies and secrets are in one order. */
static void the_parts_are_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_HYBRIDS; i++) {
        const hybrid *h = &hybrids[i];
        exchange a;
        exchange b;
        uint8_t share[TLSC_GROUP_SHARE_MAX];
        set_up(&a, h->first);
        set_up(&b, h->second);
        memcpy(share, a.share, h->first->share_len);
        memcpy(share + h->first->share_len, b.share, h->second->share_len);
        assert_ok(h->group->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(share, h->share),
                                        a.reply, a.theirs));
        assert_ok(h->first->decapsulate(a.priv, tlsc_bytes_of(a.reply, h->first->reply_len),
                                        a.mine));
        assert_ok(h->second->decapsulate(
            b.priv, tlsc_bytes_of(a.reply + h->first->reply_len, h->second->reply_len), b.mine));
        assert_memory_equal(a.theirs, a.mine, h->first->secret_len);
        assert_memory_equal(a.theirs + h->first->secret_len, b.mine, h->second->secret_len);
        h->first->clear(a.priv);
        h->second->clear(b.priv);
    }
}

/* The curve's known numbers, RFC 7748 6.1, in their place behind ML-KEM's. */
static void the_known_answer_of_x25519_is_in_its_place(void **state)
{
    (void)state;
    const tlsc_group *g = &tlsc_libcrypto_x25519mlkem768;
    exchange e;
    test_script_random script;
    tlsc_buf alice =
        test_hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    /* ML-KEM may draw its 32 bytes from the same source, before: what they are is all the same. */
    tlsc_buf bob = test_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
                            "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    set_up(&e, &tlsc_libcrypto_mlkem768);
    memcpy(e.share + 1184, alice.p, 32);
    const tlsc_random *random = test_script(&script, tlsc_buf_bytes(&bob));
    assert_ok(g->encapsulate(random, tlsc_bytes_of(e.share, 1216), e.reply, e.theirs));
    test_expect_hex(e.reply + 1088, 32,
                    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    test_expect_hex(e.theirs + 32, 32,
                    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    tlsc_libcrypto_mlkem768.clear(e.priv);
    tlsc_buf_clear(&alice);
    tlsc_buf_clear(&bob);
}

/* NIST's CAVS vectors for ECC CDH, count 0 of P-256, in front of ML-KEM's part. */
static void the_known_answer_of_p256_is_in_its_place(void **state)
{
    (void)state;
    const tlsc_group *g = &tlsc_libcrypto_p256mlkem768;
    exchange e;
    test_script_random script;
    tlsc_buf scalar = test_hex("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534"
                               "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534");
    tlsc_buf peer = test_hex("04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
                             "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac");
    set_up(&e, &tlsc_libcrypto_mlkem768);
    memmove(e.share + 65, e.share, 1184);
    memcpy(e.share, peer.p, 65);
    const tlsc_random *random = test_script(&script, tlsc_buf_bytes(&scalar));
    assert_ok(g->encapsulate(random, tlsc_bytes_of(e.share, 1249), e.reply, e.theirs));
    test_expect_hex(e.reply, 65,
                    "04ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230"
                    "28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141");
    test_expect_hex(e.theirs, 32,
                    "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b");
    tlsc_libcrypto_mlkem768.clear(e.priv);
    tlsc_buf_clear(&scalar);
    tlsc_buf_clear(&peer);
}

static void expect_bad_share(const tlsc_group *g, tlsc_bytes share)
{
    static const uint8_t zeroes[TLSC_GROUP_SHARE_MAX];
    uint8_t reply[TLSC_GROUP_SHARE_MAX] = { 0 };
    uint8_t secret[TLSC_GROUP_SECRET_MAX] = { 0 };
    uint8_t *copy = test_copy(share);
    assert_err(
        g->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(copy, share.n), reply, secret),
        TLSC_E_BAD_KEY_SHARE);
    assert_memory_equal(reply, zeroes, g->reply_len);
    assert_memory_equal(secret, zeroes, g->secret_len);
    tlsc_mem_free(copy);
}

static void expect_bad_reply(const tlsc_group *g, const void *priv, tlsc_bytes reply)
{
    static const uint8_t zeroes[TLSC_GROUP_SECRET_MAX];
    uint8_t secret[TLSC_GROUP_SECRET_MAX] = { 0 };
    uint8_t *copy = test_copy(reply);
    assert_err(g->decapsulate(priv, tlsc_bytes_of(copy, reply.n), secret), TLSC_E_BAD_KEY_SHARE);
    assert_memory_equal(secret, zeroes, g->secret_len);
    tlsc_mem_free(copy);
}

static void wrong_lengths_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_HYBRIDS; i++) {
        const tlsc_group *g = hybrids[i].group;
        const tlsc_group *a = hybrids[i].first;
        const tlsc_group *b = hybrids[i].second;
        const size_t shares[] = { 0, 1, a->share_len, b->share_len, g->share_len - 1u,
                                  g->share_len + 1u };
        const size_t replies[] = { 0, 1, a->reply_len, b->reply_len, g->reply_len - 1u,
                                   g->reply_len + 1u };
        exchange e;
        set_up(&e, g);
        assert_ok(g->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(e.share, g->share_len),
                                 e.reply, e.theirs));
        for (size_t k = 0; k < sizeof(shares) / sizeof(shares[0]); k++) {
            expect_bad_share(g, tlsc_bytes_of(e.share, shares[k]));
            expect_bad_reply(g, e.priv, tlsc_bytes_of(e.reply, replies[k]));
        }
        g->clear(e.priv);
    }
}

/* What is malformed in a part, wherever the part lies: a coefficient of ML-KEM that is not below q,
 * a point off the curve or of small order. */
static void spoil_share(const tlsc_group *part, uint8_t *share)
{
    if (part->post_quantum) {
        memset(share, 0xff, 3);
    } else if (part == &tlsc_libcrypto_x25519) {
        memset(share, 0, 32);
    } else {
        share[part->share_len - 1u] ^= 1;
    }
}

static void bad_shares_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_HYBRIDS; i++) {
        const hybrid *h = &hybrids[i];
        uint8_t bad[TLSC_GROUP_SHARE_MAX];
        exchange e;
        set_up(&e, h->group);
        memcpy(bad, e.share, h->share);
        spoil_share(h->first, bad);
        expect_bad_share(h->group, tlsc_bytes_of(bad, h->share));
        memcpy(bad, e.share, h->share);
        spoil_share(h->second, bad + h->first->share_len);
        expect_bad_share(h->group, tlsc_bytes_of(bad, h->share));
        h->group->clear(e.priv);
    }
}

/* A ciphertext of ML-KEM can't be malformed but in length; the curve's part can. */
static void bad_replies_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_HYBRIDS; i++) {
        const hybrid *h = &hybrids[i];
        exchange e;
        set_up(&e, h->group);
        assert_ok(h->group->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(e.share, h->share),
                                        e.reply, e.theirs));
        bool curve_first = !h->first->post_quantum;
        spoil_share(curve_first ? h->first : h->second,
                    e.reply + (curve_first ? 0 : h->first->reply_len));
        expect_bad_reply(h->group, e.priv, tlsc_bytes_of(e.reply, h->reply));
        h->group->clear(e.priv);
    }
}

/* As long as the source gives less than an operation draws, it fails, and keeps nothing. */
static void a_broken_source_is_an_error(void **state)
{
    (void)state;
    static const uint8_t ones[256] = { 1 };
    for (size_t i = 0; i < NUM_HYBRIDS; i++) {
        const tlsc_group *g = hybrids[i].group;
        exchange e;
        exchange broken;
        test_script_random script;
        tlsc_mem_stats before;
        tlsc_mem_stats after;
        set_up(&e, g);
        const tlsc_random *random = test_script(&script, tlsc_bytes_of(NULL, 0));
        assert_err(g->encapsulate(random, tlsc_bytes_of(e.share, g->share_len), e.reply, e.mine),
                   TLSC_E_RANDOM);
        g->clear(e.priv);
        tlsc_mem_get_stats(&before);
        for (size_t n = 0; n < 64 + 32; n += 8) {
            random = test_script(&script, tlsc_bytes_of(ones, n));
            assert_err(g->keygen(random, broken.priv, broken.share), TLSC_E_RANDOM);
        }
        tlsc_mem_get_stats(&after);
        assert_true(after.live == before.live);
        memset(e.priv, 0, sizeof(e.priv));
        g->clear(e.priv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(both_sides_agree),
        cmocka_unit_test(the_parts_are_in_order),
        cmocka_unit_test(the_known_answer_of_x25519_is_in_its_place),
        cmocka_unit_test(the_known_answer_of_p256_is_in_its_place),
        cmocka_unit_test(wrong_lengths_are_refused),
        cmocka_unit_test(bad_shares_are_refused),
        cmocka_unit_test(bad_replies_are_refused),
        cmocka_unit_test(a_broken_source_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
