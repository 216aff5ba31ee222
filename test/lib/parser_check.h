/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/parser_check.h: a parser and its opposites, for every message in the same way. */
#ifndef TEST_LIB_PARSER_CHECK_H
#define TEST_LIB_PARSER_CHECK_H

#include "base/buf.h"

/* Parses a body and, if that went well, writes it again to `again`. */
typedef tlsc_err (*parser_under_test)(tlsc_bytes body, tlsc_buf *again);

typedef struct parser_case {
    parser_under_test parse;
    tlsc_bytes good;
    size_t also_good; /* a length at which a truncated body is good too; 0: there is none */
    bool any_order;   /* what is written may differ from what was read, if it reads the same: then
                         what   is written of that is compared */
} parser_case;

/* Checks that `good` is written as it was read; that each truncation of it, and it with a byte
 * more, is refused; and that with any one bit changed it is refused or written as it was read. Each
 * input lies in a block of its own, so that a sanitizer sees a read beyond its ends. */
void parser_check(const parser_case *c);

#endif
