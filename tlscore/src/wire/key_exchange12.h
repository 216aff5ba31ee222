/* SPDX-License-Identifier: Apache-2.0 */
/* wire/key_exchange12.h: TLS 1.2's ServerKeyExchange and ClientKeyExchange for ECDHE, its Certificate
 * and its NewSessionTicket. */
#ifndef TLSC_WIRE_KEY_EXCHANGE12_H
#define TLSC_WIRE_KEY_EXCHANGE12_H

#include "wire/reader.h"
#include "wire/writer.h"

/* Borrowed views. */
typedef struct tlsc_server_key_exchange {
    uint16_t group;
    tlsc_bytes point;  /* the server's share */
    tlsc_bytes params; /* what is signed, with both randoms in front; when parsed */
    uint16_t scheme;
    tlsc_bytes signature;
} tlsc_server_key_exchange;

/* errors: TLSC_E_DECODE. RFC 8422 5.4 */
tlsc_err tlsc_server_key_exchange_parse(tlsc_server_key_exchange *out, tlsc_bytes body);
void tlsc_server_key_exchange_emit(tlsc_wr *w, const tlsc_server_key_exchange *ske);
/* ServerECDHParams alone: what is signed behind both randoms. */
void tlsc_ecdh_params_emit(tlsc_wr *w, uint16_t group, tlsc_bytes point);

/* struct { opaque point<1..2^8-1>; } ClientKeyExchange, ECDHE. errors: TLSC_E_DECODE. RFC 8422 5.7 */
tlsc_err tlsc_client_key_exchange_parse(tlsc_bytes *point, tlsc_bytes body);
void tlsc_client_key_exchange_emit(tlsc_wr *w, tlsc_bytes point);

/* struct { ASN.1Cert certificate_list<0..2^24-1>; } Certificate; ASN.1Cert: opaque<1..2^24-1>.
 * Parses to the list, checked. errors: TLSC_E_DECODE. RFC 5246 7.4.2 */
tlsc_err tlsc_certificate12_parse(tlsc_bytes *list, tlsc_bytes body);
void tlsc_certificate12_emit(tlsc_wr *w, const tlsc_bytes *chain, size_t num);

/* struct { uint32 ticket_lifetime_hint; opaque ticket<0..2^16-1>; } NewSessionTicket;
 * errors: TLSC_E_DECODE. RFC 5077 3.3 */
tlsc_err tlsc_ticket12_parse(uint32_t *lifetime_hint_s, tlsc_bytes *ticket, tlsc_bytes body);
void tlsc_ticket12_emit(tlsc_wr *w, uint32_t lifetime_hint_s, tlsc_bytes ticket);

#endif
