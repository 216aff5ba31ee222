/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_cert_names.c: names in certificates, as mod_ssl's variables have them. */
#include "tlsx_cert_names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <apr_strings.h>

/* Of names a certificate may have thousands: so many go into the environment of a request. */
enum { EXPORTED_MAX = 100 };

/* ---- what is asked for ---- */

int tlsx_name_number(const char *text)
{
    size_t n = strspn(text, "0123456789");

    return n < 1 || n > 4 || text[n] ? -1 : atoi(text);
}

bool tlsx_oid_is(tlsc_bytes oid, const char *text)
{
    char dotted[64];

    return tlsc_oid_text(oid, dotted, sizeof(dotted)) < sizeof(dotted) && !strcmp(dotted, text);
}

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
const char *tlsx_name_whole(apr_pool_t *pool, tlsc_bytes name)
{
    return (const char *)text_of(pool, write_name, &name).p;
}

const char *tlsx_name_ascii(apr_pool_t *pool, tlsc_bytes name)
{
    return escape(pool, text_of(pool, write_name, &name), put_ascii);
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
const char *tlsx_name_part(apr_pool_t *pool, tlsc_bytes name, const char *asked)
{
    char *part = apr_pstrdup(pool, asked);
    bool raw = cut_raw(part);
    char *number = strchr(part, '_');
    int which = number ? tlsx_name_number(number + 1) : 0;
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

/* The first of a kind has no number, the next is _1. */
void tlsx_name_export(apr_table_t *env, apr_pool_t *pool, tlsc_bytes name, const char *prefix)
{
    unsigned seen[NUM_PARTS] = {0};
    tlsc_x509_attribute a;

    for (size_t i = 0; i < EXPORTED_MAX && tlsc_x509_name_at(name, i, &a); i++) {
        for (size_t k = 0; k < NUM_PARTS; k++) {
            if (parts[k].exported && tlsx_oid_is(a.type, parts[k].oid)) {
                const char *number = seen[k] ? apr_psprintf(pool, "_%u", seen[k]) : "";
                apr_table_setn(env, apr_pstrcat(pool, prefix, parts[k].name, number, NULL),
                               attribute_text(pool, &a, false));
                seen[k]++;
            }
        }
    }
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

/* The string behind an alternative name of kind k; false if it is of another kind. */
static bool fits_kind(size_t k, const tlsc_x509_general_name *name, tlsc_bytes *text)
{
    tlsc_bytes type;

    *text = name->value;
    if (name->kind != kinds[k].kind) {
        return false;
    }
    return !kinds[k].oid ||
           (tlsc_x509_other_name(name->value, &type, text) && tlsx_oid_is(type, kinds[k].oid));
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
const char *tlsx_alt_name(apr_pool_t *pool, const tlsc_x509 *x, const char *asked)
{
    for (size_t k = 0; k < NUM_KINDS; k++) {
        size_t n = strlen(kinds[k].name);
        if (!strncasecmp(asked, kinds[k].name, n)) {
            int which = tlsx_name_number(asked + n);
            return which < 0 ? NULL : alt_name(pool, x, k, (size_t)which);
        }
    }
    return NULL;
}

void tlsx_alt_name_export(apr_table_t *env, apr_pool_t *pool, const tlsc_x509 *x,
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
