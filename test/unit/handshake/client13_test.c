/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client13_test.c: our client against our server: every suite, group and shape of a TLS 1.3
 * handshake; and early data as a caller of tlsc_conn sees it. */
#include "unit.h"

#include <string.h>

#include "client_place.h"
#include "handshake/config.h"
#include "keys/session.h"
#include "pair.h"
#include "pem_file.h"
#include "wire/enums.h"

/* ---- our client and our server ---- */

static void every_suite(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
    for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
        tls_site site = { 0 };
        client_site clients = { .suites = &suites[i], .num_suites = 1, .min_version = TLSC_TLS13 };
        pair p;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        tlsc_info info = pair_client_info(&p);
        assert_true(info.client && info.handshake_done && !info.resumed && !info.hello_retry);
        assert_int_equal(info.version, TLSC_TLS13);
        assert_int_equal(info.suite, suites[i]);
        assert_int_equal(info.peer_scheme, TLSC_SIG_ECDSA_P256_SHA256);
        assert_true(info.peer_authenticated && info.extended_master_secret);
        assert_bytes_equal(info.server_name, TEXT("a.test"));
        assert_int_equal(clients.verified, 1);
        assert_string_equal(clients.verified_name, "a.test");
        assert_bytes_equal(pair_server_info(&p).server_name, TEXT("a.test"));
        assert_false(pair_server_info(&p).client);
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

static void every_group_of_the_provider(void **state)
{
    (void)state;
    const tlsc_provider *provider = tlsc_provider_default();
    for (size_t i = 0; i < provider->num_groups; i++) {
        const uint16_t id = provider->groups[i]->id;
        tls_site site = { .groups = &id, .num_groups = 1 };
        client_site clients = { .groups = &id, .num_groups = 1, .min_version = TLSC_TLS13 };
        pair p;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_int_equal(pair_client_info(&p).group, id);
        assert_int_equal(pair_server_info(&p).group, id);
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

static void every_piece_and_fragment(void **state)
{
    (void)state;
    static const struct {
        size_t piece;
        uint16_t fragment;
    } rows[] = { { 1, 64 }, { 3, 100 }, { 1000, 64 }, { 0, 65 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tls_site site = { .max_fragment = rows[i].fragment, .tickets = true };
        client_site clients = { .max_fragment = rows[i].fragment };
        pair p;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        p.piece = rows[i].piece;
        pair_works(&p);
        assert_int_equal(clients.num_sessions, 2);
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

/* Both logs hold the same lines, which is how Wireshark sees that both agree. */
static void the_key_logs_are_the_same(void **state)
{
    (void)state;
    tls_site site = { 0 };
    client_site clients = { 0 };
    pair p;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    static const char *const labels[] = {
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_HANDSHAKE_TRAFFIC_SECRET ",
        "CLIENT_TRAFFIC_SECRET_0 ", "SERVER_TRAFFIC_SECRET_0 ", "EXPORTER_SECRET "
    };
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        const char *a = strstr(site.key_log, labels[i]);
        const char *b = strstr(clients.key_log, labels[i]);
        assert_true(a != NULL && b != NULL);
        assert_int_equal(strcspn(a, "\n"), strcspn(b, "\n"));
        assert_memory_equal(a, b, strcspn(a, "\n"));
    }
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

static void a_retry_and_a_resumption_of_every_suite(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
    static const uint16_t server_group = 0x0018;
    static const uint16_t client_groups[] = { 0x001d, 0x0018 };
    for (size_t i = 0; i < 6; i++) {
        tls_site site = { .tickets = true,
                          .groups = &server_group,
                          .num_groups = i < 3 ? 1 : 0,
                          .num_tickets = 3 };
        client_site clients = { .suites = &suites[i % 3],
                                .num_suites = 1,
                                .min_version = TLSC_TLS13,
                                .groups = client_groups,
                                .num_groups = 2 };
        tlsc_bytes offered[3];
        pair p;
        pair_sites_open(&site, &clients);
        pair_make_sessions(&site, &clients);
        assert_int_equal(clients.num_sessions, 3);
        for (size_t k = 0; k < 3; k++) {
            offered[k] = tlsc_buf_bytes(&clients.sessions[k]);
        }
        clients.offered = offered;
        clients.num_offered = 3;
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_true(pair_client_info(&p).resumed && pair_server_info(&p).resumed);
        assert_int_equal(pair_client_info(&p).hello_retry, i < 3);
        assert_int_equal(clients.verified, 1);
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

/* A session of a resumed connection is as good as the first. */
static void sessions_go_on_from_connection_to_connection(void **state)
{
    (void)state;
    tls_site site = { .tickets = true };
    client_site clients = { 0 };
    pair_sites_open(&site, &clients);
    pair_make_sessions(&site, &clients);
    for (int i = 0; i < 5; i++) {
        pair p;
        tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[clients.num_sessions - 1]);
        clients.offered = &session;
        clients.num_offered = 1;
        site.now_ms += 1000;
        clients.now_ms += 1000;
        pair_open(&p, &site, &clients);
        pair_works(&p);
        tlsc_info info = pair_client_info(&p);
        assert_true(info.resumed && info.peer_authenticated);
        assert_int_equal(info.session_issued_ms, clients.now_ms - 1000);
        pair_close(&p);
    }
    assert_int_equal(clients.verified, 1);
    pair_sites_close(&site, &clients);
}

static tlsc_err lives_10000_s(tlsc_config_builder *b)
{
    return tlsc_config_set_resumption_life(b, 10000);
}

static tlsc_err server_lives_10000_s(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    return lives_10000_s(b);
}

/* Each resumption brings a young session, but the full handshake behind them gets older: either side ends
 * the chain, and the last sessions live no longer than it. */
static void a_chain_of_resumptions_ends(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        bool client_ends = i % 2 == 1;
        tls_site site = { .tickets = true, .setup = client_ends ? NULL : server_lives_10000_s };
        client_site clients = { .set_up = client_ends ? lives_10000_s : NULL,
                                .max_version = i < 2 ? TLSC_TLS13 : TLSC_TLS12 };
        pair_sites_open(&site, &clients);
        pair_make_sessions(&site, &clients);
        for (int k = 1; k <= 5; k++) {
            pair p;
            tlsc_session_info about;
            tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[clients.num_sessions - 1]);
            tlsc_buf copy = tlsc_buf_of(1 << 18);
            assert_ok(tlsc_buf_append(&copy, session));
            session = tlsc_buf_bytes(&copy);
            assert_ok(tlsc_session_describe(session, &about));
            assert_int_equal(about.expires_ms - about.issued_ms, k == 4 ? 1000000 : 3600000);
            client_site_forget(&clients);
            clients.offered = &session;
            clients.num_offered = 1;
            site.now_ms += 3000000;
            clients.now_ms += 3000000;
            for (size_t j = 0; j < site.keys.num; j++) {
                site.keys.keys[j].until_ms += 3000000;
            }
            pair_open(&p, &site, &clients);
            pair_works(&p);
            assert_int_equal(pair_client_info(&p).resumed, k != 4);
            assert_int_equal(pair_server_info(&p).resumed, k != 4);
            pair_close(&p);
            tlsc_buf_clear(&copy);
        }
        assert_int_equal(clients.verified, 2);
        pair_sites_close(&site, &clients);
    }
}

static void the_applications_bytes_come_back(void **state)
{
    (void)state;
    tls_site site = { .tickets = true };
    client_site clients = { 0 };
    pair p;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    assert_ok(tlsc_conn_set_session_application(tlsc_stream_conn(p.client), TEXT("mine")));
    pair_works(&p);
    assert_int_equal(pair_client_info(&p).session_application.n, 0);
    pair_close(&p);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &session;
    clients.num_offered = 1;
    pair_open(&p, &site, &clients);
    pair_works(&p);
    assert_bytes_equal(pair_client_info(&p).session_application, TEXT("mine"));
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

static void no_protocol_in_common_is_the_servers_to_refuse(void **state)
{
    (void)state;
    tls_site site = { .alpn = "h2" };
    client_site clients = { .alpn = "http/1.1" };
    pair p;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_pump(&p);
    assert_err(p.client_error, TLSC_E_PEER_ALERT);
    assert_err(p.server_error, TLSC_E_NO_SHARED_ALPN);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

static void a_rejected_server_hears_why(void **state)
{
    (void)state;
    tls_site site = { 0 };
    client_site clients = { .rejects = true };
    pair p;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_client_fails(&p, TLSC_E_CERTIFICATE_REJECTED);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

static tlsc_err always_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    (void)ctx;
    (void)id;
    (void)until_ms;
    *first = true;
    return TLSC_OK;
}

/* ---- early data, call by call ---- */

/* A client with a session for early data, and a server by hand that knows its PSK. */
typedef struct early {
    client_site clients;
    tlsc_buf session;
    tlsc_bytes offered;
    hand_server13 server;
    tlsc_conn *conn;
} early;

static void take_output(early *e, size_t num_records, const char *data)
{
    static uint8_t buf[8192];
    tlsc_plan plan;
    size_t n = strlen(data);
    size_t out = 0;
    assert_ok(tlsc_conn_plan(e->conn, num_records, &plan));
    if (num_records > 0) {
        memcpy(buf + tlsc_plan_offset(&plan, &n, 0), data, n);
    }
    assert_ok(tlsc_conn_seal(e->conn, &plan, buf, sizeof(buf), &n, num_records, &out));
    hand13_give(&e->server, tlsc_bytes_of(buf, out));
}

static void early_open(early *e, const char *alpn, uint16_t suite, uint32_t max_early_data)
{
    memset(e, 0, sizeof(*e));
    e->clients.alpn = "h2,http/1.1";
    assert_ok(client_site_open(&e->clients));
    tlsc_session s = {
        .version = TLSC_TLS13,
        .suite = suite,
        .secret = { .b = { 5 }, .n = 32 },
        .alpn = tlsc_bytes_of_str(alpn),
        .server_name = TEXT("a.test"),
        .issued_ms = e->clients.now_ms,
        .lifetime_s = 60,
        .max_early_data = max_early_data,
        .peer_authenticated = true,
        .ticket = TEXT("ticket"),
    };
    memcpy(s.identity, e->clients.config->identity, sizeof(s.identity));
    e->session = tlsc_buf_of(1 << 12);
    assert_ok(tlsc_session_emit(&e->session, &s));
    e->offered = tlsc_buf_bytes(&e->session);
    hand13_open(&e->server, e->clients.provider, "p256", suite, 0);
    e->server.psk = (tlsc_secret){ .b = { 5 }, .n = 32 };
}

static int64_t now_ms(void *ctx)
{
    return ((const client_site *)ctx)->now_ms;
}

static void early_connect(early *e)
{
    tlsc_conn_options options = { .size = sizeof(options),
                                  .now_ms = now_ms,
                                  .now_ctx = &e->clients };
    tlsc_client_options client = { .size = sizeof(client),
                                   .name = TEXT("a.test"),
                                   .sessions = &e->offered,
                                   .num_sessions = 1,
                                   .early_data = true };
    assert_ok(tlsc_conn_new_client(&options, e->clients.config, &client, &e->conn));
}

static void early_close(early *e)
{
    tlsc_conn_free(e->conn);
    hand13_close(&e->server);
    tlsc_buf_clear(&e->session);
    client_site_close(&e->clients);
}

/* Opens what the server said; returns the events. */
static tlsc_err deliver(early *e, uint32_t *events)
{
    size_t at = 0;
    tlsc_err rc = TLSC_OK;
    *events = 0;
    while (rc == TLSC_OK && at < e->server.out.n) {
        tlsc_opened opened;
        rc = tlsc_conn_open(e->conn, e->server.out.p + at, e->server.out.n - at, &opened);
        *events |= opened.events;
        at += opened.consumed;
    }
    tlsc_buf_clear(&e->server.out);
    return rc;
}

static tlsc_early_data fate(const early *e)
{
    tlsc_info info;
    tlsc_conn_info(e->conn, &info);
    return info.early_data;
}

/* The server reads the hello, a ChangeCipherSpec and one record of early data. */
static void server_reads_early(early *e, const char *data)
{
    tlsc_bytes content;
    hand13_take_hello(&e->server);
    assert_true(tlsc_exts_has(&e->server.hello.exts, TLSC_EXT_early_data));
    assert_int_equal(hand13_take_record(&e->server, &content), TLSC_CT_CHANGE_CIPHER_SPEC);
    assert_ok(tlsc_protect13_start(&e->server.rd, e->server.suite, &e->server.client_early));
    assert_int_equal(hand13_take_record(&e->server, &content), TLSC_CT_APPLICATION_DATA);
    assert_bytes_equal(content, tlsc_bytes_of_str(data));
}

#define EARLY_ACCEPTED BYTES(0, 42, 0, 0)
#define EARLY_ACCEPTED_H2 BYTES(0, 42, 0, 0, 0, 16, 0, 5, 0, 3, 2, 'h', '2')

static void accepted_early_data_ends_before_finished(void **state)
{
    (void)state;
    early e;
    uint32_t events;
    early_open(&e, "h2", 0x1301, 100);
    early_connect(&e);
    take_output(&e, 1, "one");
    server_reads_early(&e, "one");
    assert_int_equal(fate(&e), TLSC_EARLY_PENDING);
    tlsc_protect early_rd = e.server.rd;
    hand13_say_hello(&e.server, &(hand_server_hello){ .has_psk = true });
    assert_ok(deliver(&e, &events));
    assert_int_equal(events, 0);
    take_output(&e, 1, "two"); /* between ServerHello and the answer */
    hand13_say_extensions(&e.server, EARLY_ACCEPTED_H2);
    assert_ok(deliver(&e, &events));
    assert_int_equal(events, TLSC_EVENT_EARLY_ACCEPTED);
    assert_int_equal(tlsc_conn_early_data_left(e.conn), 94);
    take_output(&e, 1, "three"); /* and behind it */
    hand13_say_finished(&e.server);
    assert_ok(deliver(&e, &events));
    assert_int_equal(events, TLSC_EVENT_HANDSHAKE_DONE);
    assert_int_equal(tlsc_conn_early_data_left(e.conn), 0);
    take_output(&e, 1, "four");
    /* the server: the rest of the early data, its end, Finished under the handshake's key */
    tlsc_protect handshake_rd = e.server.rd;
    tlsc_bytes content;
    e.server.rd = early_rd;
    assert_int_equal(hand13_take_record(&e.server, &content), TLSC_CT_APPLICATION_DATA);
    assert_bytes_equal(content, TEXT("two"));
    assert_int_equal(hand13_take_record(&e.server, &content), TLSC_CT_APPLICATION_DATA);
    assert_bytes_equal(content, TEXT("three"));
    hand13_take_message(&e.server, TLSC_HS_END_OF_EARLY_DATA, &content);
    assert_int_equal(content.n, 0);
    e.server.rd = handshake_rd;
    hand13_take_finished(&e.server);
    assert_int_equal(hand13_take_record(&e.server, &content), TLSC_CT_APPLICATION_DATA);
    assert_bytes_equal(content, TEXT("four"));
    tlsc_info info;
    tlsc_conn_info(e.conn, &info);
    assert_int_equal(info.early_data_sent, 11);
    early_close(&e);
}

static void no_more_than_the_session_allows(void **state)
{
    (void)state;
    early e;
    tlsc_plan plan;
    uint8_t buf[4096];
    size_t out;
    static const size_t six[] = { 6, 5 };
    early_open(&e, "", 0x1301, 10);
    early_connect(&e);
    assert_int_equal(tlsc_conn_early_data_left(e.conn), 10);
    assert_ok(tlsc_conn_plan(e.conn, 2, &plan));
    assert_int_equal(plan.max_data, 10);
    assert_err(tlsc_conn_seal(e.conn, &plan, buf, sizeof(buf), six, 2, &out), TLSC_E_USAGE);
    assert_int_equal(tlsc_conn_early_data_left(e.conn), 10);
    assert_err(tlsc_conn_plan(e.conn, 11, &plan), TLSC_E_NOT_READY);
    take_output(&e, 1, "0123456");
    assert_int_equal(tlsc_conn_early_data_left(e.conn), 3);
    assert_ok(tlsc_conn_plan(e.conn, 1, &plan));
    assert_int_equal(plan.max_data, 3);
    take_output(&e, 1, "789");
    assert_int_equal(tlsc_conn_early_data_left(e.conn), 0);
    assert_err(tlsc_conn_plan(e.conn, 1, &plan), TLSC_E_NOT_READY);
    assert_ok(tlsc_conn_plan(e.conn, 0, &plan)); /* the connection goes on */
    early_close(&e);
}

/* What was planned as early data isn't sealed as anything else. */
static void a_plan_does_not_outlive_the_answer(void **state)
{
    (void)state;
    early e;
    uint32_t events;
    tlsc_plan plan;
    uint8_t buf[4096];
    size_t out;
    static const size_t one = 1;
    early_open(&e, "", 0x1301, 100);
    early_connect(&e);
    take_output(&e, 1, "one");
    server_reads_early(&e, "one");
    hand13_say_hello(&e.server, &(hand_server_hello){ .has_psk = true });
    assert_ok(tlsc_conn_plan(e.conn, 1, &plan));
    assert_ok(deliver(&e, &events));
    hand13_say_extensions(&e.server, TEXT(""));
    assert_ok(deliver(&e, &events));
    assert_int_equal(events, TLSC_EVENT_EARLY_REJECTED);
    assert_int_equal(fate(&e), TLSC_EARLY_REFUSED);
    assert_err(tlsc_conn_seal(e.conn, &plan, buf, sizeof(buf), &one, 1, &out), TLSC_E_USAGE);
    assert_err(tlsc_conn_plan(e.conn, 1, &plan), TLSC_E_NOT_READY);
    assert_int_equal(tlsc_conn_early_data_left(e.conn), 0);
    early_close(&e);
}

/* Accepted it must be under what it was sent under. RFC 8446 4.2.10 */
static void early_data_is_not_accepted_under_anything_else(void **state)
{
    (void)state;
    const struct {
        const char *session_alpn;
        uint16_t suite; /* of ServerHello; 0: the session's */
        bool no_psk;
        tlsc_bytes extensions;
        tlsc_err error;
    } rows[] = {
        { "h2", 0, false, EARLY_ACCEPTED, TLSC_E_WRONG_EARLY_DATA },
        { "", 0, false, EARLY_ACCEPTED_H2, TLSC_E_WRONG_EARLY_DATA },
        { "http/1.1", 0, false, EARLY_ACCEPTED_H2, TLSC_E_WRONG_EARLY_DATA },
        { "h2", 0x1303, false, EARLY_ACCEPTED_H2, TLSC_E_WRONG_EARLY_DATA },
        { "h2", 0, true, EARLY_ACCEPTED_H2, TLSC_E_WRONG_EARLY_DATA },
        { "h2", 0, false, EARLY_ACCEPTED_H2, TLSC_OK },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        early e;
        uint32_t events;
        early_open(&e, rows[i].session_alpn, 0x1301, 100);
        early_connect(&e);
        take_output(&e, 1, "one");
        server_reads_early(&e, "one");
        if (rows[i].suite != 0) {
            e.server.suite = tlsc_provider_suite(e.server.provider, rows[i].suite);
        }
        hand13_say_hello(&e.server, &(hand_server_hello){ .has_psk = !rows[i].no_psk });
        hand13_say_extensions(&e.server, rows[i].extensions);
        assert_err(deliver(&e, &events), rows[i].error);
        if (rows[i].error != TLSC_OK) {
            tlsc_failure failure;
            tlsc_conn_error(e.conn, &failure);
            assert_int_equal(failure.alert_sent, TLSC_ALERT_illegal_parameter);
            assert_int_equal(events & TLSC_EVENT_EARLY_ACCEPTED, 0);
        }
        early_close(&e);
    }
}

/* A second hello has no early data, and is in the clear; an answer to what it doesn't offer is refused. */
static void a_retry_ends_early_data(void **state)
{
    (void)state;
    early e;
    uint32_t events;
    tlsc_plan plan;
    early_open(&e, "", 0x1301, 100);
    early_connect(&e);
    take_output(&e, 1, "one");
    server_reads_early(&e, "one");
    hand13_say_hello(&e.server, &(hand_server_hello){ .retry = true, .group = 0x0018 });
    assert_ok(deliver(&e, &events));
    assert_int_equal(events, TLSC_EVENT_EARLY_REJECTED);
    assert_int_equal(fate(&e), TLSC_EARLY_RETRY);
    assert_err(tlsc_conn_plan(e.conn, 1, &plan), TLSC_E_NOT_READY);
    take_output(&e, 0, "");
    tlsc_protect_clear(&e.server.rd);
    hand13_take_hello(&e.server);
    assert_false(tlsc_exts_has(&e.server.hello.exts, TLSC_EXT_early_data));
    assert_true(tlsc_exts_has(&e.server.hello.exts, TLSC_EXT_pre_shared_key));
    e.server.group = 0x0018;
    hand13_say_hello(&e.server, &(hand_server_hello){ .has_psk = true });
    hand13_say_extensions(&e.server, EARLY_ACCEPTED);
    assert_err(deliver(&e, &events), TLSC_E_UNSOLICITED_EXTENSION);
    early_close(&e);
}

/* Where it can't be sent, nothing is offered. */
static void early_data_is_offered_only_where_it_may_be_sent(void **state)
{
    (void)state;
    const struct {
        const char *session_alpn;
        uint32_t max_early_data;
        bool offered;
    } rows[] = { { "h2", 1, true }, { "h2", 0, false }, { "h3", 100, false } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        early e;
        early_open(&e, rows[i].session_alpn, 0x1301, rows[i].max_early_data);
        early_connect(&e);
        take_output(&e, 0, "");
        hand13_take_hello(&e.server);
        assert_int_equal(tlsc_exts_has(&e.server.hello.exts, TLSC_EXT_early_data),
                         rows[i].offered);
        assert_true(tlsc_exts_has(&e.server.hello.exts, TLSC_EXT_pre_shared_key));
        assert_int_equal(fate(&e), rows[i].offered ? TLSC_EARLY_PENDING : TLSC_EARLY_NONE);
        early_close(&e);
    }
}

/* ---- a verifier that wants to be asked again ---- */

static tlsc_err verify_again(tlsc_config_builder *b)
{
    tlsc_config_verify_on_resumption(b, true);
    return TLSC_OK;
}

/* A session of a connection to a real server, for early data, with the chain that was judged then. */
static void open_again(tls_site *site, client_site *clients, tlsc_bytes *session,
                       tlsc_err (*set_up)(tlsc_config_builder *b))
{
    static const tlsc_replay_guard guard = { sizeof(guard), NULL, always_first };
    *site = (tls_site){ .tickets = true, .max_early_data = 1000, .guard = &guard };
    *clients = (client_site){ .set_up = set_up };
    pair_sites_open(site, clients);
    pair_make_sessions(site, clients);
    assert_int_equal(clients->verified, 1);
    *session = tlsc_buf_bytes(&clients->sessions[0]);
    clients->offered = session;
    clients->num_offered = 1;
    clients->early_data = true;
}

static void the_verifier_is_asked_before_early_data(void **state)
{
    (void)state;
    tls_site site;
    client_site clients;
    tlsc_bytes session;
    pair p;
    open_again(&site, &clients, &session, verify_again);
    pair_open(&p, &site, &clients);
    assert_int_equal(clients.verified, 2);
    assert_ok(tlsc_stream_write(p.client, (const uint8_t *)"early", 5));
    pair_pump(&p);
    assert_int_equal(pair_client_info(&p).early_data, TLSC_EARLY_ACCEPTED);
    uint8_t got[5];
    assert_int_equal(tlsc_stream_read(p.server, got, 5), 5);
    pair_works(&p);
    assert_true(pair_client_info(&p).peer_authenticated);
    assert_int_equal(clients.verified, 2); /* once is enough */
    pair_close(&p);
    clients.rejects = true; /* then there is no connection at all */
    assert_err(client_new(&clients, &p.client), TLSC_E_CERTIFICATE_REJECTED);
    assert_null(p.client);
    pair_sites_close(&site, &clients);
}

static void a_late_verdict_comes_before_the_hello(void **state)
{
    (void)state;
    tls_site site;
    client_site clients;
    tlsc_bytes session;
    for (int accepted = 0; accepted < 2; accepted++) {
        pair p;
        tlsc_opened opened;
        tlsc_verdict verdict = { .size = sizeof(verdict),
                                 .kind = accepted ? TLSC_VERDICT_ACCEPT : TLSC_VERDICT_REJECT,
                                 .index = -1 };
        open_again(&site, &clients, &session, verify_again);
        clients.decides_later = true;
        pair_open(&p, &site, &clients);
        tlsc_conn *c = tlsc_stream_conn(p.client);
        assert_int_equal(tlsc_conn_wait(c), TLSC_WAIT_VERIFY);
        assert_false(tlsc_conn_has_output(c));
        assert_int_equal(tlsc_conn_early_data_left(c), 0);
        if (accepted) {
            assert_ok(tlsc_conn_answer_verdict(c, &verdict, &opened));
            assert_true(opened.output);
            assert_int_equal(tlsc_conn_early_data_left(c), 1000);
            pair_works(&p);
            assert_int_equal(pair_client_info(&p).early_data, TLSC_EARLY_ACCEPTED);
        } else {
            assert_err(tlsc_conn_answer_verdict(c, &verdict, &opened), TLSC_E_CERTIFICATE_REJECTED);
            assert_false(opened.output);
        }
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

/* Refused early data leaves a handshake that is judged as any other, resumed or not. */
static void where_early_data_is_refused_it_is_asked_again(void **state)
{
    (void)state;
    for (int resumed = 0; resumed < 2; resumed++) {
        tls_site site;
        tls_site other = { .tickets = true };
        client_site clients;
        tlsc_bytes session;
        pair p;
        open_again(&site, &clients, &session, verify_again);
        if (resumed) {
            other.keys = site.keys;
        }
        assert_ok(tls_site_open(&other));
        pair_open(&p, &other, &clients);
        pair_works(&p);
        tlsc_info info = pair_client_info(&p);
        assert_int_equal(info.resumed, resumed);
        assert_int_equal(info.early_data, resumed ? TLSC_EARLY_REFUSED : TLSC_EARLY_NOT_RESUMED);
        assert_true(info.peer_authenticated);
        assert_int_equal(clients.verified, 3);
        pair_close(&p);
        tls_site_close(&other);
        pair_sites_close(&site, &clients);
    }
}

static tlsc_err raw_keys_and_verify_again(tlsc_config_builder *b)
{
    static const uint8_t types[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 };
    tlsc_config_verify_on_resumption(b, true);
    return tlsc_config_set_peer_certificate_types(b, types, 2);
}

/* The kind of certificate that a full handshake agrees on isn't the session's, which was judged for the
 * early data. */
static void refused_early_data_leaves_the_kind_of_certificate(void **state)
{
    (void)state;
    tls_site site;
    client_site clients;
    tlsc_bytes session;
    pair p;
    tls_site other = { .tickets = true };
    tlsc_buf pem = test_pem("p256.key.pem", NULL);
    assert_ok(tlsc_credential_raw_key(tlsc_provider_default(), tlsc_buf_bytes(&pem),
                                      &other.credential, NULL));
    open_again(&site, &clients, &session, raw_keys_and_verify_again);
    assert_ok(tls_site_open(&other));
    pair_open(&p, &other, &clients);
    pair_works(&p);
    tlsc_info info = pair_client_info(&p);
    assert_int_equal(info.early_data, TLSC_EARLY_NOT_RESUMED);
    assert_int_equal(info.peer_certificate_type, TLSC_CERT_RAW_PUBLIC_KEY);
    assert_true(info.peer_authenticated);
    assert_int_equal(clients.verified, 3);
    pair_close(&p);
    tls_site_close(&other);
    tlsc_credential_free(other.credential);
    tlsc_buf_clear(&pem);
    pair_sites_close(&site, &clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite),
        cmocka_unit_test(every_group_of_the_provider),
        cmocka_unit_test(every_piece_and_fragment),
        cmocka_unit_test(the_key_logs_are_the_same),
        cmocka_unit_test(a_retry_and_a_resumption_of_every_suite),
        cmocka_unit_test(sessions_go_on_from_connection_to_connection),
        cmocka_unit_test(a_chain_of_resumptions_ends),
        cmocka_unit_test(the_applications_bytes_come_back),
        cmocka_unit_test(no_protocol_in_common_is_the_servers_to_refuse),
        cmocka_unit_test(a_rejected_server_hears_why),
        cmocka_unit_test(accepted_early_data_ends_before_finished),
        cmocka_unit_test(no_more_than_the_session_allows),
        cmocka_unit_test(a_plan_does_not_outlive_the_answer),
        cmocka_unit_test(early_data_is_not_accepted_under_anything_else),
        cmocka_unit_test(a_retry_ends_early_data),
        cmocka_unit_test(early_data_is_offered_only_where_it_may_be_sent),
        cmocka_unit_test(the_verifier_is_asked_before_early_data),
        cmocka_unit_test(a_late_verdict_comes_before_the_hello),
        cmocka_unit_test(where_early_data_is_refused_it_is_asked_again),
        cmocka_unit_test(refused_early_data_leaves_the_kind_of_certificate),
    };
    return cmocka_run_group_tests_name("client13", tests, NULL, NULL);
}
