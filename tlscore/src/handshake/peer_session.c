/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/peer_session.c: who the peer was, in sessions: kept, held against the configuration, judged
 * again. */
#include "base/try.h"
#include "handshake/peer.h"
#include "wire/reader.h"

enum {
    SESSION_CHAIN_MAX = 8192, /* bytes of a chain that a session keeps whole */
    CERTIFICATE_MAX = 0xffffff
};

bool tlsc_peer_session_fits(const tlsc_config *config, const tlsc_session *session)
{
    if (!session->peer_authenticated) {
        return !config->client && config->client_auth != TLSC_CLIENT_AUTH_REQUIRED;
    }
    bool asks = config->client || config->post_handshake_auth ||
                config->client_auth != TLSC_CLIENT_AUTH_NONE;
    return asks && tlsc_peer_accepts_type(config, session->peer_type) &&
           (!config->verify_on_resumption || session->peer_chain.n > 0);
}

tlsc_err tlsc_peer_take_session(tlsc_hs *hs, const tlsc_session *session)
{
    tlsc_outcome *o = hs->outcome;
    if (!session->peer_authenticated) {
        return TLSC_OK;
    }
    o->peer_authenticated = true;
    o->peer_type = session->peer_type;
    o->verify_error = session->verify_result < TLSC_ERR_COUNT
                          ? (tlsc_err)session->verify_result
                          : TLSC_E_CERTIFICATE_REJECTED;
    return tlsc_peer_keeps_chain(hs->config)
               ? tlsc_outcome_keep(&o->peer_chain, session->peer_chain)
               : TLSC_OK;
}

tlsc_err tlsc_peer_verify_session(tlsc_hs *hs, bool *ready)
{
    tlsc_outcome *o = hs->outcome;
    *ready = true;
    if (!o->peer_authenticated || !hs->config->verify_on_resumption) {
        return TLSC_OK;
    }
    if (hs->peer.memory == NULL) {
        TRY(tlsc_peer_take_list(hs, o->peer_chain));
    }
    TRY(tlsc_peer_ask(hs, true, ready));
    if (*ready) {
        tlsc_peer_clear(&hs->peer);
    }
    return TLSC_OK;
}

void tlsc_peer_to_session(const tlsc_outcome *o, tlsc_session *out)
{
    out->peer_authenticated = o->peer_authenticated;
    out->peer_type = o->peer_type;
    out->verify_result = (uint16_t)o->verify_error;
    out->peer_chain = o->peer_chain;
    if (out->peer_chain.n > SESSION_CHAIN_MAX) {
        tlsc_rd r = tlsc_rd_of(o->peer_chain);
        size_t leaf_n = 3 + tlsc_rd_vec24(&r, 1, CERTIFICATE_MAX).n;
        out->peer_chain.n = leaf_n <= SESSION_CHAIN_MAX ? leaf_n : 0;
    }
}
