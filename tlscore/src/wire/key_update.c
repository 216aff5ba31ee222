/* SPDX-License-Identifier: Apache-2.0 */
/* wire/key_update.c: KeyUpdate, RFC 8446 4.6.3. */
#include "wire/key_update.h"

#include "base/try.h"

tlsc_err tlsc_key_update_parse(bool *requested, tlsc_bytes body)
{
    tlsc_rd r = tlsc_rd_of(body);
    uint8_t request = tlsc_rd_u8(&r);
    TRY(tlsc_rd_end(&r));
    if (request > 1) {
        return TLSC_E_BAD_KEY_UPDATE;
    }
    *requested = request == 1;
    return TLSC_OK;
}

void tlsc_key_update_emit(tlsc_wr *w, bool request)
{
    tlsc_wr_u8(w, request ? 1 : 0);
}
