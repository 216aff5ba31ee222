/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_peer_test.c: who judges the peer, what it is told, and our credentials; a setter that fails
 * changes nothing. */
#include "builder.h"

#include <string.h>

#include "pem_file.h"
#include "x509/certificate.h"

/* ---- who judges ---- */

/* The SubjectPublicKeyInfo of a certificate in test/vectors/certs; `der` is what it looks into. */
static tlsc_bytes key_of(const char *name, tlsc_buf *der)
{
    tlsc_certificate certificate;
    *der = test_der(name);
    assert_ok(tlsc_certificate_parse(&certificate, tlsc_buf_bytes(der)));
    return certificate.spki;
}

static void a_client_needs_somebody_who_judges(void **state)
{
    (void)state;
    const tlsc_config *config = NULL;
    tlsc_buf der;
    tlsc_bytes key = key_of("p256.crt.pem", &der);
    tlsc_config_builder *b = tlsc_config_builder_new_client(provider());
    assert_err(tlsc_config_build(b, &config), TLSC_E_NO_VERIFIER);
    assert_null(config);
    assert_ok(tlsc_config_set_verifier(b, &some_verifier));
    config = built(b); /* and no certificate of its own */
    assert_true(config->client);
    assert_true(config->has_verifier);
    assert_int_equal(config->num_pins, 0);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    b = tlsc_config_builder_new_client(provider());
    assert_ok(tlsc_config_set_pinned_keys(b, &key, 1));
    config = built(b);
    assert_true(config->has_verifier);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    tlsc_buf_clear(&der);
}

static void a_server_that_asks_for_certificates_needs_somebody_who_judges(void **state)
{
    (void)state;
    static const tlsc_client_auth asks[] = { TLSC_CLIENT_AUTH_OPTIONAL, TLSC_CLIENT_AUTH_REQUIRED };
    const tlsc_config *config = NULL;
    for (size_t i = 0; i < 3; i++) {
        tlsc_config_builder *b = new_builder();
        config = built(b);
        assert_int_equal(config->client_auth, TLSC_CLIENT_AUTH_NONE);
        assert_false(config->has_verifier);
        tlsc_config_free(config);
        if (i < 2) {
            assert_ok(tlsc_config_set_client_auth(b, asks[i]));
        } else {
            tlsc_config_post_handshake_auth(b, true);
        }
        assert_err(tlsc_config_build(b, &config), TLSC_E_NO_VERIFIER);
        assert_null(config);
        assert_ok(tlsc_config_set_verifier(b, &some_verifier));
        config = built(b);
        assert_int_equal(config->client_auth, i < 2 ? asks[i] : TLSC_CLIENT_AUTH_NONE);
        assert_int_equal(config->post_handshake_auth, i == 2);
        tlsc_config_free(config);
        tlsc_config_builder_free(b);
    }
}

static void verifiers_that_are_cut_short_are_refused(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_builder();
    tlsc_verifier v = some_verifier;
    v.size--;
    assert_err(tlsc_config_set_verifier(b, &v), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_verifier(b, NULL), TLSC_E_BAD_CONFIG);
    const tlsc_config *config = built(b);
    assert_false(config->has_verifier);
    tlsc_config_free(config);
    /* who always answers later needs no function */
    v = (tlsc_verifier){ .size = sizeof(v) };
    assert_ok(tlsc_config_set_verifier(b, &v));
    config = built(b);
    assert_true(config->has_verifier);
    assert_true(config->verifier.verify == NULL);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

/* Pins and a verifier take each other's place; pins are copied, into the builder and out of it. */
static void pinned_keys_take_the_place_of_a_verifier(void **state)
{
    (void)state;
    tlsc_buf first;
    tlsc_buf second;
    tlsc_bytes keys[] = { key_of("p256.crt.pem", &first), key_of("rsa2048.crt.pem", &second) };
    tlsc_config_builder *b = new_client_builder();
    assert_ok(tlsc_config_set_pinned_keys(b, keys, 1));
    assert_ok(tlsc_config_set_pinned_keys(b, keys, 2));
    const tlsc_config *config = built(b);
    assert_ok(tlsc_config_set_verifier(b, &some_verifier));
    const tlsc_config *without = built(b);
    tlsc_config_builder_free(b);
    assert_int_equal(config->num_pins, 2);
    assert_bytes_equal(config->pins[0], keys[0]);
    assert_bytes_equal(config->pins[1], keys[1]);
    assert_true(config->pins[0].p != keys[0].p);
    assert_true(config->verifier.verify == NULL);
    assert_int_equal(without->num_pins, 0);
    assert_null(without->pins);
    assert_true(without->verifier.verify == some_verifier.verify);
    tlsc_config_free(config);
    tlsc_config_free(without);
    tlsc_buf_clear(&first);
    tlsc_buf_clear(&second);
}

static void pins_that_are_no_keys_are_refused(void **state)
{
    (void)state;
    tlsc_buf der;
    tlsc_bytes key = key_of("p256.crt.pem", &der);
    tlsc_config_builder *b = tlsc_config_builder_new_client(provider());
    const tlsc_config *config;
    tlsc_bytes keys[2] = { key, key };
    assert_err(tlsc_config_set_pinned_keys(b, keys, 0), TLSC_E_BAD_CONFIG);
    for (size_t n = 0; n < key.n; n++) {
        keys[1].n = n;
        assert_err(tlsc_config_set_pinned_keys(b, keys, 2), TLSC_E_BAD_CONFIG);
    }
    keys[1] = tlsc_buf_bytes(&der); /* a whole certificate isn't one */
    assert_err(tlsc_config_set_pinned_keys(b, keys, 2), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_build(b, &config), TLSC_E_NO_VERIFIER);
    tlsc_config_builder_free(b);
    tlsc_buf_clear(&der);
}

static void switches_are_kept(void **state)
{
    (void)state;
    static void (*const set[])(tlsc_config_builder *, bool) = {
        tlsc_config_verify_on_resumption, tlsc_config_keep_peer_chain, tlsc_config_request_ocsp,
        tlsc_config_request_scts,         tlsc_config_post_handshake_auth,
        tlsc_config_external_credentials,
    };
    for (size_t i = 0; i <= 6; i++) {
        tlsc_config_builder *b = new_client_builder();
        for (size_t k = 0; k < 6; k++) {
            set[k](b, true);
            set[k](b, k == i);
        }
        const tlsc_config *c = built(b);
        const bool is[] = { c->verify_on_resumption, c->keep_peer_chain,     c->request_ocsp,
                            c->request_scts,         c->post_handshake_auth, c->external_credentials };
        for (size_t k = 0; k < 6; k++) {
            assert_int_equal(is[k], k == i);
        }
        tlsc_config_free(c);
        tlsc_config_builder_free(b);
    }
}

/* ---- what the peer is told ---- */

static void expect_schemes(const tlsc_config_builder *b, const uint16_t *schemes, size_t num)
{
    const tlsc_config *config = built(b);
    assert_int_equal(config->num_schemes, num);
    assert_memory_equal(config->schemes, schemes, num * sizeof(schemes[0]));
    tlsc_config_free(config);
}

static const uint16_t default_schemes[] = { 0x0403, 0x0503, 0x0603, 0x0807, 0x0804,
                                            0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
                                            0x0904, 0x0905, 0x0906 };

static tlsc_err checks_rsa_alone(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                                 tlsc_bytes signature)
{
    (void)spki;
    (void)message;
    (void)signature;
    return scheme == 0x0804 || scheme == 0x0401 ? TLSC_E_BAD_DER : TLSC_E_UNSUPPORTED_KEY;
}

static void schemes_are_what_the_provider_can(void **state)
{
    (void)state;
    static const uint16_t rsa[] = { 0x0804, 0x0401 };
    static const uint16_t ecdsa = 0x0403;
    tlsc_config_builder *b = new_client_builder();
    expect_schemes(b, default_schemes, 13);
    tlsc_config_builder_free(b);
    tlsc_provider poor = *provider();
    poor.verify = checks_rsa_alone;
    b = tlsc_config_builder_new_client(&poor);
    assert_non_null(b);
    assert_ok(tlsc_config_set_verifier(b, &some_verifier));
    expect_schemes(b, rsa, 2);
    assert_err(tlsc_config_set_schemes(b, &ecdsa, 1), TLSC_E_UNSUPPORTED);
    tlsc_config_builder_free(b);
}

static void schemes_are_set_exactly(void **state)
{
    (void)state;
    static const uint16_t good[] = { 0x0804, 0x0403 };
    static const uint16_t twice[] = { 0x0804, 0x0403, 0x0804 };
    static const uint16_t sha1[] = { 0x0403, 0x0203 };
    static const uint16_t many[65] = { 0x0403 };
    tlsc_config_builder *b = new_builder();
    expect_schemes(b, default_schemes, 13);
    assert_ok(tlsc_config_set_schemes(b, good, 2));
    assert_err(tlsc_config_set_schemes(b, good, 0), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_schemes(b, twice, 3), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_schemes(b, many, 65), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_schemes(b, sha1, 2), TLSC_E_UNSUPPORTED);
    expect_schemes(b, good, 2);
    tlsc_config_builder_free(b);
}

static void certificates_may_have_schemes_of_their_own(void **state)
{
    (void)state;
    static const uint16_t good[] = { 0x0403, 0x0201 }; /* a verifier may know SHA-1 */
    static const uint16_t twice[] = { 0x0201, 0x0201 };
    static const uint16_t many[65] = { 0x0403 };
    tlsc_config_builder *b = new_client_builder();
    const tlsc_config *config = built(b);
    assert_int_equal(config->num_certificate_schemes, 0);
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_certificate_schemes(b, good, 2));
    assert_err(tlsc_config_set_certificate_schemes(b, good, 0), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_certificate_schemes(b, twice, 2), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_certificate_schemes(b, many, 65), TLSC_E_BAD_CONFIG);
    config = built(b);
    tlsc_config_builder_free(b);
    assert_int_equal(config->num_certificate_schemes, 2);
    assert_memory_equal(config->certificate_schemes, good, sizeof(good));
    tlsc_config_free(config);
}

static void there_are_two_kinds_of_certificate(void **state)
{
    (void)state;
    static const uint8_t both[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 };
    static const uint8_t twice[] = { TLSC_CERT_X509, TLSC_CERT_X509 };
    static const uint8_t openpgp[] = { 1 };
    static const uint8_t three[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509, 1 };
    tlsc_config_builder *b = new_client_builder();
    const tlsc_config *config = built(b);
    assert_int_equal(config->num_peer_types, 1);
    assert_int_equal(config->peer_types[0], TLSC_CERT_X509);
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_peer_certificate_types(b, both, 2));
    assert_err(tlsc_config_set_peer_certificate_types(b, both, 0), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_peer_certificate_types(b, twice, 2), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_peer_certificate_types(b, openpgp, 1), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_peer_certificate_types(b, three, 3), TLSC_E_BAD_CONFIG);
    config = built(b);
    assert_int_equal(config->num_peer_types, 2);
    assert_memory_equal(config->peer_types, both, 2);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

static void ca_names_are_names(void **state)
{
    (void)state;
    static const uint8_t o[] = { 0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03,
                                 0x55, 0x04, 0x0a, 0x0c, 0x02, 'C',  'A' };
    static uint8_t huge[65530] = { 0x30, 0x82, 0xff, 0xf6 };
    tlsc_bytes names[] = { { o, sizeof(o) }, BYTES(0x30, 0) };
    tlsc_bytes not_der[] = { { o, sizeof(o) - 1 }, BYTES(0x31, 0), BYTES(0x30, 0, 0), { NULL, 0 } };
    tlsc_bytes too_many[] = { { huge, sizeof(huge) }, BYTES(0x30, 0) };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_ca_names(b, names, 2));
    for (size_t i = 0; i < sizeof(not_der) / sizeof(not_der[0]); i++) {
        names[1] = not_der[i];
        assert_err(tlsc_config_set_ca_names(b, names, 2), TLSC_E_BAD_CONFIG);
    }
    assert_err(tlsc_config_set_ca_names(b, too_many, 2), TLSC_E_BAD_CONFIG);
    const tlsc_config *config = built(b);
    assert_int_equal(config->ca_names.n, 2 + sizeof(o) + 2 + 2);
    assert_memory_equal(config->ca_names.p + 2, o, sizeof(o));
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_ca_names(b, too_many, 1));
    assert_ok(tlsc_config_set_ca_names(b, NULL, 0)); /* no hint */
    config = built(b);
    assert_int_equal(config->ca_names.n, 0);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

static void clients_dont_ask_for_client_certificates(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_client_builder();
    assert_err(tlsc_config_set_client_auth(b, TLSC_CLIENT_AUTH_OPTIONAL), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
    b = new_builder();
    assert_err(tlsc_config_set_client_auth(b, (tlsc_client_auth)3), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
}

/* ---- our own ---- */

static void a_server_without_a_credential_asks_the_caller(void **state)
{
    (void)state;
    const tlsc_config *config = NULL;
    tlsc_config_builder *b = tlsc_config_builder_new(provider());
    assert_err(tlsc_config_build(b, &config), TLSC_E_NO_CERTIFICATE);
    assert_null(config);
    tlsc_config_external_credentials(b, true);
    config = built(b);
    assert_true(config->external_credentials);
    assert_int_equal(config->num_credentials, 0);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

static void credentials_keep_their_order(void **state)
{
    (void)state;
    tlsc_credential *first = new_credential();
    tlsc_credential *second = new_credential();
    tlsc_config_builder *b = new_client_builder();
    assert_ok(tlsc_config_add_credential(b, second));
    assert_ok(tlsc_config_add_credential(b, first));
    assert_ok(tlsc_config_add_credential(b, second));
    const tlsc_config *config = built(b);
    tlsc_config_builder_free(b);
    tlsc_credential_free(first);
    tlsc_credential_free(second);
    assert_int_equal(config->num_credentials, 3);
    assert_ptr_equal(config->credentials[0], second);
    assert_ptr_equal(config->credentials[1], first);
    assert_ptr_equal(config->credentials[2], second);
    tlsc_config_free(config);
}

static void a_clients_own_certificates_have_rules_of_their_own(void **state)
{
    (void)state;
    static const uint8_t both[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 };
    static const uint8_t twice[] = { TLSC_CERT_X509, TLSC_CERT_X509 };
    static const uint8_t unknown[] = { 1 };
    tlsc_config_builder *b = new_builder();
    assert_err(tlsc_config_require_own_certificate(b, true), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_own_certificate_types(b, both, 2), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
    b = new_client_builder();
    const tlsc_config *config = built(b);
    assert_false(config->require_own_certificate);
    assert_int_equal(config->num_own_types, 0);
    tlsc_config_free(config);
    assert_ok(tlsc_config_require_own_certificate(b, true));
    assert_ok(tlsc_config_set_own_certificate_types(b, both, 2));
    assert_err(tlsc_config_set_own_certificate_types(b, twice, 2), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_own_certificate_types(b, unknown, 1), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_own_certificate_types(b, both, 0), TLSC_E_BAD_CONFIG);
    config = built(b);
    assert_true(config->require_own_certificate);
    assert_bytes_equal(tlsc_bytes_of(config->own_types, config->num_own_types),
                       tlsc_bytes_of(both, 2));
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_needs_somebody_who_judges),
        cmocka_unit_test(a_server_that_asks_for_certificates_needs_somebody_who_judges),
        cmocka_unit_test(verifiers_that_are_cut_short_are_refused),
        cmocka_unit_test(pinned_keys_take_the_place_of_a_verifier),
        cmocka_unit_test(pins_that_are_no_keys_are_refused),
        cmocka_unit_test(switches_are_kept),
        cmocka_unit_test(schemes_are_what_the_provider_can),
        cmocka_unit_test(schemes_are_set_exactly),
        cmocka_unit_test(certificates_may_have_schemes_of_their_own),
        cmocka_unit_test(there_are_two_kinds_of_certificate),
        cmocka_unit_test(ca_names_are_names),
        cmocka_unit_test(clients_dont_ask_for_client_certificates),
        cmocka_unit_test(a_server_without_a_credential_asks_the_caller),
        cmocka_unit_test(credentials_keep_their_order),
        cmocka_unit_test(a_clients_own_certificates_have_rules_of_their_own),
    };
    return cmocka_run_group_tests_name("config_peer", tests, NULL, NULL);
}
