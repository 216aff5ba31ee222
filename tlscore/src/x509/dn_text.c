/* SPDX-License-Identifier: Apache-2.0 */
/* x509/dn_text.c: distinguished names as people read them, RFC 4514. */
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"
#include "x509/text.h"

typedef struct short_name {
    const char *name;
    uint8_t n;
    uint8_t oid[10];
} short_name;

/* RFC 4514 3 with RFC 4519's names, then those that OpenSSL's users know. */
static const short_name short_names[] = {
    { "CN", 3, { 0x55, 4, 3 } },
    { "L", 3, { 0x55, 4, 7 } },
    { "ST", 3, { 0x55, 4, 8 } },
    { "O", 3, { 0x55, 4, 10 } },
    { "OU", 3, { 0x55, 4, 11 } },
    { "C", 3, { 0x55, 4, 6 } },
    { "STREET", 3, { 0x55, 4, 9 } },
    { "DC", 10, { 0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19 } },
    { "UID", 10, { 0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01 } },
    { "emailAddress", 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01 } },
    { "SN", 3, { 0x55, 4, 4 } },
    { "GN", 3, { 0x55, 4, 42 } },
    { "initials", 3, { 0x55, 4, 43 } },
    { "title", 3, { 0x55, 4, 12 } },
    { "serialNumber", 3, { 0x55, 4, 5 } },
    { "description", 3, { 0x55, 4, 13 } },
    { "businessCategory", 3, { 0x55, 4, 15 } },
    { "postalCode", 3, { 0x55, 4, 17 } },
    { "name", 3, { 0x55, 4, 41 } },
    { "generationQualifier", 3, { 0x55, 4, 44 } },
    { "dnQualifier", 3, { 0x55, 4, 46 } },
    { "pseudonym", 3, { 0x55, 4, 65 } },
    { "organizationIdentifier", 3, { 0x55, 4, 97 } },
};

const char *tlsc_x509_attribute_name(tlsc_bytes type)
{
    for (size_t i = 0; i < TLSC_COUNT(short_names); i++) {
        if (tlsc_bytes_equal(type, tlsc_bytes_of(short_names[i].oid, short_names[i].n))) {
            return short_names[i].name;
        }
    }
    return NULL;
}

/* The contents of the OID that `type` stands for; empty: none. `room` takes what is in no table. */
static tlsc_bytes type_of(const char *type, uint8_t room[64])
{
    for (size_t i = 0; i < TLSC_COUNT(short_names); i++) {
        if (strcasecmp(type, short_names[i].name) == 0) {
            return tlsc_bytes_of(short_names[i].oid, short_names[i].n);
        }
    }
    return tlsc_bytes_of(room, tlsc_oid_of_text(type, room, 64));
}

bool tlsc_x509_name_at(tlsc_bytes name, size_t i, tlsc_x509_attribute *out)
{
    tlsc_dn_walk walk = tlsc_dn_walk_of(name);
    while (tlsc_dn_next(&walk, out)) {
        if (i-- == 0) {
            return true;
        }
    }
    return false;
}

size_t tlsc_x509_name_len(tlsc_bytes name)
{
    tlsc_dn_walk walk = tlsc_dn_walk_of(name);
    tlsc_x509_attribute a;
    size_t num = 0;
    while (tlsc_dn_next(&walk, &a)) {
        num++;
    }
    return num;
}

bool tlsc_x509_name_find(tlsc_bytes name, const char *type, size_t which, tlsc_x509_attribute *out)
{
    uint8_t room[64];
    tlsc_bytes oid = type_of(type, room);
    tlsc_dn_walk walk = tlsc_dn_walk_of(name);
    while (tlsc_dn_next(&walk, out)) {
        if (oid.n > 0 && tlsc_bytes_equal(out->type, oid) && which-- == 0) {
            return true;
        }
    }
    return false;
}

/* ---- values ---- */

static bool is_text(const tlsc_x509_attribute *a)
{
    tlsc_rd r = tlsc_rd_of(a->value);
    int32_t c;
    do {
        c = tlsc_dn_char(&r, a->tag);
    } while (c >= 0);
    return c == TLSC_CHAR_END;
}

static void put_utf8(tlsc_text *t, int32_t c)
{
    uint32_t u = (uint32_t)c;
    if (u < 0x80) {
        tlsc_text_put(t, (char)u);
        return;
    }
    unsigned more = u < 0x800 ? 1 : u < 0x10000 ? 2 : 3;
    tlsc_text_put(t, (char)((0xff00U >> (more + 1)) | u >> 6 * more));
    while (more-- > 0) {
        tlsc_text_put(t, (char)(0x80U | (u >> 6 * more & 0x3f)));
    }
}

/* "#" and the element, RFC 4514 2.4: identifier, length and contents. */
static void put_element(tlsc_text *t, const tlsc_x509_attribute *a)
{
    tlsc_text_put(t, '#');
    tlsc_text_hex(t, a->tag);
    unsigned more = a->value.n < 0x80 ? 0 : a->value.n < 0x100 ? 1 : a->value.n < 0x10000 ? 2 : 3;
    if (more > 0) {
        tlsc_text_hex(t, (uint8_t)(0x80 | more));
    }
    for (unsigned i = more > 0 ? more : 1; i-- > 0;) {
        tlsc_text_hex(t, (uint8_t)(a->value.n >> 8 * i));
    }
    for (size_t i = 0; i < a->value.n; i++) {
        tlsc_text_hex(t, a->value.p[i]);
    }
}

size_t tlsc_x509_attribute_text(const tlsc_x509_attribute *a, char *out, size_t cap)
{
    tlsc_text t = tlsc_text_of(out, cap);
    if (is_text(a)) {
        tlsc_rd r = tlsc_rd_of(a->value);
        for (int32_t c = tlsc_dn_char(&r, a->tag); c >= 0; c = tlsc_dn_char(&r, a->tag)) {
            put_utf8(&t, c);
        }
    } else {
        put_element(&t, a);
    }
    return tlsc_text_end(&t);
}

/* ---- whole names ---- */

/* What needs a backslash by RFC 4514 2.4, at the start, the end or anywhere; control characters as their
 * bytes, so that a log line stays one. */
static void put_escaped(tlsc_text *t, int32_t c, bool first, bool last)
{
    bool special = c == '"' || c == '+' || c == ',' || c == ';' || c == '<' || c == '>' || c == '\\';
    if (c < 0x20 || c == 0x7f) {
        tlsc_text_put(t, '\\');
        tlsc_text_hex(t, (uint8_t)c);
    } else if (c >= 0x80 && c < 0xa0) { /* C1 controls, of two bytes in UTF-8 */
        tlsc_text_str(t, "\\C2\\");
        tlsc_text_hex(t, (uint8_t)c);
    } else {
        if (special || (first && c == '#') || ((first || last) && c == ' ')) {
            tlsc_text_put(t, '\\');
        }
        put_utf8(t, c);
    }
}

static void put_value(tlsc_text *t, const tlsc_x509_attribute *a)
{
    if (!is_text(a)) {
        put_element(t, a);
        return;
    }
    tlsc_rd r = tlsc_rd_of(a->value);
    bool first = true;
    int32_t c = tlsc_dn_char(&r, a->tag);
    while (c >= 0) {
        int32_t next = tlsc_dn_char(&r, a->tag);
        put_escaped(t, c, first, next < 0);
        first = false;
        c = next;
    }
}

static void put_attribute(tlsc_text *t, const tlsc_x509_attribute *a)
{
    char dotted[128];
    const char *name = tlsc_x509_attribute_name(a->type);
    if (name == NULL) {
        (void)tlsc_oid_text(a->type, dotted, sizeof(dotted));
        name = dotted;
    }
    tlsc_text_str(t, name);
    tlsc_text_put(t, '=');
    put_value(t, a);
}

/* One RDN: the contents of a SET. */
static void put_rdn(tlsc_text *t, tlsc_bytes rdn)
{
    tlsc_dn_walk walk = { .name = tlsc_der_of((tlsc_bytes){ NULL, 0 }), .rdn = tlsc_der_of(rdn) };
    tlsc_x509_attribute a;
    walk.num_rdns = 1;
    for (size_t i = 0; tlsc_dn_next(&walk, &a); i++) {
        if (i > 0) {
            tlsc_text_put(t, '+');
        }
        put_attribute(t, &a);
    }
}

/* Names are read forwards and written backwards: where sets start, for so many at a time. */
enum { BATCH = 32 };

/* Lists the sets [from, from + BATCH) of a name; returns how many there are in all. */
static size_t list_rdns(tlsc_bytes name, size_t from, tlsc_bytes out[BATCH])
{
    tlsc_der d = tlsc_der_of(name);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    size_t num = 0;
    while (tlsc_der_more(&inside)) {
        tlsc_bytes rdn = tlsc_der_get(&inside, TLSC_DER_SET);
        if (num >= from && num - from < BATCH) {
            out[num - from] = rdn;
        }
        num++;
    }
    return num;
}

size_t tlsc_x509_name_text(tlsc_bytes name, char *out, size_t cap)
{
    tlsc_text t = tlsc_text_of(out, cap);
    tlsc_bytes batch[BATCH];
    size_t num = list_rdns(name, 0, batch);
    for (size_t left = num; left > 0;) {
        size_t from = left > BATCH ? left - BATCH : 0;
        (void)list_rdns(name, from, batch);
        for (size_t i = left; i-- > from;) {
            if (i + 1 < num) {
                tlsc_text_put(&t, ',');
            }
            put_rdn(&t, batch[i - from]);
        }
        left = from;
    }
    return tlsc_text_end(&t);
}
