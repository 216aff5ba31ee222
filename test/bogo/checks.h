/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/checks.h: what a test expects, compared with what tlscore reports. A difference ends
 * the run as broken, so that it can't pass for the failure that a test waits for. */
#ifndef BOGO_CHECKS_H
#define BOGO_CHECKS_H

#include "peer.h"

/* In the pauses for a configuration and for a credential. */
void checks_hello(const struct peer *p, const tlsc_hello *hello);
void checks_credential_request(const struct peer *p, const tlsc_credential_request *request);
/* After the handshake. */
void checks_handshake(const struct peer *p);
/* After a call failed with `e`: tlsc_conn_error tells the same, the alert that went out is the one
 * of errors.def, and the connection stays dead. */
void checks_failure(struct peer *p, tlsc_err e);
/* Leaves with status 89 where it failed for want of what is refused on principle and shows only now: a
 * renegotiation, a signature of an old kind. */
void checks_skip_refused(const struct peer *p, tlsc_err e);
/* A client failed with `e`: ends the run as skipped if that is because the runner's server speaks
 * nothing but versions below TLS 1.2, which the flags allow. */
void checks_skip_older_server(const struct peer *p, tlsc_err e);
/* After the exchange: what the peer gave to a client since. */
void checks_sessions(const struct peer *p);

#endif
