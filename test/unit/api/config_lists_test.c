/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_lists_test.c: versions, suites, groups, protocols; a setter that fails changes nothing. */
#include "builder.h"

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

static void tiers_are_parts_of_the_list(void **state)
{
    (void)state;
    static const uint16_t ids[] = { 0x11ec, 0x0202, 0x1d, 0x17, 0x18 };
    static const uint16_t twice[] = { 0x1d, 0x17, 0x1d };
    static const size_t sizes[] = { 2, 1, 2 };
    static const size_t empty[] = { 2, 0, 2 };
    static const size_t many[] = { 2, 63 };
    static const size_t huge[] = { 2, SIZE_MAX };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_group_tiers(b, ids, sizes, 3, TLSC_RETRY_NEVER));
    expect_groups(b, ids, 5);
    assert_err(tlsc_config_set_group_tiers(b, ids, sizes, 0, TLSC_RETRY_NEVER),
               TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_group_tiers(b, ids, empty, 3, TLSC_RETRY_NEVER),
               TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_group_tiers(b, ids, many, 2, TLSC_RETRY_NEVER), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_group_tiers(b, ids, huge, 2, TLSC_RETRY_NEVER), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_group_tiers(b, twice, sizes, 2, TLSC_RETRY_NEVER),
               TLSC_E_BAD_CONFIG);
    expect_groups(b, ids, 5);
    const tlsc_config *config = built(b);
    assert_true(config->equal_groups == 0x9);
    assert_int_equal(config->group_retry, TLSC_RETRY_NEVER);
    tlsc_config_free(config);
    /* a plain list has none */
    assert_ok(tlsc_config_set_groups(b, ids, 2));
    config = built(b);
    assert_true(config->equal_groups == 0);
    assert_int_equal(config->group_retry, TLSC_RETRY_POST_QUANTUM);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

/* ---- key shares ---- */

static void a_client_sends_one_key_share_or_two(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_client_builder();
    const tlsc_config *config = built(b);
    assert_int_equal(config->num_key_shares, 0); /* the first group decides */
    tlsc_config_free(config);
    assert_err(tlsc_config_set_key_shares(b, 0), TLSC_E_BAD_CONFIG);
    assert_ok(tlsc_config_set_key_shares(b, 2));
    assert_err(tlsc_config_set_key_shares(b, 3), TLSC_E_BAD_CONFIG);
    config = built(b);
    assert_int_equal(config->num_key_shares, 2);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    b = new_builder();
    assert_err(tlsc_config_set_key_shares(b, 1), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
}

/* ---- sizes ---- */

static void sizes_of_records_are_within_bounds(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_builder();
    const tlsc_config *config = built(b);
    assert_int_equal(config->record_size_limit, 16385); /* a server answers who asks */
    tlsc_config_free(config);
    assert_err(tlsc_config_set_record_size_limit(b, 63), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_record_size_limit(b, 16386), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_max_fragment_length(b, 512), TLSC_E_BAD_CONFIG); /* a client's */
    assert_ok(tlsc_config_set_record_size_limit(b, 64));
    config = built(b);
    assert_int_equal(config->record_size_limit, 64);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    b = new_client_builder();
    assert_err(tlsc_config_set_padding(b, 16385, 0), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_padding(b, 0, 16385), TLSC_E_BAD_CONFIG);
    assert_ok(tlsc_config_set_padding(b, 16384, 16384));
    config = built(b);
    assert_int_equal(config->pad_block, 16384);
    assert_int_equal(config->pad_min, 16384);
    assert_int_equal(config->record_size_limit, 0);
    assert_int_equal(config->max_fragment_length, 0);
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_record_size_limit(b, 0));
    assert_ok(tlsc_config_set_record_size_limit(b, 16385));
    for (unsigned n = 0; n < 8192; n++) {
        bool known = n == 0 || n == 512 || n == 1024 || n == 2048 || n == 4096;
        assert_err(tlsc_config_set_max_fragment_length(b, (uint16_t)n),
                   known ? TLSC_OK : TLSC_E_BAD_CONFIG);
    }
    tlsc_config_builder_free(b);
}

/* ---- what is yes or no ---- */

static void switches_are_kept(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_builder();
    tlsc_config_honor_client_order(b, false);
    tlsc_config_require_extended_master_secret(b, true);
    const tlsc_config *config = built(b);
    assert_false(config->honor_client_order);
    assert_true(config->require_extended_master_secret);
    tlsc_config_free(config);
    tlsc_config_honor_client_order(b, true);
    tlsc_config_require_extended_master_secret(b, false);
    config = built(b);
    assert_true(config->honor_client_order);
    assert_false(config->require_extended_master_secret);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

static void key_shares_may_be_named(void **state)
{
    (void)state;
    static const uint16_t groups[] = { 0x001d, 0x11ec, 0x0017 };
    static const uint16_t two[] = { 0x0017, 0x001d };
    static const uint16_t twice[] = { 0x0017, 0x0017 };
    static const uint16_t other[] = { 0x0018 };
    static const uint16_t nine[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    const tlsc_config *config;
    tlsc_config_builder *b = new_client_builder();
    assert_ok(tlsc_config_set_groups(b, groups, 3));
    config = built(b);
    assert_false(config->names_key_shares);
    tlsc_config_free(config);
    assert_err(tlsc_config_set_key_share_groups(b, twice, 2), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_key_share_groups(b, nine, 9), TLSC_E_BAD_CONFIG);
    assert_ok(tlsc_config_set_key_share_groups(b, two, 2));
    config = built(b);
    assert_true(config->names_key_shares);
    assert_int_equal(config->key_share_groups, 1 | 4);
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_key_share_groups(b, other, 1));
    assert_err(tlsc_config_build(b, &config), TLSC_E_BAD_CONFIG); /* not enabled */
    assert_ok(tlsc_config_set_key_share_groups(b, NULL, 0));
    config = built(b);
    assert_true(config->names_key_shares);
    assert_int_equal(config->key_share_groups, 0);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    b = new_builder();
    assert_err(tlsc_config_set_key_share_groups(b, two, 2), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
}

static void some_settings_are_for_one_role(void **state)
{
    (void)state;
    tlsc_config_builder *server = new_builder();
    tlsc_config_builder *client = new_client_builder();
    assert_err(tlsc_config_ignore_hello_requests(server, true), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_acknowledge_server_name(client, false), TLSC_E_BAD_CONFIG);
    assert_ok(tlsc_config_ignore_hello_requests(client, true));
    assert_ok(tlsc_config_acknowledge_server_name(server, false));
    const tlsc_config *config = built(server);
    assert_true(config->hides_server_name);
    assert_false(config->ignore_hello_requests);
    tlsc_config_free(config);
    config = built(client);
    assert_true(config->ignore_hello_requests);
    tlsc_config_free(config);
    tlsc_config_builder_free(server);
    tlsc_config_builder_free(client);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_that_are_not_served_are_refused),
        cmocka_unit_test(a_version_that_nothing_can_serve_is_left_out),
        cmocka_unit_test(suites_are_set_exactly),
        cmocka_unit_test(preferred_suites_move_to_the_front),
        cmocka_unit_test(groups_are_set_exactly),
        cmocka_unit_test(tiers_are_parts_of_the_list),
        cmocka_unit_test(a_client_sends_one_key_share_or_two),
        cmocka_unit_test(key_shares_may_be_named),
        cmocka_unit_test(some_settings_are_for_one_role),
        cmocka_unit_test(sizes_of_records_are_within_bounds),
        cmocka_unit_test(switches_are_kept),
        cmocka_unit_test(protocol_names_have_1_to_255_bytes),
    };
    return cmocka_run_group_tests_name("config_lists", tests, NULL, NULL);
}
