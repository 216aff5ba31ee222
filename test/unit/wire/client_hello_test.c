/* SPDX-License-Identifier: Apache-2.0 */
/* wire/client_hello_test.c: ClientHello, the bounds of its vectors, and the contents of its
 * extensions. */
#include "unit.h"

#include <string.h>

#include "ext_check.h"
#include "parser_check.h"
#include "rfc8448.h"
#include "wire/client_hello.h"

static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_client_hello ch;
    tlsc_err rc = tlsc_client_hello_parse(&ch, body);
    if (rc == TLSC_OK) {
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_client_hello_emit(&w, &ch);
        rc = tlsc_wr_end(&w);
    }
    return rc;
}

/* ---- whole messages ---- */

/* The hellos of RFC 8448: the long ones have a PSK, a cookie and padding. */
static void hellos_are_read_and_written(void **state)
{
    (void)state;
    unsigned num = 0;
    for (size_t i = 0; rfc8448_names[i] != NULL; i++) {
        rfc8448_trace *t = rfc8448_open(rfc8448_names[i]);
        for (size_t k = 0; k < t->num_steps; k++) {
            if (rfc8448_is(&t->steps[k], "construct a ClientHello")) {
                tlsc_bytes m = rfc8448_message(t, k);
                tlsc_bytes body = { m.p + 4, m.n - 4 };
                size_t fixed = 2 + 32 + 1 + (size_t)body.p[34] + 2 + 6 + 2;
                parser_check(&(parser_case){ .parse = parse, .good = body, .also_good = fixed });
                num++;
            }
        }
        rfc8448_close(t);
    }
    assert_int_equal(num, 6);
}

/* ---- the fixed fields ---- */

typedef struct fields {
    size_t session_id, suites, compression;
    bool no_block;
    tlsc_bytes block;
} fields;

static tlsc_err with_fields(const fields *f, tlsc_client_hello *ch)
{
    static uint8_t zeros[65536];
    tlsc_buf body = tlsc_buf_of(1 << 18);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_u16(&w, 0x0303);
    tlsc_wr_bytes(&w, tlsc_bytes_of(zeros, 32));
    tlsc_wr_vec8(&w, tlsc_bytes_of(zeros, f->session_id));
    tlsc_wr_vec16(&w, tlsc_bytes_of(zeros, f->suites));
    tlsc_wr_vec8(&w, tlsc_bytes_of(zeros, f->compression));
    if (!f->no_block) {
        tlsc_wr_vec16(&w, f->block);
    }
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = tlsc_client_hello_parse(ch, tlsc_buf_bytes(&body));
    if (rc == TLSC_OK) {
        tlsc_buf again = tlsc_buf_of(1 << 18);
        assert_ok(parse(tlsc_buf_bytes(&body), &again));
        assert_bytes_equal(tlsc_buf_bytes(&again), tlsc_buf_bytes(&body));
        tlsc_buf_clear(&again);
    }
    tlsc_buf_clear(&body);
    return rc;
}

/* legacy_session_id<0..32>, cipher_suites<2..2^16-2>, legacy_compression_methods<1..2^8-1>; no
 * block of extensions, and an empty one, are TLS 1.2's. */
static void each_fixed_vector_keeps_its_bounds(void **state)
{
    (void)state;
    static const struct {
        fields f;
        tlsc_err expected;
    } rows[] = {
        { { 0, 2, 1, false, { NULL, 0 } }, TLSC_OK },
        { { 32, 2, 1, false, { NULL, 0 } }, TLSC_OK },
        { { 33, 2, 1, false, { NULL, 0 } }, TLSC_E_DECODE },
        { { 255, 2, 1, false, { NULL, 0 } }, TLSC_E_DECODE },
        { { 0, 0, 1, false, { NULL, 0 } }, TLSC_E_DECODE },
        { { 0, 1, 1, false, { NULL, 0 } }, TLSC_E_DECODE },
        { { 0, 3, 1, false, { NULL, 0 } }, TLSC_E_DECODE },
        { { 0, 65534, 1, false, { NULL, 0 } }, TLSC_OK },
        { { 0, 65535, 1, false, { NULL, 0 } }, TLSC_E_DECODE },
        { { 0, 2, 0, false, { NULL, 0 } }, TLSC_E_DECODE },
        { { 0, 2, 255, false, { NULL, 0 } }, TLSC_OK },
        { { 0, 2, 1, true, { NULL, 0 } }, TLSC_OK },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_client_hello ch;
        if (with_fields(&rows[i].f, &ch) != rows[i].expected) {
            fail_msg("row %zu", i);
        }
    }
}

/* ---- extensions ---- */

/* A hello with these extensions, whole, behind each other. */
static tlsc_err with_block(tlsc_bytes block)
{
    tlsc_client_hello ch;
    return with_fields(&(fields){ .suites = 2, .compression = 1, .block = block }, &ch);
}

/* A hello with one extension. */
static tlsc_err with(uint16_t code, tlsc_bytes content)
{
    tlsc_buf block = tlsc_buf_of(1 << 17);
    tlsc_wr w = tlsc_wr_of(&block);
    tlsc_wr_u16(&w, code);
    tlsc_wr_vec16(&w, content);
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = with_block(tlsc_buf_bytes(&block));
    tlsc_buf_clear(&block);
    return rc;
}

/* server_name: one host name of 1 to 255 bytes without zeroes. RFC 6066 3 */
static void server_names_are_judged(void **state)
{
    (void)state;
    static uint8_t name[5 + 256];
    assert_ok(with(0, BYTES(0, 4, 0, 0, 1, 'a')));
    assert_err(with(0, TEXT("")), TLSC_E_DECODE);
    assert_err(with(0, BYTES(0, 0)), TLSC_E_DECODE);
    assert_err(with(0, BYTES(0, 3, 0, 0, 0)), TLSC_E_DECODE);                    /* an empty name */
    assert_err(with(0, BYTES(0, 4, 1, 0, 1, 'a')), TLSC_E_DECODE);               /* another type */
    assert_err(with(0, BYTES(0, 8, 0, 0, 1, 'a', 0, 0, 1, 'b')), TLSC_E_DECODE); /* two names */
    assert_err(with(0, BYTES(0, 5, 0, 0, 2, 'a', 0)), TLSC_E_DECODE);            /* a zero */
    assert_err(with(0, BYTES(0, 4, 0, 0, 1, 'a', 0)), TLSC_E_DECODE);            /* a byte more */
    assert_err(with(0, BYTES(0, 4, 0, 0, 2, 'a')), TLSC_E_DECODE);
    memset(name, 'a', sizeof(name));
    memcpy(name, "\x01\x02\0\0\xff", 5);
    assert_ok(with(0, tlsc_bytes_of(name, 5 + 255)));
    memcpy(name, "\x01\x03\0\x01\0", 5);
    assert_err(with(0, tlsc_bytes_of(name, 5 + 256)), TLSC_E_DECODE);
}

/* Lists of uint16: supported_versions<2..254>, the others <2..2^16-2>. */
static void lists_of_uint16_are_judged(void **state)
{
    (void)state;
    static const uint16_t codes[] = { 10, 13, 50 };
    assert_ok(with(43, BYTES(2, 3, 4)));
    assert_err(with(43, BYTES(0)), TLSC_E_DECODE);
    assert_err(with(43, BYTES(3, 3, 4, 3)), TLSC_E_DECODE);
    assert_err(with(43, BYTES(2, 3, 4, 3)), TLSC_E_DECODE);
    assert_err(with(43, BYTES(4, 3, 4)), TLSC_E_DECODE);
    for (size_t i = 0; i < 3; i++) {
        assert_ok(with(codes[i], BYTES(0, 2, 0, 1)));
        assert_err(with(codes[i], TEXT("")), TLSC_E_DECODE);
        assert_err(with(codes[i], BYTES(0, 0)), TLSC_E_DECODE);
        assert_err(with(codes[i], BYTES(0, 1, 0)), TLSC_E_DECODE);
        assert_err(with(codes[i], BYTES(0, 3, 0, 1, 0)), TLSC_E_DECODE);
        assert_err(with(codes[i], BYTES(0, 2, 0, 1, 0)), TLSC_E_DECODE);
    }
}

/* ProtocolName<1..2^8-1> protocol_name_list<2..2^16-1>   RFC 7301 3.1 */
static void protocol_names_are_judged(void **state)
{
    (void)state;
    static uint8_t longest[2 + 1 + 255] = { 1, 0, 255 };
    assert_ok(with(16, BYTES(0, 2, 1, 'a')));
    assert_ok(with(16, BYTES(0, 5, 1, 'a', 2, 'b', 'c')));
    assert_ok(with(16, tlsc_bytes_of(longest, sizeof(longest))));
    assert_err(with(16, BYTES(0, 0)), TLSC_E_DECODE);
    assert_err(with(16, BYTES(0, 1, 0)), TLSC_E_DECODE);
    assert_err(with(16, BYTES(0, 3, 1, 'a', 0)),
               TLSC_E_DECODE); /* an empty name behind a good one */
    assert_err(with(16, BYTES(0, 2, 2, 'a')), TLSC_E_DECODE);
    assert_err(with(16, BYTES(0, 2, 1, 'a', 0)), TLSC_E_DECODE);
}

/* KeyShareEntry client_shares<0..2^16-1>, key_exchange<1..2^16-1> */
static void key_shares_are_judged(void **state)
{
    (void)state;
    assert_ok(with(51, BYTES(0, 0)));
    assert_ok(with(51, BYTES(0, 5, 0, 29, 0, 1, 9)));
    assert_ok(with(
        51, BYTES(0, 10, 0, 29, 0, 1, 9, 0, 29, 0, 1, 9))); /* twice: not the syntax's matter */
    assert_err(with(51, TEXT("")), TLSC_E_DECODE);
    assert_err(with(51, BYTES(0, 4, 0, 29, 0, 0)), TLSC_E_DECODE);
    assert_err(with(51, BYTES(0, 5, 0, 29, 0, 2, 9)), TLSC_E_DECODE);
    assert_err(with(51, BYTES(0, 3, 0, 29, 0)), TLSC_E_DECODE);
    assert_err(with(51, BYTES(0, 5, 0, 29, 0, 1, 9, 0)), TLSC_E_DECODE);
}

static void small_extensions_are_judged(void **state)
{
    (void)state;
    static uint8_t modes[256] = { 255 };
    /* ke_modes<1..255> */
    assert_ok(with(45, BYTES(1, 1)));
    assert_ok(with(45, tlsc_bytes_of(modes, 256)));
    assert_err(with(45, BYTES(0)), TLSC_E_DECODE);
    assert_err(with(45, BYTES(1, 1, 1)), TLSC_E_DECODE);
    /* cookie<1..2^16-1> */
    assert_ok(with(44, BYTES(0, 1, 9)));
    assert_err(with(44, BYTES(0, 0)), TLSC_E_DECODE);
    assert_err(with(44, BYTES(0, 2, 9)), TLSC_E_DECODE);
    /* early_data and post_handshake_auth are empty */
    assert_ok(with(42, TEXT("")));
    assert_err(with(42, BYTES(0)), TLSC_E_DECODE);
    assert_ok(with(49, TEXT("")));
    assert_err(with(49, BYTES(0)), TLSC_E_DECODE);
    /* contents that nobody reads yet are passed over */
    assert_ok(with(5, BYTES(255)));
    assert_ok(with(21, BYTES(0, 0, 1)));
    /* an extension of another message */
    assert_err(with(48, TEXT("")), TLSC_E_MISPLACED_EXTENSION);
}

/* The contents of one extension, as the parser tells them; the hello's views are gone by then. */
typedef struct wishes {
    bool ocsp, scts;
    uint8_t after_full, after_resumed;
} wishes;

static wishes wishes_of(tlsc_bytes block)
{
    tlsc_client_hello ch;
    assert_ok(with_fields(&(fields){ .suites = 2, .compression = 1, .block = block }, &ch));
    return (wishes){ ch.ocsp, ch.scts, ch.tickets_after_full, ch.tickets_after_resumed };
}

/* CertificateStatusRequest of type ocsp: ResponderID<1..2^16-1> responder_id_list<0..2^16-1>,
 * request_extensions<0..2^16-1>. What another type holds isn't known. RFC 6066 8 */
static void status_requests_are_judged(void **state)
{
    (void)state;
    assert_true(wishes_of(BYTES(0, 5, 0, 5, 1, 0, 0, 0, 0)).ocsp);
    assert_true(wishes_of(BYTES(0, 5, 0, 9, 1, 0, 3, 0, 1, 'r', 0, 1, 'x')).ocsp);
    assert_false(wishes_of(BYTES(0, 5, 0, 1, 2)).ocsp);
    assert_false(wishes_of(BYTES(0, 5, 0, 5, 2, 0, 0, 0, 0)).ocsp);
    assert_false(wishes_of(TEXT("")).ocsp);
    assert_err(with(5, TEXT("")), TLSC_E_DECODE);
    assert_err(with(5, BYTES(1)), TLSC_E_DECODE);
    assert_err(with(5, BYTES(1, 0, 0, 0)), TLSC_E_DECODE);
    assert_err(with(5, BYTES(1, 0, 0, 0, 0, 0)), TLSC_E_DECODE);
    assert_err(with(5, BYTES(1, 0, 2, 0, 0, 0, 0)), TLSC_E_DECODE); /* an empty ResponderID */
    assert_err(with(5, BYTES(1, 0, 1, 0, 0, 0)), TLSC_E_DECODE);
}

static void wishes_about_certificates_are_judged(void **state)
{
    (void)state;
    static uint8_t types[256] = { 255 };
    static const uint16_t codes[] = { 19, 20 };
    /* client_certificate_types<1..2^8-1>, server_certificate_types the same. RFC 7250 3 */
    for (size_t i = 0; i < 2; i++) {
        assert_ok(with(codes[i], BYTES(1, 2)));
        assert_ok(with(codes[i], tlsc_bytes_of(types, sizeof(types))));
        assert_ok(with(codes[i], BYTES(2, 0, 2)));
        assert_err(with(codes[i], BYTES(1, 0)), TLSC_E_DEFAULT_CERTIFICATE_TYPE);
        assert_err(with(codes[i], BYTES(0)), TLSC_E_DECODE);
        assert_err(with(codes[i], TEXT("")), TLSC_E_DECODE);
        assert_err(with(codes[i], BYTES(2, 0)), TLSC_E_DECODE);
        assert_err(with(codes[i], BYTES(1, 0, 2)), TLSC_E_DECODE);
    }
    /* authorities<3..2^16-1> of DistinguishedName<1..2^16-1>. RFC 8446 4.2.4 */
    assert_ok(with(47, BYTES(0, 3, 0, 1, 'a')));
    assert_ok(with(47, BYTES(0, 7, 0, 1, 'a', 0, 2, 'b', 'c')));
    assert_err(with(47, BYTES(0, 0)), TLSC_E_DECODE);
    assert_err(with(47, BYTES(0, 2, 0, 0)), TLSC_E_DECODE);
    assert_err(with(47, BYTES(0, 5, 0, 1, 'a', 0, 0)), TLSC_E_DECODE);
    assert_err(with(47, BYTES(0, 3, 0, 2, 'a')), TLSC_E_DECODE);
    /* signed_certificate_timestamp is empty. RFC 6962 3.3.1 */
    assert_true(wishes_of(BYTES(0, 18, 0, 0)).scts);
    assert_false(wishes_of(TEXT("")).scts);
    assert_err(with(18, BYTES(0)), TLSC_E_DECODE);
}

/* Two numbers. RFC 9149 3 */
static void ticket_requests_are_judged(void **state)
{
    (void)state;
    wishes w = wishes_of(BYTES(0, 58, 0, 2, 4, 1));
    assert_int_equal(w.after_full, 4);
    assert_int_equal(w.after_resumed, 1);
    assert_err(with(58, BYTES(4)), TLSC_E_DECODE);
    assert_err(with(58, BYTES(4, 1, 0)), TLSC_E_DECODE);
    assert_err(with(58, TEXT("")), TLSC_E_DECODE);
}

#define CONTENT(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static const ext_sample samples[] = {
    { TLSC_EXTCODE_server_name, CONTENT("\0\4\0\0\1a"), false },
    { TLSC_EXTCODE_max_fragment_length, CONTENT("\1"), false },
    { TLSC_EXTCODE_status_request, CONTENT("\1\0\0\0\0"), false },
    { TLSC_EXTCODE_supported_groups, CONTENT("\0\2\0\35"), false },
    { TLSC_EXTCODE_ec_point_formats, CONTENT("\1\0"), false },
    { TLSC_EXTCODE_signature_algorithms, CONTENT("\0\2\4\3"), false },
    { TLSC_EXTCODE_alpn, CONTENT("\0\3\2h2"), false },
    { TLSC_EXTCODE_signed_certificate_timestamp, { NULL, 0 }, false },
    { TLSC_EXTCODE_client_certificate_type, CONTENT("\1\2"), false },
    { TLSC_EXTCODE_server_certificate_type, CONTENT("\1\2"), false },
    { TLSC_EXTCODE_padding, CONTENT("\0\0"), true },
    { TLSC_EXTCODE_extended_master_secret, { NULL, 0 }, false },
    { TLSC_EXTCODE_compress_certificate, CONTENT("\2\0\1"), false },
    { TLSC_EXTCODE_record_size_limit, CONTENT("\100\0"), false },
    { TLSC_EXTCODE_session_ticket, CONTENT("ticket"), true },
    { TLSC_EXTCODE_pre_shared_key,
      CONTENT("\0\7\0\1t\0\0\0\1\0\x21\x20"
              "0123456789abcdef0123456789abcdef"),
      false },
    { TLSC_EXTCODE_early_data, { NULL, 0 }, false },
    { TLSC_EXTCODE_supported_versions, CONTENT("\2\3\4"), false },
    { TLSC_EXTCODE_cookie, CONTENT("\0\1c"), false },
    { TLSC_EXTCODE_psk_key_exchange_modes, CONTENT("\1\1"), false },
    { TLSC_EXTCODE_certificate_authorities, CONTENT("\0\3\0\1a"), false },
    { TLSC_EXTCODE_post_handshake_auth, { NULL, 0 }, false },
    { TLSC_EXTCODE_signature_algorithms_cert, CONTENT("\0\2\4\3"), false },
    { TLSC_EXTCODE_key_share, CONTENT("\0\5\0\35\0\1s"), false },
    { TLSC_EXTCODE_ticket_request, CONTENT("\2\1"), false },
    { TLSC_EXTCODE_renegotiation_info, CONTENT("\0"), false },
};

static void each_extension_is_judged(void **state)
{
    (void)state;
    ext_check(&(ext_case){ .parse = with_block,
                           .in = TLSC_IN_CH,
                           .always = BYTES(0, 43, 0, 3, 2, 3, 4),
                           .samples = samples,
                           .num_samples = sizeof(samples) / sizeof(samples[0]) });
}

/* PskIdentity identities<7..2^16-1>; PskBinderEntry binders<33..2^16-1>, each <32..255> */
static tlsc_err with_psk(tlsc_bytes identities, size_t binder, tlsc_bytes behind)
{
    static const uint8_t zeros[256];
    tlsc_buf block = tlsc_buf_of(4096);
    tlsc_wr w = tlsc_wr_of(&block);
    tlsc_wr_bytes(&w, BYTES(0, 43, 0, 3, 2, 3, 4)); /* TLS 1.3: to others it might be anything */
    tlsc_wr_mark m = tlsc_ext_open(&w, TLSC_EXTCODE_pre_shared_key);
    tlsc_wr_vec16(&w, identities);
    tlsc_wr_mark list = tlsc_wr_open16(&w);
    if (binder > 0) {
        tlsc_wr_vec8(&w, tlsc_bytes_of(zeros, binder));
    }
    tlsc_wr_close(&w, list);
    tlsc_wr_close(&w, m);
    tlsc_wr_bytes(&w, behind);
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = with_block(tlsc_buf_bytes(&block));
    tlsc_buf_clear(&block);
    return rc;
}

/* Two binders: the list is long enough for its floor, whatever the second's length is. */
static tlsc_err with_second_binder(size_t second)
{
    static const uint8_t zeros[64];
    tlsc_buf block = tlsc_buf_of(4096);
    tlsc_wr w = tlsc_wr_of(&block);
    tlsc_wr_bytes(&w, BYTES(0, 43, 0, 3, 2, 3, 4)); /* TLS 1.3 */
    tlsc_wr_mark m = tlsc_ext_open(&w, TLSC_EXTCODE_pre_shared_key);
    tlsc_wr_vec16(&w, BYTES(0, 1, 't', 1, 2, 3, 4));
    tlsc_wr_mark list = tlsc_wr_open16(&w);
    tlsc_wr_vec8(&w, tlsc_bytes_of(zeros, 32));
    tlsc_wr_vec8(&w, tlsc_bytes_of(zeros, second));
    tlsc_wr_close(&w, list);
    tlsc_wr_close(&w, m);
    assert_ok(tlsc_wr_end(&w));
    tlsc_err rc = with_block(tlsc_buf_bytes(&block));
    tlsc_buf_clear(&block);
    return rc;
}

static void psks_are_judged(void **state)
{
    (void)state;
    tlsc_bytes one = BYTES(0, 1, 't', 1, 2, 3, 4);
    tlsc_bytes two = BYTES(0, 1, 't', 1, 2, 3, 4, 0, 2, 'u', 'v', 1, 2, 3, 4);
    assert_ok(with_psk(one, 32, TEXT("")));
    assert_ok(with_psk(one, 255, TEXT("")));
    assert_ok(with_psk(two, 48, TEXT(""))); /* the numbers needn't agree for the syntax */
    assert_err(with_psk(one, 31, TEXT("")), TLSC_E_DECODE);
    assert_ok(with_second_binder(32));
    assert_err(with_second_binder(31), TLSC_E_DECODE);
    assert_err(with_second_binder(0), TLSC_E_DECODE);
    assert_err(with_psk(one, 0, TEXT("")), TLSC_E_DECODE);
    assert_err(with_psk(TEXT(""), 32, TEXT("")), TLSC_E_DECODE);
    assert_err(with_psk(BYTES(0, 0, 1, 2, 3, 4), 32, TEXT("")), TLSC_E_DECODE); /* six bytes */
    assert_err(with_psk(BYTES(0, 0, 1, 2, 3, 4, 0), 32, TEXT("")), TLSC_E_DECODE);
    assert_err(with_psk(BYTES(0, 1, 't', 1, 2, 3, 4, 5), 32, TEXT("")), TLSC_E_DECODE);
    /* binders cover all in front of them, so nothing stands behind; not even what isn't known */
    assert_err(with_psk(one, 32, BYTES(0, 42, 0, 0)), TLSC_E_PSK_NOT_LAST);
    assert_err(with_psk(one, 32, BYTES(0x7a, 0x7a, 0, 0)), TLSC_E_PSK_NOT_LAST);
}

/* What the binders cover ends where their list begins. */
static void the_truncated_length_is_in_front_of_the_binders(void **state)
{
    (void)state;
    tlsc_client_hello ch;
    rfc8448_trace *t = rfc8448_open("resumed-0rtt");
    size_t i = 0;
    while (!rfc8448_is(&t->steps[i], "construct a ClientHello")) {
        i++;
    }
    tlsc_bytes m = rfc8448_message(t, i);
    tlsc_bytes body = { m.p + 4, m.n - 4 };
    assert_ok(tlsc_client_hello_parse(&ch, body));
    assert_int_equal(tlsc_client_hello_truncated_len(&ch, body), body.n - 2 - 33);
    rfc8448_close(t);
    /* and is nothing without them */
    assert_ok(with_fields(&(fields){ .suites = 2, .compression = 1 }, &ch));
    assert_int_equal(tlsc_client_hello_truncated_len(&ch, body), 0);
}

/* An absent list is empty, and is told from one that is there and empty. */
static void absent_and_empty_are_two_things(void **state)
{
    (void)state;
    static const uint8_t no_shares[] = { 0, 51, 0, 2, 0, 0 };
    tlsc_client_hello ch;
    assert_ok(with_fields(&(fields){ .suites = 2, .compression = 1 }, &ch));
    assert_false(tlsc_exts_has(&ch.exts, TLSC_EXT_key_share));
    assert_int_equal(ch.key_shares.n, 0);
    assert_ok(with_fields(
        &(fields){ .suites = 2, .compression = 1, .block = { no_shares, sizeof(no_shares) } },
        &ch));
    assert_true(tlsc_exts_has(&ch.exts, TLSC_EXT_key_share));
    assert_int_equal(ch.key_shares.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hellos_are_read_and_written),
        cmocka_unit_test(each_fixed_vector_keeps_its_bounds),
        cmocka_unit_test(server_names_are_judged),
        cmocka_unit_test(lists_of_uint16_are_judged),
        cmocka_unit_test(protocol_names_are_judged),
        cmocka_unit_test(key_shares_are_judged),
        cmocka_unit_test(small_extensions_are_judged),
        cmocka_unit_test(status_requests_are_judged),
        cmocka_unit_test(wishes_about_certificates_are_judged),
        cmocka_unit_test(ticket_requests_are_judged),
        cmocka_unit_test(each_extension_is_judged),
        cmocka_unit_test(psks_are_judged),
        cmocka_unit_test(the_truncated_length_is_in_front_of_the_binders),
        cmocka_unit_test(absent_and_empty_are_two_things),
    };
    return cmocka_run_group_tests_name("client_hello", tests, NULL, NULL);
}
