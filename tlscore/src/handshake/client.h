/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client.h: what only a client's handshake has. */
#ifndef TLSC_HANDSHAKE_CLIENT_H
#define TLSC_HANDSHAKE_CLIENT_H

#include "handshake/hs.h"
#include "wire/server_hello12.h"

enum { TLSC_CLIENT_SHARES_MAX = 2, TLSC_CLIENT_SESSIONS_MAX = 4 };

/* Our half of a key exchange. */
typedef struct tlsc_client_share {
    const tlsc_group *group;
    void *priv; /* group->private_len bytes, or NULL */
    uint8_t share[TLSC_GROUP_SHARE_MAX];
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
    uint32_t offered; /* a bit per TLSC_EXT_... row that stood in it: an answer to more is refused */
    char *name;       /* as the caller gave it, or NULL */
    size_t name_n;
    bool name_is_dns; /* and goes as server_name */
    tlsc_buf alpn;    /* list of opaque<1..2^8-1>, offered */
    tlsc_client_share shares[TLSC_CLIENT_SHARES_MAX];
    size_t num_shares;
    tlsc_client_session sessions[TLSC_CLIENT_SESSIONS_MAX]; /* those that are offered */
    size_t num_sessions;
    const tlsc_client_session *resumes; /* the one that the server took, or NULL */
    tlsc_bytes cookie;                  /* owned */
    uint16_t group_hint;
    bool offers_early_data;
    bool certificate_requested;
    /* TLS 1.2 */
    tlsc_server_hello12 hello12;
    uint8_t *hello12_memory; /* what its views look into */
    bool ticket_comes;
    void (*on_session)(void *ctx, tlsc_bytes session);
    void *session_ctx;
} tlsc_client;

/* Takes the caller's options and makes the first state's work: the ClientHello. errors:
 * TLSC_E_BAD_NAME, TLSC_E_NO_MEMORY, TLSC_E_RANDOM, TLSC_E_CRYPTO. */
tlsc_err tlsc_client_begin(tlsc_hs *hs, const tlsc_client_options *options);
void tlsc_client_clear(tlsc_client *client);

extern const tlsc_hs_state tlsc_client_expect_server_hello; /* client.c */

/* The two ways on from ServerHello. client.c has taken it into the transcript, checked the echo of what
 * both versions share, the suite's being offered, and the downgrade sentinel. */
tlsc_err tlsc_client13_on_server_hello(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next);
tlsc_err tlsc_client12_on_server_hello(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next);

/* Hands a new session to the caller, in the session encoding. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_client_give_session(const tlsc_outcome *outcome,
                                  void (*on_session)(void *ctx, tlsc_bytes session), void *ctx,
                                  const tlsc_session *session);

#endif
