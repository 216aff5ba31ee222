/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_alpn.h: the application protocol, which httpd's modules choose among themselves. */
#ifndef TLSX_ALPN_H
#define TLSX_ALPN_H

#include "tlsx.h"

typedef struct tlsx_alpn {
    tlsc_bytes name; /* chosen; empty: the client offered none. Lives with the connection */
    tlsc_credential *credential; /* an answer to an ACME challenge, one reference; or NULL */
} tlsx_alpn;

/* Chooses for `cc->server`, and switches the connection to it. errors: TLSC_E_NO_SHARED_ALPN where
 * the client offers protocols and none is for us; TLSC_E_INTERNAL, which is logged. */
tlsc_err tlsx_alpn_choose(tlsx_conn *cc, const tlsc_hello *hello, tlsx_alpn *out);

#endif
