/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/process.c: what a piece of work costs the process. */
#include "process.h"

#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* Memory as the kernel tells it, "VmRSS:" now or "VmHWM:" the most; 0: it doesn't. */
static long memory_kib(const char *which)
{
    char line[128];
    long kib = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, which, strlen(which)) == 0) {
            kib = atol(line + strlen(which));
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return kib;
}

/* From here on the most is counted anew, proc(5). */
static void forget_peak(void)
{
    FILE *f = fopen("/proc/self/clear_refs", "w");
    if (f != NULL) {
        (void)fputs("5", f);
        (void)fclose(f);
    }
}

void process_cost_begin(process_cost *c)
{
    forget_peak();
    c->kib = memory_kib("VmRSS:");
    c->us = (long)(clock_ms() * 1e3);
}

void process_cost_end(process_cost *c)
{
    c->us = (long)(clock_ms() * 1e3) - c->us;
    c->kib = memory_kib("VmHWM:") - c->kib;
}
