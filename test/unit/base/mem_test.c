/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <pthread.h>
#include <string.h>

#include "unit.h"

static void blocks_are_aligned_and_know_their_size(void **state)
{
    (void)state;
    static const size_t sizes[] = { 0, 1, 15, 16, 17, 4096, 100001 };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        uint8_t *p = (uint8_t *)tlsc_mem_zalloc(sizes[i]);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        assert_int_equal(tlsc_mem_size(p), sizes[i]);
        for (size_t j = 0; j < sizes[i]; j++) {
            assert_int_equal(p[j], 0);
        }
        memset(p, 0xff, sizes[i]);
        tlsc_mem_free(p);
    }
    assert_int_equal(tlsc_mem_size(NULL), 0);
    tlsc_mem_free(NULL);
}

static void refuses_a_size_that_wraps(void **state)
{
    (void)state;
    assert_null(tlsc_mem_alloc(SIZE_MAX));
    assert_null(tlsc_mem_alloc(SIZE_MAX - 15));
}

static void counts(void **state)
{
    (void)state;
    tlsc_mem_stats before;
    tlsc_mem_stats held;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    void *a = tlsc_mem_alloc(100);
    void *b = tlsc_mem_dup(TEXT("ten bytes!"));
    tlsc_mem_get_stats(&held);
    assert_memory_equal(b, "ten bytes!", 10);
    tlsc_mem_free(a);
    tlsc_mem_free(b);
    tlsc_mem_get_stats(&after);
    assert_int_equal(held.allocations - before.allocations, 2);
    assert_int_equal(held.live - before.live, 2);
    assert_int_equal(held.live_bytes - before.live_bytes, 110);
    assert_int_equal(after.live, before.live);
    assert_int_equal(after.live_bytes, before.live_bytes);
}

static bool can_allocate(void)
{
    void *p = tlsc_mem_alloc(1);
    tlsc_mem_free(p);
    return p != NULL;
}

static void tells_what_is_held(void **state)
{
    (void)state;
    tlsc_memory before = { .size = sizeof(before) };
    tlsc_memory after = { .size = sizeof(after) };
    tlsc_memory other = { .size = 8 };
    tlsc_memory_now(&before);
    void *p = tlsc_mem_alloc(100);
    assert_non_null(p);
    tlsc_memory_now(&after);
    assert_int_equal(after.allocations, before.allocations + 1);
    assert_int_equal(after.live, before.live + 1);
    assert_int_equal(after.live_bytes, before.live_bytes + 100);
    tlsc_mem_free(p);
    tlsc_memory_now(&after);
    assert_int_equal(after.allocations, before.allocations + 1);
    assert_int_equal(after.live_bytes, before.live_bytes);
    tlsc_memory_now(&other);
    assert_int_equal(other.allocations, 0);
}

static void fails_once_where_told(void **state)
{
    (void)state;
    tlsc_mem_fail_at(2, false);
    assert_true(can_allocate());
    assert_false(can_allocate());
    assert_true(can_allocate());
    tlsc_mem_fail_at(0, false);
}

static void fails_from_there_on(void **state)
{
    (void)state;
    tlsc_mem_fail_at(2, true);
    assert_true(can_allocate());
    assert_false(can_allocate());
    assert_false(can_allocate());
    tlsc_mem_fail_at(0, false);
    assert_true(can_allocate());
}

enum { THREADS = 4, ROUNDS = 1000 };

/* Takes ROUNDS blocks into `*held`, each of them a word that may be NULL. */
static void *take_blocks(void *held)
{
    void **blocks = (void **)held;
    for (size_t i = 0; i < ROUNDS; i++) {
        blocks[i] = tlsc_mem_alloc(10);
    }
    return NULL;
}

/* Blocks taken by other threads than the one that frees them; one of all is refused. */
static void counts_over_threads(void **state)
{
    (void)state;
    static void *blocks[THREADS][ROUNDS];
    pthread_t threads[THREADS];
    tlsc_mem_stats before;
    tlsc_mem_stats held;
    tlsc_mem_stats after;
    size_t refused = 0;
    tlsc_mem_get_stats(&before);
    tlsc_mem_fail_at(ROUNDS, false);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_blocks, (void *)blocks[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    tlsc_mem_fail_at(0, false);
    tlsc_mem_get_stats(&held);
    for (size_t i = 0; i < THREADS * ROUNDS; i++) {
        refused += blocks[i / ROUNDS][i % ROUNDS] == NULL;
        tlsc_mem_free(blocks[i / ROUNDS][i % ROUNDS]);
    }
    tlsc_mem_get_stats(&after);
    assert_int_equal(refused, 1);
    assert_int_equal(held.allocations - before.allocations, THREADS * ROUNDS);
    assert_int_equal(held.live - before.live, THREADS * ROUNDS - 1);
    assert_int_equal(held.live_bytes - before.live_bytes, 10 * (THREADS * ROUNDS - 1));
    assert_int_equal(after.live, before.live);
    assert_int_equal(after.live_bytes, before.live_bytes);
}

static void wipes(void **state)
{
    (void)state;
    uint8_t b[4] = { 1, 2, 3, 4 };
    tlsc_wipe(b + 1, 2);
    assert_memory_equal(b, ((uint8_t[]){ 1, 0, 0, 4 }), 4);
    tlsc_wipe(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_know_their_size),
        cmocka_unit_test(refuses_a_size_that_wraps),
        cmocka_unit_test(counts),
        cmocka_unit_test(tells_what_is_held),
        cmocka_unit_test(fails_once_where_told),
        cmocka_unit_test(fails_from_there_on),
        cmocka_unit_test(counts_over_threads),
        cmocka_unit_test(wipes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
