/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_conn.h: a connection's life, from its first byte to its last. */
#ifndef TLSX_CONN_H
#define TLSX_CONN_H

#include "tlsx.h"

/* Makes the record of a connection and puts the filters in place. */
tlsx_conn *tlsx_conn_new(conn_rec *c);

/* What a connection needs before it can go on. */
typedef enum tlsx_step {
    TLSX_STEP_DONE,        /* the goal is reached */
    TLSX_STEP_WANTS_READ,  /* bytes from the client */
    TLSX_STEP_WANTS_WRITE, /* control records are to be sent */
    TLSX_STEP_FAILED       /* nothing more: cc->status says why */
} tlsx_step;

/* What is driven at. */
typedef enum tlsx_goal {
    TLSX_GOAL_HANDSHAKE, /* application data may flow (or it is plain HTTP after all) */
    TLSX_GOAL_DATA       /* plaintext is there, or its end */
} tlsx_goal;

/* Goes as far as the bytes at hand allow. Never touches the network, never blocks. */
tlsx_step tlsx_conn_step(tlsx_conn *cc, tlsx_goal goal);

/* Steps until the goal is reached, and does what the steps want. The one place that waits.
 * errors: APR_EAGAIN (non-blocking only), APR_EOF, APR_ECONNABORTED, any of the network filters'.
 */
apr_status_t tlsx_conn_drive(tlsx_conn *cc, tlsx_goal goal, apr_read_type_e block);

/* Ends the connection: nothing of TLS is sent any more, reads and writes answer `status`. */
void tlsx_conn_abort(tlsx_conn *cc, apr_status_t status);

#endif
