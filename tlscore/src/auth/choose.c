/* SPDX-License-Identifier: Apache-2.0 */
/* auth/choose.c: what the peer accepts, what it would like, and our own order. */
#include "auth/choose.h"

#include "auth/credential.h"
#include "base/bytes.h"
#include "wire/certificate_request.h"
#include "wire/enums.h"

/* The bits of a rank. */
enum { CHAIN_IS_READABLE = 1, ISSUER_IS_NAMED = 2, NAME_MATCHES = 4 };
/* TLSC_AUTH_... without curves. */
enum { AUTHENTICATION = 0x0f };

/* ---- what a credential must have ---- */

/* CertificateType certificate_types<1..2^8-1>   RFC 7250 3 */
static bool takes_kind(tlsc_bytes types, uint8_t type)
{
    tlsc_rd r = tlsc_rd_of(types);
    while (tlsc_rd_more(&r)) {
        if (tlsc_rd_u8(&r) == type) {
            return true;
        }
    }
    return false;
}

static bool serves_suite(const tlsc_credential *c, uint8_t authentication)
{
    switch (authentication & AUTHENTICATION) {
    case TLSC_AUTH_RSA: return c->leaf_key.kind == TLSC_SPKI_RSA;
    case TLSC_AUTH_ECDSA: return c->leaf_key.kind != TLSC_SPKI_RSA;
    default: return true;
    }
}

bool tlsc_auth_refuses_curve(uint8_t authentication, tlsc_spki_kind kind)
{
    switch (kind) {
    case TLSC_SPKI_P256: return (authentication & TLSC_AUTH_NO_P256) != 0;
    case TLSC_SPKI_P384: return (authentication & TLSC_AUTH_NO_P384) != 0;
    case TLSC_SPKI_P521: return (authentication & TLSC_AUTH_NO_P521) != 0;
    default: return false;
    }
}

/* In TLS 1.2 a client that lists curves must be able to read the certificate's too. RFC 8422 5.1 */
static bool curve_is_known(const tlsc_credential_request *wish, tlsc_spki_kind kind)
{
    if (wish->version >= TLSC_TLS13 || wish->groups.n == 0) {
        return true;
    }
    switch (kind) {
    case TLSC_SPKI_P256: return tlsc_u16_list_has(wish->groups, 0x0017);
    case TLSC_SPKI_P384: return tlsc_u16_list_has(wish->groups, 0x0018);
    case TLSC_SPKI_P521: return tlsc_u16_list_has(wish->groups, 0x0019);
    default: return true;
    }
}

static bool choose_scheme(const tlsc_credential *c, const tlsc_credential_request *wish,
                          uint16_t *scheme)
{
    for (size_t i = 0; i < c->num_schemes; i++) {
        if (tlsc_spki_kind_fits(c->leaf_key.kind, c->schemes[i], wish->version) &&
            tlsc_u16_list_has(wish->schemes, c->schemes[i])) {
            *scheme = c->schemes[i];
            return true;
        }
    }
    return false;
}

/* ---- what the peer would like ---- */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool same_name(tlsc_bytes a, tlsc_bytes b)
{
    for (size_t i = 0; a.n == b.n && i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return a.n == b.n;
}

/* What follows the first label, its dot included; nothing if there is but one, or it is empty. */
static tlsc_bytes parent(tlsc_bytes name)
{
    for (size_t i = 1; i < name.n; i++) {
        if (name.p[i] == '.') {
            return tlsc_bytes_of(name.p + i, name.n - i);
        }
    }
    return tlsc_bytes_of(NULL, 0);
}

/* A wildcard is the whole left-most label, and stands for one. RFC 6125 6.4.3 */
static bool name_fits(tlsc_bytes pattern, tlsc_bytes name)
{
    if (pattern.n > 2 && pattern.p[0] == '*' && pattern.p[1] == '.') {
        return same_name(tlsc_bytes_of(pattern.p + 1, pattern.n - 1), parent(name));
    }
    return same_name(pattern, name);
}

/* A raw key names nobody: it is for whoever knows it, under any name. */
static bool has_name(const tlsc_credential *c, tlsc_bytes name)
{
    if (c->type == TLSC_CERT_RAW_PUBLIC_KEY) {
        return name.n > 0;
    }
    for (size_t i = 0; name.n > 0 && i < c->num_names; i++) {
        if (name_fits(c->names[i], name)) {
            return true;
        }
    }
    return false;
}

/* True if one of the authorities issued a certificate of the chain. */
static bool has_issuer(const tlsc_credential *c, tlsc_bytes ca_names)
{
    tlsc_rd r = tlsc_rd_of(ca_names);
    tlsc_bytes name;
    while (tlsc_ca_name_next(&r, &name)) {
        for (size_t i = 0; i < c->num_chain; i++) {
            if (tlsc_bytes_equal(c->issuers[i], name)) {
                return true;
            }
        }
    }
    return false;
}

/* rsa_pss_pss_... says the same of a signature as rsa_pss_rsae_...; the key's OID is all that differs. */
static bool can_check(tlsc_bytes schemes, uint16_t scheme)
{
    enum { PSS_SHA256 = 0x0804, PSS_SHA512 = 0x0806, TO_PSS_PSS = 5 };
    bool is_pss = scheme >= PSS_SHA256 && scheme <= PSS_SHA512;
    return scheme == 0 || tlsc_u16_list_has(schemes, scheme) ||
           (is_pss && tlsc_u16_list_has(schemes, (uint16_t)(scheme + TO_PSS_PSS)));
}

static bool can_check_chain(const tlsc_credential *c, const tlsc_credential_request *wish)
{
    tlsc_bytes schemes = wish->schemes_cert.n > 0 ? wish->schemes_cert : wish->schemes;
    for (size_t i = 0; i < c->num_chain; i++) {
        if (!can_check(schemes, c->signed_with[i])) {
            return false;
        }
    }
    return true;
}

/* ---- the choice ---- */

/* If not, why not. */
static tlsc_err may_serve(const tlsc_credential *c, const tlsc_credential_request *wish,
                          uint8_t authentication, tlsc_auth_choice *out)
{
    if (!takes_kind(wish->types, c->type)) {
        return TLSC_E_NO_SHARED_CERTIFICATE_TYPE;
    }
    if (!serves_suite(c, authentication) ||
        tlsc_auth_refuses_curve(authentication, c->leaf_key.kind) || !curve_is_known(wish, c->leaf_key.kind) ||
        !choose_scheme(c, wish, &out->scheme)) {
        return TLSC_E_NO_SHARED_SIGNATURE;
    }
    bool named = wish->ca_names.n > 0 && has_issuer(c, wish->ca_names);
    if (c->must_match_issuer && !named) {
        return TLSC_E_NO_MATCHING_ISSUER;
    }
    out->rank = named ? (unsigned)ISSUER_IS_NAMED : 0;
    return TLSC_OK;
}

/* How near a credential came to serving. */
static unsigned nearness(tlsc_err reason)
{
    switch (reason) {
    case TLSC_E_NO_SHARED_CERTIFICATE_TYPE: return 1;
    case TLSC_E_NO_SHARED_SIGNATURE: return 2;
    case TLSC_E_NO_MATCHING_ISSUER: return 3;
    default: return 0;
    }
}

tlsc_err tlsc_auth_nearer(tlsc_err a, tlsc_err b)
{
    return nearness(b) > nearness(a) ? b : a;
}

tlsc_err tlsc_auth_choose(const tlsc_credential_request *wish, uint8_t authentication,
                          tlsc_credential *const *credentials, size_t num, tlsc_auth_choice *out)
{
    tlsc_err reason = TLSC_E_NO_CERTIFICATE;
    *out = (tlsc_auth_choice){ 0 };
    for (size_t i = 0; i < num; i++) {
        const tlsc_credential *c = credentials[i];
        tlsc_auth_choice this = { .credential = credentials[i] };
        tlsc_err rc = may_serve(c, wish, authentication, &this);
        if (rc != TLSC_OK) {
            reason = tlsc_auth_nearer(reason, rc);
            continue;
        }
        if (num > 1) { /* else there is nothing to compare it with */
            this.rank |= has_name(c, wish->server_name) ? NAME_MATCHES : 0;
            this.rank |= can_check_chain(c, wish) ? CHAIN_IS_READABLE : 0;
        }
        if (out->credential == NULL || this.rank > out->rank) {
            *out = this;
        }
    }
    return out->credential != NULL ? TLSC_OK : reason;
}
