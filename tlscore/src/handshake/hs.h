/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/hs.h: a handshake under way, freed when it ends, and what outlives it. */
#ifndef TLSC_HANDSHAKE_HS_H
#define TLSC_HANDSHAKE_HS_H

#include "handshake/config.h"
#include "handshake/hello.h"
#include "handshake/proof.h"
#include "keys/key_log.h"
#include "keys/prf12.h"
#include "keys/schedule13.h"
#include "keys/session.h"
#include "keys/transcript.h"
#include "record/join.h"
#include "record/layer.h"
#include "tlscore/conn.h"
#include "wire/certificate_verify.h"
#include "wire/enums.h"

/* What a handshake leaves behind; part of the connection. */
typedef struct tlsc_outcome {
    const tlsc_config *config;   /* a reference */
    tlsc_credential *credential; /* a reference; NULL when resumed */
    const tlsc_suite *suite;
    uint16_t version;
    uint16_t group;
    uint16_t scheme;
    bool resumed;
    bool hello_retry;
    uint8_t client_random[32];
    tlsc_bytes alpn;        /* owned */
    tlsc_bytes server_name; /* owned */
    tlsc_secret resumption; /* wiped once the tickets are made */
    unsigned tickets_due;
} tlsc_outcome;

/* What to do with records that can't be early data's reader. RFC 8446 4.2.10 */
typedef enum tlsc_skip {
    TLSC_SKIP_NONE,
    TLSC_SKIP_SEALED,   /* after a HelloRetryRequest: all application_data records */
    TLSC_SKIP_UNOPENED  /* after ServerHello: those that the handshake keys don't open */
} tlsc_skip;

typedef struct tlsc_hs tlsc_hs;

/* A state of the machine, named by what it waits for. */
typedef struct tlsc_hs_state {
    const char *name;  /* "server13: expect Finished", for logs, tests and docs/STATE-MACHINE.md */
    uint32_t accepts;  /* a bit per handshake type that is legal here; 0: own work, needs no message */
    bool changes_keys; /* its message must end a record, RFC 8446 5.1 */
    /* `msg` is NULL for own work. Names the next state in `*next`, which is the present one if it
     * isn't touched; own work that needs an answer sets hs->wait, and is asked again after it. */
    tlsc_err (*on)(tlsc_hs *hs, const tlsc_msg *msg, const struct tlsc_hs_state **next);
} tlsc_hs_state;

/* The bit of a handshake type in `accepts`. */
#define TLSC_HS_BIT(type) (1u << TLSC_HS_##type)
/* TLS 1.2's ChangeCipherSpec is no handshake message, but legal in one state only; `msg` is NULL. */
#define TLSC_HS_CCS_BIT (1u << 31)
/* Suite code points that are signals: RFC 5746 3.3, RFC 7507 2. */
enum { TLSC_SCSV_RENEGOTIATION = 0x00ff, TLSC_SCSV_FALLBACK = 0x5600, TLSC_SIGN_CONTENT_MAX = 256 };

struct tlsc_hs {
    const tlsc_hs_state *state;
    tlsc_wait wait;
    uint32_t proven; /* TLSC_PROVEN_... */
    uint8_t got;     /* the message that was refused, with TLSC_E_UNEXPECTED_MESSAGE */

    /* the connection's, borrowed */
    const tlsc_provider *provider;
    const tlsc_conn_options *options;
    tlsc_record_layer *rl;
    tlsc_outcome *outcome;

    tlsc_transcript transcript;
    tlsc_schedule13 schedule;
    tlsc_key_log log;
    tlsc_buf flight; /* messages that will go in the same records */

    /* what the peer sent */
    tlsc_hello hello;
    tlsc_skip skip;

    /* answers to pauses */
    const tlsc_config *config;            /* a reference, until it is the outcome's */
    tlsc_credential *credential_override; /* a reference, or NULL */
    tlsc_bytes ticket; /* under examination; into hello */
    bool ticket_answered;
    tlsc_buf ticket_session; /* the answer, or what we opened */
    tlsc_buf signature;      /* the answer */
    bool signature_answered;

    /* decisions */
    const tlsc_suite *suite;
    const tlsc_group *group;
    tlsc_bytes peer_share; /* into hello */
    size_t psk_index;      /* the identity under examination, then the one that is used */
    bool resumes;
    bool ccs_sent; /* middlebox compatibility: once is enough, RFC 8446 D.4 */
    uint8_t sign_content[TLSC_SIGN_CONTENT_MAX];
    size_t sign_content_n;
    tlsc_secret client_traffic; /* waits for the client's Finished */

    /* TLS 1.2 */
    tlsc_secret master;
    tlsc_keys12 keys12;    /* each direction's wait for its ChangeCipherSpec */
    uint8_t server_random[TLSC_RANDOM_LEN];
    uint8_t share[TLSC_GROUP_SHARE_MAX]; /* ours */
    void *kx_private;                    /* group->private_len bytes, or NULL */
    bool extended_master_secret;
    bool sends_ticket;
    int64_t session_issued_ms; /* of the session that is resumed */
};

/* A new server handshake. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_hs_new(const tlsc_provider *provider, const tlsc_conn_options *options,
                     tlsc_record_layer *rl, tlsc_outcome *outcome, const tlsc_hs_state *first,
                     tlsc_hs **out);
void tlsc_hs_free(tlsc_hs *hs);
/* Frees what an outcome owns; a zeroed one is fine. */
void tlsc_outcome_clear(tlsc_outcome *o);

/* ---- machine.c: the only place that moves the state ---- */

/* Gives one message to the machine. errors: any. */
tlsc_err tlsc_hs_step(tlsc_hs *hs, const tlsc_msg *msg);
/* Gives it a ChangeCipherSpec of TLS 1.2. errors: TLSC_E_UNEXPECTED_CCS, any. */
tlsc_err tlsc_hs_change_cipher_spec(tlsc_hs *hs);
/* Goes on after the answer to a pause. errors: any. */
tlsc_err tlsc_hs_resume(tlsc_hs *hs);
/* The last state: application data may flow. */
extern const tlsc_hs_state tlsc_hs_done;

/* ---- emit.c: messages on their way out ---- */

/* Starts a message of a type in the flight; its body is written to the writer. */
typedef struct tlsc_hs_out {
    tlsc_wr w;
    tlsc_wr_mark body;
    size_t at;
} tlsc_hs_out;
tlsc_hs_out tlsc_hs_begin(tlsc_hs *hs, uint8_t type);
/* Ends it and adds it to the transcript. */
tlsc_err tlsc_hs_end(tlsc_hs *hs, tlsc_hs_out *out);
/* Puts the flight into records. */
tlsc_err tlsc_hs_flush(tlsc_hs *hs);
/* Writes a line of the key log. */
void tlsc_hs_log(const tlsc_hs *hs, const char *label, const tlsc_secret *secret);

/* ---- the two ends of the server's way ---- */

extern const tlsc_hs_state tlsc_server_expect_client_hello;   /* server.c */
extern const tlsc_hs_state tlsc_server13_negotiate;           /* server13.c */
extern const tlsc_hs_state tlsc_server12_negotiate;           /* server12.c */

/* ---- auth.c: signatures and tickets that may be made elsewhere ---- */

/* Signs hs->sign_content into hs->signature here, if the key is here. `*ready` is false during a pause.
 * errors: TLSC_E_SIGNING_FAILED, TLSC_E_NO_MEMORY. */
tlsc_err tlsc_hs_make_signature(tlsc_hs *hs, bool *ready);
/* Opens hs->ticket into hs->ticket_session, here or by the caller; it stays empty if that fails, which
 * is no error. `*ready` is false during a pause. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_hs_open_ticket(tlsc_hs *hs, bool *ready);

#endif
