/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/scheme.c: the signature schemes of RFC 8446 4.2.3, as rows. */
#include <openssl/digest.h>
#include <openssl/nid.h>
#include <openssl/sha.h>

#include "base/try.h"
#include "crypto/libcrypto/internal.h"

#define WITH_SHA256 SHA256_DIGEST_LENGTH, NID_sha256, EVP_sha256, SHA256
#define WITH_SHA384 SHA384_DIGEST_LENGTH, NID_sha384, EVP_sha384, SHA384
#define WITH_SHA512 SHA512_DIGEST_LENGTH, NID_sha512, EVP_sha512, SHA512
#define PKCS1 TLSC_KEY_KIND_RSA, false
#define PSS TLSC_KEY_KIND_RSA, true
#define ECDSA TLSC_KEY_KIND_EC, false

/* hashes the message by itself */
#define BY_ITSELF false, 0, 0, NULL, NULL

static const tlsc_scheme schemes[] = {
    { TLSC_SIG_RSA_PSS_SHA256, PSS, WITH_SHA256 },
    { TLSC_SIG_RSA_PSS_SHA384, PSS, WITH_SHA384 },
    { TLSC_SIG_RSA_PSS_SHA512, PSS, WITH_SHA512 },
    { TLSC_SIG_ECDSA_P256_SHA256, ECDSA, WITH_SHA256 },
    { TLSC_SIG_ECDSA_P384_SHA384, ECDSA, WITH_SHA384 },
    { TLSC_SIG_ECDSA_P521_SHA512, ECDSA, WITH_SHA512 },
    { TLSC_SIG_ED25519, TLSC_KEY_KIND_ED25519, BY_ITSELF },
    { TLSC_SIG_MLDSA44, TLSC_KEY_KIND_MLDSA44, BY_ITSELF },
    { TLSC_SIG_MLDSA65, TLSC_KEY_KIND_MLDSA65, BY_ITSELF },
    { TLSC_SIG_MLDSA87, TLSC_KEY_KIND_MLDSA87, BY_ITSELF },
    { TLSC_SIG_RSA_PKCS1_SHA256, PKCS1, WITH_SHA256 },
    { TLSC_SIG_RSA_PKCS1_SHA384, PKCS1, WITH_SHA384 },
    { TLSC_SIG_RSA_PKCS1_SHA512, PKCS1, WITH_SHA512 },
};

const tlsc_scheme *tlsc_scheme_by_id(uint16_t id)
{
    for (size_t i = 0; i < TLSC_COUNT(schemes); i++) {
        if (schemes[i].id == id) {
            return &schemes[i];
        }
    }
    return NULL;
}
