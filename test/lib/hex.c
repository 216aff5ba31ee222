/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hex.c: hexadecimal to bytes. */
#include "hex.h"

#include <string.h>

#include "unit.h"

enum { ROOM = 1024 };

tlsc_buf test_hex(const char *hex)
{
    static const char digits[] = "0123456789abcdef";
    tlsc_buf b = tlsc_buf_of(strlen(hex) + ROOM);
    unsigned value = 0;
    bool half = false;
    for (; *hex != '\0'; hex++) {
        if (*hex == ' ' || *hex == '\n') {
            continue;
        }
        const char *at = strchr(digits, *hex);
        assert_non_null(at);
        value = value << 4 | (unsigned)(at - digits);
        if (half) {
            uint8_t byte = (uint8_t)value;
            assert_ok(tlsc_buf_append(&b, (tlsc_bytes){ &byte, 1 }));
        }
        half = !half;
    }
    assert_false(half);
    return b;
}

void test_expect_hex(const uint8_t *p, size_t n, const char *hex)
{
    tlsc_buf expected = test_hex(hex);
    assert_int_equal(n, expected.n);
    if (n > 0) {
        assert_memory_equal(p, expected.p, n);
    }
    tlsc_buf_clear(&expected);
}
