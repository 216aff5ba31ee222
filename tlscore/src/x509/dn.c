/* SPDX-License-Identifier: Apache-2.0 */
/* x509/dn.c: distinguished names: their attributes, and which are the same. */
#include "x509/dn.h"

#include <string.h>

#include "base/bytes.h"

/* Universal tags of strings, X.680 8.4 */
enum {
    UTF8_STRING = 0x0c,
    NUMERIC_STRING = 0x12,
    PRINTABLE_STRING = 0x13,
    TELETEX_STRING = 0x14,
    IA5_STRING = 0x16,
    VISIBLE_STRING = 0x1a,
    UNIVERSAL_STRING = 0x1c,
    BMP_STRING = 0x1e
};

/* A set with more attributes than this equals nothing but the same bytes: all pairs are compared. */
enum { RDN_ATTRIBUTES_MAX = 16 };

/* ---- walking ---- */

tlsc_dn_walk tlsc_dn_walk_of(tlsc_bytes name)
{
    tlsc_der d = tlsc_der_of(name);
    tlsc_dn_walk walk = { .rdn = tlsc_der_of((tlsc_bytes){ NULL, 0 }) };
    walk.name = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_der_check(&walk.name, tlsc_der_end(&d) == TLSC_OK);
    return walk;
}

/* X.690 11.6: in ascending order. That pads the shorter one with zeroes, but no element is the beginning of
 * another. */
static bool comes_before(tlsc_bytes a, tlsc_bytes b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    return n == 0 || memcmp(a.p, b.p, n) < 0;
}

static void check_order(tlsc_dn_walk *walk)
{
    tlsc_der ahead = walk->rdn;
    tlsc_bytes element = tlsc_der_raw(&ahead, TLSC_DER_SEQUENCE);
    walk->disordered = walk->disordered || !comes_before(walk->last, element);
    walk->last = element;
}

bool tlsc_dn_next(tlsc_dn_walk *walk, tlsc_x509_attribute *out)
{
    *out = (tlsc_x509_attribute){ 0 };
    if (walk->name.r.bad) {
        return false;
    }
    if (!tlsc_der_more(&walk->rdn)) {
        if (!tlsc_der_more(&walk->name)) {
            return false;
        }
        walk->rdn = tlsc_der_enter(&walk->name, TLSC_DER_SET);
        walk->last = (tlsc_bytes){ NULL, 0 };
        walk->num_rdns++;
    }
    check_order(walk);
    tlsc_der a = tlsc_der_enter(&walk->rdn, TLSC_DER_SEQUENCE);
    out->type = tlsc_der_oid(&a);
    out->value = tlsc_der_any(&a, &out->tag);
    out->rdn = walk->num_rdns - 1;
    tlsc_der_leave(&walk->rdn, &a);
    if (walk->rdn.r.bad) {
        *out = (tlsc_x509_attribute){ 0 };
        walk->name.r.bad = true;
        return false;
    }
    return true;
}

tlsc_err tlsc_dn_walk_end(const tlsc_dn_walk *walk)
{
    bool ended = tlsc_der_end(&walk->name) == TLSC_OK && !tlsc_der_more(&walk->rdn);
    return ended && !walk->disordered ? TLSC_OK : TLSC_E_BAD_DER;
}

bool tlsc_dn_is_well_formed(tlsc_bytes name)
{
    tlsc_dn_walk walk = tlsc_dn_walk_of(name);
    tlsc_x509_attribute a;
    while (tlsc_dn_next(&walk, &a)) {
    }
    return tlsc_dn_walk_end(&walk) == TLSC_OK;
}

bool tlsc_dn_is_empty(tlsc_bytes name)
{
    tlsc_dn_walk walk = tlsc_dn_walk_of(name);
    return tlsc_dn_walk_end(&walk) == TLSC_OK;
}

/* ---- characters ---- */

/* RFC 3629 3: no overlong forms, no surrogates, nothing above U+10FFFF. */
static int32_t utf8_char(tlsc_rd *r)
{
    static const int32_t floors[] = { 0, 0x80, 0x800, 0x10000 };
    uint8_t first = tlsc_rd_u8(r);
    unsigned more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4) {
        return TLSC_CHAR_BAD;
    }
    int32_t c = more == 0 ? first : first & (0x3f >> more);
    for (unsigned i = 0; i < more; i++) {
        uint8_t next = tlsc_rd_u8(r);
        if ((next & 0xc0) != 0x80) {
            return TLSC_CHAR_BAD;
        }
        c = c << 6 | (next & 0x3f);
    }
    bool fine = c >= floors[more] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    return fine && !r->bad ? c : TLSC_CHAR_BAD;
}

static int32_t ascii_char(tlsc_rd *r)
{
    uint8_t c = tlsc_rd_u8(r);
    return c < 0x80 ? c : TLSC_CHAR_BAD;
}

static int32_t wide_char(tlsc_rd *r, bool four_bytes)
{
    uint32_t c = four_bytes ? tlsc_rd_u32(r) : tlsc_rd_u16(r);
    bool fine = !r->bad && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    return fine ? (int32_t)c : TLSC_CHAR_BAD;
}

int32_t tlsc_dn_char(tlsc_rd *r, uint8_t tag)
{
    if (r->bad) {
        return TLSC_CHAR_BAD;
    }
    bool more = tlsc_rd_more(r);
    switch (tag) {
    case UTF8_STRING: return more ? utf8_char(r) : TLSC_CHAR_END;
    case NUMERIC_STRING:
    case PRINTABLE_STRING:
    case VISIBLE_STRING:
    case IA5_STRING: return more ? ascii_char(r) : TLSC_CHAR_END;
    case TELETEX_STRING: return more ? tlsc_rd_u8(r) : TLSC_CHAR_END; /* taken as ISO 8859-1 */
    case BMP_STRING: return more ? wide_char(r, false) : TLSC_CHAR_END;
    case UNIVERSAL_STRING: return more ? wide_char(r, true) : TLSC_CHAR_END;
    default: return TLSC_CHAR_BAD;
    }
}

/* A string's characters as they are compared: in lower case, one space for a run of them, none at either
 * end. RFC 4518 2.6.1 */
typedef struct folded {
    tlsc_rd r;
    uint8_t tag;
    bool started;
    bool holds; /* a character behind a space */
    int32_t held;
} folded;

static bool is_space(int32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int32_t next_folded(folded *f)
{
    bool space = false;
    if (f->holds) {
        f->holds = false;
        return f->held;
    }
    int32_t c = tlsc_dn_char(&f->r, f->tag);
    while (is_space(c)) {
        space = f->started;
        c = tlsc_dn_char(&f->r, f->tag);
    }
    f->started = true;
    c = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
    if (space && c >= 0) {
        f->holds = true;
        f->held = c;
        return ' ';
    }
    return c;
}

static folded folded_of(const tlsc_x509_attribute *a)
{
    return (folded){ .r = tlsc_rd_of(a->value), .tag = a->tag };
}

/* ---- hashing ---- */

/* FNV-1a, a number at a time. */
static const uint64_t fnv_start = 0xcbf29ce484222325;
static const uint64_t fnv_prime = 0x100000001b3;

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * fnv_prime;
    return h ^ h >> 29;
}

static uint64_t hash_bytes(uint64_t h, tlsc_bytes b)
{
    for (size_t i = 0; i < b.n; i++) {
        h = (h ^ b.p[i]) * fnv_prime;
    }
    return mix(h, b.n);
}

static uint64_t hash_attribute(const tlsc_x509_attribute *a)
{
    uint64_t start = hash_bytes(fnv_start, a->type);
    uint64_t h = start;
    folded f = folded_of(a);
    int32_t c = next_folded(&f);
    for (; c >= 0; c = next_folded(&f)) {
        h = (h ^ (uint64_t)c) * fnv_prime;
    }
    return c == TLSC_CHAR_END ? mix(h, 0) : hash_bytes(mix(start, a->tag), a->value);
}

/* ---- comparing ---- */

static bool same_value(const tlsc_x509_attribute *a, const tlsc_x509_attribute *b)
{
    if (a->tag == b->tag && tlsc_bytes_equal(a->value, b->value)) {
        return true;
    }
    folded fa = folded_of(a);
    folded fb = folded_of(b);
    int32_t c;
    do {
        c = next_folded(&fa);
        if (c == TLSC_CHAR_BAD || c != next_folded(&fb)) {
            return false;
        }
    } while (c != TLSC_CHAR_END);
    return true;
}

static bool same_attribute(const tlsc_x509_attribute *a, const tlsc_x509_attribute *b)
{
    return tlsc_bytes_equal(a->type, b->type) && same_value(a, b);
}

/* Attributes that are equal have the same hash, which is made once: values are compared with few others. */
typedef struct hashed {
    tlsc_x509_attribute a;
    uint64_t hash;
} hashed;

/* One RDN as a walk of its own. 0 where it is malformed, or too long. */
static size_t list_rdn(tlsc_bytes rdn, hashed out[RDN_ATTRIBUTES_MAX])
{
    tlsc_dn_walk walk = { .name = tlsc_der_of((tlsc_bytes){ NULL, 0 }),
                          .rdn = tlsc_der_of(rdn),
                          .num_rdns = 1 };
    tlsc_x509_attribute a;
    size_t num = 0;
    while (tlsc_dn_next(&walk, &a)) {
        if (num == RDN_ATTRIBUTES_MAX) {
            return 0;
        }
        out[num++] = (hashed){ a, hash_attribute(&a) };
    }
    return walk.name.r.bad || walk.disordered ? 0 : num;
}

static bool all_within(const hashed *a, const hashed *b, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        bool found = false;
        for (size_t j = 0; j < num && !found; j++) {
            found = a[i].hash == b[j].hash && same_attribute(&a[i].a, &b[j].a);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* in: the sets' contents. */
static tlsc_dn_relation relate_rdn(tlsc_bytes a, tlsc_bytes b)
{
    hashed in_a[RDN_ATTRIBUTES_MAX];
    hashed in_b[RDN_ATTRIBUTES_MAX];
    if (tlsc_bytes_equal(a, b)) {
        return TLSC_DN_WITHIN;
    }
    size_t num = list_rdn(a, in_a);
    size_t num_b = list_rdn(b, in_b);
    if (num == 0 || num_b == 0) {
        return TLSC_DN_UNCLEAR;
    }
    bool same = num == num_b && all_within(in_a, in_b, num) && all_within(in_b, in_a, num);
    return same ? TLSC_DN_WITHIN : TLSC_DN_OUTSIDE;
}

static bool same_rdn(tlsc_bytes a, tlsc_bytes b)
{
    return relate_rdn(a, b) == TLSC_DN_WITHIN;
}

static tlsc_der rdns_of(tlsc_bytes name)
{
    tlsc_der d = tlsc_der_of(name);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_der_check(&inside, tlsc_der_end(&d) == TLSC_OK);
    return inside;
}

tlsc_dn_relation tlsc_dn_relate(tlsc_bytes name, tlsc_bytes base)
{
    tlsc_der n = rdns_of(name);
    tlsc_der b = rdns_of(base);
    while (tlsc_der_more(&b) && tlsc_der_more(&n)) {
        tlsc_bytes rdn = tlsc_der_get(&n, TLSC_DER_SET);
        tlsc_bytes of_base = tlsc_der_get(&b, TLSC_DER_SET);
        if (n.r.bad || b.r.bad) {
            break;
        }
        tlsc_dn_relation relation = relate_rdn(rdn, of_base);
        if (relation != TLSC_DN_WITHIN) {
            return relation;
        }
    }
    if (n.r.bad || !tlsc_dn_is_well_formed(base)) {
        return TLSC_DN_UNCLEAR;
    }
    return tlsc_der_more(&b) ? TLSC_DN_OUTSIDE : TLSC_DN_WITHIN;
}

bool tlsc_x509_name_equal(tlsc_bytes a, tlsc_bytes b)
{
    if (tlsc_bytes_equal(a, b)) {
        return true;
    }
    tlsc_der in_a = rdns_of(a);
    tlsc_der in_b = rdns_of(b);
    while (tlsc_der_more(&in_a) && tlsc_der_more(&in_b)) {
        tlsc_bytes rdn = tlsc_der_get(&in_a, TLSC_DER_SET);
        tlsc_bytes other = tlsc_der_get(&in_b, TLSC_DER_SET);
        if (in_a.r.bad || in_b.r.bad || !same_rdn(rdn, other)) {
            return false;
        }
    }
    return tlsc_der_end(&in_a) == TLSC_OK && tlsc_der_end(&in_b) == TLSC_OK &&
           tlsc_dn_is_well_formed(a) && tlsc_dn_is_well_formed(b);
}

/* ---- a name's hash ---- */

uint64_t tlsc_dn_hash(tlsc_bytes name)
{
    tlsc_dn_walk walk = tlsc_dn_walk_of(name);
    tlsc_x509_attribute a;
    uint64_t h = fnv_start;
    uint64_t set = 0; /* a sum, since the order within a set doesn't count */
    size_t rdn = 0;
    while (tlsc_dn_next(&walk, &a)) {
        if (a.rdn != rdn) {
            h = mix(h, set);
            set = 0;
            rdn = a.rdn;
        }
        set += hash_attribute(&a);
    }
    return tlsc_dn_walk_end(&walk) == TLSC_OK ? mix(h, set) : hash_bytes(fnv_start, name);
}
