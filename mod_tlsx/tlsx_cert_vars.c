/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_cert_vars.c: what variables say of a certificate. Names and forms are mod_ssl's, down to
 * OpenSSL's ways of writing names and times: configurations and scripts compare them. */
#include "tlsx_cert_vars.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <apr_base64.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_time.h>

/* Of names a certificate may have thousands: so many go into the environment of a request. */
enum { EXPORTED_MAX = 100 };

/* ---- text ---- */

typedef size_t write_fn(const void *what, char *out, size_t cap);

/* A text from one of tlscore's functions, which tell how long it is. It may hold any byte. */
static tlsc_bytes text_of(apr_pool_t *pool, write_fn *write, const void *what)
{
    char small[256];
    size_t n = write(what, small, sizeof(small));
    char *text = apr_palloc(pool, n + 1);

    if (n < sizeof(small)) {
        memcpy(text, small, n + 1);
    } else {
        write(what, text, n + 1);
    }
    return (tlsc_bytes){(const uint8_t *)text, n};
}

static size_t write_name(const void *what, char *out, size_t cap)
{
    return tlsc_x509_name_text(*(const tlsc_bytes *)what, out, cap);
}

static size_t write_attribute(const void *what, char *out, size_t cap)
{
    return tlsc_x509_attribute_text(what, out, cap);
}

static size_t write_serial(const void *what, char *out, size_t cap)
{
    return tlsc_x509_serial_text(what, out, cap);
}

/* Writes what is not to stand as it is: returns the end. */
typedef char *escape_fn(char *to, uint8_t c);

static char *put_hex(char *to, uint8_t c)
{
    static const char digits[] = "0123456789ABCDEF";

    *to++ = '\\';
    *to++ = digits[c >> 4];
    *to++ = digits[c & 15];
    return to;
}

/* In ASCII: other bytes of the UTF-8 as \C3\BC. */
static char *put_ascii(char *to, uint8_t c)
{
    if (c >= 0x80) {
        return put_hex(to, c);
    }
    *to++ = (char)c;
    return to;
}

/* In single values control characters are escaped, so that a header or a log line stays one and a
 * NUL ends no name early, and with them the escape character. */
static char *put_printable(char *to, uint8_t c)
{
    if (c < 0x20 || c == 0x7f) {
        return put_hex(to, c);
    }
    if (c == '\\') {
        *to++ = '\\';
    }
    *to++ = (char)c;
    return to;
}

static const char *escape(apr_pool_t *pool, tlsc_bytes text, escape_fn *put)
{
    char *out = apr_palloc(pool, 3 * text.n + 1);
    char *to = out;

    for (size_t i = 0; i < text.n; i++) {
        to = put(to, text.p[i]);
    }
    *to = '\0';
    return out;
}

/* ---- distinguished names ---- */

/* mod_ssl's names for parts of a name. */
static const struct {
    const char *name, *oid;
    bool exported; /* SP is but another name for ST */
} parts[] = {
    {"C", "2.5.4.6", true},
    {"ST", "2.5.4.8", true},
    {"SP", "2.5.4.8", false},
    {"L", "2.5.4.7", true},
    {"O", "2.5.4.10", true},
    {"OU", "2.5.4.11", true},
    {"CN", "2.5.4.3", true},
    {"T", "2.5.4.12", true},
    {"I", "2.5.4.43", true},
    {"G", "2.5.4.42", true},
    {"S", "2.5.4.4", true},
    {"D", "2.5.4.13", true},
    {"SerialNumber", "2.5.4.5", true},
    {"UID", "0.9.2342.19200300.100.1.1", true},
    {"Email", "1.2.840.113549.1.9.1", true},
};

enum { NUM_PARTS = sizeof(parts) / sizeof(parts[0]) };

/* RFC 4514 escapes control characters, so there is no NUL in it. */
static const char *whole_name(apr_pool_t *pool, tlsc_bytes name)
{
    return (const char *)text_of(pool, write_name, &name).p;
}

static const char *attribute_text(apr_pool_t *pool, const tlsc_x509_attribute *a, bool raw)
{
    return escape(pool, raw ? a->value : text_of(pool, write_attribute, a), put_printable);
}

/* Cuts "_RAW" off the end of a copy of a name. */
static bool cut_raw(char *name)
{
    static const char raw[] = "_RAW";
    size_t n = strlen(name);

    if (n < sizeof(raw) - 1 || strcasecmp(name + n - (sizeof(raw) - 1), raw)) {
        return false;
    }
    name[n - (sizeof(raw) - 1)] = '\0';
    return true;
}

/* "CN", "CN_1" (the second), "CN_RAW", "CN_1_RAW". */
static const char *name_part(apr_pool_t *pool, tlsc_bytes name, const char *asked)
{
    char *part = apr_pstrdup(pool, asked);
    bool raw = cut_raw(part);
    char *number = strchr(part, '_');
    int which = number ? tlsx_cert_var_number(number + 1) : 0;
    tlsc_x509_attribute a;

    if (number) {
        *number = '\0';
    }
    for (size_t i = 0; which >= 0 && i < NUM_PARTS; i++) {
        if (!strcasecmp(parts[i].name, part)) {
            return tlsc_x509_name_find(name, parts[i].oid, (size_t)which, &a)
                       ? attribute_text(pool, &a, raw)
                       : NULL;
        }
    }
    return NULL;
}

/* ---- alternative names ---- */

/* mod_ssl's names for kinds of alternative names. */
static const struct {
    const char *name;
    tlsc_x509_general_name_kind kind;
    const char *oid; /* of an otherName */
} kinds[] = {
    {"Email_", TLSC_X509_EMAIL, NULL},
    {"DNS_", TLSC_X509_DNS, NULL},
    {"OTHER_msUPN_", TLSC_X509_OTHER_NAME, "1.3.6.1.4.1.311.20.2.3"},
    {"OTHER_dnsSRV_", TLSC_X509_OTHER_NAME, "1.3.6.1.5.5.7.8.7"},
};

enum { NUM_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool is_oid(tlsc_bytes oid, const char *text)
{
    char dotted[64];

    return tlsc_oid_text(oid, dotted, sizeof(dotted)) < sizeof(dotted) && !strcmp(dotted, text);
}

/* The string behind an alternative name of kind k; false if it is of another kind. */
static bool fits_kind(size_t k, const tlsc_x509_general_name *name, tlsc_bytes *text)
{
    tlsc_bytes type;

    *text = name->value;
    if (name->kind != kinds[k].kind) {
        return false;
    }
    return !kinds[k].oid ||
           (tlsc_x509_other_name(name->value, &type, text) && is_oid(type, kinds[k].oid));
}

static const char *alt_name(apr_pool_t *pool, const tlsc_x509 *x, size_t k, size_t which)
{
    tlsc_x509_general_name name;
    tlsc_bytes text;
    size_t seen = 0;

    for (size_t i = 0; tlsc_x509_alt_name_at(x, i, &name); i++) {
        if (fits_kind(k, &name, &text) && seen++ == which) {
            return escape(pool, text, put_printable);
        }
    }
    return NULL;
}

/* "DNS_0", "Email_1", "OTHER_msUPN_0". */
static const char *alt_name_by_name(apr_pool_t *pool, const tlsc_x509 *x, const char *asked)
{
    for (size_t k = 0; k < NUM_KINDS; k++) {
        size_t n = strlen(kinds[k].name);
        if (!strncasecmp(asked, kinds[k].name, n)) {
            int which = tlsx_cert_var_number(asked + n);
            return which < 0 ? NULL : alt_name(pool, x, k, (size_t)which);
        }
    }
    return NULL;
}

/* ---- numbers, dates, algorithms ---- */

int tlsx_cert_var_number(const char *text)
{
    size_t n = strspn(text, "0123456789");

    return n < 1 || n > 4 || text[n] ? -1 : atoi(text);
}

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
        if (is_oid(key.oid, rows[i].oid)) {
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
    return (const char *)text_of(pool, write_serial, x).p;
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
    return whole_name(pool, x->subject);
}

static const char *get_issuer(apr_pool_t *pool, const tlsc_x509 *x)
{
    return whole_name(pool, x->issuer);
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
    const char *issuer = escape(pool, text_of(pool, write_name, &x->issuer), put_ascii);

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
        return name_part(pool, x.subject, name + 5);
    }
    if (!strncasecmp(name, "I_DN_", 5)) {
        return name_part(pool, x.issuer, name + 5);
    }
    return strncasecmp(name, "SAN_", 4) ? NULL : alt_name_by_name(pool, &x, name + 4);
}

/* ---- the environment ---- */

/* The first of a kind has no number, the next is _1. */
static void export_name(apr_table_t *env, apr_pool_t *pool, tlsc_bytes name, const char *prefix)
{
    unsigned seen[NUM_PARTS] = {0};
    tlsc_x509_attribute a;

    for (size_t i = 0; i < EXPORTED_MAX && tlsc_x509_name_at(name, i, &a); i++) {
        for (size_t k = 0; k < NUM_PARTS; k++) {
            if (parts[k].exported && is_oid(a.type, parts[k].oid)) {
                const char *number = seen[k] ? apr_psprintf(pool, "_%u", seen[k]) : "";
                apr_table_setn(env, apr_pstrcat(pool, prefix, parts[k].name, number, NULL),
                               attribute_text(pool, &a, false));
                seen[k]++;
            }
        }
    }
}

static void export_alt_names(apr_table_t *env, apr_pool_t *pool, const tlsc_x509 *x,
                             const char *prefix)
{
    unsigned seen[NUM_KINDS] = {0};
    tlsc_x509_general_name name;
    tlsc_bytes text;

    for (size_t i = 0; i < EXPORTED_MAX && tlsc_x509_alt_name_at(x, i, &name); i++) {
        for (size_t k = 0; k < NUM_KINDS; k++) {
            if (fits_kind(k, &name, &text)) {
                apr_table_setn(env,
                               apr_psprintf(pool, "%sSAN_%s%u", prefix, kinds[k].name, seen[k]++),
                               escape(pool, text, put_printable));
            }
        }
    }
}

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
    export_name(env, pool, x.subject, apr_pstrcat(pool, prefix, "S_DN_", NULL));
    export_name(env, pool, x.issuer, apr_pstrcat(pool, prefix, "I_DN_", NULL));
    export_alt_names(env, pool, &x, prefix);
}
