/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/names.c: names of all kinds: two distinguished names, or two strings as presented and asked. */
#include "x509/names.h"

#include <string.h>

#include "base/bytes.h"
#include "fuzz.h"
#include "wire/reader.h"
#include "x509/dn.h"

static void compare_names(tlsc_bytes a, tlsc_bytes b)
{
    bool equal = tlsc_x509_name_equal(a, b);
    must(equal == tlsc_x509_name_equal(b, a));
    must(tlsc_x509_name_equal(a, a));
    must(!equal || tlsc_dn_hash(a) == tlsc_dn_hash(b));
    tlsc_dn_walk walk = tlsc_dn_walk_of(a);
    tlsc_x509_attribute attribute;
    size_t num = 0;
    while (tlsc_dn_next(&walk, &attribute)) {
        must(attribute.type.n > 0);
        num++;
    }
    must(num == tlsc_x509_name_len(a));
    if (tlsc_dn_walk_end(&walk) == TLSC_OK) {
        must(tlsc_dn_relate(a, a) == TLSC_DN_WITHIN);
        must(!equal || (tlsc_dn_is_well_formed(b) && tlsc_dn_relate(a, b) == TLSC_DN_WITHIN));
        must(tlsc_dn_is_empty(a) == (num == 0));
    }
    char text[300];
    size_t n = tlsc_x509_name_text(a, text, sizeof(text));
    must(strlen(text) == (n < sizeof(text) ? n : sizeof(text) - 1));
    for (size_t i = 0; text[i] != '\0'; i++) {
        must((uint8_t)text[i] >= 0x20 && text[i] != 0x7f);
    }
}

static void match_names(tlsc_bytes presented, tlsc_bytes asked)
{
    for (int kind = TLSC_REFERENCE_HOST; kind <= TLSC_REFERENCE_EMAIL; kind++) {
        tlsc_reference_name name = { (tlsc_reference_kind)kind, asked };
        tlsc_reference r;
        if (tlsc_reference_read(&name, &r) != TLSC_OK) {
            continue;
        }
        must(r.kind != TLSC_REFERENCE_HOST);
        if (r.kind == TLSC_REFERENCE_DNS) {
            must(tlsc_dns_name_matches(r.name, r.name));
            must(r.name.n <= TLSC_DNS_NAME_MAX && memchr(r.name.p, '*', r.name.n) == NULL);
            (void)tlsc_dns_name_matches(presented, r.name);
        }
        must(r.kind != TLSC_REFERENCE_IP || r.ip_n == 4 || r.ip_n == 16);
    }
    char out[300];
    size_t n = tlsc_host_a_labels(asked, out, sizeof(out));
    must(n == strlen(out) && n <= TLSC_DNS_NAME_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(data, size));
    tlsc_bytes a = tlsc_rd_vec16(&r, 0, 0xffff);
    tlsc_bytes b = tlsc_rd_rest(&r);
    char text[200];
    uint8_t oid[200];
    compare_names(a, b);
    match_names(a, b);
    size_t n = tlsc_oid_text(a, text, sizeof(text));
    if (n > 0 && n < sizeof(text)) {
        must(tlsc_bytes_equal(a, tlsc_bytes_of(oid, tlsc_oid_of_text(text, oid, sizeof(oid)))));
    }
    return 0;
}
