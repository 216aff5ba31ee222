/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/stream.h: a connection with buffers of its own, for simple programs, tests and tools:
 * feed what came from the peer, read plaintext, write plaintext, take what goes to the peer. */
#ifndef TLSCORE_STREAM_H
#define TLSCORE_STREAM_H

#include "tlscore/conn.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A connection and its three buffers, at most 64 MiB each: bytes from the peer, plaintext, bytes for the
 * peer. */
typedef struct tlsc_stream tlsc_stream;

/* Wraps a connection, which then belongs to the stream. errors: TLSC_E_NO_MEMORY (the connection is
 * still the caller's). */
TLSC_API tlsc_err tlsc_stream_new(tlsc_conn *c, tlsc_stream **out);
/* A client's connection with its stream, for who needs no further options. in: `name`, whom it connects to,
 * as tlsc_client_options has it; `now_ms`, the clock, as tlsc_conn_options has it, or NULL. errors: as
 * tlsc_conn_new_client. */
TLSC_API tlsc_err tlsc_stream_new_client(const tlsc_config *config, const char *name,
                                         int64_t (*now_ms)(void *ctx), tlsc_stream **out);
/* A server's, of one configuration for all its clients: TLSC_WAIT_CONFIG is answered with it, which keeps a
 * reference. errors: as tlsc_conn_new_server. */
TLSC_API tlsc_err tlsc_stream_new_server(const tlsc_config *config, int64_t (*now_ms)(void *ctx),
                                         tlsc_stream **out);
/* Releases the stream and its connection. NULL is fine. */
TLSC_API void tlsc_stream_free(tlsc_stream *s);
/* The connection, for its questions and answers. Borrowed for the stream's life. */
TLSC_API tlsc_conn *tlsc_stream_conn(tlsc_stream *s);

/* Takes `n` bytes from the peer and works on them until they are used up or the handshake pauses
 * (see tlsc_conn_wait; tlsc_stream_step goes on after the answer). errors: any of tlsc_conn_open;
 * what is to be sent is there to take also then. */
TLSC_API tlsc_err tlsc_stream_feed(tlsc_stream *s, const uint8_t *data, size_t n);
/* The same with what was fed before and is not used up. */
TLSC_API tlsc_err tlsc_stream_step(tlsc_stream *s);

/* Takes up to `cap` bytes of plaintext; returns how many.
 * A server that accepts early data finds it here like any other; tlsc_info.early_data tells whether there
 * was some, and tlsc_conn_open tells record by record. */
TLSC_API size_t tlsc_stream_read(tlsc_stream *s, uint8_t *out, size_t cap);
/* Seals `n` bytes of plaintext, early data included (tlsc_conn_early_data_left). errors: TLSC_E_NOT_READY, TLSC_E_CLOSED, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_stream_write(tlsc_stream *s, const uint8_t *data, size_t n);
/* All bytes that wait for the peer, borrowed until the next call on the stream. Empty: nothing waits.
 * errors: TLSC_E_NO_MEMORY, TLSC_E_CRYPTO. */
TLSC_API tlsc_err tlsc_stream_output(tlsc_stream *s, tlsc_bytes *out);
/* Tells that the first `n` of them went out. */
TLSC_API void tlsc_stream_sent(tlsc_stream *s, size_t n);

#ifdef __cplusplus
}
#endif
#endif
