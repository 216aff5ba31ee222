/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/der.c: x509/der.h on anything, and held to libcrypto's reader, which is strict too.
 * What ours takes theirs takes, with the same contents; where the rules are the same it is so both
 * ways. */
#include <openssl/bytestring.h>

#include <time.h>

#include "base/bytes.h"
#include "fuzz.h"
#include "x509/der.h"

static bool same(tlsc_bytes ours, const CBS *theirs)
{
    return tlsc_bytes_equal(ours, tlsc_bytes_of(CBS_data(theirs), CBS_len(theirs)));
}

/* One element, read by every getter of its type from a copy of the reader. */
static void integers(tlsc_der d, const CBS *contents)
{
    tlsc_der copy = d;
    int negative = 0;
    bool valid = CBS_is_valid_asn1_integer(contents, &negative) == 1;
    tlsc_bytes v = tlsc_der_integer(&copy);
    must(copy.r.bad == !valid);
    must(!valid || same(v, contents));
    copy = d;
    v = tlsc_der_unsigned(&copy);
    must(copy.r.bad == (!valid || negative));
    must(copy.r.bad || v.n == 0 || v.p[0] != 0);
    copy = d;
    uint64_t n = tlsc_der_u64(&copy);
    must(n == 0 || (v.n > 0 && v.n <= 8 && (n & 0xff) == v.p[v.n - 1]));
}

static void bit_strings(tlsc_der d, const CBS *contents)
{
    tlsc_der copy = d;
    uint8_t unused;
    tlsc_bytes v = tlsc_der_bit_string(&copy, &unused);
    must(copy.r.bad == (CBS_is_valid_asn1_bitstring(contents) != 1));
    must(copy.r.bad ? v.n == 0 : v.n + 1 == CBS_len(contents));
    copy = d;
    (void)tlsc_der_bit_string_bytes(&copy);
    must(copy.r.bad || unused == 0);
}

static void times(tlsc_der d, const CBS *contents, bool utc)
{
    struct tm tm;
    tlsc_der copy = d;
    int64_t s = tlsc_der_time(&copy);
    if (copy.r.bad) {
        must(s == 0);
        return;
    }
    /* -62167219200: the year 0, before which there is nothing to say. */
    must(s >= -62167219200 && s <= 253402300799);
    must(utc ? CBS_parse_utc_time(contents, &tm, 0) : CBS_parse_generalized_time(contents, &tm, 0));
    must(timegm(&tm) == s);
}

static void types(tlsc_der d, const CBS *contents, uint8_t tag)
{
    tlsc_der copy = d;
    switch (tag) {
    case TLSC_DER_BOOLEAN:
        (void)tlsc_der_boolean(&copy);
        must(copy.r.bad || CBS_len(contents) == 1);
        break;
    case TLSC_DER_INTEGER:
        integers(d, contents);
        break;
    case TLSC_DER_BIT_STRING:
        bit_strings(d, contents);
        break;
    case TLSC_DER_OID:
        (void)tlsc_der_oid(&copy);
        must(copy.r.bad == (CBS_is_valid_asn1_oid(contents) != 1));
        break;
    case TLSC_DER_NULL:
        tlsc_der_null(&copy);
        must(copy.r.bad == (CBS_len(contents) != 0));
        break;
    case TLSC_DER_UTC_TIME:
    case TLSC_DER_GENERALIZED_TIME:
        times(d, contents, tag == TLSC_DER_UTC_TIME);
        break;
    default:
        break;
    }
}

/* Reads the next element both ways. False where ours refuses it. */
static bool element(tlsc_der *d, CBS *theirs, uint8_t *tag)
{
    tlsc_der whole = *d;
    tlsc_der start = *d;
    tlsc_bytes contents = tlsc_der_any(d, tag);
    if (d->r.bad) {
        must(contents.n == 0 && *tag == 0);
        return false;
    }
    CBS element_cbs, contents_cbs;
    CBS_ASN1_TAG cbs_tag;
    size_t header_len;
    must(CBS_get_any_asn1_element(theirs, &element_cbs, &cbs_tag, &header_len) == 1);
    must(same(tlsc_der_raw(&whole, *tag), &element_cbs));
    contents_cbs = element_cbs;
    must(CBS_skip(&contents_cbs, header_len) == 1);
    must(same(contents, &contents_cbs));
    must(tlsc_der_next_is(&start, *tag));
    types(start, &contents_cbs, *tag);
    return true;
}

enum { BUDGET = 4096 };

static void walk(tlsc_der *d, CBS *theirs, unsigned *budget)
{
    while (tlsc_der_more(d) && *budget > 0) {
        uint8_t tag;
        tlsc_der outside = *d;
        (*budget)--;
        if (!element(d, theirs, &tag)) {
            return;
        }
        if ((tag & 0x20) == 0) {
            continue;
        }
        tlsc_der inside = tlsc_der_enter(&outside, tag);
        must(d->levels > 0 ? !inside.r.bad : inside.r.bad);
        CBS inside_cbs;
        CBS_init(&inside_cbs, inside.r.p, inside.r.n);
        walk(&inside, &inside_cbs, budget);
        tlsc_der_leave(&outside, &inside);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsc_der d = tlsc_der_of(tlsc_bytes_of(data, size));
    CBS theirs;
    CBS_init(&theirs, data, size);
    unsigned budget = BUDGET;
    walk(&d, &theirs, &budget);
    return 0;
}
