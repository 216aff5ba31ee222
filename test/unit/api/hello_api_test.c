/* SPDX-License-Identifier: Apache-2.0 */
/* api/hello_api_test.c: what the owner of a server can ask of a ClientHello. */
#include "unit.h"

#include "hand_peer.h"
#include "tlscore/hello.h"

static const hand_hello example = {
    .suites = { (const uint8_t *)"\x13\x03\x0a\x0a\x13\x01", 6 },
    .versions = { (const uint8_t *)"\x3a\x3a\x03\x04\x03\x03", 6 },
    .groups = { (const uint8_t *)"\x00\x1d\x00\x17", 4 },
    .schemes = { (const uint8_t *)"\x08\x04\x04\x03", 4 },
    .alpn = { (const uint8_t *)"\x02h2\x08http/1.1", 12 },
    .server_name = { (const uint8_t *)"A.test", 6 },
};

static void lists_are_walked_in_the_clients_order(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_CONFIG, &example);
    const tlsc_hello *h = tlsc_conn_hello(p.conn);
    uint16_t v;
    static const uint16_t suites[] = { 0x1303, 0x0a0a, 0x1301 };
    static const uint16_t versions[] = { 0x3a3a, 0x0304, 0x0303 };
    for (size_t i = 0; i < 3; i++) {
        assert_true(tlsc_hello_suite_at(h, i, &v));
        assert_int_equal(v, suites[i]);
        assert_true(tlsc_hello_offers_suite(h, v));
        assert_true(tlsc_hello_version_at(h, i, &v));
        assert_int_equal(v, versions[i]);
        assert_true(tlsc_hello_offers_version(h, v));
    }
    assert_false(tlsc_hello_suite_at(h, 3, &v));
    assert_false(tlsc_hello_version_at(h, 3, &v));
    assert_true(tlsc_hello_group_at(h, 1, &v));
    assert_int_equal(v, 0x17);
    assert_false(tlsc_hello_group_at(h, 2, &v));
    assert_true(tlsc_hello_scheme_at(h, 0, &v));
    assert_int_equal(v, 0x0804);
    assert_false(tlsc_hello_scheme_at(h, 2, &v));
    assert_true(tlsc_hello_offers_group(h, 0x1d));
    assert_false(tlsc_hello_offers_group(h, 0x18));
    assert_true(tlsc_hello_offers_scheme(h, 0x0403));
    assert_false(tlsc_hello_offers_scheme(h, 0x0401));
    assert_false(tlsc_hello_offers_suite(h, 0x1302));
    assert_false(tlsc_hello_offers_version(h, 0x0302));
    assert_bytes_equal(tlsc_hello_server_name(h), TEXT("a.test"));
    hand_peer_close(&p);
}

static void protocols_are_walked_to_their_end(void **state)
{
    (void)state;
    hand_peer p;
    hand_peer_open(&p, AT_CONFIG, &example);
    const tlsc_hello *h = tlsc_conn_hello(p.conn);
    size_t at = 0;
    tlsc_bytes name;
    assert_true(tlsc_hello_alpn_next(h, &at, &name));
    assert_bytes_equal(name, TEXT("h2"));
    assert_true(tlsc_hello_alpn_next(h, &at, &name));
    assert_bytes_equal(name, TEXT("http/1.1"));
    assert_false(tlsc_hello_alpn_next(h, &at, &name));
    assert_int_equal(name.n, 0);
    assert_false(tlsc_hello_alpn_next(h, &at, &name));
    hand_peer_close(&p);
    /* none offered */
    hand_peer_open(&p, AT_CONFIG, NULL);
    at = 0;
    assert_false(tlsc_hello_alpn_next(tlsc_conn_hello(p.conn), &at, &name));
    assert_int_equal(tlsc_hello_server_name(tlsc_conn_hello(p.conn)).n, 0);
    hand_peer_close(&p);
}

/* Without the extension a client offers what its legacy_version says, and never TLS 1.3. */
static void without_the_extension_the_legacy_version_counts(void **state)
{
    (void)state;
    static const struct {
        uint16_t legacy;
        uint16_t offered;
    } rows[] = { { 0x0301, 0x0301 }, { 0x0303, 0x0303 }, { 0x0304, 0x0303 }, { 0xffff, 0x0303 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        hand_peer p;
        uint16_t v;
        hand_hello hello = { .no_versions = true, .legacy_version = rows[i].legacy };
        hand_peer_open(&p, AT_CONFIG, &hello);
        const tlsc_hello *h = tlsc_conn_hello(p.conn);
        assert_true(tlsc_hello_version_at(h, 0, &v));
        assert_int_equal(v, rows[i].offered);
        assert_false(tlsc_hello_version_at(h, 1, &v));
        assert_true(tlsc_hello_offers_version(h, rows[i].offered));
        assert_false(tlsc_hello_offers_version(h, TLSC_TLS13));
        hand_peer_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_walked_in_the_clients_order),
        cmocka_unit_test(protocols_are_walked_to_their_end),
        cmocka_unit_test(without_the_extension_the_legacy_version_counts),
    };
    return cmocka_run_group_tests_name("hello_api", tests, hand_sites_open, hand_sites_close);
}
