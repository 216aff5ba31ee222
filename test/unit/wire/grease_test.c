/* SPDX-License-Identifier: Apache-2.0 */
/* wire/grease_test.c: values and orders that mean nothing. */
#include "wire/grease.h"

#include <string.h>

#include "unit.h"

static bool is_grease(uint16_t v)
{
    return (v & 0x0f0f) == 0x0a0a && v >> 8 == (v & 0xff);
}

static void every_value_is_one_of_the_sixteen(void **state)
{
    (void)state;
    bool seen[16] = { false };
    for (uint64_t seed = 0; seed < 1 << 20; seed += 7) {
        tlsc_grease g = tlsc_grease_of(seed);
        assert_true(is_grease(g.suite) && is_grease(g.group) && is_grease(g.version));
        assert_true(is_grease(g.extensions[0]) && is_grease(g.extensions[1]));
        assert_int_not_equal(g.extensions[0], g.extensions[1]);
        seen[g.suite >> 12] = true;
    }
    for (size_t i = 0; i < 16; i++) {
        assert_true(seen[i]);
        assert_true(is_grease(tlsc_grease_value(i)));
    }
}

/* Extensions as one letter each: what their first byte of contents is, '.' where there is none. */
static void shuffle(tlsc_bytes block, uint64_t seed, bool is_last, char *text)
{
    tlsc_buf out = tlsc_buf_of(1024);
    tlsc_wr w = tlsc_wr_of(&out);
    tlsc_exts_shuffle(&w, block, seed, is_last);
    assert_ok(tlsc_wr_end(&w));
    assert_int_equal(out.n, block.n);
    for (size_t at = 0; at < out.n; at += 4u + out.p[at + 3]) {
        *text++ = out.p[at + 3] > 0 ? (char)out.p[at + 4] : '.';
    }
    *text = 0;
    tlsc_buf_clear(&out);
}

#define EXT(code, letter) 0, code, 0, 1, letter

static void an_order_is_the_seeds(void **state)
{
    (void)state;
    tlsc_bytes all = BYTES(EXT(1, 'a'), EXT(2, 'b'), EXT(3, 'c'), EXT(4, 'd'), EXT(5, 'e'));
    tlsc_bytes some = BYTES(EXT(5, 'e'), EXT(3, 'c'), EXT(9, 'x'), EXT(1, 'a'));
    char first[16];
    char again[16];
    unsigned moved = 0;
    for (uint64_t seed = 1; seed < 200; seed++) {
        shuffle(all, seed, false, first);
        assert_int_equal(strlen(first), 5);
        for (const char *letter = "abcde"; *letter != 0; letter++) {
            assert_non_null(strchr(first, *letter));
        }
        moved += strcmp(first, "abcde") != 0;
        shuffle(all, seed, false, again);
        assert_string_equal(again, first);
        /* another block: what both have stands in the same order */
        shuffle(some, seed, false, again);
        assert_int_equal(strchr(first, 'a') < strchr(first, 'c'),
                         strchr(again, 'a') < strchr(again, 'c'));
        assert_int_equal(strchr(first, 'c') < strchr(first, 'e'),
                         strchr(again, 'c') < strchr(again, 'e'));
    }
    assert_true(moved > 150);
    shuffle((tlsc_bytes){ NULL, 0 }, 1, true, again);
}

static void the_last_one_has_contents(void **state)
{
    (void)state;
    tlsc_bytes block = BYTES(0, 1, 0, 0, EXT(2, 'b'), 0, 3, 0, 0, EXT(4, 'd'), 0, 5, 0, 0);
    tlsc_bytes empty = BYTES(0, 1, 0, 0, 0, 3, 0, 0);
    char text[16];
    bool ended_empty = false;
    for (uint64_t seed = 0; seed < 100; seed++) {
        shuffle(block, seed, true, text);
        assert_int_equal(strlen(text), 5);
        assert_int_not_equal(text[4], '.');
        shuffle(block, seed, false, text);
        ended_empty = ended_empty || text[4] == '.';
        shuffle(empty, seed, true, text);
        assert_string_equal(text, "..");
    }
    assert_true(ended_empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_is_one_of_the_sixteen),
        cmocka_unit_test(an_order_is_the_seeds),
        cmocka_unit_test(the_last_one_has_contents),
    };
    return cmocka_run_group_tests_name("grease", tests, NULL, NULL);
}
