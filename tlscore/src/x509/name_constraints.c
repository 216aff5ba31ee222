/* SPDX-License-Identifier: Apache-2.0 */
/* x509/name_constraints.c: names within subtrees, kind by kind. */
#include "x509/name_constraints.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"
#include "x509/names.h"

enum {
    TAG_PERMITTED = TLSC_DER_CONTEXT_CONSTRUCTED | 0,
    TAG_EXCLUDED = TLSC_DER_CONTEXT_CONSTRUCTED | 1
};

/* How a name stands to a subtree. */
typedef enum relation {
    OUTSIDE,
    INSIDE,
    PARTLY, /* a wildcard: some of what it stands for is inside */
    UNCLEAR /* can't be judged: neither inside of what is permitted, nor outside of what is excluded */
} relation;

/* ---- each kind ---- */

/* True if `domain` is `base` or ends in "." and `base`; with a leading dot in `base`, the latter only. */
static bool domain_within(tlsc_bytes domain, tlsc_bytes base)
{
    bool below_only = base.n > 0 && base.p[0] == '.';
    if (below_only) {
        base = tlsc_bytes_of(base.p + 1, base.n - 1);
    }
    if (base.n > domain.n) {
        return false;
    }
    size_t front = domain.n - base.n;
    if (!tlsc_ascii_equal(tlsc_bytes_of(domain.p + front, base.n), base)) {
        return false;
    }
    if (front == 0) {
        return !below_only;
    }
    return front > 1 && domain.p[front - 1] == '.';
}

static bool is_domain_base(tlsc_bytes base)
{
    if (base.n > 0 && base.p[0] == '.') {
        base = tlsc_bytes_of(base.p + 1, base.n - 1);
    }
    return tlsc_dns_name_is_valid(base);
}

/* "*.example.com" is inside of example.com, and has a part in host.example.com. */
static relation dns_relation(tlsc_bytes name, tlsc_bytes base)
{
    bool wildcard = name.n > 2 && name.p[0] == '*' && name.p[1] == '.';
    tlsc_bytes parent = wildcard ? tlsc_bytes_of(name.p + 2, name.n - 2) : name;
    if (base.n == 0) {
        return INSIDE;
    }
    if (!is_domain_base(base) || !tlsc_dns_name_is_valid(parent)) {
        return UNCLEAR;
    }
    if (!wildcard) {
        return domain_within(name, base) ? INSIDE : OUTSIDE;
    }
    if (base.p[0] == '.' ? domain_within(name, base) : domain_within(parent, base)) {
        return INSIDE;
    }
    size_t label = 0;
    while (label < base.n && base.p[label] != '.') {
        label++;
    }
    bool one_above = label > 0 && label < base.n &&
                     tlsc_ascii_equal(tlsc_bytes_of(base.p + label + 1, base.n - label - 1), parent);
    return one_above ? PARTLY : OUTSIDE;
}

static bool is_mask(tlsc_bytes mask)
{
    bool ended = false;
    for (size_t i = 0; i < mask.n; i++) {
        for (unsigned bit = 0x80; bit != 0; bit >>= 1) {
            bool set = (mask.p[i] & bit) != 0;
            if (set && ended) {
                return false;
            }
            ended = !set;
        }
    }
    return true;
}

/* An address and a mask as long as it (RFC 4632 style, so that no bit is set behind a clear one). */
static relation ip_relation(tlsc_bytes ip, tlsc_bytes base)
{
    size_t n = base.n / 2;
    if (base.n != 8 && base.n != 32) {
        return UNCLEAR;
    }
    tlsc_bytes mask = tlsc_bytes_of(base.p + n, n);
    if (!is_mask(mask) || (ip.n != 4 && ip.n != 16)) {
        return UNCLEAR;
    }
    bool inside = ip.n == n;
    for (size_t i = 0; inside && i < n; i++) {
        inside = ((ip.p[i] ^ base.p[i]) & mask.p[i]) == 0;
    }
    return inside ? INSIDE : OUTSIDE;
}

/* Splits at the last "@"; false where there is nothing in front, or no DNS name behind it: an absolute one, an
 * address, or the bytes of a BMPString may mean a host that a constraint is on. */
static bool split_mailbox(tlsc_bytes mailbox, tlsc_bytes *local, tlsc_bytes *domain)
{
    size_t at = mailbox.n;
    while (at > 0 && mailbox.p[at - 1] != '@') {
        at--;
    }
    if (at < 2 || at == mailbox.n) {
        return false;
    }
    *local = tlsc_bytes_of(mailbox.p, at - 1);
    *domain = tlsc_bytes_of(mailbox.p + at, mailbox.n - at);
    return tlsc_dns_name_is_valid(*domain);
}

/* RFC 5321 4.1.2: quoting doesn't change a mailbox, so that "me"@host is me@host. It isn't undone here. */
static bool is_quoted(tlsc_bytes local)
{
    for (size_t i = 0; i < local.n; i++) {
        if (local.p[i] == '"' || local.p[i] == '\\') {
            return true;
        }
    }
    return false;
}

/* A whole mailbox, all of a host's, or with a leading dot those of all hosts of a domain. */
static relation email_relation(tlsc_bytes mailbox, tlsc_bytes base)
{
    tlsc_bytes local, domain, base_local, base_domain;
    if (base.n == 0) {
        return INSIDE;
    }
    if (!split_mailbox(mailbox, &local, &domain)) {
        return UNCLEAR;
    }
    if (split_mailbox(base, &base_local, &base_domain)) {
        if (!tlsc_ascii_equal(domain, base_domain)) {
            return OUTSIDE;
        }
        if (tlsc_bytes_equal(local, base_local)) {
            return INSIDE;
        }
        return is_quoted(local) || is_quoted(base_local) ? UNCLEAR : OUTSIDE;
    }
    if (!is_domain_base(base)) {
        return UNCLEAR;
    }
    bool inside = base.p[0] == '.' ? domain_within(domain, base) : tlsc_ascii_equal(domain, base);
    return inside ? INSIDE : OUTSIDE;
}

/* Reads up to the first of these characters, or all that is left; leaves it there. */
static tlsc_bytes take_until(tlsc_bytes *left, const char *ends)
{
    size_t n = 0;
    while (n < left->n && (left->p[n] == '\0' || strchr(ends, left->p[n]) == NULL)) {
        n++;
    }
    tlsc_bytes taken = { left->p, n };
    *left = (tlsc_bytes){ left->p + n, left->n - n };
    return taken;
}

static bool all_of(tlsc_bytes text, const char *others)
{
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];
        uint8_t lower = c | 0x20;
        bool plain = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (c == '\0' || strchr(others, c) == NULL)) {
            return false;
        }
    }
    return true;
}

static bool starts_with(tlsc_bytes text, const char *with)
{
    size_t n = strlen(with);
    return text.n >= n && memcmp(text.p, with, n) == 0;
}

/* The host of scheme://[userinfo@]host[:port][/...], RFC 3986 3; false where there is none, or it is an
 * address: RFC 5280 has such a URI refused. So has it been with one in which somebody else may see another
 * host: a second "@", a backslash, "://" anywhere but behind the scheme. */
static bool uri_host(tlsc_bytes uri, tlsc_bytes *out)
{
    static const char userinfo_also[] = "-._~%!$&'()*+,;=:";
    tlsc_bytes left = uri;
    tlsc_bytes scheme = take_until(&left, ":");
    if (scheme.n == 0 || !all_of(scheme, "+-.") || !starts_with(left, "://")) {
        return false;
    }
    left = tlsc_bytes_of(left.p + 3, left.n - 3);
    tlsc_bytes authority = take_until(&left, "/?#");
    tlsc_bytes userinfo = take_until(&authority, "@");
    if (authority.n > 0) {
        authority = tlsc_bytes_of(authority.p + 1, authority.n - 1);
    } else {
        authority = userinfo;
        userinfo.n = 0;
    }
    *out = take_until(&authority, ":");
    return all_of(userinfo, userinfo_also) && all_of(authority, ":") && tlsc_dns_name_is_valid(*out);
}

/* A host, exactly, or with a leading dot all below a domain. */
static relation uri_relation(tlsc_bytes uri, tlsc_bytes base)
{
    tlsc_bytes host = { NULL, 0 };
    if (!uri_host(uri, &host)) {
        return UNCLEAR;
    }
    if (base.n == 0) {
        return INSIDE;
    }
    if (!is_domain_base(base)) {
        return UNCLEAR;
    }
    bool inside = base.p[0] == '.' ? domain_within(host, base) : tlsc_ascii_equal(host, base);
    return inside ? INSIDE : OUTSIDE;
}

static relation directory_relation(tlsc_bytes name, tlsc_bytes base)
{
    switch (tlsc_dn_relate(name, base)) {
    case TLSC_DN_WITHIN: return INSIDE;
    case TLSC_DN_OUTSIDE: return OUTSIDE;
    case TLSC_DN_UNCLEAR: break;
    }
    return UNCLEAR;
}

static relation relate(const tlsc_x509_general_name *name, tlsc_bytes base, tlsc_work *work)
{
    switch (name->kind) {
    case TLSC_X509_DNS: return dns_relation(name->value, base);
    case TLSC_X509_IP: return ip_relation(name->value, base);
    case TLSC_X509_EMAIL: return email_relation(name->value, base);
    case TLSC_X509_URI: return uri_relation(name->value, base);
    case TLSC_X509_DIRECTORY:
        if (!tlsc_work_take(work, &work->left.bytes, name->value.n + base.n)) {
            return UNCLEAR;
        }
        return directory_relation(name->value, base);
    case TLSC_X509_OTHER_NAME:
    case TLSC_X509_X400:
    case TLSC_X509_EDI_PARTY:
    case TLSC_X509_RID: break;
    }
    return UNCLEAR;
}

/* ---- all of them ---- */

/* A base of the kind; the lengths of addresses are pairs here, so tlsc_general_name_next serves both. */
typedef struct subtree {
    tlsc_x509_general_name base;
    bool bounded; /* minimum or maximum are there, which this profile hasn't */
} subtree;

/* GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] BaseDistance DEFAULT 0,
 *                               maximum [1] BaseDistance OPTIONAL } */
static bool next_subtree(tlsc_der *walk, subtree *out)
{
    *out = (subtree){ 0 };
    if (!tlsc_der_more(walk)) {
        return false;
    }
    tlsc_der inside = tlsc_der_enter(walk, TLSC_DER_SEQUENCE);
    tlsc_der_check(&inside, tlsc_general_name_next(&inside, &out->base));
    out->bounded = tlsc_der_more(&inside);
    while (tlsc_der_more(&inside)) {
        uint8_t tag;
        (void)tlsc_der_any(&inside, &tag);
    }
    tlsc_der_leave(walk, &inside);
    return !walk->r.bad;
}

typedef struct constraints {
    tlsc_bytes permitted; /* GeneralSubtrees' contents */
    tlsc_bytes excluded;
} constraints;

/* NameConstraints ::= SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL,
 *                                excludedSubtrees  [1] GeneralSubtrees OPTIONAL }, not empty */
static tlsc_err read_constraints(tlsc_bytes value, constraints *out)
{
    tlsc_der d = tlsc_der_of(value);
    tlsc_der nc = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    *out = (constraints){ 0 };
    if (tlsc_der_next_is(&nc, TAG_PERMITTED)) {
        out->permitted = tlsc_der_get(&nc, TAG_PERMITTED);
        tlsc_der_check(&nc, out->permitted.n > 0);
    }
    if (tlsc_der_next_is(&nc, TAG_EXCLUDED)) {
        out->excluded = tlsc_der_get(&nc, TAG_EXCLUDED);
        tlsc_der_check(&nc, out->excluded.n > 0);
    }
    tlsc_der_leave(&d, &nc);
    return tlsc_der_end(&d) == TLSC_OK ? TLSC_OK : TLSC_E_BAD_EXTENSION;
}

static tlsc_err check_excluded(tlsc_bytes list, const tlsc_x509_general_name *name, tlsc_work *work)
{
    tlsc_der walk = tlsc_der_of(list);
    subtree s;
    while (next_subtree(&walk, &s)) {
        if (!tlsc_work_take(work, &work->left.comparisons, 1)) {
            return TLSC_E_VERIFY_BUDGET;
        }
        if (s.base.kind == name->kind &&
            (s.bounded || relate(name, s.base.value, work) != OUTSIDE)) {
            return work->exhausted ? TLSC_E_VERIFY_BUDGET : TLSC_E_NAME_CONSTRAINTS;
        }
    }
    return tlsc_der_end(&walk) == TLSC_OK ? TLSC_OK : TLSC_E_BAD_EXTENSION;
}

static tlsc_err check_permitted(tlsc_bytes list, const tlsc_x509_general_name *name, tlsc_work *work)
{
    tlsc_der walk = tlsc_der_of(list);
    bool constrained = false;
    bool inside = false;
    subtree s;
    while (next_subtree(&walk, &s)) {
        if (!tlsc_work_take(work, &work->left.comparisons, 1)) {
            return TLSC_E_VERIFY_BUDGET;
        }
        if (s.base.kind == name->kind && !inside) {
            constrained = true;
            inside = !s.bounded && relate(name, s.base.value, work) == INSIDE;
        }
    }
    if (work->exhausted) {
        return TLSC_E_VERIFY_BUDGET;
    }
    if (tlsc_der_end(&walk) != TLSC_OK) {
        return TLSC_E_BAD_EXTENSION;
    }
    return constrained && !inside ? TLSC_E_NAME_CONSTRAINTS : TLSC_OK;
}

static tlsc_err check_name(const constraints *nc, const tlsc_x509_general_name *name,
                           tlsc_work *work)
{
    TRY(check_excluded(nc->excluded, name, work));
    return check_permitted(nc->permitted, name, work);
}

/* id-on-SmtpUTF8Mailbox, RFC 9598 3 */
static const uint8_t smtp_utf8_mailbox[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09 };

static tlsc_err check_alt_name(const constraints *nc, const tlsc_x509_general_name *name,
                               tlsc_work *work)
{
    tlsc_bytes type, value;
    if (name->kind == TLSC_X509_OTHER_NAME && tlsc_x509_other_name(name->value, &type, &value) &&
        tlsc_bytes_equal(type, tlsc_bytes_of(smtp_utf8_mailbox, sizeof(smtp_utf8_mailbox)))) {
        tlsc_x509_general_name mailbox = { TLSC_X509_EMAIL, value };
        TRY(check_name(nc, &mailbox, work));
    }
    return check_name(nc, name, work);
}

static const uint8_t email_address[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01 };

static tlsc_err check_subject(const constraints *nc, const tlsc_node *c, tlsc_work *work)
{
    tlsc_x509_general_name subject = { TLSC_X509_DIRECTORY, c->c.subject };
    tlsc_dn_walk walk = tlsc_dn_walk_of(c->c.subject);
    tlsc_x509_attribute a;
    if (tlsc_dn_is_empty(c->c.subject)) {
        return TLSC_OK;
    }
    TRY(check_name(nc, &subject, work));
    while (tlsc_dn_next(&walk, &a)) {
        if (tlsc_bytes_equal(a.type, tlsc_bytes_of(email_address, sizeof(email_address)))) {
            tlsc_x509_general_name mailbox = { TLSC_X509_EMAIL, a.value };
            TRY(check_name(nc, &mailbox, work));
        }
    }
    return TLSC_OK;
}

tlsc_err tlsc_name_constraints_check(const tlsc_node *ca, const tlsc_node *c, bool common_name,
                                     tlsc_work *work)
{
    constraints nc;
    tlsc_x509_general_name name;
    tlsc_der names = tlsc_der_of(c->e.alt_names);
    if (ca->e.name_constraints.n == 0) {
        return TLSC_OK;
    }
    TRY(read_constraints(ca->e.name_constraints, &nc));
    TRY(check_subject(&nc, c, work));
    while (tlsc_general_name_next(&names, &name)) {
        TRY(check_alt_name(&nc, &name, work));
    }
    tlsc_bytes cn = common_name ? tlsc_common_name_of(c) : (tlsc_bytes){ NULL, 0 };
    bool wildcard = cn.n > 2 && cn.p[0] == '*' && cn.p[1] == '.';
    if (wildcard || tlsc_dns_name_is_valid(cn)) { /* else it is a person's, say, and no host's */
        name = (tlsc_x509_general_name){ TLSC_X509_DNS, cn };
        TRY(check_name(&nc, &name, work));
    }
    return TLSC_OK;
}
