/* SPDX-License-Identifier: Apache-2.0 */
/* libcrypto's allocations are ours: counted, and made to fail one after the other. */
#include "crypto/libcrypto/libcrypto.h"

#include <string.h>

#include "file.h"
#include "unit.h"

#define KEYS "test/vectors/keys/"

static const char *const key_paths[] = {
    KEYS "p256.pkcs8", KEYS "p384.pkcs8", KEYS "p521.pkcs8", KEYS "ed25519.pkcs8",
    KEYS "rsa2048.pkcs8",
};

static const tlsc_group *const groups[] = {
    &tlsc_libcrypto_x25519mlkem768,
    &tlsc_libcrypto_x25519,
    &tlsc_libcrypto_p256,
    &tlsc_libcrypto_p384,
};

enum {
    NUM_KEYS = sizeof(key_paths) / sizeof(key_paths[0]),
    NUM_GROUPS = sizeof(groups) / sizeof(groups[0]),
    ENOUGH = 2000 /* more allocations than any of these makes */
};

static uint64_t live_blocks(void)
{
    tlsc_mem_stats stats;
    tlsc_mem_get_stats(&stats);
    return stats.live;
}

static void libcrypto_allocates_here(void **state)
{
    (void)state;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_signing_key *key = NULL;
    tlsc_buf der = test_file(KEYS "rsa2048.pkcs8");
    tlsc_mem_get_stats(&before);
    assert_ok(tlsc_libcrypto_load_key(TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), &key));
    tlsc_mem_get_stats(&after);
    /* the key's object is one, its numbers are many */
    assert_true(after.live > before.live + 5);
    key->free(key);
    assert_true(live_blocks() == before.live);
    tlsc_buf_clear(&der);
}

/* Loads, signs, verifies. */
static tlsc_err use_key(tlsc_bytes der)
{
    tlsc_signing_key *key = NULL;
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    tlsc_err rc = tlsc_libcrypto_load_key(TLSC_KEY_PKCS8, der, &key);
    if (rc != TLSC_OK) {
        assert_null(key);
        return rc;
    }
    rc = key->sign(key, key->schemes[0], TEXT("x"), signature, &n);
    if (rc == TLSC_OK) {
        rc = tlsc_libcrypto_verify(key->schemes[0], key->spki, TEXT("x"),
                                   tlsc_bytes_of(signature, n));
    }
    key->free(key);
    return rc;
}

static tlsc_err use_group(const tlsc_group *g)
{
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX] = { 0 };
    uint8_t share[TLSC_GROUP_SHARE_MAX];
    uint8_t reply[TLSC_GROUP_SHARE_MAX];
    uint8_t mine[TLSC_GROUP_SECRET_MAX];
    uint8_t theirs[TLSC_GROUP_SECRET_MAX];
    tlsc_err rc = g->keygen(&tlsc_libcrypto_random, priv, share);
    if (rc == TLSC_OK) {
        rc = g->encapsulate(&tlsc_libcrypto_random, tlsc_bytes_of(share, g->share_len), reply,
                            theirs);
    }
    if (rc == TLSC_OK) {
        rc = g->decapsulate(priv, tlsc_bytes_of(reply, g->reply_len), mine);
    }
    if (rc == TLSC_OK) {
        assert_memory_equal(mine, theirs, g->secret_len);
    }
    g->clear(priv);
    return rc;
}

/* The n-th allocation fails, for n = 1, 2, ... until all succeeds: each time the error is
 * TLSC_E_NO_MEMORY and nothing leaks. libcrypto may do without an allocation (a cache that it
 * couldn't fill); then it succeeds. */
#define WALK(use, and_after)                                                   \
    do {                                                                       \
        uint64_t live = live_blocks();                                         \
        uint64_t n = 0;                                                        \
        bool untouched = false;                                                \
        while (!untouched) {                                                   \
            tlsc_mem_stats before;                                             \
            tlsc_mem_stats after;                                              \
            tlsc_mem_get_stats(&before);                                       \
            tlsc_mem_fail_at(++n, and_after);                                  \
            tlsc_err rc = (use);                                               \
            tlsc_mem_fail_at(0, false);                                        \
            tlsc_mem_get_stats(&after);                                        \
            untouched = after.allocations - before.allocations < n;            \
            if (untouched) {                                                   \
                assert_ok(rc);                                                 \
            } else if (rc != TLSC_OK) {                                        \
                assert_err(rc, TLSC_E_NO_MEMORY);                              \
            }                                                                  \
            assert_true(live_blocks() == live);                                \
            assert_true(n < ENOUGH);                                           \
        }                                                                      \
    } while (0)

/* What libcrypto keeps for the process or the thread is there from now on. */
static int warm_up(void **state)
{
    (void)state;
    tlsc_mem_fail_at(0, false);
    for (size_t i = 0; i < NUM_KEYS; i++) {
        tlsc_buf der = test_file(key_paths[i]);
        assert_ok(use_key(tlsc_buf_bytes(&der)));
        tlsc_buf_clear(&der);
    }
    for (size_t i = 0; i < NUM_GROUPS; i++) {
        assert_ok(use_group(groups[i]));
    }
    return 0;
}

static void keys_survive_a_lack_of_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_KEYS; i++) {
        tlsc_buf der = test_file(key_paths[i]);
        WALK(use_key(tlsc_buf_bytes(&der)), false);
        WALK(use_key(tlsc_buf_bytes(&der)), true);
        tlsc_buf_clear(&der);
    }
}

static void groups_survive_a_lack_of_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_GROUPS; i++) {
        WALK(use_group(groups[i]), false);
        WALK(use_group(groups[i]), true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libcrypto_allocates_here),
        cmocka_unit_test(keys_survive_a_lack_of_memory),
        cmocka_unit_test(groups_survive_a_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, warm_up, NULL);
}
