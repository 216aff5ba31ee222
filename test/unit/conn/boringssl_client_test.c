/* SPDX-License-Identifier: Apache-2.0 */
/* conn/boringssl_client_test.c: whole connections in memory, with BoringSSL's libssl as the client. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "tls_client.h"
#include "tls_server.h"

/* One connection: both ends, and how to carry bytes between them. */
typedef struct pair {
    tls_site *site;
    tlsc_stream *server;
    tls_client *client;
    size_t piece; /* bytes given to the server at once; 0: all */
    tlsc_err error;
} pair;

static void pair_open(pair *p, tls_site *site, const tls_client_options *options)
{
    memset(p, 0, sizeof(*p));
    p->site = site;
    assert_ok(tls_server_new(site, &p->server));
    p->client = tls_client_new(options);
    assert_non_null(p->client);
}

static void pair_close(pair *p)
{
    tlsc_stream_free(p->server);
    tls_client_free(p->client);
}

/* Carries what both have for each other; true if anything moved. */
static bool pair_pump(pair *p)
{
    uint8_t buf[40000];
    size_t n = tls_client_take(p->client, buf, sizeof(buf));
    bool moved = n > 0;
    for (size_t at = 0; at < n && p->error == TLSC_OK;) {
        size_t take = p->piece == 0 || n - at < p->piece ? n - at : p->piece;
        p->error = tls_server_feed(p->site, p->server, buf + at, take);
        at += take;
    }
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(p->server, &out));
    moved = moved || out.n > 0;
    tls_client_give(p->client, out.p, out.n);
    tlsc_stream_sent(p->server, out.n);
    return moved;
}

static tls_client_state pair_handshake(pair *p)
{
    tls_client_state state;
    do {
        state = tls_client_handshake(p->client);
    } while (pair_pump(p) && p->error == TLSC_OK && state != TLS_CLIENT_FAILED);
    return tls_client_handshake(p->client);
}

static tlsc_info pair_info(const pair *p)
{
    tlsc_info info;
    tlsc_conn_info(tlsc_stream_conn(p->server), &info);
    return info;
}

static void client_reads(pair *p, const char *text)
{
    uint8_t got[64];
    (void)pair_pump(p);
    int n = tls_client_read(p->client, got, sizeof(got));
    assert_int_equal(n, (int)strlen(text));
    assert_memory_equal(got, text, strlen(text));
}

static void server_reads(pair *p, const char *text)
{
    uint8_t got[64];
    (void)pair_pump(p);
    assert_ok(p->error);
    size_t n = tlsc_stream_read(p->server, got, sizeof(got));
    assert_int_equal(n, strlen(text));
    assert_memory_equal(got, text, n);
}

static void assert_works(pair *p)
{
    tls_client_state state = pair_handshake(p);
    assert_ok(p->error);
    if (state != TLS_CLIENT_DONE) {
        fail_msg("client: %s", tls_client_error(p->client));
    }
    assert_true(pair_info(p).handshake_done);
    assert_true(tls_client_write(p->client, (const uint8_t *)"ping", 4));
    server_reads(p, "ping");
    assert_ok(tlsc_stream_write(p->server, (const uint8_t *)"pong", 4));
    client_reads(p, "pong");
}

/* ---- full handshakes ---- */

static void every_group(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint16_t id;
    } groups[] = {
        { "X25519MLKEM768", 0x11ec }, { "X25519", 0x001d }, { "P-256", 0x0017 },
        { "P-384", 0x0018 },          { "P-521", 0x0019 },  { "MLKEM1024", 0x0202 }
    };
    static const uint16_t served[] = { 0x11ec, 0x0202, 0x001d, 0x0017, 0x0018, 0x0019 };
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        tls_site site = { .groups = served, .num_groups = sizeof(served) / sizeof(served[0]) };
        assert_ok(tls_site_open(&site));
        pair p;
        pair_open(&p, &site, &(tls_client_options){ .groups = groups[i].name });
        assert_works(&p);
        assert_int_equal(tls_client_group(p.client), groups[i].id);
        assert_int_equal(pair_info(&p).group, groups[i].id);
        assert_false(tls_client_hello_retry(p.client));
        pair_close(&p);
        tls_site_close(&site);
    }
}

static void every_certificate(void **state)
{
    (void)state;
    static const char *const names[] = { "p256",    "p384",    "p521",    "ed25519", "rsa2048",
                                         "rsa4096", "mldsa44", "mldsa65", "mldsa87" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        tls_site site = { .certs = { names[i] } };
        assert_ok(tls_site_open(&site));
        pair p;
        pair_open(&p, &site,
                  &(tls_client_options){
                      .schemes = "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:"
                                 "ecdsa_secp521r1_sha512:ed25519:rsa_pss_rsae_sha256:"
                                 "mldsa44:mldsa65:mldsa87" });
        assert_works(&p);
        pair_close(&p);
        tls_site_close(&site);
    }
}

/* draft-ietf-tls-mldsa: TLS 1.2 has no such signature. */
static void mldsa_is_of_tls13_alone(void **state)
{
    (void)state;
    static const char schemes[] = "mldsa65:ecdsa_secp256r1_sha256";
    for (int tls12 = 0; tls12 < 2; tls12++) {
        tls_site site = { .certs = { "mldsa65" } };
        pair p;
        assert_ok(tls_site_open(&site));
        pair_open(&p, &site, &(tls_client_options){ .schemes = schemes, .max_tls12 = tls12 != 0 });
        if (tls12) {
            assert_int_equal(pair_handshake(&p), TLS_CLIENT_FAILED);
            assert_err(p.error, TLSC_E_NO_SHARED_SIGNATURE);
        } else {
            assert_works(&p);
            assert_int_equal(pair_info(&p).scheme, TLSC_SIG_MLDSA65);
        }
        pair_close(&p);
        tls_site_close(&site);

        tls_site both = { .certs = { "mldsa65", "p256" } };
        assert_ok(tls_site_open(&both));
        pair_open(&p, &both, &(tls_client_options){ .schemes = schemes, .max_tls12 = tls12 != 0 });
        assert_works(&p);
        assert_int_equal(pair_info(&p).scheme,
                         tls12 ? TLSC_SIG_ECDSA_P256_SHA256 : TLSC_SIG_MLDSA65);
        pair_close(&p);
        tls_site_close(&both);
    }
}

static void suites_by_either_order(void **state)
{
    (void)state;
    static const uint16_t chacha[] = { 0x1303 };
    for (int own_order = 0; own_order < 2; own_order++) {
        tls_site site = { .suites = chacha, .num_suites = own_order ? 1 : 0 };
        assert_ok(tls_site_open(&site));
        for (int aes256 = 0; aes256 < 2; aes256++) {
            pair p;
            pair_open(&p, &site, &(tls_client_options){ .prefer_aes256 = aes256 });
            assert_works(&p);
            assert_int_equal(tls_client_suite(p.client),
                             own_order ? 0x1303 : aes256 ? 0x1302 : 0x1301);
            assert_int_equal(pair_info(&p).suite, tls_client_suite(p.client));
            pair_close(&p);
        }
        tls_site_close(&site);
    }
}

static void server_name_and_alpn(void **state)
{
    (void)state;
    tls_site site = { .alpn = "h2" };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site,
              &(tls_client_options){ .server_name = "Alpha.TLSX.test", .alpn = "http/1.1,h2" });
    assert_works(&p);
    tlsc_info info = pair_info(&p);
    assert_bytes_equal(info.server_name, TEXT("alpha.tlsx.test"));
    assert_bytes_equal(info.alpn, TEXT("h2"));
    char alpn[16];
    (void)tls_client_alpn(p.client, alpn, sizeof(alpn));
    assert_string_equal(alpn, "h2");
    pair_close(&p);
    tls_site_close(&site);
}

static void no_shared_alpn_is_fatal(void **state)
{
    (void)state;
    tls_site site = { .alpn = "h2" };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ .alpn = "spdy/3" });
    assert_int_equal(pair_handshake(&p), TLS_CLIENT_FAILED);
    assert_err(p.error, TLSC_E_NO_SHARED_ALPN);
    assert_int_equal(tls_client_alert(p.client), TLSC_ALERT_no_application_protocol);
    pair_close(&p);
    tls_site_close(&site);
}

static void hello_retry_request(void **state)
{
    (void)state;
    static const uint16_t p384[] = { 0x0018 };
    tls_site site = { .groups = p384, .num_groups = 1 };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ .groups = "X25519:P-384" });
    assert_works(&p);
    assert_true(tls_client_hello_retry(p.client));
    assert_true(pair_info(&p).hello_retry);
    assert_int_equal(pair_info(&p).group, 0x0018);
    pair_close(&p);
    tls_site_close(&site);
}

static void no_shared_group_or_version(void **state)
{
    (void)state;
    static const uint16_t p384[] = { 0x0018 };
    tls_site site = { .groups = p384, .num_groups = 1 };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ .groups = "X25519" });
    assert_int_equal(pair_handshake(&p), TLS_CLIENT_FAILED);
    assert_err(p.error, TLSC_E_NO_SHARED_GROUP);
    assert_int_equal(tls_client_alert(p.client), TLSC_ALERT_handshake_failure);
    pair_close(&p);
    tls_site_close(&site);
    tls_site only13 = { .min_version = TLSC_TLS13 };
    assert_ok(tls_site_open(&only13));
    pair_open(&p, &only13, &(tls_client_options){ .max_tls12 = true });
    assert_int_equal(pair_handshake(&p), TLS_CLIENT_FAILED);
    assert_err(p.error, TLSC_E_NO_SHARED_VERSION);
    assert_int_equal(tls_client_alert(p.client), TLSC_ALERT_protocol_version);
    pair_close(&p);
    tls_site_close(&only13);
}

/* ---- TLS 1.2 ---- */

static void tls12_every_certificate_suite_and_group(void **state)
{
    (void)state;
    static const char *const certs[] = { "p256", "p384", "p521", "ed25519", "rsa2048" };
    static const char *const groups[] = { "X25519", "P-256", "P-384" };
    static const uint16_t suites[2][3] = { { 0xc02b, 0xc02c, 0xcca9 },
                                           { 0xc02f, 0xc030, 0xcca8 } };
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < 3; k++) {
            char known[64];
            (void)snprintf(known, sizeof(known), "%s:P-256:P-384:P-521", groups[k]);
            tls_site site = { .certs = { certs[i] }, .min_version = TLSC_TLS12, .suites = &suites[i == 4][k],
                              .num_suites = 1 };
            assert_ok(tls_site_open(&site));
            pair p;
            pair_open(&p, &site,
                      &(tls_client_options){
                          .max_tls12 = true, .groups = k == 0 ? known : known + strlen(groups[k]) + 1,
                          .schemes = "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:"
                                     "ecdsa_secp521r1_sha512:ed25519:rsa_pss_rsae_sha256" });
            assert_works(&p);
            assert_int_equal(tls_client_suite(p.client), suites[i == 4][k]);
            assert_int_equal(pair_info(&p).version, TLSC_TLS12);
            pair_close(&p);
            tls_site_close(&site);
        }
    }
}

static void tls12_signs_with_the_hash_of_another_curve(void **state)
{
    (void)state;
    static const char *const schemes[] = { "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384",
                                           "ecdsa_secp521r1_sha512" };
    static const char *const certs[] = { "p256", "p384", "p521" };
    for (size_t i = 0; i < 3; i++) {
        tls_site site = { .certs = { certs[i] }, .min_version = TLSC_TLS12 };
        assert_ok(tls_site_open(&site));
        for (size_t k = 0; k < 3; k++) {
            tls_client_options options = { .max_tls12 = true,
                                           .groups = "X25519:P-256:P-384:P-521",
                                           .schemes = schemes[k] };
            pair p;
            pair_open(&p, &site, &options);
            assert_works(&p);
            pair_close(&p);
            if (i != k) { /* RFC 8446 4.2.3 */
                options.max_tls12 = false;
                pair_open(&p, &site, &options);
                assert_int_equal(pair_handshake(&p), TLS_CLIENT_FAILED);
                assert_err(p.error, TLSC_E_NO_SHARED_SIGNATURE);
                pair_close(&p);
            }
        }
        tls_site_close(&site);
    }
}

static void tls12_resumes_by_ticket(void **state)
{
    (void)state;
    tls_site site = { .min_version = TLSC_TLS12, .tickets = true, .lifetime_s = 1000, .alpn = "h2" };
    assert_ok(tls_site_open(&site));
    tls_client_options options = { .max_tls12 = true, .server_name = "a.test", .alpn = "h2" };
    pair p;
    pair_open(&p, &site, &options);
    assert_works(&p);
    assert_int_equal(tls_client_tickets(p.client), 1);
    options.session = tls_client_session_get(p.client);
    assert_non_null(options.session);
    pair_close(&p);
    /* age, resumed, a new ticket: one is due in the second half of a session's life */
    static const struct {
        int64_t age_s;
        bool resumed;
        unsigned tickets;
    } steps[] = { { 0, true, 0 }, { 501, true, 1 }, { 1000, true, 1 }, { 1001, false, 1 } };
    for (size_t i = 0; i < 4; i++) {
        site.now_ms = INT64_C(1790000000000) + steps[i].age_s * 1000;
        pair_open(&p, &site, &options);
        assert_works(&p);
        assert_int_equal(tls_client_resumed(p.client), steps[i].resumed);
        assert_int_equal(pair_info(&p).resumed, steps[i].resumed);
        assert_int_equal(tls_client_tickets(p.client), steps[i].tickets);
        pair_close(&p);
    }
    site.now_ms = INT64_C(1790000000000);
    options.server_name = "b.test";
    pair_open(&p, &site, &options);
    assert_works(&p);
    assert_false(tls_client_resumed(p.client));
    pair_close(&p);
    tls_client_session_free(options.session);
    tls_site_close(&site);
}

static void tls12_byte_by_byte_and_small_records(void **state)
{
    (void)state;
    tls_site site = { .certs = { "rsa2048" }, .min_version = TLSC_TLS12, .max_fragment = 64,
                      .tickets = true };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ .max_tls12 = true });
    p.piece = 1;
    assert_works(&p);
    pair_close(&p);
    tls_site_close(&site);
}

/* TLS 1.2 has no KeyUpdate: at the limit the connection ends in good order. */
static void tls12_limit_closes(void **state)
{
    (void)state;
    const tlsc_provider *real = tlsc_provider_default();
    tlsc_suite suite = *tlsc_provider_suite(real, 0xc02b);
    suite.confidentiality_limit = 8;
    const tlsc_suite *const suites[] = { &suite };
    tlsc_provider provider = *real;
    provider.suites = suites;
    provider.num_suites = 1;
    tls_site site = { .provider = &provider, .min_version = TLSC_TLS12 };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ .max_tls12 = true });
    assert_works(&p); /* Finished and an answer: two records */
    for (int i = 0; i < 5; i++) {
        assert_ok(tlsc_stream_write(p.server, (const uint8_t *)"data", 4));
        client_reads(&p, "data");
    }
    assert_err(tlsc_stream_write(p.server, (const uint8_t *)"data", 4), TLSC_E_CLOSED);
    (void)pair_pump(&p);
    uint8_t byte;
    assert_int_equal(tls_client_read(p.client, &byte, 1), -2);
    assert_err(tlsc_conn_update_keys(tlsc_stream_conn(p.server), false), TLSC_E_CLOSED);
    pair_close(&p);
    tls_site_close(&site);
}

static void byte_by_byte(void **state)
{
    (void)state;
    tls_site site = { .certs = { "rsa2048" } };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ .server_name = "alpha.tlsx.test" });
    p.piece = 1;
    assert_works(&p);
    pair_close(&p);
    tls_site_close(&site);
}

static void small_records(void **state)
{
    (void)state;
    tls_site site = { .certs = { "rsa4096" }, .max_fragment = 64, .tickets = true };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    assert_works(&p);
    pair_close(&p);
    tls_site_close(&site);
}

/* ---- resumption ---- */

static tls_client_session *session_of(tls_site *site, const char *name)
{
    pair p;
    pair_open(&p, site, &(tls_client_options){ .server_name = name });
    assert_works(&p);
    tls_client_session *session = tls_client_session_get(p.client);
    assert_non_null(session);
    assert_int_equal(tls_client_tickets(p.client), 2);
    pair_close(&p);
    return session;
}

static bool resumes(tls_site *site, tls_client_session *session, const char *name)
{
    pair p;
    pair_open(&p, site, &(tls_client_options){ .server_name = name, .session = session });
    assert_works(&p);
    bool resumed = tls_client_resumed(p.client);
    assert_int_equal(resumed, pair_info(&p).resumed);
    assert_int_equal(tls_client_tickets(p.client), resumed ? 1 : 2);
    pair_close(&p);
    return resumed;
}

static void resumes_by_ticket(void **state)
{
    (void)state;
    tls_site site = { .tickets = true, .lifetime_s = 1000 };
    assert_ok(tls_site_open(&site));
    tls_client_session *session = session_of(&site, "a.test");
    assert_true(resumes(&site, session, "a.test"));
    /* another name, another configuration, too old: a full handshake each time */
    assert_false(resumes(&site, session, "b.test"));
    tls_site other = { .tickets = true, .identity = { 1 }, .lifetime_s = 1000 };
    other.keys = site.keys;
    assert_ok(tls_site_open(&other));
    assert_false(resumes(&other, session, "a.test"));
    tls_site_close(&other);
    site.now_ms += 1000 * 1000;
    assert_true(resumes(&site, session, "a.test"));
    site.now_ms += 1;
    assert_false(resumes(&site, session, "a.test"));
    tls_client_session_free(session);
    tls_site_close(&site);
}

static void resumes_after_hello_retry(void **state)
{
    (void)state;
    tls_site site = { .tickets = true };
    assert_ok(tls_site_open(&site));
    tls_client_session *session = session_of(&site, NULL);
    static const uint16_t p384[] = { 0x0018 };
    tls_site other = { .tickets = true, .groups = p384, .num_groups = 1 };
    other.keys = site.keys;
    assert_ok(tls_site_open(&other));
    pair p;
    pair_open(&p, &other, &(tls_client_options){ .groups = "X25519:P-384", .session = session });
    assert_works(&p);
    assert_true(tls_client_resumed(p.client));
    assert_true(tls_client_hello_retry(p.client));
    pair_close(&p);
    tls_client_session_free(session);
    tls_site_close(&other);
    tls_site_close(&site);
}

static void tickets_without_a_key(void **state)
{
    (void)state;
    tls_site site = { .tickets = true };
    assert_ok(tls_site_open(&site));
    site.now_ms = site.keys.keys[0].until_ms; /* past its life: opens, but seals none */
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    assert_works(&p);
    assert_int_equal(tls_client_tickets(p.client), 0);
    pair_close(&p);
    tls_site_close(&site);
}

/* A ticket that another server made, which allows early data: ours has none of it. */
static void refuses_early_data(void **state)
{
    (void)state;
    tls_site site = { .tickets = true };
    assert_ok(tls_site_open(&site));
    tls_client_session *session = session_of(&site, NULL);
    pair p;
    pair_open(&p, &site, &(tls_client_options){ .session = session, .early_data = true });
    assert_works(&p);
    assert_false(tls_client_early_data_accepted(p.client));
    pair_close(&p);
    tls_client_session_free(session);
    tls_site_close(&site);
}

/* ---- pauses ---- */

static void external_signature(void **state)
{
    (void)state;
    const tlsc_provider *provider = tlsc_provider_default();
    tlsc_credential *own;
    assert_ok(tls_credential_load(provider, "p256", &own));
    tlsc_bytes leaf = tlsc_credential_certificate(own, 0);
    size_t num;
    const uint16_t *schemes = tlsc_credential_schemes(own, &num);
    tls_site site = { 0 };
    assert_ok(tlsc_credential_external(provider, &leaf, 1, schemes, num, &site.credential));
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    (void)tls_client_handshake(p.client);
    (void)pair_pump(&p);
    tlsc_conn *c = tlsc_stream_conn(p.server);
    assert_int_equal(tlsc_conn_wait(c), TLSC_WAIT_SIGN);
    uint16_t scheme;
    tlsc_bytes message;
    assert_ok(tlsc_conn_sign_request(c, &scheme, &message));
    assert_int_equal(scheme, TLSC_SIG_ECDSA_P256_SHA256);
    /* a signature that fails ends the handshake, an answer to another question doesn't */
    tlsc_opened opened;
    assert_err(tlsc_conn_answer_ticket(c, TEXT(""), &opened), TLSC_E_USAGE);
    assert_err(tlsc_conn_answer_signature(c, (tlsc_bytes){ NULL, 0 }, &opened),
               TLSC_E_SIGNING_FAILED);
    assert_true(opened.output);
    pair_close(&p);
    tls_site_close(&site);
    tlsc_credential_free(site.credential);
    tlsc_credential_free(own);
}

static void external_ticket(void **state)
{
    (void)state;
    tls_site site = { .tickets = true };
    assert_ok(tls_site_open(&site));
    tls_client_session *session = session_of(&site, NULL);
    site.external_tickets = true;
    for (int known = 0; known < 2; known++) {
        pair p;
        pair_open(&p, &site, &(tls_client_options){ .session = session });
        (void)tls_client_handshake(p.client);
        (void)pair_pump(&p);
        tlsc_conn *c = tlsc_stream_conn(p.server);
        assert_int_equal(tlsc_conn_wait(c), TLSC_WAIT_TICKET);
        tlsc_bytes ticket;
        uint8_t bytes[512];
        size_t n = 0;
        assert_ok(tlsc_conn_ticket_request(c, &ticket));
        if (known) {
            assert_ok(tlsc_ticket_open(site.provider, &site.keys, ticket, bytes, sizeof(bytes), &n));
        }
        tlsc_opened opened;
        assert_ok(tlsc_conn_answer_ticket(c, tlsc_bytes_of(bytes, n), &opened));
        (void)pair_handshake(&p);
        while (tlsc_conn_wait(c) == TLSC_WAIT_SEAL) {
            assert_ok(tlsc_conn_answer_sealed(c, (tlsc_bytes){ NULL, 0 }, &opened));
        }
        assert_works(&p);
        assert_int_equal(tls_client_resumed(p.client), known);
        pair_close(&p);
    }
    tls_client_session_free(session);
    tls_site_close(&site);
}

/* ---- traffic ---- */

static void key_updates(void **state)
{
    (void)state;
    tls_site site = { 0 };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    assert_works(&p);
    for (int i = 0; i < 6; i++) { /* every second one asks for ours */
        assert_true(tls_client_key_update(p.client, i % 2 == 0));
        assert_true(tls_client_write(p.client, (const uint8_t *)"more", 4));
        server_reads(&p, "more");
    }
    assert_int_equal(pair_info(&p).key_updates_received, 6);
    assert_int_equal(pair_info(&p).key_updates_sent, 3);
    for (int i = 0; i < 6; i++) {
        assert_ok(tlsc_conn_update_keys(tlsc_stream_conn(p.server), i % 2 == 1));
        assert_ok(tlsc_stream_write(p.server, (const uint8_t *)"data", 4));
        client_reads(&p, "data");
        assert_true(tls_client_write(p.client, (const uint8_t *)"more", 4));
        server_reads(&p, "more");
    }
    assert_int_equal(pair_info(&p).key_updates_received, 6 + 3);
    assert_int_equal(pair_info(&p).key_updates_sent, 3 + 6);
    pair_close(&p);
    tls_site_close(&site);
}

/* A suite whose limit is 8 records: keys are renewed by themselves. */
static void confidentiality_limit(void **state)
{
    (void)state;
    const tlsc_provider *real = tlsc_provider_default();
    tlsc_suite suite = *tlsc_provider_suite(real, 0x1301);
    suite.confidentiality_limit = 8;
    const tlsc_suite *const suites[] = { &suite };
    tlsc_provider provider = *real;
    provider.suites = suites;
    provider.num_suites = 1;
    tls_site site = { .provider = &provider };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    assert_works(&p);
    for (int i = 0; i < 40; i++) {
        assert_ok(tlsc_stream_write(p.server, (const uint8_t *)"data", 4));
        client_reads(&p, "data");
    }
    /* 41 records: 7 under each key, the eighth is the KeyUpdate */
    assert_int_equal(pair_info(&p).key_updates_sent, 5);
    tlsc_plan plan;
    assert_err(tlsc_conn_plan(tlsc_stream_conn(p.server), 8, &plan), TLSC_E_USAGE);
    pair_close(&p);
    tls_site_close(&site);
}

static void batches(void **state)
{
    (void)state;
    tls_site site = { 0 };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    assert_works(&p);
    static const size_t lens[] = { 16384, 1, 16384, 77 };
    static uint8_t buf[65535];
    static uint8_t got[65535];
    tlsc_conn *c = tlsc_stream_conn(p.server);
    tlsc_plan plan;
    assert_ok(tlsc_conn_plan(c, 4, &plan));
    for (size_t i = 0; i < 4; i++) {
        memset(buf + tlsc_plan_offset(&plan, lens, i), 'a' + (int)i, lens[i]);
    }
    size_t n;
    assert_err(tlsc_conn_seal(c, &plan, buf, 100, lens, 4, &n), TLSC_E_TOO_SMALL);
    assert_ok(tlsc_conn_seal(c, &plan, buf, sizeof(buf), lens, 4, &n));
    assert_int_equal(n, 16384 + 1 + 16384 + 77 + 4 * 22);
    tls_client_give(p.client, buf, n);
    size_t total = 0;
    int k;
    while ((k = tls_client_read(p.client, got + total, sizeof(got) - total)) > 0) {
        total += (size_t)k;
    }
    assert_int_equal(total, 16384 + 1 + 16384 + 77);
    assert_int_equal(got[16384], 'b');
    assert_int_equal(got[total - 1], 'd');
    pair_close(&p);
    tls_site_close(&site);
}

static void close_notify_both_ways(void **state)
{
    (void)state;
    tls_site site = { 0 };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    assert_works(&p);
    tlsc_conn *c = tlsc_stream_conn(p.server);
    assert_ok(tlsc_conn_close(c));
    assert_ok(tlsc_conn_close(c));
    tlsc_plan plan;
    assert_err(tlsc_conn_plan(c, 1, &plan), TLSC_E_CLOSED);
    (void)pair_pump(&p);
    uint8_t byte;
    assert_int_equal(tls_client_read(p.client, &byte, 1), -2);
    tls_client_close(p.client);
    (void)pair_pump(&p);
    assert_ok(p.error);
    assert_true(pair_info(&p).close_notify_received);
    assert_ok(tlsc_conn_end_of_input(c));
    pair_close(&p);
    tls_site_close(&site);
}

static void truncation_is_told(void **state)
{
    (void)state;
    tls_site site = { 0 };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    assert_works(&p);
    assert_err(tlsc_conn_end_of_input(tlsc_stream_conn(p.server)), TLSC_E_TRUNCATED);
    pair_close(&p);
    tls_site_close(&site);
}

static void key_log_has_five_lines(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_HANDSHAKE_TRAFFIC_SECRET ",
        "CLIENT_TRAFFIC_SECRET_0 ", "SERVER_TRAFFIC_SECRET_0 ", "EXPORTER_SECRET "
    };
    tls_site site = { 0 };
    assert_ok(tls_site_open(&site));
    pair p;
    pair_open(&p, &site, &(tls_client_options){ 0 });
    assert_works(&p);
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        assert_non_null(strstr(site.key_log, labels[i]));
    }
    pair_close(&p);
    tls_site_close(&site);
}

/* ---- out of memory ---- */

/* The n-th allocation fails, for every n through two handshakes, the second resumed: no crash, no leak,
 * and an answer each time. */
static void every_allocation_fails_once(void **state)
{
    (void)state;
    tls_site site = { .min_version = TLSC_TLS12, .tickets = true, .alpn = "h2",
                      .certs = { "p256" } };
    assert_ok(tls_site_open(&site));
    tls_client_session *session = session_of(&site, "a.test");
    for (int resumed = 0; resumed < 3; resumed++) {
        tls_client_options options = { .server_name = "a.test", .alpn = "h2",
                                       .max_tls12 = resumed == 2,
                                       .session = resumed == 1 ? session : NULL };
        bool failed = true;
        unsigned n = 0;
        while (failed) {
            tls_client *client = tls_client_new(&options);
            tlsc_mem_stats before;
            tlsc_mem_stats after;
            pair p = { .site = &site, .client = client };
            tlsc_mem_get_stats(&before);
            tlsc_mem_fail_at(++n, false);
            p.error = tls_server_new(&site, &p.server);
            if (p.error == TLSC_OK) {
                uint8_t buf[8192];
                (void)tls_client_handshake(client);
                size_t got = tls_client_take(client, buf, sizeof(buf));
                p.error = tls_server_feed(&site, p.server, buf, got);
            }
            tlsc_mem_get_stats(&after);
            failed = after.allocations - before.allocations >= n;
            tlsc_mem_fail_at(0, false);
            tlsc_stream_free(p.server);
            tls_client_free(client);
            assert_true(n < 500);
        }
        print_message("%s handshake: %u allocations failed in turn\n", resumed == 2 ? "TLS 1.2" : resumed ? "resumed" : "full",
                      n - 1);
        assert_true(n > 5);
    }
    tls_client_session_free(session);
    tls_site_close(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_group),
        cmocka_unit_test(every_certificate),
        cmocka_unit_test(mldsa_is_of_tls13_alone),
        cmocka_unit_test(suites_by_either_order),
        cmocka_unit_test(server_name_and_alpn),
        cmocka_unit_test(no_shared_alpn_is_fatal),
        cmocka_unit_test(hello_retry_request),
        cmocka_unit_test(no_shared_group_or_version),
        cmocka_unit_test(tls12_every_certificate_suite_and_group),
        cmocka_unit_test(tls12_signs_with_the_hash_of_another_curve),
        cmocka_unit_test(tls12_resumes_by_ticket),
        cmocka_unit_test(tls12_byte_by_byte_and_small_records),
        cmocka_unit_test(tls12_limit_closes),
        cmocka_unit_test(byte_by_byte),
        cmocka_unit_test(small_records),
        cmocka_unit_test(resumes_by_ticket),
        cmocka_unit_test(resumes_after_hello_retry),
        cmocka_unit_test(tickets_without_a_key),
        cmocka_unit_test(refuses_early_data),
        cmocka_unit_test(external_signature),
        cmocka_unit_test(external_ticket),
        cmocka_unit_test(key_updates),
        cmocka_unit_test(confidentiality_limit),
        cmocka_unit_test(batches),
        cmocka_unit_test(close_notify_both_ways),
        cmocka_unit_test(truncation_is_told),
        cmocka_unit_test(key_log_has_five_lines),
        cmocka_unit_test(every_allocation_fails_once),
    };
    return cmocka_run_group_tests_name("boringssl_client", tests, NULL, NULL);
}
