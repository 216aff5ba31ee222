/* SPDX-License-Identifier: Apache-2.0 */
/* record/join.h: handshake messages out of the records that they are spread over. */
#ifndef TLSC_RECORD_JOIN_H
#define TLSC_RECORD_JOIN_H

#include "base/buf.h"

/* One handshake message; views into the joiner, valid until the next call on it. */
typedef struct tlsc_msg {
    uint8_t type;
    tlsc_bytes body;
    tlsc_bytes raw;       /* with its header of four bytes */
    bool ends_record;     /* nothing came behind it in its record */
} tlsc_msg;

/* Zeroed with `buf.max` set, it is empty. */
typedef struct tlsc_join {
    tlsc_buf buf;
    size_t done;     /* bytes at the front of `buf` that were handed out */
    uint32_t longest; /* bytes of the longest message body accepted */
} tlsc_join;

void tlsc_join_init(tlsc_join *j, uint32_t longest);
void tlsc_join_clear(tlsc_join *j);
/* Adds a record's contents. errors: TLSC_E_NO_MEMORY, TLSC_E_MESSAGE_TOO_LONG. */
tlsc_err tlsc_join_add(tlsc_join *j, tlsc_bytes contents);
/* Takes the next message; `*found` is false when it isn't whole yet.
 * errors: TLSC_E_MESSAGE_TOO_LONG, told by its header alone. */
tlsc_err tlsc_join_next(tlsc_join *j, tlsc_msg *out, bool *found);
/* The type of the message that has begun; false if none has. */
bool tlsc_join_type(tlsc_join *j, uint8_t *type);
/* Gives back the memory of messages that were taken; their views end here. */
void tlsc_join_settle(tlsc_join *j);
/* True if a message has begun and isn't whole, or waits to be taken. */
bool tlsc_join_pending(const tlsc_join *j);

#endif
