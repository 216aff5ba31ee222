/* SPDX-License-Identifier: Apache-2.0 */
/* x509/signature.c: how certificates are signed. */
#include "x509/signature.h"

#include "base/bytes.h"
#include "base/try.h"
#include "x509/der.h"

typedef struct row {
    uint16_t scheme;
    uint8_t n;
    uint8_t oid[9];
} row;

/* RFC 8017 A.2, RFC 5758 3.2, RFC 8410 3, RFC 9881 2 */
static const row signatures[] = {
    { 0x0201, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05 } }, /* SHA-1 with RSA */
    { 0x0401, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b } },
    { 0x0501, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c } },
    { 0x0601, 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d } },
    { 0x0203, 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01 } }, /* ECDSA with SHA-1 */
    { 0x0403, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 } },
    { 0x0503, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03 } },
    { 0x0603, 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04 } },
    { 0x0807, 3, { 0x2b, 0x65, 0x70 } },
    { 0x0808, 3, { 0x2b, 0x65, 0x71 } },
    { 0x0904, 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11 } },
    { 0x0905, 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12 } },
    { 0x0906, 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13 } },
};

/* RSASSA-PSS by the hash in its parameters. RFC 4055 2.1 */
static const row pss_hashes[] = {
    { 0x0804, 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 } },
    { 0x0805, 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 } },
    { 0x0806, 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03 } },
};

static const uint8_t pss[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a };

static uint16_t find(const row *rows, size_t num, tlsc_bytes oid)
{
    for (size_t i = 0; i < num; i++) {
        if (tlsc_bytes_equal(oid, tlsc_bytes_of(rows[i].oid, rows[i].n))) {
            return rows[i].scheme;
        }
    }
    return 0;
}

/* RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] EXPLICIT AlgorithmIdentifier DEFAULT sha1, ... } */
static uint16_t pss_scheme(tlsc_der *parameters)
{
    tlsc_der params = tlsc_der_enter(parameters, TLSC_DER_SEQUENCE);
    tlsc_der tagged = tlsc_der_enter(&params, TLSC_DER_CONTEXT_CONSTRUCTED);
    tlsc_der algorithm = tlsc_der_enter(&tagged, TLSC_DER_SEQUENCE);
    return find(pss_hashes, TLSC_COUNT(pss_hashes), tlsc_der_oid(&algorithm));
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
uint16_t tlsc_signature_scheme(tlsc_bytes algorithm)
{
    tlsc_der d = tlsc_der_of(algorithm);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_bytes oid = tlsc_der_oid(&inside);
    if (tlsc_bytes_equal(oid, tlsc_bytes_of(pss, sizeof(pss)))) {
        return pss_scheme(&inside);
    }
    return find(signatures, TLSC_COUNT(signatures), oid);
}

/* ---- with their parameters ---- */

static const uint8_t mgf1[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08 };

/* HashAlgorithm ::= AlgorithmIdentifier of SHA-2, whose parameters are NULL or absent (RFC 4055 2.1).
 * The RSASSA-PSS scheme with that hash, or 0. */
static uint16_t hash_of(tlsc_der *d)
{
    tlsc_der inside = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    uint16_t scheme = find(pss_hashes, TLSC_COUNT(pss_hashes), tlsc_der_oid(&inside));
    if (tlsc_der_more(&inside)) {
        tlsc_der_null(&inside);
    }
    tlsc_der_leave(d, &inside);
    return scheme;
}

static size_t salt_of(uint16_t scheme)
{
    return scheme == 0x0804 ? 32 : scheme == 0x0805 ? 48 : 64;
}

/* RSASSA-PSS-params ::= SEQUENCE {
 *     hashAlgorithm    [0] HashAlgorithm DEFAULT sha1,
 *     maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
 *     saltLength       [2] INTEGER DEFAULT 20,
 *     trailerField     [3] INTEGER DEFAULT 1 }, EXPLICIT   RFC 4055 3.1
 * A signature's salt is as long as the hash (RFC 8446 4.2.3); a key's parameters say how long it is at least
 * (RFC 4055 3.3). in: a reader in front of it. */
static uint16_t strict_pss(tlsc_der *d, bool of_key)
{
    enum { EXPLICIT = TLSC_DER_CONTEXT_CONSTRUCTED, DEFAULT_SALT = 20 };
    tlsc_der params = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    tlsc_der part = tlsc_der_enter(&params, EXPLICIT | 0);
    uint16_t scheme = hash_of(&part);
    tlsc_der_leave(&params, &part);

    part = tlsc_der_enter(&params, EXPLICIT | 1);
    tlsc_der mask = tlsc_der_enter(&part, TLSC_DER_SEQUENCE);
    tlsc_der_check(&mask, tlsc_bytes_equal(tlsc_der_oid(&mask), tlsc_bytes_of(mgf1, sizeof(mgf1))));
    tlsc_der_check(&mask, hash_of(&mask) == scheme);
    tlsc_der_leave(&part, &mask);
    tlsc_der_leave(&params, &part);

    uint64_t salt = DEFAULT_SALT;
    if (tlsc_der_more(&params)) {
        part = tlsc_der_enter(&params, EXPLICIT | 2);
        salt = tlsc_der_u64(&part);
        tlsc_der_check(&part, salt != DEFAULT_SALT); /* not encoded, X.690 11.5 */
        tlsc_der_leave(&params, &part);
    }
    tlsc_der_check(&params, of_key ? salt <= salt_of(scheme) : salt == salt_of(scheme));
    tlsc_der_leave(d, &params);
    return tlsc_der_end(d) == TLSC_OK ? scheme : 0;
}

uint16_t tlsc_signature_algorithm(tlsc_bytes algorithm)
{
    tlsc_der d = tlsc_der_of(algorithm);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_bytes oid = tlsc_der_oid(&inside);
    if (tlsc_der_end(&d) != TLSC_OK) {
        return 0;
    }
    if (tlsc_bytes_equal(oid, tlsc_bytes_of(pss, sizeof(pss)))) {
        return strict_pss(&inside, false);
    }
    uint16_t scheme = find(signatures, TLSC_COUNT(signatures), oid);
    bool pkcs1 = scheme == 0x0401 || scheme == 0x0501 || scheme == 0x0601;
    if (pkcs1 && tlsc_der_more(&inside)) {
        tlsc_der_null(&inside);
    }
    bool sha1 = scheme == 0x0201 || scheme == 0x0203;
    return tlsc_der_end(&inside) == TLSC_OK && !sha1 ? scheme : 0;
}

/* The only scheme of an RSASSA-PSS key, 0 for all of them, or 1 for none. */
static uint16_t pss_bound_to(tlsc_bytes algorithm)
{
    tlsc_der d = tlsc_der_of(algorithm);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    (void)tlsc_der_oid(&inside);
    if (tlsc_der_end(&inside) == TLSC_OK) {
        return 0;
    }
    uint16_t scheme = strict_pss(&inside, true);
    return scheme == 0 ? 1 : scheme;
}

bool tlsc_signature_pss_key(tlsc_bytes algorithm)
{
    return pss_bound_to(algorithm) != 1;
}

bool tlsc_signature_pss_allows(tlsc_bytes algorithm, uint16_t scheme)
{
    uint16_t only = pss_bound_to(algorithm);
    return only == 0 || only == scheme;
}
