/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_test.c: the Certificate message, its list and its entries' extensions. */
#include "unit.h"

#include "parser_check.h"
#include "wire/certificate.h"

static tlsc_err write_entries(tlsc_bytes entries, tlsc_buf *out)
{
    tlsc_rd list = tlsc_rd_of(entries);
    tlsc_wr w = tlsc_wr_of(out);
    tlsc_certificate_entry entry;
    while (tlsc_certificate_entry_next(&list, &entry)) {
        tlsc_certificate_entry_emit(&w, &entry);
    }
    tlsc_err rc = tlsc_rd_end(&list);
    return rc == TLSC_OK ? tlsc_wr_end(&w) : rc;
}

/* Read to its entries and written from them. */
static tlsc_err parse(tlsc_bytes body, tlsc_buf *again)
{
    tlsc_certificate_msg msg;
    tlsc_buf entries = tlsc_buf_of(4096);
    tlsc_err rc = tlsc_certificate_msg_parse(&msg, body);
    if (rc == TLSC_OK) {
        rc = write_entries(msg.entries, &entries);
    }
    if (rc == TLSC_OK) {
        msg.entries = tlsc_buf_bytes(&entries);
        tlsc_wr w = tlsc_wr_of(again);
        tlsc_certificate_msg_emit(&w, &msg);
        rc = tlsc_wr_end(&w);
    }
    tlsc_buf_clear(&entries);
    return rc;
}

static void chains_are_read_and_written(void **state)
{
    (void)state;
    parser_check(&(parser_case){ .parse = parse, .good = BYTES(0, 0, 0, 0) });
    parser_check(&(parser_case){ .parse = parse,
                                 .good = BYTES(2, 'c', 'x', 0, 0, 22, 0, 0, 3, 'o', 'n', 'e', 0, 8,
                                               0, 5, 0, 4, 1, 0, 0, 0, 0, 0, 1, 't', 0, 0) });
}

static void each_vector_keeps_its_bounds(void **state)
{
    (void)state;
    tlsc_certificate_msg msg;
    /* cert_data<1..2^24-1> */
    assert_err(tlsc_certificate_msg_parse(&msg, BYTES(0, 0, 0, 5, 0, 0, 0, 0, 0)), TLSC_E_DECODE);
    assert_ok(tlsc_certificate_msg_parse(&msg, BYTES(0, 0, 0, 6, 0, 0, 1, 9, 0, 0)));
    /* an entry that ends before its extensions, or in its certificate */
    assert_err(tlsc_certificate_msg_parse(&msg, BYTES(0, 0, 0, 4, 0, 0, 1, 9)), TLSC_E_DECODE);
    assert_err(tlsc_certificate_msg_parse(&msg, BYTES(0, 0, 0, 6, 0, 0, 2, 9, 0, 0)),
               TLSC_E_DECODE);
}

/* What may stand in an entry is the column CT of RFC 8446 4.2. */
static void extensions_of_entries_are_judged(void **state)
{
    (void)state;
    tlsc_certificate_msg msg;
    assert_ok(tlsc_certificate_msg_parse(&msg, BYTES(0, 0, 0, 10, 0, 0, 1, 9, 0, 4, 0, 18, 0,
                                                     0))); /* signed_certificate_timestamp */
    assert_ok(tlsc_certificate_msg_parse(
        &msg, BYTES(0, 0, 0, 10, 0, 0, 1, 9, 0, 4, 0x77, 0x77, 0, 0))); /* unknown */
    assert_err(tlsc_certificate_msg_parse(&msg, BYTES(0, 0, 0, 10, 0, 0, 1, 9, 0, 4, 0, 16, 0, 0)),
               TLSC_E_MISPLACED_EXTENSION);
    assert_err(tlsc_certificate_msg_parse(
                   &msg, BYTES(0, 0, 0, 14, 0, 0, 1, 9, 0, 8, 0, 18, 0, 0, 0, 18, 0, 0)),
               TLSC_E_DUPLICATE_EXTENSION);
    assert_err(tlsc_certificate_msg_parse(&msg, BYTES(0, 0, 0, 9, 0, 0, 1, 9, 0, 3, 0, 18, 0)),
               TLSC_E_DECODE);
    /* of the second entry too, and each entry on its own */
    assert_err(tlsc_certificate_msg_parse(
                   &msg, BYTES(0, 0, 0, 16, 0, 0, 1, 9, 0, 0, 0, 0, 1, 9, 0, 4, 0, 16, 0, 0)),
               TLSC_E_MISPLACED_EXTENSION);
    assert_ok(tlsc_certificate_msg_parse(
        &msg, BYTES(0, 0, 0, 20, 0, 0, 1, 9, 0, 4, 0, 18, 0, 0, 0, 0, 1, 9, 0, 4, 0, 18, 0, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_read_and_written),
        cmocka_unit_test(each_vector_keeps_its_bounds),
        cmocka_unit_test(extensions_of_entries_are_judged),
    };
    return cmocka_run_group_tests_name("wire/certificate", tests, NULL, NULL);
}
