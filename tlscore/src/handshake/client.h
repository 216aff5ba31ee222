/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client.h: what only a client's handshake has. */
#ifndef TLSC_HANDSHAKE_CLIENT_H
#define TLSC_HANDSHAKE_CLIENT_H

#include "handshake/hs.h"
#include "wire/server_hello12.h"

enum { TLSC_CLIENT_SHARES_MAX = TLSC_CONFIG_SHARES_MAX, TLSC_CLIENT_SESSIONS_MAX = 4 };

/* Our half of a key exchange. */
typedef struct tlsc_client_share {
    const tlsc_group *group;
    void *priv; /* group->private_len bytes, or NULL */
    uint8_t *share; /* group->share_len bytes, behind them */
} tlsc_client_share;

/* A session that is offered; views into its copy. */
typedef struct tlsc_client_session {
    uint8_t *memory;
    size_t memory_n;
    tlsc_session session;
} tlsc_client_session;

typedef struct tlsc_client {
    tlsc_buf hello; /* the last ClientHello, with its header */
    uint8_t session_id[32];
    size_t session_id_n;
    uint64_t grease_seed; /* GREASE, and the order of extensions: the same in both hellos */
    uint32_t offered; /* a bit per TLSC_EXT_... row that stood in it: an answer to more is refused */
    char *name;       /* as the caller gave it, or NULL */
    size_t name_n;
    bool name_is_dns; /* and goes as server_name */
    tlsc_buf alpn;    /* list of opaque<1..2^8-1>, offered */
    tlsc_client_share shares[TLSC_CLIENT_SHARES_MAX];
    size_t num_shares;
    /* those that are offered: TLS 1.3's in the order of their PSKs, or one of TLS 1.2 */
    tlsc_client_session sessions[TLSC_CLIENT_SESSIONS_MAX];
    size_t num_sessions;
    const tlsc_client_session *resumes; /* the one that the server took, or NULL */
    tlsc_buf cookie;                    /* a HelloRetryRequest's */
    uint8_t own_types[2]; /* kinds of certificate of our own that were offered; RFC 7250 */
    size_t num_own_types;
    uint16_t group_hint;
    bool fallback; /* says TLS_FALLBACK_SCSV */
    bool offers_12; /* what the ClientHello offers */
    bool offers_13;
    bool offers_early_data;
    bool verified_early; /* the verifier was asked about the first session, for early data's sake */
    bool certificate_requested;
    tlsc_secret handshake_traffic; /* ours, while early data still goes out under its own */
    /* TLS 1.2 */
    tlsc_server_hello12 hello12;
    uint8_t *hello12_memory; /* what its views look into */
    bool ticket_comes;
    void (*on_session)(void *ctx, tlsc_bytes session);
    void *session_ctx;
} tlsc_client;

/* ---- client.c ---- */

/* Takes the caller's options; then the first state is due, tlsc_hs_resume. errors: TLSC_E_BAD_NAME,
 * TLSC_E_NO_MEMORY, TLSC_E_RANDOM, TLSC_E_USAGE. */
tlsc_err tlsc_client_begin(tlsc_hs *hs, const tlsc_client_options *options);
/* NULL is fine. */
void tlsc_client_free(tlsc_client *client);

extern const tlsc_hs_state tlsc_client_first;

/* What the answers of both versions have in common. An empty view, and NULL, are what wasn't there:
 * without certificate types it is X.509, which we may not accept. errors: TLSC_E_WRONG_ALPN,
 * TLSC_E_WRONG_CERTIFICATE_TYPE, TLSC_E_WRONG_CERTIFICATE, TLSC_E_NO_MEMORY. RFC 7301 3.1; RFC 7250 4.2 */
tlsc_err tlsc_client_take_alpn(tlsc_hs *hs, tlsc_bytes chosen);
tlsc_err tlsc_client_take_types(tlsc_hs *hs, const uint8_t *server, const uint8_t *client);
/* Takes over what client->resumes tells of the time when it began. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_client_take_session(tlsc_hs *hs);
/* What was judged for early data's sake counts for nothing where that wasn't accepted. */
void tlsc_client_forget_early_verdict(tlsc_hs *hs);

/* ---- client_offer.c ---- */

/* Makes the shares of a first ClientHello, or the one that a HelloRetryRequest asks for.
 * errors: TLSC_E_NO_MEMORY, TLSC_E_RANDOM, TLSC_E_CRYPTO. */
tlsc_err tlsc_client_make_shares(tlsc_hs *hs);
tlsc_err tlsc_client_make_share(tlsc_hs *hs, const tlsc_group *group);
/* Our half for a group that we sent a share for, else NULL. */
const tlsc_client_share *tlsc_client_share_of(const tlsc_client *client, uint16_t group);

/* Makes the ClientHello, the first or the second, takes it into the transcript and queues it.
 * errors: TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL, TLSC_E_CRYPTO. RFC 8446 4.1.2 */
tlsc_err tlsc_client_send_hello(tlsc_hs *hs);
/* Queues the one ChangeCipherSpec that middleboxes look for. RFC 8446 D.4 */
tlsc_err tlsc_client_send_ccs(tlsc_hs *hs);

/* ---- client_session.c ---- */

/* Copies those of the caller's sessions that may be offered. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_client_take_sessions(tlsc_hs *hs, const tlsc_bytes *sessions, size_t num);
/* Drops those that `keep` doesn't hold with. */
void tlsc_client_drop_sessions(tlsc_client *client, bool (*keep)(const tlsc_hs *hs,
                                                                 const tlsc_session *session),
                               const tlsc_hs *hs);

/* Hands a new session to the caller, in the session encoding. in: what only the session knows: secret,
 * issued_ms, age_add, max_early_data, lifetime_s, ticket, session_id; the rest is the outcome's.
 * Nothing happens without a callback, or for a lifetime of 0. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_client_give_session(const tlsc_outcome *outcome,
                                  void (*on_session)(void *ctx, tlsc_bytes session), void *ctx,
                                  const tlsc_session *session);
/* Takes TLS 1.3's NewSessionTicket. errors: TLSC_E_DECODE, ..., TLSC_E_NO_MEMORY. RFC 8446 4.6.1 */
tlsc_err tlsc_client_take_ticket13(tlsc_outcome *outcome, int64_t now_ms,
                                   void (*on_session)(void *ctx, tlsc_bytes session), void *ctx,
                                   tlsc_bytes body);

/* ---- the two ways on from ServerHello ---- */

/* client.c has taken it into the transcript, named the transcript's hash, checked that version and suite
 * were offered, and set hs->suite and the outcome's version and suite. In TLS 1.3 the session id's
 * echo is right too; in TLS 1.2 it is the downgrade mark that isn't there, and client->hello12 holds
 * the message, with no extension in it that wasn't asked for. */
tlsc_err tlsc_client13_on_server_hello(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next);
tlsc_err tlsc_client12_on_server_hello(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next);

#endif
