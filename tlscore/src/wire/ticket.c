/* SPDX-License-Identifier: Apache-2.0 */
/* wire/ticket.c: NewSessionTicket, RFC 8446 4.6.1. */
#include "wire/ticket.h"

#include "base/try.h"

/* struct { uint32 ticket_lifetime; uint32 ticket_age_add; opaque ticket_nonce<0..255>;
 *          opaque ticket<1..2^16-1>; Extension extensions<0..2^16-2>; } NewSessionTicket; */
tlsc_err tlsc_ticket13_parse(tlsc_ticket13 *out, tlsc_bytes body)
{
    tlsc_rd r = tlsc_rd_of(body);
    out->lifetime_s = tlsc_rd_u32(&r);
    out->age_add = tlsc_rd_u32(&r);
    out->nonce = tlsc_rd_vec8(&r, 0, 255);
    out->ticket = tlsc_rd_vec16(&r, 1, 65535);
    tlsc_bytes block = tlsc_rd_vec16(&r, 0, 65534);
    TRY(tlsc_rd_end(&r));
    tlsc_exts e;
    out->max_early_data = 0;
    out->grease = 0;
    TRY(tlsc_exts_parse(&e, block, TLSC_IN_NST));
    if (!tlsc_exts_has(&e, TLSC_EXT_early_data)) {
        return TLSC_OK;
    }
    r = tlsc_rd_of(e.data[TLSC_EXT_early_data]);
    out->max_early_data = tlsc_rd_u32(&r);
    return tlsc_rd_end(&r);
}

void tlsc_ticket13_emit(tlsc_wr *w, const tlsc_ticket13 *ticket)
{
    tlsc_wr_u32(w, ticket->lifetime_s);
    tlsc_wr_u32(w, ticket->age_add);
    tlsc_wr_vec8(w, ticket->nonce);
    tlsc_wr_vec16(w, ticket->ticket);
    tlsc_wr_mark block = tlsc_wr_open16(w);
    if (ticket->max_early_data > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_early_data);
        tlsc_wr_u32(w, ticket->max_early_data);
        tlsc_wr_close(w, m);
    }
    tlsc_ext_empty_emit(w, ticket->grease != 0, ticket->grease);
    tlsc_wr_close(w, block);
}
