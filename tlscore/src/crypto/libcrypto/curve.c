/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/curve.c: the NIST curves, as rows. */
#include <openssl/ec.h>

#include "base/bytes.h"
#include "base/try.h"
#include "crypto/libcrypto/internal.h"

/* RFC 5480 2.1.1.1 */
static const uint8_t p256_oid[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const uint8_t p384_oid[] = { 0x2b, 0x81, 0x04, 0x00, 0x22 };
static const uint8_t p521_oid[] = { 0x2b, 0x81, 0x04, 0x00, 0x23 };

const tlsc_curve tlsc_curve_p256 = { EC_group_p256, p256_oid, sizeof(p256_oid), 32, 0xff };
const tlsc_curve tlsc_curve_p384 = { EC_group_p384, p384_oid, sizeof(p384_oid), 48, 0xff };
const tlsc_curve tlsc_curve_p521 = { EC_group_p521, p521_oid, sizeof(p521_oid), 66, 0x01 };

static const tlsc_curve *const curves[] = {
    &tlsc_curve_p256,
    &tlsc_curve_p384,
    &tlsc_curve_p521,
};

const tlsc_curve *tlsc_curve_by_oid(tlsc_bytes oid)
{
    for (size_t i = 0; i < TLSC_COUNT(curves); i++) {
        if (tlsc_bytes_equal(oid, tlsc_bytes_of(curves[i]->oid, curves[i]->oid_len))) {
            return curves[i];
        }
    }
    return NULL;
}

const tlsc_curve *tlsc_curve_by_group(const EC_GROUP *group)
{
    for (size_t i = 0; i < TLSC_COUNT(curves); i++) {
        if (group != NULL && EC_GROUP_cmp(group, curves[i]->group(), NULL) == 0) {
            return curves[i];
        }
    }
    return NULL;
}
