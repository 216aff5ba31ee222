/* SPDX-License-Identifier: Apache-2.0 */
/* conn/golden_test.c: the live server with injected randoms, key share, signature and clock: its
 * output is compared, byte for byte, with transcripts in test/vectors/golden.
 *
 * TLSX_GOLDEN_WRITE=DIR writes new ones to DIR instead; look at the difference before you commit
 * it. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counted_random.h"
#include "file.h"
#include "hand_client.h"
#include "pem_file.h"
#include "providers.h"
#include "tls_server.h"
#include "wire/enums.h"
#include "wire/ticket.h"

typedef struct scene {
    test_counted_provider server_provider;
    test_counted_provider client_provider;
    tls_site site;
    tlsc_stream *server;
    hand_client client;
    tlsc_buf text; /* the transcript */
} scene;

/* ---- the text ---- */

static void put_text(tlsc_buf *to, const char *text)
{
    assert_ok(tlsc_buf_append(to, tlsc_bytes_of_str(text)));
}

/* A line of hex for each 48 bytes. */
static void put_bytes(tlsc_buf *to, const char *who, tlsc_bytes b)
{
    char digits[4];
    put_text(to, who);
    for (size_t i = 0; i < b.n; i++) {
        (void)snprintf(digits, sizeof(digits), "%02x", b.p[i]);
        put_text(to, i % 48 == 0 ? "\n  " : "");
        put_text(to, digits);
    }
    put_text(to, "\n");
}

static void compare(const scene *s, const char *name)
{
    char path[256];
    const char *dir = getenv("TLSX_GOLDEN_WRITE");
    if (dir != NULL) {
        (void)snprintf(path, sizeof(path), "%s/%s.txt", dir, name);
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(s->text.p, 1, s->text.n, f), s->text.n);
        assert_int_equal(fclose(f), 0);
        return;
    }
    (void)snprintf(path, sizeof(path), "test/vectors/golden/%s.txt", name);
    tlsc_buf golden = test_file(path);
    size_t same = 0;
    while (same < golden.n && same < s->text.n && golden.p[same] == s->text.p[same]) {
        same++;
    }
    if (same < golden.n || same < s->text.n) {
        fail_msg("%s: another transcript, from byte %zu of %zu", name, same, s->text.n);
    }
    tlsc_buf_clear(&golden);
}

/* ---- the play ---- */

static void scene_open(scene *s)
{
    memset(s, 0, sizeof(*s));
    s->text = tlsc_buf_of(1 << 16);
    s->site.provider = test_counted(&s->server_provider, tlsc_provider_default());
    /* whatever else is another's must give the same bytes; another AEAD seals other tickets */
    s->server_provider.provider.ticket_aead = test_provider_at(0)->ticket_aead;
    s->site.alpn = "h2";
    s->site.tickets = true;
    s->site.lifetime_s = 7200;
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_bytes leaf = tlsc_buf_bytes(&der);
    static const uint16_t scheme = TLSC_SIG_ECDSA_P256_SHA256;
    assert_ok(
        tlsc_credential_external(s->site.provider, &leaf, 1, &scheme, 1, &s->site.credential));
    tlsc_buf_clear(&der);
    assert_ok(tls_site_open(&s->site));
    (void)test_counted(&s->client_provider, tlsc_provider_default());
    s->client_provider.state = 7;
}

static void scene_close(scene *s)
{
    tls_site_close(&s->site);
    tlsc_credential_free(s->site.credential);
    tlsc_buf_clear(&s->text);
}

static void connect(scene *s)
{
    s->server_provider.state = 1000;
    assert_ok(tls_server_new(&s->site, &s->server));
    hand_open(&s->client, &s->client_provider.provider, 0);
}

static void hang_up(scene *s)
{
    tlsc_stream_free(s->server);
    hand_close(&s->client);
}

/* Gives bytes to the server, answers its pauses, and takes its output, which the caller clears. */
static tlsc_buf say(scene *s, tlsc_bytes bytes)
{
    static const uint8_t signature[70] = { 0x30, 0x44, 0x5e };
    tlsc_opened opened;
    tlsc_conn *c = tlsc_stream_conn(s->server);
    put_bytes(&s->text, "client", bytes);
    assert_ok(tls_server_feed(&s->site, s->server, bytes.p, bytes.n));
    if (tlsc_conn_wait(c) == TLSC_WAIT_SIGN) {
        uint16_t scheme;
        tlsc_bytes message;
        assert_ok(tlsc_conn_sign_request(c, &scheme, &message));
        put_bytes(&s->text, "to be signed", message);
        assert_ok(
            tlsc_conn_answer_signature(c, tlsc_bytes_of(signature, sizeof(signature)), &opened));
    }
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(s->server, &out));
    put_bytes(&s->text, "server", out);
    tlsc_buf copy = tlsc_buf_of(1 << 16);
    assert_ok(tlsc_buf_append(&copy, out));
    tlsc_stream_sent(s->server, out.n);
    return copy;
}

static tlsc_buf hello_record(hand_client *c, const hand_hello *h)
{
    tlsc_buf record = tlsc_buf_of(1 << 16);
    hand_make_hello(c, h);
    hand_plain(&record, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&c->hello));
    return record;
}

static void finish(scene *s)
{
    tlsc_buf message = tlsc_buf_of(256);
    tlsc_buf record = tlsc_buf_of(512);
    hand_plain(&record, TLSC_CT_CHANGE_CIPHER_SPEC, BYTES(1));
    hand_finished_message(&s->client, &message);
    hand_seal(&s->client, &record, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    hand_enter_traffic(&s->client);
    tlsc_buf nothing = say(s, tlsc_buf_bytes(&record));
    assert_int_equal(nothing.n, 0);
    tlsc_buf_clear(&nothing);
    tlsc_buf_clear(&message);
    tlsc_buf_clear(&record);
}

/* "ping", "pong" behind the tickets, a KeyUpdate that asks for one, "pong" again, close_notify. The
 * first ticket and its secret go to `ticket` and `psk`, if there are some. */
static void talk(scene *s, tlsc_buf *ticket, tlsc_secret *psk)
{
    tlsc_buf records = tlsc_buf_of(4096);
    hand_seal(&s->client, &records, TLSC_CT_APPLICATION_DATA, TEXT("ping"));
    hand_seal(&s->client, &records, TLSC_CT_HANDSHAKE, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 1));
    assert_ok(tlsc_protect13_update(&s->client.wr));
    hand_seal_padded(&s->client, &records, TLSC_CT_APPLICATION_DATA, TEXT("padded"), 20);
    assert_ok(tlsc_stream_write(s->server, (const uint8_t *)"pong", 4));
    tlsc_buf out = say(s, tlsc_buf_bytes(&records));
    records.n = 0;

    uint8_t type = 0;
    tlsc_bytes content;
    size_t at = hand_open_record(&s->client, out.p, out.n, &type, &content);
    assert_int_equal(type, TLSC_CT_HANDSHAKE);
    tlsc_rd r = tlsc_rd_of(content);
    assert_int_equal(tlsc_rd_u8(&r), TLSC_HS_NEW_SESSION_TICKET);
    tlsc_ticket13 first;
    assert_ok(tlsc_ticket13_parse(&first, tlsc_rd_vec24(&r, 1, 65535)));
    assert_int_equal(first.lifetime_s, 7200);
    assert_ok(tlsc_buf_append(ticket, first.ticket));
    assert_ok(tlsc_ticket_psk13(s->client.suite->hash, &s->client.resumption, first.nonce, psk));
    at += hand_open_record(&s->client, out.p + at, out.n - at, &type, &content);
    assert_bytes_equal(content, TEXT("pong"));
    at += hand_open_record(&s->client, out.p + at, out.n - at, &type, &content);
    assert_bytes_equal(content, BYTES(TLSC_HS_KEY_UPDATE, 0, 0, 1, 0));
    assert_ok(tlsc_protect13_update(&s->client.rd));
    assert_int_equal(at, out.n);
    tlsc_buf_clear(&out);

    uint8_t got[16];
    assert_int_equal(tlsc_stream_read(s->server, got, sizeof(got)), 10);
    assert_memory_equal(got, "pingpadded", 10);
    assert_ok(tlsc_stream_write(s->server, (const uint8_t *)"pong", 4));
    hand_seal(&s->client, &records, TLSC_CT_ALERT, BYTES(1, 0));
    assert_ok(tlsc_conn_close(tlsc_stream_conn(s->server)));
    out = say(s, tlsc_buf_bytes(&records));
    at = hand_open_record(&s->client, out.p, out.n, &type, &content);
    assert_bytes_equal(content, TEXT("pong"));
    at += hand_open_record(&s->client, out.p + at, out.n - at, &type, &content);
    assert_int_equal(type, TLSC_CT_ALERT);
    assert_bytes_equal(content, BYTES(1, 0));
    assert_int_equal(at, out.n);
    tlsc_buf_clear(&out);
    tlsc_buf_clear(&records);
}

static const hand_hello browser_like = {
    .session_id = { (const uint8_t *)"0123456789abcdef0123456789abcdef", 32 },
    .server_name = { (const uint8_t *)"Golden.test", 11 },
    .alpn = { (const uint8_t *)"\x08http/1.1\x02h2", 12 },
};

static void full(scene *s, tlsc_buf *ticket, tlsc_secret *psk)
{
    connect(s);
    tlsc_buf hello = hello_record(&s->client, &browser_like);
    tlsc_buf out = say(s, tlsc_buf_bytes(&hello));
    assert_int_equal(hand_read_flight(&s->client, out.p, out.n), out.n);
    assert_false(s->client.resumed);
    finish(s);
    talk(s, ticket, psk);
    hang_up(s);
    tlsc_buf_clear(&hello);
    tlsc_buf_clear(&out);
}

static void full_handshake(void **state)
{
    (void)state;
    scene s;
    tlsc_secret psk;
    tlsc_buf ticket = tlsc_buf_of(1024);
    scene_open(&s);
    full(&s, &ticket, &psk);
    compare(&s, "full");
    tlsc_buf_clear(&ticket);
    scene_close(&s);
}

static void resumed_handshake(void **state)
{
    (void)state;
    scene s;
    tlsc_secret psk;
    tlsc_buf ticket = tlsc_buf_of(1024);
    tlsc_buf next = tlsc_buf_of(1024);
    scene_open(&s);
    full(&s, &ticket, &psk);
    s.text.n = 0;
    s.site.now_ms += 5000;
    connect(&s);
    hand_hello h = browser_like;
    h.ticket = tlsc_buf_bytes(&ticket);
    h.psk = &psk;
    tlsc_buf hello = hello_record(&s.client, &h);
    tlsc_buf out = say(&s, tlsc_buf_bytes(&hello));
    assert_int_equal(hand_read_flight(&s.client, out.p, out.n), out.n);
    assert_true(s.client.resumed);
    finish(&s);
    talk(&s, &next, &psk);
    compare(&s, "resumed");
    hang_up(&s);
    tlsc_buf_clear(&hello);
    tlsc_buf_clear(&out);
    tlsc_buf_clear(&ticket);
    tlsc_buf_clear(&next);
    scene_close(&s);
}

static void hello_retry(void **state)
{
    (void)state;
    scene s;
    tlsc_secret psk;
    tlsc_buf ticket = tlsc_buf_of(1024);
    scene_open(&s);
    connect(&s);
    hand_hello h = browser_like;
    h.no_share = true;
    tlsc_buf hello = hello_record(&s.client, &h);
    tlsc_buf out = say(&s, tlsc_buf_bytes(&hello));
    tlsc_server_hello retry;
    assert_int_equal(hand_read_retry(&s.client, out.p, out.n, &retry), out.n);
    assert_int_equal(retry.group, 0x001d);
    tlsc_buf_clear(&hello);
    tlsc_buf_clear(&out);
    hello = hello_record(&s.client, &browser_like);
    out = say(&s, tlsc_buf_bytes(&hello));
    assert_int_equal(hand_read_flight(&s.client, out.p, out.n), out.n);
    finish(&s);
    talk(&s, &ticket, &psk);
    compare(&s, "hello-retry");
    hang_up(&s);
    tlsc_buf_clear(&hello);
    tlsc_buf_clear(&out);
    tlsc_buf_clear(&ticket);
    scene_close(&s);
}

/* What the server says when it refuses, in the clear and protected. */
static void refusals(void **state)
{
    (void)state;
    scene s;
    scene_open(&s);
    connect(&s);
    tlsc_bytes out;
    static const uint8_t garbage[] = { 0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0 };
    put_bytes(&s.text, "client", tlsc_bytes_of(garbage, sizeof(garbage)));
    assert_err(tls_server_feed(&s.site, s.server, garbage, sizeof(garbage)), TLSC_E_DECODE);
    assert_ok(tlsc_stream_output(s.server, &out));
    put_bytes(&s.text, "server", out);
    hang_up(&s);

    connect(&s);
    tlsc_buf hello = hello_record(&s.client, &browser_like);
    tlsc_buf flight = say(&s, tlsc_buf_bytes(&hello));
    assert_int_equal(hand_read_flight(&s.client, flight.p, flight.n), flight.n);
    tlsc_buf message = tlsc_buf_of(256);
    tlsc_buf record = tlsc_buf_of(512);
    hand_finished_message(&s.client, &message);
    message.p[10] ^= 1;
    hand_seal(&s.client, &record, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&message));
    put_bytes(&s.text, "client", tlsc_buf_bytes(&record));
    assert_err(tls_server_feed(&s.site, s.server, record.p, record.n), TLSC_E_BAD_FINISHED);
    assert_ok(tlsc_stream_output(s.server, &out));
    put_bytes(&s.text, "server", out);
    compare(&s, "refusals");
    hang_up(&s);
    tlsc_buf_clear(&hello);
    tlsc_buf_clear(&flight);
    tlsc_buf_clear(&message);
    tlsc_buf_clear(&record);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_handshake),
        cmocka_unit_test(resumed_handshake),
        cmocka_unit_test(hello_retry),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
