/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/lookup_test.c: sessions in a store, with BoringSSL's client: put, found, found once, found
 * later, not found. */
#include "unit.h"

#include <string.h>

#include "boring_pair.h"
#include "hand_client.h"
#include "pair.h"
#include "spy_store.h"
#include "wire/enums.h"

typedef struct bench {
    tls_site site;
    spy_store spy;
} bench;

/* in: `stateless`, the tickets stay out of the store. */
static void bench_open_as(bench *b, bool stateless, uint8_t identity)
{
    memset(b, 0, sizeof(*b));
    b->site.tickets = true;
    b->site.stateless = stateless;
    b->site.store = &b->spy.store;
    b->site.min_version = TLSC_TLS12;
    b->site.identity[0] = identity;
    spy_open(&b->spy, &b->site.now_ms);
    assert_ok(tls_site_open(&b->site));
}

static void bench_open(bench *b)
{
    bench_open_as(b, false, 0);
}

static void bench_close(bench *b)
{
    tls_site_close(&b->site);
    spy_close(&b->spy);
}

static tls_client_options client_of(bool tls12)
{
    return (tls_client_options){ .max_tls12 = tls12, .server_name = "alpha.tlsx.test" };
}

static bool has_bytes(tlsc_bytes in, tlsc_bytes what)
{
    for (size_t i = 0; i + what.n <= in.n; i++) {
        if (memcmp(in.p + i, what.p, what.n) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- TLS 1.3 ---- */

static void a_ticket_is_a_key_into_the_store_and_serves_once(void **state)
{
    (void)state;
    bench b;
    tls_client_session *session;
    tls_client_session *next;
    tls_client_options client = client_of(false);
    bench_open(&b);
    assert_false(boring_connect(&b.site, &client, &session));
    assert_int_equal(b.spy.puts, 2);
    assert_int_equal(b.spy.lifetime_s, 3600);
    assert_int_equal(tlsc_memory_store_len(b.spy.memory), 2);
    client.session = session;
    assert_true(boring_connect(&b.site, &client, &next));
    assert_int_equal(b.spy.takes, 1);
    assert_int_equal(tlsc_memory_store_len(b.spy.memory), 2); /* one taken, one put */
    assert_false(boring_connect(&b.site, &client, NULL));     /* the same again */
    assert_int_equal(b.spy.takes, 2);
    client.session = next;
    assert_true(boring_connect(&b.site, &client, NULL));
    assert_int_equal(b.spy.gets, 0);
    tls_client_session_free(session);
    tls_client_session_free(next);
    bench_close(&b);
}

static void the_store_sees_sealed_values(void **state)
{
    (void)state;
    bench b;
    bench_open(&b);
    for (int tls12 = 0; tls12 < 2; tls12++) {
        tls_client_options client = client_of(tls12);
        assert_false(boring_connect(&b.site, &client, NULL));
        tlsc_bytes value = tlsc_buf_bytes(&b.spy.value);
        assert_true(value.n > TLSC_TICKET_NAME_LEN);
        assert_memory_equal(value.p, b.site.keys.keys[0].name, TLSC_TICKET_NAME_LEN);
        assert_false(has_bytes(value, TEXT("alpha.tlsx.test")));
    }
    bench_close(&b);
}

/* ---- TLS 1.2 ---- */

static void a_session_id_serves_until_it_is_too_old(void **state)
{
    (void)state;
    for (int no_tickets = 0; no_tickets < 2; no_tickets++) {
        bench b;
        tls_client_session *session;
        tls_client_options client = client_of(true);
        uint8_t id[32];
        client.no_tickets = no_tickets;
        bench_open(&b);
        assert_false(boring_connect(&b.site, &client, &session));
        assert_int_equal(tls_client_session_id(session, id), 32);
        assert_int_equal(b.spy.puts, 1);
        client.session = session;
        for (int i = 0; i < 3; i++) {
            assert_true(boring_connect(&b.site, &client, NULL));
        }
        assert_int_equal(b.spy.puts, 1);
        assert_int_equal(b.spy.gets, 3);
        assert_int_equal(b.spy.takes, 0);
        b.site.now_ms += 3600 * INT64_C(1000);
        b.site.keys.keys[0].until_ms += 3600 * INT64_C(1000);
        assert_false(boring_connect(&b.site, &client, NULL));
        tls_client_session_free(session);
        bench_close(&b);
    }
}

static void who_gets_a_ticket_gets_no_session_id(void **state)
{
    (void)state;
    bench b;
    tls_client_session *session;
    tls_client_options client = client_of(true);
    bench_open_as(&b, true, 0);
    assert_false(boring_connect(&b.site, &client, &session));
    assert_int_equal(b.spy.puts, 0);
    client.session = session;
    assert_true(boring_connect(&b.site, &client, NULL));
    assert_int_equal(b.spy.gets, 0);
    tls_client_session_free(session);

    /* TLS 1.3's tickets stay out of it, too */
    client = client_of(false);
    assert_false(boring_connect(&b.site, &client, &session));
    client.session = session;
    assert_true(boring_connect(&b.site, &client, NULL));
    assert_int_equal(b.spy.puts + b.spy.takes, 0);
    tls_client_session_free(session);

    /* and who wants no ticket gets an id, which is good for who would like a ticket next time */
    client = client_of(true);
    client.no_tickets = true;
    assert_false(boring_connect(&b.site, &client, &session));
    assert_int_equal(b.spy.puts, 1);
    client.session = session;
    client.no_tickets = false;
    assert_true(boring_connect(&b.site, &client, NULL));
    assert_int_equal(b.spy.gets, 1);
    tls_client_session_free(session);
    bench_close(&b);
}

/* What a ServerHello of TLS 1.2 echoes: its session id. */
static tlsc_bytes hello_for(bench *b, tlsc_stream **server, tlsc_bytes id, tlsc_bytes extra)
{
    hand_client c;
    hand_hello hello = { .session_id = id,
                         .suites = BYTES(0xc0, 0x2b),
                         .groups = BYTES(0, 0x1d, 0, 0x17),
                         .no_versions = true,
                         .no_key_share = true,
                         .no_psk_modes = true,
                         .server_name = TEXT("alpha.tlsx.test"),
                         .extra = extra };
    tlsc_buf record = tlsc_buf_of(TLSC_MAX_RECORD);
    tlsc_bytes out;
    hand_open(&c, b->site.provider, 0);
    hand_make_hello(&c, &hello);
    hand_plain(&record, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&c.hello));
    hand_close(&c);
    assert_ok(tls_server_new(&b->site, server));
    assert_ok(tls_server_feed(&b->site, *server, record.p, record.n));
    tlsc_buf_clear(&record);
    assert_ok(tlsc_stream_output(*server, &out));
    enum { ID_AT = 5 + 4 + 2 + 32 };
    assert_true(out.n > ID_AT + 1 + 32);
    return tlsc_bytes_of(out.p + ID_AT + 1, out.p[ID_AT]);
}

/* extended_master_secret, then session_ticket with two bytes that are no ticket: RFC 5077 3.4 */
static void with_a_ticket_there_the_session_id_is_not_looked_at(void **state)
{
    (void)state;
    bench b;
    tls_client_session *session;
    tls_client_options client = client_of(true);
    tlsc_stream *server;
    uint8_t id[32];
    client.no_tickets = true;
    for (int stateless = 0; stateless < 2; stateless++) {
        bench_open_as(&b, stateless, 0);
        assert_false(boring_connect(&b.site, &client, &session));
        tlsc_bytes sent = tlsc_bytes_of(id, tls_client_session_id(session, id));
        tlsc_bytes echoed = hello_for(&b, &server, sent, BYTES(0, 23, 0, 0));
        assert_bytes_equal(echoed, sent);
        assert_int_equal(b.spy.gets, 1);
        tlsc_stream_free(server);
        echoed = hello_for(&b, &server, sent, BYTES(0, 23, 0, 0, 0, 35, 0, 2, 1, 2));
        assert_false(tlsc_bytes_equal(echoed, sent));
        assert_int_equal(echoed.n, stateless ? 0 : 32); /* a ticket comes, or a new id */
        assert_int_equal(b.spy.gets, 1);
        tlsc_stream_free(server);
        tls_client_session_free(session);
        bench_close(&b);
    }
}

/* Nobody can have a session thrown away by naming its id, which goes over the wire in the clear, as a
 * ticket; and ids that we can't have given aren't looked up. */
static void keys_of_one_version_are_no_keys_of_the_other(void **state)
{
    (void)state;
    bench b;
    tls_client_session *session;
    tls_client_options client = client_of(true);
    tlsc_stream *server;
    uint8_t id[32];
    client.no_tickets = true;
    bench_open(&b);
    assert_false(boring_connect(&b.site, &client, &session));
    assert_int_equal(tls_client_session_id(session, id), 32);
    assert_int_equal(id[0] & 1, 1);
    tls_client_session_free(session);

    static const tlsc_secret psk = { .n = 32 };
    hand_client c;
    hand_hello hello = { .ticket = tlsc_bytes_of(id, 32), .psk = &psk };
    tlsc_buf record = tlsc_buf_of(TLSC_MAX_RECORD);
    for (int i = 0; i < 2; i++) {
        hand_open(&c, b.site.provider, 0);
        hand_make_hello(&c, &hello);
        hand_plain(&record, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&c.hello));
        assert_ok(tls_server_new(&b.site, &server));
        assert_ok(tls_server_feed(&b.site, server, record.p, record.n));
        assert_int_equal(b.spy.takes, i); /* the second could be one */
        assert_int_equal(tlsc_memory_store_len(b.spy.memory), 1);
        tlsc_stream_free(server);
        hand_close(&c);
        tlsc_buf_clear(&record);
        id[0] &= 0xfe;
    }
    (void)hello_for(&b, &server, tlsc_bytes_of(id, 32), BYTES(0, 23, 0, 0));
    tlsc_stream_free(server);
    (void)hello_for(&b, &server, tlsc_bytes_of(id, 31), BYTES(0, 23, 0, 0));
    tlsc_stream_free(server);
    assert_int_equal(b.spy.gets, 0);
    bench_close(&b);
}

/* ---- what is not found ---- */

static void a_session_of_another_identity_or_too_old_or_under_another_key_is_none(void **state)
{
    (void)state;
    for (int what = 0; what < 6; what++) {
        bench b;
        bench other;
        tls_client_session *session;
        tls_client_options client = client_of(what % 2);
        bench_open(&b);
        bench_open_as(&other, false, 1);
        assert_false(boring_connect(&b.site, &client, &session));
        client.session = session;
        switch (what / 2) {
        case 0: /* one store, one ring, two virtual hosts */
            other.site.keys = b.site.keys;
            b.spy.inner.ctx = b.spy.memory;
            other.spy.inner = b.spy.inner;
            assert_false(boring_connect(&other.site, &client, NULL));
            break;
        case 1:
            b.site.now_ms += 3600 * INT64_C(1000);
            b.site.keys.keys[0].until_ms += 3600 * INT64_C(1000);
            assert_false(boring_connect(&b.site, &client, NULL));
            break;
        default:
            b.site.keys.keys[0].key[0] ^= 1;
            assert_false(boring_connect(&b.site, &client, NULL));
            break;
        }
        tls_client_session_free(session);
        bench_close(&b);
        bench_close(&other);
    }
}

static void a_store_that_fails_costs_a_full_handshake(void **state)
{
    (void)state;
    for (int tls12 = 0; tls12 < 2; tls12++) {
        bench b;
        tls_client_session *session;
        tls_client_options client = client_of(tls12);
        bench_open(&b);
        assert_false(boring_connect(&b.site, &client, &session));
        client.session = session;
        b.spy.look_up_fails = TLSC_E_INTERNAL;
        assert_false(boring_connect(&b.site, &client, NULL));
        b.spy.look_up_fails = TLSC_OK;
        assert_true(boring_connect(&b.site, &client, NULL));
        tls_client_session_free(session);

        /* what couldn't be kept: TLS 1.3 gives no ticket, TLS 1.2's id isn't found */
        b.spy.put_fails = TLSC_E_NO_MEMORY;
        client.session = NULL;
        assert_false(boring_connect(&b.site, &client, &session));
        assert_int_equal(session != NULL, tls12);
        if (tls12) {
            client.session = session;
            assert_false(boring_connect(&b.site, &client, NULL));
        }
        tls_client_session_free(session);
        bench_close(&b);
    }
}

static void without_a_ticket_key_nothing_is_stored(void **state)
{
    (void)state;
    for (int tls12 = 0; tls12 < 2; tls12++) {
        bench b;
        tls_client_options client = client_of(tls12);
        bench_open(&b);
        b.site.keys.num = 0;
        assert_false(boring_connect(&b.site, &client, NULL));
        assert_int_equal(b.spy.puts, 0);
        bench_close(&b);
    }
}

/* ---- later ---- */

enum { RIGHT, NOTHING, GARBAGE, ANSWERS };

/* Goes to the pause, where the store said "later", and answers. */
static void answer_later(bench *b, boring_pair *p, int tls12, int answer)
{
    uint8_t value[TLSC_STORE_VALUE_MAX + 1];
    tlsc_bytes key;
    bool take = !tls12;
    tlsc_opened opened;
    (void)boring_handshake(p);
    assert_ok(p->error);
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_SESSION);
    assert_ok(tlsc_conn_session_request(p->conn, &key, &take));
    assert_int_equal(key.n, 32);
    assert_int_equal(take, !tls12);
    memset(value, 7, sizeof(value));
    assert_err(tlsc_conn_answer_session(p->conn, tlsc_bytes_of(value, sizeof(value)), &opened),
               TLSC_E_USAGE);
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_SESSION);
    size_t n = spy_look_up(&b->spy, key, take, value, sizeof(value));
    assert_true(n > 0);
    n = answer == NOTHING ? 0 : n;
    value[n > 0 ? n - 1 : 0] ^= answer == GARBAGE ? 1 : 0;
    assert_ok(tlsc_conn_answer_session(p->conn, tlsc_bytes_of(value, n), &opened));
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_MESSAGE);
    assert_err(tlsc_conn_session_request(p->conn, &key, &take), TLSC_E_USAGE);
    assert_err(tlsc_conn_answer_session(p->conn, key, &opened), TLSC_E_USAGE);
}

static void a_store_may_answer_later(void **state)
{
    (void)state;
    for (int tls12 = 0; tls12 < 2; tls12++) {
        for (int answer = RIGHT; answer < ANSWERS; answer++) {
            bench b;
            boring_pair p;
            tls_client_session *session;
            tls_client_options client = client_of(tls12);
            bench_open(&b);
            assert_false(boring_connect(&b.site, &client, &session));
            client.session = session;
            b.spy.later = true;
            boring_open(&p, &b.site, &client);
            answer_later(&b, &p, tls12, answer);
            boring_works(&p);
            assert_int_equal(tls_client_resumed(p.client), answer == RIGHT);
            assert_int_equal(b.spy.takes + b.spy.gets, 1);
            boring_close(&p);
            tls_client_session_free(session);
            bench_close(&b);
        }
    }
}

/* ---- with our own client ---- */

static bool offer(tls_site *site, client_site *clients, const tlsc_bytes *session)
{
    pair p;
    clients->offered = session;
    clients->num_offered = 1;
    pair_open(&p, site, clients);
    pair_works(&p);
    bool resumed = pair_server_info(&p).resumed;
    assert_int_equal(pair_client_info(&p).resumed, resumed);
    pair_close(&p);
    return resumed;
}

static void our_own_client_resumes_from_a_store(void **state)
{
    (void)state;
    for (int tls12 = 0; tls12 < 2; tls12++) {
        spy_store spy;
        tls_site site = { .tickets = true, .store = &spy.store, .min_version = TLSC_TLS12 };
        client_site clients = { .max_version = tls12 ? TLSC_TLS12 : 0 };
        spy_open(&spy, &site.now_ms);
        pair_sites_open(&site, &clients);
        pair_make_sessions(&site, &clients);
        assert_int_equal(spy.puts, tls12 ? 1 : 2);
        assert_true(clients.num_sessions > 0);
        tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
        assert_true(offer(&site, &clients, &session));
        assert_int_equal(offer(&site, &clients, &session), tls12); /* a ticket serves once */
        assert_int_equal(spy.takes, tls12 ? 0 : 2);
        assert_int_equal(spy.gets, tls12 ? 2 : 0);
        pair_sites_close(&site, &clients);
        spy_close(&spy);
    }
}

/* ---- the application's own bytes ---- */

static void what_the_application_puts_into_a_session_comes_back(void **state)
{
    (void)state;
    static uint8_t large[16385];
    memset(large, 0x5a, sizeof(large));
    for (int way = 0; way < 4; way++) { /* both versions, with and without a store */
        bench b;
        boring_pair p;
        tls_client_options client = client_of(way % 2);
        bench_open(&b);
        if (way / 2) {
            tls_site_close(&b.site);
            b.site.store = NULL;
            assert_ok(tls_site_open(&b.site));
        }
        boring_open(&p, &b.site, &client);
        assert_ok(tlsc_conn_set_session_application(p.conn, TEXT("first")));
        assert_err(tlsc_conn_set_session_application(p.conn,
                                                     tlsc_bytes_of(large, sizeof(large))),
                   TLSC_E_USAGE);
        assert_ok(tlsc_conn_set_session_application(p.conn, tlsc_bytes_of(large, 16384)));
        boring_works(&p);
        assert_int_equal(boring_info(&p).session_application.n, 0);
        assert_int_equal(boring_info(&p).session_issued_ms, 0);
        tls_client_session *session = tls_client_session_get(p.client);
        boring_close(&p);
        int64_t issued_ms = b.site.now_ms;
        b.site.now_ms += 5000;
        client.session = session;
        boring_open(&p, &b.site, &client);
        boring_works(&p);
        assert_true(tls_client_resumed(p.client));
        tlsc_info info = boring_info(&p);
        assert_bytes_equal(info.session_application, tlsc_bytes_of(large, 16384));
        assert_int_equal(info.session_issued_ms, issued_ms);
        boring_close(&p);
        tls_client_session_free(session);
        bench_close(&b);
    }
}

/* ---- memory ---- */

/* Only the server's allocations count: BoringSSL's client has an allocator of its own. */
static void every_allocation_of_a_resumption_may_fail(void **state)
{
    (void)state;
    for (int tls12 = 0; tls12 < 2; tls12++) {
        bool done = false;
        for (uint64_t n = 1; !done; n++) {
            bench b;
            boring_pair p;
            tls_client_session *session;
            tls_client_options client = client_of(tls12);
            tlsc_mem_stats before;
            tlsc_mem_stats after;
            bench_open(&b);
            assert_false(boring_connect(&b.site, &client, &session));
            client.session = session;
            boring_open(&p, &b.site, &client);
            (void)tls_client_handshake(p.client);
            uint8_t hello[4096];
            size_t hello_n = tls_client_take(p.client, hello, sizeof(hello));
            tlsc_mem_get_stats(&before);
            tlsc_mem_fail_at(n, false);
            tlsc_err rc = tls_server_feed(&b.site, p.server, hello, hello_n);
            tlsc_mem_get_stats(&after);
            tlsc_mem_fail_at(0, false);
            assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY || rc == TLSC_E_CRYPTO);
            done = rc == TLSC_OK && after.allocations - before.allocations < n;
            boring_close(&p);
            tls_client_session_free(session);
            bench_close(&b);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_is_a_key_into_the_store_and_serves_once),
        cmocka_unit_test(the_store_sees_sealed_values),
        cmocka_unit_test(a_session_id_serves_until_it_is_too_old),
        cmocka_unit_test(who_gets_a_ticket_gets_no_session_id),
        cmocka_unit_test(with_a_ticket_there_the_session_id_is_not_looked_at),
        cmocka_unit_test(keys_of_one_version_are_no_keys_of_the_other),
        cmocka_unit_test(a_session_of_another_identity_or_too_old_or_under_another_key_is_none),
        cmocka_unit_test(a_store_that_fails_costs_a_full_handshake),
        cmocka_unit_test(without_a_ticket_key_nothing_is_stored),
        cmocka_unit_test(a_store_may_answer_later),
        cmocka_unit_test(our_own_client_resumes_from_a_store),
        cmocka_unit_test(what_the_application_puts_into_a_session_comes_back),
        cmocka_unit_test(every_allocation_of_a_resumption_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
