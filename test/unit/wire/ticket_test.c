/* SPDX-License-Identifier: Apache-2.0 */
/* wire/ticket_test.c: NewSessionTicket and the bounds of its vectors. */
#include "unit.h"

#include <string.h>

#include "parser_check.h"
#include "wire/ticket.h"

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_ticket13 t;
    tlsc_err rc = tlsc_ticket13_parse(&t, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_ticket13_emit(&w, &t);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

static void a_ticket_is_read_and_written(void **state)
{
    (void)state;
    tlsc_ticket13 t;
    tlsc_bytes good = BYTES(0, 1, 0x51, 0x80, 0xde, 0xad, 0xbe, 0xef, 2, 7, 8, 0, 3, 'a', 'b', 'c',
                            0, 8, 0, 42, 0, 4, 0, 0, 4, 0);
    parser_check(&(parser_case){ .parse = parse, .good = good });
    assert_ok(tlsc_ticket13_parse(&t, good));
    assert_int_equal(t.lifetime_s, 86400);
    assert_int_equal(t.age_add, 0xdeadbeef);
    assert_bytes_equal(t.nonce, BYTES(7, 8));
    assert_bytes_equal(t.ticket, TEXT("abc"));
    assert_bytes_equal(t.extensions, BYTES(0, 42, 0, 4, 0, 0, 4, 0));
}

/* ticket_nonce<0..255>, ticket<1..2^16-1>, extensions<0..2^16-2> */
static void each_vector_keeps_its_bounds(void **state)
{
    (void)state;
    static uint8_t zeros[65535];
    static const struct {
        size_t nonce, ticket, extensions;
        tlsc_err expected;
    } rows[] = {
        { 0, 1, 0, TLSC_OK },           { 255, 1, 0, TLSC_OK },     { 0, 65535, 0, TLSC_OK },
        { 0, 1, 65534, TLSC_OK },       { 0, 0, 0, TLSC_E_DECODE }, { 255, 0, 8, TLSC_E_DECODE },
        { 0, 1, 65535, TLSC_E_DECODE },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_ticket13 t = { .nonce = { zeros, rows[i].nonce },
                            .ticket = { zeros, rows[i].ticket },
                            .extensions = { zeros, rows[i].extensions } };
        tlsc_ticket13 again;
        tlsc_buf body = tlsc_buf_of(1 << 18);
        tlsc_wr w = tlsc_wr_of(&body);
        tlsc_ticket13_emit(&w, &t);
        assert_ok(tlsc_wr_end(&w));
        assert_err(tlsc_ticket13_parse(&again, tlsc_buf_bytes(&body)), rows[i].expected);
        tlsc_buf_clear(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_is_read_and_written),
        cmocka_unit_test(each_vector_keeps_its_bounds),
    };
    return cmocka_run_group_tests_name("ticket", tests, NULL, NULL);
}
