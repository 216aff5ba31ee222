/* SPDX-License-Identifier: Apache-2.0 */
/* keys/ticket_seal_test.c: tickets under a ring of keys, and what opens none. */
#include "unit.h"

#include <string.h>

#include "keys/ticket_seal.h"
#include "script_random.h"

static const tlsc_provider *provider(void)
{
    return tlsc_provider_default();
}

/* Three keys, one after the other: [0, 100), [100, 200), [200, 300). */
static tlsc_ticket_keys ring(void)
{
    tlsc_ticket_keys keys = { .num = 3 };
    for (size_t i = 0; i < 3; i++) {
        assert_ok(tlsc_ticket_key_new(provider(), (int64_t)i * 100, (int64_t)i * 100 + 100,
                                      &keys.keys[i]));
    }
    return keys;
}

static tlsc_buf sealed(const tlsc_ticket_keys *keys, int64_t now_ms, tlsc_bytes session)
{
    tlsc_buf ticket = tlsc_buf_of(4096);
    assert_ok(tlsc_ticket_seal(provider(), provider()->random, keys, now_ms, session, &ticket));
    return ticket;
}

static void expect_opens(const tlsc_ticket_keys *keys, tlsc_bytes ticket, tlsc_bytes session)
{
    tlsc_buf out = tlsc_buf_of(4096);
    assert_ok(tlsc_ticket_unseal(provider(), keys, ticket, &out));
    assert_bytes_equal(tlsc_buf_bytes(&out), session);
    tlsc_buf_clear(&out);
}

static void expect_bad(const tlsc_ticket_keys *keys, tlsc_bytes ticket)
{
    tlsc_buf out = tlsc_buf_of(4096);
    uint8_t *copy = test_copy(ticket);
    assert_err(tlsc_ticket_unseal(provider(), keys, tlsc_bytes_of(copy, ticket.n), &out),
               TLSC_E_BAD_TICKET);
    assert_int_equal(out.n, 0);
    tlsc_mem_free(copy);
    tlsc_buf_clear(&out);
}

static void what_is_sealed_opens(void **state)
{
    (void)state;
    static const uint8_t session[1000] = { 1, 2, 3 };
    static const size_t lens[] = { 0, 1, 16, 1000 };
    tlsc_ticket_keys keys = ring();
    for (size_t i = 0; i < 4; i++) {
        tlsc_buf ticket = sealed(&keys, 0, tlsc_bytes_of(session, lens[i]));
        assert_int_equal(ticket.n, lens[i] + TLSC_TICKET_OVERHEAD);
        expect_opens(&keys, tlsc_buf_bytes(&ticket), tlsc_bytes_of(session, lens[i]));
        tlsc_buf_clear(&ticket);
    }
}

static void two_tickets_of_one_session_have_nothing_in_common(void **state)
{
    (void)state;
    tlsc_ticket_keys keys = ring();
    tlsc_buf a = sealed(&keys, 0, TEXT("session"));
    tlsc_buf b = sealed(&keys, 0, TEXT("session"));
    assert_memory_equal(a.p, b.p, TLSC_TICKET_NAME_LEN);
    assert_memory_not_equal(a.p + 16, b.p + 16, 16);
    assert_memory_not_equal(a.p + 32, b.p + 32, 7);
    tlsc_buf_clear(&a);
    tlsc_buf_clear(&b);
}

static void every_altered_byte_is_found(void **state)
{
    (void)state;
    tlsc_ticket_keys keys = ring();
    tlsc_buf ticket = sealed(&keys, 0, TEXT("session"));
    for (size_t i = 0; i < ticket.n; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            ticket.p[i] ^= (uint8_t)(1u << bit);
            expect_bad(&keys, tlsc_buf_bytes(&ticket));
            ticket.p[i] ^= (uint8_t)(1u << bit);
        }
    }
    /* the name of another key of the ring doesn't help */
    memcpy(ticket.p, keys.keys[1].name, TLSC_TICKET_NAME_LEN);
    expect_bad(&keys, tlsc_buf_bytes(&ticket));
    tlsc_buf_clear(&ticket);
}

static void every_truncation_is_found(void **state)
{
    (void)state;
    tlsc_ticket_keys keys = ring();
    tlsc_buf ticket = sealed(&keys, 0, TEXT("session"));
    for (size_t n = 0; n < ticket.n; n++) {
        expect_bad(&keys, tlsc_bytes_of(ticket.p, n));
    }
    assert_ok(tlsc_buf_append(&ticket, BYTES(0)));
    expect_bad(&keys, tlsc_buf_bytes(&ticket));
    tlsc_buf_clear(&ticket);
}

/* The youngest key in force seals; all that are there open. */
static void keys_are_chosen_by_time(void **state)
{
    (void)state;
    tlsc_ticket_keys keys = ring();
    keys.keys[1].from_ms = 50; /* in [50, 100) two are in force: the younger seals */
    static const struct {
        int64_t now_ms;
        size_t key;
    } rows[] = { { 0, 0 }, { 49, 0 }, { 50, 1 }, { 99, 1 }, { 199, 1 }, { 200, 2 }, { 299, 2 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_buf ticket = sealed(&keys, rows[i].now_ms, TEXT("session"));
        assert_memory_equal(ticket.p, keys.keys[rows[i].key].name, TLSC_TICKET_NAME_LEN);
        expect_opens(&keys, tlsc_buf_bytes(&ticket), TEXT("session"));
        tlsc_buf_clear(&ticket);
    }
    static const int64_t outside[] = { -1, 300, INT64_MAX };
    for (size_t i = 0; i < 3; i++) {
        tlsc_buf ticket = tlsc_buf_of(4096);
        assert_err(
            tlsc_ticket_seal(provider(), provider()->random, &keys, outside[i], TEXT("s"), &ticket),
            TLSC_E_NO_TICKET_KEY);
        assert_int_equal(ticket.n, 0);
        tlsc_buf_clear(&ticket);
    }
}

/* After a rotation: the key is gone from the ring, or there is none at all. */
static void a_key_that_is_gone_opens_nothing(void **state)
{
    (void)state;
    tlsc_ticket_keys keys = ring();
    tlsc_buf ticket = sealed(&keys, 0, TEXT("session"));
    keys.keys[0] = keys.keys[2];
    keys.num = 2;
    expect_bad(&keys, tlsc_buf_bytes(&ticket));
    keys.num = 0;
    expect_bad(&keys, tlsc_buf_bytes(&ticket));
    tlsc_buf none = tlsc_buf_of(100);
    assert_err(tlsc_ticket_seal(provider(), provider()->random, &keys, 0, TEXT("s"), &none),
               TLSC_E_NO_TICKET_KEY);
    /* the same name on another key */
    tlsc_ticket_keys other = ring();
    memcpy(other.keys[0].name, ticket.p, TLSC_TICKET_NAME_LEN);
    expect_bad(&other, tlsc_buf_bytes(&ticket));
    tlsc_buf_clear(&ticket);
    tlsc_buf_clear(&none);
}

static void failures_leave_the_output_as_it_was(void **state)
{
    (void)state;
    tlsc_ticket_keys keys = ring();
    tlsc_buf out = tlsc_buf_of(60);
    test_script_random silent;
    assert_ok(tlsc_buf_append(&out, TEXT("kept")));
    assert_err(tlsc_ticket_seal(provider(), test_script(&silent, TEXT("15 bytes of it.")), &keys, 0,
                                TEXT("s"), &out),
               TLSC_E_RANDOM);
    assert_err(tlsc_ticket_seal(provider(), provider()->random, &keys, 0, TEXT("123456789"), &out),
               TLSC_E_TOO_SMALL);
    assert_bytes_equal(tlsc_buf_bytes(&out), TEXT("kept"));
    assert_ok(tlsc_ticket_seal(provider(), provider()->random, &keys, 0, TEXT("12345678"), &out));
    assert_int_equal(out.n, 60);
    tlsc_buf opened = tlsc_buf_of(23); /* a byte less than unsealing works in */
    assert_err(tlsc_ticket_unseal(provider(), &keys, tlsc_bytes_of(out.p + 4, 56), &opened),
               TLSC_E_TOO_SMALL);
    assert_int_equal(opened.n, 0);
    tlsc_buf_clear(&opened);
    tlsc_buf_clear(&out);
}

/* ---- tlscore/session.h ---- */

static void a_new_key_is_random_and_has_its_time(void **state)
{
    (void)state;
    tlsc_ticket_key a;
    tlsc_ticket_key b;
    assert_ok(tlsc_ticket_key_new(provider(), 5, 6, &a));
    assert_ok(tlsc_ticket_key_new(provider(), 5, 6, &b));
    assert_true(a.from_ms == 5 && a.until_ms == 6);
    assert_memory_not_equal(a.name, b.name, sizeof(a.name));
    assert_memory_not_equal(a.key, b.key, sizeof(a.key));
    /* half a key is none */
    static const tlsc_ticket_key zero;
    test_script_random silent;
    tlsc_provider failing = *provider();
    failing.random = test_script(&silent, TEXT("sixteen and some more bytes"));
    assert_err(tlsc_ticket_key_new(&failing, 5, 6, &a), TLSC_E_RANDOM);
    assert_memory_equal(&a, &zero, sizeof(a));
    tlsc_ticket_keys keys = ring();
    static const tlsc_ticket_keys none;
    tlsc_ticket_keys_clear(&keys);
    assert_memory_equal(&keys, &none, sizeof(keys));
}

static void a_caller_opens_tickets_into_its_own_memory(void **state)
{
    (void)state;
    tlsc_ticket_keys keys = ring();
    tlsc_buf ticket = sealed(&keys, 0, TEXT("session"));
    uint8_t out[64];
    size_t n = 99;
    memset(out, 7, sizeof(out));
    assert_ok(tlsc_ticket_open(provider(), &keys, tlsc_buf_bytes(&ticket), out, 7, &n));
    assert_int_equal(n, 7);
    assert_memory_equal(out, "session\x07", 8);
    assert_err(tlsc_ticket_open(provider(), &keys, tlsc_buf_bytes(&ticket), out, 6, &n),
               TLSC_E_TOO_SMALL);
    assert_int_equal(n, 0);
    ticket.p[40] ^= 1;
    assert_err(tlsc_ticket_open(provider(), &keys, tlsc_buf_bytes(&ticket), out, 64, &n),
               TLSC_E_BAD_TICKET);
    assert_int_equal(n, 0);
    assert_err(tlsc_ticket_open(provider(), &keys, TEXT(""), out, 64, &n), TLSC_E_BAD_TICKET);
    tlsc_buf_clear(&ticket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens),
        cmocka_unit_test(two_tickets_of_one_session_have_nothing_in_common),
        cmocka_unit_test(every_altered_byte_is_found),
        cmocka_unit_test(every_truncation_is_found),
        cmocka_unit_test(keys_are_chosen_by_time),
        cmocka_unit_test(a_key_that_is_gone_opens_nothing),
        cmocka_unit_test(failures_leave_the_output_as_it_was),
        cmocka_unit_test(a_new_key_is_random_and_has_its_time),
        cmocka_unit_test(a_caller_opens_tickets_into_its_own_memory),
    };
    return cmocka_run_group_tests_name("ticket_seal", tests, NULL, NULL);
}
