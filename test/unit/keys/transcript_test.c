/* SPDX-License-Identifier: Apache-2.0 */
/* keys/transcript_test.c: the running hash, the hash before the last message, and message_hash. */
#include "unit.h"

#include "keys/transcript.h"

static const tlsc_hash *sha256(void)
{
    return tlsc_provider_suite(tlsc_provider_default(), 0x1301)->hash;
}

static const tlsc_hash *sha384(void)
{
    return tlsc_provider_suite(tlsc_provider_default(), 0x1302)->hash;
}

static void hash_of(const tlsc_hash *hash, tlsc_bytes data, uint8_t *out)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    hash->init(state);
    hash->update(state, data);
    hash->final(state, out);
}

static void expect_hash(const tlsc_transcript *t, tlsc_bytes of)
{
    uint8_t got[TLSC_HASH_MAX];
    uint8_t expected[TLSC_HASH_MAX];
    tlsc_transcript_hash(t, got);
    hash_of(t->hash, of, expected);
    assert_memory_equal(got, expected, t->hash->len);
}

static void expect_before(const tlsc_transcript *t, tlsc_bytes extra, tlsc_bytes of)
{
    uint8_t got[TLSC_HASH_MAX];
    uint8_t expected[TLSC_HASH_MAX];
    tlsc_transcript_hash_before(t, extra, got);
    hash_of(t->hash, of, expected);
    assert_memory_equal(got, expected, t->hash->len);
}

/* Whenever the hash gets known, it is the same. */
static void messages_are_hashed_whenever_the_hash_is_named(void **state)
{
    (void)state;
    static const char *const messages[] = { "one", "two", "", "three" };
    const tlsc_hash *hashes[] = { sha256(), sha384() };
    for (size_t h = 0; h < 2; h++) {
        for (size_t when = 0; when <= 4; when++) {
            tlsc_transcript t;
            tlsc_transcript_init(&t, 100);
            for (size_t i = 0; i < 4; i++) {
                if (i == when) {
                    assert_ok(tlsc_transcript_start(&t, hashes[h]));
                }
                assert_ok(tlsc_transcript_add(&t, tlsc_bytes_of_str(messages[i])));
            }
            if (when == 4) {
                assert_ok(tlsc_transcript_start(&t, hashes[h]));
            }
            expect_hash(&t, TEXT("onetwothree"));
            expect_before(&t, TEXT(""), TEXT("onetwo"));
            expect_before(&t, TEXT("thr"), TEXT("onetwothr"));
            expect_hash(&t, TEXT("onetwothree")); /* asking changes nothing */
            tlsc_transcript_clear(&t);
        }
    }
}

static void one_message_has_nothing_before_it(void **state)
{
    (void)state;
    for (int early = 0; early < 2; early++) {
        tlsc_transcript t;
        tlsc_transcript_init(&t, 100);
        if (early) {
            assert_ok(tlsc_transcript_start(&t, sha256()));
        }
        assert_ok(tlsc_transcript_add(&t, TEXT("hello")));
        if (!early) {
            assert_ok(tlsc_transcript_start(&t, sha256()));
        }
        expect_before(&t, TEXT(""), TEXT(""));
        expect_before(&t, TEXT("hell"), TEXT("hell"));
        tlsc_transcript_clear(&t);
    }
}

/* RFC 8446 4.4.1: message_hash stands for all that came before. */
static void fold_replaces_what_came_before(void **state)
{
    (void)state;
    const tlsc_hash *hashes[] = { sha256(), sha384() };
    for (size_t h = 0; h < 2; h++) {
        tlsc_transcript t;
        uint8_t expected[4 + TLSC_HASH_MAX + 5] = { 254, 0, 0, hashes[h]->len };
        size_t folded = 4 + (size_t)hashes[h]->len;
        tlsc_transcript_init(&t, 100);
        assert_ok(tlsc_transcript_add(&t, TEXT("first")));
        assert_ok(tlsc_transcript_start(&t, hashes[h]));
        tlsc_transcript_fold(&t);
        hash_of(hashes[h], TEXT("first"), expected + 4);
        expect_hash(&t, tlsc_bytes_of(expected, folded));
        expect_before(&t, TEXT(""), TEXT(""));
        assert_ok(tlsc_transcript_add(&t, TEXT("retry")));
        memcpy(expected + folded, "retry", 5);
        expect_hash(&t, tlsc_bytes_of(expected, folded + 5));
        /* a binder of the second hello covers message_hash, the retry, and the start of itself */
        expect_before(&t, TEXT("re"), tlsc_bytes_of(expected, folded + 2));
        tlsc_transcript_clear(&t);
    }
}

/* A client names the hash when the HelloRetryRequest is there. */
static void fold_before_spares_the_last_message(void **state)
{
    (void)state;
    tlsc_transcript t;
    uint8_t expected[4 + TLSC_HASH_MAX + 5] = { 254, 0, 0, 32 };
    tlsc_transcript_init(&t, 100);
    assert_ok(tlsc_transcript_add(&t, TEXT("first")));
    assert_ok(tlsc_transcript_add(&t, TEXT("retry")));
    assert_ok(tlsc_transcript_start(&t, sha256()));
    tlsc_transcript_fold_before(&t, TEXT("retry"));
    hash_of(sha256(), TEXT("first"), expected + 4);
    memcpy(expected + 36, "retry", 5);
    expect_hash(&t, tlsc_bytes_of(expected, 41));
    expected[36] = 'x';
    expect_before(&t, TEXT("x"), tlsc_bytes_of(expected, 37));
    tlsc_transcript_clear(&t);
}

/* A client's binders are made under the hashes of their own sessions before one is named. */
static void what_comes_next_can_be_asked_under_any_hash(void **state)
{
    (void)state;
    const tlsc_hash *hashes[] = { sha256(), sha384() };
    tlsc_transcript t;
    uint8_t got[TLSC_HASH_MAX];
    uint8_t expected[TLSC_HASH_MAX];
    tlsc_transcript_init(&t, 100);
    for (size_t h = 0; h < 2; h++) {
        tlsc_transcript_hash_with(&t, hashes[h], TEXT("hel"), got);
        hash_of(hashes[h], TEXT("hel"), expected);
        assert_memory_equal(got, expected, hashes[h]->len);
    }
    assert_ok(tlsc_transcript_add(&t, TEXT("hello")));
    tlsc_transcript_hash_with(&t, sha384(), TEXT("ne"), got);
    hash_of(sha384(), TEXT("hellone"), expected);
    assert_memory_equal(got, expected, 48);
    assert_ok(tlsc_transcript_start(&t, sha256()));
    tlsc_transcript_hash_with(&t, sha256(), TEXT("ne"), got);
    hash_of(sha256(), TEXT("hellone"), expected);
    assert_memory_equal(got, expected, 32);
    expect_hash(&t, TEXT("hello"));
    tlsc_transcript_clear(&t);
}

/* TLS 1.2's CertificateVerify is over the messages, not over their hash. */
static void messages_are_kept_for_who_asks(void **state)
{
    (void)state;
    tlsc_transcript t;
    tlsc_transcript_init(&t, 100);
    assert_ok(tlsc_transcript_add(&t, TEXT("one")));
    tlsc_transcript_keep(&t);
    assert_bytes_equal(tlsc_transcript_messages(&t), TEXT("one"));
    assert_bytes_equal(tlsc_transcript_messages_before(&t), TEXT(""));
    assert_ok(tlsc_transcript_add(&t, TEXT("two")));
    assert_ok(tlsc_transcript_start(&t, sha256()));
    assert_bytes_equal(tlsc_transcript_messages(&t), TEXT("onetwo"));
    assert_bytes_equal(tlsc_transcript_messages_before(&t), TEXT("one"));
    assert_ok(tlsc_transcript_add(&t, TEXT("three")));
    assert_bytes_equal(tlsc_transcript_messages(&t), TEXT("onetwothree"));
    assert_bytes_equal(tlsc_transcript_messages_before(&t), TEXT("onetwo"));
    expect_hash(&t, TEXT("onetwothree"));
    expect_before(&t, TEXT(""), TEXT("onetwo"));
    tlsc_transcript_drop(&t);
    assert_int_equal(tlsc_transcript_messages(&t).n, 0);
    assert_ok(tlsc_transcript_add(&t, TEXT("four")));
    assert_int_equal(tlsc_transcript_messages(&t).n, 0);
    expect_hash(&t, TEXT("onetwothreefour"));
    expect_before(&t, TEXT(""), TEXT("onetwothree"));
    tlsc_transcript_clear(&t);
    /* the maximum holds as long as they are kept */
    tlsc_transcript_init(&t, 5);
    tlsc_transcript_keep(&t);
    assert_ok(tlsc_transcript_start(&t, sha256()));
    assert_ok(tlsc_transcript_add(&t, TEXT("abc")));
    assert_err(tlsc_transcript_add(&t, TEXT("def")), TLSC_E_TOO_SMALL);
    tlsc_transcript_clear(&t);
}

/* What RFC 8446 4.6.2 speaks of begins where the handshake ended. */
static void a_state_outlives_its_transcript(void **state)
{
    (void)state;
    tlsc_transcript t;
    tlsc_transcript later;
    tlsc_transcript_init(&t, 100);
    assert_ok(tlsc_transcript_add(&t, TEXT("handshake")));
    assert_ok(tlsc_transcript_start(&t, sha384()));
    tlsc_bytes view = tlsc_transcript_state(&t);
    assert_int_equal(view.n, sha384()->state_len);
    uint8_t *kept = test_copy(view);
    tlsc_transcript_clear(&t);
    tlsc_transcript_init(&later, 100);
    tlsc_transcript_go_on(&later, sha384(), tlsc_bytes_of(kept, sha384()->state_len));
    expect_hash(&later, TEXT("handshake"));
    expect_before(&later, TEXT(""), TEXT("handshake"));
    assert_ok(tlsc_transcript_add(&later, TEXT("more")));
    expect_hash(&later, TEXT("handshakemore"));
    expect_before(&later, TEXT(""), TEXT("handshake"));
    tlsc_transcript_clear(&later);
    tlsc_mem_free(kept);
}

static void it_takes_no_more_than_it_may(void **state)
{
    (void)state;
    tlsc_transcript t;
    tlsc_transcript_init(&t, 5);
    assert_ok(tlsc_transcript_add(&t, TEXT("abc")));
    assert_err(tlsc_transcript_add(&t, TEXT("def")), TLSC_E_TOO_SMALL);
    tlsc_transcript_clear(&t);
    /* once the hash is known nothing is kept */
    tlsc_transcript_init(&t, 5);
    assert_ok(tlsc_transcript_start(&t, sha256()));
    assert_ok(tlsc_transcript_add(&t, TEXT("abcdefghij")));
    expect_hash(&t, TEXT("abcdefghij"));
    tlsc_transcript_clear(&t);
    tlsc_transcript_clear(&t);
}

static void the_hash_is_named_once(void **state)
{
    (void)state;
    tlsc_transcript t;
    tlsc_transcript_init(&t, 5);
    assert_ok(tlsc_transcript_start(&t, sha256()));
    assert_err(tlsc_transcript_start(&t, sha256()), TLSC_E_INTERNAL);
    assert_err(tlsc_transcript_start(&t, sha384()), TLSC_E_INTERNAL);
    expect_hash(&t, TEXT(""));
    tlsc_transcript_clear(&t);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    tlsc_transcript t;
    tlsc_transcript_init(&t, 100);
    tlsc_mem_fail_at(1, false);
    tlsc_err rc = tlsc_transcript_add(&t, TEXT("abc"));
    tlsc_mem_fail_at(0, false);
    assert_err(rc, TLSC_E_NO_MEMORY);
    tlsc_transcript_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_hashed_whenever_the_hash_is_named),
        cmocka_unit_test(one_message_has_nothing_before_it),
        cmocka_unit_test(fold_replaces_what_came_before),
        cmocka_unit_test(fold_before_spares_the_last_message),
        cmocka_unit_test(what_comes_next_can_be_asked_under_any_hash),
        cmocka_unit_test(messages_are_kept_for_who_asks),
        cmocka_unit_test(a_state_outlives_its_transcript),
        cmocka_unit_test(it_takes_no_more_than_it_may),
        cmocka_unit_test(the_hash_is_named_once),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("transcript", tests, NULL, NULL);
}
