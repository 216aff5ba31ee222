/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_cert_vars.c: what variables say of a certificate. Names and forms are mod_ssl's, down to
 * OpenSSL's ways of writing names and times: configurations and scripts compare them. */
#include "tlsx_cert_vars.h"

#include <string.h>
#include <strings.h>

#include <apr_base64.h>
#include <apr_strings.h>
#include <apr_time.h>

#include "tlsx_cert_names.h"

/* ---- numbers, dates, algorithms ---- */

/* "Jan  1 00:00:00 2026 GMT" */
static const char *date_of(apr_pool_t *pool, int64_t when_s)
{
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    apr_time_exp_t t;

    apr_time_exp_gmt(&t, apr_time_from_sec(when_s));
    return apr_psprintf(pool, "%s %2d %02d:%02d:%02d %d GMT", months[t.tm_mon], t.tm_mday,
                        t.tm_hour, t.tm_min, t.tm_sec, t.tm_year + 1900);
}

static const char *days_left(apr_pool_t *pool, const tlsc_x509 *x)
{
    int64_t left_s = x->not_after_s - (int64_t)apr_time_sec(apr_time_now());

    return left_s > 0 ? apr_psprintf(pool, "%" APR_INT64_T_FMT, (apr_int64_t)(left_s / 86400))
                      : "0";
}

/* Long names of OpenSSL's, where they aren't tlscore's. */
static const char *key_algorithm(const tlsc_x509 *x)
{
    static const struct {
        const char *oid, *name;
    } rows[] = {
        {"1.2.840.113549.1.1.1", "rsaEncryption"},
        {"1.2.840.113549.1.1.10", "rsassaPss"},
        {"1.2.840.10045.2.1", "id-ecPublicKey"},
        {"1.3.101.112", "ED25519"},
        {"1.3.101.113", "ED448"},
        {"1.2.840.10040.4.1", "dsaEncryption"},
    };
    tlsc_x509_key key = {.size = sizeof(key)};

    if (tlsc_x509_key_of(x, &key) != TLSC_OK) {
        return "UNKNOWN";
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (tlsx_oid_is(key.oid, rows[i].oid)) {
            return rows[i].name;
        }
    }
    return *key.name ? key.name : "UNKNOWN";
}

static const char *signature_algorithm(const tlsc_x509 *x)
{
    const char *name = tlsc_x509_signature_name(x, NULL);

    return *name ? name : "UNKNOWN";
}

/* A serial number in decimal, by long division; it has 20 bytes at most, but for odd ones. */
static const char *decimal_serial(apr_pool_t *pool, const tlsc_x509 *x)
{
    size_t n = x->serial.n, at = 3 * n + 1;
    uint8_t *rest = apr_pmemdup(pool, x->serial.p, n);
    bool negative = n > 0 && rest[0] & 0x80, more = true;
    char *text = apr_palloc(pool, at + 2);
    unsigned carry = 1;

    for (size_t i = n; negative && i-- > 0; carry = carry >> 8) {
        carry += (uint8_t)~rest[i];
        rest[i] = (uint8_t)carry;
    }
    text[++at] = '\0';
    while (more) {
        unsigned digit = 0;
        more = false;
        for (size_t i = 0; i < n; i++) {
            digit = digit << 8 | rest[i];
            rest[i] = (uint8_t)(digit / 10);
            digit %= 10;
            more = more || rest[i];
        }
        text[--at] = (char)('0' + digit);
    }
    if (negative) {
        text[--at] = '-';
    }
    return text + at;
}

/* RFC 7468: lines of 64 characters. */
static const char *pem_of(apr_pool_t *pool, tlsc_bytes der)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----\n";
    static const char end[] = "-----END CERTIFICATE-----\n";
    char *text = apr_palloc(pool, (apr_size_t)apr_base64_encode_len((int)der.n));
    size_t len = (size_t)apr_base64_encode_binary(text, der.p, (int)der.n) - 1;
    char *pem = apr_palloc(pool, sizeof(begin) + len + len / 64 + 1 + sizeof(end));
    char *to = apr_cpystrn(pem, begin, sizeof(begin));

    for (size_t at = 0; at < len; at += 64) {
        size_t n = len - at < 64 ? len - at : 64;
        memcpy(to, text + at, n);
        to += n;
        *to++ = '\n';
    }
    apr_cpystrn(to, end, sizeof(end));
    return pem;
}

/* ---- the table ---- */

typedef const char *cert_fn(apr_pool_t *pool, const tlsc_x509 *x);

static const char *get_version(apr_pool_t *pool, const tlsc_x509 *x)
{
    return apr_itoa(pool, (int)x->version);
}

static const char *get_serial(apr_pool_t *pool, const tlsc_x509 *x)
{
    size_t cap = 2 * x->serial.n + 4;
    char *text = apr_palloc(pool, cap);

    tlsc_x509_serial_text(x, text, cap);
    return text;
}

static const char *get_start(apr_pool_t *pool, const tlsc_x509 *x)
{
    return date_of(pool, x->not_before_s);
}

static const char *get_end(apr_pool_t *pool, const tlsc_x509 *x)
{
    return date_of(pool, x->not_after_s);
}

static const char *get_subject(apr_pool_t *pool, const tlsc_x509 *x)
{
    return tlsx_name_whole(pool, x->subject);
}

static const char *get_issuer(apr_pool_t *pool, const tlsc_x509 *x)
{
    return tlsx_name_whole(pool, x->issuer);
}

static const char *get_key(apr_pool_t *pool, const tlsc_x509 *x)
{
    (void)pool;
    return key_algorithm(x);
}

static const char *get_signature(apr_pool_t *pool, const tlsc_x509 *x)
{
    (void)pool;
    return signature_algorithm(x);
}

/* RFC 4523's CertificateExactAssertion: what directories look a certificate up by. Here mod_ssl
 * writes names in ASCII. */
static const char *get_assertion(apr_pool_t *pool, const tlsc_x509 *x)
{
    const char *issuer = tlsx_name_ascii(pool, x->issuer);

    return apr_pstrcat(pool, "{ serialNumber ", decimal_serial(pool, x), ", issuer rdnSequence:\"",
                       issuer, "\" }", NULL);
}

static const char *get_pem(apr_pool_t *pool, const tlsc_x509 *x)
{
    return pem_of(pool, x->der);
}

static const struct {
    const char *name;
    cert_fn *value;
    bool exported;
} rows[] = {
    {"M_VERSION", get_version, true}, {"M_SERIAL", get_serial, true},
    {"V_START", get_start, true},     {"V_END", get_end, true},
    {"V_REMAIN", days_left, true},    {"S_DN", get_subject, true},
    {"I_DN", get_issuer, true},       {"A_KEY", get_key, true},
    {"A_SIG", get_signature, true},   {"CERT_RFC4523_CEA", get_assertion, true},
    {"CERT", get_pem, false}, /* long: mod_ssl has it in the environment on demand alone */
};

enum { NUM_ROWS = sizeof(rows) / sizeof(rows[0]) };

const char *tlsx_cert_var(apr_pool_t *pool, tlsc_bytes der, const char *name)
{
    tlsc_x509 x = {.size = sizeof(x)};

    if (tlsc_x509_parse(&x, der) != TLSC_OK) {
        return NULL;
    }
    for (size_t i = 0; i < NUM_ROWS; i++) {
        if (!strcasecmp(rows[i].name, name)) {
            return rows[i].value(pool, &x);
        }
    }
    if (!strncasecmp(name, "S_DN_", 5)) {
        return tlsx_name_part(pool, x.subject, name + 5);
    }
    if (!strncasecmp(name, "I_DN_", 5)) {
        return tlsx_name_part(pool, x.issuer, name + 5);
    }
    return strncasecmp(name, "SAN_", 4) ? NULL : tlsx_alt_name(pool, &x, name + 4);
}

/* ---- the environment ---- */

void tlsx_cert_export(apr_table_t *env, apr_pool_t *pool, tlsc_bytes der, const char *prefix)
{
    tlsc_x509 x = {.size = sizeof(x)};

    if (tlsc_x509_parse(&x, der) != TLSC_OK) {
        return;
    }
    for (size_t i = 0; i < NUM_ROWS; i++) {
        if (rows[i].exported) {
            apr_table_setn(env, apr_pstrcat(pool, prefix, rows[i].name, NULL),
                           rows[i].value(pool, &x));
        }
    }
    tlsx_name_export(env, pool, x.subject, apr_pstrcat(pool, prefix, "S_DN_", NULL));
    tlsx_name_export(env, pool, x.issuer, apr_pstrcat(pool, prefix, "I_DN_", NULL));
    tlsx_alt_name_export(env, pool, &x, prefix);
}
