/* SPDX-License-Identifier: Apache-2.0 */
#include "record/protect12.h"

#include <string.h>

#include "tlscore/conn.h"
#include "unit.h"

static const uint16_t suites[] = { 0xc02b, 0xc02c, 0xcca9 };

typedef struct ends {
    tlsc_protect wr;
    tlsc_protect rd;
    uint8_t buf[TLSC_MAX_RECORD + 64];
    size_t head;
    size_t size;
} ends;

static void open_ends(ends *e, uint16_t id)
{
    static const uint8_t key[TLSC_AEAD_KEY_MAX] = { 1, 2, 3 };
    static const uint8_t iv[TLSC_AEAD_NONCE_LEN] = { 4, 5, 6 };
    const tlsc_suite *suite = tlsc_provider_suite(tlsc_provider_default(), id);
    memset(e, 0, sizeof(*e));
    assert_ok(tlsc_protect12_start(&e->wr, suite, key, iv));
    assert_ok(tlsc_protect12_start(&e->rd, suite, key, iv));
    e->head = tlsc_protect_head(&e->wr);
    assert_int_equal(e->head, 5 + suite->explicit_nonce_len);
    assert_int_equal(tlsc_protect_tail(&e->wr), TLSC_AEAD_TAG_LEN);
}

static void close_ends(ends *e)
{
    tlsc_protect_clear(&e->wr);
    tlsc_protect_clear(&e->rd);
}

static void seal(ends *e, uint8_t type, size_t n)
{
    memset(e->buf + e->head, 'x', n);
    assert_ok(tlsc_protect_seal(&e->wr, type, e->buf + e->head, n));
    e->size = e->head + n + tlsc_protect_tail(&e->wr);
    assert_int_equal(e->buf[0], type);
    assert_int_equal((size_t)(e->buf[3] << 8 | e->buf[4]) + 5, e->size);
}

static tlsc_err open_it(ends *e, size_t size, uint8_t *type, tlsc_bytes *content)
{
    return tlsc_protect_open(&e->rd, tlsc_bytes_of(e->buf, 5), e->buf + 5, size - 5, type, content);
}

static void every_length_in_order(void **state)
{
    (void)state;
    static ends e;
    static const size_t lens[] = { 0, 1, 17, 4096, TLSC_MAX_PLAINTEXT };
    for (size_t s = 0; s < 3; s++) {
        open_ends(&e, suites[s]);
        for (size_t i = 0; i < 5; i++) {
            uint8_t type;
            tlsc_bytes content;
            seal(&e, 23, lens[i]);
            assert_ok(open_it(&e, e.size, &type, &content));
            assert_int_equal(type, 23);
            assert_int_equal(content.n, lens[i]);
            assert_true(lens[i] == 0 || content.p[lens[i] - 1] == 'x');
        }
        assert_err(tlsc_protect_seal(&e.wr, 23, e.buf + e.head, TLSC_MAX_PLAINTEXT + 1),
                   TLSC_E_USAGE);
        close_ends(&e);
    }
}

/* Type, number, each byte of nonce, ciphertext and tag are authenticated; a cut record too. */
static void what_is_altered_is_refused(void **state)
{
    (void)state;
    static ends e;
    uint8_t type;
    tlsc_bytes content;
    for (size_t s = 0; s < 3; s++) {
        open_ends(&e, suites[s]);
        for (size_t i = 0; i < 2 * (e.head + 4 + TLSC_AEAD_TAG_LEN); i++) {
            e.wr.seq = e.rd.seq;
            seal(&e, 23, 4);
            size_t at = i / 2;
            if (at >= 1 && at < 5) {
                continue; /* version and length aren't the record layer's to judge */
            }
            e.buf[at] ^= i % 2 == 0 ? 1 : 0x80;
            assert_err(open_it(&e, e.size, &type, &content), TLSC_E_BAD_RECORD_MAC);
        }
        for (size_t n = 5; n < e.head + 4 + TLSC_AEAD_TAG_LEN; n++) {
            e.wr.seq = e.rd.seq;
            seal(&e, 23, 4);
            assert_err(open_it(&e, n, &type, &content), TLSC_E_BAD_RECORD_MAC);
        }
        e.wr.seq = e.rd.seq + 1; /* a record is missing */
        seal(&e, 23, 4);
        assert_err(open_it(&e, e.size, &type, &content), TLSC_E_BAD_RECORD_MAC);
        close_ends(&e);
    }
}

static void too_long_is_refused_before_it_is_opened(void **state)
{
    (void)state;
    static ends e;
    uint8_t type;
    tlsc_bytes content;
    open_ends(&e, 0xc02b);
    e.buf[0] = 23;
    assert_err(open_it(&e, e.head + TLSC_MAX_PLAINTEXT + 1 + TLSC_AEAD_TAG_LEN, &type, &content),
               TLSC_E_RECORD_OVERFLOW);
    close_ends(&e);
}

static void the_last_number_is_not_used(void **state)
{
    (void)state;
    static ends e;
    uint8_t type;
    tlsc_bytes content;
    open_ends(&e, 0xc02b);
    e.wr.seq = UINT64_MAX;
    e.rd.seq = UINT64_MAX;
    assert_err(tlsc_protect_seal(&e.wr, 23, e.buf + e.head, 1), TLSC_E_SEQUENCE_EXHAUSTED);
    assert_err(open_it(&e, 64, &type, &content), TLSC_E_SEQUENCE_EXHAUSTED);
    close_ends(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_in_order),
        cmocka_unit_test(what_is_altered_is_refused),
        cmocka_unit_test(too_long_is_refused_before_it_is_opened),
        cmocka_unit_test(the_last_number_is_not_used),
    };
    return cmocka_run_group_tests_name("protect12", tests, NULL, NULL);
}
