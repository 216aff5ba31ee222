/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate.h: TLS 1.3's Certificate message. */
#ifndef TLSC_WIRE_CERTIFICATE_H
#define TLSC_WIRE_CERTIFICATE_H

#include "wire/extensions.h"

/* Borrowed views. */
typedef struct tlsc_certificate_msg {
    tlsc_bytes context; /* certificate_request_context<0..255> */
    tlsc_bytes entries; /* list of CertificateEntry, checked */
} tlsc_certificate_msg;

typedef struct tlsc_certificate_entry {
    tlsc_bytes cert_data;  /* DER, 1 byte at least */
    tlsc_bytes extensions; /* the block, without its length */
} tlsc_certificate_entry;

/* errors: TLSC_E_DECODE, TLSC_E_DUPLICATE_EXTENSION, TLSC_E_MISPLACED_EXTENSION. RFC 8446 4.4.2 */
tlsc_err tlsc_certificate_msg_parse(tlsc_certificate_msg *out, tlsc_bytes body);
/* The next entry of a checked list; false at its end. */
bool tlsc_certificate_entry_next(tlsc_rd *list, tlsc_certificate_entry *out);
/* Writes a body from a list that is already encoded. */
void tlsc_certificate_msg_emit(tlsc_wr *w, const tlsc_certificate_msg *msg);
/* Writes one entry, for building such a list. */
void tlsc_certificate_entry_emit(tlsc_wr *w, const tlsc_certificate_entry *entry);

#endif
