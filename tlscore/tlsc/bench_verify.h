/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench_verify.h: what it costs to verify a certificate chain. */
#ifndef TLSC_BENCH_VERIFY_H
#define TLSC_BENCH_VERIFY_H

#include "report.h"

enum { BENCH_VERIFY_ROWS = 2 };
/* A row's name; NULL beyond the last. */
const char *bench_verify_name(size_t i);
/* Measures a row for about `seconds` of CPU time and tells. Returns false if our own code took memory. */
bool bench_verify(size_t i, double seconds, report *r);

#endif
