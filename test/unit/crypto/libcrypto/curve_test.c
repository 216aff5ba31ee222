/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/ec.h>
#include <openssl/nid.h>

#include "crypto/libcrypto/internal.h"

#include "hex.h"
#include "unit.h"

static const tlsc_curve *const curves[] = { &tlsc_curve_p256, &tlsc_curve_p384, &tlsc_curve_p521 };

static void rows_fit_libcrypto(void **state)
{
    (void)state;
    static const int nids[] = { NID_X9_62_prime256v1, NID_secp384r1, NID_secp521r1 };
    for (size_t i = 0; i < 3; i++) {
        const EC_GROUP *group = curves[i]->group();
        unsigned bits = (unsigned)EC_GROUP_order_bits(group);
        assert_int_equal(EC_GROUP_get_curve_name(group), nids[i]);
        assert_int_equal(curves[i]->field_len, (EC_GROUP_get_degree(group) + 7) / 8);
        assert_int_equal(curves[i]->field_len, (bits + 7) / 8);
        assert_int_equal(curves[i]->top_mask, 0xffu >> (8u * curves[i]->field_len - bits));
    }
}

static void finds_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        tlsc_bytes oid = { curves[i]->oid, curves[i]->oid_len };
        assert_ptr_equal(tlsc_curve_by_oid(oid), curves[i]);
        assert_ptr_equal(tlsc_curve_by_group(curves[i]->group()), curves[i]);
        oid.n--;
        assert_null(tlsc_curve_by_oid(oid));
    }
}

static void knows_no_other(void **state)
{
    (void)state;
    tlsc_buf p224 = test_hex("2b81040021");
    assert_null(tlsc_curve_by_oid(tlsc_buf_bytes(&p224)));
    assert_null(tlsc_curve_by_oid((tlsc_bytes){ NULL, 0 }));
    assert_null(tlsc_curve_by_group(EC_group_p224()));
    assert_null(tlsc_curve_by_group(NULL));
    tlsc_buf_clear(&p224);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_fit_libcrypto),
        cmocka_unit_test(finds_itself),
        cmocka_unit_test(knows_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
