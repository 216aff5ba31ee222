/* SPDX-License-Identifier: Apache-2.0 */
/* keys/key_log.h: lines of NSS's key log format, which Wireshark and others read. */
#ifndef TLSC_KEYS_KEY_LOG_H
#define TLSC_KEYS_KEY_LOG_H

#include "base/secret.h"

/* As tlsc_key_log_fn of tlscore/conn.h, which this layer doesn't see. `write` may be NULL. */
typedef struct tlsc_key_log {
    void (*write)(void *ctx, const char *line, size_t n);
    void *ctx;
} tlsc_key_log;

/* Writes "LABEL <client random> <secret>", hexadecimal. in: 32 bytes of random. */
void tlsc_key_log_line(const tlsc_key_log *log, const char *label, const uint8_t *client_random,
                       const tlsc_secret *secret);

#endif
