/* SPDX-License-Identifier: Apache-2.0 */
/* x509/fields.c: the public view of a certificate and its extensions (tlscore/x509.h). */
#include "base/bytes.h"
#include "base/try.h"
#include "x509/extensions.h"

tlsc_err tlsc_x509_parse(tlsc_x509 *out, tlsc_bytes der)
{
    tlsc_certificate c;
    if (out->size != sizeof(*out)) {
        return TLSC_E_USAGE;
    }
    *out = (tlsc_x509){ .size = sizeof(*out) };
    TRY(tlsc_certificate_parse(&c, der));
    *out = (tlsc_x509){
        .size = sizeof(*out),
        .der = c.der,
        .tbs = c.tbs,
        .version = c.version,
        .serial = c.serial,
        .issuer = c.issuer,
        .subject = c.subject,
        .not_before_s = c.not_before_s,
        .not_after_s = c.not_after_s,
        .spki = c.spki,
        .signature_algorithm = c.signature_algorithm,
        .signature = c.signature,
        .extensions = c.extensions,
    };
    return TLSC_OK;
}

bool tlsc_x509_extension_at(const tlsc_x509 *c, size_t i, tlsc_x509_extension *out)
{
    tlsc_der walk = tlsc_der_of(c->extensions);
    tlsc_extension e;
    *out = (tlsc_x509_extension){ 0 };
    while (tlsc_extension_next(&walk, &e)) {
        if (i-- == 0) {
            *out = (tlsc_x509_extension){ e.oid, e.critical, e.value };
            return true;
        }
    }
    return false;
}

bool tlsc_x509_extension_find(const tlsc_x509 *c, const char *oid, tlsc_x509_extension *out)
{
    uint8_t room[64];
    tlsc_bytes wanted = tlsc_bytes_of(room, tlsc_oid_of_text(oid, room, sizeof(room)));
    for (size_t i = 0; wanted.n > 0 && tlsc_x509_extension_at(c, i, out); i++) {
        if (tlsc_bytes_equal(out->oid, wanted)) {
            return true;
        }
    }
    *out = (tlsc_x509_extension){ 0 };
    return false;
}

/* ---- subjectAltName ---- */

/* A walk over the names, an empty one where there is none or it is malformed. */
static tlsc_der alt_names_of(const tlsc_x509 *c)
{
    tlsc_x509_extension e;
    if (!tlsc_x509_extension_find(c, "2.5.29.17", &e)) {
        return tlsc_der_of((tlsc_bytes){ NULL, 0 });
    }
    tlsc_der d = tlsc_der_of(e.value);
    tlsc_bytes names = tlsc_der_get(&d, TLSC_DER_SEQUENCE);
    return tlsc_der_of(tlsc_der_end(&d) == TLSC_OK ? names : (tlsc_bytes){ NULL, 0 });
}

bool tlsc_x509_alt_name_at(const tlsc_x509 *c, size_t i, tlsc_x509_general_name *out)
{
    tlsc_der walk = alt_names_of(c);
    while (tlsc_general_name_next(&walk, out)) {
        if (i-- == 0) {
            return true;
        }
    }
    return false;
}

bool tlsc_x509_alt_name_find(const tlsc_x509 *c, tlsc_x509_general_name_kind kind, size_t which,
                             tlsc_x509_general_name *out)
{
    tlsc_der walk = alt_names_of(c);
    while (tlsc_general_name_next(&walk, out)) {
        if (out->kind == kind && which-- == 0) {
            return true;
        }
    }
    return false;
}

/* OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY DEFINED BY type-id } */
bool tlsc_x509_other_name(tlsc_bytes other_name, tlsc_bytes *type, tlsc_bytes *value)
{
    enum { UTF8_STRING = 0x0c, IA5_STRING = 0x16 };
    tlsc_der d = tlsc_der_of(other_name);
    *type = tlsc_der_oid(&d);
    tlsc_bytes element = tlsc_der_get(&d, TLSC_DER_CONTEXT_CONSTRUCTED);
    tlsc_der inside = tlsc_der_of(element);
    uint8_t tag;
    tlsc_bytes contents = tlsc_der_any(&inside, &tag);
    *value = tag == UTF8_STRING || tag == IA5_STRING ? contents : element;
    if (tlsc_der_end(&d) != TLSC_OK || tlsc_der_end(&inside) != TLSC_OK) {
        *type = *value = (tlsc_bytes){ NULL, 0 };
        return false;
    }
    return true;
}

/* ---- usage ---- */

tlsc_err tlsc_x509_usage_of(const tlsc_x509 *c, tlsc_x509_usage *out)
{
    tlsc_extensions e;
    tlsc_certificate with_extensions = { .extensions = c->extensions };
    if (out->size != sizeof(*out)) {
        return TLSC_E_USAGE;
    }
    *out = (tlsc_x509_usage){ .size = sizeof(*out) };
    TRY(tlsc_extensions_read(&with_extensions, &e));
    *out = (tlsc_x509_usage){
        .size = sizeof(*out),
        .key_usage = e.key_usage,
        .has_basic_constraints = e.has_basic_constraints,
        .ca = e.ca,
        .path_len = e.path_len,
        .has_extended_key_usage = e.has_extended_key_usage,
        .key_purposes = e.key_purposes,
        .subject_key_id = e.subject_key_id,
        .authority_key_id = e.authority_key_id,
        .must_staple = e.must_staple,
    };
    return TLSC_OK;
}

void tlsc_x509_fingerprint(const tlsc_x509 *c, const tlsc_hash *hash, uint8_t *out)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    hash->init(state);
    hash->update(state, c->der);
    hash->final(state, out);
}
