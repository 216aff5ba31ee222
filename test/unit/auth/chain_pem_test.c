/* SPDX-License-Identifier: Apache-2.0 */
/* auth/chain_pem_test.c: lists of certificates from PEM text. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tlscore/cert.h"

#define BLOCK(label, text) "-----BEGIN " label "-----\n" text "\n-----END " label "-----\n"
#define ONE BLOCK("CERTIFICATE", "AQID")
#define TWO BLOCK("X509 CERTIFICATE", "BAUGBw==")

static tlsc_err chain_of(const char *text, const tlsc_chain **out, tlsc_cert_where *where)
{
    return tlsc_chain_from_pem((tlsc_bytes){ (const uint8_t *)text, strlen(text) }, out, where);
}

static void certificates_come_in_the_order_of_the_text(void **state)
{
    (void)state;
    const tlsc_chain *chain;
    tlsc_cert_where where;
    assert_ok(chain_of("subject=x\n" ONE BLOCK("PRIVATE KEY", "AAAA") TWO ONE, &chain, &where));
    assert_int_equal(tlsc_chain_len(chain), 3);
    assert_bytes_equal(tlsc_chain_certificate(chain, 0), BYTES(1, 2, 3));
    assert_bytes_equal(tlsc_chain_certificate(chain, 1), BYTES(4, 5, 6, 7));
    assert_bytes_equal(tlsc_chain_certificate(chain, 2), BYTES(1, 2, 3));
    assert_int_equal(where.block, 0);
    tlsc_chain_free(chain);
    assert_ok(chain_of(ONE, &chain, NULL));
    assert_int_equal(tlsc_chain_len(chain), 1);
    tlsc_chain_free(chain);
}

static void a_text_without_certificates_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "text", BLOCK("PRIVATE KEY", "AAAA"),
                                         BLOCK("TRUSTED CERTIFICATE", "AQID") };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const tlsc_chain *chain;
        assert_err(chain_of(texts[i], &chain, NULL), TLSC_E_NO_PEM_CERTIFICATE);
        assert_null(chain);
    }
}

static void a_damaged_block_is_told(void **state)
{
    (void)state;
    static const char *const texts[] = {
        ONE BLOCK("CERTIFICATE", "AQI"), ONE BLOCK("CERTIFICATE", "A*ID"), ONE BLOCK("CERTIFICATE", ""),
        ONE "-----BEGIN CERTIFICATE-----\nAQID\n",
        ONE "-----BEGIN CERTIFICATE-----\nAQID\n-----END PRIVATE KEY-----\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const tlsc_chain *chain;
        tlsc_cert_where where;
        assert_err(chain_of(texts[i], &chain, &where), TLSC_E_PEM);
        assert_null(chain);
        assert_int_equal(where.block, 2);
        assert_int_equal(where.line, 4);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const tlsc_chain *chain;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_err rc = TLSC_E_NO_MEMORY;
    unsigned failed = 0;
    tlsc_mem_get_stats(&before);
    for (uint64_t n = 1; rc != TLSC_OK; n++) {
        tlsc_mem_fail_at(n, false);
        rc = chain_of(ONE TWO, &chain, NULL);
        failed += rc == TLSC_E_NO_MEMORY ? 1 : 0;
        assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY);
    }
    tlsc_mem_fail_at(0, false);
    tlsc_chain_free(chain);
    tlsc_mem_get_stats(&after);
    assert_int_equal(failed, 3);
    assert_int_equal(before.live, after.live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_come_in_the_order_of_the_text),
        cmocka_unit_test(a_text_without_certificates_is_none),
        cmocka_unit_test(a_damaged_block_is_told),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
