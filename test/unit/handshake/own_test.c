/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/own_test.c: our certificate on its way to the peer: staples, raw keys, the choice and its pause.
 * Servers talk to BoringSSL's libssl, clients to our own servers. */
#include "unit.h"

#include <string.h>

#include "asking.h"
#include "auth/credential.h"
#include "builder.h"
#include "handshake/own.h"
#include "pair.h"
#include "pem_file.h"
#include "wire/enums.h"

static const uint8_t x509 = TLSC_CERT_X509;
static const uint8_t raw = TLSC_CERT_RAW_PUBLIC_KEY;
static const uint8_t x509_and_raw[] = { TLSC_CERT_X509, TLSC_CERT_RAW_PUBLIC_KEY };
static const uint8_t raw_and_x509[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 };

/* struct { opaque SerializedSCT<1..2^16-1> }   RFC 6962 3.3 */
static const uint8_t one_sct[] = { 0, 5, 0, 3, 'o', 'n', 'e' };
static const char staple[] = "a staple, by its looks";

static tlsc_credential *load(const char *name)
{
    tlsc_credential *c = NULL;
    assert_ok(tls_credential_load(tlsc_provider_default(), name, &c));
    return c;
}

static tlsc_credential *load_raw(const char *file)
{
    tlsc_credential *c = NULL;
    tlsc_buf pem = test_pem(file, NULL);
    assert_ok(tlsc_credential_raw_key(tlsc_provider_default(), tlsc_buf_bytes(&pem), &c, NULL));
    tlsc_buf_clear(&pem);
    return c;
}

/* A certificate and one that issued it, with these staples. */
static tlsc_credential *load_stapled(tlsc_bytes ocsp, tlsc_bytes scts)
{
    tlsc_credential *base = NULL;
    tlsc_credential *c = NULL;
    tlsc_buf chain = test_pem("p256.crt.pem", "intermediate.crt.pem");
    tlsc_buf key = test_pem("p256.key.pem", NULL);
    assert_ok(tlsc_credential_from_pem(tlsc_provider_default(), tlsc_buf_bytes(&chain),
                                       tlsc_buf_bytes(&key), &base, NULL));
    tlsc_credential_options o = { .size = sizeof(o), .ocsp = ocsp, .scts = scts };
    assert_ok(tlsc_credential_with(base, &o, &c));
    tlsc_credential_free(base);
    tlsc_buf_clear(&chain);
    tlsc_buf_clear(&key);
    return c;
}

/* ---- staples ---- */

static void expect_staples(const tls_client *c, bool ocsp, bool scts)
{
    const uint8_t *got;
    size_t n = tls_client_ocsp(c, &got);
    assert_bytes_equal(tlsc_bytes_of(got, n), ocsp ? TEXT(staple) : tlsc_bytes_of(NULL, 0));
    n = tls_client_scts(c, &got);
    assert_bytes_equal(tlsc_bytes_of(got, n), tlsc_bytes_of(one_sct, scts ? sizeof(one_sct) : 0));
}

/* What is asked for x what is there, in both versions. */
static void staples_go_to_who_asks_for_them(void **state)
{
    (void)state;
    for (unsigned has = 0; has < 4; has++) {
        tls_site site = {
            .credential = load_stapled((has & 1) != 0 ? TEXT(staple) : tlsc_bytes_of(NULL, 0),
                                       tlsc_bytes_of(one_sct, (has & 2) != 0 ? sizeof(one_sct) : 0))
        };
        assert_ok(tls_site_open(&site));
        BOTH_VERSIONS(tls12)
        {
            for (unsigned asks = 0; asks < 4; asks++) {
                boring_pair p;
                boring_open(&p, &site,
                            &(tls_client_options){ .max_tls12 = tls12 != 0, .ocsp = (asks & 1) != 0,
                                                   .scts = (asks & 2) != 0 });
                boring_works(&p);
                expect_staples(p.client, (has & asks & 1) != 0, (has & asks & 2) != 0);
                boring_close(&p);
            }
        }
        tls_site_close(&site);
        tlsc_credential_free(site.credential);
    }
}

/* Resumed sessions have no certificate that a staple could go with. */
static void staples_stay_with_full_handshakes(void **state)
{
    (void)state;
    tls_site site = { .credential = load_stapled(TEXT(staple),
                                                 tlsc_bytes_of(one_sct, sizeof(one_sct))),
                      .tickets = true };
    assert_ok(tls_site_open(&site));
    BOTH_VERSIONS(tls12)
    {
        tls_client_options options = { .max_tls12 = tls12 != 0, .ocsp = true, .scts = true };
        tls_client_session *session = NULL;
        assert_false(boring_connect(&site, &options, &session));
        options.session = session;
        tls_client_session *next = NULL;
        assert_true(boring_connect(&site, &options, &next));
        tls_client_session_free(session);
        tls_client_session_free(next);
    }
    tls_site_close(&site);
    tlsc_credential_free(site.credential);
}

static judge client_judge;

static tlsc_err ask_for_staples(tlsc_config_builder *b)
{
    tlsc_config_request_ocsp(b, true);
    tlsc_config_request_scts(b, true);
    return TLSC_OK;
}

static tlsc_err ask_and_judge(tlsc_config_builder *b)
{
    tlsc_verifier verifier = { sizeof(verifier), &client_judge, judge_verify };
    tlsc_err rc = tlsc_config_set_verifier(b, &verifier);
    return rc == TLSC_OK ? ask_for_staples(b) : rc;
}

/* The longest that fits beside a certificate, in a message that spans records. */
static void a_long_staple_arrives_whole(void **state)
{
    (void)state;
    static uint8_t longest[65523 - sizeof(one_sct)];
    memset(longest, 'o', sizeof(longest));
    BOTH_VERSIONS(tls12)
    {
        client_judge = (judge){ .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        tls_site site = { .credential = load_stapled(tlsc_bytes_of(longest, sizeof(longest)),
                                                     tlsc_bytes_of(one_sct, sizeof(one_sct))) };
        client_site clients = { .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                .set_up = ask_and_judge };
        pair p;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_int_equal(client_judge.asked, 1);
        assert_int_equal(client_judge.num, 2);
        assert_int_equal(client_judge.last.ocsp.n, sizeof(longest));
        assert_int_equal(client_judge.last.scts.n, sizeof(one_sct));
        pair_close(&p);
        tlsc_credential_free(site.credential);
        pair_sites_close(&site, &clients);
    }
}

/* A client's go with its certificate in TLS 1.3, if the server asks; TLS 1.2 knows no such thing. */
static tlsc_err ask_a_client_for_staples(void *ctx, tlsc_config_builder *b)
{
    tlsc_verifier verifier = { sizeof(verifier), ctx, judge_verify };
    tlsc_err rc = tlsc_config_set_client_auth(b, TLSC_CLIENT_AUTH_REQUIRED);
    if (rc == TLSC_OK) {
        rc = tlsc_config_set_verifier(b, &verifier);
    }
    return rc == TLSC_OK ? ask_for_staples(b) : rc;
}

static void a_clients_staples_go_with_its_certificate(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        tls_site site = { .setup = ask_a_client_for_staples, .setup_ctx = &j };
        client_site clients = {
            .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
            .credential = load_stapled(TEXT(staple), tlsc_bytes_of(one_sct, sizeof(one_sct)))
        };
        pair p;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_int_equal(j.asked, 1);
        assert_int_equal(j.num, 2);
        judge_saw(&j, "p256.crt.pem");
        assert_int_equal(j.last.ocsp.n, tls12 ? 0 : sizeof(staple) - 1);
        assert_int_equal(j.last.scts.n, tls12 ? 0 : sizeof(one_sct));
        assert_ptr_equal(pair_client_info(&p).credential, clients.credential);
        pair_close(&p);
        tlsc_credential_free(clients.credential);
        pair_sites_close(&site, &clients);
    }
}

/* ---- raw public keys, RFC 7250 ---- */

/* Adds a certificate, a raw key, or both. */
static tlsc_err add_kinds(void *ctx, tlsc_config_builder *b)
{
    const char *kinds = (const char *)ctx;
    for (; *kinds != 0; kinds++) {
        tlsc_credential *c = *kinds == 'r' ? load_raw("p384.key.pem") : load("p256");
        tlsc_err rc = tlsc_config_add_credential(b, c);
        tlsc_credential_free(c);
        if (rc != TLSC_OK) {
            return rc;
        }
    }
    return TLSC_OK;
}

/* tls_site adds p256 by itself, so this goes past it. */
static void open_with_kinds(tls_site *site, const char *kinds)
{
    memset(site, 0, sizeof(*site));
    char copy[4];
    (void)strncpy(copy, kinds, sizeof(copy) - 1);
    copy[sizeof(copy) - 1] = 0;
    tlsc_config_builder *b = tlsc_config_builder_new(tlsc_provider_default());
    assert_non_null(b);
    assert_ok(add_kinds(copy, b));
    assert_ok(tls_site_open(site));
    tlsc_config_free(site->config);
    site->config = NULL;
    assert_ok(tlsc_config_build(b, &site->config));
    tlsc_config_builder_free(b);
}

static void the_server_sends_the_kind_that_the_client_takes(void **state)
{
    (void)state;
    static const struct {
        const char *has;
        const uint8_t *types;
        size_t num;
        int expected; /* -1: nothing in common */
    } rows[] = {
        { "x", NULL, 0, TLSC_CERT_X509 },
        { "x", x509_and_raw, 2, TLSC_CERT_X509 },
        { "x", raw_and_x509, 2, TLSC_CERT_X509 },
        { "x", &raw, 1, -1 },
        { "r", NULL, 0, -1 },
        { "r", &raw, 1, TLSC_CERT_RAW_PUBLIC_KEY },
        { "r", x509_and_raw, 2, TLSC_CERT_RAW_PUBLIC_KEY },
        { "xr", NULL, 0, TLSC_CERT_X509 },
        { "rx", NULL, 0, TLSC_CERT_X509 },
        { "xr", &raw, 1, TLSC_CERT_RAW_PUBLIC_KEY },
        { "xr", raw_and_x509, 2, TLSC_CERT_X509 }, /* the server's order counts */
        { "rx", x509_and_raw, 2, TLSC_CERT_RAW_PUBLIC_KEY },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tls_site site;
        open_with_kinds(&site, rows[i].has);
        BOTH_VERSIONS(tls12)
        {
            boring_pair p;
            boring_open(&p, &site,
                        &(tls_client_options){ .max_tls12 = tls12 != 0,
                                               .groups = "X25519:P-256:P-384",
                                               .server_types = rows[i].types,
                                               .num_server_types = rows[i].num });
            if (rows[i].expected < 0) {
                asking_refuses(&p, TLSC_E_NO_SHARED_CERTIFICATE_TYPE,
                               TLSC_ALERT_unsupported_certificate);
            } else {
                boring_works(&p);
                assert_int_equal(tls_client_server_type(p.client), rows[i].expected);
                const tlsc_credential *sent = boring_info(&p).credential;
                assert_int_equal(sent->type, rows[i].expected);
                uint8_t key[1024];
                size_t n = tls_client_raw_key(p.client, key, sizeof(key));
                assert_int_equal(n > 0, rows[i].expected == TLSC_CERT_RAW_PUBLIC_KEY);
                assert_true(n == 0 || tlsc_bytes_equal(tlsc_bytes_of(key, n), sent->spki));
            }
            boring_close(&p);
        }
        tls_site_close(&site);
    }
}

/* BoringSSL's client takes no answer for X.509 also when it resumes. */
static void the_kind_is_told_on_resumption(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        tls_site site = { .tickets = true, .credential = load_raw("p256.key.pem") };
        tls_client_options client = { .max_tls12 = tls12 != 0,
                                      .server_types = &raw,
                                      .num_server_types = 1 };
        assert_ok(tls_site_open(&site));
        tls_client_session *session = NULL;
        assert_false(boring_connect(&site, &client, &session));
        client.session = session;
        assert_true(boring_connect(&site, &client, NULL));
        tls_client_session_free(session);
        tlsc_credential_free(site.credential);
        tls_site_close(&site);
    }
}

static tlsc_err take_raw_keys(tlsc_config_builder *b)
{
    return tlsc_config_set_peer_certificate_types(b, raw_and_x509, 2);
}

static tlsc_err ask_for_raw_keys(void *ctx, tlsc_config_builder *b)
{
    tlsc_err rc = ask_a_client_for_staples(ctx, b);
    return rc == TLSC_OK ? take_raw_keys(b) : rc;
}

/* Both sides of ours: the server's raw key to a client that takes them, and the client's to the server. */
static void raw_keys_go_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *server;
        const char *client;
        bool tls12;
    } rows[] = { { "rsa2048.key.pem", "ed25519.key.pem", true },
                 { "rsa2048.key.pem", "ed25519.key.pem", false },
                 { "mldsa87.key.pem", "mldsa44.key.pem", false },
                 { "p256.key.pem", "mldsa65.key.pem", false } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        tls_site site = { .credential = load_raw(rows[i].server),
                          .setup = ask_for_raw_keys,
                          .setup_ctx = &j };
        client_site clients = { .max_version = rows[i].tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                .credential = load_raw(rows[i].client),
                                .set_up = take_raw_keys };
        pair p;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_int_equal(pair_client_info(&p).peer_certificate_type, TLSC_CERT_RAW_PUBLIC_KEY);
        assert_int_equal(pair_server_info(&p).peer_certificate_type, TLSC_CERT_RAW_PUBLIC_KEY);
        assert_int_equal(j.num, 0);
        assert_true(j.last.raw_key.n > 0);
        pair_close(&p);
        tlsc_credential_free(site.credential);
        tlsc_credential_free(clients.credential);
        pair_sites_close(&site, &clients);
    }
}

static void a_client_offers_the_kinds_that_it_has(void **state)
{
    (void)state;
    static const struct {
        const char *has;
        const uint8_t *types;
        size_t num;
    } rows[] = { { "", &x509, 1 },          { "x", &x509, 1 },  { "xx", &x509, 1 },
                 { "r", &raw, 1 },          { "rr", &raw, 1 },  { "xr", x509_and_raw, 2 },
                 { "rx", raw_and_x509, 2 }, { "rrx", raw_and_x509, 2 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char has[4] = { 0 };
        (void)strncpy(has, rows[i].has, sizeof(has) - 1);
        tlsc_config_builder *b = new_client_builder();
        assert_ok(add_kinds(has, b));
        const tlsc_config *config = built(b);
        uint8_t types[2];
        size_t n = tlsc_own_types(config, types);
        assert_bytes_equal(tlsc_bytes_of(types, n), tlsc_bytes_of(rows[i].types, rows[i].num));
        tlsc_config_free(config);
        tlsc_config_builder_free(b);
    }
}

/* ---- the pause ---- */

static tlsc_err ask_the_caller(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    tlsc_config_external_credentials(b, true);
    return TLSC_OK;
}

/* A site whose own credential never serves. */
static void open_external(tls_site *site)
{
    memset(site, 0, sizeof(*site));
    site->setup = ask_the_caller;
    site->certs[0] = "ed25519";
    assert_ok(tls_site_open(site));
}

/* Brings a handshake to the pause. */
static void pause_for(boring_pair *p, tls_site *site, const tls_client_options *options,
                      tlsc_credential_request *request)
{
    boring_open(p, site, options);
    (void)boring_handshake(p);
    assert_ok(p->error);
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_CREDENTIAL);
    assert_false(tlsc_conn_has_output(p->conn)); /* nothing is said before the answer */
    assert_ok(tlsc_conn_credential_request(p->conn, request));
}

static tlsc_err answer(boring_pair *p, tlsc_credential *credential)
{
    tlsc_opened opened;
    p->error = tlsc_conn_answer_credential(p->conn, credential, &opened);
    if (p->error == TLSC_OK) {
        p->error = tlsc_stream_step(p->server);
    }
    return p->error;
}

static void the_caller_chooses_and_takes_its_time(void **state)
{
    (void)state;
    tls_site site;
    open_external(&site);
    BOTH_VERSIONS(tls12)
    {
        boring_pair p;
        tlsc_credential_request request;
        pause_for(&p, &site,
                  &(tls_client_options){ .max_tls12 = tls12 != 0, .server_name = "b.tlsx.test",
                                         .groups = "X25519:P-256", .server_types = raw_and_x509,
                                         .num_server_types = 2,
                                         .schemes = "rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256" },
                  &request);
        assert_int_equal(request.size, sizeof(request));
        assert_int_equal(request.version, tls12 ? TLSC_TLS12 : TLSC_TLS13);
        assert_bytes_equal(request.server_name, TEXT("b.tlsx.test"));
        assert_bytes_equal(request.schemes, BYTES(8, 4, 4, 3));
        assert_bytes_equal(request.groups, BYTES(0, 0x1d, 0, 0x17));
        assert_bytes_equal(request.types, tlsc_bytes_of(raw_and_x509, 2));
        assert_int_equal(request.ca_names.n, 0);
        /* nothing else goes on meanwhile */
        (void)boring_handshake(&p);
        assert_int_equal(tlsc_conn_wait(p.conn), TLSC_WAIT_CREDENTIAL);
        tlsc_opened opened;
        assert_err(tlsc_conn_answer_signature(p.conn, TEXT("x"), &opened), TLSC_E_USAGE);
        tlsc_credential *credential = load("p256");
        assert_ok(answer(&p, credential));
        assert_ptr_equal(boring_info(&p).credential, credential);
        tlsc_credential_free(credential); /* one more reference was taken */
        boring_works(&p);
        assert_int_equal(tls_client_server_type(p.client), TLSC_CERT_X509);
        assert_err(tlsc_conn_answer_credential(p.conn, NULL, &opened), TLSC_E_USAGE);
        assert_err(tlsc_conn_credential_request(p.conn, &request), TLSC_E_USAGE);
        assert_int_equal(request.size, 0);
        boring_close(&p);
    }
    tls_site_close(&site);
}

/* In TLS 1.2 the suite hangs on the key, so it is chosen after the answer. */
static void the_answer_decides_about_the_suite(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint16_t suite;
    } rows[] = { { "rsa2048", 0xc02f }, { "p256", 0xc02b }, { "ed25519", 0xc02b } };
    tls_site site;
    open_external(&site);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        boring_pair p;
        tlsc_credential_request request;
        pause_for(&p, &site,
                  &(tls_client_options){ .max_tls12 = true,
                                         .schemes = "rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256:"
                                                    "ed25519" },
                  &request);
        tlsc_credential *credential = load(rows[i].name);
        assert_ok(answer(&p, credential));
        tlsc_credential_free(credential);
        boring_works(&p);
        /* BoringSSL puts AES-128-GCM first where AES is in hardware, and ChaCha20 where it isn't */
        uint16_t suite = tls_client_suite(p.client);
        bool chacha = suite == 0xcca8 || suite == 0xcca9;
        assert_int_equal(chacha ? (suite == 0xcca8 ? 0xc02f : 0xc02b) : suite, rows[i].suite);
        boring_close(&p);
    }
    tls_site_close(&site);
}

static void without_an_answer_that_fits_the_handshake_ends(void **state)
{
    (void)state;
    tls_site site;
    open_external(&site);
    BOTH_VERSIONS(tls12)
    {
        for (int kind = 0; kind < 3; kind++) {
            tlsc_credential *misfit = kind == 0   ? NULL
                                      : kind == 1 ? load("rsa2048")
                                                  : load_raw("p256.key.pem");
            tlsc_err expected = kind == 2 ? TLSC_E_NO_SHARED_CERTIFICATE_TYPE
                                          : TLSC_E_NO_SHARED_SIGNATURE;
            boring_pair p;
            tlsc_credential_request request;
            pause_for(&p, &site,
                      &(tls_client_options){ .max_tls12 = tls12 != 0,
                                             .schemes = "ecdsa_secp256r1_sha256" },
                      &request);
            assert_err(answer(&p, misfit), expected);
            tlsc_credential_free(misfit);
            asking_refuses(&p, expected, tlsc_err_alert(expected));
            boring_close(&p);
        }
    }
    tls_site_close(&site);
}

static void a_connection_may_go_during_the_pause(void **state)
{
    (void)state;
    tls_site site;
    open_external(&site);
    BOTH_VERSIONS(tls12)
    {
        boring_pair p;
        tlsc_credential_request request;
        pause_for(&p, &site, &(tls_client_options){ .max_tls12 = tls12 != 0 }, &request);
        boring_close(&p);
    }
    tls_site_close(&site);
}

/* Who answers TLSC_WAIT_CONFIG with a credential has chosen already. */
static void a_credential_that_came_with_the_configuration_needs_no_choice(void **state)
{
    (void)state;
    tls_site site;
    open_external(&site);
    tlsc_credential *credential = load("p256");
    BOTH_VERSIONS(tls12)
    {
        uint8_t buf[16384];
        boring_pair p;
        tlsc_opened opened;
        boring_open(&p, &site, &(tls_client_options){ .max_tls12 = tls12 != 0 });
        assert_int_equal(tls_client_handshake(p.client), TLS_CLIENT_WANTS);
        size_t n = tls_client_take(p.client, buf, sizeof(buf));
        assert_ok(tlsc_stream_feed(p.server, buf, n));
        assert_int_equal(tlsc_conn_wait(p.conn), TLSC_WAIT_CONFIG);
        assert_ok(tlsc_conn_answer_config(p.conn, site.config, tlsc_bytes_of(NULL, 0), credential,
                                          &opened));
        assert_int_equal(tlsc_conn_wait(p.conn), TLSC_WAIT_MESSAGE);
        boring_works(&p);
        assert_ptr_equal(boring_info(&p).credential, credential);
        boring_close(&p);
    }
    tlsc_credential_free(credential);
    tls_site_close(&site);
}

/* ---- a client's choice ---- */

/* An authority's name, as DER. */
static tlsc_bytes subject_of(const char *file, tlsc_buf *der)
{
    tlsc_certificate certificate;
    *der = test_der(file);
    assert_ok(tlsc_certificate_parse(&certificate, tlsc_buf_bytes(der)));
    return certificate.subject;
}

static tlsc_err answers_late(tlsc_config_builder *b)
{
    tlsc_config_external_credentials(b, true);
    return TLSC_OK;
}

/* Carries what there is until the client pauses. */
static void pause_client(pair *p, tls_site *site, client_site *clients,
                         tlsc_credential_request *request)
{
    pair_open(p, site, clients);
    pair_pump(p);
    assert_ok(p->client_error);
    assert_ok(p->server_error);
    assert_int_equal(tlsc_conn_wait(tlsc_stream_conn(p->client)), TLSC_WAIT_CREDENTIAL);
    assert_ok(tlsc_conn_credential_request(tlsc_stream_conn(p->client), request));
}

static tlsc_err answer_client(pair *p, tlsc_credential *credential)
{
    tlsc_opened opened;
    p->client_error =
        tlsc_conn_answer_credential(tlsc_stream_conn(p->client), credential, &opened);
    if (p->client_error == TLSC_OK) {
        p->client_error = tlsc_stream_step(p->client);
    }
    return p->client_error;
}

static void a_clients_caller_chooses_too(void **state)
{
    (void)state;
    tlsc_buf der;
    tlsc_bytes ca = subject_of("intermediate.crt.pem", &der);
    BOTH_VERSIONS(tls12)
    {
        for (int kind = 0; kind < 3; kind++) {
            judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
            rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j, .ca_names = &ca,
                             .num_ca_names = 1 };
            tls_site site;
            asking_open(&site, &policy);
            client_site clients = { .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                    .set_up = answers_late };
            clients.now_ms = site.now_ms;
            assert_ok(client_site_open(&clients));
            pair p;
            tlsc_credential_request request;
            pause_client(&p, &site, &clients, &request);
            assert_int_equal(request.version, tls12 ? TLSC_TLS12 : TLSC_TLS13);
            assert_int_equal(request.server_name.n, 0);
            assert_true(tlsc_u16_list_has(request.schemes, TLSC_SIG_ECDSA_P256_SHA256));
            assert_bytes_equal(request.types, tlsc_bytes_of(&x509, 1));
            assert_bytes_equal(request.key_types, tls12 ? BYTES(1, 64) : tlsc_bytes_of(NULL, 0));
            assert_int_equal(request.ca_names.n, 2 + ca.n);
            assert_memory_equal(request.ca_names.p + 2, ca.p, ca.n);
            tlsc_credential *credential =
                kind == 0 ? load("p384") : kind == 1 ? NULL : load_raw("p256.key.pem");
            assert_err(answer_client(&p, credential),
                       kind == 2 ? TLSC_E_UNWANTED_CERTIFICATE_TYPE : TLSC_OK);
            tlsc_credential_free(credential);
            if (kind < 2) {
                pair_works(&p);
                assert_int_equal(j.asked, kind == 0);
                assert_int_equal(pair_server_info(&p).peer_authenticated, kind == 0);
            } else {
                pair_client_fails(&p, TLSC_E_UNWANTED_CERTIFICATE_TYPE);
            }
            pair_close(&p);
            client_site_close(&clients);
            tls_site_close(&site);
        }
    }
    tlsc_buf_clear(&der);
}

/* Two certificates of the intermediate, the second with that behind it, so that root is named, too. */
static tlsc_err add_two(tlsc_config_builder *b)
{
    tlsc_credential *list[] = { load("p384"), load_stapled(TEXT(staple), tlsc_bytes_of(NULL, 0)) };
    tlsc_err rc = tlsc_config_add_credential(b, list[0]);
    if (rc == TLSC_OK) {
        rc = tlsc_config_add_credential(b, list[1]);
    }
    tlsc_credential_free(list[0]);
    tlsc_credential_free(list[1]);
    return rc;
}

static void a_client_follows_the_authorities_that_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *authority;
        const char *expected;
    } rows[] = { { NULL, "p384.crt.pem" },
                 { "root.crt.pem", "p256.crt.pem" },
                 { "intermediate.crt.pem", "p384.crt.pem" },
                 { "rsa2048.crt.pem", "p384.crt.pem" } /* a hint, no more */ };
    BOTH_VERSIONS(tls12)
    {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            tlsc_buf der = { 0 };
            tlsc_bytes ca = { NULL, 0 };
            if (rows[i].authority != NULL) {
                ca = subject_of(rows[i].authority, &der);
            }
            judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
            rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .ca_names = &ca,
                             .num_ca_names = ca.n > 0 };
            tls_site site;
            asking_open(&site, &policy);
            client_site clients = { .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                    .set_up = add_two };
            clients.now_ms = site.now_ms;
            assert_ok(client_site_open(&clients));
            pair p;
            pair_open(&p, &site, &clients);
            pair_works(&p);
            judge_saw(&j, rows[i].expected);
            pair_close(&p);
            client_site_close(&clients);
            tls_site_close(&site);
            tlsc_buf_clear(&der);
        }
    }
}

/* RFC 8446 4.4.2: "If the client has no suitable certificate, it MUST send a Certificate message
 * containing no certificates". */
static void a_client_without_one_that_fits_sends_none(void **state)
{
    (void)state;
    static const uint16_t rsa[] = { TLSC_SIG_RSA_PSS_SHA256 };
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j, .schemes = rsa,
                         .num_schemes = 1 };
        tls_site site;
        asking_open(&site, &policy);
        client_site clients = { .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                .credential = load("p256") };
        clients.now_ms = site.now_ms;
        assert_ok(client_site_open(&clients));
        pair p;
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_int_equal(j.asked, 0);
        assert_null(pair_client_info(&p).credential);
        assert_false(pair_server_info(&p).peer_authenticated);
        pair_close(&p);
        tlsc_credential_free(clients.credential);
        client_site_close(&clients);
        tls_site_close(&site);
    }
}

/* ---- a client that won't do without ---- */

static tlsc_err insists(tlsc_config_builder *b)
{
    return tlsc_config_require_own_certificate(b, true);
}

static tlsc_err insists_with_raw_key(tlsc_config_builder *b)
{
    static const uint8_t types[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 };
    tlsc_credential *key = load_raw("p256.key.pem");
    tlsc_err rc = tlsc_config_add_credential(b, key);
    tlsc_credential_free(key);
    if (rc == TLSC_OK) {
        rc = tlsc_config_set_own_certificate_types(b, types, 2);
    }
    return rc == TLSC_OK ? insists(b) : rc;
}

static tlsc_err insists_on_issuer(tlsc_config_builder *b)
{
    tlsc_credential *base = load("p256");
    tlsc_credential *c = NULL;
    tlsc_credential_options o = { .size = sizeof(o), .must_match_issuer = true };
    tlsc_err rc = tlsc_credential_with(base, &o, &c);
    tlsc_credential_free(base);
    if (rc == TLSC_OK) {
        rc = tlsc_config_add_credential(b, c);
        tlsc_credential_free(c);
    }
    return rc == TLSC_OK ? insists(b) : rc;
}

/* A configuration may say that having a certificate of no use is as bad as it sounds. */
static void a_client_may_insist_on_a_certificate_that_fits(void **state)
{
    (void)state;
    static const uint16_t rsa[] = { TLSC_SIG_RSA_PSS_SHA256 };
    static const struct {
        const char *has;
        tlsc_err (*set_up)(tlsc_config_builder *b);
        bool only_rsa;
        tlsc_err e;
    } rows[] = { { "p256", insists, true, TLSC_E_NO_SHARED_SIGNATURE },
                 { "p256", insists, false, TLSC_OK },
                 { NULL, insists, true, TLSC_OK }, /* who has none can't be meant */
                 { NULL, insists_with_raw_key, false, TLSC_E_UNWANTED_CERTIFICATE_TYPE },
                 { NULL, insists_on_issuer, false, TLSC_E_NO_MATCHING_ISSUER } };
    BOTH_VERSIONS(tls12)
    {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
            rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j,
                             .schemes = rows[i].only_rsa ? rsa : NULL,
                             .num_schemes = rows[i].only_rsa };
            tls_site site;
            asking_open(&site, &policy);
            client_site clients = { .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                    .credential = rows[i].has != NULL ? load(rows[i].has) : NULL,
                                    .set_up = rows[i].set_up };
            clients.now_ms = site.now_ms;
            assert_ok(client_site_open(&clients));
            pair p;
            pair_open(&p, &site, &clients);
            if (rows[i].e == TLSC_OK) {
                pair_works(&p);
                assert_int_equal(j.asked, rows[i].has != NULL);
            } else {
                pair_client_fails(&p, rows[i].e);
                assert_int_equal(tlsc_err_alert(rows[i].e), TLSC_ALERT_handshake_failure);
            }
            pair_close(&p);
            tlsc_credential_free(clients.credential);
            client_site_close(&clients);
            tls_site_close(&site);
        }
    }
}

static void a_clients_caller_may_end_it_instead_of_choosing(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j };
        tls_site site;
        asking_open(&site, &policy);
        client_site clients = { .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                .set_up = answers_late };
        clients.now_ms = site.now_ms;
        assert_ok(client_site_open(&clients));
        pair p;
        tlsc_credential_request request;
        pause_client(&p, &site, &clients, &request);
        tlsc_conn *c = tlsc_stream_conn(p.client);
        assert_err(tlsc_conn_answer_refuse(c, TLSC_OK), TLSC_E_USAGE);
        assert_int_equal(tlsc_conn_wait(c), TLSC_WAIT_CREDENTIAL);
        p.client_error = tlsc_conn_answer_refuse(c, TLSC_E_NO_CERTIFICATE);
        assert_err(p.client_error, TLSC_E_NO_CERTIFICATE);
        pair_client_fails(&p, TLSC_E_NO_CERTIFICATE);
        pair_close(&p);
        client_site_close(&clients);
        tls_site_close(&site);
    }
}

static tlsc_err raw_keys_come_later(tlsc_config_builder *b)
{
    tlsc_config_external_credentials(b, true);
    return tlsc_config_set_own_certificate_types(b, &raw, 1);
}

static tlsc_err ask_for_raw_client_keys(void *ctx, tlsc_config_builder *b)
{
    tlsc_verifier verifier = { sizeof(verifier), ctx, judge_verify };
    tlsc_err rc = tlsc_config_set_verifier(b, &verifier);
    if (rc == TLSC_OK) {
        rc = tlsc_config_set_client_auth(b, TLSC_CLIENT_AUTH_REQUIRED);
    }
    return rc == TLSC_OK ? tlsc_config_set_peer_certificate_types(b, &raw, 1) : rc;
}

/* Nothing but the caller knows what it will choose. */
static void a_client_may_say_what_its_caller_will_choose(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        tls_site site = { .setup = ask_for_raw_client_keys, .setup_ctx = &j };
        client_site clients = { .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                .set_up = raw_keys_come_later };
        pair_sites_open(&site, &clients);
        pair p;
        tlsc_credential_request request;
        pause_client(&p, &site, &clients, &request);
        assert_bytes_equal(request.types, tlsc_bytes_of(&raw, 1));
        tlsc_credential *key = load_raw("p256.key.pem");
        assert_ok(answer_client(&p, key));
        tlsc_credential_free(key);
        pair_works(&p);
        assert_int_equal(pair_server_info(&p).peer_certificate_type, TLSC_CERT_RAW_PUBLIC_KEY);
        assert_true(pair_server_info(&p).peer_authenticated);
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

/* ---- memory ---- */

/* A handshake with staples and raw keys both ways; the errors of both sides. */
static bool works_with_failure_at(uint64_t n, tls_site *site, client_site *clients)
{
    pair p = { .site = site, .clients = clients };
    tlsc_mem_fail_at(n, false);
    tlsc_err rc = client_new(clients, &p.client);
    if (rc == TLSC_OK) {
        rc = tls_server_new(site, &p.server);
    }
    for (int i = 0; rc == TLSC_OK && i < 8; i++) {
        tlsc_bytes out;
        tlsc_stream *from = i % 2 == 0 ? p.client : p.server;
        rc = tlsc_stream_output(from, &out);
        if (rc == TLSC_OK && from == p.client) {
            rc = tls_server_feed(site, p.server, out.p, out.n);
        } else if (rc == TLSC_OK) {
            rc = tlsc_stream_feed(p.client, out.p, out.n);
        }
        if (rc == TLSC_OK) {
            tlsc_stream_sent(from, out.n);
        }
    }
    tlsc_mem_fail_at(0, false);
    bool done = rc == TLSC_OK && pair_client_info(&p).handshake_done &&
                pair_server_info(&p).handshake_done;
    pair_close(&p);
    return done;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        client_judge = j;
        tls_site site = { .credential = load_stapled(TEXT(staple),
                                                     tlsc_bytes_of(one_sct, sizeof(one_sct))),
                          .setup = ask_for_raw_keys,
                          .setup_ctx = &j };
        client_site clients = { .max_version = tls12 ? TLSC_TLS12 : TLSC_TLS13,
                                .credential = load_raw("p256.key.pem"),
                                .set_up = ask_and_judge };
        pair_sites_open(&site, &clients);
        assert_true(works_with_failure_at(0, &site, &clients)); /* libcrypto's own, made for good */
        tlsc_mem_stats before;
        tlsc_mem_stats after;
        tlsc_mem_get_stats(&before);
        assert_true(works_with_failure_at(0, &site, &clients));
        tlsc_mem_get_stats(&after);
        uint64_t num = after.allocations - before.allocations;
        unsigned failed = 0;
        for (uint64_t n = 1; n <= num; n++) {
            failed += works_with_failure_at(n, &site, &clients) ? 0 : 1;
            tlsc_mem_get_stats(&after);
            assert_int_equal(after.live, before.live);
        }
        assert_true(num > 50);
        assert_true(failed > num / 2); /* the others were for what can be done without */
        tlsc_credential_free(site.credential);
        tlsc_credential_free(clients.credential);
        pair_sites_close(&site, &clients);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(staples_go_to_who_asks_for_them),
        cmocka_unit_test(staples_stay_with_full_handshakes),
        cmocka_unit_test(a_long_staple_arrives_whole),
        cmocka_unit_test(a_clients_staples_go_with_its_certificate),
        cmocka_unit_test(the_server_sends_the_kind_that_the_client_takes),
        cmocka_unit_test(the_kind_is_told_on_resumption),
        cmocka_unit_test(raw_keys_go_both_ways),
        cmocka_unit_test(a_client_offers_the_kinds_that_it_has),
        cmocka_unit_test(the_caller_chooses_and_takes_its_time),
        cmocka_unit_test(the_answer_decides_about_the_suite),
        cmocka_unit_test(without_an_answer_that_fits_the_handshake_ends),
        cmocka_unit_test(a_connection_may_go_during_the_pause),
        cmocka_unit_test(a_credential_that_came_with_the_configuration_needs_no_choice),
        cmocka_unit_test(a_clients_caller_chooses_too),
        cmocka_unit_test(a_client_follows_the_authorities_that_are_named),
        cmocka_unit_test(a_client_without_one_that_fits_sends_none),
        cmocka_unit_test(a_client_may_insist_on_a_certificate_that_fits),
        cmocka_unit_test(a_clients_caller_may_end_it_instead_of_choosing),
        cmocka_unit_test(a_client_may_say_what_its_caller_will_choose),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("own", tests, NULL, NULL);
}
