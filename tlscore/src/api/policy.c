/* SPDX-License-Identifier: Apache-2.0 */
/* api/policy.c: the policies. What stands here was released and stays; a change is a new policy. */
#include "tlscore/policy.h"

#include <string.h>

#include "base/try.h"

/* ---- suites ---- */

enum {
    AES128_SHA256 = 0x1301,
    AES256_SHA384 = 0x1302,
    CHACHA20_SHA256 = 0x1303,
    ECDSA_AES128_SHA256 = 0xc02b,
    ECDSA_AES256_SHA384 = 0xc02c,
    RSA_AES128_SHA256 = 0xc02f,
    RSA_AES256_SHA384 = 0xc030,
    RSA_CHACHA20 = 0xcca8,
    ECDSA_CHACHA20 = 0xcca9
};

static const uint16_t suites_2026_11[] = { AES128_SHA256,       AES256_SHA384,
                                           CHACHA20_SHA256,     ECDSA_AES128_SHA256,
                                           ECDSA_AES256_SHA384, ECDSA_CHACHA20,
                                           RSA_AES128_SHA256,   RSA_AES256_SHA384,
                                           RSA_CHACHA20 };
static const uint16_t suites_modern[] = { AES128_SHA256, AES256_SHA384, CHACHA20_SHA256 };
static const uint16_t suites_fips_202205[] = { AES128_SHA256,       AES256_SHA384,
                                               ECDSA_AES128_SHA256, RSA_AES128_SHA256,
                                               ECDSA_AES256_SHA384, RSA_AES256_SHA384 };
static const uint16_t suites_aes256[] = { AES256_SHA384, ECDSA_AES256_SHA384, RSA_AES256_SHA384 };
static const uint16_t suites_aes256_13[] = { AES256_SHA384 };

/* ---- groups ---- */

enum {
    SECP256R1 = 0x0017,
    SECP384R1 = 0x0018,
    X25519 = 0x001d,
    MLKEM1024 = 0x0202,
    X25519MLKEM768 = 0x11ec
};

static const uint16_t groups_2026_11[] = { X25519MLKEM768, X25519, SECP256R1, SECP384R1 };
static const uint16_t groups_fips_202205[] = { SECP256R1, SECP384R1 };
static const uint16_t groups_wpa_202304[] = { SECP384R1 };
static const uint16_t groups_cnsa1_202603[] = { MLKEM1024, SECP384R1 };
static const uint16_t groups_cnsa2_202603[] = { MLKEM1024 };

/* ---- signatures ---- */

enum {
    PKCS1_SHA256 = 0x0401,
    ECDSA_P256 = 0x0403,
    PKCS1_SHA384 = 0x0501,
    ECDSA_P384 = 0x0503,
    PKCS1_SHA512 = 0x0601,
    ECDSA_P521 = 0x0603,
    PSS_SHA256 = 0x0804,
    PSS_SHA384 = 0x0805,
    PSS_SHA512 = 0x0806,
    ED25519 = 0x0807,
    MLDSA44 = 0x0904,
    MLDSA65 = 0x0905,
    MLDSA87 = 0x0906
};

static const uint16_t schemes_2026_11[] = { ECDSA_P256,   ECDSA_P384,   ECDSA_P521, ED25519,
                                            PSS_SHA256,   PSS_SHA384,   PSS_SHA512, PKCS1_SHA256,
                                            PKCS1_SHA384, PKCS1_SHA512, MLDSA44,    MLDSA65,
                                            MLDSA87 };
static const uint16_t schemes_fips_202205[] = { ECDSA_P256, ECDSA_P384,   PSS_SHA256,   PSS_SHA384,
                                                PSS_SHA512, PKCS1_SHA256, PKCS1_SHA384,
                                                PKCS1_SHA512 };
static const uint16_t schemes_wpa_202304[] = { ECDSA_P384, PSS_SHA384, PSS_SHA512, PKCS1_SHA384,
                                               PKCS1_SHA512 };
static const uint16_t schemes_cnsa_202603[] = { ECDSA_P384, PSS_SHA384, PKCS1_SHA384 };

/* ---- policies ---- */

#define SUITES(list) .suites = (list), .num_suites = TLSC_COUNT(list)
#define GROUPS(list) .groups = (list), .num_groups = TLSC_COUNT(list)
#define SCHEMES(list) .schemes = (list), .num_schemes = TLSC_COUNT(list)
#define FROM(version) .min_version = (version), .max_version = TLSC_TLS13

static const tlsc_policy policies[] = {
    { .size = sizeof(tlsc_policy), .name = "default", .about = "as 2026-11", FROM(TLSC_TLS12),
      SUITES(suites_2026_11), GROUPS(groups_2026_11), SCHEMES(schemes_2026_11) },
    { .size = sizeof(tlsc_policy), .name = "2026-11",
      .about = "TLS 1.3 and 1.2 with AEADs, post-quantum groups first", FROM(TLSC_TLS12),
      SUITES(suites_2026_11), GROUPS(groups_2026_11), SCHEMES(schemes_2026_11) },
    { .size = sizeof(tlsc_policy), .name = "modern", .about = "TLS 1.3 alone", FROM(TLSC_TLS13),
      SUITES(suites_modern), GROUPS(groups_2026_11), SCHEMES(schemes_2026_11) },
    { .size = sizeof(tlsc_policy), .name = "fips-202205", .about = "NIST SP 800-52 Rev. 2",
      FROM(TLSC_TLS12), SUITES(suites_fips_202205), GROUPS(groups_fips_202205),
      SCHEMES(schemes_fips_202205), .strict_curves = true },
    { .size = sizeof(tlsc_policy), .name = "wpa-202304",
      .about = "WPA3 specification 3.1, section 3.5: 192 bits", FROM(TLSC_TLS12),
      SUITES(suites_aes256), GROUPS(groups_wpa_202304), SCHEMES(schemes_wpa_202304),
      .strict_curves = true },
    { .size = sizeof(tlsc_policy), .name = "cnsa1-202603",
      .about = "CNSA 1.0 (RFC 9151), ML-KEM-1024 first", FROM(TLSC_TLS12), SUITES(suites_aes256),
      GROUPS(groups_cnsa1_202603), SCHEMES(schemes_cnsa_202603), .server_order = true,
      .strict_curves = true },
    { .size = sizeof(tlsc_policy), .name = "cnsa2-202603",
      .about = "CNSA 2.0's key exchange, TLS 1.3 alone", FROM(TLSC_TLS13), SUITES(suites_aes256_13),
      GROUPS(groups_cnsa2_202603), SCHEMES(schemes_cnsa_202603), .strict_curves = true },
};

const tlsc_policy *tlsc_policy_at(size_t i)
{
    return i < TLSC_COUNT(policies) ? &policies[i] : NULL;
}

const tlsc_policy *tlsc_policy_find(const char *name)
{
    for (size_t i = 0; i < TLSC_COUNT(policies); i++) {
        if (strcmp(policies[i].name, name) == 0) {
            return &policies[i];
        }
    }
    return NULL;
}
