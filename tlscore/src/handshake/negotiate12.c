/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/negotiate12.c: TLS 1.2's choice, where the suite says how the server signs. */
#include <string.h>

#include "handshake/negotiate.h"
#include "wire/enums.h"

/* How far back the client names a group; SIZE_MAX for one that can't serve. A client without
 * supported_groups leaves the choice to us. RFC 8422 4 */
static size_t place_of(const tlsc_client_hello *ch, const tlsc_group *g)
{
    bool any = !tlsc_exts_has(&ch->exts, TLSC_EXT_supported_groups);
    if (!g->tls12 || (any && g->id != 0x0017)) {
        return SIZE_MAX;
    }
    size_t place = any ? 0 : tlsc_u16_list_place(ch->groups, g->id);
    return any || place < ch->groups.n / 2 ? place : SIZE_MAX;
}

/* The client's first of the best tier that has one. */
static const tlsc_group *find_group(const tlsc_config *config, const tlsc_client_hello *ch)
{
    const tlsc_group *best = NULL;
    size_t best_place = SIZE_MAX;
    for (size_t i = 0; i < config->num_groups; i++) {
        size_t place = place_of(ch, config->groups[i]);
        if (place < best_place) {
            best = config->groups[i];
            best_place = place;
        }
        if (best != NULL && !tlsc_config_group_is_equal(config, i)) {
            break;
        }
    }
    return best;
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

/* A suite says what kind of key signs, so of each kind the first suite is enough: it is looked at with all
 * credentials, and of two kinds the one whose credential fits better serves, be its suite the second. */
tlsc_err tlsc_negotiate12(const tlsc_config *config, const tlsc_client_hello *ch,
                          const tlsc_credential_request *wish,
                          tlsc_credential *const *credentials, size_t num, tlsc_choice12 *out)
{
    memset(out, 0, sizeof(*out));
    bool tried[TLSC_AUTH_RSA + 1] = { false };
    tlsc_err reason = TLSC_E_NO_SHARED_SUITE;
    const tlsc_suite *suite;
    for (size_t i = 0; suite_at(config, ch, i, &suite); i++) {
        if (suite == NULL || tried[suite->authentication]) {
            continue;
        }
        tried[suite->authentication] = true;
        tlsc_auth_choice choice;
        uint8_t terms = (uint8_t)(suite->authentication | tlsc_config_curves(config));
        tlsc_err rc = tlsc_auth_choose(wish, terms, credentials, num, &choice);
        if (rc != TLSC_OK) {
            reason = tlsc_auth_nearer(reason, rc);
        } else if (out->suite == NULL || choice.rank > out->own.rank) {
            out->suite = suite;
            out->own = choice;
        }
    }
    if (out->suite == NULL) {
        return reason;
    }
    out->group = find_group(config, ch);
    return out->group != NULL ? TLSC_OK : TLSC_E_NO_SHARED_GROUP;
}
