/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/grease_test.c: GREASE and shuffled extensions in a client's hellos, GREASE in a server's
 * tickets (handshake/client_offer.c, post13.c), and both roles towards who sends some. */
#include <string.h>

#include "asking.h"
#include "boring_link.h"
#include "client_place.h"
#include "handshake/client.h"
#include "pair.h"
#include "unit.h"
#include "wire/enums.h"

static bool greases;
static bool shuffles;

static tlsc_err set_up(tlsc_config_builder *b)
{
    tlsc_config_set_grease(b, greases);
    return tlsc_config_shuffle_extensions(b, shuffles);
}

static tlsc_err server_greases(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    tlsc_config_set_grease(b, true);
    return TLSC_OK;
}

static bool is_grease(uint16_t v)
{
    return (v & 0x0f0f) == 0x0a0a && v >> 8 == (v & 0xff);
}

static bool first_is_grease(tlsc_bytes list)
{
    uint16_t v = 0;
    return tlsc_u16_list_at(list, 0, &v) && is_grease(v);
}

/* The code points of a hello's extensions. */
static size_t codes_of(const tlsc_client_hello *ch, uint16_t *codes)
{
    size_t num = 0;
    tlsc_rd r = tlsc_rd_of(ch->exts.raw);
    while (tlsc_rd_more(&r)) {
        codes[num++] = tlsc_rd_u16(&r);
        (void)tlsc_rd_vec16(&r, 0, 65535);
    }
    return num;
}

static void a_client_says_what_means_nothing(void **state)
{
    (void)state;
    for (int on = 0; on < 2; on++) {
        client_site clients = { .set_up = set_up };
        placed_client p;
        uint16_t codes[64];
        tlsc_key_share share;
        greases = on != 0;
        shuffles = false;
        assert_ok(client_site_open(&clients));
        client_place_open(&p, &clients, CLIENT_AT_SERVER_HELLO);
        const tlsc_client_hello *ch = &p.server.hello;
        assert_int_equal(first_is_grease(ch->cipher_suites), greases);
        assert_int_equal(first_is_grease(ch->groups), greases);
        assert_int_equal(first_is_grease(ch->versions), greases);
        tlsc_rd shares = tlsc_rd_of(ch->key_shares);
        assert_true(tlsc_key_share_next(&shares, &share));
        assert_int_equal(is_grease(share.group), greases);
        if (greases) {
            uint16_t group = 0;
            assert_true(tlsc_u16_list_at(ch->groups, 0, &group));
            assert_int_equal(share.group, group);
            assert_int_equal(share.key_exchange.n, 1);
        }
        size_t num = codes_of(ch, codes);
        assert_int_equal(is_grease(codes[0]), greases);
        assert_int_equal(is_grease(codes[num - 2]), greases); /* key_share is last */
        client_place_close(&p);
        client_site_close(&clients);
    }
}

/* With both, in every combination, everything works as without, retries and sessions too. */
static void connections_work_with_it(void **state)
{
    (void)state;
    static const uint16_t p384[] = { 0x18 };
    boring_site *boring = boring_site_new(&(boring_site_options){ 0 });
    boring_site *retry = boring_site_new(&(boring_site_options){ .groups = "P-384" });
    for (int i = 1; i < 4; i++) {
        greases = (i & 1) != 0;
        shuffles = (i & 2) != 0;
        for (int k = 0; k < 4; k++) {
            bool tls12 = k == 1;
            tls_site site = { .setup = server_greases, .tickets = true,
                              .groups = p384, .num_groups = k == 2 };
            client_site clients = { .set_up = set_up, .max_version = tls12 ? TLSC_TLS12 : 0,
                                    .alpn = k == 3 ? "h2" : NULL };
            pair p;
            pair_sites_open(&site, &clients);
            pair_open(&p, &site, &clients);
            pair_works(&p);
            assert_int_equal(pair_client_info(&p).hello_retry, k == 2);
            pair_close(&p);
            tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
            clients.offered = &session;
            clients.num_offered = 1;
            pair_open(&p, &site, &clients);
            pair_works(&p);
            assert_true(pair_client_info(&p).resumed);
            pair_close(&p);
            clients.num_offered = 0;
            boring_link l;
            link_open(&l, &clients, k == 2 ? retry : boring);
            link_works(&l);
            assert_int_equal(link_info(&l).hello_retry, k == 2);
            link_close(&l);
            pair_sites_close(&site, &clients);
        }
    }
    boring_site_free(boring);
    boring_site_free(retry);
}

static void both_hellos_have_the_same_order_and_values(void **state)
{
    (void)state;
    client_site clients = { .set_up = set_up, .alpn = "h2" };
    unsigned moved = 0;
    greases = shuffles = true;
    assert_ok(client_site_open(&clients));
    for (int i = 0; i < 20; i++) {
        placed_client p;
        uint16_t before[64];
        uint16_t after[64];
        client_place_open(&p, &clients, CLIENT_AT_SERVER_HELLO);
        size_t num = codes_of(&p.server.hello, before);
        assert_int_equal(before[num - 1], TLSC_EXTCODE_key_share);
        moved += before[1] != TLSC_EXTCODE_server_name;
        uint16_t suite = 0;
        assert_true(tlsc_u16_list_at(p.server.hello.cipher_suites, 0, &suite));
        hand13_say_hello(&p.server, &(hand_server_hello){ .retry = true, .group = 0x18 });
        assert_ok(client_place_to_client(&p));
        client_place_to_server(&p);
        tlsc_bytes content;
        assert_int_equal(hand13_take_record(&p.server, &content), TLSC_CT_CHANGE_CIPHER_SPEC);
        hand13_take_hello(&p.server);
        uint16_t again = 0;
        assert_true(tlsc_u16_list_at(p.server.hello.cipher_suites, 0, &again));
        assert_int_equal(again, suite);
        assert_int_equal(codes_of(&p.server.hello, after), num);
        assert_memory_equal(after, before, num * sizeof(after[0]));
        tlsc_key_share share;
        tlsc_rd shares = tlsc_rd_of(p.server.hello.key_shares);
        assert_true(tlsc_key_share_next(&shares, &share)); /* the one asked for, alone */
        assert_int_equal(share.group, 0x18);
        assert_false(tlsc_rd_more(&shares));
        client_place_close(&p);
    }
    assert_true(moved > 10);
    client_site_close(&clients);
}

/* It means nothing: who takes it for something is refused. */
static void a_server_that_chooses_it_is_refused(void **state)
{
    (void)state;
    client_site clients = { .set_up = set_up };
    placed_client p;
    greases = true;
    shuffles = false;
    assert_ok(client_site_open(&clients));
    for (int i = 0; i < 4; i++) {
        client_place_open(&p, &clients, i == 3 ? CLIENT_AT_EXTENSIONS : CLIENT_AT_SERVER_HELLO);
        uint16_t suite = 0;
        uint16_t group = 0;
        uint16_t version = 0;
        uint16_t codes[64];
        (void)codes_of(&p.server.hello, codes);
        assert_true(tlsc_u16_list_at(p.server.hello.cipher_suites, 0, &suite));
        assert_true(tlsc_u16_list_at(p.server.hello.groups, 0, &group));
        assert_true(tlsc_u16_list_at(p.server.hello.versions, 0, &version));
        tlsc_err e = TLSC_E_WRONG_SUITE;
        tlsc_buf message = tlsc_buf_of(4096);
        if (i == 0) {
            hand13_make_hello(&p.server, &(hand_server_hello){ .suite = suite }, &message);
        } else if (i == 1) {
            e = TLSC_E_HRR_WRONG_GROUP;
            hand13_make_hello(&p.server, &(hand_server_hello){ .retry = true, .group = group },
                              &message);
        } else if (i == 2) {
            e = TLSC_E_WRONG_VERSION;
            hand13_make_hello(&p.server, &(hand_server_hello){ .version = version }, &message);
        } else {
            e = TLSC_E_UNSOLICITED_EXTENSION;
            uint8_t byte = (uint8_t)codes[0];
            hand13_say_extensions(&p.server, BYTES(byte, byte, 0, 0));
        }
        if (message.n > 0) {
            hand13_say_plain(&p.server, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
        }
        assert_err(client_place_to_client(&p), e);
        client_place_failed(&p, e, NULL);
        tlsc_buf_clear(&message);
        client_place_close(&p);
    }
    client_site_close(&clients);
}

/* RFC 8701 4: servers may say it too. */
static void a_client_passes_over_what_servers_say(void **state)
{
    (void)state;
    client_site clients = { 0 };
    placed_client p;
    assert_ok(client_site_open(&clients));
    client_place_open(&p, &clients, CLIENT_AT_REQUEST_OR_CERTIFICATE);
    /* CertificateRequest: no context, GREASE among the schemes, and as extensions */
    hand13_say(&p.server, TLSC_HS_CERTIFICATE_REQUEST,
               BYTES(0, 0, 18, 0x3a, 0x3a, 0, 0, 0, 13, 0, 6, 0, 4, 0x1a, 0x1a, 4, 3, 0xfa, 0xfa,
                     0, 0));
    assert_ok(client_place_to_client(&p));
    client_place_close(&p);
    client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
    hand13_say_ticket(&p.server, 60, TEXT("n"), TEXT("ticket"), BYTES(0x5a, 0x5a, 0, 1, 0));
    assert_ok(client_place_to_client(&p));
    assert_int_equal(clients.num_sessions, 1);
    client_place_close(&p);
    client_site_close(&clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_says_what_means_nothing),
        cmocka_unit_test(connections_work_with_it),
        cmocka_unit_test(both_hellos_have_the_same_order_and_values),
        cmocka_unit_test(a_server_that_chooses_it_is_refused),
        cmocka_unit_test(a_client_passes_over_what_servers_say),
    };
    return cmocka_run_group_tests_name("grease_in_handshakes", tests, NULL, NULL);
}
