/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/checks.h: what a test expects, compared with what tlscore reports. A difference ends
 * the run as broken, so that it can't pass for the failure that a test waits for. */
#ifndef BOGO_CHECKS_H
#define BOGO_CHECKS_H

#include "peer.h"

/* In the pause for a configuration. */
void checks_hello(const struct peer *p, const tlsc_hello *hello);
/* After the handshake. */
void checks_handshake(const struct peer *p);
/* After a call failed with `e`: tlsc_conn_error tells the same, the alert that went out is the one
 * of errors.def, and the connection stays dead. */
void checks_failure(struct peer *p, tlsc_err e);

#endif
