/* SPDX-License-Identifier: Apache-2.0 */
/* conn/client12_test.c: whole connections of TLS 1.2 in memory: our client with BoringSSL's libssl as the
 * server, and with our own. */
#include "unit.h"

#include <string.h>

#include "base/try.h"
#include "boring_link.h"
#include "keys/session.h"
#include "pair.h"

static const uint16_t suites[] = { 0xc02b, 0xc02c, 0xcca9, 0xc02f, 0xc030, 0xcca8 };
static const char *const names[] = { "ECDHE-ECDSA-AES128-GCM-SHA256",
                                     "ECDHE-ECDSA-AES256-GCM-SHA384",
                                     "ECDHE-ECDSA-CHACHA20-POLY1305",
                                     "ECDHE-RSA-AES128-GCM-SHA256",
                                     "ECDHE-RSA-AES256-GCM-SHA384",
                                     "ECDHE-RSA-CHACHA20-POLY1305" };
static const uint16_t groups[] = { 0x001d, 0x0017, 0x0018 };
enum { NUM_SUITES = 6, NUM_GROUPS = 3 };

static boring_site *new_site(boring_site_options o)
{
    o.max_version = TLSC_TLS12;
    boring_site *site = boring_site_new(&o);
    assert_non_null(site);
    return site;
}

/* ---- BoringSSL as the server ---- */

static void every_suite_with_every_group(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES * NUM_GROUPS; i++) {
        bool rsa = i % NUM_SUITES >= 3;
        boring_site *site = new_site((boring_site_options){ .cert = rsa ? "rsa2048" : "p256",
                                                            .suites = names[i % NUM_SUITES],
                                                            .groups = "X25519:P-256:P-384" });
        uint16_t offered[] = { groups[i / NUM_SUITES], groups[1] };
        client_site clients = { .groups = offered, .num_groups = offered[0] == groups[1] ? 1 : 2 };
        boring_link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        link_works(&l);
        tlsc_info info = link_info(&l);
        assert_int_equal(info.version, TLSC_TLS12);
        assert_int_equal(info.suite, suites[i % NUM_SUITES]);
        assert_int_equal(info.group, boring_server_group(l.server));
        assert_true(info.extended_master_secret && info.peer_authenticated);
        assert_int_equal(boring_server_suite(l.server), suites[i % NUM_SUITES]);
        assert_string_equal(boring_server_name(l.server), "a.test");
        assert_int_equal(clients.verified, 1);
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

static void every_signature(void **state)
{
    (void)state;
    static const struct {
        const char *cert;
        uint16_t scheme;
    } rows[] = {
        { "p256", 0x0403 },    { "p256", 0x0503 },    { "p256", 0x0603 },    { "p384", 0x0403 },
        { "p384", 0x0503 },    { "p521", 0x0603 },    { "p521", 0x0403 },    { "ed25519", 0x0807 },
        { "rsa2048", 0x0401 }, { "rsa2048", 0x0501 }, { "rsa2048", 0x0601 }, { "rsa2048", 0x0804 },
        { "rsa2048", 0x0805 }, { "rsa4096", 0x0806 },
    };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        boring_site *site = new_site(
            (boring_site_options){ .cert = rows[i].cert, .scheme = rows[i].scheme });
        /* P-521 serves for certificates alone; a client lists it for their sake. RFC 8422 5.1 */
        bool is_p521 = strcmp(rows[i].cert, "p521") == 0;
        client_site clients = { 0 };
        boring_link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        if (is_p521) { /* which it does not here: BoringSSL finds no certificate for it */
            link_pump(&l);
            assert_err(l.error, TLSC_E_PEER_ALERT);
        } else {
            link_works(&l);
            assert_int_equal(link_info(&l).peer_scheme, rows[i].scheme);
        }
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

static void pieces_of_any_size(void **state)
{
    (void)state;
    static const size_t pieces[] = { 1, 2, 5, 100, 1000 };
    boring_site *site = new_site((boring_site_options){ .ask = true });
    for (size_t i = 0; i < TLSC_COUNT(pieces); i++) {
        client_site clients = { .max_fragment = 64 };
        boring_link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        l.piece = pieces[i];
        link_works(&l);
        link_close(&l);
        client_site_close(&clients);
    }
    boring_site_free(site);
}

/* A first connection, whose last session is offered in the next. */
static void make_session(client_site *clients, boring_site *site)
{
    static tlsc_bytes offered;
    boring_link l;
    client_site_forget(clients);
    clients->num_offered = 0;
    link_open(&l, clients, site);
    link_works(&l);
    assert_int_equal(clients->num_sessions, 1);
    link_close(&l);
    offered = tlsc_buf_bytes(&clients->sessions[0]);
    clients->offered = &offered;
    clients->num_offered = 1;
}

static void it_resumes_by_ticket_and_by_session_id(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES * 2; i++) {
        bool by_id = i >= NUM_SUITES;
        bool rsa = i % NUM_SUITES >= 3;
        boring_site *site = new_site((boring_site_options){ .cert = rsa ? "rsa2048" : "p256",
                                                            .suites = names[i % NUM_SUITES],
                                                            .no_tickets = by_id });
        client_site clients = { .max_version = i % 2 == 0 ? TLSC_TLS12 : 0 };
        assert_ok(client_site_open(&clients));
        make_session(&clients, site);
        tlsc_session s;
        assert_ok(tlsc_session_parse(&s, tlsc_buf_bytes(&clients.sessions[0])));
        assert_int_equal(s.ticket.n == 0, by_id);
        assert_int_equal(s.session_id.n > 0, by_id);
        for (int again = 0; again < 2; again++) {
            boring_link l;
            link_open(&l, &clients, site);
            link_works(&l);
            assert_true(link_info(&l).resumed);
            assert_true(link_info(&l).peer_authenticated);
            assert_true(boring_server_resumed(l.server));
            assert_int_equal(link_info(&l).suite, suites[i % NUM_SUITES]);
            link_close(&l);
        }
        assert_int_equal(clients.verified, 1);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

static void another_server_makes_a_full_handshake(void **state)
{
    (void)state;
    for (int by_id = 0; by_id < 2; by_id++) {
        boring_site *site = new_site((boring_site_options){ .no_tickets = by_id != 0 });
        boring_site *other = new_site((boring_site_options){ .no_tickets = by_id != 0 });
        client_site clients = { 0 };
        assert_ok(client_site_open(&clients));
        make_session(&clients, site);
        boring_link l;
        link_open(&l, &clients, other);
        link_works(&l);
        assert_false(link_info(&l).resumed);
        assert_int_equal(clients.verified, 2);
        assert_int_equal(clients.num_sessions, 2);
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
        boring_site_free(other);
    }
}

/* The same session, offered to a server that has come to speak TLS 1.3 meanwhile. */
static void a_session_of_tls12_does_not_bar_tls13(void **state)
{
    (void)state;
    boring_site *old = new_site((boring_site_options){ .ask = false });
    boring_site *young = boring_site_new(&(boring_site_options){ .ask = false });
    client_site clients = { 0 };
    assert_non_null(young);
    assert_ok(client_site_open(&clients));
    make_session(&clients, old);
    boring_link l;
    link_open(&l, &clients, young);
    link_works(&l);
    assert_int_equal(link_info(&l).version, TLSC_TLS13);
    assert_false(link_info(&l).resumed);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(old);
    boring_site_free(young);
}

static void client_certificates_of_every_kind(void **state)
{
    (void)state;
    static const struct {
        const char *cert;
        const char *asked; /* NULL: BoringSSL's own list */
        uint16_t scheme;   /* 0: nothing fits */
    } rows[] = {
        { "p256", NULL, 0x0403 },
        { "p384", NULL, 0x0503 },
        { "p384", "ecdsa_secp256r1_sha256", 0x0403 },
        { "ed25519", "ed25519", 0x0807 },
        { "rsa2048", NULL, 0x0804 },
        { "rsa2048", "rsa_pkcs1_sha256", 0x0401 },
        { "rsa2048", "rsa_pkcs1_sha512:rsa_pss_rsae_sha384", 0x0805 },
        { "rsa2048", "ecdsa_secp256r1_sha256", 0 },
        { "p256", "rsa_pss_rsae_sha256", 0 },
        { NULL, NULL, 0 },
    };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        boring_site *site =
            new_site((boring_site_options){ .ask = true, .ask_schemes = rows[i].asked });
        client_site clients = { 0 };
        if (rows[i].cert != NULL) {
            assert_ok(tls_credential_load(tlsc_provider_default(), rows[i].cert,
                                          &clients.credential));
        }
        boring_link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        link_works(&l);
        assert_int_equal(boring_server_peer_certificates(l.server) > 0, rows[i].scheme != 0);
        assert_int_equal(boring_server_peer_scheme(l.server), rows[i].scheme);
        assert_int_equal(link_info(&l).scheme, rows[i].scheme);
        link_close(&l);
        client_site_close(&clients);
        tlsc_credential_free(clients.credential);
        boring_site_free(site);
    }
}

static void who_has_no_certificate_hears_of_it(void **state)
{
    (void)state;
    boring_site *site = new_site((boring_site_options){ .require = true });
    client_site clients = { 0 };
    boring_link l;
    assert_ok(client_site_open(&clients));
    link_open(&l, &clients, site);
    link_pump(&l);
    assert_err(l.error, TLSC_E_PEER_ALERT);
    assert_int_equal(l.state, BORING_FAILED);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

/* ---- staples, protocols, kinds of certificate ---- */

static tlsc_bytes seen_ocsp;
static tlsc_bytes seen_scts;
static char seen[64];
static uint8_t seen_list[64];

static tlsc_err look(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    (void)ctx;
    assert_true(request->ocsp.n < sizeof(seen) && request->scts.n < sizeof(seen_list));
    tlsc_bytes_copy((uint8_t *)seen, request->ocsp);
    tlsc_bytes_copy(seen_list, request->scts);
    seen_ocsp = tlsc_bytes_of(seen, request->ocsp.n);
    seen_scts = tlsc_bytes_of(seen_list, request->scts.n);
    out->kind = TLSC_VERDICT_ACCEPT;
    return TLSC_OK;
}

static tlsc_err look_at_staples(tlsc_config_builder *b)
{
    const tlsc_verifier verifier = { sizeof(verifier), NULL, look };
    tlsc_config_request_ocsp(b, true);
    tlsc_config_request_scts(b, true);
    return tlsc_config_set_verifier(b, &verifier);
}

static tlsc_err look_without_asking(tlsc_config_builder *b)
{
    const tlsc_verifier verifier = { sizeof(verifier), NULL, look };
    return tlsc_config_set_verifier(b, &verifier);
}

static void staples_reach_the_verifier(void **state)
{
    (void)state;
    static const uint8_t scts[] = { 0, 5, 0, 3, 's', 'c', 't' };
    for (unsigned what = 0; what < 8; what++) {
        bool asks = (what & 4) != 0;
        boring_site *site = new_site((boring_site_options){
            .ocsp = (what & 1) != 0 ? "a response" : NULL,
            .scts = (what & 2) != 0 ? scts : NULL,
            .scts_n = (what & 2) != 0 ? sizeof(scts) : 0 });
        client_site clients = { .set_up = asks ? look_at_staples : look_without_asking };
        boring_link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        link_works(&l);
        assert_bytes_equal(seen_ocsp, asks && (what & 1) != 0 ? TEXT("a response") : TEXT(""));
        assert_bytes_equal(seen_scts, asks && (what & 2) != 0 ? tlsc_bytes_of(scts, sizeof(scts))
                                                              : TEXT(""));
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

static void the_protocol_is_among_those_offered(void **state)
{
    (void)state;
    static const struct {
        const char *server;
        const char *client;
        const char *chosen;
    } rows[] = { { "h2", "http/1.1,h2", "h2" }, { "h3", "h2", "" }, { NULL, "h2", "" },
                 { "h2", NULL, "" } };
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        boring_site *site = new_site((boring_site_options){ .alpn = rows[i].server });
        client_site clients = { .alpn = rows[i].client };
        boring_link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        link_works(&l);
        assert_bytes_equal(link_info(&l).alpn, tlsc_bytes_of_str(rows[i].chosen));
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

static tlsc_err accept_raw_keys(tlsc_config_builder *b)
{
    static const uint8_t types[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 };
    return tlsc_config_set_peer_certificate_types(b, types, 2);
}

static void a_raw_key_serves_where_it_is_accepted(void **state)
{
    (void)state;
    for (int raw = 0; raw < 2; raw++) {
        boring_site *site = new_site((boring_site_options){ .raw_key = raw != 0 });
        client_site clients = { .set_up = accept_raw_keys };
        boring_link l;
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        link_works(&l);
        assert_int_equal(link_info(&l).peer_certificate_type,
                         raw ? TLSC_CERT_RAW_PUBLIC_KEY : TLSC_CERT_X509);
        assert_int_equal(clients.verified, 1);
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

/* ---- versions ---- */

static void a_server_of_both_versions_notices_no_downgrade(void **state)
{
    (void)state;
    boring_site *site = boring_site_new(&(boring_site_options){ .ask = false });
    client_site clients = { .max_version = TLSC_TLS12 };
    boring_link l;
    assert_non_null(site);
    assert_ok(client_site_open(&clients));
    link_open(&l, &clients, site);
    link_works(&l);
    assert_int_equal(link_info(&l).version, TLSC_TLS12);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

static void a_client_of_tls13_alone_refuses_tls12(void **state)
{
    (void)state;
    boring_site *site = new_site((boring_site_options){ .ask = false });
    client_site clients = { .min_version = TLSC_TLS13 };
    boring_link l;
    assert_ok(client_site_open(&clients));
    link_open(&l, &clients, site);
    link_pump(&l);
    assert_err(l.error, TLSC_E_PEER_ALERT);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

static void close_notify_both_ways(void **state)
{
    (void)state;
    uint8_t none;
    boring_site *site = new_site((boring_site_options){ .ask = false });
    client_site clients = { 0 };
    boring_link l;
    assert_ok(client_site_open(&clients));
    link_open(&l, &clients, site);
    link_works(&l);
    assert_ok(tlsc_conn_close(tlsc_stream_conn(l.client)));
    (void)link_to_server(&l);
    assert_int_equal(boring_server_read(l.server, &none, 1), -2);
    boring_server_close(l.server);
    (void)link_to_client(&l);
    assert_ok(l.error);
    assert_true(link_info(&l).close_notify_received && link_info(&l).close_notify_sent);
    assert_ok(tlsc_conn_end_of_input(tlsc_stream_conn(l.client)));
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

static void the_key_log_has_one_line(void **state)
{
    (void)state;
    boring_site *site = new_site((boring_site_options){ .ask = false });
    client_site clients = { 0 };
    boring_link l;
    assert_ok(client_site_open(&clients));
    link_open(&l, &clients, site);
    link_works(&l);
    assert_int_equal(clients.key_log_n, strlen("CLIENT_RANDOM ") + 64 + 1 + 96 + 1);
    assert_memory_equal(clients.key_log, "CLIENT_RANDOM ", 14);
    link_close(&l);
    client_site_close(&clients);
    boring_site_free(site);
}

/* ---- our own server ---- */

static void both_ends_are_ours(void **state)
{
    (void)state;
    static const char *const certs[] = { "p256", "p384", "ed25519", "rsa2048" };
    for (size_t i = 0; i < TLSC_COUNT(certs) * 3; i++) {
        uint16_t suite = suites[(i % 4 == 3 ? 3 : 0) + i / 4];
        tls_site site = { .certs = { certs[i % 4] }, .tickets = true, .alpn = "h2" };
        client_site clients = { .max_version = TLSC_TLS12,
                                .suites = &suite,
                                .num_suites = 1,
                                .alpn = "h2" };
        pair p;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        p.piece = i % 2 == 0 ? 0 : 7;
        pair_works(&p);
        tlsc_info ours = pair_client_info(&p);
        tlsc_info theirs = pair_server_info(&p);
        assert_int_equal(ours.version, TLSC_TLS12);
        assert_int_equal(ours.suite, suite);
        assert_int_equal(theirs.suite, suite);
        assert_int_equal(ours.peer_scheme, theirs.scheme);
        assert_int_equal(ours.group, theirs.group);
        assert_bytes_equal(ours.alpn, TEXT("h2"));
        assert_bytes_equal(theirs.server_name, TEXT("a.test"));
        assert_string_equal(site.key_log, clients.key_log);
        pair_close(&p);
        tlsc_bytes offered = tlsc_buf_bytes(&clients.sessions[0]);
        clients.offered = &offered;
        clients.num_offered = 1;
        assert_int_equal(clients.num_sessions, 1);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_true(pair_client_info(&p).resumed && pair_server_info(&p).resumed);
        assert_int_equal(clients.num_sessions, 1); /* a young ticket isn't replaced */
        pair_close(&p);
        /* in the second half of its life it is, and the new one serves */
        clients.now_ms += 2000 * 1000;
        site.now_ms = clients.now_ms;
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_true(pair_client_info(&p).resumed);
        assert_int_equal(clients.num_sessions, 2);
        pair_close(&p);
        offered = tlsc_buf_bytes(&clients.sessions[1]);
        clients.now_ms += 3000 * 1000;
        site.now_ms = clients.now_ms;
        pair_open(&p, &site, &clients);
        pair_works(&p);
        assert_true(pair_client_info(&p).resumed);
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

static int64_t store_clock(void *ctx)
{
    return ((const tls_site *)ctx)->now_ms;
}

static void our_own_store_keeps_session_ids(void **state)
{
    (void)state;
    tlsc_memory_store *memory;
    tls_site site = { .tickets = true };
    assert_ok(tlsc_memory_store_new(16, store_clock, &site, &memory));
    tlsc_store store = tlsc_memory_store_as_store(memory);
    site.store = &store;
    client_site clients = { .max_version = TLSC_TLS12 };
    pair p;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    pair_close(&p);
    assert_int_equal(clients.num_sessions, 1);
    tlsc_bytes offered = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &offered;
    clients.num_offered = 1;
    pair_open(&p, &site, &clients);
    pair_works(&p);
    assert_true(pair_client_info(&p).resumed && pair_server_info(&p).resumed);
    pair_close(&p);
    pair_sites_close(&site, &clients);
    tlsc_memory_store_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_with_every_group),
        cmocka_unit_test(every_signature),
        cmocka_unit_test(pieces_of_any_size),
        cmocka_unit_test(it_resumes_by_ticket_and_by_session_id),
        cmocka_unit_test(another_server_makes_a_full_handshake),
        cmocka_unit_test(a_session_of_tls12_does_not_bar_tls13),
        cmocka_unit_test(client_certificates_of_every_kind),
        cmocka_unit_test(who_has_no_certificate_hears_of_it),
        cmocka_unit_test(staples_reach_the_verifier),
        cmocka_unit_test(the_protocol_is_among_those_offered),
        cmocka_unit_test(a_raw_key_serves_where_it_is_accepted),
        cmocka_unit_test(a_server_of_both_versions_notices_no_downgrade),
        cmocka_unit_test(a_client_of_tls13_alone_refuses_tls12),
        cmocka_unit_test(close_notify_both_ways),
        cmocka_unit_test(the_key_log_has_one_line),
        cmocka_unit_test(both_ends_are_ours),
        cmocka_unit_test(our_own_store_keeps_session_ids),
    };
    return cmocka_run_group_tests_name("client12 connections", tests, NULL, NULL);
}
