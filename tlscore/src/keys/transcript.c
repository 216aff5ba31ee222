/* SPDX-License-Identifier: Apache-2.0 */
/* keys/transcript.c: the transcript hash, RFC 8446 4.4.1. */
#include "keys/transcript.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "wire/enums.h"

void tlsc_transcript_init(tlsc_transcript *t, size_t max_raw)
{
    memset(t, 0, sizeof(*t));
    t->raw = tlsc_buf_of(max_raw);
}

void tlsc_transcript_clear(tlsc_transcript *t)
{
    tlsc_buf_clear(&t->raw);
    tlsc_wipe(t, sizeof(*t));
}

tlsc_err tlsc_transcript_add(tlsc_transcript *t, tlsc_bytes message)
{
    if (t->hash == NULL || t->keeps_raw) {
        t->raw_before = t->raw.n;
        TRY(tlsc_buf_append(&t->raw, message));
    }
    if (t->hash == NULL) {
        return TLSC_OK;
    }
    memcpy(t->before, t->state, t->hash->state_len);
    t->hash->update(t->state, message);
    return TLSC_OK;
}

tlsc_err tlsc_transcript_start(tlsc_transcript *t, const tlsc_hash *hash)
{
    if (t->hash != NULL) {
        return TLSC_E_INTERNAL;
    }
    t->hash = hash;
    hash->init(t->state);
    hash->update(t->state, tlsc_bytes_of(t->raw.p, t->raw_before));
    memcpy(t->before, t->state, hash->state_len);
    if (t->raw.n > t->raw_before) {
        hash->update(t->state, tlsc_bytes_of(t->raw.p + t->raw_before, t->raw.n - t->raw_before));
    }
    if (!t->keeps_raw) {
        tlsc_transcript_drop(t);
    }
    return TLSC_OK;
}

void tlsc_transcript_keep(tlsc_transcript *t)
{
    t->keeps_raw = true;
}

tlsc_bytes tlsc_transcript_messages(const tlsc_transcript *t)
{
    return tlsc_buf_bytes(&t->raw);
}

tlsc_bytes tlsc_transcript_messages_before(const tlsc_transcript *t)
{
    return tlsc_bytes_of(t->raw.p, t->raw_before);
}

void tlsc_transcript_drop(tlsc_transcript *t)
{
    t->keeps_raw = false;
    tlsc_buf_clear(&t->raw);
    t->raw_before = 0;
}

tlsc_bytes tlsc_transcript_state(const tlsc_transcript *t)
{
    return tlsc_bytes_of(t->state, t->hash->state_len);
}

void tlsc_transcript_go_on(tlsc_transcript *t, const tlsc_hash *hash, tlsc_bytes state)
{
    t->hash = hash;
    tlsc_bytes_copy(t->state, state);
    tlsc_bytes_copy(t->before, state);
}

void tlsc_transcript_hash(const tlsc_transcript *t, uint8_t *out)
{
    t->hash->final(t->state, out);
}

void tlsc_transcript_hash_before(const tlsc_transcript *t, tlsc_bytes extra, uint8_t *out)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    memcpy(state, t->before, t->hash->state_len);
    t->hash->update(state, extra);
    t->hash->final(state, out);
}

void tlsc_transcript_hash_with(const tlsc_transcript *t, const tlsc_hash *hash, tlsc_bytes extra,
                               uint8_t *out)
{
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    if (t->hash != NULL) {
        memcpy(state, t->state, hash->state_len);
    } else {
        hash->init(state);
        hash->update(state, tlsc_buf_bytes(&t->raw));
    }
    hash->update(state, extra);
    hash->final(state, out);
}

/* Transcript-Hash(ClientHello1, HelloRetryRequest, ... Mn) =
 *     Hash(message_hash || 00 00 Hash.length || Hash(ClientHello1) || HelloRetryRequest || ... Mn) */
void tlsc_transcript_fold(tlsc_transcript *t)
{
    uint8_t message[4 + TLSC_HASH_MAX] = { TLSC_HS_MESSAGE_HASH, 0, 0, t->hash->len };
    tlsc_transcript_hash(t, message + 4);
    t->hash->init(t->state);
    memcpy(t->before, t->state, t->hash->state_len);
    t->hash->update(t->state, tlsc_bytes_of(message, (size_t)4 + t->hash->len));
}

void tlsc_transcript_fold_before(tlsc_transcript *t, tlsc_bytes last)
{
    memcpy(t->state, t->before, t->hash->state_len);
    tlsc_transcript_fold(t);
    memcpy(t->before, t->state, t->hash->state_len);
    t->hash->update(t->state, last);
}
