/* SPDX-License-Identifier: Apache-2.0 */
/* wire/enums_test.c: names of messages, and lists of uint16. */
#include "unit.h"

#include "wire/enums.h"

/* RFC 8446 4 and RFC 5246 7.4. */
static void messages_have_the_rfcs_names(void **state)
{
    (void)state;
    static const struct {
        unsigned type;
        const char *name;
    } rows[] = { { 0, "HelloRequest" },        { 1, "ClientHello" },
                 { 2, "ServerHello" },         { 4, "NewSessionTicket" },
                 { 5, "EndOfEarlyData" },      { 8, "EncryptedExtensions" },
                 { 11, "Certificate" },        { 12, "ServerKeyExchange" },
                 { 13, "CertificateRequest" }, { 14, "ServerHelloDone" },
                 { 15, "CertificateVerify" },  { 16, "ClientKeyExchange" },
                 { 20, "Finished" },           { 22, "CertificateStatus" },
                 { 24, "KeyUpdate" },          { 25, "CompressedCertificate" },
                 { 254, "message_hash" },      { 3, "unknown message" },
                 { 255, "unknown message" },   { 1000, "unknown message" } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(tlsc_handshake_name(rows[i].type), rows[i].name);
    }
}

static void lists_are_read_by_index(void **state)
{
    (void)state;
    uint16_t v = 7;
    tlsc_bytes list = BYTES(0x13, 1, 0x13, 2, 0, 0);
    assert_true(tlsc_u16_list_at(list, 0, &v));
    assert_int_equal(v, 0x1301);
    assert_true(tlsc_u16_list_at(list, 2, &v));
    assert_int_equal(v, 0);
    v = 7;
    assert_false(tlsc_u16_list_at(list, 3, &v));
    assert_int_equal(v, 0);
    assert_false(tlsc_u16_list_at(TEXT(""), 0, &v));
    assert_false(tlsc_u16_list_at(list, SIZE_MAX, &v));
}

static void lists_know_what_they_hold(void **state)
{
    (void)state;
    tlsc_bytes list = BYTES(0x13, 1, 0x02, 0x13);
    assert_true(tlsc_u16_list_has(list, 0x1301));
    assert_true(tlsc_u16_list_has(list, 0x0213));
    assert_false(tlsc_u16_list_has(list, 0x0102)); /* not across two entries */
    assert_false(tlsc_u16_list_has(list, 0));
    assert_false(tlsc_u16_list_has(TEXT(""), 0));
    assert_false(tlsc_u16_list_has(BYTES(0), 0)); /* half an entry is none */
}

static void lists_know_the_place_of_each(void **state)
{
    (void)state;
    tlsc_bytes list = BYTES(0x13, 1, 0x02, 0x13, 0x13, 1);
    assert_int_equal(tlsc_u16_list_place(list, 0x1301), 0);
    assert_int_equal(tlsc_u16_list_place(list, 0x0213), 1);
    assert_int_equal(tlsc_u16_list_place(list, 0x0113), 3);
    assert_int_equal(tlsc_u16_list_place(list, 0), 3);
    assert_int_equal(tlsc_u16_list_place(TEXT(""), 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_have_the_rfcs_names),
        cmocka_unit_test(lists_are_read_by_index),
        cmocka_unit_test(lists_know_what_they_hold),
        cmocka_unit_test(lists_know_the_place_of_each),
    };
    return cmocka_run_group_tests_name("enums", tests, NULL, NULL);
}
