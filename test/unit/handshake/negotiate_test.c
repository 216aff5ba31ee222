/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/negotiate_test.c: decisions on a ClientHello, without a connection. */
#include "unit.h"

#include <string.h>

#include "handshake/negotiate.h"
#include "pem_file.h"
#include "wire/writer.h"

enum { PQ = 0x11ec, X25519 = 0x1d, P256 = 0x17, P384 = 0x18 };

/* ---- configurations and hellos ---- */

typedef struct wish {
    uint16_t suites[4]; /* 0 ends it; none: all */
    uint16_t groups[4];
    size_t tiers[4]; /* their sizes; none: each group is one */
    tlsc_group_retry retry;
    bool own_order;
} wish;

static tlsc_credential *credential;

static int set_up(void **state)
{
    (void)state;
    static const uint16_t scheme = TLSC_SIG_ECDSA_P256_SHA256;
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_bytes leaf = tlsc_buf_bytes(&der);
    assert_ok(tlsc_credential_external(tlsc_provider_default(), &leaf, 1, &scheme, 1, &credential));
    tlsc_buf_clear(&der);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tlsc_credential_free(credential);
    return 0;
}

static size_t count(const uint16_t *list, size_t max)
{
    size_t n = 0;
    while (n < max && list[n] != 0) {
        n++;
    }
    return n;
}

static const tlsc_config *config_of(const wish *w)
{
    const tlsc_config *config;
    tlsc_config_builder *b = tlsc_config_builder_new(tlsc_provider_default());
    assert_non_null(b);
    if (count(w->suites, 4) > 0) {
        assert_ok(tlsc_config_set_suites(b, w->suites, count(w->suites, 4)));
    }
    size_t num_tiers = 0;
    while (num_tiers < 4 && w->tiers[num_tiers] > 0) {
        num_tiers++;
    }
    if (num_tiers > 0) {
        assert_ok(tlsc_config_set_group_tiers(b, w->groups, w->tiers, num_tiers, w->retry));
    } else if (count(w->groups, 4) > 0) {
        assert_ok(tlsc_config_set_groups(b, w->groups, count(w->groups, 4)));
    }
    tlsc_config_honor_client_order(b, !w->own_order);
    assert_ok(tlsc_config_add_credential(b, credential));
    assert_ok(tlsc_config_build(b, &config));
    tlsc_config_builder_free(b);
    return config;
}

/* Lists as on the wire. */
typedef struct lists {
    uint8_t bytes[64];
    size_t n;
} lists;

static tlsc_bytes list_of(lists *l, const uint16_t *v, size_t num)
{
    l->n = 0;
    for (size_t i = 0; i < num; i++) {
        l->bytes[l->n++] = (uint8_t)(v[i] >> 8);
        l->bytes[l->n++] = (uint8_t)v[i];
    }
    return tlsc_bytes_of(l->bytes, l->n);
}

/* ---- versions ---- */

static void the_version_list_is_all_that_counts(void **state)
{
    (void)state;
    static const struct {
        uint16_t legacy;
        bool has_list;
        tlsc_bytes versions;
        uint16_t both;   /* what a server of both versions answers; 0: none */
        uint16_t only13; /* and one of TLS 1.3 alone */
    } rows[] = {
        { 0x0303, true, { (const uint8_t *)"\x03\x04", 2 }, TLSC_TLS13, TLSC_TLS13 },
        { 0x0301, true, { (const uint8_t *)"\x03\x04", 2 }, TLSC_TLS13, TLSC_TLS13 },
        { 0x0303, true, { (const uint8_t *)"\x7a\x7a\x03\x03\x03\x04", 6 }, TLSC_TLS13, TLSC_TLS13 },
        { 0x0304, true, { (const uint8_t *)"\x03\x03", 2 }, TLSC_TLS12, 0 },
        { 0x0303, true, { (const uint8_t *)"\x03\x02", 2 }, 0, 0 },
        { 0x0303, true, { (const uint8_t *)"\x03\x05", 2 }, 0, 0 },
        { 0x0303, true, { (const uint8_t *)"\x7f\x1c", 2 }, 0, 0 },
        { 0x0303, false, { NULL, 0 }, TLSC_TLS12, 0 },
        { 0x0302, false, { NULL, 0 }, 0, 0 },
        { 0x0304, false, { NULL, 0 }, TLSC_TLS12, 0 }, /* only the extension can say TLS 1.3 */
        { 0xffff, false, { NULL, 0 }, TLSC_TLS12, 0 },
    };
    const tlsc_config *both = config_of(&(wish){ .own_order = false });
    const tlsc_config *only13 = config_of(&(wish){ .suites = { 0x1301 } });
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint16_t version = 0;
        tlsc_client_hello ch = { .legacy_version = rows[i].legacy, .versions = rows[i].versions };
        ch.exts.present = rows[i].has_list ? 1u << TLSC_EXT_supported_versions : 0;
        assert_err(tlsc_negotiate_version(both, &ch, &version),
                   rows[i].both != 0 ? TLSC_OK : TLSC_E_NO_SHARED_VERSION);
        assert_int_equal(version, rows[i].both);
        version = 0;
        assert_err(tlsc_negotiate_version(only13, &ch, &version),
                   rows[i].only13 != 0 ? TLSC_OK : TLSC_E_NO_SHARED_VERSION);
        assert_int_equal(version, rows[i].only13);
    }
    tlsc_config_free(both);
    tlsc_config_free(only13);
}

/* ---- suites ---- */

static void suites_follow_the_order_asked_for(void **state)
{
    (void)state;
    static const struct {
        wish w;
        uint16_t client[5];
        uint16_t expected; /* 0: none */
    } rows[] = {
        { { .suites = { 0x1303, 0x1301 } }, { 0x1301, 0x1303 }, 0x1301 },
        { { .suites = { 0x1303, 0x1301 }, .own_order = true }, { 0x1301, 0x1303 }, 0x1303 },
        { { .suites = { 0x1303, 0x1301 } }, { 0x1302, 0x1303, 0x1301 }, 0x1303 },
        { { .suites = { 0x1302, 0x1303 }, .own_order = true }, { 0x1301, 0x1303 }, 0x1303 },
        { { .suites = { 0x1301 } }, { 0xc02f, 0x0a0a, 0x1301 }, 0x1301 },
        { { .suites = { 0x1301 } }, { 0x1301, 0x1301 }, 0x1301 },
        { { .suites = { 0x1301 } }, { 0x1302, 0x1303 }, 0 },
        { { .suites = { 0x1301 }, .own_order = true }, { 0x1302, 0x1303 }, 0 },
        { { .suites = { 0x1301 } }, { 0x0113, 0x0213 }, 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const tlsc_config *config = config_of(&rows[i].w);
        const tlsc_suite *suite = NULL;
        lists l;
        tlsc_client_hello ch = { .cipher_suites =
                                     list_of(&l, rows[i].client, count(rows[i].client, 5)) };
        tlsc_err rc = tlsc_negotiate_suite(config, &ch, TLSC_TLS13, &suite);
        assert_err(rc, rows[i].expected == 0 ? TLSC_E_NO_SHARED_SUITE : TLSC_OK);
        assert_int_equal(suite == NULL ? 0 : suite->id, rows[i].expected);
        /* none of them is TLS 1.2's */
        assert_err(tlsc_negotiate_suite(config, &ch, TLSC_TLS12, &suite), TLSC_E_NO_SHARED_SUITE);
        tlsc_config_free(config);
    }
}

/* ---- groups ---- */

/* Shares of two bytes, which are the group's own number. */
static tlsc_bytes shares_of(lists *l, const uint16_t *groups, size_t num)
{
    l->n = 0;
    for (size_t i = 0; i < num; i++) {
        uint8_t entry[] = { (uint8_t)(groups[i] >> 8), (uint8_t)groups[i], 0, 2,
                            (uint8_t)(groups[i] >> 8), (uint8_t)groups[i] };
        memcpy(l->bytes + l->n, entry, sizeof(entry));
        l->n += sizeof(entry);
    }
    return tlsc_bytes_of(l->bytes, l->n);
}

static void groups_are_worth_a_round_trip_if_they_are_post_quantum(void **state)
{
    (void)state;
    static const struct {
        uint16_t own[4];
        uint16_t client[4];
        uint16_t shares[4];
        uint16_t expected; /* 0: none */
        bool retry;
    } rows[] = {
        { { PQ, X25519 }, { PQ, X25519 }, { PQ, X25519 }, PQ, false },
        { { PQ, X25519 }, { X25519, PQ }, { X25519, PQ }, PQ, false }, /* our order */
        { { PQ, X25519 }, { X25519 }, { X25519 }, X25519, false },
        { { PQ, X25519 }, { PQ, X25519 }, { X25519 }, PQ, true },
        { { X25519, PQ }, { PQ, X25519 }, { PQ }, PQ, false }, /* X25519 isn't worth it */
        { { X25519, P256 }, { X25519, P256 }, { P256 }, P256, false },
        { { X25519, P256 }, { P256, X25519 }, { X25519, P256 }, X25519, false },
        { { X25519, P256 }, { P256, X25519 }, { P384 }, X25519, true },
        { { X25519, P256, P384 }, { P384, P256 }, { P384 }, P384, false },
        { { X25519, P256 }, { P256, X25519 }, { 0 }, X25519, true },
        { { P384 }, { X25519, P384 }, { X25519 }, P384, true },
        { { P384 }, { X25519, P256 }, { X25519 }, 0, false },
        { { X25519 }, { P256 }, { X25519 }, 0, false }, /* a share of a group that isn't offered */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        wish w = { .own_order = false };
        memcpy(w.groups, rows[i].own, sizeof(w.groups));
        const tlsc_config *config = config_of(&w);
        const tlsc_group *group = NULL;
        tlsc_bytes share = { NULL, 0 };
        lists l;
        lists s;
        tlsc_client_hello ch = { .groups = list_of(&l, rows[i].client, count(rows[i].client, 4)),
                                 .key_shares =
                                     shares_of(&s, rows[i].shares, count(rows[i].shares, 4)) };
        tlsc_err rc = tlsc_negotiate_group13(config, &ch, &group, &share);
        if (rc != (rows[i].expected == 0 ? TLSC_E_NO_SHARED_GROUP : TLSC_OK)) {
            fail_msg("row %zu: %s", i, tlsc_err_name(rc));
        }
        if (rc == TLSC_OK) {
            assert_int_equal(group->id, rows[i].expected);
            assert_int_equal(share.n, rows[i].retry ? 0 : 2);
            if (!rows[i].retry) {
                assert_bytes_equal(share, BYTES((uint8_t)(group->id >> 8), (uint8_t)group->id));
            }
        }
        tlsc_config_free(config);
    }
}

/* What comes of groups and shares of a client with these groups; a group of 0 stands for an error. */
static uint16_t chosen(const wish *w, const uint16_t client[4], const uint16_t shared[4], bool *retry)
{
    const tlsc_config *config = config_of(w);
    const tlsc_group *group = NULL;
    tlsc_bytes share = { NULL, 0 };
    lists l;
    lists s;
    tlsc_client_hello ch = { .groups = list_of(&l, client, count(client, 4)),
                             .key_shares = shares_of(&s, shared, count(shared, 4)) };
    tlsc_err rc = tlsc_negotiate_group13(config, &ch, &group, &share);
    tlsc_config_free(config);
    *retry = rc == TLSC_OK && share.n == 0;
    return rc == TLSC_OK ? group->id : 0;
}

static void of_a_tier_the_client_chooses(void **state)
{
    (void)state;
    enum { MLKEM = 0x0202 };
    static const struct {
        uint16_t client[4];
        uint16_t shares[4];
        uint16_t expected; /* 0: none */
        bool retry;
    } rows[] = {
        { { X25519, MLKEM, PQ }, { X25519, MLKEM, PQ }, MLKEM, false },
        { { X25519, PQ, MLKEM }, { X25519, MLKEM, PQ }, PQ, false }, /* shares have no order */
        { { MLKEM, PQ }, { PQ }, PQ, false },    /* a share saves a round trip */
        { { MLKEM, PQ }, { X25519 }, MLKEM, true },
        { { P256, X25519 }, { P256, X25519 }, P256, false },
        { { P256, X25519 }, { X25519 }, X25519, false },
        { { P256, X25519 }, { 0 }, P256, true },
        { { X25519 }, { X25519 }, X25519, false },
        { { P384 }, { P384 }, 0, false },
    };
    const wish w = { .groups = { PQ, MLKEM, X25519, P256 }, .tiers = { 2, 2 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool retry;
        uint16_t group = chosen(&w, rows[i].client, rows[i].shares, &retry);
        if (group != rows[i].expected || retry != rows[i].retry) {
            fail_msg("row %zu: %04x, %d", i, group, retry);
        }
    }
}

static void a_better_tier_is_worth_what_the_configuration_says(void **state)
{
    (void)state;
    static const struct {
        uint16_t own[4];
        size_t tiers[4];
        uint16_t client[4];
        uint16_t shares[4];
        struct {
            uint16_t group;
            bool retry;
        } post_quantum, better, never;
    } rows[] = {
        { { PQ, X25519 }, { 1, 1 }, { PQ, X25519 }, { X25519 },
          { PQ, true }, { PQ, true }, { X25519, false } },
        { { X25519, P256 }, { 1, 1 }, { X25519, P256 }, { P256 },
          { P256, false }, { X25519, true }, { P256, false } },
        { { X25519, P256, P384 }, { 2, 1 }, { P384, P256 }, { P384 },
          { P384, false }, { P256, true }, { P384, false } },
        { { X25519, P256, P384 }, { 1, 2 }, { X25519, P384, P256 }, { P256, P384 },
          { P384, false }, { X25519, true }, { P384, false } },
        { { PQ, X25519 }, { 1, 1 }, { PQ, X25519 }, { 0 },
          { PQ, true }, { PQ, true }, { PQ, true } },
        { { PQ, X25519 }, { 1, 1 }, { X25519 }, { X25519 },
          { X25519, false }, { X25519, false }, { X25519, false } },
        /* in one tier a retry is never worth it */
        { { PQ, X25519 }, { 2 }, { PQ, X25519 }, { X25519 },
          { X25519, false }, { X25519, false }, { X25519, false } },
    };
    for (size_t i = 0; i < 3 * sizeof(rows) / sizeof(rows[0]); i++) {
        size_t k = i / 3;
        wish w = { .retry = (tlsc_group_retry)(i % 3) };
        memcpy(w.groups, rows[k].own, sizeof(w.groups));
        memcpy(w.tiers, rows[k].tiers, sizeof(w.tiers));
        uint16_t expected[] = { rows[k].post_quantum.group, rows[k].better.group,
                                rows[k].never.group };
        bool retries[] = { rows[k].post_quantum.retry, rows[k].better.retry, rows[k].never.retry };
        bool retry;
        uint16_t group = chosen(&w, rows[k].client, rows[k].shares, &retry);
        if (group != expected[i % 3] || retry != retries[i % 3]) {
            fail_msg("row %zu, %zu: %04x, %d", k, i % 3, group, retry);
        }
    }
}

/* RFC 8446 4.2.8: one share for a group. Of groups that aren't enabled here nothing is looked at.
 */
static void two_shares_for_one_group_are_refused(void **state)
{
    (void)state;
    static const uint16_t groups[] = { X25519, P256, P384 };
    static const uint16_t twice[] = { P256, X25519, P256 };
    static const uint16_t elsewhere[] = { P384, X25519, P384 };
    const tlsc_config *config = config_of(&(wish){ .groups = { X25519, P256 } });
    const tlsc_group *group = NULL;
    tlsc_bytes share;
    lists l;
    lists s;
    tlsc_client_hello ch = { .groups = list_of(&l, groups, 3),
                             .key_shares = shares_of(&s, twice, 3) };
    assert_err(tlsc_negotiate_group13(config, &ch, &group, &share), TLSC_E_DUPLICATE_KEY_SHARE);
    assert_null(group);
    ch.key_shares = shares_of(&s, elsewhere, 3);
    assert_ok(tlsc_negotiate_group13(config, &ch, &group, &share));
    assert_int_equal(group->id, X25519);
    tlsc_config_free(config);
}

/* ---- ALPN ---- */

static void the_servers_order_of_protocols_counts(void **state)
{
    (void)state;
    static const struct {
        const char *own;
        const char *client;
        bool offered;
        tlsc_err error;
        const char *expected;
    } rows[] = {
        { "\x02h2\x08http/1.1", "\x08http/1.1\x02h2", true, TLSC_OK, "h2" },
        { "\x08http/1.1\x02h2", "\x02h2\x08http/1.1", true, TLSC_OK, "http/1.1" },
        { "\x02h2\x08http/1.1", "\x08http/1.1", true, TLSC_OK, "http/1.1" },
        { "\x02h2", "\x03h2c\x01h\x02H2", true, TLSC_E_NO_SHARED_ALPN, "" },
        { "\x02h2", "", false, TLSC_OK, "" },
        { "", "\x02h2", true, TLSC_E_NO_SHARED_ALPN, "" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_bytes name = TEXT("before");
        tlsc_client_hello ch = { .alpn = tlsc_bytes_of_str(rows[i].client) };
        ch.exts.present = rows[i].offered ? 1u << TLSC_EXT_alpn : 0;
        assert_err(tlsc_negotiate_alpn(tlsc_bytes_of_str(rows[i].own), &ch, &name), rows[i].error);
        assert_bytes_equal(name, tlsc_bytes_of_str(rows[i].expected));
    }
}

static void a_protocol_is_offered_as_a_whole_name(void **state)
{
    (void)state;
    tlsc_client_hello ch = { .alpn = TEXT("\x03h2c\x08http/1.1") };
    assert_true(tlsc_hello_has_alpn(&ch, TEXT("h2c")));
    assert_true(tlsc_hello_has_alpn(&ch, TEXT("http/1.1")));
    assert_false(tlsc_hello_has_alpn(&ch, TEXT("h2")));
    assert_false(tlsc_hello_has_alpn(&ch, TEXT("http/1.1 ")));
    assert_false(tlsc_hello_has_alpn(&ch, TEXT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_list_is_all_that_counts),
        cmocka_unit_test(suites_follow_the_order_asked_for),
        cmocka_unit_test(groups_are_worth_a_round_trip_if_they_are_post_quantum),
        cmocka_unit_test(of_a_tier_the_client_chooses),
        cmocka_unit_test(a_better_tier_is_worth_what_the_configuration_says),
        cmocka_unit_test(two_shares_for_one_group_are_refused),
        cmocka_unit_test(the_servers_order_of_protocols_counts),
        cmocka_unit_test(a_protocol_is_offered_as_a_whole_name),
    };
    return cmocka_run_group_tests_name("negotiate", tests, set_up, tear_down);
}
