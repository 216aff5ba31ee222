/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hash_check.h: what SHA-256, SHA-384 and their HMACs must give, known by their names. */
#ifndef TEST_LIB_HASH_CHECK_H
#define TEST_LIB_HASH_CHECK_H

#include "tlscore/provider.h"
#include "unit.h"

/* Runs the tests on each of the `num` hashes; returns how many failed. */
int hash_check(const tlsc_hash *const *list, size_t num);

#endif
