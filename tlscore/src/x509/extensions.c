/* SPDX-License-Identifier: Apache-2.0 */
/* x509/extensions.c: a row for each extension that is known, and its reader. RFC 5280 4.2 */
#include "x509/extensions.h"

#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"

enum {
    CONSTRAINT_MAX = 1 << 20, /* counts of certificates: more means no constraint all the same */
    STATUS_REQUEST = 5        /* RFC 6066 8 */
};

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
static void basic_constraints(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    (void)e;
    tlsc_der bc = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    out->has_basic_constraints = true;
    out->ca = tlsc_der_next_is(&bc, TLSC_DER_BOOLEAN) && tlsc_der_boolean(&bc);
    if (tlsc_der_more(&bc)) {
        tlsc_bytes n = tlsc_der_unsigned(&bc);
        tlsc_rd r = tlsc_rd_of(n);
        uint32_t value = n.n > 2 ? CONSTRAINT_MAX : 0;
        while (n.n <= 2 && tlsc_rd_more(&r)) {
            value = value << 8 | tlsc_rd_u8(&r);
        }
        out->path_len = out->ca ? (int)value : -1;
    }
    tlsc_der_leave(d, &bc);
}

/* ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId */
static void extended_key_usage(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    (void)e;
    out->has_extended_key_usage = true;
    out->key_purposes = tlsc_der_get(d, TLSC_DER_SEQUENCE);
    tlsc_der walk = tlsc_der_of(out->key_purposes);
    tlsc_der_check(d, out->key_purposes.n > 0);
    while (tlsc_der_more(&walk)) {
        (void)tlsc_der_oid(&walk);
    }
    tlsc_der_check(d, tlsc_der_end(&walk) == TLSC_OK);
}

static void subject_key_id(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    (void)e;
    out->subject_key_id = tlsc_der_get(d, TLSC_DER_OCTET_STRING);
}

/* AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] OPTIONAL, authorityCertIssuer [1] OPTIONAL,
 *                                       authorityCertSerialNumber [2] OPTIONAL } */
tlsc_bytes tlsc_authority_key_id(tlsc_der *d)
{
    enum { KEY_ID = TLSC_DER_CONTEXT | 0 };
    tlsc_bytes key_id = { NULL, 0 };
    tlsc_der aki = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    if (tlsc_der_next_is(&aki, KEY_ID)) {
        key_id = tlsc_der_get(&aki, KEY_ID);
    }
    for (uint8_t last = KEY_ID; tlsc_der_more(&aki);) {
        uint8_t tag;
        (void)tlsc_der_any(&aki, &tag);
        uint8_t number = tag & 0x1f;
        tlsc_der_check(&aki, (tag & 0xc0) == TLSC_DER_CONTEXT && number <= 2 &&
                                 number > (last & 0x1f));
        last = tag;
    }
    tlsc_der_leave(d, &aki);
    return key_id;
}

static void authority_key_id(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    (void)e;
    out->authority_key_id = tlsc_authority_key_id(d);
}

static void alt_names(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    tlsc_x509_general_name name;
    out->has_alt_names = true;
    out->alt_names_critical = e->critical;
    out->alt_names = tlsc_der_get(d, TLSC_DER_SEQUENCE);
    tlsc_der walk = tlsc_der_of(out->alt_names);
    tlsc_der_check(d, out->alt_names.n > 0);
    while (tlsc_general_name_next(&walk, &name)) {
        tlsc_der_check(d, name.kind != TLSC_X509_IP || name.value.n == 4 || name.value.n == 16);
        tlsc_der_check(d, name.kind != TLSC_X509_DIRECTORY || tlsc_dn_is_well_formed(name.value));
    }
    tlsc_der_check(d, tlsc_der_end(&walk) == TLSC_OK);
}

static void name_constraints(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    out->name_constraints = e->value;
    tlsc_der_check(d, tlsc_der_get(d, TLSC_DER_SEQUENCE).n > 0);
}

/* PolicyInformation ::= SEQUENCE { policyIdentifier CertPolicyId,
 *                                  policyQualifiers SEQUENCE SIZE (1..MAX) OF ... OPTIONAL } */
bool tlsc_policy_next(tlsc_der *walk, tlsc_bytes *out)
{
    *out = (tlsc_bytes){ NULL, 0 };
    if (!tlsc_der_more(walk)) {
        return false;
    }
    tlsc_der inside = tlsc_der_enter(walk, TLSC_DER_SEQUENCE);
    *out = tlsc_der_oid(&inside);
    if (tlsc_der_more(&inside)) {
        tlsc_der_check(&inside, tlsc_der_get(&inside, TLSC_DER_SEQUENCE).n > 0);
    }
    tlsc_der_leave(walk, &inside);
    return !walk->r.bad;
}

static void policies(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    tlsc_bytes policy;
    (void)e;
    out->policies = tlsc_der_get(d, TLSC_DER_SEQUENCE);
    tlsc_der_check(d, out->policies.n > 0);
    tlsc_der walk = tlsc_der_of(out->policies);
    while (tlsc_policy_next(&walk, &policy)) {
    }
    tlsc_der_check(d, tlsc_der_end(&walk) == TLSC_OK);
}

static void policy_mappings(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    (void)e;
    out->policy_mappings = tlsc_der_get(d, TLSC_DER_SEQUENCE);
    tlsc_der_check(d, out->policy_mappings.n > 0);
}

/* SkipCerts ::= INTEGER (0..MAX), with whatever tag. */
static int skip_certs(tlsc_bytes contents)
{
    tlsc_rd r = tlsc_rd_of(contents);
    int value = 0;
    while (tlsc_rd_more(&r)) {
        uint8_t b = tlsc_rd_u8(&r);
        value = value < CONSTRAINT_MAX ? value << 8 | b : value;
    }
    return value;
}

static bool is_skip_certs(tlsc_bytes contents)
{
    bool padded = contents.n > 1 && contents.p[0] == 0 && contents.p[1] < 0x80;
    return contents.n > 0 && contents.p[0] < 0x80 && !padded;
}

/* PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] SkipCerts OPTIONAL,
 *                                  inhibitPolicyMapping [1] SkipCerts OPTIONAL }, not empty */
static void policy_constraints(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    enum { REQUIRE = TLSC_DER_CONTEXT | 0, INHIBIT = TLSC_DER_CONTEXT | 1 };
    (void)e;
    tlsc_der pc = tlsc_der_enter(d, TLSC_DER_SEQUENCE);
    tlsc_der_check(&pc, tlsc_der_more(&pc));
    if (tlsc_der_next_is(&pc, REQUIRE)) {
        tlsc_bytes n = tlsc_der_get(&pc, REQUIRE);
        tlsc_der_check(&pc, is_skip_certs(n));
        out->require_explicit_policy = skip_certs(n);
    }
    if (tlsc_der_next_is(&pc, INHIBIT)) {
        tlsc_bytes n = tlsc_der_get(&pc, INHIBIT);
        tlsc_der_check(&pc, is_skip_certs(n));
        out->inhibit_policy_mapping = skip_certs(n);
    }
    tlsc_der_leave(d, &pc);
}

static void inhibit_any_policy(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    (void)e;
    tlsc_bytes n = tlsc_der_integer(d);
    tlsc_der_check(d, is_skip_certs(n));
    out->inhibit_any_policy = skip_certs(n);
}

static void crl_points(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    out->crl_points = e->value;
    (void)tlsc_der_get(d, TLSC_DER_SEQUENCE);
}

static void scts(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    out->scts = e->value;
    (void)tlsc_der_get(d, TLSC_DER_OCTET_STRING);
}

/* Features ::= SEQUENCE OF INTEGER: TLS extensions that the server must answer with. RFC 7633 4.1 */
static void tls_features(tlsc_der *d, const tlsc_extension *e, tlsc_extensions *out)
{
    (void)e;
    out->tls_features = tlsc_der_get(d, TLSC_DER_SEQUENCE);
    tlsc_der walk = tlsc_der_of(out->tls_features);
    while (tlsc_der_more(&walk)) {
        out->must_staple = tlsc_der_u64(&walk) == STATUS_REQUEST || out->must_staple;
    }
    tlsc_der_check(d, tlsc_der_end(&walk) == TLSC_OK);
}

static tlsc_err find_feature(uint64_t feature, tlsc_bytes offered, tlsc_work *work)
{
    tlsc_der walk = tlsc_der_of(offered);
    while (tlsc_der_more(&walk)) {
        if (!tlsc_work_take(work, &work->left.comparisons, 1)) {
            return TLSC_E_VERIFY_BUDGET;
        }
        if (tlsc_der_u64(&walk) == feature) {
            return TLSC_OK;
        }
    }
    return TLSC_E_TLS_FEATURE;
}

tlsc_err tlsc_tls_features_check(tlsc_bytes wanted, tlsc_bytes offered, tlsc_work *work)
{
    tlsc_der walk = tlsc_der_of(wanted);
    while (tlsc_der_more(&walk)) {
        TRY(find_feature(tlsc_der_u64(&walk), offered, work));
    }
    return TLSC_OK;
}

typedef struct known {
    uint8_t n;
    uint8_t oid[10];
    void (*read)(tlsc_der *value, const tlsc_extension *e, tlsc_extensions *out); /* NULL: elsewhere */
} known;

static const known rows[] = {
    { 3, { 0x55, 0x1d, 0x0f }, NULL }, /* keyUsage: tlsc_certificate_key_usage */
    { 3, { 0x55, 0x1d, 0x13 }, basic_constraints },
    { 3, { 0x55, 0x1d, 0x25 }, extended_key_usage },
    { 3, { 0x55, 0x1d, 0x0e }, subject_key_id },
    { 3, { 0x55, 0x1d, 0x23 }, authority_key_id },
    { 3, { 0x55, 0x1d, 0x11 }, alt_names },
    { 3, { 0x55, 0x1d, 0x1e }, name_constraints },
    { 3, { 0x55, 0x1d, 0x20 }, policies },
    { 3, { 0x55, 0x1d, 0x21 }, policy_mappings },
    { 3, { 0x55, 0x1d, 0x24 }, policy_constraints },
    { 3, { 0x55, 0x1d, 0x36 }, inhibit_any_policy },
    { 3, { 0x55, 0x1d, 0x1f }, crl_points },
    { 10, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x02 }, scts },
    { 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x18 }, tls_features },
};

static const known *find(tlsc_bytes oid)
{
    for (size_t i = 0; i < TLSC_COUNT(rows); i++) {
        if (tlsc_bytes_equal(oid, tlsc_bytes_of(rows[i].oid, rows[i].n))) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool read_one(const tlsc_extension *e, tlsc_extensions *out)
{
    const known *row = find(e->oid);
    if (row == NULL) {
        if (e->critical && out->unknown_critical.n == 0) {
            out->unknown_critical = e->oid;
        }
        return true;
    }
    if (row->read == NULL) {
        out->has_key_usage = true;
        return true;
    }
    tlsc_der d = tlsc_der_of(e->value);
    row->read(&d, e, out);
    return tlsc_der_end(&d) == TLSC_OK;
}

tlsc_err tlsc_extensions_read(const tlsc_certificate *c, tlsc_extensions *out)
{
    *out = (tlsc_extensions){ .path_len = -1,
                              .require_explicit_policy = -1,
                              .inhibit_policy_mapping = -1,
                              .inhibit_any_policy = -1 };
    bool fine = tlsc_certificate_key_usage(c, &out->key_usage) == TLSC_OK;
    tlsc_der walk = tlsc_der_of(c->extensions);
    tlsc_extension e;
    while (fine && tlsc_extension_next(&walk, &e)) {
        fine = read_one(&e, out);
    }
    if (!fine) {
        *out = (tlsc_extensions){ 0 };
        return TLSC_E_BAD_EXTENSION;
    }
    return TLSC_OK;
}

bool tlsc_key_purposes_have(tlsc_bytes key_purposes, tlsc_bytes purpose)
{
    tlsc_der walk = tlsc_der_of(key_purposes);
    while (tlsc_der_more(&walk)) {
        if (tlsc_bytes_equal(tlsc_der_oid(&walk), purpose)) {
            return true;
        }
    }
    return false;
}

/* ---- general names ---- */

static bool is_ascii(tlsc_bytes s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* GeneralName ::= CHOICE {
 *     otherName [0] SEQUENCE { type-id OID, value [0] EXPLICIT ANY }, rfc822Name [1] IA5String,
 *     dNSName [2] IA5String, x400Address [3] ORAddress, directoryName [4] EXPLICIT Name,
 *     ediPartyName [5] EDIPartyName, uniformResourceIdentifier [6] IA5String,
 *     iPAddress [7] OCTET STRING, registeredID [8] OBJECT IDENTIFIER }, IMPLICIT but for [4] */
bool tlsc_general_name_next(tlsc_der *walk, tlsc_x509_general_name *out)
{
    enum { CONSTRUCTED = 0x20 };
    static const bool constructed[] = { true, false, false, true, true, true, false, false, false };
    *out = (tlsc_x509_general_name){ 0 };
    if (!tlsc_der_more(walk)) {
        return false;
    }
    uint8_t tag;
    tlsc_bytes value = tlsc_der_any(walk, &tag);
    unsigned number = tag & 0x1f;
    tlsc_der_check(walk, (tag & 0xc0) == TLSC_DER_CONTEXT && number < TLSC_COUNT(constructed));
    if (walk->r.bad) {
        return false;
    }
    tlsc_der_check(walk, ((tag & CONSTRUCTED) != 0) == constructed[number]);
    bool is_string = number == TLSC_X509_EMAIL || number == TLSC_X509_DNS || number == TLSC_X509_URI;
    tlsc_der_check(walk, !is_string || is_ascii(value));
    if (number == TLSC_X509_DIRECTORY) {
        tlsc_der inside = tlsc_der_of(value);
        (void)tlsc_der_raw(&inside, TLSC_DER_SEQUENCE);
        tlsc_der_check(walk, tlsc_der_end(&inside) == TLSC_OK);
    }
    if (walk->r.bad) {
        return false;
    }
    *out = (tlsc_x509_general_name){ (tlsc_x509_general_name_kind)number, value };
    return true;
}
