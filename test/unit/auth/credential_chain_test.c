/* SPDX-License-Identifier: Apache-2.0 */
/* auth/credential_chain_test.c: what the choice goes by is found when a credential is made; and keys without
 * a chain. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "auth/credential.h"
#include "builder.h"
#include "pem_file.h"
#include "x509/signature.h"

/* ---- chains ---- */

static void names_issuers_and_signatures_are_found(void **state)
{
    (void)state;
    tlsc_buf chain = test_pem("p384.crt.pem", "intermediate.crt.pem");
    tlsc_buf root = test_pem("root.crt.pem", NULL);
    tlsc_buf key = test_pem("p384.key.pem", NULL);
    assert_ok(tlsc_buf_append(&chain, tlsc_buf_bytes(&root)));
    tlsc_credential *c = NULL;
    assert_ok(tlsc_credential_from_pem(provider(), tlsc_buf_bytes(&chain), tlsc_buf_bytes(&key), &c,
                                       NULL));
    assert_int_equal(c->num_chain, 3);
    for (size_t i = 0; i < 3; i++) {
        tlsc_certificate certificate;
        assert_ok(tlsc_certificate_parse(&certificate, c->chain[i]));
        assert_bytes_equal(c->issuers[i], certificate.issuer);
        assert_int_equal(c->signed_with[i],
                         i == 2 ? 0 : tlsc_signature_scheme(certificate.signature_algorithm));
    }
    assert_int_equal(c->signed_with[0], TLSC_SIG_ECDSA_P256_SHA256);
    assert_int_equal(c->num_names, 2); /* of five: an address, another, and mail are no host's name */
    assert_bytes_equal(c->names[0], TEXT("p384.tlsx.test"));
    assert_bytes_equal(c->names[1], TEXT("*.tlsx.test"));
    assert_bytes_equal(tlsc_credential_spki(c), c->leaf.spki);
    tlsc_credential_free(c);
    tlsc_buf_clear(&chain);
    tlsc_buf_clear(&root);
    tlsc_buf_clear(&key);
}

static void a_certificate_without_names_has_none(void **state)
{
    (void)state;
    static const uint16_t scheme = TLSC_SIG_ECDSA_P256_SHA256;
    tlsc_buf der = test_der("v1.crt.pem");
    tlsc_bytes leaf = tlsc_buf_bytes(&der);
    tlsc_credential *c = NULL;
    assert_ok(tlsc_credential_external(provider(), &leaf, 1, &scheme, 1, &c));
    assert_int_equal(c->num_names, 0);
    assert_int_equal(c->num_chain, 1);
    tlsc_credential_free(c);
    tlsc_buf_clear(&der);
}

/* ---- raw keys ---- */

static void every_kind_of_key_may_go_raw(void **state)
{
    (void)state;
    static const char *const names[] = { "p256", "p384", "p521", "ed25519", "rsa2048" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char file[64];
        tlsc_credential *c = NULL;
        tlsc_cert_where where = { 99, 99 };
        (void)snprintf(file, sizeof(file), "%s.key.pem", names[i]);
        tlsc_buf pem = test_pem(file, NULL);
        assert_ok(tlsc_credential_raw_key(provider(), tlsc_buf_bytes(&pem), &c, &where));
        tlsc_buf_clear(&pem);
        (void)snprintf(file, sizeof(file), "%s.crt.pem", names[i]);
        tlsc_buf der = test_der(file);
        tlsc_certificate certificate;
        assert_ok(tlsc_certificate_parse(&certificate, tlsc_buf_bytes(&der)));
        assert_int_equal(where.block, 0);
        assert_int_equal(tlsc_credential_type(c), TLSC_CERT_RAW_PUBLIC_KEY);
        assert_bytes_equal(tlsc_credential_spki(c), certificate.spki);
        assert_int_equal(tlsc_credential_certificate(c, 0).n, 0);
        size_t num;
        assert_non_null(tlsc_credential_schemes(c, &num));
        assert_true(num > 0);
        int64_t from;
        int64_t until;
        tlsc_credential_validity(c, &from, &until);
        assert_true(from == INT64_MIN && until == INT64_MAX);
        /* 00 | list of one: the key, no extensions. RFC 8446 4.4.2 */
        size_t n = certificate.spki.n;
        assert_int_equal(c->certificate13.n, 1 + 3 + 3 + n + 2);
        assert_memory_equal(c->certificate13.p + 7, certificate.spki.p, n);
        tlsc_credential_free(c);
        tlsc_buf_clear(&der);
    }
}

static void what_is_no_key_is_none_raw_either(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        tlsc_err error;
        unsigned block;
    } rows[] = {
        { "p256.crt.pem", TLSC_E_NO_PEM_KEY, 0 },
        { "encrypted.pkcs8.pem", TLSC_E_ENCRYPTED_KEY, 1 },
        { "ed448.key.pem", TLSC_E_UNSUPPORTED_KEY, 1 },
        { "rsa1024.key.pem", TLSC_E_UNSUPPORTED_KEY, 1 },
        { "dsa.traditional.pem", TLSC_E_UNSUPPORTED_KEY, 1 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_buf pem = test_pem(rows[i].file, NULL);
        tlsc_cert_where where = { 99, 99 };
        tlsc_credential *c = (tlsc_credential *)&where;
        assert_err(tlsc_credential_raw_key(provider(), tlsc_buf_bytes(&pem), &c, &where),
                   rows[i].error);
        assert_null(c);
        assert_int_equal(where.block, rows[i].block);
        tlsc_buf_clear(&pem);
    }
}

static void a_raw_key_may_be_elsewhere(void **state)
{
    (void)state;
    static const uint16_t schemes[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    static const uint16_t rsa[] = { TLSC_SIG_RSA_PSS_SHA256 };
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_certificate certificate;
    tlsc_credential *c = NULL;
    assert_ok(tlsc_certificate_parse(&certificate, tlsc_buf_bytes(&der)));
    tlsc_bytes spki = certificate.spki;
    assert_ok(tlsc_credential_raw_key_external(provider(), spki, schemes, 1, &c));
    assert_null(c->key);
    assert_bytes_equal(tlsc_credential_spki(c), spki);
    assert_true(tlsc_credential_spki(c).p != spki.p);
    tlsc_credential_free(c);
    assert_err(tlsc_credential_raw_key_external(provider(), spki, schemes, 0, &c), TLSC_E_USAGE);
    assert_null(c);
    assert_err(tlsc_credential_raw_key_external(provider(), spki, rsa, 1, &c),
               TLSC_E_KEY_MISMATCH);
    for (size_t n = 0; n < spki.n; n++) {
        uint8_t *copy = test_copy(tlsc_bytes_of(spki.p, n));
        assert_err(tlsc_credential_raw_key_external(provider(), tlsc_bytes_of(copy, n), schemes, 1,
                                                    &c),
                   TLSC_E_BAD_DER);
        assert_null(c);
        tlsc_mem_free(copy);
    }
    tlsc_buf_clear(&der);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const uint16_t schemes[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    tlsc_buf pem = test_pem("p256.key.pem", NULL);
    tlsc_credential *key = NULL; /* libcrypto makes a few things at first use, for good */
    assert_ok(tlsc_credential_raw_key(provider(), tlsc_buf_bytes(&pem), &key, NULL));
    for (int external = 0; external < 2; external++) {
        tlsc_mem_stats before;
        tlsc_mem_stats after;
        tlsc_mem_get_stats(&before);
        tlsc_err rc = TLSC_E_NO_MEMORY;
        uint64_t n = 0;
        while (rc != TLSC_OK) {
            tlsc_credential *c = key;
            tlsc_mem_fail_at(++n, false);
            rc = external ? tlsc_credential_raw_key_external(provider(), tlsc_credential_spki(key),
                                                             schemes, 1, &c)
                          : tlsc_credential_raw_key(provider(), tlsc_buf_bytes(&pem), &c, NULL);
            tlsc_mem_fail_at(0, false);
            assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY || rc == TLSC_E_BAD_PRIVATE_KEY);
            assert_int_equal(c != NULL, rc == TLSC_OK);
            tlsc_credential_free(c);
            tlsc_mem_get_stats(&after);
            assert_int_equal(after.live, before.live);
            assert_true(n < 1000);
        }
        assert_true(n > 4);
    }
    tlsc_credential_free(key);
    tlsc_buf_clear(&pem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_issuers_and_signatures_are_found),
        cmocka_unit_test(a_certificate_without_names_has_none),
        cmocka_unit_test(every_kind_of_key_may_go_raw),
        cmocka_unit_test(what_is_no_key_is_none_raw_either),
        cmocka_unit_test(a_raw_key_may_be_elsewhere),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("credential_chain", tests, NULL, NULL);
}
