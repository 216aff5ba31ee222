/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include "hash_check.h"
#include "hex.h"

/* RFC 3174 7.3's TEST1 and TEST2, nothing at all, and RFC 2202 3's first HMAC. */
static void sha1_by_its_known_answers(void **state)
{
    static const char *const known[][2] = {
        { "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        { "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
    };
    const tlsc_hash *h = &tlsc_libcrypto_sha1;
    _Alignas(16) uint8_t hash[TLSC_HASH_STATE_MAX];
    uint8_t out[TLSC_HASH_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        size_t n = strlen(known[i][0]);
        for (size_t cut = 0; cut <= n; cut++) {
            h->init(hash);
            h->update(hash, tlsc_bytes_of(known[i][0], cut));
            h->update(hash, tlsc_bytes_of(known[i][0] + cut, n - cut));
            h->final(hash, out);
            test_expect_hex(out, h->len, known[i][1]);
        }
    }
    uint8_t key[20];
    memset(key, 0x0b, sizeof(key));
    tlsc_bytes parts[] = { TEXT("Hi "), TEXT("There") };
    assert_ok(h->hmac(tlsc_bytes_of(key, sizeof(key)), parts, 2, out));
    test_expect_hex(out, h->len, "b617318655057264e28bc0b6fb378c8ef146be00");
}

int main(void)
{
    static const tlsc_hash *const hashes[] = { &tlsc_libcrypto_sha256, &tlsc_libcrypto_sha384 };
    const struct CMUnitTest tests[] = { cmocka_unit_test(sha1_by_its_known_answers) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + hash_check(hashes, sizeof(hashes) / sizeof(hashes[0]));
}
