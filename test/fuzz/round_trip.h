/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/round_trip.h: a message that parses is written again, and what is written parses to the
 * same. */
#ifndef TEST_FUZZ_ROUND_TRIP_H
#define TEST_FUZZ_ROUND_TRIP_H

#include "base/buf.h"
#include "base/bytes.h"
#include "fuzz.h"

typedef struct message_kind {
    /* Parses a body and, if that went well, writes it again. */
    tlsc_err (*parse_and_write)(tlsc_bytes body, tlsc_buf *again);
    /* What is written are the same bytes; else an order of ours, without what isn't known. */
    bool exact;
} message_kind;

static inline bool fuzz_within(tlsc_bytes part, tlsc_bytes whole)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

/* out: the error of the first parse, or TLSC_OK. */
static inline tlsc_err round_trip(const message_kind *kind, tlsc_bytes body)
{
    enum { BODY_MAX = 1 << 20 };
    tlsc_buf once = tlsc_buf_of(BODY_MAX);
    tlsc_buf twice = tlsc_buf_of(BODY_MAX);
    tlsc_err rc = kind->parse_and_write(body, &once);
    if (rc == TLSC_OK) {
        must(!kind->exact || tlsc_bytes_equal(tlsc_buf_bytes(&once), body));
        must(once.n <= body.n); /* nothing is made up */
        must(kind->parse_and_write(tlsc_buf_bytes(&once), &twice) == TLSC_OK);
        must(tlsc_bytes_equal(tlsc_buf_bytes(&once), tlsc_buf_bytes(&twice)));
    }
    tlsc_buf_clear(&once);
    tlsc_buf_clear(&twice);
    return rc;
}

#endif
