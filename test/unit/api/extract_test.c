/* SPDX-License-Identifier: Apache-2.0 */
/* api/extract_test.c: what was extracted goes on where the connection stopped. */
#include <string.h>

#include "asking.h"
#include "conn/conn.h"
#include "pair.h"
#include "unit.h"

static tlsc_err allow_server(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    tlsc_config_allow_secret_extraction(b, true);
    return TLSC_OK;
}

static tlsc_err allow_client(tlsc_config_builder *b)
{
    return allow_server(NULL, b);
}

/* Somebody else's protection by these keys: nothing of it but the AEAD is the connection's. */
static void start(tlsc_protect *p, const tlsc_secrets *secrets, const tlsc_traffic_keys *keys)
{
    const tlsc_suite *suite = tlsc_provider_suite(tlsc_provider_default(), secrets->suite);
    memset(p, 0, sizeof(*p));
    assert_int_equal(keys->key_len, suite->aead->key_len);
    assert_ok(suite->aead->init(p->aead, keys->key));
    memcpy(p->iv, keys->iv, keys->iv_len);
    p->seq = keys->seq;
    p->suite = suite;
}

/* Seals a record for the peer, which takes it. */
static void peer_takes(pair *p, bool from_client, tlsc_protect *wr, const char *text)
{
    uint8_t record[256];
    char got[256];
    size_t head = tlsc_protect_head(wr);
    size_t n = strlen(text);
    memcpy(record + head, text, n);
    assert_ok(tlsc_protect_seal(wr, TLSC_CT_APPLICATION_DATA, record + head, n));
    tlsc_stream *to = from_client ? p->server : p->client;
    assert_ok(tlsc_stream_feed(to, record, head + n + tlsc_protect_tail(wr)));
    got[tlsc_stream_read(to, (uint8_t *)got, sizeof(got) - 1)] = 0;
    assert_string_equal(got, text);
}

/* Opens all records that the peer has to say; returns the last one's type. */
static uint8_t open_output(tlsc_stream *peer, tlsc_protect *rd, tlsc_bytes *content)
{
    static uint8_t copy[1024];
    tlsc_bytes out;
    uint8_t type = 0;
    assert_ok(tlsc_stream_output(peer, &out));
    assert_true(out.n > 0 && out.n <= sizeof(copy));
    memcpy(copy, out.p, out.n);
    tlsc_stream_sent(peer, out.n);
    for (size_t at = 0; at < out.n;) {
        size_t n = (size_t)(copy[at + 3] << 8 | copy[at + 4]);
        assert_ok(tlsc_protect_open(rd, tlsc_bytes_of(copy + at, 5), copy + at + 5, n, &type,
                                    content));
        at += 5 + n;
    }
    return type;
}

static void peer_says(pair *p, bool to_client, tlsc_protect *rd, const char *text)
{
    tlsc_bytes content;
    tlsc_stream *from = to_client ? p->server : p->client;
    assert_ok(tlsc_stream_write(from, (const uint8_t *)text, strlen(text)));
    assert_int_equal(open_output(from, rd, &content), TLSC_CT_APPLICATION_DATA);
    assert_bytes_equal(content, tlsc_bytes_of_str(text));
}

static void expect_closed(tlsc_conn *c)
{
    uint8_t buf[64] = { 23, 3, 3, 0, 40 };
    tlsc_opened opened;
    tlsc_plan plan;
    tlsc_secrets again;
    assert_err(tlsc_conn_open(c, buf, sizeof(buf), &opened), TLSC_E_CLOSED);
    assert_int_equal(opened.consumed, 0);
    assert_err(tlsc_conn_plan(c, 1, &plan), TLSC_E_CLOSED);
    assert_false(tlsc_conn_has_output(c)); /* no alert, no close_notify */
    assert_ok(tlsc_conn_close(c));
    assert_false(tlsc_conn_has_output(c));
    assert_err(tlsc_conn_extract_secrets(c, &again), TLSC_E_CLOSED);
    assert_int_equal(again.read.key_len, 0);
    for (size_t i = 0; i < sizeof(c->rl.wr.iv); i++) {
        assert_int_equal(c->rl.wr.iv[i] | c->rl.rd.iv[i], 0);
    }
}

static void what_was_extracted_goes_on(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c, 0xcca9 };
    for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
        for (int client = 0; client < 2; client++) {
            tls_site site = { .setup = allow_server };
            client_site clients = { .set_up = allow_client, .suites = &suites[i], .num_suites = 1 };
            pair p;
            tlsc_secrets secrets;
            tlsc_protect rd;
            tlsc_protect wr;
            pair_sites_open(&site, &clients);
            pair_open(&p, &site, &clients);
            pair_works(&p);
            pair_client_says(&p, "the numbers of both directions");
            pair_client_says(&p, "are not the same");
            tlsc_conn *c = tlsc_stream_conn(client ? p.client : p.server);
            assert_ok(tlsc_conn_extract_secrets(c, &secrets));
            assert_int_equal(secrets.suite, suites[i]);
            assert_int_equal(secrets.version, i < 3 ? TLSC_TLS13 : TLSC_TLS12);
            assert_int_not_equal(secrets.read.seq, secrets.write.seq);
            start(&rd, &secrets, &secrets.read);
            start(&wr, &secrets, &secrets.write);
            peer_takes(&p, client != 0, &wr, "sealed by somebody else");
            peer_says(&p, client != 0, &rd, "opened by somebody else");
            peer_takes(&p, client != 0, &wr, "and once more");
            expect_closed(c);
            rd.suite->aead->clear(rd.aead);
            wr.suite->aead->clear(wr.aead);
            pair_close(&p);
            pair_sites_close(&site, &clients);
        }
    }
}

static void key_updates_can_be_followed(void **state)
{
    (void)state;
    tls_site site = { .setup = allow_server };
    client_site clients = { .set_up = allow_client };
    pair p;
    tlsc_secrets secrets;
    tlsc_protect rd;
    tlsc_bytes content;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    assert_ok(tlsc_conn_extract_secrets(tlsc_stream_conn(p.client), &secrets));
    start(&rd, &secrets, &secrets.read);
    assert_ok(tlsc_conn_update_keys(tlsc_stream_conn(p.server), false));
    assert_int_equal(open_output(p.server, &rd, &content), TLSC_CT_HANDSHAKE);
    assert_bytes_equal(content, BYTES(24, 0, 0, 1, 0));
    const tlsc_provider *provider = tlsc_provider_default();
    assert_ok(tlsc_traffic_keys_next(provider, secrets.suite, &secrets.read));
    assert_int_equal(secrets.read.seq, 0);
    rd.suite->aead->clear(rd.aead);
    start(&rd, &secrets, &secrets.read);
    peer_says(&p, true, &rd, "under new keys");
    rd.suite->aead->clear(rd.aead);
    assert_err(tlsc_traffic_keys_next(provider, 0xc02b, &secrets.read), TLSC_E_USAGE);
    assert_err(tlsc_traffic_keys_next(provider, 0x1399, &secrets.read), TLSC_E_USAGE);
    secrets.read.secret_len--;
    assert_err(tlsc_traffic_keys_next(provider, secrets.suite, &secrets.read), TLSC_E_USAGE);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

static void it_has_its_time(void **state)
{
    (void)state;
    tls_site site = { .setup = allow_server, .tickets = true };
    client_site clients = { .set_up = allow_client };
    pair p;
    tlsc_secrets secrets;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    tlsc_conn *c = tlsc_stream_conn(p.client);
    tlsc_conn *s = tlsc_stream_conn(p.server);
    assert_err(tlsc_conn_extract_secrets(c, &secrets), TLSC_E_NOT_READY);
    assert_err(tlsc_conn_extract_secrets(s, &secrets), TLSC_E_NOT_READY);
    (void)pair_to_server(&p);
    assert_err(tlsc_conn_extract_secrets(s, &secrets), TLSC_E_NOT_READY);
    (void)pair_to_client(&p);
    (void)pair_to_server(&p);
    assert_err(tlsc_conn_extract_secrets(s, &secrets), TLSC_E_NOT_READY); /* tickets are due */
    tlsc_conn_send_tickets(s);
    assert_err(tlsc_conn_extract_secrets(s, &secrets), TLSC_E_NOT_READY);
    pair_works(&p);
    assert_ok(tlsc_conn_update_keys(c, false));
    assert_err(tlsc_conn_extract_secrets(c, &secrets), TLSC_E_NOT_READY);
    pair_pump(&p);
    assert_ok(tlsc_conn_close(c));
    assert_err(tlsc_conn_extract_secrets(c, &secrets), TLSC_E_CLOSED);
    pair_pump(&p);
    assert_err(tlsc_conn_extract_secrets(s, &secrets), TLSC_E_CLOSED); /* theirs came */
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

static void without_leave_there_is_nothing(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        static const tlsc_keys12 zero;
        tls_site site = { .setup = NULL };
        client_site clients = { .max_version = tls12 ? TLSC_TLS12 : 0 };
        pair p;
        tlsc_secrets secrets;
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        tlsc_conn *c = tlsc_stream_conn(p.client);
        assert_err(tlsc_conn_extract_secrets(c, &secrets), TLSC_E_UNSUPPORTED);
        assert_memory_equal(&c->outcome.keys12, &zero, sizeof(zero));
        pair_client_says(&p, "nothing has changed");
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_extracted_goes_on),
        cmocka_unit_test(key_updates_can_be_followed),
        cmocka_unit_test(it_has_its_time),
        cmocka_unit_test(without_leave_there_is_nothing),
    };
    return cmocka_run_group_tests_name("extract", tests, NULL, NULL);
}
