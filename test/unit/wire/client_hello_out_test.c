/* SPDX-License-Identifier: Apache-2.0 */
/* wire/client_hello_out_test.c: a ClientHello on its way out, read again by the parser. */
#include "wire/client_hello_out.h"

#include "unit.h"
#include "wire/enums.h"

enum { BODY_MAX = 1 << 17 };

static const uint8_t random_bytes[32] = { 5, 4, 3, 2, 1 };
static const uint16_t suites[] = { 0x1301, 0xc02b };
static const uint16_t both[] = { TLSC_TLS13, TLSC_TLS12 };
static const uint16_t groups[] = { 0x11ec, 0x1d };
static const uint16_t schemes[] = { 0x0403, 0x0804, 0x0807 };
static const uint16_t schemes_cert[] = { 0x0401 };
static const uint8_t types[] = { 2, 0 };
static const uint8_t share_bytes[1216] = { 9 };
static const tlsc_key_share shares[] = { { 0x11ec, { share_bytes, 1216 } },
                                         { 0x1d, { share_bytes, 32 } } };
static const uint8_t binder_lens[] = { 32, 48 };

static tlsc_buf written(const tlsc_client_hello_out *out)
{
    tlsc_buf body = tlsc_buf_of(BODY_MAX);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_client_hello_out_emit(&w, out);
    assert_ok(tlsc_wr_end(&w));
    return body;
}

static tlsc_client_hello_out everything(void)
{
    static const tlsc_psk_identity identities[] = {
        { { (const uint8_t *)"first", 5 }, 0xdeadbeef },
        { { (const uint8_t *)"second", 6 }, 1 },
    };
    return (tlsc_client_hello_out){ .random = { random_bytes, 32 },
                                    .session_id = { random_bytes, 32 },
                                    .suites = suites,
                                    .num_suites = 2,
                                    .versions = both,
                                    .num_versions = 2,
                                    .server_name = TEXT("example.org"),
                                    .groups = groups,
                                    .num_groups = 2,
                                    .schemes = schemes,
                                    .num_schemes = 3,
                                    .schemes_cert = schemes_cert,
                                    .num_schemes_cert = 1,
                                    .alpn = TEXT("\2h2\10http/1.1"),
                                    .ca_names = TEXT("\0\1a"),
                                    .client_types = types,
                                    .num_client_types = 1,
                                    .server_types = types,
                                    .num_server_types = 2,
                                    .ocsp = true,
                                    .scts = true,
                                    .tls12 = true,
                                    .session_ticket = true,
                                    .ticket12 = TEXT("ticket"),
                                    .tls13 = true,
                                    .shares = shares,
                                    .num_shares = 2,
                                    .cookie = TEXT("cookie"),
                                    .psk_dhe_ke = true,
                                    .post_handshake_auth = true,
                                    .early_data = true,
                                    .ticket_request = true,
                                    .tickets_after_full = 3,
                                    .tickets_after_resumed = 1,
                                    .identities = identities,
                                    .binder_lens = binder_lens,
                                    .num_identities = 2 };
}

static void the_lists_are_read_as_written(const tlsc_client_hello *ch)
{
    assert_bytes_equal(ch->cipher_suites, BYTES(0x13, 1, 0xc0, 0x2b));
    assert_bytes_equal(ch->versions, BYTES(3, 4, 3, 3));
    assert_bytes_equal(ch->server_name, TEXT("example.org"));
    assert_bytes_equal(ch->groups, BYTES(0x11, 0xec, 0, 0x1d));
    assert_bytes_equal(ch->signature_algorithms, BYTES(4, 3, 8, 4, 8, 7));
    assert_bytes_equal(ch->signature_algorithms_cert, BYTES(4, 1));
    assert_bytes_equal(ch->alpn, TEXT("\2h2\10http/1.1"));
    assert_bytes_equal(ch->ca_names, TEXT("\0\1a"));
    assert_bytes_equal(ch->client_types, BYTES(2));
    assert_bytes_equal(ch->server_types, BYTES(2, 0));
    assert_bytes_equal(ch->cookie, TEXT("cookie"));
    assert_bytes_equal(ch->psk_modes, BYTES(TLSC_PSK_DHE_KE));
    assert_bytes_equal(ch->session_ticket, TEXT("ticket"));
    assert_bytes_equal(ch->point_formats, BYTES(0));
    assert_int_equal(ch->renegotiated_connection.n, 0);
}

static void the_shares_are_read_as_written(const tlsc_client_hello *ch)
{
    tlsc_rd r = tlsc_rd_of(ch->key_shares);
    tlsc_key_share share;
    for (size_t i = 0; i < 2; i++) {
        assert_true(tlsc_key_share_next(&r, &share));
        assert_int_equal(share.group, shares[i].group);
        assert_bytes_equal(share.key_exchange, shares[i].key_exchange);
    }
    assert_false(tlsc_key_share_next(&r, &share));
}

/* Binders are as long as was said, and zero until they are filled in. */
static void the_psks_are_read_as_written(const tlsc_client_hello *ch,
                                         const tlsc_client_hello_out *out)
{
    static const uint8_t zeros[48];
    tlsc_rd r = tlsc_rd_of(ch->psk_identities);
    tlsc_psk_identity identity;
    for (size_t i = 0; i < 2; i++) {
        assert_true(tlsc_psk_identity_next(&r, &identity));
        assert_bytes_equal(identity.identity, out->identities[i].identity);
        assert_int_equal(identity.obfuscated_ticket_age, out->identities[i].obfuscated_ticket_age);
    }
    assert_false(tlsc_psk_identity_next(&r, &identity));
    r = tlsc_rd_of(ch->psk_binders);
    tlsc_bytes binder;
    for (size_t i = 0; i < 2; i++) {
        assert_true(tlsc_psk_binder_next(&r, &binder));
        assert_bytes_equal(binder, tlsc_bytes_of(zeros, binder_lens[i]));
    }
    assert_false(tlsc_psk_binder_next(&r, &binder));
}

static void a_hello_with_everything_is_read_as_written(void **state)
{
    (void)state;
    tlsc_client_hello ch;
    const tlsc_client_hello_out out = everything();
    tlsc_buf body = written(&out);
    assert_ok(tlsc_client_hello_parse(&ch, tlsc_buf_bytes(&body)));
    assert_int_equal(ch.legacy_version, TLSC_TLS12);
    assert_bytes_equal(ch.random, out.random);
    assert_bytes_equal(ch.session_id, out.session_id);
    assert_bytes_equal(ch.compression_methods, BYTES(0));
    the_lists_are_read_as_written(&ch);
    the_shares_are_read_as_written(&ch);
    the_psks_are_read_as_written(&ch, &out);
    assert_true(ch.ocsp && ch.scts);
    assert_int_equal(ch.tickets_after_full, 3);
    assert_int_equal(ch.tickets_after_resumed, 1);
    uint32_t rest = 1u << TLSC_EXT_extended_master_secret | 1u << TLSC_EXT_post_handshake_auth |
                    1u << TLSC_EXT_early_data | 1u << TLSC_EXT_ec_point_formats |
                    1u << TLSC_EXT_renegotiation_info;
    assert_int_equal(ch.exts.present & rest, rest);
    assert_false(ch.exts.has_unknown);
    assert_int_equal(tlsc_client_hello_binders_at(body.n, binder_lens, 2),
                     tlsc_client_hello_truncated_len(&ch, tlsc_buf_bytes(&body)));
    assert_int_equal(ch.exts.last_code, TLSC_EXTCODE_pre_shared_key);
    tlsc_buf_clear(&body);
}

static uint32_t present_in(const tlsc_client_hello_out *out, uint16_t *last_code)
{
    tlsc_client_hello ch;
    tlsc_buf body = written(out);
    assert_ok(tlsc_client_hello_parse(&ch, tlsc_buf_bytes(&body)));
    *last_code = ch.exts.last_code;
    uint32_t present = ch.exts.present;
    tlsc_buf_clear(&body);
    return present;
}

static void what_is_not_wished_is_left_out(void **state)
{
    (void)state;
    static const uint16_t tls12[] = { TLSC_TLS12 };
    static const uint16_t tls13[] = { TLSC_TLS13 };
    uint16_t last;
    tlsc_client_hello_out out = { .random = { random_bytes, 32 },
                                  .suites = suites,
                                  .num_suites = 1,
                                  .versions = tls12,
                                  .num_versions = 1,
                                  .tls12 = true };
    uint32_t of_tls12 = 1u << TLSC_EXT_extended_master_secret | 1u << TLSC_EXT_ec_point_formats |
                        1u << TLSC_EXT_renegotiation_info;
    assert_int_equal(present_in(&out, &last), of_tls12);
    out.session_ticket = true; /* with nothing in it: the client would like one */
    assert_int_equal(present_in(&out, &last), of_tls12 | 1u << TLSC_EXT_session_ticket);
    /* key_share is there with TLS 1.3 even if it is empty: asks for a HelloRetryRequest */
    out = (tlsc_client_hello_out){ .random = { random_bytes, 32 },
                                   .suites = suites,
                                   .num_suites = 1,
                                   .versions = tls13,
                                   .num_versions = 1,
                                   .tls13 = true };
    assert_int_equal(present_in(&out, &last),
                     1u << TLSC_EXT_key_share | 1u << TLSC_EXT_supported_versions);
}

/* Each wish adds its extension and nothing else. */
static void each_wish_is_one_extension(void **state)
{
    (void)state;
    uint16_t last;
    const tlsc_client_hello_out all = everything();
    const struct {
        tlsc_client_hello_out out;
        tlsc_ext ext;
    } rows[] = {
        { { .server_name = all.server_name }, TLSC_EXT_server_name },
        { { .groups = groups, .num_groups = 1 }, TLSC_EXT_supported_groups },
        { { .schemes = schemes, .num_schemes = 1 }, TLSC_EXT_signature_algorithms },
        { { .schemes_cert = schemes, .num_schemes_cert = 1 }, TLSC_EXT_signature_algorithms_cert },
        { { .alpn = all.alpn }, TLSC_EXT_alpn },
        { { .ca_names = all.ca_names }, TLSC_EXT_certificate_authorities },
        { { .client_types = types, .num_client_types = 1 }, TLSC_EXT_client_certificate_type },
        { { .server_types = types, .num_server_types = 1 }, TLSC_EXT_server_certificate_type },
        { { .ocsp = true }, TLSC_EXT_status_request },
        { { .scts = true }, TLSC_EXT_signed_certificate_timestamp },
        { { .cookie = all.cookie }, TLSC_EXT_cookie },
        { { .psk_dhe_ke = true }, TLSC_EXT_psk_key_exchange_modes },
        { { .post_handshake_auth = true }, TLSC_EXT_post_handshake_auth },
        { { .early_data = true }, TLSC_EXT_early_data },
        { { .ticket_request = true }, TLSC_EXT_ticket_request },
        { { .identities = all.identities, .binder_lens = binder_lens, .num_identities = 1 },
          TLSC_EXT_pre_shared_key },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_client_hello_out out = rows[i].out;
        out.random = tlsc_bytes_of(random_bytes, 32);
        out.suites = suites;
        out.num_suites = 1;
        if (present_in(&out, &last) != 1u << rows[i].ext) {
            fail_msg("row %zu", i);
        }
    }
}

/* Old servers choke on a hello whose last extension is empty. */
static void the_last_extension_is_never_empty(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 256; bits++) {
        tlsc_client_hello ch;
        tlsc_client_hello_out out = everything();
        out.num_identities = 0;
        out.tls12 = (bits & 1) != 0;
        out.tls13 = !out.tls12 || (bits & 2) != 0;
        out.num_versions = out.tls12 && out.tls13 ? 2 : 1;
        out.versions = out.tls13 ? both : both + 1;
        out.scts = (bits & 4) != 0;
        out.session_ticket = (bits & 8) != 0;
        out.ticket12.n = 0;
        out.early_data = (bits & 16) != 0;
        out.post_handshake_auth = (bits & 32) != 0;
        if ((bits & 64) != 0) {
            out.num_shares = out.num_client_types = out.num_server_types = 0;
            out.psk_dhe_ke = out.ticket_request = out.ocsp = false;
        }
        if ((bits & 128) != 0) {
            out.cookie.n = out.ca_names.n = out.alpn.n = 0;
            out.num_schemes_cert = 0;
        }
        tlsc_buf body = written(&out);
        assert_ok(tlsc_client_hello_parse(&ch, tlsc_buf_bytes(&body)));
        tlsc_rd r = tlsc_rd_of(ch.exts.raw);
        size_t last_n = 0;
        while (tlsc_rd_more(&r)) {
            (void)tlsc_rd_u16(&r);
            last_n = tlsc_rd_vec16(&r, 0, 65535).n;
        }
        assert_true(last_n > 0);
        tlsc_buf_clear(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_with_everything_is_read_as_written),
        cmocka_unit_test(what_is_not_wished_is_left_out),
        cmocka_unit_test(each_wish_is_one_extension),
        cmocka_unit_test(the_last_extension_is_never_empty),
    };
    return cmocka_run_group_tests_name("client_hello_out", tests, NULL, NULL);
}
