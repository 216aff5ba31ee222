/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/toy_provider.h: cryptography that isn't: a provider for fuzzers, whose mutations would
 * never pass a real one. All random bytes are alike, every digest and MAC is the same, an AEAD
 * leaves its data as it is and knows one tag, and a key share is a few bytes. So a peer's Finished,
 * binder and protected records can be written down without computing, and the server's machine is
 * seen behind them. */
#ifndef TEST_LIB_TOY_PROVIDER_H
#define TEST_LIB_TOY_PROVIDER_H

#include "tlscore/provider.h"

enum {
    TOY_BYTE = 0x42,      /* of every digest, MAC, tag and random byte */
    TOY_BAD_SHARE = 0xff, /* a share that begins with it is no public key */
    TOY_LIMIT = 8         /* records under one key of 0x1301 and 0xcca9 */
};

/* Suites 0x1301 (with TOY_LIMIT), 0x1302 (48 bytes of hash), 0x1303, and of TLS 1.2 0xc02b, 0xcca9 (with
 * TOY_LIMIT), 0xc030 (48 bytes of hash, RSA); groups 0x11ec (post-quantum, shares of 6 bytes), 0x001d,
 * 0x0017 (4 bytes), these two in TLS 1.2 as well. It loads no keys. Static storage. */
const tlsc_provider *toy_provider(void);

#endif
