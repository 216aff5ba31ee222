/* SPDX-License-Identifier: Apache-2.0 */
/* conn/padding_test.c: what is sent in TLS 1.3 tells less by its length (conn/traffic.c,
 * record/layer.c). */
#include <string.h>

#include "asking.h"
#include "conn/conn.h"
#include "pair.h"
#include "unit.h"

static uint16_t block;
static uint16_t min;
static uint16_t limit;

static tlsc_err set_server(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    return tlsc_config_set_padding(b, block, min);
}

static tlsc_err set_client(tlsc_config_builder *b)
{
    tlsc_err rc = tlsc_config_set_record_size_limit(b, limit);
    return rc == TLSC_OK ? tlsc_config_set_padding(b, block, min) : rc;
}

/* Looks at every protected record of TLS 1.3 in what a side has to say: content and padding are as
 * the policy wants, or as long as they may be. Returns how many there are. */
static unsigned check_lengths(tlsc_stream *from, size_t most)
{
    tlsc_bytes out;
    unsigned num = 0;
    assert_ok(tlsc_stream_output(from, &out));
    for (size_t at = 0; at < out.n;) {
        size_t n = (size_t)(out.p[at + 3] << 8 | out.p[at + 4]);
        if (out.p[at] == 23) {
            size_t padded = n - 16 - 1;
            assert_true(padded <= most);
            assert_true(padded == most || (padded >= min && (block < 2 || padded % block == 0)));
            num++;
        }
        at += 5 + n;
    }
    return num;
}

static void says(tlsc_stream *from, pair *p, tlsc_stream *to, size_t n, size_t most)
{
    static uint8_t data[20000];
    static uint8_t got[20000];
    memset(data, 'x', n);
    assert_ok(tlsc_stream_write(from, data, n));
    assert_true(check_lengths(from, most) >= 1);
    pair_pump(p);
    assert_ok(p->client_error);
    assert_ok(p->server_error);
    assert_int_equal(tlsc_stream_read(to, got, sizeof(got)), n);
    assert_memory_equal(got, data, n);
}

static void every_record_is_padded(void **state)
{
    (void)state;
    static const struct {
        uint16_t block;
        uint16_t min;
        uint16_t limit; /* the client's */
    } rows[] = { { 256, 0, 0 }, { 0, 500, 0 }, { 1, 100, 0 },   { 4096, 5000, 0 }, { 16384, 0, 0 },
                 { 7, 0, 0 },   { 0, 0, 0 },   { 256, 0, 1001 }, { 300, 0, 65 },   { 0, 16384, 0 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tls_site site = { .setup = set_server, .tickets = true };
        client_site clients = { .set_up = set_client };
        pair p;
        block = rows[i].block;
        min = rows[i].min;
        limit = rows[i].limit;
        size_t most = limit > 0 ? limit - 1u : 16384;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        (void)pair_to_server(&p);
        assert_true(check_lengths(p.server, most) >= 1); /* the server's flight */
        (void)pair_to_client(&p);
        assert_true(check_lengths(p.client, 16384) >= 1);
        pair_works(&p);
        static const size_t lens[] = { 1, 255, 256, 257, 999, 1000, 1001, 16383, 16384, 16385, 20000 };
        for (size_t k = 0; k < sizeof(lens) / sizeof(lens[0]); k++) {
            says(p.server, &p, p.client, lens[k], most);
            says(p.client, &p, p.server, lens[k], 16384);
        }
        assert_ok(tlsc_conn_close(tlsc_stream_conn(p.server))); /* an alert, too */
        assert_int_equal(check_lengths(p.server, most), 1);
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

static void tls12_has_none(void **state)
{
    (void)state;
    tls_site site = { .setup = set_server };
    client_site clients = { .set_up = set_client, .max_version = TLSC_TLS12 };
    pair p;
    tlsc_plan plan;
    block = 4096;
    min = limit = 0;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    assert_ok(tlsc_conn_plan(tlsc_stream_conn(p.client), 1, &plan));
    assert_int_equal(tlsc_plan_padding(&plan, 1), 0);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

/* A batch in place: data of each record at its offset, the padding's bytes filled in. */
static void a_batch_lies_as_its_plan_says(void **state)
{
    (void)state;
    tls_site site = { .setup = set_server };
    client_site clients = { .set_up = set_client };
    static uint8_t buf[4096];
    const size_t lens[] = { 1, 100, 101 };
    pair p;
    tlsc_plan plan;
    tlsc_plan stale;
    size_t n;
    block = 100;
    min = limit = 0;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    tlsc_conn *c = tlsc_stream_conn(p.client);
    assert_ok(tlsc_conn_plan(c, 3, &plan));
    size_t size = tlsc_plan_size(&plan, lens, 3);
    assert_int_equal(size, 3 * (5 + 17) + 100 + 100 + 200);
    memset(buf, 0xa5, sizeof(buf));
    for (size_t k = 0; k < 3; k++) {
        memset(buf + tlsc_plan_offset(&plan, lens, k), 'a' + (int)k, lens[k]);
    }
    assert_err(tlsc_conn_seal(c, &plan, buf, size - 1, lens, 3, &n), TLSC_E_TOO_SMALL);
    stale = plan;
    stale.pad_block = 0;
    assert_err(tlsc_conn_seal(c, &stale, buf, sizeof(buf), lens, 3, &n), TLSC_E_USAGE);
    assert_ok(tlsc_conn_seal(c, &plan, buf, size, lens, 3, &n));
    assert_int_equal(n, size);
    assert_int_equal(buf[size], 0xa5);
    assert_ok(tls_server_feed(&site, p.server, buf, n));
    char got[256];
    assert_int_equal(tlsc_stream_read(p.server, (uint8_t *)got, sizeof(got)), 202);
    assert_int_equal(got[0], 'a');
    assert_int_equal(got[1], 'b');
    assert_int_equal(got[101], 'c');
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

/* Padding doesn't count as early data. */
static tlsc_err always_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    (void)ctx;
    (void)id;
    (void)until_ms;
    *first = true;
    return TLSC_OK;
}

static void early_data_is_padded_too(void **state)
{
    (void)state;
    static const tlsc_replay_guard guard = { sizeof(guard), NULL, always_first };
    tls_site site = { .setup = set_server, .tickets = true, .max_early_data = 10, .guard = &guard };
    client_site clients = { .set_up = set_client };
    pair p;
    block = 1000;
    min = limit = 0;
    pair_sites_open(&site, &clients);
    pair_make_sessions(&site, &clients);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &session;
    clients.num_offered = 1;
    clients.early_data = true;
    pair_open(&p, &site, &clients);
    assert_ok(tlsc_stream_write(p.client, (const uint8_t *)"early data", 10));
    assert_int_equal(check_lengths(p.client, 16384), 1);
    pair_pump(&p);
    assert_int_equal(pair_client_info(&p).early_data, TLSC_EARLY_ACCEPTED);
    assert_int_equal(pair_client_info(&p).early_data_sent, 10);
    uint8_t got[32];
    assert_int_equal(tlsc_stream_read(p.server, got, sizeof(got)), 10);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_padded),
        cmocka_unit_test(tls12_has_none),
        cmocka_unit_test(a_batch_lies_as_its_plan_says),
        cmocka_unit_test(early_data_is_padded_too),
    };
    return cmocka_run_group_tests_name("padding", tests, NULL, NULL);
}
