/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium/arena.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tlscore/provider.h"
#include "unit.h"

enum { LEN = TLSC_ARENA_KEY_LEN, MANY = 700 };

static void fill(uint8_t *key, void *ctx)
{
    memset(key, *(const int *)ctx, LEN);
}

static void expect_key(const uint8_t *key, int byte)
{
    for (size_t i = 0; i < LEN; i++) {
        assert_int_equal(key[i], byte);
    }
}

static size_t mappings(void)
{
    size_t n = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    assert_non_null(f);
    for (int c = fgetc(f); c != EOF; c = fgetc(f)) {
        n += c == '\n';
    }
    assert_int_equal(fclose(f), 0);
    return n;
}

static uint64_t live_blocks(void)
{
    tlsc_mem_stats stats;
    tlsc_mem_get_stats(&stats);
    return stats.live;
}

static void keys_stay_what_they_are(void **state)
{
    (void)state;
    static const uint8_t *keys[MANY];
    uint64_t live = live_blocks();
    for (int i = 0; i < MANY; i++) {
        int byte = i % 256;
        keys[i] = tlsc_arena_take(fill, &byte);
        assert_non_null(keys[i]);
    }
    /* every other goes and comes back as another */
    for (int i = 0; i < MANY; i += 2) {
        tlsc_arena_give(keys[i]);
    }
    for (int i = 0; i < MANY; i += 2) {
        int byte = (i + 7) % 256;
        keys[i] = tlsc_arena_take(fill, &byte);
        assert_non_null(keys[i]);
    }
    for (int i = 0; i < MANY; i++) {
        expect_key(keys[i], i % 2 == 0 ? (i + 7) % 256 : i % 256);
        for (int j = 0; j < i; j++) {
            assert_ptr_not_equal(keys[i], keys[j]);
        }
    }
    for (int i = 0; i < MANY; i++) {
        tlsc_arena_give(keys[i]);
    }
    tlsc_arena_give(NULL);
    assert_true(live_blocks() == live);
}

/* A hundred keys cost the mappings of one. */
static void keys_share_their_guards(void **state)
{
    (void)state;
    const uint8_t *keys[100];
    size_t before = mappings();
    int byte = 1;
    for (size_t i = 0; i < 100; i++) {
        keys[i] = tlsc_arena_take(fill, &byte);
        assert_non_null(keys[i]);
    }
    assert_true(mappings() <= before + 5);
    for (size_t i = 0; i < 100; i++) {
        tlsc_arena_give(keys[i]);
    }
    /* none is left: neither is the arena */
    assert_true(mappings() <= before + 1);
}

/* What a child that does this dies of. */
static int signal_of(void (*what)(const uint8_t *key), const uint8_t *key)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL);
        (void)signal(SIGBUS, SIG_DFL);
        what(key);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void reads_key(const uint8_t *key)
{
    (void)*(const volatile uint8_t *)key;
}

static void writes_key(const uint8_t *key)
{
    *(volatile uint8_t *)(uintptr_t)key = 1;
}

/* The arena ends at a guard page; keys fill it up to there. */
static void reads_beyond(const uint8_t *key)
{
    for (size_t i = 0; i < 65536; i++) {
        (void)((const volatile uint8_t *)key)[i];
    }
}

static void keys_are_readonly_between_guards(void **state)
{
    (void)state;
    int byte = 5;
    const uint8_t *key = tlsc_arena_take(fill, &byte);
    assert_int_equal(signal_of(reads_key, key), 0);
    assert_int_equal(signal_of(writes_key, key), SIGSEGV);
    assert_int_equal(signal_of(reads_beyond, key), SIGSEGV);
    tlsc_arena_give(key);
}

/* A key that goes is wiped while its neighbour stays. */
static void a_key_is_wiped(void **state)
{
    (void)state;
    int byte = 5;
    const uint8_t *stays = tlsc_arena_take(fill, &byte);
    const uint8_t *goes = tlsc_arena_take(fill, &byte);
    tlsc_arena_give(goes);
    expect_key(goes, 0);
    expect_key(stays, 5);
    tlsc_arena_give(stays);
}

static void a_lack_of_memory_is_told(void **state)
{
    (void)state;
    int byte = 5;
    uint64_t live = live_blocks();
    tlsc_mem_fail_at(1, false);
    assert_null(tlsc_arena_take(fill, &byte));
    tlsc_mem_fail_at(0, false);
    assert_true(live_blocks() == live);
}

static void *come_and_go(void *arg)
{
    int byte = *(const int *)arg;
    for (int i = 0; i < 500; i++) {
        const uint8_t *key = tlsc_arena_take(fill, &byte);
        if (key == NULL || key[0] != byte || key[LEN - 1] != byte) {
            return arg;
        }
        tlsc_arena_give(key);
    }
    return NULL;
}

static void threads_share_it(void **state)
{
    (void)state;
    int bytes[4] = { 1, 2, 3, 4 };
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, &bytes[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_stay_what_they_are),
        cmocka_unit_test(keys_share_their_guards),
        cmocka_unit_test(keys_are_readonly_between_guards),
        cmocka_unit_test(a_key_is_wiped),
        cmocka_unit_test(a_lack_of_memory_is_told),
        cmocka_unit_test(threads_share_it),
    };
    return tlsc_provider_sodium() == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
