/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/messages12.c: the messages of TLS 1.2 but ClientHello. The first byte chooses one. */
#include "round_trip.h"
#include "wire/alert.h"
#include "wire/certificate_request.h"
#include "wire/certificate_status.h"
#include "wire/key_exchange12.h"
#include "wire/server_hello.h"
#include "wire/server_hello12.h"

static tlsc_err server_hello(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_server_hello12 sh;
    uint16_t version;
    tlsc_err selected = tlsc_server_hello_version(&version, body);
    tlsc_err rc = tlsc_server_hello12_parse(&sh, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    must(selected == TLSC_OK && version == TLSC_TLS12);
    must(sh.random.n == 32 && sh.session_id.n <= 32);
    must(fuzz_within(sh.alpn, body) && fuzz_within(sh.scts, body));
    sh.ec_point_formats = false; /* a list may be longer than ours */
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_server_hello12_emit(&w, &sh);
    return tlsc_wr_end(&w);
}

static tlsc_err certificate(tlsc_bytes body, tlsc_buf *again)
{
    enum { CHAIN_MAX = 64 };
    tlsc_bytes chain[CHAIN_MAX], list;
    size_t num = 0;
    tlsc_err rc = tlsc_certificate12_parse(&list, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_rd r = tlsc_rd_of(list);
    while (tlsc_rd_more(&r) && num < CHAIN_MAX) {
        chain[num] = tlsc_rd_vec24(&r, 1, 0xffffff);
        must(!r.bad && fuzz_within(chain[num], body));
        num++;
    }
    tlsc_wr w = tlsc_wr_of(again);
    if (tlsc_rd_more(&r)) { /* more than we would ever write */
        tlsc_wr_vec24(&w, list);
    } else {
        tlsc_certificate12_emit(&w, chain, num);
    }
    return tlsc_wr_end(&w);
}

static tlsc_err certificate_status(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_bytes ocsp;
    tlsc_err rc = tlsc_certificate_status_parse(&ocsp, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_certificate_status_emit(&w, ocsp);
    return tlsc_wr_end(&w);
}

/* What is signed is what stands in front of the scheme, as we would write it. */
static void params_are_the_front(const tlsc_server_key_exchange *ske, tlsc_bytes body)
{
    enum { PARAMS_MAX = 512 };
    tlsc_buf params = tlsc_buf_of(PARAMS_MAX);
    tlsc_wr w = tlsc_wr_of(&params);
    tlsc_ecdh_params_emit(&w, ske->group, ske->point);
    must(tlsc_wr_end(&w) == TLSC_OK);
    must(tlsc_bytes_equal(tlsc_buf_bytes(&params), ske->params) && ske->params.p == body.p);
    tlsc_buf_clear(&params);
}

static tlsc_err server_key_exchange(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_server_key_exchange ske;
    tlsc_err rc = tlsc_server_key_exchange_parse(&ske, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    params_are_the_front(&ske, body);
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_server_key_exchange_emit(&w, &ske);
    return tlsc_wr_end(&w);
}

static tlsc_err certificate_request(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_certificate_request cr;
    tlsc_bytes name;
    tlsc_err rc = tlsc_certificate_request12_parse(&cr, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_rd r = tlsc_rd_of(cr.ca_names);
    while (tlsc_ca_name_next(&r, &name)) {
        must(name.n > 0 && fuzz_within(name, body));
    }
    must(tlsc_rd_end(&r) == TLSC_OK && cr.types.n > 0 && cr.schemes.n % 2 == 0);
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_certificate_request12_emit(&w, &cr);
    return tlsc_wr_end(&w);
}

static tlsc_err client_key_exchange(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_bytes point;
    tlsc_err rc = tlsc_client_key_exchange_parse(&point, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_client_key_exchange_emit(&w, point);
    return tlsc_wr_end(&w);
}

static tlsc_err ticket(tlsc_bytes body, tlsc_buf *again)
{
    uint32_t lifetime_s;
    tlsc_bytes t;
    tlsc_err rc = tlsc_ticket12_parse(&lifetime_s, &t, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_ticket12_emit(&w, lifetime_s, t);
    return tlsc_wr_end(&w);
}

static tlsc_err alert(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_alert_msg a;
    uint8_t out[2];
    tlsc_err rc = tlsc_alert_parse(&a, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_alert_write(out, &a);
    return tlsc_buf_append(again, tlsc_bytes_of(out, sizeof(out)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const message_kind kinds[] = {
        { server_hello, false },        { certificate, true },         { certificate_status, true },
        { server_key_exchange, true },  { certificate_request, true }, { client_key_exchange, true },
        { ticket, true },               { alert, true },
    };
    if (size == 0) {
        return 0;
    }
    tlsc_err rc = round_trip(&kinds[data[0] % (sizeof(kinds) / sizeof(kinds[0]))],
                             tlsc_bytes_of(data + 1, size - 1));
    must(rc == TLSC_OK || rc == TLSC_E_DECODE || rc == TLSC_E_DUPLICATE_EXTENSION ||
         rc == TLSC_E_MISPLACED_EXTENSION || rc == TLSC_E_WRONG_COMPRESSION ||
         rc == TLSC_E_BAD_RENEGOTIATION_INFO || rc == TLSC_E_BAD_POINT_FORMATS ||
         rc == TLSC_E_BAD_ALERT);
    return 0;
}
