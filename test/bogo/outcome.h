/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/outcome.h: how a run of the shim ends, in the runner's words. */
#ifndef BOGO_OUTCOME_H
#define BOGO_OUTCOME_H

/* Exit statuses that the runner knows. A TLS failure is OUTCOME_FAILED with one line `:NAME:` of
 * errors.def on standard error; the runner says whether it was the one that the test wants. */
enum {
    OUTCOME_PASSED = 0,
    OUTCOME_FAILED = 1,
    OUTCOME_NOT_IMPLEMENTED = 89,
    OUTCOME_BROKEN = 90 /* fails the test whatever it wants */
};

/* Ends the run: the test needs something that tlscore hasn't. `class` is "later" or "refused",
 * `what` the thing. The two go as a line to the file that $BOGO_SKIPS names, for test/bogo/run. */
_Noreturn void outcome_skip(const char *class, const char *what);

/* Ends the run: an expectation of the test doesn't hold, or tlscore or the shim went wrong in a way
 * that must not pass for the failure a test waits for. */
_Noreturn void outcome_broken(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From here on a crash ends the run as OUTCOME_BROKEN: the runner takes death by a signal for an
 * ordinary failure. Sanitizers keep their own handlers; test/bogo/run gives them this status. */
void outcome_watch_crashes(void);

#endif
