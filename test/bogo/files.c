/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/files.c: a file in memory, and as much PEM as a signer outside of tlscore needs. */
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

static tlsc_bytes decode_base64(const uint8_t *text, size_t n)
{
    uint8_t *out = malloc(n / 4 * 3 + 3);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;

    if (out == NULL) {
        outcome_broken("out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        int v = sextet(text[i]);
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

static const uint8_t *search(tlsc_bytes in, const char *text)
{
    return memmem(in.p, in.n, text, strlen(text));
}

tlsc_bytes file_pkcs8(tlsc_bytes pem)
{
    static const char begin[] = "-----BEGIN PRIVATE KEY-----";
    const uint8_t *from = search(pem, begin);
    const uint8_t *to = search(pem, "-----END PRIVATE KEY-----");

    if (from == NULL || to == NULL || to < from + sizeof(begin) - 1) {
        return (tlsc_bytes){ NULL, 0 };
    }
    from += sizeof(begin) - 1;
    return decode_base64(from, (size_t)(to - from));
}
