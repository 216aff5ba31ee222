/* SPDX-License-Identifier: Apache-2.0 */
/* wire/key_exchange12_test.c: TLS 1.2's own messages, each with its opposites. */
#include "wire/key_exchange12.h"

#include "base/try.h"
#include "parser_check.h"
#include "unit.h"

/* Parsers for parser_check: what was read is written again. */

static tlsc_err parse_ske(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_server_key_exchange ske;
    TRY(tlsc_server_key_exchange_parse(&ske, body));
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_server_key_exchange_emit(&w, &ske);
    return tlsc_wr_end(&w);
}

static tlsc_err parse_cke(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_bytes point;
    TRY(tlsc_client_key_exchange_parse(&point, body));
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_client_key_exchange_emit(&w, point);
    return tlsc_wr_end(&w);
}

static tlsc_err parse_certificate(tlsc_bytes body, tlsc_buf *again)
{
    enum { CHAIN_MAX = 8 };
    tlsc_bytes list, chain[CHAIN_MAX];
    size_t num = 0;
    TRY(tlsc_certificate12_parse(&list, body));
    tlsc_rd r = tlsc_rd_of(list);
    while (tlsc_rd_more(&r)) {
        assert_true(num < CHAIN_MAX);
        chain[num++] = tlsc_rd_vec24(&r, 1, 0xffffff);
    }
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_certificate12_emit(&w, chain, num);
    return tlsc_wr_end(&w);
}

static tlsc_err parse_ticket(tlsc_bytes body, tlsc_buf *again)
{
    uint32_t lifetime;
    tlsc_bytes ticket;
    TRY(tlsc_ticket12_parse(&lifetime, &ticket, body));
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_ticket12_emit(&w, lifetime, ticket);
    return tlsc_wr_end(&w);
}

static void check(parser_under_test parse, tlsc_bytes good)
{
    parser_check(&(parser_case){ .parse = parse, .good = good });
}

static tlsc_err refused(parser_under_test parse, tlsc_bytes body)
{
    tlsc_buf again = tlsc_buf_of(256);
    tlsc_err rc = parse(body, &again);
    tlsc_buf_clear(&again);
    return rc;
}

static void server_key_exchange(void **state)
{
    (void)state;
    tlsc_server_key_exchange in = { .group = 0x1d, .point = TEXT("a point"),
                                    .scheme = 0x0403, .signature = TEXT("a signature") };
    tlsc_buf body = tlsc_buf_of(512);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_server_key_exchange_emit(&w, &in);
    assert_ok(tlsc_wr_end(&w));
    tlsc_server_key_exchange out;
    assert_ok(tlsc_server_key_exchange_parse(&out, tlsc_buf_bytes(&body)));
    assert_int_equal(out.group, in.group);
    assert_int_equal(out.scheme, in.scheme);
    assert_bytes_equal(out.point, in.point);
    assert_bytes_equal(out.signature, in.signature);
    /* what is signed is all in front of the scheme */
    assert_bytes_equal(out.params, tlsc_bytes_of(body.p, 1 + 2 + 1 + in.point.n));
    check(parse_ske, tlsc_buf_bytes(&body));
    body.p[0] = 2; /* an explicit curve */
    assert_err(refused(parse_ske, tlsc_buf_bytes(&body)), TLSC_E_DECODE);
    tlsc_buf_clear(&body);
}

static void client_key_exchange(void **state)
{
    (void)state;
    check(parse_cke, BYTES(3, 1, 2, 3));
    assert_err(refused(parse_cke, BYTES(0)), TLSC_E_DECODE); /* opaque point<1..2^8-1> */
    tlsc_buf body = tlsc_buf_of(16);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_client_key_exchange_emit(&w, BYTES(1, 2, 3));
    assert_ok(tlsc_wr_end(&w));
    assert_bytes_equal(tlsc_buf_bytes(&body), BYTES(3, 1, 2, 3));
    tlsc_buf_clear(&body);
}

static void certificate(void **state)
{
    (void)state;
    const tlsc_bytes chain[] = { BYTES(1, 2, 3), BYTES(4) };
    tlsc_bytes wire = BYTES(0, 0, 10, 0, 0, 3, 1, 2, 3, 0, 0, 1, 4);
    tlsc_buf body = tlsc_buf_of(64);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_certificate12_emit(&w, chain, 2);
    assert_ok(tlsc_wr_end(&w));
    assert_bytes_equal(tlsc_buf_bytes(&body), wire);
    tlsc_buf_clear(&body);
    check(parse_certificate, wire);
    check(parse_certificate, BYTES(0, 0, 0));
    /* an empty one */
    assert_err(refused(parse_certificate, BYTES(0, 0, 3, 0, 0, 0)), TLSC_E_DECODE);
}

static void ticket(void **state)
{
    (void)state;
    tlsc_bytes wire = BYTES(0, 0, 1, 0, 0, 2, 8, 9);
    tlsc_buf body = tlsc_buf_of(64);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_ticket12_emit(&w, 256, BYTES(8, 9));
    assert_ok(tlsc_wr_end(&w));
    assert_bytes_equal(tlsc_buf_bytes(&body), wire);
    tlsc_buf_clear(&body);
    check(parse_ticket, wire);
    check(parse_ticket, BYTES(0, 0, 0, 0, 0, 0)); /* RFC 5077 3.3: none after all */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_key_exchange),
        cmocka_unit_test(client_key_exchange),
        cmocka_unit_test(certificate),
        cmocka_unit_test(ticket),
    };
    return cmocka_run_group_tests_name("key_exchange12", tests, NULL, NULL);
}
