/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_server12.c: a TLS 1.2 server without a machine. */
#include "hand_server12.h"

#include <string.h>

#include "auth/credential.h"
#include "handshake/common12.h"
#include "record/deframe.h"
#include "tls_server.h"
#include "unit.h"
#include "wire/certificate_verify.h"

enum { MESSAGE_HEADER = 4, MESSAGE_MAX = 1 << 16 };

void hand12_open(hand_server12 *s, const char *cert, uint16_t suite, uint16_t group)
{
    memset(s, 0, sizeof(*s));
    const tlsc_provider *provider = tlsc_provider_default();
    assert_ok(tls_credential_load(provider, cert, &s->credential));
    tlsc_rl_init(&s->rl, TLSC_MAX_PLAINTEXT);
    tlsc_join_init(&s->join, MESSAGE_MAX);
    s->alert = -1;
    s->options.size = sizeof(s->options);
    static const tlsc_config nothing_set;
    tlsc_hs *hs = &s->hs;
    static const tlsc_config plain; /* nothing is switched on */
    hs->config = &plain;
    hs->provider = provider;
    hs->config = &nothing_set;
    hs->options = &s->options;
    hs->rl = &s->rl;
    hs->outcome = &s->outcome;
    hs->flight = tlsc_buf_of(MESSAGE_MAX);
    hs->suite = tlsc_provider_suite(provider, suite);
    hs->group = tlsc_provider_group(provider, group);
    assert_non_null(hs->suite);
    assert_non_null(hs->group);
    hs->kx_private = tlsc_mem_zalloc(hs->group->private_len);
    assert_non_null(hs->kx_private);
    assert_ok(hs->group->keygen(provider->random, hs->kx_private, hs->share));
    memset(hs->server_random, 0x5a, sizeof(hs->server_random));
    tlsc_transcript_init(&hs->transcript, 8 * MESSAGE_MAX);
    tlsc_transcript_keep(&hs->transcript);
}

void hand12_close(hand_server12 *s)
{
    tlsc_credential_free(s->credential);
    tlsc_rl_clear(&s->rl);
    tlsc_join_clear(&s->join);
    tlsc_buf_clear(&s->hs.flight);
    s->hs.group->clear(s->hs.kx_private);
    tlsc_mem_free(s->hs.kx_private);
    tlsc_mem_free(s->hello_memory);
    tlsc_transcript_clear(&s->hs.transcript);
    tlsc_wipe(s, sizeof(*s));
}

/* ---- from the client ---- */

static void take_hello(hand_server12 *s, const tlsc_msg *msg)
{
    tlsc_mem_free(s->hello_memory);
    s->hello_memory = test_copy(msg->body);
    assert_ok(tlsc_client_hello_parse(&s->hello, tlsc_bytes_of(s->hello_memory, msg->body.n)));
    tlsc_bytes_copy(s->outcome.client_random, s->hello.random);
}

static void take_certificate(hand_server12 *s, const tlsc_msg *msg)
{
    tlsc_bytes list;
    assert_ok(tlsc_certificate12_parse(&list, msg->body));
    s->certificate_came = true;
    tlsc_rd r = tlsc_rd_of(list);
    while (tlsc_rd_more(&r)) {
        (void)tlsc_rd_vec24(&r, 1, 0xffffff);
        s->num_certificates++;
    }
}

/* Not by the function of the library that chooses between the two. RFC 7627 4, RFC 5246 8.1 */
static void derive_master(tlsc_hs *hs, tlsc_bytes premaster)
{
    uint8_t session_hash[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, session_hash);
    if (hs->extended_master_secret) {
        assert_ok(tlsc_master12_extended(hs->suite->hash, premaster, session_hash, &hs->master));
    } else {
        assert_ok(tlsc_master12(hs->suite->hash, premaster, hs->outcome->client_random,
                                hs->server_random, &hs->master));
    }
    assert_ok(tlsc_common12_derive_keys(hs));
}

static void take_key_exchange(hand_server12 *s, const tlsc_msg *msg)
{
    tlsc_hs *hs = &s->hs;
    tlsc_bytes point;
    uint8_t secret[TLSC_GROUP_SECRET_MAX];
    assert_ok(tlsc_client_key_exchange_parse(&point, msg->body));
    assert_ok(hs->group->decapsulate(hs->kx_private, point, secret));
    derive_master(hs, tlsc_bytes_of(secret, hs->group->secret_len));
}

/* The client's certificates in these tests are the server's own. */
static void take_verify(hand_server12 *s, const tlsc_msg *msg)
{
    tlsc_certificate_verify cv;
    assert_ok(tlsc_certificate_verify_parse(&cv, msg->body));
    assert_ok(tlsc_provider_verify(s->hs.provider, cv.scheme, s->credential->leaf.spki,
                                     tlsc_transcript_messages_before(&s->hs.transcript),
                                     cv.signature));
    s->verify_scheme = cv.scheme;
}

static void take_message(hand_server12 *s, const tlsc_msg *msg)
{
    assert_ok(tlsc_transcript_add(&s->hs.transcript, msg->raw));
    switch (msg->type) {
    case TLSC_HS_CLIENT_HELLO:
        take_hello(s, msg);
        break;
    case TLSC_HS_CERTIFICATE:
        take_certificate(s, msg);
        break;
    case TLSC_HS_CLIENT_KEY_EXCHANGE:
        take_key_exchange(s, msg);
        break;
    case TLSC_HS_CERTIFICATE_VERIFY:
        take_verify(s, msg);
        break;
    case TLSC_HS_FINISHED:
        assert_ok(tlsc_common12_check_finished(&s->hs, msg));
        s->finished_came = true;
        break;
    default:
        fail_msg("a client said %u", msg->type);
    }
}

static void take_handshake(hand_server12 *s, tlsc_bytes content)
{
    tlsc_msg msg;
    bool found;
    assert_ok(tlsc_join_add(&s->join, content));
    for (;;) {
        assert_ok(tlsc_join_next(&s->join, &msg, &found));
        if (!found) {
            break;
        }
        take_message(s, &msg);
    }
    tlsc_join_settle(&s->join);
}

static void take_record(hand_server12 *s, const tlsc_deframed *d, uint8_t *record)
{
    uint8_t type = d->header.type;
    tlsc_bytes content = tlsc_bytes_of(record + TLSC_RECORD_HEADER, d->header.length);
    if (s->rl.rd.suite != NULL) {
        assert_ok(tlsc_protect_open(&s->rl.rd, tlsc_bytes_of(record, TLSC_RECORD_HEADER),
                                    record + TLSC_RECORD_HEADER, d->header.length, &type,
                                    &content));
    }
    if (type == TLSC_CT_HANDSHAKE) {
        take_handshake(s, content);
    } else if (type == TLSC_CT_CHANGE_CIPHER_SPEC) {
        s->ccs_came = true;
        assert_ok(tlsc_common12_take_ccs(&s->hs));
    } else if (type == TLSC_CT_ALERT) {
        assert_int_equal(content.n, 2);
        s->alert = content.p[1];
    }
}

void hand12_take(hand_server12 *s, tlsc_stream *client)
{
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(client, &out));
    uint8_t *copy = test_copy(out);
    size_t n = out.n;
    tlsc_stream_sent(client, n);
    for (size_t at = 0; at < n;) {
        tlsc_deframed d;
        assert_ok(tlsc_deframe(&d, tlsc_bytes_of(copy + at, n - at), false,
                               s->rl.rd.suite != NULL));
        assert_int_equal(d.needed, 0);
        take_record(s, &d, copy + at);
        at += d.size;
    }
    tlsc_mem_free(copy);
}

/* ---- to the client ---- */

tlsc_err hand12_give(hand_server12 *s, tlsc_stream *client)
{
    tlsc_err rc = tlsc_stream_feed(client, s->rl.out.p, s->rl.out.n);
    tlsc_buf_clear(&s->rl.out);
    return rc;
}

void hand12_say_record(hand_server12 *s, uint8_t type, tlsc_bytes content)
{
    assert_ok(tlsc_rl_put(&s->rl, type, content));
}

void hand12_say(hand_server12 *s, uint8_t type, tlsc_bytes body)
{
    tlsc_hs_out out = tlsc_hs_begin(&s->hs, type);
    tlsc_wr_bytes(&out.w, body);
    assert_ok(tlsc_hs_end(&s->hs, &out));
    assert_ok(tlsc_hs_flush(&s->hs));
}

static void say_buf(hand_server12 *s, uint8_t type, tlsc_wr *w, tlsc_buf *body)
{
    assert_ok(tlsc_wr_end(w));
    hand12_say(s, type, tlsc_buf_bytes(body));
    tlsc_buf_clear(body);
}

tlsc_server_hello12 hand12_hello(const hand_server12 *s)
{
    return (tlsc_server_hello12){
        .random = tlsc_bytes_of(s->hs.server_random, sizeof(s->hs.server_random)),
        .suite = s->hs.suite->id,
        .renegotiation_info = true,
        .extended_master_secret = true,
    };
}

void hand12_say_hello(hand_server12 *s, const tlsc_server_hello12 *sh)
{
    tlsc_buf body = tlsc_buf_of(MESSAGE_MAX);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_server_hello12_emit(&w, sh);
    s->hs.extended_master_secret = sh->extended_master_secret;
    tlsc_bytes_copy(s->hs.server_random, sh->random);
    if (s->hs.transcript.hash == NULL) {
        assert_ok(tlsc_transcript_start(&s->hs.transcript, s->hs.suite->hash));
    }
    say_buf(s, TLSC_HS_SERVER_HELLO, &w, &body);
}

void hand12_say_certificate(hand_server12 *s)
{
    tlsc_buf body = tlsc_buf_of(MESSAGE_MAX);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_certificate12_emit(&w, s->credential->chain, s->credential->num_chain);
    say_buf(s, TLSC_HS_CERTIFICATE, &w, &body);
}

void hand12_make_key_exchange(hand_server12 *s, uint16_t scheme, tlsc_buf *body)
{
    const tlsc_signing_key *key = s->credential->key;
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    tlsc_buf params = tlsc_buf_of(512);
    tlsc_buf content = tlsc_buf_of(512);
    tlsc_server_key_exchange ske = {
        .group = s->hs.group->id,
        .point = tlsc_bytes_of(s->hs.share, s->hs.group->share_len),
        .scheme = scheme == 0 ? key->schemes[0] : scheme,
    };
    tlsc_wr w = tlsc_wr_of(&params);
    tlsc_ecdh_params_emit(&w, ske.group, ske.point);
    assert_ok(tlsc_wr_end(&w));
    assert_ok(tlsc_common12_signed_params(&s->hs, tlsc_buf_bytes(&params), &content));
    assert_ok(key->sign(key, ske.scheme, tlsc_buf_bytes(&content), signature, &n));
    ske.signature = tlsc_bytes_of(signature, n);
    w = tlsc_wr_of(body);
    tlsc_server_key_exchange_emit(&w, &ske);
    assert_ok(tlsc_wr_end(&w));
    tlsc_buf_clear(&params);
    tlsc_buf_clear(&content);
}

void hand12_say_key_exchange(hand_server12 *s)
{
    tlsc_buf body = tlsc_buf_of(MESSAGE_MAX);
    hand12_make_key_exchange(s, 0, &body);
    hand12_say(s, TLSC_HS_SERVER_KEY_EXCHANGE, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
}

void hand12_say_request(hand_server12 *s)
{
    static const uint8_t types[] = { TLSC_CLIENT_TYPE_RSA_SIGN, TLSC_CLIENT_TYPE_ECDSA_SIGN };
    static const uint8_t schemes[] = { 0x04, 0x03, 0x05, 0x03, 0x08, 0x04, 0x04, 0x01 };
    tlsc_certificate_request request = { .types = tlsc_bytes_of(types, sizeof(types)),
                                         .schemes = tlsc_bytes_of(schemes, sizeof(schemes)) };
    tlsc_buf body = tlsc_buf_of(MESSAGE_MAX);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_certificate_request12_emit(&w, &request);
    say_buf(s, TLSC_HS_CERTIFICATE_REQUEST, &w, &body);
}

void hand12_say_done(hand_server12 *s)
{
    hand12_say(s, TLSC_HS_SERVER_HELLO_DONE, (tlsc_bytes){ NULL, 0 });
}

void hand12_say_ticket(hand_server12 *s, uint32_t lifetime_hint_s, tlsc_bytes ticket)
{
    tlsc_buf body = tlsc_buf_of(MESSAGE_MAX);
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_ticket12_emit(&w, lifetime_hint_s, ticket);
    say_buf(s, TLSC_HS_NEW_SESSION_TICKET, &w, &body);
}

void hand12_say_finished(hand_server12 *s)
{
    assert_ok(tlsc_common12_send_finished(&s->hs));
}

void hand12_resume(hand_server12 *s, const tlsc_secret *master)
{
    s->hs.master = *master;
    assert_ok(tlsc_common12_derive_keys(&s->hs));
}
