/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/pauses.h: what a handshake waits for, answered as the test wants it. */
#ifndef BOGO_PAUSES_H
#define BOGO_PAUSES_H

#include "peer.h"

/* Answers a pause. errors: those of the answer. */
tlsc_err pauses_answer(struct peer *p, tlsc_wait wait);

#endif
