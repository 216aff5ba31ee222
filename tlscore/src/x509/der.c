/* SPDX-License-Identifier: Apache-2.0 */
/* x509/der.c: identifier, length, contents (X.690 8.1), and the few types that X.509 is made of. */
#include "x509/der.h"

enum {
    CLASS_MASK = 0xc0,
    CONSTRUCTED = 0x20,
    NUMBER_MASK = 0x1f /* all ones: the number follows in further bytes */
};

static void bad(tlsc_der *d)
{
    d->r.bad = true;
}

/* X.690 8.1.3, 10.1: short form below 128, else the fewest bytes that hold it; never indefinite. */
static size_t length(tlsc_rd *r)
{
    uint8_t first = tlsc_rd_u8(r);
    uint32_t n = first;
    uint32_t floor = 0;
    switch (first) {
    case 0x81:
        n = tlsc_rd_u8(r);
        floor = 0x80;
        break;
    case 0x82:
        n = tlsc_rd_u16(r);
        floor = 0x100;
        break;
    case 0x83:
        n = tlsc_rd_u24(r);
        floor = 0x10000;
        break;
    case 0x84:
        n = tlsc_rd_u32(r);
        floor = 0x1000000;
        break;
    default:
        tlsc_rd_check(r, first < 0x80);
        break;
    }
    tlsc_rd_check(r, n >= floor);
    return n;
}

static bool well_formed(uint8_t tag)
{
    uint8_t number = tag & NUMBER_MASK;
    if (number == NUMBER_MASK) {
        return false;
    }
    if ((tag & CLASS_MASK) != 0) {
        return true;
    }
    bool constructed = (tag & CONSTRUCTED) != 0;
    bool is_list = number == (TLSC_DER_SEQUENCE & NUMBER_MASK) ||
                   number == (TLSC_DER_SET & NUMBER_MASK);
    return number != 0 && constructed == is_list; /* 0 ends an indefinite length */
}

tlsc_der tlsc_der_of(tlsc_bytes b)
{
    return (tlsc_der){ tlsc_rd_of(b), TLSC_DER_LEVELS };
}

bool tlsc_der_next_is(const tlsc_der *d, uint8_t tag)
{
    tlsc_rd ahead = d->r;
    return tlsc_rd_more(&ahead) && tlsc_rd_u8(&ahead) == tag;
}

tlsc_bytes tlsc_der_any(tlsc_der *d, uint8_t *tag)
{
    *tag = tlsc_rd_u8(&d->r);
    tlsc_rd_check(&d->r, well_formed(*tag));
    size_t n = length(&d->r);
    tlsc_bytes contents = tlsc_rd_bytes(&d->r, n);
    if (d->r.bad) {
        *tag = 0;
    }
    return contents;
}

tlsc_bytes tlsc_der_get(tlsc_der *d, uint8_t tag)
{
    tlsc_rd_check(&d->r, tlsc_der_next_is(d, tag));
    uint8_t same;
    return tlsc_der_any(d, &same);
}

tlsc_bytes tlsc_der_raw(tlsc_der *d, uint8_t tag)
{
    tlsc_rd start = d->r;
    (void)tlsc_der_get(d, tag);
    if (d->r.bad) {
        return (tlsc_bytes){ NULL, 0 };
    }
    return tlsc_rd_bytes(&start, start.n - d->r.n);
}

tlsc_der tlsc_der_enter(tlsc_der *d, uint8_t tag)
{
    tlsc_rd_check(&d->r, d->levels > 0);
    tlsc_der inside = tlsc_der_of(tlsc_der_get(d, tag));
    inside.r.bad = d->r.bad;
    inside.levels = d->levels > 0 ? (uint8_t)(d->levels - 1) : 0;
    return inside;
}

void tlsc_der_leave(tlsc_der *d, const tlsc_der *inside)
{
    tlsc_rd_check(&d->r, tlsc_der_end(inside) == TLSC_OK);
}

bool tlsc_der_boolean(tlsc_der *d)
{
    tlsc_rd r = tlsc_rd_of(tlsc_der_get(d, TLSC_DER_BOOLEAN));
    uint8_t v = tlsc_rd_u8(&r);
    tlsc_rd_check(&r, v == 0x00 || v == 0xff);
    tlsc_rd_check(&d->r, tlsc_rd_end(&r) == TLSC_OK);
    return !d->r.bad && v == 0xff;
}

/* X.690 8.3.2: the first nine bits are not all the same, else the first byte says nothing. */
static bool minimal_integer(tlsc_bytes v)
{
    if (v.n < 2) {
        return v.n == 1;
    }
    return v.p[0] == 0x00 ? v.p[1] >= 0x80 : v.p[0] != 0xff || v.p[1] < 0x80;
}

tlsc_bytes tlsc_der_integer(tlsc_der *d)
{
    tlsc_bytes v = tlsc_der_get(d, TLSC_DER_INTEGER);
    if (d->r.bad || !minimal_integer(v)) {
        bad(d);
        return (tlsc_bytes){ NULL, 0 };
    }
    return v;
}

tlsc_bytes tlsc_der_unsigned(tlsc_der *d)
{
    tlsc_bytes v = tlsc_der_integer(d);
    if (d->r.bad || v.p[0] >= 0x80) {
        bad(d);
        return (tlsc_bytes){ NULL, 0 };
    }
    tlsc_rd r = tlsc_rd_of(v);
    if (v.p[0] == 0) {
        (void)tlsc_rd_u8(&r);
    }
    return tlsc_rd_rest(&r);
}

uint64_t tlsc_der_u64(tlsc_der *d)
{
    tlsc_bytes v = tlsc_der_unsigned(d);
    tlsc_rd_check(&d->r, v.n <= sizeof(uint64_t));
    uint64_t sum = 0;
    for (size_t i = 0; i < v.n && !d->r.bad; i++) {
        sum = sum << 8 | v.p[i];
    }
    return sum;
}

/* X.690 8.6.2, 11.2.1: a first byte counts the unused bits, which are zero. */
tlsc_bytes tlsc_der_bit_string(tlsc_der *d, uint8_t *unused)
{
    tlsc_rd r = tlsc_rd_of(tlsc_der_get(d, TLSC_DER_BIT_STRING));
    *unused = tlsc_rd_u8(&r);
    tlsc_bytes bits = tlsc_rd_rest(&r);
    tlsc_rd_check(&r, *unused <= 7 && (*unused == 0 || bits.n > 0));
    if (!r.bad && bits.n > 0) {
        unsigned low = (1U << *unused) - 1;
        tlsc_rd_check(&r, (bits.p[bits.n - 1] & low) == 0);
    }
    if (d->r.bad || r.bad) {
        bad(d);
        *unused = 0;
        return (tlsc_bytes){ NULL, 0 };
    }
    return bits;
}

tlsc_bytes tlsc_der_bit_string_bytes(tlsc_der *d)
{
    uint8_t unused;
    tlsc_bytes bits = tlsc_der_bit_string(d, &unused);
    if (unused != 0) {
        bad(d);
        return (tlsc_bytes){ NULL, 0 };
    }
    return bits;
}

/* X.690 8.19.2: subidentifiers in base 128, no leading 0x80, the last byte's high bit clear. */
static bool well_formed_oid(tlsc_bytes v)
{
    bool starts = true;
    for (size_t i = 0; i < v.n; i++) {
        if (starts && v.p[i] == 0x80) {
            return false;
        }
        starts = v.p[i] < 0x80;
    }
    return v.n > 0 && starts;
}

tlsc_bytes tlsc_der_oid(tlsc_der *d)
{
    tlsc_bytes v = tlsc_der_get(d, TLSC_DER_OID);
    if (d->r.bad || !well_formed_oid(v)) {
        bad(d);
        return (tlsc_bytes){ NULL, 0 };
    }
    return v;
}

void tlsc_der_null(tlsc_der *d)
{
    tlsc_bytes v = tlsc_der_get(d, TLSC_DER_NULL);
    tlsc_rd_check(&d->r, v.n == 0);
}

static int two_digits(tlsc_rd *r)
{
    uint8_t tens = tlsc_rd_u8(r);
    uint8_t ones = tlsc_rd_u8(r);
    tlsc_rd_check(r, tens >= '0' && tens <= '9' && ones >= '0' && ones <= '9');
    return r->bad ? 0 : (tens - '0') * 10 + (ones - '0');
}

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int month, int year)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01 to the first of a month. The year is counted from March, so that the leap
 * day is its last; 146,097 days are the 400 years of a Gregorian cycle. */
static int64_t days_before(int year, int month)
{
    int y = month <= 2 ? year + 399 : year + 400; /* a cycle more: never negative */
    int m = month <= 2 ? month + 9 : month - 3;
    int64_t days = (int64_t)y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5;
    return days - 146097 - 719468;
}

static int64_t seconds(tlsc_rd *r, int year)
{
    int month = two_digits(r);
    int day = two_digits(r);
    int hour = two_digits(r);
    int minute = two_digits(r);
    int second = two_digits(r);
    tlsc_rd_check(r, tlsc_rd_u8(r) == 'Z');
    tlsc_rd_check(r, month >= 1 && month <= 12);
    tlsc_rd_check(r, hour <= 23 && minute <= 59 && second <= 59);
    if (r->bad || day < 1 || day > days_in(month, year)) {
        r->bad = true;
        return 0;
    }
    int64_t days = days_before(year, month) + day - 1;
    return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

/* UTCTime YYMMDDHHMMSSZ means 1950 to 2049; GeneralizedTime YYYYMMDDHHMMSSZ. RFC 5280 4.1.2.5 */
int64_t tlsc_der_time(tlsc_der *d)
{
    bool utc = tlsc_der_next_is(d, TLSC_DER_UTC_TIME);
    tlsc_bytes text = tlsc_der_get(d, utc ? TLSC_DER_UTC_TIME : TLSC_DER_GENERALIZED_TIME);
    tlsc_rd r = tlsc_rd_of(text);
    int year = two_digits(&r);
    if (utc) {
        year += year >= 50 ? 1900 : 2000;
    } else {
        year = year * 100 + two_digits(&r);
    }
    int64_t s = seconds(&r, year);
    tlsc_rd_check(&d->r, tlsc_rd_end(&r) == TLSC_OK);
    return d->r.bad ? 0 : s;
}

void tlsc_der_check(tlsc_der *d, bool holds)
{
    tlsc_rd_check(&d->r, holds);
}

bool tlsc_der_more(const tlsc_der *d)
{
    return tlsc_rd_more(&d->r);
}

tlsc_err tlsc_der_end(const tlsc_der *d)
{
    return tlsc_rd_end(&d->r) == TLSC_OK ? TLSC_OK : TLSC_E_BAD_DER;
}
