/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/provider.h: the cryptography that tlscore is given, as tables of functions.
 *
 * Every table starts with its own size, so that a later tlscore can tell an older provider's table.
 * Tables are constant and live as long as anything that uses them. Functions are called from any
 * thread; state that belongs to one operation is memory of the caller, and a table says how much
 * of it is needed. No function keeps a pointer it was given. */
#ifndef TLSCORE_PROVIDER_H
#define TLSCORE_PROVIDER_H

#include "tlscore/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Upper bounds, so that a caller's state can be a plain array. Checked by tlsc_provider_check. */
enum {
    TLSC_HASH_MAX = 48,        /* bytes of a digest that a suite uses (SHA-384) */
    TLSC_HASH_BLOCK_MAX = 128, /* bytes of its block */
    TLSC_HASH_STATE_MAX = 256, /* bytes of a running hash */
    TLSC_AEAD_KEY_MAX = 32,
    TLSC_AEAD_NONCE_LEN = 12,
    TLSC_AEAD_TAG_LEN = 16,
    TLSC_AEAD_STATE_MAX = 640,     /* bytes of a keyed AEAD */
    TLSC_GROUP_SHARE_MAX = 1665,   /* bytes of a key share: SecP384r1MLKEM1024's, the longest */
    TLSC_GROUP_SECRET_MAX = 80,    /* bytes of a shared secret: the same */
    TLSC_GROUP_PRIVATE_MAX = 4096, /* bytes that a key-exchange's private half needs */
    TLSC_SIGNATURE_MAX = 4627      /* bytes of a signature: ML-DSA-87's */
};

/* A source of random bytes. `ctx` is handed to `fill` as it is.
 * fill: writes `n` bytes. errors: TLSC_E_RANDOM. */
typedef struct tlsc_random {
    size_t size;
    tlsc_err (*fill)(void *ctx, uint8_t *out, size_t n);
    void *ctx;
} tlsc_random;

/* A hash function and its HMAC. `state` is memory of the caller, `state_len` bytes aligned for any
 * type; plain bytes: it may be copied and needs no release, but is wiped by its owner.
 * final: writes `len` bytes of digest over what was added so far and leaves `state` as it was, so
 *   that a running transcript can be asked again.
 * hmac: RFC 2104 over the concatenation of `num_parts` parts; `out` takes `len` bytes.
 *   errors: TLSC_E_CRYPTO, TLSC_E_NO_MEMORY. */
typedef struct tlsc_hash {
    size_t size;
    const char *name; /* "SHA256" */
    uint8_t len;      /* bytes of a digest, at most TLSC_HASH_MAX */
    uint8_t block_len;  /* at most TLSC_HASH_BLOCK_MAX */
    uint16_t state_len; /* at most TLSC_HASH_STATE_MAX */
    void (*init)(void *state);
    void (*update)(void *state, tlsc_bytes data);
    void (*final)(const void *state, uint8_t *out);
    tlsc_err (*hmac)(tlsc_bytes key, const tlsc_bytes *parts, size_t num_parts, uint8_t *out);
} tlsc_hash;

/* An AEAD with 12-byte nonces and 16-byte tags. `state` is memory of the caller, `state_len` bytes
 * aligned to 16.
 * init: keys `state`; clear may then be called, and must be once. errors: TLSC_E_CRYPTO.
 * seal: encrypts `data[0..n)` in place and writes the tag to `data[n..n+16)`, which the caller
 *   owns too. errors: TLSC_E_CRYPTO.
 * seal_from: encrypts `text`, and behind it the bytes of `last`, to `out[0..text.n+last.n)`, and writes
 *   the tag behind them: what copying both to `out` and sealing that would give. Neither overlaps the
 *   output; `last` has at most 16 bytes. NULL: tlscore copies and seals. errors: TLSC_E_CRYPTO.
 * open: decrypts `data[0..n)`, whose last 16 bytes are the tag, in place to `n - 16` bytes.
 *   errors: TLSC_E_BAD_RECORD_MAC; the contents of `data` are then undefined and must not be used.
 *   Whether `data` keeps its ciphertext on failure is not promised.
 * clear: releases what init took and wipes `state`; may run on a zeroed state. */
typedef struct tlsc_aead {
    size_t size;
    const char *name; /* "AES-128-GCM" */
    uint8_t key_len;
    uint16_t state_len; /* at most TLSC_AEAD_STATE_MAX */
    tlsc_err (*init)(void *state, const uint8_t *key);
    tlsc_err (*seal)(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN], tlsc_bytes ad,
                     uint8_t *data, size_t n);
    tlsc_err (*seal_from)(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN], tlsc_bytes ad,
                          uint8_t *out, tlsc_bytes text, tlsc_bytes last);
    tlsc_err (*open)(const void *state, const uint8_t nonce[TLSC_AEAD_NONCE_LEN], tlsc_bytes ad,
                     uint8_t *data, size_t n);
    void (*clear)(void *state);
} tlsc_aead;

/* How a TLS 1.2 suite's ServerKeyExchange is signed. TLS 1.3's suites don't say. */
enum {
    TLSC_AUTH_ANY = 0,
    TLSC_AUTH_ECDSA = 1, /* Ed25519 too, RFC 8422 5.10 */
    TLSC_AUTH_RSA = 2
};

/* A cipher suite: a row that names an AEAD and a hash of the provider. */
typedef struct tlsc_suite {
    size_t size;
    uint16_t id;              /* IANA's code point */
    uint16_t version;         /* TLSC_TLS13 or TLSC_TLS12 */
    const char *name;         /* IANA's: "TLS_AES_128_GCM_SHA256" */
    const char *openssl_name; /* OpenSSL's: the same in TLS 1.3 */
    const tlsc_aead *aead;
    const tlsc_hash *hash;
    uint8_t authentication;     /* TLSC_AUTH_..., TLS 1.2 */
    uint8_t explicit_nonce_len; /* bytes of the nonce in each TLS 1.2 record: 8 for GCM, else 0 */
    /* Records that one key may protect before it is replaced, RFC 8446 5.5: at this many the
     * sender makes a KeyUpdate by itself; in TLS 1.2 it closes. At least 2. */
    uint64_t confidentiality_limit;
} tlsc_suite;

/* A key-exchange group in the shape of a KEM: ECDHE, ML-KEM and hybrids alike.
 * keygen: (client) makes a private half in `priv` (`private_len` bytes, aligned to 16, wiped by its
 *   owner with clear) and writes `share_len` bytes to `share`.
 * encapsulate: (server) takes the client's share, writes its own answer (`reply_len` bytes) and
 *   the shared secret (`secret_len` bytes).
 *   errors: TLSC_E_BAD_KEY_SHARE where the peer's share is no valid public key (wrong length, not
 *   on the curve, the all-zero result of X25519); TLSC_E_CRYPTO, TLSC_E_RANDOM, TLSC_E_NO_MEMORY.
 * decapsulate: (client) takes the server's answer and writes the secret. errors: the same.
 * clear: releases and wipes `priv`; may run on a zeroed one. */
typedef struct tlsc_group {
    size_t size;
    uint16_t id;      /* IANA's code point */
    const char *name; /* IANA's: "X25519MLKEM768", "x25519", "secp256r1" */
    bool tls12;       /* may be used in TLS 1.2 */
    bool post_quantum; /* worth a HelloRetryRequest to a client that sent no share for it */
    uint16_t share_len;
    uint16_t reply_len;
    uint16_t secret_len;
    uint16_t private_len;
    tlsc_err (*keygen)(const tlsc_random *random, void *priv, uint8_t *share);
    tlsc_err (*encapsulate)(const tlsc_random *random, tlsc_bytes peer_share, uint8_t *reply,
                            uint8_t *secret);
    tlsc_err (*decapsulate)(const void *priv, tlsc_bytes reply, uint8_t *secret);
    void (*clear)(void *priv);
} tlsc_group;

/* Signature schemes, RFC 8446 4.2.3. An ECDSA scheme stands here for its hash, on any curve, as TLS 1.2
 * has it; in TLS 1.3 tlscore itself sees to it that the curve is the scheme's. */
enum {
    TLSC_SIG_RSA_PKCS1_SHA256 = 0x0401,
    TLSC_SIG_RSA_PKCS1_SHA384 = 0x0501,
    TLSC_SIG_RSA_PKCS1_SHA512 = 0x0601,
    TLSC_SIG_ECDSA_P256_SHA256 = 0x0403,
    TLSC_SIG_ECDSA_P384_SHA384 = 0x0503,
    TLSC_SIG_ECDSA_P521_SHA512 = 0x0603,
    TLSC_SIG_RSA_PSS_SHA256 = 0x0804,
    TLSC_SIG_RSA_PSS_SHA384 = 0x0805,
    TLSC_SIG_RSA_PSS_SHA512 = 0x0806,
    TLSC_SIG_ED25519 = 0x0807,
    /* TLS 1.3 alone: draft-ietf-tls-mldsa */
    TLSC_SIG_MLDSA44 = 0x0904,
    TLSC_SIG_MLDSA65 = 0x0905,
    TLSC_SIG_MLDSA87 = 0x0906
};

/* A private key, made by a provider's load_key.
 * schemes: what it can sign with, best first, `num_schemes` of them.
 * spki: its public half as a DER SubjectPublicKeyInfo, borrowed for the key's life.
 * sign: signs `message` (not its hash). out: at most TLSC_SIGNATURE_MAX bytes, `*out_len` of them.
 *   errors: TLSC_E_SIGNING_FAILED, TLSC_E_NO_MEMORY, TLSC_E_USAGE for a scheme it hasn't.
 * free: wipes and releases it. */
typedef struct tlsc_signing_key {
    size_t size;
    const uint16_t *schemes;
    size_t num_schemes;
    tlsc_bytes spki;
    tlsc_err (*sign)(const struct tlsc_signing_key *key, uint16_t scheme, tlsc_bytes message,
                     uint8_t *out, size_t *out_len);
    void (*free)(struct tlsc_signing_key *key);
} tlsc_signing_key;

/* How a private key's DER is wrapped. */
typedef enum tlsc_key_format {
    TLSC_KEY_PKCS8, /* RFC 5958 PrivateKeyInfo, any kind of key */
    TLSC_KEY_PKCS1, /* RFC 8017 RSAPrivateKey */
    TLSC_KEY_SEC1   /* RFC 5915 ECPrivateKey with its curve */
} tlsc_key_format;

/* All of it together. suites and groups are in the provider's order of preference.
 * load_key: in: DER, borrowed. out: a key that the caller frees through key->free.
 *   errors: TLSC_E_BAD_PRIVATE_KEY, TLSC_E_UNSUPPORTED_KEY, TLSC_E_NO_MEMORY.
 * verify: checks `signature` over `message` with the public key `spki` (DER
 *   SubjectPublicKeyInfo). errors: TLSC_E_BAD_SIGNATURE; TLSC_E_UNSUPPORTED_KEY where the key is
 *   not of the scheme's kind (RSA, ECDSA, Ed25519, ML-DSA of one size), and for a scheme that the provider hasn't, whatever
 *   the key; TLSC_E_BAD_DER where it is malformed; TLSC_E_NO_MEMORY. */
typedef struct tlsc_provider {
    size_t size;
    const char *name; /* "BoringSSL" */
    const tlsc_suite *const *suites;
    size_t num_suites;
    const tlsc_group *const *groups;
    size_t num_groups;
    const tlsc_random *random;
    const tlsc_aead *ticket_aead; /* a 32-byte key: seals session tickets */
    const tlsc_hash *ticket_hash; /* derives each ticket's key */
    tlsc_err (*load_key)(tlsc_key_format format, tlsc_bytes der, tlsc_signing_key **out);
    tlsc_err (*verify)(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message, tlsc_bytes signature);
    bool (*fips)(void); /* whether all of it is a validated module in FIPS mode; NULL: no */
    /* Whom keys and schemes go to that load_key and verify answer with TLSC_E_UNSUPPORTED_KEY; NULL:
     * nobody. Ask through tlsc_provider_load_key and tlsc_provider_verify, which see to it. */
    const struct tlsc_provider *fallback;
    /* SHA-1, by which most OCSP responses name the certificate that they are about (RFC 6960 4.1.1); no
     * signature is made or checked with it. NULL: the fallback's, or else such responses are about nobody. */
    const tlsc_hash *sha1;
} tlsc_provider;

/* The libcrypto that tlscore was built with. Static storage. */
TLSC_API const tlsc_provider *tlsc_provider_default(void);

/* libsodium: ChaCha20-Poly1305 with SHA-256, X25519, Ed25519, random bytes; AES-256-GCM where the CPU has
 * it, with SHA-384 from libcrypto. Secret keys lie in guarded, locked memory. Static storage; NULL if
 * libsodium can't start, which is where the system has no random bytes. Any thread. */
TLSC_API const tlsc_provider *tlsc_provider_sodium(void);

/* Checks that a provider's tables are complete, within the bounds above, and fit together: no code point
 * twice, one implementation of each hash, a suite's hash as long as its name says, shares that TLS 1.2 has
 * room for, a ticket AEAD with a 32-byte key. errors: TLSC_E_BAD_CONFIG. tlsc_config_builder_new does so by
 * itself, and gives NULL. */
TLSC_API tlsc_err tlsc_provider_check(const tlsc_provider *provider);

/* Loads a key where the provider, or else its fallback, supports its kind: as load_key. */
TLSC_API tlsc_err tlsc_provider_load_key(const tlsc_provider *provider, tlsc_key_format format,
                                         tlsc_bytes der, tlsc_signing_key **out);
/* Checks a signature, the same way: as verify. */
TLSC_API tlsc_err tlsc_provider_verify(const tlsc_provider *provider, uint16_t scheme,
                                       tlsc_bytes spki, tlsc_bytes message, tlsc_bytes signature);

/* ---- providers from parts of others ---- */

/* A suite or a group and who has it; 0: all of them that aren't there yet. */
typedef struct tlsc_mix_part {
    const tlsc_provider *from;
    uint16_t id; /* IANA's code point */
} tlsc_mix_part;

/* What a provider is mixed from; all of it is borrowed for the call, the providers themselves for the
 * mixed one's life. Set `size` and `base`, zero the rest, then say what differs.
 *
 *     const tlsc_mix_part suites[] = { { tlsc_provider_sodium(), 0x1303 }, { tlsc_provider_default(), 0 } };
 *     tlsc_mix mix = { .size = sizeof(mix), .base = tlsc_provider_default(),
 *                      .suites = suites, .num_suites = 2 }; */
typedef struct tlsc_mix {
    size_t size;
    const char *name;            /* for log lines, copied; NULL: "mixed" */
    const tlsc_provider *base;   /* has what is not said otherwise */
    const tlsc_mix_part *suites; /* in order of preference; none: base's */
    size_t num_suites;
    const tlsc_mix_part *groups; /* the same */
    size_t num_groups;
    const tlsc_provider *keys;    /* loads keys and signs; base does so for kinds that it hasn't */
    const tlsc_provider *verify;  /* checks signatures, with the same exception */
    const tlsc_provider *random;
    const tlsc_provider *tickets; /* the AEAD and the hash that seal session tickets */
} tlsc_mix;

/* Mixes a provider. Where suites from several providers share a hash, the first one's implementation
 * serves them all. out: freed by tlsc_provider_free, after all that uses it. errors: TLSC_E_UNSUPPORTED
 * where a part isn't its provider's; TLSC_E_BAD_CONFIG where the whole doesn't pass tlsc_provider_check, for
 * a missing base, and for keys or verify of a provider with a fallback of its own that isn't the base;
 * TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_provider_mix(const tlsc_mix *mix, const tlsc_provider **out);
/* Frees a mixed provider, and no other. NULL is fine. */
TLSC_API void tlsc_provider_free(const tlsc_provider *mixed);

/* ---- names ---- */

/* Finds by code point, NULL if the provider has none. */
TLSC_API const tlsc_suite *tlsc_provider_suite(const tlsc_provider *provider, uint16_t id);
TLSC_API const tlsc_group *tlsc_provider_group(const tlsc_provider *provider, uint16_t id);

/* Finds by name, letter case ignored: IANA's or OpenSSL's name, or "TLS_CIPHER_0x1301".
 * `*id` is the code point also where the provider has no such suite (TLSC_E_UNSUPPORTED, so that
 * a caller can say "known, but not here"). errors: TLSC_E_UNKNOWN_NAME. */
TLSC_API tlsc_err tlsc_suite_by_name(const tlsc_provider *provider, const char *name, uint16_t *id);
/* The same for groups: IANA's name or a common alias ("P-256", "prime256v1", "X25519"). */
TLSC_API tlsc_err tlsc_group_by_name(const tlsc_provider *provider, const char *name, uint16_t *id);

/* Names for log lines, by code point; "unknown" where tlscore has none. Static storage. */
TLSC_API const char *tlsc_suite_name(uint16_t id);
TLSC_API const char *tlsc_group_name(uint16_t id);
TLSC_API const char *tlsc_scheme_name(uint16_t id);

#ifdef __cplusplus
}
#endif
#endif
