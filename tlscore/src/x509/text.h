/* SPDX-License-Identifier: Apache-2.0 */
/* x509/text.h: text into memory of the caller's that may be too short, counted all the same. */
#ifndef TLSC_X509_TEXT_H
#define TLSC_X509_TEXT_H

#include "tlscore/base.h"

typedef struct tlsc_text {
    char *out;
    size_t cap; /* bytes at `out`, with the terminator */
    size_t n;   /* characters so far, those that didn't fit too */
} tlsc_text;

static inline tlsc_text tlsc_text_of(char *out, size_t cap)
{
    return (tlsc_text){ out, cap, 0 };
}

static inline void tlsc_text_put(tlsc_text *t, char c)
{
    if (t->n + 1 < t->cap) {
        t->out[t->n] = c;
    }
    t->n++;
}

static inline void tlsc_text_str(tlsc_text *t, const char *s)
{
    for (; *s != '\0'; s++) {
        tlsc_text_put(t, *s);
    }
}

static inline void tlsc_text_hex(tlsc_text *t, uint8_t byte)
{
    static const char digits[] = "0123456789ABCDEF";
    tlsc_text_put(t, digits[byte >> 4]);
    tlsc_text_put(t, digits[byte & 15]);
}

/* A decimal number of at least `width` digits. */
static inline void tlsc_text_number(tlsc_text *t, uint64_t v, unsigned width)
{
    char digits[24];
    unsigned n = 0;
    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while ((v > 0 || n < width) && n < sizeof(digits));
    while (n > 0) {
        tlsc_text_put(t, digits[--n]);
    }
}

/* Terminates it; returns the length it has or would have. */
static inline size_t tlsc_text_end(tlsc_text *t)
{
    if (t->cap > 0) {
        t->out[t->n < t->cap ? t->n : t->cap - 1] = '\0';
    }
    return t->n;
}

#endif
