/* SPDX-License-Identifier: Apache-2.0 */
/* auth/trust_test.c: trust stores judge peers, in both roles and versions. */
#include "tlscore/trust.h"

#include <stdio.h>
#include <string.h>

#include "base/try.h"
#include "file.h"
#include "pair.h"
#include "pem_file.h"
#include "unit.h"

/* What the set-ups below go by; client_site's has no context. */
static const char *trusted;
static tlsc_verify_options options;
static bool again;

static tlsc_err set_trust(tlsc_config_builder *b)
{
    tlsc_trust_builder *builder = tlsc_trust_builder_new(tlsc_provider_default(), NULL, NULL);
    const tlsc_trust_store *store = NULL;
    tlsc_buf text = test_pem(trusted, NULL);
    tlsc_err rc = tlsc_trust_add_pem(builder, tlsc_buf_bytes(&text), NULL);
    if (rc == TLSC_OK) {
        rc = tlsc_trust_build(builder, &store);
    }
    if (rc == TLSC_OK) {
        rc = tlsc_config_set_trust(b, store, &options);
    }
    tlsc_trust_store_free(store); /* the configuration has a reference */
    tlsc_trust_builder_free(builder);
    tlsc_buf_clear(&text);
    tlsc_config_verify_on_resumption(b, again);
    return rc;
}

static tlsc_err asks_clients(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    TRY(set_trust(b));
    return tlsc_config_set_client_auth(b, TLSC_CLIENT_AUTH_REQUIRED);
}

typedef struct scene {
    tls_site site;
    client_site clients;
    pair p;
} scene;

/* test/vectors/certs/`name` with the intermediate that signed it. */
static tlsc_credential *with_chain(const char *name)
{
    char path[64];
    tlsc_credential *credential;
    (void)snprintf(path, sizeof(path), "test/vectors/certs/%s.key.pem", name);
    tlsc_buf key = test_file(path);
    (void)snprintf(path, sizeof(path), "%s.crt.pem", name);
    tlsc_buf chain = test_pem(path, "intermediate.crt.pem");
    assert_ok(tlsc_credential_from_pem(tlsc_provider_default(), tlsc_buf_bytes(&chain),
                                       tlsc_buf_bytes(&key), &credential, NULL));
    tlsc_buf_clear(&key);
    tlsc_buf_clear(&chain);
    return credential;
}

static void prepare(scene *s, uint16_t version)
{
    memset(s, 0, sizeof(*s));
    trusted = "root.crt.pem";
    again = false;
    options = (tlsc_verify_options){ .size = sizeof(options), .keep_chain = true };
    s->site.min_version = TLSC_TLS12;
    s->site.tickets = true;
    s->clients.min_version = version;
    s->clients.max_version = version;
    s->clients.name = "p256.tlsx.test";
    s->clients.set_up = set_trust;
}

static void open_sites(scene *s)
{
    s->site.credential = with_chain("p256");
    pair_sites_open(&s->site, &s->clients);
    tlsc_credential_free(s->site.credential);
}

static void open_pair(scene *s)
{
    open_sites(s);
    pair_open(&s->p, &s->site, &s->clients);
}

static void close_pair(scene *s)
{
    pair_close(&s->p);
    pair_sites_close(&s->site, &s->clients);
}

#define EACH_VERSION(v) for (uint16_t v = TLSC_TLS12; v <= TLSC_TLS13; v++)

static void a_client_sees_the_verified_chain(void **state)
{
    (void)state;
    EACH_VERSION(version)
    {
        scene s;
        prepare(&s, version);
        open_pair(&s);
        pair_works(&s.p);
        tlsc_info info = pair_client_info(&s.p);
        assert_true(info.peer_authenticated);
        assert_non_null(info.verified_chain);
        tlsc_buf root = test_der("root.crt.pem");
        size_t last = tlsc_chain_len(info.verified_chain) - 1;
        assert_bytes_equal(tlsc_chain_certificate(info.verified_chain, last), tlsc_buf_bytes(&root));
        assert_int_equal(info.verify_index, -1);
        tlsc_buf_clear(&root);
        close_pair(&s);
    }
}

static void it_is_kept_only_if_asked_for(void **state)
{
    (void)state;
    scene s;
    prepare(&s, TLSC_TLS13);
    options.keep_chain = false;
    open_pair(&s);
    pair_works(&s.p);
    tlsc_info info = pair_client_info(&s.p);
    assert_null(info.verified_chain);
    close_pair(&s);
}

static void fails(scene *s, tlsc_err e)
{
    open_pair(s);
    pair_client_fails(&s->p, e);
    close_pair(s);
}

static void a_client_refuses_each_with_its_alert(void **state)
{
    (void)state;
    assert_int_equal(tlsc_err_alert(TLSC_E_UNKNOWN_ISSUER), TLSC_ALERT_unknown_ca);
    assert_int_equal(tlsc_err_alert(TLSC_E_CERTIFICATE_EXPIRED), TLSC_ALERT_certificate_expired);
    assert_int_equal(tlsc_err_alert(TLSC_E_NAME_MISMATCH), TLSC_ALERT_bad_certificate);
    EACH_VERSION(version)
    {
        scene s;
        prepare(&s, version);
        trusted = "ed25519.crt.pem";
        fails(&s, TLSC_E_UNKNOWN_ISSUER);
        prepare(&s, version);
        s.clients.name = "another.test";
        fails(&s, TLSC_E_NAME_MISMATCH);
        prepare(&s, version);
        options.now_s = 2524608000; /* 2050-01-01 */
        fails(&s, TLSC_E_CERTIFICATE_EXPIRED);
        prepare(&s, version);
        options.now_s = 1704067199;
        fails(&s, TLSC_E_CERTIFICATE_NOT_YET_VALID);
        prepare(&s, version);
        options.no_intermediates = true;
        fails(&s, TLSC_E_CHAIN_TOO_DEEP);
    }
}

static void a_server_needs_a_name(void **state)
{
    (void)state;
    EACH_VERSION(version)
    {
        tlsc_reference_name name = { TLSC_REFERENCE_DNS, TEXT("p256.tlsx.test") };
        scene s;
        prepare(&s, version);
        s.clients.name = "";
        fails(&s, TLSC_E_NO_NAME);
        prepare(&s, version);
        s.clients.name = "";
        options.names = &name;
        options.num_names = 1;
        open_pair(&s);
        pair_works(&s.p);
        close_pair(&s);
        prepare(&s, version);
        s.clients.name = "";
        options.any_name = true;
        open_pair(&s);
        pair_works(&s.p);
        close_pair(&s);
    }
}

static void a_server_judges_its_clients(void **state)
{
    (void)state;
    EACH_VERSION(version)
    {
        scene s;
        prepare(&s, version);
        s.site.setup = asks_clients;
        s.clients.credential = with_chain("rsa2048");
        open_pair(&s);
        pair_works(&s.p);
        tlsc_info info = pair_server_info(&s.p);
        assert_true(info.peer_authenticated);
        assert_non_null(info.verified_chain);
        close_pair(&s);
        tlsc_credential_free(s.clients.credential);
    }
}

static tlsc_err asks_strangers(void *ctx, tlsc_config_builder *b)
{
    trusted = "ed25519.crt.pem";
    tlsc_err rc = asks_clients(ctx, b);
    trusted = "root.crt.pem";
    return rc;
}

static void a_server_refuses_clients_of_others(void **state)
{
    (void)state;
    EACH_VERSION(version)
    {
        scene s;
        prepare(&s, version);
        s.site.setup = asks_strangers;
        s.clients.credential = with_chain("rsa2048");
        open_pair(&s);
        pair_pump(&s.p);
        assert_err(s.p.server_error, TLSC_E_UNKNOWN_ISSUER);
        assert_false(pair_server_info(&s.p).handshake_done);
        close_pair(&s);
        tlsc_credential_free(s.clients.credential);
    }
}

static void a_resumed_server_is_judged_again_where_asked_for(void **state)
{
    (void)state;
    EACH_VERSION(version)
    {
        scene s;
        prepare(&s, version);
        again = true;
        open_sites(&s);
        pair_make_sessions(&s.site, &s.clients);
        tlsc_bytes session = tlsc_buf_bytes(&s.clients.sessions[0]);
        s.clients.offered = &session;
        s.clients.num_offered = 1;
        pair_open(&s.p, &s.site, &s.clients);
        pair_works(&s.p);
        assert_true(pair_client_info(&s.p).resumed);
        close_pair(&s);
    }
}

static void options_that_cant_be_are_refused(void **state)
{
    (void)state;
    scene s;
    tlsc_config_builder *b = tlsc_config_builder_new_client(tlsc_provider_default());
    tlsc_reference_name names[] = { { TLSC_REFERENCE_DNS, TEXT("*.example.com") } };
    prepare(&s, TLSC_TLS13);
    options.names = names;
    options.num_names = 1;
    assert_err(set_trust(b), TLSC_E_BAD_CONFIG);
    names[0].text = TEXT("a.test");
    assert_ok(set_trust(b));
    assert_ok(set_trust(b)); /* the second takes the first one's place */
    options.max_intermediates = 31;
    assert_err(set_trust(b), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
}

static void lists_of_the_options_are_copied(void **state)
{
    (void)state;
    scene s;
    char text[] = "p256.tlsx.test";
    uint16_t schemes[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    uint8_t policy[] = { 0x2a, 0x03 };
    tlsc_bytes policies[] = { { policy, sizeof(policy) } };
    tlsc_reference_name names[] = { { TLSC_REFERENCE_DNS, tlsc_bytes_of_str(text) } };
    prepare(&s, TLSC_TLS13);
    options.names = names;
    options.num_names = 1;
    options.policies = policies;
    options.num_policies = 1;
    options.schemes = schemes;
    options.num_schemes = 1;
    open_sites(&s);
    memset(text, 'x', sizeof(text) - 1);
    schemes[0] = 0;
    policies[0] = (tlsc_bytes){ NULL, 0 };
    names[0].text = (tlsc_bytes){ NULL, 0 };
    pair_open(&s.p, &s.site, &s.clients);
    pair_works(&s.p);
    close_pair(&s);
}

/* A raw key leads to no anchor. */
static void a_raw_key_is_refused(void **state)
{
    (void)state;
    scene s;
    const tlsc_trust *trust;
    const tlsc_trust_store *store;
    prepare(&s, TLSC_TLS13);
    tlsc_trust_builder *b = tlsc_trust_builder_new(tlsc_provider_default(), NULL, NULL);
    assert_ok(tlsc_trust_build(b, &store));
    assert_ok(tlsc_trust_new(store, NULL, &trust));
    tlsc_verifier v = tlsc_trust_verifier(trust);
    tlsc_verify_request request = { .size = sizeof(request), .raw_key = TEXT("x"), .now_ms = 1 };
    tlsc_verdict verdict = { .size = sizeof(verdict), .index = -1 };
    assert_ok(v.verify(v.ctx, &request, &verdict));
    assert_int_equal(verdict.kind, TLSC_VERDICT_REJECT);
    assert_err(verdict.error, TLSC_E_UNKNOWN_ISSUER);
    tlsc_trust_free(tlsc_trust_ref(trust));
    tlsc_trust_free(trust);
    tlsc_trust_free(NULL);
    tlsc_trust_store_free(store);
    tlsc_trust_builder_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_sees_the_verified_chain),
        cmocka_unit_test(it_is_kept_only_if_asked_for),
        cmocka_unit_test(a_client_refuses_each_with_its_alert),
        cmocka_unit_test(a_server_needs_a_name),
        cmocka_unit_test(a_server_judges_its_clients),
        cmocka_unit_test(a_server_refuses_clients_of_others),
        cmocka_unit_test(a_resumed_server_is_judged_again_where_asked_for),
        cmocka_unit_test(options_that_cant_be_are_refused),
        cmocka_unit_test(lists_of_the_options_are_copied),
        cmocka_unit_test(a_raw_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
