/* SPDX-License-Identifier: Apache-2.0 */
/* wire/key_exchange12_test.c: TLS 1.2's own messages, each with its opposites. */
#include "wire/key_exchange12.h"

#include <string.h>

#include "unit.h"

typedef tlsc_err (*parse_fn)(tlsc_bytes body);

static tlsc_err parse_ske(tlsc_bytes body)
{
    tlsc_server_key_exchange ske;
    return tlsc_server_key_exchange_parse(&ske, body);
}

static tlsc_err parse_cke(tlsc_bytes body)
{
    tlsc_bytes point;
    return tlsc_client_key_exchange_parse(&point, body);
}

static tlsc_err parse_certificate(tlsc_bytes body)
{
    tlsc_bytes list;
    return tlsc_certificate12_parse(&list, body);
}

static tlsc_err parse_ticket(tlsc_bytes body)
{
    uint32_t lifetime;
    tlsc_bytes ticket;
    return tlsc_ticket12_parse(&lifetime, &ticket, body);
}

/* A good body parses; cut anywhere or with a byte more it doesn't. `cuts`: lengths that are good too. */
static void expect_exact(parse_fn parse, tlsc_bytes body, size_t also_good)
{
    assert_ok(parse(body));
    for (size_t n = 0; n < body.n; n++) {
        uint8_t *cut = test_copy(tlsc_bytes_of(body.p, n));
        tlsc_err rc = parse(tlsc_bytes_of(cut, n));
        tlsc_mem_free(cut);
        assert_err(rc, n == also_good ? TLSC_OK : TLSC_E_DECODE);
    }
    uint8_t more[512];
    assert_true(body.n < sizeof(more));
    memcpy(more, body.p, body.n);
    more[body.n] = 0;
    assert_err(parse(tlsc_bytes_of(more, body.n + 1)), TLSC_E_DECODE);
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
    expect_exact(parse_ske, tlsc_buf_bytes(&body), SIZE_MAX);
    body.p[0] = 2; /* an explicit curve */
    assert_err(parse_ske(tlsc_buf_bytes(&body)), TLSC_E_DECODE);
    tlsc_buf_clear(&body);
}

static void client_key_exchange(void **state)
{
    (void)state;
    expect_exact(parse_cke, BYTES(3, 1, 2, 3), SIZE_MAX);
    assert_err(parse_cke(BYTES(0)), TLSC_E_DECODE); /* opaque point<1..2^8-1> */
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
    expect_exact(parse_certificate, wire, SIZE_MAX);
    assert_ok(parse_certificate(BYTES(0, 0, 0)));
    assert_err(parse_certificate(BYTES(0, 0, 3, 0, 0, 0)), TLSC_E_DECODE); /* an empty one */
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
    expect_exact(parse_ticket, wire, SIZE_MAX);
    assert_ok(parse_ticket(BYTES(0, 0, 0, 0, 0, 0))); /* RFC 5077 3.3: none after all */
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
