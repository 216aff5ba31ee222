/* SPDX-License-Identifier: Apache-2.0 */
/* wire/ticket_test.c: NewSessionTicket and the bounds of its vectors. */
#include "unit.h"

#include <string.h>

#include "ext_check.h"
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
    /* with a bit changed an extension may become an unknown one, or early data none: neither is written */
    parser_check(&(parser_case){ .parse = parse, .good = good, .any_order = true });
    tlsc_buf again = tlsc_buf_of(256);
    assert_ok(parse(good, &again));
    assert_bytes_equal(tlsc_buf_bytes(&again), good);
    tlsc_buf_clear(&again);
    assert_ok(tlsc_ticket13_parse(&t, good));
    assert_int_equal(t.lifetime_s, 86400);
    assert_int_equal(t.age_add, 0xdeadbeef);
    assert_bytes_equal(t.nonce, BYTES(7, 8));
    assert_bytes_equal(t.ticket, TEXT("abc"));
    assert_int_equal(t.max_early_data, 1024);
    assert_ok(tlsc_ticket13_parse(&t, BYTES(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0)));
    assert_int_equal(t.max_early_data, 0);
}

/* A ticket with vectors of these lengths; the block of extensions as it is. */
static tlsc_err with(size_t nonce, size_t ticket, tlsc_bytes block)
{
    static uint8_t zeros[65535];
    tlsc_ticket13 t;
    tlsc_buf body = tlsc_buf_of(1 << 18);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_u32(&w, 0);
    tlsc_wr_u32(&w, 0);
    tlsc_wr_vec8(&w, tlsc_bytes_of(zeros, nonce));
    tlsc_wr_vec16(&w, tlsc_bytes_of(zeros, ticket));
    tlsc_wr_vec16(&w, block);
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = tlsc_ticket13_parse(&t, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    return rc;
}

/* ticket_nonce<0..255>, ticket<1..2^16-1>, extensions<0..2^16-2> */
static void each_vector_keeps_its_bounds(void **state)
{
    (void)state;
    static uint8_t unknown[65535] = { 0x77, 0x77, 0xff, 0xfa }; /* one extension of 65,530 bytes */
    assert_ok(with(0, 1, TEXT("")));
    assert_ok(with(255, 1, TEXT("")));
    assert_ok(with(0, 65535, TEXT("")));
    assert_err(with(0, 0, TEXT("")), TLSC_E_DECODE);
    assert_err(with(255, 0, BYTES(0, 42, 0, 4, 0, 0, 0, 1)), TLSC_E_DECODE);
    assert_ok(with(0, 1, tlsc_bytes_of(unknown, 65534)));
    unknown[3] = 0xfb;
    assert_err(with(0, 1, tlsc_bytes_of(unknown, 65535)), TLSC_E_DECODE);
}

static tlsc_err with_block(tlsc_bytes block)
{
    return with(8, 32, block);
}

static void each_extension_is_judged(void **state)
{
    (void)state;
    const ext_sample samples[] = { { TLSC_EXTCODE_early_data, BYTES(0, 0, 0, 1), false } };
    ext_check(&(ext_case){
        .parse = with_block, .in = TLSC_IN_NST, .samples = samples, .num_samples = 1 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_is_read_and_written),
        cmocka_unit_test(each_vector_keeps_its_bounds),
        cmocka_unit_test(each_extension_is_judged),
    };
    return cmocka_run_group_tests_name("ticket", tests, NULL, NULL);
}
