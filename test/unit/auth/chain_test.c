/* SPDX-License-Identifier: Apache-2.0 */
/* auth/chain_test.c: counted lists of certificates. */
#include "unit.h"

#include "tlscore/verify.h"

static void a_chain_is_a_copy(void **state)
{
    (void)state;
    uint8_t one[] = { 1, 2, 3 };
    const tlsc_bytes list[] = { { one, sizeof(one) }, TEXT("second") };
    const tlsc_chain *chain;
    assert_ok(tlsc_chain_new(list, 2, &chain));
    one[0] = 9;
    assert_int_equal(tlsc_chain_len(chain), 2);
    assert_bytes_equal(tlsc_chain_certificate(chain, 0), BYTES(1, 2, 3));
    assert_bytes_equal(tlsc_chain_certificate(chain, 1), TEXT("second"));
    assert_int_equal(tlsc_chain_certificate(chain, 2).n, 0);
    assert_int_equal(tlsc_chain_certificate(chain, SIZE_MAX).n, 0);
    tlsc_chain_free(chain);
}

static void the_last_reference_frees_it(void **state)
{
    (void)state;
    const tlsc_bytes der = BYTES(1);
    const tlsc_chain *chain;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    assert_ok(tlsc_chain_new(&der, 1, &chain));
    assert_ptr_equal(tlsc_chain_ref(chain), chain);
    tlsc_chain_free(chain);
    assert_bytes_equal(tlsc_chain_certificate(chain, 0), der);
    tlsc_chain_free(chain);
    tlsc_mem_get_stats(&after);
    assert_int_equal(before.live, after.live);
    tlsc_chain_free(NULL);
}

static void nothing_is_no_chain(void **state)
{
    (void)state;
    const tlsc_bytes list[] = { BYTES(1), { NULL, 0 } };
    const tlsc_bytes huge[] = { { (const uint8_t *)"", SIZE_MAX }, BYTES(1) };
    const tlsc_chain *chain;
    assert_err(tlsc_chain_new(NULL, 0, &chain), TLSC_E_USAGE);
    assert_null(chain);
    assert_err(tlsc_chain_new(list, 2, &chain), TLSC_E_USAGE);
    assert_err(tlsc_chain_new(huge, 2, &chain), TLSC_E_USAGE);
    assert_err(tlsc_chain_new(list, SIZE_MAX / sizeof(tlsc_bytes), &chain), TLSC_E_USAGE);
    tlsc_mem_fail_at(1, false);
    assert_err(tlsc_chain_new(list, 1, &chain), TLSC_E_NO_MEMORY);
    tlsc_mem_fail_at(0, false);
    assert_null(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_is_a_copy),
        cmocka_unit_test(the_last_reference_frees_it),
        cmocka_unit_test(nothing_is_no_chain),
    };
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
