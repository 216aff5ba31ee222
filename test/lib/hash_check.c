/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/hash_check.c: known answers of SHA-2 and its HMAC. */
#include "hash_check.h"

#include <string.h>

#include "hex.h"
#include "unit.h"

/* Those of the program. */
static const tlsc_hash *const *hashes;
static size_t num_hashes;

#define LONG_TEXT                                            \
    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn" \
    "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"

/* FIPS 180-4's examples. */
static const struct {
    const char *text;
    const char *sha256;
    const char *sha384;
} digests[] = {
    { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f1"
      "4898b95b" },
    { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca1"
      "34c825a7" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6b0455a8520bc4e6f5fe95b1f"
      "e3c8452b" },
    { LONG_TEXT, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
      "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa"
      "91746039" },
};

/* What is known of this hash. */
static const char *of(const tlsc_hash *h, const char *sha256, const char *sha384)
{
    assert_true(strcmp(h->name, "SHA256") == 0 || strcmp(h->name, "SHA384") == 0);
    return strcmp(h->name, "SHA256") == 0 ? sha256 : sha384;
}

static void expect_digest(const tlsc_hash *h, const char *text, const char *hex)
{
    _Alignas(16) uint8_t hash[TLSC_HASH_STATE_MAX];
    uint8_t out[TLSC_HASH_MAX];
    size_t n = strlen(text);
    /* Cut in two at every place, and asked twice. */
    for (size_t cut = 0; cut <= n; cut++) {
        h->init(hash);
        h->update(hash, tlsc_bytes_of(text, cut));
        h->final(hash, out);
        h->update(hash, tlsc_bytes_of(text + cut, n - cut));
        h->final(hash, out);
        test_expect_hex(out, h->len, hex);
        h->final(hash, out);
        test_expect_hex(out, h->len, hex);
    }
}

static void known_digests(void **state)
{
    (void)state;
    for (size_t k = 0; k < num_hashes; k++) {
        for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
            expect_digest(hashes[k], digests[i].text,
                          of(hashes[k], digests[i].sha256, digests[i].sha384));
        }
    }
}

static void a_million_letters(void **state)
{
    (void)state;
    uint8_t text[1000];
    memset(text, 'a', sizeof(text));
    for (size_t k = 0; k < num_hashes; k++) {
        const tlsc_hash *h = hashes[k];
        _Alignas(16) uint8_t hash[TLSC_HASH_STATE_MAX];
        uint8_t out[TLSC_HASH_MAX];
        h->init(hash);
        for (int i = 0; i < 1000; i++) {
            h->update(hash, tlsc_bytes_of(text, sizeof(text)));
        }
        h->final(hash, out);
        test_expect_hex(out, h->len,
                        of(h, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
                           "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
                           "07b8b3dc38ecc4ebae97ddd87f3d8985"));
    }
}

static void a_running_hash_may_be_copied(void **state)
{
    (void)state;
    _Alignas(16) uint8_t a[TLSC_HASH_STATE_MAX];
    _Alignas(16) uint8_t b[TLSC_HASH_STATE_MAX];
    uint8_t out[TLSC_HASH_MAX];
    for (size_t k = 0; k < num_hashes; k++) {
        const tlsc_hash *h = hashes[k];
        h->init(a);
        h->update(a, TEXT("a"));
        memcpy(b, a, h->state_len);
        h->update(a, TEXT("x"));
        h->update(b, TEXT("bc"));
        h->final(b, out);
        test_expect_hex(out, h->len, of(h, digests[1].sha256, digests[1].sha384));
    }
}

#define AA131                                                                                  \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* RFC 4231 4.2 to 4.8; 4.6 truncates its output and is left out */
static const struct {
    const char *key;
    const char *data;
    const char *sha256;
    const char *sha384;
} hmacs[] = {
    { "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8"
      "b2fa9cb6" },
    { "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ec"
      "fab21649" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
      "dddddddddddd",
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
      "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e1"
      "01a34f27" },
    { "0102030405060708090a0b0c0d0e0f10111213141516171819",
      "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
      "cdcdcdcdcdcd",
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
      "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386"
      "c674cffb" },
    { AA131,
      "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368"
      "204b6579204669727374",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df1"
      "63f44952" },
    { AA131,
      "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a"
      "65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865"
      "206b6579206e6565647320746f20626520686173686564206265666f7265206265696e672075736564206279"
      "2074686520484d414320616c676f726974686d2e",
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
      "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e611"
      "0c46523e" },
};

/* In one part, in two cut at every place, and in three with an empty one. */
static void expect_hmac(const tlsc_hash *h, tlsc_bytes key, tlsc_bytes data, const char *hex)
{
    uint8_t out[TLSC_HASH_MAX];
    assert_ok(h->hmac(key, &data, 1, out));
    test_expect_hex(out, h->len, hex);
    for (size_t cut = 0; cut <= data.n; cut++) {
        tlsc_bytes parts[] = {
            { data.p, cut },
            { NULL, 0 },
            { data.p + cut, data.n - cut },
        };
        assert_ok(h->hmac(key, parts, 3, out));
        test_expect_hex(out, h->len, hex);
    }
}

static void known_hmacs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(hmacs) / sizeof(hmacs[0]); i++) {
        tlsc_buf key = test_hex(hmacs[i].key);
        tlsc_buf data = test_hex(hmacs[i].data);
        for (size_t k = 0; k < num_hashes; k++) {
            expect_hmac(hashes[k], tlsc_buf_bytes(&key), tlsc_buf_bytes(&data),
                        of(hashes[k], hmacs[i].sha256, hmacs[i].sha384));
        }
        tlsc_buf_clear(&key);
        tlsc_buf_clear(&data);
    }
}

/* HMAC() over nothing with an empty key, as HKDF-Extract of nothing would ask. */
static void hmac_of_nothing(void **state)
{
    (void)state;
    uint8_t out[TLSC_HASH_MAX];
    for (size_t k = 0; k < num_hashes; k++) {
        assert_ok(hashes[k]->hmac((tlsc_bytes){ NULL, 0 }, NULL, 0, out));
        test_expect_hex(out, hashes[k]->len,
                        of(hashes[k],
                           "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
                           "6c1f2ee938fad2e24bd91298474382ca218c75db3d83e114b3d4367776d14d35"
                           "51289e75e8209cd4b792302840234adc"));
    }
}

/* RFC 2104 2: a key as long as a block is used as it is, a byte more and it is hashed. */
static void hmac_keys_around_a_block(void **state)
{
    (void)state;
    for (size_t i = 0; i < num_hashes; i++) {
        const tlsc_hash *h = hashes[i];
        _Alignas(16) uint8_t hash[TLSC_HASH_STATE_MAX];
        uint8_t key[200];
        uint8_t digest[TLSC_HASH_MAX];
        uint8_t a[TLSC_HASH_MAX];
        uint8_t b[TLSC_HASH_MAX];
        tlsc_bytes text = TEXT("text");
        memset(key, 'k', sizeof(key));

        h->init(hash);
        h->update(hash, tlsc_bytes_of(key, h->block_len));
        h->final(hash, digest);
        assert_ok(h->hmac(tlsc_bytes_of(key, h->block_len), &text, 1, a));
        assert_ok(h->hmac(tlsc_bytes_of(digest, h->len), &text, 1, b));
        assert_memory_not_equal(a, b, h->len);

        h->init(hash);
        h->update(hash, tlsc_bytes_of(key, h->block_len + 1u));
        h->final(hash, digest);
        assert_ok(h->hmac(tlsc_bytes_of(key, h->block_len + 1u), &text, 1, a));
        assert_ok(h->hmac(tlsc_bytes_of(digest, h->len), &text, 1, b));
        assert_memory_equal(a, b, h->len);
    }
}

static void allocates_nothing(void **state)
{
    (void)state;
    _Alignas(16) uint8_t hash[TLSC_HASH_STATE_MAX];
    uint8_t out[TLSC_HASH_MAX];
    tlsc_bytes text = TEXT("text");
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    for (size_t k = 0; k < num_hashes; k++) {
        hashes[k]->init(hash);
        hashes[k]->update(hash, text);
        hashes[k]->final(hash, out);
        assert_ok(hashes[k]->hmac(text, &text, 1, out));
    }
    tlsc_mem_get_stats(&after);
    assert_true(after.allocations == before.allocations);
}

int hash_check(const tlsc_hash *const *list, size_t num)
{
    hashes = list;
    num_hashes = num;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests),
        cmocka_unit_test(a_million_letters),
        cmocka_unit_test(a_running_hash_may_be_copied),
        cmocka_unit_test(known_hmacs),
        cmocka_unit_test(hmac_of_nothing),
        cmocka_unit_test(hmac_keys_around_a_block),
        cmocka_unit_test(allocates_nothing),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
