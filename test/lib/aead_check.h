/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/aead_check.h: what every AEAD must do, and known answers by their names. */
#ifndef TEST_LIB_AEAD_CHECK_H
#define TEST_LIB_AEAD_CHECK_H

#include "tlscore/provider.h"
#include "unit.h"

/* Runs the tests on each of the `num` AEADs; returns how many failed. */
int aead_check(const tlsc_aead *const *list, size_t num);

#endif
