/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_tickets.h: the ring of ticket keys in shared memory. One writer, the parent; every child
 * reads without a lock. */
#ifndef TLSX_TICKETS_H
#define TLSX_TICKETS_H

#include <stdbool.h>

#include "tlscore/session.h"

enum { TLSX_RING_VERSION = 1 };

typedef struct tlsx_ring tlsx_ring;

/* Bytes of a ring. A zeroed one is empty. */
size_t tlsx_ring_size(void);

/* The parent's: makes the keys in force at `now_ms` for tickets that live `lifetime_s`. Does
 * nothing while they are. `*changed`: new ones were published. errors: TLSC_E_RANDOM; the ring is
 * as before. */
tlsc_err tlsx_ring_rotate(tlsx_ring *ring, const tlsc_provider *provider, int64_t now_ms,
                          uint32_t lifetime_s, bool *changed);

/* Anyone's: copies the keys in force. errors: TLSC_E_NO_TICKET_KEY for an empty ring, or where the
 * parent wrote twice in the meantime. */
tlsc_err tlsx_ring_read(const tlsx_ring *ring, tlsc_ticket_keys *out);

#endif
