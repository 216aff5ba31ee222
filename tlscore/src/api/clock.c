/* SPDX-License-Identifier: Apache-2.0 */
/* api/clock.c: the system's clock, for callers who have no other. */
#include <time.h>

#include "tlscore/conn.h"

int64_t tlsc_wall_ms(void *ctx)
{
    struct timespec t = { 0 };
    (void)ctx;
    (void)clock_gettime(CLOCK_REALTIME, &t); /* fails for unknown clocks alone */
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
