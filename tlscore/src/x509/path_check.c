/* SPDX-License-Identifier: Apache-2.0 */
/* x509/path_check.c: what a certificate may be in a path. */
#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"
#include "x509/path.h"

enum { SERIAL_MAX = 20 }; /* bytes, RFC 5280 4.1.2.2 */

/* id-kp-serverAuth, id-kp-clientAuth, anyExtendedKeyUsage: RFC 5280 4.2.1.12 */
static const uint8_t server_auth[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01 };
static const uint8_t client_auth[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02 };
static const uint8_t any_usage[] = { 0x55, 0x1d, 0x25, 0x00 };

/* ---- any certificate ---- */

static tlsc_err check_dates(const tlsc_path *p, const tlsc_node *c)
{
    if (p->now_s < c->c.not_before_s) {
        return TLSC_E_CERTIFICATE_NOT_YET_VALID;
    }
    return p->now_s > c->c.not_after_s ? TLSC_E_CERTIFICATE_EXPIRED : TLSC_OK;
}

/* Positive, and of at most 20 bytes, the sign's apart. */
static tlsc_err check_serial(tlsc_bytes serial)
{
    bool negative = serial.p[0] >= 0x80;
    bool zero = serial.n == 1 && serial.p[0] == 0;
    size_t n = serial.p[0] == 0 ? serial.n - 1 : serial.n;
    return negative || zero || n > SERIAL_MAX ? TLSC_E_CERTIFICATE_SERIAL : TLSC_OK;
}

/* An issuer has a name. A subject without one is named by a subjectAltName that is critical. */
static tlsc_err check_names(const tlsc_node *c)
{
    bool nameless = tlsc_dn_is_empty(c->c.subject);
    bool named = !nameless || (c->e.has_alt_names && c->e.alt_names_critical && !c->e.ca);
    bool fine = named && tlsc_dn_is_well_formed(c->c.subject) &&
                tlsc_dn_is_well_formed(c->c.issuer) && !tlsc_dn_is_empty(c->c.issuer);
    return fine ? TLSC_OK : TLSC_E_CERTIFICATE_NAME;
}

static tlsc_err check_key(const tlsc_path *p, const tlsc_node *c)
{
    TRY(c->key_error);
    bool weak = c->key.kind == TLSC_SPKI_RSA && c->key.bits < p->options->min_rsa_bits;
    return weak ? TLSC_E_WEAK_KEY : TLSC_OK;
}

static tlsc_err check_algorithm(const tlsc_path *p, const tlsc_node *c)
{
    bool listed = c->scheme != 0 && p->num_schemes == 0;
    for (size_t i = 0; i < p->num_schemes && !listed; i++) {
        listed = c->scheme != 0 && p->schemes[i] == c->scheme;
    }
    return listed ? TLSC_OK : TLSC_E_CERTIFICATE_ALGORITHM;
}

tlsc_err tlsc_path_check_any(const tlsc_path *p, const tlsc_node *c)
{
    if (c->c.version != 3) {
        return TLSC_E_CERTIFICATE_VERSION;
    }
    TRY(check_dates(p, c));
    TRY(check_serial(c->c.serial));
    TRY(check_names(c));
    if (c->e.unknown_critical.n > 0) {
        return TLSC_E_CRITICAL_EXTENSION;
    }
    TRY(check_key(p, c));
    return check_algorithm(p, c);
}

/* ---- its use ---- */

static tlsc_bytes purpose_oid(const tlsc_path *p)
{
    return p->request->purpose == TLSC_PURPOSE_CLIENT
               ? tlsc_bytes_of(client_auth, sizeof(client_auth))
               : tlsc_bytes_of(server_auth, sizeof(server_auth));
}

/* A certificate that doesn't say is for everything. anyExtendedKeyUsage counts for CAs, which restrict
 * nothing by it; a leaf must name its purpose. */
static tlsc_err check_purpose(const tlsc_path *p, const tlsc_node *c, bool is_leaf)
{
    tlsc_bytes any = tlsc_bytes_of(any_usage, sizeof(any_usage));
    bool fits = !c->e.has_extended_key_usage ||
                tlsc_key_purposes_have(c->e.key_purposes, purpose_oid(p)) ||
                (!is_leaf && tlsc_key_purposes_have(c->e.key_purposes, any));
    return fits ? TLSC_OK : TLSC_E_EXTENDED_KEY_USAGE;
}

/* RFC 5280 4.2.1.9: who isn't a CA has no keyCertSign either. */
static tlsc_err check_is_leaf(const tlsc_path *p, const tlsc_node *c)
{
    bool signs = c->e.has_key_usage && (c->e.key_usage & TLSC_KU_KEY_CERT_SIGN) != 0;
    return (c->e.ca || signs) && !p->options->allow_ca_leaf ? TLSC_E_CA_AS_LEAF : TLSC_OK;
}

/* RFC 5280 4.2.1.10: name constraints are for CAs alone. Whoever puts them into another certificate takes
 * them for something that they aren't. */
static tlsc_err check_constrains_nobody(const tlsc_node *c)
{
    return c->e.name_constraints.n > 0 && !c->e.ca ? TLSC_E_BAD_EXTENSION : TLSC_OK;
}

tlsc_err tlsc_path_check_leaf(const tlsc_path *p, const tlsc_node *c)
{
    TRY(tlsc_path_check_any(p, c));
    TRY(check_is_leaf(p, c));
    TRY(check_constrains_nobody(c));
    TRY(check_purpose(p, c, true));
    return (c->e.key_usage & TLSC_KU_DIGITAL_SIGNATURE) != 0 ? TLSC_OK : TLSC_E_KEY_USAGE;
}

/* Certificates between it and the leaf that aren't self-issued: RFC 5280 6.1.4 (l), (m). */
tlsc_err tlsc_path_check_length(const tlsc_path *p, const tlsc_node *c)
{
    int below = 0;
    for (size_t i = 1; i < p->len; i++) {
        below += p->path[i]->self_issued ? 0 : 1;
    }
    return c->e.path_len >= 0 && below > c->e.path_len ? TLSC_E_PATH_LENGTH : TLSC_OK;
}

static tlsc_err check_is_ca(const tlsc_node *c)
{
    bool signs = (c->e.key_usage & TLSC_KU_KEY_CERT_SIGN) != 0;
    return c->e.ca && signs ? TLSC_OK : TLSC_E_NOT_A_CA;
}

tlsc_err tlsc_path_check_issuer(const tlsc_path *p, const tlsc_node *c)
{
    TRY(tlsc_path_check_any(p, c));
    TRY(check_is_ca(c));
    return check_purpose(p, c, false);
}

/* ---- anchors ---- */

/* What OpenSSL's TRUSTED CERTIFICATE says of it. */
static tlsc_err check_trusted_for(const tlsc_path *p, const tlsc_node *c)
{
    return (c->purposes & 1U << p->request->purpose) != 0 ? TLSC_OK : TLSC_E_EXTENDED_KEY_USAGE;
}

/* Certificates of version 1 and 2 had no way to say that they are a CA's. */
tlsc_err tlsc_path_check_anchor(const tlsc_path *p, const tlsc_node *c)
{
    TRY(check_trusted_for(p, c));
    if (c->c.version == 3) {
        TRY(check_is_ca(c));
    }
    if (p->options->anchors == TLSC_ANCHORS_NAME_KEY) {
        return TLSC_OK;
    }
    TRY(check_dates(p, c));
    TRY(check_purpose(p, c, false));
    return tlsc_path_check_length(p, c);
}

tlsc_err tlsc_path_check_anchor_leaf(const tlsc_path *p, const tlsc_node *c)
{
    TRY(check_trusted_for(p, c));
    TRY(check_dates(p, c));
    TRY(check_key(p, c));
    if (c->e.unknown_critical.n > 0) {
        return TLSC_E_CRITICAL_EXTENSION;
    }
    TRY(check_purpose(p, c, true));
    return (c->e.key_usage & TLSC_KU_DIGITAL_SIGNATURE) != 0 ? TLSC_OK : TLSC_E_KEY_USAGE;
}

/* ---- which error is told ---- */

/* Of several paths that fail, the one that came farthest tells most; a certificate that can't be read, or
 * was signed by somebody else, may just not belong to the path. */
unsigned tlsc_path_rank(tlsc_err e)
{
    switch (e) {
    case TLSC_OK: return 0;
    case TLSC_E_UNKNOWN_ISSUER: return 1;
    case TLSC_E_BAD_DER:
    case TLSC_E_BAD_CERTIFICATE:
    case TLSC_E_BAD_EXTENSION: return 2;
    case TLSC_E_CERTIFICATE_SIGNATURE: return 3;
    case TLSC_E_CHAIN_TOO_DEEP: return 4;
    case TLSC_E_NOT_A_CA: return 6;
    case TLSC_E_PATH_LENGTH: return 7;
    case TLSC_E_EXTENDED_KEY_USAGE: return 8;
    case TLSC_E_CERTIFICATE_EXPIRED:
    case TLSC_E_CERTIFICATE_NOT_YET_VALID: return 9;
    case TLSC_E_NAME_CONSTRAINTS:
    case TLSC_E_TLS_FEATURE:
    case TLSC_E_CERTIFICATE_POLICY: return 10;
    case TLSC_E_REVOCATION_UNKNOWN:
    case TLSC_E_CRL_EXPIRED: return 11;
    case TLSC_E_CERTIFICATE_REVOKED: return 12;
    case TLSC_E_VERIFY_BUDGET:
    case TLSC_E_NO_MEMORY: return 20;
    default: return 5;
    }
}
