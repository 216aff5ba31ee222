/* SPDX-License-Identifier: Apache-2.0 */
/* record/join.c: records to messages, RFC 8446 5.1. */
#include "record/join.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "tlscore/conn.h"
#include "wire/reader.h"

enum { MESSAGE_HEADER = 4 };

void tlsc_join_init(tlsc_join *j, uint32_t longest)
{
    memset(j, 0, sizeof(*j));
    j->longest = longest;
    /* a message that isn't whole yet, and the record that completes it */
    j->buf = tlsc_buf_of((size_t)longest + MESSAGE_HEADER + TLSC_MAX_RECORD);
}

void tlsc_join_clear(tlsc_join *j)
{
    tlsc_buf_clear(&j->buf);
    j->done = 0;
}

void tlsc_join_settle(tlsc_join *j)
{
    if (j->done > 0) {
        tlsc_buf_consume(&j->buf, j->done);
        j->done = 0;
    }
}

tlsc_err tlsc_join_add(tlsc_join *j, tlsc_bytes contents)
{
    tlsc_join_settle(j);
    tlsc_err rc = tlsc_buf_append(&j->buf, contents);
    return rc == TLSC_E_TOO_SMALL ? TLSC_E_MESSAGE_TOO_LONG : rc;
}

/* struct { HandshakeType msg_type; uint24 length; select ... } Handshake;   RFC 8446 4 */
tlsc_err tlsc_join_next(tlsc_join *j, tlsc_msg *out, bool *found)
{
    *found = false;
    tlsc_join_settle(j);
    tlsc_rd r = tlsc_rd_of(tlsc_buf_bytes(&j->buf));
    uint8_t type = tlsc_rd_u8(&r);
    uint32_t length = tlsc_rd_u24(&r);
    if (r.bad) {
        return TLSC_OK;
    }
    if (length > j->longest) {
        return TLSC_E_MESSAGE_TOO_LONG;
    }
    tlsc_bytes body = tlsc_rd_bytes(&r, length);
    if (r.bad) {
        return TLSC_OK;
    }
    out->type = type;
    out->body = body;
    out->raw = tlsc_bytes_of(j->buf.p, MESSAGE_HEADER + (size_t)length);
    out->ends_record = !tlsc_rd_more(&r);
    j->done = out->raw.n;
    *found = true;
    return TLSC_OK;
}

bool tlsc_join_pending(const tlsc_join *j)
{
    return j->buf.n > j->done;
}

bool tlsc_join_type(tlsc_join *j, uint8_t *type)
{
    tlsc_join_settle(j);
    tlsc_rd r = tlsc_rd_of(tlsc_buf_bytes(&j->buf));
    *type = tlsc_rd_u8(&r);
    return !r.bad;
}
