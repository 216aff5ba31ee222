/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/internal.h: what the files of this folder, boringssl/ and awslc/ share. */
#ifndef TLSC_CRYPTO_LIBCRYPTO_INTERNAL_H
#define TLSC_CRYPTO_LIBCRYPTO_INTERNAL_H

#include <openssl/base.h>

#include "crypto/libcrypto/libcrypto.h"

/* Empties libcrypto's error queue, which a failed call has filled, and returns `e`, or
 * TLSC_E_NO_MEMORY if the queue tells of that. Every failure path goes through here, so that the
 * queue, which is the thread's and which others in this process may read, stays empty. */
tlsc_err tlsc_libcrypto_error(tlsc_err e);

/* Does nothing, but whoever calls it has memory.c in the link: libcrypto's own references to that
 * file's functions are weak, and would not fetch it from an archive. */
void tlsc_libcrypto_memory(void);

/* The curves, as rows. */
typedef struct tlsc_curve {
    const EC_GROUP *(*group)(void);
    const uint8_t *oid; /* contents of its OBJECT IDENTIFIER */
    uint8_t oid_len;
    uint8_t field_len; /* bytes of a coordinate and of a scalar */
    uint8_t top_mask;  /* bits of a scalar's first byte that can be set */
} tlsc_curve;

extern const tlsc_curve tlsc_curve_p256;
extern const tlsc_curve tlsc_curve_p384;
extern const tlsc_curve tlsc_curve_p521;

/* The curve whose OID has these contents, NULL for another. */
const tlsc_curve *tlsc_curve_by_oid(tlsc_bytes oid);
/* The curve of this group, NULL for another. */
const tlsc_curve *tlsc_curve_by_group(const EC_GROUP *group);

/* Bytes of the longest digest that is signed, SHA-512's. */
enum { TLSC_DIGEST_MAX = 64 };

/* A signature scheme, RFC 8446 4.2.3, as a row. */
typedef enum tlsc_key_kind {
    TLSC_KEY_KIND_RSA,
    TLSC_KEY_KIND_EC,
    TLSC_KEY_KIND_ED25519,
    TLSC_KEY_KIND_MLDSA44,
    TLSC_KEY_KIND_MLDSA65,
    TLSC_KEY_KIND_MLDSA87
} tlsc_key_kind;

typedef struct tlsc_scheme {
    uint16_t id;
    tlsc_key_kind kind;
    bool pss; /* RSA: PSS rather than PKCS #1 v1.5 */
    uint8_t digest_len;
    int digest_nid;
    const EVP_MD *(*md)(void);
    uint8_t *(*digest)(const uint8_t *data, size_t len, uint8_t *out);
} tlsc_scheme;

/* NULL for a scheme that is none of ours. */
const tlsc_scheme *tlsc_scheme_by_id(uint16_t id);

/* RSA moduli that are neither weak nor a way to keep us busy. */
enum { TLSC_RSA_MIN_BITS = 2048, TLSC_RSA_MAX_BITS = 8192, TLSC_ED25519_LEN = 32 };

/* A key's two halves as libcrypto's objects; which member counts is `kind`'s to say. A zeroed one
 * is empty. */
typedef struct tlsc_public_key {
    tlsc_key_kind kind;
    RSA *rsa;
    EC_KEY *ec;
    EVP_PKEY *mldsa;
    uint8_t ed25519[TLSC_ED25519_LEN];
} tlsc_public_key;

typedef struct tlsc_private_key {
    tlsc_public_key pub; /* its rsa, ec and mldsa hold the private half as well */
    uint8_t ed25519[2 * TLSC_ED25519_LEN]; /* seed, then public half */
} tlsc_private_key;

/* ML-DSA's parameter sets, as rows. */
enum { TLSC_MLDSA_SEED_LEN = 32, TLSC_MLDSA_PUBLIC_MAX = 2592, TLSC_MLDSA_EXPANDED_MAX = 4896 };

typedef struct tlsc_mldsa_set {
    tlsc_key_kind kind;
    uint8_t oid[9]; /* contents of its OBJECT IDENTIFIER */
    uint16_t public_len;
    uint16_t expanded_len;
    uint16_t signature_len;
} tlsc_mldsa_set;

/* NULL for another kind of key. */
const tlsc_mldsa_set *tlsc_mldsa_set_by_kind(tlsc_key_kind kind);
const tlsc_mldsa_set *tlsc_mldsa_set_by_oid(tlsc_bytes oid);

/* The flavour's: keys from their encodings; NULL for one that is malformed, or without memory. */
EVP_PKEY *tlsc_mldsa_of_public(const tlsc_mldsa_set *set, tlsc_bytes key);
EVP_PKEY *tlsc_mldsa_of_seed(const tlsc_mldsa_set *set, tlsc_bytes seed);
/* errors: TLSC_E_UNSUPPORTED_KEY where the flavour wants the seed; TLSC_E_BAD_PRIVATE_KEY. */
tlsc_err tlsc_mldsa_of_expanded(const tlsc_mldsa_set *set, tlsc_bytes expanded, EVP_PKEY **out);
/* Whether a seed's key expands to this, as far as the flavour lets us see. RFC 9881 8.2 */
bool tlsc_mldsa_is_expansion(const tlsc_mldsa_set *set, const EVP_PKEY *key, tlsc_bytes expanded);

/* What both flavours do alike. out: set->public_len bytes. */
bool tlsc_mldsa_public_bytes(const tlsc_mldsa_set *set, const EVP_PKEY *key, uint8_t *out);
/* out: set->signature_len bytes. */
bool tlsc_mldsa_sign(const tlsc_mldsa_set *set, EVP_PKEY *key, tlsc_bytes message, uint8_t *out,
                     size_t *out_len);
bool tlsc_mldsa_verify(const tlsc_mldsa_set *set, EVP_PKEY *key, tlsc_bytes message,
                       tlsc_bytes signature);

/* DER in and out, key_der.c. errors: TLSC_E_UNSUPPORTED_KEY, TLSC_E_NO_MEMORY, and
 * TLSC_E_BAD_DER for a public key, TLSC_E_BAD_PRIVATE_KEY for a private one. */
tlsc_err tlsc_public_key_parse(tlsc_bytes spki, tlsc_public_key *out);
tlsc_err tlsc_private_key_parse(tlsc_key_format format, tlsc_bytes der, tlsc_private_key *out);
/* out: allocated with OPENSSL_malloc. */
tlsc_err tlsc_public_key_write(const tlsc_public_key *key, uint8_t **out, size_t *out_len);
void tlsc_public_key_clear(tlsc_public_key *key);
void tlsc_private_key_clear(tlsc_private_key *key);

#endif
