/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/hmac.h"

#include <string.h>

#include "base/bytes.h"
#include "hex.h"
#include "unit.h"

enum { KEY_MAX = 300, TEXT_MAX = 300 };

static const tlsc_hash *hash_of(uint16_t suite)
{
    return tlsc_provider_suite(tlsc_provider_default(), suite)->hash;
}

static uint8_t key[KEY_MAX];
static uint8_t text[TEXT_MAX];

static int fill(void **state)
{
    (void)state;
    for (size_t i = 0; i < KEY_MAX; i++) {
        key[i] = (uint8_t)(i * 7 + 1);
        text[i] = (uint8_t)(i * 5 + 3);
    }
    return 0;
}

/* Test case 2, and 6 with its key that is longer than a block. RFC 4231 4.3, 4.7 */
static void known_answers(void **state)
{
    (void)state;
    static const struct {
        uint16_t suite;
        const char *output;
        bool is_long;
    } cases[] = {
        { 0x1301, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", false },
        { 0x1302,
          "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
          "8e2240ca5e69e2c78b3239ecfab21649", false },
        { 0x1301, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", true },
        { 0x1302,
          "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
          "0c2ef6ab4030fe8296248df163f44952", true },
    };
    uint8_t long_key[131];
    memset(long_key, 0xaa, sizeof(long_key));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tlsc_bytes k = cases[i].is_long ? tlsc_bytes_of(long_key, sizeof(long_key))
                                        : tlsc_bytes_of_str("Jefe");
        tlsc_bytes data = tlsc_bytes_of_str(
            cases[i].is_long ? "Test Using Larger Than Block-Size Key - Hash Key First"
                             : "what do ya want for nothing?");
        tlsc_buf expected = test_hex(cases[i].output);
        uint8_t out[TLSC_HASH_MAX];
        tlsc_hmac h;
        tlsc_hmac_init(&h, hash_of(cases[i].suite), k);
        tlsc_hmac_of(&h, &data, 1, out);
        assert_bytes_equal(tlsc_bytes_of(out, expected.n), tlsc_buf_bytes(&expected));
        tlsc_hmac_clear(&h);
        tlsc_buf_clear(&expected);
    }
}

static void agree(const tlsc_hash *hash, tlsc_bytes k, const tlsc_bytes *parts, size_t num)
{
    uint8_t expected[TLSC_HASH_MAX];
    uint8_t out[TLSC_HASH_MAX];
    tlsc_hmac h;
    assert_ok(hash->hmac(k, parts, num, expected));
    tlsc_hmac_init(&h, hash, k);
    for (unsigned again = 0; again < 2; again++) {
        tlsc_hmac_of(&h, parts, num, out);
        assert_memory_equal(out, expected, hash->len);
    }
    tlsc_hmac_clear(&h);
}

static void a_key_of_any_length_is_the_providers_hmac_however_often(void **state)
{
    (void)state;
    const uint16_t suites[] = { 0x1301, 0x1302 };
    for (size_t s = 0; s < sizeof(suites) / sizeof(suites[0]); s++) {
        const tlsc_hash *hash = hash_of(suites[s]);
        for (size_t n = 0; n <= KEY_MAX; n++) {
            tlsc_bytes parts[] = { tlsc_bytes_of(text, n), tlsc_bytes_of(NULL, 0),
                                   tlsc_bytes_of(text + n, TEXT_MAX - n) };
            agree(hash, tlsc_bytes_of(key, n), parts, sizeof(parts) / sizeof(parts[0]));
            agree(hash, tlsc_bytes_of(key, n), parts, 1);
            agree(hash, tlsc_bytes_of(key, n), NULL, 0);
        }
    }
}

static void the_output_may_be_a_part(void **state)
{
    (void)state;
    const tlsc_hash *hash = hash_of(0x1302);
    uint8_t expected[TLSC_HASH_MAX];
    uint8_t out[TLSC_HASH_MAX];
    tlsc_hmac h;
    memcpy(out, text, sizeof(out));
    tlsc_bytes parts[] = { tlsc_bytes_of(text, sizeof(out)), tlsc_bytes_of_str("label") };
    tlsc_hmac_init(&h, hash, tlsc_bytes_of(key, 48));
    tlsc_hmac_of(&h, parts, 2, expected);
    parts[0] = tlsc_bytes_of(out, sizeof(out));
    tlsc_hmac_of(&h, parts, 2, out);
    assert_memory_equal(out, expected, hash->len);
    tlsc_hmac_clear(&h);
}

static void clear_leaves_nothing(void **state)
{
    (void)state;
    static const tlsc_hmac nothing;
    tlsc_hmac h;
    tlsc_hmac_init(&h, hash_of(0x1301), tlsc_bytes_of(key, 32));
    tlsc_hmac_clear(&h);
    assert_memory_equal(&h, &nothing, sizeof(h));
    tlsc_hmac_clear(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(a_key_of_any_length_is_the_providers_hmac_however_often),
        cmocka_unit_test(the_output_may_be_a_part),
        cmocka_unit_test(clear_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}
