/* SPDX-License-Identifier: Apache-2.0 */
/* x509/node.c: reads a certificate for path building; whether one signed another. */
#include "x509/node.h"

#include "base/bytes.h"
#include "base/try.h"
#include "x509/dn.h"
#include "x509/signature.h"

/* id-RSASSA-PSS and rsaEncryption with NULL, RFC 4055 1.2, 3.1 */
static const uint8_t oid_pss[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a };
static const uint8_t rsa_algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                         0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };

enum { SPKI_MAX = 1200 }; /* of an RSA key with 8192 bits and its wrapping */

/* A key that is bound to RSASSA-PSS: its AlgorithmIdentifier and its bits. False for other keys. */
static bool split_pss(tlsc_bytes spki, tlsc_bytes *algorithm, tlsc_bytes *bits)
{
    tlsc_der d = tlsc_der_of(spki);
    tlsc_der info = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    *algorithm = tlsc_der_raw(&info, TLSC_DER_SEQUENCE);
    *bits = tlsc_der_raw(&info, TLSC_DER_BIT_STRING);
    tlsc_der_leave(&d, &info);
    tlsc_der a = tlsc_der_of(*algorithm);
    tlsc_der inside = tlsc_der_enter(&a, TLSC_DER_SEQUENCE);
    return tlsc_bytes_equal(tlsc_der_oid(&inside), tlsc_bytes_of(oid_pss, sizeof(oid_pss))) &&
           tlsc_der_end(&d) == TLSC_OK;
}

/* The same key as one for any use of RSA, which is what the provider takes. in: `room`, SPKI_MAX bytes.
 * out: the element; empty where it is longer than any key that is served. */
static tlsc_bytes as_plain_rsa(tlsc_bytes bits, uint8_t *room)
{
    size_t n = sizeof(rsa_algorithm) + bits.n;
    if (n > SPKI_MAX - 4) {
        return (tlsc_bytes){ NULL, 0 };
    }
    size_t header = n < 0x80 ? 2 : n < 0x100 ? 3 : 4;
    room[0] = TLSC_DER_SEQUENCE;
    room[1] = (uint8_t)(header == 2 ? n : 0x80 + header - 2);
    for (size_t i = 2; i < header; i++) {
        room[i] = (uint8_t)(n >> 8 * (header - 1 - i));
    }
    tlsc_bytes_copy(room + header, tlsc_bytes_of(rsa_algorithm, sizeof(rsa_algorithm)));
    tlsc_bytes_copy(room + header + sizeof(rsa_algorithm), bits);
    return tlsc_bytes_of(room, header + n);
}

/* `*out` keeps views into `spki`, not into the copy: they are the same bytes. */
tlsc_err tlsc_node_key(tlsc_spki *out, tlsc_bytes spki)
{
    tlsc_bytes algorithm;
    tlsc_bytes bits;
    uint8_t room[SPKI_MAX];
    if (!split_pss(spki, &algorithm, &bits)) {
        return tlsc_spki_parse(out, spki);
    }
    *out = (tlsc_spki){ 0 };
    if (!tlsc_signature_pss_key(algorithm)) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    tlsc_bytes plain = as_plain_rsa(bits, room);
    if (plain.n == 0) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    TRY(tlsc_spki_parse(out, plain));
    const uint8_t *end = plain.p + plain.n;
    out->modulus.p = spki.p + spki.n - (end - out->modulus.p);
    out->exponent.p = spki.p + spki.n - (end - out->exponent.p);
    return TLSC_OK;
}

tlsc_err tlsc_node_read(tlsc_node *out, tlsc_bytes der, int index)
{
    *out = (tlsc_node){ .index = index };
    tlsc_err rc = tlsc_certificate_parse(&out->c, der);
    if (rc == TLSC_OK) {
        rc = tlsc_extensions_read(&out->c, &out->e);
    }
    if (rc != TLSC_OK) {
        *out = (tlsc_node){ .index = index };
        return rc;
    }
    out->key_error = tlsc_node_key(&out->key, out->c.spki);
    out->scheme = tlsc_signature_algorithm(out->c.signature_algorithm);
    out->subject_hash = tlsc_dn_hash(out->c.subject);
    out->issuer_hash = tlsc_dn_hash(out->c.issuer);
    out->self_issued = out->subject_hash == out->issuer_hash &&
                       tlsc_x509_name_equal(out->c.subject, out->c.issuer);
    out->purposes = TLSC_PURPOSES_ALL;
    return TLSC_OK;
}

/* ---- signatures ---- */

uint32_t tlsc_key_weight(const tlsc_spki *key)
{
    switch (key->kind) {
    case TLSC_SPKI_P384: return 10;
    case TLSC_SPKI_P521: return 24;
    case TLSC_SPKI_RSA: return key->bits <= 3072 ? 1 : key->bits <= 4096 ? 2 : 8;
    default: return 1;
    }
}

static bool is_pss(uint16_t scheme)
{
    return scheme == TLSC_SIG_RSA_PSS_SHA256 || scheme == TLSC_SIG_RSA_PSS_SHA384 ||
           scheme == TLSC_SIG_RSA_PSS_SHA512;
}

tlsc_err tlsc_node_check_signed(const tlsc_provider *provider, uint16_t scheme, tlsc_bytes tbs,
                                tlsc_bytes signature, const tlsc_node *signer)
{
    tlsc_bytes algorithm;
    tlsc_bytes bits;
    uint8_t room[SPKI_MAX];
    tlsc_bytes spki = signer->c.spki;
    /* as TLS 1.2 has it: an ECDSA scheme stands for its hash, RSA signs both ways; and ML-DSA besides,
     * which TLS 1.2 hasn't */
    if (!tlsc_spki_kind_fits(signer->key.kind, scheme, TLSC_TLS12) &&
        !tlsc_spki_kind_fits(signer->key.kind, scheme, TLSC_TLS13)) {
        return TLSC_E_CERTIFICATE_ALGORITHM;
    }
    if (split_pss(spki, &algorithm, &bits)) {
        if (!is_pss(scheme) || !tlsc_signature_pss_allows(algorithm, scheme)) {
            return TLSC_E_CERTIFICATE_ALGORITHM;
        }
        spki = as_plain_rsa(bits, room);
    }
    tlsc_err rc = tlsc_provider_verify(provider, scheme, spki, tbs, signature);
    return rc == TLSC_OK || rc == TLSC_E_NO_MEMORY ? rc : TLSC_E_CERTIFICATE_SIGNATURE;
}

tlsc_err tlsc_node_check_signature(const tlsc_provider *provider, const tlsc_node *child,
                                   const tlsc_node *issuer)
{
    return tlsc_node_check_signed(provider, child->scheme, child->c.tbs, child->c.signature, issuer);
}
