/* SPDX-License-Identifier: Apache-2.0 */
/* keys/key_log_test.c: lines as NSS's key log format has them. */
#include "unit.h"

#include <string.h>

#include "keys/key_log.h"

typedef struct lines {
    char text[512];
    size_t n;
    unsigned num;
} lines;

static void write_line(void *ctx, const char *line, size_t n)
{
    lines *l = (lines *)ctx;
    assert_true(n < sizeof(l->text));
    memcpy(l->text, line, n);
    l->text[n] = 0;
    l->n = n;
    l->num++;
}

static const uint8_t random_bytes[32] = { 0x00, 0x01, 0xab, 0xff };

static void a_line_is_label_random_and_secret_in_hex(void **state)
{
    (void)state;
    lines l = { .num = 0 };
    tlsc_key_log log = { write_line, &l };
    tlsc_secret secret = { .b = { 0xde, 0xad, 0x0f }, .n = 3 };
    tlsc_key_log_line(&log, "EXPORTER_SECRET", random_bytes, &secret);
    assert_string_equal(l.text, "EXPORTER_SECRET "
                                "0001abff00000000000000000000000000000000000000000000000000000000 "
                                "dead0f");
    assert_int_equal(l.num, 1);
    assert_null(memchr(l.text, '\n', l.n));
}

static void the_longest_line_fits(void **state)
{
    (void)state;
    lines l = { .num = 0 };
    tlsc_key_log log = { write_line, &l };
    tlsc_secret secret = { .n = 64 };
    static const char label[] = "0123456789012345678901234567890123456789";
    tlsc_key_log_line(&log, label, random_bytes, &secret);
    assert_int_equal(l.n, 40 + 1 + 64 + 1 + 128);
    /* a longer label is none of NSS's: nothing is written rather than half of it */
    tlsc_key_log_line(&log, "01234567890123456789012345678901234567890", random_bytes, &secret);
    assert_int_equal(l.num, 1);
}

static void without_a_writer_nothing_happens(void **state)
{
    (void)state;
    tlsc_key_log log = { NULL, NULL };
    tlsc_secret secret = { .n = 64 };
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    tlsc_key_log_line(&log, "X", random_bytes, &secret);
    tlsc_mem_get_stats(&after);
    assert_int_equal(before.allocations, after.allocations);
    assert_int_equal(secret.n, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_label_random_and_secret_in_hex),
        cmocka_unit_test(the_longest_line_fits),
        cmocka_unit_test(without_a_writer_nothing_happens),
    };
    return cmocka_run_group_tests_name("key_log", tests, NULL, NULL);
}
