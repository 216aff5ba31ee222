/* SPDX-License-Identifier: Apache-2.0 */
/* x509/work.h: work that a chain makes, counted down. */
#ifndef TLSC_X509_WORK_H
#define TLSC_X509_WORK_H

#include "tlscore/trust.h"

typedef struct tlsc_work {
    tlsc_verify_budget left;
    bool exhausted; /* something was asked for that wasn't left */
} tlsc_work;

/* Takes `n` of one of w->left; false, and for good, if there isn't as much. */
static inline bool tlsc_work_take(tlsc_work *w, uint32_t *left, size_t n)
{
    if (w->exhausted || n > *left) {
        w->exhausted = true;
        return false;
    }
    *left -= (uint32_t)n;
    return true;
}

#endif
