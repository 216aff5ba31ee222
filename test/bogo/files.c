/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/files.c: a file in memory, base64, hexadecimal digits, and the little PEM that the shim
 * reads itself. */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"

tlsc_bytes file_read(const char *path)
{
    FILE *f = path != NULL ? fopen(path, "rb") : NULL;
    size_t cap = 1 << 20;
    uint8_t *p = malloc(cap);

    if (f == NULL || p == NULL) {
        outcome_broken("cannot read %s", path != NULL ? path : "a file without a name");
    }
    size_t n = fread(p, 1, cap, f);
    if (ferror(f) != 0 || n == cap) {
        outcome_broken("cannot read %s, or it is too long", path);
    }
    fclose(f);
    return (tlsc_bytes){ p, n };
}

void file_free(tlsc_bytes file)
{
    free((void *)(uintptr_t)file.p);
}

/* 0 to 63, or -1 for what base64 doesn't count. */
static int sextet(uint8_t c)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c != 0 ? strchr(alphabet, c) : NULL;

    return at != NULL ? (int)(at - alphabet) : -1;
}

tlsc_bytes file_base64(tlsc_bytes text)
{
    uint8_t *out = malloc(text.n / 4 * 3 + 3);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;

    if (out == NULL) {
        outcome_broken("out of memory");
    }
    for (size_t i = 0; i < text.n; i++) {
        int v = sextet(text.p[i]);
        if (v < 0) {
            continue;
        }
        bits = bits << 6 | (uint32_t)v;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[len++] = (uint8_t)(bits >> held);
        }
    }
    return (tlsc_bytes){ out, len };
}

static uint8_t nibble(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return (uint8_t)(c - '0');
    }
    if (c < 'a' || c > 'f') {
        outcome_broken("%c is no hexadecimal digit", c);
    }
    return (uint8_t)(c - 'a' + 10);
}

size_t file_hex(tlsc_bytes text, uint8_t *out, size_t cap)
{
    if (text.n % 2 != 0 || text.n / 2 > cap) {
        outcome_broken("%zu hexadecimal digits are odd, or too many", text.n);
    }
    for (size_t i = 0; i < text.n / 2; i++) {
        out[i] = (uint8_t)(nibble(text.p[2 * i]) << 4 | nibble(text.p[2 * i + 1]));
    }
    return text.n / 2;
}

/* Behind the first `text` in it, or NULL. */
static const uint8_t *behind(tlsc_bytes in, const char *text)
{
    const uint8_t *at = memmem(in.p, in.n, text, strlen(text));

    return at != NULL ? at + strlen(text) : NULL;
}

/* What stands between `begin` and `end`, decoded. Sets `*at` behind it. */
static tlsc_bytes decode_block(tlsc_bytes pem, const char *begin, const char *end, size_t *at)
{
    tlsc_bytes rest = { pem.p + *at, pem.n - *at };
    const uint8_t *from = behind(rest, begin);
    const uint8_t *to = NULL;

    if (from != NULL) {
        to = behind((tlsc_bytes){ from, (size_t)(pem.p + pem.n - from) }, end);
    }
    if (to == NULL) {
        return (tlsc_bytes){ NULL, 0 };
    }
    *at = (size_t)(to - pem.p);
    return file_base64((tlsc_bytes){ from, (size_t)(to - from) - strlen(end) });
}

tlsc_bytes file_pkcs8(tlsc_bytes pem)
{
    size_t at = 0;

    return decode_block(pem, "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", &at);
}

tlsc_bytes file_next_certificate(tlsc_bytes pem, size_t *at)
{
    return decode_block(pem, "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", at);
}
