/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_builder_test.c: what a builder takes, and what it doesn't: then it is as it was. */
#include "unit.h"

#include <string.h>

#include "api/builder.h"
#include "builder.h"
#include "x509/certificate.h"

/* ---- building ---- */

static void a_new_builder_has_the_providers_defaults(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_builder();
    const tlsc_config *config = built(b);
    static const uint16_t groups[] = { 0x11ec, 0x001d, 0x0017, 0x0018 };
    assert_int_equal(config->num_groups, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(config->groups[i]->id, groups[i]);
    }
    assert_memory_equal(config->suites, provider()->suites,
                        config->num_suites * sizeof(config->suites[0]));
    assert_false(config->client);
    assert_int_equal(config->min_version, TLSC_TLS12);
    assert_int_equal(config->max_version, TLSC_TLS13);
    assert_int_equal(config->num_suites, provider()->num_suites);
    assert_true(config->honor_client_order);
    assert_false(config->has_alpn);
    assert_false(config->has_ticketer);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    tlsc_config_builder_free(NULL);
}

/* Who has none of the default groups gives all it has. */
static void a_provider_of_other_groups_gives_them_all(void **state)
{
    (void)state;
    const tlsc_group *groups[] = { tlsc_provider_group(provider(), 0x0019),
                                   tlsc_provider_group(provider(), 0x0202) };
    tlsc_provider other = *provider();
    other.groups = groups;
    other.num_groups = 2;
    for (int client = 0; client < 2; client++) {
        const tlsc_config *config;
        tlsc_config_builder *b = tlsc_config_builder_new_client(&other);
        assert_ok(tlsc_config_set_verifier(b, &some_verifier));
        config = built(b);
        assert_int_equal(config->num_groups, client == 0 ? 2 : 1);
        assert_ptr_equal(config->groups[0], groups[client]);
        tlsc_config_free(config);
        tlsc_config_builder_free(b);
        groups[1] = tlsc_provider_group(provider(), 0x0017);
    }
}

static void a_provider_that_is_incomplete_makes_no_builder(void **state)
{
    (void)state;
    tlsc_provider broken = *provider();
    broken.num_suites = 0;
    assert_null(tlsc_config_builder_new(&broken));
    broken = *provider();
    broken.size--;
    assert_null(tlsc_config_builder_new(&broken));
    assert_null(tlsc_config_builder_new(NULL));
    tlsc_mem_fail_at(1, false);
    tlsc_config_builder *b = tlsc_config_builder_new(provider());
    tlsc_mem_fail_at(0, false);
    assert_null(b);
}

static void without_a_certificate_nothing_is_built(void **state)
{
    (void)state;
    const tlsc_config *config = NULL;
    tlsc_config_builder *b = tlsc_config_builder_new(provider());
    assert_err(tlsc_config_build(b, &config), TLSC_E_NO_CERTIFICATE);
    assert_null(config);
    tlsc_config_builder_free(b);
}

/* A configuration is what the builder was then; it outlives it, and what went into it. */
static void a_configuration_is_frozen_and_counted(void **state)
{
    (void)state;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    tlsc_config_builder *b = new_builder();
    static const uint16_t one[] = { 0x1303 };
    const tlsc_config *first = built(b);
    assert_ok(tlsc_config_set_suites(b, one, 1));
    tlsc_bytes name = TEXT("h2");
    assert_ok(tlsc_config_set_alpn(b, &name, 1));
    const tlsc_config *second = built(b);
    tlsc_config_builder_free(b);
    assert_int_equal(first->num_suites, provider()->num_suites);
    assert_int_equal(second->num_suites, 1);
    assert_false(first->has_alpn);
    assert_bytes_equal(second->alpn, TEXT("\x02h2"));
    assert_true(tlsc_config_ref(first) == first);
    tlsc_config_free(first);
    assert_int_equal(first->num_credentials, 1); /* there was another reference */
    tlsc_config_free(first);
    tlsc_config_free(second);
    tlsc_config_free(NULL);
    tlsc_mem_get_stats(&after);
    assert_int_equal(before.live, after.live);
}

/* ---- memory ---- */

static void every_allocation_may_fail(void **state)
{
    (void)state;
    tlsc_credential *credential = new_credential();
    tlsc_bytes name = TEXT("h2");
    tlsc_bytes ca = BYTES(0x30, 0x00);
    tlsc_certificate leaf;
    assert_ok(tlsc_certificate_parse(&leaf, tlsc_credential_certificate(credential, 0)));
    for (uint64_t n = 1;; n++) {
        tlsc_mem_stats before;
        tlsc_mem_stats after;
        const tlsc_config *config = NULL;
        tlsc_mem_get_stats(&before);
        tlsc_mem_fail_at(n, false);
        tlsc_config_builder *b = tlsc_config_builder_new(provider());
        tlsc_err rc = b == NULL ? TLSC_E_NO_MEMORY : tlsc_config_add_credential(b, credential);
        if (rc == TLSC_OK) {
            rc = tlsc_config_set_alpn(b, &name, 1);
        }
        if (rc == TLSC_OK) {
            rc = tlsc_config_set_ca_names(b, &ca, 1);
        }
        if (rc == TLSC_OK) {
            rc = tlsc_config_set_pinned_keys(b, &leaf.spki, 1);
        }
        if (rc == TLSC_OK) {
            rc = tlsc_config_build(b, &config);
        }
        tlsc_mem_fail_at(0, false);
        tlsc_config_free(config);
        tlsc_config_builder_free(b);
        tlsc_mem_get_stats(&after);
        assert_int_equal(after.live, before.live);
        if (rc == TLSC_OK) {
            assert_true(n > 6);
            break;
        }
        assert_err(rc, TLSC_E_NO_MEMORY);
    }
    tlsc_credential_free(credential);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_builder_has_the_providers_defaults),
        cmocka_unit_test(a_provider_of_other_groups_gives_them_all),
        cmocka_unit_test(a_provider_that_is_incomplete_makes_no_builder),
        cmocka_unit_test(without_a_certificate_nothing_is_built),
        cmocka_unit_test(a_configuration_is_frozen_and_counted),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("config_builder", tests, NULL, NULL);
}
