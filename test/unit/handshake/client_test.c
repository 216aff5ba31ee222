/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client_test.c: answers to a ClientHello that a client refuses, what it makes of a
 * HelloRetryRequest, and every message in every place of its TLS 1.3 handshake. */
#include "unit.h"

#include <string.h>

#include "client_place.h"
#include "conn/conn.h"
#include "pair.h"
#include "wire/enums.h"
#include "wire/server_hello12.h"

static client_site ordinary;
static client_site only13;

static int open_sites(void **state)
{
    (void)state;
    assert_ok(client_site_open(&ordinary));
    only13.min_version = TLSC_TLS13;
    assert_ok(client_site_open(&only13));
    return 0;
}

static int close_sites(void **state)
{
    (void)state;
    client_site_close(&ordinary);
    client_site_close(&only13);
    return 0;
}

/* ---- every message, everywhere ---- */

/* The types that are legal at a place, a bit each. */
static uint32_t legal(client_place at)
{
    switch (at) {
    case CLIENT_AT_SERVER_HELLO:
    case CLIENT_AT_SECOND_HELLO:
        return TLSC_HS_BIT(SERVER_HELLO);
    case CLIENT_AT_EXTENSIONS:
        return TLSC_HS_BIT(ENCRYPTED_EXTENSIONS);
    case CLIENT_AT_REQUEST_OR_CERTIFICATE:
        return TLSC_HS_BIT(CERTIFICATE_REQUEST) | TLSC_HS_BIT(CERTIFICATE) |
               TLSC_HS_BIT(COMPRESSED_CERTIFICATE);
    case CLIENT_AT_CERTIFICATE:
        return TLSC_HS_BIT(CERTIFICATE) | TLSC_HS_BIT(COMPRESSED_CERTIFICATE);
    case CLIENT_AT_CERTIFICATE_VERIFY:
        return TLSC_HS_BIT(CERTIFICATE_VERIFY);
    case CLIENT_AT_FINISHED:
        return TLSC_HS_BIT(FINISHED);
    case CLIENT_AT_TRAFFIC:
        return TLSC_HS_BIT(NEW_SESSION_TICKET) | TLSC_HS_BIT(KEY_UPDATE);
    default:
        return 0;
    }
}

static void each_message_is_refused_where_another_is_expected(void **state)
{
    (void)state;
    static const uint8_t zeros[32];
    for (client_place at = CLIENT_AT_SERVER_HELLO; at < CLIENT_PLACES; at++) {
        for (unsigned type = 0; at != CLIENT_AT_VERIFY && type < 256; type++) {
            placed_client p;
            tlsc_failure failure;
            if (type < 32 && (legal(at) >> type & 1u) != 0) {
                continue;
            }
            client_place_open(&p, &ordinary, at);
            hand13_say(&p.server, (uint8_t)type, tlsc_bytes_of(zeros, type % 2 == 0 ? 0 : 32));
            assert_err(client_place_to_client(&p), TLSC_E_UNEXPECTED_MESSAGE);
            tlsc_conn_error(p.conn, &failure);
            assert_string_equal(failure.got, tlsc_handshake_name(type));
            client_place_failed(&p, TLSC_E_UNEXPECTED_MESSAGE, NULL);
            client_place_close(&p);
        }
    }
}

static void from_each_place_a_right_server_goes_on(void **state)
{
    (void)state;
    for (client_place at = CLIENT_AT_SERVER_HELLO; at < CLIENT_PLACES; at++) {
        placed_client p;
        client_place_open(&p, &ordinary, at);
        client_place_works(&p);
        client_place_close(&p);
    }
    ordinary.decides_later = false;
}

/* ChangeCipherSpec, of one byte of 1 and in the clear, is nothing until the server's Finished.
 * RFC 8446 5 */
static void change_cipher_spec_is_passed_over_until_finished(void **state)
{
    (void)state;
    for (client_place at = CLIENT_AT_SERVER_HELLO; at < CLIENT_PLACES; at++) {
        placed_client p;
        client_place_open(&p, &ordinary, at);
        hand13_say_plain(&p.server, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
        tlsc_err rc = client_place_to_client(&p);
        if (at == CLIENT_AT_TRAFFIC) {
            assert_err(rc, TLSC_E_UNEXPECTED_CCS);
            client_place_failed(&p, TLSC_E_UNEXPECTED_CCS, NULL);
        } else {
            assert_ok(rc);
            client_place_works(&p);
        }
        client_place_close(&p);
    }
    ordinary.decides_later = false;
}

static void a_change_cipher_spec_of_another_kind_is_refused(void **state)
{
    (void)state;
    for (client_place at = CLIENT_AT_SERVER_HELLO; at < CLIENT_AT_VERIFY; at++) {
        placed_client p;
        client_place_open(&p, &ordinary, at);
        hand13_say_plain(&p.server, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(2));
        assert_err(client_place_to_client(&p), TLSC_E_BAD_CCS);
        client_place_failed(&p, TLSC_E_BAD_CCS, NULL);
        client_place_close(&p);
        client_place_open(&p, &ordinary, at);
        for (int i = 0; i <= TLSC_CCS_MAX; i++) {
            hand13_say_plain(&p.server, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
        }
        assert_err(client_place_to_client(&p), TLSC_E_TOO_MANY_CCS);
        client_place_failed(&p, TLSC_E_TOO_MANY_CCS, NULL);
        client_place_close(&p);
    }
}

/* Application data before Finished, sealed or not. */
static void data_before_finished_is_refused(void **state)
{
    (void)state;
    for (client_place at = CLIENT_AT_SERVER_HELLO; at <= CLIENT_AT_FINISHED; at++) {
        placed_client p;
        if (at == CLIENT_AT_VERIFY) {
            continue;
        }
        client_place_open(&p, &ordinary, at);
        hand13_say_record(&p.server, TLSC_CT_APPLICATION_DATA, TEXT("too early"));
        assert_err(client_place_to_client(&p), TLSC_E_RECORD_TYPE);
        client_place_failed(&p, TLSC_E_RECORD_TYPE, NULL);
        client_place_close(&p);
    }
}

/* Once the server has keys, nothing is believed in the clear. */
static void alerts_in_the_clear_count_before_server_hello_alone(void **state)
{
    (void)state;
    for (client_place at = CLIENT_AT_SERVER_HELLO; at < CLIENT_PLACES; at++) {
        placed_client p;
        if (at == CLIENT_AT_VERIFY) {
            continue;
        }
        client_place_open(&p, &ordinary, at);
        hand13_say_plain(&p.server, TLSC_CT_ALERT, BYTES(2, 40));
        tlsc_err e = at <= CLIENT_AT_SECOND_HELLO ? TLSC_E_PEER_ALERT : TLSC_E_RECORD_TYPE;
        assert_err(client_place_to_client(&p), e);
        client_place_failed(&p, e, NULL);
        client_place_close(&p);
        client_place_open(&p, &ordinary, at);
        hand13_say_record(&p.server, TLSC_CT_ALERT, BYTES(2, 40));
        assert_err(client_place_to_client(&p), TLSC_E_PEER_ALERT);
        client_place_close(&p);
    }
}

static void the_stream_must_not_end_early(void **state)
{
    (void)state;
    for (client_place at = CLIENT_AT_SERVER_HELLO; at < CLIENT_PLACES; at++) {
        placed_client p;
        if (at == CLIENT_AT_VERIFY) {
            continue;
        }
        client_place_open(&p, &ordinary, at);
        hand13_say_record(&p.server, TLSC_CT_ALERT, BYTES(1, 0));
        assert_err(client_place_to_client(&p),
                   at == CLIENT_AT_TRAFFIC ? TLSC_OK : TLSC_E_CLOSED_EARLY);
        client_place_close(&p);
        client_place_open(&p, &ordinary, at);
        assert_err(tlsc_conn_end_of_input(p.conn), TLSC_E_TRUNCATED);
        client_place_close(&p);
    }
}

/* ---- ServerHello ---- */

#define LIST(...)                                                                                  \
    {                                                                                              \
        (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })                 \
    }

static const uint8_t mark12[32] = { [24] = 'D', 'O', 'W', 'N', 'G', 'R', 'D', 1 };
static const uint8_t mark11[32] = { [24] = 'D', 'O', 'W', 'N', 'G', 'R', 'D', 0 };

/* A ServerHello, and why it is refused. */
typedef struct refused {
    hand_server_hello hello;
    tlsc_err error;
    tlsc_alert alert;
    bool only13; /* to a client that speaks nothing else */
} refused;

static void expect_refused(const refused *r, client_place at)
{
    placed_client p;
    client_place_open(&p, r->only13 ? &only13 : &ordinary, at);
    tlsc_buf message = tlsc_buf_of(1 << 16);
    hand13_make_hello(&p.server, &r->hello, &message);
    hand13_say_plain(&p.server, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    assert_err(client_place_to_client(&p), r->error);
    assert_int_equal(tlsc_err_alert(r->error), r->alert);
    client_place_failed(&p, r->error, NULL);
    tlsc_buf_clear(&message);
    client_place_close(&p);
}

static const refused hellos[] = {
    { { .version = 0x0305 }, TLSC_E_WRONG_VERSION, TLSC_ALERT_illegal_parameter, false },
    { { .version = 0x7f1c }, TLSC_E_WRONG_VERSION, TLSC_ALERT_illegal_parameter, false },
    { { .legacy_version = 0x0302, .no_versions = true, .no_key_share = true },
      TLSC_E_SERVER_VERSION,
      TLSC_ALERT_protocol_version,
      false },
    { { .suite = 0xc02f, .no_versions = true, .no_key_share = true },
      TLSC_E_SERVER_VERSION,
      TLSC_ALERT_protocol_version,
      true },
    { { .legacy_version = 0x0304 }, TLSC_E_WRONG_LEGACY_VERSION, TLSC_ALERT_illegal_parameter, false },
    { { .compression = 1 }, TLSC_E_WRONG_COMPRESSION, TLSC_ALERT_illegal_parameter, false },
    { { .other_session_id = true }, TLSC_E_WRONG_SESSION_ID, TLSC_ALERT_illegal_parameter, false },
    { { .no_session_id = true }, TLSC_E_WRONG_SESSION_ID, TLSC_ALERT_illegal_parameter, false },
    { { .suite = 0x1304 }, TLSC_E_WRONG_SUITE, TLSC_ALERT_illegal_parameter, false },
    { { .suite = 0xc02f }, TLSC_E_WRONG_SUITE, TLSC_ALERT_illegal_parameter, false },
    { { .no_key_share = true }, TLSC_E_MISSING_KEY_SHARE, TLSC_ALERT_missing_extension, false },
    { { .group = 0x0018 }, TLSC_E_WRONG_GROUP, TLSC_ALERT_illegal_parameter, false },
    { { .group = 0x0019 }, TLSC_E_WRONG_GROUP, TLSC_ALERT_illegal_parameter, false },
    { { .share = LIST(1, 2, 3) }, TLSC_E_BAD_KEY_SHARE, TLSC_ALERT_illegal_parameter, false },
    { { .share = LIST(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                      0, 0, 0, 0) },
      TLSC_E_BAD_KEY_SHARE,
      TLSC_ALERT_illegal_parameter,
      false },
    { { .has_psk = true }, TLSC_E_UNSOLICITED_EXTENSION, TLSC_ALERT_unsupported_extension, false },
    { { .extra = LIST(0xfa, 0xfa, 0, 0) },
      TLSC_E_UNSOLICITED_EXTENSION,
      TLSC_ALERT_unsupported_extension,
      false },
    { { .extra = LIST(0, 16, 0, 5, 0, 3, 2, 'h', '2') },
      TLSC_E_MISPLACED_EXTENSION,
      TLSC_ALERT_illegal_parameter,
      false },
    { { .cookie = LIST(1) }, TLSC_E_MISPLACED_EXTENSION, TLSC_ALERT_illegal_parameter, false },
    { { .extra = LIST(0, 43, 0, 2, 3, 4) },
      TLSC_E_DUPLICATE_EXTENSION,
      TLSC_ALERT_decode_error,
      false },
    /* TLS 1.2 */
    { { .suite = 0xc02f, .no_versions = true, .no_key_share = true, .random = { mark12, 32 } },
      TLSC_E_DOWNGRADE,
      TLSC_ALERT_illegal_parameter,
      false },
    { { .suite = 0xc02f, .no_versions = true, .no_key_share = true, .random = { mark11, 32 } },
      TLSC_E_DOWNGRADE,
      TLSC_ALERT_illegal_parameter,
      false },
    { { .suite = 0x1301, .no_versions = true, .no_key_share = true },
      TLSC_E_WRONG_SUITE,
      TLSC_ALERT_illegal_parameter,
      false },
    { { .suite = 0xc02f, .no_versions = true, .no_key_share = true, .extra = LIST(0, 28, 0, 2, 64, 0) },
      TLSC_E_UNSOLICITED_EXTENSION,
      TLSC_ALERT_unsupported_extension,
      false },
    { { .suite = 0xc02f, .version = 0x0303, .no_key_share = true },
      TLSC_E_MISPLACED_EXTENSION,
      TLSC_ALERT_illegal_parameter,
      false },
};

static void each_wrong_server_hello_has_its_error_and_alert(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(hellos) / sizeof(hellos[0]); i++) {
        expect_refused(&hellos[i], CLIENT_AT_SERVER_HELLO);
    }
}

/* Our hello said that TLS 1.3 isn't there: then the mark means nothing. */
static void a_client_without_tls13_needs_no_downgrade_mark(void **state)
{
    (void)state;
    client_site clients = { .max_version = TLSC_TLS12 };
    hand_server_hello h = { .suite = 0xc02b, .no_versions = true, .no_key_share = true,
                            .random = { mark12, 32 } };
    placed_client p;
    tlsc_buf message = tlsc_buf_of(1 << 16);
    assert_ok(client_site_open(&clients));
    client_place_open(&p, &clients, CLIENT_AT_SERVER_HELLO);
    assert_int_equal(p.server.hello.session_id.n, 0);
    assert_false(tlsc_exts_has(&p.server.hello.exts, TLSC_EXT_supported_versions));
    hand13_make_hello(&p.server, &h, &message);
    hand13_say_plain(&p.server, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    assert_ok(client_place_to_client(&p));
    tlsc_buf_clear(&message);
    client_place_close(&p);
    client_site_close(&clients);
}

static void a_server_hello_ends_its_record(void **state)
{
    (void)state;
    placed_client p;
    tlsc_buf message = tlsc_buf_of(1 << 16);
    client_place_open(&p, &ordinary, CLIENT_AT_SERVER_HELLO);
    hand13_make_hello(&p.server, &(hand_server_hello){ 0 }, &message);
    assert_ok(tlsc_buf_append(&message, BYTES(8)));
    hand13_say_plain(&p.server, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    assert_err(client_place_to_client(&p), TLSC_E_KEY_CHANGE_IN_RECORD);
    client_place_failed(&p, TLSC_E_KEY_CHANGE_IN_RECORD, NULL);
    tlsc_buf_clear(&message);
    client_place_close(&p);
}

/* ---- HelloRetryRequest ---- */

static void each_wrong_retry_has_its_error_and_alert(void **state)
{
    (void)state;
    const refused rows[] = {
        { { .retry = true, .no_key_share = true },
          TLSC_E_HRR_WITHOUT_CHANGE,
          TLSC_ALERT_illegal_parameter,
          false },
        { { .retry = true, .group = 0x001d }, TLSC_E_HRR_WRONG_GROUP, TLSC_ALERT_illegal_parameter, false },
        { { .retry = true, .group = 0x11ec }, TLSC_E_HRR_WRONG_GROUP, TLSC_ALERT_illegal_parameter, false },
        { { .retry = true, .group = 0x001e }, TLSC_E_HRR_WRONG_GROUP, TLSC_ALERT_illegal_parameter, false },
        { { .retry = true, .group = 0x0018, .suite = 0x1304 },
          TLSC_E_WRONG_SUITE,
          TLSC_ALERT_illegal_parameter,
          false },
        { { .retry = true, .group = 0x0018, .other_session_id = true },
          TLSC_E_WRONG_SESSION_ID,
          TLSC_ALERT_illegal_parameter,
          false },
        { { .retry = true, .group = 0x0018, .extra = LIST(0xfa, 0xfa, 0, 0) },
          TLSC_E_UNSOLICITED_EXTENSION,
          TLSC_ALERT_unsupported_extension,
          false },
        { { .retry = true, .group = 0x0018, .has_psk = true },
          TLSC_E_MISPLACED_EXTENSION,
          TLSC_ALERT_illegal_parameter,
          false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expect_refused(&rows[i], CLIENT_AT_SERVER_HELLO);
    }
}

static void what_follows_a_retry_must_fit_it(void **state)
{
    (void)state;
    const refused rows[] = {
        { { .retry = true, .group = 0x0018 }, TLSC_E_SECOND_HRR, TLSC_ALERT_unexpected_message, false },
        { { .retry = true, .no_key_share = true, .cookie = LIST(1) },
          TLSC_E_SECOND_HRR,
          TLSC_ALERT_unexpected_message,
          false },
        { { .suite = 0x1303 }, TLSC_E_HRR_MISMATCH, TLSC_ALERT_illegal_parameter, false },
        { { .suite = 0xc02f, .no_versions = true, .no_key_share = true },
          TLSC_E_HRR_MISMATCH,
          TLSC_ALERT_illegal_parameter,
          false },
        { { .other_session_id = true }, TLSC_E_WRONG_SESSION_ID, TLSC_ALERT_illegal_parameter, false },
        { { .no_key_share = true }, TLSC_E_MISSING_KEY_SHARE, TLSC_ALERT_missing_extension, false },
        { { .group = 0x0018 }, TLSC_E_WRONG_GROUP, TLSC_ALERT_illegal_parameter, false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        expect_refused(&rows[i], CLIENT_AT_SECOND_HELLO);
    }
}

static unsigned shares_in(const tlsc_client_hello *ch, uint16_t *only)
{
    tlsc_rd shares = tlsc_rd_of(ch->key_shares);
    tlsc_key_share share;
    unsigned num = 0;
    while (tlsc_key_share_next(&shares, &share)) {
        *only = share.group;
        num++;
    }
    return num;
}

/* What changes is what may change: shares and cookie. RFC 8446 4.1.2 */
static void the_second_hello_does_what_the_retry_asks(void **state)
{
    (void)state;
    const hand_server_hello rows[] = {
        { .retry = true, .group = 0x0018 },
        { .retry = true, .group = 0x0017, .cookie = LIST(7, 7, 7) },
        { .retry = true, .no_key_share = true, .cookie = LIST(8) },
    };
    for (size_t i = 0; i < 3; i++) {
        placed_client p;
        uint8_t random[32];
        uint16_t group = 0;
        client_place_open(&p, &ordinary, CLIENT_AT_SERVER_HELLO);
        unsigned num = shares_in(&p.server.hello, &group);
        tlsc_bytes_copy(random, p.server.hello.random);
        size_t suites = p.server.hello.cipher_suites.n;
        hand13_say_hello(&p.server, &rows[i]);
        assert_ok(client_place_to_client(&p));
        client_place_to_server(&p);
        tlsc_bytes content;
        assert_int_equal(hand13_take_record(&p.server, &content), TLSC_CT_CHANGE_CIPHER_SPEC);
        hand13_take_hello(&p.server);
        const tlsc_client_hello *second = &p.server.hello;
        assert_memory_equal(second->random.p, random, 32);
        assert_int_equal(second->cipher_suites.n, suites);
        assert_bytes_equal(second->cookie, rows[i].cookie);
        uint16_t now = 0;
        if (rows[i].no_key_share) {
            assert_int_equal(shares_in(second, &now), num);
            assert_int_equal(now, group);
        } else {
            assert_int_equal(shares_in(second, &now), 1);
            assert_int_equal(now, rows[i].group);
            p.server.group = rows[i].group;
        }
        p.at = CLIENT_AT_SECOND_HELLO;
        client_place_works(&p);
        tlsc_info info;
        tlsc_conn_info(p.conn, &info);
        assert_true(info.hello_retry);
        client_place_close(&p);
    }
}

/* ---- the rest of the flight ---- */

/* A message at a place, and why it is refused. */
typedef struct wrong {
    client_place at;
    uint8_t type;
    tlsc_bytes body;
    tlsc_err error;
    tlsc_alert alert;
} wrong;

static tlsc_err speak_tls12(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    return tlsc_config_set_versions(b, TLSC_TLS12, TLSC_TLS12);
}

/* A session of TLS 1.2 may be offered beside TLS 1.3, and stands in the second hello as in the first: it
 * isn't what may change. RFC 8446 4.1.2 */
static void a_session_of_tls12_outlives_a_retry(void **state)
{
    (void)state;
    tls_site site = { .tickets = true, .setup = speak_tls12 };
    client_site clients = { 0 };
    placed_client p;
    uint8_t ticket[4096];
    pair_sites_open(&site, &clients);
    pair_make_sessions(&site, &clients);
    assert_int_equal(clients.num_sessions, 1);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &session;
    clients.num_offered = 1;
    client_place_open(&p, &clients, CLIENT_AT_SERVER_HELLO);
    size_t n = p.server.hello.session_ticket.n;
    assert_in_range(n, 1, sizeof(ticket));
    tlsc_bytes_copy(ticket, p.server.hello.session_ticket);
    hand13_say_hello(&p.server, &(hand_server_hello){ .retry = true, .group = 0x0018 });
    assert_ok(client_place_to_client(&p));
    client_place_to_server(&p);
    tlsc_bytes content;
    assert_int_equal(hand13_take_record(&p.server, &content), TLSC_CT_CHANGE_CIPHER_SPEC);
    hand13_take_hello(&p.server);
    assert_bytes_equal(p.server.hello.session_ticket, tlsc_bytes_of(ticket, n));
    assert_false(tlsc_exts_has(&p.server.hello.exts, TLSC_EXT_pre_shared_key));
    p.server.group = 0x0018;
    p.at = CLIENT_AT_SECOND_HELLO;
    client_place_works(&p);
    client_place_close(&p);
    pair_sites_close(&site, &clients);
}

static void each_wrong_message_has_its_error_and_alert(void **state)
{
    (void)state;
    const wrong rows[] = {
        { CLIENT_AT_EXTENSIONS, TLSC_HS_ENCRYPTED_EXTENSIONS, LIST(0, 4, 0xfa, 0xfa, 0, 0),
          TLSC_E_UNSOLICITED_EXTENSION, TLSC_ALERT_unsupported_extension },
        { CLIENT_AT_EXTENSIONS, TLSC_HS_ENCRYPTED_EXTENSIONS, LIST(0, 4, 0, 42, 0, 0),
          TLSC_E_UNSOLICITED_EXTENSION, TLSC_ALERT_unsupported_extension },
        { CLIENT_AT_EXTENSIONS, TLSC_HS_ENCRYPTED_EXTENSIONS,
          LIST(0, 9, 0, 16, 0, 5, 0, 3, 2, 'h', '2'), TLSC_E_UNSOLICITED_EXTENSION,
          TLSC_ALERT_unsupported_extension },
        { CLIENT_AT_EXTENSIONS, TLSC_HS_ENCRYPTED_EXTENSIONS, LIST(0, 5, 0, 20, 0, 1, 2),
          TLSC_E_UNSOLICITED_EXTENSION, TLSC_ALERT_unsupported_extension },
        { CLIENT_AT_EXTENSIONS, TLSC_HS_ENCRYPTED_EXTENSIONS, LIST(0, 6, 0, 43, 0, 2, 3, 4),
          TLSC_E_MISPLACED_EXTENSION, TLSC_ALERT_illegal_parameter },
        { CLIENT_AT_EXTENSIONS, TLSC_HS_ENCRYPTED_EXTENSIONS, LIST(0), TLSC_E_DECODE,
          TLSC_ALERT_decode_error },
        { CLIENT_AT_REQUEST_OR_CERTIFICATE, TLSC_HS_CERTIFICATE_REQUEST,
          LIST(1, 7, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3), TLSC_E_DECODE, TLSC_ALERT_decode_error },
        { CLIENT_AT_REQUEST_OR_CERTIFICATE, TLSC_HS_CERTIFICATE_REQUEST, LIST(0, 0, 0),
          TLSC_E_MISSING_SIGNATURE_ALGORITHMS, TLSC_ALERT_missing_extension },
        { CLIENT_AT_CERTIFICATE, TLSC_HS_CERTIFICATE, LIST(0, 0, 0, 0), TLSC_E_DECODE,
          TLSC_ALERT_decode_error },
        { CLIENT_AT_CERTIFICATE_VERIFY, TLSC_HS_CERTIFICATE_VERIFY, LIST(2, 3, 0, 1, 0),
          TLSC_E_WRONG_SIGNATURE_SCHEME, TLSC_ALERT_illegal_parameter },
        { CLIENT_AT_CERTIFICATE_VERIFY, TLSC_HS_CERTIFICATE_VERIFY, LIST(4, 3, 0, 1, 0),
          TLSC_E_BAD_SIGNATURE, TLSC_ALERT_decrypt_error },
        { CLIENT_AT_FINISHED, TLSC_HS_FINISHED,
          LIST(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
               0, 0),
          TLSC_E_BAD_FINISHED, TLSC_ALERT_decrypt_error },
        { CLIENT_AT_FINISHED, TLSC_HS_FINISHED, LIST(0, 0, 0), TLSC_E_DECODE,
          TLSC_ALERT_decode_error },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        placed_client p;
        client_place_open(&p, &ordinary, rows[i].at);
        hand13_say(&p.server, rows[i].type, rows[i].body);
        assert_err(client_place_to_client(&p), rows[i].error);
        assert_int_equal(tlsc_err_alert(rows[i].error), rows[i].alert);
        client_place_failed(&p, rows[i].error, NULL);
        client_place_close(&p);
    }
}

/* The verifier's word is the last. */
static void a_rejected_certificate_ends_the_handshake(void **state)
{
    (void)state;
    client_site clients = { .rejects = true };
    placed_client p;
    assert_ok(client_site_open(&clients));
    client_place_open(&p, &clients, CLIENT_AT_CERTIFICATE_VERIFY);
    hand13_say_verify(&p.server);
    assert_err(client_place_to_client(&p), TLSC_E_CERTIFICATE_REJECTED);
    client_place_failed(&p, TLSC_E_CERTIFICATE_REJECTED, "client13: verify the certificate");
    client_place_close(&p);
    client_site_close(&clients);
}

/* A Finished with a bit changed, whichever. */
static void each_bit_of_finished_counts(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 256; bit += 7) {
        placed_client p;
        tlsc_buf body = tlsc_buf_of(64);
        client_place_open(&p, &ordinary, CLIENT_AT_FINISHED);
        hand13_make_finished(&p.server, &body);
        body.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        hand13_say(&p.server, TLSC_HS_FINISHED, tlsc_buf_bytes(&body));
        assert_err(client_place_to_client(&p), TLSC_E_BAD_FINISHED);
        client_place_failed(&p, TLSC_E_BAD_FINISHED, NULL);
        tlsc_buf_clear(&body);
        client_place_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_is_refused_where_another_is_expected),
        cmocka_unit_test(from_each_place_a_right_server_goes_on),
        cmocka_unit_test(change_cipher_spec_is_passed_over_until_finished),
        cmocka_unit_test(a_change_cipher_spec_of_another_kind_is_refused),
        cmocka_unit_test(data_before_finished_is_refused),
        cmocka_unit_test(alerts_in_the_clear_count_before_server_hello_alone),
        cmocka_unit_test(the_stream_must_not_end_early),
        cmocka_unit_test(each_wrong_server_hello_has_its_error_and_alert),
        cmocka_unit_test(a_client_without_tls13_needs_no_downgrade_mark),
        cmocka_unit_test(a_server_hello_ends_its_record),
        cmocka_unit_test(each_wrong_retry_has_its_error_and_alert),
        cmocka_unit_test(what_follows_a_retry_must_fit_it),
        cmocka_unit_test(the_second_hello_does_what_the_retry_asks),
        cmocka_unit_test(a_session_of_tls12_outlives_a_retry),
        cmocka_unit_test(each_wrong_message_has_its_error_and_alert),
        cmocka_unit_test(a_rejected_certificate_ends_the_handshake),
        cmocka_unit_test(each_bit_of_finished_counts),
    };
    return cmocka_run_group_tests_name("client", tests, open_sites, close_sites);
}
