/* SPDX-License-Identifier: Apache-2.0 */
/* conn/crossed_test.c: a client on one provider, a server on another, each on each: every suite, group and
 * kind of signature that both have, full and resumed, with early data, with a client's certificate. */
#include "unit.h"

#include "pair.h"
#include "providers.h"

/* ---- what there is ---- */

typedef struct kind {
    const char *cert;
    uint16_t scheme;
    uint8_t authentication; /* of TLS 1.2's suites */
} kind;

/* The first is the one that every provider has. */
static const kind kinds[] = {
    { "ed25519", TLSC_SIG_ED25519, TLSC_AUTH_ECDSA },
    { "p256", TLSC_SIG_ECDSA_P256_SHA256, TLSC_AUTH_ECDSA },
    { "p384", TLSC_SIG_ECDSA_P384_SHA384, TLSC_AUTH_ECDSA },
    { "p521", TLSC_SIG_ECDSA_P521_SHA512, TLSC_AUTH_ECDSA },
    { "rsa2048", TLSC_SIG_RSA_PSS_SHA256, TLSC_AUTH_RSA },
};

static bool has_kind(const tlsc_provider *p, const kind *k)
{
    static const tlsc_bytes none = { NULL, 0 };
    return tlsc_provider_verify(p, k->scheme, none, none, none) != TLSC_E_UNSUPPORTED_KEY;
}

/* One connection's: who is on either side, and what they shall agree on. */
typedef struct crossing {
    const tlsc_provider *client;
    const tlsc_provider *server;
    const tlsc_suite *suite; /* the server's */
    const tlsc_group *group;
    const kind *kind;
    bool client_auth;
    bool early_data;
} crossing;

/* ---- one connection ---- */

static tlsc_err accept_any(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    (void)ctx;
    (void)request;
    out->kind = TLSC_VERDICT_ACCEPT;
    return TLSC_OK;
}

static tlsc_err ask_clients(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    const tlsc_verifier verifier = { sizeof(verifier), NULL, accept_any };
    tlsc_err rc = tlsc_config_set_verifier(b, &verifier);
    return rc != TLSC_OK ? rc : tlsc_config_set_client_auth(b, TLSC_CLIENT_AUTH_REQUIRED);
}

/* That of the connection at hand: the client takes no other. */
static uint16_t scheme;

static tlsc_err take_one_scheme(tlsc_config_builder *b)
{
    return tlsc_config_set_schemes(b, &scheme, 1);
}

static tlsc_err comes_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    (void)ctx;
    (void)id;
    (void)until_ms;
    *first = true;
    return TLSC_OK;
}

static const tlsc_replay_guard guard = { sizeof(guard), NULL, comes_first };

/* The two sides of a crossing. What they look at lies beside them. */
typedef struct sites {
    tls_site site;
    client_site clients;
    uint16_t suite;
    uint16_t groups[4]; /* the crossing's, and the client's others */
    size_t num_groups;
} sites;

/* In TLS 1.2 an ECDSA key is on a curve that the client has among its groups, RFC 8422 5.1.1. */
static void find_groups(sites *s, const crossing *c)
{
    static const uint16_t curves[] = { 0x17, 0x18, 0x19 };
    s->groups[s->num_groups++] = c->group->id;
    for (size_t i = 0; i < 3; i++) {
        if (curves[i] != c->group->id && tlsc_provider_group(c->client, curves[i]) != NULL) {
            s->groups[s->num_groups++] = curves[i];
        }
    }
}

static void sites_open(sites *s, const crossing *c)
{
    *s = (sites){ .suite = c->suite->id };
    find_groups(s, c);
    s->site = (tls_site){ .provider = c->server,
                          .certs = { c->kind->cert },
                          .min_version = TLSC_TLS12,
                          .groups = s->groups,
                          .num_groups = 1,
                          .tickets = true,
                          .setup = c->client_auth ? ask_clients : NULL,
                          .max_early_data = c->early_data ? 4096 : 0,
                          .guard = c->early_data ? &guard : NULL };
    s->clients = (client_site){ .provider = c->client,
                                .min_version = c->suite->version,
                                .max_version = c->suite->version,
                                .suites = &s->suite,
                                .num_suites = 1,
                                .groups = s->groups,
                                .num_groups = s->num_groups,
                                .set_up = take_one_scheme };
    scheme = c->kind->scheme;
    if (c->client_auth) {
        assert_ok(tls_credential_load(c->client, kinds[0].cert, &s->clients.credential));
    }
    pair_sites_open(&s->site, &s->clients);
}

static void sites_close(sites *s)
{
    pair_sites_close(&s->site, &s->clients);
    tlsc_credential_free(s->clients.credential);
}

static void expect_agreed(const pair *p, const crossing *c, bool resumed)
{
    const tlsc_info infos[] = { pair_client_info(p), pair_server_info(p) };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(infos[i].version, c->suite->version);
        assert_int_equal(infos[i].suite, c->suite->id);
        assert_int_equal(infos[i].resumed, resumed);
        if (!resumed || c->suite->version == TLSC_TLS13) {
            assert_int_equal(infos[i].group, c->group->id);
        }
    }
    if (!resumed) {
        assert_int_equal(infos[0].peer_scheme, scheme);
        assert_int_equal(infos[1].scheme, scheme);
    }
    assert_int_equal(infos[1].peer_authenticated, c->client_auth);
}

static void connect_in_full(sites *s, const crossing *c)
{
    pair p;
    pair_open(&p, &s->site, &s->clients);
    pair_works(&p);
    expect_agreed(&p, c, false);
    pair_close(&p);
}

static void connect_again(sites *s, const crossing *c)
{
    pair p;
    assert_true(s->clients.num_sessions > 0);
    tlsc_bytes session = tlsc_buf_bytes(&s->clients.sessions[0]);
    s->clients.offered = &session;
    s->clients.num_offered = 1;
    s->clients.early_data = c->early_data;
    pair_open(&p, &s->site, &s->clients);
    if (c->early_data) {
        char got[8] = { 0 };
        assert_ok(tlsc_stream_write(p.client, (const uint8_t *)"early", 5));
        pair_pump(&p);
        assert_int_equal(tlsc_stream_read(p.server, (uint8_t *)got, sizeof(got)), 5);
        assert_string_equal(got, "early");
    }
    pair_works(&p);
    expect_agreed(&p, c, true);
    assert_int_equal(pair_server_info(&p).early_data,
                     c->early_data ? TLSC_EARLY_ACCEPTED : TLSC_EARLY_NONE);
    pair_close(&p);
}

/* ---- each on each ---- */

/* Calls `with` for each two providers. */
static void cross(void (*with)(crossing c, size_t *count), size_t at_least)
{
    for (size_t i = 0; i < TEST_PROVIDERS; i++) {
        for (size_t j = 0; j < TEST_PROVIDERS; j++) {
            const crossing c = { .client = test_provider_at(i),
                                 .server = test_provider_at(j),
                                 .group = tlsc_provider_group(test_provider_at(j), 0x001d),
                                 .kind = &kinds[0] };
            size_t count = 0;
            with(c, &count);
            print_message("client on %s, server on %s: %zu\n", test_provider_name(i),
                          test_provider_name(j), count);
            assert_true(count >= at_least);
        }
    }
}

/* Calls `with` for each suite that both have, with a certificate of its kind. */
static void each_suite(crossing c, void (*with)(const crossing *c, size_t *count), size_t *count)
{
    for (size_t i = 0; i < c.server->num_suites; i++) {
        c.suite = c.server->suites[i];
        c.kind = c.suite->authentication == TLSC_AUTH_RSA ? &kinds[4] : &kinds[0];
        if (tlsc_provider_suite(c.client, c.suite->id) != NULL && has_kind(c.client, c.kind) &&
            has_kind(c.server, c.kind)) {
            with(&c, count);
        }
    }
}

static void one_of_each_group(const crossing *of, size_t *count)
{
    crossing c = *of;
    for (size_t i = 0; i < c.server->num_groups; i++) {
        c.group = c.server->groups[i];
        if (tlsc_provider_group(c.client, c.group->id) != NULL &&
            (c.suite->version == TLSC_TLS13 || c.group->tls12)) {
            sites s;
            sites_open(&s, &c);
            connect_in_full(&s, &c);
            connect_again(&s, &c);
            sites_close(&s);
            ++*count;
        }
    }
}

static void suites_and_groups_of(crossing c, size_t *count)
{
    each_suite(c, one_of_each_group, count);
}

static void every_suite_and_group_full_and_resumed(void **state)
{
    (void)state;
    cross(suites_and_groups_of, 2);
}

static void signatures_of(crossing c, size_t *count)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        c.kind = &kinds[i];
        if (has_kind(c.client, c.kind) && has_kind(c.server, c.kind)) {
            sites s;
            c.suite = tlsc_provider_suite(c.server, 0x1303);
            sites_open(&s, &c);
            connect_in_full(&s, &c);
            sites_close(&s);
            c.suite = tlsc_provider_suite(c.server, 0xcca9);
            if (c.kind->authentication == TLSC_AUTH_ECDSA) {
                sites_open(&s, &c);
                connect_in_full(&s, &c);
                sites_close(&s);
            }
            ++*count;
        }
    }
}

static void every_kind_of_signature(void **state)
{
    (void)state;
    cross(signatures_of, 1);
}

static void one_with_early_data(const crossing *of, size_t *count)
{
    crossing c = *of;
    c.early_data = true;
    if (c.suite->version == TLSC_TLS13) {
        sites s;
        sites_open(&s, &c);
        connect_in_full(&s, &c);
        connect_again(&s, &c);
        sites_close(&s);
        ++*count;
    }
}

static void early_data_of(crossing c, size_t *count)
{
    each_suite(c, one_with_early_data, count);
}

static void early_data_under_every_suite(void **state)
{
    (void)state;
    cross(early_data_of, 1);
}

static void one_with_a_clients_certificate(const crossing *of, size_t *count)
{
    crossing c = *of;
    c.client_auth = true;
    sites s;
    sites_open(&s, &c);
    connect_in_full(&s, &c);
    connect_again(&s, &c);
    sites_close(&s);
    ++*count;
}

static void certificates_of_clients_of(crossing c, size_t *count)
{
    each_suite(c, one_with_a_clients_certificate, count);
}

static void certificates_of_clients_under_every_suite(void **state)
{
    (void)state;
    cross(certificates_of_clients_of, 2);
}

/* A ticket of one provider's AEAD is nothing to another's: a full handshake follows. */
static void a_ticket_of_another_aead_is_none(void **state)
{
    (void)state;
    const tlsc_provider *libcrypto = test_provider_at(0);
    const tlsc_provider *sodium = test_provider_at(1);
    const crossing c = { .client = libcrypto,
                         .server = libcrypto,
                         .suite = tlsc_provider_suite(libcrypto, 0x1303),
                         .group = tlsc_provider_group(libcrypto, 0x001d),
                         .kind = &kinds[0] };
    crossing other = c;
    other.server = sodium;
    sites first, second;
    sites_open(&first, &c);
    connect_in_full(&first, &c);
    sites_open(&second, &other);
    second.site.keys = first.site.keys;
    tlsc_bytes session = tlsc_buf_bytes(&first.clients.sessions[0]);
    first.clients.offered = &session;
    first.clients.num_offered = 1;
    pair p;
    pair_open(&p, &second.site, &first.clients);
    pair_works(&p);
    expect_agreed(&p, &other, false);
    pair_close(&p);
    sites_close(&second);
    sites_close(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_and_group_full_and_resumed),
        cmocka_unit_test(every_kind_of_signature),
        cmocka_unit_test(early_data_under_every_suite),
        cmocka_unit_test(certificates_of_clients_under_every_suite),
        cmocka_unit_test(a_ticket_of_another_aead_is_none),
    };
    return cmocka_run_group_tests_name("crossed", tests, NULL, NULL);
}
