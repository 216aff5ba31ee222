/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/names.c: suites, groups and schemes by name, whether a provider has them or not. */
#include <string.h>

#include "base/try.h"
#include "tlscore/provider.h"

typedef struct suite_name {
    uint16_t id;
    const char *name;
    const char *openssl_name;
} suite_name;

static const suite_name suites[] = {
#define SUITE(id, name, openssl_name) { id, name, openssl_name },
#include "crypto/suites.def"
#undef SUITE
};

typedef struct group_name {
    uint16_t id;
    const char *name;
    const char *aliases[2]; /* what OpenSSL, NIST and X9.62 call it; letter case does not count */
} group_name;

/* IANA's registry "TLS Supported Groups" */
static const group_name groups[] = {
    { 0x0013, "secp192r1", { "P-192", "prime192v1" } },
    { 0x0015, "secp224r1", { "P-224", NULL } },
    { 0x0016, "secp256k1", { NULL, NULL } },
    { 0x0017, "secp256r1", { "P-256", "prime256v1" } },
    { 0x0018, "secp384r1", { "P-384", NULL } },
    { 0x0019, "secp521r1", { "P-521", NULL } },
    { 0x001a, "brainpoolP256r1", { NULL, NULL } },
    { 0x001b, "brainpoolP384r1", { NULL, NULL } },
    { 0x001c, "brainpoolP512r1", { NULL, NULL } },
    { 0x001d, "x25519", { NULL, NULL } },
    { 0x001e, "x448", { NULL, NULL } },
    { 0x001f, "brainpoolP256r1tls13", { NULL, NULL } },
    { 0x0020, "brainpoolP384r1tls13", { NULL, NULL } },
    { 0x0021, "brainpoolP512r1tls13", { NULL, NULL } },
    { 0x0029, "curveSM2", { NULL, NULL } },
    { 0x0100, "ffdhe2048", { NULL, NULL } },
    { 0x0101, "ffdhe3072", { NULL, NULL } },
    { 0x0102, "ffdhe4096", { NULL, NULL } },
    { 0x0103, "ffdhe6144", { NULL, NULL } },
    { 0x0104, "ffdhe8192", { NULL, NULL } },
    { 0x0200, "MLKEM512", { "ML-KEM-512", NULL } },
    { 0x0201, "MLKEM768", { "ML-KEM-768", NULL } },
    { 0x0202, "MLKEM1024", { "ML-KEM-1024", NULL } },
    { 0x11eb, "SecP256r1MLKEM768", { "SecP256r1-MLKEM768", NULL } },
    { 0x11ec, "X25519MLKEM768", { "X25519-MLKEM768", NULL } },
    { 0x11ed, "SecP384r1MLKEM1024", { "SecP384r1-MLKEM1024", NULL } },
    { 0x6399, "X25519Kyber768Draft00", { NULL, NULL } },
    { 0x639a, "SecP256r1Kyber768Draft00", { NULL, NULL } },
};

typedef struct scheme_name {
    uint16_t id;
    const char *name;
} scheme_name;

/* IANA's registry "TLS SignatureScheme" */
static const scheme_name schemes[] = {
    { 0x0201, "rsa_pkcs1_sha1" },
    { 0x0203, "ecdsa_sha1" },
    { TLSC_SIG_RSA_PKCS1_SHA256, "rsa_pkcs1_sha256" },
    { TLSC_SIG_ECDSA_P256_SHA256, "ecdsa_secp256r1_sha256" },
    { TLSC_SIG_RSA_PKCS1_SHA384, "rsa_pkcs1_sha384" },
    { TLSC_SIG_ECDSA_P384_SHA384, "ecdsa_secp384r1_sha384" },
    { TLSC_SIG_RSA_PKCS1_SHA512, "rsa_pkcs1_sha512" },
    { TLSC_SIG_ECDSA_P521_SHA512, "ecdsa_secp521r1_sha512" },
    { 0x0708, "sm2sig_sm3" },
    { TLSC_SIG_RSA_PSS_SHA256, "rsa_pss_rsae_sha256" },
    { TLSC_SIG_RSA_PSS_SHA384, "rsa_pss_rsae_sha384" },
    { TLSC_SIG_RSA_PSS_SHA512, "rsa_pss_rsae_sha512" },
    { TLSC_SIG_ED25519, "ed25519" },
    { 0x0808, "ed448" },
    { 0x0809, "rsa_pss_pss_sha256" },
    { 0x080a, "rsa_pss_pss_sha384" },
    { 0x080b, "rsa_pss_pss_sha512" },
    { 0x081a, "ecdsa_brainpoolP256r1tls13_sha256" },
    { 0x081b, "ecdsa_brainpoolP384r1tls13_sha384" },
    { 0x081c, "ecdsa_brainpoolP512r1tls13_sha512" },
    { TLSC_SIG_MLDSA44, "mldsa44" },
    { TLSC_SIG_MLDSA65, "mldsa65" },
    { TLSC_SIG_MLDSA87, "mldsa87" },
};

static const char unknown[] = "unknown";

/* ASCII only: a locale has no say in what a suite is called. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return false;
    }
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, lower(c));
    return at == NULL ? -1 : (int)(at - digits);
}

/* "TLS_CIPHER_0x1301": a code point in the shape of a name. */
static bool suite_by_number(const char *name, uint16_t *id)
{
    static const char prefix[] = "TLS_CIPHER_0x";
    enum { DIGITS = 4 };
    for (size_t i = 0; i < sizeof(prefix) - 1; i++) {
        if (lower(name[i]) != lower(prefix[i])) {
            return false;
        }
    }
    const char *number = name + sizeof(prefix) - 1;
    unsigned value = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        int digit = hex_digit(number[i]);
        if (digit < 0) {
            return false;
        }
        value = value << 4 | (unsigned)digit;
    }
    *id = (uint16_t)value;
    return number[DIGITS] == '\0';
}

static const suite_name *find_suite(uint16_t id)
{
    for (size_t i = 0; i < TLSC_COUNT(suites); i++) {
        if (suites[i].id == id) {
            return &suites[i];
        }
    }
    return NULL;
}

/* A provider may have suites that this file has not. */
static bool provided_suite(const tlsc_provider *provider, const char *name, uint16_t *id)
{
    for (size_t i = 0; i < provider->num_suites; i++) {
        const tlsc_suite *s = provider->suites[i];
        if (same_name(name, s->name) || same_name(name, s->openssl_name)) {
            *id = s->id;
            return true;
        }
    }
    return false;
}

static bool known_suite(const char *name, uint16_t *id)
{
    for (size_t i = 0; i < TLSC_COUNT(suites); i++) {
        if (same_name(name, suites[i].name) || same_name(name, suites[i].openssl_name)) {
            *id = suites[i].id;
            return true;
        }
    }
    return false;
}

tlsc_err tlsc_suite_by_name(const tlsc_provider *provider, const char *name, uint16_t *id)
{
    uint16_t found = 0;
    *id = 0;
    if (suite_by_number(name, &found)) {
        if (tlsc_provider_suite(provider, found) == NULL && find_suite(found) == NULL) {
            return TLSC_E_UNKNOWN_NAME;
        }
    } else if (!provided_suite(provider, name, &found) && !known_suite(name, &found)) {
        return TLSC_E_UNKNOWN_NAME;
    }
    *id = found;
    return tlsc_provider_suite(provider, found) == NULL ? TLSC_E_UNSUPPORTED : TLSC_OK;
}

static bool provided_group(const tlsc_provider *provider, const char *name, uint16_t *id)
{
    for (size_t i = 0; i < provider->num_groups; i++) {
        if (same_name(name, provider->groups[i]->name)) {
            *id = provider->groups[i]->id;
            return true;
        }
    }
    return false;
}

static bool known_group(const char *name, uint16_t *id)
{
    for (size_t i = 0; i < TLSC_COUNT(groups); i++) {
        const group_name *g = &groups[i];
        if (same_name(name, g->name) || same_name(name, g->aliases[0]) ||
            same_name(name, g->aliases[1])) {
            *id = g->id;
            return true;
        }
    }
    return false;
}

tlsc_err tlsc_group_by_name(const tlsc_provider *provider, const char *name, uint16_t *id)
{
    uint16_t found = 0;
    *id = 0;
    if (!provided_group(provider, name, &found) && !known_group(name, &found)) {
        return TLSC_E_UNKNOWN_NAME;
    }
    *id = found;
    return tlsc_provider_group(provider, found) == NULL ? TLSC_E_UNSUPPORTED : TLSC_OK;
}

const char *tlsc_suite_name(uint16_t id)
{
    const suite_name *s = find_suite(id);
    return s == NULL ? unknown : s->name;
}

const char *tlsc_group_name(uint16_t id)
{
    for (size_t i = 0; i < TLSC_COUNT(groups); i++) {
        if (groups[i].id == id) {
            return groups[i].name;
        }
    }
    return unknown;
}

const char *tlsc_scheme_name(uint16_t id)
{
    for (size_t i = 0; i < TLSC_COUNT(schemes); i++) {
        if (schemes[i].id == id) {
            return schemes[i].name;
        }
    }
    return unknown;
}
