/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/conn.h: one TLS connection. No sockets, no threads, no global state: bytes in, bytes
 * out, and the buffers are the caller's. A connection is used by one thread at a time, any thread.
 *
 * A server's life, with the bytes from the client in `buf`:
 *
 *     loop: tlsc_conn_open(c, buf + at, n - at, &opened); at += opened.consumed
 *           opened.wait == TLSC_WAIT_CONFIG: look at tlsc_conn_hello(c), tlsc_conn_answer_config
 *           opened.data: plaintext, lent until the buffer changes
 *           opened.output: something to send: tlsc_conn_plan, tlsc_conn_seal
 *           opened.needed > 0: read at least that many bytes more behind what is left in `buf`
 *
 * tlscore/stream.h stands on top, with buffers of its own, for programs that want read and write. */
#ifndef TLSCORE_CONN_H
#define TLSCORE_CONN_H

#include "tlscore/config.h"
#include "tlscore/hello.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A connection, from its first byte to its last. */
typedef struct tlsc_conn tlsc_conn;

/* Bounds of a record, for buffers. */
enum {
    TLSC_MAX_PLAINTEXT = 16384,  /* bytes of data in one record, RFC 8446 5.1 */
    TLSC_MAX_RECORD = 16640 + 5, /* bytes of the longest record on the wire, header included */
    TLSC_RECORD_HEADER = 5
};

/* What a handshake needs before it can go on. */
typedef enum tlsc_wait {
    TLSC_WAIT_NONE,    /* nothing: the handshake is done or has failed */
    TLSC_WAIT_MESSAGE, /* bytes from the peer */
    TLSC_WAIT_CONFIG,  /* tlsc_conn_answer_config or tlsc_conn_answer_refuse */
    TLSC_WAIT_SIGN,    /* tlsc_conn_answer_signature */
    TLSC_WAIT_VERIFY,  /* tlsc_conn_answer_verdict */
    TLSC_WAIT_TICKET,  /* tlsc_conn_answer_ticket; only with tlsc_conn_options.external_tickets */
    TLSC_WAIT_SEAL,    /* tlsc_conn_answer_sealed; likewise */
    TLSC_WAIT_CREDENTIAL, /* tlsc_conn_answer_credential */
    TLSC_WAIT_SESSION     /* tlsc_conn_answer_session: a store said "later" */
} tlsc_wait;

/* Things that happened in a call to tlsc_conn_open, as a set of bits. */
enum {
    TLSC_EVENT_HANDSHAKE_DONE = 1u << 0, /* application data may flow */
    TLSC_EVENT_CLOSE_NOTIFY = 1u << 1,   /* the peer sends no more data */
    TLSC_EVENT_KEY_UPDATE = 1u << 2,     /* the peer changed its keys */
    TLSC_EVENT_WARNING = 1u << 3,        /* the peer sent a warning alert, which was passed over */
    TLSC_EVENT_EARLY_DATA = 1u << 4,     /* `data` is early data: it may be a replay */
    TLSC_EVENT_EARLY_ACCEPTED = 1u << 5, /* a client's early data was taken */
    TLSC_EVENT_EARLY_REJECTED = 1u << 6, /* it was not: tlsc_info.early_data_sent bytes must be sent again */
    TLSC_EVENT_CERTIFICATE = 1u << 7     /* the client answered tlsc_conn_request_certificate */
};

/* One line of a key log in NSS's format, without its end: label, client random, secret in hex.
 * Called while the handshake runs; `line` is borrowed for the call. */
typedef void (*tlsc_key_log_fn)(void *ctx, const char *line, size_t n);

/* The system's clock as tlsc_conn_options and stores want one: wall time in ms since 1970-01-01 UTC. Nothing in the
 * library reads it unless it is named there. in: `ctx` isn't looked at. */
TLSC_API int64_t tlsc_wall_ms(void *ctx);

/* What a connection gets before anything is known of its peer. Zero it, then set `size`. */
typedef struct tlsc_conn_options {
    size_t size; /* sizeof(tlsc_conn_options) */
    const tlsc_provider *provider; /* borrowed for the connection's life; NULL: the default */
    /* Wall time in ms since 1970-01-01 UTC, asked for when tickets are sealed and opened. Without
     * it no ticket is sent or accepted. */
    int64_t (*now_ms)(void *ctx);
    void *now_ctx;
    tlsc_key_log_fn key_log; /* NULL: none. Whoever reads the log reads the connection */
    void *key_log_ctx;
    uint32_t max_handshake_message; /* bytes; 0: 65,536 from a client, 262,144 from a server */
    uint32_t max_early_data_skip;   /* bytes of refused early data passed over; 0: 65,536 */
    uint16_t max_fragment;          /* plaintext bytes in one record sent; 0: 16,384; at least 64 */
    /* Session tickets are opened and sealed by the caller: TLSC_WAIT_TICKET, TLSC_WAIT_SEAL. A store
     * then has TLS 1.2's session ids alone. */
    bool external_tickets;
} tlsc_conn_options;

/* A new server connection. errors: TLSC_E_USAGE, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_conn_new_server(const tlsc_conn_options *options, tlsc_conn **out);

/* What a client connection is about. Zero it, then set `size`. Borrowed for the call but for what
 * on_session's context points at. */
typedef struct tlsc_client_options {
    size_t size;
    /* Whom it connects to: a DNS name in A-label form, a final dot dropped, or an IPv4 or IPv6
     * literal, for which no server name is sent. May be empty if the verifier needs none. */
    tlsc_bytes name;
    /* Sessions to offer, best first, at most 4, as on_session gave them. What doesn't fit (another name,
     * too old, a version or suite that isn't enabled) is passed over; TLS 1.2's counts if it is first. */
    const tlsc_bytes *sessions;
    size_t num_sessions;
    bool early_data; /* offers early data if the first session allows it: tlsc_conn_early_data_left */
    /* The protocols to offer, best first, in place of the configuration's; NULL: those. */
    const tlsc_bytes *alpn;
    size_t num_alpn;
    /* A group that this server is known to like: there is a share for it, if it is enabled, and for its
     * classical half, whatever the configuration's first group is. 0: none. */
    uint16_t group_hint;
    /* The connection is another try at a lower version, after one failed: a server that could do better then
     * refuses it (TLS_FALLBACK_SCSV). RFC 7507 4 */
    bool fallback;
    /* Called for every session that the server gives; its bytes hold a secret and are borrowed for the
     * call. A ticket is for one connection. NULL: they are passed over. */
    void (*on_session)(void *ctx, tlsc_bytes session);
    void *session_ctx;
} tlsc_client_options;

/* A new client connection; its ClientHello waits to be sealed (tlsc_conn_has_output). With early data
 * and tlsc_config_verify_on_resumption the verifier is asked first: if it says "later", the ClientHello
 * comes after the verdict (tlsc_conn_wait is TLSC_WAIT_VERIFY).
 * errors: TLSC_E_USAGE, TLSC_E_BAD_NAME, TLSC_E_NO_MEMORY, TLSC_E_RANDOM, TLSC_E_CRYPTO, and the
 * verdict's, then nothing was or will be sent. */
TLSC_API tlsc_err tlsc_conn_new_client(const tlsc_conn_options *options, const tlsc_config *config,
                                       const tlsc_client_options *client, tlsc_conn **out);
/* Wipes its secrets and releases it, in any state. NULL is fine. */
TLSC_API void tlsc_conn_free(tlsc_conn *c);

/* ---- from the peer ---- */

/* What a call made of the peer's bytes. */
typedef struct tlsc_opened {
    size_t consumed;   /* bytes at the front of the buffer that are done with */
    size_t needed;     /* bytes missing behind the buffer's end for the next record; 0: not known
                          to be missing, call again with what is left */
    tlsc_bytes data;   /* plaintext, a view into the buffer; empty if the record held none */
    uint32_t events;   /* TLSC_EVENT_... */
    tlsc_wait wait;    /* what the handshake waits for now */
    bool output;       /* control records are waiting for tlsc_conn_seal */
} tlsc_opened;

/* Opens at most one record at the front of `buf`, in place. in: `n` bytes of the stream, which
 * start where the last call's `consumed` ended. While a pause lasts (wait is neither NONE nor
 * MESSAGE) nothing is consumed; only a client that is asked for a certificate after the handshake reads
 * on. Bytes behind the peer's close_notify are consumed and dropped.
 * errors: any; the connection is then dead in this direction, `out->output` tells whether an alert
 * waits to be sent, tlsc_conn_error has the details, and `out->consumed` is what was consumed.
 * TLSC_E_HTTP_REQUEST and TLSC_E_NOT_TLS come before anything was consumed, and no alert is made for
 * the former: the bytes are the caller's still. */
TLSC_API tlsc_err tlsc_conn_open(tlsc_conn *c, uint8_t *buf, size_t n, tlsc_opened *out);

/* Tells that the peer's stream ended. errors: TLSC_E_TRUNCATED unless its close_notify came first; what the
 * connection failed with before. */
TLSC_API tlsc_err tlsc_conn_end_of_input(tlsc_conn *c);

/* ---- to the peer ---- */

/* How the next tlsc_conn_seal lays out its buffer:
 *
 *     | front | head | data 0 | padding 0 | tail | head | data 1 | padding 1 | tail | ...
 *
 * `front` bytes are left for control records that go first. Data of record k is put at
 * tlsc_plan_offset(...). Every record but the last normally holds max_data bytes; any length from 1
 * to max_data is allowed. Padding, which tlsc_conn_seal fills in, is what tlsc_config_set_padding asks
 * for; without that there is none. */
typedef struct tlsc_plan {
    size_t front;    /* bytes of control records */
    size_t head;     /* bytes before each record's data */
    size_t tail;     /* bytes behind it */
    size_t max_data; /* bytes of data in one record */
    size_t pad_block; /* data and padding are a multiple of this, */
    size_t pad_min;   /* at least this, */
    size_t pad_max;   /* and never more than that */
} tlsc_plan;

/* Bytes of padding in a record of `n` bytes of data. */
static inline size_t tlsc_plan_padding(const tlsc_plan *plan, size_t n)
{
    size_t padded = n < plan->pad_min ? plan->pad_min : n;
    if (plan->pad_block > 1) {
        padded = (padded + plan->pad_block - 1) / plan->pad_block * plan->pad_block;
    }
    padded = padded > plan->pad_max ? plan->pad_max : padded;
    return padded > n ? padded - n : 0;
}

/* Plans a batch of `num_records` records of application data, 0 for control records alone. The plan
 * holds until the next call on this connection. errors: TLSC_E_NOT_READY for data before the
 * handshake is done, TLSC_E_CLOSED for data after tlsc_conn_close or an error, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_conn_plan(tlsc_conn *c, size_t num_records, tlsc_plan *out);

/* Seals a batch in place. in: `buf` of `cap` bytes, laid out as `plan` says, with `lens[k]` bytes of
 * data in record k. out: the first `*out_len` bytes of `buf` are for the wire. The output stream's
 * order is the order of these calls. errors: TLSC_E_USAGE where the plan is stale or the arguments
 * don't fit it, TLSC_E_TOO_SMALL, TLSC_E_CRYPTO (then the connection is dead). */
TLSC_API tlsc_err tlsc_conn_seal(tlsc_conn *c, const tlsc_plan *plan, uint8_t *buf, size_t cap,
                                 const size_t *lens, size_t num_records, size_t *out_len);

/* The same with data that lies elsewhere: record k's `lens[k]` bytes are read at `from[k]` and written,
 * encrypted, to their place in `buf`, which saves copying them there. NULL: they are in their place already,
 * as all are for tlsc_conn_seal. What overlaps the part of `buf` that goes onto the wire in another way is
 * TLSC_E_USAGE. A record's data is one piece; what lies in several is copied to its place by the caller.
 * With padding, and with an AEAD that has no seal_from, tlscore copies. Data that starts at a multiple of 64
 * bytes, there and here, is sealed fastest. errors: as above. */
TLSC_API tlsc_err tlsc_conn_seal_from(tlsc_conn *c, const tlsc_plan *plan, uint8_t *buf, size_t cap,
                                      const uint8_t *const *from, const size_t *lens,
                                      size_t num_records, size_t *out_len);

/* Where record k's data starts if the records before it hold lens[0..k). */
static inline size_t tlsc_plan_offset(const tlsc_plan *plan, const size_t *lens, size_t k)
{
    size_t at = plan->front + plan->head;
    for (size_t i = 0; i < k; i++) {
        at += lens[i] + tlsc_plan_padding(plan, lens[i]) + plan->tail + plan->head;
    }
    return at;
}

/* Bytes of the whole batch on the wire: how long tlsc_conn_seal's buffer has to be. */
static inline size_t tlsc_plan_size(const tlsc_plan *plan, const size_t *lens, size_t num_records)
{
    return num_records > 0 ? tlsc_plan_offset(plan, lens, num_records) - plan->head : plan->front;
}

/* True if control records (handshake, KeyUpdate, alert) wait for tlsc_conn_seal. Session tickets
 * don't count: they go with the first data. */
TLSC_API bool tlsc_conn_has_output(const tlsc_conn *c);

/* Makes the next batch start with the session tickets, if any are due, even without data. */
TLSC_API void tlsc_conn_send_tickets(tlsc_conn *c);

/* Makes a close_notify; no data can be sealed after it. Twice is fine. errors: TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_conn_close(tlsc_conn *c);

/* Ends the connection with a fatal alert of the caller's choice, for what only the application knows:
 * TLSC_ALERT_internal_error, TLSC_ALERT_access_denied, or another code point. Control records that wait go
 * before it; behind our close_notify there is none. The connection is then dead with TLSC_E_ABORTED, in both
 * directions and in a pause too. errors: TLSC_E_USAGE for close_notify, user_canceled and no_renegotiation, which
 * end nothing, and for TLSC_ALERT_NONE; TLSC_E_CLOSED after an error. RFC 8446 6.2 */
TLSC_API tlsc_err tlsc_conn_abort(tlsc_conn *c, uint8_t alert);

/* Changes this side's traffic keys, and the peer's too if `request_peer`. errors: TLSC_E_NOT_READY,
 * TLSC_E_CLOSED, TLSC_E_NO_MEMORY. RFC 8446 4.6.3. */
TLSC_API tlsc_err tlsc_conn_update_keys(tlsc_conn *c, bool request_peer);

/* Bytes of early data that may still be sealed before the server's answer; 0 where none may.
 * tlsc_conn_plan plans for it as for any data. */
TLSC_API size_t tlsc_conn_early_data_left(const tlsc_conn *c);

/* Asks a TLS 1.3 client for a certificate after the handshake. Its answer is judged by the
 * configuration's verifier, and TLSC_EVENT_CERTIFICATE tells; tlsc_info.peer_authenticated is false where
 * the client has none to show, whoever it was before. errors: TLSC_E_NOT_READY,
 * TLSC_E_CLOSED, TLSC_E_UNSUPPORTED where client or configuration don't allow it, TLSC_E_USAGE while
 * an answer is awaited, TLSC_E_NO_MEMORY. RFC 8446 4.6.2 */
TLSC_API tlsc_err tlsc_conn_request_certificate(tlsc_conn *c);

/* Bytes of the application's own that go into sessions made from now on and come back in
 * tlsc_info.session_application: at most 16,384, copied. errors: TLSC_E_USAGE, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_conn_set_session_application(tlsc_conn *c, tlsc_bytes application);

/* ---- keying material ---- */

/* Keying material for the application, under a label of its own; both sides get the same, and nobody else.
 * in: `label`, at most 249 bytes; `context`: TLS 1.2 tells an empty one from none (`has_context`), TLS 1.3
 * doesn't. out: `n` bytes, zero on an error. A server may ask as soon as it may send data (with
 * tlsc_config_half_rtt_data before it knows who the client is, or that it is alive).
 * errors: TLSC_E_USAGE for no bytes or more than 255 hashes' (8,160 or 12,240), for a label that is too long
 * or one of TLS 1.2's own; TLSC_E_NOT_READY before the handshake is done; TLSC_E_CLOSED after an error;
 * TLSC_E_UNSUPPORTED without tlsc_config_allow_export, after tlsc_conn_end_export, and in TLS 1.2
 * without extended master secret, where others may have the same (RFC 7627 1). RFC 8446 7.5, RFC 5705 */
TLSC_API tlsc_err tlsc_conn_export(const tlsc_conn *c, uint8_t *out, size_t n, const char *label,
                                   tlsc_bytes context, bool has_context);
/* The same from the ClientHello on, for early data: a client that offers it and a server that takes it have
 * the same. It is as good as early data is: a replay of the ClientHello has it, too, and whoever learns the
 * session's secret later. errors: as above; TLSC_E_NOT_READY where no early data was offered or taken. */
TLSC_API tlsc_err tlsc_conn_export_early(const tlsc_conn *c, uint8_t *out, size_t n,
                                         const char *label, tlsc_bytes context);
/* Wipes the secrets behind them: nothing can be exported from here on. */
TLSC_API void tlsc_conn_end_export(tlsc_conn *c);

/* ---- secrets for kernel TLS ---- */

/* What protects one direction from here on. */
typedef struct tlsc_traffic_keys {
    uint8_t key[TLSC_AEAD_KEY_MAX];
    uint8_t key_len;
    uint8_t iv[TLSC_AEAD_NONCE_LEN]; /* TLS 1.2's GCM: the fixed part, `iv_len` bytes */
    uint8_t iv_len;
    uint64_t seq; /* number of the next record */
    uint8_t secret[TLSC_HASH_MAX]; /* TLS 1.3's traffic secret: tlsc_traffic_keys_next */
    uint8_t secret_len;            /* 0 in TLS 1.2 */
} tlsc_traffic_keys;

typedef struct tlsc_secrets {
    uint16_t version;
    uint16_t suite;
    tlsc_traffic_keys read;
    tlsc_traffic_keys write;
} tlsc_secrets;

/* Hands the connection's protection over, to the kernel say, with tlsc_config_allow_secret_extraction.
 * The connection then seals and opens nothing more (TLSC_E_CLOSED); what comes, handshake messages and
 * alerts too, is the caller's. out: to be wiped by the caller. errors, then nothing has changed:
 * TLSC_E_UNSUPPORTED where the configuration doesn't allow it; TLSC_E_NOT_READY before the handshake is
 * done, while output waits to be sealed, tickets too (tlsc_conn_send_tickets), and in the middle of a
 * message or of an authentication; TLSC_E_CLOSED after an error or a close_notify; TLSC_E_CRYPTO. */
TLSC_API tlsc_err tlsc_conn_extract_secrets(tlsc_conn *c, tlsc_secrets *out);
/* The keys behind a KeyUpdate of that direction, in place. errors: TLSC_E_USAGE for TLS 1.2's and for an
 * unknown suite; TLSC_E_CRYPTO, then `*keys` is zero. RFC 8446 7.2 */
TLSC_API tlsc_err tlsc_traffic_keys_next(const tlsc_provider *provider, uint16_t suite,
                                         tlsc_traffic_keys *keys);

/* ---- answers to pauses ---- */

/* What the handshake waits for now. */
TLSC_API tlsc_wait tlsc_conn_wait(const tlsc_conn *c);

/* The ClientHello while the handshake lasts, and after it failed, until tlsc_conn_free; else NULL. */
TLSC_API const tlsc_hello *tlsc_conn_hello(const tlsc_conn *c);

/* Answers TLSC_WAIT_CONFIG and goes on with the handshake. in: `config`, one more reference is taken.
 * `alpn`: the protocol chosen, copied, which the client must have offered; empty: the
 * configuration's own list decides. `credential`: NULL, or one that stands in for the
 * configuration's (an ACME challenge), one more reference is taken.
 * out: as tlsc_conn_open's (consumed is 0). errors: any. */
TLSC_API tlsc_err tlsc_conn_answer_config(tlsc_conn *c, const tlsc_config *config, tlsc_bytes alpn,
                                          tlsc_credential *credential, tlsc_opened *out);

/* Answers TLSC_WAIT_CONFIG or TLSC_WAIT_CREDENTIAL by ending the handshake with `reason` and its alert:
 * TLSC_E_UNKNOWN_SERVER_NAME, TLSC_E_NO_SHARED_ALPN, TLSC_E_NO_CERTIFICATE, TLSC_E_INTERNAL, ... Returns
 * `reason`; TLSC_E_USAGE outside of those pauses. */
TLSC_API tlsc_err tlsc_conn_answer_refuse(tlsc_conn *c, tlsc_err reason);

/* What TLSC_WAIT_SIGN wants signed: the scheme and the message (not its hash), borrowed until the
 * answer. errors: TLSC_E_USAGE outside of that pause. */
TLSC_API tlsc_err tlsc_conn_sign_request(const tlsc_conn *c, uint16_t *scheme, tlsc_bytes *message);
/* Answers it; an empty signature says that the signing failed. The signature isn't checked. */
TLSC_API tlsc_err tlsc_conn_answer_signature(tlsc_conn *c, tlsc_bytes signature, tlsc_opened *out);

/* What TLSC_WAIT_TICKET wants opened: the ticket as the client sent it, borrowed until the answer. */
TLSC_API tlsc_err tlsc_conn_ticket_request(const tlsc_conn *c, tlsc_bytes *ticket);
/* Answers it with the session that was sealed, or with nothing: a full handshake follows. */
TLSC_API tlsc_err tlsc_conn_answer_ticket(tlsc_conn *c, tlsc_bytes session, tlsc_opened *out);

/* What TLSC_WAIT_SEAL wants sealed: a session, which holds a secret, borrowed until the answer. */
TLSC_API tlsc_err tlsc_conn_seal_request(const tlsc_conn *c, tlsc_bytes *session);
/* Answers it with a ticket of at most 65,535 bytes, or with nothing: none is sent. */
TLSC_API tlsc_err tlsc_conn_answer_sealed(tlsc_conn *c, tlsc_bytes ticket, tlsc_opened *out);

/* What TLSC_WAIT_SESSION looks up, borrowed until the answer, and whether it is to be removed. */
TLSC_API tlsc_err tlsc_conn_session_request(const tlsc_conn *c, tlsc_bytes *key, bool *take);
/* Answers it with what was stored, or with nothing: a full handshake follows. */
TLSC_API tlsc_err tlsc_conn_answer_session(tlsc_conn *c, tlsc_bytes value, tlsc_opened *out);

/* What TLSC_WAIT_VERIFY wants judged, borrowed until the answer. */
TLSC_API tlsc_err tlsc_conn_verify_request(const tlsc_conn *c, const tlsc_verify_request **request);
/* Answers it; the verdict's reference to a chain is given away also on an error. "Later" is
 * TLSC_E_USAGE. */
TLSC_API tlsc_err tlsc_conn_answer_verdict(tlsc_conn *c, const tlsc_verdict *verdict,
                                           tlsc_opened *out);

/* What the choice of a credential can go by; borrowed until the answer. */
typedef struct tlsc_credential_request {
    size_t size;
    uint16_t version;
    tlsc_bytes server_name; /* a server's: as tlsc_hello_server_name */
    tlsc_bytes schemes;     /* signature schemes that the peer accepts, as on the wire: list of uint16;
                               with a policy, those of it alone */
    tlsc_bytes schemes_cert; /* the same for certificates; empty: as `schemes` */
    tlsc_bytes groups;      /* a server's: the client's supported_groups, list of uint16 */
    tlsc_bytes ca_names;    /* list of opaque DistinguishedName<1..2^16-1>; empty: no hint */
    tlsc_bytes types;       /* kinds of certificate that the peer takes, best first: list of uint8,
                               TLSC_CERT_... and unknown ones; at least one */
    tlsc_bytes key_types;   /* a TLS 1.2 client's: ClientCertificateType, the kinds of key that the server
                               names: list of uint8; `schemes` has those of such keys alone */
} tlsc_credential_request;
/* Tells what TLSC_WAIT_CREDENTIAL can go by. errors: TLSC_E_USAGE outside of that pause. */
TLSC_API tlsc_err tlsc_conn_credential_request(const tlsc_conn *c, tlsc_credential_request *out);
/* Answers TLSC_WAIT_CREDENTIAL; one more reference is taken. NULL: a client sends no certificate, a
 * server ends the handshake with TLSC_E_NO_SHARED_SIGNATURE. With a credential that the peer doesn't
 * accept both end it, with the reason: that error, TLSC_E_NO_SHARED_CERTIFICATE_TYPE or, a client,
 * TLSC_E_UNWANTED_CERTIFICATE_TYPE, ... */
TLSC_API tlsc_err tlsc_conn_answer_credential(tlsc_conn *c, tlsc_credential *credential,
                                              tlsc_opened *out);

#ifdef __cplusplus
}
#endif
#endif
