/* SPDX-License-Identifier: Apache-2.0 */
/* record/deframe.h: finds the record at the front of the peer's bytes. */
#ifndef TLSC_RECORD_DEFRAME_H
#define TLSC_RECORD_DEFRAME_H

#include "wire/record_header.h"

typedef struct tlsc_deframed {
    tlsc_record_header header;
    size_t size;   /* bytes of the whole record, its header included; 0: not all there yet */
    size_t needed; /* bytes missing; 0 when it is all there */
} tlsc_deframed;

/* in: `buf`, what came; `first`, true until the connection's first record was seen whole;
 * `sealed`, true once the peer protects its records (RFC 8446 5.2 instead of 5.1).
 * errors: TLSC_E_HTTP_REQUEST, TLSC_E_NOT_TLS for the first bytes; TLSC_E_RECORD_TYPE,
 * TLSC_E_RECORD_VERSION, TLSC_E_RECORD_OVERFLOW. An error is told as soon as the header is there,
 * before any of the body. */
tlsc_err tlsc_deframe(tlsc_deframed *out, tlsc_bytes buf, bool first, bool sealed);

#endif
