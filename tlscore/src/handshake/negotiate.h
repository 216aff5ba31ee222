/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/negotiate.h: what both sides can do, decided without side effects. */
#ifndef TLSC_HANDSHAKE_NEGOTIATE_H
#define TLSC_HANDSHAKE_NEGOTIATE_H

#include "auth/choose.h"
#include "handshake/config.h"
#include "wire/client_hello.h"

/* The highest version that both speak. errors: TLSC_E_NO_SHARED_VERSION. RFC 8446 4.2.1 */
tlsc_err tlsc_negotiate_version(const tlsc_config *config, const tlsc_client_hello *ch,
                                uint16_t *version);

/* A suite that is enabled, by its code point; NULL if it isn't. */
const tlsc_suite *tlsc_config_suite(const tlsc_config *config, uint16_t id, uint16_t version);

/* The curves whose keys the policy doesn't allow: TLSC_AUTH_NO_..., 0 without such a policy. */
uint8_t tlsc_config_curves(const tlsc_config *config);

/* The suite, by the client's order or the configuration's. errors: TLSC_E_NO_SHARED_SUITE. */
tlsc_err tlsc_negotiate_suite(const tlsc_config *config, const tlsc_client_hello *ch,
                              uint16_t version, const tlsc_suite **suite);

/* Whether the group after the i-th is of the same tier. */
bool tlsc_config_group_is_equal(const tlsc_config *config, size_t i);

/* The group and the client's share for it; an empty share asks for a HelloRetryRequest.
 * The best tier in common serves, and in it a group with a share, then the client's first. Where the tier
 * has no share, and the configuration says that it isn't worth a round trip (by default: that is worth it
 * for a post-quantum group alone), it gives way to a later one that has. errors: TLSC_E_NO_SHARED_GROUP, TLSC_E_DUPLICATE_KEY_SHARE
 * (for a group that is enabled here). RFC 8446 4.2.7, 4.2.8 */
tlsc_err tlsc_negotiate_group13(const tlsc_config *config, const tlsc_client_hello *ch,
                                const tlsc_group **group, tlsc_bytes *share);

/* What a full TLS 1.2 handshake needs: suite, group, and a credential that signs for the suite: the best
 * that tlsc_auth_choose finds for any suite in common, then the first such suite. errors:
 * TLSC_E_NO_SHARED_SUITE, TLSC_E_NO_SHARED_GROUP, those of tlsc_auth_choose.
 * RFC 5246 7.4.1.2, 7.4.1.4.1; RFC 8422 2, 5.1, 5.3 */
typedef struct tlsc_choice12 {
    const tlsc_suite *suite;
    const tlsc_group *group;
    tlsc_auth_choice own;
} tlsc_choice12;
tlsc_err tlsc_negotiate12(const tlsc_config *config, const tlsc_client_hello *ch,
                          const tlsc_credential_request *wish,
                          tlsc_credential *const *credentials, size_t num, tlsc_choice12 *out);

/* The first of `own` (a list of opaque<1..255>) that the client offers; empty if the client offers
 * nothing. errors: TLSC_E_NO_SHARED_ALPN. RFC 7301 3.2 */
tlsc_err tlsc_negotiate_alpn(tlsc_bytes own, const tlsc_client_hello *ch, tlsc_bytes *name);

/* True if the client offers this protocol. */
bool tlsc_hello_has_alpn(const tlsc_client_hello *ch, tlsc_bytes name);

#endif
