/* SPDX-License-Identifier: Apache-2.0 */
/* keys/memory_store_test.c: what a store in memory keeps, gives out once, and forgets. */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "tlscore/session.h"

static int64_t now;

static int64_t now_ms(void *ctx)
{
    return *(const int64_t *)ctx;
}

static tlsc_memory_store *open_store(size_t capacity)
{
    tlsc_memory_store *store;
    now = INT64_C(1790000000000);
    assert_ok(tlsc_memory_store_new(capacity, now_ms, &now, &store));
    return store;
}

/* A key of `n` bytes that tells its number. */
typedef struct test_key {
    uint8_t b[TLSC_STORE_KEY_MAX];
} test_key;

static test_key key_of(uint32_t number)
{
    test_key k = { { 0 } };
    memcpy(k.b + 20, &number, sizeof(number));
    return k;
}

static void put_number(const tlsc_store *s, uint32_t number)
{
    test_key k = key_of(number);
    assert_ok(s->put(s->ctx, tlsc_bytes_of(k.b, sizeof(k.b)), tlsc_bytes_of(&number, 4), 60));
}

static bool has_number(const tlsc_store *s, uint32_t number)
{
    test_key k = key_of(number);
    uint32_t got = ~number;
    size_t n;
    bool later = true;
    assert_ok(s->get(s->ctx, tlsc_bytes_of(k.b, sizeof(k.b)), (uint8_t *)&got, 4, &n, &later));
    assert_false(later);
    assert_true(n == 0 || (n == 4 && got == number));
    return n > 0;
}

static bool take_number(const tlsc_store *s, uint32_t number)
{
    test_key k = key_of(number);
    uint32_t got = ~number;
    size_t n;
    bool later = true;
    assert_ok(s->take(s->ctx, tlsc_bytes_of(k.b, sizeof(k.b)), (uint8_t *)&got, 4, &n, &later));
    assert_false(later);
    assert_true(n == 0 || (n == 4 && got == number));
    return n > 0;
}

/* ---- what it keeps ---- */

static void a_value_is_copied_and_stays_until_it_is_taken(void **state)
{
    (void)state;
    tlsc_memory_store *store = open_store(10);
    tlsc_store s = tlsc_memory_store_as_store(store);
    uint8_t value[] = "sealed";
    uint8_t out[16] = { 0 };
    size_t n;
    bool later;
    assert_true(s.atomic_take);
    assert_int_equal(s.size, sizeof(s));
    assert_ok(s.put(s.ctx, TEXT("key"), tlsc_bytes_of(value, 6), 60));
    memset(value, 0, sizeof(value));
    for (int i = 0; i < 2; i++) {
        assert_ok(s.get(s.ctx, TEXT("key"), out, sizeof(out), &n, &later));
        assert_bytes_equal(tlsc_bytes_of(out, n), TEXT("sealed"));
    }
    assert_int_equal(tlsc_memory_store_len(store), 1);
    memset(out, 0, sizeof(out));
    assert_ok(s.take(s.ctx, TEXT("key"), out, sizeof(out), &n, &later));
    assert_bytes_equal(tlsc_bytes_of(out, n), TEXT("sealed"));
    assert_int_equal(tlsc_memory_store_len(store), 0);
    assert_ok(s.take(s.ctx, TEXT("key"), out, sizeof(out), &n, &later));
    assert_int_equal(n, 0);
    assert_ok(s.get(s.ctx, TEXT("key"), out, sizeof(out), &n, &later));
    assert_int_equal(n, 0);
    tlsc_memory_store_free(store);
}

static void keys_of_every_length_are_told_apart(void **state)
{
    (void)state;
    tlsc_memory_store *store = open_store(1000);
    tlsc_store s = tlsc_memory_store_as_store(store);
    static const uint8_t zeros[TLSC_STORE_KEY_MAX + 1];
    uint8_t out[4];
    size_t got;
    bool later;
    for (uint8_t n = 1; n <= TLSC_STORE_KEY_MAX; n++) {
        assert_ok(s.put(s.ctx, tlsc_bytes_of(zeros, n), tlsc_bytes_of(&n, 1), 60));
    }
    assert_int_equal(tlsc_memory_store_len(store), TLSC_STORE_KEY_MAX);
    for (uint8_t n = 1; n <= TLSC_STORE_KEY_MAX; n++) {
        assert_ok(s.get(s.ctx, tlsc_bytes_of(zeros, n), out, sizeof(out), &got, &later));
        assert_int_equal(got, 1);
        assert_int_equal(out[0], n);
    }
    tlsc_memory_store_free(store);
}

static void putting_a_key_again_replaces_its_value(void **state)
{
    (void)state;
    tlsc_memory_store *store = open_store(1);
    tlsc_store s = tlsc_memory_store_as_store(store);
    uint8_t out[8];
    size_t n;
    bool later;
    assert_ok(s.put(s.ctx, TEXT("key"), TEXT("one"), 60));
    assert_ok(s.put(s.ctx, TEXT("key"), TEXT("three"), 60));
    assert_int_equal(tlsc_memory_store_len(store), 1);
    assert_ok(s.get(s.ctx, TEXT("key"), out, sizeof(out), &n, &later));
    assert_bytes_equal(tlsc_bytes_of(out, n), TEXT("three"));
    tlsc_memory_store_free(store);
}

static void what_is_malformed_is_refused(void **state)
{
    (void)state;
    tlsc_memory_store *store = (tlsc_memory_store *)&now;
    assert_err(tlsc_memory_store_new(0, now_ms, &now, &store), TLSC_E_USAGE);
    assert_null(store);
    assert_err(tlsc_memory_store_new(SIZE_MAX, now_ms, &now, &store), TLSC_E_USAGE);
    assert_err(tlsc_memory_store_new(1, NULL, NULL, &store), TLSC_E_USAGE);
    tlsc_memory_store_free(NULL);

    store = open_store(4);
    tlsc_store s = tlsc_memory_store_as_store(store);
    static uint8_t big[TLSC_STORE_VALUE_MAX + 1] = { 1 };
    static const tlsc_bytes nothing = { NULL, 0 };
    static const uint8_t long_key[TLSC_STORE_KEY_MAX + 1];
    size_t n = 7;
    bool later = true;
    assert_err(s.put(s.ctx, nothing, TEXT("v"), 60), TLSC_E_USAGE);
    assert_err(s.put(s.ctx, tlsc_bytes_of(long_key, sizeof(long_key)), TEXT("v"), 60),
               TLSC_E_USAGE);
    assert_err(s.put(s.ctx, TEXT("key"), nothing, 60), TLSC_E_USAGE);
    assert_err(s.put(s.ctx, TEXT("key"), tlsc_bytes_of(big, sizeof(big)), 60), TLSC_E_USAGE);
    assert_int_equal(tlsc_memory_store_len(store), 0);
    assert_ok(s.get(s.ctx, nothing, big, sizeof(big), &n, &later));
    assert_int_equal(n, 0);
    assert_ok(s.take(s.ctx, tlsc_bytes_of(long_key, sizeof(long_key)), big, sizeof(big), &n,
                     &later));
    assert_int_equal(n, 0);
    assert_false(later);

    /* the largest value goes in, and comes out where there is room for it */
    assert_ok(s.put(s.ctx, TEXT("key"), tlsc_bytes_of(big, sizeof(big) - 1), 60));
    big[0] = 0;
    assert_err(s.take(s.ctx, TEXT("key"), big, sizeof(big) - 2, &n, &later), TLSC_E_TOO_SMALL);
    assert_int_equal(n, 0);
    assert_int_equal(big[0], 0);
    assert_ok(s.take(s.ctx, TEXT("key"), big, sizeof(big) - 1, &n, &later));
    assert_int_equal(n, sizeof(big) - 1);
    assert_int_equal(big[0], 1);
    tlsc_memory_store_free(store);
}

/* ---- what it forgets ---- */

static void nothing_is_given_out_past_its_lifetime(void **state)
{
    (void)state;
    for (int removes = 0; removes < 2; removes++) {
        tlsc_memory_store *store = open_store(10);
        tlsc_store s = tlsc_memory_store_as_store(store);
        put_number(&s, 1);
        put_number(&s, 2);
        now += 59999;
        assert_true(has_number(&s, 1));
        now++;
        assert_false(removes ? take_number(&s, 1) : has_number(&s, 1));
        assert_int_equal(tlsc_memory_store_len(store), 1); /* 2 was not asked for */
        now -= 30000;                                      /* set back */
        assert_false(has_number(&s, 1));
        assert_true(has_number(&s, 2));
        tlsc_memory_store_free(store);
    }
}

static void the_oldest_gives_way_and_only_when_it_is_full(void **state)
{
    (void)state;
    tlsc_memory_store *store = open_store(3);
    tlsc_store s = tlsc_memory_store_as_store(store);
    for (uint32_t i = 1; i <= 3; i++) {
        put_number(&s, i);
    }
    assert_true(take_number(&s, 2)); /* a hole in the middle is filled first */
    put_number(&s, 4);
    assert_true(has_number(&s, 1) && has_number(&s, 3) && has_number(&s, 4));
    put_number(&s, 1); /* put again: not the oldest any more */
    put_number(&s, 5);
    assert_true(has_number(&s, 1) && has_number(&s, 4) && has_number(&s, 5));
    assert_false(has_number(&s, 3));
    put_number(&s, 6);
    put_number(&s, 7);
    assert_true(has_number(&s, 1) == false && has_number(&s, 4) == false);
    assert_true(has_number(&s, 5) && has_number(&s, 6) && has_number(&s, 7));
    assert_int_equal(tlsc_memory_store_len(store), 3);
    assert_true(take_number(&s, 5) && take_number(&s, 7) && take_number(&s, 6));
    assert_int_equal(tlsc_memory_store_len(store), 0);
    put_number(&s, 8);
    assert_true(has_number(&s, 8));
    tlsc_memory_store_free(store);
}

static void a_store_of_one_keeps_the_newest(void **state)
{
    (void)state;
    tlsc_memory_store *store = open_store(1);
    tlsc_store s = tlsc_memory_store_as_store(store);
    for (uint32_t i = 0; i < 10; i++) {
        put_number(&s, i);
        assert_true(has_number(&s, i));
        assert_true(i == 0 || !has_number(&s, i - 1));
    }
    tlsc_memory_store_free(store);
}

/* Thousands of puts and takes in a store of many shards against an array of flags: nothing is lost
 * while there is room, nothing is found that isn't there. */
static void a_large_store_agrees_with_a_plain_list(void **state)
{
    (void)state;
    enum { CAPACITY = 1 << 14, NUMBERS = 4000, STEPS = 20000 };
    static bool there[NUMBERS];
    memset(there, 0, sizeof(there));
    tlsc_memory_store *store = open_store(CAPACITY);
    tlsc_store s = tlsc_memory_store_as_store(store);
    uint32_t mix = 1;
    size_t num = 0;
    for (int i = 0; i < STEPS; i++) {
        mix = mix * 1664525u + 1013904223u;
        uint32_t number = (mix >> 8) % NUMBERS;
        if (mix >> 31) {
            put_number(&s, number);
            num += there[number] ? 0 : 1;
            there[number] = true;
        } else {
            assert_int_equal(take_number(&s, number), there[number]);
            num -= there[number] ? 1 : 0;
            there[number] = false;
        }
    }
    assert_int_equal(tlsc_memory_store_len(store), num);
    for (uint32_t i = 0; i < NUMBERS; i++) {
        assert_int_equal(has_number(&s, i), there[i]);
    }
    tlsc_memory_store_free(store);
}

/* It holds what was asked for at least, and, its keys being random, little less than all before the
 * first gives way. */
static void capacity_is_rounded_up_to_whole_shards(void **state)
{
    (void)state;
    static const size_t capacities[] = { 1, 2, 63, 64, 65, 1000, 5000 };
    for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++) {
        tlsc_memory_store *store = open_store(capacities[i]);
        tlsc_store s = tlsc_memory_store_as_store(store);
        for (uint32_t k = 0; k < 20000; k++) {
            put_number(&s, k);
        }
        size_t len = tlsc_memory_store_len(store);
        assert_true(len >= capacities[i] && len < capacities[i] + 64);
        assert_true(has_number(&s, 19999));
        assert_false(has_number(&s, 0));
        tlsc_memory_store_free(store);
    }
}

/* ---- threads ---- */

enum { THREADS = 4, ROUNDS = 3000 };

typedef struct worker {
    pthread_t thread;
    const tlsc_store *store;
    uint32_t number;
    unsigned failed;
} worker;

static atomic_uint taken[ROUNDS];

/* All put and take the same keys: each that was put is taken once at most. */
static void *work(void *ctx)
{
    worker *w = (worker *)ctx;
    const tlsc_store *s = w->store;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        test_key k = key_of(i);
        uint32_t got = 0;
        size_t n;
        bool later;
        if (s->take(s->ctx, tlsc_bytes_of(k.b, sizeof(k.b)), (uint8_t *)&got, 4, &n, &later) !=
            TLSC_OK) {
            w->failed++;
        } else if (n > 0) {
            w->failed += got != i;
            atomic_fetch_add(&taken[i], 1);
        }
        uint32_t own = ROUNDS + w->number * ROUNDS + i;
        k = key_of(own);
        tlsc_bytes key = tlsc_bytes_of(k.b, sizeof(k.b));
        w->failed += s->put(s->ctx, key, tlsc_bytes_of(&own, 4), 60) != TLSC_OK;
        w->failed += s->get(s->ctx, key, (uint8_t *)&got, 4, &n, &later) != TLSC_OK;
        w->failed += n != 0 && got != own; /* it may have given way already */
    }
    return NULL;
}

static void of_takes_in_many_threads_one_gets_the_value(void **state)
{
    (void)state;
    tlsc_memory_store *store = open_store(THREADS * ROUNDS * 2);
    tlsc_store s = tlsc_memory_store_as_store(store);
    worker workers[THREADS];
    for (uint32_t i = 0; i < ROUNDS; i++) {
        atomic_store(&taken[i], 0);
        put_number(&s, i);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        workers[i] = (worker){ .store = &s, .number = i };
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        assert_int_equal(workers[i].failed, 0);
    }
    for (size_t i = 0; i < ROUNDS; i++) {
        assert_int_equal(atomic_load(&taken[i]), 1);
    }
    assert_int_equal(tlsc_memory_store_len(store), THREADS * ROUNDS);
    tlsc_memory_store_free(store);
}

/* ---- memory ---- */

static void every_allocation_may_fail(void **state)
{
    (void)state;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    tlsc_memory_store *store = NULL;
    tlsc_err rc = TLSC_E_NO_MEMORY;
    unsigned failures = 0;
    for (uint64_t n = 1; rc != TLSC_OK; n++) {
        tlsc_mem_fail_at(n, false);
        rc = tlsc_memory_store_new(1000, now_ms, &now, &store);
        if (rc == TLSC_OK) {
            tlsc_store s = tlsc_memory_store_as_store(store);
            tlsc_mem_fail_at(0, false);
            put_number(&s, 1);
            tlsc_mem_fail_at(1, false);
            test_key k = key_of(1); /* what was there stays */
            assert_err(s.put(s.ctx, tlsc_bytes_of(k.b, sizeof(k.b)), TEXT("v"), 60),
                       TLSC_E_NO_MEMORY);
            tlsc_mem_fail_at(0, false);
            assert_true(has_number(&s, 1));
            tlsc_memory_store_free(store);
        } else {
            assert_err(rc, TLSC_E_NO_MEMORY);
            assert_null(store);
            failures++;
        }
        tlsc_mem_fail_at(0, false);
        tlsc_mem_get_stats(&after);
        assert_int_equal(after.live, before.live);
    }
    assert_true(failures > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_copied_and_stays_until_it_is_taken),
        cmocka_unit_test(keys_of_every_length_are_told_apart),
        cmocka_unit_test(putting_a_key_again_replaces_its_value),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(nothing_is_given_out_past_its_lifetime),
        cmocka_unit_test(the_oldest_gives_way_and_only_when_it_is_full),
        cmocka_unit_test(a_store_of_one_keeps_the_newest),
        cmocka_unit_test(a_large_store_agrees_with_a_plain_list),
        cmocka_unit_test(capacity_is_rounded_up_to_whole_shards),
        cmocka_unit_test(of_takes_in_many_threads_one_gets_the_value),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
