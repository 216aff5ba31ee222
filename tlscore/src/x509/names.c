/* SPDX-License-Identifier: Apache-2.0 */
/* x509/names.c: hosts, addresses and mailboxes, compared. */
#include "x509/names.h"

#include <arpa/inet.h>

#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"
#include "x509/text.h"

enum { LABEL_MAX = 63 };

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

bool tlsc_ascii_equal(tlsc_bytes a, tlsc_bytes b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_label_char(uint8_t c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c) || c == '-' || c == '_';
}

static bool is_label(tlsc_bytes label)
{
    if (label.n == 0 || label.n > LABEL_MAX || label.p[0] == '-' || label.p[label.n - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < label.n; i++) {
        if (!is_label_char(label.p[i])) {
            return false;
        }
    }
    return true;
}

static bool is_number(tlsc_bytes label)
{
    for (size_t i = 0; i < label.n; i++) {
        if (!is_digit(label.p[i])) {
            return false;
        }
    }
    return true;
}

/* Takes the first label and the dot behind it; false at the end. A dot at the end leaves an empty label
 * to be taken, once. */
static bool take_label(tlsc_bytes *name, tlsc_bytes *label)
{
    size_t n = 0;
    if (name->p == NULL) {
        return false;
    }
    while (n < name->n && name->p[n] != '.') {
        n++;
    }
    *label = tlsc_bytes_of(name->p, n);
    *name = n < name->n ? tlsc_bytes_of(name->p + n + 1, name->n - n - 1) : (tlsc_bytes){ NULL, 0 };
    return true;
}

bool tlsc_dns_name_is_valid(tlsc_bytes name)
{
    tlsc_bytes label = { NULL, 0 };
    tlsc_bytes left = name;
    if (name.n == 0 || name.n > TLSC_DNS_NAME_MAX) {
        return false;
    }
    while (take_label(&left, &label)) {
        if (!is_label(label)) {
            return false;
        }
    }
    return !is_number(label);
}

bool tlsc_dns_name_matches(tlsc_bytes presented, tlsc_bytes reference)
{
    bool wildcard = presented.n > 2 && presented.p[0] == '*' && presented.p[1] == '.';
    if (wildcard) {
        tlsc_bytes label;
        tlsc_bytes rest = { NULL, 0 };
        presented = tlsc_bytes_of(presented.p + 2, presented.n - 2);
        rest = presented;
        (void)take_label(&rest, &label);
        if (rest.n == 0 || !take_label(&reference, &label)) {
            return false; /* "*.com" is everybody's */
        }
    }
    return tlsc_ascii_equal(presented, reference) && tlsc_dns_name_is_valid(presented);
}

size_t tlsc_ip_of_text(tlsc_bytes text, uint8_t out[16])
{
    char copy[INET6_ADDRSTRLEN] = { 0 };
    if (text.n == 0 || text.n >= sizeof(copy)) {
        return 0;
    }
    memcpy(copy, text.p, text.n);
    if (strlen(copy) != text.n) {
        return 0;
    }
    return inet_pton(AF_INET, copy, out) == 1 ? 4 : inet_pton(AF_INET6, copy, out) == 1 ? 16 : 0;
}

/* ---- what is asked for ---- */

static bool read_dns(tlsc_bytes text, tlsc_reference *out)
{
    if (text.n > 0 && text.p[text.n - 1] == '.') {
        text.n--;
    }
    out->kind = TLSC_REFERENCE_DNS;
    out->name = text;
    return tlsc_dns_name_is_valid(text);
}

static bool read_ip(tlsc_bytes text, tlsc_reference *out)
{
    out->kind = TLSC_REFERENCE_IP;
    out->name = text;
    out->ip_n = tlsc_ip_of_text(text, out->ip);
    return out->ip_n > 0;
}

/* Where the last @ is; the length where there is none. */
static size_t at_sign(tlsc_bytes mailbox)
{
    size_t at = mailbox.n;
    for (size_t i = mailbox.n; i-- > 0 && at == mailbox.n;) {
        at = mailbox.p[i] == '@' ? i : at;
    }
    return at;
}

static bool split_mailbox(tlsc_bytes mailbox, tlsc_bytes *local, tlsc_bytes *domain)
{
    size_t at = at_sign(mailbox);
    if (at == 0 || at >= mailbox.n) {
        return false;
    }
    *local = tlsc_bytes_of(mailbox.p, at);
    *domain = tlsc_bytes_of(mailbox.p + at + 1, mailbox.n - at - 1);
    return tlsc_dns_name_is_valid(*domain);
}

static bool read_email(tlsc_bytes text, tlsc_reference *out)
{
    tlsc_bytes local;
    tlsc_bytes domain;
    out->kind = TLSC_REFERENCE_EMAIL;
    out->name = text;
    return split_mailbox(text, &local, &domain);
}

tlsc_err tlsc_reference_read(const tlsc_reference_name *from, tlsc_reference *out)
{
    bool fine = false;
    *out = (tlsc_reference){ 0 };
    switch (from->kind) {
    case TLSC_REFERENCE_HOST: fine = read_ip(from->text, out) || read_dns(from->text, out); break;
    case TLSC_REFERENCE_DNS: fine = read_dns(from->text, out); break;
    case TLSC_REFERENCE_IP: fine = read_ip(from->text, out); break;
    case TLSC_REFERENCE_EMAIL: fine = read_email(from->text, out); break;
    }
    if (!fine) {
        *out = (tlsc_reference){ 0 };
        return TLSC_E_BAD_NAME;
    }
    return TLSC_OK;
}

/* ---- what a leaf has ---- */

static bool mailbox_matches(tlsc_bytes presented, tlsc_bytes reference)
{
    tlsc_bytes local, domain, wanted_local, wanted_domain;
    return split_mailbox(presented, &local, &domain) &&
           split_mailbox(reference, &wanted_local, &wanted_domain) &&
           tlsc_bytes_equal(local, wanted_local) && tlsc_ascii_equal(domain, wanted_domain);
}

static bool name_matches(const tlsc_reference *r, const tlsc_x509_general_name *name)
{
    switch (r->kind) {
    case TLSC_REFERENCE_DNS:
        return name->kind == TLSC_X509_DNS && tlsc_dns_name_matches(name->value, r->name);
    case TLSC_REFERENCE_IP:
        return name->kind == TLSC_X509_IP &&
               tlsc_bytes_equal(name->value, tlsc_bytes_of(r->ip, r->ip_n));
    case TLSC_REFERENCE_EMAIL:
        return name->kind == TLSC_X509_EMAIL && mailbox_matches(name->value, r->name);
    case TLSC_REFERENCE_HOST: break;
    }
    return false;
}

/* A string of one byte a character has its text as it lies there. */
static bool is_bytewise(uint8_t tag)
{
    return tag == 0x0c || tag == 0x13 || tag == 0x16 || tag == 0x14;
}

tlsc_bytes tlsc_common_name_of(const tlsc_node *leaf)
{
    static const uint8_t common_name[] = { 0x55, 0x04, 0x03 };
    tlsc_bytes found = { NULL, 0 };
    tlsc_der names = tlsc_der_of(leaf->e.alt_names);
    tlsc_x509_general_name name;
    tlsc_x509_attribute a;
    while (tlsc_general_name_next(&names, &name)) {
        if (name.kind == TLSC_X509_DNS || name.kind == TLSC_X509_IP) {
            return found;
        }
    }
    tlsc_dn_walk walk = tlsc_dn_walk_of(leaf->c.subject);
    while (tlsc_dn_next(&walk, &a)) {
        if (tlsc_bytes_equal(a.type, tlsc_bytes_of(common_name, sizeof(common_name))) &&
            is_bytewise(a.tag)) {
            found = a.value;
        }
    }
    return found;
}

bool tlsc_reference_matches(const tlsc_reference *r, const tlsc_node *leaf, bool common_name)
{
    tlsc_der names = tlsc_der_of(leaf->e.alt_names);
    tlsc_x509_general_name name;
    while (tlsc_general_name_next(&names, &name)) {
        if (name_matches(r, &name)) {
            return true;
        }
    }
    return common_name && r->kind == TLSC_REFERENCE_DNS &&
           tlsc_dns_name_matches(tlsc_common_name_of(leaf), r->name);
}

/* ---- advice ---- */

/* RFC 3492 5, 6.1 */
enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, BIAS = 72, FIRST = 0x80 };

static uint32_t adapt(uint32_t delta, uint32_t num, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / num;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE) {
        delta /= BASE - T_MIN;
    }
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static void put_delta(tlsc_text *t, uint32_t q, uint32_t bias)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t limit = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        if (q < limit) {
            break;
        }
        tlsc_text_put(t, digits[limit + (q - limit) % (BASE - limit)]);
        q = (q - limit) / (BASE - limit);
    }
    tlsc_text_put(t, digits[q]);
}

/* RFC 3492 6.3 over at most LABEL_MAX characters, which keeps all sums below 2^32. */
static void put_punycode(tlsc_text *t, const uint32_t *c, uint32_t num)
{
    uint32_t n = FIRST, delta = 0, bias = BIAS, done = 0;
    for (uint32_t i = 0; i < num; i++) {
        if (c[i] < FIRST) {
            tlsc_text_put(t, (char)c[i]);
            done++;
        }
    }
    uint32_t basic = done;
    if (basic > 0) {
        tlsc_text_put(t, '-');
    }
    while (done < num) {
        uint32_t next = UINT32_MAX;
        for (uint32_t i = 0; i < num; i++) {
            next = c[i] >= n && c[i] < next ? c[i] : next;
        }
        delta += (next - n) * (done + 1);
        n = next;
        for (uint32_t i = 0; i < num; i++) {
            delta += c[i] < n ? 1 : 0;
            if (c[i] == n) {
                put_delta(t, delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done++;
            }
        }
        delta++;
        n++;
    }
}

/* One label in UTF-8. False where it is none, or too long. */
static bool put_label(tlsc_text *t, tlsc_bytes label)
{
    enum { UTF8_STRING = 0x0c };
    uint32_t c[LABEL_MAX];
    uint32_t num = 0;
    bool ascii = true;
    tlsc_rd r = tlsc_rd_of(label);
    int32_t next = tlsc_dn_char(&r, UTF8_STRING);
    for (; next >= 0; next = tlsc_dn_char(&r, UTF8_STRING)) {
        bool fits = next >= 0x80 || is_label_char((uint8_t)next);
        if (num == LABEL_MAX || !fits) {
            return false;
        }
        c[num++] = next < 0x80 ? lower((uint8_t)next) : (uint32_t)next;
        ascii = ascii && next < 0x80;
    }
    if (next != TLSC_CHAR_END || num == 0) {
        return false;
    }
    size_t from = t->n;
    if (!ascii) {
        tlsc_text_str(t, "xn--");
        put_punycode(t, c, num);
    }
    for (uint32_t i = 0; ascii && i < num; i++) {
        tlsc_text_put(t, (char)c[i]);
    }
    return t->n - from <= LABEL_MAX;
}

size_t tlsc_host_a_labels(tlsc_bytes host, char *out, size_t cap)
{
    tlsc_text t = tlsc_text_of(out, cap);
    tlsc_bytes label;
    bool fine = true;
    if (host.n > 0 && host.p[host.n - 1] == '.') {
        host.n--;
    }
    while (fine && take_label(&host, &label)) {
        if (t.n > 0) {
            tlsc_text_put(&t, '.');
        }
        fine = put_label(&t, label);
    }
    if (!fine || t.n > TLSC_DNS_NAME_MAX) {
        t.n = 0;
    }
    return tlsc_text_end(&t);
}
