/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/aead_check.c: known answers, tampering and lengths, for any AEAD. */
#include "aead_check.h"

#include <string.h>

#include "hex.h"
#include "unit.h"

enum { TAG = TLSC_AEAD_TAG_LEN };

typedef struct answer {
    const char *aead; /* its name */
    const char *key;
    const char *nonce;
    const char *ad;
    const char *plain;
    const char *sealed;
} answer;

#define GCM_PLAIN                                                      \
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" \
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"

/* "The Galois/Counter Mode of Operation", McGrew and Viega, appendix B; RFC 8439 2.8.2 */
static const answer answers[] = {
    { "AES-128-GCM", /* test case 1 */
      "00000000000000000000000000000000", "000000000000000000000000", "", "",
      "58e2fccefa7e3061367f1d57a4e7455a" },
    { "AES-128-GCM", /* 2 */
      "00000000000000000000000000000000", "000000000000000000000000", "",
      "00000000000000000000000000000000",
      "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf" },
    { "AES-128-GCM", /* 3 */
      "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "", GCM_PLAIN "1aafd255",
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
      "4d5c2af327cd64a62cf35abd2ba6fab4" },
    { "AES-128-GCM", /* 4 */
      "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
      "feedfacedeadbeeffeedfacedeadbeefabaddad2", GCM_PLAIN,
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
      "5bc94fbc3221a5db94fae95ae7121a47" },
    { "AES-256-GCM", /* 13 */
      "0000000000000000000000000000000000000000000000000000000000000000",
      "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b" },
    { "AES-256-GCM", /* 14 */
      "0000000000000000000000000000000000000000000000000000000000000000",
      "000000000000000000000000", "", "00000000000000000000000000000000",
      "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919" },
    { "AES-256-GCM", /* 16 */
      "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2", GCM_PLAIN,
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b" },
    { "CHACHA20-POLY1305",
      "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
      "070000004041424344454647", "50515253c0c1c2c3c4c5c6c7",
      "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
      "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
      "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
      "637265656e20776f756c642062652069742e",
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
      "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
      "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
      "3ff4def08e4b7a9de576d26586cec64b6116"
      "1ae10b594f09e26a7e902ecbd0600691" },
};

/* Those of the program. */
static const tlsc_aead *const *aeads;
static size_t num_aeads;

static void check_answer(const tlsc_aead *a, const answer *known)
{
    _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
    tlsc_buf key = test_hex(known->key);
    tlsc_buf nonce = test_hex(known->nonce);
    tlsc_buf ad = test_hex(known->ad);
    tlsc_buf plain = test_hex(known->plain);
    assert_int_equal(key.n, a->key_len);
    assert_int_equal(nonce.n, TLSC_AEAD_NONCE_LEN);

    uint8_t *data = (uint8_t *)tlsc_mem_alloc(plain.n + TAG);
    assert_non_null(data);
    tlsc_bytes_copy(data, tlsc_buf_bytes(&plain));
    assert_ok(a->init(aead, key.p));
    assert_ok(a->seal(aead, nonce.p, tlsc_buf_bytes(&ad), data, plain.n));
    test_expect_hex(data, plain.n + TAG, known->sealed);
    assert_ok(a->open(aead, nonce.p, tlsc_buf_bytes(&ad), data, plain.n + TAG));
    test_expect_hex(data, plain.n, known->plain);

    a->clear(aead);
    tlsc_mem_free(data);
    tlsc_buf_clear(&key);
    tlsc_buf_clear(&nonce);
    tlsc_buf_clear(&ad);
    tlsc_buf_clear(&plain);
}

static void known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < num_aeads; i++) {
        size_t num = 0;
        for (size_t j = 0; j < sizeof(answers) / sizeof(answers[0]); j++) {
            if (strcmp(answers[j].aead, aeads[i]->name) == 0) {
                check_answer(aeads[i], &answers[j]);
                num++;
            }
        }
        assert_true(num > 0);
    }
}

static const uint8_t test_key[TLSC_AEAD_KEY_MAX] = { 1, 2, 3 };
static const uint8_t test_nonce[TLSC_AEAD_NONCE_LEN] = { 4, 5, 6 };
static const uint8_t test_ad[5] = { 0x17, 3, 3, 0, 43 };

/* Seals the text "hello" into a fresh block. */
static uint8_t *sealed_hello(const tlsc_aead *a, void *aead)
{
    uint8_t *data = (uint8_t *)tlsc_mem_zalloc(5 + TAG);
    assert_non_null(data);
    memcpy(data, "hello", 5);
    assert_ok(a->seal(aead, test_nonce, tlsc_bytes_of(test_ad, 5), data, 5));
    return data;
}

static void every_changed_bit_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < num_aeads; i++) {
        const tlsc_aead *a = aeads[i];
        _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
        assert_ok(a->init(aead, test_key));
        for (size_t bit = 0; bit < 8 * (5 + TAG); bit++) {
            uint8_t *data = sealed_hello(a, aead);
            data[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_err(a->open(aead, test_nonce, tlsc_bytes_of(test_ad, 5), data, 5 + TAG),
                       TLSC_E_BAD_RECORD_MAC);
            tlsc_mem_free(data);
        }
        a->clear(aead);
    }
}

static void other_nonce_key_or_data_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < num_aeads; i++) {
        const tlsc_aead *a = aeads[i];
        _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
        _Alignas(16) uint8_t other[TLSC_AEAD_STATE_MAX];
        static const uint8_t other_key[TLSC_AEAD_KEY_MAX] = { 1, 2, 4 };
        static const uint8_t other_nonce[TLSC_AEAD_NONCE_LEN] = { 4, 5, 7 };
        static const uint8_t other_ad[5] = { 0x17, 3, 3, 0, 44 };
        assert_ok(a->init(aead, test_key));
        assert_ok(a->init(other, other_key));

        uint8_t *data = sealed_hello(a, aead);
        assert_err(a->open(other, test_nonce, tlsc_bytes_of(test_ad, 5), data, 5 + TAG),
                   TLSC_E_BAD_RECORD_MAC);
        tlsc_mem_free(data);
        data = sealed_hello(a, aead);
        assert_err(a->open(aead, other_nonce, tlsc_bytes_of(test_ad, 5), data, 5 + TAG),
                   TLSC_E_BAD_RECORD_MAC);
        tlsc_mem_free(data);
        data = sealed_hello(a, aead);
        assert_err(a->open(aead, test_nonce, tlsc_bytes_of(other_ad, 5), data, 5 + TAG),
                   TLSC_E_BAD_RECORD_MAC);
        tlsc_mem_free(data);
        data = sealed_hello(a, aead);
        assert_err(a->open(aead, test_nonce, tlsc_bytes_of(test_ad, 4), data, 5 + TAG),
                   TLSC_E_BAD_RECORD_MAC);
        tlsc_mem_free(data);
        a->clear(aead);
        a->clear(other);
    }
}

/* A byte less, down to none at all: shorter than a tag is as bad as any other. */
static void every_truncation_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < num_aeads; i++) {
        const tlsc_aead *a = aeads[i];
        _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
        assert_ok(a->init(aead, test_key));
        for (size_t n = 0; n < 5 + TAG; n++) {
            uint8_t *data = sealed_hello(a, aead);
            uint8_t *shorter = test_copy(tlsc_bytes_of(data, n));
            assert_err(a->open(aead, test_nonce, tlsc_bytes_of(test_ad, 5), shorter, n),
                       TLSC_E_BAD_RECORD_MAC);
            tlsc_mem_free(shorter);
            tlsc_mem_free(data);
        }
        a->clear(aead);
    }
}

/* All lengths around the blocks of both ciphers, and a full record. */
static void opens_what_it_sealed(void **state)
{
    (void)state;
    static const size_t big[] = { 1400, 16384, 16385, 65536 };
    for (size_t i = 0; i < num_aeads; i++) {
        const tlsc_aead *a = aeads[i];
        _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
        assert_ok(a->init(aead, test_key));
        for (size_t j = 0; j < 300 + sizeof(big) / sizeof(big[0]); j++) {
            size_t n = j < 300 ? j : big[j - 300];
            uint8_t *data = (uint8_t *)tlsc_mem_alloc(n + TAG);
            assert_non_null(data);
            memset(data, 0x5a, n);
            assert_ok(a->seal(aead, test_nonce, tlsc_bytes_of(NULL, 0), data, n));
            assert_ok(a->open(aead, test_nonce, tlsc_bytes_of(NULL, 0), data, n + TAG));
            for (size_t k = 0; k < n; k++) {
                assert_int_equal(data[k], 0x5a);
            }
            tlsc_mem_free(data);
        }
        a->clear(aead);
    }
}

/* Bytes from elsewhere, and some behind them, make what they would make side by side in place. */
static void check_seal_from(const tlsc_aead *a, const void *aead, size_t n, size_t last)
{
    uint8_t *text = (uint8_t *)tlsc_mem_alloc(n);
    uint8_t *end = (uint8_t *)tlsc_mem_alloc(last);
    uint8_t *data = (uint8_t *)tlsc_mem_alloc(n + last + TAG);
    uint8_t *out = (uint8_t *)tlsc_mem_alloc(n + last + TAG);
    assert_true(text != NULL && end != NULL && data != NULL && out != NULL);
    for (size_t i = 0; i < n + last; i++) {
        *(i < n ? text + i : end + i - n) = data[i] = (uint8_t)(i * 7 + 1);
    }
    assert_ok(a->seal(aead, test_nonce, tlsc_bytes_of(test_ad, 5), data, n + last));
    assert_ok(a->seal_from(aead, test_nonce, tlsc_bytes_of(test_ad, 5), out, tlsc_bytes_of(text, n),
                           tlsc_bytes_of(end, last)));
    assert_memory_equal(out, data, n + last + TAG);
    for (size_t i = 0; i < n + last; i++) {
        assert_int_equal(i < n ? text[i] : end[i - n], (uint8_t)(i * 7 + 1));
    }
    tlsc_mem_free(text);
    tlsc_mem_free(end);
    tlsc_mem_free(data);
    tlsc_mem_free(out);
}

static void sealing_from_elsewhere_is_the_same(void **state)
{
    (void)state;
    static const size_t big[] = { 1400, 16383, 16384, 16385 };
    static const size_t lasts[] = { 0, 1, 15, 16 };
    for (size_t i = 0; i < num_aeads; i++) {
        const tlsc_aead *a = aeads[i];
        _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
        if (a->seal_from == NULL) {
            continue;
        }
        assert_ok(a->init(aead, test_key));
        for (size_t j = 0; j < 300 + sizeof(big) / sizeof(big[0]); j++) {
            for (size_t k = 0; k < sizeof(lasts) / sizeof(lasts[0]); k++) {
                check_seal_from(a, aead, j < 300 ? j : big[j - 300], lasts[k]);
            }
        }
        a->clear(aead);
    }
}

static void state_is_wiped_and_allocates_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < num_aeads; i++) {
        const tlsc_aead *a = aeads[i];
        _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
        tlsc_mem_stats before;
        tlsc_mem_stats after;
        memset(aead, 0xee, sizeof(aead));
        tlsc_mem_get_stats(&before);
        assert_ok(a->init(aead, test_key));
        uint8_t data[64] = { 0 };
        assert_ok(a->seal(aead, test_nonce, tlsc_bytes_of(test_ad, 5), data, 48));
        assert_ok(a->open(aead, test_nonce, tlsc_bytes_of(test_ad, 5), data, 64));
        a->clear(aead);
        tlsc_mem_get_stats(&after);
        assert_true(after.allocations == before.allocations);
        for (size_t j = 0; j < sizeof(aead); j++) {
            assert_int_equal(aead[j], j < a->state_len ? 0 : 0xee);
        }
        a->clear(aead); /* a zeroed one */
    }
}

int aead_check(const tlsc_aead *const *list, size_t num)
{
    aeads = list;
    num_aeads = num;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(every_changed_bit_is_noticed),
        cmocka_unit_test(other_nonce_key_or_data_is_noticed),
        cmocka_unit_test(every_truncation_is_noticed),
        cmocka_unit_test(opens_what_it_sealed),
        cmocka_unit_test(sealing_from_elsewhere_is_the_same),
        cmocka_unit_test(state_is_wiped_and_allocates_nothing),
    };
    return cmocka_run_group_tests_name("aead", tests, NULL, NULL);
}
