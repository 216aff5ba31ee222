/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client_offer_test.c: what stands in a ClientHello: shares, PSKs with their binders, and what
 * the configuration says. */
#include "unit.h"

#include <string.h>

#include "client_place.h"
#include "handshake/hs.h"
#include "keys/session.h"
#include "wire/enums.h"

/* ---- key shares ---- */

static void expect_shares(client_site *clients, uint16_t first, uint16_t second)
{
    placed_client p;
    uint16_t got[3] = { 0 };
    size_t num = 0;
    tlsc_key_share share;
    assert_ok(client_site_open(clients));
    client_place_open(&p, clients, CLIENT_AT_SERVER_HELLO);
    tlsc_rd shares = tlsc_rd_of(p.server.hello.key_shares);
    while (tlsc_key_share_next(&shares, &share)) {
        assert_true(num < 2);
        got[num++] = share.group;
    }
    assert_int_equal(got[0], first);
    assert_int_equal(got[1], second);
    client_place_close(&p);
    client_site_close(clients);
}

static void the_first_hello_has_one_share_or_two(void **state)
{
    (void)state;
    static const uint16_t hybrid_first[] = { 0x11ec, 0x0017, 0x001d };
    static const uint16_t hybrid_alone[] = { 0x11ec, 0x0017 };
    static const uint16_t classical[] = { 0x001d, 0x11ec, 0x0017 };
    static const uint16_t just_one[] = { 0x0017 };
    static const uint16_t pure[] = { 0x0202, 0x11ec, 0x0018, 0x0017 };
    const struct {
        const uint16_t *groups;
        size_t num_groups;
        unsigned num_shares;
        uint16_t hint;
        uint16_t first;
        uint16_t second;
    } rows[] = {
        { NULL, 0, 0, 0, 0x11ec, 0x001d },
        { hybrid_first, 3, 0, 0, 0x11ec, 0x001d },
        { hybrid_first, 3, 1, 0, 0x11ec, 0 },
        { hybrid_first, 3, 2, 0, 0x11ec, 0x001d },
        { hybrid_alone, 2, 0, 0, 0x11ec, 0 },
        { hybrid_alone, 2, 2, 0, 0x11ec, 0x0017 },
        { classical, 3, 0, 0, 0x001d, 0 },
        { classical, 3, 2, 0, 0x001d, 0x0017 },
        { classical, 3, 0, 0x11ec, 0x001d, 0x11ec },
        { classical, 3, 0, 0x0017, 0x0017, 0 },
        { classical, 3, 2, 0x0017, 0x001d, 0x0017 },
        { classical, 3, 0, 0x0018, 0x001d, 0 }, /* a hint at what isn't enabled */
        { just_one, 1, 2, 0, 0x0017, 0 },
        { pure, 4, 0, 0, 0x0202, 0x0018 },
        { pure, 4, 1, 0, 0x0202, 0 },
        { pure, 2, 0, 0, 0x0202, 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_site clients = { .groups = rows[i].groups,
                                .num_groups = rows[i].num_groups,
                                .num_key_shares = rows[i].num_shares,
                                .group_hint = rows[i].hint };
        expect_shares(&clients, rows[i].first, rows[i].second);
    }
}

static const uint16_t *named;
static size_t num_named;

static tlsc_err names_shares(tlsc_config_builder *b)
{
    return tlsc_config_set_key_share_groups(b, named, num_named);
}

/* Exactly those named have one, in the order of the groups (RFC 8446 4.2.8), but for a hint. */
static void the_caller_may_name_the_groups_with_shares(void **state)
{
    (void)state;
    static const uint16_t groups[] = { 0x001d, 0x11ec, 0x0017, 0x0018 };
    const struct {
        uint16_t names[4];
        size_t num;
        uint16_t hint;
        uint16_t expected[4];
    } rows[] = { { { 0x0017 }, 1, 0, { 0x0017 } },
                 { { 0x0017, 0x11ec }, 2, 0, { 0x11ec, 0x0017 } },
                 { { 0x0018, 0x0017, 0x11ec, 0x001d }, 4, 0, { 0x001d, 0x11ec, 0x0017, 0x0018 } },
                 { { 0 }, 0, 0, { 0 } },
                 { { 0x0017, 0x11ec }, 2, 0x0018, { 0x0018 } },
                 { { 0x0017 }, 1, 0x11ec, { 0x001d, 0x11ec } } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        client_site clients = { .groups = groups, .num_groups = 4, .set_up = names_shares,
                                .group_hint = rows[i].hint };
        placed_client p;
        tlsc_key_share share;
        size_t num = 0;
        named = rows[i].names;
        num_named = rows[i].num;
        assert_ok(client_site_open(&clients));
        client_place_open(&p, &clients, CLIENT_AT_SERVER_HELLO);
        assert_true(tlsc_exts_has(&p.server.hello.exts, TLSC_EXT_key_share));
        tlsc_rd shares = tlsc_rd_of(p.server.hello.key_shares);
        while (tlsc_key_share_next(&shares, &share)) {
            assert_true(num < 4);
            assert_int_equal(share.group, rows[i].expected[num++]);
        }
        assert_int_equal(num < 4 ? rows[i].expected[num] : 0, 0);
        client_place_close(&p);
        client_site_close(&clients);
    }
}

/* RFC 7507 4: behind all suites, where the caller says so. */
static void a_fallback_is_said(void **state)
{
    (void)state;
    for (int fallback = 0; fallback < 2; fallback++) {
        client_site clients = { .fallback = fallback != 0 };
        placed_client p;
        assert_ok(client_site_open(&clients));
        client_place_open(&p, &clients, CLIENT_AT_SERVER_HELLO);
        tlsc_bytes suites = p.server.hello.cipher_suites;
        assert_int_equal(tlsc_u16_list_has(suites, TLSC_SCSV_FALLBACK), fallback);
        assert_int_equal(suites.p[suites.n - 2] == 0x56 && suites.p[suites.n - 1] == 0, fallback);
        client_place_close(&p);
        client_site_close(&clients);
    }
}

/* ---- PSKs ---- */

static tlsc_buf session_of(const client_site *clients, uint16_t suite, uint8_t secret, int64_t age_ms)
{
    tlsc_buf encoded = tlsc_buf_of(1 << 12);
    tlsc_session s = {
        .version = TLSC_TLS13,
        .suite = suite,
        .secret = { .b = { secret }, .n = suite == 0x1302 ? 48 : 32 },
        .server_name = TEXT("a.test"),
        .issued_ms = clients->now_ms - age_ms,
        .age_add = 0xfffffff0,
        .lifetime_s = 60,
        .peer_authenticated = true,
        .ticket = tlsc_bytes_of(&secret, 1),
    };
    memcpy(s.identity, clients->config->identity, sizeof(s.identity));
    assert_ok(tlsc_session_emit(&encoded, &s));
    return encoded;
}

/* As a server does it: the binder's Finished over the hello up to the binders, behind `before`. */
static void expect_binder(const hand_server13 *s, size_t index, uint16_t suite, uint8_t secret,
                          tlsc_bytes before)
{
    const tlsc_hash *hash = tlsc_provider_suite(s->provider, suite)->hash;
    tlsc_secret psk = { .b = { secret }, .n = hash->len };
    tlsc_bytes body = tlsc_bytes_of(s->hello_memory + 4, s->hello_n - 4);
    size_t covered = 4 + tlsc_client_hello_truncated_len(&s->hello, body);
    uint8_t digest[TLSC_HASH_MAX];
    uint8_t expected[TLSC_HASH_MAX];
    _Alignas(16) uint8_t running[TLSC_HASH_STATE_MAX];
    tlsc_schedule13 schedule = { 0 };
    tlsc_secret key;
    tlsc_bytes binder = { NULL, 0 };
    hash->init(running);
    hash->update(running, before);
    hash->update(running, tlsc_bytes_of(s->hello_memory, covered));
    hash->final(running, digest);
    assert_ok(tlsc_schedule13_early(&schedule, hash, tlsc_secret_bytes(&psk)));
    assert_ok(tlsc_schedule13_derive(&schedule, TLSC_LABEL_RESUMPTION_BINDER, NULL, &key));
    assert_ok(tlsc_finished13(hash, &key, digest, expected));
    tlsc_rd r = tlsc_rd_of(s->hello.psk_binders);
    for (size_t i = 0; i <= index; i++) {
        assert_true(tlsc_psk_binder_next(&r, &binder));
    }
    assert_bytes_equal(binder, tlsc_bytes_of(expected, hash->len));
}

static const uint16_t psk_suites[] = { 0x1302, 0x1301, 0x1303 };

typedef struct three {
    client_site clients;
    tlsc_buf sessions[3];
    tlsc_bytes offered[3];
} three;

static void open_three(three *t)
{
    memset(t, 0, sizeof(*t));
    assert_ok(client_site_open(&t->clients));
    for (size_t i = 0; i < 3; i++) {
        t->sessions[i] = session_of(&t->clients, psk_suites[i], (uint8_t)(i + 1), 100 * (int64_t)i);
        t->offered[i] = tlsc_buf_bytes(&t->sessions[i]);
    }
    t->clients.offered = t->offered;
    t->clients.num_offered = 3;
}

static void close_three(three *t)
{
    for (size_t i = 0; i < 3; i++) {
        tlsc_buf_clear(&t->sessions[i]);
    }
    client_site_close(&t->clients);
}

static void each_psk_has_its_own_binder_and_age(void **state)
{
    (void)state;
    three t;
    placed_client p;
    tlsc_psk_identity identity;
    open_three(&t);
    client_place_open(&p, &t.clients, CLIENT_AT_SERVER_HELLO);
    tlsc_rd r = tlsc_rd_of(p.server.hello.psk_identities);
    for (size_t i = 0; i < 3; i++) {
        assert_true(tlsc_psk_identity_next(&r, &identity));
        assert_bytes_equal(identity.identity, BYTES((uint8_t)(i + 1)));
        assert_int_equal(identity.obfuscated_ticket_age, (uint32_t)(0xfffffff0 + (i > 0 ? 100 * i - 1 : 0)));
        expect_binder(&p.server, i, psk_suites[i], (uint8_t)(i + 1), TEXT(""));
    }
    assert_false(tlsc_psk_identity_next(&r, &identity));
    client_place_close(&p);
    close_three(&t);
}

/* Any of them may be taken, with any suite of its hash. */
static void the_server_takes_which_it_likes(void **state)
{
    (void)state;
    const struct {
        uint16_t suite;
        uint16_t index;
        tlsc_err error;
    } rows[] = { { 0x1302, 0, TLSC_OK },           { 0x1301, 1, TLSC_OK },
                 { 0x1303, 1, TLSC_OK },           { 0x1301, 2, TLSC_OK },
                 { 0x1303, 2, TLSC_OK },           { 0x1301, 0, TLSC_E_WRONG_PSK },
                 { 0x1302, 1, TLSC_E_WRONG_PSK },  { 0x1301, 3, TLSC_E_WRONG_PSK },
                 { 0x1301, 65535, TLSC_E_WRONG_PSK } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        three t;
        placed_client p = { 0 };
        tlsc_info info;
        open_three(&t);
        p.clients = &t.clients;
        hand13_open(&p.server, t.clients.provider, "p256", rows[i].suite, 0);
        assert_ok(client_new(&t.clients, &p.stream));
        p.conn = tlsc_stream_conn(p.stream);
        p.server.psk = (tlsc_secret){ .b = { (uint8_t)(rows[i].index + 1) },
                                      .n = p.server.suite->hash->len };
        client_place_to_server(&p);
        hand13_take_hello(&p.server);
        hand_server_hello hello = { .has_psk = true, .psk_index = rows[i].index };
        hand13_say_hello(&p.server, &hello);
        if (rows[i].error == TLSC_OK) {
            hand13_say_extensions(&p.server, TEXT(""));
            p.at = CLIENT_AT_FINISHED;
            client_place_works(&p);
            tlsc_conn_info(p.conn, &info);
            assert_true(info.resumed && info.peer_authenticated);
            assert_int_equal(info.session_issued_ms, t.clients.now_ms - 100 * rows[i].index);
            assert_int_equal(t.clients.verified, 0);
        } else {
            assert_err(client_place_to_client(&p), rows[i].error);
        }
        client_place_close(&p);
        close_three(&t);
    }
}

/* In a resumed handshake nobody shows or asks for a certificate. */
static void a_resumed_handshake_has_no_certificates(void **state)
{
    (void)state;
    static const uint8_t types[] = { TLSC_HS_CERTIFICATE, TLSC_HS_CERTIFICATE_REQUEST,
                                     TLSC_HS_CERTIFICATE_VERIFY };
    for (size_t i = 0; i < 3; i++) {
        three t;
        placed_client p = { 0 };
        open_three(&t);
        p.clients = &t.clients;
        hand13_open(&p.server, t.clients.provider, "p256", 0, 0);
        assert_ok(client_new(&t.clients, &p.stream));
        p.conn = tlsc_stream_conn(p.stream);
        p.server.psk = (tlsc_secret){ .b = { 2 }, .n = 32 };
        client_place_to_server(&p);
        hand13_take_hello(&p.server);
        hand13_say_hello(&p.server, &(hand_server_hello){ .has_psk = true, .psk_index = 1 });
        hand13_say_extensions(&p.server, TEXT(""));
        hand13_say(&p.server, types[i], TEXT(""));
        assert_err(client_place_to_client(&p), TLSC_E_UNEXPECTED_MESSAGE);
        client_place_failed(&p, TLSC_E_UNEXPECTED_MESSAGE, "client13: expect Finished");
        client_place_close(&p);
        close_three(&t);
    }
}

/* After a retry only PSKs of the suite's hash are left, bound to both hellos. RFC 8446 4.1.4 */
static void a_retry_leaves_psks_of_its_hash(void **state)
{
    (void)state;
    three t;
    placed_client p;
    tlsc_psk_identity identity;
    uint8_t folded[4 + 32 + 256] = { TLSC_HS_MESSAGE_HASH, 0, 0, 32 };
    open_three(&t);
    client_place_open(&p, &t.clients, CLIENT_AT_SERVER_HELLO);
    _Alignas(16) uint8_t running[TLSC_HASH_STATE_MAX];
    p.server.suite->hash->init(running);
    p.server.suite->hash->update(running, tlsc_bytes_of(p.server.hello_memory, p.server.hello_n));
    p.server.suite->hash->final(running, folded + 4);
    hand_server_hello retry = { .retry = true, .group = 0x0018 };
    tlsc_buf message = tlsc_buf_of(1 << 12);
    hand13_make_hello(&p.server, &retry, &message);
    assert_true(message.n <= 256);
    memcpy(folded + 36, message.p, message.n);
    hand13_say_hello(&p.server, &retry);
    t.clients.now_ms += 5; /* a little later */
    assert_ok(client_place_to_client(&p));
    client_place_to_server(&p);
    hand13_take_hello(&p.server);
    tlsc_rd r = tlsc_rd_of(p.server.hello.psk_identities);
    for (size_t i = 0; i < 2; i++) {
        assert_true(tlsc_psk_identity_next(&r, &identity));
        assert_bytes_equal(identity.identity, BYTES((uint8_t)(i + 2)));
        assert_int_equal(identity.obfuscated_ticket_age,
                         (uint32_t)(0xfffffff0 + 100 * (i + 1) + 4));
        expect_binder(&p.server, i, psk_suites[i + 1], (uint8_t)(i + 2),
                      tlsc_bytes_of(folded, 36 + message.n));
    }
    assert_false(tlsc_psk_identity_next(&r, &identity));
    tlsc_buf_clear(&message);
    client_place_close(&p);
    close_three(&t);
}

/* ---- the rest ---- */

static tlsc_err set_much(tlsc_config_builder *b)
{
    static const uint16_t certificate_schemes[] = { TLSC_SIG_ED25519 };
    static const uint8_t types[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 };
    tlsc_config_request_ocsp(b, true);
    tlsc_config_request_scts(b, true);
    tlsc_err rc = tlsc_config_request_tickets(b, 3, 1);
    rc = rc != TLSC_OK ? rc : tlsc_config_set_certificate_schemes(b, certificate_schemes, 1);
    return rc != TLSC_OK ? rc : tlsc_config_set_peer_certificate_types(b, types, 2);
}

static void the_configuration_says_what_is_asked_for(void **state)
{
    (void)state;
    client_site plain = { .alpn = "h2,http/1.1" };
    client_site asking = { .set_up = set_much };
    placed_client p;
    assert_ok(client_site_open(&plain));
    assert_ok(client_site_open(&asking));
    client_place_open(&p, &plain, CLIENT_AT_SERVER_HELLO);
    const tlsc_client_hello *ch = &p.server.hello;
    assert_bytes_equal(ch->alpn, TEXT("\x02h2\x08http/1.1"));
    assert_bytes_equal(ch->versions, BYTES(3, 4, 3, 3));
    assert_bytes_equal(ch->server_name, TEXT("a.test"));
    assert_int_equal(ch->session_id.n, 32);
    assert_false(ch->ocsp || ch->scts);
    assert_false(tlsc_exts_has(&ch->exts, TLSC_EXT_server_certificate_type));
    assert_false(tlsc_exts_has(&ch->exts, TLSC_EXT_client_certificate_type));
    assert_false(tlsc_exts_has(&ch->exts, TLSC_EXT_ticket_request));
    assert_false(tlsc_exts_has(&ch->exts, TLSC_EXT_signature_algorithms_cert));
    assert_true(tlsc_exts_has(&ch->exts, TLSC_EXT_extended_master_secret));
    client_place_close(&p);
    client_place_open(&p, &asking, CLIENT_AT_SERVER_HELLO);
    ch = &p.server.hello;
    assert_true(ch->ocsp && ch->scts);
    assert_bytes_equal(ch->server_types, BYTES(2, 0));
    assert_bytes_equal(ch->signature_algorithms_cert, BYTES(8, 7));
    assert_int_equal(ch->tickets_after_full, 3);
    assert_int_equal(ch->tickets_after_resumed, 1);
    client_place_close(&p);
    client_site_close(&plain);
    client_site_close(&asking);
}

/* Old servers look at the record's version of the very first record. */
static void the_first_record_says_tls10(void **state)
{
    (void)state;
    client_site clients = { 0 };
    tlsc_stream *stream;
    tlsc_bytes out;
    assert_ok(client_site_open(&clients));
    assert_ok(client_new(&clients, &stream));
    assert_ok(tlsc_stream_output(stream, &out));
    assert_bytes_equal(tlsc_bytes_of(out.p, 3), BYTES(22, 3, 1));
    tlsc_stream_free(stream);
    client_site_close(&clients);
}

static void addresses_are_not_server_names(void **state)
{
    (void)state;
    static const char *const names[] = { "192.0.2.1", "::1", "", "A.TEST." };
    for (size_t i = 0; i < 4; i++) {
        client_site clients = { .name = names[i] };
        placed_client p;
        assert_ok(client_site_open(&clients));
        client_place_open(&p, &clients, CLIENT_AT_TRAFFIC);
        assert_bytes_equal(p.server.hello.server_name, i == 3 ? TEXT("a.test") : TEXT(""));
        assert_string_equal(clients.verified_name, i == 3 ? "a.test" : names[i]);
        client_place_close(&p);
        client_site_close(&clients);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_hello_has_one_share_or_two),
        cmocka_unit_test(the_caller_may_name_the_groups_with_shares),
        cmocka_unit_test(a_fallback_is_said),
        cmocka_unit_test(each_psk_has_its_own_binder_and_age),
        cmocka_unit_test(the_server_takes_which_it_likes),
        cmocka_unit_test(a_resumed_handshake_has_no_certificates),
        cmocka_unit_test(a_retry_leaves_psks_of_its_hash),
        cmocka_unit_test(the_configuration_says_what_is_asked_for),
        cmocka_unit_test(the_first_record_says_tls10),
        cmocka_unit_test(addresses_are_not_server_names),
    };
    return cmocka_run_group_tests_name("client_offer", tests, NULL, NULL);
}
