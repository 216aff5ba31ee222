/* SPDX-License-Identifier: Apache-2.0 */
/* wire/server_hello12.h: TLS 1.2's ServerHello. */
#ifndef TLSC_WIRE_SERVER_HELLO12_H
#define TLSC_WIRE_SERVER_HELLO12_H

#include "wire/record_sizes.h"

/* Views borrow from the message when parsed, from the caller when written. */
typedef struct tlsc_server_hello12 {
    tlsc_bytes random;     /* 32 bytes */
    tlsc_bytes session_id; /* 0 to 32 bytes */
    uint16_t suite;
    bool renegotiation_info; /* empty, RFC 5746 3.6 */
    bool extended_master_secret;
    bool session_ticket;   /* a NewSessionTicket follows */
    bool server_name;
    bool ec_point_formats; /* uncompressed only, when written */
    tlsc_bytes alpn;       /* the chosen protocol; empty: none */
    bool status_request;   /* a CertificateStatus may follow */
    tlsc_bytes scts;       /* SignedCertificateTimestampList with its length; empty: none */
    tlsc_record_sizes sizes;
    bool has_client_type;  /* RFC 7250 3 */
    uint8_t client_type;
    bool has_server_type;
    uint8_t server_type;
    /* when parsed: for the check that all were asked for */
    uint32_t present; /* a bit per TLSC_EXT_... row */
    bool has_unknown;
} tlsc_server_hello12;

/* Parses a body. errors: TLSC_E_DECODE, TLSC_E_DUPLICATE_EXTENSION, TLSC_E_MISPLACED_EXTENSION,
 * TLSC_E_WRONG_COMPRESSION, TLSC_E_BAD_RENEGOTIATION_INFO, TLSC_E_BAD_POINT_FORMATS. A hello of another
 * version is malformed: ask tlsc_server_hello_version first. RFC 5246 7.4.1.3 */
tlsc_err tlsc_server_hello12_parse(tlsc_server_hello12 *out, tlsc_bytes body);
void tlsc_server_hello12_emit(tlsc_wr *w, const tlsc_server_hello12 *sh);

/* The last 8 bytes of a random that says "I could have done TLS 1.3". RFC 8446 4.1.3 */
extern const uint8_t tlsc_downgrade12[8];

#endif
