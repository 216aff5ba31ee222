/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/digest.h>
#include <openssl/nid.h>

#include "crypto/libcrypto/internal.h"

#include "unit.h"

static const uint16_t ids[] = {
    TLSC_SIG_RSA_PSS_SHA256,    TLSC_SIG_RSA_PSS_SHA384,    TLSC_SIG_RSA_PSS_SHA512,
    TLSC_SIG_RSA_PKCS1_SHA256,  TLSC_SIG_RSA_PKCS1_SHA384,  TLSC_SIG_RSA_PKCS1_SHA512,
    TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P521_SHA512,
    TLSC_SIG_ED25519,           TLSC_SIG_MLDSA44,           TLSC_SIG_MLDSA65,
    TLSC_SIG_MLDSA87,
};

static void rows_agree_with_themselves(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        const tlsc_scheme *s = tlsc_scheme_by_id(ids[i]);
        assert_non_null(s);
        assert_int_equal(s->id, ids[i]);
        if (s->kind == TLSC_KEY_KIND_ED25519 || tlsc_mldsa_set_by_kind(s->kind) != NULL) {
            assert_null(s->digest);
            continue;
        }
        uint8_t digest[TLSC_DIGEST_MAX];
        assert_non_null(s->digest(NULL, 0, digest));
        assert_int_equal(EVP_MD_size(s->md()), s->digest_len);
        assert_int_equal(EVP_MD_type(s->md()), s->digest_nid);
    }
}

/* RFC 8446 4.2.3: the legacy code points are hash, then signature: 1 is RSA, 3 is ECDSA. */
static void rows_agree_with_their_code_points(void **state)
{
    (void)state;
    static const int hash_of[] = { 0, 0, 0, 0, NID_sha256, NID_sha384, NID_sha512 };
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        const tlsc_scheme *s = tlsc_scheme_by_id(ids[i]);
        unsigned high = ids[i] >> 8;
        unsigned low = ids[i] & 0xff;
        if (high == 8) {
            assert_int_equal(s->pss, low != 7);
            assert_int_equal(s->kind, low == 7 ? TLSC_KEY_KIND_ED25519 : TLSC_KEY_KIND_RSA);
            assert_int_equal(s->digest_nid, low == 7 ? 0 : hash_of[low]);
        } else if (high == 9) { /* draft-ietf-tls-mldsa */
            assert_int_equal(s->kind, (int)TLSC_KEY_KIND_MLDSA44 + (int)low - 4);
        } else {
            assert_false(s->pss);
            assert_int_equal(s->kind, low == 1 ? TLSC_KEY_KIND_RSA : TLSC_KEY_KIND_EC);
            assert_int_equal(s->digest_nid, hash_of[high]);
        }
    }
}

static void there_is_no_other(void **state)
{
    (void)state;
    size_t found = 0;
    for (unsigned id = 0; id <= 0xffff; id++) {
        found += tlsc_scheme_by_id((uint16_t)id) != NULL;
    }
    assert_int_equal(found, sizeof(ids) / sizeof(ids[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_agree_with_themselves),
        cmocka_unit_test(rows_agree_with_their_code_points),
        cmocka_unit_test(there_is_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
