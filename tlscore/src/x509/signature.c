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

/* RFC 8017 A.2, RFC 5758 3.2, RFC 8410 3 */
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
