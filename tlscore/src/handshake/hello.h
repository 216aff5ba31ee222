/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/hello.h: what is behind tlsc_hello (tlscore/hello.h). */
#ifndef TLSC_HANDSHAKE_HELLO_H
#define TLSC_HANDSHAKE_HELLO_H

#include "base/buf.h"
#include "tlscore/hello.h"
#include "wire/client_hello.h"

enum { TLSC_HELLO_NAME_MAX = 255 };

/* A ClientHello that survives pauses: the message is copied, and the views look into the copy. */
struct tlsc_hello {
    uint8_t *raw; /* with its header of four bytes */
    size_t raw_n;
    tlsc_client_hello msg;
    uint8_t name[TLSC_HELLO_NAME_MAX]; /* normalised server name */
    size_t name_n;
};

/* Copies and parses a message. in: with its header. errors: those of tlsc_client_hello_parse,
 * TLSC_E_NO_MEMORY. */
tlsc_err tlsc_hello_take(tlsc_hello *h, tlsc_bytes raw);
void tlsc_hello_clear(tlsc_hello *h);
/* The body, without the header. */
tlsc_bytes tlsc_hello_body(const tlsc_hello *h);

#endif
