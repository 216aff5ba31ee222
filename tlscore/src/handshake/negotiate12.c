/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/negotiate12.c: TLS 1.2's choice, where the suite says how the server signs. */
#include <string.h>

#include "auth/choose.h"
#include "auth/credential.h"
#include "base/bytes.h"
#include "base/try.h"
#include "handshake/negotiate.h"
#include "wire/enums.h"

/* The schemes of each kind of suite. RFC 5246 7.4.1.4.1, RFC 8446 4.2.3 */
typedef struct scheme_kind {
    uint8_t authentication;
    uint8_t scheme[2]; /* as on the wire */
} scheme_kind;

static const scheme_kind kinds[] = {
    { TLSC_AUTH_ECDSA, { 0x04, 0x03 } }, { TLSC_AUTH_ECDSA, { 0x05, 0x03 } },
    { TLSC_AUTH_ECDSA, { 0x06, 0x03 } }, { TLSC_AUTH_ECDSA, { 0x08, 0x07 } },
    { TLSC_AUTH_RSA, { 0x08, 0x04 } },   { TLSC_AUTH_RSA, { 0x08, 0x05 } },
    { TLSC_AUTH_RSA, { 0x08, 0x06 } },   { TLSC_AUTH_RSA, { 0x04, 0x01 } },
    { TLSC_AUTH_RSA, { 0x05, 0x01 } },   { TLSC_AUTH_RSA, { 0x06, 0x01 } },
};

/* The client's schemes that fit a suite of this kind, as a list. */
static tlsc_bytes schemes_for(const tlsc_client_hello *ch, uint8_t authentication,
                              uint8_t out[2 * TLSC_COUNT(kinds)])
{
    size_t n = 0;
    for (size_t i = 0; i < TLSC_COUNT(kinds); i++) {
        uint16_t scheme = (uint16_t)(kinds[i].scheme[0] << 8 | kinds[i].scheme[1]);
        if (kinds[i].authentication == authentication &&
            tlsc_u16_list_has(ch->signature_algorithms, scheme)) {
            memcpy(out + n, kinds[i].scheme, 2);
            n += 2;
        }
    }
    return tlsc_bytes_of(out, n);
}

/* A client that lists curves must be able to read the certificate's too. RFC 8422 5.1 */
static bool curve_is_known(const tlsc_client_hello *ch, tlsc_spki_kind kind)
{
    if (!tlsc_exts_has(&ch->exts, TLSC_EXT_supported_groups)) {
        return true;
    }
    switch (kind) {
    case TLSC_SPKI_P256: return tlsc_u16_list_has(ch->groups, 0x0017);
    case TLSC_SPKI_P384: return tlsc_u16_list_has(ch->groups, 0x0018);
    case TLSC_SPKI_P521: return tlsc_u16_list_has(ch->groups, 0x0019);
    default: return true;
    }
}

static bool find_credential(const tlsc_client_hello *ch, tlsc_credential *const *credentials,
                            size_t num, uint8_t authentication, tlsc_choice12 *out)
{
    uint8_t list[2 * TLSC_COUNT(kinds)];
    tlsc_bytes accepted = schemes_for(ch, authentication, list);
    for (size_t i = 0; i < num; i++) {
        size_t index;
        if (curve_is_known(ch, credentials[i]->leaf_key.kind) &&
            tlsc_auth_choose(credentials + i, 1, accepted, TLSC_TLS12, &index, &out->scheme) ==
                TLSC_OK) {
            out->credential = credentials[i];
            return true;
        }
    }
    return false;
}

/* A client without supported_groups leaves the choice to us. RFC 8422 4 */
static const tlsc_group *find_group(const tlsc_config *config, const tlsc_client_hello *ch)
{
    bool any = !tlsc_exts_has(&ch->exts, TLSC_EXT_supported_groups);
    for (size_t i = 0; i < config->num_groups; i++) {
        const tlsc_group *g = config->groups[i];
        if (g->tls12 && (any ? g->id == 0x0017 : tlsc_u16_list_has(ch->groups, g->id))) {
            return g;
        }
    }
    return NULL;
}

/* The i-th suite in the order that counts; false beyond the last. NULL: one that isn't common. */
static bool suite_at(const tlsc_config *config, const tlsc_client_hello *ch, size_t i,
                     const tlsc_suite **suite)
{
    uint16_t id;
    *suite = NULL;
    if (config->honor_client_order) {
        if (!tlsc_u16_list_at(ch->cipher_suites, i, &id)) {
            return false;
        }
        *suite = tlsc_config_suite(config, id, TLSC_TLS12);
        return true;
    }
    if (i >= config->num_suites) {
        return false;
    }
    const tlsc_suite *own = config->suites[i];
    if (own->version == TLSC_TLS12 && tlsc_u16_list_has(ch->cipher_suites, own->id)) {
        *suite = own;
    }
    return true;
}

tlsc_err tlsc_negotiate12(const tlsc_config *config, const tlsc_client_hello *ch,
                          tlsc_credential *const *credentials, size_t num, tlsc_choice12 *out)
{
    memset(out, 0, sizeof(*out));
    bool tried[TLSC_AUTH_RSA + 1] = { false };
    bool any_suite = false;
    const tlsc_suite *suite;
    for (size_t i = 0; suite_at(config, ch, i, &suite); i++) {
        if (suite == NULL) {
            continue;
        }
        any_suite = true;
        if (tried[suite->authentication]) {
            continue; /* this kind has no credential, whichever the suite */
        }
        if (find_credential(ch, credentials, num, suite->authentication, out)) {
            out->suite = suite;
            out->group = find_group(config, ch);
            return out->group != NULL ? TLSC_OK : TLSC_E_NO_SHARED_GROUP;
        }
        tried[suite->authentication] = true;
    }
    return any_suite ? TLSC_E_NO_SHARED_SIGNATURE : TLSC_E_NO_SHARED_SUITE;
}
