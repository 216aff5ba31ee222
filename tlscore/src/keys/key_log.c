/* SPDX-License-Identifier: Apache-2.0 */
/* keys/key_log.c: the key log's lines. */
#include "keys/key_log.h"

#include <string.h>

#include "base/mem.h"

enum { LABEL_MAX = 40, RANDOM_LEN = 32 };

static char *put_hex(char *to, const uint8_t *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        *to++ = digits[p[i] >> 4];
        *to++ = digits[p[i] & 15];
    }
    return to;
}

void tlsc_key_log_line(const tlsc_key_log *log, const char *label, const uint8_t *client_random,
                       const tlsc_secret *secret)
{
    char line[LABEL_MAX + 1 + 2 * RANDOM_LEN + 1 + 2 * sizeof(secret->b)];
    size_t label_len = strlen(label);
    if (log->write == NULL || label_len > LABEL_MAX) {
        return;
    }
    memcpy(line, label, label_len);
    char *p = line + label_len;
    *p++ = ' ';
    p = put_hex(p, client_random, RANDOM_LEN);
    *p++ = ' ';
    p = put_hex(p, secret->b, secret->n);
    log->write(log->ctx, line, (size_t)(p - line));
    tlsc_wipe(line, sizeof(line));
}
