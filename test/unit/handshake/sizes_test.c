/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/sizes_test.c: how long records may be: agreed on, kept to, and enforced. */
#include "handshake/sizes.h"

#include <string.h>

#include "asking.h"
#include "client_place.h"
#include "conn/conn.h"
#include "hand_client12.h"
#include "hand_peer.h"
#include "hand_server12.h"
#include "pair.h"
#include "unit.h"

enum { DATA = 5000 };

static uint16_t server_limit;
static uint16_t client_limit;
static uint16_t client_fragment;

static tlsc_err set_server(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    return tlsc_config_set_record_size_limit(b, server_limit);
}

static tlsc_err set_client(tlsc_config_builder *b)
{
    tlsc_err rc = tlsc_config_set_max_fragment_length(b, client_fragment);
    return rc == TLSC_OK ? tlsc_config_set_record_size_limit(b, client_limit) : rc;
}

/* ---- agreed on ---- */

/* The longest protected record of TLS 1.2 and 1.3 in what a side has to say: bytes of content. */
static size_t longest_content(tlsc_stream *from, bool tls12)
{
    tlsc_bytes out;
    size_t most = 0;
    assert_ok(tlsc_stream_output(from, &out));
    for (size_t at = 0; at < out.n;) {
        size_t n = (size_t)(out.p[at + 3] << 8 | out.p[at + 4]);
        size_t content = n - (tls12 ? 8 + 16 : 1 + 16);
        most = content > most ? content : most;
        at += 5 + n;
    }
    return most;
}

/* Data of many records goes both ways, in records that are as long as they may be and no longer. */
static void exchange(pair *p, bool tls12, size_t client_sends, size_t server_sends)
{
    static uint8_t data[DATA];
    static uint8_t got[DATA];
    tlsc_stream *sides[] = { p->client, p->server };
    size_t limits[] = { client_sends, server_sends };
    for (size_t i = 0; i < 2; i++) {
        memset(data, 'a' + (int)i, DATA);
        assert_ok(tlsc_stream_write(sides[i], data, DATA));
        assert_int_equal(longest_content(sides[i], tls12), limits[i] < DATA ? limits[i] : DATA);
        pair_pump(p);
        assert_ok(p->client_error);
        assert_ok(p->server_error);
        assert_int_equal(tlsc_stream_read(sides[1 - i], got, DATA), DATA);
        assert_memory_equal(got, data, DATA);
    }
}

static void each_side_says_what_it_takes(void **state)
{
    (void)state;
    static const struct {
        uint16_t server;
        uint16_t client;
        uint16_t fragment;
        size_t client_sends; /* in TLS 1.2; by a limit a byte less in TLS 1.3 */
        size_t server_sends;
    } rows[] = {
        { 16385, 0, 0, 16384, 16384 }, /* the client doesn't speak of it */
        { 0, 600, 0, 16384, 16384 },   /* the server doesn't */
        { 16385, 600, 0, 16384, 600 }, { 64, 16385, 0, 64, 16384 },
        { 1000, 600, 0, 1000, 600 },   { 16385, 0, 512, 512, 512 },
        { 16385, 0, 4096, 4096, 4096 }, { 700, 600, 512, 700, 600 }, /* the limit is preferred */
        { 0, 600, 512, 512, 512 },     /* but this server knows the other alone */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        BOTH_VERSIONS(tls12)
        {
            tls_site site = { .setup = set_server, .tickets = true };
            client_site clients = { .set_up = set_client, .max_version = tls12 ? TLSC_TLS12 : 0 };
            pair p;
            server_limit = rows[i].server;
            client_limit = rows[i].client;
            client_fragment = rows[i].fragment;
            bool by_limit = rows[i].server > 0 && rows[i].client > 0;
            size_t less = by_limit && !tls12 ? 1 : 0;
            size_t client_sends = rows[i].client_sends - (rows[i].client_sends < 16384 ? less : 0);
            size_t server_sends = rows[i].server_sends - (rows[i].server_sends < 16384 ? less : 0);
            pair_sites_open(&site, &clients);
            pair_open(&p, &site, &clients);
            pair_works(&p);
            tlsc_info client = pair_client_info(&p);
            tlsc_info server = pair_server_info(&p);
            assert_int_equal(client.max_record_sent, client_sends);
            assert_int_equal(client.max_record_received, server_sends);
            assert_int_equal(server.max_record_sent, server_sends);
            assert_int_equal(server.max_record_received, client_sends);
            exchange(&p, tls12, client_sends, server_sends);
            pair_close(&p);
            pair_sites_close(&site, &clients);
        }
    }
}

/* What the options say of our own records holds beside it. */
static void our_own_maximum_may_be_less(void **state)
{
    (void)state;
    tls_site site = { .setup = set_server, .max_fragment = 100 };
    client_site clients = { .set_up = set_client, .max_fragment = 2000 };
    pair p;
    server_limit = 1001;
    client_limit = 600;
    client_fragment = 0;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    exchange(&p, false, 1000, 100);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

/* A plan that was made before the answer is stale if it has more in a record. */
static void plans_follow(void **state)
{
    (void)state;
    tls_site site = { .setup = set_server };
    client_site clients = { .set_up = set_client };
    pair p;
    tlsc_plan plan;
    server_limit = 101;
    client_limit = 16385;
    client_fragment = 0;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    tlsc_conn *c = tlsc_stream_conn(p.client);
    assert_ok(tlsc_conn_plan(c, 1, &plan));
    assert_int_equal(plan.max_data, 100);
    uint8_t buf[256] = { 0 };
    size_t lens[] = { 101 };
    size_t n;
    assert_err(tlsc_conn_seal(c, &plan, buf, sizeof(buf), lens, 1, &n), TLSC_E_USAGE);
    lens[0] = 100;
    assert_ok(tlsc_conn_seal(c, &plan, buf, sizeof(buf), lens, 1, &n));
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

/* ---- enforced ---- */

#define LIMIT(n) BYTES(0, 28, 0, 2, (n) >> 8, (n)&0xff)
#define FRAGMENT(code) BYTES(0, 1, 0, 1, code)

/* A server of TLS 1.3 that takes 100 bytes with type and padding. */
static void a_server_counts_type_and_padding(void **state)
{
    (void)state;
    static const uint8_t zeros[128];
    static const struct {
        size_t content;
        size_t padding;
        tlsc_err e;
    } rows[] = { { 99, 0, TLSC_OK },  { 98, 1, TLSC_OK },   { 0, 99, TLSC_OK },
                 { 100, 0, TLSC_E_RECORD_OVERFLOW },        { 99, 1, TLSC_E_RECORD_OVERFLOW },
                 { 0, 100, TLSC_E_RECORD_OVERFLOW } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tls_site site = { .setup = set_server };
        hand_peer p;
        tlsc_buf record = tlsc_buf_of(1 << 10);
        server_limit = 100;
        assert_ok(tls_site_open(&site));
        assert_ok(hand_peer_begin(&p, &site, 0, &(hand_hello){ .extra = LIMIT(16385) }));
        hand_take_flight(&p);
        assert_ok(hand_say_finished(&p));
        hand_seal_padded(&p.client, &record, TLSC_CT_APPLICATION_DATA,
                         tlsc_bytes_of(zeros, rows[i].content), rows[i].padding);
        assert_err(hand_feed(&p, tlsc_buf_bytes(&record)), rows[i].e);
        if (rows[i].e != TLSC_OK) {
            tlsc_failure failure;
            tlsc_conn_error(p.conn, &failure);
            assert_int_equal(failure.alert_sent, TLSC_ALERT_record_overflow);
        }
        tlsc_buf_clear(&record);
        hand_peer_close(&p);
        tls_site_close(&site);
    }
}

/* The limit holds from EncryptedExtensions on: the client's Finished, too, would have to be cut. */
static void it_holds_for_the_handshake(void **state)
{
    (void)state;
    tls_site site = { .setup = set_server };
    hand_peer p;
    server_limit = 64;
    assert_ok(tls_site_open(&site));
    hand_hello hello = { .suites = BYTES(0x13, 2), .extra = LIMIT(64) };
    assert_ok(hand_peer_begin(&p, &site, 0x1302, &hello));
    hand_take_flight(&p); /* whose records are short */
    assert_int_equal(p.conn->rl.max_fragment, 63);
    assert_ok(hand_say_finished(&p)); /* 4 + 48 + 1 bytes just go */
    assert_err(hand_say(&p, TLSC_CT_HANDSHAKE, BYTES(24, 0, 0, 1, 0)), TLSC_OK);
    hand_peer_close(&p);
    tls_site_close(&site);
}

/* In TLS 1.2 a limit is for protected records; a maximum fragment length for all of them. */
static void tls12_is_held_to_it_as_well(void **state)
{
    (void)state;
    static const uint8_t zeros[1024];
    static const struct {
        bool fragment;
        size_t content;
        bool before; /* the keys */
        tlsc_err e;
    } rows[] = { { false, 600, false, TLSC_OK }, { false, 601, false, TLSC_E_RECORD_OVERFLOW },
                 { true, 512, false, TLSC_OK },  { true, 513, false, TLSC_E_RECORD_OVERFLOW },
                 { false, 601, true, TLSC_OK },  { true, 513, true, TLSC_E_RECORD_OVERFLOW } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tls_site site = { .setup = set_server };
        hand_client12 c;
        tlsc_stream *server;
        server_limit = 600;
        assert_ok(tls_site_open(&site));
        assert_ok(tls_server_new(&site, &server));
        client12_open(&c, 0xc02b, 0x001d);
        hand_hello hello = client12_hello(&c);
        static uint8_t extra[64];
        tlsc_bytes more = rows[i].fragment ? FRAGMENT(1) : LIMIT(16384);
        tlsc_bytes_copy(extra, hello.extra);
        tlsc_bytes_copy(extra + hello.extra.n, more);
        hello.extra = tlsc_bytes_of(extra, hello.extra.n + more.n);
        client12_say_hello(&c, &hello);
        assert_ok(client12_give(&c, &site, server));
        assert_int_equal(tlsc_stream_conn(server)->rl.max_fragment, rows[i].fragment ? 512 : 16384);
        client12_take(&c, server);
        if (rows[i].before) { /* the beginning of a long message */
            tlsc_buf message = tlsc_buf_of(1 << 12);
            assert_ok(tlsc_buf_append(&message, BYTES(16, 0, 8, 0)));
            assert_ok(tlsc_buf_append(&message, tlsc_bytes_of(zeros, rows[i].content - 4)));
            client12_say_record(&c, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
            tlsc_buf_clear(&message);
        } else {
            client12_say_key_exchange(&c);
            client12_say_finished(&c);
            assert_ok(client12_give(&c, &site, server));
            client12_take(&c, server);
            client12_say_record(&c, TLSC_CT_APPLICATION_DATA,
                                tlsc_bytes_of(zeros, rows[i].content));
        }
        assert_err(client12_give(&c, &site, server), rows[i].e);
        client12_close(&c);
        tlsc_stream_free(server);
        tls_site_close(&site);
    }
}

static void a_client_holds_its_server_to_it(void **state)
{
    (void)state;
    static const uint8_t zeros[128];
    for (size_t n = 99; n <= 100; n++) {
        client_site clients = { .set_up = set_client };
        placed_client p;
        client_limit = 100;
        client_fragment = 0;
        assert_ok(client_site_open(&clients));
        client_place_open(&p, &clients, CLIENT_AT_EXTENSIONS);
        hand13_say_extensions(&p.server, LIMIT(200));
        hand13_say_certificate(&p.server); /* a long one, cut as it should be by none of ours */
        assert_err(client_place_to_client(&p), TLSC_E_RECORD_OVERFLOW);
        client_place_close(&p);
        /* without that certificate, where data flow */
        client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
        p.conn->rl.max_read = 100;
        p.conn->rl.max_read_counts_all = p.conn->rl.max_read_sealed = true;
        hand13_say_record(&p.server, TLSC_CT_APPLICATION_DATA, tlsc_bytes_of(zeros, n));
        assert_err(client_place_to_client(&p), n == 99 ? TLSC_OK : TLSC_E_RECORD_OVERFLOW);
        client_place_close(&p);
        client_site_close(&clients);
    }
}

/* ---- what makes no sense ---- */

static void a_server_refuses_impossible_offers(void **state)
{
    (void)state;
    const struct {
        uint16_t limit; /* ours */
        tlsc_bytes extra;
        tlsc_err e;
    } rows[] = { { 16385, LIMIT(64), TLSC_OK },
                 { 16385, LIMIT(63), TLSC_E_BAD_RECORD_SIZE },
                 { 16385, LIMIT(0), TLSC_E_BAD_RECORD_SIZE },
                 { 16385, LIMIT(65535), TLSC_OK }, /* a version to come may have longer records */
                 { 0, LIMIT(63), TLSC_OK },        /* not spoken */
                 { 16385, FRAGMENT(1), TLSC_OK },
                 { 16385, FRAGMENT(4), TLSC_OK },
                 { 16385, FRAGMENT(0), TLSC_E_BAD_RECORD_SIZE },
                 { 16385, FRAGMENT(5), TLSC_E_BAD_RECORD_SIZE },
                 { 16385, BYTES(0, 1, 0, 1, 5, 0, 28, 0, 2, 1, 0), TLSC_OK } }; /* passed over */
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tls_site site = { .setup = set_server };
        hand_peer p;
        server_limit = rows[i].limit;
        assert_ok(tls_site_open(&site));
        hand_hello hello = { .extra = rows[i].extra };
        assert_err(hand_peer_begin(&p, &site, 0, &hello), rows[i].e);
        if (rows[i].e != TLSC_OK) {
            tlsc_failure failure;
            tlsc_conn_error(p.conn, &failure);
            assert_int_equal(failure.alert_sent, TLSC_ALERT_illegal_parameter);
        }
        hand_peer_close(&p);
        tls_site_close(&site);
    }
}

static void a_client_refuses_impossible_answers(void **state)
{
    (void)state;
    const struct {
        uint16_t limit; /* what it offers */
        uint16_t fragment;
        tlsc_bytes answer;
        tlsc_err e;
    } rows[] = { { 500, 0, LIMIT(64), TLSC_OK },
                 { 500, 0, LIMIT(63), TLSC_E_BAD_RECORD_SIZE },
                 { 500, 0, LIMIT(65535), TLSC_OK },
                 { 500, 0, FRAGMENT(1), TLSC_E_UNSOLICITED_EXTENSION },
                 { 0, 512, FRAGMENT(1), TLSC_OK },
                 { 0, 512, FRAGMENT(2), TLSC_E_BAD_RECORD_SIZE },
                 { 0, 512, LIMIT(500), TLSC_E_UNSOLICITED_EXTENSION },
                 { 500, 512, FRAGMENT(1), TLSC_OK },
                 { 500, 512, BYTES(0, 28, 0, 2, 1, 0, 0, 1, 0, 1, 1), TLSC_E_BAD_RECORD_SIZE } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_site clients = { .set_up = set_client };
        placed_client p;
        client_limit = rows[i].limit;
        client_fragment = rows[i].fragment;
        assert_ok(client_site_open(&clients));
        client_place_open(&p, &clients, CLIENT_AT_EXTENSIONS);
        hand13_say_extensions(&p.server, rows[i].answer);
        assert_err(client_place_to_client(&p), rows[i].e);
        if (rows[i].e != TLSC_OK) {
            client_place_failed(&p, rows[i].e, NULL);
        }
        client_place_close(&p);
        client_site_close(&clients);
    }
}

static void a_client_of_tls12_does_too(void **state)
{
    (void)state;
    const struct {
        tlsc_record_sizes answer;
        tlsc_err e;
    } rows[] = { { { true, 600, false, 0 }, TLSC_OK },
                 { { true, 63, false, 0 }, TLSC_E_BAD_RECORD_SIZE },
                 { { false, 0, true, 1 }, TLSC_OK },
                 { { false, 0, true, 3 }, TLSC_E_BAD_RECORD_SIZE },
                 { { true, 600, true, 1 }, TLSC_E_BAD_RECORD_SIZE } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_site clients = { .set_up = set_client, .max_version = TLSC_TLS12 };
        hand_server12 s;
        tlsc_stream *client;
        client_limit = 500;
        client_fragment = 512;
        assert_ok(client_site_open(&clients));
        assert_ok(client_new(&clients, &client));
        hand12_open(&s, "p256", 0xc02b, 0x001d);
        hand12_take(&s, client);
        tlsc_server_hello12 sh = hand12_hello(&s);
        sh.sizes = rows[i].answer;
        hand12_say_hello(&s, &sh);
        assert_err(hand12_give(&s, client), rows[i].e);
        hand12_close(&s);
        tlsc_stream_free(client);
        client_site_close(&clients);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_says_what_it_takes),
        cmocka_unit_test(our_own_maximum_may_be_less),
        cmocka_unit_test(plans_follow),
        cmocka_unit_test(a_server_counts_type_and_padding),
        cmocka_unit_test(it_holds_for_the_handshake),
        cmocka_unit_test(tls12_is_held_to_it_as_well),
        cmocka_unit_test(a_client_holds_its_server_to_it),
        cmocka_unit_test(a_server_refuses_impossible_offers),
        cmocka_unit_test(a_client_refuses_impossible_answers),
        cmocka_unit_test(a_client_of_tls12_does_too),
    };
    return cmocka_run_group_tests_name("sizes", tests, NULL, NULL);
}
