/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench_crl.h: what a large CRL costs. */
#ifndef TLSC_BENCH_CRL_H
#define TLSC_BENCH_CRL_H

#include "report.h"

/* Makes a CRL of 1.5 million entries, loads it as DER and as PEM, looks numbers up in it. Returns false
 * where it took as much memory as it mustn't: 60 MB afterwards, 200 MB meanwhile. */
bool bench_crl(report *r);

#endif
