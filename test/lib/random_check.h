/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/random_check.h: what a source of random bytes must do, fork included. */
#ifndef TEST_LIB_RANDOM_CHECK_H
#define TEST_LIB_RANDOM_CHECK_H

#include "tlscore/provider.h"
#include "unit.h"

/* Runs the tests; returns how many failed. */
int random_check(const tlsc_random *random);

#endif
