/* SPDX-License-Identifier: Apache-2.0 */
/* base/secret.h: secrets by value, and comparison in constant time. */
#ifndef TLSC_BASE_SECRET_H
#define TLSC_BASE_SECRET_H

#include "tlscore/base.h"

/* A secret lives in the struct that owns it and is wiped by that struct's _clear. */
typedef struct tlsc_secret {
    uint8_t b[64];
    uint8_t n;
} tlsc_secret;

static inline tlsc_bytes tlsc_secret_bytes(const tlsc_secret *s)
{
    return (tlsc_bytes){ s->b, s->n };
}

void tlsc_secret_clear(tlsc_secret *s);

/* True if both views hold the same bytes; takes the same time wherever they differ. Their lengths
 * are not secret. */
bool tlsc_ct_equal(tlsc_bytes a, tlsc_bytes b);

#endif
