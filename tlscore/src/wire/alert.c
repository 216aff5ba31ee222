/* SPDX-License-Identifier: Apache-2.0 */
/* wire/alert.c: alerts, both ways. */
#include "wire/alert.h"

#include "wire/reader.h"

tlsc_err tlsc_alert_parse(tlsc_alert_msg *out, tlsc_bytes body)
{
    tlsc_rd r = tlsc_rd_of(body);
    out->level = tlsc_rd_u8(&r);
    out->description = tlsc_rd_u8(&r);
    return tlsc_rd_end(&r) == TLSC_OK ? TLSC_OK : TLSC_E_BAD_ALERT;
}

void tlsc_alert_write(uint8_t out[2], const tlsc_alert_msg *alert)
{
    out[0] = alert->level;
    out[1] = alert->description;
}
