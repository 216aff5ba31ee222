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
#include "tlscore/info.h"
#include "wire/certificate_request.h"
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
    bool extended_master_secret; /* TLS 1.2 */
    uint8_t client_random[32];
    tlsc_bytes alpn;        /* owned */
    tlsc_bytes server_name; /* owned */
    tlsc_secret resumption; /* a server's: wiped once the tickets are made; a client's: kept */
    unsigned tickets_due;
    /* for keying material, if the configuration allows that; in TLS 1.2 `exporter` is the master secret */
    tlsc_secret exporter;
    tlsc_secret early_exporter;
    const tlsc_hash *early_hash; /* its; NULL: there is none */
    uint8_t server_random[TLSC_RANDOM_LEN]; /* TLS 1.2's */
    tlsc_keys12 keys12; /* TLS 1.2's, if the configuration allows that they are extracted */

    /* the peer */
    uint16_t peer_scheme;
    uint8_t peer_type; /* TLSC_CERT_... */
    bool peer_authenticated;
    tlsc_err verify_error;
    int verify_index;
    const tlsc_chain *verified_chain; /* a reference, or NULL */
    tlsc_bytes peer_chain; /* owned, if kept: list of opaque<1..2^24-1>, its own first; a
                              raw key is a list of one */

    uint8_t own_type;             /* TLSC_CERT_..., of our certificate; agreed on */
    uint16_t compression;         /* of our certificate: its algorithm's id; 0: it went as it is */
    uint16_t peer_compression;    /* of the peer's */
    tlsc_bytes post_transcript;   /* owned: the hash's state after the handshake, where it may be asked for
                                     a certificate later; else empty */

    /* sessions */
    tlsc_bytes session_application_in; /* owned: of the session that was resumed */
    tlsc_bytes session_application;    /* owned: for sessions to come */
    int64_t session_issued_ms;
    int64_t chain_began_ms; /* the full handshake of the session that was resumed; 0: this is one */
    int64_t ticket_age_skew_ms;  /* a server's */
    uint32_t tickets_received; /* a client's */

    /* early data */
    tlsc_early_data early_data;
    uint32_t early_data_sent; /* bytes, a client's */
} tlsc_outcome;

/* What to do with records that can't be early data's reader. RFC 8446 4.2.10 */
typedef enum tlsc_skip {
    TLSC_SKIP_NONE,
    TLSC_SKIP_SEALED,   /* after a HelloRetryRequest: all application_data records */
    TLSC_SKIP_UNOPENED  /* after ServerHello: those that the handshake keys don't open */
} tlsc_skip;

typedef struct tlsc_hs tlsc_hs;

/* The peer's certificate under examination; copied, so that it survives the verdict's pause. */
typedef struct tlsc_peer {
    uint8_t *memory;          /* what the views look into, or NULL: nothing came */
    tlsc_bytes *certificates; /* DER, in the peer's order */
    size_t num_certificates;  /* 0 with `memory`: a raw key */
    tlsc_bytes spki;          /* DER: of its own certificate, or its raw key */
    tlsc_bytes ocsp;
    tlsc_bytes scts;
    uint8_t *ocsp_memory;     /* TLS 1.2's staple comes in a message of its own; or NULL */
    tlsc_verify_request request; /* during the pause */
    bool answered;
    tlsc_verdict verdict; /* the answer */
} tlsc_peer;

/* What a CertificateRequest, or a ClientHello, says about the certificate that it would like; views into
 * `memory`. */
typedef struct tlsc_wish {
    uint8_t *memory; /* or NULL: the views look into the ClientHello */
    uint8_t *allowed; /* with a policy: `schemes` looks here; or NULL */
    bool asked;      /* a client's: there was a CertificateRequest */
    tlsc_credential_request what;
    tlsc_bytes context;   /* certificate_request_context */
    tlsc_bytes compressions; /* list of uint16 */
    bool ocsp;            /* it wants these with it */
    bool scts;
} tlsc_wish;

struct tlsc_client; /* handshake/client.h: what only a client's handshake has */

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
enum { TLSC_SCSV_RENEGOTIATION = 0x00ff, TLSC_SCSV_FALLBACK = 0x5600, TLSC_SIGN_CONTENT_MAX = 256,
       TLSC_REQUEST_CONTEXT_LEN = 16 };

struct tlsc_hs {
    const tlsc_hs_state *state;
    tlsc_wait wait;
    tlsc_alert alert; /* to be sent instead of the error's own; TLSC_ALERT_close_notify (0): none */
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
    tlsc_credential *credential_override; /* a reference, or NULL; TLSC_WAIT_CREDENTIAL's answer, too */
    tlsc_bytes ticket; /* under examination; into hello */
    bool ticket_answered;
    tlsc_buf ticket_session; /* the answer, or what we opened; a TLS 1.2 client's: the new ticket */
    tlsc_buf signature;      /* the answer */
    bool signature_answered;

    uint8_t tickets_made; /* by the caller */
    bool sealed_answered;
    tlsc_buf sealed;        /* the answer to TLSC_WAIT_SEAL */
    tlsc_buf to_seal;       /* what it is asked for: a session, wiped with it */
    bool session_answered;  /* TLSC_WAIT_SESSION */
    bool session_take;
    uint8_t session_key[TLSC_STORE_KEY_MAX]; /* that is looked up; then TLS 1.2's new session id */
    size_t session_key_n;
    tlsc_buf stored; /* what was under it, sealed */
    bool credential_answered; /* TLSC_WAIT_CREDENTIAL */

    /* certificates */
    tlsc_peer peer;
    bool peer_came; /* a server's: the client sent a certificate */
    tlsc_wish wish;
    uint8_t own_type; /* TLSC_CERT_..., of our certificate; agreed on */
    struct tlsc_client *client; /* NULL: we are the server */
    bool is_client;
    uint8_t request_context[TLSC_REQUEST_CONTEXT_LEN]; /* of our CertificateRequest, after the handshake */
    bool post_handshake; /* authentication after the handshake: application data flows meanwhile */
    bool may_write;      /* early data (client) or data behind our Finished (server) may be sealed */
    bool reads_early;    /* records under the early key are application data */
    uint32_t early_left; /* bytes of early data that may still be sent or come */

    /* decisions */
    const tlsc_suite *suite;
    const tlsc_group *group;
    tlsc_bytes peer_share; /* into hello; a TLS 1.2 client's: into `share` */
    size_t psk_index;      /* the identity under examination, then the one that is used */
    bool resumes;
    bool ccs_sent; /* middlebox compatibility: once is enough, RFC 8446 D.4 */
    uint8_t sign_content[TLSC_SIGN_CONTENT_MAX];
    size_t sign_content_n;
    bool signs_messages; /* TLS 1.2's CertificateVerify: what is signed is all messages so far */
    tlsc_secret client_handshake; /* waits for EndOfEarlyData */
    tlsc_secret client_traffic; /* waits for the client's Finished */

    /* TLS 1.2 */
    tlsc_secret master;
    tlsc_hmac keyed_master; /* HMAC under it, for the keys and both Finished */
    tlsc_keys12 keys12;    /* each direction's wait for its ChangeCipherSpec */
    uint8_t server_random[TLSC_RANDOM_LEN];
    uint8_t share[TLSC_GROUP_SHARE_MAX]; /* a server's: ours; a client's: the server's */
    void *kx_private;                    /* group->private_len bytes, or NULL */
    bool extended_master_secret;
    bool sends_ticket;
    uint32_t ticket_lifetime_s; /* a client's: of the new ticket */
    int64_t session_issued_ms; /* of the session that is resumed */
};

/* A new server handshake. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_hs_new(const tlsc_provider *provider, const tlsc_conn_options *options,
                     tlsc_record_layer *rl, tlsc_outcome *outcome, const tlsc_hs_state *first,
                     tlsc_hs **out);
void tlsc_hs_free(tlsc_hs *hs);
/* Makes one of an outcome's owned views a copy of `from`, in place of what it was.
 * errors: TLSC_E_NO_MEMORY, then it is what it was. */
tlsc_err tlsc_outcome_keep(tlsc_bytes *owned, tlsc_bytes from);
/* Frees what an outcome owns; a zeroed one is fine. */
void tlsc_outcome_clear(tlsc_outcome *o);
/* Frees one of the views that an outcome owns. */
void tlsc_outcome_drop(tlsc_bytes *owned);

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

/* ---- auth.c: signatures that may be made elsewhere ---- */

/* What is to be signed: hs->sign_content, or the transcript's messages. Borrowed until one is added. */
tlsc_bytes tlsc_hs_sign_content(const tlsc_hs *hs);
/* Signs that into hs->signature here, if the key is here. `*ready` is false during a pause.
 * errors: TLSC_E_SIGNING_FAILED, TLSC_E_NO_MEMORY. */
tlsc_err tlsc_hs_make_signature(tlsc_hs *hs, bool *ready);

/* ---- lookup.c: sessions that clients name ---- */

/* Opens hs->ticket into hs->ticket_session, here or by the caller, or takes it out of the store; it
 * stays empty if that fails, which is no error. `*ready` is false during a pause. errors:
 * TLSC_E_NO_MEMORY. */
tlsc_err tlsc_hs_open_ticket(tlsc_hs *hs, bool *ready);
/* The same for what the store has under `key`; TLS 1.3's sessions are taken, TLS 1.2's stay. */
tlsc_err tlsc_hs_look_up(tlsc_hs *hs, tlsc_bytes key, uint16_t version, bool *ready);

#endif
