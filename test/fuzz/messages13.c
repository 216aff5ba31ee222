/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/messages13.c: the messages of TLS 1.3 but ClientHello. The first byte chooses one. */
#include "round_trip.h"
#include "wire/certificate_request.h"
#include "wire/certificate_status.h"
#include "wire/certificate_verify.h"
#include "wire/compressed_certificate.h"
#include "wire/encrypted_extensions.h"
#include "wire/key_update.h"
#include "wire/server_hello.h"
#include "wire/ticket.h"

/* The version that it selects is asked for first, and never contradicts what the parser says then. */
static tlsc_err server_hello(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_server_hello sh;
    uint16_t version;
    tlsc_err selected = tlsc_server_hello_version(&version, body);
    tlsc_err rc = tlsc_server_hello_parse(&sh, body);
    must(selected == TLSC_OK || (version == 0 && rc != TLSC_OK));
    if (rc != TLSC_OK) {
        return rc;
    }
    must(version == sh.version && sh.random.n == 32 && sh.session_id.n <= 32);
    must(fuzz_within(sh.key_exchange, body) && fuzz_within(sh.cookie, body));
    must(!sh.hello_retry || (sh.key_exchange.n == 0 && !sh.has_psk));
    must(sh.hello_retry || sh.cookie.n == 0);
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_server_hello_emit(&w, &sh);
    return tlsc_wr_end(&w);
}

static tlsc_err encrypted_extensions(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_encrypted_extensions ee;
    tlsc_err rc = tlsc_encrypted_extensions_parse(&ee, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    must(fuzz_within(ee.alpn, body) && fuzz_within(ee.groups, body) && ee.groups.n % 2 == 0);
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_encrypted_extensions_emit(&w, &ee);
    return tlsc_wr_end(&w);
}

static void walk_names(tlsc_bytes names, tlsc_bytes body)
{
    tlsc_bytes name;
    tlsc_rd r = tlsc_rd_of(names);
    while (tlsc_ca_name_next(&r, &name)) {
        must(name.n > 0 && fuzz_within(name, body));
    }
    must(tlsc_rd_end(&r) == TLSC_OK);
}

static tlsc_err certificate_request(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_certificate_request cr;
    tlsc_err rc = tlsc_certificate_request13_parse(&cr, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    must(fuzz_within(cr.context, body) && cr.schemes.n >= 2 && cr.schemes.n % 2 == 0);
    must(fuzz_within(cr.schemes, body) && fuzz_within(cr.schemes_cert, body));
    must(fuzz_within(cr.compressions, body));
    walk_names(cr.ca_names, body);
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_certificate_request13_emit(&w, &cr);
    return tlsc_wr_end(&w);
}

/* What stands beside a certificate, read and written by itself. */
static void extras(tlsc_bytes block)
{
    enum { BLOCK_MAX = 1 << 17 };
    tlsc_certificate_extras first, second;
    if (tlsc_certificate_extras_parse(&first, block) != TLSC_OK) {
        return;
    }
    must(fuzz_within(first.ocsp, block) && fuzz_within(first.scts, block));
    tlsc_buf out = tlsc_buf_of(BLOCK_MAX);
    tlsc_wr w = tlsc_wr_of(&out);
    tlsc_certificate_extras_emit(&w, &first);
    must(tlsc_wr_end(&w) == TLSC_OK);
    must(tlsc_certificate_extras_parse(&second, tlsc_buf_bytes(&out)) == TLSC_OK);
    must(second.present == first.present && !second.has_unknown);
    must(tlsc_bytes_equal(first.ocsp, second.ocsp) && tlsc_bytes_equal(first.scts, second.scts));
    tlsc_buf_clear(&out);
}

static tlsc_err certificate(tlsc_bytes body, tlsc_buf *again)
{
    enum { LENGTHS = 5 };
    tlsc_certificate_msg msg;
    tlsc_err rc = tlsc_certificate_msg_parse(&msg, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_rd r = tlsc_rd_of(msg.entries);
    tlsc_certificate_entry entry;
    size_t n = 0;
    while (tlsc_certificate_entry_next(&r, &entry)) {
        must(entry.cert_data.n > 0 && fuzz_within(entry.cert_data, body));
        extras(entry.extensions);
        n += LENGTHS + entry.cert_data.n + entry.extensions.n;
    }
    must(tlsc_rd_end(&r) == TLSC_OK && n == msg.entries.n);
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_certificate_msg_emit(&w, &msg);
    return tlsc_wr_end(&w);
}

static tlsc_err certificate_verify(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_certificate_verify cv;
    tlsc_err rc = tlsc_certificate_verify_parse(&cv, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_certificate_verify_emit(&w, &cv);
    return tlsc_wr_end(&w);
}

static tlsc_err ticket(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_ticket13 t;
    tlsc_err rc = tlsc_ticket13_parse(&t, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    must(t.ticket.n > 0 && fuzz_within(t.ticket, body) && fuzz_within(t.nonce, body));
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_ticket13_emit(&w, &t);
    return tlsc_wr_end(&w);
}

static tlsc_err compressed_certificate(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_compressed_certificate msg;
    tlsc_err rc = tlsc_compressed_certificate_parse(&msg, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    must(msg.message.n > 0 && fuzz_within(msg.message, body));
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_compressed_certificate_emit(&w, &msg);
    return tlsc_wr_end(&w);
}

static tlsc_err key_update(tlsc_bytes body, tlsc_buf *again)
{
    bool requested;
    tlsc_err rc = tlsc_key_update_parse(&requested, body);
    if (rc != TLSC_OK) {
        return rc;
    }
    tlsc_wr w = tlsc_wr_of(again);
    tlsc_key_update_emit(&w, requested);
    return tlsc_wr_end(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const message_kind kinds[] = {
        { server_hello, false }, { encrypted_extensions, false }, { certificate_request, false },
        { certificate, true },   { certificate_verify, true },    { ticket, false },
        { key_update, true },    { compressed_certificate, true },
    };
    if (size == 0) {
        return 0;
    }
    tlsc_err rc = round_trip(&kinds[data[0] % (sizeof(kinds) / sizeof(kinds[0]))],
                             tlsc_bytes_of(data + 1, size - 1));
    must(rc == TLSC_OK || rc == TLSC_E_DECODE || rc == TLSC_E_DUPLICATE_EXTENSION ||
         rc == TLSC_E_MISPLACED_EXTENSION || rc == TLSC_E_WRONG_LEGACY_VERSION ||
         rc == TLSC_E_WRONG_COMPRESSION || rc == TLSC_E_MISSING_SIGNATURE_ALGORITHMS ||
         rc == TLSC_E_BAD_KEY_UPDATE || rc == TLSC_E_DUPLICATE_COMPRESSION);
    return 0;
}
