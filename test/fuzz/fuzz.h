/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/fuzz.h: what every fuzzer is made of. */
#ifndef TEST_FUZZ_FUZZ_H
#define TEST_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* libFuzzer calls it with each input; the return value is always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold; a crash is what libFuzzer understands. */
static inline void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

#endif
