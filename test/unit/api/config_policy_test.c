/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_policy_test.c: policies applied: what they enable and what they limit. */
#include <string.h>

#include "asking.h"
#include "builder.h"
#include "pair.h"

static void expect_ids(const tlsc_config *c, const tlsc_policy *policy)
{
    size_t at = 0;
    for (size_t i = 0; i < policy->num_suites; i++) {
        if (tlsc_provider_suite(c->provider, policy->suites[i]) != NULL) {
            assert_int_equal(c->suites[at++]->id, policy->suites[i]);
        }
    }
    assert_int_equal(at, c->num_suites);
    at = 0;
    for (size_t i = 0; i < policy->num_groups; i++) {
        if (tlsc_provider_group(c->provider, policy->groups[i]) != NULL) {
            assert_int_equal(c->groups[at++]->id, policy->groups[i]);
        }
    }
    assert_int_equal(at, c->num_groups);
    at = 0;
    for (size_t i = 0; i < policy->num_schemes && at < c->num_schemes; i++) {
        at += c->schemes[at] == policy->schemes[i];
    }
    assert_int_equal(at, c->num_schemes);
}

/* ---- what is enabled ---- */

static bool has_any_group(const tlsc_policy *policy)
{
    for (size_t i = 0; i < policy->num_groups; i++) {
        if (tlsc_provider_group(provider(), policy->groups[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static void a_policy_sets_every_list(void **state)
{
    (void)state;
    const tlsc_policy *policy;
    for (size_t i = 0; (policy = tlsc_policy_at(i)) != NULL; i++) {
        for (int client = 0; client < 2 && has_any_group(policy); client++) {
            static const uint16_t other[] = { 0x1303 };
            tlsc_config_builder *b = client ? new_client_builder() : new_builder();
            assert_ok(tlsc_config_set_suites(b, other, 1)); /* takes the place of what was set */
            assert_ok(tlsc_config_set_certificate_schemes(b, other, 1));
            assert_ok(tlsc_config_set_policy(b, policy->name));
            const tlsc_config *c = built(b);
            expect_ids(c, policy);
            assert_int_equal(c->min_version, policy->min_version);
            assert_int_equal(c->max_version, policy->max_version);
            assert_int_equal(c->honor_client_order, !policy->server_order);
            assert_int_equal(c->num_certificate_schemes, 0);
            tlsc_config_free(c);
            tlsc_config_builder_free(b);
        }
    }
}

static void a_new_builder_has_the_default_policy(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_builder();
    const tlsc_config *c = built(b);
    expect_ids(c, tlsc_policy_find("default"));
    tlsc_config_free(c);
    tlsc_config_builder_free(b);
}

/* ---- what the provider hasn't ---- */

static tlsc_err verifies_ed25519(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                                 tlsc_bytes signature)
{
    (void)spki;
    (void)message;
    (void)signature;
    return scheme == TLSC_SIG_ED25519 ? TLSC_E_BAD_SIGNATURE : TLSC_E_UNSUPPORTED_KEY;
}

/* A provider with one suite, one group, one scheme. */
static tlsc_provider small_provider(uint16_t suite, uint16_t group)
{
    static const tlsc_suite *suites[1];
    static const tlsc_group *groups[1];
    tlsc_provider p = *provider();
    suites[0] = tlsc_provider_suite(&p, suite);
    groups[0] = tlsc_provider_group(&p, group);
    p.suites = suites;
    p.num_suites = 1;
    p.groups = groups;
    p.num_groups = 1;
    p.verify = verifies_ed25519;
    return p;
}

static void what_the_provider_lacks_is_left_out(void **state)
{
    (void)state;
    tlsc_provider p = small_provider(0x1303, 0x1d);
    tlsc_config_builder *b = tlsc_config_builder_new_client(&p);
    assert_ok(tlsc_config_set_verifier(b, &some_verifier));
    assert_ok(tlsc_config_set_policy(b, "2026-11"));
    const tlsc_config *c = built(b);
    assert_int_equal(c->num_suites, 1);
    assert_int_equal(c->num_groups, 1);
    assert_int_equal(c->num_schemes, 1);
    assert_int_equal(c->schemes[0], TLSC_SIG_ED25519);
    assert_int_equal(c->min_version, TLSC_TLS13); /* TLS 1.2 has no suite left */
    tlsc_config_free(c);
    tlsc_config_builder_free(b);
}

static void a_policy_of_which_nothing_is_left_is_refused(void **state)
{
    (void)state;
    static const uint16_t pairs[][2] = { { 0x1303, 0x17 }, { 0x1301, 0x1d }, { 0x1301, 0x17 } };
    for (size_t i = 0; i < 3; i++) { /* no suite, no group, no scheme of fips-202205 */
        tlsc_provider p = small_provider(pairs[i][0], pairs[i][1]);
        tlsc_config_builder *b = tlsc_config_builder_new_client(&p);
        assert_ok(tlsc_config_set_verifier(b, &some_verifier));
        assert_err(tlsc_config_set_policy(b, "fips-202205"), TLSC_E_UNSUPPORTED);
        const tlsc_config *c = built(b); /* nothing has changed */
        assert_int_equal(c->suites[0]->id, pairs[i][0]);
        assert_int_equal(c->groups[0]->id, pairs[i][1]);
        assert_null(c->policy);
        tlsc_config_free(c);
        tlsc_config_builder_free(b);
    }
    tlsc_config_builder *b = new_builder();
    assert_err(tlsc_config_set_policy(b, "fips-202206"), TLSC_E_UNKNOWN_NAME);
    assert_err(tlsc_config_set_policy(b, ""), TLSC_E_UNKNOWN_NAME);
    tlsc_config_builder_free(b);
}

/* ---- limits ---- */

enum beyond { NOTHING, SUITE, PREFERRED, GROUP, SCHEME, CERTIFICATE_SCHEME, VERSION, NUM_BEYOND };

static void go_beyond(tlsc_config_builder *b, enum beyond what)
{
    static const uint16_t chacha[] = { 0x1303 };
    static const uint16_t x25519[] = { 0x1d };
    static const uint16_t ed25519[] = { TLSC_SIG_ED25519 };
    switch (what) {
    case SUITE: assert_ok(tlsc_config_set_suites(b, chacha, 1)); break;
    case PREFERRED: assert_ok(tlsc_config_prefer_suites(b, chacha, 1)); break;
    case GROUP: assert_ok(tlsc_config_set_groups(b, x25519, 1)); break;
    case SCHEME: assert_ok(tlsc_config_set_schemes(b, ed25519, 1)); break;
    case CERTIFICATE_SCHEME:
        assert_ok(tlsc_config_set_certificate_schemes(b, ed25519, 1));
        break;
    default: break;
    }
}

static void what_goes_beyond_a_policy_is_not_built(void **state)
{
    (void)state;
    for (enum beyond what = SUITE; what < VERSION; what++) {
        const tlsc_config *c;
        tlsc_config_builder *b = new_builder();
        assert_ok(tlsc_config_set_policy(b, "fips-202205"));
        go_beyond(b, what);
        assert_err(tlsc_config_build(b, &c), TLSC_E_BAD_CONFIG);
        assert_ok(tlsc_config_set_policy(b, "default")); /* which limits nothing */
        go_beyond(b, what);
        tlsc_config_free(built(b));
        tlsc_config_builder_free(b);
    }
    const tlsc_config *c;
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_policy(b, "modern"));
    assert_ok(tlsc_config_set_versions(b, TLSC_TLS12, TLSC_TLS13));
    assert_err(tlsc_config_build(b, &c), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
}

static void a_policy_may_be_narrowed_and_reordered(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1302, 0x1301 };
    static const uint16_t groups[] = { 0x18, 0x17 };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_policy(b, "fips-202205"));
    assert_ok(tlsc_config_set_suites(b, suites, 2));
    assert_ok(tlsc_config_set_groups(b, groups, 2));
    assert_ok(tlsc_config_set_versions(b, TLSC_TLS13, TLSC_TLS13));
    const tlsc_config *c = built(b);
    assert_int_equal(c->suites[0]->id, 0x1302);
    assert_int_equal(c->groups[0]->id, 0x18);
    tlsc_config_free(c);
    tlsc_config_builder_free(b);
}

/* ---- in a handshake ---- */

static const char *policy_name;

static tlsc_err server_policy(void *ctx, tlsc_config_builder *b)
{
    return tlsc_config_set_policy(b, (const char *)ctx);
}

static tlsc_err client_policy(tlsc_config_builder *b)
{
    return tlsc_config_set_policy(b, policy_name);
}

static tlsc_err client_policy12(tlsc_config_builder *b)
{
    tlsc_err rc = tlsc_config_set_policy(b, policy_name);
    return rc == TLSC_OK ? tlsc_config_set_versions(b, TLSC_TLS12, TLSC_TLS12) : rc;
}

/* Which of our certificates serve is the policy's business as well, in both versions. */
static void a_policy_limits_our_own_signatures(void **state)
{
    (void)state;
    static const struct {
        const char *cert;
        const char *policy;
        bool serves;
    } rows[] = { { "p256", "fips-202205", true },  { "p256", "wpa-202304", false },
                 { "p384", "wpa-202304", true },   { "p521", "fips-202205", false },
                 { "rsa2048", "wpa-202304", true }, { "ed25519", "fips-202205", false },
                 { "ed25519", "2026-11", true } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        BOTH_VERSIONS(tls12)
        {
            union {
                const char *in;
                void *out;
            } name = { rows[i].policy };
            tls_site site = { .certs = { rows[i].cert },
                              .setup = server_policy,
                              .setup_ctx = name.out };
            client_site clients = { .max_version = tls12 ? TLSC_TLS12 : 0 };
            pair p;
            pair_sites_open(&site, &clients);
            pair_open(&p, &site, &clients);
            if (rows[i].serves) {
                pair_works(&p);
            } else {
                pair_pump(&p);
                assert_err(p.server_error, TLSC_E_NO_SHARED_SIGNATURE);
            }
            pair_close(&p);
            pair_sites_close(&site, &clients);
        }
    }
}

static tlsc_err asking_by_policy(void *ctx, tlsc_config_builder *b)
{
    tlsc_err rc = asking_setup(ctx, b);
    return rc == TLSC_OK ? tlsc_config_set_policy(b, policy_name) : rc;
}

/* In TLS 1.2 a key of one curve may sign with another's hash; one of a curve that no scheme of a strict
 * policy names may not. Here it is the client's. */
static void a_strict_policy_leaves_out_keys_of_other_curves(void **state)
{
    (void)state;
    static const uint16_t p384_scheme[] = { TLSC_SIG_ECDSA_P384_SHA384 };
    static const struct {
        const char *policy;
        tlsc_err e;
    } rows[] = { { "2026-11", TLSC_OK },
                 { "fips-202205", TLSC_OK },
                 { "wpa-202304", TLSC_E_WRONG_SIGNATURE_SCHEME } };
    judge accepts = { .says = TLSC_VERDICT_ACCEPT };
    rules required = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &accepts };
    tlsc_credential_options options = { .size = sizeof(options),
                                        .schemes = p384_scheme,
                                        .num_schemes = 1 };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tls_site site = { .certs = { "p384" }, .setup = asking_by_policy, .setup_ctx = &required };
        client_site clients = { .max_version = TLSC_TLS12 };
        tlsc_credential *base;
        pair p;
        policy_name = rows[i].policy;
        assert_ok(tls_credential_load(provider(), "p256", &base));
        assert_ok(tlsc_credential_with(base, &options, &clients.credential));
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_pump(&p);
        assert_err(p.server_error, rows[i].e);
        pair_close(&p);
        pair_sites_close(&site, &clients);
        tlsc_credential_free(clients.credential);
        tlsc_credential_free(base);
    }
}

/* A client's certificate, too: it shows none that its policy doesn't let it sign with. */
static void a_policy_limits_a_clients_certificate(void **state)
{
    (void)state;
    judge accepts = { .says = TLSC_VERDICT_ACCEPT };
    rules optional = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &accepts };
    BOTH_VERSIONS(tls12)
    {
        tls_site site = { .certs = { "p384" }, .setup = asking_setup, .setup_ctx = &optional };
        client_site clients = { .max_version = 0, .set_up = client_policy };
        tlsc_credential *own;
        pair p;
        policy_name = "wpa-202304";
        if (tls12) {
            clients.set_up = client_policy12;
        }
        assert_ok(tls_credential_load(provider(), "p256", &own));
        clients.credential = own;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_null(pair_client_info(&p).credential);
        assert_false(pair_server_info(&p).peer_authenticated);
        pair_close(&p);
        pair_sites_close(&site, &clients);
        tlsc_credential_free(own);
    }
}

/* One identity for all: it's the policy that makes the difference. */
static tlsc_err client_policy_of_one_identity(tlsc_config_builder *b)
{
    static const uint8_t identity[32] = { 1 };
    tlsc_err rc = tlsc_config_set_identity(b, identity);
    return rc == TLSC_OK ? client_policy(b) : rc;
}

/* A session is no way from one policy into another. */
static void a_clients_sessions_stay_with_their_policy(void **state)
{
    (void)state;
    static const char *const names[] = { "2026-11", "fips-202205", "2026-11" };
    tls_site site = { .tickets = true };
    client_site clients = { .set_up = client_policy_of_one_identity };
    tlsc_bytes session = { NULL, 0 };
    tlsc_buf kept = tlsc_buf_of(1 << 20);
    assert_ok(tls_site_open(&site));
    for (size_t i = 0; i < 3; i++) {
        pair p;
        policy_name = names[i];
        clients.now_ms = site.now_ms;
        clients.offered = &session;
        clients.num_offered = i > 0;
        assert_ok(client_site_open(&clients));
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_int_equal(pair_client_info(&p).resumed, i == 2);
        if (i == 0) {
            assert_ok(tlsc_buf_append(&kept, tlsc_buf_bytes(&clients.sessions[0])));
            session = tlsc_buf_bytes(&kept);
        }
        pair_close(&p);
        client_site_close(&clients);
    }
    tlsc_buf_clear(&kept);
    tls_site_close(&site);
}

/* ---- FIPS ---- */

static bool yes(void)
{
    return true;
}

static bool no(void)
{
    return false;
}

static void fips_mode_is_the_providers_word(void **state)
{
    (void)state;
    bool (*const answers[])(void) = { NULL, no, yes };
    for (size_t i = 0; i < 3; i++) {
        tlsc_provider p = *provider();
        p.fips = answers[i];
        tlsc_config_builder *b = tlsc_config_builder_new(&p);
        assert_ok(tlsc_config_require_fips(b, false));
        assert_err(tlsc_config_require_fips(b, true), i == 2 ? TLSC_OK : TLSC_E_UNSUPPORTED);
        tlsc_config_builder_free(b);
    }
    tlsc_config_builder *b = new_builder();
    assert_err(tlsc_config_require_fips(b, true),
               provider()->fips() ? TLSC_OK : TLSC_E_UNSUPPORTED);
    assert_ok(tlsc_config_set_policy(b, "fips-202205")); /* on any provider */
    tlsc_config_builder_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_sets_every_list),
        cmocka_unit_test(a_new_builder_has_the_default_policy),
        cmocka_unit_test(what_the_provider_lacks_is_left_out),
        cmocka_unit_test(a_policy_of_which_nothing_is_left_is_refused),
        cmocka_unit_test(what_goes_beyond_a_policy_is_not_built),
        cmocka_unit_test(a_policy_may_be_narrowed_and_reordered),
        cmocka_unit_test(a_policy_limits_our_own_signatures),
        cmocka_unit_test(a_strict_policy_leaves_out_keys_of_other_curves),
        cmocka_unit_test(a_policy_limits_a_clients_certificate),
        cmocka_unit_test(a_clients_sessions_stay_with_their_policy),
        cmocka_unit_test(fips_mode_is_the_providers_word),
    };
    return cmocka_run_group_tests_name("config_policy", tests, NULL, NULL);
}
