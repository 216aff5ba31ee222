/* SPDX-License-Identifier: Apache-2.0 */
/* wire/record_header.h: the five bytes in front of each record. */
#ifndef TLSC_WIRE_RECORD_HEADER_H
#define TLSC_WIRE_RECORD_HEADER_H

#include "tlscore/base.h"

/* struct { ContentType type; ProtocolVersion legacy_record_version; uint16 length; }  RFC 8446 5.1 */
typedef struct tlsc_record_header {
    uint8_t type;
    uint16_t version;
    uint16_t length;
} tlsc_record_header;

/* in: five bytes. errors: TLSC_E_DECODE for another length. */
tlsc_err tlsc_record_header_parse(tlsc_record_header *out, tlsc_bytes five);
/* out: five bytes. */
void tlsc_record_header_write(uint8_t out[5], const tlsc_record_header *h);

#endif
