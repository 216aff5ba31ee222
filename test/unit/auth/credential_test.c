/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/credential.h"

#include <stdio.h>

#include "base/buf.h"
#include "pem_file.h"
#include "unit.h"
#include "wire/reader.h"

static const tlsc_provider *provider;

/* Loads from files of test/vectors/certs; `key` may be NULL: it is then sought in `chain`, which
 * may be two files, joined by '+'. */
static tlsc_err load(const char *chain, const char *key, tlsc_credential **out,
                     tlsc_cert_where *where)
{
    char first[64];
    (void)snprintf(first, sizeof(first), "%s", chain);
    char *plus = strchr(first, '+');
    if (plus != NULL) {
        *plus = '\0';
    }
    tlsc_buf chain_pem = test_pem(first, plus == NULL ? NULL : plus + 1);
    tlsc_buf key_pem = { 0 };
    if (key != NULL) {
        key_pem = test_pem(key, NULL);
    }
    tlsc_err rc = tlsc_credential_from_pem(provider, tlsc_buf_bytes(&chain_pem),
                                           tlsc_buf_bytes(&key_pem), out, where);
    tlsc_buf_clear(&chain_pem);
    tlsc_buf_clear(&key_pem);
    return rc;
}

static void assert_load_fails(const char *chain, const char *key, tlsc_err expected,
                              unsigned block, unsigned line)
{
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_credential *c = (tlsc_credential *)&before;
    tlsc_cert_where where = { 99, 99 };
    tlsc_mem_get_stats(&before);
    assert_err(load(chain, key, &c, &where), expected);
    tlsc_mem_get_stats(&after);
    assert_null(c);
    assert_int_equal(where.block, block);
    assert_int_equal(where.line, line);
    assert_int_equal(after.live, before.live);
}

/* -- every kind of key in every wrapping */

typedef struct row {
    const char *chain;
    const char *key;
    const char *kind;
    size_t num_schemes;
    uint16_t best;
} row;

static const row rows[] = {
    { "rsa2048.crt.pem", "rsa2048.key.pem", "RSA", 6, TLSC_SIG_RSA_PSS_SHA256 },
    { "rsa2048.crt.pem", "rsa2048.pkcs1.pem", "RSA", 6, TLSC_SIG_RSA_PSS_SHA256 },
    { "rsa3072.crt.pem", "rsa3072.key.pem", "RSA", 6, TLSC_SIG_RSA_PSS_SHA256 },
    { "rsa3072.crt.pem", "rsa3072.pkcs1.pem", "RSA", 6, TLSC_SIG_RSA_PSS_SHA256 },
    { "rsa4096.crt.pem", "rsa4096.key.pem", "RSA", 6, TLSC_SIG_RSA_PSS_SHA256 },
    { "rsa4096.crt.pem", "rsa4096.pkcs1.pem", "RSA", 6, TLSC_SIG_RSA_PSS_SHA256 },
    { "p256.crt.pem", "p256.key.pem", "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "p256.crt.pem", "p256.sec1.pem", "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "p256.crt.pem+p256.sec1.pem", NULL, "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "p256.key.pem+p256.crt.pem", NULL, "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "trusted.crt.pem", "p256.key.pem", "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "compressed.crt.pem", "compressed.key.pem", "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "compressed.crt.pem", "p256.key.pem", "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "p256.crt.pem", "compressed.key.pem", "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "v1.crt.pem", "p256.key.pem", "ECDSA P-256", 3, TLSC_SIG_ECDSA_P256_SHA256 },
    { "p384.crt.pem", "p384.key.pem", "ECDSA P-384", 3, TLSC_SIG_ECDSA_P384_SHA384 },
    { "p384.crt.pem", "p384.sec1.pem", "ECDSA P-384", 3, TLSC_SIG_ECDSA_P384_SHA384 },
    { "p521.crt.pem", "p521.key.pem", "ECDSA P-521", 3, TLSC_SIG_ECDSA_P521_SHA512 },
    { "p521.crt.pem", "p521.sec1.pem", "ECDSA P-521", 3, TLSC_SIG_ECDSA_P521_SHA512 },
    { "ed25519.crt.pem", "ed25519.key.pem", "Ed25519", 1, TLSC_SIG_ED25519 },
    { "mldsa44.crt.pem", "mldsa44.key.pem", "ML-DSA-44", 1, TLSC_SIG_MLDSA44 },
    { "mldsa65.crt.pem", "mldsa65.both.pem", "ML-DSA-65", 1, TLSC_SIG_MLDSA65 },
    { "mldsa87.crt.pem", "mldsa87.key.pem", "ML-DSA-87", 1, TLSC_SIG_MLDSA87 },
};

/* Signs with every scheme, and the leaf's key must verify it. */
static void assert_signs(const tlsc_credential *c)
{
    size_t num;
    const uint16_t *schemes = tlsc_credential_schemes(c, &num);
    for (size_t i = 0; i < num; i++) {
        uint8_t out[TLSC_SIGNATURE_MAX];
        size_t n = 0;
        assert_ok(c->key->sign(c->key, schemes[i], TEXT("message"), out, &n));
        assert_ok(tlsc_provider_verify(provider, schemes[i], c->leaf.spki, TEXT("message"),
                                   tlsc_bytes_of(out, n)));
        assert_err(tlsc_provider_verify(provider, schemes[i], c->leaf.spki, TEXT("massage"),
                                        tlsc_bytes_of(out, n)),
                   TLSC_E_BAD_SIGNATURE);
    }
}

static void every_kind_of_key_loads(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_credential *c;
        tlsc_cert_where where = { 99, 99 };
        assert_ok(load(rows[i].chain, rows[i].key, &c, &where));
        assert_int_equal(where.block, 0);
        assert_int_equal(where.line, 0);
        assert_string_equal(tlsc_credential_kind(c), rows[i].kind);
        size_t num;
        const uint16_t *schemes = tlsc_credential_schemes(c, &num);
        assert_int_equal(num, rows[i].num_schemes);
        assert_int_equal(schemes[0], rows[i].best);
        assert_signs(c);
        tlsc_credential_free(c);
    }
}

static void validity_is_the_leafs(void **state)
{
    (void)state;
    tlsc_credential *c;
    int64_t from;
    int64_t until;
    assert_ok(load("p256.crt.pem+intermediate.crt.pem", "p256.key.pem", &c, NULL));
    tlsc_credential_validity(c, &from, &until);
    assert_true(from == 1704067200);
    assert_true(until == 2524607999);
    tlsc_credential_free(c);
}

/* -- the message */

static void the_message_is_ready_to_send(void **state)
{
    (void)state;
    tlsc_credential *c;
    tlsc_buf leaf = test_der("p256.crt.pem");
    tlsc_buf intermediate = test_der("intermediate.crt.pem");
    assert_ok(load("p256.crt.pem+intermediate.crt.pem", "p256.key.pem", &c, NULL));
    tlsc_rd r = tlsc_rd_of(c->certificate13);
    assert_int_equal(tlsc_rd_vec8(&r, 0, 255).n, 0);
    tlsc_rd list = tlsc_rd_of(tlsc_rd_vec24(&r, 0, 0xffffff));
    assert_bytes_equal(tlsc_rd_vec24(&list, 1, 0xffffff), tlsc_buf_bytes(&leaf));
    assert_int_equal(tlsc_rd_vec16(&list, 0, 0xffff).n, 0);
    assert_bytes_equal(tlsc_rd_vec24(&list, 1, 0xffffff), tlsc_buf_bytes(&intermediate));
    assert_int_equal(tlsc_rd_vec16(&list, 0, 0xffff).n, 0);
    assert_ok(tlsc_rd_end(&list));
    assert_ok(tlsc_rd_end(&r));

    assert_bytes_equal(tlsc_credential_certificate(c, 0), tlsc_buf_bytes(&leaf));
    assert_bytes_equal(tlsc_credential_certificate(c, 1), tlsc_buf_bytes(&intermediate));
    assert_int_equal(tlsc_credential_certificate(c, 2).n, 0);
    assert_int_equal(tlsc_credential_certificate(c, SIZE_MAX).n, 0);
    assert_int_equal(tlsc_mem_size(c->memory), c->certificate13.n); /* nothing to spare */
    tlsc_credential_free(c);
    tlsc_buf_clear(&leaf);
    tlsc_buf_clear(&intermediate);
}

static void trusted_certificates_lose_their_trust(void **state)
{
    (void)state;
    tlsc_credential *c;
    tlsc_buf leaf = test_der("p256.crt.pem");
    tlsc_buf trusted = test_der("trusted.crt.pem");
    assert_true(trusted.n > leaf.n);
    assert_ok(load("trusted.crt.pem", "p256.key.pem", &c, NULL));
    assert_bytes_equal(tlsc_credential_certificate(c, 0), tlsc_buf_bytes(&leaf));
    tlsc_credential_free(c);
    tlsc_buf_clear(&leaf);
    tlsc_buf_clear(&trusted);
}

static void append_times(tlsc_buf *text, tlsc_bytes block, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        assert_ok(tlsc_buf_append(text, block));
    }
}

static void a_chain_longer_than_a_message_is_refused(void **state)
{
    (void)state;
    tlsc_buf one = test_pem("rsa4096.crt.pem", NULL);
    tlsc_buf der = test_der("rsa4096.crt.pem");
    tlsc_buf key = test_pem("rsa4096.key.pem", NULL);
    size_t most = (0xffffff - 4) / (der.n + 5); /* what fits into 2^24 - 1 bytes */
    tlsc_buf text = tlsc_buf_of(64 << 20);
    append_times(&text, tlsc_buf_bytes(&one), most);
    tlsc_credential *c;
    tlsc_cert_where where;
    assert_ok(tlsc_credential_from_pem(provider, tlsc_buf_bytes(&text), tlsc_buf_bytes(&key), &c,
                                       &where));
    assert_true(tlsc_credential_certificate(c, most - 1).n == der.n);
    assert_int_equal(tlsc_credential_certificate(c, most).n, 0);
    tlsc_credential_free(c);
    append_times(&text, tlsc_buf_bytes(&one), 1);
    assert_err(tlsc_credential_from_pem(provider, tlsc_buf_bytes(&text), tlsc_buf_bytes(&key), &c,
                                        &where),
               TLSC_E_CHAIN_TOO_LONG);
    assert_null(c);
    tlsc_buf_clear(&text);
    tlsc_buf_clear(&one);
    tlsc_buf_clear(&der);
    tlsc_buf_clear(&key);
}

/* -- what goes wrong, and where */

static void a_key_must_be_the_leafs(void **state)
{
    (void)state;
    assert_load_fails("p256.crt.pem", "p256new.key.pem", TLSC_E_KEY_MISMATCH, 1, 1);
    assert_load_fails("p256.crt.pem", "p384.sec1.pem", TLSC_E_KEY_MISMATCH, 2, 4);
    assert_load_fails("p256.crt.pem", "rsa2048.key.pem", TLSC_E_KEY_MISMATCH, 1, 1);
    assert_load_fails("rsa2048.crt.pem", "rsa3072.key.pem", TLSC_E_KEY_MISMATCH, 1, 1);
    assert_load_fails("ed25519.crt.pem", "p256.key.pem", TLSC_E_KEY_MISMATCH, 1, 1);
    /* the leaf comes first */
    assert_load_fails("intermediate.crt.pem+p256.crt.pem", "p256.key.pem", TLSC_E_KEY_MISMATCH, 1,
                      1);
}

static void other_kinds_are_not_supported(void **state)
{
    (void)state;
    assert_load_fails("rsapss.crt.pem", "rsapss.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("rsa1024.crt.pem", "rsa1024.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("ed448.crt.pem", "ed448.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("secp256k1.crt.pem", "secp256k1.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("explicit.crt.pem", "explicit.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("p256.crt.pem", "explicit.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("p256.crt.pem", "rsapss.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("p256.crt.pem", "ed448.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("p256.crt.pem", "secp256k1.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("p256.crt.pem", "rsa1024.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_load_fails("p256.crt.pem", "dsa.traditional.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
}

static void a_leaf_alone_must_be_supported(void **state)
{
    (void)state;
    tlsc_credential *c;
    assert_ok(load("p256.crt.pem+rsapss.crt.pem", "p256.key.pem", &c, NULL));
    assert_int_equal(c->num_chain, 2);
    tlsc_credential_free(c);
}

static void encrypted_keys_are_named_so(void **state)
{
    (void)state;
    assert_load_fails("p256.crt.pem", "encrypted.pkcs8.pem", TLSC_E_ENCRYPTED_KEY, 1, 1);
    assert_load_fails("rsa2048.crt.pem", "encrypted.pkcs1.pem", TLSC_E_ENCRYPTED_KEY, 1, 1);
}

static void something_must_be_there(void **state)
{
    (void)state;
    assert_load_fails("p256.crt.pem", NULL, TLSC_E_NO_PEM_KEY, 0, 0);
    assert_load_fails("p256.crt.pem", "p256.crt.pem", TLSC_E_NO_PEM_KEY, 0, 0);
    assert_load_fails("p256.key.pem", "p256.key.pem", TLSC_E_NO_PEM_CERTIFICATE, 0, 0);
    tlsc_credential *c;
    assert_err(tlsc_credential_from_pem(provider, (tlsc_bytes){ NULL, 0 }, (tlsc_bytes){ NULL, 0 },
                                        &c, NULL),
               TLSC_E_NO_PEM_CERTIFICATE);
    assert_null(c);
}

static tlsc_err from_text(tlsc_bytes chain, tlsc_bytes key, tlsc_cert_where *where)
{
    tlsc_credential *c;
    tlsc_err rc = tlsc_credential_from_pem(provider, chain, key, &c, where);
    tlsc_credential_free(c);
    return rc;
}

#define CERTIFICATE(body) "-----BEGIN CERTIFICATE-----\n" body "\n-----END CERTIFICATE-----\n"
#define TRUSTED(body) \
    "-----BEGIN TRUSTED CERTIFICATE-----\n" body "\n-----END TRUSTED CERTIFICATE-----\n"
#define KEY(body) "-----BEGIN PRIVATE KEY-----\n" body "\n-----END PRIVATE KEY-----\n"

static void damaged_blocks_are_named(void **state)
{
    (void)state;
    tlsc_bytes none = { NULL, 0 };
    tlsc_cert_where where;
    assert_err(from_text(TEXT("\n\n" CERTIFICATE("AAA")), none, &where), TLSC_E_PEM);
    assert_int_equal(where.line, 3);
    assert_err(from_text(TEXT(CERTIFICATE("")), none, &where), TLSC_E_PEM);
    assert_err(from_text(TEXT(CERTIFICATE("AAAA")), none, &where), TLSC_E_BAD_DER);
    assert_err(from_text(TEXT(CERTIFICATE("MAA=")), none, &where), TLSC_E_BAD_CERTIFICATE);
    assert_err(from_text(TEXT(TRUSTED("MAAwAA==")), none, &where), TLSC_E_BAD_CERTIFICATE);
    assert_err(from_text(TEXT(TRUSTED("MAAwADAA")), none, &where), TLSC_E_BAD_DER);
    assert_err(from_text(TEXT(TRUSTED("MAAEAA==")), none, &where), TLSC_E_BAD_DER);

    tlsc_buf chain = test_pem("p256.crt.pem", NULL);
    tlsc_bytes leaf = tlsc_buf_bytes(&chain);
    assert_err(from_text(leaf, TEXT("# a key\n" KEY("AAA")), &where), TLSC_E_PEM);
    assert_int_equal(where.line, 2);
    assert_err(from_text(leaf, TEXT(KEY("MAA=")), &where), TLSC_E_BAD_PRIVATE_KEY);
    assert_int_equal(where.block, 1);
    assert_err(from_text(leaf, TEXT("-----BEGIN PRIVATE KEY-----\nMAA=\n"), &where), TLSC_E_PEM);
    /* the second certificate is at fault */
    assert_ok(tlsc_buf_append(&chain, TEXT("\n" CERTIFICATE("MAA="))));
    assert_err(from_text(tlsc_buf_bytes(&chain), none, &where), TLSC_E_BAD_CERTIFICATE);
    assert_int_equal(where.block, 2);
    tlsc_buf_clear(&chain);
}

static void a_giant_key_is_no_key(void **state)
{
    (void)state;
    tlsc_buf chain = test_pem("p256.crt.pem", NULL);
    tlsc_buf key = tlsc_buf_of(1 << 20);
    assert_ok(tlsc_buf_append(&key, TEXT("-----BEGIN PRIVATE KEY-----\n")));
    append_times(&key, TEXT("AAAA"), 30000);
    assert_ok(tlsc_buf_append(&key, TEXT("\n-----END PRIVATE KEY-----\n")));
    tlsc_cert_where where;
    assert_err(from_text(tlsc_buf_bytes(&chain), tlsc_buf_bytes(&key), &where),
               TLSC_E_BAD_PRIVATE_KEY);
    assert_int_equal(where.block, 1);
    tlsc_buf_clear(&chain);
    tlsc_buf_clear(&key);
}

static void every_flipped_bit_of_a_key_is_refused(void **state)
{
    (void)state;
    tlsc_buf chain = test_pem("p256.crt.pem", NULL);
    tlsc_buf key = test_pem("p256.key.pem", NULL);
    size_t loaded = 0;
    for (size_t bit = 0; bit < 8 * key.n; bit++) {
        key.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
        tlsc_cert_where where;
        loaded += from_text(tlsc_buf_bytes(&chain), tlsc_buf_bytes(&key), &where) == TLSC_OK;
        key.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    /* A newline that became another white space, inside of base64, and the last one. */
    assert_true(loaded < 20);
    tlsc_buf_clear(&chain);
    tlsc_buf_clear(&key);
}

/* -- memory */

static void walk_the_failures(const char *chain, const char *key, bool and_after)
{
    tlsc_buf chain_pem = test_pem(chain, "intermediate.crt.pem");
    tlsc_buf key_pem = test_pem(key, NULL);
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    tlsc_err rc = TLSC_E_NO_MEMORY;
    uint64_t n = 0;
    while (rc != TLSC_OK) {
        tlsc_credential *c;
        tlsc_mem_fail_at(++n, and_after);
        rc = tlsc_credential_from_pem(provider, tlsc_buf_bytes(&chain_pem),
                                      tlsc_buf_bytes(&key_pem), &c, NULL);
        tlsc_mem_fail_at(0, false);
        /* libcrypto doesn't always say that it was memory which an RSA key failed for. */
        assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY || rc == TLSC_E_BAD_PRIVATE_KEY);
        assert_int_equal(c != NULL, rc == TLSC_OK);
        tlsc_credential_free(c);
        tlsc_mem_get_stats(&after);
        assert_int_equal(after.live, before.live);
        assert_true(n < 10000);
    }
    assert_true(n > 8);
    tlsc_buf_clear(&chain_pem);
    tlsc_buf_clear(&key_pem);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        { "p256.crt.pem", "p256.sec1.pem" },
        { "rsa2048.crt.pem", "rsa2048.pkcs1.pem" },
        { "rsa2048.crt.pem", "rsa2048.key.pem" },
        { "ed25519.crt.pem", "ed25519.key.pem" },
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        tlsc_credential *c; /* once before: libcrypto makes a few things at first use, for good */
        assert_ok(load(files[i][0], files[i][1], &c, NULL));
        tlsc_credential_free(c);
        walk_the_failures(files[i][0], files[i][1], false);
        walk_the_failures(files[i][0], files[i][1], true);
    }
}

/* -- a key elsewhere */

static void an_external_credential_has_no_key(void **state)
{
    (void)state;
    static const uint16_t schemes[] = { TLSC_SIG_RSA_PSS_SHA256, TLSC_SIG_RSA_PKCS1_SHA256 };
    tlsc_buf leaf = test_der("rsa2048.crt.pem");
    tlsc_buf intermediate = test_der("intermediate.crt.pem");
    const tlsc_bytes chain[] = { tlsc_buf_bytes(&leaf), tlsc_buf_bytes(&intermediate) };
    tlsc_credential *c;
    assert_ok(tlsc_credential_external(provider, chain, 2, schemes, 2, &c));
    assert_null(c->key);
    assert_int_equal(c->num_chain, 2);
    assert_string_equal(tlsc_credential_kind(c), "RSA");
    assert_bytes_equal(tlsc_credential_certificate(c, 1), tlsc_buf_bytes(&intermediate));
    size_t num;
    const uint16_t *copy = tlsc_credential_schemes(c, &num);
    assert_int_equal(num, 2);
    assert_ptr_not_equal(copy, schemes);
    assert_memory_equal(copy, schemes, sizeof(schemes));
    tlsc_credential_free(c);
    tlsc_buf_clear(&leaf);
    tlsc_buf_clear(&intermediate);
}

static void an_external_credential_is_checked(void **state)
{
    (void)state;
    static const uint16_t rsa[] = { TLSC_SIG_RSA_PSS_SHA256 };
    static const uint16_t p256[] = { TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ED25519 };
    tlsc_buf leaf = test_der("p256.crt.pem");
    tlsc_buf other = test_der("rsapss.crt.pem");
    tlsc_bytes chain[] = { tlsc_buf_bytes(&leaf), tlsc_buf_bytes(&other) };
    tlsc_credential *c;
    assert_err(tlsc_credential_external(provider, chain, 0, p256, 1, &c), TLSC_E_NO_CERTIFICATE);
    assert_err(tlsc_credential_external(provider, chain, 1, p256, 0, &c), TLSC_E_USAGE);
    assert_err(tlsc_credential_external(provider, chain, 1, rsa, 1, &c), TLSC_E_KEY_MISMATCH);
    assert_err(tlsc_credential_external(provider, chain, 1, p256, 2, &c), TLSC_E_KEY_MISMATCH);
    assert_err(tlsc_credential_external(provider, chain + 1, 1, rsa, 1, &c),
               TLSC_E_UNSUPPORTED_KEY);
    chain[1].n--;
    assert_err(tlsc_credential_external(provider, chain, 2, p256, 1, &c), TLSC_E_BAD_DER);
    assert_null(c);
    assert_ok(tlsc_credential_external(provider, chain, 1, p256, 1, &c));
    tlsc_credential_free(c);
    tlsc_buf_clear(&leaf);
    tlsc_buf_clear(&other);
    /* a scheme of TLS 1.3 alone */
    static const uint16_t mldsa[] = { TLSC_SIG_MLDSA65, TLSC_SIG_MLDSA44 };
    leaf = test_der("mldsa65.crt.pem");
    chain[0] = tlsc_buf_bytes(&leaf);
    assert_ok(tlsc_credential_external(provider, chain, 1, mldsa, 1, &c));
    tlsc_credential_free(c);
    assert_err(tlsc_credential_external(provider, chain, 1, mldsa, 2, &c), TLSC_E_KEY_MISMATCH);
    tlsc_buf_clear(&leaf);
}

static void the_last_reference_frees(void **state)
{
    (void)state;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    tlsc_credential *c;
    assert_ok(load("p256.crt.pem", "p256.key.pem", &c, NULL));
    assert_ptr_equal(tlsc_credential_ref(c), c);
    tlsc_credential_free(c);
    assert_string_equal(tlsc_credential_kind(c), "ECDSA P-256"); /* still there */
    tlsc_credential_free(c);
    tlsc_credential_free(NULL);
    tlsc_mem_get_stats(&after);
    assert_int_equal(after.live, before.live);
}

/* -- a provider that misbehaves */

static tlsc_err refuse_key(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out)
{
    (void)format;
    (void)der;
    (void)out;
    return TLSC_E_CRYPTO;
}

static unsigned keys_freed;

static void count_free(tlsc_signing_key *key)
{
    (void)key;
    keys_freed++;
}

static tlsc_signing_key strange_key = { .size = sizeof(strange_key), .free = count_free };

static tlsc_err give_strange_key(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out)
{
    (void)format;
    (void)der;
    *out = &strange_key;
    return TLSC_OK;
}

static void the_providers_word_is_checked(void **state)
{
    (void)state;
    const tlsc_provider *real = provider;
    tlsc_provider fake = *real;
    provider = &fake;
    fake.load_key = refuse_key;
    assert_load_fails("p256.crt.pem", "p256.key.pem", TLSC_E_CRYPTO, 1, 1);
    fake.load_key = give_strange_key; /* without a public half */
    assert_load_fails("p256.crt.pem", "p256.key.pem", TLSC_E_BAD_DER, 1, 1);
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_certificate leaf;
    assert_ok(tlsc_certificate_parse(&leaf, tlsc_buf_bytes(&der)));
    strange_key.spki = leaf.spki; /* without a scheme */
    assert_load_fails("p256.crt.pem", "p256.key.pem", TLSC_E_UNSUPPORTED_KEY, 1, 1);
    assert_int_equal(keys_freed, 2);
    tlsc_buf_clear(&der);
    provider = real;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_key_loads),
        cmocka_unit_test(validity_is_the_leafs),
        cmocka_unit_test(the_message_is_ready_to_send),
        cmocka_unit_test(trusted_certificates_lose_their_trust),
        cmocka_unit_test(a_chain_longer_than_a_message_is_refused),
        cmocka_unit_test(a_key_must_be_the_leafs),
        cmocka_unit_test(other_kinds_are_not_supported),
        cmocka_unit_test(a_leaf_alone_must_be_supported),
        cmocka_unit_test(encrypted_keys_are_named_so),
        cmocka_unit_test(something_must_be_there),
        cmocka_unit_test(damaged_blocks_are_named),
        cmocka_unit_test(a_giant_key_is_no_key),
        cmocka_unit_test(every_flipped_bit_of_a_key_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(an_external_credential_has_no_key),
        cmocka_unit_test(an_external_credential_is_checked),
        cmocka_unit_test(the_last_reference_frees),
        cmocka_unit_test(the_providers_word_is_checked),
    };
    provider = tlsc_provider_default();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
