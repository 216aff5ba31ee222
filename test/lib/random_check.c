/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/random_check.c: what a source of random bytes must do. */
#include "random_check.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The program's. */
static const tlsc_random *source;

static void fills_all_of_it_and_no_more(void **state)
{
    (void)state;
    uint8_t seen[64] = { 0 };
    for (int i = 0; i < 100; i++) {
        uint8_t b[66] = { 0 };
        assert_ok(source->fill(source->ctx, b + 1, 64));
        assert_int_equal(b[0], 0);
        assert_int_equal(b[65], 0);
        for (size_t j = 0; j < 64; j++) {
            seen[j] |= b[j + 1];
        }
    }
    for (size_t j = 0; j < 64; j++) {
        assert_int_equal(seen[j], 0xff);
    }
    assert_ok(source->fill(source->ctx, seen, 0));
    assert_ok(source->fill(source->ctx, NULL, 0));
}

/* httpd forks: parent and child must not draw the same bytes. */
static void a_child_draws_other_bytes(void **state)
{
    (void)state;
    uint8_t mine[32];
    uint8_t theirs[32];
    int ends[2];
    assert_ok(source->fill(source->ctx, mine, sizeof(mine)));
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (source->fill(source->ctx, mine, sizeof(mine)) != TLSC_OK ||
            write(ends[1], mine, sizeof(mine)) != (ssize_t)sizeof(mine)) {
            _exit(1);
        }
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(read(ends[0], theirs, sizeof(theirs)), sizeof(theirs));
    assert_ok(source->fill(source->ctx, mine, sizeof(mine)));
    assert_memory_not_equal(mine, theirs, sizeof(mine));
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int random_check(const tlsc_random *random)
{
    source = random;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_all_of_it_and_no_more),
        cmocka_unit_test(a_child_draws_other_bytes),
    };
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
