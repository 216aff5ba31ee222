/* SPDX-License-Identifier: Apache-2.0 */
/* record/layer.h: both directions' protection, and the control records that wait to go out. */
#ifndef TLSC_RECORD_LAYER_H
#define TLSC_RECORD_LAYER_H

#include "base/buf.h"
#include "record/protect.h"
#include "tlscore/conn.h"

/* An established connection keeps `rd` and `wr`, and nothing on the heap. */
typedef struct tlsc_record_layer {
    tlsc_protect rd;
    tlsc_protect wr;
    tlsc_buf out;          /* control records, sealed, in the order of the stream */
    bool ended;            /* the last of `out` is our close_notify: nothing follows it */
    uint16_t max_fragment; /* bytes of plaintext in one record sent */
    uint16_t pad_block;    /* TLS 1.3: content and padding are a multiple of it, */
    uint16_t pad_min;      /* and at least that */
    uint16_t max_read;     /* the same in one that comes, as agreed on; 0: the protocol's own limit */
    bool max_read_sealed;  /* it is for protected records alone, RFC 8449 4 */
    bool max_read_counts_all; /* and counts type and padding, as it does in TLS 1.3 */
    bool initial; /* plaintext is a client's first: old servers want TLS 1.0's version in its header,
                     RFC 8446 5.1 */
} tlsc_record_layer;

void tlsc_rl_init(tlsc_record_layer *rl, uint16_t max_fragment);
void tlsc_rl_clear(tlsc_record_layer *rl);

/* Queues `content` in as few records as it takes, protected as `wr` is now. Content that is empty
 * makes one empty record. errors: TLSC_E_NO_MEMORY, TLSC_E_TOO_SMALL, TLSC_E_CRYPTO,
 * TLSC_E_SEQUENCE_EXHAUSTED. */
tlsc_err tlsc_rl_put(tlsc_record_layer *rl, uint8_t type, tlsc_bytes content);
/* A plan's padding for records that are sealed now, all zero where there is none. */
void tlsc_rl_plan_padding(const tlsc_record_layer *rl, tlsc_plan *plan);
/* Queues the one byte of ChangeCipherSpec, never protected. RFC 8446 D.4 */
tlsc_err tlsc_rl_put_ccs(tlsc_record_layer *rl);
/* Queues an alert of level fatal, or warning for close_notify and user_canceled. */
tlsc_err tlsc_rl_put_alert(tlsc_record_layer *rl, tlsc_alert alert);

#endif
