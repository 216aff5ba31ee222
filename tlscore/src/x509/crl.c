/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl.c: CertificateList, read in the order of its ASN.1. RFC 5280 5 */
#include "x509/crl.h"

#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"
#include "x509/extensions.h"
#include "x509/signature.h"

enum {
    ENUMERATED = 0x0a,
    TAG_CRL_EXTENSIONS = TLSC_DER_CONTEXT_CONSTRUCTED | 0
};

/* ---- rows of extensions ---- */

/* What an extension says besides its values. */
typedef enum extension_use { GOOD, UNSUPPORTED, MALFORMED } extension_use;

typedef struct known {
    uint8_t oid[3]; /* id-ce and a number */
    extension_use (*read)(tlsc_der *value, void *out);
} known;

static extension_use unsupported(tlsc_der *value, void *out)
{
    (void)out;
    (void)tlsc_rd_rest(&value->r);
    return UNSUPPORTED;
}

static extension_use read_one(const known *rows, size_t num, const tlsc_extension *e, void *out)
{
    for (size_t i = 0; i < num; i++) {
        if (tlsc_bytes_equal(e->oid, tlsc_bytes_of(rows[i].oid, sizeof(rows[i].oid)))) {
            tlsc_der value = tlsc_der_of(e->value);
            extension_use use = rows[i].read(&value, out);
            return tlsc_der_end(&value) == TLSC_OK ? use : MALFORMED;
        }
    }
    return e->critical ? UNSUPPORTED : GOOD; /* RFC 5280 5.2, 5.3 */
}

/* Reads all of a list, which is worth what its worst extension is. in: contents of Extensions. */
static extension_use read_extensions(const known *rows, size_t num, tlsc_bytes list, void *out)
{
    tlsc_der walk = tlsc_der_of(list);
    tlsc_extension e;
    extension_use worst = tlsc_extensions_well_formed(list) ? GOOD : MALFORMED;
    while (worst != MALFORMED && tlsc_extension_next(&walk, &e)) {
        extension_use use = read_one(rows, num, &e, out);
        worst = use > worst ? use : worst;
    }
    return worst;
}

/* ---- revoked certificates ---- */

/* CRLReason ::= ENUMERATED { unspecified (0), ..., removeFromCRL (8), ..., aACompromise (10) }; 7 isn't
 * used, and 8 stands in delta CRLs alone. RFC 5280 5.3.1 */
static extension_use reason_code(tlsc_der *value, void *out)
{
    enum { NOT_USED = 7, REMOVE = 8, LAST = 10 };
    tlsc_crl_revoked *entry = (tlsc_crl_revoked *)out;
    tlsc_rd r = tlsc_rd_of(tlsc_der_get(value, ENUMERATED));
    entry->reason = tlsc_rd_u8(&r);
    bool fine = entry->reason <= LAST && entry->reason != NOT_USED && entry->reason != REMOVE;
    return fine && tlsc_rd_end(&r) == TLSC_OK ? GOOD : MALFORMED;
}

/* InvalidityDate ::= GeneralizedTime: since when nobody should have trusted it. Not used. RFC 5280 5.3.2 */
static extension_use invalidity_date(tlsc_der *value, void *out)
{
    (void)out;
    tlsc_der_check(value, tlsc_der_next_is(value, TLSC_DER_GENERALIZED_TIME));
    (void)tlsc_der_time(value);
    return GOOD;
}

static const known entry_rows[] = {
    { { 0x55, 0x1d, 0x15 }, reason_code },
    { { 0x55, 0x1d, 0x18 }, invalidity_date },
    { { 0x55, 0x1d, 0x1d }, unsupported }, /* certificateIssuer: an indirect CRL */
};

tlsc_crl_walk tlsc_crl_walk_of(const tlsc_crl *crl)
{
    return (tlsc_crl_walk){ .d = tlsc_der_of(crl->revoked), .version = crl->version };
}

/* SEQUENCE { userCertificate CertificateSerialNumber, revocationDate Time,
 *            crlEntryExtensions Extensions OPTIONAL -- version 2 -- }   RFC 5280 5.1 */
bool tlsc_crl_next(tlsc_crl_walk *walk, tlsc_crl_revoked *out)
{
    *out = (tlsc_crl_revoked){ 0 };
    if (!tlsc_der_more(&walk->d)) {
        return false;
    }
    tlsc_der entry = tlsc_der_enter(&walk->d, TLSC_DER_SEQUENCE);
    out->serial = tlsc_der_integer(&entry);
    out->date_s = tlsc_der_time(&entry);
    if (tlsc_der_more(&entry)) {
        tlsc_bytes list = tlsc_der_get(&entry, TLSC_DER_SEQUENCE);
        extension_use use = read_extensions(entry_rows, TLSC_COUNT(entry_rows), list, out);
        tlsc_der_check(&entry, use != MALFORMED && walk->version == 2);
        walk->unsupported = walk->unsupported || use == UNSUPPORTED;
    }
    tlsc_der_leave(&walk->d, &entry);
    return !walk->d.r.bad;
}

/* revokedCertificates SEQUENCE OF SEQUENCE { ... } OPTIONAL */
static extension_use revoked_certificates(tlsc_der *tbs, tlsc_crl *out)
{
    tlsc_crl_revoked entry;
    if (!tlsc_der_next_is(tbs, TLSC_DER_SEQUENCE)) {
        return GOOD;
    }
    out->revoked = tlsc_der_get(tbs, TLSC_DER_SEQUENCE);
    tlsc_crl_walk walk = tlsc_crl_walk_of(out);
    while (tlsc_crl_next(&walk, &entry)) {
        out->num_revoked++;
    }
    tlsc_der_leave(tbs, &walk.d);
    return walk.unsupported ? UNSUPPORTED : GOOD;
}

/* ---- extensions of the list ---- */

static extension_use authority_key_id(tlsc_der *value, void *out)
{
    ((tlsc_crl *)out)->authority_key_id = tlsc_authority_key_id(value);
    return GOOD;
}

/* CRLNumber ::= INTEGER (0..MAX) */
static extension_use crl_number(tlsc_der *value, void *out)
{
    tlsc_crl *crl = (tlsc_crl *)out;
    crl->number = tlsc_der_unsigned(value);
    crl->has_number = true;
    return crl->number.n <= TLSC_CRL_NUMBER_MAX ? GOOD : MALFORMED;
}

/* DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] ... } */
static extension_use point_name(tlsc_der *idp, tlsc_crl *out)
{
    enum { FULL_NAME = TLSC_DER_CONTEXT_CONSTRUCTED | 0 };
    tlsc_x509_general_name name;
    tlsc_der point = tlsc_der_enter(idp, TLSC_DER_CONTEXT_CONSTRUCTED | 0);
    if (!tlsc_der_next_is(&point, FULL_NAME)) {
        (void)tlsc_der_get(&point, TLSC_DER_CONTEXT_CONSTRUCTED | 1);
        tlsc_der_leave(idp, &point);
        return UNSUPPORTED;
    }
    out->has_points = true;
    out->points = tlsc_der_get(&point, FULL_NAME);
    tlsc_der_leave(idp, &point);
    tlsc_der walk = tlsc_der_of(out->points);
    tlsc_der_check(idp, out->points.n > 0);
    while (tlsc_general_name_next(&walk, &name)) {
    }
    tlsc_der_check(idp, tlsc_der_end(&walk) == TLSC_OK);
    return GOOD;
}

/* [n] BOOLEAN DEFAULT FALSE, IMPLICIT: it is TRUE if it is there (X.690 11.1, 11.5). */
static bool is_set(tlsc_der *idp, uint8_t number)
{
    uint8_t tag = TLSC_DER_CONTEXT | number;
    if (!tlsc_der_next_is(idp, tag)) {
        return false;
    }
    tlsc_bytes value = tlsc_der_get(idp, tag);
    tlsc_der_check(idp, value.n == 1 && value.p[0] == 0xff);
    return true;
}

/* IssuingDistributionPoint ::= SEQUENCE {
 *     distributionPoint          [0] DistributionPointName OPTIONAL,
 *     onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
 *     onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
 *     onlySomeReasons            [3] ReasonFlags OPTIONAL,
 *     indirectCRL                [4] BOOLEAN DEFAULT FALSE,
 *     onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }, not empty   RFC 5280 5.2.5 */
static extension_use issuing_distribution_point(tlsc_der *value, void *out)
{
    enum { SOME_REASONS = TLSC_DER_CONTEXT | 3 };
    tlsc_crl *crl = (tlsc_crl *)out;
    extension_use use = GOOD;
    tlsc_der idp = tlsc_der_enter(value, TLSC_DER_SEQUENCE);
    tlsc_der_check(&idp, tlsc_der_more(&idp));
    if (tlsc_der_next_is(&idp, TLSC_DER_CONTEXT_CONSTRUCTED | 0)) {
        use = point_name(&idp, crl);
    }
    crl->only_users = is_set(&idp, 1);
    crl->only_cas = is_set(&idp, 2);
    if (tlsc_der_next_is(&idp, SOME_REASONS)) {
        tlsc_bytes flags = tlsc_der_get(&idp, SOME_REASONS); /* a BIT STRING, maybe without any bit */
        tlsc_der_check(&idp, flags.n > 0 && flags.p[0] <= 7 && (flags.n > 1 || flags.p[0] == 0));
        use = UNSUPPORTED;
    }
    bool indirect = is_set(&idp, 4);
    bool attributes = is_set(&idp, 5);
    tlsc_der_check(&idp, crl->only_users + crl->only_cas + attributes <= 1);
    tlsc_der_leave(value, &idp);
    return indirect || attributes ? UNSUPPORTED : use;
}

static const known crl_rows[] = {
    { { 0x55, 0x1d, 0x23 }, authority_key_id },
    { { 0x55, 0x1d, 0x14 }, crl_number },
    { { 0x55, 0x1d, 0x1b }, unsupported }, /* deltaCRLIndicator */
    { { 0x55, 0x1d, 0x1c }, issuing_distribution_point },
};

/* crlExtensions [0] EXPLICIT Extensions OPTIONAL, in version 2 */
static extension_use crl_extensions(tlsc_der *tbs, tlsc_crl *out)
{
    if (!tlsc_der_next_is(tbs, TAG_CRL_EXTENSIONS)) {
        return GOOD;
    }
    tlsc_der explicit_tag = tlsc_der_enter(tbs, TAG_CRL_EXTENSIONS);
    tlsc_bytes list = tlsc_der_get(&explicit_tag, TLSC_DER_SEQUENCE);
    tlsc_der_leave(tbs, &explicit_tag);
    extension_use use = read_extensions(crl_rows, TLSC_COUNT(crl_rows), list, out);
    tlsc_der_check(tbs, use != MALFORMED && out->version == 2);
    return use;
}

/* ---- the whole ---- */

/* version Version OPTIONAL: v2(1), if it is there */
static unsigned version(tlsc_der *tbs)
{
    if (!tlsc_der_next_is(tbs, TLSC_DER_INTEGER)) {
        return 1;
    }
    tlsc_der_check(tbs, tlsc_der_u64(tbs) == 1);
    return 2;
}

static bool is_time(const tlsc_der *d)
{
    return tlsc_der_next_is(d, TLSC_DER_UTC_TIME) || tlsc_der_next_is(d, TLSC_DER_GENERALIZED_TIME);
}

/* TBSCertList ::= SEQUENCE {
 *     version             Version OPTIONAL,
 *     signature           AlgorithmIdentifier,
 *     issuer              Name,
 *     thisUpdate          Time,
 *     nextUpdate          Time OPTIONAL,
 *     revokedCertificates SEQUENCE OF SEQUENCE { ... } OPTIONAL,
 *     crlExtensions   [0] EXPLICIT Extensions OPTIONAL }   RFC 5280 5.1 */
static tlsc_err parse_tbs(tlsc_crl *out, tlsc_bytes algorithm)
{
    tlsc_der d = tlsc_der_of(out->tbs);
    tlsc_der tbs = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    out->version = version(&tbs);
    /* The signed name of the algorithm is worth something only if it is the one that is used. */
    tlsc_der_check(&tbs, tlsc_bytes_equal(tlsc_der_raw(&tbs, TLSC_DER_SEQUENCE), algorithm));
    out->issuer = tlsc_der_raw(&tbs, TLSC_DER_SEQUENCE);
    tlsc_der_check(&tbs, tlsc_dn_is_well_formed(out->issuer));
    out->this_update_s = tlsc_der_time(&tbs);
    out->has_next_update = is_time(&tbs);
    out->next_update_s = out->has_next_update ? tlsc_der_time(&tbs) : 0;
    extension_use entries = revoked_certificates(&tbs, out);
    extension_use list = crl_extensions(&tbs, out);
    tlsc_der_leave(&d, &tbs);
    if (tlsc_der_end(&d) != TLSC_OK) {
        return TLSC_E_BAD_CRL;
    }
    return entries == GOOD && list == GOOD ? TLSC_OK : TLSC_E_CRL_UNSUPPORTED;
}

/* CertificateList ::= SEQUENCE {
 *     tbsCertList         TBSCertList,
 *     signatureAlgorithm  AlgorithmIdentifier,
 *     signatureValue      BIT STRING }   RFC 5280 5.1 */
static tlsc_err parse(tlsc_crl *out, tlsc_bytes der)
{
    tlsc_der d = tlsc_der_of(der);
    tlsc_der list = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    out->tbs = tlsc_der_raw(&list, TLSC_DER_SEQUENCE);
    tlsc_bytes algorithm = tlsc_der_raw(&list, TLSC_DER_SEQUENCE);
    out->signature = tlsc_der_bit_string_bytes(&list);
    tlsc_der_leave(&d, &list);
    if (tlsc_der_end(&d) != TLSC_OK) {
        return TLSC_E_BAD_CRL;
    }
    TRY(parse_tbs(out, algorithm));
    out->scheme = tlsc_signature_algorithm(algorithm);
    return out->scheme == 0 ? TLSC_E_CRL_UNSUPPORTED : TLSC_OK;
}

tlsc_err tlsc_crl_parse(tlsc_crl *out, tlsc_bytes der)
{
    *out = (tlsc_crl){ 0 };
    tlsc_der whole = tlsc_der_of(der);
    (void)tlsc_der_get(&whole, TLSC_DER_SEQUENCE);
    TRY(tlsc_der_end(&whole));
    tlsc_err rc = parse(out, der);
    if (rc != TLSC_OK) {
        *out = (tlsc_crl){ 0 };
    }
    return rc;
}
