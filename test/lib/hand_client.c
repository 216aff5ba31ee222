/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_client.c: the client's side of TLS 1.3 on the library's own layers below the
 * handshake. */
#include "hand_client.h"

#include <string.h>

#include "record/deframe.h"
#include "record/join.h"
#include "tlscore/conn.h"
#include "unit.h"
#include "wire/client_hello.h"
#include "wire/enums.h"
#include "wire/record_header.h"

enum { BUF_MAX = 1 << 20, X25519 = 0x001d, AES128 = 0x1301, HEADER = 4 };

void hand_open(hand_client *c, const tlsc_provider *provider, uint16_t suite)
{
    memset(c, 0, sizeof(*c));
    c->provider = provider;
    c->suite = tlsc_provider_suite(provider, suite == 0 ? AES128 : suite);
    assert_non_null(c->suite);
    tlsc_transcript_init(&c->transcript, BUF_MAX);
    assert_ok(tlsc_transcript_start(&c->transcript, c->suite->hash));
    c->hello = tlsc_buf_of(BUF_MAX);
    c->flight = tlsc_buf_of(BUF_MAX);
}

static void clear_share(hand_client *c)
{
    if (c->group != NULL) {
        c->group->clear(c->priv);
        c->group = NULL;
    }
}

void hand_close(hand_client *c)
{
    clear_share(c);
    tlsc_transcript_clear(&c->transcript);
    tlsc_schedule13_clear(&c->schedule);
    tlsc_protect_clear(&c->rd);
    tlsc_protect_clear(&c->wr);
    tlsc_protect_clear(&c->early);
    tlsc_buf_clear(&c->hello);
    tlsc_buf_clear(&c->flight);
}

/* ---- ClientHello ---- */

static tlsc_bytes or_else(tlsc_bytes b, tlsc_bytes otherwise)
{
    return b.n > 0 ? b : otherwise;
}

static void put_list(tlsc_wr *w, uint16_t code, unsigned length_bytes, tlsc_bytes list)
{
    tlsc_wr_mark m = tlsc_ext_open(w, code);
    if (length_bytes == 1) {
        tlsc_wr_vec8(w, list);
    } else {
        tlsc_wr_vec16(w, list);
    }
    tlsc_wr_close(w, m);
}

static void put_server_name(tlsc_wr *w, tlsc_bytes name)
{
    tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_server_name);
    tlsc_wr_mark list = tlsc_wr_open16(w);
    tlsc_wr_u8(w, 0);
    tlsc_wr_vec16(w, name);
    tlsc_wr_close(w, list);
    tlsc_wr_close(w, m);
}

static void put_share(hand_client *c, tlsc_wr *w, const hand_hello *h)
{
    tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_key_share);
    tlsc_wr_mark list = tlsc_wr_open16(w);
    if (h->shares.n > 0) {
        tlsc_wr_bytes(w, h->shares);
    } else if (!h->no_share) {
        clear_share(c);
        c->group = tlsc_provider_group(c->provider, h->share_group == 0 ? X25519 : h->share_group);
        assert_non_null(c->group);
        assert_ok(c->group->keygen(c->provider->random, c->priv, c->share));
        tlsc_wr_u16(w, c->group->id);
        tlsc_wr_vec16(w, tlsc_bytes_of(c->share, c->group->share_len));
    }
    tlsc_wr_close(w, list);
    tlsc_wr_close(w, m);
}

/* The binder is zeroes until the rest of the message stands. */
static void put_psk(hand_client *c, tlsc_wr *w, const hand_hello *h)
{
    static const uint8_t zeros[TLSC_HASH_MAX];
    tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_pre_shared_key);
    tlsc_wr_mark list = tlsc_wr_open16(w);
    for (unsigned i = 0; i < h->strangers; i++) {
        tlsc_wr_vec16(w, BYTES('?'));
        tlsc_wr_u32(w, 0);
    }
    tlsc_wr_vec16(w, h->ticket);
    tlsc_wr_u32(w, h->obfuscated_age);
    tlsc_wr_close(w, list);
    list = tlsc_wr_open16(w);
    for (unsigned i = 0; i <= h->strangers; i++) {
        tlsc_wr_vec8(w, tlsc_bytes_of(zeros, c->suite->hash->len));
    }
    tlsc_wr_close(w, list);
    tlsc_wr_close(w, m);
}

static void put_extensions(hand_client *c, tlsc_wr *w, const hand_hello *h)
{
    tlsc_wr_mark block = tlsc_wr_open16(w);
    tlsc_wr_bytes(w, h->extra);
    if (h->server_name.n > 0) {
        put_server_name(w, h->server_name);
    }
    if (!h->no_groups) {
        put_list(w, TLSC_EXTCODE_supported_groups, 2, or_else(h->groups, BYTES(0, 0x1d)));
    }
    if (!h->no_schemes) {
        put_list(w, TLSC_EXTCODE_signature_algorithms, 2, or_else(h->schemes, BYTES(4, 3)));
    }
    if (h->alpn.n > 0) {
        put_list(w, TLSC_EXTCODE_alpn, 2, h->alpn);
    }
    if (!h->no_versions) {
        put_list(w, TLSC_EXTCODE_supported_versions, 1, or_else(h->versions, BYTES(3, 4)));
    }
    if (!h->no_psk_modes) {
        put_list(w, TLSC_EXTCODE_psk_key_exchange_modes, 1, BYTES(1));
    }
    if (!h->no_key_share) {
        put_share(c, w, h);
    }
    if (h->early_data) {
        tlsc_wr_close(w, tlsc_ext_open(w, TLSC_EXTCODE_early_data));
    }
    if (h->ticket.n > 0) {
        put_psk(c, w, h);
    }
    tlsc_wr_close(w, block);
}

static void fill_binder(hand_client *c, const hand_hello *h)
{
    size_t len = c->suite->hash->len;
    uint8_t hash[TLSC_HASH_MAX];
    tlsc_secret key;
    assert_ok(tlsc_schedule13_early(&c->schedule, c->suite->hash, tlsc_secret_bytes(h->psk)));
    assert_ok(tlsc_schedule13_derive(&c->schedule, TLSC_LABEL_RESUMPTION_BINDER, NULL, &key));
    /* all but the list of binders, each with a byte of length, and two of its own */
    size_t binders = 2 + (h->strangers + 1) * (1 + len);
    tlsc_transcript_hash_before(&c->transcript, tlsc_bytes_of(c->hello.p, c->hello.n - binders),
                                hash);
    assert_ok(tlsc_finished13(c->suite->hash, &key, hash, c->hello.p + c->hello.n - len));
}

void hand_make_hello(hand_client *c, const hand_hello *h)
{
    uint8_t random[32];
    memset(random, 0xc1, sizeof(random));
    c->hello.n = 0;
    tlsc_wr w = tlsc_wr_of(&c->hello);
    tlsc_wr_u8(&w, TLSC_HS_CLIENT_HELLO);
    tlsc_wr_mark body = tlsc_wr_open24(&w);
    tlsc_wr_u16(&w, h->legacy_version == 0 ? TLSC_TLS12 : h->legacy_version);
    tlsc_wr_bytes(&w, tlsc_bytes_of(random, sizeof(random)));
    tlsc_wr_vec8(&w, h->session_id);
    tlsc_wr_vec16(&w, or_else(h->suites, BYTES(0x13, 1)));
    tlsc_wr_vec8(&w, or_else(h->compression, BYTES(0)));
    put_extensions(c, &w, h);
    tlsc_wr_close(&w, body);
    assert_ok(tlsc_wr_end(&w));
    if (h->ticket.n > 0 && h->psk != NULL) {
        /* the transcript before this hello: nothing is added in between, so "before" is now */
        assert_ok(tlsc_transcript_add(&c->transcript, (tlsc_bytes){ NULL, 0 }));
        fill_binder(c, h);
    } else {
        assert_ok(tlsc_schedule13_early(&c->schedule, c->suite->hash, (tlsc_bytes){ NULL, 0 }));
    }
    assert_ok(tlsc_transcript_add(&c->transcript, tlsc_buf_bytes(&c->hello)));
}

/* ---- the server's flight ---- */

size_t hand_open_record(hand_client *c, uint8_t *data, size_t n, uint8_t *type, tlsc_bytes *content)
{
    tlsc_deframed d;
    assert_ok(tlsc_deframe(&d, tlsc_bytes_of(data, n), false, c->rd.suite != NULL));
    if (d.size == 0) {
        return 0;
    }
    *type = d.header.type;
    *content = tlsc_bytes_of(data + TLSC_RECORD_HEADER, d.header.length);
    if (c->rd.suite != NULL && d.header.type != TLSC_CT_CHANGE_CIPHER_SPEC) {
        assert_ok(tlsc_protect13_open(&c->rd, tlsc_bytes_of(data, TLSC_RECORD_HEADER),
                                      data + TLSC_RECORD_HEADER, d.header.length, type, content));
    }
    return d.size;
}

static tlsc_server_hello parse_hello(tlsc_bytes message)
{
    tlsc_server_hello sh;
    assert_true(message.n > HEADER && message.p[0] == TLSC_HS_SERVER_HELLO);
    assert_ok(tlsc_server_hello_parse(&sh, tlsc_bytes_of(message.p + HEADER, message.n - HEADER)));
    return sh;
}

static void start(hand_client *c, tlsc_protect *direction, tlsc_label13 label, tlsc_secret *keep)
{
    uint8_t hash[TLSC_HASH_MAX];
    tlsc_transcript_hash(&c->transcript, hash);
    assert_ok(tlsc_schedule13_derive(&c->schedule, label, hash, keep));
    if (direction != NULL) {
        assert_ok(tlsc_protect13_start(direction, c->suite, keep));
    }
}

static void on_server_hello(hand_client *c, tlsc_bytes message)
{
    uint8_t shared[TLSC_GROUP_SECRET_MAX];
    tlsc_secret server;
    tlsc_server_hello sh = parse_hello(message);
    assert_false(sh.hello_retry);
    assert_int_equal(sh.suite, c->suite->id);
    assert_int_equal(sh.group, c->group->id);
    assert_int_equal(sh.key_exchange.n, c->group->reply_len);
    c->resumed = sh.has_psk;
    if (!sh.has_psk) {
        assert_ok(tlsc_schedule13_early(&c->schedule, c->suite->hash, (tlsc_bytes){ NULL, 0 }));
    }
    assert_ok(tlsc_transcript_add(&c->transcript, message));
    assert_ok(c->group->decapsulate(c->priv, sh.key_exchange, shared));
    assert_ok(tlsc_schedule13_handshake(&c->schedule, tlsc_bytes_of(shared, c->group->secret_len)));
    start(c, &c->wr, TLSC_LABEL_CLIENT_HANDSHAKE, &c->client_handshake);
    start(c, &c->rd, TLSC_LABEL_SERVER_HANDSHAKE, &server);
}

/* True once the server's Finished was there and right. */
static bool on_message(hand_client *c, const tlsc_msg *msg)
{
    uint8_t hash[TLSC_HASH_MAX];
    uint8_t expected[TLSC_HASH_MAX];
    assert_ok(tlsc_buf_append(&c->flight, msg->raw));
    if (msg->type == TLSC_HS_SERVER_HELLO) {
        on_server_hello(c, msg->raw);
        return false;
    }
    tlsc_transcript_hash(&c->transcript, hash);
    assert_ok(tlsc_transcript_add(&c->transcript, msg->raw));
    if (msg->type != TLSC_HS_FINISHED) {
        return false;
    }
    assert_ok(tlsc_finished13(c->suite->hash, &c->rd.secret, hash, expected));
    assert_bytes_equal(msg->body, tlsc_bytes_of(expected, c->suite->hash->len));
    assert_true(msg->ends_record);
    assert_ok(tlsc_schedule13_master(&c->schedule));
    start(c, NULL, TLSC_LABEL_CLIENT_TRAFFIC, &c->client_traffic);
    start(c, NULL, TLSC_LABEL_SERVER_TRAFFIC, &c->server_traffic);
    return true;
}

size_t hand_read_flight(hand_client *c, uint8_t *data, size_t n)
{
    tlsc_join j;
    size_t at = 0;
    bool done = false;
    c->flight.n = 0;
    tlsc_join_init(&j, BUF_MAX);
    while (!done) {
        uint8_t type = 0;
        tlsc_bytes content;
        size_t size = hand_open_record(c, data + at, n - at, &type, &content);
        assert_true(size > 0);
        at += size;
        if (type == TLSC_CT_CHANGE_CIPHER_SPEC) {
            continue;
        }
        assert_int_equal(type, TLSC_CT_HANDSHAKE);
        assert_ok(tlsc_join_add(&j, content));
        tlsc_msg msg;
        bool found = true;
        while (!done && found) {
            assert_ok(tlsc_join_next(&j, &msg, &found));
            done = found && on_message(c, &msg);
        }
    }
    assert_false(tlsc_join_pending(&j));
    tlsc_join_clear(&j);
    return at;
}

size_t hand_read_retry(hand_client *c, const uint8_t *data, size_t n, tlsc_server_hello *out)
{
    tlsc_deframed d;
    assert_ok(tlsc_deframe(&d, tlsc_bytes_of(data, n), false, false));
    assert_true(d.size > 0);
    tlsc_bytes message = tlsc_bytes_of(data + TLSC_RECORD_HEADER, d.header.length);
    *out = parse_hello(message);
    assert_true(out->hello_retry);
    tlsc_transcript_fold(&c->transcript);
    assert_ok(tlsc_transcript_add(&c->transcript, message));
    size_t at = d.size;
    assert_ok(tlsc_deframe(&d, tlsc_bytes_of(data + at, n - at), false, false));
    return d.size > 0 && d.header.type == TLSC_CT_CHANGE_CIPHER_SPEC ? at + d.size : at;
}

/* ---- the client's own ---- */

void hand_enter_early(hand_client *c)
{
    tlsc_secret early;
    start(c, &c->early, TLSC_LABEL_CLIENT_EARLY, &early);
    c->says_early = true;
}

void hand_leave_early(hand_client *c)
{
    c->says_early = false;
}

void hand_message(tlsc_buf *out, uint8_t type, tlsc_bytes body)
{
    tlsc_wr w = tlsc_wr_of(out);
    tlsc_wr_u8(&w, type);
    tlsc_wr_vec24(&w, body);
    assert_ok(tlsc_wr_end(&w));
}

void hand_finished_message(hand_client *c, tlsc_buf *out)
{
    uint8_t hash[TLSC_HASH_MAX];
    uint8_t verify_data[TLSC_HASH_MAX];
    tlsc_transcript_hash(&c->transcript, hash);
    assert_ok(tlsc_finished13(c->suite->hash, &c->client_handshake, hash, verify_data));
    size_t at = out->n;
    hand_message(out, TLSC_HS_FINISHED, tlsc_bytes_of(verify_data, c->suite->hash->len));
    assert_ok(tlsc_transcript_add(&c->transcript, tlsc_bytes_of(out->p + at, out->n - at)));
}

void hand_enter_traffic(hand_client *c)
{
    start(c, NULL, TLSC_LABEL_RESUMPTION, &c->resumption);
    assert_ok(tlsc_protect13_start(&c->rd, c->suite, &c->server_traffic));
    assert_ok(tlsc_protect13_start(&c->wr, c->suite, &c->client_traffic));
}

void hand_plain(tlsc_buf *out, uint8_t type, tlsc_bytes content)
{
    uint8_t header[TLSC_RECORD_HEADER];
    tlsc_record_header h = { type, TLSC_TLS12, (uint16_t)content.n };
    tlsc_record_header_write(header, &h);
    assert_ok(tlsc_buf_append(out, tlsc_bytes_of(header, sizeof(header))));
    assert_ok(tlsc_buf_append(out, content));
}

/* Padding is content to tlsc_protect13_seal: the type that it writes is the last zero of it. */
void hand_seal_padded(hand_client *c, tlsc_buf *out, uint8_t type, tlsc_bytes content,
                      size_t padding)
{
    size_t inner = content.n + padding;
    assert_ok(tlsc_buf_reserve(out, TLSC_SEAL13_HEAD + inner + TLSC_SEAL13_TAIL));
    uint8_t *data = out->p + out->n + TLSC_SEAL13_HEAD;
    tlsc_bytes_copy(data, content);
    if (padding > 0) {
        memset(data + content.n, 0, padding);
        data[content.n] = type;
    }
    assert_ok(tlsc_protect13_seal(c->says_early ? &c->early : &c->wr, padding > 0 ? 0 : type, data, inner, 0));
    out->n += TLSC_SEAL13_HEAD + inner + TLSC_SEAL13_TAIL;
}

void hand_seal(hand_client *c, tlsc_buf *out, uint8_t type, tlsc_bytes content)
{
    hand_seal_padded(c, out, type, content, 0);
}
