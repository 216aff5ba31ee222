/* SPDX-License-Identifier: Apache-2.0 */
/* keys/schedule13_test.c: bounds and failures; its values are rfc8448_test.c's matter. */
#include "unit.h"

#include <string.h>

#include "keys/schedule13.h"

static const uint8_t zeros[512];

static const tlsc_suite *suite(void)
{
    return tlsc_provider_suite(tlsc_provider_default(), 0x1301);
}

/* ---- a hash whose n-th HMAC fails ---- */

static unsigned fail_in;
static const tlsc_hash *real;

static tlsc_err failing_hmac(tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts,
                             uint8_t *out)
{
    if (fail_in > 0 && --fail_in == 0) {
        return TLSC_E_CRYPTO;
    }
    return real->hmac(key, parts, num_parts, out);
}

static tlsc_hash failing_hash(unsigned n)
{
    real = suite()->hash;
    tlsc_hash h = *real;
    h.hmac = failing_hmac;
    fail_in = n;
    return h;
}

/* ---- HKDF-Expand-Label ---- */

/* RFC 5869 2.3: at most 255 blocks; and what is longer begins with what is shorter only if the
 * length weren't part of the label, which it is. */
static void expand_label_keeps_its_bounds(void **state)
{
    (void)state;
    const tlsc_hash *h = suite()->hash;
    static uint8_t out[255 * 32 + 2];
    tlsc_bytes secret = TEXT("0123456789abcdef0123456789abcdef");
    assert_ok(tlsc_expand_label(h, secret, "l", TEXT(""), out, 255 * 32));
    memset(out, 7, sizeof(out));
    assert_err(tlsc_expand_label(h, secret, "l", TEXT(""), out, 255 * 32 + 1), TLSC_E_USAGE);
    for (size_t i = 0; i < 255 * 32 + 1; i++) {
        assert_int_equal(out[i], 0);
    }
    assert_int_equal(out[255 * 32 + 1], 7);
    /* labels of 249 bytes, contexts of 255, as a ticket's nonce may have */
    char label[251];
    memset(label, 'l', 250);
    label[249] = 0;
    assert_ok(tlsc_expand_label(h, secret, label, tlsc_bytes_of(zeros, 255), out, 32));
    memset(out, 7, 33);
    label[249] = 'l';
    label[250] = 0;
    assert_err(tlsc_expand_label(h, secret, label, TEXT(""), out, 32), TLSC_E_USAGE);
    assert_memory_equal(out, zeros, 32);
    memset(out, 7, 33);
    assert_err(tlsc_expand_label(h, secret, "l", tlsc_bytes_of(zeros, 256), out, 32), TLSC_E_USAGE);
    assert_memory_equal(out, zeros, 32);
    assert_int_equal(out[32], 7);
    assert_ok(tlsc_expand_label(h, secret, "l", TEXT(""), out, 0));
}

static void label_context_length_and_secret_all_count(void **state)
{
    (void)state;
    const tlsc_hash *h = suite()->hash;
    uint8_t a[48];
    uint8_t b[48];
    tlsc_bytes secret = TEXT("secret");
    assert_ok(tlsc_expand_label(h, secret, "key", TEXT(""), a, 32));
    assert_ok(tlsc_expand_label(h, secret, "key", TEXT(""), b, 32));
    assert_memory_equal(a, b, 32);
    assert_ok(tlsc_expand_label(h, secret, "kez", TEXT(""), b, 32));
    assert_memory_not_equal(a, b, 32);
    assert_ok(tlsc_expand_label(h, secret, "key", TEXT("c"), b, 32));
    assert_memory_not_equal(a, b, 32);
    assert_ok(tlsc_expand_label(h, TEXT("secreu"), "key", TEXT(""), b, 32));
    assert_memory_not_equal(a, b, 32);
    assert_ok(tlsc_expand_label(h, secret, "key", TEXT(""), b, 33));
    assert_memory_not_equal(a, b, 32);
}

/* ---- the schedule ---- */

static void no_psk_is_a_psk_of_zeroes(void **state)
{
    (void)state;
    tlsc_schedule13 a;
    tlsc_schedule13 b;
    assert_ok(tlsc_schedule13_early(&a, suite()->hash, (tlsc_bytes){ NULL, 0 }));
    assert_ok(tlsc_schedule13_early(&b, suite()->hash, tlsc_bytes_of(zeros, 32)));
    assert_bytes_equal(tlsc_secret_bytes(&a.secret), tlsc_secret_bytes(&b.secret));
    assert_ok(tlsc_schedule13_early(&b, suite()->hash, TEXT("psk")));
    assert_false(tlsc_bytes_equal(tlsc_secret_bytes(&a.secret), tlsc_secret_bytes(&b.secret)));
    tlsc_schedule13_clear(&a);
    assert_int_equal(a.secret.n, 0);
    assert_memory_equal(a.secret.b, zeros, sizeof(a.secret.b));
    tlsc_schedule13_clear(&a);
    tlsc_schedule13_clear(&b);
}

/* Every label of the drawing gives another secret, at every stage. */
static void every_label_and_stage_has_its_own_secret(void **state)
{
    (void)state;
    enum { STAGES = 3, LABELS = TLSC_LABEL_RESUMPTION + 1 };
    tlsc_secret all[STAGES * LABELS];
    tlsc_schedule13 s;
    for (unsigned stage = 0; stage < STAGES; stage++) {
        assert_ok(stage == 0   ? tlsc_schedule13_early(&s, suite()->hash, TEXT(""))
                  : stage == 1 ? tlsc_schedule13_handshake(&s, TEXT("shared"))
                               : tlsc_schedule13_master(&s));
        for (unsigned label = 0; label < LABELS; label++) {
            unsigned i = stage * LABELS + label;
            assert_ok(tlsc_schedule13_derive(&s, (tlsc_label13)label, zeros, &all[i]));
            assert_int_equal(all[i].n, 32);
            for (unsigned k = 0; k < i; k++) {
                assert_memory_not_equal(all[k].b, all[i].b, 32);
            }
        }
    }
    tlsc_schedule13_clear(&s);
}

static void the_binder_key_needs_no_transcript(void **state)
{
    (void)state;
    tlsc_schedule13 s;
    tlsc_secret a;
    tlsc_secret b;
    assert_ok(tlsc_schedule13_early(&s, suite()->hash, TEXT("psk")));
    assert_ok(tlsc_schedule13_derive(&s, TLSC_LABEL_RESUMPTION_BINDER, NULL, &a));
    assert_ok(tlsc_schedule13_derive(&s, TLSC_LABEL_RESUMPTION_BINDER, zeros, &b));
    assert_memory_equal(a.b, b.b, 32);
    tlsc_schedule13_clear(&s);
}

/* Each step whose HMAC fails says so, and gives nothing. */
static void failures_are_handed_up(void **state)
{
    (void)state;
    tlsc_schedule13 s;
    uint8_t verify_data[TLSC_HASH_MAX];
    tlsc_hash h = failing_hash(1);
    assert_err(tlsc_schedule13_early(&s, &h, TEXT("")), TLSC_E_CRYPTO);
    h = failing_hash(0);
    assert_ok(tlsc_schedule13_early(&s, &h, TEXT("")));
    tlsc_secret before = s.secret;
    fail_in = 1;
    assert_err(tlsc_schedule13_handshake(&s, TEXT("s")), TLSC_E_CRYPTO);
    fail_in = 1;
    assert_err(tlsc_schedule13_master(&s), TLSC_E_CRYPTO);
    assert_memory_equal(s.secret.b, before.b, sizeof(before.b));
    fail_in = 1;
    assert_err(tlsc_finished13(&h, &s.secret, zeros, verify_data), TLSC_E_CRYPTO);
    tlsc_schedule13_clear(&s);
}

/* A stage's secret and what is kept of it go together. */
static void a_stage_derives_with_its_own_secret(void **state)
{
    (void)state;
    tlsc_schedule13 s;
    tlsc_secret a;
    uint8_t b[32];
    assert_ok(tlsc_schedule13_early(&s, suite()->hash, TEXT("psk")));
    assert_ok(tlsc_schedule13_handshake(&s, TEXT("shared")));
    assert_ok(tlsc_schedule13_derive(&s, TLSC_LABEL_CLIENT_HANDSHAKE, zeros, &a));
    assert_ok(tlsc_expand_label(suite()->hash, tlsc_secret_bytes(&s.secret), "c hs traffic",
                                tlsc_bytes_of(zeros, 32), b, 32));
    assert_memory_equal(a.b, b, 32);
    tlsc_schedule13_clear(&s);
    static const tlsc_schedule13 nothing;
    assert_memory_equal(&s.keyed, &nothing.keyed, sizeof(s.keyed));
}

/* RFC 8446 7.2: each generation is another, made from the one before. */
static void generations_of_traffic_secrets_differ(void **state)
{
    (void)state;
    tlsc_secret secret = { .b = { 1 }, .n = 32 };
    tlsc_secret expected = secret;
    tlsc_secret first = secret;
    for (int i = 0; i < 5; i++) {
        assert_ok(tlsc_expand_label(suite()->hash, tlsc_secret_bytes(&secret), "traffic upd",
                                    TEXT(""), expected.b, 32));
        assert_ok(tlsc_traffic_next13(suite()->hash, &secret));
        assert_memory_equal(secret.b, expected.b, 32);
        assert_memory_not_equal(secret.b, first.b, 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expand_label_keeps_its_bounds),
        cmocka_unit_test(label_context_length_and_secret_all_count),
        cmocka_unit_test(no_psk_is_a_psk_of_zeroes),
        cmocka_unit_test(every_label_and_stage_has_its_own_secret),
        cmocka_unit_test(the_binder_key_needs_no_transcript),
        cmocka_unit_test(failures_are_handed_up),
        cmocka_unit_test(a_stage_derives_with_its_own_secret),
        cmocka_unit_test(generations_of_traffic_secrets_differ),
    };
    return cmocka_run_group_tests_name("schedule13", tests, NULL, NULL);
}
