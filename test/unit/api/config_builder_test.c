/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_builder_test.c: what a builder takes, and what it doesn't: then it is as it was. */
#include "unit.h"

#include <string.h>

#include "handshake/config.h"
#include "pem_file.h"

static const tlsc_provider *provider(void)
{
    return tlsc_provider_default();
}

static tlsc_credential *new_credential(void)
{
    static const uint16_t scheme = TLSC_SIG_ECDSA_P256_SHA256;
    tlsc_credential *credential;
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_bytes leaf = tlsc_buf_bytes(&der);
    assert_ok(tlsc_credential_external(provider(), &leaf, 1, &scheme, 1, &credential));
    tlsc_buf_clear(&der);
    return credential;
}

/* A builder with a credential: it builds. */
static tlsc_config_builder *new_builder(void)
{
    tlsc_config_builder *b = tlsc_config_builder_new(provider());
    assert_non_null(b);
    tlsc_credential *credential = new_credential();
    assert_ok(tlsc_config_add_credential(b, credential));
    tlsc_credential_free(credential);
    return b;
}

static const tlsc_config *built(const tlsc_config_builder *b)
{
    const tlsc_config *config = NULL;
    assert_ok(tlsc_config_build(b, &config));
    assert_non_null(config);
    return config;
}

static void expect_suites(const tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    const tlsc_config *config = built(b);
    assert_int_equal(config->num_suites, num);
    for (size_t i = 0; i < num; i++) {
        assert_int_equal(config->suites[i]->id, ids[i]);
    }
    tlsc_config_free(config);
}

static void expect_groups(const tlsc_config_builder *b, const uint16_t *ids, size_t num)
{
    const tlsc_config *config = built(b);
    assert_int_equal(config->num_groups, num);
    for (size_t i = 0; i < num; i++) {
        assert_int_equal(config->groups[i]->id, ids[i]);
    }
    tlsc_config_free(config);
}

/* ---- building ---- */

static void a_new_builder_has_the_providers_defaults(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_builder();
    static const uint16_t groups[] = { 0x11ec, 0x1d, 0x17, 0x18 };
    expect_groups(b, groups, 4);
    const tlsc_config *config = built(b);
    assert_int_equal(config->min_version, TLSC_TLS13);
    assert_int_equal(config->max_version, TLSC_TLS13);
    assert_int_equal(config->num_suites, provider()->num_suites);
    assert_true(config->honor_client_order);
    assert_false(config->has_alpn);
    assert_false(config->has_ticketer);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    tlsc_config_builder_free(NULL);
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

/* ---- versions, suites, groups ---- */

static void versions_that_are_not_served_are_refused(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_versions(b, TLSC_TLS13, TLSC_TLS13));
    assert_err(tlsc_config_set_versions(b, TLSC_TLS13, 0x0305), TLSC_E_UNSUPPORTED);
    assert_err(tlsc_config_set_versions(b, 0x0301, TLSC_TLS13), TLSC_E_UNSUPPORTED);
    assert_err(tlsc_config_set_versions(b, TLSC_TLS13, TLSC_TLS12), TLSC_E_BAD_CONFIG);
    const tlsc_config *config = built(b);
    assert_int_equal(config->min_version, TLSC_TLS13);
    assert_int_equal(config->max_version, TLSC_TLS13);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

/* "Only these suites", or groups, may well mean "only this version". */
static void a_version_that_nothing_can_serve_is_left_out(void **state)
{
    (void)state;
    static const uint16_t suite13[] = { 0x1301 };
    static const uint16_t suite12[] = { 0xc02b };
    static const uint16_t group13[] = { 0x11ec };
    static const struct {
        const uint16_t *suite;
        const uint16_t *group;
        uint16_t min;
        uint16_t max;
    } rows[] = { { NULL, NULL, TLSC_TLS12, TLSC_TLS13 },
                 { suite13, NULL, TLSC_TLS13, TLSC_TLS13 },
                 { suite12, NULL, TLSC_TLS12, TLSC_TLS12 },
                 { NULL, group13, TLSC_TLS13, TLSC_TLS13 },
                 { suite12, group13, 0, 0 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_config_builder *b = new_builder();
        assert_ok(tlsc_config_set_versions(b, TLSC_TLS12, TLSC_TLS13));
        if (rows[i].suite != NULL) {
            assert_ok(tlsc_config_set_suites(b, rows[i].suite, 1));
        }
        if (rows[i].group != NULL) {
            assert_ok(tlsc_config_set_groups(b, rows[i].group, 1));
        }
        if (rows[i].min == 0) {
            const tlsc_config *none;
            assert_err(tlsc_config_build(b, &none), TLSC_E_BAD_CONFIG);
        } else {
            const tlsc_config *config = built(b);
            assert_int_equal(config->min_version, rows[i].min);
            assert_int_equal(config->max_version, rows[i].max);
            tlsc_config_free(config);
        }
        tlsc_config_builder_free(b);
    }
}

static void suites_are_set_exactly(void **state)
{
    (void)state;
    static const uint16_t good[] = { 0x1303, 0x1301 };
    static const uint16_t unknown[] = { 0x1301, 0x1304 };
    static const uint16_t twice[] = { 0x1301, 0x1302, 0x1301 };
    static const uint16_t many[65] = { 0x1301 };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_suites(b, good, 2));
    expect_suites(b, good, 2);
    assert_err(tlsc_config_set_suites(b, unknown, 2), TLSC_E_UNSUPPORTED);
    assert_err(tlsc_config_set_suites(b, twice, 3), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_suites(b, good, 0), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_suites(b, many, 65), TLSC_E_BAD_CONFIG);
    expect_suites(b, good, 2);
    tlsc_config_builder_free(b);
}

static void preferred_suites_move_to_the_front(void **state)
{
    (void)state;
    static const uint16_t all[] = { 0x1301, 0x1302, 0x1303 };
    static const uint16_t front[] = { 0x1303 };
    static const uint16_t moved[] = { 0x1303, 0x1301, 0x1302 };
    static const uint16_t few[] = { 0x1301, 0x1302 };
    static const uint16_t added[] = { 0x1303, 0x1301, 0x1302 };
    static const uint16_t twice[] = { 0x1303, 0x1303 };
    static const uint16_t unknown[] = { 0x00ff };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_suites(b, all, 3));
    assert_ok(tlsc_config_prefer_suites(b, front, 1));
    expect_suites(b, moved, 3);
    assert_err(tlsc_config_prefer_suites(b, twice, 2), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_prefer_suites(b, unknown, 1), TLSC_E_UNSUPPORTED);
    assert_err(tlsc_config_prefer_suites(b, front, 0), TLSC_E_BAD_CONFIG);
    expect_suites(b, moved, 3);
    /* one that wasn't enabled is, when it is preferred */
    assert_ok(tlsc_config_set_suites(b, few, 2));
    assert_ok(tlsc_config_prefer_suites(b, front, 1));
    expect_suites(b, added, 3);
    tlsc_config_builder_free(b);
}

static void groups_are_set_exactly(void **state)
{
    (void)state;
    static const uint16_t good[] = { 0x18, 0x1d };
    static const uint16_t unknown[] = { 0x1d, 0x1e };
    static const uint16_t twice[] = { 0x1d, 0x17, 0x1d };
    static const uint16_t many[65] = { 0x1d };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_groups(b, good, 2));
    expect_groups(b, good, 2);
    assert_err(tlsc_config_set_groups(b, unknown, 2), TLSC_E_UNSUPPORTED);
    assert_err(tlsc_config_set_groups(b, twice, 3), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_groups(b, good, 0), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_groups(b, many, 65), TLSC_E_BAD_CONFIG);
    expect_groups(b, good, 2);
    tlsc_config_builder_free(b);
}

/* ---- ALPN ---- */

static void protocol_names_have_1_to_255_bytes(void **state)
{
    (void)state;
    static const uint8_t zeros[256];
    tlsc_config_builder *b = new_builder();
    tlsc_bytes two[] = { TEXT("h2"), TEXT("http/1.1") };
    tlsc_bytes empty[] = { TEXT("h2"), { NULL, 0 } };
    tlsc_bytes too_long[] = { { zeros, 256 } };
    tlsc_bytes longest[] = { { zeros, 255 } };
    static tlsc_bytes many[257];
    assert_ok(tlsc_config_set_alpn(b, two, 2));
    assert_err(tlsc_config_set_alpn(b, two, 0), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_alpn(b, empty, 2), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_alpn(b, too_long, 1), TLSC_E_BAD_CONFIG);
    for (size_t i = 0; i < 257; i++) {
        many[i] = longest[0];
    }
    assert_err(tlsc_config_set_alpn(b, many, 257), TLSC_E_BAD_CONFIG); /* over 65,535 bytes */
    const tlsc_config *config = built(b);
    assert_bytes_equal(config->alpn, TEXT("\x02h2\x08http/1.1"));
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_alpn(b, longest, 1));
    config = built(b);
    assert_int_equal(config->alpn.n, 256);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

/* ---- tickets ---- */

static tlsc_err no_keys(void *ctx, tlsc_ticket_keys *out)
{
    (void)ctx;
    (void)out;
    return TLSC_E_NO_TICKET_KEY;
}

static void ticketers_out_of_bounds_are_refused(void **state)
{
    (void)state;
    static const uint8_t identity[32] = { 7 };
    static const tlsc_ticketer good = { sizeof(good), NULL, no_keys, 604800 };
    tlsc_config_builder *b = new_builder();
    tlsc_ticketer t = good;
    t.size--;
    assert_err(tlsc_config_set_ticketer(b, &t, identity, 1), TLSC_E_BAD_CONFIG);
    t = good;
    t.read_keys = NULL;
    assert_err(tlsc_config_set_ticketer(b, &t, identity, 1), TLSC_E_BAD_CONFIG);
    t = good;
    t.lifetime_s = 0;
    assert_err(tlsc_config_set_ticketer(b, &t, identity, 1), TLSC_E_BAD_CONFIG);
    t.lifetime_s = 604801; /* RFC 8446 4.6.1: seven days */
    assert_err(tlsc_config_set_ticketer(b, &t, identity, 1), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_ticketer(b, &good, identity, 9), TLSC_E_BAD_CONFIG);
    const tlsc_config *config = built(b);
    assert_false(config->has_ticketer);
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_ticketer(b, &good, identity, 0));
    assert_ok(tlsc_config_set_ticketer(b, &good, identity, 8));
    config = built(b);
    assert_true(config->has_ticketer);
    assert_int_equal(config->num_tickets, 8);
    assert_memory_equal(config->identity, identity, 32);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

/* ---- memory ---- */

static void every_allocation_may_fail(void **state)
{
    (void)state;
    tlsc_credential *credential = new_credential();
    tlsc_bytes name = TEXT("h2");
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
            rc = tlsc_config_build(b, &config);
        }
        tlsc_mem_fail_at(0, false);
        tlsc_config_free(config);
        tlsc_config_builder_free(b);
        tlsc_mem_get_stats(&after);
        assert_int_equal(after.live, before.live);
        if (rc == TLSC_OK) {
            assert_true(n > 4);
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
        cmocka_unit_test(a_provider_that_is_incomplete_makes_no_builder),
        cmocka_unit_test(without_a_certificate_nothing_is_built),
        cmocka_unit_test(a_configuration_is_frozen_and_counted),
        cmocka_unit_test(versions_that_are_not_served_are_refused),
        cmocka_unit_test(a_version_that_nothing_can_serve_is_left_out),
        cmocka_unit_test(suites_are_set_exactly),
        cmocka_unit_test(preferred_suites_move_to_the_front),
        cmocka_unit_test(groups_are_set_exactly),
        cmocka_unit_test(protocol_names_have_1_to_255_bytes),
        cmocka_unit_test(ticketers_out_of_bounds_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("config_builder", tests, NULL, NULL);
}
