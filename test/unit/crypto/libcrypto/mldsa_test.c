/* SPDX-License-Identifier: Apache-2.0 */
/* Tests mldsa.c of libcrypto/ and of boringssl/ or awslc/, whichever is built, through load_key and verify.
 * What they are held to comes from test/vectors/certs/make-mldsa, which has FIPS 204 on its own. */
#include "crypto/libcrypto/libcrypto.h"

#include <stdio.h>
#include <string.h>

#include "pem_file.h"
#include "unit.h"
#include "wire/writer.h"
#include "x509/certificate.h"

typedef struct parameter_set {
    const char *name;
    uint16_t scheme;
    size_t signature;
} parameter_set;

/* FIPS 204 4, table 2 */
static const parameter_set sets[] = {
    { "mldsa44", TLSC_SIG_MLDSA44, 2420 },
    { "mldsa65", TLSC_SIG_MLDSA65, 3309 },
    { "mldsa87", TLSC_SIG_MLDSA87, 4627 },
};

enum { NUM_SETS = sizeof(sets) / sizeof(sets[0]), HEAD = 22 };

static tlsc_buf der_of(const parameter_set *s, const char *suffix)
{
    char name[32];
    (void)snprintf(name, sizeof(name), "%s.%s.pem", s->name, suffix);
    return test_der(name);
}

static tlsc_err load(tlsc_bytes der, tlsc_signing_key **out)
{
    uint8_t *copy = test_copy(der);
    tlsc_err rc = tlsc_libcrypto_load_key(TLSC_KEY_PKCS8, tlsc_bytes_of(copy, der.n), out);
    tlsc_mem_free(copy);
    return rc;
}

static tlsc_signing_key *key_of(const parameter_set *s)
{
    tlsc_signing_key *key = NULL;
    tlsc_buf der = der_of(s, "key");
    assert_ok(load(tlsc_buf_bytes(&der), &key));
    tlsc_buf_clear(&der);
    return key;
}

static bool is_boringssl(void)
{
    return strcmp(tlsc_libcrypto_name, "BoringSSL") == 0;
}

/* The public half that the seed makes, and a signature over the certificate that holds it. */
static void known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SETS; i++) {
        tlsc_signing_key *key = key_of(&sets[i]);
        tlsc_buf der = der_of(&sets[i], "crt");
        tlsc_certificate c;
        assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
        assert_bytes_equal(c.spki, key->spki);
        assert_ok(tlsc_libcrypto_verify(sets[i].scheme, c.spki, c.tbs, c.signature));
        assert_int_equal(c.signature.n, sets[i].signature);
        key->free(key);
        tlsc_buf_clear(&der);
    }
    assert_int_equal(sets[2].signature, TLSC_SIGNATURE_MAX);
}

static void what_is_signed_verifies_with_its_own_scheme_alone(void **state)
{
    (void)state;
    static uint8_t signature[TLSC_SIGNATURE_MAX];
    for (size_t i = 0; i < NUM_SETS; i++) {
        tlsc_signing_key *key = key_of(&sets[i]);
        size_t n = 0;
        assert_int_equal(key->num_schemes, 1);
        assert_int_equal(key->schemes[0], sets[i].scheme);
        assert_ok(key->sign(key, sets[i].scheme, TEXT("message"), signature, &n));
        assert_int_equal(n, sets[i].signature);
        for (size_t k = 0; k < NUM_SETS; k++) {
            assert_err(tlsc_libcrypto_verify(sets[k].scheme, key->spki, TEXT("message"),
                                             tlsc_bytes_of(signature, n)),
                       i == k ? TLSC_OK : TLSC_E_UNSUPPORTED_KEY);
            if (i != k) {
                assert_err(key->sign(key, sets[k].scheme, TEXT("message"), signature, &n),
                           TLSC_E_USAGE);
                assert_int_equal(n, 0);
                n = sets[i].signature;
            }
        }
        assert_err(tlsc_libcrypto_verify(TLSC_SIG_ED25519, key->spki, TEXT("message"),
                                         tlsc_bytes_of(signature, n)),
                   TLSC_E_UNSUPPORTED_KEY);
        key->free(key);
    }
}

static void bad_signatures_are_refused(void **state)
{
    (void)state;
    static uint8_t signature[TLSC_SIGNATURE_MAX + 1];
    for (size_t i = 0; i < NUM_SETS; i++) {
        const uint16_t scheme = sets[i].scheme;
        tlsc_signing_key *key = key_of(&sets[i]);
        size_t n = 0;
        assert_ok(key->sign(key, scheme, TEXT("message"), signature, &n));
        signature[n] = 0;
        const size_t lengths[] = { 0, 1, 64, 2420, 3309, n - 1, n + 1 };
        for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]); k++) {
            uint8_t *copy = test_copy(tlsc_bytes_of(signature, lengths[k] <= n + 1 ? lengths[k] : 0));
            tlsc_bytes s = tlsc_bytes_of(copy, lengths[k] <= n + 1 ? lengths[k] : 0);
            assert_err(tlsc_libcrypto_verify(scheme, key->spki, TEXT("message"), s),
                       s.n == n ? TLSC_OK : TLSC_E_BAD_SIGNATURE);
            tlsc_mem_free(copy);
        }
        for (size_t bit = 0; bit < 8 * n; bit += 1009) {
            signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_err(tlsc_libcrypto_verify(scheme, key->spki, TEXT("message"),
                                             tlsc_bytes_of(signature, n)),
                       TLSC_E_BAD_SIGNATURE);
            signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        assert_err(tlsc_libcrypto_verify(scheme, key->spki, TEXT("massage"),
                                         tlsc_bytes_of(signature, n)),
                   TLSC_E_BAD_SIGNATURE);
        key->free(key);
    }
}

/* RFC 9881 6: a seed, an expanded key, or both. BoringSSL makes no key of the second. */
static void every_form_of_a_private_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SETS; i++) {
        tlsc_signing_key *seed = key_of(&sets[i]);
        tlsc_signing_key *key = NULL;
        tlsc_buf der = der_of(&sets[i], "both");
        assert_ok(load(tlsc_buf_bytes(&der), &key));
        assert_bytes_equal(key->spki, seed->spki);
        key->free(key);
        tlsc_buf_clear(&der);
        der = der_of(&sets[i], "expanded");
        assert_err(load(tlsc_buf_bytes(&der), &key),
                   is_boringssl() ? TLSC_E_UNSUPPORTED_KEY : TLSC_OK);
        if (key != NULL) {
            assert_bytes_equal(key->spki, seed->spki);
            key->free(key);
        }
        tlsc_buf_clear(&der);
        seed->free(seed);
    }
}

/* The expanded key of another seed: rho, with which it begins, tells. */
static void both_must_be_one_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SETS; i++) {
        tlsc_signing_key *key = NULL;
        tlsc_buf der = der_of(&sets[i], "both");
        tlsc_buf seed = der_of(&sets[i], "key");
        /* the seed stands in both, in `key` at the end; behind it come the expanded key's tag, three
         * bytes of length, and rho */
        const uint8_t *text = seed.p + seed.n - 32;
        size_t at = 0;
        while (memcmp(der.p + at, text, 32) != 0) {
            at++;
            assert_true(at + 32 < der.n);
        }
        const size_t places[] = { at, at + 32 + 4 };
        for (size_t k = 0; k < 2; k++) {
            der.p[places[k]] ^= 1;
            assert_err(load(tlsc_buf_bytes(&der), &key), TLSC_E_BAD_PRIVATE_KEY);
            der.p[places[k]] ^= 1;
        }
        der.p[at + 32 + 4 + 200] ^= 1; /* a secret coefficient */
        tlsc_err rc = load(tlsc_buf_bytes(&der), &key);
        assert_err(rc, is_boringssl() ? TLSC_OK : TLSC_E_BAD_PRIVATE_KEY);
        if (key != NULL) {
            key->free(key);
        }
        tlsc_buf_clear(&der);
        tlsc_buf_clear(&seed);
    }
}

static void truncated_keys_are_refused(void **state)
{
    (void)state;
    static const char *const forms[] = { "key", "expanded", "both" };
    for (size_t i = 0; i < 3u * NUM_SETS; i++) {
        tlsc_signing_key *key = NULL;
        tlsc_buf der = der_of(&sets[i % NUM_SETS], forms[i / NUM_SETS]);
        for (size_t n = 0; n < der.n; n += 1 + n / 64) {
            assert_err(load(tlsc_bytes_of(der.p, n), &key), TLSC_E_BAD_PRIVATE_KEY);
        }
        tlsc_buf_clear(&der);
    }
}

/* OneAsymmetricKey of ML-DSA-44 around a private key; what is behind it as it is. */
static tlsc_err load_wrapped(uint8_t version, tlsc_bytes parameters, tlsc_bytes private_key,
                             tlsc_bytes behind, tlsc_signing_key **out)
{
    static const uint8_t oid[] = { 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                   0x65, 0x03, 0x04, 0x03, 0x11 };
    tlsc_buf body = tlsc_buf_of(8192);
    tlsc_buf der = tlsc_buf_of(8192);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_bytes(&w, BYTES(2, 1, version, 0x30, (uint8_t)(sizeof(oid) + parameters.n)));
    tlsc_wr_bytes(&w, tlsc_bytes_of(oid, sizeof(oid)));
    tlsc_wr_bytes(&w, parameters);
    tlsc_wr_bytes(&w, BYTES(4, (uint8_t)private_key.n));
    tlsc_wr_bytes(&w, private_key);
    tlsc_wr_bytes(&w, behind);
    assert_ok(tlsc_wr_end(&w));
    w = tlsc_wr_of(&der);
    tlsc_wr_bytes(&w, BYTES(0x30, 0x82, (uint8_t)(body.n >> 8), (uint8_t)body.n));
    tlsc_wr_bytes(&w, tlsc_buf_bytes(&body));
    assert_ok(tlsc_wr_end(&w));
    *out = NULL;
    /* short forms only where they must be, as DER has it */
    tlsc_bytes all = tlsc_buf_bytes(&der);
    if (body.n < 128) {
        der.p[2] = 0x30;
        der.p[3] = (uint8_t)body.n;
        all = tlsc_bytes_of(der.p + 2, der.n - 2);
    }
    tlsc_err rc = load(all, out);
    tlsc_buf_clear(&body);
    tlsc_buf_clear(&der);
    return rc;
}

static void other_wrappings_are_refused(void **state)
{
    (void)state;
    static const tlsc_bytes nothing;
    uint8_t seed[35] = { 0x80, 32 };
    for (uint8_t i = 0; i < 32; i++) {
        seed[2 + i] = i;
    }
    tlsc_signing_key *key;
    tlsc_bytes good = tlsc_bytes_of(seed, 34);
    assert_ok(load_wrapped(0, nothing, good, nothing, &key));

    /* the public key beside it must be its own, RFC 5958 2 */
    tlsc_bytes pub = tlsc_bytes_of(key->spki.p + HEAD, 1312);
    tlsc_buf behind = tlsc_buf_of(2048);
    tlsc_wr w = tlsc_wr_of(&behind);
    tlsc_wr_bytes(&w, BYTES(0x81, 0x82, 0x05, 0x21, 0));
    tlsc_wr_bytes(&w, pub);
    assert_ok(tlsc_wr_end(&w));
    tlsc_signing_key *other;
    assert_ok(load_wrapped(1, nothing, good, tlsc_buf_bytes(&behind), &other));
    other->free(other);
    assert_err(load_wrapped(0, nothing, good, tlsc_buf_bytes(&behind), &other),
               TLSC_E_BAD_PRIVATE_KEY);
    behind.p[behind.n - 1] ^= 1;
    assert_err(load_wrapped(1, nothing, good, tlsc_buf_bytes(&behind), &other),
               TLSC_E_BAD_PRIVATE_KEY);
    tlsc_buf_clear(&behind);
    key->free(key);

    const uint8_t null[] = { 5, 0 };
    assert_err(load_wrapped(0, tlsc_bytes_of(null, 2), good, nothing, &key),
               TLSC_E_BAD_PRIVATE_KEY);
    seed[0] = 0xa0; /* an explicit tag */
    assert_err(load_wrapped(0, nothing, good, nothing, &key), TLSC_E_BAD_PRIVATE_KEY);
    seed[0] = 0x04; /* neither a seed nor an expanded key */
    assert_err(load_wrapped(0, nothing, good, nothing, &key), TLSC_E_BAD_PRIVATE_KEY);
    seed[0] = 0x80;
    seed[1] = 31;
    assert_err(load_wrapped(0, nothing, tlsc_bytes_of(seed, 33), nothing, &key),
               TLSC_E_BAD_PRIVATE_KEY);
    seed[1] = 33;
    assert_err(load_wrapped(0, nothing, tlsc_bytes_of(seed, 35), nothing, &key),
               TLSC_E_BAD_PRIVATE_KEY);
    seed[1] = 32;
    assert_err(load_wrapped(0, nothing, tlsc_bytes_of(seed, 35), nothing, &key),
               TLSC_E_BAD_PRIVATE_KEY);
}

static void keys_are_released(void **state)
{
    (void)state;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    for (size_t i = 0; i < 2u * NUM_SETS; i++) {
        tlsc_signing_key *key = key_of(&sets[i % NUM_SETS]); /* the first warms libcrypto up */
        key->free(key);
        tlsc_mem_get_stats(&before);
        key = key_of(&sets[i % NUM_SETS]);
        key->free(key);
        tlsc_mem_get_stats(&after);
        assert_true(after.live == before.live);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(what_is_signed_verifies_with_its_own_scheme_alone),
        cmocka_unit_test(bad_signatures_are_refused),
        cmocka_unit_test(every_form_of_a_private_key),
        cmocka_unit_test(both_must_be_one_key),
        cmocka_unit_test(truncated_keys_are_refused),
        cmocka_unit_test(other_wrappings_are_refused),
        cmocka_unit_test(keys_are_released),
    };
    return cmocka_run_group_tests_name("mldsa", tests, NULL, NULL);
}
