/* SPDX-License-Identifier: Apache-2.0 */
/* Tests crypto/boringssl/kem.c or crypto/awslc/kem.c, whichever is built. */
#include "crypto/libcrypto/libcrypto.h"

#include <string.h>

#include "hex.h"
#include "script_random.h"
#include "unit.h"

/* A parameter set, FIPS 203 8, tables 2 and 3; `places`: bytes where a coefficient begins. */
typedef struct parameter_set {
    const tlsc_group *kem;
    uint16_t id;
    size_t share;
    size_t reply;
    size_t places[6];
} parameter_set;

static const parameter_set sets[] = {
    { &tlsc_libcrypto_mlkem768, 0x0201, 1184, 1088, { 0, 3, 381, 384, 768, 1149 } },
    { &tlsc_libcrypto_mlkem1024, 0x0202, 1568, 1568, { 0, 3, 381, 384, 1152, 1533 } },
};

enum { NUM_SETS = sizeof(sets) / sizeof(sets[0]), SECRET = 32 };

typedef struct pair {
    _Alignas(16) uint8_t priv[64];
    uint8_t share[1568];
    uint8_t reply[1568];
} pair;

static void set_up(pair *p, const parameter_set *s)
{
    *p = (pair){ 0 };
    assert_true(s->kem->private_len <= sizeof(p->priv));
    assert_ok(s->kem->keygen(&tlsc_libcrypto_random, p->priv, p->share));
}

static tlsc_err encapsulate(const parameter_set *s, const pair *p, uint8_t *reply, uint8_t *secret)
{
    return s->kem->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(p->share, s->share), reply,
                               secret);
}

static void sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SETS; i++) {
        assert_int_equal(sets[i].kem->id, sets[i].id);
        assert_string_equal(sets[i].kem->name, tlsc_group_name(sets[i].id));
        assert_int_equal(sets[i].kem->share_len, sets[i].share);
        assert_int_equal(sets[i].kem->reply_len, sets[i].reply);
        assert_int_equal(sets[i].kem->secret_len, SECRET);
        assert_true(sets[i].kem->post_quantum);
        assert_false(sets[i].kem->tls12);
    }
}

static void both_sides_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < 20u * NUM_SETS; i++) {
        const parameter_set *s = &sets[i % NUM_SETS];
        pair p;
        uint8_t mine[SECRET];
        uint8_t theirs[SECRET];
        set_up(&p, s);
        assert_ok(encapsulate(s, &p, p.reply, theirs));
        assert_ok(s->kem->decapsulate(p.priv, tlsc_bytes_of(p.reply, s->reply), mine));
        assert_memory_equal(mine, theirs, SECRET);
        s->kem->clear(p.priv);
    }
}

/* FIPS 203 7.1: d and z, 32 bytes each, are all that a key pair is made of. The digests
 * were made from FIPS 203's algorithms 13 and 16 alone, in Python. */
static void a_key_pair_comes_from_its_seed(void **state)
{
    (void)state;
    static const char *const digests[] = {
        "0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9",
        "c7b8fa0aa471d5ae18922d6ccad5b31e1d84f92ae723abfd13747018740a8530",
    };
    uint8_t seed[64];
    for (size_t i = 0; i < sizeof(seed); i++) {
        seed[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < NUM_SETS; i++) {
        test_script_random script;
        uint8_t hash[TLSC_HASH_STATE_MAX];
        uint8_t digest[TLSC_HASH_MAX];
        pair p = { 0 };
        const tlsc_random *random = test_script(&script, tlsc_bytes_of(seed, sizeof(seed)));
        assert_ok(sets[i].kem->keygen(random, p.priv, p.share));
        assert_int_equal(script.used, sizeof(seed));
        tlsc_libcrypto_sha256.init(hash);
        tlsc_libcrypto_sha256.update(hash, tlsc_bytes_of(p.share, sets[i].share));
        tlsc_libcrypto_sha256.final(hash, digest);
        test_expect_hex(digest, 32, digests[i]);
        sets[i].kem->clear(p.priv);
        random = test_script(&script, tlsc_bytes_of(seed, sizeof(seed) - 1));
        assert_err(sets[i].kem->keygen(random, p.priv, p.share), TLSC_E_RANDOM);
    }
}

static void keys_and_secrets_differ_each_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SETS; i++) {
        pair p;
        pair q;
        uint8_t secret[2][SECRET];
        set_up(&p, &sets[i]);
        set_up(&q, &sets[i]);
        assert_memory_not_equal(p.share, q.share, sets[i].share);
        assert_ok(encapsulate(&sets[i], &p, p.reply, secret[0]));
        assert_ok(encapsulate(&sets[i], &p, q.reply, secret[1]));
        assert_memory_not_equal(p.reply, q.reply, sets[i].reply);
        assert_memory_not_equal(secret[0], secret[1], SECRET);
        sets[i].kem->clear(p.priv);
        sets[i].kem->clear(q.priv);
    }
}

/* FIPS 203 6.3: a changed ciphertext is no error, but gives a secret that nobody else has, always
 * the same. */
static void a_changed_ciphertext_is_rejected_implicitly(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SETS; i++) {
        const parameter_set *s = &sets[i];
        pair p;
        uint8_t mine[2][SECRET];
        uint8_t theirs[SECRET];
        set_up(&p, s);
        assert_ok(encapsulate(s, &p, p.reply, theirs));
        for (size_t bit = 0; bit < 8 * s->reply; bit += 997) {
            tlsc_bytes reply = tlsc_bytes_of(p.reply, s->reply);
            p.reply[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_ok(s->kem->decapsulate(p.priv, reply, mine[0]));
            assert_ok(s->kem->decapsulate(p.priv, reply, mine[1]));
            assert_memory_equal(mine[0], mine[1], SECRET);
            assert_memory_not_equal(mine[0], theirs, SECRET);
            p.reply[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        s->kem->clear(p.priv);
    }
}

static void wrong_lengths_are_refused(void **state)
{
    (void)state;
    static const size_t lengths[] = { 0, 1, 800, 1087, 1089, 1183, 1185, 1567, 1569 };
    for (size_t i = 0; i < NUM_SETS; i++) {
        pair p;
        uint8_t secret[SECRET];
        set_up(&p, &sets[i]);
        for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]); k++) {
            uint8_t *bytes = (uint8_t *)tlsc_mem_zalloc(lengths[k]);
            assert_non_null(bytes);
            tlsc_bytes wrong = tlsc_bytes_of(bytes, lengths[k]);
            assert_err(
                sets[i].kem->encapsulate(&tlsc_libcrypto_random, wrong, p.reply, secret),
                TLSC_E_BAD_KEY_SHARE);
            assert_err(sets[i].kem->decapsulate(p.priv, wrong, secret), TLSC_E_BAD_KEY_SHARE);
            tlsc_mem_free(bytes);
        }
        sets[i].kem->clear(p.priv);
    }
}

/* FIPS 203 7.2: a coefficient that is not below q = 3329 makes a bad encapsulation key. */
static void coefficients_out_of_range_are_refused(void **state)
{
    (void)state;
    enum { PLACES = sizeof(sets[0].places) / sizeof(sets[0].places[0]) };
    for (size_t i = 0; i < (size_t)PLACES * NUM_SETS; i++) {
        const parameter_set *s = &sets[i % NUM_SETS];
        size_t place = s->places[i / NUM_SETS];
        uint8_t secret[SECRET];
        pair p;
        set_up(&p, s);
        p.share[place] = 0x01; /* 3329 = 0xd01, little-endian in 12 bits */
        p.share[place + 1] = (uint8_t)((p.share[place + 1] & 0xf0) | 0x0d);
        assert_err(encapsulate(s, &p, p.reply, secret), TLSC_E_BAD_KEY_SHARE);
        p.share[place] = 0x00; /* 3328 is the greatest that is good */
        assert_ok(encapsulate(s, &p, p.reply, secret));
        s->kem->clear(p.priv);
    }
}

static void clear_releases(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SETS; i++) {
        const parameter_set *s = &sets[i];
        pair p;
        tlsc_mem_stats before;
        tlsc_mem_stats after;
        set_up(&p, s); /* warms libcrypto up */
        s->kem->clear(p.priv);
        tlsc_mem_get_stats(&before);
        set_up(&p, s);
        s->kem->clear(p.priv);
        s->kem->clear(p.priv);
        memset(p.priv, 0, sizeof(p.priv));
        s->kem->clear(p.priv);
        tlsc_mem_get_stats(&after);
        assert_true(after.live == before.live);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(both_sides_agree),
        cmocka_unit_test(a_key_pair_comes_from_its_seed),
        cmocka_unit_test(keys_and_secrets_differ_each_time),
        cmocka_unit_test(a_changed_ciphertext_is_rejected_implicitly),
        cmocka_unit_test(wrong_lengths_are_refused),
        cmocka_unit_test(coefficients_out_of_range_are_refused),
        cmocka_unit_test(clear_releases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
