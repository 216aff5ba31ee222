/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/emit.c: handshake messages on their way out. */
#include "base/bytes.h"
#include "base/try.h"
#include "handshake/hs.h"

tlsc_hs_out tlsc_hs_begin(tlsc_hs *hs, uint8_t type)
{
    tlsc_hs_out out = { .w = tlsc_wr_of(&hs->flight), .at = hs->flight.n };
    tlsc_wr_u8(&out.w, type);
    out.body = tlsc_wr_open24(&out.w);
    return out;
}

tlsc_err tlsc_hs_end(tlsc_hs *hs, tlsc_hs_out *out)
{
    tlsc_wr_close(&out->w, out->body);
    TRY(tlsc_wr_end(&out->w));
    return tlsc_transcript_add(&hs->transcript,
                               tlsc_bytes_of(hs->flight.p + out->at, hs->flight.n - out->at));
}

tlsc_err tlsc_hs_flush(tlsc_hs *hs)
{
    if (hs->flight.n == 0) {
        return TLSC_OK;
    }
    tlsc_err rc = tlsc_rl_put(hs->rl, TLSC_CT_HANDSHAKE, tlsc_buf_bytes(&hs->flight));
    tlsc_buf_clear(&hs->flight);
    return rc;
}

void tlsc_hs_log(const tlsc_hs *hs, const char *label, const tlsc_secret *secret)
{
    tlsc_key_log_line(&hs->log, label, hs->outcome->client_random, secret);
}
