/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hand_client12.c: a TLS 1.2 client without a machine. */
#include "hand_client12.h"

#include <string.h>

#include "handshake/common12.h"
#include "record/deframe.h"
#include "unit.h"
#include "wire/key_exchange12.h"

enum { MESSAGE_HEADER = 4, MESSAGE_MAX = 1 << 16 };

void client12_open(hand_client12 *c, uint16_t suite, uint16_t group)
{
    const tlsc_provider *provider = tlsc_provider_default();
    memset(c, 0, sizeof(*c));
    hand_open(&c->hellos, provider, 0);
    tlsc_rl_init(&c->rl, TLSC_MAX_PLAINTEXT);
    tlsc_join_init(&c->join, MESSAGE_MAX);
    c->alert = -1;
    c->ticket = tlsc_buf_of(MESSAGE_MAX);
    c->options.size = sizeof(c->options);
    static const tlsc_config nothing_set;
    tlsc_hs *hs = &c->hs;
    hs->is_client = true;
    static const tlsc_config plain; /* nothing is switched on */
    hs->config = &plain;
    hs->provider = provider;
    hs->config = &nothing_set;
    hs->options = &c->options;
    hs->rl = &c->rl;
    hs->outcome = &c->outcome;
    hs->flight = tlsc_buf_of(MESSAGE_MAX);
    hs->suite = tlsc_provider_suite(provider, suite);
    hs->group = tlsc_provider_group(provider, group);
    assert_non_null(hs->suite);
    assert_non_null(hs->group);
    tlsc_transcript_init(&hs->transcript, 8 * MESSAGE_MAX);
}

void client12_close(hand_client12 *c)
{
    hand_close(&c->hellos);
    tlsc_rl_clear(&c->rl);
    tlsc_join_clear(&c->join);
    tlsc_buf_clear(&c->hs.flight);
    tlsc_buf_clear(&c->ticket);
    tlsc_transcript_clear(&c->hs.transcript);
    tlsc_mem_free(c->hello_memory);
    tlsc_wipe(c, sizeof(*c));
}

/* ---- from the server ---- */

static void take_hello(hand_client12 *c, const tlsc_msg *msg)
{
    c->hello_memory = test_copy(msg->body);
    assert_ok(tlsc_server_hello12_parse(&c->hello, tlsc_bytes_of(c->hello_memory, msg->body.n)));
    tlsc_bytes_copy(c->hs.server_random, c->hello.random);
    c->hs.extended_master_secret = c->hello.extended_master_secret;
    assert_int_equal(c->hello.suite, c->hs.suite->id);
    assert_ok(tlsc_transcript_start(&c->hs.transcript, c->hs.suite->hash));
}

static void take_key_exchange(hand_client12 *c, const tlsc_msg *msg)
{
    tlsc_server_key_exchange ske;
    assert_ok(tlsc_server_key_exchange_parse(&ske, msg->body));
    assert_int_equal(ske.group, c->hs.group->id);
    tlsc_bytes_copy(c->hs.share, ske.point);
    c->hs.peer_share = tlsc_bytes_of(c->hs.share, ske.point.n);
}

static void take_ticket(hand_client12 *c, const tlsc_msg *msg)
{
    tlsc_bytes ticket;
    assert_ok(tlsc_ticket12_parse(&c->hs.ticket_lifetime_s, &ticket, msg->body));
    assert_ok(tlsc_buf_append(&c->ticket, ticket));
}

static void take_message(hand_client12 *c, const tlsc_msg *msg)
{
    assert_ok(tlsc_transcript_add(&c->hs.transcript, msg->raw));
    switch (msg->type) {
    case TLSC_HS_SERVER_HELLO:
        take_hello(c, msg);
        break;
    case TLSC_HS_SERVER_KEY_EXCHANGE:
        take_key_exchange(c, msg);
        break;
    case TLSC_HS_CERTIFICATE_REQUEST:
        c->requested = true;
        break;
    case TLSC_HS_SERVER_HELLO_DONE:
        c->done_came = true;
        break;
    case TLSC_HS_NEW_SESSION_TICKET:
        take_ticket(c, msg);
        break;
    case TLSC_HS_FINISHED:
        assert_ok(tlsc_common12_check_finished(&c->hs, msg));
        c->finished_came = true;
        break;
    default:
        assert_int_equal(msg->type, TLSC_HS_CERTIFICATE);
    }
}

static void take_handshake(hand_client12 *c, tlsc_bytes content)
{
    tlsc_msg msg;
    bool found;
    assert_ok(tlsc_join_add(&c->join, content));
    for (;;) {
        assert_ok(tlsc_join_next(&c->join, &msg, &found));
        if (!found) {
            break;
        }
        take_message(c, &msg);
    }
    tlsc_join_settle(&c->join);
}

static void take_content(hand_client12 *c, uint8_t type, tlsc_bytes content)
{
    if (type == TLSC_CT_HANDSHAKE) {
        take_handshake(c, content);
    } else if (type == TLSC_CT_CHANGE_CIPHER_SPEC) {
        c->ccs_came = true;
        assert_ok(tlsc_common12_take_ccs(&c->hs));
    } else if (type == TLSC_CT_ALERT) {
        assert_int_equal(content.n, 2);
        c->alert = content.p[1];
    } else {
        assert_true(content.n <= sizeof(c->data));
        tlsc_bytes_copy(c->data, content);
        c->data_n = content.n;
    }
}

void client12_take(hand_client12 *c, tlsc_stream *server)
{
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(server, &out));
    uint8_t *copy = test_copy(out);
    size_t n = out.n;
    tlsc_stream_sent(server, n);
    for (size_t at = 0; at < n;) {
        tlsc_deframed d;
        bool sealed = c->rl.rd.suite != NULL;
        assert_ok(tlsc_deframe(&d, tlsc_bytes_of(copy + at, n - at), false, sealed));
        assert_int_equal(d.needed, 0);
        uint8_t *body = copy + at + TLSC_RECORD_HEADER;
        tlsc_bytes content = tlsc_bytes_of(body, d.header.length);
        uint8_t type = d.header.type;
        if (sealed) {
            assert_ok(tlsc_protect_open(&c->rl.rd, tlsc_bytes_of(copy + at, TLSC_RECORD_HEADER),
                                        body, d.header.length, &type, &content));
        }
        take_content(c, type, content);
        at += d.size;
    }
    tlsc_mem_free(copy);
}

/* ---- to the server ---- */

tlsc_err client12_give(hand_client12 *c, tls_site *site, tlsc_stream *server)
{
    tlsc_err rc = tls_server_feed(site, server, c->rl.out.p, c->rl.out.n);
    tlsc_buf_clear(&c->rl.out);
    return rc;
}

void client12_say_record(hand_client12 *c, uint8_t type, tlsc_bytes content)
{
    assert_ok(tlsc_rl_put(&c->rl, type, content));
}

void client12_say(hand_client12 *c, uint8_t type, tlsc_bytes body)
{
    tlsc_hs_out out = tlsc_hs_begin(&c->hs, type);
    tlsc_wr_bytes(&out.w, body);
    assert_ok(tlsc_hs_end(&c->hs, &out));
    assert_ok(tlsc_hs_flush(&c->hs));
}

hand_hello client12_hello(const hand_client12 *c)
{
    static uint8_t suites[2];
    static uint8_t groups[6] = { 0, 0x17, 0, 0x18 };
    static const uint8_t schemes[] = { 4, 3, 5, 3, 8, 4, 4, 1, 8, 7 };
    static const uint8_t extra[] = { 0, 0x23, 0, 0, 0, 0x17, 0, 0, 0xff, 1, 0, 1, 0 };
    suites[0] = (uint8_t)(c->hs.suite->id >> 8);
    suites[1] = (uint8_t)c->hs.suite->id;
    groups[4] = (uint8_t)(c->hs.group->id >> 8);
    groups[5] = (uint8_t)c->hs.group->id;
    /* with those of P-256 and P-384 for the sake of certificates, but ours first */
    bool own = c->hs.group->id != 0x17 && c->hs.group->id != 0x18;
    return (hand_hello){
        .suites = tlsc_bytes_of(suites, sizeof(suites)),
        .groups = tlsc_bytes_of(groups, own ? 6 : 4),
        .schemes = tlsc_bytes_of(schemes, sizeof(schemes)),
        .no_versions = true,
        .no_key_share = true,
        .no_psk_modes = true,
        .server_name = TEXT("a.test"),
        .extra = tlsc_bytes_of(extra, sizeof(extra)),
    };
}

void client12_say_hello(hand_client12 *c, const hand_hello *h)
{
    enum { RANDOM_AT = MESSAGE_HEADER + 2 };
    hand_make_hello(&c->hellos, h);
    tlsc_bytes message = tlsc_buf_bytes(&c->hellos.hello);
    memcpy(c->outcome.client_random, message.p + RANDOM_AT, sizeof(c->outcome.client_random));
    assert_ok(tlsc_transcript_add(&c->hs.transcript, message));
    client12_say_record(c, TLSC_CT_HANDSHAKE, message);
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

void client12_say_key_exchange(hand_client12 *c)
{
    const tlsc_group *group = c->hs.group;
    uint8_t reply[TLSC_GROUP_SHARE_MAX];
    uint8_t secret[TLSC_GROUP_SECRET_MAX];
    tlsc_buf body = tlsc_buf_of(512);
    assert_ok(group->encapsulate(c->hs.provider->random, c->hs.peer_share, reply, secret));
    tlsc_wr w = tlsc_wr_of(&body);
    tlsc_client_key_exchange_emit(&w, tlsc_bytes_of(reply, group->reply_len));
    assert_ok(tlsc_wr_end(&w));
    client12_say(c, TLSC_HS_CLIENT_KEY_EXCHANGE, tlsc_buf_bytes(&body));
    derive_master(&c->hs, tlsc_bytes_of(secret, group->secret_len));
    tlsc_buf_clear(&body);
}

void client12_say_finished(hand_client12 *c)
{
    assert_ok(tlsc_common12_send_finished(&c->hs));
}

void client12_resume(hand_client12 *c, const tlsc_secret *master)
{
    c->hs.master = *master;
    assert_ok(tlsc_common12_derive_keys(&c->hs));
}
