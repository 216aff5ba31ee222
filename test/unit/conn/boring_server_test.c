/* SPDX-License-Identifier: Apache-2.0 */
/* conn/boring_server_test.c: whole connections in memory, with BoringSSL's libssl as the server of a
 * TLS 1.3 client of ours. */
#include "unit.h"

#include <string.h>

#include "boring_server.h"
#include "client_site.h"
#include "tls_server.h"

/* One connection: both ends, and how to carry bytes between them. */
typedef struct link {
    client_site *clients;
    tlsc_stream *client;
    boring_server *server;
    size_t piece; /* bytes given to the client at once; 0: all */
    bool early;   /* the server must read to get past early data */
    tlsc_err error;
    boring_state state;
} link;

static void link_open(link *l, client_site *clients, boring_site *site)
{
    memset(l, 0, sizeof(*l));
    l->clients = clients;
    assert_ok(client_new(clients, &l->client));
    l->server = boring_server_new(site);
    assert_non_null(l->server);
}

static void link_close(link *l)
{
    tlsc_stream_free(l->client);
    boring_server_free(l->server);
}

static bool to_server(link *l)
{
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(l->client, &out));
    size_t n = out.n;
    boring_server_give(l->server, out.p, n);
    tlsc_stream_sent(l->client, n);
    return n > 0;
}

static bool to_client(link *l)
{
    static uint8_t buf[1 << 17];
    size_t n = boring_server_take(l->server, buf, sizeof(buf));
    for (size_t at = 0; at < n && l->error == TLSC_OK;) {
        size_t take = l->piece == 0 || n - at < l->piece ? n - at : l->piece;
        l->error = tlsc_stream_feed(l->client, buf + at, take);
        at += take;
    }
    return n > 0;
}

static bool move(link *l)
{
    uint8_t none;
    bool moved = to_server(l);
    l->state = boring_server_handshake(l->server);
    if (l->early && l->state == BORING_WANTS) {
        assert_int_equal(boring_server_read(l->server, &none, 1), 0);
    }
    return moved;
}

/* Until nothing moves any more. */
static void pump(link *l)
{
    bool moved;
    do {
        moved = move(l);
        moved = to_client(l) || moved;
    } while (moved && l->error == TLSC_OK);
    (void)move(l);
    l->state = boring_server_handshake(l->server);
}

static tlsc_info info_of(const link *l)
{
    tlsc_info info;
    tlsc_conn_info(tlsc_stream_conn(l->client), &info);
    return info;
}

static void server_hears(link *l, const char *text)
{
    char got[256];
    int n = boring_server_read(l->server, (uint8_t *)got, sizeof(got) - 1);
    assert_true(n >= 0);
    got[n] = 0;
    assert_string_equal(got, text);
}

static void client_says(link *l, const char *text)
{
    assert_ok(tlsc_stream_write(l->client, (const uint8_t *)text, strlen(text)));
    (void)to_server(l);
    server_hears(l, text);
}

static void server_says(link *l, const char *text)
{
    char got[256];
    assert_true(boring_server_write(l->server, (const uint8_t *)text, strlen(text)));
    (void)to_client(l);
    assert_ok(l->error);
    size_t n = tlsc_stream_read(l->client, (uint8_t *)got, sizeof(got) - 1);
    got[n] = 0;
    assert_string_equal(got, text);
}

static void assert_works(link *l)
{
    pump(l);
    assert_ok(l->error);
    if (l->state != BORING_DONE) {
        fail_msg("server: %s", boring_server_error(l->server));
    }
    assert_true(info_of(l).handshake_done);
    client_says(l, "ping");
    server_says(l, "pong");
}

/* ---- full handshakes ---- */

static void every_suite_with_every_group(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
    static const uint16_t groups[] = { 0x11ec, 0x001d, 0x0017, 0x0018, 0x0019, 0x0202 };
    boring_site *site = boring_site_new(&(
        boring_site_options){ .groups = "X25519MLKEM768:X25519:P-256:P-384:P-521:MLKEM1024" });
    assert_non_null(site);
    for (size_t i = 0; i < 18; i++) {
        client_site clients = { .suites = &suites[i % 3],
                                .num_suites = 1,
                                .min_version = TLSC_TLS13,
                                .groups = &groups[i / 3],
                                .num_groups = 1 };
        link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        assert_works(&l);
        tlsc_info info = info_of(&l);
        assert_int_equal(info.suite, suites[i % 3]);
        assert_int_equal(info.group, groups[i / 3]);
        assert_int_equal(boring_server_group(l.server), groups[i / 3]);
        assert_int_equal(boring_server_suite(l.server), suites[i % 3]);
        assert_false(info.hello_retry);
        assert_string_equal(boring_server_name(l.server), "a.test");
        link_close(&l);
        client_site_close(&clients);
    }
    boring_site_free(site);
}

static void every_certificate(void **state)
{
    (void)state;
    static const struct {
        const char *cert;
        uint16_t scheme;
    } rows[] = { { "p256", TLSC_SIG_ECDSA_P256_SHA256 },   { "p384", TLSC_SIG_ECDSA_P384_SHA384 },
                 { "p521", TLSC_SIG_ECDSA_P521_SHA512 },   { "ed25519", TLSC_SIG_ED25519 },
                 { "rsa2048", TLSC_SIG_RSA_PSS_SHA256 },   { "rsa3072", TLSC_SIG_RSA_PSS_SHA384 },
                 { "rsa4096", TLSC_SIG_RSA_PSS_SHA512 },   { "mldsa44", TLSC_SIG_MLDSA44 },
                 { "mldsa65", TLSC_SIG_MLDSA65 },          { "mldsa87", TLSC_SIG_MLDSA87 } };
    client_site clients = { .max_version = TLSC_TLS13 };
    assert_ok(client_site_open(&clients));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        boring_site *site = boring_site_new(
            &(boring_site_options){ .cert = rows[i].cert, .scheme = rows[i].scheme });
        link l;
        assert_non_null(site);
        link_open(&l, &clients, site);
        assert_works(&l);
        assert_int_equal(info_of(&l).peer_scheme, rows[i].scheme);
        assert_int_equal(info_of(&l).version, TLSC_TLS13);
        link_close(&l);
        boring_site_free(site);
    }
    client_site_close(&clients);
}

/* Records and messages may come in any pieces, and go in small records. */
static void pieces_of_any_size(void **state)
{
    (void)state;
    static const size_t pieces[] = { 1, 2, 5, 100, 1000 };
    boring_site *site = boring_site_new(&(boring_site_options){ .ask = true });
    assert_non_null(site);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        client_site clients = { .max_fragment = 64 };
        link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        l.piece = pieces[i];
        assert_works(&l);
        link_close(&l);
        client_site_close(&clients);
    }
    boring_site_free(site);
}

/* ---- HelloRetryRequest ---- */

static void a_group_without_a_share_costs_a_round_trip(void **state)
{
    (void)state;
    static const uint16_t groups[] = { 0x11ec, 0x001d, 0x0017, 0x0018 };
    for (unsigned shares = 0; shares <= 2; shares++) {
        boring_site *site = boring_site_new(&(boring_site_options){ .groups = "P-384" });
        client_site clients = { .groups = groups, .num_groups = 4, .num_key_shares = shares };
        link l;
        assert_non_null(site);
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        assert_works(&l);
        assert_true(info_of(&l).hello_retry);
        assert_int_equal(info_of(&l).group, 0x0018);
        link_close(&l);
        /* and who knows that saves it */
        clients.group_hint = 0x0018;
        link_open(&l, &clients, site);
        assert_works(&l);
        assert_false(info_of(&l).hello_retry);
        assert_int_equal(info_of(&l).group, 0x0018);
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

/* ---- application protocols ---- */

static void the_protocol_is_among_those_offered(void **state)
{
    (void)state;
    boring_site *site = boring_site_new(&(boring_site_options){ .alpn = "h2" });
    client_site clients = { .alpn = "http/1.1,h2" };
    const tlsc_bytes other = TEXT("h2");
    link l;
    assert_non_null(site);
    assert_ok(client_site_open(&clients));
    link_open(&l, &clients, site);
    assert_works(&l);
    assert_bytes_equal(info_of(&l).alpn, TEXT("h2"));
    link_close(&l);
    clients.connection_alpn = &other;
    clients.num_connection_alpn = 1;
    link_open(&l, &clients, site);
    assert_works(&l);
    assert_bytes_equal(info_of(&l).alpn, TEXT("h2"));
    link_close(&l);
    clients.num_connection_alpn = 0; /* none at all */
    link_open(&l, &clients, site);
    assert_works(&l);
    assert_int_equal(info_of(&l).alpn.n, 0);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

/* ---- certificates of our own ---- */

static void a_client_certificate_is_sent_where_it_is_asked_for(void **state)
{
    (void)state;
    tlsc_credential *credential = NULL;
    assert_ok(tls_credential_load(tlsc_provider_default(), "p384", &credential));
    for (int asked = 0; asked < 2; asked++) {
        for (int has_one = 0; has_one < 2; has_one++) {
            boring_site *site = boring_site_new(&(boring_site_options){ .ask = asked != 0 });
            client_site clients = { .credential = has_one ? credential : NULL };
            link l;
            assert_non_null(site);
            assert_ok(client_site_open(&clients));
            link_open(&l, &clients, site);
            assert_works(&l);
            assert_int_equal(boring_server_peer_certificates(l.server) > 0, asked && has_one);
            assert_int_equal(info_of(&l).scheme,
                             asked && has_one ? TLSC_SIG_ECDSA_P384_SHA384 : 0);
            link_close(&l);
            client_site_close(&clients);
            boring_site_free(site);
        }
    }
    tlsc_credential_free(credential);
}

static void who_must_have_one_and_has_none_is_told(void **state)
{
    (void)state;
    boring_site *site = boring_site_new(&(boring_site_options){ .ask = true, .require = true });
    client_site clients = { 0 };
    link l;
    tlsc_failure failure;
    assert_non_null(site);
    assert_ok(client_site_open(&clients));
    link_open(&l, &clients, site);
    pump(&l);
    assert_int_equal(l.state, BORING_FAILED);
    assert_err(l.error, TLSC_E_PEER_ALERT);
    tlsc_conn_error(tlsc_stream_conn(l.client), &failure);
    assert_int_equal(failure.alert_received, TLSC_ALERT_certificate_required);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

/* ---- sessions ---- */

/* A connection for its tickets. */
static void make_sessions(client_site *clients, boring_site *site)
{
    link l;
    link_open(&l, clients, site);
    assert_works(&l);
    link_close(&l);
    assert_true(clients->num_sessions > 0);
}

static void every_suite_resumes(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
    for (size_t i = 0; i < 3; i++) {
        boring_site *site = boring_site_new(&(boring_site_options){ .alpn = "h2" });
        client_site clients = { .suites = &suites[i],
                                .num_suites = 1,
                                .min_version = TLSC_TLS13,
                                .alpn = "h2" };
        link l;
        assert_non_null(site);
        assert_ok(client_site_open(&clients));
        make_sessions(&clients, site);
        tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
        tlsc_session_info about;
        assert_ok(tlsc_session_describe(session, &about));
        assert_int_equal(about.version, TLSC_TLS13);
        assert_int_equal(about.suite, suites[i]);
        assert_true(about.has_ticket && about.expires_ms > about.issued_ms);
        assert_int_equal(about.issued_ms, clients.now_ms);
        assert_bytes_equal(about.server_name, TEXT("a.test"));
        assert_bytes_equal(about.alpn, TEXT("h2"));
        assert_int_equal(about.max_early_data, 0);
        clients.offered = &session;
        clients.num_offered = 1;
        link_open(&l, &clients, site);
        assert_works(&l);
        tlsc_info info = info_of(&l);
        assert_true(info.resumed && info.peer_authenticated);
        assert_int_equal(info.session_issued_ms, clients.now_ms);
        assert_true(boring_server_resumed(l.server));
        assert_int_equal(clients.verified, 1);
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

/* Another configuration has another verifier, for all that is known. */
static void a_session_stays_with_its_configuration(void **state)
{
    (void)state;
    boring_site *site = boring_site_new(&(boring_site_options){ 0 });
    client_site clients = { 0 };
    client_site others = { 0 };
    link l;
    assert_non_null(site);
    assert_ok(client_site_open(&clients));
    assert_ok(client_site_open(&others));
    make_sessions(&clients, site);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    others.offered = &session;
    others.num_offered = 1;
    link_open(&l, &others, site);
    assert_works(&l);
    assert_false(info_of(&l).resumed);
    assert_int_equal(others.verified, 1);
    link_close(&l);
    client_site_close(&clients);
    client_site_close(&others);
    boring_site_free(site);
}

static void it_resumes_after_a_retry_too(void **state)
{
    (void)state;
    static const uint16_t groups[] = { 0x001d, 0x0018 };
    boring_site *site = boring_site_new(&(boring_site_options){ .groups = "P-384" });
    client_site clients = { .groups = groups, .num_groups = 2 };
    link l;
    assert_non_null(site);
    assert_ok(client_site_open(&clients));
    make_sessions(&clients, site);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &session;
    clients.num_offered = 1;
    link_open(&l, &clients, site);
    assert_works(&l);
    assert_true(info_of(&l).resumed && info_of(&l).hello_retry);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

/* Tickets come at any time, each makes another session. */
static void tickets_come_when_they_come(void **state)
{
    (void)state;
    boring_site *site = boring_site_new(&(boring_site_options){ 0 });
    client_site clients = { 0 };
    link l;
    assert_non_null(site);
    assert_ok(client_site_open(&clients));
    link_open(&l, &clients, site);
    assert_works(&l);
    assert_int_equal(clients.num_sessions, 2);
    assert_int_equal(info_of(&l).tickets_received, 2);
    for (int i = 0; i < 3; i++) { /* whoever changes keys meanwhile */
        assert_true(boring_server_key_update(l.server, true));
        server_says(&l, "more");
        client_says(&l, "yes");
        assert_ok(tlsc_conn_update_keys(tlsc_stream_conn(l.client), true));
        client_says(&l, "and so do we");
        server_says(&l, "so what");
    }
    assert_int_equal(info_of(&l).key_updates_received, 6);
    assert_int_equal(info_of(&l).key_updates_sent, 6);
    boring_server_close(l.server);
    (void)to_client(&l);
    assert_true(info_of(&l).close_notify_received);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

/* ---- early data ---- */

static void early_data_arrives_before_the_answer(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
    for (size_t i = 0; i < 3; i++) {
        boring_site *site = boring_site_new(&(boring_site_options){ .early_data = true, .alpn = "h2" });
        client_site clients = { .suites = &suites[i],
                                .num_suites = 1,
                                .min_version = TLSC_TLS13,
                                .alpn = "h2" };
        link l;
        assert_non_null(site);
        assert_ok(client_site_open(&clients));
        make_sessions(&clients, site);
        tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
        tlsc_session_info about;
        assert_ok(tlsc_session_describe(session, &about));
        assert_true(about.max_early_data > 100);
        clients.offered = &session;
        clients.num_offered = 1;
        clients.early_data = true;
        link_open(&l, &clients, site);
        tlsc_conn *c = tlsc_stream_conn(l.client);
        assert_int_equal(tlsc_conn_early_data_left(c), about.max_early_data);
        assert_int_equal(info_of(&l).early_data, TLSC_EARLY_PENDING);
        assert_ok(tlsc_stream_write(l.client, (const uint8_t *)"early", 5));
        assert_int_equal(tlsc_conn_early_data_left(c), about.max_early_data - 5);
        (void)to_server(&l);
        assert_int_equal(boring_server_handshake(l.server), BORING_WANTS);
        server_hears(&l, "early");
        l.early = true;
        assert_works(&l);
        assert_int_equal(info_of(&l).early_data, TLSC_EARLY_ACCEPTED);
        assert_int_equal(info_of(&l).early_data_sent, 5);
        assert_int_equal(tlsc_conn_early_data_left(c), 0);
        assert_non_null(strstr(clients.key_log, "CLIENT_EARLY_TRAFFIC_SECRET "));
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

/* Without a word said early, there is still an EndOfEarlyData. */
static void early_data_may_be_nothing(void **state)
{
    (void)state;
    boring_site *site = boring_site_new(&(boring_site_options){ .early_data = true });
    client_site clients = { 0 };
    link l;
    assert_non_null(site);
    assert_ok(client_site_open(&clients));
    make_sessions(&clients, site);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &session;
    clients.num_offered = 1;
    clients.early_data = true;
    link_open(&l, &clients, site);
    l.early = true;
    assert_works(&l);
    assert_int_equal(info_of(&l).early_data, TLSC_EARLY_ACCEPTED);
    assert_int_equal(info_of(&l).early_data_sent, 0);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

/* Another server, which has the same tickets' keys or not, refuses; what was said is said again. */
static void early_data_that_is_refused_is_told(void **state)
{
    (void)state;
    static const uint16_t groups[] = { 0x001d, 0x0018 };
    const boring_site_options others[] = {
        { .early_data = true, .groups = "X25519:P-384" }, /* doesn't know the ticket */
        { .early_data = true, .groups = "P-384" },        /* wants another hello */
        { .groups = "X25519:P-384" },                     /* does no early data */
    };
    for (size_t i = 0; i < 3; i++) {
        boring_site *site = boring_site_new(&(boring_site_options){ .early_data = true });
        boring_site *other = boring_site_new(&others[i]);
        client_site clients = { .groups = groups, .num_groups = 2 };
        link l;
        assert_true(site != NULL && other != NULL);
        assert_ok(client_site_open(&clients));
        make_sessions(&clients, site);
        tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
        clients.offered = &session;
        clients.num_offered = 1;
        clients.early_data = true;
        link_open(&l, &clients, other);
        assert_ok(tlsc_stream_write(l.client, (const uint8_t *)"early", 5));
        assert_works(&l);
        assert_int_equal(info_of(&l).early_data, i == 1 ? TLSC_EARLY_RETRY : TLSC_EARLY_NOT_RESUMED);
        assert_int_equal(info_of(&l).early_data_sent, 5);
        assert_false(info_of(&l).resumed);
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
        boring_site_free(other);
    }
}

/* RFC 8446 D.3 */
static void a_server_of_early_data_that_answers_with_tls12_is_refused(void **state)
{
    (void)state;
    boring_site *site = boring_site_new(&(boring_site_options){ .early_data = true });
    boring_site *old = boring_site_new(&(boring_site_options){ .max_version = TLSC_TLS12 });
    client_site clients = { 0 };
    link l;
    tlsc_failure failure;
    assert_true(site != NULL && old != NULL);
    assert_ok(client_site_open(&clients));
    make_sessions(&clients, site);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &session;
    clients.num_offered = 1;
    link_open(&l, &clients, old); /* without early data it is a full handshake */
    assert_works(&l);
    assert_int_equal(info_of(&l).version, TLSC_TLS12);
    assert_false(info_of(&l).resumed);
    link_close(&l);
    clients.early_data = true;
    link_open(&l, &clients, old);
    pump(&l);
    assert_err(l.error, TLSC_E_EARLY_DATA_VERSION);
    tlsc_conn_error(tlsc_stream_conn(l.client), &failure);
    assert_int_equal(failure.alert_sent, TLSC_ALERT_protocol_version);
    assert_int_equal(info_of(&l).early_data, TLSC_EARLY_VERSION);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
    boring_site_free(old);
}

/* ---- versions ---- */

static void the_version_is_one_that_both_speak(void **state)
{
    (void)state;
    const struct {
        uint16_t client_min, client_max, server_min, server_max, version;
        tlsc_err error;
    } rows[] = {
        { TLSC_TLS12, TLSC_TLS13, TLSC_TLS12, TLSC_TLS13, TLSC_TLS13, TLSC_OK },
        { TLSC_TLS12, TLSC_TLS13, TLSC_TLS12, TLSC_TLS12, TLSC_TLS12, TLSC_OK },
        { TLSC_TLS12, TLSC_TLS12, TLSC_TLS12, TLSC_TLS13, TLSC_TLS12, TLSC_OK },
        { TLSC_TLS13, TLSC_TLS13, TLSC_TLS12, TLSC_TLS13, TLSC_TLS13, TLSC_OK },
        { TLSC_TLS12, TLSC_TLS12, TLSC_TLS13, TLSC_TLS13, 0, TLSC_E_PEER_ALERT },
        { TLSC_TLS13, TLSC_TLS13, TLSC_TLS12, TLSC_TLS12, 0, TLSC_E_PEER_ALERT },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        boring_site *site = boring_site_new(&(boring_site_options){
            .min_version = rows[i].server_min, .max_version = rows[i].server_max });
        client_site clients = { .min_version = rows[i].client_min,
                                .max_version = rows[i].client_max };
        link l;
        assert_non_null(site);
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        if (rows[i].error == TLSC_OK) {
            assert_works(&l);
            assert_int_equal(info_of(&l).version, rows[i].version);
        } else {
            pump(&l);
            assert_err(l.error, rows[i].error);
        }
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_with_every_group),
        cmocka_unit_test(every_certificate),
        cmocka_unit_test(pieces_of_any_size),
        cmocka_unit_test(a_group_without_a_share_costs_a_round_trip),
        cmocka_unit_test(the_protocol_is_among_those_offered),
        cmocka_unit_test(a_client_certificate_is_sent_where_it_is_asked_for),
        cmocka_unit_test(who_must_have_one_and_has_none_is_told),
        cmocka_unit_test(every_suite_resumes),
        cmocka_unit_test(a_session_stays_with_its_configuration),
        cmocka_unit_test(it_resumes_after_a_retry_too),
        cmocka_unit_test(tickets_come_when_they_come),
        cmocka_unit_test(early_data_arrives_before_the_answer),
        cmocka_unit_test(early_data_may_be_nothing),
        cmocka_unit_test(early_data_that_is_refused_is_told),
        cmocka_unit_test(a_server_of_early_data_that_answers_with_tls12_is_refused),
        cmocka_unit_test(the_version_is_one_that_both_speak),
    };
    return cmocka_run_group_tests_name("boring_server", tests, NULL, NULL);
}
