/* SPDX-License-Identifier: Apache-2.0 */
/* record/deframe_test.c: bytes to records: what is missing, and what is none. */
#include "unit.h"

#include <string.h>

#include "record/deframe.h"
#include "tlscore/conn.h"
#include "wire/enums.h"

/* A header, and as many bytes of body as asked for; in a block of its own. */
static tlsc_err deframe(tlsc_deframed *d, uint8_t type, uint16_t version, size_t length,
                        size_t there, bool first, bool sealed)
{
    uint8_t *record = (uint8_t *)tlsc_mem_zalloc(5 + there);
    assert_non_null(record);
    tlsc_record_header h = { type, version, (uint16_t)length };
    tlsc_record_header_write(record, &h);
    tlsc_err rc = tlsc_deframe(d, tlsc_bytes_of(record, 5 + there), first, sealed);
    tlsc_mem_free(record);
    return rc;
}

static void a_record_is_told_when_it_is_whole(void **state)
{
    (void)state;
    static const uint8_t stream[] = { 22, 3, 3, 0, 4, 'a', 'b', 'c', 'd', 23, 3 };
    for (size_t n = 0; n <= sizeof(stream); n++) {
        tlsc_deframed d;
        uint8_t *copy = test_copy(tlsc_bytes_of(stream, n));
        assert_ok(tlsc_deframe(&d, tlsc_bytes_of(copy, n), true, false));
        assert_int_equal(d.size, n < 9 ? 0 : 9);
        assert_int_equal(d.needed, n < 5 ? 5 - n : n < 9 ? 9 - n : 0);
        tlsc_mem_free(copy);
    }
}

static void an_empty_record_is_whole_with_its_header(void **state)
{
    (void)state;
    tlsc_deframed d;
    assert_ok(deframe(&d, 23, 0x0303, 0, 0, false, true));
    assert_int_equal(d.size, 5);
    assert_int_equal(d.needed, 0);
}

/* RFC 8446 5.1 and 5.2: 2^14 in the clear, 2^14 + 256 protected; told by the header alone. */
static void both_limits_of_length_are_exact(void **state)
{
    (void)state;
    tlsc_deframed d;
    assert_ok(deframe(&d, 22, 0x0303, 16384, 0, false, false));
    assert_int_equal(d.needed, 16384);
    assert_err(deframe(&d, 22, 0x0303, 16385, 0, false, false), TLSC_E_RECORD_OVERFLOW);
    assert_int_equal(d.size, 0);
    assert_ok(deframe(&d, 23, 0x0303, 16640, 16640, false, true));
    assert_int_equal(d.size, TLSC_MAX_RECORD);
    assert_err(deframe(&d, 23, 0x0303, 16641, 0, false, true), TLSC_E_RECORD_OVERFLOW);
    assert_err(deframe(&d, 23, 0x0303, 65535, 0, false, true), TLSC_E_RECORD_OVERFLOW);
    /* early data comes protected before there are keys */
    assert_ok(deframe(&d, 23, 0x0303, 16640, 0, false, false));
    assert_err(deframe(&d, 23, 0x0303, 16641, 0, false, false), TLSC_E_RECORD_OVERFLOW);
}

/* legacy_record_version is ignored, but for what makes it a record at all. */
static void versions_of_ssl3_and_later_are_accepted(void **state)
{
    (void)state;
    for (unsigned v = 0; v<65536; v += v % 256> 8 ? 61u : 1u) {
        tlsc_deframed d;
        tlsc_err later = v >> 8 == 3 ? TLSC_OK : TLSC_E_RECORD_VERSION;
        assert_err(deframe(&d, 22, (uint16_t)v, 4, 4, false, false), later);
        assert_err(deframe(&d, 23, (uint16_t)v, 4, 4, false, true), later);
        assert_err(deframe(&d, 22, (uint16_t)v, 4, 4, true, false), later);
        /* the first record of another type than handshake's isn't taken for TLS then */
        assert_err(deframe(&d, 21, (uint16_t)v, 4, 4, true, false),
                   v >> 8 == 3 ? TLSC_OK : TLSC_E_NOT_TLS);
    }
}

static void unknown_types_are_refused(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 256; type++) {
        tlsc_deframed d;
        bool known = type >= 20 && type <= 23;
        assert_err(deframe(&d, (uint8_t)type, 0x0303, 1, 1, false, false),
                   known ? TLSC_OK : TLSC_E_RECORD_TYPE);
        assert_err(deframe(&d, (uint8_t)type, 0x0303, 1, 1, true, false),
                   known ? TLSC_OK : TLSC_E_NOT_TLS);
    }
}

/* ---- plain HTTP ---- */

static tlsc_err first_bytes(const char *text, bool first)
{
    tlsc_deframed d;
    return tlsc_deframe(&d, tlsc_bytes_of_str(text), first, false);
}

static void requests_of_http_are_known(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "GET / HTTP/1.1",   "GET http://a/ HTTP/1.1", "HEAD / HTTP/1.1",    "POST / HTTP/1.1",
        "PUT / HTTP/1.1",   "DELETE / HTTP/1.1",      "OPTIONS * HTTP/1.1", "TRACE / HTTP/1.1",
        "PATCH / HTTP/1.1", "CONNECT a:1 HTTP/1.1",   "PRI * HTTP/2.0\r\n", "PROPFIND / HTTP/1.1",
        "MKCOL / HTTP/1.1", "REPORT / HTTP/1.1",
    };
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        assert_err(first_bytes(requests[i], true), TLSC_E_HTTP_REQUEST);
        assert_err(first_bytes(requests[i], false), TLSC_E_RECORD_TYPE);
    }
}

static void other_first_bytes_are_not_tls(void **state)
{
    (void)state;
    static const char *const others[] = { "SSH-2.0-x", "get / HTTP/1.1", "EHLO mail", "GETAWAY",
                                          "\x80\x2e\x01\x03\x01\x00" /* SSL 2.0 */ };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_err(first_bytes(others[i], true), TLSC_E_NOT_TLS);
    }
    /* four bytes of a request are too few to tell */
    tlsc_deframed d;
    assert_ok(tlsc_deframe(&d, TEXT("GET "), true, false));
    assert_int_equal(d.needed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_told_when_it_is_whole),
        cmocka_unit_test(an_empty_record_is_whole_with_its_header),
        cmocka_unit_test(both_limits_of_length_are_exact),
        cmocka_unit_test(versions_of_ssl3_and_later_are_accepted),
        cmocka_unit_test(unknown_types_are_refused),
        cmocka_unit_test(requests_of_http_are_known),
        cmocka_unit_test(other_first_bytes_are_not_tls),
    };
    return cmocka_run_group_tests_name("deframe", tests, NULL, NULL);
}
