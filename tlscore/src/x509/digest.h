/* SPDX-License-Identifier: Apache-2.0 */
/* x509/digest.h: hashes that stand for names and keys: in OCSP's CertIDs, as ids of CT logs. */
#ifndef TLSC_X509_DIGEST_H
#define TLSC_X509_DIGEST_H

#include "tlscore/provider.h"

typedef enum tlsc_digest_kind {
    TLSC_DIGEST_NONE, /* the zero state: one that isn't known */
    TLSC_DIGEST_SHA1,
    TLSC_DIGEST_SHA256,
    TLSC_DIGEST_SHA384
} tlsc_digest_kind;

enum { TLSC_DIGEST_MAX = 48 };

/* Hashes `data`. out: *n bytes. False where the provider has no such hash; then *n is 0. */
bool tlsc_digest(const tlsc_provider *provider, tlsc_digest_kind kind, tlsc_bytes data,
                 uint8_t out[TLSC_DIGEST_MAX], size_t *n);

/* True if `digest` is the hash of `data`, and the provider can tell. */
bool tlsc_digest_matches(const tlsc_provider *provider, tlsc_digest_kind kind, tlsc_bytes data,
                         tlsc_bytes digest);

/* The bits of a public key without tag, length and unused bits: what responders hash. in: a DER
 * SubjectPublicKeyInfo; empty where it is malformed. RFC 6960 4.1.1, 4.2.1 */
tlsc_bytes tlsc_spki_bits(tlsc_bytes spki);

#endif
