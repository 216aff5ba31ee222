/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client13_test.c: our client against our server: every suite, group and shape of a TLS 1.3
 * handshake. */
#include "unit.h"

#include <string.h>

#include "pair.h"

static void every_suite(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
    for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
        tls_site site = { 0 };
        client_site clients = { .suites = &suites[i], .num_suites = 1, .min_version = TLSC_TLS13 };
        pair p;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        tlsc_info info = pair_client_info(&p);
        assert_true(info.client && info.handshake_done && !info.resumed && !info.hello_retry);
        assert_int_equal(info.version, TLSC_TLS13);
        assert_int_equal(info.suite, suites[i]);
        assert_int_equal(info.peer_scheme, TLSC_SIG_ECDSA_P256_SHA256);
        assert_true(info.peer_authenticated && info.extended_master_secret);
        assert_bytes_equal(info.server_name, TEXT("a.test"));
        assert_int_equal(clients.verified, 1);
        assert_string_equal(clients.verified_name, "a.test");
        assert_bytes_equal(pair_server_info(&p).server_name, TEXT("a.test"));
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite),
    };
    return cmocka_run_group_tests_name("client13", tests, NULL, NULL);
}
