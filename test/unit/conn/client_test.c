/* SPDX-License-Identifier: Apache-2.0 */
/* conn/client_test.c: what a client connection is given, and what comes to it after the handshake. */
#include "unit.h"

#include "client_place.h"
#include "conn/conn.h"
#include "tls_server.h"
#include "wire/enums.h"

static client_site ordinary;

static int open_site(void **state)
{
    (void)state;
    assert_ok(client_site_open(&ordinary));
    return 0;
}

static int close_site(void **state)
{
    (void)state;
    client_site_close(&ordinary);
    return 0;
}

/* ---- the beginning ---- */

static void the_options_are_complete_and_fit(void **state)
{
    (void)state;
    const tlsc_conn_options good = { .size = sizeof(good) };
    const tlsc_client_options client = { .size = sizeof(client), .name = TEXT("a.test") };
    const tlsc_bytes empty_name = { NULL, 0 };
    tlsc_conn *c = NULL;
    assert_ok(tlsc_conn_new_client(&good, ordinary.config, &client, &c));
    tlsc_conn_free(c);
    assert_err(tlsc_conn_new_client(NULL, ordinary.config, &client, &c), TLSC_E_USAGE);
    assert_null(c);
    assert_err(tlsc_conn_new_client(&good, NULL, &client, &c), TLSC_E_USAGE);
    assert_err(tlsc_conn_new_client(&good, ordinary.config, NULL, &c), TLSC_E_USAGE);
    tlsc_conn_options options = good;
    options.size--;
    assert_err(tlsc_conn_new_client(&options, ordinary.config, &client, &c), TLSC_E_USAGE);
    options = good;
    options.max_fragment = 63;
    assert_err(tlsc_conn_new_client(&options, ordinary.config, &client, &c), TLSC_E_USAGE);
    tlsc_client_options wrong = client;
    wrong.size++;
    assert_err(tlsc_conn_new_client(&good, ordinary.config, &wrong, &c), TLSC_E_USAGE);
    wrong = client;
    wrong.num_sessions = 5;
    assert_err(tlsc_conn_new_client(&good, ordinary.config, &wrong, &c), TLSC_E_USAGE);
    wrong = client;
    wrong.alpn = &empty_name;
    wrong.num_alpn = 1;
    assert_err(tlsc_conn_new_client(&good, ordinary.config, &wrong, &c), TLSC_E_USAGE);
    wrong = client;
    wrong.name = TEXT("not a name");
    assert_err(tlsc_conn_new_client(&good, ordinary.config, &wrong, &c), TLSC_E_BAD_NAME);
    assert_null(c);
}

/* A server's configuration is none for a client, nor is another provider's. */
static void the_configuration_is_a_clients(void **state)
{
    (void)state;
    const tlsc_client_options client = { .size = sizeof(client) };
    tlsc_provider other = *tlsc_provider_default();
    tlsc_conn_options options = { .size = sizeof(options), .provider = &other };
    tlsc_credential *credential;
    const tlsc_config *servers;
    tlsc_conn *c;
    assert_err(tlsc_conn_new_client(&options, ordinary.config, &client, &c), TLSC_E_USAGE);
    options.provider = NULL;
    tlsc_config_builder *b = tlsc_config_builder_new(tlsc_provider_default());
    assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &credential));
    assert_ok(tlsc_config_add_credential(b, credential));
    assert_ok(tlsc_config_build(b, &servers));
    assert_err(tlsc_conn_new_client(&options, servers, &client, &c), TLSC_E_USAGE);
    tlsc_config_free(servers);
    tlsc_credential_free(credential);
    tlsc_config_builder_free(b);
}

/* What is asked of servers alone has no answer. */
static void servers_questions_are_refused(void **state)
{
    (void)state;
    placed_client p;
    tlsc_opened opened;
    const tlsc_bytes nothing = { NULL, 0 };
    client_place_open(&p, &ordinary, CLIENT_AT_SERVER_HELLO);
    assert_null(tlsc_conn_hello(p.conn));
    assert_err(tlsc_conn_answer_config(p.conn, ordinary.config, nothing, NULL, &opened),
               TLSC_E_USAGE);
    assert_err(tlsc_conn_answer_ticket(p.conn, nothing, &opened), TLSC_E_USAGE);
    tlsc_conn_send_tickets(p.conn);
    client_place_works(&p);
    assert_null(tlsc_conn_hello(p.conn));
    tlsc_conn_send_tickets(p.conn);
    assert_false(tlsc_conn_has_output(p.conn));
    assert_true(tlsc_conn_request_certificate(p.conn) != TLSC_OK);
    client_place_close(&p);
}

static void no_data_without_early_data_before_the_end(void **state)
{
    (void)state;
    for (client_place at = CLIENT_AT_SERVER_HELLO; at < CLIENT_AT_TRAFFIC; at++) {
        placed_client p;
        tlsc_plan plan;
        client_place_open(&p, &ordinary, at);
        assert_int_equal(tlsc_conn_early_data_left(p.conn), 0);
        assert_err(tlsc_conn_plan(p.conn, 1, &plan), TLSC_E_NOT_READY);
        assert_ok(tlsc_conn_plan(p.conn, 0, &plan));
        assert_err(tlsc_conn_update_keys(p.conn, false), TLSC_E_NOT_READY);
        client_place_close(&p);
    }
    ordinary.decides_later = false;
}

/* ---- limits ---- */

static void a_servers_messages_have_their_limit(void **state)
{
    (void)state;
    static const struct {
        uint32_t limit; /* 0: the default */
        uint8_t header[4];
        bool fits;
    } rows[] = {
        { 0, { TLSC_HS_CERTIFICATE, 4, 0, 0 }, true },
        { 0, { TLSC_HS_CERTIFICATE, 4, 0, 1 }, false },
        { 1000, { TLSC_HS_CERTIFICATE, 0, 0x03, 0xe8 }, true },
        { 1000, { TLSC_HS_CERTIFICATE, 0, 0x03, 0xe9 }, false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_site clients = { .max_handshake_message = rows[i].limit };
        placed_client p;
        assert_ok(client_site_open(&clients));
        client_place_open(&p, &clients, CLIENT_AT_REQUEST_OR_CERTIFICATE);
        hand13_say_record(&p.server, TLSC_CT_HANDSHAKE, tlsc_bytes_of(rows[i].header, 4));
        assert_err(client_place_to_client(&p), rows[i].fits ? TLSC_OK : TLSC_E_MESSAGE_TOO_LONG);
        client_place_close(&p);
        client_site_close(&clients);
    }
}

static void what_comes_after_the_handshake_has_its_limit(void **state)
{
    (void)state;
    placed_client p;
    client_place_open(&p, &ordinary, CLIENT_AT_TRAFFIC);
    hand13_say_record(&p.server, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_NEW_SESSION_TICKET, 2, 0, 1));
    assert_err(client_place_to_client(&p), TLSC_E_MESSAGE_TOO_LONG);
    client_place_failed(&p, TLSC_E_MESSAGE_TOO_LONG, NULL);
    client_place_close(&p);
}

/* ---- after the handshake ---- */

static void key_updates_go_both_ways(void **state)
{
    (void)state;
    placed_client p;
    tlsc_bytes content;
    tlsc_info info;
    client_place_open(&p, &ordinary, CLIENT_AT_TRAFFIC);
    hand13_say_record(&p.server, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 1));
    assert_ok(tlsc_protect13_update(&p.server.wr));
    assert_ok(client_place_to_client(&p));
    client_place_to_server(&p);
    assert_int_equal(hand13_take_next(&p.server, &content), TLSC_CT_HANDSHAKE);
    assert_bytes_equal(content, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 0));
    assert_ok(tlsc_protect13_update(&p.server.rd));
    client_place_works(&p);
    tlsc_conn_info(p.conn, &info);
    assert_int_equal(info.key_updates_received, 1);
    assert_int_equal(info.key_updates_sent, 1);
    client_place_close(&p);
}

/* A message that isn't whole is followed by its rest and nothing else. RFC 8446 5.1 */
static void a_ticket_in_pieces_is_not_interrupted(void **state)
{
    (void)state;
    static const uint8_t ticket[] = { TLSC_HS_NEW_SESSION_TICKET, 0, 0, 14, 0, 0, 0, 60, 1, 2, 3, 4, 0,
                                      0, 1, 7, 0, 0 };
    placed_client p;
    size_t given = ordinary.num_sessions;
    client_place_open(&p, &ordinary, CLIENT_AT_TRAFFIC);
    for (size_t i = 0; i < sizeof(ticket); i++) {
        assert_int_equal(ordinary.num_sessions, given);
        hand13_say_record(&p.server, TLSC_CT_HANDSHAKE, tlsc_bytes_of(ticket + i, 1));
        assert_ok(client_place_to_client(&p));
    }
    assert_int_equal(ordinary.num_sessions, given + 1);
    client_place_works(&p);
    hand13_say_record(&p.server, TLSC_CT_HANDSHAKE, tlsc_bytes_of(ticket, 10));
    hand13_say_record(&p.server, TLSC_CT_APPLICATION_DATA, TEXT("now"));
    assert_err(client_place_to_client(&p), TLSC_E_INTERLEAVED_MESSAGE);
    client_place_failed(&p, TLSC_E_INTERLEAVED_MESSAGE, NULL);
    client_place_close(&p);
}

/* Tickets and their end are told in one record, whatever order. */
static void two_messages_in_one_record(void **state)
{
    (void)state;
    placed_client p;
    size_t given = ordinary.num_sessions;
    client_place_open(&p, &ordinary, CLIENT_AT_TRAFFIC);
    hand13_say_record(&p.server, TLSC_CT_HANDSHAKE,
                      BYTES(TLSC_HS_NEW_SESSION_TICKET, 0, 0, 14, 0, 0, 0, 60, 1, 2, 3, 4, 0, 0, 1,
                            7, 0, 0, TLSC_HS_NEW_SESSION_TICKET, 0, 0, 14, 0, 0, 0, 60, 1, 2, 3, 4,
                            0, 0, 1, 8, 0, 0));
    assert_ok(client_place_to_client(&p));
    assert_int_equal(ordinary.num_sessions, given + 2);
    client_place_works(&p);
    client_place_close(&p);
    /* a KeyUpdate ends its record */
    client_place_open(&p, &ordinary, CLIENT_AT_TRAFFIC);
    hand13_say_record(&p.server, TLSC_CT_HANDSHAKE,
                      BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 0, TLSC_HS_KEY_UPDATE, 0, 0, 1, 0));
    assert_err(client_place_to_client(&p), TLSC_E_KEY_CHANGE_IN_RECORD);
    client_place_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_options_are_complete_and_fit),
        cmocka_unit_test(the_configuration_is_a_clients),
        cmocka_unit_test(servers_questions_are_refused),
        cmocka_unit_test(no_data_without_early_data_before_the_end),
        cmocka_unit_test(a_servers_messages_have_their_limit),
        cmocka_unit_test(what_comes_after_the_handshake_has_its_limit),
        cmocka_unit_test(key_updates_go_both_ways),
        cmocka_unit_test(a_ticket_in_pieces_is_not_interrupted),
        cmocka_unit_test(two_messages_in_one_record),
    };
    return cmocka_run_group_tests_name("client", tests, open_site, close_site);
}
