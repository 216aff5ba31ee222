/* SPDX-License-Identifier: Apache-2.0 */
/* api/exporter_test.c: keying material is the same on both sides, and nobody else's. */
#include <string.h>

#include "asking.h"
#include "boring_link.h"
#include "conn/conn.h"
#include "pair.h"
#include "unit.h"

enum { LONGEST = 255 * 48 };

static const tlsc_bytes nothing = { NULL, 0 };

static tlsc_err allow_server(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    tlsc_config_allow_export(b, true);
    return TLSC_OK;
}

static tlsc_err allow_client(tlsc_config_builder *b)
{
    return allow_server(NULL, b);
}

/* ---- against a library that we didn't write ---- */

typedef bool (*peer_export)(void *peer, uint8_t *out, size_t n, const char *label,
                            const char *context);

static bool by_client(void *peer, uint8_t *out, size_t n, const char *label, const char *context)
{
    return tls_client_export((tls_client *)peer, out, n, label, context);
}

static bool by_server(void *peer, uint8_t *out, size_t n, const char *label, const char *context)
{
    return boring_server_export((boring_server *)peer, out, n, label, context);
}

static void same_as(const tlsc_conn *c, peer_export export, void *peer)
{
    static const struct {
        const char *label;
        const char *context;
        size_t n;
    } rows[] = { { "EXPERIMENTAL one", "context", 32 },
                 { "EXPERIMENTAL one", "", 32 },
                 { "EXPERIMENTAL one", NULL, 32 },
                 { "", NULL, 1 },
                 { "two", "context", 255 * 32 } };
    static uint8_t ours[LONGEST];
    static uint8_t theirs[LONGEST];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool has = rows[i].context != NULL;
        tlsc_bytes context = has ? tlsc_bytes_of_str(rows[i].context) : nothing;
        assert_ok(tlsc_conn_export(c, ours, rows[i].n, rows[i].label, context, has));
        assert_true(export(peer, theirs, rows[i].n, rows[i].label, rows[i].context));
        assert_memory_equal(ours, theirs, rows[i].n);
    }
}

static void boringssls_client_has_the_same(void **state)
{
    (void)state;
    tls_site site = { .tickets = true, .setup = allow_server };
    assert_ok(tls_site_open(&site));
    BOTH_VERSIONS(tls12)
    {
        tls_client_options options = { .max_tls12 = tls12 };
        for (int resumed = 0; resumed < 2; resumed++) {
            boring_pair p;
            boring_open(&p, &site, &options);
            boring_works(&p);
            assert_int_equal(boring_info(&p).resumed, resumed);
            same_as(p.conn, by_client, p.client);
            if (resumed == 0) {
                options.session = tls_client_session_get(p.client);
            }
            boring_close(&p);
        }
        tls_client_session_free(options.session);
    }
    tls_site_close(&site);
}

static void boringssls_server_has_the_same(void **state)
{
    (void)state;
    client_site clients = { .set_up = allow_client };
    boring_site *site = boring_site_new(&(boring_site_options){ 0 });
    boring_site *site12 = boring_site_new(&(boring_site_options){ .max_version = TLSC_TLS12 });
    assert_ok(client_site_open(&clients));
    BOTH_VERSIONS(tls12)
    {
        for (int resumed = 0; resumed < 2; resumed++) {
            boring_link l;
            tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
            clients.offered = &session;
            clients.num_offered = (size_t)resumed;
            link_open(&l, &clients, tls12 ? site12 : site);
            link_works(&l);
            assert_int_equal(link_info(&l).resumed, resumed);
            same_as(tlsc_stream_conn(l.client), by_server, l.server);
            link_close(&l);
        }
        client_site_forget(&clients);
    }
    client_site_close(&clients);
    boring_site_free(site);
    boring_site_free(site12);
}

/* ---- what may be asked, and when ---- */

static void open_pair(pair *p, tls_site *site, client_site *clients)
{
    pair_sites_open(site, clients);
    pair_open(p, site, clients);
}

static void close_pair(pair *p, tls_site *site, client_site *clients)
{
    pair_close(p);
    pair_sites_close(site, clients);
}

static void expect_nothing(const tlsc_conn *c, size_t n, const char *label, tlsc_err e)
{
    static uint8_t out[LONGEST + 1];
    memset(out, 1, sizeof(out));
    assert_err(tlsc_conn_export(c, out, n, label, nothing, false), e);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(out[i], 0);
    }
}

static void questions_that_have_no_answer(void **state)
{
    (void)state;
    char label[251];
    memset(label, 'l', 250);
    BOTH_VERSIONS(tls12)
    {
        tls_site site = { .setup = allow_server };
        client_site clients = { .set_up = allow_client, .max_version = tls12 ? TLSC_TLS12 : 0 };
        pair p;
        uint8_t out[16];
        open_pair(&p, &site, &clients);
        const tlsc_conn *c = tlsc_stream_conn(p.client);
        const tlsc_conn *s = tlsc_stream_conn(p.server);
        expect_nothing(c, 16, "label", TLSC_E_NOT_READY);
        expect_nothing(s, 16, "label", TLSC_E_NOT_READY);
        (void)pair_to_server(&p); /* the server has a suite, and the client hasn't heard */
        expect_nothing(s, 16, "label", TLSC_E_NOT_READY);
        pair_works(&p);
        size_t most = 255u * c->outcome.suite->hash->len;
        label[250] = 0;
        expect_nothing(c, 0, "label", TLSC_E_USAGE);
        expect_nothing(c, most + 1, "label", TLSC_E_USAGE);
        expect_nothing(c, 16, NULL, TLSC_E_USAGE);
        expect_nothing(c, 16, label, TLSC_E_USAGE);
        label[249] = 0;
        assert_ok(tlsc_conn_export(c, out, 16, label, nothing, false));
        label[249] = 'l';
        expect_nothing(c, 16, "client finished", TLSC_E_USAGE);
        expect_nothing(c, 16, "server finished", TLSC_E_USAGE);
        expect_nothing(c, 16, "master secret", TLSC_E_USAGE);
        expect_nothing(c, 16, "extended master secret", TLSC_E_USAGE);
        expect_nothing(c, 16, "key expansion", TLSC_E_USAGE);
        assert_err(tlsc_conn_export_early(c, out, 16, "label", nothing), TLSC_E_NOT_READY);
        close_pair(&p, &site, &clients);
    }
}

static void each_label_and_context_has_its_own(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        tls_site site = { .setup = allow_server };
        client_site clients = { .set_up = allow_client, .max_version = tls12 ? TLSC_TLS12 : 0 };
        pair p;
        uint8_t got[5][16];
        open_pair(&p, &site, &clients);
        pair_works(&p);
        const tlsc_conn *c = tlsc_stream_conn(p.client);
        assert_ok(tlsc_conn_export(c, got[0], 16, "label", nothing, false));
        assert_ok(tlsc_conn_export(c, got[1], 16, "label", nothing, true));
        assert_ok(tlsc_conn_export(c, got[2], 16, "label", TEXT("c"), true));
        assert_ok(tlsc_conn_export(c, got[3], 16, "labec", nothing, true));
        assert_ok(tlsc_conn_export(c, got[4], 16, "label", TEXT("c"), false)); /* not looked at */
        for (size_t i = 0; i < 4; i++) {
            for (size_t k = 0; k < i; k++) { /* TLS 1.3 doesn't tell no context from an empty one */
                bool same = i == 1 && k == 0 && !tls12;
                assert_int_equal(memcmp(got[i], got[k], 16) == 0, same);
            }
        }
        assert_memory_equal(got[4], got[0], 16);
        close_pair(&p, &site, &clients);
    }
}

static void without_leave_nothing_is_kept(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        tls_site site = { .setup = allow_server };
        client_site clients = { .max_version = tls12 ? TLSC_TLS12 : 0 };
        pair p;
        uint8_t out[16];
        open_pair(&p, &site, &clients);
        pair_works(&p);
        tlsc_conn *c = tlsc_stream_conn(p.client);
        tlsc_conn *s = tlsc_stream_conn(p.server);
        expect_nothing(c, 16, "label", TLSC_E_UNSUPPORTED);
        assert_int_equal(c->outcome.exporter.n, 0);
        assert_ok(tlsc_conn_export(s, out, 16, "label", nothing, false));
        tlsc_conn_end_export(s);
        expect_nothing(s, 16, "label", TLSC_E_UNSUPPORTED);
        assert_int_equal(s->outcome.exporter.n, 0);
        pair_server_says(&p, "the connection goes on");
        close_pair(&p, &site, &clients);
    }
}

static void a_failed_connection_exports_nothing(void **state)
{
    (void)state;
    tls_site site = { .setup = allow_server };
    client_site clients = { .set_up = allow_client };
    pair p;
    open_pair(&p, &site, &clients);
    pair_works(&p);
    tlsc_conn *c = tlsc_stream_conn(p.client);
    assert_err(tlsc_conn_end_of_input(c), TLSC_E_TRUNCATED);
    expect_nothing(c, 16, "label", TLSC_E_CLOSED);
    assert_int_equal(c->outcome.exporter.n, 0);
    close_pair(&p, &site, &clients);
}

/* Two connections may share a master secret without it: the triple handshake. RFC 7627 1 */
static void tls12_needs_extended_master_secret(void **state)
{
    (void)state;
    tls_site site = { .setup = allow_server };
    client_site clients = { .set_up = allow_client, .max_version = TLSC_TLS12 };
    pair p;
    open_pair(&p, &site, &clients);
    pair_works(&p);
    tlsc_stream_conn(p.client)->outcome.extended_master_secret = false; /* as if */
    expect_nothing(tlsc_stream_conn(p.client), 16, "label", TLSC_E_UNSUPPORTED);
    close_pair(&p, &site, &clients);
}

/* ---- early ---- */

static tlsc_err always_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    (void)ctx;
    (void)id;
    (void)until_ms;
    *first = true;
    return TLSC_OK;
}

static void early_material_is_the_same_where_early_data_is_taken(void **state)
{
    (void)state;
    tlsc_replay_guard guard = { sizeof(guard), NULL, always_first };
    for (int taken = 0; taken < 2; taken++) {
        tls_site site = { .setup = allow_server, .tickets = true, .max_early_data = 100,
                          .guard = &guard, .half_rtt_data = true };
        client_site clients = { .set_up = allow_client };
        pair p;
        uint8_t ours[32];
        uint8_t theirs[32];
        pair_sites_open(&site, &clients);
        pair_make_sessions(&site, &clients);
        tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
        clients.offered = &session;
        clients.num_offered = 1;
        clients.early_data = true;
        clients.key_log_n = site.key_log_n = 0;
        if (!taken) {
            static const uint16_t other[] = { 0x17 }; /* a HelloRetryRequest refuses it */
            tls_site_close(&site);
            site.groups = other;
            site.num_groups = 1;
            assert_ok(tls_site_open(&site));
        }
        pair_open(&p, &site, &clients);
        const tlsc_conn *c = tlsc_stream_conn(p.client);
        const tlsc_conn *s = tlsc_stream_conn(p.server);
        assert_ok(tlsc_conn_export_early(c, ours, 32, "label", TEXT("c")));
        expect_nothing(c, 16, "label", TLSC_E_NOT_READY);
        assert_err(tlsc_conn_export_early(s, theirs, 32, "label", TEXT("c")), TLSC_E_NOT_READY);
        (void)pair_to_server(&p);
        assert_err(tlsc_conn_export_early(s, theirs, 32, "label", TEXT("c")),
                   taken ? TLSC_OK : TLSC_E_NOT_READY);
        if (taken) {
            assert_memory_equal(ours, theirs, 32);
            assert_ok(tlsc_conn_export_early(s, theirs, 32, "label", TEXT("d")));
            assert_memory_not_equal(ours, theirs, 32);
            /* and in half-RTT already what the whole connection will have */
            assert_ok(tlsc_conn_export(s, theirs, 32, "label", nothing, false));
            assert_non_null(strstr(site.key_log, "EARLY_EXPORTER_SECRET "));
        }
        pair_works(&p);
        assert_non_null(strstr(clients.key_log, "EARLY_EXPORTER_SECRET "));
        assert_int_equal(pair_client_info(&p).early_data == TLSC_EARLY_ACCEPTED, taken);
        assert_err(tlsc_conn_export_early(c, ours, 32, "label", TEXT("c")),
                   taken ? TLSC_OK : TLSC_E_NOT_READY);
        assert_ok(tlsc_conn_export(c, ours, 32, "label", nothing, false));
        if (taken) {
            assert_memory_equal(ours, theirs, 32);
        }
        close_pair(&p, &site, &clients);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boringssls_client_has_the_same),
        cmocka_unit_test(boringssls_server_has_the_same),
        cmocka_unit_test(questions_that_have_no_answer),
        cmocka_unit_test(each_label_and_context_has_its_own),
        cmocka_unit_test(without_leave_nothing_is_kept),
        cmocka_unit_test(a_failed_connection_exports_nothing),
        cmocka_unit_test(tls12_needs_extended_master_secret),
        cmocka_unit_test(early_material_is_the_same_where_early_data_is_taken),
    };
    return cmocka_run_group_tests_name("exporter", tests, NULL, NULL);
}
