/* SPDX-License-Identifier: Apache-2.0 */
/* wire/encrypted_extensions.h: EncryptedExtensions. */
#ifndef TLSC_WIRE_ENCRYPTED_EXTENSIONS_H
#define TLSC_WIRE_ENCRYPTED_EXTENSIONS_H

#include "wire/record_sizes.h"

/* What tlscore says in it, and reads from it. */
typedef struct tlsc_encrypted_extensions {
    bool server_name;  /* the empty acknowledgement, RFC 6066 3 */
    tlsc_bytes alpn;   /* the chosen protocol; empty: none */
    tlsc_bytes groups; /* supported_groups, a list of uint16; empty: none */
    tlsc_record_sizes sizes;
    bool early_data;
    bool has_client_type; /* RFC 7250 3 */
    uint8_t client_type;
    bool has_server_type;
    uint8_t server_type;
    bool has_ticket_count; /* ticket_request: how many come, RFC 9149 3 */
    uint8_t ticket_count;
    /* when parsed: for the check that all were asked for */
    uint32_t present; /* a bit per TLSC_EXT_... row */
    bool has_unknown;
} tlsc_encrypted_extensions;

/* errors: TLSC_E_DECODE, TLSC_E_DUPLICATE_EXTENSION, TLSC_E_MISPLACED_EXTENSION. RFC 8446 4.3.1 */
tlsc_err tlsc_encrypted_extensions_parse(tlsc_encrypted_extensions *out, tlsc_bytes body);
/* In the order supported_groups, record_size_limit, max_fragment_length, server_name, alpn, the certificate types,
 * ticket_request, early_data. */
void tlsc_encrypted_extensions_emit(tlsc_wr *w, const tlsc_encrypted_extensions *ee);

#endif
