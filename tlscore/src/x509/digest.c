/* SPDX-License-Identifier: Apache-2.0 */
/* x509/digest.c: finds the provider's hash, and hashes. */
#include "x509/digest.h"

#include <string.h>

#include "base/bytes.h"
#include "x509/der.h"

static const tlsc_hash *find_sha1(const tlsc_provider *provider)
{
    const tlsc_hash *found = NULL;
    for (const tlsc_provider *p = provider; p != NULL && found == NULL; p = p->fallback) {
        found = p->sha1;
    }
    return found;
}

/* Some suite uses it, unless the provider is a peculiar one. */
static const tlsc_hash *find_sha2(const tlsc_provider *provider, const char *name)
{
    if (strcmp(provider->ticket_hash->name, name) == 0) {
        return provider->ticket_hash;
    }
    for (const tlsc_provider *p = provider; p != NULL; p = p->fallback) {
        for (size_t i = 0; i < p->num_suites; i++) {
            if (strcmp(p->suites[i]->hash->name, name) == 0) {
                return p->suites[i]->hash;
            }
        }
    }
    return NULL;
}

static const tlsc_hash *find(const tlsc_provider *provider, tlsc_digest_kind kind)
{
    switch (kind) {
    case TLSC_DIGEST_SHA1: return find_sha1(provider);
    case TLSC_DIGEST_SHA256: return find_sha2(provider, "SHA256");
    case TLSC_DIGEST_SHA384: return find_sha2(provider, "SHA384");
    case TLSC_DIGEST_NONE: break;
    }
    return NULL;
}

bool tlsc_digest(const tlsc_provider *provider, tlsc_digest_kind kind, tlsc_bytes data,
                 uint8_t out[TLSC_DIGEST_MAX], size_t *n)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    const tlsc_hash *hash = find(provider, kind);
    *n = 0;
    if (hash == NULL || hash->len > TLSC_DIGEST_MAX) {
        return false;
    }
    hash->init(state);
    hash->update(state, data);
    hash->final(state, out);
    *n = hash->len;
    return true;
}

bool tlsc_digest_matches(const tlsc_provider *provider, tlsc_digest_kind kind, tlsc_bytes data,
                         tlsc_bytes digest)
{
    uint8_t is[TLSC_DIGEST_MAX];
    size_t n;
    return tlsc_digest(provider, kind, data, is, &n) &&
           tlsc_bytes_equal(tlsc_bytes_of(is, n), digest);
}

/* SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING } */
tlsc_bytes tlsc_spki_bits(tlsc_bytes spki)
{
    tlsc_der d = tlsc_der_of(spki);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    (void)tlsc_der_get(&inside, TLSC_DER_SEQUENCE);
    tlsc_bytes bits = tlsc_der_bit_string_bytes(&inside);
    tlsc_der_leave(&d, &inside);
    return tlsc_der_end(&d) == TLSC_OK ? bits : (tlsc_bytes){ NULL, 0 };
}
