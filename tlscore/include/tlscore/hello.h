/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/hello.h: a ClientHello as the server's owner sees it while the handshake waits for a
 * configuration (TLSC_WAIT_CONFIG). */
#ifndef TLSCORE_HELLO_H
#define TLSCORE_HELLO_H

#include "tlscore/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed from the connection, valid until its handshake ends. */
typedef struct tlsc_hello tlsc_hello;

/* The host name that the client asks for (RFC 6066 3), lower case, without a trailing dot, not
 * zero-terminated; empty if it sent none or an IP literal. Only letters, digits, '-', '_' and '.'
 * stand in it. */
TLSC_API tlsc_bytes tlsc_hello_server_name(const tlsc_hello *hello);

/* Walks the application protocols offered (RFC 7301), in the client's order. `*at` starts at 0.
 * out: one protocol name of 1 to 255 bytes. Returns false after the last. */
TLSC_API bool tlsc_hello_alpn_next(const tlsc_hello *hello, size_t *at, tlsc_bytes *name);

/* True if the client offers this code point: IANA's, of a version, suite, group, signature scheme. */
TLSC_API bool tlsc_hello_offers_version(const tlsc_hello *hello, uint16_t version);
TLSC_API bool tlsc_hello_offers_suite(const tlsc_hello *hello, uint16_t suite);
TLSC_API bool tlsc_hello_offers_group(const tlsc_hello *hello, uint16_t group);
TLSC_API bool tlsc_hello_offers_scheme(const tlsc_hello *hello, uint16_t scheme);

/* The code points offered, in the client's order: `i` counts from 0. out: the i-th, false beyond
 * the last. For log lines: what did the client offer? */
TLSC_API bool tlsc_hello_version_at(const tlsc_hello *hello, size_t i, uint16_t *version);
TLSC_API bool tlsc_hello_suite_at(const tlsc_hello *hello, size_t i, uint16_t *suite);
TLSC_API bool tlsc_hello_group_at(const tlsc_hello *hello, size_t i, uint16_t *group);
TLSC_API bool tlsc_hello_scheme_at(const tlsc_hello *hello, size_t i, uint16_t *scheme);

/* The whole message as it came, without its 4-byte header. */
TLSC_API tlsc_bytes tlsc_hello_raw(const tlsc_hello *hello);

#ifdef __cplusplus
}
#endif
#endif
