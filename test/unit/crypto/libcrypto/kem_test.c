/* SPDX-License-Identifier: Apache-2.0 */
/* Tests crypto/boringssl/kem.c or crypto/awslc/kem.c, whichever is built. */
#include "crypto/libcrypto/libcrypto.h"

#include <string.h>

#include "unit.h"

static const tlsc_group *const kem = &tlsc_libcrypto_mlkem768;

typedef struct pair {
    _Alignas(16) uint8_t priv[64];
    uint8_t share[1184];
} pair;

static void set_up(pair *p)
{
    *p = (pair){ 0 };
    assert_true(kem->private_len <= sizeof(p->priv));
    assert_int_equal(kem->share_len, sizeof(p->share));
    assert_ok(kem->keygen(&tlsc_libcrypto_random, p->priv, p->share));
}

/* FIPS 203 8, table 3 */
static void sizes(void **state)
{
    (void)state;
    assert_int_equal(kem->share_len, 1184);
    assert_int_equal(kem->reply_len, 1088);
    assert_int_equal(kem->secret_len, 32);
}

static void both_sides_agree(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        pair p;
        uint8_t reply[1088];
        uint8_t mine[32];
        uint8_t theirs[32];
        set_up(&p);
        assert_ok(kem->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(p.share, 1184), reply,
                                   theirs));
        assert_ok(kem->decapsulate(p.priv, tlsc_bytes_of(reply, 1088), mine));
        assert_memory_equal(mine, theirs, 32);
        kem->clear(p.priv);
    }
}

static void keys_and_secrets_differ_each_time(void **state)
{
    (void)state;
    pair p;
    pair q;
    uint8_t reply[2][1088];
    uint8_t secret[2][32];
    set_up(&p);
    set_up(&q);
    assert_memory_not_equal(p.share, q.share, sizeof(p.share));
    for (size_t i = 0; i < 2; i++) {
        assert_ok(kem->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(p.share, 1184), reply[i],
                                   secret[i]));
    }
    assert_memory_not_equal(reply[0], reply[1], 1088);
    assert_memory_not_equal(secret[0], secret[1], 32);
    kem->clear(p.priv);
    kem->clear(q.priv);
}

/* FIPS 203 6.3: a changed ciphertext is no error, but gives a secret that nobody else has, always
 * the same. */
static void a_changed_ciphertext_is_rejected_implicitly(void **state)
{
    (void)state;
    pair p;
    uint8_t reply[1088];
    uint8_t mine[2][32];
    uint8_t theirs[32];
    set_up(&p);
    assert_ok(
        kem->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(p.share, 1184), reply, theirs));
    for (size_t bit = 0; bit < 8 * sizeof(reply); bit += 997) {
        reply[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_ok(kem->decapsulate(p.priv, tlsc_bytes_of(reply, 1088), mine[0]));
        assert_ok(kem->decapsulate(p.priv, tlsc_bytes_of(reply, 1088), mine[1]));
        assert_memory_equal(mine[0], mine[1], 32);
        assert_memory_not_equal(mine[0], theirs, 32);
        reply[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    kem->clear(p.priv);
}

static void wrong_lengths_are_refused(void **state)
{
    (void)state;
    static const size_t lengths[] = { 0, 1, 800, 1087, 1089, 1183, 1185, 1568 };
    pair p;
    uint8_t reply[1088];
    uint8_t secret[32];
    set_up(&p);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        uint8_t *bytes = (uint8_t *)tlsc_mem_zalloc(lengths[i]);
        assert_non_null(bytes);
        assert_err(kem->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(bytes, lengths[i]),
                                    reply, secret),
                   TLSC_E_BAD_KEY_SHARE);
        assert_err(kem->decapsulate(p.priv, tlsc_bytes_of(bytes, lengths[i]), secret),
                   TLSC_E_BAD_KEY_SHARE);
        tlsc_mem_free(bytes);
    }
    kem->clear(p.priv);
}

/* FIPS 203 7.2: a coefficient that is not below q = 3329 makes a bad encapsulation key. */
static void coefficients_out_of_range_are_refused(void **state)
{
    (void)state;
    static const size_t places[] = { 0, 3, 381, 384, 768, 1149 };
    uint8_t reply[1088];
    uint8_t secret[32];
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        pair p;
        set_up(&p);
        p.share[places[i]] = 0x01; /* 3329 = 0xd01, little-endian in 12 bits */
        p.share[places[i] + 1] = (uint8_t)((p.share[places[i] + 1] & 0xf0) | 0x0d);
        assert_err(kem->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(p.share, 1184), reply,
                                    secret),
                   TLSC_E_BAD_KEY_SHARE);
        p.share[places[i]] = 0x00; /* 3328 is the greatest that is good */
        assert_ok(kem->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(p.share, 1184), reply,
                                   secret));
        kem->clear(p.priv);
    }
}

static void clear_releases(void **state)
{
    (void)state;
    pair p;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    set_up(&p); /* warms libcrypto up */
    kem->clear(p.priv);
    tlsc_mem_get_stats(&before);
    set_up(&p);
    kem->clear(p.priv);
    kem->clear(p.priv);
    memset(p.priv, 0, sizeof(p.priv));
    kem->clear(p.priv);
    tlsc_mem_get_stats(&after);
    assert_true(after.live == before.live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(both_sides_agree),
        cmocka_unit_test(keys_and_secrets_differ_each_time),
        cmocka_unit_test(a_changed_ciphertext_is_rejected_implicitly),
        cmocka_unit_test(wrong_lengths_are_refused),
        cmocka_unit_test(coefficients_out_of_range_are_refused),
        cmocka_unit_test(clear_releases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
