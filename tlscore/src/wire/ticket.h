/* SPDX-License-Identifier: Apache-2.0 */
/* wire/ticket.h: TLS 1.3's NewSessionTicket. */
#ifndef TLSC_WIRE_TICKET_H
#define TLSC_WIRE_TICKET_H

#include "wire/extensions.h"

/* Borrowed views. */
typedef struct tlsc_ticket13 {
    uint32_t lifetime_s;
    uint32_t age_add;
    tlsc_bytes nonce;
    tlsc_bytes ticket;
    uint32_t max_early_data; /* early_data; 0: none allowed */
    uint16_t grease;         /* when written: an extension that means nothing; 0: none. RFC 8701 4 */
} tlsc_ticket13;

/* errors: TLSC_E_DECODE. RFC 8446 4.6.1 */
tlsc_err tlsc_ticket13_parse(tlsc_ticket13 *out, tlsc_bytes body);
void tlsc_ticket13_emit(tlsc_wr *w, const tlsc_ticket13 *ticket);

#endif
