/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/outcome.c: the shim's ways out. */
#include "outcome.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void outcome_skip(const char *class, const char *what)
{
    const char *path = getenv("BOGO_SKIPS");
    int fd = path != NULL ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644) : -1;

    if (fd >= 0) {
        char line[160];
        int n = snprintf(line, sizeof(line), "%s: %s\n", class, what);

        /* one write: several shims append at once */
        if (n > 0 && (size_t)n < sizeof(line) && write(fd, line, (size_t)n) != n) {
            perror(path);
        }
        close(fd);
    }
    _exit(OUTCOME_NOT_IMPLEMENTED);
}

_Noreturn void outcome_broken(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("shim: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    _exit(OUTCOME_BROKEN);
}

#if defined(__SANITIZE_ADDRESS__)
#define OWN_HANDLERS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OWN_HANDLERS 0
#endif
#endif
#ifndef OWN_HANDLERS
#define OWN_HANDLERS 1
#endif

static void on_crash(int sig)
{
    static const char text[] = "shim: crashed\n";

    (void)sig;
    if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0) {
        _exit(OUTCOME_BROKEN);
    }
    _exit(OUTCOME_BROKEN);
}

void outcome_watch_crashes(void)
{
    static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

    for (size_t i = 0; OWN_HANDLERS && i < sizeof(crashes) / sizeof(crashes[0]); i++) {
        signal(crashes[i], on_crash);
    }
    signal(SIGPIPE, SIG_IGN);
}
