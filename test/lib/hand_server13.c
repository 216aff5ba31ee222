/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_server13.c: the server's side of TLS 1.3 on the library's own layers below the
 * handshake. */
#include "hand_server13.h"

#include <string.h>

#include "auth/credential.h"
#include "hand_client.h"
#include "record/deframe.h"
#include "tls_server.h"
#include "unit.h"
#include "wire/certificate_verify.h"
#include "wire/enums.h"
#include "wire/server_hello.h"
#include "wire/ticket.h"

enum { BUF_MAX = 1 << 20, X25519 = 0x001d, AES128 = 0x1301, HEADER = 4 };

static const tlsc_bytes nothing = { NULL, 0 };

void hand13_open(hand_server13 *s, const tlsc_provider *provider, const char *cert, uint16_t suite,
                 uint16_t group)
{
    memset(s, 0, sizeof(*s));
    s->provider = provider;
    s->suite = tlsc_provider_suite(provider, suite == 0 ? AES128 : suite);
    s->group = group == 0 ? X25519 : group;
    assert_non_null(s->suite);
    if (cert != NULL) {
        assert_ok(tls_credential_load(provider, cert, &s->credential));
    }
    tlsc_transcript_init(&s->transcript, BUF_MAX);
    assert_ok(tlsc_transcript_start(&s->transcript, s->suite->hash));
    s->in = tlsc_buf_of(BUF_MAX);
    s->joined = tlsc_buf_of(BUF_MAX);
    s->out = tlsc_buf_of(BUF_MAX);
}

void hand13_close(hand_server13 *s)
{
    tlsc_credential_free(s->credential);
    tlsc_mem_free(s->hello_memory);
    tlsc_transcript_clear(&s->transcript);
    tlsc_schedule13_clear(&s->schedule);
    tlsc_protect_clear(&s->rd);
    tlsc_protect_clear(&s->wr);
    tlsc_buf_clear(&s->in);
    tlsc_buf_clear(&s->joined);
    tlsc_buf_clear(&s->out);
}

/* ---- keys ---- */

static void derive(hand_server13 *s, tlsc_label13 label, tlsc_secret *out)
{
    uint8_t hash[TLSC_HASH_MAX];
    tlsc_transcript_hash(&s->transcript, hash);
    assert_ok(tlsc_schedule13_derive(&s->schedule, label, hash, out));
}

/* ---- from the client ---- */

void hand13_give(hand_server13 *s, tlsc_bytes bytes)
{
    assert_ok(tlsc_buf_append(&s->in, bytes));
}

uint8_t hand13_take_record(hand_server13 *s, tlsc_bytes *content)
{
    static uint8_t record[TLSC_MAX_RECORD];
    tlsc_deframed d;
    uint8_t type;
    assert_ok(tlsc_deframe(&d, tlsc_buf_bytes(&s->in), false, s->rd.suite != NULL));
    assert_true(d.size > 0);
    memcpy(record, s->in.p, d.size);
    tlsc_buf_consume(&s->in, d.size);
    type = d.header.type;
    *content = tlsc_bytes_of(record + TLSC_RECORD_HEADER, d.header.length);
    if (s->rd.suite != NULL && type == TLSC_CT_APPLICATION_DATA) {
        assert_ok(tlsc_protect_open(&s->rd, tlsc_bytes_of(record, TLSC_RECORD_HEADER),
                                    record + TLSC_RECORD_HEADER, d.header.length, &type, content));
    }
    return type;
}

uint8_t hand13_take_next(hand_server13 *s, tlsc_bytes *content)
{
    uint8_t type;
    do {
        type = hand13_take_record(s, content);
    } while (type == TLSC_CT_CHANGE_CIPHER_SPEC);
    return type;
}

void hand13_take_hello(hand_server13 *s)
{
    tlsc_bytes content;
    assert_int_equal(hand13_take_next(s, &content), TLSC_CT_HANDSHAKE);
    assert_true(content.n > HEADER && content.p[0] == TLSC_HS_CLIENT_HELLO);
    tlsc_mem_free(s->hello_memory);
    s->hello_memory = (uint8_t *)tlsc_mem_dup(content);
    assert_non_null(s->hello_memory);
    s->hello_n = content.n;
    assert_ok(tlsc_client_hello_parse(
        &s->hello, tlsc_bytes_of(s->hello_memory + HEADER, content.n - HEADER)));
    assert_ok(tlsc_transcript_add(&s->transcript, content));
    if (s->psk.n > 0) {
        assert_ok(
            tlsc_schedule13_early(&s->schedule, s->suite->hash, tlsc_secret_bytes(&s->psk)));
        derive(s, TLSC_LABEL_CLIENT_EARLY, &s->client_early);
    }
}

/* Bytes of the message at the front of `joined`; 0 if it isn't whole. */
static size_t whole(const tlsc_buf *joined)
{
    if (joined->n < HEADER) {
        return 0;
    }
    const uint8_t *p = joined->p;
    size_t n = HEADER + ((size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]);
    return n <= joined->n ? n : 0;
}

void hand13_take_message(hand_server13 *s, uint8_t type, tlsc_bytes *body)
{
    static uint8_t message[1 << 17];
    tlsc_bytes content;
    while (whole(&s->joined) == 0) {
        assert_int_equal(hand13_take_next(s, &content), TLSC_CT_HANDSHAKE);
        assert_ok(tlsc_buf_append(&s->joined, content));
    }
    size_t n = whole(&s->joined);
    assert_true(n <= sizeof(message));
    memcpy(message, s->joined.p, n);
    tlsc_buf_consume(&s->joined, n);
    assert_int_equal(message[0], type);
    if (body != NULL) {
        *body = tlsc_bytes_of(message + HEADER, n - HEADER);
    }
    assert_ok(tlsc_transcript_add(&s->transcript, tlsc_bytes_of(message, n)));
}

void hand13_take_finished(hand_server13 *s)
{
    uint8_t hash[TLSC_HASH_MAX];
    uint8_t expected[TLSC_HASH_MAX];
    tlsc_bytes body;
    tlsc_transcript_hash(&s->transcript, hash);
    assert_ok(tlsc_finished13(s->suite->hash, &s->client_handshake, hash, expected));
    hand13_take_message(s, TLSC_HS_FINISHED, &body);
    assert_bytes_equal(body, tlsc_bytes_of(expected, s->suite->hash->len));
    assert_int_equal(s->joined.n, 0);
    derive(s, TLSC_LABEL_RESUMPTION, &s->resumption);
    assert_ok(tlsc_protect13_start(&s->rd, s->suite, &s->client_traffic));
}

/* ---- hellos ---- */

static void put_key_share(const hand_server13 *s, tlsc_wr *w, const hand_server_hello *h,
                          tlsc_bytes reply)
{
    tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_key_share);
    tlsc_wr_u16(w, h->group == 0 ? s->group : h->group);
    if (!h->retry) {
        tlsc_wr_vec16(w, h->share.n > 0 ? h->share : reply);
    }
    tlsc_wr_close(w, m);
}

static void put_extensions(const hand_server13 *s, tlsc_wr *w, const hand_server_hello *h,
                           tlsc_bytes reply)
{
    tlsc_wr_mark block = tlsc_wr_open16(w);
    if (!h->no_versions) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_supported_versions);
        tlsc_wr_u16(w, h->version == 0 ? TLSC_TLS13 : h->version);
        tlsc_wr_close(w, m);
    }
    if (!h->no_key_share) {
        put_key_share(s, w, h, reply);
    }
    if (h->cookie.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_cookie);
        tlsc_wr_vec16(w, h->cookie);
        tlsc_wr_close(w, m);
    }
    if (h->has_psk) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_pre_shared_key);
        tlsc_wr_u16(w, h->psk_index);
        tlsc_wr_close(w, m);
    }
    tlsc_wr_bytes(w, h->extra);
    tlsc_wr_close(w, block);
}

static void make_hello(const hand_server13 *s, const hand_server_hello *h, tlsc_bytes reply,
                       tlsc_buf *message)
{
    static const uint8_t random[32] = { 9, 8, 7 };
    uint8_t session_id[32];
    tlsc_bytes echo = s->hello.session_id;
    tlsc_bytes_copy(session_id, echo);
    if (h->other_session_id) {
        session_id[0] ^= 1;
    }
    tlsc_wr w = tlsc_wr_of(message);
    tlsc_wr_u8(&w, TLSC_HS_SERVER_HELLO);
    tlsc_wr_mark body = tlsc_wr_open24(&w);
    tlsc_wr_u16(&w, h->legacy_version == 0 ? TLSC_TLS12 : h->legacy_version);
    tlsc_wr_bytes(&w, h->retry          ? tlsc_bytes_of(tlsc_hello_retry_random, 32)
                      : h->random.n > 0 ? h->random
                                        : tlsc_bytes_of(random, sizeof(random)));
    tlsc_wr_vec8(&w, h->no_session_id ? nothing : tlsc_bytes_of(session_id, echo.n));
    tlsc_wr_u16(&w, h->suite == 0 ? s->suite->id : h->suite);
    tlsc_wr_u8(&w, h->compression);
    put_extensions(s, &w, h, reply);
    tlsc_wr_close(&w, body);
    assert_ok(tlsc_wr_end(&w));
}

/* Answers the client's share, if there is one for the group. */
static size_t encapsulate(const hand_server13 *s, uint16_t id, uint8_t *reply, uint8_t *shared)
{
    const tlsc_group *group = tlsc_provider_group(s->provider, id);
    tlsc_rd shares = tlsc_rd_of(s->hello.key_shares);
    tlsc_key_share share;
    while (group != NULL && tlsc_key_share_next(&shares, &share)) {
        if (share.group == id) {
            assert_ok(group->encapsulate(s->provider->random, share.key_exchange, reply, shared));
            return group->reply_len;
        }
    }
    memset(reply, 4, 32);
    return 32;
}

void hand13_make_hello(hand_server13 *s, const hand_server_hello *h, tlsc_buf *message)
{
    uint8_t reply[TLSC_GROUP_SHARE_MAX];
    uint8_t shared[TLSC_GROUP_SECRET_MAX];
    size_t n = encapsulate(s, h->group == 0 ? s->group : h->group, reply, shared);
    make_hello(s, h, tlsc_bytes_of(reply, n), message);
}

static void enter_handshake(hand_server13 *s, tlsc_bytes shared, bool resumes)
{
    assert_ok(tlsc_schedule13_early(&s->schedule, s->suite->hash,
                                    resumes ? tlsc_secret_bytes(&s->psk) : nothing));
    assert_ok(tlsc_schedule13_handshake(&s->schedule, shared));
    derive(s, TLSC_LABEL_CLIENT_HANDSHAKE, &s->client_handshake);
    derive(s, TLSC_LABEL_SERVER_HANDSHAKE, &s->server_handshake);
    assert_ok(tlsc_protect13_start(&s->rd, s->suite, &s->client_handshake));
    assert_ok(tlsc_protect13_start(&s->wr, s->suite, &s->server_handshake));
}

void hand13_say_hello(hand_server13 *s, const hand_server_hello *h)
{
    uint8_t reply[TLSC_GROUP_SHARE_MAX];
    uint8_t shared[TLSC_GROUP_SECRET_MAX] = { 0 };
    uint16_t id = h->group == 0 ? s->group : h->group;
    tlsc_buf message = tlsc_buf_of(BUF_MAX);
    size_t n = encapsulate(s, id, reply, shared);
    make_hello(s, h, tlsc_bytes_of(reply, n), &message);
    if (h->retry) {
        tlsc_transcript_fold(&s->transcript);
    }
    assert_ok(tlsc_transcript_add(&s->transcript, tlsc_buf_bytes(&message)));
    hand13_say_plain(s, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    tlsc_buf_clear(&message);
    if (!h->retry) {
        const tlsc_group *group = tlsc_provider_group(s->provider, id);
        enter_handshake(s, tlsc_bytes_of(shared, group == NULL ? 32 : group->secret_len),
                        h->has_psk);
    }
}

/* ---- the flight ---- */

void hand13_say_plain(hand_server13 *s, uint8_t type, tlsc_bytes content)
{
    hand_plain(&s->out, type, content);
}

void hand13_say_record(hand_server13 *s, uint8_t type, tlsc_bytes content)
{
    if (s->wr.suite == NULL) {
        hand13_say_plain(s, type, content);
        return;
    }
    size_t head = tlsc_protect_head(&s->wr);
    size_t size = head + content.n + tlsc_protect_tail(&s->wr);
    assert_ok(tlsc_buf_reserve(&s->out, size));
    tlsc_bytes_copy(s->out.p + s->out.n + head, content);
    assert_ok(tlsc_protect_seal(&s->wr, type, s->out.p + s->out.n + head, content.n));
    s->out.n += size;
}

void hand13_say(hand_server13 *s, uint8_t type, tlsc_bytes body)
{
    tlsc_buf message = tlsc_buf_of(BUF_MAX);
    hand_message(&message, type, body);
    assert_ok(tlsc_transcript_add(&s->transcript, tlsc_buf_bytes(&message)));
    for (size_t at = 0; at < message.n; at += TLSC_MAX_PLAINTEXT) {
        size_t n = message.n - at < TLSC_MAX_PLAINTEXT ? message.n - at : TLSC_MAX_PLAINTEXT;
        hand13_say_record(s, TLSC_CT_HANDSHAKE, tlsc_bytes_of(message.p + at, n));
    }
    tlsc_buf_clear(&message);
}

void hand13_say_extensions(hand_server13 *s, tlsc_bytes extensions)
{
    tlsc_buf body = tlsc_buf_of(BUF_MAX);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_vec16(&w, extensions);
    assert_ok(tlsc_wr_end(&w));
    hand13_say(s, TLSC_HS_ENCRYPTED_EXTENSIONS, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
}

void hand13_say_request(hand_server13 *s)
{
    hand13_say(s, TLSC_HS_CERTIFICATE_REQUEST, BYTES(0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3));
}

void hand13_say_certificate(hand_server13 *s)
{
    hand13_say(s, TLSC_HS_CERTIFICATE, s->credential->certificate13);
}

void hand13_make_verify(hand_server13 *s, uint16_t scheme, tlsc_buf *body)
{
    uint8_t content[TLSC_CV_CONTENT_MAX];
    uint8_t hash[TLSC_HASH_MAX];
    uint8_t signature[TLSC_SIGNATURE_MAX] = { 1, 2, 3 };
    size_t n = 64; /* of somebody else's, where the key isn't here */
    const tlsc_signing_key *key = s->credential->key;
    tlsc_certificate_verify cv = { .scheme = scheme == 0 ? s->credential->schemes[0] : scheme };
    tlsc_transcript_hash(&s->transcript, hash);
    size_t content_n = tlsc_certificate_verify_content(content, true,
                                                       tlsc_bytes_of(hash, s->suite->hash->len));
    if (key != NULL) {
        assert_ok(key->sign(key, cv.scheme, tlsc_bytes_of(content, content_n), signature, &n));
    }
    cv.signature = tlsc_bytes_of(signature, n);
    tlsc_wr w = tlsc_wr_of(body);
    tlsc_certificate_verify_emit(&w, &cv);
    assert_ok(tlsc_wr_end(&w));
}

void hand13_say_verify(hand_server13 *s)
{
    tlsc_buf body = tlsc_buf_of(4096);
    hand13_make_verify(s, 0, &body);
    hand13_say(s, TLSC_HS_CERTIFICATE_VERIFY, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
}

void hand13_make_finished(hand_server13 *s, tlsc_buf *body)
{
    uint8_t hash[TLSC_HASH_MAX];
    uint8_t verify_data[TLSC_HASH_MAX];
    tlsc_transcript_hash(&s->transcript, hash);
    assert_ok(tlsc_finished13(s->suite->hash, &s->server_handshake, hash, verify_data));
    assert_ok(tlsc_buf_append(body, tlsc_bytes_of(verify_data, s->suite->hash->len)));
}

void hand13_say_finished(hand_server13 *s)
{
    tlsc_buf body = tlsc_buf_of(64);
    hand13_make_finished(s, &body);
    hand13_say(s, TLSC_HS_FINISHED, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
    assert_ok(tlsc_schedule13_master(&s->schedule));
    derive(s, TLSC_LABEL_CLIENT_TRAFFIC, &s->client_traffic);
    derive(s, TLSC_LABEL_SERVER_TRAFFIC, &s->server_traffic);
    assert_ok(tlsc_protect13_start(&s->wr, s->suite, &s->server_traffic));
}

void hand13_say_ticket(hand_server13 *s, uint32_t lifetime_s, tlsc_bytes nonce, tlsc_bytes ticket,
                       tlsc_bytes extensions)
{
    tlsc_buf message = tlsc_buf_of(BUF_MAX);
    tlsc_buf body = tlsc_buf_of(BUF_MAX);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_wr_u32(&w, lifetime_s);
    tlsc_wr_u32(&w, 0x01020304);
    tlsc_wr_vec8(&w, nonce);
    tlsc_wr_vec16(&w, ticket);
    tlsc_wr_vec16(&w, extensions);
    assert_ok(tlsc_wr_end(&w));
    hand_message(&message, TLSC_HS_NEW_SESSION_TICKET, tlsc_buf_bytes(&body));
    for (size_t at = 0; at < message.n; at += TLSC_MAX_PLAINTEXT) {
        size_t n = message.n - at < TLSC_MAX_PLAINTEXT ? message.n - at : TLSC_MAX_PLAINTEXT;
        hand13_say_record(s, TLSC_CT_HANDSHAKE, tlsc_bytes_of(message.p + at, n));
    }
    tlsc_buf_clear(&message);
    tlsc_buf_clear(&body);
}
