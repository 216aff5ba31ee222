/* SPDX-License-Identifier: Apache-2.0 */
/* test/vectors/wycheproof_ask.c: says what a provider makes of its inputs; test/vectors/wycheproof asks.
 *
 *     wycheproof_ask default|sodium
 *
 * Each line of stdin is a question: words parted by blanks, bytes in hex, "-" for none. Each line of stdout
 * is its answer: "ok" with bytes in hex, the error's name, "none" where the provider hasn't what the
 * question is about, or what is wrong with the answers: "differs". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "crypto/libcrypto/libcrypto.h"
#include "keys/hmac.h"
#include "script_random.h"

enum { MAX_WORDS = 8, ROOM = 1 << 17 };

static const tlsc_provider *provider;

/* A question's words; bytes are decoded in their place. */
typedef struct question {
    char *words[MAX_WORDS];
    size_t num;
} question;

static unsigned digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    if (at == NULL) {
        fprintf(stderr, "wycheproof_ask: not hexadecimal: %c\n", c);
        exit(2);
    }
    return (unsigned)(at - digits);
}

static char *word(const question *q, size_t i)
{
    if (i >= q->num) {
        fprintf(stderr, "wycheproof_ask: a word is missing\n");
        exit(2);
    }
    return q->words[i];
}

static tlsc_bytes bytes(const question *q, size_t i)
{
    char *text = word(q, i);
    uint8_t *out = (uint8_t *)text;
    size_t n = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;
    for (size_t k = 0; k < n; k++) {
        out[k] = (uint8_t)(digit(text[2 * k]) << 4 | digit(text[2 * k + 1]));
    }
    return tlsc_bytes_of(out, n);
}

static unsigned number(const question *q, size_t i, int base)
{
    return (unsigned)strtoul(word(q, i), NULL, base);
}

static void say_bytes(const uint8_t *p, size_t n)
{
    (void)putchar(' ');
    if (n == 0) {
        (void)putchar('-');
    }
    for (size_t i = 0; i < n; i++) {
        printf("%02x", p[i]);
    }
}

static void answer(tlsc_err rc, const uint8_t *p, size_t n)
{
    if (rc != TLSC_OK) {
        printf("%s\n", tlsc_err_name(rc));
        return;
    }
    printf("ok");
    say_bytes(p, n);
    (void)putchar('\n');
}

/* ---- key exchange ---- */

/* ML-KEM-768 is a part of hybrids, and no group of its own. */
static const tlsc_group *group(const question *q)
{
    uint16_t id = (uint16_t)number(q, 1, 16);
    if (id == tlsc_libcrypto_mlkem768.id && provider == tlsc_provider_default()) {
        return &tlsc_libcrypto_mlkem768;
    }
    return tlsc_provider_group(provider, id);
}

typedef struct exchange {
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    uint8_t share[TLSC_GROUP_SHARE_MAX];
    uint8_t reply[TLSC_GROUP_SHARE_MAX];
    uint8_t secret[TLSC_GROUP_SECRET_MAX];
} exchange;

/* GROUP PRIVATE PEER: the secret, which both roles must agree upon. */
static void agree(const question *q)
{
    const tlsc_group *g = group(q);
    tlsc_bytes scalar = bytes(q, 2);
    tlsc_bytes peer = bytes(q, 3);
    test_script_random script;
    exchange client = { 0 };
    exchange server = { 0 };
    if (g == NULL) {
        printf("none\n");
        return;
    }
    tlsc_err made = g->keygen(test_script(&script, scalar), client.priv, client.share);
    tlsc_err mine = made == TLSC_OK ? g->decapsulate(client.priv, peer, client.secret) : made;
    tlsc_err theirs =
        g->encapsulate(test_script(&script, scalar), peer, server.reply, server.secret);
    g->clear(client.priv);
    if (mine != theirs || memcmp(client.secret, server.secret, sizeof(client.secret)) != 0 ||
        (mine == TLSC_OK && memcmp(client.share, server.reply, g->share_len) != 0)) {
        printf("differs\n");
        return;
    }
    answer(mine, client.secret, g->secret_len);
}

/* GROUP SEED CIPHERTEXT: the encapsulation key, and the secret. */
static void decapsulate(const question *q)
{
    const tlsc_group *g = group(q);
    test_script_random script;
    exchange e = { 0 };
    if (g == NULL) {
        printf("none\n");
        return;
    }
    tlsc_err rc = g->keygen(test_script(&script, bytes(q, 2)), e.priv, e.share);
    if (rc == TLSC_OK) {
        rc = g->decapsulate(e.priv, bytes(q, 3), e.secret);
        g->clear(e.priv);
    }
    if (rc != TLSC_OK) {
        answer(rc, NULL, 0);
        return;
    }
    printf("ok");
    say_bytes(e.share, g->share_len);
    say_bytes(e.secret, g->secret_len);
    (void)putchar('\n');
}

/* GROUP ENCAPSULATION-KEY RANDOMNESS: the ciphertext and the secret, "own" where libcrypto drew by
 * itself. */
static void encapsulate(const question *q)
{
    const tlsc_group *g = group(q);
    test_script_random script;
    exchange e = { 0 };
    if (g == NULL) {
        printf("none\n");
        return;
    }
    tlsc_err rc = g->encapsulate(test_script(&script, bytes(q, 3)), bytes(q, 2), e.reply, e.secret);
    if (rc != TLSC_OK) {
        answer(rc, NULL, 0);
    } else if (script.used == 0) {
        printf("own\n");
    } else {
        printf("ok");
        say_bytes(e.reply, g->reply_len);
        say_bytes(e.secret, g->secret_len);
        (void)putchar('\n');
    }
}

/* ---- signatures ---- */

/* SCHEME SPKI MESSAGE SIGNATURE */
static void verify(const question *q)
{
    uint16_t scheme = (uint16_t)number(q, 1, 16);
    tlsc_bytes nothing = { NULL, 0 };
    if (tlsc_provider_verify(provider, scheme, nothing, nothing, nothing) ==
        TLSC_E_UNSUPPORTED_KEY) {
        printf("none\n");
        return;
    }
    answer(tlsc_provider_verify(provider, scheme, bytes(q, 2), bytes(q, 3), bytes(q, 4)), NULL, 0);
}

/* PKCS8: the public half. */
static void load(const question *q)
{
    tlsc_signing_key *key = NULL;
    tlsc_err rc = tlsc_provider_load_key(provider, TLSC_KEY_PKCS8, bytes(q, 1), &key);
    if (rc != TLSC_OK) {
        answer(rc, NULL, 0);
        return;
    }
    answer(TLSC_OK, key->spki.p, key->spki.n);
    key->free(key);
}

/* ---- AEADs ---- */

static const tlsc_aead *aead(const char *name)
{
    for (size_t i = 0; i < provider->num_suites; i++) {
        if (strcmp(provider->suites[i]->aead->name, name) == 0) {
            return provider->suites[i]->aead;
        }
    }
    return NULL;
}

/* AEAD KEY NONCE AD DATA: sealed or opened. */
static void protect(const question *q, bool seal)
{
    static uint8_t data[ROOM];
    _Alignas(16) uint8_t state[TLSC_AEAD_STATE_MAX] = { 0 };
    const tlsc_aead *a = aead(word(q, 1));
    tlsc_bytes key = bytes(q, 2);
    tlsc_bytes nonce = bytes(q, 3);
    tlsc_bytes ad = bytes(q, 4);
    tlsc_bytes in = bytes(q, 5);
    if (a == NULL) {
        printf("none\n");
        return;
    }
    if (key.n != a->key_len || nonce.n != TLSC_AEAD_NONCE_LEN || in.n + TLSC_AEAD_TAG_LEN > ROOM ||
        (!seal && in.n < TLSC_AEAD_TAG_LEN)) {
        fprintf(stderr, "wycheproof_ask: lengths that this AEAD hasn't\n");
        exit(2);
    }
    memcpy(data, in.p, in.n);
    tlsc_err rc = a->init(state, key.p);
    if (rc == TLSC_OK) {
        rc = seal ? a->seal(state, nonce.p, ad, data, in.n) : a->open(state, nonce.p, ad, data, in.n);
        a->clear(state);
    }
    answer(rc, data, seal ? in.n + TLSC_AEAD_TAG_LEN : in.n - TLSC_AEAD_TAG_LEN);
}

/* ---- hashes ---- */

static const tlsc_hash *hash(const char *name)
{
    for (size_t i = 0; i < provider->num_suites; i++) {
        if (strcmp(provider->suites[i]->hash->name, name) == 0) {
            return provider->suites[i]->hash;
        }
    }
    return NULL;
}

/* Both ways that there are to HMAC must agree. */
static tlsc_err hmac(const tlsc_hash *h, tlsc_bytes key, const tlsc_bytes *parts, size_t num,
                     uint8_t *out)
{
    uint8_t other[TLSC_HASH_MAX];
    tlsc_hmac keyed;
    tlsc_hmac_init(&keyed, h, key);
    tlsc_hmac_of(&keyed, parts, num, other);
    tlsc_hmac_clear(&keyed);
    tlsc_err rc = h->hmac(key, parts, num, out); /* `out` may be one of the parts */
    return rc == TLSC_OK && memcmp(out, other, h->len) != 0 ? TLSC_E_INTERNAL : rc;
}

/* HASH KEY MESSAGE */
static void authenticate(const question *q)
{
    uint8_t out[TLSC_HASH_MAX];
    const tlsc_hash *h = hash(word(q, 1));
    tlsc_bytes message = bytes(q, 3);
    if (h == NULL) {
        printf("none\n");
        return;
    }
    answer(hmac(h, bytes(q, 2), &message, 1, out), out, h->len);
}

/* HASH IKM SALT INFO LENGTH: RFC 5869 on the provider's HMAC, as keys/schedule13.c has it. */
static void derive(const question *q)
{
    static uint8_t out[ROOM];
    uint8_t prk[TLSC_HASH_MAX];
    uint8_t t[TLSC_HASH_MAX];
    const tlsc_hash *h = hash(word(q, 1));
    tlsc_bytes ikm = bytes(q, 2);
    tlsc_bytes info = bytes(q, 4);
    size_t length = number(q, 5, 10);
    if (h == NULL || length > 255U * h->len) {
        printf(h == NULL ? "none\n" : "TOO_LONG\n");
        return;
    }
    tlsc_err rc = hmac(h, bytes(q, 3), &ikm, 1, prk);
    size_t at = 0;
    for (uint8_t i = 1; rc == TLSC_OK && at < length; i++) {
        const tlsc_bytes parts[] = { { t, i == 1 ? 0U : h->len }, info, { &i, 1 } };
        rc = hmac(h, tlsc_bytes_of(prk, h->len), parts, 3, t);
        size_t n = length - at < h->len ? length - at : h->len;
        memcpy(out + at, t, n);
        at += n;
    }
    answer(rc, out, length);
}

/* ---- questions ---- */

static void ask(const question *q)
{
    const char *what = word(q, 0);
    if (strcmp(what, "agree") == 0) {
        agree(q);
    } else if (strcmp(what, "decapsulate") == 0) {
        decapsulate(q);
    } else if (strcmp(what, "encapsulate") == 0) {
        encapsulate(q);
    } else if (strcmp(what, "verify") == 0) {
        verify(q);
    } else if (strcmp(what, "load") == 0) {
        load(q);
    } else if (strcmp(what, "seal") == 0 || strcmp(what, "open") == 0) {
        protect(q, what[0] == 's');
    } else if (strcmp(what, "hmac") == 0) {
        authenticate(q);
    } else if (strcmp(what, "hkdf") == 0) {
        derive(q);
    } else {
        fprintf(stderr, "wycheproof_ask: no question: %s\n", what);
        exit(2);
    }
}

static question split(char *line)
{
    question q = { .num = 0 };
    char *rest = line;
    char *w = strsep(&rest, " \n");
    while (w != NULL && q.num < MAX_WORDS) {
        if (*w != '\0') {
            q.words[q.num++] = w;
        }
        w = strsep(&rest, " \n");
    }
    return q;
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t cap = 0;
    const char *name = argc == 2 ? argv[1] : "";
    provider = strcmp(name, "default") == 0  ? tlsc_provider_default()
               : strcmp(name, "sodium") == 0 ? tlsc_provider_sodium()
                                             : NULL;
    if (provider == NULL) {
        fprintf(stderr, "usage: wycheproof_ask default|sodium\n");
        return 2;
    }
    while (getline(&line, &cap, stdin) > 0) {
        question q = split(line);
        ask(&q);
    }
    free(line);
    return fflush(stdout) == 0 ? 0 : 2;
}
