/* SPDX-License-Identifier: Apache-2.0 */
/* wire/record_sizes.h: the two extensions about the length of records, as they stand in ClientHello,
 * EncryptedExtensions and TLS 1.2's ServerHello. */
#ifndef TLSC_WIRE_RECORD_SIZES_H
#define TLSC_WIRE_RECORD_SIZES_H

#include "wire/extensions.h"

typedef struct tlsc_record_sizes {
    bool has_limit; /* record_size_limit: what its sender takes in a record */
    uint16_t limit;
    bool has_fragment; /* max_fragment_length */
    uint8_t fragment;  /* its code: 1 to 4 are 2^9 to 2^12 bytes */
} tlsc_record_sizes;

/* Reads what is there; whether the numbers make sense is for others. errors: TLSC_E_DECODE.
 * RFC 8449 4, RFC 6066 4 */
tlsc_err tlsc_record_sizes_parse(tlsc_record_sizes *out, const tlsc_exts *exts);
void tlsc_record_sizes_emit(tlsc_wr *w, const tlsc_record_sizes *sizes);

#endif
