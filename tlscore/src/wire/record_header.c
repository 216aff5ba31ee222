/* SPDX-License-Identifier: Apache-2.0 */
/* wire/record_header.c: record headers, both ways. */
#include "wire/record_header.h"

#include "wire/reader.h"

tlsc_err tlsc_record_header_parse(tlsc_record_header *out, tlsc_bytes five)
{
    tlsc_rd r = tlsc_rd_of(five);
    out->type = tlsc_rd_u8(&r);
    out->version = tlsc_rd_u16(&r);
    out->length = tlsc_rd_u16(&r);
    return tlsc_rd_end(&r);
}

void tlsc_record_header_write(uint8_t out[5], const tlsc_record_header *h)
{
    out[0] = h->type;
    out[1] = (uint8_t)(h->version >> 8);
    out[2] = (uint8_t)h->version;
    out[3] = (uint8_t)(h->length >> 8);
    out[4] = (uint8_t)h->length;
}
