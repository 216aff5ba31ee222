/* SPDX-License-Identifier: Apache-2.0 */
/* wire/enums.h: code points of the protocol that have no public name. */
#ifndef TLSC_WIRE_ENUMS_H
#define TLSC_WIRE_ENUMS_H

#include "tlscore/base.h"

/* RFC 8446 5.1 */
enum {
    TLSC_CT_CHANGE_CIPHER_SPEC = 20,
    TLSC_CT_ALERT = 21,
    TLSC_CT_HANDSHAKE = 22,
    TLSC_CT_APPLICATION_DATA = 23
};

/* RFC 8446 4; the numbers below 32 fit the bit masks of the handshake's states. */
enum {
    TLSC_HS_HELLO_REQUEST = 0,
    TLSC_HS_CLIENT_HELLO = 1,
    TLSC_HS_SERVER_HELLO = 2,
    TLSC_HS_NEW_SESSION_TICKET = 4,
    TLSC_HS_END_OF_EARLY_DATA = 5,
    TLSC_HS_ENCRYPTED_EXTENSIONS = 8,
    TLSC_HS_CERTIFICATE = 11,
    TLSC_HS_SERVER_KEY_EXCHANGE = 12,
    TLSC_HS_CERTIFICATE_REQUEST = 13,
    TLSC_HS_SERVER_HELLO_DONE = 14,
    TLSC_HS_CERTIFICATE_VERIFY = 15,
    TLSC_HS_CLIENT_KEY_EXCHANGE = 16,
    TLSC_HS_FINISHED = 20,
    TLSC_HS_CERTIFICATE_STATUS = 22,
    TLSC_HS_KEY_UPDATE = 24,
    TLSC_HS_COMPRESSED_CERTIFICATE = 25,
    TLSC_HS_MESSAGE_HASH = 254
};

/* PskKeyExchangeMode, RFC 8446 4.2.9 */
enum {
    TLSC_PSK_KE = 0,
    TLSC_PSK_DHE_KE = 1
};

/* "ClientHello", or "unknown message". Static storage. */
const char *tlsc_handshake_name(unsigned type);

/* A list of uint16 on the wire, already checked to be of even length. */
bool tlsc_u16_list_at(tlsc_bytes list, size_t i, uint16_t *v);
bool tlsc_u16_list_has(tlsc_bytes list, uint16_t v);
/* The index of the first `v`; how many there are, where it isn't one of them. */
size_t tlsc_u16_list_place(tlsc_bytes list, uint16_t v);

#endif
