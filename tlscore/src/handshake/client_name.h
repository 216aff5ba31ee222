/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client_name.h: the name that a client connects to. */
#ifndef TLSC_HANDSHAKE_CLIENT_NAME_H
#define TLSC_HANDSHAKE_CLIENT_NAME_H

#include "tlscore/base.h"

enum { TLSC_CLIENT_NAME_MAX = 253 }; /* bytes, without a final dot: RFC 1035 2.3.4 */

typedef enum tlsc_name_kind {
    TLSC_NAME_EMPTY,
    TLSC_NAME_DNS,     /* A-labels, RFC 5890 2.3.2.1, or any of letters, digits, '-' and '_' */
    TLSC_NAME_ADDRESS  /* an IPv4 or IPv6 literal, RFC 4291 2.2 */
} tlsc_name_kind;

/* Says what a name is. out: `*n`, its length without a final dot. errors: TLSC_E_BAD_NAME. */
tlsc_err tlsc_client_name_check(tlsc_bytes name, tlsc_name_kind *kind, size_t *n);

#endif
