/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/parser_check.c: truncated, extended, with a bit changed. */
#include "parser_check.h"

#include <string.h>

#include "unit.h"

enum { AGAIN_MAX = 1 << 20 };

static tlsc_err parse_copy(const parser_case *c, tlsc_bytes body, tlsc_buf *again)
{
    uint8_t *copy = test_copy(body);
    again->n = 0;
    tlsc_err rc = c->parse((tlsc_bytes){ copy, body.n }, again);
    tlsc_mem_free(copy);
    return rc;
}

static void writes_the_same(const parser_case *c, tlsc_bytes body, tlsc_buf *again)
{
    if (c->any_order) {
        tlsc_buf third = tlsc_buf_of(AGAIN_MAX);
        assert_ok(parse_copy(c, tlsc_buf_bytes(again), &third));
        assert_bytes_equal(tlsc_buf_bytes(&third), tlsc_buf_bytes(again));
        tlsc_buf_clear(&third);
        return;
    }
    assert_bytes_equal(tlsc_buf_bytes(again), body);
}

static void truncated_is_refused(const parser_case *c, tlsc_buf *again)
{
    for (size_t n = 0; n < c->good.n; n++) {
        tlsc_err rc = parse_copy(c, tlsc_bytes_of(c->good.p, n), again);
        if (n == c->also_good && n > 0) {
            assert_ok(rc);
        } else if (rc == TLSC_OK) {
            fail_msg("%zu of %zu bytes are accepted", n, c->good.n);
        }
    }
}

static void extended_is_refused(const parser_case *c, tlsc_buf *again)
{
    tlsc_buf more = tlsc_buf_of(c->good.n + 1);
    assert_ok(tlsc_buf_append(&more, c->good));
    assert_ok(tlsc_buf_append(&more, BYTES(0)));
    assert_true(parse_copy(c, tlsc_buf_bytes(&more), again) != TLSC_OK);
    tlsc_buf_clear(&more);
}

static void changed_is_refused_or_written_the_same(const parser_case *c, tlsc_buf *again)
{
    uint8_t *changed = test_copy(c->good);
    for (size_t bit = 0; bit < 8 * c->good.n; bit++) {
        changed[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        tlsc_bytes body = { changed, c->good.n };
        if (parse_copy(c, body, again) == TLSC_OK) {
            writes_the_same(c, body, again);
        }
        changed[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    tlsc_mem_free(changed);
}

void parser_check(const parser_case *c)
{
    tlsc_buf again = tlsc_buf_of(AGAIN_MAX);
    assert_ok(parse_copy(c, c->good, &again));
    writes_the_same(c, c->good, &again);
    truncated_is_refused(c, &again);
    extended_is_refused(c, &again);
    changed_is_refused_or_written_the_same(c, &again);
    tlsc_buf_clear(&again);
}
