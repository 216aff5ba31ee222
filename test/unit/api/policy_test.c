/* SPDX-License-Identifier: Apache-2.0 */
/* api/policy_test.c: what each policy holds, spelled out: a released policy never changes. */
#include "tlscore/policy.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

/* A policy in words, each algorithm as four hexadecimal digits. */
static const struct {
    const char *name;
    uint16_t min_version;
    const char *suites;
    const char *groups;
    const char *schemes;
    bool server_order;
    bool strict_curves;
} released[] = {
    { "2026-11", TLSC_TLS12, "1301 1302 1303 c02b c02c cca9 c02f c030 cca8",
      "11ec 001d 0017 0018",
      "0403 0503 0603 0807 0804 0805 0806 0401 0501 0601 0904 0905 0906", false, false },
    { "modern", TLSC_TLS13, "1301 1302 1303", "11ec 001d 0017 0018",
      "0403 0503 0603 0807 0804 0805 0806 0401 0501 0601 0904 0905 0906", false, false },
    { "fips-202205", TLSC_TLS12, "1301 1302 c02b c02f c02c c030", "0017 0018",
      "0403 0503 0804 0805 0806 0401 0501 0601", false, true },
    { "wpa-202304", TLSC_TLS12, "1302 c02c c030", "0018", "0503 0805 0806 0501 0601", false, true },
    { "cnsa1-202603", TLSC_TLS12, "1302 c02c c030", "0202 0018", "0503 0805 0501", true, true },
    { "cnsa2-202603", TLSC_TLS13, "1302", "0202", "0503 0805 0501", false, true },
};

static void expect_list(const uint16_t *list, size_t num, const char *want)
{
    char text[256] = "";
    size_t at = 0;
    for (size_t i = 0; i < num; i++) {
        int n = snprintf(text + at, sizeof(text) - at, "%s%04x", i == 0 ? "" : " ",
                         (unsigned)list[i]);
        assert_true(n > 0 && (size_t)n < sizeof(text) - at);
        at += (size_t)n;
    }
    assert_string_equal(text, want);
}

static void what_was_released_stays(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(released) / sizeof(released[0]); i++) {
        const tlsc_policy *policy = tlsc_policy_find(released[i].name);
        assert_non_null(policy);
        assert_int_equal(policy->size, sizeof(*policy));
        assert_int_equal(policy->min_version, released[i].min_version);
        assert_int_equal(policy->max_version, TLSC_TLS13);
        expect_list(policy->suites, policy->num_suites, released[i].suites);
        expect_list(policy->groups, policy->num_groups, released[i].groups);
        expect_list(policy->schemes, policy->num_schemes, released[i].schemes);
        assert_int_equal(policy->server_order, released[i].server_order);
        assert_int_equal(policy->strict_curves, released[i].strict_curves);
        assert_true(strlen(policy->about) > 0);
    }
}

static void default_is_the_latest_dated_one(void **state)
{
    (void)state;
    const tlsc_policy *now = tlsc_policy_find("default");
    const tlsc_policy *dated = tlsc_policy_find("2026-11");
    assert_ptr_equal(now, tlsc_policy_at(0));
    assert_string_equal(now->about, "as 2026-11");
    assert_ptr_equal(now->suites, dated->suites);
    assert_ptr_equal(now->groups, dated->groups);
    assert_ptr_equal(now->schemes, dated->schemes);
    assert_int_equal(now->min_version, dated->min_version);
}

static void all_can_be_listed_and_found(void **state)
{
    (void)state;
    size_t num = 0;
    for (; tlsc_policy_at(num) != NULL; num++) {
        assert_ptr_equal(tlsc_policy_find(tlsc_policy_at(num)->name), tlsc_policy_at(num));
    }
    assert_int_equal(num, 1 + sizeof(released) / sizeof(released[0]));
    assert_null(tlsc_policy_at(SIZE_MAX));
    assert_null(tlsc_policy_find(""));
    assert_null(tlsc_policy_find("2026-1"));
    assert_null(tlsc_policy_find("DEFAULT"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_released_stays),
        cmocka_unit_test(default_is_the_latest_dated_one),
        cmocka_unit_test(all_can_be_listed_and_found),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
