/* SPDX-License-Identifier: Apache-2.0 */
#include "tlscore/provider.h"

#include "unit.h"

/* A provider whose every table is a copy that a test may spoil. */
typedef struct spoilable {
    tlsc_provider provider;
    const tlsc_suite *suites[2];
    const tlsc_group *groups[2];
    tlsc_suite suite[2];
    tlsc_group group[2];
    tlsc_aead aead;
    tlsc_hash hash;
    tlsc_aead ticket_aead;
    tlsc_hash ticket_hash;
    tlsc_random random;
} spoilable;

static void set_up(spoilable *s)
{
    const tlsc_provider *from = tlsc_provider_default();
    s->provider = *from;
    s->aead = *from->suites[0]->aead;
    s->hash = *from->suites[0]->hash;
    s->ticket_aead = *from->ticket_aead;
    s->ticket_hash = *from->ticket_hash;
    s->random = *from->random;
    for (size_t i = 0; i < 2; i++) {
        s->suite[i] = *from->suites[2 * i]; /* SHA-256, both */
        s->suite[i].aead = &s->aead;
        s->suite[i].hash = &s->hash;
        s->suites[i] = &s->suite[i];
        s->group[i] = *from->groups[i];
        s->groups[i] = &s->group[i];
    }
    s->provider.suites = s->suites;
    s->provider.num_suites = 2;
    s->provider.groups = s->groups;
    s->provider.num_groups = 2;
    s->provider.random = &s->random;
    s->provider.ticket_aead = &s->ticket_aead;
    s->provider.ticket_hash = &s->ticket_hash;
}

#define EXPECT_REFUSED(change)                                        \
    do {                                                              \
        spoilable s;                                                  \
        set_up(&s);                                                   \
        assert_ok(tlsc_provider_check(&s.provider));                  \
        change;                                                       \
        assert_err(tlsc_provider_check(&s.provider), TLSC_E_BAD_CONFIG); \
    } while (0)

static void the_default_is_good(void **state)
{
    (void)state;
    const tlsc_provider *p = tlsc_provider_default();
    assert_ok(tlsc_provider_check(p));
    assert_ptr_equal(p, tlsc_provider_default());
    assert_true(strcmp(p->name, "BoringSSL") == 0 || strcmp(p->name, "AWS-LC") == 0);
}

static void the_default_prefers(void **state)
{
    (void)state;
    static const uint16_t groups[] = { 0x11ec, 0x11eb, 0x11ed, 0x0202,
                                       0x001d, 0x0017, 0x0018, 0x0019 };
    static const bool post_quantum[] = { true, true, true, true, false, false, false, false };
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c,
                                       0xcca9, 0xc02f, 0xc030, 0xcca8 };
    const tlsc_provider *p = tlsc_provider_default();
    assert_int_equal(p->num_groups, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(p->groups[i]->id, groups[i]);
        assert_int_equal(p->groups[i]->post_quantum, post_quantum[i]);
        assert_int_equal(p->groups[i]->tls12, !post_quantum[i]);
    }
    assert_int_equal(p->num_suites, 9);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(p->suites[i]->id, suites[i]);
    }
}

static void a_spoiled_provider_is_refused(void **state)
{
    (void)state;
    assert_err(tlsc_provider_check(NULL), TLSC_E_BAD_CONFIG);
    EXPECT_REFUSED(s.provider.size--);
    EXPECT_REFUSED(s.provider.name = NULL);
    EXPECT_REFUSED(s.provider.suites = NULL);
    EXPECT_REFUSED(s.provider.num_suites = 0);
    EXPECT_REFUSED(s.provider.groups = NULL);
    EXPECT_REFUSED(s.provider.num_groups = 0);
    EXPECT_REFUSED(s.provider.random = NULL);
    EXPECT_REFUSED(s.provider.ticket_aead = NULL);
    EXPECT_REFUSED(s.provider.ticket_hash = NULL);
    EXPECT_REFUSED(s.provider.sha1 = &s.hash); /* SHA-256 */
    EXPECT_REFUSED(s.provider.load_key = NULL);
    EXPECT_REFUSED(s.provider.verify = NULL);
    EXPECT_REFUSED(s.random.size = 0);
    EXPECT_REFUSED(s.random.fill = NULL);
    EXPECT_REFUSED(s.suite[1].hash = &s.ticket_hash); /* two implementations of one hash */
    EXPECT_REFUSED(s.suite[0].name = "TLS_AES_128_GCM_SHA384");
    EXPECT_REFUSED((s.group[0].tls12 = true, s.group[0].share_len = 256));
    EXPECT_REFUSED((s.group[0].tls12 = true, s.group[0].reply_len = 256));
    tlsc_provider other = *tlsc_provider_default();
    EXPECT_REFUSED((other.size = 0, s.provider.fallback = &other));
    other = *tlsc_provider_default();
    EXPECT_REFUSED((other.load_key = NULL, s.provider.fallback = &other));
    other = *tlsc_provider_default();
    EXPECT_REFUSED((other.fallback = &other, s.provider.fallback = &other)); /* for ever */
    EXPECT_REFUSED(s.ticket_aead.key_len = 16);
    EXPECT_REFUSED(s.ticket_aead.seal = NULL);
    EXPECT_REFUSED(s.ticket_hash.hmac = NULL);
}

static void a_spoiled_suite_is_refused(void **state)
{
    (void)state;
    EXPECT_REFUSED(s.suites[1] = NULL);
    EXPECT_REFUSED(s.suite[1].size--);
    EXPECT_REFUSED(s.suite[1].id = s.suite[0].id);
    EXPECT_REFUSED(s.suite[0].version = 0x0302);
    EXPECT_REFUSED(s.suite[0].version = TLSC_TLS12); /* whose suites say what kind of key signs */
    EXPECT_REFUSED(s.suite[0].version = TLSC_TLS12; s.suite[0].authentication = 3);
    EXPECT_REFUSED(s.suite[0].name = NULL);
    EXPECT_REFUSED(s.suite[0].openssl_name = NULL);
    EXPECT_REFUSED(s.suite[0].aead = NULL);
    EXPECT_REFUSED(s.suite[0].hash = NULL);
    EXPECT_REFUSED(s.suite[0].confidentiality_limit = 1);
    EXPECT_REFUSED(s.aead.size = 8);
    EXPECT_REFUSED(s.aead.name = NULL);
    EXPECT_REFUSED(s.aead.key_len = 0);
    EXPECT_REFUSED(s.aead.key_len = TLSC_AEAD_KEY_MAX + 1);
    EXPECT_REFUSED(s.aead.state_len = 0);
    EXPECT_REFUSED(s.aead.state_len = TLSC_AEAD_STATE_MAX + 1);
    EXPECT_REFUSED(s.aead.init = NULL);
    EXPECT_REFUSED(s.aead.seal = NULL);
    EXPECT_REFUSED(s.aead.open = NULL);
    EXPECT_REFUSED(s.aead.clear = NULL);
    EXPECT_REFUSED(s.hash.size = 8);
    EXPECT_REFUSED(s.hash.name = NULL);
    EXPECT_REFUSED(s.hash.len = 0);
    EXPECT_REFUSED(s.hash.len = TLSC_HASH_MAX + 1);
    EXPECT_REFUSED(s.hash.block_len = 0);
    EXPECT_REFUSED(s.hash.block_len = TLSC_HASH_BLOCK_MAX + 1);
    EXPECT_REFUSED(s.hash.state_len = 0);
    EXPECT_REFUSED(s.hash.state_len = TLSC_HASH_STATE_MAX + 1);
    EXPECT_REFUSED(s.hash.init = NULL);
    EXPECT_REFUSED(s.hash.update = NULL);
    EXPECT_REFUSED(s.hash.final = NULL);
    EXPECT_REFUSED(s.hash.hmac = NULL);
}

static void a_spoiled_group_is_refused(void **state)
{
    (void)state;
    EXPECT_REFUSED(s.groups[0] = NULL);
    EXPECT_REFUSED(s.group[0].size = 0);
    EXPECT_REFUSED(s.group[1].id = s.group[0].id);
    EXPECT_REFUSED(s.group[0].name = NULL);
    EXPECT_REFUSED(s.group[0].share_len = 0);
    EXPECT_REFUSED(s.group[0].share_len = TLSC_GROUP_SHARE_MAX + 1);
    EXPECT_REFUSED(s.group[0].reply_len = 0);
    EXPECT_REFUSED(s.group[0].reply_len = TLSC_GROUP_SHARE_MAX + 1);
    EXPECT_REFUSED(s.group[0].secret_len = 0);
    EXPECT_REFUSED(s.group[0].secret_len = TLSC_GROUP_SECRET_MAX + 1);
    EXPECT_REFUSED(s.group[0].private_len = 0);
    EXPECT_REFUSED(s.group[0].private_len = TLSC_GROUP_PRIVATE_MAX + 1);
    EXPECT_REFUSED(s.group[0].keygen = NULL);
    EXPECT_REFUSED(s.group[0].encapsulate = NULL);
    EXPECT_REFUSED(s.group[0].decapsulate = NULL);
    EXPECT_REFUSED(s.group[0].clear = NULL);
}

static void a_later_longer_table_is_fine(void **state)
{
    (void)state;
    spoilable s;
    set_up(&s);
    s.provider.size += 8;
    s.suite[0].size += 8;
    s.group[0].size += 8;
    s.aead.size += 8;
    s.hash.size += 8;
    s.random.size += 8;
    assert_ok(tlsc_provider_check(&s.provider));
}

static void finds_by_code_point(void **state)
{
    (void)state;
    const tlsc_provider *p = tlsc_provider_default();
    assert_string_equal(tlsc_provider_suite(p, 0x1302)->name, "TLS_AES_256_GCM_SHA384");
    assert_null(tlsc_provider_suite(p, 0x1304));
    assert_string_equal(tlsc_provider_group(p, 0x0018)->name, "secp384r1");
    assert_null(tlsc_provider_group(p, 0x0201));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_is_good),
        cmocka_unit_test(the_default_prefers),
        cmocka_unit_test(a_spoiled_provider_is_refused),
        cmocka_unit_test(a_spoiled_suite_is_refused),
        cmocka_unit_test(a_spoiled_group_is_refused),
        cmocka_unit_test(a_later_longer_table_is_fine),
        cmocka_unit_test(finds_by_code_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
