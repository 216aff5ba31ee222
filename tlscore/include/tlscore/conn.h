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

typedef struct tlsc_conn tlsc_conn;

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
    TLSC_WAIT_VERIFY,  /* a verdict on the peer's chain; no peer certificates are asked for yet */
    TLSC_WAIT_TICKET   /* tlsc_conn_answer_ticket; only with tlsc_conn_options.external_tickets */
} tlsc_wait;

/* Things that happened in a call to tlsc_conn_open, as a set of bits. */
enum {
    TLSC_EVENT_HANDSHAKE_DONE = 1u << 0, /* application data may flow */
    TLSC_EVENT_CLOSE_NOTIFY = 1u << 1,   /* the peer sends no more data */
    TLSC_EVENT_KEY_UPDATE = 1u << 2,     /* the peer changed its keys */
    TLSC_EVENT_WARNING = 1u << 3         /* the peer sent a warning alert, which was passed over */
};

/* One line of a key log in NSS's format, without its end: label, client random, secret in hex.
 * Called while the handshake runs; `line` is borrowed for the call. */
typedef void (*tlsc_key_log_fn)(void *ctx, const char *line, size_t n);

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
    uint32_t max_handshake_message; /* bytes; 0: 65,536 */
    uint32_t max_early_data_skip;   /* bytes of refused early data passed over; 0: 65,536 */
    uint16_t max_fragment;          /* plaintext bytes in one record sent; 0: 16,384; at least 64 */
    /* Session tickets are opened by the caller: a ClientHello with one pauses with
     * TLSC_WAIT_TICKET. */
    bool external_tickets;
} tlsc_conn_options;

/* A new server connection. errors: TLSC_E_USAGE, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_conn_new_server(const tlsc_conn_options *options, tlsc_conn **out);
/* Wipes its secrets and releases it, in any state. NULL is fine. */
TLSC_API void tlsc_conn_free(tlsc_conn *c);

/* ---- from the peer ---- */

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
 * MESSAGE) nothing is consumed. Bytes behind the peer's close_notify are consumed and dropped.
 * errors: any; the connection is then dead in this direction, `out->output` tells whether an alert
 * waits to be sent, tlsc_conn_error has the details, and `out->consumed` is what was consumed.
 * TLSC_E_HTTP_REQUEST and TLSC_E_NOT_TLS come before anything was consumed, and no alert is made for
 * the former: the bytes are the caller's still. */
TLSC_API tlsc_err tlsc_conn_open(tlsc_conn *c, uint8_t *buf, size_t n, tlsc_opened *out);

/* Tells that the peer's stream ended. errors: TLSC_E_TRUNCATED unless its close_notify came first. */
TLSC_API tlsc_err tlsc_conn_end_of_input(tlsc_conn *c);

/* ---- to the peer ---- */

/* How the next tlsc_conn_seal lays out its buffer:
 *
 *     | front | head | data 0 | tail | head | data 1 | tail | ...
 *
 * `front` bytes are left for control records that go first. Data of record k is put at
 * tlsc_plan_offset(...). Every record but the last normally holds max_data bytes; any length from 1
 * to max_data is allowed. */
typedef struct tlsc_plan {
    size_t front;    /* bytes of control records */
    size_t head;     /* bytes before each record's data */
    size_t tail;     /* bytes behind it */
    size_t max_data; /* bytes of data in one record */
} tlsc_plan;

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

/* Where record k's data starts if the records before it hold lens[0..k). */
static inline size_t tlsc_plan_offset(const tlsc_plan *plan, const size_t *lens, size_t k)
{
    size_t at = plan->front + plan->head;
    for (size_t i = 0; i < k; i++) {
        at += lens[i] + plan->tail + plan->head;
    }
    return at;
}

/* True if control records (handshake, KeyUpdate, alert) wait for tlsc_conn_seal. Session tickets
 * don't count: they go with the first data. */
TLSC_API bool tlsc_conn_has_output(const tlsc_conn *c);

/* Makes the next batch start with the session tickets, if any are due, even without data. */
TLSC_API void tlsc_conn_send_tickets(tlsc_conn *c);

/* Makes a close_notify; no data can be sealed after it. Twice is fine. errors: TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_conn_close(tlsc_conn *c);

/* Changes this side's traffic keys, and the peer's too if `request_peer`. errors: TLSC_E_NOT_READY,
 * TLSC_E_CLOSED, TLSC_E_NO_MEMORY. RFC 8446 4.6.3. */
TLSC_API tlsc_err tlsc_conn_update_keys(tlsc_conn *c, bool request_peer);

/* ---- answers to pauses ---- */

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

/* Answers TLSC_WAIT_CONFIG by ending the handshake with `reason` and its alert:
 * TLSC_E_UNKNOWN_SERVER_NAME, TLSC_E_NO_SHARED_ALPN, TLSC_E_INTERNAL, ... Returns `reason`. */
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

#ifdef __cplusplus
}
#endif
#endif
