/* SPDX-License-Identifier: Apache-2.0 */
/* record/join_test.c: records to messages: split, coalesced, too long. */
#include "unit.h"

#include <string.h>

#include "record/join.h"

enum { LONGEST = 1000 };

static void expect_message(tlsc_join *j, uint8_t type, tlsc_bytes body, bool ends_record)
{
    tlsc_msg msg;
    bool found = false;
    assert_ok(tlsc_join_next(j, &msg, &found));
    assert_true(found);
    assert_int_equal(msg.type, type);
    assert_bytes_equal(msg.body, body);
    assert_int_equal(msg.raw.n, body.n + 4);
    assert_int_equal(msg.raw.p[0], type);
    assert_int_equal(msg.ends_record, ends_record);
}

static void expect_none(tlsc_join *j)
{
    tlsc_msg msg;
    bool found = true;
    assert_ok(tlsc_join_next(j, &msg, &found));
    assert_false(found);
}

static void one_message_in_any_pieces(void **state)
{
    (void)state;
    static const uint8_t message[] = { 11, 0, 0, 5, 'h', 'e', 'l', 'l', 'o' };
    for (size_t cut = 0; cut < sizeof(message); cut++) {
        tlsc_join j;
        tlsc_join_init(&j, LONGEST);
        assert_ok(tlsc_join_add(&j, tlsc_bytes_of(message, cut)));
        assert_int_equal(tlsc_join_pending(&j), cut > 0);
        expect_none(&j);
        assert_ok(tlsc_join_add(&j, tlsc_bytes_of(message + cut, sizeof(message) - cut)));
        expect_message(&j, 11, TEXT("hello"), true);
        assert_false(tlsc_join_pending(&j));
        expect_none(&j);
        tlsc_join_clear(&j);
    }
    tlsc_join j;
    tlsc_join_init(&j, LONGEST);
    for (size_t i = 0; i < sizeof(message); i++) {
        expect_none(&j);
        assert_ok(tlsc_join_add(&j, tlsc_bytes_of(message + i, 1)));
    }
    expect_message(&j, 11, TEXT("hello"), true);
    tlsc_join_clear(&j);
}

/* Several in one record: only the last ends it. */
static void many_messages_in_one_record(void **state)
{
    (void)state;
    tlsc_join j;
    tlsc_join_init(&j, LONGEST);
    assert_ok(tlsc_join_add(&j, BYTES(8, 0, 0, 0, 11, 0, 0, 2, 'a', 'b', 20, 0, 0, 1, 'c')));
    expect_message(&j, 8, TEXT(""), false);
    assert_true(tlsc_join_pending(&j));
    expect_message(&j, 11, TEXT("ab"), false);
    expect_message(&j, 20, TEXT("c"), true);
    expect_none(&j);
    tlsc_join_clear(&j);
    /* a message and the beginning of the next */
    tlsc_join_init(&j, LONGEST);
    assert_ok(tlsc_join_add(&j, BYTES(8, 0, 0, 0, 20)));
    expect_message(&j, 8, TEXT(""), false);
    expect_none(&j);
    assert_true(tlsc_join_pending(&j));
    assert_ok(tlsc_join_add(&j, BYTES(0, 0, 1, 9)));
    expect_message(&j, 20, BYTES(9), true);
    tlsc_join_clear(&j);
}

/* Told by the header alone, for every length above the limit. */
static void a_message_over_the_limit_is_refused_by_its_header(void **state)
{
    (void)state;
    static const uint32_t lengths[] = { LONGEST + 1, 0xffff, 0x10000, 0xffffff };
    tlsc_msg msg;
    bool found = true;
    tlsc_join j;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        uint32_t n = lengths[i];
        tlsc_join_init(&j, LONGEST);
        assert_ok(tlsc_join_add(&j, BYTES(1, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n)));
        assert_err(tlsc_join_next(&j, &msg, &found), TLSC_E_MESSAGE_TOO_LONG);
        assert_false(found);
        tlsc_join_clear(&j);
    }
    tlsc_join_init(&j, LONGEST);
    assert_ok(tlsc_join_add(&j, BYTES(1, 0, LONGEST >> 8, LONGEST & 255)));
    expect_none(&j);
    static const uint8_t body[LONGEST];
    assert_ok(tlsc_join_add(&j, tlsc_bytes_of(body, LONGEST)));
    expect_message(&j, 1, tlsc_bytes_of(body, LONGEST), true);
    tlsc_join_clear(&j);
}

/* Whoever doesn't take messages can't let them pile up. */
static void what_is_not_taken_has_a_limit(void **state)
{
    (void)state;
    static const uint8_t zeros[16384];
    tlsc_join j;
    tlsc_join_init(&j, LONGEST);
    assert_ok(tlsc_join_add(&j, tlsc_bytes_of(zeros, 16384)));
    assert_err(tlsc_join_add(&j, tlsc_bytes_of(zeros, 16384)), TLSC_E_MESSAGE_TOO_LONG);
    tlsc_join_clear(&j);
}

static void a_type_is_known_from_its_first_byte(void **state)
{
    (void)state;
    uint8_t type = 9;
    tlsc_join j;
    tlsc_join_init(&j, LONGEST);
    assert_false(tlsc_join_type(&j, &type));
    assert_ok(tlsc_join_add(&j, BYTES(24)));
    assert_true(tlsc_join_type(&j, &type));
    assert_int_equal(type, 24);
    assert_ok(tlsc_join_add(&j, BYTES(0, 0, 0, 20)));
    expect_message(&j, 24, TEXT(""), false);
    assert_true(tlsc_join_type(&j, &type)); /* the taken one is gone */
    assert_int_equal(type, 20);
    tlsc_join_clear(&j);
}

/* An idle joiner owns no memory. */
static void taken_messages_give_their_memory_back(void **state)
{
    (void)state;
    tlsc_join j;
    tlsc_join_init(&j, LONGEST);
    assert_ok(tlsc_join_add(&j, BYTES(8, 0, 0, 1, 'x')));
    expect_message(&j, 8, TEXT("x"), true);
    tlsc_join_settle(&j);
    assert_null(j.buf.p);
    tlsc_join_settle(&j);
    tlsc_mem_fail_at(1, false);
    tlsc_err rc = tlsc_join_add(&j, BYTES(8));
    tlsc_mem_fail_at(0, false);
    assert_err(rc, TLSC_E_NO_MEMORY);
    tlsc_join_clear(&j);
    tlsc_join_clear(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_message_in_any_pieces),
        cmocka_unit_test(many_messages_in_one_record),
        cmocka_unit_test(a_message_over_the_limit_is_refused_by_its_header),
        cmocka_unit_test(what_is_not_taken_has_a_limit),
        cmocka_unit_test(a_type_is_known_from_its_first_byte),
        cmocka_unit_test(taken_messages_give_their_memory_back),
    };
    return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
