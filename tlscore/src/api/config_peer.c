/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_peer.c: certificates: what is asked of the peer's, who judges it, and our own. */
#include <string.h>

#include "api/builder.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "tlscore/revocation.h"
#include "wire/writer.h"
#include "x509/der.h"
#include "x509/spki.h"

/* ---- who judges ---- */

/* A client's sessions are bound to the keys that were pinned when they began: a session is no way around
 * another pin. What another verifier would say of them, only that verifier knows. */
static void bind_sessions(tlsc_config_builder *b, const tlsc_bytes *spkis, size_t num)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    uint8_t digest[TLSC_HASH_MAX] = { 0 };
    const tlsc_hash *hash = b->config.provider->ticket_hash;
    if (!b->config.client) { /* a server's are bound by tlsc_config_set_ticketer */
        return;
    }
    if (num > 0) {
        hash->init(state);
        for (size_t i = 0; i < num; i++) {
            hash->update(state, spkis[i]);
        }
        hash->final(state, digest);
    }
    memcpy(b->config.identity, digest, sizeof(b->config.identity));
}

/* Whoever judges next, the trust of before is no longer needed. */
static void drop_trust(tlsc_config_builder *b)
{
    tlsc_trust_free(b->config.trust);
    b->config.trust = NULL;
}

tlsc_err tlsc_config_set_verifier(tlsc_config_builder *b, const tlsc_verifier *verifier)
{
    if (verifier == NULL || verifier->size != sizeof(*verifier)) {
        return TLSC_E_BAD_CONFIG;
    }
    drop_trust(b);
    tlsc_mem_free(b->pins);
    b->pins = NULL;
    b->config.num_pins = 0;
    bind_sessions(b, NULL, 0);
    b->config.verifier = *verifier;
    b->config.has_verifier = true;
    return TLSC_OK;
}

/* A certificate with must-staple would be refused by a client that doesn't ask. */
static void ask_for_proofs(tlsc_config_builder *b, const tlsc_verify_options *o)
{
    bool ignored = o != NULL && o->revocation != NULL && o->revocation->ignore_staple;
    b->config.request_ocsp = b->config.request_ocsp || !ignored;
    b->config.request_scts = b->config.request_scts || (o != NULL && o->logs != NULL);
}

tlsc_err tlsc_config_set_trust(tlsc_config_builder *b, const tlsc_trust_store *store,
                               const tlsc_verify_options *options)
{
    const tlsc_trust *trust = NULL;
    TRY(tlsc_trust_new(store, options, &trust));
    tlsc_verifier verifier = tlsc_trust_verifier(trust);
    tlsc_err rc = tlsc_config_set_verifier(b, &verifier);
    if (rc != TLSC_OK) {
        tlsc_trust_free(trust);
        return rc;
    }
    b->config.trust = trust;
    if (b->config.client) {
        ask_for_proofs(b, options);
    }
    return TLSC_OK;
}

static tlsc_err store_of_system(const tlsc_provider *provider, const tlsc_trust_store **out)
{
    tlsc_trust_builder *b = tlsc_trust_builder_new(provider, NULL, NULL);
    if (b == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = tlsc_trust_add_system(b);
    if (rc == TLSC_OK) {
        rc = tlsc_trust_num_added(b) > 0 ? tlsc_trust_build(b, out) : TLSC_E_FILE;
    }
    tlsc_trust_builder_free(b);
    return rc;
}

tlsc_err tlsc_config_trust_system(tlsc_config_builder *b)
{
    const tlsc_trust_store *store = NULL;
    TRY(store_of_system(b->config.provider, &store));
    tlsc_err rc = tlsc_config_set_trust(b, store, NULL);
    tlsc_trust_store_free(store);
    return rc;
}

/* in: how many bytes the keys have together. */
static tlsc_bytes *copy_pins(const tlsc_bytes *spkis, size_t num, size_t bytes)
{
    tlsc_bytes *pins = (tlsc_bytes *)tlsc_mem_zalloc(num * sizeof(*pins) + bytes);
    if (pins == NULL) {
        return NULL;
    }
    uint8_t *at = (uint8_t *)(pins + num);
    for (size_t i = 0; i < num; i++) {
        tlsc_bytes_copy(at, spkis[i]);
        pins[i] = tlsc_bytes_of(at, spkis[i].n);
        at += spkis[i].n;
    }
    return pins;
}

tlsc_err tlsc_config_set_pinned_keys(tlsc_config_builder *b, const tlsc_bytes *spkis, size_t num)
{
    size_t bytes = 0;
    if (num == 0) {
        return TLSC_E_BAD_CONFIG;
    }
    for (size_t i = 0; i < num; i++) {
        tlsc_spki key;
        if (tlsc_spki_parse(&key, spkis[i]) != TLSC_OK) {
            return TLSC_E_BAD_CONFIG;
        }
        bytes += spkis[i].n;
    }
    tlsc_bytes *pins = copy_pins(spkis, num, bytes);
    if (pins == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    drop_trust(b);
    tlsc_mem_free(b->pins);
    b->pins = pins;
    b->config.num_pins = num;
    bind_sessions(b, pins, num);
    b->config.verifier = (tlsc_verifier){ 0 };
    b->config.has_verifier = true;
    return TLSC_OK;
}

void tlsc_config_verify_on_resumption(tlsc_config_builder *b, bool verify)
{
    b->config.verify_on_resumption = verify;
}

void tlsc_config_keep_peer_chain(tlsc_config_builder *b, bool keep)
{
    b->config.keep_peer_chain = keep;
}

/* ---- what the peer is told ---- */

static const uint16_t all_schemes[] = {
    TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_ECDSA_P521_SHA512,
    TLSC_SIG_ED25519,           TLSC_SIG_RSA_PSS_SHA256,    TLSC_SIG_RSA_PSS_SHA384,
    TLSC_SIG_RSA_PSS_SHA512,    TLSC_SIG_RSA_PKCS1_SHA256,  TLSC_SIG_RSA_PKCS1_SHA384,
    TLSC_SIG_RSA_PKCS1_SHA512,  TLSC_SIG_MLDSA44,           TLSC_SIG_MLDSA65,
    TLSC_SIG_MLDSA87,
};

/* Nothing signed nothing: a provider that hasn't the scheme says so before it looks at the key. */
bool tlsc_builder_can_check(const tlsc_provider *provider, uint16_t scheme)
{
    tlsc_bytes none = { NULL, 0 };
    return tlsc_provider_verify(provider, scheme, none, none, none) != TLSC_E_UNSUPPORTED_KEY;
}

static bool is_known(uint16_t scheme)
{
    for (size_t i = 0; i < TLSC_COUNT(all_schemes); i++) {
        if (all_schemes[i] == scheme) {
            return true;
        }
    }
    return false;
}

tlsc_err tlsc_config_set_schemes(tlsc_config_builder *b, const uint16_t *schemes, size_t num)
{
    uint16_t list[TLSC_BUILDER_LIST_MAX];
    TRY(tlsc_builder_copy_ids(list, schemes, num));
    for (size_t i = 0; i < num; i++) {
        if (!is_known(list[i]) || !tlsc_builder_can_check(b->config.provider, list[i])) {
            return TLSC_E_UNSUPPORTED;
        }
    }
    memcpy(b->schemes, list, num * sizeof(list[0]));
    b->config.num_schemes = num;
    return TLSC_OK;
}

/* Any code point is good here: who judges certificates may know more than tlscore. */
tlsc_err tlsc_config_set_certificate_schemes(tlsc_config_builder *b, const uint16_t *schemes,
                                             size_t num)
{
    TRY(tlsc_builder_copy_ids(b->certificate_schemes, schemes, num));
    b->config.num_certificate_schemes = num;
    return TLSC_OK;
}

/* Kinds of certificate, each once. */
static tlsc_err copy_types(uint8_t out[2], size_t *out_num, const uint8_t *types, size_t num)
{
    if (num == 0 || num > 2 || (num == 2 && types[0] == types[1])) {
        return TLSC_E_BAD_CONFIG;
    }
    for (size_t i = 0; i < num; i++) {
        if (types[i] != TLSC_CERT_X509 && types[i] != TLSC_CERT_RAW_PUBLIC_KEY) {
            return TLSC_E_BAD_CONFIG;
        }
    }
    memcpy(out, types, num);
    *out_num = num;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_peer_certificate_types(tlsc_config_builder *b, const uint8_t *types,
                                                size_t num)
{
    return copy_types(b->config.peer_types, &b->config.num_peer_types, types, num);
}

void tlsc_config_request_ocsp(tlsc_config_builder *b, bool request)
{
    b->config.request_ocsp = request;
}

void tlsc_config_request_scts(tlsc_config_builder *b, bool request)
{
    b->config.request_scts = request;
}

/* opaque DistinguishedName<1..2^16-1>, each a DER SEQUENCE; the list fits into 2^16-1 bytes.
 * RFC 8446 4.2.4, RFC 5246 7.4.4 */
static tlsc_err write_ca_names(tlsc_buf *list, const tlsc_bytes *names, size_t num)
{
    tlsc_wr w = tlsc_wr_of(list);
    for (size_t i = 0; i < num; i++) {
        tlsc_der d = tlsc_der_of(names[i]);
        (void)tlsc_der_raw(&d, TLSC_DER_SEQUENCE);
        if (tlsc_der_end(&d) != TLSC_OK) {
            return TLSC_E_BAD_CONFIG;
        }
        tlsc_wr_vec16(&w, names[i]);
    }
    tlsc_err rc = tlsc_wr_end(&w);
    return rc == TLSC_E_TOO_SMALL ? TLSC_E_BAD_CONFIG : rc;
}

tlsc_err tlsc_config_set_ca_names(tlsc_config_builder *b, const tlsc_bytes *names, size_t num)
{
    tlsc_buf list = tlsc_buf_of(b->ca_names.max);
    tlsc_err rc = write_ca_names(&list, names, num);
    if (rc != TLSC_OK) {
        tlsc_buf_clear(&list);
        return rc;
    }
    tlsc_buf_clear(&b->ca_names);
    b->ca_names = list;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_client_auth(tlsc_config_builder *b, tlsc_client_auth mode)
{
    if (b->config.client || (unsigned)mode > TLSC_CLIENT_AUTH_REQUIRED) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.client_auth = mode;
    return TLSC_OK;
}

void tlsc_config_post_handshake_auth(tlsc_config_builder *b, bool allow)
{
    b->config.post_handshake_auth = allow;
}

/* ---- our own ---- */

tlsc_err tlsc_config_add_credential(tlsc_config_builder *b, tlsc_credential *credential)
{
    tlsc_config *c = &b->config;
    size_t n = c->num_credentials * sizeof(c->credentials[0]);
    tlsc_credential **list = (tlsc_credential **)tlsc_mem_zalloc(n + sizeof(c->credentials[0]));
    if (list == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    if (n > 0) {
        memcpy(list, c->credentials, n);
    }
    list[c->num_credentials++] = tlsc_credential_ref(credential);
    tlsc_mem_free(c->credentials);
    c->credentials = list;
    return TLSC_OK;
}

void tlsc_config_external_credentials(tlsc_config_builder *b, bool external)
{
    b->config.external_credentials = external;
}

tlsc_err tlsc_config_require_own_certificate(tlsc_config_builder *b, bool require)
{
    if (!b->config.client) {
        return TLSC_E_BAD_CONFIG;
    }
    b->config.require_own_certificate = require;
    return TLSC_OK;
}

tlsc_err tlsc_config_set_own_certificate_types(tlsc_config_builder *b, const uint8_t *types,
                                               size_t num)
{
    if (!b->config.client) {
        return TLSC_E_BAD_CONFIG;
    }
    return copy_types(b->config.own_types, &b->config.num_own_types, types, num);
}
