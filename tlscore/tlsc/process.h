/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/process.h: what a piece of work costs the process. */
#ifndef TLSC_PROCESS_H
#define TLSC_PROCESS_H

typedef struct process_cost {
    long us;  /* by the clock */
    long kib; /* by how much resident memory grew at most; 0 where the kernel doesn't tell */
} process_cost;

void process_cost_begin(process_cost *c);
void process_cost_end(process_cost *c);

#endif
