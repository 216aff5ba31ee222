/* SPDX-License-Identifier: Apache-2.0 */
#include "tlscore/provider.h"

#include <stdio.h>
#include <string.h>

#include "crypto/libcrypto/libcrypto.h"
#include "crypto/sodium/sodium.h"
#include "file.h"
#include "unit.h"

#define KEYS "test/vectors/keys/"

static const tlsc_provider *sodium;
static const tlsc_provider *libcrypto;

static int find_providers(void **state)
{
    (void)state;
    sodium = tlsc_provider_sodium();
    libcrypto = tlsc_provider_default();
    return sodium == NULL ? -1 : 0;
}

static tlsc_mix mix_of(const tlsc_provider *base)
{
    return (tlsc_mix){ .size = sizeof(tlsc_mix), .base = base };
}

static void the_base_alone_is_what_it_was(void **state)
{
    (void)state;
    const tlsc_provider *p = NULL;
    tlsc_mix mix = mix_of(libcrypto);
    assert_ok(tlsc_provider_mix(&mix, &p));
    assert_ok(tlsc_provider_check(p));
    assert_string_equal(p->name, "mixed");
    assert_int_equal(p->num_suites, libcrypto->num_suites);
    for (size_t i = 0; i < p->num_suites; i++) {
        assert_int_equal(p->suites[i]->id, libcrypto->suites[i]->id);
        assert_ptr_equal(p->suites[i]->aead, libcrypto->suites[i]->aead);
        assert_ptr_equal(p->suites[i]->hash, libcrypto->suites[i]->hash);
    }
    assert_int_equal(p->num_groups, libcrypto->num_groups);
    for (size_t i = 0; i < p->num_groups; i++) {
        assert_ptr_equal(p->groups[i], libcrypto->groups[i]);
    }
    assert_ptr_equal(p->random, libcrypto->random);
    assert_ptr_equal(p->ticket_aead, libcrypto->ticket_aead);
    assert_ptr_equal(p->ticket_hash, libcrypto->ticket_hash);
    assert_true(p->load_key == libcrypto->load_key && p->verify == libcrypto->verify);
    assert_true(p->fips == libcrypto->fips);
    tlsc_provider_free(p);
    tlsc_provider_free(NULL);
}

/* Each part from the other side, in turn; all else stays the base's. */
static void each_part_comes_from_where_it_is_said(void **state)
{
    (void)state;
    const tlsc_provider *p = NULL;
    tlsc_mix mix = mix_of(libcrypto);
    mix.name = "tickets";
    mix.tickets = sodium;
    assert_ok(tlsc_provider_mix(&mix, &p));
    assert_string_equal(p->name, "tickets");
    assert_ptr_equal(p->ticket_aead, sodium->ticket_aead);
    assert_ptr_equal(p->ticket_hash, sodium->ticket_hash);
    assert_ptr_equal(p->random, libcrypto->random);
    assert_null(p->fips); /* no longer one module */
    tlsc_provider_free(p);

    mix = mix_of(libcrypto);
    mix.random = sodium;
    assert_ok(tlsc_provider_mix(&mix, &p));
    assert_ptr_equal(p->random, sodium->random);
    assert_ptr_equal(p->ticket_aead, libcrypto->ticket_aead);
    assert_null(p->fips);
    tlsc_provider_free(p);

    mix = mix_of(libcrypto);
    mix.keys = sodium;
    assert_ok(tlsc_provider_mix(&mix, &p));
    assert_true(p->load_key == sodium->load_key && p->verify == libcrypto->verify);
    assert_null(p->fips);
    tlsc_provider_free(p);

    mix = mix_of(libcrypto);
    mix.verify = sodium;
    assert_ok(tlsc_provider_mix(&mix, &p));
    assert_true(p->load_key == libcrypto->load_key && p->verify == sodium->verify);
    assert_null(p->fips);
    tlsc_provider_free(p);
}

static void suites_and_groups_stand_in_the_order_of_the_parts(void **state)
{
    (void)state;
    const tlsc_provider *p = NULL;
    const tlsc_mix_part suites[] = { { libcrypto, 0x1301 }, { sodium, 0 }, { libcrypto, 0 } };
    const tlsc_mix_part groups[] = { { sodium, 0x001d }, { libcrypto, 0x0017 } };
    tlsc_mix mix = mix_of(libcrypto);
    mix.suites = suites;
    mix.num_suites = 3;
    mix.groups = groups;
    mix.num_groups = 2;
    assert_ok(tlsc_provider_mix(&mix, &p));
    assert_int_equal(p->num_suites, libcrypto->num_suites);
    assert_int_equal(p->suites[0]->id, 0x1301);
    assert_int_equal(p->suites[1]->id, 0x1303);
    assert_ptr_equal(p->suites[0]->aead, &tlsc_libcrypto_aes128gcm);
    assert_ptr_equal(p->suites[1]->aead, &tlsc_sodium_chacha20poly1305);
    assert_ptr_equal(tlsc_provider_suite(p, 0xcca8)->aead, &tlsc_libcrypto_chacha20poly1305);
    assert_int_equal(p->num_groups, 2);
    assert_ptr_equal(p->groups[0], &tlsc_sodium_x25519);
    assert_ptr_equal(p->groups[1], &tlsc_libcrypto_p256);
    tlsc_provider_free(p);
}

/* A PSK of one suite serves another of the same hash, so there is one implementation of each. */
static void suites_of_a_hash_share_its_implementation(void **state)
{
    (void)state;
    const tlsc_provider *p = NULL;
    tlsc_mix_part suites[] = { { sodium, 0x1303 }, { libcrypto, 0 } };
    tlsc_mix mix = mix_of(libcrypto);
    mix.suites = suites;
    mix.num_suites = 2;
    assert_ok(tlsc_provider_mix(&mix, &p));
    for (size_t i = 0; i < p->num_suites; i++) {
        assert_ptr_equal(p->suites[i]->hash, p->suites[i]->hash->len == 32
                                                 ? &tlsc_sodium_sha256
                                                 : &tlsc_libcrypto_sha384);
    }
    tlsc_provider_free(p);
    suites[0] = (tlsc_mix_part){ libcrypto, 0x1301 };
    suites[1] = (tlsc_mix_part){ sodium, 0 };
    assert_ok(tlsc_provider_mix(&mix, &p));
    assert_ptr_equal(tlsc_provider_suite(p, 0x1303)->hash, &tlsc_libcrypto_sha256);
    tlsc_provider_free(p);
}

static tlsc_err load(const tlsc_provider *p, const char *path, tlsc_signing_key **key)
{
    tlsc_buf der = test_file(path);
    tlsc_err rc = tlsc_provider_load_key(p, TLSC_KEY_PKCS8, tlsc_buf_bytes(&der), key);
    tlsc_buf_clear(&der);
    return rc;
}

/* Signs and verifies with whoever can. */
static void kinds_of_keys_that_a_part_lacks_are_the_bases(void **state)
{
    (void)state;
    static const char *const paths[] = { KEYS "ed25519.pkcs8", KEYS "p256.pkcs8",
                                         KEYS "rsa2048.pkcs8" };
    const tlsc_provider *p = NULL;
    tlsc_mix mix = mix_of(libcrypto);
    mix.keys = sodium;
    mix.verify = sodium;
    assert_ok(tlsc_provider_mix(&mix, &p));
    for (size_t i = 0; i < 3; i++) {
        tlsc_signing_key *key = NULL;
        uint8_t s[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        assert_err(load(sodium, paths[i], &key), i == 0 ? TLSC_OK : TLSC_E_UNSUPPORTED_KEY);
        if (key != NULL) {
            key->free(key);
        }
        assert_ok(load(p, paths[i], &key));
        assert_ok(key->sign(key, key->schemes[0], TEXT("message"), s, &n));
        assert_ok(tlsc_provider_verify(p, key->schemes[0], key->spki, TEXT("message"),
                                       tlsc_bytes_of(s, n)));
        s[n - 1] ^= 1;
        assert_err(tlsc_provider_verify(p, key->schemes[0], key->spki, TEXT("message"),
                                        tlsc_bytes_of(s, n)),
                   TLSC_E_BAD_SIGNATURE);
        assert_err(tlsc_provider_verify(p, 0x0201, key->spki, TEXT("message"),
                                        tlsc_bytes_of(s, n)),
                   TLSC_E_UNSUPPORTED_KEY);
        key->free(key);
    }
    tlsc_signing_key *key = NULL;
    assert_err(load(p, KEYS "ed448.pkcs8", &key), TLSC_E_UNSUPPORTED_KEY);
    assert_null(key);
    tlsc_provider_free(p);
}

/* A mix is a provider like any other: a base, or a part with this base. */
static void a_mix_may_be_mixed(void **state)
{
    (void)state;
    const tlsc_provider *first = NULL;
    const tlsc_provider *second = NULL;
    tlsc_signing_key *key = NULL;
    tlsc_mix mix = mix_of(libcrypto);
    mix.keys = sodium;
    assert_ok(tlsc_provider_mix(&mix, &first));
    mix = mix_of(first);
    mix.random = sodium;
    assert_ok(tlsc_provider_mix(&mix, &second));
    assert_ok(load(second, KEYS "p256.pkcs8", &key));
    key->free(key);
    tlsc_provider_free(second);
    /* its keys' fallback would be lost */
    mix = mix_of(sodium);
    mix.keys = first;
    assert_err(tlsc_provider_mix(&mix, &second), TLSC_E_BAD_CONFIG);
    assert_null(second);
    mix = mix_of(libcrypto);
    mix.keys = first;
    assert_ok(tlsc_provider_mix(&mix, &second));
    tlsc_provider_free(second);
    tlsc_provider_free(first);
}

static void expect_error(const tlsc_mix *mix, tlsc_err expected)
{
    tlsc_mem_stats before, after;
    const tlsc_provider *p = libcrypto;
    tlsc_mem_get_stats(&before);
    assert_err(tlsc_provider_mix(mix, &p), expected);
    assert_null(p);
    tlsc_mem_get_stats(&after);
    assert_true(after.live == before.live);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    tlsc_provider broken = *libcrypto;
    broken.verify = NULL;
    tlsc_mix mix = mix_of(NULL);
    expect_error(&mix, TLSC_E_BAD_CONFIG);
    mix = mix_of(libcrypto);
    mix.size--;
    expect_error(&mix, TLSC_E_BAD_CONFIG);
    mix = mix_of(&broken);
    expect_error(&mix, TLSC_E_BAD_CONFIG);
    mix = mix_of(libcrypto);
    mix.keys = &broken;
    expect_error(&mix, TLSC_E_BAD_CONFIG);
    mix = mix_of(libcrypto);
    mix.name = "a name that is longer than sixty-three bytes, which no log line wants";
    expect_error(&mix, TLSC_E_BAD_CONFIG);
}

static void suites_and_groups_that_are_not_there_are_refused(void **state)
{
    (void)state;
    tlsc_mix_part parts[2] = { { sodium, 0x1301 }, { libcrypto, 0 } };
    tlsc_mix mix = mix_of(libcrypto);
    mix.suites = parts;
    mix.num_suites = 2;
    expect_error(&mix, TLSC_E_UNSUPPORTED);
    parts[0].from = NULL;
    expect_error(&mix, TLSC_E_BAD_CONFIG);
    /* named twice */
    parts[0] = (tlsc_mix_part){ sodium, 0x1303 };
    parts[1] = (tlsc_mix_part){ libcrypto, 0x1303 };
    expect_error(&mix, TLSC_E_BAD_CONFIG);
    mix = mix_of(libcrypto);
    mix.groups = parts;
    mix.num_groups = 1;
    parts[0] = (tlsc_mix_part){ sodium, 0x0017 };
    expect_error(&mix, TLSC_E_UNSUPPORTED);
}

static void more_than_there_is_room_for_is_refused(void **state)
{
    (void)state;
    static tlsc_mix_part parts[65];
    tlsc_mix mix = mix_of(libcrypto);
    for (size_t i = 0; i < 65; i++) {
        parts[i] = (tlsc_mix_part){ libcrypto, 0x1301 };
    }
    mix.suites = parts;
    mix.num_suites = 65;
    expect_error(&mix, TLSC_E_BAD_CONFIG);
    for (size_t i = 0; i < 65; i++) {
        parts[i].id = 0x001d;
    }
    mix = mix_of(libcrypto);
    mix.groups = parts;
    mix.num_groups = 65;
    expect_error(&mix, TLSC_E_BAD_CONFIG);
}

static void a_lack_of_memory_is_told(void **state)
{
    (void)state;
    tlsc_mix mix = mix_of(libcrypto);
    tlsc_mem_fail_at(1, false);
    expect_error(&mix, TLSC_E_NO_MEMORY);
    tlsc_mem_fail_at(0, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_base_alone_is_what_it_was),
        cmocka_unit_test(each_part_comes_from_where_it_is_said),
        cmocka_unit_test(suites_and_groups_stand_in_the_order_of_the_parts),
        cmocka_unit_test(suites_of_a_hash_share_its_implementation),
        cmocka_unit_test(kinds_of_keys_that_a_part_lacks_are_the_bases),
        cmocka_unit_test(a_mix_may_be_mixed),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(suites_and_groups_that_are_not_there_are_refused),
        cmocka_unit_test(more_than_there_is_room_for_is_refused),
        cmocka_unit_test(a_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, find_providers, NULL);
}
