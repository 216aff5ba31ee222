/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hex.h: bytes as RFCs print them. */
#ifndef TEST_LIB_HEX_H
#define TEST_LIB_HEX_H

#include "base/buf.h"

/* Decodes hexadecimal digits; blanks are skipped. Fails the test if it is none. The buffer may take
 * some 1,000 bytes more; the caller clears it. */
tlsc_buf test_hex(const char *hex);

/* Fails the test unless `p[0..n)` are the bytes of `hex`. */
void test_expect_hex(const uint8_t *p, size_t n, const char *hex);

#endif
