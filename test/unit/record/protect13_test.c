/* SPDX-License-Identifier: Apache-2.0 */
/* record/protect13_test.c: sealing and opening, padding, numbers of records, generations of keys.
 */
#include "unit.h"

#include <string.h>

#include "keys/schedule13.h"
#include "record/protect13.h"
#include "tlscore/conn.h"
#include "wire/enums.h"

static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
enum { SUITES = 3, ROOM = 5 + 16384 + 1 + 256 };

/* Two ends with the same secret. */
typedef struct ends {
    tlsc_protect wr;
    tlsc_protect rd;
    uint8_t record[ROOM + 64];
} ends;

static void ends_open(ends *e, uint16_t suite)
{
    const tlsc_suite *s = tlsc_provider_suite(tlsc_provider_default(), suite);
    tlsc_secret secret = { .b = { 1, 2, 3 }, .n = s->hash->len };
    memset(e, 0, sizeof(*e));
    assert_ok(tlsc_protect13_start(&e->wr, s, &secret));
    assert_ok(tlsc_protect13_start(&e->rd, s, &secret));
}

static void ends_close(ends *e)
{
    tlsc_protect_clear(&e->wr);
    tlsc_protect_clear(&e->rd);
}

/* Seals into e->record; the body's length. */
static size_t seal(ends *e, uint8_t type, tlsc_bytes content)
{
    tlsc_bytes_copy(e->record + TLSC_SEAL13_HEAD, content);
    assert_ok(tlsc_protect13_seal(&e->wr, type, e->record + TLSC_SEAL13_HEAD, content.n, 0));
    size_t body = content.n + TLSC_SEAL13_TAIL;
    uint8_t header[] = { 23, 3, 3, (uint8_t)(body >> 8), (uint8_t)body };
    assert_memory_equal(e->record, header, 5);
    return body;
}

static tlsc_err open_record(ends *e, size_t body, uint8_t *type, tlsc_bytes *content)
{
    return tlsc_protect_open(&e->rd, tlsc_bytes_of(e->record, 5), e->record + 5, body, type,
                               content);
}

/* What a peer may put into a record, but we never do: sealed with the AEAD itself. */
static void seal_inner(ends *e, const uint8_t *inner, size_t n)
{
    uint8_t nonce[TLSC_AEAD_NONCE_LEN];
    size_t body = n + TLSC_AEAD_TAG_LEN;
    uint8_t header[] = { 23, 3, 3, (uint8_t)(body >> 8), (uint8_t)body };
    memcpy(e->record, header, 5);
    memcpy(e->record + 5, inner, n);
    memcpy(nonce, e->wr.iv, sizeof(nonce));
    nonce[11] ^= (uint8_t)e->wr.seq++;
    assert_ok(
        e->wr.suite->aead->seal(e->wr.aead, nonce, tlsc_bytes_of(e->record, 5), e->record + 5, n));
}

static void every_length_is_sealed_and_opened(void **state)
{
    (void)state;
    static const uint8_t zeros[16384];
    static const size_t lens[] = { 0, 1, 15, 16, 17, 255, 256, 16383, 16384 };
    static ends e;
    for (size_t s = 0; s < SUITES; s++) {
        ends_open(&e, suites[s]);
        for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
            uint8_t type = 0;
            tlsc_bytes content;
            size_t body = seal(&e, 22, tlsc_bytes_of(zeros, lens[i]));
            assert_ok(open_record(&e, body, &type, &content));
            assert_int_equal(type, 22);
            assert_bytes_equal(content, tlsc_bytes_of(zeros, lens[i]));
        }
        assert_true(e.wr.seq == sizeof(lens) / sizeof(lens[0]) && e.rd.seq == e.wr.seq);
        assert_err(tlsc_protect_seal(&e.wr, 22, e.record + 5, 16385), TLSC_E_USAGE);
        ends_close(&e);
    }
}

static void every_altered_bit_is_found(void **state)
{
    (void)state;
    static ends e;
    static uint8_t copy[64];
    for (size_t s = 0; s < SUITES; s++) {
        ends_open(&e, suites[s]);
        size_t body = seal(&e, 23, TEXT("content"));
        memcpy(copy, e.record, 5 + body);
        for (size_t bit = 0; bit < 8 * (5 + body); bit++) {
            uint8_t type;
            tlsc_bytes content;
            memcpy(e.record, copy, 5 + body);
            e.record[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            assert_err(open_record(&e, body, &type, &content), TLSC_E_BAD_RECORD_MAC);
            assert_true(e.rd.seq == 0); /* so that early data can be skipped */
        }
        uint8_t type;
        tlsc_bytes content;
        memcpy(e.record, copy, 5 + body);
        assert_ok(open_record(&e, body, &type, &content));
        ends_close(&e);
    }
}

/* Less than a tag and a type can't be a record. */
static void short_records_are_refused(void **state)
{
    (void)state;
    static ends e;
    ends_open(&e, 0x1301);
    for (size_t n = 0; n <= TLSC_AEAD_TAG_LEN; n++) {
        uint8_t type;
        tlsc_bytes content;
        uint8_t *body = (uint8_t *)tlsc_mem_zalloc(n);
        assert_err(
            tlsc_protect_open(&e.rd, BYTES(23, 3, 3, 0, (uint8_t)n), body, n, &type, &content),
            TLSC_E_BAD_RECORD_MAC);
        tlsc_mem_free(body);
    }
    ends_close(&e);
}

/* RFC 8446 5.4: zeroes behind the type are padding, up to the limit of the record. */
static void padding_is_taken_off(void **state)
{
    (void)state;
    static uint8_t inner[16385] = { 'a', 0, 'b', 23 };
    static const size_t lens[] = { 4, 5, 20, 16385 };
    static ends e;
    uint8_t type = 0;
    tlsc_bytes content;
    ends_open(&e, 0x1303);
    for (size_t i = 0; i < 4; i++) {
        seal_inner(&e, inner, lens[i]);
        assert_ok(open_record(&e, lens[i] + 16, &type, &content));
        assert_int_equal(type, 23);
        assert_bytes_equal(content, BYTES('a', 0, 'b'));
    }
    ends_close(&e);
}

static void padding_alone_is_refused(void **state)
{
    (void)state;
    static const uint8_t zeros[16385];
    static const size_t lens[] = { 1, 2, 100, 16385 };
    static ends e;
    uint8_t type = 0;
    tlsc_bytes content;
    for (size_t i = 0; i < 4; i++) {
        ends_open(&e, 0x1301);
        seal_inner(&e, zeros, lens[i]);
        assert_err(open_record(&e, lens[i] + 16, &type, &content), TLSC_E_NO_CONTENT_TYPE);
        ends_close(&e);
    }
}

/* RFC 8446 5.2: 2^14 + 1 bytes inside, padding included. */
static void inner_overflow_is_refused(void **state)
{
    (void)state;
    static uint8_t inner[16386];
    static ends e;
    uint8_t type = 0;
    tlsc_bytes content;
    memset(inner, 23, sizeof(inner));
    ends_open(&e, 0x1302);
    seal_inner(&e, inner, 16385);
    assert_ok(open_record(&e, 16385 + 16, &type, &content));
    assert_int_equal(content.n, 16384);
    seal_inner(&e, inner, 16386);
    assert_err(open_record(&e, 16386 + 16, &type, &content), TLSC_E_RECORD_OVERFLOW);
    memset(inner + 1, 0, sizeof(inner) - 1); /* nor as padding */
    seal_inner(&e, inner, 16386);
    assert_err(open_record(&e, 16386 + 16, &type, &content), TLSC_E_RECORD_OVERFLOW);
    ends_close(&e);
}

/* Each record has its own number: one that is missing, twice or late doesn't open. */
static void records_open_in_their_order(void **state)
{
    (void)state;
    static ends e;
    uint8_t type;
    tlsc_bytes content;
    uint8_t first[64];
    uint8_t second[64];
    ends_open(&e, 0x1301);
    size_t body = seal(&e, 23, TEXT("same"));
    memcpy(first, e.record, 5 + body);
    assert_int_equal(seal(&e, 23, TEXT("same")), body);
    memcpy(second, e.record, 5 + body);
    assert_memory_not_equal(first + 5, second + 5, body);
    assert_err(open_record(&e, body, &type, &content), TLSC_E_BAD_RECORD_MAC);
    memcpy(e.record, first, 5 + body);
    assert_ok(open_record(&e, body, &type, &content));
    memcpy(e.record, first, 5 + body);
    assert_err(open_record(&e, body, &type, &content), TLSC_E_BAD_RECORD_MAC);
    memcpy(e.record, second, 5 + body);
    assert_ok(open_record(&e, body, &type, &content));
    ends_close(&e);
}

/* RFC 8446 5.3: the number, 64 bits of it, xor the end of the IV. */
static void numbers_are_mixed_into_the_nonce(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {
        0, 1, 255, 256, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX - 1, UINT64_C(0x0102030405060708)
    };
    static ends e;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        uint8_t nonce[TLSC_AEAD_NONCE_LEN];
        ends_open(&e, 0x1301);
        e.wr.seq = numbers[i];
        size_t body = seal(&e, 23, TEXT("content"));
        assert_true(e.wr.seq == numbers[i] + 1);
        memcpy(nonce, e.rd.iv, sizeof(nonce));
        for (unsigned k = 0; k < 8; k++) {
            nonce[4 + k] ^= (uint8_t)(numbers[i] >> (8 * (7 - k)));
        }
        assert_ok(e.rd.suite->aead->open(e.rd.aead, nonce, tlsc_bytes_of(e.record, 5), e.record + 5,
                                         body));
        assert_memory_equal(e.record + 5, "content\x17", 8);
        ends_close(&e);
    }
}

/* The number that can't be followed by another isn't used. */
static void the_last_number_is_refused(void **state)
{
    (void)state;
    static ends e;
    uint8_t type;
    tlsc_bytes content;
    ends_open(&e, 0x1301);
    e.wr.seq = UINT64_MAX;
    e.rd.seq = UINT64_MAX;
    assert_err(tlsc_protect_seal(&e.wr, 23, e.record + 5, 10), TLSC_E_SEQUENCE_EXHAUSTED);
    assert_err(open_record(&e, 27, &type, &content), TLSC_E_SEQUENCE_EXHAUSTED);
    assert_true(e.wr.seq == UINT64_MAX);
    ends_close(&e);
}

static void an_update_begins_a_generation_at_zero(void **state)
{
    (void)state;
    static ends e;
    uint8_t type;
    tlsc_bytes content;
    ends_open(&e, 0x1302);
    tlsc_secret expected = e.wr.secret;
    (void)seal(&e, 23, TEXT("old"));
    assert_ok(tlsc_protect13_update(&e.wr));
    assert_true(e.wr.seq == 0);
    assert_ok(tlsc_traffic_next13(e.rd.suite->hash, &expected));
    assert_bytes_equal(tlsc_secret_bytes(&e.wr.secret), tlsc_secret_bytes(&expected));
    size_t body = seal(&e, 23, TEXT("new"));
    assert_err(open_record(&e, body, &type, &content), TLSC_E_BAD_RECORD_MAC);
    assert_ok(tlsc_protect13_update(&e.rd));
    body = seal(&e, 23, TEXT("newer")); /* number 1 of the generation: not yet its turn */
    assert_err(open_record(&e, body, &type, &content), TLSC_E_BAD_RECORD_MAC);
    ends_close(&e);
}

static void clear_leaves_nothing_and_may_run_twice(void **state)
{
    (void)state;
    static const tlsc_protect zero;
    static ends e;
    ends_open(&e, 0x1301);
    tlsc_protect_clear(&e.wr);
    assert_memory_equal(&e.wr, &zero, sizeof(zero));
    tlsc_protect_clear(&e.wr);
    /* a fresh start forgets the number and the old keys */
    e.rd.seq = 7;
    tlsc_secret secret = { .b = { 9 }, .n = 32 };
    assert_ok(tlsc_protect13_start(&e.rd, e.rd.suite, &secret));
    assert_true(e.rd.seq == 0);
    ends_close(&e);
}

static void padding_is_zeroes_within_the_record(void **state)
{
    (void)state;
    static uint8_t record[TLSC_SEAL13_HEAD + TLSC_MAX_PLAINTEXT + TLSC_SEAL13_TAIL];
    const tlsc_suite *suite = tlsc_provider_suite(tlsc_provider_default(), 0x1301);
    tlsc_secret secret = { .b = { 1 }, .n = 32 };
    tlsc_protect wr = { 0 };
    tlsc_protect rd = { 0 };
    uint8_t *data = record + TLSC_SEAL13_HEAD;
    uint8_t type;
    tlsc_bytes content;
    assert_ok(tlsc_protect13_start(&wr, suite, &secret));
    assert_ok(tlsc_protect13_start(&rd, suite, &secret));
    memset(record, 0xff, sizeof(record));
    memcpy(data, "abc", 3);
    assert_err(tlsc_protect_seal_padded(&wr, TLSC_CT_ALERT, data, 3, TLSC_MAX_PLAINTEXT - 2),
               TLSC_E_USAGE);
    assert_ok(tlsc_protect_seal_padded(&wr, TLSC_CT_ALERT, data, 3, 97));
    assert_int_equal(record[4], 100 + TLSC_SEAL13_TAIL);
    assert_ok(tlsc_protect_open(&rd, tlsc_bytes_of(record, TLSC_SEAL13_HEAD), data,
                                100 + TLSC_SEAL13_TAIL, &type, &content));
    assert_int_equal(type, TLSC_CT_ALERT);
    assert_bytes_equal(content, TEXT("abc"));
    tlsc_protect_clear(&wr);
    assert_err(tlsc_protect_seal_padded(&wr, TLSC_CT_ALERT, data, 3, 1), TLSC_E_USAGE);
    tlsc_protect_clear(&rd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_is_sealed_and_opened),
        cmocka_unit_test(every_altered_bit_is_found),
        cmocka_unit_test(short_records_are_refused),
        cmocka_unit_test(padding_is_taken_off),
        cmocka_unit_test(padding_alone_is_refused),
        cmocka_unit_test(inner_overflow_is_refused),
        cmocka_unit_test(records_open_in_their_order),
        cmocka_unit_test(numbers_are_mixed_into_the_nonce),
        cmocka_unit_test(the_last_number_is_refused),
        cmocka_unit_test(an_update_begins_a_generation_at_zero),
        cmocka_unit_test(clear_leaves_nothing_and_may_run_twice),
        cmocka_unit_test(padding_is_zeroes_within_the_record),
    };
    return cmocka_run_group_tests_name("protect13", tests, NULL, NULL);
}
