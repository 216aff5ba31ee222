/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/unit.h: cmocka with what it wants included first, and a few words for bytes. */
#ifndef TEST_LIB_UNIT_H
#define TEST_LIB_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/mem.h"

/* A view of literal bytes: BYTES(0x30, 0x00). */
#define BYTES(...)                                                                          \
    ((tlsc_bytes){ (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }) })

/* A view of a string literal, which may hold zeroes. */
#define TEXT(literal) ((tlsc_bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

#define assert_ok(expression) assert_err(expression, TLSC_OK)
#define assert_err(expression, expected) \
    assert_string_equal(tlsc_err_name(expression), tlsc_err_name(expected))

#define assert_bytes_equal(a, b) assert_true(tlsc_bytes_equal(a, b))

/* A copy in a block of its own, so that a sanitizer sees a read beyond either end. Freed by
 * tlsc_mem_free. */
static inline uint8_t *test_copy(tlsc_bytes b)
{
    uint8_t *p = (uint8_t *)tlsc_mem_dup(b);
    assert_non_null(p);
    return p;
}

#endif
