/* SPDX-License-Identifier: Apache-2.0 */
/* keys/transcript.h: the running hash over a handshake's messages. RFC 8446 4.4.1. */
#ifndef TLSC_KEYS_TRANSCRIPT_H
#define TLSC_KEYS_TRANSCRIPT_H

#include "base/buf.h"
#include "tlscore/provider.h"

/* Messages are kept as they are until the suite, and with it the hash, is known; longer if asked. */
typedef struct tlsc_transcript {
    tlsc_buf raw;
    bool keeps_raw;
    size_t raw_before; /* bytes of `raw` before the last message */
    const tlsc_hash *hash;
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    _Alignas(16) uint8_t before[TLSC_HASH_STATE_MAX]; /* `state` before the last message */
} tlsc_transcript;

/* An empty one, which may take up to `max_raw` bytes before the hash is known. */
void tlsc_transcript_init(tlsc_transcript *t, size_t max_raw);
void tlsc_transcript_clear(tlsc_transcript *t);

/* Adds one message, header included. errors: TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL. */
tlsc_err tlsc_transcript_add(tlsc_transcript *t, tlsc_bytes message);

/* Names the hash; what was kept is hashed and released. errors: TLSC_E_INTERNAL if it was named
 * before. */
tlsc_err tlsc_transcript_start(tlsc_transcript *t, const tlsc_hash *hash);

/* Keeps the messages as they are beyond tlsc_transcript_start, which this comes before: TLS 1.2's
 * CertificateVerify is signed over them. RFC 5246 7.4.8 */
void tlsc_transcript_keep(tlsc_transcript *t);
/* All messages that are kept, and all but the last. Borrowed until one is added. */
tlsc_bytes tlsc_transcript_messages(const tlsc_transcript *t);
tlsc_bytes tlsc_transcript_messages_before(const tlsc_transcript *t);
/* Releases them; later ones are not kept. */
void tlsc_transcript_drop(tlsc_transcript *t);

/* The hash's state over all messages, which can outlive the transcript; borrowed. */
tlsc_bytes tlsc_transcript_state(const tlsc_transcript *t);
/* Begins with such a state, in place of messages and tlsc_transcript_start. */
void tlsc_transcript_go_on(tlsc_transcript *t, const tlsc_hash *hash, tlsc_bytes state);

/* The hash over all messages. out: hash->len bytes. Only after tlsc_transcript_start, as the rest. */
void tlsc_transcript_hash(const tlsc_transcript *t, uint8_t *out);
/* The hash over all messages but the last, and then `extra`: what Finished and CertificateVerify speak
 * of (extra is empty), and a PSK binder (extra is the truncated ClientHello). */
void tlsc_transcript_hash_before(const tlsc_transcript *t, tlsc_bytes extra, uint8_t *out);

/* The hash over all messages and then `extra`, under `hash`, which is the named one once there is one:
 * what a client's binders speak of, and its early traffic secret. out: hash->len bytes. */
void tlsc_transcript_hash_with(const tlsc_transcript *t, const tlsc_hash *hash, tlsc_bytes extra,
                               uint8_t *out);

/* Replaces all messages so far by a message_hash message, as a HelloRetryRequest asks. */
void tlsc_transcript_fold(tlsc_transcript *t);
/* The same for all messages but `last`, which was the last: a client has taken the HelloRetryRequest. */
void tlsc_transcript_fold_before(tlsc_transcript *t, tlsc_bytes last);

#endif
