/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench_own.h: tlscore as the benchmark runs it. */
#ifndef TLSC_BENCH_OWN_H
#define TLSC_BENCH_OWN_H

#include "bench.h"

extern const bench_library bench_own;

#endif
