/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include "tlscore/conn.h"
#include "unit.h"

static void the_clock_is_the_systems_in_milliseconds(void **state)
{
    (void)state;
    struct timespec before, after;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &before), 0);
    int64_t now = tlsc_wall_ms(NULL);
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &after), 0);
    assert_true(now >= (int64_t)before.tv_sec * 1000 + before.tv_nsec / 1000000);
    assert_true(now <= (int64_t)after.tv_sec * 1000 + after.tv_nsec / 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_is_the_systems_in_milliseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
