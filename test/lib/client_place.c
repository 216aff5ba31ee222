/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/client_place.c: from a new client to any place, with one message a step. */
#include "client_place.h"

#include <string.h>

#include "unit.h"
#include "wire/enums.h"

static const tlsc_bytes nothing = { NULL, 0 };

const char *client_place_name(client_place at)
{
    static const char *const names[CLIENT_PLACES] = {
        "client: expect ServerHello",
        "client13: expect second ServerHello",
        "client13: expect EncryptedExtensions",
        "client13: expect CertificateRequest or Certificate",
        "client13: expect Certificate",
        "client13: expect CertificateVerify",
        "client13: verify the certificate",
        "client13: expect Finished",
        "traffic",
    };
    return names[at];
}

void client_place_to_server(placed_client *p)
{
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(p->stream, &out));
    hand13_give(&p->server, out);
    tlsc_stream_sent(p->stream, out.n);
}

tlsc_err client_place_to_client(placed_client *p)
{
    tlsc_err rc = tlsc_stream_feed(p->stream, p->server.out.p, p->server.out.n);
    tlsc_buf_clear(&p->server.out);
    return rc;
}

/* What a right server says at a place, and where the client is then. */
static void step(placed_client *p, bool requests)
{
    static const hand_server_hello hello = { 0 };
    hand_server13 *s = &p->server;
    switch (p->at) {
    case CLIENT_AT_SERVER_HELLO:
    case CLIENT_AT_SECOND_HELLO:
        hand13_say_hello(s, &hello);
        p->at = CLIENT_AT_EXTENSIONS;
        break;
    case CLIENT_AT_EXTENSIONS:
        hand13_say_extensions(s, nothing);
        p->at = CLIENT_AT_REQUEST_OR_CERTIFICATE;
        break;
    case CLIENT_AT_REQUEST_OR_CERTIFICATE:
        if (requests) {
            hand13_say_request(s);
            p->at = CLIENT_AT_CERTIFICATE;
            break;
        }
        __attribute__((fallthrough));
    case CLIENT_AT_CERTIFICATE:
        hand13_say_certificate(s);
        p->at = CLIENT_AT_CERTIFICATE_VERIFY;
        break;
    case CLIENT_AT_CERTIFICATE_VERIFY:
        hand13_say_verify(s);
        p->at = p->clients->decides_later ? CLIENT_AT_VERIFY : CLIENT_AT_FINISHED;
        break;
    case CLIENT_AT_VERIFY: {
        tlsc_verdict accept = { .size = sizeof(accept), .kind = TLSC_VERDICT_ACCEPT, .index = -1 };
        tlsc_opened opened;
        assert_ok(tlsc_conn_answer_verdict(p->conn, &accept, &opened));
        p->at = CLIENT_AT_FINISHED;
        break;
    }
    case CLIENT_AT_FINISHED:
        hand13_say_finished(s);
        p->at = CLIENT_AT_TRAFFIC;
        break;
    case CLIENT_AT_TRAFFIC:
    case CLIENT_PLACES:
        break;
    }
    assert_ok(client_place_to_client(p));
}

/* The client's second flight: a certificate, if it was asked for, is an empty one. */
static void take_flight(placed_client *p, bool requested)
{
    client_place_to_server(p);
    if (requested) {
        hand13_take_message(&p->server, TLSC_HS_CERTIFICATE, NULL);
    }
    hand13_take_finished(&p->server);
}

static void retry(placed_client *p)
{
    static const hand_server_hello asks = { .retry = true, .no_key_share = true,
                                            .cookie = { (const uint8_t *)"cookie", 6 } };
    hand13_say_hello(&p->server, &asks);
    assert_ok(client_place_to_client(p));
    client_place_to_server(p);
    hand13_take_hello(&p->server);
    p->at = CLIENT_AT_SECOND_HELLO;
}

void client_place_open(placed_client *p, client_site *clients, client_place at)
{
    memset(p, 0, sizeof(*p));
    p->clients = clients;
    clients->decides_later = at == CLIENT_AT_VERIFY;
    hand13_open(&p->server, clients->provider, "p256", 0, 0);
    assert_ok(client_new(clients, &p->stream));
    p->conn = tlsc_stream_conn(p->stream);
    client_place_to_server(p);
    hand13_take_hello(&p->server);
    if (at == CLIENT_AT_SECOND_HELLO) {
        retry(p);
    }
    while (p->at != at) {
        step(p, at == CLIENT_AT_CERTIFICATE);
    }
    if (at == CLIENT_AT_TRAFFIC) {
        take_flight(p, false);
    }
    assert_int_equal(tlsc_conn_wait(p->conn), at == CLIENT_AT_VERIFY    ? TLSC_WAIT_VERIFY
                                              : at == CLIENT_AT_TRAFFIC ? TLSC_WAIT_NONE
                                                                        : TLSC_WAIT_MESSAGE);
}

void client_place_close(placed_client *p)
{
    tlsc_stream_free(p->stream);
    hand13_close(&p->server);
}

static void ping_and_pong(placed_client *p)
{
    uint8_t got[8];
    tlsc_bytes content;
    assert_ok(tlsc_stream_write(p->stream, (const uint8_t *)"ping", 4));
    client_place_to_server(p);
    assert_int_equal(hand13_take_next(&p->server, &content), TLSC_CT_APPLICATION_DATA);
    assert_bytes_equal(content, TEXT("ping"));
    hand13_say_record(&p->server, TLSC_CT_APPLICATION_DATA, TEXT("pong"));
    assert_ok(client_place_to_client(p));
    assert_int_equal(tlsc_stream_read(p->stream, got, sizeof(got)), 4);
    assert_memory_equal(got, "pong", 4);
}

void client_place_works(placed_client *p)
{
    bool requested = p->at == CLIENT_AT_CERTIFICATE;
    if (p->at != CLIENT_AT_TRAFFIC) {
        while (p->at != CLIENT_AT_TRAFFIC) {
            step(p, false);
        }
        take_flight(p, requested);
    }
    ping_and_pong(p);
}

void client_place_failed(placed_client *p, tlsc_err e, const char *state)
{
    tlsc_failure failure;
    tlsc_conn_error(p->conn, &failure);
    assert_err(failure.code, e);
    assert_string_equal(failure.state, state == NULL ? client_place_name(p->at) : state);
    tlsc_alert alert = tlsc_err_alert(e);
    assert_int_equal(failure.alert_sent, alert);
    assert_int_equal(tlsc_conn_wait(p->conn), TLSC_WAIT_NONE);
    client_place_to_server(p);
    if (alert != TLSC_ALERT_NONE) {
        tlsc_bytes content;
        assert_int_equal(hand13_take_next(&p->server, &content), TLSC_CT_ALERT);
        assert_bytes_equal(content, BYTES(2, (uint8_t)alert));
    }
    assert_int_equal(p->server.in.n, 0);
    /* it stays dead, for the same reason, asked without a byte and with one */
    assert_err(tlsc_stream_step(p->stream), e);
    assert_err(tlsc_stream_feed(p->stream, (const uint8_t *)"\x16", 1), e);
}
