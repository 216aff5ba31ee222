/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/key_der.c: as much DER as an Ed25519 key has. */
#include "crypto/sodium/key_der.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "wire/reader.h"

/* Identifier octets, X.690 8.1.2. */
enum {
    INTEGER = 0x02,
    BIT_STRING = 0x03,
    OCTET_STRING = 0x04,
    OID = 0x06,
    SEQUENCE = 0x30,
    ATTRIBUTES = 0xa0, /* [0] */
    PUBLIC_KEY = 0x81  /* [1] IMPLICIT BIT STRING */
};

/* id-Ed25519, 1.3.101.112: RFC 8410 3 */
static const uint8_t ed25519_oid[] = { 0x2b, 0x65, 0x70 };

/* A length in its shortest form, X.690 10.1; a key of another kind may be some KiB long. */
static size_t read_length(tlsc_rd *r)
{
    uint8_t first = tlsc_rd_u8(r);
    if (first < 0x80) {
        return first;
    }
    if (first == 0x81) {
        uint8_t n = tlsc_rd_u8(r);
        tlsc_rd_check(r, n >= 0x80);
        return n;
    }
    tlsc_rd_check(r, first == 0x82);
    uint16_t n = tlsc_rd_u16(r);
    tlsc_rd_check(r, n >= 0x100);
    return n;
}

/* The contents of the next element, which must have this tag. */
static tlsc_bytes read_element(tlsc_rd *r, uint8_t tag)
{
    tlsc_rd_check(r, tlsc_rd_u8(r) == tag);
    size_t n = read_length(r);
    return tlsc_rd_bytes(r, n);
}

static bool next_is(const tlsc_rd *r, uint8_t tag)
{
    return tlsc_rd_more(r) && r->p[0] == tag;
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }, which for
 * Ed25519 are absent: RFC 8410 3. */
static tlsc_err read_algorithm(tlsc_rd *r, tlsc_err malformed)
{
    tlsc_rd inside = tlsc_rd_of(read_element(r, SEQUENCE));
    tlsc_bytes oid = read_element(&inside, OID);
    if (r->bad || inside.bad) {
        return malformed;
    }
    if (!tlsc_bytes_equal(oid, tlsc_bytes_of(ed25519_oid, sizeof(ed25519_oid)))) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    return tlsc_rd_end(&inside) == TLSC_OK ? TLSC_OK : malformed;
}

/* A BIT STRING's contents that are a key: no bit of it unused. */
static const uint8_t *key_of_bits(tlsc_rd *r, tlsc_bytes bits)
{
    tlsc_rd inside = tlsc_rd_of(bits);
    tlsc_rd_check(&inside, tlsc_rd_u8(&inside) == 0);
    tlsc_bytes key = tlsc_rd_bytes(&inside, TLSC_ED25519_KEY_LEN);
    tlsc_rd_check(r, tlsc_rd_end(&inside) == TLSC_OK);
    return key.p;
}

/* SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier,
 *                                     subjectPublicKey BIT STRING }          RFC 5280 4.1 */
tlsc_err tlsc_ed25519_parse_public(tlsc_bytes der, const uint8_t **out)
{
    tlsc_rd r = tlsc_rd_of(der);
    tlsc_rd spki = tlsc_rd_of(read_element(&r, SEQUENCE));
    *out = NULL;
    if (tlsc_rd_end(&r) != TLSC_OK) {
        return TLSC_E_BAD_DER;
    }
    TRY(read_algorithm(&spki, TLSC_E_BAD_DER));
    const uint8_t *key = key_of_bits(&spki, read_element(&spki, BIT_STRING));
    if (tlsc_rd_end(&spki) != TLSC_OK) {
        return TLSC_E_BAD_DER;
    }
    *out = key;
    return TLSC_OK;
}

/* What stands behind the private key: attributes, which say nothing to us, and from the second version
 * on the public half. */
static const uint8_t *read_public_half(tlsc_rd *info, uint8_t version)
{
    if (next_is(info, ATTRIBUTES)) {
        (void)read_element(info, ATTRIBUTES);
    }
    if (!next_is(info, PUBLIC_KEY)) {
        return NULL;
    }
    tlsc_rd_check(info, version == 1);
    return key_of_bits(info, read_element(info, PUBLIC_KEY));
}

/* OneAsymmetricKey ::= SEQUENCE { version INTEGER { v1(0), v2(1) },
 *                                 privateKeyAlgorithm AlgorithmIdentifier,
 *                                 privateKey OCTET STRING,
 *                                 attributes [0] Attributes OPTIONAL,
 *                                 publicKey [1] BIT STRING OPTIONAL }        RFC 5958 2
 * where privateKey holds CurvePrivateKey ::= OCTET STRING, the seed: RFC 8410 7. */
tlsc_err tlsc_ed25519_parse_private(tlsc_bytes der, const uint8_t **seed, const uint8_t **pub)
{
    tlsc_rd r = tlsc_rd_of(der);
    tlsc_rd info = tlsc_rd_of(read_element(&r, SEQUENCE));
    tlsc_rd version = tlsc_rd_of(read_element(&info, INTEGER));
    uint8_t v = tlsc_rd_u8(&version);
    *seed = NULL;
    *pub = NULL;
    if (tlsc_rd_end(&r) != TLSC_OK || tlsc_rd_end(&version) != TLSC_OK || v > 1) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    TRY(read_algorithm(&info, TLSC_E_BAD_PRIVATE_KEY));
    tlsc_rd wrapped = tlsc_rd_of(read_element(&info, OCTET_STRING));
    tlsc_bytes key = read_element(&wrapped, OCTET_STRING);
    const uint8_t *public_half = read_public_half(&info, v);
    if (tlsc_rd_end(&info) != TLSC_OK || tlsc_rd_end(&wrapped) != TLSC_OK ||
        key.n != TLSC_ED25519_KEY_LEN) {
        return TLSC_E_BAD_PRIVATE_KEY;
    }
    *seed = key.p;
    *pub = public_half;
    return TLSC_OK;
}

void tlsc_ed25519_write_public(const uint8_t pub[TLSC_ED25519_KEY_LEN],
                               uint8_t out[TLSC_ED25519_SPKI_LEN])
{
    static const uint8_t head[] = { SEQUENCE, 42, SEQUENCE, 5,          OID, 3,
                                    0x2b,     0x65, 0x70,   BIT_STRING, 33,  0 };
    _Static_assert(sizeof(head) + TLSC_ED25519_KEY_LEN == TLSC_ED25519_SPKI_LEN, "a whole SPKI");
    memcpy(out, head, sizeof(head));
    memcpy(out + sizeof(head), pub, TLSC_ED25519_KEY_LEN);
}
